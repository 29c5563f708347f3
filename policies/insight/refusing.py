"""What to say where a category is not, and where it or its like can be found."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.insight.asking import Asked
from policies.insight.vocabulary import Heading
from policies.missing import Link, Missing, Refused


def category(section: str, known: Iterable[Heading]) -> Refused:
    """An address that names no category: those of its section, or else the sections."""
    same = [heading for heading in known if heading.section == section]
    links = [Link(heading.label, _address(heading)) for heading in same]
    if not links:
        links = [Link(_("All categories"), reverse("policies:categories"))]
    message = _("There is no such category.")
    return Refused(Missing(message, _("Categories there are"), tuple(links)), 404)


def edition(heading: Heading, year: int, years: Iterable[int], asked: Asked) -> Refused:
    """A category that this edition did not have yet, or has no longer: no zero, but no question."""
    message = _("The %(year)d edition does not have the category “%(label)s”.")
    links = [
        Link(str(found), asked.with_(edition=found)) for found in years if heading.is_in(found)
    ]
    found = Missing(
        message % {"year": year, "label": heading.label},
        _("Editions that have it") if links else "",
        tuple(links),
    )
    return Refused(found, 404)


def _address(heading: Heading) -> str:
    return reverse("policies:category", args=[heading.section, heading.code])
