"""JPEG: colour spaces, sizes, feeding in pieces, options, faults."""

from __future__ import annotations

import io
from typing import Any

import pytest

from PIL import Image, JpegImagePlugin
from PIL import _imaging as core


def memory(im: Any, mode: str) -> bytes:
    encoder = core.raw_encoder(mode, mode)
    encoder.setimage(im, None)
    return bytes(encoder.encode(1 << 24)[2])


def picture(mode: str, size: tuple[int, int]) -> Any:
    bands = {"RGB": 3, "YCbCr": 3, "RGBX": 4, "CMYK": 4}.get(mode, 1)
    im = core.new(mode, size)
    decoder = core.raw_decoder(mode, mode)
    decoder.setimage(im, None)
    ramp = [128 + abs(x % 120 - 60) for x in range(size[0])]  # no jumps
    data = bytes(ramp[i // bands % size[0]] for i in range(size[0] * size[1] * bands))
    assert decoder.decode(data) == (-1, 0)
    return im


def encode(im: Any, mode: str, raw: str, *options: Any, bufsize: int = 65536) -> bytes:
    encoder = core.jpeg_encoder(mode, raw, *options)
    encoder.setimage(im, None)
    out, status = b"", 0
    while status == 0:
        n, status, data = encoder.encode(bufsize)
        assert n == len(data)
        out += data
    assert status == 1
    return out


def decode(
    data: bytes, mode: str, raw: str, size: tuple[int, int], step: int = 0, scale: int = 1
) -> tuple[int, Any]:
    im = core.new(mode, size)
    decoder = core.jpeg_decoder(mode, raw, "", scale, 0)
    decoder.setimage(im, None)
    waiting, step = b"", step or len(data) + 1
    for start in range(0, len(data), step):
        waiting += data[start : start + step]
        n, status = decoder.decode(waiting)
        if n < 0:
            assert decoder.decode(b"more") == (-1, status)
            return status, im
        waiting = waiting[n:]
    return 1, im


def near(a: bytes, b: bytes, most: int) -> bool:
    return len(a) == len(b) and max(abs(x - y) for x, y in zip(a, b, strict=True)) <= most


@pytest.mark.parametrize(
    ("mode", "raw"), [("L", "L"), ("RGB", "RGB"), ("YCbCr", "YCbCr"), ("CMYK", "CMYK;I")]
)
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (37, 21), (200, 3)])
@pytest.mark.parametrize("options", [(95,), (95, True), (95, False, 0, True)])
def test_round_trip(mode: str, raw: str, size: tuple[int, int], options: tuple[Any, ...]) -> None:
    im = picture(mode, size)
    data = encode(im, mode, raw, *options)
    assert encode(im, mode, raw, *options, bufsize=33) == data
    whole = decode(data, mode, raw, size)
    assert whole[0] == 0
    # 95 keeps the steps of this gentle ramp: quantisation errors stay below 9.
    assert near(memory(whole[1], mode), memory(im, mode), 8)
    for step in (10, 101):
        status, pieces = decode(data, mode, raw, size, step=step)
        assert status == 0
        assert memory(pieces, mode) == memory(whole[1], mode)


def test_fourth_byte_is_opaque() -> None:
    status, im = decode(encode(picture("RGB", (40, 9)), "RGB", "RGB"), "RGB", "RGB", (40, 9))
    encoder = core.raw_encoder("RGB", "RGBX")
    encoder.setimage(im, None)
    assert status == 0
    assert set(encoder.encode(9999)[2][3::4]) == {255}


