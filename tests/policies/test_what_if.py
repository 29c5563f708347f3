"""What a factsheet would score if its facts were others: the address, the page, who did it."""

import re
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from policies.what_if.simulating import simulate
from policies.workflow import withdraw
from scoring.maturity import assess
from scoring.rules import RULES
from tests.factory import (
    make_cast,
    make_judged,
    make_publication,
    make_scored_document,
    reported,
)
from tests.policies.test_public_pages import Parsed, make_edition, sample
from tests.scoring.make import RUBRIC
from tests.scoring.test_scoring_properties import facts as any_facts

MEXICO = "/factsheets/2022/mexico/what-if/"
COURSE = "course-for-an-industrial-policy"
OTHERS = ("ES", "IT", "PL", "AT", "BE", "CZ", "DK")


def with_cluster(country, *evaluations, year=2022, **fields):
    """A country whose one policy is a cluster policy."""
    document = make_scored_document(country, edition={"year": year})
    policy = document["policies"][0] | {"kind": "cluster", "starting_year": 2015, **fields}
    sections = [each for each in policy["sections"] if each["type"] != "evaluation"]
    evaluated = {"type": "evaluation", **reported(*evaluations, text="Looked at.")}
    return document | {"policies": [policy | {"sections": [*sections, evaluated]}]}


@pytest.fixture(scope="module")
def site(lasting):
    """Mexico and two invented countries; France and Germany had an edition before."""
    cast = make_cast()
    make_edition(2021)
    documents = [sample(name) for name in ("mexico", "fictavia", "inventoria")]
    documents += [make_scored_document("FR", edition={"year": 2021})]
    documents += [with_cluster("DE", "ex-ante", year=2021), with_cluster("DE", "ex-ante")]
    documents += [with_cluster("FR", "ex-ante", "monitoring")]
    documents += [make_scored_document(code) for code in OTHERS]
    published = [make_publication(cast, document) for document in documents]
    return SimpleNamespace(cast=cast, mexico=published[0])


@pytest.fixture
def get(site, db, client):
    def fetch(address, status=200, **options):
        response = client.get(address, **options)
        assert response.status_code == status, response.content.decode()[:2000]
        return Parsed(response.content.decode())

    return fetch


def supposing(path=MEXICO, **facts):
    """Of Mexico's policy that counts."""
    return f"{path}?" + urlencode([(f"{COURSE}.{name}", value) for name, value in facts.items()])


def rows(page):
    """Points as published and as simulated, by criterion and of the total."""
    table = page.html[page.html.index('class="what-if-points"') :]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", table[: table.index("</table>")], re.DOTALL)[1:]:
        title = Parsed(re.search(r"<th.*?</th>", row, re.DOTALL)[0]).text
        found[title] = tuple(re.findall(r"<b>(.*?)</b>", row))
    return found


def steps(page, criterion):
    """The words and the address of each step of a criterion."""
    start = page.html.index(f'id="steps-{criterion}"')
    part = page.html[start : page.html.index("</section>", start)]
    found = re.findall(
        r'<li>\s*<a href="(.*?)"[^>]*>(.*?)</a>\s*<span class="gives">(.*?)</span>', part
    )
    return [(words, gives, url.replace("&amp;", "&")) for url, words, gives in found]


# The score


@pytest.mark.parametrize("slug", ["mexico", "fictavia", "inventoria", "france", "spain"])
def test_with_nothing_changed_it_gives_the_published_score(get, slug):
    page = get(f"/factsheets/2022/{slug}/what-if/")
    assert all(before == after for before, after in rows(page).values())
    assert "Nothing is changed yet" in page.text


@given(any_facts, st.dictionaries(st.sampled_from(["scope", "support"]), st.just(Decimal(1))))
def test_with_nothing_changed_any_facts_and_judgements_give_their_score(facts, judged):
    simulation = simulate(facts, facts, RUBRIC, judged)
    assert simulation.before == simulation.after == assess(facts, RUBRIC, judged)
    assert simulation.set_aside == set()


