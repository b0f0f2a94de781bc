"""PNG and APNG: reading. Writing is in :mod:`PIL._png_write`.

Specifications: W3C "Portable Network Graphics (PNG) Specification (Third Edition)".
"""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Any, cast

from . import Image, ImageFile, ImagePalette
from ._binary import o8 as o8
from ._binary import o16be as o16
from ._binary import o32be as o32
from ._png_chunks import MAGIC, ChunkStream, is_cid, iTXt, putchunk
from ._png_stream import _MODES as _MODES
from ._png_stream import PngStream
from ._png_write import PngInfo, _save, _save_all, getchunks
from ._util import publish as _publish

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
        if not self.tile:
            raise SyntaxError("no pixels to verify")
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
        """Read up to ``read_bytes`` of compressed data, all from one chunk."""
        assert self.fp is not None
        if not self.__idat and not self._next_data_chunk():
            return b""
        data = self.fp.read(min(read_bytes, self.__idat))
        self.__idat -= len(data)
        return data

    def _next_data_chunk(self) -> bool:
        """Go to the next chunk with pixels, unless another chunk is next."""
        assert self.png is not None and self.fp is not None
        while self.__idat == 0:
            self.fp.read(4)  # checksum
            cid, pos, length = self.png.read()
            if cid not in _DATA_CHUNKS:
                self.png.push(cid, pos, length)
                return False
            if cid == b"fdAT":
                try:
                    self.png.call(cid, pos, length)
                except EOFError:
                    length -= 4
                else:
                    length = 0  # too short for its number: passed over, if that is allowed
            self.__idat = length
        return True

    def load_end(self) -> None:
        """Read the chunks after the pixels, and compose the frame of an animation."""
        assert self.png is not None and self.fp is not None
        if self.__idat:
            self.fp.seek(self.__idat, 1)
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
        if cid == b"IEND" or not cid.isascii():
            return False
        if cid == b"fcTL" and self.is_animated:
            # The next frame starts here.
            self.__prepare_idat = 0
            self.png.push(cid, pos, length)
            return False
        if not self.png.handles(cid):
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


_publish(globals(), "PIL._png_chunks", "PIL._png_write")

Image.register_open(PngImageFile.format, PngImageFile, _accept)
Image.register_save(PngImageFile.format, _save)
Image.register_save_all(PngImageFile.format, _save_all)
Image.register_extensions(PngImageFile.format, [".png", ".apng"])
Image.register_mime(PngImageFile.format, "image/png")
