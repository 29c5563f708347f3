"""Who may open what and do what: every address and every action, for everybody, in every state.

An address or an action that is not in the tables below fails the test.
"""

import itertools
from collections.abc import Iterator
from copy import deepcopy
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver

from policies.loading import load
from policies.models import (
    Batch,
    Country,
    Edition,
    Factsheet,
    Objection,
    Policy,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    State,
    User,
    Validation,
)
from policies.roles import Role
from policies.spreadsheet.formats import FORMATS, Page
from policies.spreadsheet.receiving import receive
from policies.workflow import publish_whole
from scoring.loading import copied
from scoring.models import Rubric
from tests.factory import EXPLAINED, make_document, make_scored_document, make_user

pytestmark = pytest.mark.django_db

# Everybody by a letter. A stranger is an editor who is not assigned to the factsheet; the outsider
# has an account and no role; the visitor has none.
PEOPLE = {
    "e": "editor",
    "s": "stranger",
    "r": "reviewer",
    "p": "publisher",
    "a": "administrator",
    "o": "outsider",
    "v": "visitor",
}
ALL = "esrpaov"
STAFF = "esrpa"  # who works here: reference tables are for all of them to read
DRAFT = "erpa"  # who sees the draft of the factsheet
ADMIN = "a"
NOBODY = ""

STATES = list(State)


def pages(view: str, add: str, change: str, delete: str, history: str) -> dict[str, str]:
    """The six addresses that the admin gives every table."""
    one = "<path:object_id>/"
    return {
        "": view,
        "add/": add,
        f"{one}change/": change,
        one: STAFF,  # leads on to the change page, which decides
        f"{one}delete/": delete,
        f"{one}history/": history,
    }


def reference(delete: str = ADMIN) -> dict[str, str]:
    return pages(STAFF, ADMIN, STAFF, delete, STAFF)


def record() -> dict[str, str]:
    """Kept as it was written: those who see the draft read it, nobody changes it."""
    return pages(STAFF, NOBODY, DRAFT, NOBODY, DRAFT)


TABLES = {
    "policies/country": reference(),
    "policies/edition": reference(),
    "policies/sectiontype": reference(),
    "policies/category": reference(),
    "policies/translation": pages(STAFF, NOBODY, STAFF, NOBODY, STAFF),
    "scoring/rubric": reference(),
    "scoring/criterion": reference(),
    "policies/factsheet": pages(STAFF, ADMIN, DRAFT, ADMIN, DRAFT),
    "policies/policy": pages(STAFF, "esa", DRAFT, "ea", DRAFT),
    "policies/section": record(),
    "policies/sectionrevision": record(),
    "policies/reviewevent": record(),
    "policies/publication": record(),
    "policies/validation": pages(STAFF, "pa", DRAFT, NOBODY, DRAFT),
    "policies/objection": pages(STAFF, "pa", DRAFT, NOBODY, DRAFT),
    "policies/batch": pages("esra", "esra", "ea", NOBODY, "ea"),
    "policies/user": pages(ADMIN, ADMIN, ADMIN, NOBODY, ADMIN),
}

EXCHANGED = ("country", "sectiontype", "category", "translation")  # go out and come in as files

