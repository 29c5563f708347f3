"""Published documents under another scoring system: who would move, and why."""

import csv
import json
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from policies.document import number
from policies.models import Edition
from policies.rescoring import rescored
from scoring.loading import copied
from scoring.models import Level, Rubric
from tests.factory import make_cast, make_judged, make_publication, make_scored_document
from tests.lasting import lent
from tests.scoring.make import RUBRIC

pytestmark = pytest.mark.django_db


def judged(points, reason="As the ministry says."):
    return make_judged({"scope": {"points": points, "reason": reason}})


@pytest.fixture(scope="module")
def once(lasting):
    """Two real countries, of which one is judged, and an invented one; broad policies get more."""
    cast = make_cast()
    make_publication(cast)
    make_publication(cast, make_scored_document("FR", maturity=judged(2)))
    make_publication(cast, make_scored_document("QM"))
    copy = copied(Rubric.objects.get(), "2024", "Copy of 2022")
    levels_of(copy, "scope").filter(rule="scope.broad").update(points=Decimal("0.7"))
    return SimpleNamespace(cast=cast, site=copy)


cast, site = lent("cast"), lent("site")


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


def test_nobody_moves_under_the_rubric_itself(admin_client, site):
    assert [part.count for part in parts(admin_client, Rubric.objects.get(code="2022"))] == [
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


def test_no_cell_of_the_file_is_a_formula(admin_client, cast, site):
    make_publication(cast, make_scored_document("DE", maturity=judged(2, "=HYPERLINK(1)")))
    assert "'=HYPERLINK(1)" in {row["reason_after"] for row in rows(admin_client, site)}


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
