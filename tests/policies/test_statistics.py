"""The statistics of an edition, counted again from the published documents by other means."""

import csv
import io
import json
import random
import re
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from policies.models import Category, Country, Edition, Publication
from policies.presentation.words import moment, share
from policies.workflow import withdraw
from scoring.loading import copied
from scoring.models import Rubric
from tests.factory import (
    make_cast,
    make_judged,
    make_publication,
    make_scored_document,
    reported,
)
from tests.policies.test_docs_reading import TEXT
from tests.policies.test_public_pages import Parsed

REAL = ("FR", "DE", "MT", "CH", "US", "JP", "IT", "ES")
INVENTED = ("QM", "QN")
NOTHING = ("none_exists", "no_data", "not_applicable")
OPTIONAL = ("financial-instruments", "technical-assistance", "evaluation", "eu-priorities")
TEXTLESS = ("financial-instruments", "technical-assistance")
TICKED = ("objectives", "focus", "authorities", "beneficiaries", *OPTIONAL)


def made_up(code, dice, vocabulary):
    """A factsheet that says anything that can be said, as the dice fall."""
    document = make_scored_document(code)
    policies = [_policy(f"p{number}", dice, vocabulary) for number in range(dice.randint(0, 4))]
    status = "reported" if policies else dice.choice(["none_exist", "not_researched"])
    judged = {c: {"points": dice.choice([0, 0.5, 1, 2]), "reason": "Said so."} for c in CRITERIA}
    return {
        **document,
        "policies": policies,
        "policies_status": status,
        "maturity": make_judged(judged),
    }


CRITERIA = ("scope", "continuity", "evidence", "support")


def _policy(code, dice, vocabulary):
    period = dice.choice(["limited", "unlimited", "unknown"])
    start = dice.choice([None, *range(2000, 2026)])
    level = dice.choice(["national", "regional"])
    return {
        "code": code,
        "names": [code.upper()],
        "kind": dice.choice(["broad", "sectoral", "cluster"]),
        "level": level,
        "region": "The North" if level == "regional" else "",
        "is_example": dice.random() < 0.15,
        "period": period,
        "starting_year": start,
        "ending_year": (start or 2010) + dice.randint(1, 20) if period == "limited" else None,
        "budget": {name: _amount(dice) for name in ("overall", "annual")},
        "sections": [
            {"type": "history", "availability": "reported"},
            *(_section(type_, dice, vocabulary) for type_ in TICKED),
        ],
    }


def _amount(dice):
    if dice.random() < 0.4:
        return {"availability": "reported", "words": "Some money."}
    return {"availability": dice.choice([*NOTHING, "not_researched"])}


def _section(type_, dice, vocabulary):
    fate = dice.random()
    if fate < 0.6:
        codes = dice.sample(vocabulary[type_], dice.randint(1, min(3, len(vocabulary[type_]))))
        return {"type": type_, **reported(*codes)}
    if fate < 0.7 and type_ not in TEXTLESS:
        return {"type": type_, **reported(text="In words only.")}
    kinds = (*NOTHING, "not_researched") if type_ in OPTIONAL else NOTHING
    return {"type": type_, "availability": dice.choice(kinds)}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """An edition of made-up factsheets, some of invented countries; the same in every run."""
    with django_db_blocker.unblock(), transaction.atomic():
        dice, cast = random.Random(2022), make_cast()
        vocabulary = {}
        plain = Category.objects.filter(needs_detail=False)
        for section, code in plain.values_list("section_type__code", "code"):
            vocabulary.setdefault(section, []).append(code)
        for code in (*REAL, *INVENTED):
            make_publication(cast, made_up(code, dice, vocabulary))
        yield SimpleNamespace(cast=cast)
        transaction.set_rollback(True)


def counted(client, address="/statistics/2022.csv"):
    content = client.get(address).content.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(content))
    return {(row["figure"], row["code"], row["is_nothing"]): row for row in rows}


# A second computation: from the documents, with nothing of the first


def documents(invented=False):
    groups = {c.slug: c.group for c in Country.objects.all()}
    found = [p.document for p in Publication.objects.filter(is_current=True)]
    return [d for d in found if (groups[d["country"]["slug"]] == "demonstration") == invented]


def in_force(document):
    for policy in document["policies"]:
        begun = (policy["starting_year"] or 0) <= 2022
        lasts = (policy["ending_year"] or 9999) >= 2022
        if begun and lasts and not policy["is_example"]:
            yield policy


