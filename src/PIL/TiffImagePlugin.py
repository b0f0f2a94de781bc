"""TIFF: reading. Writing is in :mod:`PIL._tiff_write` and :mod:`PIL._tiff_append`.

Uncompressed pixels are read and written here, all others by libtiff. Tag directories are
in :mod:`PIL._tiff_ifd`, the tables of layouts in :mod:`PIL._tiff_layout`.

Specifications: TIFF 6.0 (Adobe, 1992) and its technical notes; BigTIFF (2007).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from . import Image, ImageFile, ImageOps, ImagePalette, TiffTags
from ._ifd_rational import IFDRational, _limit_rational, _limit_signed_rational
from ._tiff_append import AppendingTiffWriter
from ._tiff_ifd import (
    II,
    MM,
    PREFIXES,
    TYPES,
    ImageFileDirectory,
    ImageFileDirectory_v1,
    ImageFileDirectory_v2,
)
from ._tiff_layout import (
    ARTIST,
    BITSPERSAMPLE,
    COLORMAP,
    COMPRESSION,
    COMPRESSION_INFO,
    COMPRESSION_INFO_REV,
    COPYRIGHT,
    DATE_TIME,
    EXIFIFD,
    EXTRASAMPLES,
    FILLORDER,
    ICCPROFILE,
    IMAGEDESCRIPTION,
    IMAGEJ_META_DATA,
    IMAGEJ_META_DATA_BYTE_COUNTS,
    IMAGELENGTH,
    IMAGEWIDTH,
    IPTC_NAA_CHUNK,
    JPEGQUALITY,
    JPEGTABLES,
    MAX_SAMPLESPERPIXEL,
    OPEN_INFO,
    ORIENTATION,
    OSUBFILETYPE,
    PHOTOMETRIC_INTERPRETATION,
    PHOTOSHOP_CHUNK,
    PLANAR_CONFIGURATION,
    PREDICTOR,
    REFERENCEBLACKWHITE,
    RESOLUTION_UNIT,
    ROWSPERSTRIP,
    SAMPLEFORMAT,
    SAMPLESPERPIXEL,
    SAVE_INFO,
    SOFTWARE,
    STRIPBYTECOUNTS,
    STRIPOFFSETS,
    SUBIFD,
    TILEBYTECOUNTS,
    TILELENGTH,
    TILEOFFSETS,
    TILEWIDTH,
    TRANSFERFUNCTION,
    X_RESOLUTION,
    XMP,
    Y_RESOLUTION,
    YCBCRSUBSAMPLING,
    LayoutKey,
)
from ._tiff_strips import joined
from ._tiff_write import _save, _save_all
from ._util import DeferredError

if TYPE_CHECKING:
    from collections.abc import Callable

    from . import _imaging

__all__ = [
    "ARTIST",
    "BITSPERSAMPLE",
    "COLORMAP",
    "COMPRESSION",
    "COMPRESSION_INFO",
    "COMPRESSION_INFO_REV",
    "COPYRIGHT",
    "DATE_TIME",
    "EXIFIFD",
    "EXTRASAMPLES",
    "FILLORDER",
    "ICCPROFILE",
    "II",
    "IMAGEDESCRIPTION",
    "IMAGEJ_META_DATA",
    "IMAGEJ_META_DATA_BYTE_COUNTS",
    "IMAGELENGTH",
    "IMAGEWIDTH",
    "IPTC_NAA_CHUNK",
    "JPEGQUALITY",
    "JPEGTABLES",
    "MAX_SAMPLESPERPIXEL",
    "MM",
    "OPEN_INFO",
    "OSUBFILETYPE",
    "PHOTOMETRIC_INTERPRETATION",
    "PHOTOSHOP_CHUNK",
    "PLANAR_CONFIGURATION",
    "PREDICTOR",
    "PREFIXES",
    "READ_LIBTIFF",
    "REFERENCEBLACKWHITE",
    "RESOLUTION_UNIT",
    "ROWSPERSTRIP",
    "SAMPLEFORMAT",
    "SAMPLESPERPIXEL",
    "SAVE_INFO",
    "SOFTWARE",
    "STRIPBYTECOUNTS",
    "STRIPOFFSETS",
    "STRIP_SIZE",
    "SUBIFD",
    "TILEBYTECOUNTS",
    "TILELENGTH",
    "TILEOFFSETS",
    "TILEWIDTH",
    "TRANSFERFUNCTION",
    "TYPES",
    "WRITE_LIBTIFF",
    "XMP",
    "X_RESOLUTION",
    "YCBCRSUBSAMPLING",
    "Y_RESOLUTION",
    "AppendingTiffWriter",
    "IFDRational",
    "ImageFileDirectory",
    "ImageFileDirectory_v1",
    "ImageFileDirectory_v2",
    "TiffImageFile",
    "_limit_rational",
    "_limit_signed_rational",
]

#: Whether libtiff also reads, and writes, what needs no decompression.
READ_LIBTIFF = False
WRITE_LIBTIFF = False

#: Strips of compressed files have about so many bytes before compression.
STRIP_SIZE = 65536

_WINDOWS_MEDIA_PHOTO = 0xBC01

#: Bands by photometric interpretation; 1 for all others.
_COLOURS = {2: 3, 5: 4, 6: 3, 8: 3}

_YCBCR = 6
_SEPARATE_PLANES = 2

# Resolution units.
_INCH, _CENTIMETRE = 2, 3


#: What comes of tags whose values have a wrong type, are too large, or are missing.
_BAD_VALUES = (IndexError, KeyError, OverflowError, TypeError, struct.error)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(tuple(PREFIXES))


@dataclass
class _Layout:
    """How the samples of a pixel lie in the file, as the tags tell."""

    order: bytes
    photometric: Any
    fill_order: Any
    planar: Any
    sample_format: tuple[Any, ...]
    bits: tuple[Any, ...]
    extra: tuple[Any, ...]
    bands: int

    @classmethod
    def from_tags(cls, tags: ImageFileDirectory_v2, compression: str) -> _Layout:
        """Read and reconcile the tags.

        :raises SyntaxError: when they contradict each other
        """
        photometric = tags.get(PHOTOMETRIC_INTERPRETATION, 0)
        if compression == "tiff_jpeg":
            photometric = _YCBCR
        sample_format = tags.get(SAMPLEFORMAT, (1,))
        if len(sample_format) > 1 and len(set(sample_format)) == 1:
            sample_format = sample_format[:1]
        bits = tags.get(BITSPERSAMPLE, (1,))
        extra = tags.get(EXTRASAMPLES, ())
        planar = tags.get(PLANAR_CONFIGURATION, 1)
        default = 3 if compression == "tiff_jpeg" and photometric in (2, 6) else 1
        samples = tags.get(SAMPLESPERPIXEL, default)
        if planar == _SEPARATE_PLANES and extra and max(extra) == 0:
            # Planes of unspecified meaning can be left alone.
            bits = bits[: -len(extra)]
            samples -= len(extra)
            extra = ()
        if samples > MAX_SAMPLESPERPIXEL:
            raise SyntaxError("Invalid value for samples per pixel")
        if samples < len(bits):
            bits = bits[:samples]
        elif samples > len(bits) == 1:
            bits = bits * samples
        if len(bits) != samples:
            raise SyntaxError("unknown data organization")
        return cls(
            order=tags.prefix,
            photometric=photometric,
            fill_order=tags.get(FILLORDER, 1),
            planar=planar,
            sample_format=sample_format,
            bits=bits,
            extra=extra,
            bands=_COLOURS.get(photometric, 1) + len(extra),
        )

    def key(self) -> LayoutKey:
        """What :data:`OPEN_INFO` is looked up with."""
        return (
            self.order,
            self.photometric,
            self.sample_format,
            self.fill_order,
            self.bits,
            self.extra,
        )


class TiffImageFile(ImageFile.ImageFile):
    """Reads TIFF files, as images of several frames if they have several directories."""

    format = "TIFF"
    format_description = "Adobe TIFF"

    #: The tags of the present frame, in the new and the old interface.
    tag_v2: ImageFileDirectory_v2
    tag: ImageFileDirectory_v1

    def __init__(self, fp: Any = None, filename: str | bytes | None = None) -> None:
        self.ifd: ImageFileDirectory_v1 | None = None
        super().__init__(fp, filename)

    def _open(self) -> None:
        assert self.fp is not None
        header = self.fp.read(8)
        if 43 in header[2:4]:
            header += self.fp.read(8)
        self.tag_v2 = ImageFileDirectory_v2(header)
        self._fp = self.fp
        self._frame_pos: list[int] = []
        self._n_frames: int | None = None
        self.__next = self.tag_v2.next
        self.__visited: set[int] = set()
        self.__frame = -1
        # What a directory's values may take, by its position: all directories together
        # no more than the file has bytes, however often they point to the same data.
        self.__budgets: dict[int, int] = {}
        self.fp.seek(0, 2)
        self.__budget = self.fp.tell()
        self._seek(0)

    # Frames

    @property
    def n_frames(self) -> int:
        """The number of frames. All directories are visited."""
        if self._n_frames is None:
            current = self.tell()
            last = len(self._frame_pos)
            while self.__next:
                self._seek(last)
                last += 1
            self._n_frames = last
            self.seek(current)
        return self._n_frames

    def tell(self) -> int:
        """The number of the present frame."""
        return self.__frame

    def seek(self, frame: int) -> None:
        """Go to a frame, counting from 0.

        :raises EOFError: when there is no such frame
        :raises SyntaxError: when the frame cannot be interpreted
        """
        if not self._seek_check(frame):
            return
        self._seek(frame)
        if self._im is not None and (
            self.im.size != self._tile_size or self.im.mode != self.mode or self.readonly
        ):
            self._im: _imaging.ImagingCore | Any = None

    def _seek(self, frame: int) -> None:
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        self.fp = self._fp
        loaded = False
        while len(self._frame_pos) <= frame:
            if not self.__next:
                self._n_frames = len(self._frame_pos)
                raise EOFError("no more images in TIFF file")
            self._follow_chain()
            loaded = True
        if not loaded or frame != len(self._frame_pos) - 1:
            self._load_directory(self._frame_pos[frame])
        if XMP in self.tag_v2:
            xmp = self.tag_v2[XMP]
            self.info["xmp"] = xmp[0] if isinstance(xmp, tuple) and len(xmp) == 1 else xmp
        else:
            self.info.pop("xmp", None)
        self._reload_exif()
        # The old interface, which sees what the new one decodes.
        self.tag = self.ifd = ImageFileDirectory_v1.from_v2(self.tag_v2)
        self.__frame = frame
        try:
            self._setup()
        except _BAD_VALUES as error:
            raise SyntaxError(error) from error

    def _follow_chain(self) -> None:
        """Read the directory after the last known one, and remember where it is."""
        position = self.__next
        if position >= 2**63:
            raise ValueError("Unable to seek to frame")
        self._load_directory(position)
        self._frame_pos.append(position)
        self.__visited.add(position)
        following = self.tag_v2.next
        # A directory that was there before ends the chain.
        self.__next = 0 if following in self.__visited else following
        if self.__next == 0:
            self._n_frames = len(self._frame_pos)
        if len(self._frame_pos) == 1:
            self.is_animated = self.__next != 0

    def _load_directory(self, position: int) -> None:
        assert self.fp is not None
        self.fp.seek(position)
        first = position not in self.__budgets
        if first:
            self.__budgets[position] = self.__budget
        self.tag_v2._data_budget = self.__budgets[position]
        self.tag_v2.load(self.fp)
        if first:
            self.__budget = self.tag_v2._data_left

    # Metadata

    def get_photoshop_blocks(self) -> dict[int, dict[str, bytes]]:
        """The blocks ("image resources") that Photoshop stores, by number.

        :return: for each a dictionary whose item ``"data"`` are its bytes
        """
        blocks: dict[int, dict[str, bytes]] = {}
        rest = self.tag_v2.get(PHOTOSHOP_CHUNK)
        # Signature, number, name (of even length, with its length byte), size, data.
        while rest and rest.startswith(b"8BIM") and len(rest) >= 12:
            number = int.from_bytes(rest[4:6], "big")
            start = 6 + (rest[6] // 2 + 1) * 2
            if len(rest) < start + 4:
                break
            size = int.from_bytes(rest[start : start + 4], "big")
            blocks[number] = {"data": rest[start + 4 : start + 4 + size]}
            rest = rest[start + 4 + size + size % 2 :]
        return blocks

    def _set_resolution(self) -> None:
        x, y = (self.tag_v2.get(tag, 1) for tag in (X_RESOLUTION, Y_RESOLUTION))
        if not (x and y):
            return
        unit = self.tag_v2.get(RESOLUTION_UNIT)
        if unit == _INCH:
            self.info["dpi"] = x, y
        elif unit == _CENTIMETRE:
            self.info["dpi"] = x * 2.54, y * 2.54
        elif unit is None:
            self.info["dpi"] = x, y
            self.info["resolution"] = x, y
        else:
            self.info["resolution"] = x, y

    # Set-up of a frame

    def _setup(self) -> None:
        """Find mode, size and tiles of the present frame from its tags."""
        tags = self.tag_v2
        if _WINDOWS_MEDIA_PHOTO in tags:
            raise OSError("Windows Media Photo files not yet supported")
        self._compression = COMPRESSION_INFO[tags.get(COMPRESSION, 1)]
        self._planar_configuration = tags.get(PLANAR_CONFIGURATION, 1)
        layout = _Layout.from_tags(tags, self._compression)
        self._set_size()
        try:
            self._mode, rawmode = OPEN_INFO[layout.key()]
        except KeyError as error:
            raise SyntaxError("unknown pixel mode") from error
        self.info["compression"] = self._compression
        self._set_resolution()
        self.tile = []
        self.use_load_libtiff = READ_LIBTIFF or self._compression != "raw"
        if self.use_load_libtiff:
            self._set_libtiff_tile(layout, rawmode)
        elif STRIPOFFSETS in tags or TILEOFFSETS in tags:
            self._set_raw_tiles(layout, rawmode)
        else:
            raise SyntaxError("unknown data organization")
        if ICCPROFILE in tags:
            self.info["icc_profile"] = tags[ICCPROFILE]
        self.palette = None
        if self.mode in ("P", "PA"):
            entries = tuple(value // 256 for value in tags[COLORMAP])
            self.palette = ImagePalette.raw("RGB;L", entries)

    def _set_size(self) -> None:
        width, height = self.tag_v2.get(IMAGEWIDTH), self.tag_v2.get(IMAGELENGTH)
        if width is None or height is None:
            raise TypeError("Missing dimensions")
        if not isinstance(width, int) or not isinstance(height, int):
            raise ValueError("Invalid dimensions")
        #: The size in the file, before the picture is turned upright.
        self._tile_size = width, height
        turned = self.tag_v2.get(ORIENTATION) in (5, 6, 7, 8)
        self._size = (height, width) if turned else (width, height)

    def _set_libtiff_tile(self, layout: _Layout, rawmode: str) -> None:
        if layout.fill_order == 2:
            # libtiff turns the bits around itself.
            layout.fill_order = 1
            self._mode, rawmode = OPEN_INFO[layout.key()]
        if layout.photometric == _YCBCR:
            # libtiff converts colours; to RGB in the JPEG codec, to RGBA otherwise.
            in_codec = self._compression in "jpeg" and self._planar_configuration == 1
            self._mode, rawmode = "RGB", "RGB" if in_codec else "RGBX"
        elif rawmode == "I;16":
            rawmode = "I;16N"
        elif rawmode.endswith((";16B", ";16L")):
            rawmode = rawmode[:-1] + "N"
        width, height = self._tile_size
        self.tile.append(
            ImageFile._Tile(
                "libtiff", (0, 0, width, height), 0, (rawmode, False, self.tag_v2.offset)
            )
        )

    def _block_size(self) -> tuple[Any, tuple[int, int]]:
        """Positions and size of the strips or tiles."""
        tags = self.tag_v2
        if STRIPOFFSETS in tags:
            width, height = self._tile_size
            return tags[STRIPOFFSETS], (width, tags.get(ROWSPERSTRIP, height))
        size = tags.get(TILEWIDTH), tags.get(TILELENGTH)
        if not isinstance(size[0], int) or not isinstance(size[1], int):
            raise ValueError("Invalid tile dimensions")
        return tags[TILEOFFSETS], cast("tuple[int, int]", size)

    def _set_raw_tiles(self, layout: _Layout, rawmode: str) -> None:
        width, height = self._tile_size
        offsets, (w, h) = self._block_size()
        if not all(isinstance(value, int) for value in (w, h, *offsets)):
            raise SyntaxError("positions and sizes of strips must be integers")
        separate = self._planar_configuration == _SEPARATE_PLANES
        if (w, h) == (width, height) and not separate:
            offsets = offsets[-1:]
        x = y = plane = 0
        for offset in offsets:
            # Tiles that reach beyond the edge have bytes to be skipped after each row.
            stride = w * sum(layout.bits) / 8 if x + w > width else 0.0
            raw = rawmode
            if separate:
                raw = rawmode[plane]
                stride /= layout.bands
            self.tile.append(
                ImageFile._Tile(
                    "raw",
                    (x, y, min(x + w, width), min(y + h, height)),
                    offset,
                    (raw, int(stride), 1),
                )
            )
            x += w
            if x >= width:
                x, y = 0, y + h
                if y >= height:
                    y = 0
                    plane += 1

    # Loading

    def load(self) -> _imaging.PixelAccess | None:
        """Decode the pixels, unless that was done before.

        :raises OSError: when data are missing or damaged
        """
        if not self.tile:
            return super().load()
        try:
            return self._load_libtiff() if self.use_load_libtiff else super().load()
        except _BAD_VALUES as error:
            # Values of tags that are not what they should be.
            raise OSError(f"cannot load this image: {error}") from error

    def load_prepare(self) -> None:
        """Make the pixel memory, in the size that the file has."""
        if self._im is None:
            Image._decompression_bomb_check(self._tile_size)
            self.im = Image.core.new(self.mode, self._tile_size)
        super().load_prepare()

    def _decode_tiles(self, read: Callable[[int], bytes], seek: Callable[[int], object]) -> int:
        """Decode strips that follow each other as the one tile that they are."""
        self.tile, piece = joined(self.tile)
        if piece:
            self.decodermaxblock = piece
        return super()._decode_tiles(read, seek)

    def load_end(self) -> None:
        """Read what needs the file, which may be closed after this; turn the picture upright."""
        self._close_exclusive_fp_after_loading = not self.is_animated
        exif = self.getexif()
        if not self.is_animated:
            for group in TiffTags.TAGS_V2_GROUPS:
                if group in exif:  # asked for in vain, tobytes() would write an empty directory
                    exif.get_ifd(group)
        ImageOps.exif_transpose(self, in_place=True)
        del self.tag_v2[ORIENTATION]

    def _load_libtiff(self) -> _imaging.PixelAccess | None:
        """Let libtiff decode the whole frame."""
        Image.Image.load(self)
        assert self.fp is not None
        self.load_prepare()
        if len(self.tile) != 1:
            raise OSError("Not exactly one tile")
        _, extents, _, args = self.tile[0]
        rawmode, _, ifd_offset = cast("tuple[str, bool, int]", args)
        descriptor = self._descriptor()
        decoder = Image._getdecoder(
            self.mode, "libtiff", (rawmode, descriptor, ifd_offset), self.decoderconfig
        )
        try:
            try:
                decoder.setimage(self.im, extents)
            except ValueError as error:
                raise OSError("Couldn't set the image") from error
            status = decoder.decode(self._whole_file(descriptor))[1]
        finally:
            decoder.cleanup()
        self.tile = []
        self.readonly = 0
        self.load_end()
        if self._exclusive_fp and self._close_exclusive_fp_after_loading:
            self.fp.close()
            self.fp = None
        if status < 0:
            raise OSError(f"decoder error {status}")
        return Image.Image.load(self)

    def _descriptor(self) -> int:
        """A descriptor of the file; 0 if there is none."""
        assert self.fp is not None
        try:
            descriptor = self.fp.fileno()
            self.fp.flush()
        except (AttributeError, OSError):
            return 0
        return descriptor

    def _whole_file(self, descriptor: int) -> bytes:
        """The contents, unless there is a descriptor to read them from."""
        assert self.fp is not None
        if hasattr(self.fp, "getvalue"):
            return cast("bytes", self.fp.getvalue())
        if descriptor:
            return b""
        self.fp.seek(0)
        return self.fp.read()


Image.register_open(TiffImageFile.format, TiffImageFile, _accept)
Image.register_save(TiffImageFile.format, _save)
Image.register_save_all(TiffImageFile.format, _save_all)
Image.register_extensions(TiffImageFile.format, [".tif", ".tiff"])
Image.register_mime(TiffImageFile.format, "image/tiff")
