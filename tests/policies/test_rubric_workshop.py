"""A scoring system from copy to release, and what the factsheets say meanwhile."""

import csv
import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from policies.document import number
from policies.loading import load
from policies.models import Edition
from policies.rescoring import rescored
from policies.workflow import approve, publish, submit
from scoring.loading import copied
from scoring.models import Level, Rubric, Used
from tests.factory import (
    EXPLAINED,
    make_judged,
    make_publication,
    make_scored_document,
    make_unused,
)
from tests.racing import at_once
from tests.scoring.make import RUBRIC

pytestmark = pytest.mark.django_db


@pytest.fixture
def rubric(reference):
    return Rubric.objects.get()


@pytest.fixture
def copy(rubric):
    return copied(rubric, "2024", "Copy of 2022")


@pytest.fixture
def published(cast):
    return make_publication(cast)


# When a scoring system is used


def test_a_publication_marks_its_rubric_as_used(rubric, copy, published):
    found = dict(Rubric.objects.values_list("code", "used_at"))
    assert found == {"2022": published.published_at, "2024": None}


def test_a_rubric_that_a_publication_used_is_closed(published):
    with pytest.raises(Used, match="Copy it, and change the copy"):
        Level.objects.update(points=1)


@pytest.mark.django_db(transaction=True)
def test_points_that_change_while_they_are_first_published_are_those_of_the_document(cast):
    factsheet = load(make_scored_document(), by=cast["ada"]).factsheet
    factsheet.editors.add(cast["ada"])
    for section in factsheet.sections.all():
        submit(section, by=cast["ada"])
        approve(section, by=cast["ben"])
    level = Level.objects.get(rule="scope.broad")

    def change():
        with suppress(Used):
            level.points = Decimal("0.7")
            level.save()

    published, _none = at_once(
        lambda: publish(factsheet, by=cast["cleo"], reasons=EXPLAINED), change
    )
    level.refresh_from_db()
    assert published.document["maturity"]["criteria"][0]["points"] == float(level.points)


def test_an_edition_chooses_only_what_is_released(copy):
    edition = Edition.objects.get()
    edition.rubric = copy
    with pytest.raises(ValidationError, match=r"“Copy of 2022” is a draft. Release it first"):
        edition.full_clean()


def test_the_page_of_an_edition_offers_only_what_is_released(admin_client, rubric, copy):
    edition = Edition.objects.get()
    page = f"/admin/policies/edition/{edition.pk}/change/"
    choices = admin_client.get(page).context["adminform"].form.fields["rubric"].queryset
    answer = admin_client.post(page, {"rubric": copy.pk})
    assert list(choices) == [rubric]
    assert "choose one that is released" in answer.text


def test_a_draft_is_no_filter_of_public_lists(client, published, copy):
    copy.criteria.filter(code="scope").update(title="A criterion to come")
    assert "A criterion to come" not in client.get("/factsheets/").text


def test_an_older_database_learns_what_is_used(rubric, copy, published):
    opened = Edition.objects.get()
    opened.pk, opened.year, opened.rubric = None, 2024, copy
    opened.collected_on = date(2024, 9, 30)
    opened.save(force_insert=True)
    draft = copied(rubric, "2026", "Nobody's")
    make_unused()
    Rubric.objects.update(released_at=None)
    import_module("policies.migrations.0009_rubrics_in_use").note_use(
        SimpleNamespace(get_model=apps.get_model), None
    )
    found = {each.code: (bool(each.released_at), each.used_at) for each in Rubric.objects.all()}
    assert found == {
        "2022": (True, published.published_at),
        "2024": (True, None),
        draft.code: (False, None),
    }


# Published documents under another rubric


def judged(points, reason="As the ministry says."):
    return make_judged({"scope": {"points": points, "reason": reason}})


@pytest.fixture
def site(cast, copy):
    """Two real countries, of which one is judged, and an invented one; broad policies get more."""
    make_publication(cast)
    make_publication(cast, make_scored_document("FR", maturity=judged(2)))
    make_publication(cast, make_scored_document("QM"))
    levels_of(copy, "scope").filter(rule="scope.broad").update(points=Decimal("0.7"))
    return copy


def levels_of(rubric, criterion):
    return Level.objects.filter(criterion__rubric=rubric, criterion__code=criterion)


def movers(client, rubric, edition="", kind="/"):
    return client.get(f"/admin/scoring/rubric/{rubric.pk}/movers{kind}", {"edition": edition})


def parts(client, rubric):
    return movers(client, rubric).context["parts"]


def rows(client, rubric):
    text = movers(client, rubric, kind=".csv").content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_a_document_under_its_own_rubric_gets_its_own_points(site):
    for publication in Edition.objects.get().factsheets.all():
        document = publication.publications.get().document
        maturity, published = rescored(document, RUBRIC), document["maturity"]
        assert number(maturity.total) == published["total"]
        assert [number(each.points) for each in maturity.criteria] == [
            each["points"] for each in published["criteria"]
        ]


def test_who_would_move_is_counted_and_invented_countries_apart(admin_client, site):
    real, invented = parts(admin_client, site)
    assert (real.count, invented.count) == (
        "1 of 2 countries would have other points.",
        "1 of 1 country would have other points.",
    )
    assert real.counts == ["a higher total: 1 of 1"]
    assert [each.country.name for each in (*real.movers, *real.stayers)] == ["Mexico", "France"]


