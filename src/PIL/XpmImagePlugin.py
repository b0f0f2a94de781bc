"""XPM, pixel maps of the X Window System as C source."""

from __future__ import annotations

import re

from . import Image, ImageFile, ImagePalette
from ._header import require

#: The line with width, height, number of colours and characters per pixel.
xpm_head = re.compile(b'"([0-9]*) ([0-9]*) ([0-9]*) ([0-9]*)')

_MAGIC = b"/* XPM */"
_PIXELS_COMMENT = b"/* pixels */"
_LARGEST_PALETTE = 256


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


def _read_colour(line: bytes, chars: int) -> tuple[bytes, int | None]:
    """A line of the colour table: key, and the colour (``None``: transparent).

    :raises ValueError: when there is no colour that can be understood
    """
    key = line[1 : 1 + chars]
    words = line[1 + chars : -2].split()
    for kind, value in zip(words[::2], words[1::2], strict=False):
        if kind != b"c":
            continue
        if value == b"None":
            return key, None
        if value.startswith(b"#"):
            return key, int(value[1:], 16) & 0xFFFFFF
        break
    raise ValueError("cannot read this XPM file")


class XpmImageFile(ImageFile.ImageFile):
    """Reads XPM files of version 3."""

    format = "XPM"
    format_description = "X11 Pixel Map"

    def _open(self) -> None:
        assert self.fp is not None
        require(_accept(self.fp.read(len(_MAGIC))), "not an XPM file")
        head = None
        while head is None:
            line = self.fp.readline()
            require(line, "broken XPM file")
            head = xpm_head.match(line)
        width, height, colours, chars = (int(number) for number in head.groups())
        self._size = width, height

        table: dict[bytes, int | None] = {}
        for _ in range(colours):
            key, colour = _read_colour(self.fp.readline().rstrip(), chars)
            table[key] = colour
        args: tuple[int, tuple[bytes, ...] | dict[bytes, bytes]]
        if colours <= _LARGEST_PALETTE:
            args = chars, self._make_palette(table)
        else:
            args = chars, self._make_colours(table)
        self.tile = [ImageFile._Tile("xpm", (0, 0, *self.size), self.fp.tell(), args)]

    def _make_palette(self, table: dict[bytes, int | None]) -> tuple[bytes, ...]:
        """Take the colours as palette; the result are their keys in its order."""
        self._mode = "P"
        entries = [(colour or 0).to_bytes(3, "big") for colour in table.values()]
        self.palette = ImagePalette.raw("RGB", b"".join(entries))
        for index, colour in enumerate(table.values()):
            if colour is None:
                self.info["transparency"] = index
        return tuple(table)

    def _make_colours(self, table: dict[bytes, int | None]) -> dict[bytes, bytes]:
        """Pixels by their keys."""
        opaque = None not in table.values()
        self._mode = "RGB" if opaque else "RGBA"
        alpha = b"" if opaque else b"\xff"
        return {
            key: bytes(4) if colour is None else colour.to_bytes(3, "big") + alpha
            for key, colour in table.items()
        }

    def load_read(self, read_bytes: int) -> bytes:
        """The characters of the pixels, one row after the other."""
        assert self.fp is not None
        width, height = self.size
        rows = [self.fp.readline()[1 : width + 1].ljust(width) for _ in range(height)]
        return b"".join(rows)


class XpmDecoder(ImageFile.PyDecoder):
    """Decodes pixels of one or more characters each."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all pixels from the file."""
        assert self.fd is not None
        chars, colours = self.args
        if self.mode == "P":
            colours = {key: bytes((index,)) for index, key in enumerate(colours)}
        total = self.state.xsize * self.state.ysize * Image.getmodebands(self.mode)
        pixels = bytearray()
        comment_may_follow = True
        while len(pixels) < total and (line := self.fd.readline()):
            if comment_may_follow and line.rstrip() == _PIXELS_COMMENT:
                comment_may_follow = False
                continue
            text = b'"'.join(line.split(b'"')[1:-1])
            keys = (text[i : i + chars] for i in range(0, len(text), chars))
            try:
                pixels += b"".join([colours[key] for key in keys])
            except KeyError as error:
                raise ValueError("unknown color") from error
        self.set_as_raw(pixels)
        return -1, 0


Image.register_open(XpmImageFile.format, XpmImageFile, _accept)
Image.register_decoder("xpm", XpmDecoder)
Image.register_extension(XpmImageFile.format, ".xpm")
Image.register_mime(XpmImageFile.format, "image/xpm")
