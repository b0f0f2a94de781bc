"""Writing TIFF files: the tags of a page, and its pixels, uncompressed or by libtiff."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from . import Image, ImageFile, ImageOps, TiffTags
from . import _tiff_layout as tags
from ._ifd_rational import IFDRational
from ._tiff_append import AppendingTiffWriter
from ._tiff_ifd import II, ImageFileDirectory_v1, ImageFileDirectory_v2

if TYPE_CHECKING:
    from types import ModuleType

_SubIfds = (tags.EXIFIFD, tags.GPSIFD, tags.INTEROPIFD)

# Options of save and the tags that they set.
_TEXT_OPTIONS = (
    (tags.IMAGEDESCRIPTION, "description"),
    (tags.X_RESOLUTION, "resolution"),
    (tags.Y_RESOLUTION, "resolution"),
    (tags.X_RESOLUTION, "x_resolution"),
    (tags.Y_RESOLUTION, "y_resolution"),
    (tags.RESOLUTION_UNIT, "resolution_unit"),
    (tags.SOFTWARE, "software"),
    (tags.DATE_TIME, "date_time"),
    (tags.ARTIST, "artist"),
    (tags.COPYRIGHT, "copyright"),
)

# Tags of a TIFF that is written anew, which still hold.
_INHERITED = (
    tags.RESOLUTION_UNIT,
    tags.X_RESOLUTION,
    tags.Y_RESOLUTION,
    tags.IPTC_NAA_CHUNK,
    tags.PHOTOSHOP_CHUNK,
    tags.XMP,
)

_TILE_TAGS = (tags.TILEWIDTH, tags.TILELENGTH, tags.TILEOFFSETS, tags.TILEBYTECOUNTS)

# Tags that libtiff sets itself, or whose values it cannot be given.
_NOT_FOR_LIBTIFF = (
    *_TILE_TAGS,
    tags.OSUBFILETYPE,
    tags.STRIPBYTECOUNTS,
    tags.STRIPOFFSETS,
    tags.TRANSFERFUNCTION,
    tags.SUBIFD,
)

_WHITE_IS_ZERO = 0
_JPEG_BLOCK = 8


def _plugin() -> ModuleType:
    """The public module, where programs change settings."""
    from . import TiffImagePlugin

    return TiffImagePlugin


def _compression_of(im: Image.Image, options: dict[str, Any]) -> str:
    """The name of the compression to write with."""
    compression = options.get("compression", im.info.get("compression"))
    if compression is None or isinstance(compression, int):
        return "raw"
    alias = {"tiff_jpeg": "jpeg", "tiff_deflate": "tiff_adobe_deflate"}
    return str(alias.get(compression, compression))


# --- tags ---


def _given_tags(options: dict[str, Any]) -> Any:
    """The option ``tiffinfo``, or else ``exif``, as a mapping of tags."""
    info = options.get("tiffinfo", {})
    if not info:
        info = options.get("exif", {})
    if isinstance(info, bytes):
        exif = Image.Exif()
        exif.load(info)
        info = exif
    if isinstance(info, ImageFileDirectory_v1):
        info = info.to_v2()
    return info


def _add_given_tags(ifd: ImageFileDirectory_v2, info: Any) -> None:
    for tag in info:
        if isinstance(info, Image.Exif) and tag in _SubIfds:
            ifd[tag] = info.get_ifd(tag)
        else:
            ifd[tag] = info.get(tag)
        known_types = getattr(info, "tagtype", {})
        if tag in known_types:
            ifd.tagtype[tag] = known_types[tag]


def _supplied_tags(im: Image.Image) -> dict[int, Any]:
    """The tags of the TIFF that an image comes from, as far as they may hold for it."""
    supplied: dict[int, Any] = {}
    if hasattr(im, "tag"):
        supplied.update(im.tag.to_v2())
    if hasattr(im, "tag_v2"):
        supplied.update(im.tag_v2)
        if (
            supplied.get(tags.PLANAR_CONFIGURATION) == 2
            and tags.EXTRASAMPLES in supplied
            and tags.SAMPLESPERPIXEL in supplied
        ):
            # Planes of unspecified meaning were not read.
            supplied[tags.SAMPLESPERPIXEL] -= len(supplied[tags.EXTRASAMPLES])
            del supplied[tags.EXTRASAMPLES]
    for tag in (tags.EXIFIFD, tags.SAMPLEFORMAT):
        supplied.pop(tag, None)
    return supplied


def _inherit_tags(ifd: ImageFileDirectory_v2, im: Image.Image) -> None:
    source: ImageFileDirectory_v2 | None = getattr(im, "tag_v2", None)
    if source is None:
        return
    for tag in _INHERITED:
        if tag not in source:
            continue
        of_bytes = source.tagtype[tag] in (TiffTags.BYTE, TiffTags.UNDEFINED)
        if tag == tags.IPTC_NAA_CHUNK and not of_bytes:
            continue
        ifd[tag] = source[tag]
        ifd.tagtype[tag] = source.tagtype[tag]


def _add_options(ifd: ImageFileDirectory_v2, im: Image.Image, options: dict[str, Any]) -> None:
    profile = options.get("icc_profile", im.info.get("icc_profile"))
    if profile:
        ifd[tags.ICCPROFILE] = profile
    for tag, name in _TEXT_OPTIONS:
        if name in options:
            ifd[tag] = options[name]
    dpi = options.get("dpi")
    if dpi:
        ifd[tags.RESOLUTION_UNIT] = 2
        ifd[tags.X_RESOLUTION], ifd[tags.Y_RESOLUTION] = dpi[0], dpi[1]


def _add_palette(ifd: ImageFileDirectory_v2, im: Image.Image) -> None:
    """The palette, each colour in 256 entries of 16 bits, after each other."""
    palette = im.im.getpalette("RGB", "RGB;L")
    count = len(palette) // 3
    entries: list[int] = []
    for colour in range(3):
        plane = palette[colour * count : (colour + 1) * count]
        entries += [value * 256 for value in plane] + [0] * (256 - count)
    ifd[tags.COLORMAP] = entries


def _add_strips(
    ifd: ImageFileDirectory_v2,
    bits: tuple[int, ...],
    compression: str,
    by_libtiff: bool,
    strip_size: int,
) -> None:
    """Rows per strip, sizes and positions of the strips, which follow each other.

    :param bits: of each sample as written, which is not what a given tag may claim
    """
    width, height = ifd[tags.IMAGEWIDTH], ifd[tags.IMAGELENGTH]
    stride = len(bits) * ((width * bits[0] + 7) // 8)
    if tags.ROWSPERSTRIP not in ifd:
        rows = height
        if by_libtiff:
            rows = min(strip_size // stride, height) if stride else 1
            if compression == "jpeg":
                whole_blocks = -(-rows // _JPEG_BLOCK) * _JPEG_BLOCK
                rows = min(whole_blocks, height)
        ifd[tags.ROWSPERSTRIP] = rows or 1
    rows = ifd[tags.ROWSPERSTRIP]
    size = stride * rows or 1
    count = (height + rows - 1) // rows
    if size >= 2**16:
        ifd.tagtype[tags.STRIPBYTECOUNTS] = TiffTags.LONG
    ifd[tags.STRIPBYTECOUNTS] = (size,) * (count - 1) + (stride * height - size * (count - 1),)
    ifd[tags.STRIPOFFSETS] = tuple(range(0, size * count, size))


def _check_colormap(ifd: ImageFileDirectory_v2 | dict[int, Any]) -> None:
    if tags.COLORMAP not in ifd:
        return
    bits = ifd.get(tags.BITSPERSAMPLE, (1,))
    depth = bits[0] if isinstance(bits, tuple) else bits
    # Not 2**depth: the depth may be any number.
    needed = 3 << depth if 0 <= depth <= 16 else 0
    entries = ifd[tags.COLORMAP]
    if not isinstance(entries, tuple) or len(entries) != needed:
        raise ValueError(f"Requiring {needed} items for Colormap")


# --- pages ---


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    """Write an image as a TIFF file of one page."""
    try:
        rawmode, order, photometric, sample_format, bits, extra = tags.SAVE_INFO[im.mode]
    except KeyError as error:
        raise OSError(f"cannot write mode {im.mode} as TIFF") from error
    if 0 in im.size:
        raise ValueError("cannot write empty image")
    options = im.encoderinfo
    plugin = _plugin()
    compression = _compression_of(im, options)
    by_libtiff = plugin.WRITE_LIBTIFF or compression != "raw"

    header = _header(order, bool(options.get("big_tiff", False)))
    ifd = ImageFileDirectory_v2(header)
    ifd[tags.PLANAR_CONFIGURATION] = 1
    ifd[tags.IMAGEWIDTH], ifd[tags.IMAGELENGTH] = im.size
    _add_given_tags(ifd, _given_tags(options))
    supplied = _supplied_tags(im)
    _inherit_tags(ifd, im)
    _add_options(ifd, im, options)

    if bits != (1,):
        ifd[tags.BITSPERSAMPLE] = bits
        if len(bits) != 1:
            ifd[tags.SAMPLESPERPIXEL] = len(bits)
    if extra is not None:
        ifd[tags.EXTRASAMPLES] = extra
    if sample_format != 1:
        ifd[tags.SAMPLEFORMAT] = sample_format
    if tags.PHOTOMETRIC_INTERPRETATION not in ifd:
        ifd[tags.PHOTOMETRIC_INTERPRETATION] = photometric
    elif im.mode in ("1", "L") and ifd[tags.PHOTOMETRIC_INTERPRETATION] == _WHITE_IS_ZERO:
        im = _inverted(im)
    if im.mode in ("P", "PA"):
        _add_palette(ifd, im)
    _add_strips(ifd, bits, compression, by_libtiff, options.get("strip_size", plugin.STRIP_SIZE))
    ifd[tags.COMPRESSION] = tags.COMPRESSION_INFO_REV.get(compression, 1)
    if im.mode == "YCbCr":
        for tag, value in (
            (tags.YCBCRSUBSAMPLING, (1, 1)),
            (tags.REFERENCEBLACKWHITE, (0, 255, 128, 255, 128, 255)),
        ):
            ifd.setdefault(tag, value)

    if by_libtiff:
        _write_by_libtiff(im, fp, filename, ifd, supplied, compression, rawmode, options)
    else:
        for tag in _TILE_TAGS:
            del ifd[tag]
        _check_colormap(ifd)
        offset = ifd.save(fp)
        ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), offset, (rawmode, 0, 1))])


def _header(order: bytes, big: bool) -> bytes:
    number = "little" if order == II else "big"
    if big:
        return order + (43).to_bytes(2, number) + bytes(12)  # type: ignore[arg-type]
    return order + (42).to_bytes(2, number) + bytes(4)  # type: ignore[arg-type]


def _inverted(im: Image.Image) -> Image.Image:
    if im.mode == "1":
        # What is neither black nor white counts as black.
        return im.point(lambda value: 0 if value == 255 else 255)
    return ImageOps.invert(im)


# --- libtiff ---


def _libtiff_quality(options: dict[str, Any], compression: str) -> int | None:
    if "quality" not in options:
        return None
    quality = options["quality"]
    if not isinstance(quality, int) or not 0 <= quality <= 100:
        raise ValueError("Invalid quality setting")
    if compression != "jpeg":
        raise ValueError("quality setting only supported for 'jpeg' compression")
    return quality


def _libtiff_tags(
    ifd: ImageFileDirectory_v2, supplied: dict[int, Any]
) -> tuple[dict[int, Any], dict[int, int]]:
    """Values as the encoder takes them, and types of those that libtiff does not know."""
    values: dict[int, Any] = {}
    types: dict[int, int] = {}
    for tag, value in itertools.chain(ifd.items(), supplied.items()):
        if tag in values or tag in _NOT_FOR_LIBTIFF:
            continue
        if isinstance(value, dict):
            raise RuntimeError(f"libtiff cannot write the sub-directory of tag {tag}")
        if tag not in TiffTags.LIBTIFF_CORE:
            tag_type = _type_hint(ifd, tag, value)
            if tag_type is not None:
                types[tag] = tag_type
        values[tag] = _plain(value)
    sample_format = values.get(tags.SAMPLEFORMAT)
    if isinstance(sample_format, tuple) and len(sample_format) == 1:
        values[tags.SAMPLEFORMAT] = sample_format[0]
    return values, types


def _type_hint(ifd: ImageFileDirectory_v2, tag: int, value: Any) -> int | None:
    if tag in _SubIfds:
        return TiffTags.LONG8
    if tag in ifd.tagtype:
        return ifd.tagtype[tag]
    plain = (int, float, str, bytes)
    if isinstance(value, plain) or (
        isinstance(value, tuple) and all(isinstance(v, (int, float, IFDRational)) for v in value)
    ):
        return TiffTags.lookup(tag).type or None
    return None


def _plain(value: Any) -> Any:
    """Strings as bytes, fractions as floats."""
    if isinstance(value, str):
        return value.encode("ascii", "replace") + b"\0"
    if isinstance(value, IFDRational):
        return float(value)
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return value


def _write_by_libtiff(
    im: Image.Image,
    fp: IO[bytes],
    filename: str | bytes,
    ifd: ImageFileDirectory_v2,
    supplied: dict[int, Any],
    compression: str,
    rawmode: str,
    options: dict[str, Any],
) -> None:
    quality = _libtiff_quality(options, compression)
    values, types = _libtiff_tags(ifd, supplied)
    # One number for all samples; what a given tag claims is of no account.
    values[tags.BITSPERSAMPLE] = tags.SAVE_INFO[im.mode][4][0]
    if quality is not None:
        values[tags.JPEGQUALITY] = quality
    _check_colormap(values)
    if rawmode in ("I;16", "I;16B", "I;16L"):
        rawmode = "I;16N"
    descriptor = _descriptor(fp)
    arguments = (rawmode, descriptor, filename, sorted(values.items()), types)
    encoder = Image._getencoder(im.mode, "libtiff", arguments, ())
    try:
        encoder.setimage(im.im, (0, 0, *im.size))
        status = 0
        while status == 0:
            _, status, data = encoder.encode(ImageFile.MAXBLOCK)
            if not descriptor:
                fp.write(data)
        if status < 0:
            raise OSError(f"encoder error {status} when writing image file")
    finally:
        encoder.cleanup()


def _descriptor(fp: IO[bytes]) -> int:
    """A descriptor that libtiff can write to; 0 if there is none."""
    if not hasattr(fp, "fileno"):
        return 0
    try:
        fp.seek(0)
        return fp.fileno()
    except OSError:
        return 0


# --- several pages ---


def _save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    """Write all frames of an image, and of those appended, as pages of one file."""
    options = im.encoderinfo
    appended: Iterable[Image.Image] = options.get("append_images", [])
    appended = list(appended)
    if not hasattr(im, "n_frames") and not appended:
        _save(im, fp, filename)
        return
    current = im.tell()
    try:
        with AppendingTiffWriter(fp) as writer:
            for source in (im, *appended):
                _save_frames(source, im, writer, filename)
    finally:
        im.seek(current)


def _save_frames(
    source: Image.Image, main: Image.Image, writer: AppendingTiffWriter, filename: str | bytes
) -> None:
    """Write all frames of one image; options of its own go before the common ones."""
    previous = source._attach_default_encoderinfo(main)
    if not hasattr(source, "encoderconfig"):
        source.encoderconfig = ()
    try:
        for frame in range(getattr(source, "n_frames", 1)):
            source.seek(frame)
            source.load()
            _save(source, writer, filename)
            writer.newFrame()
    finally:
        source.encoderinfo = previous
