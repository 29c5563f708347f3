"""Where a country stands per criterion, on its own page."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from policies.models import Factsheet
from policies.presentation.words import moment
from policies.workflow import publish_whole
from tests.factory import (
    EXPLAINED,
    make_cast,
    make_judged,
    make_publication,
    make_scored_document,
)
from tests.policies.test_public_pages import Parsed, sample


def judged(code, points):
    """A factsheet with these points of scope, set by a person."""
    judgement = {"scope": {"points": points, "reason": "As the reviewer sees it."}}
    return make_scored_document(code, maturity=make_judged(judgement))


@pytest.fixture(scope="module")
def site(lasting):
    """Four real countries, two of them with one point of scope, and an invented one."""
    cast = make_cast()
    for code, points in {"FR": 1, "DE": 1, "MT": 0, "CH": 2}.items():
        make_publication(cast, judged(code, points))
    make_publication(cast, sample("fictavia"))
    return SimpleNamespace(cast=cast)


def scope(client, address="/factsheets/2022/france/"):
    html = client.get(address).content.decode()
    section = html[html.index('<section class="criterion" id="scope"') :]
    return Parsed(section[: section.index("</section>")])


def test_a_criterion_shows_how_many_have_which_points(site, db, client):
    found = scope(client)
    assert "2 of 4 countries have these points." in found.text
    for words in ("1 country with 0", "0 countries with 0.5", "2 countries with 1"):
        assert words in found.text


def test_it_says_until_when_it_counts(site, db, client):
    words = f"Counted from what was published until {moment(timezone.localdate())}."
    assert words in scope(client).text


def test_its_own_level_carries_a_mark_in_words_too(site, db, client):
    assert "1 (this country) 2 countries with 1" in scope(client).text


def test_each_number_opens_the_countries_that_it_counts(site, db, client):
    address = "/factsheets/?edition=2022&points=scope-1"
    assert address.replace("&", "&amp;") in scope(client).html
    names = client.get(address).content.decode()
    assert "France" in names
    assert "Germany" in names


def test_invented_countries_are_not_among_them(site, db, client):
    assert "countries have these points" not in scope(client, "/factsheets/2022/fictavia/").text


def test_it_follows_what_is_published_elsewhere(site, db, client):
    with transaction.atomic():
        assert "of 4 countries" in scope(client).text
        make_publication(site.cast, judged("ES", 1))
        assert "3 of 5 countries have these points." in scope(client).text
        transaction.set_rollback(True)


def test_an_old_version_stands_among_nobody(site, db, client):
    with transaction.atomic():
        _second_version(site.cast)
        assert "countries have these points" in scope(client).text
        old = scope(client, "/factsheets/2022/france/v1/")
        assert "countries have these points" not in old.text
        transaction.set_rollback(True)


def _second_version(cast):
    factsheet = Factsheet.objects.get(country__code="FR")
    plan = factsheet.policies.get()
    plan.names = ["The Better Plan"]
    plan.save()
    people = {"author": cast["ada"], "reviewer": cast["ben"], "publisher": cast["cleo"]}
    kind = {"note": "A better name.", "kind": "wording_only"}
    publish_whole(factsheet, **people, reasons=EXPLAINED, **kind)
