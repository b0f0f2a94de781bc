"""PNG and APNG: reading. Writing is in :mod:`PIL._png_write`.

Specifications: W3C "Portable Network Graphics (PNG) Specification (Third Edition)".
"""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Callable
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Any, NamedTuple, NoReturn, cast

from . import Image, ImageFile, ImagePalette
from ._binary import i16be as i16
from ._binary import i32be as i32
from ._binary import o8 as o8
from ._binary import o16be as o16
from ._binary import o32be as o32
from ._png_chunks import MAGIC, ChunkStream, is_cid, iTXt, putchunk
from ._png_write import PngInfo, _save, _save_all, getchunks

if TYPE_CHECKING:
    from . import _imaging
    from ._apng import Composer

__all__ = [
    "MAX_TEXT_CHUNK",
    "MAX_TEXT_MEMORY",
    "Blend",
    "ChunkStream",
    "Disposal",
    "PngImageFile",
    "PngInfo",
    "PngStream",
    "getchunks",
    "iTXt",
    "is_cid",
    "o8",
    "o16",
    "o32",
    "putchunk",
]

_MAGIC = MAGIC

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

# Samples by colour type, for the size of the data.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

# Transparency of a palette in which a single entry is transparent, fully.
_simple_palette = re.compile(b"^\xff*\x00\xff*$")

#: The largest text or profile that is decompressed, in bytes.
MAX_TEXT_CHUNK = ImageFile.SAFEBLOCK

#: The largest sum of the lengths of all texts of a file.
MAX_TEXT_MEMORY = 64 * MAX_TEXT_CHUNK


class Disposal(IntEnum):
    """What happens to the area of a frame before the next one is drawn."""

    OP_NONE = 0
    OP_BACKGROUND = 1
    OP_PREVIOUS = 2


class Blend(IntEnum):
    """How a frame is drawn: in place of what was there, or over it."""

    OP_SOURCE = 0
    OP_OVER = 1


def _safe_zlib_decompress(s: bytes) -> bytes:
    """Decompress up to :data:`MAX_TEXT_CHUNK` bytes.

    :raises ValueError: when there is more
    :raises zlib.error: when the data are damaged
    """
    stream = zlib.decompressobj()
    plain = stream.decompress(s, MAX_TEXT_CHUNK)
    if stream.unconsumed_tail:
        raise ValueError("Decompressed data too large for PngImagePlugin.MAX_TEXT_CHUNK")
    return plain


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

    def __init__(self, fp: IO[bytes]) -> None:
        super().__init__(fp)
        self.im_info: dict[str | tuple[int, int], Any] = {}
        self.im_text: dict[str, str | iTXt] = {}
        self.im_size = (0, 0)
        self.im_mode = ""
        self.im_rawmode = ""
        self.im_data_size = 0
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

    @_chunk(13)
    def chunk_IHDR(self, data: bytes, pos: int) -> None:
        """Size and layout."""
        width, height, depth, colours, _, filters, interlace = struct.unpack(">2I5B", data[:13])
        self.im_size = width, height
        self.im_mode, self.im_rawmode = _MODES.get((depth, colours), ("", ""))
        row = 1 + (width * depth * _SAMPLES.get(colours, 0) + 7) // 8
        # The passes of an interlaced picture have 15/8 times as many rows at most.
        self.im_data_size = row * height * (2 if interlace else 1)
        if interlace:
            self.im_info["interlace"] = 1
        if filters:
            raise SyntaxError("unknown filter category")

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

    @_chunk(9)
    def chunk_pHYs(self, data: bytes, pos: int) -> None:
        """Pixels per metre, or the aspect ratio."""
        x, y, unit = struct.unpack(">2IB", data[:9])
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

    @_chunk(8, animation=True)
    def chunk_acTL(self, data: bytes, pos: int) -> None:
        """The file is an animation: number of frames and of repetitions."""
        frames, plays = struct.unpack(">2I", data[:8])
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

    @_chunk(26, animation=True)
    def chunk_fcTL(self, data: bytes, pos: int) -> None:
        """Where, for how long and how a frame is shown."""
        number, width, height, x, y = struct.unpack(">5I", data[:20])
        delay, divisor, disposal, blend = struct.unpack(">2H2B", data[20:26])
        self._check_sequence(number)
        if x + width > self.im_size[0] or y + height > self.im_size[1]:
            raise SyntaxError("APNG contains invalid frames")
        self.im_info["bbox"] = x, y, x + width, y + height
        self.im_info["duration"] = float(delay) / float(divisor or 100) * 1000
        self.im_info["disposal"] = disposal
        self.im_info["blend"] = blend

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


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


# Chunks whose data make up the picture, one continuing the other.
_DATA_CHUNKS = (b"IDAT", b"DDAT", b"fdAT")