ADDRESSES: dict[str, str] = {
    # For readers
    "": ALL,
    "factsheets/": ALL,
    "factsheets/<year:year>/": ALL,
    "factsheets/<slug:slug>/": ALL,
    "factsheets.atom": ALL,
    "factsheets/<slug:slug>.atom": ALL,
    "factsheets/<year:year>/<slug:slug>/": ALL,
    "factsheets/<year:year>/<slug:slug>.json": ALL,
    "factsheets/<year:year>/<slug:slug>/history/": ALL,
    "factsheets/<slug:slug>/over-time/": ALL,
    "factsheets/<year:year>/<slug:slug>/what-if/": ALL,
    "factsheets/<year:year>/<slug:slug>/v<version:number>/": ALL,
    "factsheets/<year:year>/<slug:slug>/v<version:number>.json": ALL,
    "factsheets/<year:year>/<slug:slug>/v<version:number>.<citation:kind>": ALL,
    "policies/": ALL,
    "policies.<format:kind>": ALL,
    "factsheets.<format:kind>": ALL,
    "categories/": ALL,
    "categories.<format:kind>": ALL,
    "categories/<slug:section>/": ALL,
    "categories/<slug:section>/<slug:code>/": ALL,
    "categories/<slug:section>/<slug:code>.<format:kind>": ALL,
    "statistics/": ALL,
    "statistics/<year:year>/": ALL,
    "statistics/<year:year>/changes/": ALL,
    "statistics/<year:year>.<format:kind>": ALL,
    "compare/": ALL,
    "search/": ALL,
    "methodology/": ALL,
    "methodology/<year:year>/": ALL,
    "about/": ALL,
    "accessibility/": ALL,
    "robots.txt": ALL,
    "sitemap.xml": ALL,
    "sitemap-<slug:section>.xml": ALL,
    ".well-known/security.txt": ALL,
    "healthz": ALL,
    "readyz": ALL,
    "favicon.ico": ALL,
    # The admin itself
    "admin/": STAFF,
    "admin/progress/": STAFF,
    "admin/me/": STAFF,
    "admin/login/": "ov",  # the others are in already
    "admin/logout/": NOBODY,  # only by POST
    "admin/password_change/": STAFF,
    "admin/password_change/done/": STAFF,
    "admin/autocomplete/": NOBODY,  # no form asks it
    "admin/jsi18n/": STAFF,
    "admin/r/<path:content_type_id>/<path:object_id>/": STAFF,
    "admin/^(?P<app_label>policies|scoring)/$": STAFF,
    "admin/(?P<url>.*)$": NOBODY,
    # Pages of our own
    "admin/policies/edition/open/": ADMIN,
    "admin/policies/edition/<int:key>/countries/": ADMIN,
    "admin/policies/edition/<int:key>/opened/": ADMIN,
    "admin/scoring/rubric/<int:key>/copy/": ADMIN,
    "admin/scoring/rubric/<int:key>/release/": ADMIN,
    "admin/scoring/rubric/<int:key>/movers/": STAFF,
    "admin/scoring/rubric/<int:key>/movers.csv": STAFF,
    "admin/scoring/criterion/findings/": ADMIN,
    "admin/policies/factsheet/preview/": NOBODY,  # only by POST
    "admin/policies/factsheet/<int:factsheet>/references/": DRAFT,
    "admin/policies/factsheet/<int:pk>/review/": DRAFT,
    "admin/policies/factsheet/<int:key>/presence/": NOBODY,  # only by POST
    "admin/policies/policy/<int:key>/presence/": NOBODY,
    "admin/policies/factsheet/<int:key>/export/<slug:kind>/": DRAFT,
    "admin/policies/factsheet/export/<slug:kind>/": STAFF,  # what the list shows them
    "admin/policies/batch/<int:key>/decide/": NOBODY,  # only by POST, as the next two
    "admin/policies/batch/<int:key>/confirm/": NOBODY,
    "admin/policies/batch/<int:key>/undo/": NOBODY,
    "admin/policies/batch/<int:key>/errors/": "ea",
    "admin/policies/user/<id>/password/": ADMIN,
    **{f"admin/policies/{table}/import/": ADMIN for table in EXCHANGED},
    **{f"admin/policies/{table}/process_import/": NOBODY for table in EXCHANGED},  # only by POST
    **{f"admin/policies/{table}/export/": STAFF for table in EXCHANGED},
    **{f"admin/{table}/{page}": who for table, own in TABLES.items() for page, who in own.items()},
}

