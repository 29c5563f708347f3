"""What was carried over stands beside the forms, and is confirmed or changed there."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from policies.editions import Chosen, open_edition
from policies.loading import load
from policies.models import Country, Factsheet, Policy, ReviewEvent, Section, SectionRevision, User
from policies.roles import Role
from tests.admin_form import Data, form_data, prefix_of, queries, said
from tests.factory import (
    make_cast,
    make_judged,
    make_policy,
    make_scored_document,
    make_user,
    section,
)
from tests.lasting import lent
from tests.policies.test_editions import next_edition

pytestmark = pytest.mark.django_db

REASON = {"points": 1, "reason": "A start."}
REFERENCES = [
    {"key": key, "title": f"Title of {key}", "accessed": "2022-05-01"} for key in ("a", "b")
]


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Mexico of 2023, carried over from 2022 and assigned to Ada."""
    cast = make_cast()
    document = make_scored_document(
        maturity=make_judged({"evidence": REASON}), references=REFERENCES
    )
    load(document, by=cast["ada"])
    eva = make_user("eva", Role.ADMINISTRATOR)
    mexico = Chosen(Country.objects.get(code="MX"), [cast["ada"]])
    opened = open_edition(next_edition(), [mexico], by=eva)
    return SimpleNamespace(cast=cast, factsheet=opened[0].factsheet)


cast, factsheet = lent("cast"), lent("factsheet")


@pytest.fixture
def policy(factsheet: Factsheet) -> Policy:
    return factsheet.policies.get()


@pytest.fixture
def ada(client: Client, cast: dict[str, User], factsheet: Factsheet) -> Client:
    client.force_login(cast["ada"])
    return client


def address(row: Factsheet | Policy) -> str:
    return reverse(f"admin:policies_{row._meta.model_name}_change", args=[row.pk])


def opened(client: Client, row: Factsheet | Policy) -> Data:
    data = form_data(client.get(address(row)).text, f"{row._meta.model_name}_form")
    return {**data, "_continue": "Save"}


def save(client: Client, row: Factsheet | Policy, data: Data, **fields: Any) -> Any:
    response = client.post(address(row), {**data, **fields})
    assert response.status_code == 302, response.text
    return response


def waits(cell: Section) -> bool:
    return Section.objects.get(pk=cell.pk).is_unconfirmed


def confirmed() -> list[tuple[str, str]]:
    events = ReviewEvent.objects.filter(action="confirmed").order_by("pk")
    return [(event.revision.section.anchor, str(event.by)) for event in events]


class TestOnTheForm:
    def test_a_section_shows_where_it_came_from_and_what_it_said(self, ada, policy) -> None:
        page = ada.get(address(policy)).text
        assert "Carried over from 2022, not yet confirmed." in page
        beside = re.findall(r"<aside.*?</aside>", page, re.DOTALL)
        assert any("Grants for projects." in each for each in beside)
        assert any("The Plan" in each for each in beside), "the facts of its heading"

    def test_a_tick_confirms_and_writes_no_revision(self, ada, policy) -> None:
        cell = section(policy, "instruments")
        response = save(ada, policy, opened(ada, policy), still_true=[cell.pk])
        assert not waits(cell)
        assert Section.objects.get(pk=cell.pk).version == 1
        assert confirmed() == [("plan.instruments", "ada")]
        assert "1 section confirmed as still true." in said(response)

    def test_facts_are_confirmed_with_their_section(self, ada, policy) -> None:
        cells = [section(policy, "heading"), section(policy, "history")]
        save(ada, policy, opened(ada, policy), still_true=[cell.pk for cell in cells])
        assert [waits(cell) for cell in cells] == [False, False]

    def test_the_factsheets_own_sections_and_its_bibliography(self, ada, factsheet) -> None:
        own = factsheet.sections.filter(policy=None, is_unconfirmed=True)
        keys = [cell.pk for cell in own]
        assert len(keys) == 6
        save(ada, factsheet, opened(ada, factsheet), still_true=keys)
        assert not own.all().exists()
        assert len(confirmed()) == 6

    def test_a_change_counts_and_the_tick_does_no_harm(self, ada, policy) -> None:
        cell = section(policy, "instruments")
        data = opened(ada, policy)
        prefix = prefix_of(data, "sections", cell.pk)
        save(ada, policy, data, still_true=[cell.pk], **{f"{prefix}-text": "Loans."})
        assert not waits(cell)
        assert confirmed() == []

    def test_a_change_shows_its_difference_from_last_year(self, ada, policy) -> None:
        Section.objects.filter(policy=policy, type__code="instruments").update(text="Loans.")
        page = ada.get(address(policy)).text
        assert "Carried over from 2022; what was changed since" in page
        assert "Grants for projects" in page

    def test_nothing_is_confirmed_while_something_is_wrong(self, ada, policy) -> None:
        cell = section(policy, "instruments")
        data = opened(ada, policy) | {"names": "", "still_true": [cell.pk]}
        page = ada.post(address(policy), data).text
        assert waits(cell)
        assert f'value="{cell.pk}" id="still-true-{cell.pk}" checked' in page

    def test_a_section_of_another_factsheet_is_refused(self, ada, policy, cast, caplog) -> None:
        eva = User.objects.get(username="eva")
        open_edition(next_edition(year=2024), [Chosen(policy.factsheet.country)], by=eva)
        foreign = Section.objects.get(factsheet__edition__year=2024, type__code="instruments")
        response = save(ada, policy, opened(ada, policy), still_true=[foreign.pk, "x"])
        assert waits(foreign)
        assert any("does not belong to this page" in line for line in said(response))
        assert "refused: ada, confirm" in caplog.text

    def test_a_publisher_gets_no_box(self, client, policy, cast) -> None:
        client.force_login(cast["cleo"])
        page = client.get(address(policy)).text
        assert "Carried over from 2022, not yet confirmed." in page
        assert 'name="still_true"' not in page

    def test_what_began_empty_is_not_marked(self, ada, policy) -> None:
        second = make_policy(policy.factsheet, code="second")
        page = ada.get(address(second)).text
        assert "not yet confirmed" not in page.partition("section-heading")[2]

    def test_the_page_asks_the_database_no_more_for_more_policies(self, ada, policy) -> None:
        before = queries(ada, address(policy.factsheet))
        for number in range(3):
            make_policy(policy.factsheet, code=f"more-{number}")
        assert queries(ada, address(policy.factsheet)) == before


