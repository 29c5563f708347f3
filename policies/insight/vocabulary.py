"""The categories of an edition, in the order of the vocabulary."""

from collections.abc import Iterable
from dataclasses import dataclass

from policies.models import Category, Evidence
from policies.presentation.translated import category_text, section_name

# A category that an edition does not have is no zero there, so it is left out of its counts.


@dataclass(frozen=True)
class Heading:
    """A category as a matrix names it."""

    section: str
    section_title: str
    code: str
    label: str
    definition: str = ""
    proves: str = ""  # what ticking it proves for the score
    since: int | None = None
    until: int | None = None
    replaced_by: str = ""  # the code of another of this section

    @property
    def address(self) -> str:
        return f"{self.section}.{self.code}"

    def is_in(self, year: int) -> bool:
        return (self.since is None or self.since <= year) and (
            self.until is None or year <= self.until
        )


def headings() -> list[Heading]:
    """All there have ever been."""
    rows = Category.objects.select_related("section_type", "since", "until", "replaced_by")
    return [
        Heading(
            section=row.section_type.code,
            section_title=section_name(row.section_type),
            code=row.code,
            label=category_text(row),
            definition=category_text(row, "definition"),
            proves=str(Evidence(row.evidence).label) if row.evidence else "",
            since=row.since.year if row.since else None,
            until=row.until.year if row.until else None,
            replaced_by=row.replaced_by.code if row.replaced_by else "",
        )
        for row in rows
    ]


def sections_of(found: Iterable[Heading]) -> dict[str, str]:
    """The titles of their sections by code, in their order."""
    return {heading.section: heading.section_title for heading in found}
