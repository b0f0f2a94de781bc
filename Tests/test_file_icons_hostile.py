"""TGA, PCX, DCX, PSD and icons: damaged and lying files end well, in bounded time and memory."""

from __future__ import annotations

import collections

import pytest

from filemakers import DOCUMENTED, Bounds, changes, opened, survive, truncations
from icon_files import FILES, tga
from PIL import Image, ImageFile


@pytest.mark.parametrize("tolerant", [False, True], ids=["strict", "tolerant"])
@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str, tolerant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    format, data = FILES[name]
    assert survive(data, [format]) == "ok"
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    outcomes: collections.Counter[str] = collections.Counter()
    with Bounds(seconds=60, megabytes=100):
        for damaged in truncations(data):
            outcomes[survive(damaged, [format])] += 1
        assert outcomes["UnidentifiedImageError"] > 0
        for damaged in changes(data[:1100]):
            outcomes[survive(damaged + data[1100:], [format])] += 1
    assert len(outcomes) > 1


LIES = {
    "tga without pixels": tga(2, 32, b"", (9999, 9999)),
    "tga of runs without end": tga(11, 8, b"\x80\0", (9999, 9999)),
    "tga of pixels below a byte": tga(11, 1, b"\x7f" * 100_000, (9999, 9999)),
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
