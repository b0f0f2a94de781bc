"""Images that live in files: lazy loading, incremental parsing, saving.

:class:`ImageFile` is the base class of all readers. A reader's ``_open`` parses the
header and leaves a list of tiles (codec, rectangle, file position, codec arguments);
:meth:`ImageFile.load` feeds the file to the codecs when the pixels are first needed.
"""

from __future__ import annotations

import abc
import io
import logging
import struct
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from . import ExifTags, Image
from ._pycodec import PyCodec, PyCodecState, PyDecoder, PyEncoder
from ._tilefeed import STATUS_NOTHING_DECODED, drain_encoder, feed_decoder
from ._util import DeferredError, is_path

if TYPE_CHECKING:
    from typing import Self

    from . import _imaging
    from ._typing import StrOrBytesPath

__all__ = [
    "ERRORS",
    "LOAD_TRUNCATED_IMAGES",
    "MAXBLOCK",
    "SAFEBLOCK",
    "ImageFile",
    "Parser",
    "PyCodec",
    "PyCodecState",
    "PyDecoder",
    "PyEncoder",
    "StubHandler",
    "StubImageFile",
]

logger = logging.getLogger(__name__)

#: How much is read or written in one piece by default.
MAXBLOCK = 65536

#: The largest single read whose length was taken from a file.
SAFEBLOCK = 1024 * 1024

#: Whether to deliver what can be decoded of truncated or damaged files.
LOAD_TRUNCATED_IMAGES = False

#: Codec status codes. The core may have a more precise text (``getcodecstatus``).
ERRORS = {
    -1: "image buffer overrun error",
    -2: "decoding error",
    -3: "unknown error",
    -8: "bad configuration",
    -9: "out of memory error",
}

#: What a reader may raise for a file that is not of its format.
_NOT_THIS_FORMAT = (IndexError, TypeError, KeyError, EOFError, struct.error)


class _Tile(NamedTuple):
    codec_name: str
    extents: tuple[int, int, int, int] | None
    offset: int = 0
    args: tuple[Any, ...] | str | None = None


def _get_oserror(error: int, *, encoder: bool) -> OSError:
    kind, verb = ("encoder", "writing") if encoder else ("decoder", "reading")
    text = Image.core.getcodecstatus(error) or ERRORS.get(error) or f"{kind} error {error}"
    return OSError(f"{text} when {verb} image file")


def _tilesort(t: _Tile) -> int:
    return t[2]


def _safe_read(fp: IO[bytes], size: int) -> bytes:
    """Read exactly ``size`` bytes, a number that may come from a damaged file.

    Long reads are done in pieces, so that memory grows with the data that are really
    there and not with what a header says.

    :raises OSError: when the file has fewer
    """
    if size <= 0:
        return b""
    if size <= SAFEBLOCK:
        data = fp.read(size)
    else:
        pieces = []
        missing = size
        while missing > 0:
            piece = fp.read(min(missing, SAFEBLOCK))
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        data = b"".join(pieces)
    if len(data) < size:
        raise OSError("Truncated File Read")
    return data


