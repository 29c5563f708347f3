"""What stands above a list in words: how it is meant, what it leaves out, and where that is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.listing.choices import ALL
from policies.listing.factsheets import Factsheets
from policies.listing.selecting import Selection
from policies.missing import Link
from policies.presentation.words import moment
from policies.searching.query import parse


@dataclass(frozen=True)
class Note:
    words: str
    links: tuple[Link, ...] = ()


def notes_of(selection: Selection) -> list[Note]:
    return [
        *_day(selection),
        *_editions(selection),
        *_foreign(selection),
        *_text(selection),
        *_categories(selection),
    ]


def _day(selection: Selection) -> Iterator[Note]:
    if selection.day:
        words = _("This is what was published when %(day)s ended.")
        today = Link(_("As it is today"), selection.asked.with_(on=""))
        yield Note(words % {"day": moment(selection.day)}, (today,))


def _editions(selection: Selection) -> Iterator[Note]:
    if selection.edition == ALL:
        if isinstance(selection, Factsheets):
            words = _("Countries can be compared and shown on a map only within one edition:")
            years = selection.choices.years
            yield Note(words, tuple(_edition(selection, year, str(year)) for year in years))
    elif selection.is_first_page and selection.edition == str(selection.choices.latest):
        yield from _elsewhere(selection, int(selection.edition))


def _elsewhere(selection: Selection, year: int) -> Iterator[Note]:
    """What readers of the latest edition may miss: it may have only begun."""
    years = selection.choices.years
    former = max((each for each in years if each < year), default=None)
    left = selection.choices.left_out(former, year) if former else {}
    if former and left:
        yield Note(_left_out(former, left), (_edition(selection, former),))
    demonstrations = [each for each, counts in years.items() if counts.get(True)]
    if demonstrations and year not in demonstrations and not left.get(True):
        other = max(demonstrations)
        words = _("Demonstration factsheets are in the %(year)d edition.") % {"year": other}
        yield Note(words, (_edition(selection, other),))


def _left_out(former: int, left: dict[bool, int]) -> str:
    real, invented = left.get(False, 0), left.get(True, 0)
    words = {
        ngettext(
            "%(count)d factsheet of the %(year)d edition is not in this edition.",
            "%(count)d factsheets of the %(year)d edition are not in this edition.",
            real,
        ): real,
        ngettext(
            "%(count)d demonstration factsheet of the %(year)d edition is not in this edition.",
            "%(count)d demonstration factsheets of the %(year)d edition are not in this edition.",
            invented,
        ): invented,
    }
    said = (each % {"count": count, "year": former} for each, count in words.items() if count)
    return " ".join(said)


def _edition(selection: Selection, year: int, label: str = "") -> Link:
    label = label or _("See the %(year)d edition") % {"year": year}
    return Link(label, selection.asked.with_(edition=str(year)))


def _foreign(selection: Selection) -> Iterator[Note]:
    if not (names := selection.asked.foreign):
        return
    if isinstance(selection, Factsheets):
        words = _("Only the list of policies knows these, so they filter nothing here: %(names)s.")
    else:
        words = _(
            "Only the list of factsheets knows these, so they filter nothing here: %(names)s."
        )
    labels = ", ".join(str(selection.FOREIGN[name]) for name in names)
    yield Note(words % {"names": labels}, elsewhere_of(selection))


def elsewhere_of(selection: Selection) -> tuple[Link, Link]:
    """The list without what only the other one knows, and the other one."""
    if isinstance(selection, Factsheets):
        other, label = "policies:policy_list", _("The policies with them")
    else:
        other, label = "policies:factsheet_list", _("The factsheets with them")
    return (
        Link(_("This list without them"), selection.asked.with_()),
        Link(label, selection.asked.elsewhere(reverse(other))),
    )


def _text(selection: Selection) -> Iterator[Note]:
    """How the words of a text are meant, and which of them are not looked for, as in the search."""
    if not (typed := selection.asked.one("q")):
        return
    query = parse(typed)
    common = {"words": ", ".join(query.too_common)}
    if query.terms:
        yield Note(str(selection.TEXT_MEANS))
        if query.shortened:
            words = _("That was long: only its first words are looked for: %(words)s")
            yield Note(words % {"words": " ".join(query.words)})
        if query.too_common:
            yield Note(_("Left out, for they stand everywhere: %(words)s.") % common)
    elif query.too_common:
        yield Note(_("These words stand everywhere, so they filter nothing: %(words)s.") % common)
    else:
        words = _("There is no word in “%(typed)s” to look for, so it filters nothing.")
        yield Note(words % {"typed": typed})


def _categories(selection: Selection) -> Iterator[Note]:
    """How several categories are meant: a row has any of them, or all."""
    count = len(selection.asked.values.get("category", ()))
    if count > 1 and selection.asked.one("match") == "all":
        yield Note(_("Listed is what has all of the %(count)d categories.") % {"count": count})
    elif count > 1:
        yield Note(_("Listed is what has any of the %(count)d categories.") % {"count": count})
