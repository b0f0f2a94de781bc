"""What the areas share: random images, and a canonical form of results.

Imported by ``worker.py`` under both interpreters; uses only the public API of Pillow, and draws all
random numbers from the generator given, so both sides see the same inputs.
"""

from __future__ import annotations

import hashlib
import math
import os
import random
import struct
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

#: An area yields these: a description for people, and what to call.
Case = tuple[str, Callable[[], Any]]
Area = Callable[[random.Random], Iterator[Case]]

MODES = (
    "1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB",
    "I", "F", "I;16", "I;16L", "I;16B", "I;16N",
)  # fmt: skip
BYTE_MODES = MODES[:14]
FILTERS = tuple(Image.Resampling)
#: Raw modes that show the pad byte of three-band modes.
PAD_RAWMODES = {"RGB": "RGBX", "YCbCr": "YCbCrX"}


def sample_files(*patterns: str) -> list[Path]:
    """Files among the images of Pillow's published tests (compare.py's ``--tests``), sorted."""
    folder = os.environ.get("PILLOW_TESTS")
    if not folder:
        return []
    images = Path(folder, "Tests", "images")
    return sorted(path for pattern in patterns for path in images.glob(pattern))


def bytes_of_row(mode: str, width: int) -> int:
    if mode == "1":
        return (width + 7) // 8
    if mode in ("I", "F"):
        return 4 * width
    return width * (2 if mode.startswith("I;") else len(Image.getmodebands(mode) * "x"))


def contents(rng: random.Random, mode: str, size: tuple[int, int]) -> bytes:
    """Bytes of an image: noise, few values, extremes, or a smooth ramp."""
    count = bytes_of_row(mode, size[0]) * size[1]
    if mode == "F":
        kind = rng.randrange(4)
        scale = (1.0, 255.0, 1e-6, 1e6)[kind]
        values = [rng.uniform(-scale / 4, scale) for _ in range(count // 4)]
        return struct.pack(f"={len(values)}f", *values)
    if mode == "I":
        span = rng.choice((255, 65535, 2**31 - 1))
        return struct.pack(
            f"={count // 4}i", *(rng.randint(-span, span) for _ in range(count // 4))
        )
    kind = rng.randrange(5)
    if kind == 0:
        return bytes(rng.choice((0, 255)) for _ in range(count))
    if kind == 1:
        values = [rng.randrange(256) for _ in range(3)]
        return bytes(rng.choice(values) for _ in range(count))
    if kind == 2:
        step, start = rng.randrange(1, 9), rng.randrange(256)
        return bytes((start + i * step // 4) & 255 for i in range(count))
    return rng.randbytes(count)


def image(rng: random.Random, mode: str, size: tuple[int, int]) -> Image.Image:
    im = Image.frombytes(mode, size, contents(rng, mode, size))
    if mode in ("P", "PA"):
        im.putpalette(rng.randbytes(3 * rng.choice((1, 2, 16, 100, 256))))
        im.load()
    return im


def some_size(rng: random.Random, largest: int = 40) -> tuple[int, int]:
    """Mostly small and odd, sometimes a single row, column or pixel."""
    pick = rng.randrange(10)
    if pick == 0:
        return (1, rng.randint(1, largest))
    if pick == 1:
        return (rng.randint(1, largest), 1)
    return (rng.randint(1, largest), rng.randint(1, largest))


def canonical(value: Any) -> Any:
    """A value that is equal on both sides exactly if the results are."""
    if isinstance(value, Image.Image):
        pad = PAD_RAWMODES.get(value.mode)
        pixels = value.tobytes("raw", pad) if pad else value.tobytes()
        palette = value.getpalette(None) if value.mode in ("P", "PA") else None
        info = sorted((str(k), repr(v)) for k, v in value.info.items())
        return ("image", value.mode, value.size, hashlib.sha1(pixels).hexdigest(), palette, info)
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value.hex()
    if isinstance(value, dict):
        return sorted((str(k), canonical(v)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return [canonical(v) for v in value]
    if isinstance(value, (bytes, bytearray)):
        return hashlib.sha1(bytes(value)).hexdigest()
    return repr(value)


def outcome(call: Callable[[], Any]) -> str:
    """The result of a call, or the type of its exception, with the categories of its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(canonical(call()))
        except Exception as error:
            result = f"raises {type(error).__name__}"
    seen = sorted(w.category.__name__ for w in caught if w.category is not ResourceWarning)
    return f"{result} {seen}" if seen else result
