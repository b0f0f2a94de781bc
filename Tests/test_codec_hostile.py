"""Decoders on damaged, truncated and random data: a status, never a crash, bounded work.

Runs in a limited address space, so that an allocation which the size of the image does not
justify fails the test. Under AddressSanitizer (see Makefile) the limit is left out.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import zlib
from typing import Any

import pytest

from PIL import _imaging as core

STATUSES = {0, -1, -2, -3, -8, -9}
ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "150"))


def noise(mode: str, size: tuple[int, int], rnd: random.Random) -> Any:
    im = core.new(mode, size)
    decoder = core.raw_decoder(mode, mode)
    decoder.setimage(im, None)
    decoder.decode(rnd.randbytes(size[0] * size[1] * 4))
    return im


def encoded(encoder: Any, im: Any) -> bytes:
    encoder.setimage(im, None)
    return bytes(encoder.encode(1 << 22)[2])


def damaged(data: bytes, rnd: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rnd.randrange(1, 8)):
        if not out:
            break
        kind, at = rnd.randrange(4), rnd.randrange(len(out))
        if kind == 0:
            out[at] = rnd.randrange(256)
        elif kind == 1:
            out[at] ^= 1 << rnd.randrange(8)
        elif kind == 2:
            out[at : at + rnd.randrange(9)] = rnd.randbytes(rnd.randrange(9))
        else:
            del out[max(1, at) :]
    return bytes(out)


def feed(decoder: Any, im: Any, extents: Any, data: bytes, rnd: random.Random) -> None:
    decoder.setimage(im, extents)
    waiting = b""
    while data:
        n = rnd.choice((1, 7, 100, len(data)))
        waiting, data = waiting + data[:n], data[n:]
        consumed, status = decoder.decode(waiting)
        assert status in STATUSES
        if consumed < 0:
            decoder.decode(waiting)  # a call too many
            break
        assert consumed <= len(waiting)
        waiting = waiting[consumed:]
    decoder.cleanup()
    decoder.decode(b"late")


def zip_case(rnd: random.Random) -> tuple[Any, str, bytes]:
    mode, raw = rnd.choice(
        [("1", "1"), ("L", "L;2"), ("L", "L"), ("P", "P;4"), ("RGB", "RGB"), ("RGB", "RGB;16B"),
         ("RGBA", "LA;16B"), ("RGBA", "RGBA"), ("RGBA", "RGBA;16B"), ("I;16", "I;16B")]
    )  # fmt: skip
    rows = bytes(rnd.choice((0, 1, 2, 3, 4, rnd.randrange(256))) for _ in range(3000))
    return (
        core.zip_decoder(mode, raw, rnd.randrange(2)),
        mode,
        zlib.compress(rows, rnd.randrange(10)),
    )


def jpeg_case(rnd: random.Random) -> tuple[Any, str, bytes]:
    mode, raw = rnd.choice([("RGB", "RGB"), ("L", "L"), ("CMYK", "CMYK;I"), ("YCbCr", "YCbCr")])
    im = noise(mode, (rnd.randrange(1, 40), rnd.randrange(1, 40)), rnd)
    options = 50, rnd.random() < 0.5, 0, rnd.random() < 0.5
    decoder = core.jpeg_decoder(mode, raw, "", rnd.choice((1, 2, 8)), rnd.randrange(2))
    return decoder, mode, encoded(core.jpeg_encoder(mode, raw, *options), im)


def simple_case(rnd: random.Random) -> tuple[Any, str, bytes]:
    data = rnd.randbytes(2000)
    text = bytes(rnd.choice(b"0123456789abcdefABCDEFx ,\ng") for _ in range(2000))
    mode, raw = rnd.choice([("L", "L"), ("P", "P;2L"), ("RGB", "RGB;L"), ("1", "1;R")])
    return rnd.choice(
        [
            (core.packbits_decoder(mode, raw), mode, data),
            (core.hex_decoder(mode, raw), mode, text),
            (core.xbm_decoder("1"), "1", text),
            (
                core.bit_decoder(
                    "F", rnd.randrange(-2, 36), rnd.choice((0, 8)), rnd.randrange(-1, 5),
                    rnd.randrange(2), rnd.choice((-1, 1)),
                ),
                "F",
                data,
            ),
            (core.raw_decoder(mode, raw, rnd.choice((0, -5, 3, 500, 2**31 - 1)), -1), mode, data),
        ]
    )  # fmt: skip


def runs_case(rnd: random.Random) -> tuple[Any, str, bytes]:
    controls = (0, 1, 0x7F, 0x80, 0x81, 0xC0, 0xC2, 0xFF)
    data = b"".join(
        bytes((rnd.choice(controls),)) + rnd.randbytes(rnd.randrange(9)) for _ in range(300)
    )
    mode, raw = rnd.choice(
        [("1", "1"), ("L", "L"), ("LA", "LA"), ("P", "P;4L"), ("RGB", "RGB;L"), ("RGBA", "BGRA")]
    )
    number = rnd.choice((0, 1, 8, 16, 24, 32, 40, 200, -5, 2**31 - 1))
    decoders = (
        core.tga_rle_decoder(mode, raw, rnd.choice((1, -1)), number),
        core.pcx_decoder(mode, raw, min(number, 5000)),
    )
    return rnd.choice(decoders), mode, data


def bcn_case(rnd: random.Random) -> tuple[Any, str, bytes]:
    number = rnd.randrange(1, 8)
    mode = {4: "L", 5: "RGB", 6: "RGB"}.get(number, "RGBA")
    return (
        core.bcn_decoder(mode, number, rnd.choice(("", "BC5S", "BC6HS"))),
        mode,
        rnd.randbytes(2000),
    )


CASES = {
    "zip": zip_case,
    "jpeg": jpeg_case,
    "simple": simple_case,
    "runs": runs_case,
    "bcn": bcn_case,
}


@pytest.mark.parametrize("name", CASES)
def test_damaged_data(name: str) -> None:
    rnd = random.Random(int(os.environ.get("HOSTILE_SEED", "1")))
    for _ in range(ROUNDS):
        decoder, mode, data = CASES[name](rnd)
        size = rnd.randrange(1, 50), rnd.randrange(1, 50)
        extents = rnd.choice((None, (0, 0, *size), (size[0] // 2, size[1] // 2, *size)))
        kind = rnd.random()
        data = data if kind < 0.1 else rnd.randbytes(500) if kind < 0.2 else damaged(data, rnd)
        feed(decoder, core.new(mode, size), extents, data, rnd)


SCRIPT = """
import resource, zlib
from PIL import _imaging as core
with open("/proc/self/statm") as f:  # free-threaded Pythons reserve address space by the GiB
    limit = int(f.read().split()[0]) * resource.getpagesize() + (1 << 30)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

