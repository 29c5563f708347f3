"""Warnings about what texts say: amounts of money, and years that have passed."""

import re
from collections.abc import Iterator

import pycountry
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.lint.rules import Found, warning
from policies.lint.sheet import Document, Sheet
from policies.models import Availability

# "5", "2.5", "1,400,000", "1 400 000"
_NUMBER = r"(?>(?:\d{1,3}(?:[., ]\d{3}){1,5}|\d+)(?:[.,]\d+)?)"
_SPACE = r"[^\S\n]"  # a new line is another paragraph, or another cell of a table
# " million", "bn"
_SCALE = rf"(?>{_SPACE}?(?:thousand|million|billion|trillion|mln|mio|bn|m|k)\b)"
# Of the currencies' codes, three are words that may stand in capitals before a number.
_WORDS = {"ALL", "TOP", "TRY"}
_CODE = f"(?:{'|'.join(c.alpha_3 for c in pycountry.currencies if c.alpha_3 not in _WORDS)})"
_NAME = r"(?:euros?|dollars?|pesos?|pounds?|francs?|kron[aeo]r?|yen|yuan)"
# "26", but not "26.5" or "26 million": as in "COP 26", which is no amount of Colombian pesos
_SMALL = rf"\d\d?\b(?![.,]\d|{_SCALE})"

_MONEY = re.compile(
    rf"""
      [$€£¥]{_SPACE}?{_NUMBER}{_SCALE}?                            # $1,400,000 or € 5 million
    | \b{_CODE}{_SPACE}?(?!{_SMALL}){_NUMBER}{_SCALE}?             # EUR 5 million, MXN 1,400
    | \b{_NUMBER}{_SCALE}?{_SPACE}?(?:[€£]|(?:{_CODE}|{_NAME})\b)  # 5 million euros, 500 MXN
    """,
    re.VERBOSE,
)


@warning(
    "amount-without-budget",
    gettext_lazy("Amount in a text, but no data on the budget"),
    gettext_lazy("Enter the amount in the budget, or say there why it is not the budget."),
)
def amount_without_budget(sheet: Sheet) -> Iterator[Found]:
    for policy in filter(_says_no_data, sheet.policies):
        for anchor, words in sheet.prose:
            found = _MONEY.findall(words) if anchor.startswith(f"{policy['code']}.") else []
            if found:
                message = _("%(section)s names %(amounts)s, but the budget says “no data”.")
                values = {"section": sheet.name(anchor), "amounts": _quoted(found)}
                yield Found(anchor, message % values, tuple(found))


def _says_no_data(policy: Document) -> bool:
    kinds = {budget["availability"] for budget in policy["budget"].values()}
    return Availability.NO_DATA in kinds and Availability.REPORTED not in kinds


def _quoted(found: list[str]) -> str:
    return ", ".join(f"“{words.strip()}”" for words in dict.fromkeys(found))


# "$1,400,000", but neither "US$5", "MXN $5" nor "$5 million (MXN)", "$5 Mexican pesos"
_BARE_DOLLAR = re.compile(
    rf"(?<![A-Za-z])(?<![A-Z]{{3}}\s)\$\s?{_NUMBER}{_SCALE}?+"
    r"(?!\s?\(?(?:[A-Z]{3}\b|(?:[A-Z]\w*\s)?(?:dollars|pesos)))"
)


@warning(
    "dollar-without-currency",
    gettext_lazy("“$” without a currency code"),
    gettext_lazy("Say which currency is meant, such as USD or MXN; many are written “$”."),
)
def dollar_without_currency(sheet: Sheet) -> Iterator[Found]:
    for anchor, words in sheet.prose:
        if found := _BARE_DOLLAR.findall(words):
            message = _("%(section)s: %(amounts)s does not say which currency.")
            values = {"section": sheet.name(anchor), "amounts": _quoted(found)}
            yield Found(anchor, message % values, tuple(found))


# "by 2021", "by the end of 2021", "no later than 2021", "expected in 2021", "planned for 2021"
_TARGET = re.compile(
    r"""
    \b(?:by | no\ later\ than | (?:expected|foreseen|due)\ (?:in|for) | (?:planned|scheduled)\ for)
    \ (?:the\ )?(?:(?:end|middle|beginning)\ of\ |year\ )?
    (?P<year>(?:19|20)\d\d)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "By 2019 the fund had grown" tells a story, it sets no target.
_STORY = re.compile(r"\bhad\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")


@warning(
    "past-target",
    gettext_lazy("A past year spoken of as a target"),
    gettext_lazy("Say what came of it, or name the source's date (“In 2019 it was expected …”)."),
)
def past_target(sheet: Sheet) -> Iterator[Found]:
    for anchor, words in sheet.prose:
        found = [target for target in _targets(words) if int(target["year"]) < sheet.year]
        for target in found:
            message = _("%(section)s says “%(words)s”, but the data was collected in %(year)s.")
            values = {"section": sheet.name(anchor), "words": target[0], "year": sheet.year}
            yield Found(anchor, message % values, (target[0],))


def _targets(words: str) -> Iterator[re.Match[str]]:
    for sentence in _SENTENCE.split(words):
        if not _STORY.search(sentence):
            yield from _TARGET.finditer(sentence)
