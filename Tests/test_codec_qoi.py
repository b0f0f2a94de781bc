"""The QOI codecs: in pieces of any size, and with bytes that no encoder writes."""

from __future__ import annotations

import io
import random

import pytest

from PIL import Image
from PIL import _imaging as core

END = bytes(7) + b"\1"


def pixels_of(mode: str, code: bytes, count: int, piece: int) -> tuple[bytes, int]:
    """What the decoder makes of the code, given so many bytes at once; and its last answer."""
    im = Image.new(mode, (count, 1))
    decoder = core.qoi_decoder(mode)
    decoder.setimage(im.im, None)
    rest, consumed = b"", 0
    for at in range(0, len(code), piece):
        rest += code[at : at + piece]
        consumed, status = decoder.decode(rest)
        assert status == 0
        if consumed < 0:
            break
        rest = rest[consumed:]
    return im.tobytes(), consumed


def encoded(im: Image.Image, room: int) -> bytes:
    encoder = core.qoi_encoder(im.mode)
    encoder.setimage(im.im, None)
    result, status = b"", 0
    while status == 0:
        count, status, data = encoder.encode(room)
        assert count == len(data) <= room
        result += data
    assert status == 1
    return result


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("seed", range(8))
def test_any_bytes(mode: str, seed: int) -> None:
    """Every byte begins an operation, so that any bytes are pixels; pieces make no difference."""
    code = random.Random(seed).randbytes(400)
    whole, consumed = pixels_of(mode, code, 50, len(code))
    assert consumed == -1
    for piece in (1, 2, 3, 7):
        assert pixels_of(mode, code, 50, piece) == (whole, -1)


@pytest.mark.parametrize("room", [1, 2, 5, 13, 1000])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_any_room(mode: str, room: int) -> None:
    rnd = random.Random(room)
    colours = [rnd.randbytes(len(mode)) for _ in range(5)]
    data = b"".join(colour * rnd.choice((1, 2, 90)) for colour in rnd.choices(colours, k=60))
    im = Image.frombytes(mode, (30, 40), data[: 1200 * len(mode)].ljust(1200 * len(mode), b"\7"))
    code = encoded(im, room)
    assert code == encoded(im, 1 << 16)
    assert code.endswith(END)
    file = io.BytesIO()
    im.save(file, "QOI")
    assert file.getvalue()[14:] == code
    file.seek(0)
    assert Image.open(file).tobytes() == im.tobytes()


def test_worst_case_of_a_row() -> None:
    """Five bytes a pixel, behind a run of the row before."""
    width = 300
    rnd = random.Random(5)
    noise = b"".join(bytes((*rnd.randbytes(3), i % 251)) for i in range(width))
    im = Image.frombytes("RGBA", (width, 2), b"\0\0\0\xff" * width + noise)
    code = encoded(im, 1 << 16)
    runs = [61] * (width // 62) + [width % 62 - 1]
    assert code[: len(runs)] == bytes(0xC0 | run for run in runs)
    assert len(code) == len(runs) + 5 * width + len(END)


def test_run_beyond_the_end() -> None:
    assert pixels_of("RGB", b"\xfe\1\2\3\xfd", 5, 9) == (b"\1\2\3" * 5, -1)


def test_alpha_of_a_file_with_three_channels() -> None:
    # Alpha is known to the operations, if not to the image: it decides in which slot a pixel is.
    code = b"\xff\1\2\3\4" + b"\xfe\4\5\6" + bytes(((1 * 3 + 2 * 5 + 3 * 7 + 4 * 11) % 64,))
    assert pixels_of("RGB", code, 3, 99) == (b"\1\2\3\4\5\6\1\2\3", -1)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_truncation(mode: str) -> None:
    im = Image.frombytes(mode, (6, 5), random.Random(3).randbytes(30 * len(mode)))
    file = io.BytesIO()
    im.save(file, "QOI")
    data = file.getvalue()
    pixels = len(data) - len(END)
    for size in range(14, len(data)):
        short = Image.open(io.BytesIO(data[:size]))
        if size >= pixels:
            assert short.tobytes() == im.tobytes()
        else:
            with pytest.raises(ValueError, match="not enough image data"):
                short.load()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "RGBX", "F", ""])
def test_other_modes(mode: str) -> None:
    with pytest.raises(ValueError, match=r"raw mode|packer"):
        core.qoi_decoder(mode)
    with pytest.raises(ValueError, match=r"raw mode|packer"):
        core.qoi_encoder(mode)
