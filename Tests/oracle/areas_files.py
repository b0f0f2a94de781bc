"""Files: what is written reads back alike on both sides, damaged files fail alike."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from common import MODES, Area, Case, image, some_size

from PIL import Image, ImageFile


def opened(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as im:
        im.load()
        plain = {k: v for k, v in im.info.items() if isinstance(v, (str, int, float, bytes, tuple))}
        return im.format, im.mode, im.size, im.tobytes(), im.getpalette(), plain


def saved(im: Image.Image, format: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    im.save(out, format, **options)
    return out.getvalue()


def jpeg(rng: random.Random) -> Iterator[Case]:
    """The same library gives the same bytes."""
    while True:
        im = image(
            rng,
            rng.choice(("L", "RGB", "RGB", "CMYK", "1", "YCbCr", "RGBX", "LA")),
            some_size(rng, 70),
        )
        options: dict[str, Any] = {}
        for key, values in (
            ("quality", (1, 30, 75, 95, 100, "keep", "web_low", "maximum")),
            ("subsampling", (0, 1, 2, "4:2:0", "4:4:4", "keep")),
            ("progressive", (True, False)),
            ("optimize", (True, False)),
            ("dpi", ((72, 72), (300.4, 150))),
            ("comment", (b"hello", "text")),
            ("restart_marker_blocks", (1, 5)),
            ("restart_marker_rows", (1,)),
            ("smooth", (10,)),
            ("keep_rgb", (True,)),
            ("qtables", ("web_high", [[i + 1 for i in range(64)]] * 2, [[0] * 3])),
            ("streamtype", (0, 1, 2)),
            ("icc_profile", (b"profile" * 9,)),
            ("exif", (b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0",)),
        ):
            if rng.random() < 0.2:
                options[key] = rng.choice(values)
        yield (
            f"save JPEG {im.mode} {im.size} {options}",
            lambda a=(im, options): saved(a[0], "JPEG", a[1]),
        )


def jpeg_read(rng: random.Random) -> Iterator[Case]:
    while True:
        im = image(rng, rng.choice(("L", "RGB", "CMYK")), some_size(rng, 90))
        options = {
            "quality": rng.choice((20, 80)),
            "progressive": rng.random() < 0.3,
            "subsampling": rng.choice((0, 1, 2)),
        }
        data = saved(im, "JPEG", options)
        yield f"open JPEG {im.mode} {im.size} {options}", lambda a=data: opened(a)
        scale, mode = rng.choice((1, 2, 3, 5, 8, 20)), rng.choice((None, "L", "RGB", "YCbCr"))

        def draft(a: tuple[Any, ...] = (data, mode, scale)) -> Any:
            with Image.open(io.BytesIO(a[0])) as im:
                got = im.draft(a[1], (im.width // a[2], im.height // a[2]))
                im.load()
                return got, im.mode, im.size, im.tobytes()

        yield f"draft {im.mode} {im.size} {mode} / {scale}", draft
        cut = data[: rng.randrange(len(data))]
        yield f"truncated JPEG {im.size} at {len(cut)} of {len(data)}", lambda a=cut: opened(a)


def lossless(rng: random.Random) -> Iterator[Case]:
    """Written and read by the same side: pixels, mode and metadata agree."""
    while True:
        format = rng.choice(("PNG", "PNG", "BMP", "DIB", "PPM"))
        im = image(rng, rng.choice(MODES), some_size(rng, 70))
        options: dict[str, Any] = {}
        if format == "PNG":
            for key, values in (
                ("optimize", (True,)),
                ("compress_level", (0, 1, 6, 9)),
                ("compress_type", (0, 1, 2, 3, 4)),
                ("bits", (1, 2, 4, 8)),
                ("dpi", ((72, 72),)),
                ("transparency", (0, 3, b"\0\1", (1, 2, 3))),
                ("icc_profile", (b"p" * 50,)),
                ("exif", (b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0",)),
            ):
                if rng.random() < 0.25:
                    options[key] = rng.choice(values)

        def call(a: tuple[Any, ...] = (im, format, options)) -> Any:
            return opened(saved(*a))

        yield f"{format} {im.mode} {im.size} {options}", call
        if format != "PNG":
            yield (
                f"bytes of {format} {im.mode} {im.size}",
                lambda a=(im, format, options): saved(*a),
            )


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def plain_png(rng: random.Random, im: Image.Image) -> bytes:
    """A PNG file with random filters, its stream by Python's zlib, cut into chunks at random."""
    depth, colours = {"1": (1, 0), "L": (8, 0), "RGB": (8, 2)}[im.mode]
    data = im.tobytes()
    row = len(data) // im.height
    rows = [data[i : i + row] for i in range(0, len(data), row)]
    stream = zlib.compress(b"".join(bytes([rng.randrange(5)]) + r for r in rows), rng.randrange(10))
    cuts = sorted(rng.choices(range(len(stream) + 1), k=rng.randrange(3)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    header = struct.pack(">IIBBBBB", *im.size, depth, colours, 0, 0, 0)
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header)]
        + [chunk(b"IDAT", piece) for piece in pieces]
        + [chunk(b"IEND", b"")]
    )


