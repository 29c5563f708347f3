"""Who may do what in the admin, and what outsiders can not do."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from policies.models import (
    Country,
    Factsheet,
    Policy,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    User,
)
from policies.roles import Role, grant
from tests.admin_form import form_data
from tests.factory import make_cast, make_factsheet, make_policy, make_publication, make_user
from tests.lasting import lent

CONTENT = [Factsheet, Policy, Section, SectionRevision, Publication, ReviewEvent]


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{name}", args=args)


@pytest.fixture(scope="module")
def once(lasting: None) -> SimpleNamespace:
    """Ada's factsheet. A second editor has nothing to do with it."""
    cast = make_cast()
    make_user("fay", Role.EDITOR)
    cast["dan"].is_staff = True
    cast["dan"].save()
    return SimpleNamespace(cast=cast, published=make_publication(cast))


cast, published = lent("cast"), lent("published")


@pytest.fixture
def outsider(request: pytest.FixtureRequest, client: Client, published: Publication) -> Client:
    client.force_login(User.objects.get(username=request.param))
    return client


OUTSIDERS = pytest.mark.parametrize("outsider", ["dan", "fay"], indirect=True)


def everything() -> list[Any]:
    """All that a write could have changed."""
    models = [*CONTENT, Country, User]
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@OUTSIDERS
def test_outsiders_see_no_row_of_a_list(outsider, published):
    for model in CONTENT:
        response = outsider.get(page(model, "changelist"))
        assert response.status_code == 403 or response.context["cl"].result_count == 0


@OUTSIDERS
def test_outsiders_open_no_page_of_a_row(outsider, published):
    for model in CONTENT:
        response = outsider.get(page(model, "change", model.objects.first().pk))
        assert response.status_code in (302, 403)


@OUTSIDERS
@pytest.mark.parametrize("name", ["change", "delete"])
def test_outsiders_write_nothing(outsider, published, name):
    before = everything()
    for model in CONTENT:
        address = page(model, name, model.objects.first().pk)
        data = {"post": "yes", "language": "es", "names": "Mine", "sections-TOTAL_FORMS": "0"}
        assert outsider.post(address, data).status_code in (302, 403)
    assert everything() == before


@OUTSIDERS
def test_outsiders_add_nothing(outsider, published):
    before = everything()
    factsheet = published.factsheet
    data = {"factsheet": factsheet.pk, "names": "Mine", "kind": "broad", "level": "national"}
    outsider.post(page(Policy, "add"), data)
    outsider.post(page(Factsheet, "add"), {"country": 1, "edition": factsheet.edition_id})
    assert everything() == before


@OUTSIDERS
@pytest.mark.parametrize(
    ("model", "action"),
    [
        (Factsheet, "submit"),
        (Factsheet, "approve"),
        (Factsheet, "return_"),
        (Factsheet, "publish"),
        (Factsheet, "withdraw"),
        (Section, "submit"),
        (Section, "approve"),
        (Section, "return_"),
        (Publication, "withdraw"),
    ],
)
def test_outsiders_take_no_step(outsider, published, model, action):
    before = everything()
    chosen = {"_selected_action": [row.pk for row in model.objects.all()]}
    outsider.post(page(model, "changelist"), {"action": action, "note": "Mine", **chosen})
    assert everything() == before


@OUTSIDERS
def test_outsiders_preview_nothing(outsider, published):
    data = {"factsheet": published.factsheet_id, "preview": "text", "text": "[@key]"}
    address = reverse("admin:policies_factsheet_preview")
    assert outsider.post(address, data).status_code == 403


def test_staff_without_a_role_see_nothing(client, published):
    client.force_login(User.objects.get(username="dan"))
    assert "You have no role yet" in client.get(reverse("admin:index")).text


def test_a_visitor_is_asked_to_log_in(client, published):
    response = client.get(page(Factsheet, "changelist"))
    assert response.url.startswith(reverse("admin:login"))


# Roles


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("ada", {"submit", "approve"}),  # approve what a reviewer has mended
        ("ben", {"submit", "return_", "approve"}),
        ("cleo", {"publish", "withdraw"}),
    ],
)
def test_a_list_offers_the_steps_of_the_role(client, published, name, steps):
    client.force_login(User.objects.get(username=name))
    form = client.get(page(Factsheet, "changelist")).context["action_form"]
    exports = {"export_xlsx", "export_ods", "export_csv", "export_wide"}  # for whoever sees a draft
    assert {value for value, _label in form.fields["action"].choices if value} == steps | exports


