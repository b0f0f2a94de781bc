"""MPO: several JPEG pictures in one file (CIPA DC-007, "Multi-Picture Format")."""

from __future__ import annotations

import struct
from typing import IO, Any, cast

from . import Image, ImageFile, ImageSequence, JpegImagePlugin, _jpeg_write
from ._util import DeferredError

_NUMBER_OF_IMAGES = 0xB001
_ENTRIES = 0xB002
_PRIMARY_IMAGE = 0x030000

# The segment for the index: what the IFD takes without its entries, and one entry.
_INDEX_SIZE = 66
_ENTRY_SIZE = 16
# Where the index stands behind the start of the file: after SOI, JFIF and the marker, its
# length and name; an Exif segment adds its own.
_INDEX_POSITION = 28


class MpoImageFile(JpegImagePlugin.JpegImageFile):
    """Reads MPO files, picture by picture."""

    format = "MPO"
    format_description = "MPO (CIPA DC-007)"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        super()._open()
        self._after_jpeg_open()

    def _after_jpeg_open(self, mpheader: dict[int, Any] | None = None) -> None:
        self.mpinfo = self._getmp() if mpheader is None else mpheader
        if self.mpinfo is None:
            raise ValueError("Image appears to be a malformed MPO file")
        self.n_frames = self.mpinfo[_NUMBER_OF_IMAGES]
        start = self.info["mpoffset"]
        offsets = [entry["DataOffset"] + start for entry in self.mpinfo[_ENTRIES]]
        self._offsets = [0, *offsets[1:]]
        del self.info["mpoffset"]
        self.is_animated = self.n_frames > 1
        assert self.fp is not None
        self._fp = self.fp
        self._frame = 0
        self.offset = 0
        self._fp.seek(0)
        self.readonly = 1

    def load_seek(self, pos: int) -> None:
        """The decoder starts at the picture, wherever that is."""
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        self._fp.seek(pos)

    def seek(self, frame: int) -> None:
        """Go to a picture.

        :raises EOFError: when there is no such picture
        """
        if not self._seek_check(frame):
            return
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        self.fp = self._fp
        self.offset = self._offsets[frame]
        self.fp.seek(self.offset)
        if not self.fp.read(2):
            raise ValueError("No data found for frame")
        self.fp.seek(self.offset)
        self.info.pop("exif", None)
        if self._exif is not None:
            self._exif._loaded = False
        previous = self._size, self.mode
        self._read_headers()
        if (self._size, self.mode) != previous:
            Image._decompression_bomb_check(self._size)
            self._im = None
        codec, _, _, args = self.tile[0]
        self.tile = [ImageFile._Tile(codec, (0, 0, *self.size), self.offset, args)]
        self._frame = frame
        if self._exif is not None:
            self.getexif()

    def _read_headers(self) -> None:
        """Those of the picture that the file stands at.

        :raises SyntaxError: when they are damaged
        """
        try:
            JpegImagePlugin.JpegImageFile._open(self)
        except (IndexError, KeyError, TypeError, struct.error) as error:
            raise SyntaxError(f"damaged picture: {error}") from error
        if not self.tile:
            raise SyntaxError("picture without pixels")

    def tell(self) -> int:
        """The number of the picture."""
        return self._frame

    @staticmethod
    def adopt(
        jpeg_instance: JpegImagePlugin.JpegImageFile, mpheader: dict[int, Any] | None = None
    ) -> MpoImageFile:
        """Make an opened JPEG file an MPO file, which it shall be known to be."""
        jpeg_instance.__class__ = MpoImageFile
        adopted = cast("MpoImageFile", jpeg_instance)
        adopted._after_jpeg_open(mpheader)
        return adopted


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    _jpeg_write._save(im, fp, filename)


def _save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    sources = [im, *im.encoderinfo.get("append_images", [])]
    if len(sources) == 1 and not getattr(im, "is_animated", False):
        _save(im, fp, filename)
        return

    count = sum(getattr(source, "n_frames", 1) for source in sources)
    sizes: list[int] = []
    position = _INDEX_POSITION
    for source in sources:
        for frame in ImageSequence.Iterator(source):
            start = fp.tell()
            if not sizes:
                length = _INDEX_SIZE + _ENTRY_SIZE * count
                im.encoderinfo["extra"] = (
                    b"\xff\xe2" + struct.pack(">H", 6 + length) + b"MPF\0" + b" " * length
                )
                exif = im.encoderinfo.get("exif")
                if isinstance(exif, Image.Exif):
                    exif = im.encoderinfo["exif"] = exif.tobytes()
                if exif:
                    position += 4 + len(exif)
                _jpeg_write._save(frame, fp, filename)
            else:
                previous = frame._attach_default_encoderinfo(im)
                try:
                    _jpeg_write._save(frame, fp, filename)
                finally:
                    frame.encoderinfo = previous
            sizes.append(fp.tell() - start)
    end = fp.tell()
    fp.seek(position)
    fp.write(_index(sizes, position))
    fp.seek(end)


def _index(sizes: list[int], position: int) -> bytes:
    """The index of pictures of these sizes, one after another.

    :param position: where it stands in the file, which offsets are counted from
    """
    entries = b""
    offset = 0
    for number, size in enumerate(sizes):
        attribute = 0 if number else _PRIMARY_IMAGE
        entries += struct.pack("<3L2H", attribute, size, offset - position if number else 0, 0, 0)
        offset += size
    data_offset = 8 + 2 + 3 * 12 + 4
    return b"".join(
        (
            b"II*\0" + struct.pack("<LH", 8, 3),
            struct.pack("<2HL4s", 0xB000, 7, 4, b"0100"),
            struct.pack("<2H2L", _NUMBER_OF_IMAGES, 4, 1, len(sizes)),
            struct.pack("<2H2L", _ENTRIES, 7, len(entries), data_offset),
            struct.pack("<L", 0),
            entries,
        )
    )


# There is no accept function: JpegImagePlugin finds out which files are MPO files.
Image.register_save(MpoImageFile.format, _save)
Image.register_save_all(MpoImageFile.format, _save_all)
Image.register_extension(MpoImageFile.format, ".mpo")
Image.register_mime(MpoImageFile.format, "image/mpo")
