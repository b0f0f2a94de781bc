"""Deflated TIFF: strips are compressed in one piece, by libdeflate where libtiff has it."""

from __future__ import annotations

import ctypes
import io
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from filemakers import opened, saved
from PIL import Image, TiffImagePlugin
from required import require, require_feature

WIDTH, HEIGHT = 37, 29
DEFLATE = "tiff_adobe_deflate"
#: Tags that are the compression's own: its number, where the strips are, and how long.
OWN_TAGS = (259, 273, 279)
MODES = (
    "1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "I;16", "I", "F",
)  # fmt: skip
PREDICTOR, ROWS_PER_STRIP = 317, 278
OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "row": {"strip_size": 1},
    "small": {"strip_size": 400},
    "whole": {"strip_size": 1 << 30},
    "rows 7": {"tiffinfo": {ROWS_PER_STRIP: 7}},
    "more rows": {"tiffinfo": {ROWS_PER_STRIP: 1000000}},
    "differences": {"tiffinfo": {PREDICTOR: 2}, "strip_size": 1000},
    "predictor, small": {"tiffinfo": {PREDICTOR: 2}, "strip_size": 300},
}


@pytest.fixture(autouse=True)
def _libtiff() -> None:
    require_feature("libtiff")


def picture(mode: str, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    count = size[0] * size[1]
    noise = random.Random(1).randbytes(count * 4)
    if mode in ("RGB", "RGBA", "CMYK", "L", "LA", "YCbCr", "LAB", "I;16"):
        need = count * (2 if mode == "I;16" else len(Image.new(mode, (1, 1)).getbands()))
        return Image.frombytes(mode, size, noise[:need])
    grey = Image.frombytes("L", size, noise[:count])
    return grey.convert(mode)


def strips(data: bytes) -> list[bytes]:
    with opened(data) as im:
        assert isinstance(im, TiffImagePlugin.TiffImageFile)
        places = zip(im.tag_v2[273], im.tag_v2[279], strict=True)
        return [data[at : at + count] for at, count in places]


def description(data: bytes) -> tuple[Any, ...]:
    """What a reader sees: mode, size, tags, pixels."""
    with opened(data) as im:
        assert isinstance(im, TiffImagePlugin.TiffImageFile)
        im.load()
        tags = {tag: value for tag, value in im.tag_v2.items() if tag not in OWN_TAGS}
        return im.mode, im.size, tags, len(im.tag_v2[279]), im.tobytes()


def deflated_and_by_rows(im: Image.Image, options: dict[str, Any]) -> tuple[bytes, bytes]:
    """The file, and one that differs only in the compression, which takes row after row."""
    deflated = saved(im, "TIFF", compression=DEFLATE, **options)
    return deflated, saved(im, "TIFF", compression="tiff_lzw", **options)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("mode", MODES)
def test_same_as_row_by_row(mode: str, options: dict[str, Any]) -> None:
    im = picture(mode)
    if mode == "1" and PREDICTOR in options.get("tiffinfo", {}):
        with pytest.raises(OSError, match="encoder error -2"):  # libtiff has no differences of bits
            saved(im, "TIFF", compression=DEFLATE, **options)
        return
    deflated, by_rows = deflated_and_by_rows(im, options)
    assert description(deflated) == description(by_rows)
    # Deflated YCbCr is read as RGB, RGBX without its padding.
    if mode not in ("YCbCr", "RGBX"):
        assert description(deflated)[-1] == im.tobytes()


@pytest.mark.parametrize("strip_size", [1, 500, 1 << 30])
def test_predictor_of_floats(strip_size: int) -> None:
    im = picture("F")
    options = {"tiffinfo": {PREDICTOR: 3}, "strip_size": strip_size}
    data = saved(im, "TIFF", compression=DEFLATE, **options)
    assert description(data)[2][PREDICTOR] == 3
    assert description(data)[-1] == im.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (11, 257), (21846, 3)])
@pytest.mark.parametrize("strip_size", [64, 65536])
def test_sizes(size: tuple[int, int], strip_size: int) -> None:
    im = picture("RGB", size)
    options = {"strip_size": strip_size}
    deflated, by_rows = deflated_and_by_rows(im, options)
    assert description(deflated) == description(by_rows)
    assert description(deflated)[-1] == im.tobytes()


def test_module_strip_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TiffImagePlugin, "STRIP_SIZE", WIDTH * 3 * 4)
    im = picture("RGB")
    data = saved(im, "TIFF", compression=DEFLATE)
    _, _, tags, count, pixels = description(data)
    assert (tags[ROWS_PER_STRIP], count, pixels) == (4, 8, im.tobytes())