class ImageFile(Image.Image, metaclass=abc.ABCMeta):
    """Base class of images read from a file.

    :param fp: a path, or a binary file object at the position where the image starts
    :param filename: the name to remember for a file object
    :raises SyntaxError: when the file is not of the reader's format
    """

    format: str | None = None
    format_description: str | None = None

    # Readers of formats with several frames keep their file.
    _close_exclusive_fp_after_loading = True

    map: Any
    fp: IO[bytes] | None
    _fp: IO[bytes] | DeferredError

    def __init__(self, fp: StrOrBytesPath | IO[bytes], filename: str | bytes | None = None) -> None:
        super().__init__()
        self._min_frame = 0
        self.custom_mimetype: str | None = None
        self.tile: list[_Tile] = []
        self.readonly = 1
        self.decoderconfig: tuple[Any, ...] = ()
        self.decodermaxblock = MAXBLOCK

        owned = is_path(fp)
        if owned:
            path = cast("StrOrBytesPath", fp)
            self.fp = open(path, "rb")
            self.filename = path
        else:
            self.fp = cast("IO[bytes]", fp)
            self.filename = filename if filename is not None else ""
        self._exclusive_fp = owned

        try:
            self._identify()
        except BaseException:
            if owned:
                self.fp.close()
            raise

    def _identify(self) -> None:
        """Run the reader's ``_open`` and check what every reader has to deliver."""
        try:
            self._open()
            smallest = self._opened()
        except _NOT_THIS_FORMAT as error:
            raise SyntaxError(error) from error
        if not self._mode or min(self._size) < smallest:
            raise SyntaxError("not identified by this driver")

    def _opened(self) -> int:
        """Called when the header is read; how large either side has to be at least."""
        return 1

    @abc.abstractmethod
    def _open(self) -> None:
        """Parse the header: set ``_mode``, ``_size`` and the list of tiles."""

    # Life cycle

    def _close_fp(self) -> None:
        other = getattr(self, "_fp", None)
        if other is not None and not isinstance(other, DeferredError):
            if other != self.fp:
                other.close()
            self._fp = DeferredError(ValueError("Operation on closed image"))
        if self.fp is not None:
            self.fp.close()

    def __exit__(self, *args: object) -> None:
        if getattr(self, "_exclusive_fp", False):
            self._close_fp()
        self.fp = None

    def close(self) -> None:
        """Close the file, also one handed in, and release the pixels."""
        try:
            self._close_fp()
            self.fp = None
        except Exception as error:
            logger.debug("Error closing: %s", error)
        super().close()

    def verify(self) -> None:
        """Check the file as far as that is possible without decoding the pixels.

        The base class checks nothing. The image cannot be loaded afterwards.
        """
        if self._exclusive_fp and self.fp is not None:
            self.fp.close()
        self.fp = None

    def __getstate__(self) -> list[Any]:
        return [*super().__getstate__(), self.filename]

    def __setstate__(self, state: list[Any]) -> None:
        self.tile = []
        if len(state) > 5:
            self.filename = state[5]
        super().__setstate__(state)

    # Information

    def get_format_mimetype(self) -> str | None:
        """The MIME type of this file, or of its format, or ``None``."""
        if self.custom_mimetype:
            return self.custom_mimetype
        return None if self.format is None else Image.MIME.get(self.format.upper())

    def _seek_check(self, frame: int) -> bool:
        """Whether ``frame`` is another frame than the present one.

        :raises EOFError: when there is no such frame
        """
        too_late = False
        if frame >= self._min_frame and getattr(self, "_n_frames", 0) is not None:
            too_late = frame >= cast("int", getattr(self, "n_frames")) + self._min_frame  # noqa: B009
        if frame < self._min_frame or too_late:
            raise EOFError("attempt to seek outside sequence")
        return self.tell() != frame

    def get_child_images(self) -> list[ImageFile]:
        """The images inside this one (sub-directories, thumbnail), loaded."""
        exif = self.getexif()
        directories: list[tuple[dict[int, Any], int]] = []
        offsets = exif.get(ExifTags.Base.SubIFDs)
        if offsets:
            offsets = offsets if isinstance(offsets, tuple) else (offsets,)
            directories += [(exif._read_directory(offset), offset) for offset in offsets]
        thumbnail = exif.get_ifd(ExifTags.IFD.IFD1)
        if thumbnail.get(ExifTags.Base.JpegIFOffset):
            assert exif._info is not None
            directories.append((thumbnail, exif._info.next))
        if not directories:
            return []
        assert self.fp is not None
        position = self.fp.tell()
        children = [self._open_child(ifd, offset) for ifd, offset in directories]
        self.fp.seek(position)
        return children

    def _open_child(self, ifd: dict[int, Any], offset: int) -> ImageFile:
        assert self.fp is not None
        source: IO[bytes] = self.fp
        start = ifd.get(ExifTags.Base.JpegIFOffset)
        if start is not None:
            self.fp.seek(start + getattr(self, "_exif_offset", 0))
            length = ifd.get(ExifTags.Base.JpegIFByteCount)
            assert length is not None
            source = io.BytesIO(_safe_read(self.fp, length))
        child = Image.open(source)
        if start is None and child.format == "TIFF":
            # A TIFF reader can start at any directory of the file.
            reader: Any = child
            reader._frame_pos = [offset]
            reader._seek(0)
        child.load()
        return child

    # Loading

    def load(self) -> _imaging.PixelAccess | None:
        """Decode the pixels, unless that was done before.

        :raises OSError: when data are missing or damaged
        """
        if not self.tile:
            if self._im is None:
                raise OSError("cannot load this image")
            return super().load()
        if self._im is not None:
            super().load()  # fails if the image was closed

        self.map = None
        assert self.fp is not None
        read = getattr(self, "load_read", None)
        seek = getattr(self, "load_seek", None)
        status = STATUS_NOTHING_DECODED
        if read is not None or seek is not None or not self._map_pixels():
            self.load_prepare()
            status = self._decode_tiles(read or self.fp.read, seek or self.fp.seek)

        self.tile = []
        self.readonly = 0 if self.map is None else 1
        self.load_end()
        if self._exclusive_fp and self._close_exclusive_fp_after_loading:
            self.fp.close()
        self.fp = None

        if self.map is None and not LOAD_TRUNCATED_IMAGES and status < 0:
            raise _get_oserror(status, encoder=False)
        return super().load()

    def _map_pixels(self) -> bool:
        """Use the file itself as pixel memory, if its layout is that of the mode."""
        if not self.filename or len(self.tile) != 1:
            return False
        codec, _, offset, args = self.tile[0]
        if codec != "raw":
            return False
        if isinstance(args, str):
            args = (args, 0, 1)
        if not isinstance(args, tuple) or len(args) < 3:
            return False
        if args[0] != self.mode or args[0] not in Image._MAPMODES:
            return False
        if offset < 0:
            raise ValueError("Tile offset cannot be negative")
        try:
            import mmap

            with open(self.filename, "rb") as file:
                mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            pixel_size = {"L": 1, "P": 1}.get(self.mode, 2 if "16" in self.mode else 4)
            # The size in the file may not yet be turned as the metadata ask for.
            size: tuple[int, int] = getattr(self, "_tile_size", self.size)
            step = max(args[1], size[0] * pixel_size)
            if offset + size[1] * step > mapping.size():
                return False
            self.im = Image.core.map_buffer(mapping, size, codec, offset, args)
        except (AttributeError, OSError, ImportError):
            return False
        self.map = mapping
        if self.palette:
            # The palette of the Python side still has to reach the new core.
            self.palette.dirty = 1
        return True

    def _decode_tiles(self, read: Callable[[int], bytes], seek: Callable[[int], object]) -> int:
        """Feed all tiles to their decoders; the result is the last one's status."""
        status = STATUS_NOTHING_DECODED
        tiles = _distinct_tiles(self.tile)
        for tile, follower in zip(tiles, [*tiles[1:], None], strict=True):
            codec, extents, offset, args = tile
            seek(offset)
            size = self.decodermaxblock
            if follower is not None and follower[2] > offset:
                size = follower[2] - offset
            # Readers of animations may decode into something else than the picture.
            decoder = Image._getdecoder(self.im.mode, codec, args, self.decoderconfig)
            try:
                decoder.setimage(self.im, extents)
                if decoder.pulls_fd:
                    assert self.fp is not None
                    decoder.setfd(self.fp)
                    status = decoder.decode(b"")[1]
                else:
                    prefix = getattr(self, "tile_prefix", b"")
                    status = feed_decoder(decoder, read, size, prefix, LOAD_TRUNCATED_IMAGES)
            finally:
                decoder.cleanup()
        return status

    def load_prepare(self) -> None:
        """Make the pixel memory, before the first tile is decoded."""
        if self._im is None:
            self._im = Image.core.new(self._mode, self._size)
        if self._mode == "P":
            super().load()

    def load_end(self) -> None:
        """Called after the last tile; readers may read on from here."""


