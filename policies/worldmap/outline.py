"""Outlines in whole units of a drawing: fewer points, cut to a frame, as an SVG path."""

from itertools import pairwise
from math import hypot

from policies.worldmap.topology import Point

Spot = tuple[int, int]
Outline = list[Spot]


def simplified(points: list[Point], tolerance: float) -> list[Point]:
    """Without the points that lie closer than this to the line that remains.

    Ramer (1972), https://doi.org/10.1016/S0146-664X(72)80017-0, and Douglas and Peucker (1973),
    https://doi.org/10.3138/FM57-6770-U75U-7727. The ends stay, so that arcs still meet.
    """
    keep, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        far = max(
            between, key=lambda i: _distance(points[i], points[first], points[last]), default=0
        )
        if far and _distance(points[far], points[first], points[last]) > tolerance:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [points[i] for i in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch of a line, which may be a point itself."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = point[0] - start[0], point[1] - start[1]
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, (px * dx + py * dy) / length)) if length else 0.0
    return hypot(px - along * dx, py - along * dy)


def clipped(ring: Outline, width: int, height: int) -> Outline:
    """The part inside the frame.

    Sutherland and Hodgman (1974), https://doi.org/10.1145/360767.360802.
    """
    for axis, bound, sign in ((0, 0, 1), (0, width, -1), (1, 0, 1), (1, height, -1)):
        ring = _cut(ring, axis, bound, sign)
    return ring


def _cut(ring: Outline, axis: int, bound: int, sign: int) -> Outline:
    """The part on the one side of a line across the drawing."""
    found: Outline = []
    for before, spot in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was_in, is_in = (sign * (place[axis] - bound) >= 0 for place in (before, spot))
        if was_in != is_in:
            found.append(_crossing(before, spot, axis, bound))
        if is_in:
            found.append(spot)
    return found


def _crossing(before: Spot, spot: Spot, axis: int, bound: int) -> Spot:
    share = (bound - before[axis]) / (spot[axis] - before[axis])
    other = round(before[1 - axis] + share * (spot[1 - axis] - before[1 - axis]))
    return (bound, other) if axis == 0 else (other, bound)


def tidied(ring: Outline) -> Outline:
    """Without points that rounding has put on the one before; of a speck one point stays."""
    places = zip(ring[-1:] + ring[:-1], ring, strict=True)
    return [spot for before, spot in places if spot != before] or ring[:1]


def area(ring: Outline) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def middle(ring: Outline) -> Spot:
    """The middle of the box around a ring."""
    left, top, right, bottom = box(ring)
    return (left + right) // 2, (top + bottom) // 2


def box(ring: Outline) -> tuple[int, int, int, int]:
    across, down = zip(*ring, strict=True)
    return min(across), min(down), max(across), max(down)


def path(rings: list[Outline]) -> str:
    """As SVG writes it shortest: steps, and no space before a minus."""
    return "".join(f"M{_joined(ring[0])}l{_steps(ring)}z" for ring in rings)


def _steps(ring: Outline) -> str:
    pairs = pairwise(ring)
    steps = "".join(_spaced(x2 - x1) + _spaced(y2 - y1) for (x1, y1), (x2, y2) in pairs)
    return steps.strip()


def _joined(spot: Spot) -> str:
    return f"{spot[0]}{_spaced(spot[1])}"


def _spaced(number: int) -> str:
    return str(number) if number < 0 else f" {number}"
