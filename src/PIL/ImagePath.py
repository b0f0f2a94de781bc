"""Lists of points, for :mod:`~PIL.ImageDraw`."""

from __future__ import annotations

from . import Image

#: Makes a path: a mutable list of points ``(x, y)``. ``Path(xy)`` takes a sequence of points or of
#: alternating x and y, another path, a buffer of C floats, or a number of points (all 0, 0).
Path = Image.core.path
