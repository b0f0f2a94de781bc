"""What the chunks of a PNG file say."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Callable
from typing import IO, Any, NamedTuple, NoReturn

from . import ImageFile
from ._binary import i16be as i16
from ._binary import i32be as i32
from ._header import Header, require
from ._png_chunks import ChunkStream, iTXt

# By bit depth and colour type: image mode and layout of the pixels.
_MODES = {
    (1, 0): ("1", "1"),
    (2, 0): ("L", "L;2"),
    (4, 0): ("L", "L;4"),
    (8, 0): ("L", "L"),
    (16, 0): ("I;16", "I;16B"),
    (8, 2): ("RGB", "RGB"),
    (16, 2): ("RGB", "RGB;16B"),
    (1, 3): ("P", "P;1"),
    (2, 3): ("P", "P;2"),
    (4, 3): ("P", "P;4"),
    (8, 3): ("P", "P"),
    (8, 4): ("LA", "LA"),
    (16, 4): ("RGBA", "LA;16B"),
    (8, 6): ("RGBA", "RGBA"),
    (16, 6): ("RGBA", "RGBA;16B"),
}

_IHDR = Header(
    ">",
    width="I",
    height="I",
    depth="B",
    colours="B",
    _compression="x",
    filters="B",
    interlace="B",
)
_PHYS = Header(">", x="I", y="I", unit="B")
_ACTL = Header(">", frames="I", plays="I")
_FCTL = Header(
    ">",
    number="I",
    width="I",
    height="I",
    x="I",
    y="I",
    delay="H",
    divisor="H",
    disposal="B",
    blend="B",
)

# Transparency of a palette in which a single entry is transparent, fully.
_simple_palette = re.compile(b"^\xff*\x00\xff*$")


class _RewindState(NamedTuple):
    info: dict[str | tuple[int, int], Any]
    tile: list[ImageFile._Tile]
    seq_num: int | None


_Handler = Callable[["PngStream", bytes, int], None]


def _chunk(
    least: int = 0, animation: bool = False
) -> Callable[[_Handler], Callable[[PngStream, int, int], bytes]]:
    """Make a method that interprets data into one that reads a chunk.

    The method gets the data and their position. Chunks with less than ``least`` bytes
    are errors, unless truncated images are to be loaded; then they are ignored.
    """

    def decorate(handler: _Handler) -> Callable[[PngStream, int, int], bytes]:
        name = handler.__name__.removeprefix("chunk_")
        error = f"{'APNG contains truncated' if animation else 'Truncated'} {name} chunk"

        def read(self: PngStream, pos: int, length: int) -> bytes:
            assert self.fp is not None
            data = ImageFile._safe_read(self.fp, length)
            if len(data) < least:
                _truncated_chunk(error)
            else:
                handler(self, data, pos)
            return data

        read.__name__ = handler.__name__
        read.__doc__ = handler.__doc__
        return read

    return decorate


def _truncated_chunk(error: str) -> None:
    if not ImageFile.LOAD_TRUNCATED_IMAGES:
        raise ValueError(error)


class PngStream(ChunkStream):
    """Interprets chunks; what it learns is in the attributes ``im_…``."""

    __module__ = "PIL.PngImagePlugin"

    def __init__(self, fp: IO[bytes]) -> None:
        super().__init__(fp)
        self.im_info: dict[str | tuple[int, int], Any] = {}
        self.im_text: dict[str, str | iTXt] = {}
        self.im_size = (0, 0)
        self.im_mode = ""
        self.im_rawmode = ""
        self.im_tile: list[ImageFile._Tile] = []
        self.im_palette: tuple[str, bytes] | None = None
        self.im_custom_mimetype: str | None = None
        self.im_n_frames: int | None = None
        self._seq_num: int | None = None
        self.rewind_state = _RewindState({}, [], None)
        self.text_memory = 0

    def check_text_memory(self, chunklen: int) -> None:
        """Account for a text.

        :raises ValueError: when all texts together are too long
        """
        from .PngImagePlugin import MAX_TEXT_MEMORY  # which programs may change

        self.text_memory += chunklen
        if self.text_memory > MAX_TEXT_MEMORY:
            raise ValueError(
                f"Too much memory used in text chunks: {self.text_memory}>MAX_TEXT_MEMORY"
            )

    def save_rewind(self) -> None:
        """Remember the present state as that of the first frame."""
        self.rewind_state = _RewindState(self.im_info.copy(), self.im_tile, self._seq_num)

    def rewind(self) -> None:
        """Go back to the state of the first frame."""
        self.im_info = self.rewind_state.info.copy()
        self.im_tile = self.rewind_state.tile
        self._seq_num = self.rewind_state.seq_num

    # The picture

    @_chunk(_IHDR.size)
    def chunk_IHDR(self, data: bytes, pos: int) -> None:
        """Size and layout."""
        header = _IHDR.unpack(data)
        self.im_size = header.width, header.height
        self.im_mode, self.im_rawmode = _MODES.get((header.depth, header.colours), ("", ""))
        if header.interlace:
            self.im_info["interlace"] = 1
        require(not header.filters, "unknown filter category")

    @_chunk()
    def chunk_PLTE(self, data: bytes, pos: int) -> None:
        """Palette."""
        if self.im_mode == "P":
            self.im_palette = "RGB", data

    def chunk_IDAT(self, pos: int, length: int) -> NoReturn:
        """Pixels: reading the header ends here."""
        extents = (0, 0, *self.im_size)
        if "bbox" in self.im_info:
            extents = self.im_info["bbox"]
        elif self.im_n_frames is not None:
            self.im_info["default_image"] = True
        self.im_tile = [ImageFile._Tile("zip", extents, pos, self.im_rawmode)]
        raise EOFError("image data found")

    def chunk_IEND(self, pos: int, length: int) -> NoReturn:
        """The end."""
        raise EOFError("end of PNG image")

    # Properties

    def chunk_tRNS(self, pos: int, length: int) -> bytes:
        """Transparency: alpha of palette entries, or one transparent colour."""
        assert self.fp is not None
        data = ImageFile._safe_read(self.fp, length)
        values = {"1": 1, "L": 1, "I;16": 1, "RGB": 3}.get(self.im_mode, 0)
        if len(data) < 2 * values:
            _truncated_chunk("Truncated tRNS chunk")
        elif self.im_mode == "P":
            alone = data.find(b"\0") if _simple_palette.match(data) else -1
            self.im_info["transparency"] = data if alone < 0 else alone
        elif self.im_mode == "1":
            self.im_info["transparency"] = 255 if i16(data) else 0
        elif values == 1:
            self.im_info["transparency"] = i16(data)
        elif values == 3:
            self.im_info["transparency"] = struct.unpack(">3H", data[:6])
        return data

    @_chunk(4)
    def chunk_gAMA(self, data: bytes, pos: int) -> None:
        """Gamma."""
        self.im_info["gamma"] = i32(data) / 100000.0

    @_chunk(32)
    def chunk_cHRM(self, data: bytes, pos: int) -> None:
        """White point and primaries."""
        values = struct.unpack(">8I", data[:32])
        self.im_info["chromaticity"] = tuple(value / 100000.0 for value in values)

    @_chunk(1)
    def chunk_sRGB(self, data: bytes, pos: int) -> None:
        """The colours are sRGB; rendering intent."""
        self.im_info["srgb"] = data[0]

    @_chunk(_PHYS.size)
    def chunk_pHYs(self, data: bytes, pos: int) -> None:
        """Pixels per metre, or the aspect ratio."""
        x, y, unit = _PHYS.unpack(data)
        if unit == 1:
            self.im_info["dpi"] = x * 0.0254, y * 0.0254
        elif unit == 0:
            self.im_info["aspect"] = x, y

    @_chunk()
    def chunk_eXIf(self, data: bytes, pos: int) -> None:
        """Exif data."""
        self.im_info["exif"] = b"Exif\x00\x00" + data

    @_chunk()
    def chunk_iCCP(self, data: bytes, pos: int) -> None:
        """ICC profile, compressed."""
        _, nul, rest = data.partition(b"\0")
        if not nul or not rest:
            raise SyntaxError("broken iCCP chunk")
        if rest[0] != 0:
            raise SyntaxError(f"Unknown compression method {rest[0]} in iCCP chunk")
        self.im_info["icc_profile"] = self._decompressed(rest[1:], damaged=None)

    def _decompressed(self, data: bytes, damaged: bytes | None) -> bytes | None:
        """Decompress a profile or text; ``damaged`` stands for what cannot be."""
        from .PngImagePlugin import _safe_zlib_decompress

        try:
            return _safe_zlib_decompress(data)
        except ValueError:
            if not ImageFile.LOAD_TRUNCATED_IMAGES:
                raise
        except zlib.error:
            pass
        return damaged

    # Texts

    def _store_text(self, key: str, text: str, value: Any = None) -> None:
        self.im_info[key] = text if value is None else value
        self.im_text[key] = text
        self.check_text_memory(len(text))

    @_chunk()
    def chunk_tEXt(self, data: bytes, pos: int) -> None:
        """Text in Latin-1."""
        key, _, text = data.partition(b"\0")
        if key:
            value = text if key == b"exif" else None
            self._store_text(key.decode("latin-1"), text.decode("latin-1", "replace"), value)

    @_chunk()
    def chunk_zTXt(self, data: bytes, pos: int) -> None:
        """Compressed text in Latin-1."""
        key, _, rest = data.partition(b"\0")
        if rest and rest[0] != 0:
            raise SyntaxError(f"Unknown compression method {rest[0]} in zTXt chunk")
        text = self._decompressed(rest[1:], damaged=b"")
        assert text is not None
        if key:
            self._store_text(key.decode("latin-1"), text.decode("latin-1", "replace"))

    @_chunk()
    def chunk_iTXt(self, data: bytes, pos: int) -> None:
        """Text in UTF-8, with language; possibly compressed."""
        key, nul, rest = data.partition(b"\0")
        if not nul or len(rest) < 2:
            return
        compressed, method = rest[:2]
        parts = rest[2:].split(b"\0", 2)
        if len(parts) < 3 or (compressed and method):
            return
        lang, tkey, text = parts
        if compressed:
            plain = self._decompressed(text, damaged=None)
            if plain is None:
                return
            text = plain
        if key == b"XML:com.adobe.xmp":
            self.im_info["xmp"] = text
        try:
            value = iTXt(text.decode(), lang.decode(), tkey.decode())
        except UnicodeError:
            return
        self._store_text(key.decode("latin-1"), value)

    # Animation

    @_chunk(_ACTL.size, animation=True)
    def chunk_acTL(self, data: bytes, pos: int) -> None:
        """The file is an animation: number of frames and of repetitions."""
        frames, plays = _ACTL.unpack(data)
        valid = self.im_n_frames is None and 0 < frames <= 0x80000000
        if not valid:
            # With two of these nothing can be relied upon.
            self.im_n_frames = None
            warnings.warn("Invalid APNG, will use default PNG image if possible", stacklevel=2)
            return
        self.im_n_frames = frames
        self.im_info["loop"] = plays
        self.im_custom_mimetype = "image/apng"

    def _check_sequence(self, number: int) -> None:
        expected = 0 if self._seq_num is None else self._seq_num + 1
        if number != expected:
            raise SyntaxError("APNG contains frame sequence errors")
        self._seq_num = number

    @_chunk(_FCTL.size, animation=True)
    def chunk_fcTL(self, data: bytes, pos: int) -> None:
        """Where, for how long and how a frame is shown."""
        frame = _FCTL.unpack(data)
        self._check_sequence(frame.number)
        right, lower = frame.x + frame.width, frame.y + frame.height
        inside = right <= self.im_size[0] and lower <= self.im_size[1]
        require(inside, "APNG contains invalid frames")
        self.im_info["bbox"] = frame.x, frame.y, right, lower
        self.im_info["duration"] = float(frame.delay) / float(frame.divisor or 100) * 1000
        self.im_info["disposal"] = frame.disposal
        self.im_info["blend"] = frame.blend

    def chunk_fdAT(self, pos: int, length: int) -> bytes:
        """Pixels of a frame, after a sequence number."""
        assert self.fp is not None
        if length < 4:
            if ImageFile.LOAD_TRUNCATED_IMAGES:
                return ImageFile._safe_read(self.fp, length)
            raise ValueError("APNG contains truncated fDAT chunk")
        number = i32(ImageFile._safe_read(self.fp, 4))
        if self._seq_num is None:  # no frame was announced
            raise SyntaxError("APNG contains frame sequence errors")
        self._check_sequence(number)
        self.chunk_IDAT(pos + 4, length - 4)
