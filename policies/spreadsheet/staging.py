"""Where django-import-export keeps an upload until it is confirmed: in the database.

So any server process can go on with it, also after a restart, and it expires.
"""

import hashlib

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.tmp_storages import BaseStorage

from policies.models import StagedFile, User


class Gone(Exception):
    """A file that waits no longer, or not for this person; its words say what to do."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This file does not wait here any more: it was applied, it has expired, or "
                "somebody else sent it. Upload it again."
            )
        )


class DatabaseStorage(BaseStorage):
    """A `StagedFile`, whose name here works only for who sent it, and only for one purpose."""

    def __init__(self, *, by: User, purpose: str, filename: str = "", **kwargs: str) -> None:
        super().__init__(read_mode="rb", **kwargs)
        self.filename = filename
        self.signer = Signer(salt=f"{__name__}:{purpose}:{by.pk}")

    def save(self, data: bytes) -> None:
        staged = StagedFile.stage(data, self.filename, now=timezone.now())
        self.name = self.signer.sign(f"{staged.name}/{staged.sha256}")

    def read(self) -> bytes:
        """Just the bytes that were staged under this name; raises `Gone`."""
        staged = self._staged()
        data = bytes(staged.data)
        if hashlib.sha256(data).hexdigest() != self._parts()[1]:
            raise Gone
        self.filename = staged.filename
        return data

    def remove(self) -> None:
        StagedFile.objects.filter(name=self._parts()[0]).delete()

    def _staged(self) -> StagedFile:
        name, _sha256 = self._parts()
        waiting = StagedFile.objects.filter(expires_at__gt=timezone.now())
        if staged := waiting.filter(name=name).first():
            return staged
        raise Gone

    def _parts(self) -> tuple[str, str]:
        try:
            name, _slash, sha256 = self.signer.unsign(self.name or "").partition("/")
        except BadSignature as error:
            raise Gone from error
        return name, sha256
