"""Which categories of a section all sides share, which differ, and which nobody can tell.

Unknown is not zero: a category differs only if a side is known not to have it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Availability, PoliciesStatus
from policies.presentation.sides import Side
from scoring.facts import Known
from scoring.pooling import any_of

Key = tuple[str, str]  # a category and its detail: "Other: Nature" is not "Other: Sport"

ABSENT = {Availability.NONE_EXISTS, Availability.NOT_APPLICABLE}


class Mark(StrEnum):
    SHARED = "shared"
    DIFFERS = "differs"
    OPEN = "open"


def key_of(category: Mapping[str, Any]) -> Key:
    return category["code"], category["detail"].casefold()


def marks(sides: Iterable[Side], type_: str) -> dict[Key, Mark]:
    """Of every category that a policy in force has in this section."""
    sides = list(sides)
    used = {key for side in sides for policy in side.counted for key in _keys(policy, type_)}
    return {key: _mark({_known(side, type_, key) for side in sides}) for key in used}


def _mark(found: set[Known]) -> Mark:
    if found == {Known.PRESENT}:
        return Mark.SHARED
    return Mark.DIFFERS if Known.ABSENT in found else Mark.OPEN


def _known(side: Side, type_: str, key: Key) -> Known:
    """Pooled over the policies that count, as facts are for the score."""
    if not side.counted:
        none_exist = side.document["policies_status"] == PoliciesStatus.NONE_EXIST
        return Known.ABSENT if none_exist else Known.UNKNOWN
    return any_of(_known_of(policy, type_, key) for policy in side.counted)


def _known_of(policy: dict[str, Any], type_: str, key: Key) -> Known:
    section = _section(policy, type_)
    if section and section["availability"] in ABSENT:
        return Known.ABSENT
    if not section or section["availability"] != Availability.REPORTED or not section["categories"]:
        return Known.UNKNOWN
    return Known.PRESENT if key in _keys(policy, type_) else Known.ABSENT


def _keys(policy: dict[str, Any], type_: str) -> set[Key]:
    section = _section(policy, type_)
    return {key_of(category) for category in section["categories"]} if section else set()


def _section(policy: dict[str, Any], type_: str) -> dict[str, Any] | None:
    return next((section for section in policy["sections"] if section["type"] == type_), None)


def summary(marks: Mapping[Key, Mark]) -> str:
    """ "3 shared, 4 differ, 1 not known of all"; nothing without categories."""
    counts = Counter(marks.values())
    if not counts:
        return ""
    words = [_("%(count)d shared") % {"count": counts[Mark.SHARED]}]
    if differing := counts[Mark.DIFFERS]:
        said = ngettext("%(count)d differs", "%(count)d differ", differing)
        words.append(said % {"count": differing})
    if counts[Mark.OPEN]:
        words.append(_("%(count)d not known of all") % {"count": counts[Mark.OPEN]})
    return ", ".join(words)