# What is sent to addresses that only take a POST, and to forms.
POSTS: dict[str, str] = {
    "admin/policies/factsheet/preview/": DRAFT,
    "admin/policies/factsheet/<int:pk>/review/": DRAFT,
    "admin/policies/factsheet/<int:key>/presence/": DRAFT,
    "admin/policies/policy/<int:key>/presence/": DRAFT,
    "admin/policies/factsheet/<path:object_id>/change/": "era",
    "admin/policies/policy/<path:object_id>/change/": "era",
    "admin/policies/factsheet/<path:object_id>/delete/": ADMIN,  # who is told why not
    "admin/policies/section/<path:object_id>/change/": NOBODY,
    "admin/policies/section/<path:object_id>/delete/": NOBODY,
    "admin/policies/publication/<path:object_id>/change/": NOBODY,
    "admin/policies/publication/<path:object_id>/delete/": NOBODY,
    "admin/policies/sectionrevision/<path:object_id>/change/": NOBODY,
    "admin/policies/reviewevent/<path:object_id>/change/": NOBODY,
    "admin/policies/validation/<path:object_id>/change/": NOBODY,
    "admin/policies/objection/<path:object_id>/change/": "pa",
    "admin/policies/factsheet/add/": ADMIN,
    "admin/policies/edition/open/": ADMIN,
    "admin/policies/edition/<int:key>/countries/": ADMIN,
    "admin/policies/country/<path:object_id>/change/": ADMIN,
    "admin/policies/category/<path:object_id>/change/": ADMIN,
    "admin/scoring/rubric/<path:object_id>/change/": ADMIN,
    "admin/scoring/rubric/<path:object_id>/delete/": ADMIN,  # who is told why not
    "admin/scoring/rubric/<int:key>/copy/": ADMIN,
    "admin/scoring/rubric/<int:key>/release/": ADMIN,
    "admin/scoring/criterion/<path:object_id>/change/": ADMIN,
    "admin/policies/batch/<int:key>/decide/": "ea",
    "admin/policies/batch/<int:key>/confirm/": "ea",
    "admin/policies/batch/<int:key>/undo/": "ea",
    "admin/policies/batch/<path:object_id>/change/": "ea",
    "admin/policies/batch/<path:object_id>/delete/": NOBODY,
    "admin/policies/user/<path:object_id>/change/": ADMIN,
    "admin/policies/user/add/": ADMIN,
    "admin/policies/user/<id>/password/": ADMIN,
    "admin/me/": STAFF,
    **{f"admin/policies/{table}/import/": ADMIN for table in EXCHANGED},
    **{f"admin/policies/{table}/process_import/": ADMIN for table in EXCHANGED},
    **{f"admin/policies/{table}/export/": STAFF for table in EXCHANGED},
}


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def depends_on_state(route: str) -> bool:
    """Whether the page shows sections of a draft."""
    tables = ("factsheet", "policy", "section")
    return any(route.startswith(f"admin/policies/{table}/") for table in tables)


def _with_an_error() -> bytes:
    """A workbook that can be opened, but not imported."""
    page = Page("Factsheets", ["country", "edition"], [["XX", 2022]])
    return FORMATS["xlsx"]().write([page])


class Site:
    """A published factsheet, the people, and where every route leads."""

    def __init__(self) -> None:
        writer = make_user("writer", Role.REVIEWER)
        self.people = {
            "e": make_user("editor", Role.EDITOR),
            "s": make_user("stranger", Role.EDITOR),
            "r": make_user("reviewer", Role.REVIEWER),
            "p": make_user("publisher", Role.PUBLISHER),
            "a": make_user("administrator", Role.ADMINISTRATOR),
            "o": make_user("outsider"),
        }
        self.factsheet: Factsheet = load(make_scored_document(), by=writer).factsheet
        self.factsheet.editors.add(self.people["e"])
        publish_whole(
            self.factsheet,
            author=writer,
            reviewer=self.people["r"],
            publisher=self.people["p"],
            reasons=EXPLAINED,
        )
        version = Publication.objects.get()
        told = {"publication": version, "by": self.people["p"], "at": version.published_at}
        Validation.objects.create(status="not_asked", **told)
        Objection.objects.create(
            office="An office", text="No.", received_on=version.published_at.date(), **told
        )
        receive(_with_an_error(), "sheet.xlsx", by=self.people["e"])
        # A publication used the rubric of 2022, so nobody changes that any more.
        self.rubric = copied(Rubric.objects.get(), "2024", "Copy of 2022")

    @cached_property
    def clients(self) -> dict[str, Client]:
        return {letter: self.client(letter) for letter in ALL}

    def client(self, letter: str) -> Client:
        client = Client(raise_request_exception=False)
        if letter in self.people:
            client.force_login(self.people[letter])
        return client

    def address(self, route: str) -> str:
        rows: dict[str, Any] = {
            "policies/country": Country.objects.get(code="MX"),
            "policies/edition": Edition.objects.get(year=2022),
            "policies/sectiontype": self.focus.type,
            "policies/category": self.focus.type.categories.first(),
            "scoring/rubric": self.rubric,
            "scoring/criterion": self.rubric.criteria.first(),
            "policies/factsheet": self.factsheet,
            "policies/policy": Policy.objects.get(),
            "policies/section": self.focus,
            "policies/sectionrevision": SectionRevision.objects.first(),
            "policies/reviewevent": ReviewEvent.objects.first(),
            "policies/publication": Publication.objects.get(),
            "policies/validation": Validation.objects.get(),
            "policies/objection": Objection.objects.get(),
            "policies/batch": Batch.objects.first(),
            "policies/user": self.people["o"],
        }
        table = "/".join(route.split("/")[1:3])
        key = str(rows[table].pk) if table in rows else "1"
        for part in ("path:object_id", "int:key", "int:pk", "int:factsheet", "id"):
            route = route.replace(f"<{part}>", key)
        for part, value in {
            "<year:year>": "2022",
            "<slug:slug>": "mexico",
            "<version:number>": "1",
            "<citation:kind>": "bib",
            "<format:kind>": "csv",
            "<slug:section>/<slug:code>": "objectives/rd",
            "categories/<slug:section>": "categories/objectives",
            "<slug:section>": "factsheets",
            "<slug:kind>": "xlsx",
            "<path:content_type_id>/1": self._factsheet_on_site(),
            "^(?P<app_label>policies|scoring)/$": "policies/",
            "(?P<url>.*)$": "nowhere",
        }.items():
            route = route.replace(part, value)
        return f"/{route}"

    def _factsheet_on_site(self) -> str:
        from django.contrib.contenttypes.models import ContentType

        return f"{ContentType.objects.get_for_model(Factsheet).pk}/{self.factsheet.pk}"

    @property
    def focus(self) -> Section:
        return Section.objects.select_related("type").get(type__code="focus")


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    return SimpleNamespace(site=Site())


