"""DDS, FTEX and BLP: what their files are read as, what is written, and damaged files."""

from __future__ import annotations

import io
import struct
import warnings

import pytest

from filemakers import DOCUMENTED, Bounds, changes, opened, saved, survive, truncations
from PIL import BlpImagePlugin, DdsImagePlugin, Image, ImageFile
from texture_files import (
    COLUMNS,
    FILES,
    MASKS,
    PICTURE,
    RED_TO_BLUE,
    RED_TO_BLUE_COLORS,
    blp1_jpeg,
    blp2,
    dds,
    ftex,
)


def decoded(number: int, block: bytes, variant: str = "") -> list[bytes]:
    """The 16 pixels of a block."""
    mode = {4: "L", 5: "RGB", 6: "RGB"}.get(number, "RGBA")
    data = Image.frombytes(mode, (4, 4), block, "bcn", (number, variant)).tobytes()
    size = len(mode)
    return [data[i : i + size] for i in range(0, len(data), size)]


def test_bc1() -> None:
    pixels = [bytes((*RED_TO_BLUE_COLORS[i], 255)) for i in COLUMNS]
    assert decoded(1, RED_TO_BLUE) == pixels * 4
    # With the smaller colour first there are three, and the fourth is transparent.
    swapped = RED_TO_BLUE[2:4] + RED_TO_BLUE[:2] + RED_TO_BLUE[4:]
    three = [b"\0\0\xff\xff", b"\xff\0\0\xff", bytes(4), b"\x7f\0\x7f\xff"]
    assert decoded(1, swapped) == three * 4


def test_bc2_alpha() -> None:
    alpha = bytes((0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE))
    pixels = decoded(2, alpha + RED_TO_BLUE)
    assert [pixel[3] for pixel in pixels] == [17 * i for i in range(16)]
    assert {pixel[:3] for pixel in pixels[::4]} == {b"\xff\0\0"}


def indices_of_three_bits(values: list[int]) -> bytes:
    return sum(value << 3 * i for i, value in enumerate(values)).to_bytes(6, "little")


@pytest.mark.parametrize(
    "ends, values",
    [((70, 0), [70, 0, 60, 50, 40, 30, 20, 10]), ((0, 50), [0, 50, 10, 20, 30, 40, 0, 255])],
)
def test_single_channels(ends: tuple[int, int], values: list[int]) -> None:
    block = bytes(ends) + indices_of_three_bits([0, 1, 2, 3, 4, 5, 6, 7] * 2)
    assert decoded(4, block) == [bytes((v,)) for v in values] * 2
    assert [p[3] for p in decoded(3, block + RED_TO_BLUE)] == values * 2
    reverse = block[:2] + indices_of_three_bits([7, 6, 5, 4, 3, 2, 1, 0] * 2)
    pairs = zip(values, reversed(values), strict=True)
    assert decoded(5, block + reverse) == [bytes((r, g, 0)) for r, g in pairs] * 2


def test_bc5_signed() -> None:
    half = struct.pack("<2b", 127, -128) + indices_of_three_bits([0, 1] * 8)
    assert decoded(5, half * 2, "BC5S") == [b"\xff\xff\x80", b"\0\0\x80"] * 8


def packed(*fields: tuple[int, int]) -> bytes:
    """A block of fields, each of a value and a number of bits, from the lowest on."""
    number = at = 0
    for value, bits in fields:
        number |= value << at
        at += bits
    assert at == 128
    return number.to_bytes(16, "little")


def test_bc7_one_color_in_eight_bits() -> None:
    # Mode 6: end points of 7 bits and a common lowest bit; indices of 4 bits.
    ends = [(0, 7), (127, 7), (64, 7), (64, 7), (1, 7), (1, 7), (127, 7), (127, 7)]
    indices = [(0, 3), *[(i, 4) for i in range(1, 16)]]
    pixels = decoded(7, packed((64, 7), *ends, (0, 1), (1, 1), *indices))
    weights = [0, 4, 9, 13, 17, 21, 26, 30, 34, 38, 43, 47, 51, 55, 60, 64]
    assert [p[0] for p in pixels] == [(255 * w + 32) >> 6 for w in weights]
    assert [p[3] for p in pixels] == [(254 * (64 - w) + 255 * w + 32) >> 6 for w in weights]
    assert decoded(7, bytes(16)) == [b"\0\0\0\xff"] * 16


