"""Whole files to start from, by format: written by our own plugins, put together by the tests'
helpers, and Pillow's published ones if they are there."""

from __future__ import annotations

import io
import os
import random
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # for the tests' helpers

import bitmap_fonts  # noqa: E402
import simple_files  # noqa: E402
from PIL import Image, ImageCms, features  # noqa: E402

# Larger ones take so long each that there would be few cases.
MAX_SIZE = 60_000

ALL_MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I", "I;16", "F", "LAB")

# Compressions of libtiff that complain on the terminal about other modes.
ONLY_MODES = {"group3": "1", "group4": "1", "jpeg": "RGB YCbCr L", "webp": "RGB RGBA"}

# Options to save with besides none at all; every one is tried with every mode.
OPTIONS: dict[str, list[dict[str, Any]]] = {
    "TIFF": [
        *(
            {"compression": name}
            for name in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd", "lzma", *ONLY_MODES)
        ),
        {"big_tiff": True},
        {"tile": (16, 16), "compression": "tiff_lzw"},
        {"strip_size": 40, "compression": "tiff_adobe_deflate", "predictor": 2},
    ],
    "JPEG": [{"progressive": True}, {"restart_marker_rows": 1, "comment": b"text"}],
    "PNG": [{"dpi": (72, 72)}, {"transparency": 0}],
    "GIF": [{"interlace": 0, "comment": b"text", "transparency": 1}],
    "BMP": [],
    "WEBP": [{"lossless": True}],
    "JPEG2000": [
        {"no_jp2": True},
        {"tile_size": (16, 16), "num_resolutions": 2},
        {"irreversible": True, "quality_layers": [10, 2], "plt": True, "comment": "text"},
    ],
    "AVIF": [{"subsampling": "4:4:4", "speed": 10}],
    "SGI": [{"bpc": 2}],
    "TGA": [{"compression": "tga_rle"}, {"orientation": -1}],
    "DDS": [{"pixel_format": name} for name in ("DXT1", "DXT3", "DXT5", "BC2", "BC3", "BC5")],
    "ICO": [{"bitmap_format": "bmp"}, {"sizes": [(16, 16), (8, 8)]}],
    "PPM": [],
    "PCX": [],
}

METADATA: dict[str, tuple[str, ...]] = {
    "JPEG": ("exif", "icc_profile", "xmp"),
    "PNG": ("exif", "icc_profile"),
    "WEBP": ("exif", "icc_profile", "xmp"),
    "AVIF": ("exif", "icc_profile", "xmp"),
    "TIFF": ("exif", "icc_profile"),
    "MPO": ("exif",),
}


def picture(mode: str, seed: int = 0, size: tuple[int, int] = (19, 14)) -> Image.Image:
    """Runs, slopes and noise, so that coders take all their ways."""
    width, height = size
    values = bytearray()
    for y in range(height):
        for x in range(width):
            noise = (x * 73 + y * 151 + seed * 29) * 37 % 251
            values += bytes((x * 9, y * 11, noise) if y % 3 else (200, 200, seed * 40 % 256))
    rgb = Image.frombytes("RGB", size, bytes(values))
    if mode in ("LA", "PA", "RGBA"):
        rgba = rgb.convert("RGBA")
        rgba.putalpha(rgb.getchannel(2))
        return rgba.convert("P").convert("PA") if mode == "PA" else rgba.convert(mode)
    if mode in ("LAB", "I;16", "F"):
        return Image.merge("LAB", rgb.split()) if mode == "LAB" else rgb.convert("L").convert(mode)
    return rgb.convert(mode)


def _metadata(names: tuple[str, ...]) -> dict[str, Any]:
    exif = Image.Exif()
    exif[0x010F] = "maker"
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9000] = b"0232"
    exif.get_ifd(0x8825)[1] = "N"
    everything: dict[str, Any] = {
        "exif": exif,
        "icc_profile": bytes(range(200)),
        "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>",
    }
    return {name: everything[name] for name in names}


def _save(im: Image.Image, format: str, options: dict[str, Any]) -> bytes | None:
    """The file, or None if the format does not take this."""
    out = io.BytesIO()
    try:
        im.save(out, format, **options)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SyntaxError, AttributeError):
        return None
    return out.getvalue()