@pytest.mark.parametrize("scale", [1, 2, 4, 8])
def test_scale(scale: int) -> None:
    data = encode(picture("RGB", (101, 67)), "RGB", "RGB", 90)
    size = (-(-101 // scale), -(-67 // scale))
    assert decode(data, "RGB", "RGB", size, scale=scale)[0] == 0
    # A frame wider than the rectangle is refused before any row is written.
    assert decode(data, "RGB", "RGB", (size[0] - 1, size[1]), scale=scale)[0] == -2


def test_rows_of_other_samples_are_refused() -> None:
    data = encode(picture("RGB", (16, 16)), "RGB", "RGB")
    for mode, raw in (("L", "L;I"), ("LA", "LA"), ("I;16", "I;16"), ("CMYK", "CMYK;I")):
        assert decode(data, mode, raw, (16, 16))[0] == -2


def test_truncated_and_broken() -> None:
    data = encode(picture("RGB", (64, 64)), "RGB", "RGB")
    for cut in range(0, len(data) - 2, 7):
        assert decode(data[:cut], "RGB", "RGB", (64, 64))[0] == 1
    assert decode(b"no JPEG at all", "RGB", "RGB", (64, 64))[0] == -2
    assert decode(b"\xff\xd8\xff\xd9", "RGB", "RGB", (64, 64))[0] == 1


def test_a_marker_longer_than_the_piece_is_skipped() -> None:
    data = encode(picture("L", (9, 9)), "L", "L", 75)
    long = data[:2] + b"\xff\xed\xff\xff" + bytes(65533) + data[2:]
    for step in (0, 1000):
        status, im = decode(long, "L", "L", (9, 9), step=step)
        assert status == 0
        assert memory(im, "L") == memory(decode(data, "L", "L", (9, 9))[1], "L")


def test_too_many_scans() -> None:
    """Each scan of a progressive file costs a pass over the image: there is a limit."""
    data = encode(picture("L", (16, 16)), "L", "L", 75, True)
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    assert decode(data[:start] + scan * 3 + b"\xff\xd9", "L", "L", (16, 16))[0] == 0
    assert decode(data[:start] + scan * 2000 + b"\xff\xd9", "L", "L", (16, 16))[0] == -2


@pytest.mark.parametrize("drafted", [False, True])
def test_limit_of_scans(monkeypatch: pytest.MonkeyPatch, drafted: bool) -> None:
    """It follows from the size, and can be set."""
    out = io.BytesIO()
    Image.new("L", (200, 200)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    start = data.rindex(b"\xff\xda")
    many = data[:start] + data[start:-2] * 100 + b"\xff\xd9"

    def load() -> None:
        with Image.open(io.BytesIO(many)) as im:
            if drafted:
                im.draft("L", (50, 50))
                assert im.size == (50, 50)
            im.load()
            assert im.decoderconfig == ((4, 0) if drafted else ())

    load()
    monkeypatch.setattr(JpegImagePlugin, "MAX_SCANNED_PIXELS", 200 * 200 * 99)
    with pytest.raises(OSError, match="broken data stream"):
        load()
    monkeypatch.setattr(JpegImagePlugin, "MAX_SCANNED_PIXELS", None)
    load()
    with Image.open(io.BytesIO(data)) as im:  # an honest file may always have those it needs
        monkeypatch.setattr(JpegImagePlugin, "MAX_SCANNED_PIXELS", 1)
        im.load()


def test_texts() -> None:
    im = picture("L", (8, 8))
    end = (0, 0), -1, 0, 0, None, b"comment", b"\xff\xe5\x00\x03x", b"Exif\0\0e"
    data = encode(im, "L", "L", 75, 0, 0, 0, 0, 0, *end)
    order = [data.index(part) for part in (b"JFIF", b"Exif", b"\xff\xe5", b"comment", b"\xff\xdb")]
    assert order == sorted(order)
    long = encode(im, "L", "L", 75, 0, 0, 0, 0, 0, *end[:6], b"x" * 200000, b"", bufsize=50)
    assert long.count(b"x" * 200000) == 1


@pytest.mark.parametrize(
    ("tables", "error"),
    [
        ([], ValueError), ([[1] * 64] * 5, ValueError), ([[1] * 63], ValueError), ([7], ValueError),
        ([[70000] * 64], OverflowError), ([[-1] * 64], OverflowError), ([["a"] * 64], TypeError),
    ],
)  # fmt: skip
def test_bad_tables(tables: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        core.jpeg_encoder("L", "L", 75, 0, 0, 0, 0, 0, (0, 0), -1, 0, 0, tables, None, b"", b"")


def test_limits() -> None:
    for comment, exif in ((b"x" * 65534, b""), (b"", b"x" * 65534)):
        with pytest.raises(ValueError, match="too long"):
            core.jpeg_encoder(
                "L", "L", 75, 0, 0, 0, 0, 0, (0, 0), -1, 0, 0, None, comment, b"", exif
            )
    encoder = core.jpeg_encoder("L", "L")
    encoder.setimage(core.new("L", (65501, 1)), None)
    assert encoder.encode(100)[1] == -2
    with pytest.raises(ValueError):
        core.jpeg_encoder("RGBA", "RGB")
    # 4:2:2 with stored RGB.
    encoder = core.jpeg_encoder("RGB", "RGB", 75, 0, 0, 0, 1, 0, (0, 0), 1)
    encoder.setimage(core.new("RGB", (8, 8)), None)
    assert encoder.encode(1000)[1] == -8
