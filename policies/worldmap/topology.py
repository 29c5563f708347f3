"""TopoJSON as polygons of longitude and latitude that share their borders.

The format: https://github.com/topojson/topojson-specification.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[int]  # the arcs that make it, in order; ~n is arc n backwards


@dataclass(frozen=True)
class Land:
    """A geometry: a country by its numeric ISO 3166 code, or land without one."""

    code: str
    name: str
    rings: list[Ring]


@dataclass(frozen=True)
class Topology:
    arcs: list[list[Point]]
    lands: list[Land]


def read(path: Path) -> Topology:
    data = json.loads(path.read_text(encoding="utf-8"))
    transform = data["transform"]
    return Topology(
        [_decoded(arc, transform) for arc in data["arcs"]],
        [_land(geometry) for geometry in data["objects"]["countries"]["geometries"]],
    )


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """Positions are steps from the one before, in whole units of a grid."""
    (wide, high), (left, bottom) = transform["scale"], transform["translate"]
    columns = accumulate(step[0] for step in arc)
    rows = accumulate(step[1] for step in arc)
    return [(x * wide + left, y * high + bottom) for x, y in zip(columns, rows, strict=True)]


def _land(geometry: dict[str, Any]) -> Land:
    arcs = geometry["arcs"]
    polygons = [arcs] if geometry["type"] == "Polygon" else arcs
    rings = [ring for polygon in polygons for ring in polygon]
    return Land(geometry.get("id", ""), geometry["properties"]["name"], rings)


def stitched(ring: Ring, arc: Callable[[int], Sequence[Any]]) -> list[Any]:
    """The points of a ring, without the first again at its end: each arc begins where the one
    before ended."""
    found: list[Any] = []
    for number in ring:
        points = arc(number) if number >= 0 else arc(~number)[::-1]
        found += points[:-1]
    return found