def independent(found):
    """Counts by figure and code, as a clerk would tally them on paper."""
    tally = Counter()
    for document in found:
        kinds = [policy["kind"] for policy in in_force(document)]
        for kind in set(kinds):
            tally["kinds", kind] += 1
        best = next((kind for kind in ("cluster", "sectoral", "broad") if kind in kinds), None)
        if best is None:
            unknown = document["policies_status"] == "not_researched"
            best = "unresearched" if unknown else "none"
        tally["strongest", best] += 1
        if best in ("none", "unresearched"):
            tally["kinds", best] += 1
        tally["totals", f"{document['maturity']['total']:g}"] += 1
        for criterion in document["maturity"]["criteria"]:
            tally[criterion["code"], f"{criterion['points']:g}"] += 1
        for policy in in_force(document):
            tally["periods", policy["period"]] += 1
            tally["ages", _age(policy)] += 1
            for name in ("overall", "annual"):
                tally[f"{name}-budget", policy["budget"][name]["availability"]] += 1
            for section in policy["sections"]:
                codes = [category["code"] for category in section["categories"]]
                for code in codes or [section["availability"]]:
                    tally[section["type"], code] += 1
    return tally


def _age(policy):
    if policy["starting_year"] is None:
        return "unknown"
    age = 2022 - policy["starting_year"]
    return "2" if age <= 2 else "5" if age <= 5 else "10" if age <= 10 else "over"


@pytest.mark.parametrize("part", ["countries", "demonstration"])
def test_every_count_is_what_a_second_computation_finds(site, db, client, part):
    found = documents(invented=part == "demonstration")
    tally = independent(found)
    rows = counted(client, f"/statistics/2022.csv?part={part}")
    assert len(rows) > 90
    rows = {key: row for key, row in rows.items() if key[0] not in ("levels", "groups")}
    assert {key: int(row["count"]) for key, row in rows.items()} == {
        key: tally[key[0], key[1]] for key in rows
    }
    in_figures = {figure for figure, _code, _nothing in rows}
    left_out = {key for key in tally if key[0] in in_figures} - {key[:2] for key in rows}
    assert left_out == set()
    policies = sum(len(list(in_force(document))) for document in found)
    for row in rows.values():
        assert int(row["of"]) == (len(found) if row["unit"] == "countries" else policies)


def test_the_matrix_is_what_a_second_computation_finds(site, db, client):
    content = client.get("/categories.json?section=all").content
    found = {d["country"]["name"]: d for invented in (0, 1) for d in documents(bool(invented))}
    rows = json.loads(content)["rows"]
    assert {row["country"] for row in rows} == set(found)
    for row in rows:
        assert row["has"] == _pooled(found[row["country"]], row["section"], row["category"])


def _pooled(document, section, code):
    said = []
    for policy in in_force(document):
        (cell,) = [cell for cell in policy["sections"] if cell["type"] == section]
        codes = [category["code"] for category in cell["categories"]]
        if code in codes:
            return "yes"
        said.append("no" if codes else cell["availability"])
    if not said:
        status = document["policies_status"]
        return "not_researched" if status == "not_researched" else "no_policy"
    order = ["not_researched", "no_data", "reported", "no", "none_exists", "not_applicable"]
    return min(said, key=order.index)


# The page


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return Parsed(response.content.decode())


def test_the_page_writes_how_many_countries_have_a_cluster_policy(site, db, client):
    having = sum("cluster" in {p["kind"] for p in in_force(d)} for d in documents())
    found = page(client, "/statistics/2022/").text
    assert f"{having} of 8 countries have a dedicated cluster policy." in found
    assert "2 invented countries are not counted here." in found


def test_invented_countries_have_statistics_of_their_own(site, db, client):
    found = page(client, "/statistics/2022/?part=demonstration")
    assert "of 2 invented countries" in found.text
    assert "/statistics/2022/" in found.links


def test_of_a_part_without_countries_nothing_is_counted(site, db, client):
    with transaction.atomic():
        _earlier_edition(site.cast)
        found = page(client, "/statistics/2021/?part=demonstration")
        main = Parsed(found.html[found.html.index("<main") : found.html.index("</main>")])
        assert "No invented country is published in this edition." in main.text
        assert "Every number opens" not in main.text
        assert "of 0" not in main.text
        assert {"/statistics/2021/", "/statistics/2022/?part=demonstration"} < set(main.links)
        assert "/statistics/2021.csv?part=demonstration" not in main.links
        transaction.set_rollback(True)


