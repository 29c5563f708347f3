"""A whole edition, made in bulk: as many countries and sections as a test wants."""

from datetime import UTC, datetime

from policies.models import (
    Assessment,
    Country,
    Edition,
    Factsheet,
    Policy,
    Section,
    SectionRevision,
    SectionType,
    State,
    User,
)

AT = datetime(2022, 9, 30, 12, tzinfo=UTC)
STATES = [State.APPROVED, State.SUBMITTED, State.CHANGES_REQUESTED, State.DRAFT]


def make_edition(
    countries: int, sections: int, author: User, editor: User | None = None
) -> list[Factsheet]:
    """Factsheets of further countries, with sections in all states that `author` wrote."""
    edition = Edition.objects.get(year=2022)
    chosen = Country.objects.filter(factsheets=None)[:countries]
    rows = [Factsheet(country=country, edition=edition) for country in chosen]
    sheets = list(Factsheet.bookkeeping.bulk_create(rows))
    for sheet in sheets:
        sheet.editors.set([editor] if editor else [])
    empty = {"total": 0, "judged_total": 0, "maximum": 8, "facts": {}, "computed_at": AT}
    Assessment.objects.bulk_create(
        Assessment(factsheet=sheet, complete=False, **empty) for sheet in sheets
    )
    made = Section.bookkeeping.bulk_create(
        section for sheet in sheets for section in _sections(sheet, sections)
    )
    SectionRevision.objects.bulk_create(_revision(section, author) for section in made)
    return sheets


def _sections(sheet: Factsheet, count: int) -> list[Section]:
    types = list(SectionType.objects.order_by("order"))
    own = [t for t in types if t.part != "policy" and t.applies_to(sheet.country, sheet.edition)]
    rows = [(None, type_) for type_ in own]
    inside = [type_ for type_ in types if type_.part == "policy"]
    while len(rows) < count:
        code = f"policy-{len(rows)}"
        policy = Policy(factsheet=sheet, code=code, names=[code.title()], kind="broad")
        Policy.bookkeeping.bulk_create([policy])
        rows += [(policy, type_) for type_ in inside]
    return [
        Section(
            factsheet=sheet,
            policy=policy,
            type=type_,
            version=1,
            state=STATES[place % len(STATES)],
        )
        for place, (policy, type_) in enumerate(rows[:count])
    ]


def _revision(section: Section, author: User) -> SectionRevision:
    return SectionRevision(
        factsheet_id=section.factsheet_id,
        section=section,
        policy_code=section.policy.code if section.policy else "",
        type=section.type,
        number=1,
        content={},
        schema=1,
        author=author,
        created_at=AT,
        source="admin",
    )
