"""Tags given to TIFF files: which are written, which are refused, what a reader sees of them."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from typing import Any

from common import Area, Case, image, some_size

from PIL import Image, TiffImagePlugin

MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F")
COMPRESSIONS = (
    None, "raw", "tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_deflate", "group3", "group4",
    "tiff_ccitt", "jpeg", "lzma", "zstd",
)  # fmt: skip
BITS_PER_SAMPLE, JPEG_QUALITY = 258, 65537
#: Where the strips are and how long depends on the program that compresses.
LAYOUT = (273, 279)
#: libtiff has parameters of its codecs from 65536 on; some of these numbers are none.
PARAMETERS = range(65535, 65575)
#: Tags of one number, of a text, and what libtiff does not know. Not those of which Pillow hands
#: libtiff something else than it reads: pairs (297, 321), one for all samples (280, 281, 340).
NUMBERS = (254, 263, 266, 274, 296, 317)
TEXTS = (269, 270, 285, 305, 315, 33432)
PRIVATE = (65000, 65001, 65535)
#: Types that can be told, with values that they can hold: a type for texts gets a text.
INTEGER_TYPES, REAL_TYPES = (3, 4, 8, 9), (5, 10, 11, 12)


def tags_of(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as im:
        im.load()
        assert isinstance(im, TiffImagePlugin.TiffImageFile)
        tags = {tag: value for tag, value in im.tag_v2.items() if tag not in LAYOUT}
        types = {tag: im.tag_v2.tagtype[tag] for tag in tags}
        return im.mode, im.size, tags, types, im.tobytes()


def written(im: Image.Image, compression: str | None, info: Any, read: bool) -> Any:
    out = io.BytesIO()
    im.save(out, "TIFF", compression=compression, tiffinfo=info)
    return tags_of(out.getvalue()) if read else out.getvalue()


def integer(rng: random.Random) -> Any:
    number = rng.choice((0, 1, 2, 3, 4, 6, 8, 75, 300, 65535, 65536, -1))
    return rng.choice((number, number, number, (number,)))


def tag_and_value(rng: random.Random) -> tuple[int, Any, int | None]:
    """A tag, a value for it, and perhaps its type."""
    kind = rng.randrange(6)
    if kind == 0:
        wrong = (4.0, "4", b"4", (4, 4), (8, 8, 8))  # for the bits
        return BITS_PER_SAMPLE, rng.choice((integer(rng), rng.choice(wrong))), None
    if kind == 1:
        return rng.choice(NUMBERS), integer(rng), None
    if kind == 2:
        return rng.choice(TEXTS), rng.choice(("text", b"bytes", "", "\xe4")), None
    tag = rng.choice(PARAMETERS if kind > 3 else PRIVATE)
    if tag == JPEG_QUALITY:
        # Of other types Pillow hands libtiff a float or a pointer, where that reads an int.
        return tag, integer(rng), None
    if rng.randrange(2):
        return tag, rng.choice((integer(rng), 6.5, "text", b"bytes", (6, 7), (0.5, 1.5), ())), None
    if rng.randrange(2):
        return tag, rng.choice((integer(rng), (6, 7))), rng.choice(INTEGER_TYPES)
    return tag, rng.choice((0.5, 6.25, (0.5, 1.5))), rng.choice(REAL_TYPES)


def directory(kind: str, tag: int, value: Any, tag_type: int | None) -> Any:
    """The value in a plain dictionary or in a directory, perhaps of a type that is told."""
    if kind == "plain" and tag_type is None:
        return {tag: value}
    info: Any = TiffImagePlugin.ImageFileDirectory_v2()
    if kind == "old":
        info = TiffImagePlugin.ImageFileDirectory_v1()
    if tag_type is not None:
        info.tagtype[tag] = tag_type
    info[tag] = value
    return info


def given(rng: random.Random) -> Iterator[Case]:
    while True:
        mode, compression = rng.choice(MODES), rng.choice(COMPRESSIONS)
        im = image(rng, mode, some_size(rng, 40))
        told = rng.choice(("plain", "new", "old")), *tag_and_value(rng)

        def call(a: tuple[Any, ...] = (im, compression, told)) -> Any:
            # Where libtiff puts what depends on the lengths of the strips; of raw files not.
            return written(a[0], a[1], directory(*a[2]), a[1] not in (None, "raw"))

        yield f"TIFF tags {compression} {mode} {im.size} {told}", call


AREAS: dict[str, tuple[Area, int]] = {"tags of TIFF": (given, 1500)}