@pytest.fixture
def site(once: SimpleNamespace, db: None, settings: Any) -> Site:
    settings.SECURITY_CONTACT = "security@factsheets.example"
    return deepcopy(once.site)


def is_in(response: Any) -> bool:
    """Whether the person got the page, or was sent on to another; not refused, not sent away."""
    if response.status_code in (301, 302):
        return not response["Location"].startswith("/admin/login/") and response[
            "Location"
        ] not in ("/admin/", "")
    assert response.status_code in (200, 403, 404, 405), response.status_code
    return response.status_code == 200


def who_gets_in(site: Site, route: str) -> str:
    address = site.address(route)
    return "".join(letter for letter in ALL if is_in(site.clients[letter].get(address)))


def differing(found: dict[str, str], expected: dict[str, str]) -> dict[str, tuple[str, str]]:
    """By route, who gets in and who should."""
    return {r: (who, expected[r]) for r, who in found.items() if who != expected[r]}


def test_every_address_is_in_the_table() -> None:
    assert set(routes()) == set(ADDRESSES)


def test_everybody_opens_just_what_the_table_says(site: Site) -> None:
    assert {*Section.objects.values_list("state", flat=True)} == {State.APPROVED}
    found = {route: who_gets_in(site, route) for route in ADDRESSES}
    assert differing(found, ADDRESSES) == {}


# What is published is approved, so the fourth state is what everybody opens above.
@pytest.mark.parametrize("state", [state for state in STATES if state != State.APPROVED])
def test_the_state_of_a_section_opens_and_closes_no_page(site: Site, state: str) -> None:
    Section.bookkeeping.update(state=state)
    asked = {route: who for route, who in ADDRESSES.items() if depends_on_state(route)}
    found = {route: who_gets_in(site, route) for route in asked}
    assert differing(found, asked) == {}


def test_a_forged_form_is_refused(site: Site) -> None:
    data = {"factsheet": site.factsheet.pk, "preview": "text", "text": "", "post": "yes"}

    def accepted(letter: str, route: str) -> bool:
        return is_in(site.clients[letter].post(site.address(route), data))

    found = {route: "".join(letter for letter in ALL if accepted(letter, route)) for route in POSTS}
    assert differing(found, POSTS) == {}
    assert Factsheet.objects.filter(pk=site.factsheet.pk).exists()


# Actions

# What each action is for: in which state whose press moves a section, and where to. The text was
# written by a reviewer who is not among the people; the editor may therefore accept it.
WALKS: dict[str, dict[str, tuple[str, str]]] = {
    "submit": {"draft": ("era", "submitted"), "changes_requested": ("era", "submitted")},
    "return_": {"submitted": ("ra", "changes_requested")},
    "approve": {"submitted": ("era", "approved")},
    "reopen": {"submitted": ("era", "draft"), "approved": ("era", "draft")},
}
CONFIRM = {"draft": "era", "changes_requested": "era"}

