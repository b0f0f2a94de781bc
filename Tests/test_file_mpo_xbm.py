"""MPO and XBM: round trips, and damaged and lying files."""

from __future__ import annotations

import struct

import pytest

from filemakers import Bounds, changes, opened, outcomes_of, saved, survive, truncations
from PIL import Image

XBM = b"#define x_width 10\n#define x_height 2\n#define x_x_hot 3\n#define x_y_hot 1\n"
XBM += b"static char x_bits[] = {\n0x01,0x02,0xff,0x03\n};\n"


def mpo() -> bytes:
    first, second = Image.new("RGB", (9, 8), (9, 99, 200)), Image.new("L", (5, 4), 77)
    return saved(first, "MPO", save_all=True, append_images=[second])


def test_pictures_come_back() -> None:
    im = opened(mpo())
    assert (im.format, im.n_frames, im.mode, im.size) == ("MPO", 2, "RGB", (9, 8))
    im.seek(1)
    assert (im.mode, im.size, im.getpixel((4, 3))) == ("L", (5, 4), 77)
    im.seek(0)
    assert (im.mode, im.size) == ("RGB", (9, 8))
    with pytest.raises(EOFError):
        im.seek(2)


def test_damaged_mpo() -> None:
    data = mpo()
    with Bounds(seconds=60, megabytes=50):
        outcomes = outcomes_of([*truncations(data[:240]), *changes(data[:240])], ["JPEG"])
    assert outcomes["ok"] == 0  # the pixels are missing
    index = data.index(b"MPF\0")
    with Bounds(seconds=60, megabytes=50):
        for damaged in changes(data[index : index + 110]):
            outcomes[survive(data[:index] + damaged + data[index + 110 :], ["JPEG"])] += 1
    assert outcomes["ok"] > 0


def test_picture_behind_the_end() -> None:
    data = bytearray(mpo())
    second = data.index(b"II*\0") + 8 + 2 + 36 + 4 + 16
    data[second + 8 : second + 12] = struct.pack("<L", 2**32 - 1000)
    im = opened(bytes(data))
    with pytest.raises(ValueError, match="No data found for frame"):
        im.seek(1)


def test_number_of_pictures_that_is_not_true() -> None:
    data = bytearray(mpo())
    position = data.index(struct.pack("<2HL", 0xB001, 4, 1)) + 8
    data[position : position + 4] = struct.pack("<L", 2**32 - 1)
    with pytest.warns(UserWarning, match="malformed MPO file"), Bounds(seconds=2, megabytes=10):
        assert opened(bytes(data)).format == "JPEG"


def test_xbm_pixels() -> None:
    im = opened(XBM)
    assert (im.mode, im.size, im.info) == ("1", (10, 2), {"hotspot": (3, 1)})
    # The lowest bit is the leftmost pixel.
    assert im.convert("L").tobytes() == bytes(
        255 if x in white else 0 for white in ((0, 9), range(10)) for x in range(10)
    )
    assert opened(saved(im, "XBM")).tobytes() == im.tobytes()


def test_damaged_xbm() -> None:
    assert survive(XBM, ["XBM"]) == "ok"
    with Bounds(seconds=30, megabytes=20):
        outcomes = outcomes_of([*truncations(XBM), *changes(XBM)], ["XBM"])
    assert outcomes["ok"] > 0
    assert outcomes["UnidentifiedImageError"] > 0


def test_xbm_of_endless_comments() -> None:
    with Bounds(seconds=10, megabytes=20):
        assert survive(b"/* " + b"x" * 5_000_000, ["XBM"]) == "UnidentifiedImageError"
        assert survive(b"#define a 1\n" * 100_000, ["XBM"]) == "UnidentifiedImageError"


@pytest.mark.parametrize("size", [(2**31, 2**31), (60000, 60000)])
def test_xbm_bomb(size: tuple[int, int]) -> None:
    data = b"#define a_width %d\n#define a_height %d\na_bits[] = {\n0x00" % size
    with pytest.raises(Image.DecompressionBombError):
        opened(data)
