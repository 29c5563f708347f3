"""The two drawings: the world, and Europe large enough for its countries."""

from dataclasses import replace
from functools import lru_cache

from django.conf import settings

from policies.worldmap.drawing import Drawing, Frame, draw
from policies.worldmap.projection import equal_earth, european
from policies.worldmap.topology import Topology, read

ANTARCTICA = "010"
CODES = {"Kosovo": "983"}  # as `policies/data/countries.json` has it; the data give it none

WORLD = Frame(equal_earth, left=-2.72, top=1.318, scale=735, width=4000, height=1760, tolerance=1.5)
EUROPE = Frame(
    european,
    left=-0.33,
    top=0.362,
    scale=2680,
    width=2000,
    height=1760,
    tolerance=3,
    sees=lambda point: -45 < point[0] < 75 and point[1] > 25,
)


@lru_cache(maxsize=1)
def world() -> Drawing:
    """The coarse edition leaves small states out: they are dots where the finer one has them."""
    drawn, fine = draw(_atlas("110m"), WORLD, CODES), _atlas("50m")
    lacking = [land for land in fine.lands if land.code and land.code not in drawn.shapes]
    dots = draw(replace(fine, lands=lacking), WORLD, CODES).shapes
    marked = {code: replace(shape, path="", is_small=True) for code, shape in dots.items()}
    return _inhabited(replace(drawn, shapes=drawn.shapes | marked))


@lru_cache(maxsize=1)
def europe() -> Drawing:
    return _inhabited(draw(_atlas("50m"), EUROPE, CODES))


def _inhabited(drawn: Drawing) -> Drawing:
    shapes = {code: shape for code, shape in drawn.shapes.items() if code != ANTARCTICA}
    return replace(drawn, shapes=shapes)


@lru_cache(maxsize=2)
def _atlas(edition: str) -> Topology:
    return read(settings.NODE_MODULES / settings.ATLAS[edition])
