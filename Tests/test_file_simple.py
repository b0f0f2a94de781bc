"""Formats with one plain header: what their files are read as, and what is written."""

from __future__ import annotations

import io
import struct
import warnings

import pytest

from filemakers import opened, saved
from PIL import Image, PalmImagePlugin, SpiderImagePlugin, WmfImagePlugin
from simple_files import (
    FILES,
    XPM,
    fits,
    fits_gzip,
    opened_quietly,
    pcd,
    picture,
    sgi_rle,
    spider_stack,
    sun,
)


@pytest.mark.parametrize("bpc", [1, 2])
def test_sgi_run_lengths(bpc: int) -> None:
    im = opened(sgi_rle(bpc))
    # Rows are stored from the bottom up, and one channel after the other.
    runs = [[7 * (2 * band + row) for band in range(3)] for row in (1, 0)]
    rows = [run * 2 + [value + 1 for value in run] for run in runs]
    assert (im.mode, im.size) == ("RGB", (3, 2))
    assert im.tobytes() == bytes(rows[0] + rows[1])


@pytest.mark.parametrize("bpc", [1, 2])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_sgi_round_trip(mode: str, bpc: int) -> None:
    data = saved(picture(mode), "SGI", bpc=bpc)
    assert len(data) == 512 + 20 * len(mode) * bpc
    assert opened(data).tobytes() == picture(mode).tobytes()


def test_sun() -> None:
    assert opened(FILES["rle.ras"][1]).tobytes() == b"\7\7\7\7\x80\1\2\x80"
    assert opened(sun(24, 1, bytes(range(24)))).getpixel((0, 0)) == (2, 1, 0)
    assert opened(sun(24, 3, bytes(range(24)))).getpixel((0, 0)) == (0, 1, 2)
    im = opened(FILES["palette.ras"][1])
    assert im.mode == "P" and im.getpalette()[:6] == [0, 8, 16, 1, 9, 17]


def test_qoi_operations() -> None:
    # A difference, luma, colour, colour with alpha, index, run.
    code = bytes((0x7F, 0xA1, 0x97, 0xFE, 1, 2, 3, 0xFF, 9, 8, 7, 6, 23, 0xC1))
    data = struct.pack(">4s2L2B", b"qoif", 7, 1, 4, 0) + code + bytes(7) + b"\1"
    pixels = [(1, 1, 1, 255), (3, 2, 1, 255), (1, 2, 3, 255), (9, 8, 7, 6)]
    pixels += [(1, 2, 3, 255)] * 3
    assert opened(data).tobytes() == b"".join(bytes(pixel) for pixel in pixels)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_qoi_round_trip(mode: str) -> None:
    noise = bytes(i * i * 7 // 64 & 0xFF for i in range(1200 * len(mode)))
    im = Image.frombytes(mode, (40, 30), noise)
    assert opened(saved(im, "QOI")).tobytes() == im.tobytes()


def test_xpm() -> None:
    im = opened(XPM)
    assert (im.mode, im.size, im.info) == ("P", (3, 2), {"transparency": 0})
    assert im.tobytes() == bytes((0, 1, 2, 2, 2, 1))


def test_msp_run_lengths() -> None:
    # A run of two bytes, a missing row, two literals.
    assert opened(FILES["rle.msp"][1]).tobytes() == b"\xaa\xaa\xff\xff\1\2"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "I", "F", "RGB", "RGBA", "CMYK"])
def test_im_round_trip(mode: str) -> None:
    im = picture(mode) if mode != "PA" else picture("P").convert("PA")
    with pytest.warns(DeprecationWarning, match="IM image format"):
        data = saved(im, "IM")
    again = opened_quietly(data, "IM")
    assert again.mode == mode
    assert again.tobytes() == im.tobytes()


def test_iptc_band() -> None:
    im = opened(FILES["test.iim"][1])
    assert (im.mode, im.size) == ("RGB", (2, 3))
    assert im.tobytes() == b"".join(bytes((0, value, 0)) for value in b"abcdef")