def _written() -> Iterator[tuple[str, str, bytes]]:
    Image.init()
    for format in sorted(set(Image.SAVE) & {*Image.OPEN, "MPO", "PALM", "PDF"}):
        variants = [{}, *OPTIONS.get(format, [])]
        if format in METADATA:
            variants.append(_metadata(METADATA[format]))
        for mode in ALL_MODES:
            for number, options in enumerate(variants):
                modes = ONLY_MODES.get(options.get("compression", ""))
                if modes is not None and mode not in modes.split():
                    continue
                data = _save(picture(mode), format, options)
                if data:
                    yield format, f"written/{format}-{mode}-{number}", data
    for format in sorted(set(Image.SAVE_ALL)):
        for mode in ("L", "P", "RGB", "RGBA"):
            frames = [picture(mode, seed) for seed in range(3)]
            options = {"save_all": True, "append_images": frames[1:], "duration": 40}
            data = _save(frames[0], format, options)
            if data:
                yield format, f"written/{format}-{mode}-all", data


def _made() -> Iterator[tuple[str, str, bytes]]:
    for path in sorted(HERE.parent.glob("*_files.py")):
        if not path.stem.startswith("test_"):
            for name, (format, data) in import_module(path.stem).FILES.items():
                yield format, f"made/{path.stem}/{name}", data
    yield "PCD", "made/pcd", simple_files.pcd()
    yield "GD", "made/gd", simple_files.GD
    yield "WAL", "made/wal", simple_files.WAL
    tar = b"name".ljust(124, b"\0") + b"00000000100\0".ljust(388, b"\0")
    yield "TAR", "made/tar", tar + picture("L").tobytes()[:64].ljust(512, b"\0")
    yield "GPL", "made/gpl", b"GIMP Palette\nName: x\nColumns: 4\n#\n  1   2   3\tone\n255 0 0\n"
    yield (
        "GGR",
        "made/ggr",
        (
            b"GIMP Gradient\nName: x\n2\n"
            b"0.0 0.2 0.5 0 0 0 1 1 1 1 1 0 0\n0.5 0.7 1.0 1 1 1 1 0 0 0 1 2 0\n"
        ),
    )
    glyphs = [bitmap_fonts.random_glyph(random.Random(code), code, 9) for code in range(65, 70)]
    yield "BDF", "made/bdf", bitmap_fonts.bdf(glyphs)
    for big in (False, True):
        tables = bitmap_fonts.pcf_tables(glyphs, big, compressed=True)
        yield "PCF", f"made/pcf-{big}", bitmap_fonts.pcf(tables)
    if features.check("littlecms2"):
        yield "ICC", "made/icc", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "PAL", "made/pal", b"# palette\n0 1 2 3\n1 255 255 255\n"


def _published(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and 0 < path.stat().st_size <= MAX_SIZE:
            data = path.read_bytes()
            yield _format_of(path, data), f"pillow/{path.relative_to(folder)}", data


def _format_of(path: Path, data: bytes) -> str:
    extension = path.suffix.lower()
    other = {".gpl": "GPL", ".ggr": "GGR", ".tar": "TAR", ".wal": "WAL", ".gd": "GD"}
    if extension in other:
        return other[extension]
    Image.init()
    for format, (_, accept) in Image.OPEN.items():
        if accept and accept(data[:16]):
            return format
    return Image.EXTENSION.get(extension, "other")


def folder_of_published() -> Path | None:
    candidates = [HERE.parents[1] / ".cache" / "pillow-13.0.0" / "Tests" / "images"]
    if "FUZZ_IMAGES" in os.environ:
        candidates.insert(0, Path(os.environ["FUZZ_IMAGES"]))
    return next((folder for folder in candidates if folder.is_dir()), None)


def collect() -> dict[str, dict[str, bytes]]:
    """Format: name: file."""
    result: dict[str, dict[str, bytes]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sources = [_written(), _made()]
        folder = folder_of_published()
        if folder:
            sources.append(_published(folder))
        for source in sources:
            for format, name, data in source:
                result.setdefault(format, {})[name] = data
    return result