class PngImageFile(ImageFile.ImageFile):
    """Reads PNG files, and APNG files as images of several frames."""

    format = "PNG"
    format_description = "Portable network graphics"

    png: PngStream | None

    def _open(self) -> None:
        assert self.fp is not None
        if not _accept(self.fp.read(8)):
            raise SyntaxError("not a PNG file")
        self._fp = self.fp
        self.__frame = 0
        self.__fault: Exception | None = None
        self.private_chunks: list[tuple[bytes, bytes] | tuple[bytes, bytes, bool]] = []
        self.png = png = PngStream(self.fp)
        self.__prepare_idat = self.__idat = self._read_header(png)

        self._mode = png.im_mode
        self._size = png.im_size
        self.info = png.im_info
        self._text: dict[str, str | iTXt] | None = None
        self.tile = png.im_tile
        self.custom_mimetype = png.im_custom_mimetype
        self.n_frames = png.im_n_frames or 1
        self.default_image: bool = self.info.get("default_image", False)
        if png.im_palette:
            self.palette = ImagePalette.raw(*png.im_palette)
        if png.im_n_frames is not None:
            self._prepare_animation(png)
        self.is_animated = self.n_frames > 1

    def _read_header(self, png: PngStream) -> int:
        """Read the chunks before the pixels; the result is the first data's length."""
        assert self.fp is not None
        while True:
            cid, pos, length = png.read()
            if png.handles(cid):
                try:
                    data = png.call(cid, pos, length)
                except EOFError:
                    return length - 4 if cid == b"fdAT" else length
            else:
                data = ImageFile._safe_read(self.fp, length)
                if cid[1:2].islower():
                    self.private_chunks.append((cid, data))
            png.crc(cid, data)

    @property
    def text(self) -> dict[str, str | iTXt]:
        """The texts of the file, by key; those after the pixels included."""
        if self._text is None:
            frame = self.__frame
            if self.is_animated:
                self.seek(self.n_frames - 1)
            self.load()
            if self.is_animated:
                self.seek(frame)
        assert self._text is not None
        return self._text

    def verify(self) -> None:
        """Check the checksums of all chunks from the pixels on.

        :raises RuntimeError: when the image was loaded or verified before
        :raises OSError: when the file is truncated
        :raises SyntaxError: when a checksum is wrong
        """
        if self.fp is None:
            raise RuntimeError("verify must be called directly after open")
        assert self.png is not None
        # Back to the header of the chunk that the data are in.
        self.fp.seek(self.tile[0][2] - 8)
        self.png.verify()
        self.png.close()
        super().verify()

    # Loading

    def load_prepare(self) -> None:
        """Tell the decoder about interlacing."""
        if self.info.get("interlace"):
            self.decoderconfig = (*self.decoderconfig, 1)
        self.__idat = self.__prepare_idat
        super().load_prepare()

    def load_read(self, read_bytes: int) -> bytes:
        """Read compressed data: as much at once as a picture of this size may need.

        With all of it the decoder can work in one go. ``read_bytes`` is a minimum.
        """
        assert self.png is not None and self.fp is not None
        # Deflate never makes data longer by more than some bytes in 16 KiB.
        justified = self.png.im_data_size + self.png.im_data_size // 1024 + 4096
        wanted = max(read_bytes, justified)
        pieces: list[bytes] = []
        while wanted > 0 and (self.__idat or self._next_data_chunk(bool(pieces))):
            size = min(wanted, self.__idat)
            data = self.fp.read(size)
            if len(data) < size and pieces:
                # The file is cut off here. Whether that matters is for the decoder to
                # say, which may have all it needs.
                self.__idat = 0
                self.png.push(*self.__chunk)
                break
            pieces.append(data)
            self.__idat -= size
            wanted -= size
            if len(data) < size:
                break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _next_data_chunk(self, have_data: bool) -> bool:
        """Go to the next chunk with pixels, unless another chunk is next.

        Errors of a header that is only looked at in advance are left to the next call,
        because the picture may be complete without it.
        """
        assert self.png is not None and self.fp is not None
        while self.__idat == 0:
            if self.__fault is None:
                try:
                    self.fp.read(4)  # checksum
                    cid, pos, length = self.png.read()
                except (struct.error, SyntaxError) as error:
                    self.__fault = error
            if self.__fault is not None:
                if have_data:
                    return False
                raise self.__fault
            if cid not in _DATA_CHUNKS or (cid == b"fdAT" and have_data):
                self.png.push(cid, pos, length)
                return False
            if cid == b"fdAT":
                try:
                    self.png.call(cid, pos, length)
                except EOFError:
                    length -= 4
            self.__chunk = cid, pos, length
            self.__idat = length
        return True

    def load_end(self) -> None:
        """Read the chunks after the pixels, and compose the frame of an animation."""
        assert self.png is not None and self.fp is not None
        if self.__idat:
            self.fp.seek(self.__idat, 1)
        if self.__fault is None:
            while self._read_trailing_chunk():
                pass
        self._text = self.png.im_text
        if not self.is_animated:
            self.png.close()
            self.png = None
        else:
            self._composer.finish(self)

    def _read_trailing_chunk(self) -> bool:
        """Interpret the next chunk; false at the end, which may be a damaged place."""
        assert self.png is not None and self.fp is not None
        self.fp.read(4)  # checksum of the chunk before
        try:
            cid, pos, length = self.png.read()
        except (struct.error, SyntaxError):
            return False
        if cid == b"IEND":
            return False
        if cid == b"fcTL" and self.is_animated:
            # The next frame starts here.
            self.__prepare_idat = 0
            self.png.push(cid, pos, length)
            return False
        try:
            known = self.png.handles(cid)
        except UnicodeDecodeError:
            return False
        if not known:
            data = ImageFile._safe_read(self.fp, length)
            if cid[1:2].islower():
                self.private_chunks.append((cid, data, True))
            return True
        try:
            self.png.call(cid, pos, length)
        except EOFError:
            return self._skip_data(length - 4 if cid == b"fdAT" else length)
        return True

    def _skip_data(self, length: int) -> bool:
        assert self.fp is not None
        try:
            ImageFile._safe_read(self.fp, length)
        except OSError:
            if ImageFile.LOAD_TRUNCATED_IMAGES:
                return False
            raise
        return True

    # Exif

    def getexif(self) -> Image.Exif:
        """The Exif data, which may stand after the pixels."""
        if "exif" not in self.info:
            self.load()
        return super().getexif()

    def _getexif(self) -> dict[int, Any] | None:
        if "exif" not in self.info:
            self.load()
        if "exif" not in self.info and "Raw profile type exif" not in self.info:
            return None
        return self.getexif()._get_merged_dict()

    # Animation

    def _prepare_animation(self, png: PngStream) -> None:
        from ._apng import Composer

        assert self.fp is not None
        self._close_exclusive_fp_after_loading = False
        png.save_rewind()
        self.__rewind = self.fp.tell(), self.__prepare_idat
        if self.default_image:
            self.n_frames += 1
        self._composer: Composer = Composer(self.info)

    def tell(self) -> int:
        """The number of the present frame."""
        return self.__frame

    def seek(self, frame: int) -> None:
        """Go to a frame, counting from 0; with a default image that is frame 0.

        :raises EOFError: when there is no such frame
        """
        if not self._seek_check(frame):
            return
        if frame < self.__frame:
            self._seek(0, True)
        start = self.__frame
        while self.__frame < frame:
            try:
                self._seek(self.__frame + 1)
            except EOFError as error:
                self.seek(start)
                raise EOFError("no more images in APNG file") from error

    def _seek(self, frame: int, rewind: bool = False) -> None:
        """Go to the next frame, or back to the first."""
        if frame == 0 and rewind:
            self._rewind_frames()
        elif frame == self.__frame + 1:
            self._advance()
        else:
            raise ValueError(f"cannot seek to frame {frame}")

    def _rewind_frames(self) -> None:
        from ._apng import Composer

        assert self.png is not None
        file = cast("IO[bytes]", self._fp)
        position, self.__prepare_idat = self.__rewind
        file.seek(position)
        self.png.rewind()
        self.png.queue = []
        self.__idat = 0
        self.__fault = None
        self._im: _imaging.ImagingCore | Any = None
        self.info = self.png.im_info
        self.tile = self.png.im_tile
        self.fp = file
        self.__frame = 0
        self._composer = Composer(self.info)

    def _advance(self) -> None:
        """Go from a frame to the next: finish the one, read the header of the other."""
        assert self.png is not None
        restored = self._composer.restoration(self)
        self.load()
        self._composer.dispose(self, restored)
        self.fp = cast("IO[bytes]", self._fp)
        if self.__prepare_idat:
            ImageFile._safe_read(self.fp, self.__prepare_idat)
            self.__prepare_idat = 0
        self.__fault = None
        self._read_frame_header()
        self.__frame += 1
        self.tile = self.png.im_tile
        if not self.tile:
            raise EOFError
        self._composer.begin(self.info)

    def _read_frame_header(self) -> None:
        assert self.png is not None and self.fp is not None
        started = False
        while True:
            self.fp.read(4)  # checksum of the chunk before
            try:
                cid, pos, length = self.png.read()
            except (struct.error, SyntaxError):
                return
            if cid == b"IEND":
                raise EOFError("No more images in APNG file")
            if cid == b"fcTL":
                if started:
                    raise SyntaxError("APNG missing frame data")
                started = True
            try:
                known = self.png.handles(cid)
            except UnicodeDecodeError:
                return
            try:
                if known:
                    self.png.call(cid, pos, length)
                else:
                    ImageFile._safe_read(self.fp, length)
            except EOFError:
                length -= 4 if cid == b"fdAT" else 0
                if started:
                    self.__prepare_idat = length
                    return
                ImageFile._safe_read(self.fp, length)


Image.register_open(PngImageFile.format, PngImageFile, _accept)
Image.register_save(PngImageFile.format, _save)
Image.register_save_all(PngImageFile.format, _save_all)
Image.register_extensions(PngImageFile.format, [".png", ".apng"])
Image.register_mime(PngImageFile.format, "image/png")
