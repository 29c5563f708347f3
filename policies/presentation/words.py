"""Numbers, dates and the kinds of nothing as a reader sees them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from policies.languages import ENGLISH, language
from policies.models import Availability
from policies.tongues import joined, like

Document = dict[str, Any]

DASH = "\N{EN DASH}"
_LIST = r"\s*<(?P<list>[ou]l)\b(?:(?!<[ou]l\b).)*?</(?P=list)>"  # without one inside it
_LEAD = re.compile(rf"<p>(?:(?!</p>).)*(?:(?<=:)</p>{_LIST}|</p>)", re.DOTALL)

DAY = {ENGLISH: "j F Y"}  # Django's is American
FIRST_DAY = {"fr": r"j\e\r F Y"}  # of a month, where it is written in another way
NOUNS_LARGE = ("de",)  # wherever they stand in a sentence

FOLD_FROM = 40  # words after the first paragraph; fewer are read sooner than unfolded


@dataclass(frozen=True)
class Nothing:
    """Why there is nothing to read here. `known` tells a known absence from a gap in knowledge."""

    kind: str
    label: str
    note: str = ""

    @property
    def known(self) -> bool:
        return self.kind not in (Availability.NO_DATA, Availability.NOT_RESEARCHED)


@dataclass(frozen=True)
class Text:
    """Rendered Markdown: what always shows, and what a reader unfolds."""

    lead: SafeString
    rest: SafeString
    unfold: str


def nothing(kind: str, note: str = "") -> Nothing:
    """A cell of a reported section may still be empty: then the sources say no more."""
    reported = kind == Availability.REPORTED
    label = _("No further details") if reported else _label(kind)
    return Nothing(kind, label, note)


def _label(kind: str) -> str:
    return str(Availability(kind).label)


def kinds_of_nothing() -> list[tuple[Nothing, str]]:
    """Every kind with what it means, in the order of the legend."""
    meanings = {
        Availability.NONE_EXISTS: _("Looked for, and known not to exist."),
        Availability.NOT_APPLICABLE: _("The question does not arise for this policy."),
        Availability.NO_DATA: _("Looked for, and not found in the sources."),
        Availability.NOT_RESEARCHED: _("Nobody has looked yet."),
        Availability.REPORTED: _("The section is reported, but the sources say no more here."),
    }
    return [(nothing(kind), meaning) for kind, meaning in meanings.items()]


def trusted(html: str) -> SafeString:
    """HTML of a publication: rendered and sanitised when it was published (`policies.text`)."""
    return mark_safe(html)  # noqa: S308


def folded(html: str) -> Text:
    """The first paragraph with its list if it announces one, and the rest to unfold if long."""
    lead = _LEAD.match(html)
    rest = html[lead.end() :] if lead else ""
    count = len(strip_tags(rest).split())
    if lead is None or count < FOLD_FROM:
        return Text(trusted(html), trusted(""), "")
    label = ngettext("Read on (%(count)d word)", "Read on (%(count)d words)", count)
    return Text(trusted(lead[0]), trusted(rest), label % {"count": count})


def points(value: float | Decimal | None) -> str:
    """2.0 as "2", 0.5 as "0.5" or "0,5", an unknown number as a dash."""
    return DASH if value is None else number_format(f"{float(value):g}")


def exact(value: Decimal) -> int | float:
    """The same as a number for machines: 2 and 0.5, never 2.0."""
    return int(value) if value == int(value) else float(value)


def day(iso: str | None) -> str:
    """2022-12-20 as "20 December 2022"."""
    return moment(date.fromisoformat(iso[:10])) if iso else ""


def moment(value: date | None) -> str:
    """The day, as the language of the page writes it."""
    if value is None:
        return ""
    written = DAY.get(language(), "DATE_FORMAT")
    return date_format(value, FIRST_DAY.get(language(), written) if value.day == 1 else written)


def money(amount: str, currency: str) -> str:
    """A stored amount with thousands separated: "EUR 1,400,000" or "EUR 1.400.000"."""
    value = Decimal(amount)
    decimals = 0 if value == value.to_integral_value() else 2
    return f"{currency} {number_format(value, decimals, force_grouping=True)}".strip()


def whole(number: int) -> str:
    """A count with thousands separated."""
    return number_format(number, force_grouping=True)


def share(part: int, whole: int) -> str:
    """A whole percentage, or a dash where there is nothing to have a part of."""
    if not whole:
        return DASH
    return _("%(number)d %%") % {"number": (200 * part + whole) // (2 * whole)}


def sentence_case(title: str) -> str:
    """A title inside a sentence: "Policy scope" as "policy scope", "EU priorities" as it is."""
    if title[1:2].isupper() or language() in NOUNS_LARGE:
        return title
    return like(title, title[:1].lower() + title[1:])


def specified(*texts: str | Promise) -> str:
    """Each text by the one after it, as far as there are any: "Other: Nature"."""
    between = pgettext("before what says it more exactly", ": ")
    return joined(between, [*map(str, filter(None, texts))])


def titled(heading: str, title: str) -> str:
    """A heading with a title below it; only English begins it with a large letter."""
    return specified(heading, title if language() == ENGLISH else sentence_case(title))


def enumerated(texts: Iterable[str]) -> str:
    """Several texts that may have commas themselves."""
    return joined(pgettext("between several texts", "; "), list(texts))
