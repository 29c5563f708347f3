"""How a version of a factsheet is cited: what to name, and the sentence that names it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from policies.models import Country
from policies.presentation.words import Document, day, specified
from policies.text.door import normalise
from policies.tongues import like


@dataclass(frozen=True)
class Rights:
    """What an edition says of who made it and how it may be used."""

    author: str
    publisher: str
    licence: str


@dataclass(frozen=True)
class Citation:
    """Each value is one line without control characters, so that every format can hold it."""

    key: str
    author: str
    title: str
    version: int
    publisher: str
    published: date
    address: str
    licence: str

    def __str__(self) -> str:
        return f"{self.sentence} {self.address}"

    @property
    def sentence(self) -> str:
        """The author is not named again as the publisher."""
        names = [self.publisher] if self.publisher != self.author else []
        published = _("Published on %(day)s.") % {"day": day(self.published.isoformat())}
        head = specified(f"{self.author.rstrip('.')} ({self.published.year})", f"{self.title}.")
        return " ".join([head, *(f"{name.rstrip('.')}." for name in names), published])


def citation_of(document: Document, rights: Rights, slug: str, address: str) -> Citation:
    """`address` is the permanent one, whole; `slug` the country's word in it."""
    year, number = document["edition"]["year"], document["version"]
    own = _of_this_site() if is_invented(document) else rights
    publisher = one_line(own.publisher) or site_name()
    return Citation(
        key=f"clusterpolicy-{slug}-{year}-v{number}",
        author=one_line(own.author) or publisher,
        title=_title(document),
        version=number,
        publisher=publisher,
        published=date.fromisoformat(document["published_at"][:10]),
        address=address,
        licence=like(own.licence, one_line(own.licence)),
    )


def is_invented(document: Document) -> bool:
    return document["country"]["group"] == Country.Group.DEMONSTRATION


def site_name() -> str:
    return _("Cluster Policy Factsheets")


def one_line(text: str) -> str:
    return " ".join(normalise(text).split())


def _of_this_site() -> Rights:
    """Nothing invented is ascribed to those who collected the real facts."""
    return Rights(author="", publisher=site_name(), licence="")


def _title(document: Document) -> str:
    values = {
        "name": one_line(document["country"]["name"]),
        "year": document["edition"]["year"],
        "number": document["version"],
    }
    title = _("Cluster policy factsheet: %(name)s %(year)d, version %(number)d") % values
    return f"{title} [{_('invented for demonstration')}]" if is_invented(document) else title
