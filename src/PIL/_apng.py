"""How the frames of an APNG file are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import Image

if TYPE_CHECKING:
    from ._imaging import ImagingCore
    from .PngImagePlugin import PngImageFile

# The operations of PngImagePlugin.Disposal and Blend, which imports this module.
BACKGROUND = 1
PREVIOUS = 2
OVER = 1


class Composer:
    """Knows the present frame's area, disposal and blending, and the canvas before it.

    :param info: properties of the first frame
    """

    def __init__(self, info: dict[Any, Any]) -> None:
        self.before: ImagingCore | None = None
        self.begin(info)

    def begin(self, info: dict[Any, Any]) -> None:
        """Start a frame with these properties."""
        self.box: tuple[int, int, int, int] | None = info.get("bbox")
        self.disposal = info.get("disposal")
        self.blend = info.get("blend")

    def restoration(self, im: PngImageFile) -> ImagingCore | None:
        """What the frame's area is to be filled with before the next frame is drawn."""
        if self.box is None:
            return None
        # There is nothing to go back to before the very first frame.
        first = self.before is None
        if self.disposal == BACKGROUND or (self.disposal == PREVIOUS and first):
            left, upper, right, lower = self.box
            return Image.core.new(im.mode, (right - left, lower - upper))
        if self.disposal == PREVIOUS and self.before is not None:
            return self.before.crop(self.box)
        return None

    def dispose(self, im: PngImageFile, restored: ImagingCore | None) -> None:
        """End the frame: the canvas becomes the one before the next frame."""
        if restored is not None and self.box is not None:
            im.im.paste(restored, self.box)
        self.before = im.im.copy()

    def finish(self, im: PngImageFile) -> None:
        """The frame's pixels are decoded: draw them over the canvas, if so asked."""
        if self.before is None or self.blend != OVER or self.box is None:
            return
        drawn = im.im.crop(self.box)
        transparency = im.info.get("transparency")
        if im.mode == "RGB" and transparency is not None:
            mask = drawn.convert_transparent("RGBA", transparency)
        else:
            if im.mode == "P" and isinstance(transparency, bytes):
                drawn.putpalettealphas(transparency)
            elif im.mode == "P" and isinstance(transparency, int):
                drawn.putpalettealpha(transparency)
            mask = drawn.convert("RGBA")
        self.before.paste(drawn, self.box, mask)
        im.im = self.before