def damaged(rng: random.Random) -> Iterator[Case]:
    while True:
        format = rng.choice(("PNG", "BMP", "PPM"))
        mode = rng.choice(("1", "L", "RGB"))
        im = image(rng, mode, some_size(rng, 12))
        # The two sides compress differently, so that what is damaged must not be theirs.
        whole = plain_png(rng, im) if format == "PNG" else saved(im, format, {})
        data = bytearray(whole)
        if rng.random() < 0.5:
            del data[rng.randrange(len(data)) :]
        else:
            data[rng.randrange(len(data))] = rng.randrange(256)
        content = bytes(data)
        yield f"damaged {format} {mode} {im.size} {content.hex()}", lambda a=content: opened(a)
        if format == "PPM" and content[:16] != whole[:16]:
            continue  # plain, or with a maximum: Pillow's parser asserts where decoders read alone
        # With the header of a PPM file in two pieces an assertion of Pillow's own may fail.
        step = rng.randint(16 if format == "PPM" else 1, 50)

        def feed(a: tuple[Any, ...] = (content, step)) -> Any:
            try:
                with ImageFile.Parser() as parser:
                    for start in range(0, len(a[0]), a[1]):
                        parser.feed(a[0][start : start + a[1]])
            except AssertionError as error:
                # Pillow's close() after a header without any data trips over an assertion of its
                # own; here that is the OSError that every other incomplete file gets.
                raise OSError("incomplete") from error
            assert parser.image is not None
            return parser.image.mode, parser.image.size, parser.image.tobytes()

        yield f"parser {format} {mode} {im.size} by {step}", feed


#: Formats without a library behind them, so that every byte has to agree, and their options.
PLAIN_FORMATS: dict[str, dict[str, tuple[Any, ...]]] = {
    "BLP": {"blp_version": ("BLP1", "BLP2")},
    "BMP": {"dpi": ((72, 72), (300.4, 150)), "bits": (1, 4, 8)},
    "DDS": {},
    "DIB": {"dpi": ((72, 72),)},
    "EPS": {},
    "ICO": {"sizes": ([(16, 16)], [(8, 8), (30, 20)])},
    "IM": {},
    "MSP": {},
    "PALM": {"bpp": (1, 2, 4, 8), "custom-colormap": (1,)},
    "PCX": {"dpi": ((100, 200),)},
    "PPM": {},
    "QOI": {"colorspace": ("sRGB",)},
    "SGI": {"bpc": (1, 2)},
    "SPIDER": {},
    "TGA": {
        "compression": ("tga_rle",), "rle": (True, False), "id_section": (b"who", b"x" * 300),
        "orientation": (1, -1),
    },
    "TIFF": {
        "compression": (None, "raw"), "strip_size": (1, 100), "dpi": ((72, 300),),
        "big_tiff": (True,), "resolution_unit": ("inch", 3, "cm"), "x_resolution": (72.5,),
        "description": ("some text",), "software": ("a program",), "artist": ("x",),
        "icc_profile": (b"profile" * 9,), "tiffinfo": ({270: "said", 65000: 7}, {305: ("a",)}),
        "exif": (b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0",), "save_all": (True,),
    },
    "XBM": {"hotspot": ((1, 2),)},
    "XPM": {},
}  # fmt: skip


def plain_bytes(rng: random.Random) -> Iterator[Case]:
    """The same bytes, or the same exception, for every mode and option."""
    while True:
        for format, choices in PLAIN_FORMATS.items():
            im = image(rng, rng.choice(MODES), some_size(rng, 70))
            if rng.randrange(6) == 0:
                im.info.update(dpi=(96, 72.5), comment=b"text", orientation=1)
            options = {k: rng.choice(v) for k, v in choices.items() if rng.random() < 0.3}
            if format == "ICO":
                options["bitmap_format"] = "bmp"  # the other one is PNG, which is compressed
            if im.mode == "I;16B":
                # Pillow puts a number of 4 bytes at the end of the 8 that BigTIFF has for it, so
                # that readers find the pixels of this big-endian file at 0.
                options.pop("big_tiff", None)
            yield (
                f"bytes of {format} {im.mode} {im.size} {options}",
                lambda a=(im, format, options): saved(*a),
            )


AREAS: dict[str, tuple[Area, int]] = {
    "bytes of plain formats": (plain_bytes, 1400),
    "save JPEG": (jpeg, 500),
    "read JPEG": (jpeg_read, 450),
    "PNG, BMP, PPM": (lossless, 800),
    "damaged files": (damaged, 500),
}