def test_a_mover_is_shown_with_the_reasons_of_both(admin_client, site):
    ((mover,), _stayers) = (parts(admin_client, site)[0].movers, None)
    (row,) = mover.criteria
    assert (mover.before, mover.after) == ("1.5 of 8", "1.7 of 8")
    assert (row.title, row.before.points, row.after.points) == ("Policy scope", "0.5", "0.7")
    assert row.before.reasons[0].endswith("broad policy, so policy scope is 0.5.")
    assert row.after.reasons[0].endswith("broad policy, so policy scope is 0.7.")
    assert "/factsheets/2022/mexico/" in movers(admin_client, site).text


def test_nobody_moves_under_an_unchanged_copy(admin_client, site, rubric):
    assert [part.count for part in parts(admin_client, rubric)] == [
        "0 of 2 countries would have other points.",
        "0 of 1 country would have other points.",
    ]


def test_a_judgement_at_no_level_has_to_be_made_anew(admin_client, site):
    levels_of(site, "scope").filter(points=2).update(points=3)
    (france,) = [each for each in parts(admin_client, site)[0].movers if each.country.code == "FR"]
    (row,) = france.criteria
    assert (row.after.points, row.after.reasons) == ("–", ("As the ministry says.",))
    assert "has to be judged anew" in row.after.note
    assert france.after.endswith("not complete")
    assert "a criterion that has to be judged: 1 of 2" in parts(admin_client, site)[0].counts


def test_a_criterion_that_only_one_has_is_said_not_to_be_measured(admin_client, site):
    site.criteria.get(code="support").delete()
    site.criteria.create(code="new", title="New", description="New.").levels.create(
        points=1, label="Any", annex_label="any", rule="scope.broad"
    )
    (mexico,) = [each for each in parts(admin_client, site)[0].movers if each.country.code == "MX"]
    found = {row.title: (row.before.points, row.after.points) for row in mexico.criteria}
    assert found["New"] == ("not measured", "1")
    assert found["Cluster support instruments"] == ("0.5", "not measured")


def test_the_file_has_every_criterion_of_every_country(admin_client, site):
    found = rows(admin_client, site)
    assert len(found) == 3 * 4
    mexico = next(row for row in found if row["country_code"] == "MX")
    assert {name: mexico[name] for name in list(mexico)[:16]} == {
        "part": "real",
        "edition": "2022",
        "country_code": "MX",
        "country": "Mexico",
        "version": "1",
        "criterion_code": "scope",
        "criterion": "Policy scope",
        "moves": "yes",
        "rubric_before": "2022",
        "rubric_after": "2024",
        "points_before": "0.5",
        "points_after": "0.7",
        "maximum_before": "2",
        "maximum_after": "2",
        "basis_before": "derived",
        "basis_after": "derived",
    }
    assert {row["part"] for row in found} == {"real", "demonstration"}


def test_no_cell_of_the_file_is_a_formula(admin_client, cast, copy):
    document = make_scored_document(maturity=judged(2, "=HYPERLINK(1)"))
    make_publication(cast, document)
    assert rows(admin_client, copy)[0]["reason_after"] == "'=HYPERLINK(1)"


def test_only_publications_of_one_edition_are_read(
    admin_client, site, django_assert_max_num_queries
):
    parts(admin_client, site)
    for kind in ("/", ".csv"):
        with django_assert_max_num_queries(8):
            movers(admin_client, site, kind=kind)


@pytest.mark.parametrize("edition", ["1999", "x", "2022 ", "٢٠٢٢"])
def test_an_edition_without_publications_is_not_found(admin_client, site, edition):
    page = movers(admin_client, site, edition)
    assert (page.status_code, movers(admin_client, site, edition, ".csv").status_code) == (404, 404)
    assert "<option>2022</option>" in page.text


def test_without_publications_nobody_can_move(admin_client, copy):
    assert "nobody can move" in movers(admin_client, copy).text


# As a command


def scored(tmp_path, capsys, document, *options):
    file = tmp_path / "document.json"
    file.write_text(json.dumps(document))
    call_command("score", str(file), *options)
    printed = capsys.readouterr()
    return json.loads(printed.out), printed.err


def test_a_published_document_is_scored_under_any_rubric(tmp_path, capsys, client, site):
    document = client.get("/factsheets/2022/mexico.json").json()
    own, _said = scored(tmp_path, capsys, document)
    anew, said = scored(tmp_path, capsys, document, "--rubric", "2024")
    assert own["total"] == document["maturity"]["total"]
    assert (anew["rubric"], anew["total"], anew["criteria"][0]["points"]) == ("2024", 1.7, 0.7)
    assert said == ""


def test_a_draft_is_scored_under_any_rubric(tmp_path, capsys, site):
    anew, _said = scored(tmp_path, capsys, make_scored_document(), "--rubric=2024")
    assert anew["total"] == 1.7


def test_the_command_says_what_has_to_be_judged_anew(tmp_path, capsys, site):
    levels_of(site, "scope").filter(points=2).update(points=3)
    document = make_scored_document(maturity=judged(2))
    _anew, said = scored(tmp_path, capsys, document, "--rubric=2024")
    assert said == (
        "Policy scope: judged at 2, which is no level of this scoring system. "
        "It has to be judged anew.\n"
    )


def test_an_unknown_rubric_names_those_that_there_are(tmp_path, capsys, site):
    with pytest.raises(CommandError, match=r"no scoring system “2042”\. There are: 2022, 2024\."):
        scored(tmp_path, capsys, make_scored_document(), "--rubric", "2042")