@pytest.mark.parametrize(
    "tags",
    [{257: HEIGHT + 11}, {256: WIDTH - 17}, {258: 4}, {277: 1}, {284: 2}],
    ids=["more rows", "narrower", "fewer bits", "fewer samples", "planes"],
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_tags_that_tell_of_other_rows(mode: str, tags: dict[int, int]) -> None:
    """As row by row, whether that can be read or not: what is missing is missing in both."""
    options = {"tiffinfo": tags, "strip_size": 400}
    seen = []
    for data in deflated_and_by_rows(picture(mode), options):
        try:
            seen.append(description(data))
        except OSError as error:
            seen.append((str(error), len(strips(data))))
    assert seen[0] == seen[1]


def test_large_strips_with_predictor() -> None:
    """libtiff copies a strip for its differences, so the larger ones go row by row."""
    im = picture("L", (512, 256)).resize((4096, 512))  # 2 MiB
    data = saved(im, "TIFF", compression=DEFLATE, tiffinfo={PREDICTOR: 2}, strip_size=1 << 30)
    assert description(data)[3:] == (1, im.tobytes())


def test_pages() -> None:
    pages = [picture("RGB"), picture("L", (50, 211)), picture("1", (9, 1000))]
    data = saved(
        pages[0], "TIFF", compression=DEFLATE, strip_size=500, save_all=True,
        append_images=pages[1:],
    )  # fmt: skip
    with opened(data) as im:
        for index, page in enumerate(pages):
            im.seek(index)
            assert im.tobytes() == page.tobytes()


def test_full_disk(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="no limits of file sizes")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    im = picture("RGB", (300, 300))
    for strip_size in (1, 65536, 1 << 30):
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, before[1]))
        try:
            with pytest.raises(OSError, match="encoder error -2"):
                im.save(tmp_path / "full.tif", compression=DEFLATE, strip_size=strip_size)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "I;16"])
def test_libtiff_tools(mode: str, options: dict[str, Any], tmp_path: Path) -> None:
    if mode == "1" and PREDICTOR in options.get("tiffinfo", {}):
        options = {}
    require("tiffcp")
    im = picture(mode)
    path, plain = tmp_path / "deflated.tif", tmp_path / "plain.tif"
    im.save(path, compression=DEFLATE, **options)
    done = subprocess.run(["tiffinfo", "-D", path], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "Compression Scheme: AdobeDeflate" in done.stdout
    subprocess.run(["tiffcp", "-c", "none", path, plain], capture_output=True, check=True)
    with Image.open(plain) as back:
        assert back.info["compression"] == "raw"
        assert back.tobytes() == im.tobytes()


@pytest.mark.parametrize("compression", [DEFLATE, "tiff_lzw", "jpeg", "group4"])
def test_parameters_are_no_tags(compression: str) -> None:
    """Numbers that libtiff gives to parameters of its codecs: as Pillow, none is taken but the
    quality of JPEG, and that with whole numbers only, since libtiff reads an int."""
    im = picture("1" if compression == "group4" else "L")
    own = {DEFLATE: 65557, "jpeg": 65538, "group4": 65536, "tiff_lzw": 65563}
    with pytest.raises(ValueError, match="libtiff field definition"):
        saved(im, "TIFF", compression=compression, tiffinfo={own[compression]: 1})
    for quality in (30, 30.0, "30", (30, 31)):
        options: dict[str, Any] = {"compression": compression, "tiffinfo": {65537: quality}}
        if compression == "jpeg" and quality == 30 and isinstance(quality, int):
            assert saved(im, "TIFF", **options) == saved(
                im, "TIFF", compression="jpeg", quality=quality
            )
        else:
            with pytest.raises(RuntimeError):
                saved(im, "TIFF", **options)


# --- which library ---


def libdeflate_of_libtiff() -> ctypes.CDLL:
    """The libdeflate that the libtiff of this process is linked with; skips if there is none."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("no /proc/self/maps to find libtiff with")
    libtiff = re.search(r"/\S*libtiff\S*\.so\S*", maps.read_text())
    if libtiff is None:
        pytest.skip("libtiff is no shared library here: what it is linked with cannot be told")
    require("ldd")
    linked = subprocess.run(["ldd", libtiff.group()], capture_output=True, text=True, check=True)
    found = re.search(r"libdeflate\S* => (\S+)", linked.stdout)
    if found is None:
        pytest.skip(f"{libtiff.group()} is not linked with libdeflate")
    library = ctypes.CDLL(found.group(1))
    library.libdeflate_alloc_compressor.restype = ctypes.c_void_p
    library.libdeflate_zlib_compress.restype = ctypes.c_size_t
    return library


def by_libdeflate(library: ctypes.CDLL, data: bytes, level: int) -> bytes:
    compressor = ctypes.c_void_p(library.libdeflate_alloc_compressor(level))
    out = ctypes.create_string_buffer(len(data) * 2 + 100)
    size = library.libdeflate_zlib_compress(
        compressor, data, ctypes.c_size_t(len(data)), out, ctypes.c_size_t(len(out))
    )
    library.libdeflate_free_compressor(compressor)
    return out.raw[:size]


def test_saved_by_libdeflate() -> None:
    library = libdeflate_of_libtiff()
    im = Image.linear_gradient("L").rotate(30, expand=True)
    rows = 4000 // im.width
    found = strips(saved(im, "TIFF", compression=DEFLATE, strip_size=4000))
    pixels, step = im.tobytes(), rows * im.width
    assert len(pixels) % step  # the last strip is a shorter one
    wanted = [pixels[at : at + step] for at in range(0, len(pixels), step)]
    # libtiff translates zlib's levels to those of libdeflate, each release in its own way.
    assert any(
        found == [by_libdeflate(library, strip, level) for strip in wanted]
        for level in range(1, 13)
    )


def test_loaded_by_libdeflate() -> None:
    """libdeflate, which takes whole strips, looks at the checksum; zlib stops at the last pixel."""
    libdeflate_of_libtiff()
    data = saved(picture("L"), "TIFF", compression=DEFLATE)
    [strip] = strips(data)
    damaged = data.replace(strip, strip[:-1] + bytes([strip[-1] ^ 1]))
    with Image.open(io.BytesIO(damaged)) as im, pytest.raises(OSError, match="decoder error"):
        im.load()
