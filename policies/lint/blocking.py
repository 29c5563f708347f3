"""Errors: what must be mended before a factsheet can be published."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.lint.rules import Found, error
from policies.lint.sheet import Document, Sheet, address
from policies.models import Availability, Part
from policies.text import unresolved


@error(
    "missing-section",
    gettext_lazy("Required section missing"),
    gettext_lazy("Write the section, or say which kind of nothing there is to report."),
)
def missing_section(sheet: Sheet) -> Iterator[Found]:
    own = {section["type"]: section for section in sheet.document["sections"]}
    texts = {criterion["code"]: criterion["text"] for criterion in sheet.criteria}
    for type_, part in sheet.standing.required.items():
        if part == Part.POLICY:
            yield from _missing_cells(sheet, type_)
        elif part == Part.ASSESSMENT and not texts.get(type_, "").strip():
            message = _("%(section)s has no text.")
            yield Found(type_, message % {"section": sheet.name(type_)})
        elif part == Part.BIBLIOGRAPHY and not sheet.references:
            yield Found(type_, _("The bibliography is empty."))
        elif part in (Part.INTRODUCTION, Part.CHAPTER) and _is_missing(own.get(type_)):
            yield _not_researched(sheet, type_)


def _missing_cells(sheet: Sheet, type_: str) -> Iterator[Found]:
    for policy in sheet.policies:
        cells = {section["type"]: section for section in policy["sections"]}
        if type_ != "heading" and _is_missing(cells.get(type_)):
            yield _not_researched(sheet, address(policy, type_))


def _is_missing(section: Document | None) -> bool:
    return section is None or section["availability"] == Availability.NOT_RESEARCHED


def _not_researched(sheet: Sheet, anchor: str) -> Found:
    message = _("%(section)s is required and has not been researched yet.")
    return Found(anchor, message % {"section": sheet.name(anchor)})


@error(
    "unapproved-section",
    gettext_lazy("Section not approved"),
    gettext_lazy("Submit the section and have a reviewer approve it."),
)
def unapproved_section(sheet: Sheet) -> Iterator[Found]:
    for anchor in sorted(sheet.standing.unapproved):
        message = _("%(section)s is not approved yet.")
        yield Found(anchor, message % {"section": sheet.name(anchor)})


@error(
    "incomplete-score",
    gettext_lazy("Score incomplete"),
    gettext_lazy("Add the missing fact, or judge the level and give the public reason."),
)
def incomplete_score(sheet: Sheet) -> Iterator[Found]:
    for criterion in sheet.criteria:
        if criterion["points"] is None:
            message = _("%(criterion)s: no level follows from the facts, and none is judged.")
            yield Found(criterion["code"], message % {"criterion": criterion["title"]})


@error(
    "judgement-without-reason",
    gettext_lazy("Judged level without a reason"),
    gettext_lazy("Write the public reason; it is printed beside the score."),
)
def judgement_without_reason(sheet: Sheet) -> Iterator[Found]:
    for criterion in sheet.criteria:
        if criterion["judged"] and not criterion["judged"]["reason"].strip():
            message = _("%(criterion)s is judged, but no reason is given.")
            yield Found(criterion["code"], message % {"criterion": criterion["title"]})


@error(
    "stale-judgement",
    gettext_lazy("Judgement out of date"),
    gettext_lazy("Look at the facts again, then confirm the judged level or lift it."),
)
def stale_judgement(sheet: Sheet) -> Iterator[Found]:
    for criterion in sheet.criteria:
        if criterion["code"] in sheet.standing.stale:
            message = _("%(criterion)s: it was judged on other facts, or in an earlier edition.")
            yield Found(criterion["code"], message % {"criterion": criterion["title"]})


@error(
    "unresolved-citation",
    gettext_lazy("Citation without an entry"),
    gettext_lazy("Correct the key, or add the source to the bibliography."),
)
def unresolved_citation(sheet: Sheet) -> Iterator[Found]:
    keys = {reference["key"] for reference in sheet.references}
    for anchor, text in sheet.texts:
        for key in unresolved(text, keys):
            message = _("%(section)s cites “%(key)s”, which is not in the bibliography.")
            yield Found(anchor, message % {"section": sheet.name(anchor), "key": key}, (key,))


@error(
    "level-gone",
    gettext_lazy("Judged at a level that is there no more"),
    gettext_lazy("Judge the criterion anew; its rubric has changed."),
)
def level_gone(sheet: Sheet) -> Iterator[Found]:
    for criterion in sheet.criteria:
        levels = {level["points"] for level in criterion["levels"]}
        if criterion["judged"] and criterion["judged"]["points"] not in levels:
            message = _("%(criterion)s is judged at a level that is there no more.")
            yield Found(criterion["code"], message % {"criterion": criterion["title"]})