def test_a_changed_fact_changes_points_level_and_reason(get):
    page = get(supposing(kind="sectoral"))
    assert rows(page)["Policy scope"] == ("0.5", "1")
    assert rows(page)["Continuity"] == ("0", "0")
    assert "Course for an Industrial Policy is a sectoral policy." in page.text
    assert "What is supposed Policy Fact Published Supposed" in page.text
    assert "Kind Published Broad policy Supposed Sectoral policy" in page.text


def test_it_says_everywhere_that_it_is_a_simulation(get):
    page = get(MEXICO)
    assert "This is a simulation, not a score." in page.text
    assert ("meta", {"name": "robots", "content": "noindex"}) in page.tags
    assert "a simulation ·" in page.text.split("Skip")[0]


def test_a_judgement_is_kept_until_a_fact_changes_that_its_criterion_reads(get):
    kept = get(supposing(monitoring="present"))
    assert rows(kept)["Cluster support instruments"] == ("0.5", "0.5")
    assert "Judged, and kept" in kept.text
    assert rows(kept)["Total"] == ("1.5", "3")
    aside = get(supposing(financial="present"))
    assert "The published points were judged from other facts." in aside.text
    assert "0.5 of 2 derived" in aside.text
    assert rows(aside)["Total"] == ("1.5", "1.5")
    assert aside.text.count(", of which 0.5 judged") == 2  # of the published total, and below


def test_a_policy_can_be_left_out_and_others_added(get):
    page = get(f"{MEXICO}?{COURSE}.out=1&new.1.kind=cluster&new.1.since=2010")
    assert rows(page)["Continuity"] == ("0", "2")
    assert "New policy 1 is a cluster policy." in page.text
    assert "New policy 1 Kind Published \N{EN DASH} Supposed Cluster policy" in page.text
    assert rows(get(f"{MEXICO}?{COURSE}.out=1"))["Total"] == ("1.5", "\N{EN DASH}")


def test_what_is_not_known_can_be_supposed_unknown_again(get):
    page = get(supposing(monitoring="unknown"))
    assert "It is not known whether Course for an Industrial Policy is monitored." in page.text


def test_a_policy_that_ends_before_the_edition_does_not_count(get):
    page = get(supposing(start="2010", end="2015"))
    assert "ended before 2022: only its evaluations count" in page.text


def test_where_the_rules_are_others_now_it_says_so(get, monkeypatch):
    never = replace(RULES["scope.broad"], predicate=lambda kind: False)
    monkeypatch.setitem(RULES, "scope.broad", never)
    assert "The scoring system was edited after this factsheet was published" in get(MEXICO).text


def test_where_the_rules_are_gone_it_leads_back_to_the_factsheet(get, monkeypatch):
    monkeypatch.delitem(RULES, "scope.broad")
    assert "/factsheets/2022/mexico/" in get(MEXICO, 404).links


# The address


LONG = {"kind": "broad", "start": "2022", "financial": "unknown", "monitoring": "present"}


def test_the_address_of_the_whole_form_leads_to_what_differs(get, client):
    response = client.get(supposing(**LONG) + "&status=reported&new.1.kind=&new.1.end=2020")
    assert response.status_code == 302
    assert response.url == supposing(monitoring="present")


def test_parameters_of_others_are_ignored(get, client):
    assert client.get(f"{MEXICO}?utm_source=mail").status_code == 200


def test_a_factsheet_without_policies_reports_them_once_one_is_added(get):
    page = get("/factsheets/2022/inventoria/what-if/?new.1.kind=broad")
    assert rows(page)["Policy scope"] == ("0", "0.5")
    assert page.html.count('<option value="reported" selected>') == 1