def test_changes_say_until_when_they_are_counted(site, db, client):
    with transaction.atomic():
        _earlier_edition(site.cast)
        assert COUNTED_UNTIL % today() in page(client, "/statistics/2022/changes/").text
        transaction.set_rollback(True)


COUNTED_UNTIL = "Counted from what was published until %s."


def today():
    return moment(timezone.localdate())


AVAILABILITY = {
    "none_exists": "None exists",
    "not_applicable": "Not applicable",
    "no_data": "No data available",
    "not_researched": "Not yet researched",
    "reported": "No category named",
}


def test_what_is_not_known_is_told_apart_and_is_no_bar(site, db, client):
    found = page(client, "/statistics/2022/").html
    figure = found[found.index('id="evaluation"') :]
    chart = json.loads(figure[figure.index('"application/json">') + 19 :].split("</script>")[0])
    table = figure[: figure.index("</section>")]
    missing = Parsed(table[table.index('class="missing"') :]).text
    tally = independent(documents())
    for code, words in AVAILABILITY.items():
        assert (words in missing) is bool(tally["evaluation", code])
        assert words not in chart["labels"]
    assert chart["of"] == sum(len(list(in_force(document))) for document in documents())


def test_the_edition_before_stands_beside(site, db, client):
    with transaction.atomic():
        _earlier_edition(site.cast)
        found = page(client, "/statistics/2022/")
        figure = found.html[found.html.index('id="kinds-title"') :]
        figure = Parsed(figure[: figure.index("</section>")]).text
        assert "In 2021" in figure
        assert "1 of 1" in figure
        rows = counted(client)
        keys = [("kinds", "broad"), ("levels", "broad.national"), ("groups", "broad.eu")]
        for row in (rows[*key, "False"] for key in keys):
            before = (row["edition_before"], row["count_before"], row["of_before"])
            assert before == ("2021", "1", "1")
        assert "/statistics/2021/" in found.links
        for code in ("levels", "groups"):
            assert "In 2021" in section(found, code).text
        assert "Broad policy" in section(found, "groups").text
        transaction.set_rollback(True)


def test_the_change_from_the_edition_before_is_taken_apart(site, db, client):
    with transaction.atomic():
        _earlier_edition(site.cast)
        assert "/statistics/2022/changes/" in page(client, "/statistics/2022/").links
        found = page(client, "/statistics/2022/changes/")
        assert "Points of 1 country" in found.text
        before, after = (
            Publication.objects.get(factsheet__country__code="FR", factsheet__edition__year=year)
            for year in (2021, 2022)
        )
        rows = [Parsed(part).text for part in found.html.split("<tr>")]
        total = next(row for row in rows if row.startswith("Total"))
        assert total.startswith(f"Total {float(before.total):g} {float(after.total):g} ")
        assert "/factsheets/france/over-time/" in found.links
        transaction.set_rollback(True)


def test_editions_of_two_methods_do_not_stand_side_by_side(site, db, client):
    with transaction.atomic():
        _earlier_edition(site.cast)
        other = copied(Rubric.objects.get(), "2021", "Method of 2021")
        Edition.objects.filter(year=2021).update(rubric=other)
        rows = counted(client)
        assert rows["scope", "0.5", "False"]["count_before"] == ""
        assert rows["totals", "2", "False"]["count_before"] == ""
        assert rows["kinds", "broad", "False"]["count_before"] == "1"
        html = page(client, "/statistics/2022/").html
        figure = html[html.index('<section class="figure" aria-labelledby="scope-title"') :]
        figure = Parsed(figure[: figure.index("</section>")])
        assert "The edition of 2021 was scored by another method" in figure.text
        assert not [link for link in figure.links if "edition=2021" in link]
        transaction.set_rollback(True)


