"""Objects for :meth:`PIL.Image.Image.transform` that carry both a method and its data."""

from __future__ import annotations

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Transform(Image.ImageTransformHandler):
    """Base class. Subclasses name the ``method``; ``data`` is what that method needs."""

    method: Image.Transform

    def __init__(self, data: Sequence[Any]) -> None:
        self.data = data

    def getdata(self) -> tuple[Image.Transform, Sequence[int]]:
        """The method and the data."""
        return self.method, self.data

    def transform(
        self,
        size: tuple[int, int],
        image: Image.Image,
        **options: Any,
    ) -> Image.Image:
        """Called by :meth:`PIL.Image.Image.transform` to do the work."""
        method, data = self.getdata()
        return image.transform(size, method, data, **options)


class AffineTransform(Transform):
    """Six numbers (a, b, c, d, e, f): an output pixel (x, y) shows (ax + by + c, dx + ey + f)."""

    method = Image.Transform.AFFINE


class PerspectiveTransform(Transform):
    """Eight numbers: (x, y) shows ((ax + by + c)/(gx + hy + 1), (dx + ey + f)/(gx + hy + 1))."""

    method = Image.Transform.PERSPECTIVE


class ExtentTransform(Transform):
    """A rectangle (x0, y0, x1, y1) of the source, stretched over the output."""

    method = Image.Transform.EXTENT


class QuadTransform(Transform):
    """Four source corners (x and y of NW, SW, SE, NE), stretched over the output."""

    method = Image.Transform.QUAD


class MeshTransform(Transform):
    """A list of (output box, source quad) pairs."""

    method = Image.Transform.MESH