def _distinct_tiles(tiles: list[_Tile]) -> list[_Tile]:
    """Tiles by position; of neighbours that differ only in it, the last one.

    All of those would be decoded into the same pixels.
    """
    if len(tiles) == 1:
        return tiles
    result: list[_Tile] = []
    for tile in sorted(tiles, key=_tilesort):
        if result and result[-1][:2] == tile[:2] and result[-1][3] == tile[3]:
            result[-1] = tile
        else:
            result.append(tile)
    return result


class StubHandler(abc.ABC):
    """What a program registers to read a format that is only recognised here."""

    def open(self, im: StubImageFile) -> None:  # noqa: B027 (a handler may do without)
        """Called when a file was recognised."""

    @abc.abstractmethod
    def load(self, im: StubImageFile) -> Image.Image:
        """Return the real image."""


class StubImageFile(ImageFile):
    """Base class of readers that recognise a format and leave it to a handler."""

    _handler: StubHandler | None = None

    @abc.abstractmethod
    def _open(self) -> None:
        """Recognise the file."""

    def _opened(self) -> int:
        if self._handler is None:
            return 0  # it may not know its size
        self._handler.open(self)
        return 1

    def load(self) -> _imaging.PixelAccess | None:
        """Let the handler load the image, and become that image.

        :raises OSError: without a handler
        """
        handler = self._handler
        if handler is None:
            raise OSError(f"cannot find loader for this {self.format} file")
        image = handler.load(self)
        assert image is not None
        self.__class__ = image.__class__  # type: ignore[assignment]
        self.__dict__ = image.__dict__
        return image.load()