def test_a_publisher_reads_the_forms_and_can_not_save_them(client, published):
    client.force_login(User.objects.get(username="cleo"))
    factsheet = published.factsheet
    for row in (factsheet, factsheet.policies.get()):
        address = page(type(row), "change", row.pk)
        shown = client.get(address)
        assert "save-row" not in shown.text
        assert "textarea" not in shown.text
        assert client.post(address, {"language": "es"}).status_code == 403


def test_an_editor_who_also_publishes_still_writes_only_what_is_assigned(client, cast):
    grant(cast["ada"], Role.PUBLISHER)
    foreign = make_policy(make_factsheet("FR"))
    client.force_login(cast["ada"])
    address = page(Policy, "change", foreign.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 403
    assert client.post(page(Policy, "delete", foreign.pk), {"post": "yes"}).status_code == 403
    assert "save-row" not in client.get(address).text


def test_an_editor_deletes_no_factsheet(client, cast):
    made = make_factsheet("FR")
    made.editors.add(cast["ada"])
    client.force_login(cast["ada"])
    assert client.post(page(Factsheet, "delete", made.pk), {"post": "yes"}).status_code == 403


def test_an_administrator_deletes_a_factsheet_that_was_never_published(admin_client, cast):
    made = make_factsheet("FR")
    make_policy(made)
    admin_client.post(page(Factsheet, "delete", made.pk), {"post": "yes"})
    assert not Factsheet.objects.filter(pk=made.pk).exists()


def test_a_published_factsheet_is_not_deleted(admin_client, published):
    address = page(Factsheet, "delete", published.factsheet_id)
    assert "would require deleting the following protected" in admin_client.get(address).text
    admin_client.post(address, {"post": "yes"})
    assert Factsheet.objects.filter(pk=published.factsheet_id).exists()


# People


@pytest.fixture
def eve(cast: dict[str, User]) -> User:
    """An administrator by role alone."""
    user = make_user("eve", Role.ADMINISTRATOR)
    user.is_superuser = False
    user.save()
    return user


@pytest.mark.parametrize("name", ["ada", "ben", "cleo"])
def test_only_administrators_see_people(client, cast, name):
    client.force_login(cast[name])
    assert client.get(page(User, "changelist")).status_code == 403
    assert client.get(page(User, "change", cast["ada"].pk)).status_code == 403
    assert client.post(page(User, "change", cast[name].pk), {"groups": "1"}).status_code == 403


def test_an_administrator_gives_a_role(client, eve, cast):
    client.force_login(eve)
    address = page(User, "change", cast["dan"].pk)
    data = form_data(client.get(address).text, "user_form")
    client.post(address, {**data, "groups": [Group.objects.get(name="Editor").pk]})
    assert [group.name for group in cast["dan"].groups.all()] == ["Editor"]


def test_a_new_person_has_a_role_and_can_log_in(client, eve):
    client.force_login(eve)
    data = form_data(client.get(page(User, "add")).text, "user_form")
    data |= {"username": "gus", "password1": "correct horse", "password2": "correct horse"}
    client.post(page(User, "add"), {**data, "groups": [Group.objects.get(name="Editor").pk]})
    gus = User.objects.get(username="gus")
    assert (gus.is_staff, gus.is_superuser, gus.groups.get().name) == (True, False, "Editor")
    assert client.login(username="gus", password="correct horse")


def test_nobody_raises_their_own_rights(client, eve):
    client.force_login(eve)
    address = page(User, "change", eve.pk)
    data = form_data(client.get(address).text, "user_form")
    client.post(address, {**data, "is_superuser": "on", "groups": []})
    eve.refresh_from_db()
    assert not eve.is_superuser
    assert eve.groups.exists()


def test_an_administrator_makes_no_superuser(client, eve, cast):
    client.force_login(eve)
    address = page(User, "change", cast["dan"].pk)
    data = form_data(client.get(address).text, "user_form")
    client.post(address, {**data, "is_superuser": "on"})
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_superuser_is_out_of_an_administrators_reach(client, eve, admin_user):
    client.force_login(eve)
    password = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert client.post(password, {"password1": "x", "password2": "x"}).status_code == 403
    assert client.post(page(User, "change", admin_user.pk), {}).status_code == 403


def test_nobody_is_deleted(admin_client, cast):
    assert admin_client.get(page(User, "delete", cast["dan"].pk)).status_code == 403


def test_a_refusal_is_a_page_with_a_way_on(client, published):
    client.force_login(make_user("eve", Role.EDITOR))
    response = client.get(f"/admin/policies/factsheet/{published.factsheet_id}/review/")
    assert response.status_code == 403
    assert "You may not open this page or take this step." in response.text
    assert 'href="/admin/"' in response.text
