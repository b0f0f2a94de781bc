"""TGA, PCX, DCX, PSD and icons: damaged and lying files end well, in bounded time and memory."""

from __future__ import annotations

import struct

import pytest

from filemakers import (
    DOCUMENTED,
    Bounds,
    changes_at_start,
    opened,
    outcomes_of,
    png,
    png_header,
    survive,
    truncations,
)
from icon_files import (
    BITS_FRAME,
    FILES,
    RGB_FRAME,
    RGB_PCX,
    RGBA_FRAME,
    dcx,
    dib,
    icns,
    icon,
    pcx,
    psd,
    psd_layer,
    tga,
)
from PIL import Image, ImageFile


@pytest.mark.parametrize("tolerant", [False, True], ids=["strict", "tolerant"])
@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str, tolerant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    format, data = FILES[name]
    assert survive(data, [format]) == "ok"
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    with Bounds(seconds=60, megabytes=100):
        outcomes = outcomes_of(truncations(data), [format])
        assert outcomes["UnidentifiedImageError"] > 0
        outcomes += outcomes_of(changes_at_start(data, 1100), [format])
    assert len(outcomes) > 1


LIES = {
    "pcx without pixels": pcx(8, 3, b"", (9999, 9999)),
    "pcx of runs of nothing": pcx(8, 1, b"\xc0\0" * 50_000, (9999, 9999)),
    "pcx that ends before it starts": pcx(8, 1, b"", (-4, -5)),
    "dcx that holds itself": dcx(dcx(RGB_PCX)),
    "dcx of frames that are not there": dcx(RGB_PCX, offset=2**31),
    "dcx without frames": dcx(),
    "psd without planes": psd(3, 3, b"\0\0", (9999, 9999)),
    "psd with a table that is not there": psd(3, 3, b"\0\1", (2**31, 2**31)),
    "psd of an impossible size": psd(3, 3, b"\0\0", (2**32 - 1, 2**32 - 1)),
    "psd with colours that are not there": psd(2, 1, b"")[:26] + b"\xff" * 4,
    "psd with resources that are not there": psd(3, 3, b"")[:30] + b"\xff" * 4,
    "psd with a long resource": psd(3, 3, b"", resources=b"8BIM\0\1\0\0" + b"\xff" * 4),
    "psd with layers that are not there": psd(3, 3, b"")[:34] + b"\xff" * 8,
    "icns of 4 GB": b"icns\xff\xff\xff\xff",
    "icns with a block of 4 GB": b"icns\0\0\1\0icp4\xff\xff\xff\xff\xff\x4f\xff\x51".ljust(
        256, b"\0"
    ),
    "icns with a block of nothing": icns((b"is32", b"")) + b"TOC \0\0\0\0" * 2,
    "icns with a mask only": icns((b"s8mk", bytes(256))),
    "icns without blocks": icns(),
    "tga without pixels": tga(2, 32, b"", (9999, 9999)),
    "tga of runs without end": tga(11, 8, b"\x80\0", (9999, 9999)),
    "tga of pixels below a byte": tga(11, 1, b"\x7f" * 100_000, (9999, 9999)),
    "ico of 65535 images": b"\0\0\1\0\xff\xff",
    "ico with a mask that is not there": icon(1, ((1, 1), 24, dib((9999, 9999), 24, b""))),
    "ico with alpha that is not there": icon(1, ((1, 1), 32, dib((9999, 9999), 32, b""))),
    "ico with a mask before the file": icon(1, ((1, 1), 0, b"")) + dib((99, 9), 24, bytes(9000)),
    "cur of 65535 images": b"\0\0\2\0\xff\xff",
    "cur without pixels": icon(2, ((1, 1), 1, dib((9999, 4999), 1, b"", bytes(4) + b"\xff" * 4))),
    "tga with a map that is not there": tga(1, 8, b"", colour_map=(65535, 65535, 32, b"")),
}


@pytest.mark.parametrize("name", LIES)
def test_lying_sizes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10**8)
    with Bounds(seconds=10, megabytes=20), pytest.raises(DOCUMENTED):
        opened(LIES[name]).load()