class TestInTheList:
    def test_many_sections_are_confirmed_at_once(self, ada, policy) -> None:
        cells = [section(policy, "instruments"), section(policy, "evaluation")]
        ada.post(
            reverse("admin:policies_section_changelist"),
            {"action": "confirm", "_selected_action": [cell.pk for cell in cells], "index": 0},
        )
        assert [waits(cell) for cell in cells] == [False, False]
        assert {by for _anchor, by in confirmed()} == {"ada"}

    def test_what_waits_can_be_listed(self, ada, factsheet) -> None:
        page = ada.get(reverse("admin:policies_section_changelist") + "?is_unconfirmed__exact=1")
        waiting = factsheet.sections.filter(is_unconfirmed=True).count()
        assert page.context["cl"].result_count == waiting
        assert "carried over" in page.text


class TestJudgements:
    def test_one_of_last_year_waits_for_its_own_tick(self, ada, factsheet) -> None:
        page = ada.get(address(factsheet)).text
        assert "This was judged in an earlier edition." in page
        score = factsheet.criterion_scores.get(criterion__code="evidence")
        data = opened(ada, factsheet)
        prefix = prefix_of(data, "criterion_scores", score.pk)
        save(ada, factsheet, data, **{f"{prefix}-confirm": "on"})
        score.refresh_from_db()
        assert not score.is_stale
        assert (str(score.judged_by), score.judged_reason) == ("ada", "A start.")


class TestReferences:
    def checked(self, client: Client, factsheet: Factsheet, **fields: Any) -> Any:
        data = opened(client, factsheet)
        prefix = prefix_of(data, "references", factsheet.references.get(key="a").pk)
        return save(client, factsheet, data, **{f"{prefix}-checked": "on", **fields})

    def dates(self, factsheet: Factsheet) -> list[str]:
        return [str(each.accessed) for each in factsheet.references.order_by("key")]

    def test_the_ticked_ones_are_dated_today(self, ada, factsheet) -> None:
        self.checked(ada, factsheet)
        assert self.dates(factsheet) == [str(timezone.localdate()), "2022-05-01"]
        last = SectionRevision.objects.latest("pk")
        assert (last.type.code, last.note, str(last.author)) == (
            "bibliography",
            "Checked today",
            "ada",
        )

    def test_an_own_note_is_kept(self, ada, factsheet) -> None:
        self.checked(ada, factsheet, revision_note="All links work.")
        assert SectionRevision.objects.latest("pk").note == "All links work."

    def test_what_else_was_typed_is_saved_as_well(self, ada, factsheet) -> None:
        self.checked(ada, factsheet, language="es")
        factsheet.refresh_from_db()
        assert factsheet.language == "es"
        assert self.dates(factsheet)[0] == str(timezone.localdate())
        assert SectionRevision.objects.latest("pk").note == ""
