"""FPX and MIC, if olefile is there: Pillow's own test files, whole and damaged."""

from __future__ import annotations

import io
import random
import warnings
from collections.abc import Iterator
from typing import Any

from common import Area, Case, sample_files

from PIL import Image


def opened(data: bytes, format: str) -> Any:
    with Image.open(io.BytesIO(data), formats=[format]) as im:
        tiles = len(im.tile)
        im.load()
        plain = {k: v for k, v in im.info.items() if isinstance(v, (str, int, float, bytes, tuple))}
        return im.mode, im.size, tiles, im.tobytes(), plain, getattr(im, "n_frames", 1)


def damaged_opened(data: bytes, format: str) -> Any:
    """All failures are one: what olefile lets out depends on where the damage is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged TIFF directories, read once or twice
            return opened(data, format)
    except Exception:
        return "fails"


def ole_files(rng: random.Random) -> Iterator[Case]:
    samples = [
        (path.name, path.read_bytes(), "MIC" if path.suffix == ".mic" else "FPX")
        for path in sample_files("*.fpx", "*.mic", "*.doc")
    ]
    for name, data, format in samples:
        yield f"open {name}", lambda a=(data, format): opened(*a)
    while samples:
        name, data, format = rng.choice(samples)
        broken = bytearray(data)
        if rng.random() < 0.2:
            del broken[rng.randrange(len(data)) :]
        else:
            for _ in range(rng.randrange(1, 3)):
                broken[rng.randrange(len(data))] = rng.choice((0, 1, 255, rng.randrange(256)))
        yield f"damaged {name}", lambda a=(bytes(broken), format): damaged_opened(*a)


AREAS: dict[str, tuple[Area, int]] = {"FPX and MIC": (ole_files, 300)}
