"""GIF: damaged and lying files."""

from __future__ import annotations

import collections
import struct

import pytest

from filemakers import Bounds, changes, opened, survive, truncations
from PIL import GifImagePlugin, Image, ImageFile

SCREEN = b"GIF89a" + struct.pack("<2H3B", 3, 2, 0x80, 1, 0) + b"\1\2\3\xff\0\0"


def blocks(data: bytes) -> bytes:
    pieces = [data[i : i + 255] for i in range(0, len(data), 255)]
    return b"".join(bytes((len(piece),)) + piece for piece in pieces) + b"\0"


def packed(codes: list[tuple[int, int]]) -> bytes:
    """Pairs of code and its width."""
    total = position = 0
    for code, width in codes:
        total |= code << position
        position += width
    return total.to_bytes((position + 7) // 8, "little")


def frame(
    box: tuple[int, int, int, int], data: bytes, bits: int = 2, flags: int = 0, table: bytes = b""
) -> bytes:
    return b"," + struct.pack("<4HB", *box, flags) + table + bytes((bits,)) + blocks(data)


def control(disposal: int, transparency: int | None = None) -> bytes:
    flags = disposal << 2 | (transparency is not None)
    return b"!\xf9" + blocks(struct.pack("<BHB", flags, 7, transparency or 0))


# Clear, six pixels of index 0 or 1, end; in codes of 3 bits that grow to 4.
PIXELS = packed([(4, 3), (0, 3), (1, 3), (1, 3), (0, 4), (1, 4), (0, 4), (5, 4)])
ONE_PIXEL = packed([(4, 3), (1, 3), (5, 3)])
FILE = b"".join(
    (
        SCREEN,
        b"!\xff" + blocks(b"NETSCAPE2.0")[:-1] + blocks(b"\1\5\0"),
        b"!\xfe" + blocks(b"comment"),
        control(2, 1),
        frame((0, 0, 3, 2), PIXELS, flags=0x40),
        control(3),
        frame((1, 1, 1, 1), ONE_PIXEL, flags=0x80, table=b"\7\7\7\0\xff\0"),
        frame((2, 1, 3, 2), PIXELS),
        b";",
    )
)


def outcome_of(data: bytes) -> str:
    try:
        return survive(data, ["GIF"])
    except (IndexError, struct.error) as error:
        # A block of a later frame is too short: Pillow lets these through too.
        return type(error).__name__


@pytest.mark.parametrize("tolerant", [False, True], ids=["strict", "tolerant"])
@pytest.mark.parametrize("strategy", GifImagePlugin.LoadingStrategy)
def test_damaged(
    strategy: GifImagePlugin.LoadingStrategy, tolerant: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GifImagePlugin, "LOADING_STRATEGY", strategy)
    assert survive(FILE, ["GIF"]) == "ok"
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    outcomes: collections.Counter[str] = collections.Counter()
    with Bounds(seconds=60, megabytes=100):
        for damaged in (*truncations(FILE), *changes(FILE)):
            outcomes[outcome_of(damaged)] += 1
    assert outcomes["ok"] > 0
    assert outcomes["UnidentifiedImageError"] > 0


def single(data: bytes, size: tuple[int, int] = (3, 2), bits: int = 2) -> bytes:
    return b"GIF87a" + struct.pack("<2H3B", *size, 0, 0, 0) + frame((0, 0, *size), data, bits)


@pytest.mark.parametrize(
    "codes",
    [
        [(4, 3), (6, 3), (1, 3), (1, 3)],  # a string, before there is one
        [(4, 3), (1, 3), (7, 3), (1, 3)],  # one that is too new
        [(6, 3), (1, 3)],
    ],
)
def test_codes_of_no_string(codes: list[tuple[int, int]]) -> None:
    with pytest.raises(OSError, match="broken data stream"):
        opened(single(packed(codes))).load()


def test_end_before_the_last_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    data = single(packed([(4, 3), (1, 3), (2, 3), (3, 3), (5, 3)]))
    with pytest.raises(OSError, match="1 bytes not processed"):
        opened(data).load()
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert opened(data).tobytes() == bytes((1, 2, 3, 0, 0, 0))


def test_early_end_of_a_large_file() -> None:
    data = single(packed([(4, 3), (5, 3)])) + bytes(20_000_000)
    with Bounds(seconds=5, megabytes=150), pytest.raises(OSError, match="not processed"):
        opened(data).load()


@pytest.mark.parametrize("bits", range(13, 256, 27))
def test_code_size(bits: int) -> None:
    with pytest.raises(OSError, match="codec configuration error"):
        opened(single(PIXELS, bits=bits)).load()


def test_largest_code_sizes() -> None:
    # Literals beyond a byte keep their low one; a code of 13 bits may name a string that the
    # table has no place for.
    assert opened(single(packed([(513, 13), (4098, 13)]), (3, 1), 12).ljust(40)).tobytes() == (
        b"\1\1\1"
    )


def test_endless_strings() -> None:
    # Each code is the string before and one more byte: strings grow to the size of the table,
    # and then stay; the picture is full long before the data end.
    codes = [(4, 3), (1, 3)]
    width = 3
    for code in range(6, 4096):
        if code == 1 << width:
            width += 1
        codes.append((code, width))
    data = packed(codes + [(4095, 12)] * 5000)
    with Bounds(seconds=5, megabytes=5):
        assert opened(single(data, (1000, 100))).tobytes() == b"\1" * 100_000


def test_clear_codes_without_pixels() -> None:
    data = single(packed([(4, 3)] * 800_000))
    with Bounds(seconds=5, megabytes=10), pytest.raises(OSError, match="truncated"):
        opened(data).load()


def test_many_comments() -> None:
    comment = b"!\xfe" + blocks(b"x" * 10)
    data = SCREEN + comment * 100_000 + frame((0, 0, 3, 2), PIXELS)
    with Bounds(seconds=10, megabytes=40):
        im = opened(data)
    assert len(im.info["comment"]) == 11 * 100_000 - 1


def test_one_long_comment() -> None:
    data = SCREEN + b"!\xfe" + b"\1x" * 1_000_000 + b"\0" + frame((0, 0, 3, 2), PIXELS)
    with Bounds(seconds=10, megabytes=120):
        assert len(opened(data).info["comment"]) == 1_000_000


def test_frame_that_makes_the_picture_a_bomb() -> None:
    data = SCREEN + frame((0, 0, 3, 2), PIXELS) + frame((65535, 65535, 65535, 65535), PIXELS)
    with Bounds(seconds=5, megabytes=10):
        im = opened(data)
        with pytest.raises(Image.DecompressionBombError):
            im.seek(1)
        assert im.tell() == 0
        assert im.size == (3, 2)


def test_bomb_in_the_first_frame() -> None:
    with pytest.raises(Image.DecompressionBombError), Bounds(seconds=5, megabytes=10):
        opened(SCREEN + control(2) + frame((9, 9, 65535, 65535), PIXELS))


@pytest.mark.parametrize("size", [(0, 1), (1, 0)])
def test_frame_without_pixels(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="tile cannot extend outside image"):
        opened(SCREEN + frame((0, 0, *size), PIXELS)).load()


def test_many_frames_are_counted_in_linear_time() -> None:
    data = SCREEN + frame((0, 0, 3, 2), PIXELS) * 20_000
    with Bounds(seconds=10, megabytes=20):
        assert opened(data).n_frames == 20_000
