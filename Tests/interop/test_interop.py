"""Other programs read what we write, and we read what they write.

Pixels are equal where the format is lossless, and as close as the case says where it is not: the
table has the lowest peak signal to noise ratio in dB, well under what is reached, but far above
that of exchanged channels or a picture that is off by a pixel.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from PIL import Image, ImageChops, features

from .programs import READERS, WRITERS, assert_same, pixels_of_reader, require, run, write_pnm

SIZE = 37, 29


def picture(mode: str) -> Image.Image:
    """Slopes, an edge, and colours that tell channels apart. Alpha, in the upper half, is never 0:
    the colours of transparent pixels are lost in some programs."""
    width, height = SIZE
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            pixels += bytes((x * 6, y * 8, 200 if x > y else 30, min(255, 16 + y * 16)))
    im = Image.frombytes("RGBA", SIZE, bytes(pixels))
    if mode == "1":
        return im.convert("L").point(lambda v: 255 if v > 90 else 0).convert("1")
    if mode == "P":
        return im.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    return im.convert(mode)


class Case(NamedTuple):
    """Written by us and read by programs.

    :param suffix: of the file; says the format
    :param modes: of the pictures, separated by blanks
    :param readers: programs, separated by commas
    :param decibels: how close the pixels have to be; None: equal
    :param feature: of the build, that writing takes
    :param inverted: whether the programs see it with black and white exchanged
    """

    suffix: str
    modes: str
    readers: str
    decibels: float | None = None
    options: dict[str, Any] = {}
    feature: str = ""
    inverted: bool = False


WE_WRITE = (
    Case(".png", "1 L P RGB RGBA LA", "ImageMagick,pngtopam"),
    Case(".bmp", "1 L P RGB", "ImageMagick,bmptopnm"),
    Case(".bmp", "RGBA", "ImageMagick"),
    Case(".gif", "1 L P", "ImageMagick,giftopnm,gifsicle"),
    Case(".gif", "P", "ImageMagick,giftopnm", options={"interlace": False, "optimize": True}),
    Case(".ppm", "1 L RGB", "ImageMagick,pnmfile"),
    Case(".sgi", "L RGB RGBA", "ImageMagick"),
    Case(".sgi", "L RGB", "sgitopnm"),
    Case(".pcx", "L P RGB", "ImageMagick"),  # it takes the unused palette of mode 1 for real
    Case(".pcx", "1 P RGB", "pcxtoppm"),
    # ImageMagick 6.9.11 turns TGA files upside down, both ways.
    Case(".tga", "L P RGB RGBA", "tgatoppm"),
    Case(".tga", "L P RGB RGBA", "tgatoppm", options={"compression": "tga_rle"}),
    Case(".dds", "RGB RGBA", "ImageMagick"),
    Case(".dds", "RGB", "ImageMagick", 20, {"pixel_format": "DXT1"}),
    Case(".dds", "RGBA", "ImageMagick", 20, {"pixel_format": "DXT5"}),
    Case(".ico", "RGBA", "ImageMagick,icotool", options={"sizes": [SIZE]}),
    # icotool minds that the bitmap has a resolution.
    Case(".ico", "RGBA", "ImageMagick", options={"sizes": [SIZE], "bitmap_format": "bmp"}),
    # Pillow means white by the bits that are black for others.
    Case(".xbm", "1", "ImageMagick,xbmtopbm", inverted=True),
    Case(".palm", "1", "palmtopnm"),
    Case(".eps", "L RGB", "ghostscript"),
    Case(".pdf", "P 1", "ghostscript"),
    # It smooths, by fractions of a pixel.
    Case(".pdf", "P 1", "pdftoppm", 18),
    Case(".pdf", "L RGB", "ghostscript,pdftoppm", 30, {"quality": 95, "subsampling": 0}),
    Case(".pdf", "CMYK", "ghostscript,pdftoppm", 15, {"quality": 95}),
    Case(".jpg", "L", "ImageMagick,djpeg", 38, {"quality": 95}),
    Case(".jpg", "RGB", "ImageMagick,djpeg", 30, {"quality": 95, "subsampling": 0}),
    Case(".jpg", "RGB", "djpeg", 30, {"quality": 95, "subsampling": 0, "progressive": True}),
    Case(".tif", "1 L RGB", "ImageMagick,tifftopnm,tiffcp"),
    Case(".tif", "P", "tifftopnm,tiffcp"),
    # 16-bit colours are multiples of 256; ImageMagick divides by 257.
    Case(".tif", "P", "ImageMagick", 45),
    Case(".tif", "RGBA", "ImageMagick"),
    *(
        Case(".tif", "L P RGB", "tifftopnm,tiffcp", options={"compression": name})
        for name in ("packbits", "tiff_lzw", "tiff_adobe_deflate")
    ),
    *(
        Case(".tif", "1", "tifftopnm,tiffcp", options={"compression": name})
        for name in ("group3", "group4", "packbits")
    ),
    Case(".tif", "RGB", "tifftopnm,ImageMagick", options={"big_tiff": True}),
    Case(
        ".webp",
        "RGB RGBA",
        "ImageMagick,dwebp",
        options={"lossless": True, "exact": True},
        feature="webp",
    ),
    Case(".webp", "RGB RGBA", "dwebp", 25, {"quality": 90}, "webp"),
    Case(".jp2", "L RGB RGBA", "ImageMagick", feature="jpg_2000"),
    Case(".jp2", "L RGB", "opj_decompress", feature="jpg_2000"),
    Case(".j2k", "RGB", "opj_decompress", 30, {"irreversible": True}, "jpg_2000"),
    Case(".avif", "RGB RGBA", "avifdec", 30, {"quality": 95, "subsampling": "4:4:4"}, "avif"),
)

# Program, suffix, mode of the picture, decibels, feature.
WE_READ: tuple[tuple[str, str, str, float | None, str], ...] = (
    *(
        ("ImageMagick", suffix, mode, None, "")
        for suffix, modes in (
            (".png", "1 L RGB RGBA"), (".bmp", "1 L RGB RGBA"), (".gif", "1"), (".ppm", "1 L RGB"),
            (".sgi", "L RGB RGBA"), (".pcx", "1 L RGB"), (".ras", "1 L RGB"),
            (".dcx", "RGB"), (".psd", "L RGB"), (".tif", "1 L RGB RGBA"),
            (".ico", "RGB RGBA"), (".fits", "L"),
        )
        for mode in modes.split()
    ),
    *(("ImageMagick RLE", suffix, "RGB", None, "") for suffix in (".sgi", ".psd", ".tif")),
    *(("ImageMagick LZW", ".tif", mode, None, "") for mode in ("L", "RGB", "RGBA")),
    ("ImageMagick Zip", ".tif", "RGB", None, ""),
    ("ImageMagick fax", ".tif", "1", None, ""),
    ("ImageMagick interlaced", ".png", "RGB", None, ""),
    ("ImageMagick interlaced", ".gif", "L", 40, ""),  # it rounds the greys
    ("ImageMagick interlaced", ".tif", "RGB", None, ""),
    ("ImageMagick", ".dds", "RGBA", 25, ""),
    ("pamtotga", ".tga", "RGB", None, ""),
    ("pnmtopng", ".png", "RGB", None, ""),
    ("pnmtorast", ".ras", "RGB", None, ""),
    ("pnmtosgi", ".sgi", "RGB", None, ""),
    ("pnmtosgi", ".sgi", "L", None, ""),
    ("pamtotiff", ".tif", "RGB", None, ""),
    ("ppmtobmp", ".bmp", "RGB", None, ""),
    ("ppmtopcx", ".pcx", "RGB", None, ""),
    ("cjpeg", ".jpg", "RGB", 28, ""),
    ("cjpeg progressive", ".jpg", "L", 38, ""),
    ("cwebp lossless", ".webp", "RGB", None, "webp"),
    ("cwebp", ".webp", "RGB", 25, "webp"),
    ("opj_compress", ".jp2", "RGB", None, "jpg_2000"),
    ("opj_compress", ".j2k", "L", None, "jpg_2000"),
    ("avifenc", ".avif", "RGB", 28, "avif"),
    ("icotool", ".ico", "RGBA", None, ""),
)  # fmt: skip


def needs(feature: str) -> None:
    if feature and not features.check(feature):
        pytest.skip(f"built without {feature}")


@pytest.mark.parametrize(
    "case, mode, reader",
    [
        pytest.param(
            c, mode, reader, id=f"{c.suffix} {mode} {reader} {' '.join(map(str, c.options))}"
        )
        for c in WE_WRITE
        for mode in c.modes.split()
        for reader in c.readers.split(",")
    ],
)
def test_they_read_what_we_write(case: Case, mode: str, reader: str, tmp_path: Path) -> None:
    needs(case.feature)
    # Compressed TIFF, and the fax compression of bilevel PDF, are libtiff's.
    if (case.suffix == ".tif" and case.options) or (case.suffix, mode) == (".pdf", "1"):
        needs("libtiff")
    im = picture(mode)
    path = tmp_path / f"in{case.suffix}"
    im.save(path, **case.options)
    expected = ImageChops.invert(im.convert("L")) if case.inverted else im
    assert_same(pixels_of_reader(reader, path, im.size), expected, case.decibels)


@pytest.mark.parametrize("writer, suffix, mode, decibels, feature", WE_READ)
def test_we_read_what_they_write(
    writer: str, suffix: str, mode: str, decibels: float | None, feature: str, tmp_path: Path
) -> None:
    needs(feature)
    if suffix == ".tif":
        needs("libtiff")
    im = picture(mode)
    source = tmp_path / ("in" + {"1": ".pbm", "L": ".pgm", "RGB": ".ppm", "RGBA": ".pam"}[mode])
    write_pnm(im, source)
    png = tmp_path / "in.png"
    im.save(png)
    command = WRITERS[writer]._replace(output=suffix)
    made = tmp_path / f"made{suffix}"
    made.write_bytes(run(command, source, png))
    with Image.open(made) as found:
        assert_same(found, im, decibels)


def text_of(*words: str | Path) -> str:
    """What a program says about a file; it must not find fault with it."""
    command = [str(word) for word in words]
    require(command[0])
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0, said
    return said


def saved(folder: Path, name: str, mode: str = "RGB", **options: Any) -> Path:
    path = folder / name
    picture(mode).save(path, **options)
    return path


@pytest.mark.parametrize(
    "suffix, kind",
    [(".png", "image/png"), (".jpg", "image/jpeg"), (".gif", "image/gif"), (".tif", "image/tiff"),
     (".bmp", "image/bmp"), (".ppm", "image/x-portable-pixmap"), (".pdf", "application/pdf"),
     (".eps", "application/postscript"),
     (".webp", "image/webp"), (".jp2", "image/jp2"), (".avif", "image/avif"),
     (".ico", "image/vnd.microsoft.icon")],
)  # fmt: skip
def test_file_knows_the_format(suffix: str, kind: str, tmp_path: Path) -> None:
    needs({".webp": "webp", ".jp2": "jpg_2000", ".avif": "avif"}.get(suffix, ""))
    path = saved(tmp_path, f"in{suffix}")
    assert text_of("file", "--brief", "--mime-type", path).strip() == kind


def test_pngcheck(tmp_path: Path) -> None:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        path = saved(tmp_path, "in.png", mode, dpi=(300, 300), optimize=mode == "RGB")
        assert "No errors detected" in text_of("pngcheck", "-v", path)
    frames = [picture("RGB").rotate(90 * i) for i in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50)
    text_of("pngcheck", "-v", path)


def test_gifsicle_sees_all_frames(tmp_path: Path) -> None:
    frames = [picture("P").rotate(90 * i) for i in range(3)]
    path = tmp_path / "in.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[50, 100, 150], loop=3)
    said = text_of("gifsicle", "--info", path)
    assert "3 images" in said
    assert "loop count 3" in said
    assert all(f"delay {seconds}s" in said for seconds in ("0.05", "0.10", "0.15"))


def test_libtiff_tools(tmp_path: Path) -> None:
    path = saved(tmp_path, "in.tif", description="words", dpi=(300, 150))
    said = text_of("tiffinfo", path)
    assert f"Image Width: {SIZE[0]} Image Length: {SIZE[1]}" in said
    assert "Resolution: 300, 150 pixels/inch" in said
    assert "ImageDescription: words" in said
    assert "ImageWidth (256)" in text_of("tiffdump", path)
    pages = [picture("L").rotate(90 * i, expand=True) for i in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert text_of("tiffinfo", path).count("TIFF Directory at") == 3


def test_webp_tools(tmp_path: Path) -> None:
    needs("webp")
    frames = [picture("RGB").rotate(90 * i) for i in range(3)]
    path = tmp_path / "in.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=70, exif=exif())
    assert "No error detected" in text_of("webpinfo", path)
    said = text_of("webpmux", "-info", path)
    assert "Number of frames: 3" in said
    assert "EXIF metadata" in said


def exif() -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F] = "A maker"
    tags[0x0112] = 6
    tags.get_ifd(0x8825)[1] = "N"
    tags.get_ifd(0x8825)[2] = (48.0, 30.0, 0.0)
    return tags


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_exiftool_reads_metadata(suffix: str, tmp_path: Path) -> None:
    needs("webp" if suffix == ".webp" else "")
    path = saved(tmp_path, f"in{suffix}", exif=exif())
    (found,) = json.loads(text_of("exiftool", "-json", "-n", path))
    assert (found["ImageWidth"], found["ImageHeight"]) == SIZE
    assert (found["Make"], found["Orientation"]) == ("A maker", 6)
    # Of a new Exif object, Pillow leaves the GPS directory out of TIFF files.
    assert found.get("GPSLatitude") == (None if suffix == ".tif" else 48.5)


def test_we_read_what_exiftool_writes(tmp_path: Path) -> None:
    path = saved(tmp_path, "in.jpg")
    text_of("exiftool", "-overwrite_original", "-Artist=Someone", "-Orientation#=8", path)
    with Image.open(path) as im:
        assert (im.getexif()[0x013B], im.getexif()[0x0112]) == ("Someone", 8)


def test_pdfinfo(tmp_path: Path) -> None:
    path = saved(tmp_path, "in.pdf", "P", title="Tïtle", author="Someone", resolution=36)
    picture("L").save(path, append=True)
    said = text_of("pdfinfo", path)
    fields = {line.partition(":")[0]: line.partition(":")[2].strip() for line in said.splitlines()}
    assert (fields["Title"], fields["Author"], fields["Pages"]) == ("Tïtle", "Someone", "2")
    assert fields["Page size"].startswith(f"{2 * SIZE[0]} x {2 * SIZE[1]} pts")


def test_every_program_is_used() -> None:
    readers = {reader for case in WE_WRITE for reader in case.readers.split(",")}
    assert readers == set(READERS)
    assert {case[0] for case in WE_READ} == set(WRITERS)