def test_bc7_rotation_exchanges_alpha() -> None:
    # Mode 5: colours of 7 bits, alpha of 8; rotation 1 makes alpha the red channel.
    for rotation, expected in enumerate(
        ((255, 0, 0, 9), (9, 0, 0, 255), (255, 9, 0, 0), (255, 0, 9, 0))
    ):
        ends = [(127, 7)] * 2 + [(0, 7)] * 4 + [(9, 8)] * 2
        block = packed((32, 6), (rotation, 2), *ends, (0, 62))
        assert decoded(7, block) == [bytes(expected)] * 16


@pytest.mark.parametrize("variant, scale", [("BC6H", 64), ("BC6HS", 32)])
def test_bc6h_halves(variant: str, scale: int) -> None:
    # Mode 13: one region, the first end points have 16 bits; the others are 0 away.
    bits = {"r": 0x3800, "g": 0x3C00, "b": 0x7BFF}  # 0.5, 1 and the largest half float
    values = {c: -(-half * scale // 31) for c, half in bits.items()}
    low = [(values[c] & 0x3FF, 10) for c in "rgb"]
    # Behind four bits of distance the six top bits follow from the highest down.
    high = [(0 if i % 2 == 0 else int(f"{values['rgb'[i // 2]] >> 10:06b}"[::-1], 2), 4 + i % 2 * 2)
            for i in range(6)]  # fmt: skip
    block = packed((0b01111, 5), *low, *high, (0, 63))
    assert decoded(6, block, variant) == [b"\x7f\xff\xff"] * 16
    assert decoded(6, b"\x13" + bytes(15), variant) == [bytes(3)] * 16  # an unused mode


def test_cut_blocks_and_pieces() -> None:
    im = Image.new("RGBA", (6, 5))
    decoder = Image.core.bcn_decoder("RGBA", 1)
    decoder.setimage(im.im, None)
    data = RED_TO_BLUE * 4
    assert decoder.decode(data[:7]) == (0, 0)
    assert decoder.decode(data[:20]) == (16, 0)
    assert decoder.decode(data[16:] + b"more") == (-1, 0)
    columns = [(*RED_TO_BLUE_COLORS[i], 255) for i in [*COLUMNS, 0, 1]]
    assert [im.getpixel((x, y)) for y in range(5) for x in range(6)] == columns * 5


def test_masks() -> None:
    data = struct.pack("<3H", 0xF800, 0x07E0, 0x8410)
    im = opened(dds((3, 1), data, flags=0x40, bits=16, masks=MASKS))
    # Scaled by the largest value and rounded down: 16 / 31 and 32 / 63 of 255.
    assert im.tobytes() == bytes((255, 0, 0, 0, 255, 0, 131, 129, 131))
    im = opened(dds((1, 1), b"\x12\x34", flags=0x41, bits=16, masks=(0xF00, 0xF0, 0xF, 0xF000)))
    assert im.getpixel((0, 0)) == (4 * 17, 17, 2 * 17, 3 * 17)
    im = opened(dds((2, 1), b"\1\2", flags=0x40, bits=8, masks=(0xFF, 0xFF00, 0, 0)))
    assert im.tobytes() == bytes((1, 0, 0, 2, 0, 0))


def test_dds_names() -> None:
    assert DdsImagePlugin.DDSD_CAPS == 1
    assert DdsImagePlugin.D3DFMT.DXT1 == int.from_bytes(b"DXT1", "little")
    assert opened(FILES["bc7.dds"][1]).info == {"gamma": 1 / 2.2}


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("pixel_format", [None, "DXT1", "DXT3", "DXT5", "BC3"])
def test_dds_round_trip(mode: str, pixel_format: str | None) -> None:
    im = Image.new(mode, (7, 5), 255 if mode == "L" else (255,) * len(mode))
    again = opened(saved(im, "DDS", pixel_format=pixel_format))
    assert again.mode == (mode if pixel_format is None else "RGBA")
    assert again.convert(mode).tobytes() == im.tobytes()


def test_encoder_goes_on_in_small_buffers() -> None:
    im = PICTURE.resize((20, 9))
    encoder = Image.core.bcn_encoder("RGB", 1)
    encoder.setimage(im.im, None)
    data, status = b"", 0
    while status == 0:
        count, status, piece = encoder.encode(17)
        assert count == len(piece) <= 17
        data += piece
    assert status == 1
    assert data == im.tobytes("bcn", (1,))


def test_unsupported_textures_are_known_by_both_names() -> None:
    data = dds((4, 4), bytes(64), code=b"DXT2")
    for exception in (NotImplementedError, OSError):
        with pytest.raises(exception, match="Unimplemented pixel format"):
            opened(data)
    with pytest.raises(BlpImagePlugin.BLPFormatError, match="Unknown BLP encoding 4"):
        opened(blp2((2, 2), b"abcd", 4)).load()


def test_blp_jpeg_with_shared_header() -> None:
    for mode in ("RGB", "L"):
        picture = PICTURE.convert(mode)
        expected = opened(saved(picture, "JPEG")).convert("RGB")
        red, green, blue = opened(blp1_jpeg(picture)).split()
        assert Image.merge("RGB", (blue, green, red)).tobytes() == expected.tobytes()


@pytest.mark.parametrize("version", ["BLP1", "BLP2"])
def test_blp_round_trip(version: str) -> None:
    im = PICTURE.convert("P")
    data = saved(im, "BLP", blp_version=version)
    assert data.startswith(version.encode())
    assert opened(data).tobytes() == im.convert("RGB").tobytes()


def test_ftex_closes_its_file() -> None:
    file = io.BytesIO(FILES["plain.ftu"][1])
    im = Image.open(file)
    assert file.closed
    assert im.tobytes() == bytes(range(18))


# Damaged files


@pytest.mark.parametrize("tolerant", [False, True], ids=["strict", "tolerant"])
@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str, tolerant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    format, data = FILES[name]
    assert survive(data, [format]) == "ok"
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    with Bounds(seconds=60, megabytes=100):
        lengths = [*range(200), *range(200, len(data), 97), *range(len(data) - 40, len(data))]
        outcomes = {survive(data[:length], [format]) for length in lengths}
        assert "UnidentifiedImageError" in outcomes
        assert tolerant or "OSError" in outcomes
        # Beyond the header, the tables and the first of the palette a byte is like any other.
        for damaged in changes(data[:200]):
            survive(damaged + data[200:], [format])


def test_damaged_at_every_byte() -> None:
    for name in ("565.dds", "dxt1.ftc"):
        format, data = FILES[name]
        for damaged in [*truncations(data), *changes(data)]:
            survive(damaged, [format])


HUGE = (9999, 9999)
LIES = {
    "dds blocks": dds(HUGE, RED_TO_BLUE, code=b"DXT1"),
    "dds masks": dds(HUGE, bytes(60), flags=0x40, bits=32, masks=MASKS),
    "dds pixels of 512 MB": dds(HUGE, bytes(60), flags=0x40, bits=2**32 - 1, masks=MASKS),
    "dds pixels of no bits": dds(HUGE, bytes(60), flags=0x40, bits=0, masks=MASKS),
    "ftex size": ftex(HUGE, 1, b"")[:32] + struct.pack("<i", 2**31 - 1) + b"few",
    "ftex position": ftex((4, 4), 0, b"")[:28] + struct.pack("<2i", 2**31 - 1, 8) + bytes(8),
    "blp indices": blp2(HUGE, b"", 1)[:84] + struct.pack("<I", 2**32 - 1) + bytes(2000),
    "blp blocks": blp2(HUGE, RED_TO_BLUE, 2),
    "blp jpeg header": blp1_jpeg(PICTURE)[:156] + struct.pack("<I", 2**32 - 1) + bytes(90),
    "blp jpeg gap": blp1_jpeg(PICTURE).replace(struct.pack("<I", 180), b"\xff" * 4),
    "blp not a jpeg": blp1_jpeg(PICTURE).replace(b"\xff\xd8", b"ab"),
}


@pytest.mark.parametrize("name", LIES)
def test_lying_sizes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10**8)
    with Bounds(seconds=10, megabytes=20), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(DOCUMENTED):
            opened(LIES[name]).load()


def test_blp_jpeg_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    # The size that counts is that of the JPEG stream inside.
    data = blp1_jpeg(PICTURE.resize((300, 300)))
    data = data[:12] + struct.pack("<2I", 2, 2) + data[20:]
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(Image.DecompressionBombError):
        opened(data).load()