def test_what_was_scored_by_a_former_system_is_counted_by_it(site, db, client):
    with transaction.atomic():
        before = counted(client)
        other = copied(Rubric.objects.get(), "other", "Another method")
        other.criteria.filter(code="support").delete()
        other.criteria.get(code="scope").levels.filter(points="0.5").update(points="0.7")
        other.criteria.get(code="evidence").levels.all().delete()
        new = other.criteria.create(code="network", title="Network", order=9)
        new.levels.create(points=1, rule="scope.cluster", label="There is one")
        Rubric.objects.filter(pk=other.pk).update(released_at=timezone.now())
        Edition.objects.filter(year=2022).update(rubric=other)
        after = counted(client)
        assert after["scope", "0.7", "False"]["count"] == "0"
        assert not [key for key in after if key[0] == "network"]
        given = [key for key in before if key[0] in CRITERIA and before[key]["count"] != "0"]
        assert len(given) > 8
        for key in given:
            assert after[key]["count"] == before[key]["count"]
            assert after[key]["figure_title"] == before[key]["figure_title"]
        transaction.set_rollback(True)


def test_a_criterion_that_a_later_system_renames_stays_one_figure(site, db, client):
    with transaction.atomic():
        for code in ("another", "third"):
            other = copied(Rubric.objects.get(code="2022"), code, code)
            other.criteria.filter(code="scope").update(title=f"Scope, {code}")
            other.criteria.get(code="scope").levels.filter(points="0.5").update(points="0.7")
            Rubric.objects.filter(pk=other.pk).update(released_at=timezone.now())
        for code in ("another", "third"):
            Edition.objects.filter(year=2022).update(rubric=Rubric.objects.get(code=code))
            rows = [row for row in counted(client).values() if row["figure"] == "scope"]
            assert {row["figure_title"] for row in rows} == {f"Scope, {code}"}
        transaction.set_rollback(True)


def test_every_total_has_a_bar(site, db, client):
    with transaction.atomic():
        _sql("UPDATE policies_publication SET total = 1.7 WHERE is_current")
        row = counted(client)["totals", "1.7", "False"]
        assert row["count"] == row["of"]
        transaction.set_rollback(True)


def test_countries_without_a_criterion_are_not_counted_as_without_points(site, db, client):
    with transaction.atomic():
        france = Publication.objects.get(factsheet__country__code="FR")
        _sql(f"DELETE FROM policies_publishedscore WHERE publication_id = {france.pk}")
        assert counted(client)["scope", "unmeasured", "True"]["count"] == "1"
        assert "Not measured: scored by a system" in page(client, "/statistics/2022/").text
        transaction.set_rollback(True)


