"""What is done to each file, and what it may raise."""

from __future__ import annotations

import io
import random
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import (
    AvifImagePlugin,
    BdfFontFile,
    EpsImagePlugin,
    FontFile,
    GdImageFile,
    GimpGradientFile,
    GimpPaletteFile,
    Image,
    ImageCms,
    ImageFile,
    PaletteFile,
    PcfFontFile,
    PdfParser,
    TarIO,
    WalImageFile,
)

# Pillow's documented exceptions. UnidentifiedImageError is an OSError.
ALLOWED = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)
# Kinds of the above that tell of a missing check.
NOT_ALLOWED = (UnicodeError,)

# Bounds a user would set for 512 MB: an image of twice these pixels is a bomb. The largest that
# passes has 64 MB in memory, and animations and JPEG 2000 need several of them.
PIXELS = 8 << 20
FRAMES = 60
GHOSTSCRIPT_SECONDS = 3


def prepare() -> None:
    """Set the process up once."""
    Image.MAX_IMAGE_PIXELS = PIXELS
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    EpsImagePlugin.GHOSTSCRIPT_TIMEOUT = GHOSTSCRIPT_SECONDS
    warnings.simplefilter("ignore")
    Image.init()


def is_allowed(error: BaseException) -> bool:
    return isinstance(error, ALLOWED) and not isinstance(error, NOT_ALLOWED)


def _metadata(im: Image.Image) -> None:
    exif = im.getexif()
    for tag in list(exif):
        exif.get(tag)
    for directory in (0x8769, 0x8825, 0xA005, 0x927C, -1):
        exif.get_ifd(directory)
    if isinstance(im, ImageFile.ImageFile) and im.fp is not None:  # not closed after loading
        im.get_child_images()
    _ = getattr(im, "text", None)
    for name in ("get_photoshop_blocks", "mpinfo", "tag"):
        value = getattr(im, name, None)
        if callable(value):
            value()


def _frames(im: Image.Image) -> None:
    im.load()
    for frame in range(1, min(getattr(im, "n_frames", 1), FRAMES)):
        im.seek(frame)
        im.load()
    im.seek(0)
    im.load()


def _open(data: bytes, rnd: random.Random) -> None:
    with Image.open(io.BytesIO(data)) as im:
        _frames(im)
        _metadata(im)


def _metadata_first(data: bytes, rnd: random.Random) -> None:
    with Image.open(io.BytesIO(data)) as im:
        _metadata(im)
        _frames(im)


def _verify(data: bytes, rnd: random.Random) -> None:
    with Image.open(io.BytesIO(data)) as im:
        im.verify()


def _by_name(data: bytes, rnd: random.Random) -> None:
    """From a real file, where uncompressed pixels are mapped."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        with Image.open(path) as im:
            _frames(im)


def _truncated(data: bytes, rnd: random.Random) -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        _open(data, rnd)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _parse(data: bytes, rnd: random.Random) -> None:
    size = rnd.choice((16, 100, 1000))
    size = max(size, len(data) // 100)
    parser = ImageFile.Parser()
    for start in range(0, len(data), size):
        parser.feed(data[start : start + size])
    parser.close()


def _draft(data: bytes, rnd: random.Random) -> None:
    with Image.open(io.BytesIO(data)) as im:
        im.draft("L", (4, 4))
        im.thumbnail((4, 4))


# Ways to use a file, and how often each is taken.
WAYS: dict[Callable[[bytes, random.Random], None], int] = {
    _open: 10,
    _metadata_first: 3,
    _verify: 2,
    _by_name: 2,
    _truncated: 4,
    _parse: 2,
    _draft: 2,
}


def _tar(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        with TarIO.TarIO(str(path), "name") as member:
            member.readline()
            member.read(100)
            member.read()


def _gradient(data: bytes) -> None:
    GimpGradientFile.GimpGradientFile(io.BytesIO(data)).getpalette(16)


def _pdf(data: bytes) -> None:
    try:
        with PdfParser.PdfParser(buf=data) as pdf:
            dict(pdf.info)
            for page in pdf.pages[:100]:
                entry = pdf.read_indirect(page)
                contents = pdf.read_indirect(entry[b"Contents"]) if b"Contents" in entry else None
                if isinstance(contents, PdfParser.PdfStream):
                    contents.decode()
    except PdfParser.PdfFormatError as error:  # a RuntimeError, as documented
        raise ValueError from error


def _font(kind: Callable[[io.BytesIO], FontFile.FontFile]) -> Callable[[bytes], None]:
    return lambda data: kind(io.BytesIO(data)).compile()


def _profile(data: bytes) -> None:
    try:
        profile = ImageCms.getOpenProfile(io.BytesIO(data))
        ImageCms.getProfileInfo(profile)
        ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "RGB", "RGB")
    except ImageCms.PyCMSError as error:
        raise ValueError from error


def _loaded(opener: Callable[[io.BytesIO], Image.Image]) -> Callable[[bytes], None]:
    def use(data: bytes) -> None:
        with opener(io.BytesIO(data)) as im:
            im.load()

    return use


# Formats with an opener of their own.
OPENERS: dict[str, Callable[[bytes], None]] = {
    "GD": _loaded(GdImageFile.open),
    "WAL": _loaded(WalImageFile.open),
    "TAR": _tar,
    "GPL": lambda data: GimpPaletteFile.GimpPaletteFile(io.BytesIO(data)).getpalette() and None,
    "GGR": _gradient,
    "PDF": _pdf,
    "BDF": _font(BdfFontFile.BdfFontFile),
    "PCF": _font(PcfFontFile.PcfFontFile),
    "ICC": _profile,
    "PAL": lambda data: PaletteFile.PaletteFile(io.BytesIO(data)).getpalette() and None,
}


def use(format: str, data: bytes, rnd: random.Random) -> str:
    """Use a file; the result is ``ok`` or the name of an allowed exception.

    :raises BaseException: any other
    """
    way = rnd.choices(list(WAYS), list(WAYS.values()))[0]
    try:
        if format in OPENERS:
            OPENERS[format](data)
        else:
            way(data, rnd)
    except BaseException as error:
        if not is_allowed(error):
            raise
        return type(error).__name__
    return "ok"
