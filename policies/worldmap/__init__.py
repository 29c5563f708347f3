"""The countries of the world as SVG paths, drawn once in a process from Natural Earth's data.

The data come with the npm package world-atlas: the world is drawn from the coarse edition, Europe
and the places of small states come from the finer one.
"""

from policies.worldmap.drawing import Drawing, Shape
from policies.worldmap.views import europe, world

__all__ = ["Drawing", "Shape", "europe", "world"]