def test_spider() -> None:
    im = opened(saved(picture("F"), "SPIDER"))
    assert im.tobytes() == picture("F").tobytes()
    stack = opened(spider_stack())
    assert isinstance(stack, SpiderImagePlugin.SpiderImageFile)
    assert (stack.n_frames, stack.tell()) == (2, 0)
    stack.seek(1)
    assert stack.tell() == 1
    with pytest.raises(EOFError):
        stack.seek(2)


def test_others() -> None:
    brush = opened(FILES["test.gbr"][1])
    assert (brush.mode, brush.info) == ("RGBA", {"spacing": 10, "comment": b"brush"})
    assert brush.tobytes() == bytes(range(24))
    assert opened(FILES["test.imt"][1]).tobytes() == b"abcdef"
    assert opened(FILES["test.p7"][1]).getpalette()[-3:] == [255, 255, 255]
    assert opened(FILES["test.area"][1]).mode == "I;16B"
    assert opened(FILES["test.pxr"][1]).tobytes() == bytes(range(18))


@pytest.mark.parametrize("orientation, size", [(0, (768, 512)), (1, (512, 768)), (3, (512, 768))])
def test_pcd(orientation: int, size: tuple[int, int]) -> None:
    im = opened(pcd(orientation))
    im.load()
    assert im.size == im.im.size == size


def test_spider_extension_is_remembered() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = io.BytesIO()
        out.name = "a.abc"
        picture("F").save(out, "SPIDER")
    assert Image.EXTENSION.pop(".abc") == "SPIDER"


def test_fits() -> None:
    # Rows from the bottom up; numbers big-endian.
    assert opened(FILES["8.fits"][1]).tobytes() == bytes((3, 4, 5, 0, 1, 2))
    assert opened(fits(16)).getpixel((0, 1)) == 1
    assert opened(fits(32)).getpixel((0, 1)) == 0x10203
    packed = opened(fits_gzip())
    assert (packed.mode, packed.getpixel((0, 1)), packed.getpixel((2, 0))) == ("I;16", 1000, 1005)


def test_fli_chunks() -> None:
    im = opened(FILES["test.flc"][1])
    assert (im.n_frames, im.info["duration"], im.getpalette()[:9]) == (
        5,
        50,
        [1, 2, 3, 4, 5, 6, 2, 2, 2],
    )
    expected = [
        (9, 9, 9, 9, 1, 2, 3, 7),
        (9, 9, 9, 9, 1, 5, 6, 8),
        (9, 9, 3, 4, 1, 5, 6, 8),
        (0,) * 8,
        tuple(range(8)),
    ]
    for frame, pixels in enumerate(expected):
        im.seek(frame)
        assert im.tobytes() == bytes(pixels), frame
    im.seek(1)
    assert im.tobytes() == bytes(expected[1])


def test_metafiles() -> None:
    emf, wmf = opened(FILES["test.emf"][1]), opened(FILES["test.wmf"][1])
    assert (emf.size, emf.info["wmf_bbox"]) == ((9, 9), (0, 0, 9, 9))
    assert emf.info["dpi"] == 2540 * 9 / 300
    assert (wmf.size, wmf.info["dpi"]) == ((20, 40), 72)
    with pytest.raises(OSError, match="cannot find loader"):
        wmf.load()
    assert isinstance(wmf, WmfImagePlugin.WmfStubImageFile)
    with pytest.raises(ValueError, match="non-negative"):
        wmf.load(-1)
    with pytest.raises(Image.DecompressionBombError):
        wmf.load((10**6, 10**6))


@pytest.mark.parametrize("format", ["BUFR", "GRIB", "HDF5", "WMF"])
def test_formats_without_handler(format: str) -> None:
    with pytest.raises(OSError, match=f"{format} save handler not installed"):
        saved(picture(), format)


def test_palm() -> None:
    im = Image.new("P", (3, 2))
    im.putpalette([1, 2, 3, 4, 5, 6])
    expected = "00030002000440000801000000ff0000000200010203010405060000000000000000"
    assert saved(im, "PALM").hex() == expected
    assert saved(Image.new("1", (3, 2)), "PALM").hex()[-8:] == "e000e000"
    assert PalmImagePlugin.Palm8BitColormapImage.getpalette()[3:6] == [255, 204, 255]
    with pytest.raises(ValueError, match="no palette"):
        saved(picture("L"), "PALM", bpp=2)