# One press on a factsheet or a policy would take back all of it.
AT_ONCE = {*WALKS} - {"reopen"}

EXPORTS = {"export_xlsx", "export_ods", "export_csv", "export_wide"}  # for whoever sees the list
ACTIONS = {
    "section": {*WALKS, "confirm"},
    "policy": AT_ONCE,
    "factsheet": {*AT_ONCE, "publish", "withdraw", *EXPORTS},
    "publication": {"withdraw"},
}


def test_every_action_is_in_the_tables() -> None:
    offered = {
        model._meta.model_name: {str(action) for action in page.actions}
        for model, page in admin.site._registry.items()
        if page.actions
    }
    assert offered == ACTIONS


class Desk:
    """A draft that a reviewer has written, all of whose sections but one stand aside."""

    def __init__(self, site: Site) -> None:
        self.site = site
        writer = User.objects.get(username="writer")
        document = make_document("FR", policies=[])
        document["sections"] = make_scored_document()["sections"]
        self.factsheet = load(document, by=writer).factsheet
        self.factsheet.editors.add(site.people["e"])
        self.section = self.factsheet.sections.get(type__code="introduction")

    def press(self, letter: str, table: str, row: Any, action: str) -> None:
        data = {"action": action, "_selected_action": [row.pk], "index": 0, "note": "Why?"}
        self.site.clients[letter].post(f"/admin/policies/{table}/", data)

    def put(self, state: str, aside: str) -> None:
        Section.bookkeeping.filter(factsheet=self.factsheet).update(state=aside)
        Section.bookkeeping.filter(pk=self.section.pk).update(state=state)

    def state(self) -> str:
        return Section.objects.get(pk=self.section.pk).state


@pytest.mark.parametrize(
    ("table", "action"),
    [
        *(("section", action) for action in WALKS),
        *(("factsheet", action) for action in sorted(AT_ONCE)),
    ],
)
def test_an_action_moves_a_section_for_those_who_may(site: Site, table: str, action: str) -> None:
    desk = Desk(site)
    row = desk.section if table == "section" else desk.factsheet
    aside = next(state for state in STATES if state not in WALKS[action])
    for state, letter in itertools.product(STATES, ALL):
        who, after = WALKS[action].get(state, (NOBODY, state))
        desk.put(state, aside)
        desk.press(letter, table, row, action)
        expected = after if letter in who else state
        assert desk.state() == expected, f"{PEOPLE[letter]}, {action} of {state}"


@pytest.mark.parametrize("action", sorted(AT_ONCE))
def test_an_action_with_a_policy_moves_its_sections(site: Site, action: str) -> None:
    Section.bookkeeping.update(state="approved")
    policy = Policy.objects.get()
    desk = Desk(site)
    desk.section = site.focus
    aside = next(state for state in STATES if state not in WALKS[action])
    for state, letter in itertools.product(WALKS[action], ALL):
        who, after = WALKS[action][state]
        Section.bookkeeping.update(state=aside)
        Section.bookkeeping.filter(pk=desk.section.pk).update(state=state)
        desk.press(letter, "policy", policy, action)
        assert desk.state() == (after if letter in who else state), f"{PEOPLE[letter]}, {state}"


def test_what_was_carried_over_is_confirmed_by_those_who_write(site: Site) -> None:
    desk = Desk(site)
    for state, letter in itertools.product(STATES, ALL):
        Section.bookkeeping.filter(pk=desk.section.pk).update(state=state, is_unconfirmed=True)
        desk.press(letter, "section", desk.section, "confirm")
        waits = Section.objects.get(pk=desk.section.pk).is_unconfirmed
        assert waits == (letter not in CONFIRM.get(state, NOBODY)), f"{PEOPLE[letter]}, {state}"


@pytest.mark.parametrize("letter", list(ALL))
def test_publishers_publish_and_withdraw(site: Site, letter: str) -> None:
    desk = Desk(site)
    desk.press(letter, "publication", Publication.objects.get(), "withdraw")
    assert Publication.objects.current().exists() == (letter not in "pa")
    desk.press(letter, "factsheet", site.factsheet, "publish")
    assert Publication.objects.filter(number=2).exists() == (letter in "pa")
    desk.press(letter, "factsheet", site.factsheet, "withdraw")
    assert Publication.objects.current().exists() == (letter not in "pa")
