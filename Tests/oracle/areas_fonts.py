"""Bitmap fonts: BDF and PCF files, whole and damaged, and the files made of them."""

from __future__ import annotations

import io
import os
import random
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common import Area, Case

from PIL import BdfFontFile, FontFile, Image, PcfFontFile

sys.path.append(str(Path(__file__).parents[1]))
import bitmap_fonts

#: What Pillow lets out where a font is broken; this build raises OSError or ValueError instead.
BROKEN = (OSError, ValueError, KeyError, IndexError, OverflowError, struct.error)


def written(font: FontFile.FontFile) -> Any:
    """The files made of a font."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "font.pil")
        font.save(name)
        with open(name, "rb") as metrics, Image.open(os.path.join(folder, "font.pbm")) as sheet:
            return metrics.read(), sheet.format, sheet.mode, sheet.size, sheet.tobytes()


def read(reader: Any, data: bytes, *args: str) -> Any:
    try:
        font = reader(io.BytesIO(data), *args)
        glyphs = [g and (*g[:3], g[3].mode, g[3].size, g[3].tobytes()) for g in font.glyph]
        return font.info, glyphs, written(font)
    except BROKEN:
        return "broken"


def damage(rng: random.Random, data: bytes) -> bytes:
    """Cut off, or with some bytes changed."""
    if rng.random() < 0.3:
        return data[: rng.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(changed))
        # The first 60 bytes after the magic are where most is decided.
        if rng.random() < 0.3:
            place %= 100
        changed[place] = rng.choice((0, 1, 0x20, 0x30, 0x7F, 0x80, 0xFF, changed[place] ^ 1))
    return bytes(changed)


def glyphs(rng: random.Random) -> list[bitmap_fonts.Glyph]:
    codes = rng.sample(range(256), rng.choice((1, 3, 10, 60)))
    largest = rng.choice((3, 20, 60))
    return [bitmap_fonts.random_glyph(rng, code, largest) for code in codes]


def bdf(rng: random.Random) -> Iterator[Case]:
    values = (
        "missing", "", "1", "0 0", "-5 3 0 0", "8 8 0 0 0", "99999 99999 0 0", "x", "1_0 1", "-1",
        "300", "0 4 1 1", "4 0 -1 -1", "8 2 40000 0", "8 2 -70000 0", "9" * 5000,
    )  # fmt: skip
    while True:
        some = glyphs(rng)
        changes = {}
        if rng.random() < 0.4:
            changes[rng.choice(("BBX", "DWIDTH", "ENCODING", "SWIDTH"))] = rng.choice(values)
        data = bitmap_fonts.bdf(some, rng.choice(("\n", "\r\n")), changes)
        yield f"bdf {len(some)} {changes}"[:120], lambda a=data: read(BdfFontFile.BdfFontFile, a)
        bad = damage(rng, data)
        yield f"damaged bdf {len(some)}", lambda a=bad: read(BdfFontFile.BdfFontFile, a)


def pcf(rng: random.Random) -> Iterator[Case]:
    charsets = ("iso8859-1", "iso8859-2", "cp1250", "utf-8", "utf-16", "ascii", "koi8-r", "none")
    while True:
        some = glyphs(rng)
        options: dict[str, Any] = {
            "big": rng.random() < 0.5,
            "padding": rng.randrange(4),
            "high": rng.random() < 0.5,
            "compressed": rng.random() < 0.5,
            "characters": rng.choice((256, 0x2600)),
        }
        tables = bitmap_fonts.pcf_tables(some, **options)
        data = bitmap_fonts.pcf(tables)
        charset = rng.choice(charsets)
        yield (
            f"pcf {len(some)} {options} {charset}",
            lambda a=(data, charset): read(PcfFontFile.PcfFontFile, *a),
        )
        # Damage one table, so that all of them get their share.
        kind = rng.choice(bitmap_fonts.TABLES)
        format, contents = tables[kind]
        if rng.random() < 0.2:
            format ^= 1 << rng.randrange(10)
        elif contents:
            contents = damage(rng, contents)
        bad = bitmap_fonts.pcf(tables | {kind: (format, contents)})
        if rng.random() < 0.2:
            bad = damage(rng, bad)
        yield f"damaged pcf {len(some)} {kind}", lambda a=bad: read(PcfFontFile.PcfFontFile, a)


def sheets(rng: random.Random) -> Iterator[Case]:
    def number() -> int:
        return rng.choice((0, 1, 7, 30, 300, 800, 801, -1, -3))

    def call(cells: dict[int, Any]) -> Any:
        font = FontFile.FontFile()
        for code, (step, dst, src, mode, data) in cells.items():
            font.glyph[code] = step, dst, src, Image.frombytes(mode, (40, 30), data)
        try:
            font.compile()
            bitmap = font.bitmap and (font.bitmap.size, font.bitmap.tobytes())
            return font.ysize, bitmap, getattr(font, "metrics", None), written(font)
        except BROKEN:
            return "broken", getattr(font, "ysize", None)

    while True:
        cells = {}
        for code in rng.sample(range(256), rng.randrange(12)):
            x, y = rng.choice((0, 0, 5)), rng.choice((0, 0, 3))
            src = (x, y, x + abs(number()), y + rng.choice((0, 1, 20, 30)))
            dst = tuple(number() for _ in range(4))
            mode = rng.choice(("1", "1", "L"))
            data = rng.randbytes(150 if mode == "1" else 1200)
            cells[code] = ((number(), number()), dst, src, mode, data)
        yield f"sheet of {len(cells)}", lambda a=cells: call(a)


AREAS: dict[str, tuple[Area, int]] = {
    "font BDF": (bdf, 400),
    "font PCF": (pcf, 600),
    "font sheets": (sheets, 200),
}
