"""Made-up content with visible defaults, and the cast that works on it."""

from typing import Any

from django.db.models import QuerySet

from policies.changes import change_set
from policies.document import Document, document_of, drafts
from policies.lint import RULES
from policies.loading import load
from policies.models import (
    Availability,
    Category,
    Country,
    Edition,
    Factsheet,
    Kind,
    PoliciesStatus,
    Policy,
    Section,
    User,
)
from policies.roles import Role, grant
from policies.workflow import publish_whole
from scoring.models import Rubric

VISIBLE = (
    "objectives",
    "focus",
    "authorities",
    "beneficiaries",
    "financial-instruments",
    "technical-assistance",
    "instruments",
    "history",
    "budget",
    "evaluation",
    "eu-priorities",
)

# A reason for every warning that there can be.
EXPLAINED = dict.fromkeys(RULES, "It is known, and kept as the source has it.")


def make_user(username: str, role: Role | None = None) -> User:
    user = User.objects.create_user(username, password="correct horse")
    if role:
        grant(user, role)
    return user


def make_cast() -> dict[str, User]:
    """Ada the editor, Ben the reviewer, Cleo the publisher, Dan the outsider."""
    return {
        "ada": make_user("ada", Role.EDITOR),
        "ben": make_user("ben", Role.REVIEWER),
        "cleo": make_user("cleo", Role.PUBLISHER),
        "dan": make_user("dan"),
    }


def make_factsheet(
    country: str = "MX", status: str = PoliciesStatus.REPORTED, **fields: Any
) -> Factsheet:
    return Factsheet.objects.create(
        country=Country.objects.get(code=country),
        edition=Edition.objects.get(year=2022),
        policies_status=status,
        **fields,
    )


def make_policy(factsheet: Factsheet, code: str = "plan", **fields: Any) -> Policy:
    values = {"names": ["The Plan"], "kind": Kind.BROAD, **fields}
    return Policy.objects.create(factsheet=factsheet, code=code, **values)


def section(policy: Policy, type_: str) -> Section:
    return policy.sections.get(type__code=type_)


def tick(policy: Policy, type_: str, *codes: str) -> Section:
    """Report a section of a policy with just these categories."""
    found = section(policy, type_)
    with change_set():
        found.availability = Availability.REPORTED
        found.save()
        found.categories.set(Category.objects.filter(section_type=found.type, code__in=codes))
    return found


def make_document(country: str = "MX", **fields: Any) -> Document:
    """The smallest whole document: a broad policy, nothing else known."""
    return {
        "schema": "1",
        "country": {"code": country},
        "edition": {"year": 2022},
        "policies_status": "reported",
        "policies": [make_policy_document()],
        **fields,
    }


def make_policy_document(code: str = "plan", **fields: Any) -> Document:
    return {"code": code, "names": ["The Plan"], "kind": "broad", "sections": [], **fields}


def make_scored_document(country: str = "MX", **fields: Any) -> Document:
    """A document that can be published and that no check warns of.

    Its criteria have 0.5, 0, 0.5 and 0.5 points.
    """
    sections = [
        *({"type": type_, "availability": "no_data"} for type_ in (*VISIBLE[:4], "history")),
        {"type": "financial-instruments", **reported("project-support")},
        {"type": "technical-assistance", "availability": "none_exists"},
        {"type": "instruments", "availability": "reported", "text": "Grants for projects."},
        {"type": "evaluation", **reported("ex-ante", text="Before the start.")},
    ]
    whole = {
        "sections": [{"type": "introduction", "availability": "reported", "text": "At a glance."}],
        "policies": [make_policy_document(sections=sections)],
        "maturity": make_judged({}),
    }
    return make_document(country, **{**whole, **fields})


def make_judged(judged: dict[str, Document], text: str = "In a few words.") -> Document:
    """The texts of all criteria, and the judgements of some."""
    return {
        "criteria": [
            {"code": code, "text": text, "judged": judged.get(code)}
            for code in ("scope", "continuity", "evidence", "support")
        ]
    }


def reported(*codes: str, text: str = "") -> Document:
    categories = [{"code": code} for code in codes]
    return {"availability": "reported", "categories": categories, "text": text}


def make_publication(cast: dict[str, User], document: Document | None = None) -> Any:
    """Ada writes and submits, Ben approves, Cleo publishes."""
    factsheet = load(document or make_scored_document(), by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
    return publish_whole(factsheet, **people, reasons=EXPLAINED)


def make_unused() -> None:
    """As if nothing had been published under any rubric: a test may change them again."""
    QuerySet(Rubric).update(used_at=None)


def current_document(factsheet: Factsheet) -> Document:
    return document_of(drafts([factsheet.pk])[0])