REFUSED = {
    f"{COURSE}.start=99999": "“99999” is no year from 1800 to 2200",
    f"{COURSE}.start=1799": "is no year",
    f"{COURSE}.start=٢٠٢٢": "is no year",
    f"{COURSE}.kind=wonderful": "take one of broad, sectoral, cluster",
    f"{COURSE}.monitoring=maybe": "take one of present, absent, unknown",
    f"{COURSE}.out=2": "it can only be 1.",
    f"{COURSE}.colour=red": "“colour” is no fact that moves the score",
    f"{COURSE}.kind=broad&{COURSE}.kind=cluster": "given more than once",
    f"{COURSE}.start=2015&{COURSE}.end=2014": "can not end in 2014, before it starts in 2015",
    f"{COURSE}.kind=cluster&{COURSE}.since=2100": "can not run without a break since 2100",
    "no-such-plan.kind=cluster": "no policy “no-such-plan”",
    "business-and-investment-development-strategy-2014-2020.kind=cluster": "no policy",
    "new.4.kind=cluster": "no policy “new.4”",
    "new.1.monitoring=present": "of a new policy whose kind",
    "new.1.kind=cluster&new.1.end=1990": "New policy 1 can not end in 1990",
    "status=rich": "“rich” is no value of “status”",
    "&".join(f"p{n}.kind=broad" for n in range(3000)): "no policy “p0”",
    ".kind=broad": "no policy",
    f"{COURSE}.kind=%00": "is no value",
}


