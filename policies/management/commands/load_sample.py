import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from policies.checking import parsed
from policies.loading import load
from policies.models import Factsheet, User
from policies.reference_data import SAMPLE, SAMPLE_REASONS
from policies.roles import Role, grant
from policies.workflow import publish_whole


class Command(BaseCommand):
    help = (
        "Load and publish the sample: Mexico 2022 and five invented countries. A country that "
        "has a factsheet in the edition already is left alone."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = [str(found) for path in sorted(SAMPLE.glob("*.json")) if (found := self._add(path))]
        self.stdout.write(f"Sample: {', '.join(added) or 'nothing to'} add{'ed' if added else ''}.")

    @transaction.atomic
    def _add(self, path: Any) -> Factsheet | None:
        data = parsed(path.read_bytes())
        present = Factsheet.objects.filter(
            country__code=data["country"]["code"], edition__year=data["edition"]["year"]
        )
        if present.exists():
            return None
        author, reviewer, publisher = (_person(role) for role in list(Role)[:3])
        factsheet = load(data, by=author, note=path.name).factsheet
        factsheet.editors.add(author)
        factsheet.reviewers.add(reviewer)
        reasons = json.loads(SAMPLE_REASONS.read_bytes()).get(path.stem)
        publish_whole(
            factsheet, author=author, reviewer=reviewer, publisher=publisher, reasons=reasons
        )
        return factsheet


def _person(role: Role) -> User:
    """The account in whose name the sample takes this step; it has no password."""
    name = f"sample-{role.lower()}"
    user, is_new = User.objects.get_or_create(username=name)
    if is_new:
        user.set_unusable_password()
        user.save()
        grant(user, role)
    return user
