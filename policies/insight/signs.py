"""Whether something is there, as a sign and in words: no two kinds of nothing look alike."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from policies.insight.collected import Has

# In the order of the legend.
SIGNS: dict[Has, tuple[str, str | Promise]] = {
    Has.YES: ("●", gettext_lazy("Has it")),
    Has.NO: ("–", gettext_lazy("Reports others, not this")),
    Has.NONE_EXISTS: ("×", gettext_lazy("None exists")),
    Has.NOT_APPLICABLE: ("/", gettext_lazy("Not applicable")),
    Has.NO_POLICY: ("□", gettext_lazy("No policy in force")),
    Has.REPORTED: ("…", pgettext_lazy("categories", "No category named")),
    Has.NO_DATA: ("?", gettext_lazy("No data available")),
    Has.NOT_RESEARCHED: ("??", gettext_lazy("Not yet researched")),
}


@dataclass(frozen=True)
class Sign:
    """`known` tells a known absence from a gap in knowledge."""

    code: str
    sign: str
    words: str
    known: bool


def sign(has: Has) -> Sign:
    mark, words = SIGNS[has]
    return Sign(has.value, mark, str(words), has.is_known)


def legend() -> list[Sign]:
    return [sign(has) for has in SIGNS]