@pytest.mark.parametrize(("query", "message"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_can_not_be_is_refused_in_words_with_a_way_out(get, query, message):
    page = get(f"{MEXICO}?{query}", 400)
    assert message in page.text
    assert MEXICO in page.links
    assert len(page.html) < 20_000


def test_the_way_out_keeps_what_was_right(get):
    page = get(f"{MEXICO}?{COURSE}.kind=cluster&{COURSE}.start=1", 400)
    assert supposing(kind="cluster") in page.links


def test_where_there_is_no_factsheet_it_says_what_there_is(get):
    assert MEXICO.removesuffix("what-if/") in get("/factsheets/2022/atlantis/what-if/", 404).links
    assert "1999" in get("/factsheets/1999/mexico/what-if/", 404).text


def test_of_a_withdrawn_factsheet_nothing_is_supposed(site, get):
    withdraw(site.mexico, by=site.cast["cleo"], reason="Mistaken.")
    page = get(MEXICO, 410)
    assert "withdrawn" in page.text
    assert "/factsheets/2022/mexico/" in page.links


# The smallest changes


@pytest.mark.parametrize("slug", ["mexico", "inventoria"])
def test_every_step_is_a_link_that_gives_what_it_says(get, slug):
    page = get(f"/factsheets/2022/{slug}/what-if/")
    titles = dict(re.findall(r'id="steps-(\w+)">(.*?)</h3>', page.html))
    found = [(title, step) for code, title in titles.items() for step in steps(page, code)]
    for title, (words, gives, url) in found:
        after = rows(get(url))[title][1]
        assert gives.startswith(f"gives {after}:"), words
    assert len(found) > 3 or slug != "mexico"


def test_steps_go_on_from_what_is_supposed(get):
    page = get(supposing(kind="cluster"))
    (highest, *_others) = steps(page, "continuity")
    assert highest[0] == "Course for an Industrial Policy has run without a break since 2011"
    assert highest[2] == supposing(kind="cluster", since="2011")


def test_countries_that_have_a_step_are_named_with_the_cell_that_says_so(get):
    page = get(MEXICO)
    assert "2 of 9 other countries have this: France , Germany" in page.text
    assert "/factsheets/2022/france/#plan.heading" in page.links
    assert "1 of 9 other countries has this: France" in page.text
    assert "/factsheets/2022/france/#plan.evaluation" in page.links


def test_who_has_run_so_long_is_found_whether_it_was_derived_or_judged(site, get):
    judged = make_judged({"continuity": {"points": 0, "reason": "It paused, it seems."}})
    long = with_cluster("SE", "ex-ante", starting_year=2012, continuous_since=2001)
    make_publication(site.cast, long | {"maturity": judged})
    page = get(supposing(kind="cluster"))
    assert "/factsheets/2022/sweden/#plan.history" in page.links
    assert "1 of 10 other countries has this: Sweden" in page.text


def test_countries_that_made_a_step_since_the_edition_before_are_named(get):
    page = get(MEXICO)
    assert "Not on record in the edition before, but now: France" in page.text
    assert "but now: France ," not in page.text
    assert "edition before" not in get("/factsheets/2021/france/what-if/").text


def test_invented_countries_are_named_apart(get):
    page = get(MEXICO)
    assert "Invented for demonstration: Fictavia" in page.text
    assert "Mexico" not in get("/factsheets/2022/inventoria/what-if/").element("steps-scope")


def test_many_countries_are_counted_and_lead_to_the_list_of_them(get):
    page = get("/factsheets/2022/inventoria/what-if/")
    assert "8 of 10 other countries have this:" in page.text
    assert "and 3 more" in page.text
    lists = {link for link in page.links if link.startswith(("/policies/?", "/factsheets/?"))}
    assert {
        "/policies/?edition=2022&kind=broad&part=in-force",
        "/policies/?edition=2022&category=evaluation.ex-ante&part=in-force",
    } <= lists
    (broad, *_others) = [link for link in lists if link.endswith("kind=broad&part=in-force")]
    assert sum(link.endswith(".heading") for link in get(broad).links) == 8
    for address in lists:
        get(address)


def test_where_no_list_is_of_them_all_are_named(site, get):
    for code in ("EE", "FI", "LT", "LV", "SE", "SI"):
        make_publication(site.cast, with_cluster(code, "ex-ante", starting_year=2005))
    page = get(supposing(kind="cluster"))
    assert "and 1 more Sweden" in page.text
    assert "/factsheets/2022/sweden/#plan.history" in page.links


def test_a_bounded_search_says_that_it_ended_early(get, monkeypatch):
    monkeypatch.setattr("scoring.steps.TRIES", 3)
    assert "the search ended before all was tried" in get(MEXICO).text


# Its place


def test_the_current_factsheet_leads_there(get):
    assert MEXICO in get("/factsheets/2022/mexico/").links


@pytest.mark.parametrize(("address", "most"), [(MEXICO, 6), (supposing(kind="cluster"), 6)])
def test_it_takes_at_most_eight_queries_and_one_when_remembered(get, address, most):
    with CaptureQueriesContext(connection) as cold:
        get(address)
    with CaptureQueriesContext(connection) as remembered:
        get(address)
    assert (len(cold), len(remembered)) == (most, 1)


def test_every_fact_that_the_address_can_say_is_a_field(get):
    page = get(MEXICO)
    names = {
        found["name"] for tag, found in page.tags if tag in ("select", "input") and "name" in found
    }
    facts = ("out", "kind", "start", "end", "since", "financial", "technical", "monitoring")
    assert {f"{COURSE}.{fact}" for fact in (*facts, "ex_ante", "ex_post", "ongoing")} <= names
    assert {"status", "new.1.kind"} <= names
    assert reverse("policies:factsheet_what_if", args=[2022, "mexico"]) == MEXICO


def test_a_long_name_or_odd_code_does_no_harm(site, get):
    document = make_scored_document("CH")
    odd = document["policies"][0] | {"code": "new-1", "names": ["<b>" + "x" * 280]}
    make_publication(site.cast, document | {"policies": [odd]})
    page = get("/factsheets/2022/switzerland/what-if/?new-1.kind=cluster&new.1.kind=broad")
    assert "<b>xxx" not in page.html


def test_it_stays_in_the_language_of_the_page_for_no_query_more(get, client):
    with CaptureQueriesContext(connection) as cold:
        page = get(f"/es{MEXICO}")
    assert len(cold) == 6
    assert all(url.startswith(f"/es{MEXICO}?") for _words, _gives, url in steps(page, "scope"))
    assert client.get("/es" + supposing(kind="broad")).url == f"/es{MEXICO}"
