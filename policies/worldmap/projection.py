"""Longitude and latitude in degrees to x and y, in radii of the Earth; y grows to the north."""

from math import asin, cos, radians, sin, sqrt

from policies.worldmap.topology import Point

EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
SEAM = -168.5  # in the Bering Strait: the world is cut here, where no land lies across
CENTRE = (10.0, 52.0)  # of the European grid


def equal_earth(point: Point) -> Point:
    """The world with every area true to size, its middle at 11.5° east.

    Šavrič, Patterson and Jenny (2019), "The Equal Earth map projection", International Journal of
    Geographical Information Science 33(3), https://doi.org/10.1080/13658816.2018.1504949.
    """
    across, up = radians((point[0] - SEAM) % 360 - 180), radians(point[1])
    a1, a2, a3, a4 = EQUAL_EARTH
    t = asin(sqrt(3) / 2 * sin(up))
    t2, t6 = t**2, t**6
    slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    x = 2 * sqrt(3) * across * cos(t) / (3 * slope)
    return x, t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


def european(point: Point) -> Point:
    """Europe as its statistics draw it: Lambert's azimuthal equal-area projection around 10° east
    and 52° north, as in EPSG:3035, here on a sphere.

    Snyder (1987), "Map Projections: A Working Manual", page 185, https://doi.org/10.3133/pp1395.
    Good for the half of the Earth around its centre.
    """
    across, up = radians(point[0] - CENTRE[0]), radians(point[1])
    middle = radians(CENTRE[1])
    near = sin(middle) * sin(up) + cos(middle) * cos(up) * cos(across)
    scale = sqrt(2 / (1 + near))
    x = scale * cos(up) * sin(across)
    return x, scale * (cos(middle) * sin(up) - sin(middle) * cos(up) * cos(across))
