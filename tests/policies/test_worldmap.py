"""The drawings of the world and of Europe: places lie where they are, and paths stay small."""

import json
import re

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reference_data import DATA
from policies.worldmap import europe, world
from policies.worldmap.outline import area, clipped, path, simplified

DRAWINGS = {"world": world, "europe": europe}

CAPITALS = {
    "484": (-99.13, 19.43),
    "076": (-47.93, -15.78),
    "840": (-77.04, 38.90),
    "643": (37.62, 55.75),
    "156": (116.40, 39.90),
    "036": (149.13, -35.28),
    "404": (36.82, -1.29),
    "426": (28.1, -29.6),
    "983": (20.9, 42.6),
}
EUROPEAN = {
    "250": (2.35, 48.85),
    "276": (13.40, 52.52),
    "616": (21.01, 52.23),
    "724": (-3.70, 40.42),
    "056": (4.35, 50.85),
    "442": (6.13, 49.77),
    "578": (10.0, 60.6),
    "196": (33.0, 34.9),
    "804": (30.52, 50.45),
    "983": (20.9, 42.6),
}
EASTERNMOST = (-172.0, 65.5)  # in Russia, beyond the 180th meridian


def rings_of(svg):
    """The corners of each ring of a path, as a browser reads them."""
    for ring in svg.split("z")[:-1]:
        numbers = list(map(int, re.findall(r"-?\d+", ring)))
        x, y = numbers[:2]
        corners = [(x, y)]
        for step in range(2, len(numbers), 2):
            x, y = x + numbers[step], y + numbers[step + 1]
            corners.append((x, y))
        yield corners


def holds(svg, point):
    """Whether a point is inside a path, by the even-odd rule."""
    x, y = point
    inside = False
    for ring in rings_of(svg):
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                inside = not inside
    return inside


@pytest.mark.parametrize(
    ("name", "code", "place"),
    [
        *(("world", code, place) for code, place in CAPITALS.items()),
        *(("europe", code, place) for code, place in EUROPEAN.items()),
        ("world", "643", EASTERNMOST),
    ],
)
def test_a_place_lies_in_its_country_and_in_no_other(name, code, place):
    drawing = DRAWINGS[name]()
    spot = drawing.frame.place(place)
    found = [shape.code for shape in drawing.shapes.values() if holds(shape.path, spot)]
    assert found == [code]


def test_every_country_is_on_the_map_but_for_specks_and_parts_of_others():
    missing = {c.alpha_2 for c in pycountry.countries if c.numeric not in world().shapes}
    specks = {"AQ", "BV", "CC", "CX", "GI", "TK", "TV", "UM"}
    assert missing == specks | {"BQ", "GF", "GP", "MQ", "RE", "SJ", "YT"}


def test_every_eu_member_is_on_the_map_of_europe():
    members = json.loads((DATA / "countries.json").read_text(encoding="utf-8"))["eu"]
    codes = {pycountry.countries.get(alpha_2=member).numeric for member in members}
    assert codes <= set(europe().shapes)


@pytest.mark.parametrize(
    ("name", "code", "place"),
    [
        ("world", "470", (14.4, 35.9)),
        ("europe", "470", (14.4, 35.9)),
        ("world", "702", (103.8, 1.35)),
        ("world", "442", (6.13, 49.77)),
    ],
)
def test_a_small_state_is_marked_where_it_is(name, code, place):
    drawing = DRAWINGS[name]()
    shape, (x, y) = drawing.shapes[code], drawing.frame.place(place)
    assert shape.is_small
    assert shape.middle == pytest.approx((x, y), abs=8)


def test_a_country_that_the_frame_cuts_is_not_small():
    for code in ("643", "400", "760"):
        assert not europe().shapes[code].is_whole
        assert not europe().shapes[code].is_small


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_leaves_the_frame(name):
    drawing = DRAWINGS[name]()
    paths = [shape.path for shape in drawing.shapes.values()] + [drawing.rest]
    across, down = zip(
        *(spot for svg in paths for ring in rings_of(svg) for spot in ring), strict=True
    )
    assert 0 <= min(across) <= max(across) <= drawing.frame.width
    assert 0 <= min(down) <= max(down) <= drawing.frame.height


def test_no_line_crosses_the_map_from_side_to_side():
    steps = [
        abs(x2 - x1)
        for shape in world().shapes.values()
        for ring in rings_of(shape.path)
        for (x1, _y1), (x2, _y2) in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    assert max(steps) < world().frame.width / 8


def test_land_whose_status_the_list_does_not_name_is_drawn_without_a_code():
    assert holds(world().rest, world().frame.place((45.5, 9.7)))


def test_the_drawings_are_small():
    sizes = [
        sum(len(shape.path) for shape in drawn().shapes.values()) for drawn in DRAWINGS.values()
    ]
    assert sizes[0] < 40_000
    assert sizes[1] < 20_000


# The geometry

spots = st.tuples(st.integers(-50, 150), st.integers(-50, 150))
outlines = st.lists(spots, min_size=3, max_size=12)


@given(outlines)
def test_what_is_clipped_lies_in_the_frame_and_is_no_larger(ring):
    found = clipped(ring, 100, 80)
    assert all(0 <= x <= 100 and 0 <= y <= 80 for x, y in found)
    assert len(found) == 0 or area(found) <= 100 * 80


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 80)), min_size=3, max_size=12))
def test_what_lies_in_the_frame_is_left_alone(ring):
    assert clipped(ring, 100, 80) == ring


@given(outlines, st.integers(0, 30))
def test_a_simpler_line_keeps_its_ends_and_takes_no_new_points(line, tolerance):
    found = simplified(line, tolerance)
    assert (found[0], found[-1]) == (line[0], line[-1])
    rest = iter(line)
    assert all(point in rest for point in found)


@given(st.lists(outlines, max_size=3))
def test_a_path_is_read_as_it_was_written(rings):
    assert list(rings_of(path(rings))) == rings
