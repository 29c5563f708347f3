"""Warnings about facts that do not go together."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.lint.rules import Found, warning
from policies.lint.sheet import Document, Sheet, address, is_reported, title
from policies.models import Period
from scoring.facts import Kind, Known

# Where the categories of a section are explained, if not beneath them.
EXPLAINED_IN = {"financial-instruments": "instruments", "technical-assistance": "instruments"}
NEED_NO_EXPLANATION = {"eu-priorities"}


@warning(
    "category-without-explanation",
    gettext_lazy("Category without explanation"),
    gettext_lazy("Say in a sentence or two what the category means for this policy."),
)
def category_without_explanation(sheet: Sheet) -> Iterator[Found]:
    texts = {address(policy, s["type"]): s["text"] for policy, s in sheet.cells}
    for policy, section in sheet.cells:
        type_: str = section["type"]
        anchor = address(policy, EXPLAINED_IN.get(type_, type_))
        if type_ in NEED_NO_EXPLANATION or texts.get(anchor, "").strip():
            continue
        if is_reported(section) and section["categories"]:
            message = _(
                "%(policy)s, %(section)s: categories are ticked, but nothing explains them."
            )
            names = {"policy": policy["names"][0], "section": title(section)}
            yield Found(anchor, message % names, (type_,))


@warning(
    "explanation-without-category",
    gettext_lazy("Explanation without category"),
    gettext_lazy("Tick the categories that the text speaks of, or choose another availability."),
)
def explanation_without_category(sheet: Sheet) -> Iterator[Found]:
    for policy, section in sheet.cells:
        takes_categories = section["type"] in sheet.standing.categorised
        written = is_reported(section) and section["text"].strip()
        if takes_categories and written and not section["categories"]:
            anchor = address(policy, section["type"])
            message = _("%(section)s is explained, but no category is ticked.")
            yield Found(anchor, message % {"section": sheet.name(anchor)})


@warning(
    "financial-score-without-instrument",
    gettext_lazy("Financial support scored without a financial instrument"),
    gettext_lazy("Tick the financial instrument in the policy that has it, or lower the level."),
)
def financial_score_without_instrument(sheet: Sheet) -> Iterator[Found]:
    """Technical assistance alone gives points only in a cluster policy, and never all of them."""
    if any(policy.financial == Known.PRESENT for policy in sheet.counting):
        return
    technical = any(
        policy.kind == Kind.CLUSTER and policy.technical == Known.PRESENT
        for policy in sheet.counting
    )
    for criterion in sheet.criteria:
        points = criterion["points"]
        all_of_them = points == criterion["maximum"]
        if criterion["code"] == "support" and points and (all_of_them or not technical):
            message = _(
                "%(criterion)s has %(points)s, which takes financial support; "
                "no policy that counts has a financial category."
            )
            names = {"criterion": criterion["title"], "points": f"{points:g}"}
            yield Found("support", message % names, (f"{points:g}",))


@warning(
    "funding-without-instrument",
    gettext_lazy("Funding authority without a financial instrument"),
    gettext_lazy("Tick the financial instrument, or untick “Provides funding”."),
)
def funding_without_instrument(sheet: Sheet) -> Iterator[Found]:
    for policy, section in sheet.cells:
        funds = any(category["code"] == "funding" for category in section["categories"])
        financial = sheet.facts[policy["code"]].financial == Known.PRESENT
        if section["type"] == "authorities" and funds and not financial:
            anchor = address(policy, "authorities")
            message = _(
                "%(policy)s: an authority provides funding, "
                "but no instrument of the policy is financial."
            )
            yield Found(anchor, message % {"policy": policy["names"][0]})


@warning(
    "unknown-decides-score",
    gettext_lazy("An unknown decides the score"),
    gettext_lazy("Look for the missing fact once more; a judged level stands in for it now."),
)
def unknown_decides_score(sheet: Sheet) -> Iterator[Found]:
    for criterion in sheet.criteria:
        reasons = criterion["derived"]["reasons"]
        unknown = [reason for reason in reasons if _is_unknown(reason["code"])]
        if criterion["judged"] and criterion["derived"]["points"] is None and unknown:
            message = _("%(criterion)s is judged because a fact is unknown. %(reasons)s")
            words = " ".join(str(reason["text"]) for reason in unknown)
            yield Found(
                criterion["code"],
                message % {"criterion": criterion["title"], "reasons": words},
                tuple(reason["code"] for reason in unknown),
            )


def _is_unknown(reason: str) -> bool:
    """A rubric without a fitting level is no lack of knowledge."""
    return reason.startswith("unknown.") or reason == "policies.not_researched"


# "2014-2020", "2014-20" (hyphen or dash), "2014/2020", or a year alone
_YEARS = re.compile(r"\b(?P<start>(?:19|20)\d\d)(?:\s?[-\u2013/]\s?(?P<end>(?:19|20)\d\d|\d\d))?\b")


@warning(
    "years-unlike-name",
    gettext_lazy("Years in a name that disagree with the period"),
    gettext_lazy("Check the policy's starting and ending year, or correct the name."),
)
def years_unlike_name(sheet: Sheet) -> Iterator[Found]:
    for policy in sheet.policies:
        names = " | ".join([*policy["names"], policy["original_name"]])
        years = {match[0]: _span(match) for match in _YEARS.finditer(names)}
        for words, (start, end) in years.items():
            if _disagree(policy, start, end):
                message = _("%(policy)s: “%(years)s” in the name, but the period is %(period)s.")
                values = {"policy": policy["names"][0], "years": words, "period": _period(policy)}
                yield Found(address(policy, "heading"), message % values, (words, _period(policy)))


def _span(match: re.Match[str]) -> tuple[int, int | None]:
    start, end = match["start"], match["end"]
    if end is None:
        return int(start), None
    return int(start), int(start[: -len(end)] + end)


def _disagree(policy: Document, start: int, end: int | None) -> bool:
    """A year alone only has to lie in the period; a year that is not known disagrees with none."""
    first, last = policy["starting_year"], policy["ending_year"]
    if end is None:
        return (first is not None and start < first) or (last is not None and start > last)
    endless = policy["period"] == Period.UNLIMITED
    return (first is not None and start != first) or endless or (last is not None and end != last)


def _period(policy: Document) -> str:
    return f"{policy['starting_year'] or ''}–{policy['ending_year'] or ''}"