def _sql(statement):
    """What no code of ours can do to a publication."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_numbers_of_the_edition_before_open_their_lists_too(site, db, client):
    with transaction.atomic():
        _earlier_edition(site.cast)
        found = page(client, "/statistics/2022/").html
        numbers = re.findall(r'<a href="([^"]+edition=2021[^"]*)">(\d+) of', found)
        assert len(numbers) > 90
        for link, count in [*numbers[:3], *numbers[40:60]]:
            assert _listed(client, link, "countries") == int(count), link
        transaction.set_rollback(True)


def section(found, code):
    """The part of the page with this figure."""
    part = found.html[found.html.index(f'aria-labelledby="{code}-title"') :]
    return Parsed(part[: part.index("</section>")])


def test_of_each_group_what_is_not_known_stands_apart(site, db, client):
    rows, groups = counted(client), dict(Country.objects.values_list("slug", "group"))
    by_group = {}
    for document in documents():
        by_group.setdefault(groups[document["country"]["slug"]], []).append(document)
    assert len(by_group) > 1
    for group, found in by_group.items():
        tally = independent(found)
        for code in ("none", "unresearched"):
            row = rows["groups", f"{code}.{group}", "True"]
            assert (row["count"], row["of"]) == (str(tally["strongest", code]), str(len(found)))
    shown = page(client, "/statistics/2022/")
    labels = [chart["labels"] for code, chart in charts(shown).items() if code == "groups"]
    assert labels == [["Cluster policy", "Sectoral policy", "Broad policy"]]


def test_of_kinds_what_is_not_known_stands_below_the_bars(site, db, client):
    tally = independent(documents())
    found = section(page(client, "/statistics/2022/"), "kinds")
    assert tally["kinds", "none"]
    assert f"No policy in force {tally['kinds', 'none']} " in found.text
    assert "/factsheets/?edition=2022&strongest=none" in found.links


def charts(found):
    """What each chart draws, by figure."""
    data = re.findall(r'<script id="([^"]+)-chart-data"[^>]*>(.+?)</script>', found.html)
    return {code: json.loads(drawn) for code, drawn in data}


def test_files_hold_kinds_by_level_and_group_too(site, db, client):
    rows = counted(client)
    found = [
        p for d in documents() for p in {q["level"] for q in in_force(d) if q["kind"] == "cluster"}
    ]
    for level in ("national", "regional"):
        row = rows["levels", f"cluster.{level}", "False"]
        assert (int(row["count"]), row["of"]) == (found.count(level), "8")
    assert {code for figure, code, _nothing in rows if figure == "groups"} >= {"cluster.eu"}


def test_files_explain_themselves(site, db, client):
    today = timezone.localdate().isoformat()
    address = f"/statistics/2022.csv?part=demonstration&on={today}"
    name = f'attachment; filename="statistics-2022-demonstration-{today}.csv"'
    assert client.get(address)["Content-Disposition"] == name
    rows = counted(client, address)
    assert {(row["on"], row["latest_publication"]) for row in rows.values()} == {(today, today)}
    assert {row["on"] for row in counted(client).values()} == {""}
    assert [row for row in rows.values() if not row["label"] or not row["figure_title"]] == []
    explained = TEXT[TEXT.index("## Statistics") :].split("\n## ")[0]
    for key, words in LABELS.items():
        row = rows[key]
        assert (row["figure_title"], row["label"]) == words
        assert [column for column in row if f"`{column}`" not in explained] == []


LABELS = {
    ("kinds", "cluster", "False"): ("Countries with a policy of each kind", "Cluster policy"),
    ("levels", "broad.national", "False"): ("Kind and level of policy", "Broad policy: National"),
    ("levels", "none", "True"): ("Kind and level of policy", "No policy in force"),
    ("evaluation", "reported", "True"): ("Policy evaluation", "No category named"),
    ("ages", "unknown", "True"): ("Ages of policies", "Starting year not known"),
    ("totals", "0.5", "False"): ("Total scores", "0.5"),
    ("overall-budget", "reported", "False"): ("Overall budgets", "Reported"),
}


@pytest.mark.parametrize(("part", "whole", "words"), [(7, 56, "13 %"), (1, 8, "13 %"), (0, 0, "–")])
def test_half_a_percent_is_rounded_up(part, whole, words):
    assert share(part, whole) == words


def test_the_first_edition_has_nothing_to_be_compared_with(site, db, client):
    assert "nothing to compare yet" in page(client, "/statistics/2022/changes/").text


def _earlier_edition(cast):
    edition = Edition.objects.get(year=2022)
    values = {"rubric": edition.rubric, "label": "Q3 2021", "collected_on": "2021-09-30"}
    Edition.objects.create(year=2021, publisher="P", licence="L", source_line="S", **values)
    make_publication(cast, make_scored_document("FR", edition={"year": 2021}))


def test_a_day_gone_by_is_shown_as_it_stood(site, db, client):
    today = timezone.localdate()
    with transaction.atomic():
        table = Publication._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET published_at = %s", [timezone.now() - timedelta(days=9)]
            )
        france = Publication.objects.get(factsheet__country__code="FR")
        before = page(client, "/statistics/2022/").text
        withdraw(france, by=site.cast["cleo"], reason="A mistake.")
        now = page(client, "/statistics/2022/")
        then = page(client, f"/statistics/2022/?on={today - timedelta(days=1)}")
        assert "of 8 countries" in before
        assert "of 7 countries" in now.text
        assert "of 8 countries" in then.text
        assert "This is what was published when" in then.text
        early = page(client, f"/statistics/2022/?on={today - timedelta(days=30)}", 404)
        assert "was published on" in early.text
        for address in ("/categories/", "/categories/objectives/rd/"):
            gone = page(client, f"{address}?on={today - timedelta(days=30)}", 404)
            assert "No factsheet was published on" in gone.text
        _earlier_edition(site.cast)
        address = f"?on={today - timedelta(days=1)}"
        assert "/statistics/2021/" not in page(client, f"/statistics/2022/{address}").html
        category = page(client, f"/categories/objectives/rd/?edition=2022&on={today}").html
        assert "Over the editions" in category
        category = page(client, f"/categories/objectives/rd/{address}").html
        assert "Over the editions" not in category
        transaction.set_rollback(True)


REFUSED = [
    ("/statistics/1999/", 404, "No factsheet is published in the 1999 edition."),
    ("/statistics/2022/?on=soon", 400, "As published on: “soon” is no day"),
    ("/statistics/2022/?part=mars", 400, "Part: “mars” is not among the choices."),
    ("/statistics/2022/?on=2022-01-01&on=2023-01-01", 400, "is given more than once"),
    ("/statistics/2022.csv?group=eu&part=countries", 400, "can’t be filtered by “group”"),
    ("/statistics/2022.json?edition=2021", 400, "can’t be filtered by “edition”"),
]


@pytest.mark.parametrize(("address", "status", "words"), REFUSED)
def test_what_can_not_be_is_refused_with_a_way_out(site, db, client, address, status, words):
    found = page(client, address, status)
    assert words in found.text
    main = found.html[found.html.index("<main") : found.html.index("</main>")]
    assert Parsed(main).links


def test_the_latest_edition_is_meant_where_none_is_named(site, db, client):
    assert client.get("/statistics/")["Location"] == "/statistics/2022/"


# Every number opens its list


@pytest.mark.parametrize("part", ["countries", "demonstration"])
def test_every_number_opens_the_list_that_it_counts(site, db, client, part):
    """All bars of the page, each against the number of rows of its list."""
    found = page(client, f"/statistics/2022/?part={part}")
    numbers = re.findall(r'<a href="(/(?:factsheets|policies)/[^"]+)">(\d+)', found.html)
    assert "/factsheets/?edition=2022&amp;judged=yes" in found.html
    assert len(numbers) > 90
    assert [(link, int(count)) for link, count in numbers] == [
        (link, _listed(client, link, part)) for link, _count in numbers
    ]
    opened = {(link.replace("&amp;", "&"), int(count)) for link, count in numbers}
    assert set(_bars(found)) <= opened
    assert len(charts(found)["levels"]["series"]) == 2
    totals = re.findall(r'<a class="count" href="([^"]+)">Of (\d+)', found.html)
    assert len(totals) > 20
    for link, count in dict.fromkeys(totals):
        assert _listed(client, link, part) == int(count), link


def _bars(found):
    """The list that each bar leads to, and how long it is."""
    for chart in charts(found).values():
        for series in chart.get("series", [chart]):
            yield from zip(series["urls"], series["counts"], strict=True)


def _listed(client, link, part):
    """How many rows of the list are of the part, and counted there."""
    path, _question, query = link.replace("&amp;", "&").partition("?")
    response = client.get(f"{path.rstrip('/')}.json?{query}")
    assert response.status_code == 200, link
    parts = json.loads(response.content)["parts"]
    name = "in-force" if "in-force" in parts else "countries"
    if part == "demonstration":
        return sum(row.get("standing", "in_force") == "in_force" for row in parts[part])
    return len(parts[name])


def test_a_list_of_a_day_gone_by_names_versions_that_stay(site, db, client):
    today = timezone.localdate()
    with transaction.atomic():
        france = Publication.objects.get(factsheet__country__code="FR")
        withdraw(france, by=site.cast["cleo"], reason="A mistake.")
        table = Publication._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET published_at = %s", [timezone.now() - timedelta(days=9)]
            )
        asked = f"?edition=2022&on={today - timedelta(days=1)}"
        then, now = page(client, f"/factsheets/{asked}"), page(client, "/factsheets/?edition=2022")
        assert "/factsheets/2022/france/v1/" in then.links
        assert "/factsheets/2022/france/" not in now.links
        assert "This is what was published when" in then.text
        policies = page(client, f"/policies/{asked}&kind=broad&kind=sectoral&kind=cluster")
        assert "This is what was published when" in policies.text
        transaction.set_rollback(True)


LISTS_REFUSE = [
    ("/factsheets/?on=2999-01-01", "As published on: This day has not come yet."),
    ("/policies/?on=soon", "As published on: Write a day that has come, like 2022-12-31."),
    ("/policies/?on=2026-01-01&q=plan", "Only what is published today can be searched for words."),
    ("/policies/?age=old", "Age: “old” is not among the choices."),
    ("/policies/?said=objectives.nothing", "is not among the choices"),
]


@pytest.mark.parametrize(("address", "words"), LISTS_REFUSE)
def test_lists_refuse_days_and_facts_that_can_not_be(site, db, client, address, words):
    assert words in page(client, address, 400).text
