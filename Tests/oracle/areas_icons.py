"""TGA, PCX, DCX, PSD and icons: files put together from random headers, and the bytes written."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

from common import MODES, Area, Case, image, some_size

from PIL import Image


def everything(data: bytes, format: str, frames: int = 4) -> Any:
    """All that a file has."""
    with Image.open(io.BytesIO(data), formats=[format]) as im:
        found: list[Any] = [im.mode, im.size, getattr(im, "n_frames", 1), len(im.tile)]
        for frame in range(frames):
            if frame:
                im.seek(im.tell() + 1)
            im.load()
            found += [im.copy(), im.palette and im.palette.mode, im.tell()]
            if frame + 1 >= getattr(im, "n_frames", 1):
                break
        return found


def damage(rng: random.Random, data: bytes, share: float = 0.3) -> bytes:
    """The file, now and then cut off or with a few bytes changed."""
    kind = rng.random()
    if kind < share / 2:
        return data[: rng.randrange(len(data) + 1)]
    if kind < share and data:
        changed = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            changed[rng.randrange(len(data))] = rng.choice((0, 1, 0x7F, 0xFF, rng.randrange(256)))
        return bytes(changed)
    return data


def saved(im: Image.Image, format: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    im.save(out, format, **options)
    return out.getvalue()


def flat_image(rng: random.Random, mode: str, size: tuple[int, int]) -> Image.Image:
    """An image in which neighbours often are alike."""
    im = image(rng, mode, size)
    if rng.random() < 0.6:
        small = (max(1, size[0] // rng.randint(1, 9)), max(1, size[1] // 2))
        im = im.resize(small).resize(size, Image.Resampling.NEAREST)
    return im


def writer(rng: random.Random, format: str, options: dict[str, tuple[Any, ...]]) -> Case:
    """A case that saves a random image with some of the options."""
    im = flat_image(rng, rng.choice(MODES), some_size(rng, rng.choice((9, 40, 300))))
    if rng.random() < 0.03:
        im = Image.new(im.mode, rng.choice(((0, 0), (0, 3), (3, 0))))
    chosen = {k: rng.choice(v) for k, v in options.items() if rng.random() < 0.3}
    return f"save {format} {im.mode} {im.size} {chosen}", lambda: saved(im, format, chosen)


def tga_file(rng: random.Random) -> bytes:
    kinds = [(1, 8), (3, 1), (3, 8), (3, 16), (2, 16), (2, 24), (2, 32)]
    kind, depth = rng.choice(kinds)
    kind |= rng.choice((0, 8))
    if rng.random() < 0.2:
        kind, depth = rng.choice((0, 1, 2, 3, 4, 9, 10, 33)), rng.choice((1, 8, 15, 16, 24, 32))
    has_map = 1 if kind & 7 == 1 else rng.choice((0, 0, 0, 1, 2))
    entry = rng.choice((24, 24, 16, 32, 15))
    start, length = rng.choice((0, 0, 1, 300)), rng.choice((0, 1, 3, 255, 256, 400))
    size = (rng.randrange(0, 7), rng.randrange(1, 6))
    flags = rng.choice((0, 8, 0x10, 0x20, 0x30, 0xC0))
    id_section = rng.randbytes(rng.choice((0, 0, 5)))
    head = len(id_section), has_map, kind, start, length, entry, 0, 0, *size, depth, flags
    data = struct.pack("<3B2HB4H2B", *head)
    data += id_section + (rng.randbytes(length * (entry // 8)) if has_map else b"")
    if kind & 8:
        for _ in range(30):
            count = rng.choice((0, 1, 2, 0x80, 0x81, 0x82, 9))
            pixels = 1 if count & 0x80 else count + 1
            data += bytes((count,)) + rng.randbytes(pixels * max(depth // 8, 1))
    else:
        data += rng.randbytes(size[0] * size[1] * 4)
    if rng.random() < 0.5:
        extension = rng.choice((0, 1, len(data), 2**32 - 1))
        data += bytes((rng.choice((0, 3)),)) * rng.choice((495, 494))
        data += struct.pack("<2L", extension, 0) + rng.choice((b"T", b"x")) + b"RUEVISION-XFILE.\0"
    return damage(rng, data)


TGA_OPTIONS = {
    "rle": (True, False),
    "compression": ("tga_rle", None),
    "orientation": (1, -1),
    "id_section": (b"text", b"x" * 300, ""),
}


def reading(format: str, make: Callable[[random.Random], bytes]) -> Area:
    def area(rng: random.Random) -> Iterator[Case]:
        while True:
            data = make(rng)
            head = data[:40].hex()
            yield f"open {format} of {len(data)}: {head}", lambda a=data: everything(a, format)

    return area


def writing(format: str, options: dict[str, tuple[Any, ...]]) -> Area:
    def area(rng: random.Random) -> Iterator[Case]:
        while True:
            yield writer(rng, format, options)

    return area


AREAS: dict[str, tuple[Area, int]] = {
    "read TGA": (reading("TGA", tga_file), 800),
    "save TGA": (writing("TGA", TGA_OPTIONS), 500),
}

READING = {name for name in AREAS if name.startswith("read ")}