@pytest.mark.parametrize("extension", [1, 10**6, 2**32 - 1])
def test_tga_extension_that_is_not_there(extension: int) -> None:
    data = FILES["opaque.tga"][1]
    im = opened(data[:-26] + extension.to_bytes(4, "little") + data[-22:])
    with Bounds(seconds=2, megabytes=2):
        assert im.getpixel((0, 0)) == (14, 13, 12, 15 if extension != 1 else 255)


def test_ico_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first image is small, the other one is not what the directory says.
    bomb = (1, 1), 1, dib((9999, 9999), 1, b"", bytes(4) + b"\xff" * 4)
    im = opened(icon(1, RGBA_FRAME, bomb))
    assert im.size == (2, 1)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10**6)
    im.size = (1, 1)
    with pytest.raises(Image.DecompressionBombError), Bounds(seconds=2, megabytes=2):
        im.load()
    with pytest.raises(Image.DecompressionBombError):
        opened(icon(1, bomb))
    with pytest.raises(Image.DecompressionBombError):
        opened(icon(2, bomb))


def test_ico_images_of_one_size_that_is_wrong() -> None:
    # Pillow fails with an IndexError here: there are more images than sizes.
    im = opened(icon(1, RGB_FRAME, RGB_FRAME, RGB_FRAME, ((1, 1), 1, BITS_FRAME[2])))
    im.size = (1, 1)
    with pytest.warns(UserWarning, match="expected size"), pytest.raises(SyntaxError):
        im.load()


def test_dcx_bomb_in_seek(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10**6)
    im = opened(dcx(RGB_PCX, pcx(8, 3, b"", (9999, 9999))))
    with Bounds(seconds=2, megabytes=2):
        with pytest.raises(Image.DecompressionBombError):
            im.seek(1)
        # What was refused is not decoded afterwards either.
        with pytest.raises(OSError, match="cannot load"):
            im.load()


def test_dcx_of_the_same_frame_many_times() -> None:
    data = struct.pack("<1026L", 0x3ADE68B1, *[4 * 1026] * 1024, 0) + RGB_PCX
    with Bounds(seconds=10, megabytes=5):
        im = opened(data)
        assert im.n_frames == 1024
        im.seek(1023)
        assert im.getpixel((0, 0)) == (97, 98, 255)


@pytest.mark.parametrize("field", range(2, 60))
@pytest.mark.parametrize("value", [0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
def test_psd_layers_that_lie(field: int, value: int) -> None:
    layers = struct.pack(">h", 1) + psd_layer((0, 0, 1, 1), (0, 1, 2), b"a") + bytes(12)
    lying = layers[:field] + struct.pack(">L", value) + layers[field + 4 :]
    with Bounds(seconds=5, megabytes=5):
        assert survive(psd(3, 3, b"\0\0rrggbb", layers=lying), ["PSD"]) in (
            "ok", "OSError", "SyntaxError", "ValueError",
        )  # fmt: skip


def test_psd_many_layers_of_nothing() -> None:
    count = 32767
    head = psd_layer((0, 0, 0, 0), (), b"")
    with Bounds(seconds=20, megabytes=60):
        im = opened(psd(3, 3, b"\0\0rrggbb", layers=struct.pack(">h", count) + head * count))
        assert im.n_frames == count
        im.seek(count)
        with pytest.raises(OSError, match="cannot load"):
            im.load()


def test_psd_many_layers_that_are_not_there() -> None:
    im = opened(psd(3, 3, b"\0\0rrggbb", layers=struct.pack(">h", -32768) + bytes(99)))
    with pytest.raises(SyntaxError, match="too short for number of layers"):
        _ = im.layers


def test_icns_bomb() -> None:
    # Its size is that of the block's kind until the image in it is opened.
    head = png_header(65535, 65535, 8, 0)
    im = opened(icns((b"icp4", png(head, b"\0"))))
    assert im.size == (16, 16)
    with pytest.raises(Image.DecompressionBombError), Bounds(seconds=2, megabytes=5):
        im.load()


def test_icns_many_blocks() -> None:
    count = 30_000
    data = b"icns\x7f\xff\xff\xff" + b"is32\0\0\0\1" * count
    with Bounds(seconds=20, megabytes=5), pytest.raises(DOCUMENTED):
        opened(data)
