"""CUR, Windows cursors: a directory as of icons, and DIBs with a mask."""

from __future__ import annotations

from . import BmpImagePlugin, Image, ImageChops
from ._icon_directory import read_directory, signature

_KIND = 2
_MAGIC = signature(_KIND)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class CurImageFile(BmpImagePlugin.BmpImageFile):
    """Reads the largest image of a cursor."""

    format = "CUR"
    format_description = "Windows Cursor"

    def _open(self) -> None:
        assert self.fp is not None
        entries = read_directory(self.fp, _KIND)
        if not entries:
            raise TypeError("No cursors were found")
        largest = entries[0]
        for entry in entries:
            # The bytes count: of 256, which is stored as 0, nothing is larger only in this list.
            if entry.width > largest.width and entry.height > largest.height:
                largest = entry
        self._bitmap(largest.offset)
        stored_tiles = self.tile
        BmpImagePlugin.halve_height(self)
        # Bilevel and grey images are stored below a mask that tells where they show; "": no mask.
        self._stored_mode = ""
        if self.mode in ("1", "L"):
            self._stored_mode = self.mode
            self._mode = "LA"
            self.tile = stored_tiles

    def load_prepare(self) -> None:
        """Make room for the image and its mask, in the mode in which they are stored."""
        if self._stored_mode:
            self._mode = self._stored_mode
            self.im = Image.core.new(self.mode, (self.width, 2 * self.height))
        super().load_prepare()

    def load_end(self) -> None:
        """Apply the mask: pixels are transparent where it is set."""
        if not self._stored_mode:
            return
        width, height = self.size
        mask, pixels = (
            self._new(self.im.crop((0, top, width, top + height))) for top in (0, height)
        )
        im = Image.new("LA", self.size)
        im.paste(pixels.convert("LA"), mask=ImageChops.invert(mask))
        self.im = im.im
        self._mode = im.mode
        self._stored_mode = ""


Image.register_open(CurImageFile.format, CurImageFile, _accept)
Image.register_extension(CurImageFile.format, ".cur")
