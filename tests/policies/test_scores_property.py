"""Whatever is edited, and by whichever way: the stored score is the computed one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from policies.assessing import rescore
from policies.document import drafts
from policies.loading import load
from policies.models import (
    Availability,
    Category,
    Factsheet,
    Kind,
    Period,
    PoliciesStatus,
    Policy,
    Section,
    SectionCategory,
)
from policies.roles import Role
from tests.admin_form import Data, form_data, prefix_of
from tests.documents import documents
from tests.factory import VISIBLE, make_factsheet, make_policy, make_user, section, tick

pytestmark = pytest.mark.django_db

Edit = Callable[[Factsheet], Any]

CODES = ("a", "b")
SCORED = {
    "financial-instruments": ("project-support", "innovation-support"),
    "technical-assistance": ("networking",),
    "evaluation": ("ex-ante", "in-itinere", "ex-post", "monitoring"),
}
codes = st.sampled_from(CODES)
years = st.none() | st.integers(2000, 2024)


def of(factsheet: Factsheet, code: str) -> Policy:
    found = factsheet.policies.filter(code=code).first()
    return found or make_policy(factsheet, code)


@st.composite
def facts(draw: st.DrawFn) -> Edit:
    """Save facts of a policy, by `save` or by a queryset."""
    code, by_queryset = draw(codes), draw(st.booleans())
    values = {
        "kind": draw(st.sampled_from(Kind.values)),
        "is_example": draw(st.booleans()),
        "starting_year": draw(years),
        "continuous_since": draw(years),
        "period": Period.UNKNOWN,
        "ending_year": None,
    }
    if draw(st.booleans()):
        ending = draw(st.integers(2018, 2030))
        values |= {"period": Period.LIMITED, "ending_year": ending, "starting_year": 2001}

    def edit(factsheet: Factsheet) -> None:
        policy = of(factsheet, code)
        if by_queryset:
            factsheet.policies.filter(pk=policy.pk).update(**values)
        else:
            for name, value in values.items():
                setattr(policy, name, value)
            policy.save()

    return edit


@st.composite
def ticks(draw: st.DrawFn) -> Edit:
    code, type_ = draw(codes), draw(st.sampled_from(sorted(SCORED)))
    categories = draw(st.lists(st.sampled_from(SCORED[type_]), unique=True))
    return lambda factsheet: tick(of(factsheet, code), type_, *categories)


@st.composite
def availabilities(draw: st.DrawFn) -> Edit:
    code, type_ = draw(codes), draw(st.sampled_from(sorted(SCORED)))
    availability = draw(st.sampled_from(Availability.values))

    def edit(factsheet: Factsheet) -> None:
        cell = of(factsheet, code).sections.get(type__code=type_)
        cell.availability = availability
        Section.objects.bulk_update([cell], ["availability"])

    return edit


@st.composite
def bulk_ticks(draw: st.DrawFn) -> Edit:
    code = draw(codes)

    def edit(factsheet: Factsheet) -> None:
        cell = of(factsheet, code).sections.get(type__code="evaluation")
        cell.uses.all().delete()
        every = Category.objects.filter(section_type=cell.type)
        SectionCategory.objects.bulk_create(
            SectionCategory(section=cell, category=category) for category in every
        )

    return edit


@st.composite
def statuses(draw: st.DrawFn) -> Edit:
    status = draw(st.sampled_from(PoliciesStatus.values))
    return lambda factsheet: Factsheet.objects.filter(pk=factsheet.pk).update(
        policies_status=status
    )


@st.composite
def judgements(draw: st.DrawFn) -> Edit:
    criterion = draw(st.sampled_from(["scope", "continuity", "evidence", "support"]))
    points = draw(st.none() | st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(2)]))

    def edit(factsheet: Factsheet) -> None:
        score = factsheet.criterion_scores.get(criterion__code=criterion)
        score.judge(points, "Because.", by=None, now=timezone.now())
        score.save()

    return edit


@st.composite
def deletions(draw: st.DrawFn) -> Edit:
    code, by_queryset = draw(codes), draw(st.booleans())

    def edit(factsheet: Factsheet) -> None:
        found = factsheet.policies.filter(code=code)
        if by_queryset:
            found.delete()
        else:
            for policy in found:
                policy.delete()

    return edit


@st.composite
def admin_edits(draw: st.DrawFn) -> Edit:
    """An assigned editor opens the policy's page, changes its kind and ticks, and saves it."""
    code, type_ = draw(codes), draw(st.sampled_from(sorted(SCORED)))
    kind = draw(st.sampled_from(Kind.values))
    availability = draw(st.sampled_from(Availability.values))
    categories = draw(st.lists(st.sampled_from(SCORED[type_]), unique=True))

    def edit(factsheet: Factsheet) -> None:
        policy = of(factsheet, code)
        address = reverse("admin:policies_policy_change", args=[policy.pk])
        client = Client()
        client.force_login(factsheet.editors.get())
        data = form_data(client.get(address).text, "policy_form")
        cell = prefix_of(data, "sections", section(policy, type_).pk)
        data = without_details(data, cell) | {
            "names": "The Plan",
            "kind": kind,
            f"{cell}-availability": availability,
            f"{cell}-categories": categories,
        }
        if Factsheet.objects.get().policies_status == PoliciesStatus.NONE_EXIST:
            data["is_example"] = "on"  # else the page refuses the contradiction
        assert client.post(address, {**data, "_continue": "1"}).status_code == 302
        policy.refresh_from_db()
        assert policy.kind == kind

    return edit


def without_details(data: Data, cell: str) -> Data:
    return {name: "" if name.startswith(f"{cell}-detail_") else v for name, v in data.items()}


@st.composite
def replacements(draw: st.DrawFn) -> Edit:
    document = draw(documents(VISIBLE[-2:]))
    return lambda factsheet: load(document, replace=True)


edits = st.one_of(
    facts(),
    ticks(),
    availabilities(),
    bulk_ticks(),
    statuses(),
    judgements(),
    deletions(),
    admin_edits(),
    replacements(),
)


@given(steps=st.lists(edits, min_size=1, max_size=6))
@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
def test_stored_equals_recomputed(steps: list[Edit]) -> None:
    with transaction.atomic():
        factsheet = make_factsheet()
        factsheet.editors.add(make_user("ada", Role.EDITOR))
        for step in steps:
            step(factsheet)
            stored = drafts([factsheet.pk])
            assert rescore(stored, timezone.now(), write=False) == []
        transaction.set_rollback(True)