class Parser:
    """Builds an image from data that arrive in pieces."""

    incremental: Any = None
    image: Image.Image | None = None
    data: bytes | None = None
    decoder: Any = None
    offset = 0
    finished = 0

    def reset(self) -> None:
        """Allowed only before any data were fed."""
        assert self.data is None, "cannot reuse parsers"

    def feed(self, data: bytes) -> None:
        """Give the parser more of the file.

        :raises OSError: when the data are damaged
        """
        if self.finished:
            return
        self.data = data if self.data is None else self.data + data
        if self.decoder is not None:
            self._decode()
        elif self.image is None:
            self._try_open()

    def _decode(self) -> None:
        assert self.data is not None
        if self.offset:
            header = min(self.offset, len(self.data))
            self.offset -= header
            self.data = self.data[header:]
            if not self.data:
                return
        consumed, status = self.decoder.decode(self.data)
        if consumed >= 0:
            self.data = self.data[consumed:]
            return
        self.data = None
        self.finished = 1
        if status < 0:
            self.image = None
            raise _get_oserror(status, encoder=False)

    def _try_open(self) -> None:
        assert self.data is not None
        try:
            image = Image.open(io.BytesIO(self.data))
        except OSError:
            return  # not enough data to know what it is
        special = hasattr(image, "load_seek") or hasattr(image, "load_read")
        if not special and len(image.tile) == 1 and not self._reads_by_itself(image):
            image.load_prepare()
            codec, extents, offset, args = image.tile[0]
            image.tile = []
            self.decoder = Image._getdecoder(image.mode, codec, args, image.decoderconfig)
            self.decoder.setimage(image.im, extents)
            self.offset = offset
        self.image = image

    @staticmethod
    def _reads_by_itself(image: ImageFile) -> bool:
        """Whether the decoder wants a whole file, so that it has to wait for the end."""
        codec, _, _, args = image.tile[0]
        decoder: Any = Image._getdecoder(image.mode, codec, args, image.decoderconfig)
        return bool(decoder.pulls_fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def close(self) -> Image.Image:
        """End of data: return the image.

        :raises OSError: when it is not complete, or nothing could be recognised
        """
        if self.decoder is not None:
            self.feed(b"")
            self.data = self.decoder = None
            if not self.finished:
                raise OSError("image was incomplete")
        if self.image is None:
            raise OSError("cannot parse this image")
        if self.data is not None:
            # What was recognised from the first data may no longer be once all are there.
            # Then the error of loading that image comes first.
            try:
                self.image = Image.open(io.BytesIO(self.data))
            finally:
                self.image.load()
        return self.image


def _save(im: Image.Image, fp: IO[bytes], tile: list[_Tile], bufsize: int = 0) -> None:
    """Encode tiles of an image into a file.

    :param bufsize: encoders get at least this much room for one step
    :raises OSError: when an encoder or the file fails
    """
    im.load()
    if not hasattr(im, "encoderconfig"):
        im.encoderconfig = ()
    tile.sort(key=_tilesort)
    # One row of the widest pixels must fit, for codecs that work by whole rows.
    bufsize = max(MAXBLOCK, bufsize, im.size[0] * 4)
    try:
        descriptor = fp.fileno()
        fp.flush()
        _encode_tiles(im, fp, tile, bufsize, descriptor)
    except (AttributeError, io.UnsupportedOperation):
        _encode_tiles(im, fp, tile, bufsize, None)
    if hasattr(fp, "flush"):
        fp.flush()


def _encode_tiles(
    im: Image.Image, fp: IO[bytes], tiles: list[_Tile], bufsize: int, descriptor: int | None
) -> None:
    for codec, extents, offset, args in tiles:
        if offset > 0:
            fp.seek(offset)
        encoder = Image._getencoder(im.mode, codec, args, im.encoderconfig)
        try:
            encoder.setimage(im.im, extents)
            if encoder.pushes_fd:
                encoder.setfd(fp)
                status = encoder.encode_to_pyfd()[1]
            elif descriptor is None:
                status = drain_encoder(encoder, fp, bufsize)
            else:
                status = encoder.encode_to_file(descriptor, bufsize)
            if status < 0:
                raise _get_oserror(status, encoder=True)
        finally:
            encoder.cleanup()
