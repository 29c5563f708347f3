"""A topology drawn into a frame: a path for each country, or only its place if it is small."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from policies.worldmap.outline import (
    Outline,
    Spot,
    area,
    box,
    clipped,
    middle,
    path,
    simplified,
    tidied,
)
from policies.worldmap.topology import Point, Ring, Topology, stitched


@dataclass(frozen=True)
class Frame:
    """What of the projected plane is drawn, and how large; a unit is a quarter of a pixel of a
    drawing of its usual size."""

    project: Callable[[Point], Point]
    left: float
    top: float
    scale: float
    width: int
    height: int
    tolerance: float
    sees: Callable[[Point], bool] = lambda point: True

    def place(self, point: Point) -> Point:
        """Longitude and latitude to units from the left and the top."""
        x, y = self.project(point)
        return (x - self.left) * self.scale, (self.top - y) * self.scale


@dataclass(frozen=True)
class Shape:
    """A country: its outline, empty where it is too small for one, and the middle of its largest
    part, which the frame may cut."""

    code: str
    path: str
    middle: Spot
    is_small: bool
    is_whole: bool


@dataclass(frozen=True)
class Drawing:
    """Countries by their numeric code, and the outline of all land that has none."""

    frame: Frame
    shapes: dict[str, Shape]
    rest: str


SMALL = 20  # units across, below which a country is marked by a dot
SPECK = 12  # square units, below which an island is left out


def draw(topology: Topology, frame: Frame, codes: dict[str, str]) -> Drawing:
    """`codes` gives countries that have no code one, by name."""
    outlines = _outlines(topology, frame)
    found: dict[str, list[Outline]] = {}
    for land in topology.lands:
        rings = [ring for ring in map(outlines, land.rings) if ring]
        if rings:
            found.setdefault(land.code or codes.get(land.name, ""), []).extend(rings)
    rest = _visible(found.pop("", []))
    return Drawing(frame, {code: _shape(code, found[code], frame) for code in found}, path(rest))


def _visible(rings: list[Outline]) -> list[Outline]:
    return [ring for ring in rings if area(ring) >= SPECK]


def _outlines(topology: Topology, frame: Frame) -> Callable[[Ring], Outline]:
    """Neighbours share the arcs of their border, so that it is drawn, and made simpler, once."""

    @cache
    def arc(number: int) -> Outline:
        placed = [frame.place(point) for point in topology.arcs[number]]
        return [(round(x), round(y)) for x, y in simplified(placed, frame.tolerance)]

    def outline(ring: Ring) -> Outline:
        if not any(map(frame.sees, stitched(ring, topology.arcs.__getitem__))):
            return []
        return tidied(clipped(stitched(ring, arc), frame.width, frame.height))

    return outline


def _shape(code: str, rings: list[Outline], frame: Frame) -> Shape:
    largest = max(rings, key=area)
    left, top, right, bottom = box(largest)
    is_whole = left > 0 and right < frame.width and top > 0 and bottom < frame.height
    is_small = is_whole and max(right - left, bottom - top) < SMALL
    return Shape(code, path(_visible(rings)), middle(largest), is_small, is_whole)
