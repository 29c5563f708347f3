"""docs/reading.md names every parameter of the lists, and no other."""

import re
from pathlib import Path

import pytest

from policies.listing.asking import PAGING
from policies.listing.filters import FactsheetFilters, PolicyFilters
from policies.models import Standing
from policies.what_if.asking import FACTS, NEW, STATUS

TEXT = (Path(__file__).parents[2] / "docs/reading.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+?) \| (both|factsheets|policies) \| (.+) \|$", TEXT, re.MULTILINE)
NAMED = {name: of for names, of, _what in ROWS for name in re.findall(r"`(\w+)`", names)}


def test_every_parameter_of_the_lists_is_explained():
    known = {*FactsheetFilters.base_filters, *PolicyFilters.base_filters, *PAGING, "colour"}
    assert set(NAMED) == known


@pytest.mark.parametrize("name", {**FactsheetFilters.base_filters, **PolicyFilters.base_filters})
def test_it_says_which_list_has_a_filter(name):
    lists = {"factsheets": FactsheetFilters, "policies": PolicyFilters}
    having = [of for of, filters in lists.items() if name in filters.base_filters]
    assert NAMED[name] == ("both" if len(having) == 2 else having[0])


@pytest.mark.parametrize("filters", [FactsheetFilters, PolicyFilters])
@pytest.mark.parametrize("name", ["group", "kind", "level", "match", "sort"])
def test_every_value_that_never_changes_is_named(filters, name):
    (what,) = [what for names, _of, what in ROWS if f"`{name}`" in names]
    for value, _label in filters.base_filters[name].extra["choices"]:
        assert f"`{value}`" in what


def test_every_fact_that_can_be_supposed_is_explained():
    part = TEXT[TEXT.index("## What if") :].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| .+ \|$", part, re.MULTILINE)
    named = {name for names in rows for name in re.findall(r"`(\w+)`", names)}
    assert named == {STATUS, *FACTS}
    assert all(f"`{code}`" in part for code in NEW)


def test_the_parts_of_the_list_of_policies_are_named():
    (what,) = [what for names, _of, what in ROWS if names == "`part`"]
    for standing in Standing:
        assert f"`{standing.value.replace('_', '-')}`" in what