# A huge interlaced or 16-bit image with few data: no buffer for all rows is made.
im = core.new("RGBA", (12000, 12000))
for interlaced in (0, 1):
    decoder = core.zip_decoder("RGBA", "RGBA;16B", interlaced)
    decoder.setimage(im, None)
    n, status = decoder.decode(zlib.compress(bytes(1000)))
    assert n > 0 and status == 0
    decoder.cleanup()

# Zeros that inflate to far more than the image needs.
im = core.new("L", (10, 10))
decoder = core.zip_decoder("L", "L", 0)
decoder.setimage(im, None)
assert decoder.decode(zlib.compress(bytes(100_000_000))) == (-1, 0)

# A JPEG header that claims 65500 x 65500 pixels for a small rectangle.
encoder = core.jpeg_encoder("RGB", "RGB", 75, True)
encoder.setimage(core.new("RGB", (16, 16)), None)
data = bytearray(encoder.encode(65536)[2])
frame = data.index(b"\\xff\\xc2") + 5
data[frame : frame + 4] = (65500).to_bytes(2, "big") * 2
decoder = core.jpeg_decoder("RGB", "RGB", "", 1, 0)
decoder.setimage(core.new("RGB", (16, 16)), None)
assert decoder.decode(bytes(data)) == (-1, -2)
print("fine")
"""


@pytest.mark.skipif(
    "asan" in os.environ.get("LD_PRELOAD", ""), reason="ASan maps 20 TB"
)
def test_memory_is_bounded() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=env, check=False
    )
    assert (done.stdout, done.returncode) == ("fine\n", 0), done.stderr
