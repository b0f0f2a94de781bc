"""Small bitmap fonts put together by hand: BDF and PCF. Standard library only, so that the areas
of the differential test can use it under any interpreter."""

from __future__ import annotations

import random
import struct
from collections.abc import Mapping
from typing import NamedTuple

PROPERTIES, METRICS, BITMAPS, ENCODINGS = 1, 4, 8, 32
TABLES = (PROPERTIES, METRICS, BITMAPS, ENCODINGS)
BIG_ENDIAN, HIGH_BIT_FIRST, COMPRESSED = 4, 8, 0x100


class Glyph(NamedTuple):
    code: int
    size: tuple[int, int]
    #: From the pen on the baseline to the lower left corner.
    corner: tuple[int, int]
    step: int
    rows: list[bytes]  # most significant bit left, ceil(width / 8) bytes each


def random_glyph(rng: random.Random, code: int, largest: int = 20) -> Glyph:
    width, height = rng.randint(1, largest), rng.randint(1, largest)
    rows = [rng.randbytes((width + 7) // 8) for _ in range(height)]
    corner = (rng.randint(0, 5), rng.randint(-height, 3))
    return Glyph(code, (width, height), corner, rng.randint(0, 25), rows)


def bdf(glyphs: list[Glyph], end: str = "\n", changes: Mapping[str, str] | None = None) -> bytes:
    """:param changes: replacements of the values of properties, or None to leave them out"""
    lines = ["STARTFONT 2.1", "FONT test", "SIZE 8 75 75", "STARTPROPERTIES 1", "COPYRIGHT none"]
    lines += ["ENDPROPERTIES", f"CHARS {len(glyphs)}"]
    for glyph in glyphs:
        values = {
            "ENCODING": str(glyph.code),
            "SWIDTH": "500 0",
            "DWIDTH": f"{glyph.step} 0",
            "BBX": " ".join(map(str, (*glyph.size, *glyph.corner))),
        } | dict(changes or {})
        lines.append(f"STARTCHAR char{glyph.code}")
        lines += [f"{key} {value}" for key, value in values.items() if value != "missing"]
        lines += ["BITMAP", *(row.hex().upper() for row in glyph.rows), "ENDCHAR"]
    return end.join([*lines, "ENDFONT", ""]).encode("latin-1")


def pcf_properties(values: Mapping[str, str | int], order: str = "<") -> bytes:
    entries, texts = b"", b""
    for name, value in values.items():
        at = len(texts)
        texts += name.encode() + b"\0"
        if isinstance(value, str):
            entries += struct.pack(order + "LBL", at, 1, len(texts))
            texts += value.encode() + b"\0"
        else:
            entries += struct.pack(order + "LBl", at, 0, value)
    padding = b"\0" * (-len(values) % 4)
    count, size = (struct.pack(order + "L", n) for n in (len(values), len(texts)))
    return count + entries + padding + size + texts


def pcf_metrics(glyphs: list[Glyph], order: str = "<", compressed: bool = False) -> bytes:
    body = struct.pack(order + ("H" if compressed else "L"), len(glyphs))
    for glyph in glyphs:
        left, bottom = glyph.corner
        values = (left, left + glyph.size[0], glyph.step, glyph.size[1] + bottom, -bottom)
        if compressed:
            body += bytes(v + 128 & 0xFF for v in values)
        else:
            body += struct.pack(order + "6H", *(v & 0xFFFF for v in values), 0)
    return body


def pcf_bitmaps(
    glyphs: list[Glyph], order: str = "<", padding: int = 0, high: bool = True
) -> bytes:
    unit = 1 << padding
    offsets, data = [], b""
    for glyph in glyphs:
        offsets.append(len(data))
        for row in glyph.rows:
            if not high:
                row = bytes(int(f"{byte:08b}"[::-1], 2) for byte in row)
            data += row + b"\0" * (-len(row) % unit)
    sizes = [len(data) if i == padding else 7 for i in range(4)]
    count = len(glyphs)
    return struct.pack(f"{order}L{count}L4L", count, *offsets, *sizes) + data


def pcf_encodings(indices: list[int], order: str = "<", first: int = 0) -> bytes:
    head = (first, first + len(indices) - 1, 0, 0, 0)
    return struct.pack(f"{order}5H{len(indices)}H", *head, *indices)


def pcf(tables: Mapping[int, tuple[int, bytes]], offsets: Mapping[int, int] | None = None) -> bytes:
    """A file of tables, kind -> (format, contents); ``offsets`` replaces those of the directory."""
    directory, data = b"", b""
    start = 8 + 16 * len(tables)
    for kind, (format, contents) in tables.items():
        at = (offsets or {}).get(kind, start + len(data))
        directory += struct.pack("<4L", kind, format, len(contents) + 4, at)
        data += struct.pack("<L", format) + contents
        data += b"\0" * (-len(data) % 4)
    return b"\1fcp" + struct.pack("<L", len(tables)) + directory + data


def pcf_tables(
    glyphs: list[Glyph],
    big: bool = False,
    padding: int = 0,
    high: bool = True,
    compressed: bool = False,
    characters: int = 256,
) -> dict[int, tuple[int, bytes]]:
    """The tables of a font; glyphs stand in the order given. ``characters`` is the map's size."""
    order = ">" if big else "<"
    format = BIG_ENDIAN * big
    indices = [0xFFFF] * characters
    for index, glyph in enumerate(glyphs):
        indices[glyph.code] = index
    properties = pcf_properties({"FONT": "-test-", "PIXEL_SIZE": 20, "LOW": -1}, order)
    return {
        PROPERTIES: (format, properties),
        METRICS: (
            format | COMPRESSED * compressed,
            pcf_metrics(glyphs, order, compressed),
        ),
        BITMAPS: (
            format | padding | HIGH_BIT_FIRST * high,
            pcf_bitmaps(glyphs, order, padding, high),
        ),
        ENCODINGS: (format, pcf_encodings(indices, order)),
    }
