"""Decoder and encoder objects: rectangles, errors, life, use by several threads."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from PIL import _imaging as core


def packed(im: Any, mode: str, raw: str) -> bytes:
    encoder = core.raw_encoder(mode, raw)
    encoder.setimage(im, None)
    return bytes(encoder.encode(1 << 24)[2])


def unpacked(mode: str, raw: str, size: tuple[int, int], data: bytes) -> Any:
    im = core.new(mode, size)
    decoder = core.raw_decoder(mode, raw)
    decoder.setimage(im, None)
    assert decoder.decode(data) == (-1, 0)
    return im


@pytest.mark.parametrize(
    "extents",
    [(-1, 0, 2, 2), (0, -1, 2, 2), (0, 0, 5, 2), (0, 0, 2, 4), (2, 0, 2, 2), (3, 0, 1, 2),
     (0, 0, 2, 0)],
)  # fmt: skip
def test_rectangle_outside(extents: tuple[int, int, int, int]) -> None:
    im = core.new("L", (4, 3))
    with pytest.raises(ValueError, match="tile cannot extend outside image"):
        core.raw_decoder("L", "L").setimage(im, extents)
    with pytest.raises(SystemError, match="tile cannot extend outside image"):
        core.raw_encoder("L", "L").setimage(im, extents)


@pytest.mark.parametrize(
    "extents", [(), (0, 0, 1), [0, 0, 1, 1], (0, 0, "1", 1), 7, (0, 0, 1.5, 1)]
)
def test_invalid_extents(extents: Any) -> None:
    for codec in (core.raw_decoder("L", "L"), core.raw_encoder("L", "L")):
        with pytest.raises(ValueError, match="invalid extents"):
            codec.setimage(core.new("L", (4, 3)), extents)


def test_empty_images() -> None:
    for size in ((0, 3), (3, 0), (0, 0)):
        with pytest.raises(ValueError, match="tile cannot extend outside image"):
            core.raw_decoder("L", "L").setimage(core.new("L", size), None)
        with pytest.raises(ValueError, match="cannot write empty image"):
            core.raw_encoder("L", "L").setimage(core.new("L", size), None)


def test_wrong_objects() -> None:
    for codec in (core.raw_decoder("L", "L"), core.raw_encoder("L", "L")):
        with pytest.raises(SystemError):
            codec.setimage("image", None)
        with pytest.raises(TypeError):
            codec.setimage()
        # Pixels of another size would be read or written beyond the rows.
        with pytest.raises(ValueError, match="wrong mode"):
            codec.setimage(core.new("RGB", (4, 3)), None)


def test_only_one_image_for_a_decoder() -> None:
    decoder = core.raw_decoder("L", "L")
    decoder.setimage(core.new("L", (1, 1)), None)
    with pytest.raises(ValueError, match="decoder already has an image"):
        decoder.setimage(core.new("L", (1, 1)), None)


def test_encoders_with_buffers_keep_their_image() -> None:
    encoder = core.zip_encoder("L", "L", False, -1, 2)
    encoder.setimage(core.new("L", (1, 1)), None)
    encoder.setimage(core.new("L", (2, 2)), None)  # nothing has begun
    encoder.encode(1)
    with pytest.raises(ValueError, match="begun"):
        encoder.setimage(core.new("L", (5000, 2)), None)


def test_work_needs_an_image() -> None:
    with pytest.raises(ValueError, match="no image"):
        core.raw_decoder("L", "L").decode(b"")
    with pytest.raises(ValueError, match="no image"):
        core.raw_encoder("L", "L").encode(10)


def test_after_cleanup() -> None:
    for name in ("raw", "zip"):
        decoder = getattr(core, f"{name}_decoder")("L", "L")
        decoder.setimage(core.new("L", (2, 2)), None)
        decoder.cleanup()
        decoder.cleanup()
        assert decoder.decode(b"abcd") == (-1, -8)
        encoder = getattr(core, f"{name}_encoder")("L", "L")
        encoder.setimage(core.new("L", (2, 2)), None)
        encoder.cleanup()
        assert encoder.encode(100) == (-1, -8, b"")


def test_the_decoder_keeps_the_pixels_alive() -> None:
    decoder = core.raw_decoder("L", "L")
    decoder.setimage(core.new("L", (1000, 1000)), None)
    assert decoder.decode(bytes(1000 * 999)) == (1000 * 999, 0)
    assert decoder.decode(bytes(1000)) == (-1, 0)


def test_rectangle() -> None:
    im = core.new("L", (4, 3))
    decoder = core.raw_decoder("L", "L")
    decoder.setimage(im, (1, 1, 3, 3))
    assert decoder.decode(bytes([1, 2, 3, 4, 5])) == (-1, 0)
    assert packed(im, "L", "L") == bytes([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0])


def test_file_descriptors(tmp_path: Path) -> None:
    im = unpacked("L", "L", (3, 2), b"abcdef")
    encoder = core.raw_encoder("L", "L")
    assert encoder.pushes_fd is False
    encoder.setfd(None)
    assert encoder.encode_to_pyfd() == (0, -8)
    encoder.setimage(im, None)
    path = tmp_path / "out"
    with path.open("wb") as f:
        assert encoder.encode_to_file(f.fileno(), 4) == 1
    assert path.read_bytes() == b"abcdef"
    encoder = core.raw_encoder("L", "L")
    encoder.setimage(im, None)
    closed = os.open(path, os.O_RDONLY)
    with pytest.raises(OSError):
        encoder.encode_to_file(closed)
    os.close(closed)
    with pytest.raises(ValueError):
        encoder.encode(-1)


def test_unknown_raw_modes() -> None:
    for mode, raw in (("RGB", "XX"), ("XX", "RGB"), ("RGB", "CMYK;I")):
        with pytest.raises(ValueError):
            core.raw_decoder(mode, raw)
        with pytest.raises(ValueError):
            core.raw_encoder(mode, raw)


def test_objects_cannot_be_made_otherwise() -> None:
    decoder = core.raw_decoder("L", "L")
    assert decoder.pulls_fd is False
    with pytest.raises(TypeError):
        type(decoder)()
    with pytest.raises(AttributeError):
        decoder.other = 1


def test_one_codec_in_many_threads() -> None:
    """A codec at work refuses other callers; it never breaks."""
    im = core.new("RGB", (2000, 400))
    decoder = core.raw_decoder("RGB", "RGB")
    decoder.setimage(im, None)
    row = bytes(6000)
    refused: list[str] = []

    def work() -> None:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            try:
                n, status = decoder.decode(row * 3)
            except RuntimeError as error:
                refused.append(str(error))
                continue
            assert (n, status) in {(18000, 0), (-1, 0)}

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(refused) <= {"codec is in use by another thread"}
    assert packed(im, "RGB", "RGB") == bytes(2000 * 400 * 3)
