"""GIF: files written down byte by byte, and animations that come back."""

from __future__ import annotations

import random

import pytest

from filemakers import opened, saved
from PIL import Image


def indexed(*pixels: int, width: int = 2) -> Image.Image:
    im = Image.frombytes("P", (width, len(pixels) // width), bytes(pixels))
    im.putpalette(bytes(range(30)))
    return im


def codes(*values: int) -> bytes:
    """Codes of 9 bits, as one sub-block and the empty one."""
    packed = sum(value << 9 * position for position, value in enumerate(values))
    data = packed.to_bytes((9 * len(values) + 7) // 8, "little")
    return bytes((len(data),)) + data + b"\0"


def test_single_image() -> None:
    # Indices 0, 3 and 9 are used: the table has their colours, and a fourth entry.
    table = bytes((0, 1, 2, 9, 10, 11, 27, 28, 29, 0, 0, 0))
    data = saved(indexed(0, 3, 9, 0), "GIF")
    assert data == (
        b"GIF87a\2\0\2\0\x81\0\0"
        + table
        + b",\0\0\0\0\2\0\2\0\0\x08"
        + codes(256, 0, 1, 2, 0, 257)
        + b";"
    )
    assert opened(data).convert("RGB").tobytes() == indexed(0, 3, 9, 0).convert("RGB").tobytes()


def test_animation_writes_what_changed() -> None:
    first, second = indexed(0, 3, 9, 0), indexed(0, 3, 7, 0)
    data = saved(first, "GIF", append_images=[second, second], duration=[10, 20, 30], loop=5)
    # The third frame is the second, shown for longer.
    assert data == (
        b"GIF89a\2\0\2\0\x81\0\0"
        + bytes((0, 1, 2, 9, 10, 11, 27, 28, 29, 0, 0, 0))
        + b"!\xff\x0bNETSCAPE2.0\x03\x01\x05\0\0"
        + b"!\xf9\x04\0\x01\0\0\0,\0\0\0\0\2\0\2\0\0\x08"
        + codes(256, 0, 1, 2, 0, 257)
        + b"!\xf9\x04\x01\x05\0\x03\0,\0\0\1\0\1\0\1\0\x81"
        + bytes((0, 1, 2, 9, 10, 11, 21, 22, 23, 0, 0, 0))
        + b"\x08"
        + codes(256, 2, 257)
        + b";"
    )
    im = opened(data)
    assert (im.n_frames, im.info["loop"], im.info["duration"]) == (2, 5, 10)
    im.seek(1)
    assert (im.mode, im.info["duration"]) == ("RGB", 50)
    assert im.tobytes() == second.convert("RGB").tobytes()


@pytest.mark.parametrize("interlace", [0, 1])
@pytest.mark.parametrize("colours", [2, 256])
def test_long_streams(colours: int, interlace: int) -> None:
    # Enough for the table of strings to be filled and emptied many times.
    chance = random.Random(colours)
    data = bytes(chance.randrange(colours) for _ in range(501 * 301))
    im = Image.frombytes("L", (501, 301), data)
    assert opened(saved(im, "GIF", interlace=interlace, optimize=False)).tobytes() == data


def test_transparency_of_frames() -> None:
    first, second = indexed(0, 1, 2, 3), indexed(4, 1, 5, 1)
    data = saved(first, "GIF", append_images=[second], transparency=1, disposal=2, optimize=False)
    im = opened(data)
    assert im.info["transparency"] == 1
    im.seek(1)
    alpha = [pixel[3] for pixel in (im.getpixel((x, y)) for y in (0, 1) for x in (0, 1))]
    assert alpha == [255, 0, 255, 0]


def test_the_pixels_are_left_alone() -> None:
    im = Image.new("L", (3, 2), 7)
    saved(im, "GIF", palette=bytes(range(30)))
    assert im.palette is not None  # as Pillow leaves it
    assert im.palette.palette == bytes(range(30))
    assert (im.mode, im.tobytes()) == ("L", b"\7" * 6)


def grown(disposal: int, transparency: int | None, palette: bool) -> bytes:
    """Two frames of 2x1 with a table of their own, and one of 3x1."""

    def frame(width: int, table: bytes, disposal: int, transparency: int | None) -> bytes:
        flags = disposal << 2 | (transparency is not None)
        control = b"!\xf9\x04" + bytes((flags, 0, 0, transparency or 0, 0))
        box = b"," + bytes((0, 0, 0, 0, width, 0, 1, 0, 0x80 if table else 0))
        data = codes(256, *range(2), *[1] * (width - 2), 257)
        return control + box + table + b"\x08" + data

    table = bytes((1, 2, 3, 200, 201, 202))
    screen = b"GIF89a\2\0\1\0\0\0\0"
    shown = frame(2, table, 0, None) + frame(2, table, disposal, transparency)
    return screen + shown + frame(3, table if palette else b"", 0, transparency) + b";"


def test_colour_canvas_that_grows() -> None:
    with opened(grown(0, None, True)) as im:
        im.seek(2)
        assert list(im.get_flattened_data()) == [(1, 2, 3), (200, 201, 202), (200, 201, 202)]
    # What disposal made transparent stays so when the canvas gets an alpha band.
    with opened(grown(2, 0, True)) as im:
        im.seek(2)
        im.load()
        assert im.mode == "RGBA"
        assert im.getpixel((0, 0)) == (1, 2, 3, 0)
        assert im.getpixel((1, 0)) == (200, 201, 202, 255)
    # Without a palette there is no colour for the new area.
    with opened(grown(0, None, False)) as im:
        im.seek(1)
        with pytest.raises(ValueError, match="image has no palette"):
            im.seek(2)
            im.load()
    # But damaged pixels are found first.
    with opened(grown(0, None, False)[:-5] + b"\0;") as im:
        im.seek(2)
        with pytest.raises(OSError, match="truncated"):
            im.load()


@pytest.mark.parametrize("label", [0x00, 0x01, 0xF9, 0xFF])
def test_extension_that_begins_with_an_empty_block(label: int) -> None:
    # The sub-blocks behind it are passed over, as by Pillow.
    frame = b"," + bytes((0, 0, 0, 0, 1, 0, 1, 0, 0)) + b"\2\2\x44\1\0"
    screen = b"GIF89a\1\0\1\0\x80\0\0" + bytes((0, 0, 0, 255, 255, 255))
    empty = b"!" + bytes((label, 0))
    assert opened(screen + frame + empty + b"\1x\0" + frame + b";").n_frames == 2
    # Here the block that follows is taken for one of them.
    assert opened(screen + frame + empty + frame + b";").n_frames == 1
