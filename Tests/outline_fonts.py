"""Outline fonts (TrueType, OpenType) taken apart and put together, for the tests of fonts."""

from __future__ import annotations

import struct

from PIL import ImageFont

Tables = dict[bytes, bytes]


def aileron() -> bytes:
    """The face that ships with the package."""
    font = ImageFont.load_default(10)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font.font_bytes


def directory(data: bytes) -> list[tuple[bytes, int, int]]:
    """Tag, offset and length of every table."""
    count = struct.unpack_from(">H", data, 4)[0]
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * i) for i in range(count))
    return [(tag, offset, length) for tag, _, offset, length in entries]


def tables(data: bytes) -> Tables:
    return {tag: data[start : start + length] for tag, start, length in directory(data)}


def assemble(parts: Tables) -> bytes:
    """A TrueType file of tables. Checksums are 0: FreeType does not look at them."""
    head = struct.pack(">IHHHH", 0x00010000, len(parts), 0, 0, 0)
    entries, body = b"", b""
    start = len(head) + 16 * len(parts)
    for tag, content in sorted(parts.items()):
        entries += struct.pack(">4sIII", tag, 0, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return head + entries + body


def name_table(records: list[tuple[int, bytes]]) -> bytes:
    """Ids and texts, for Windows in English."""
    entries, strings = b"", b""
    for number, text in records:
        entries += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(text), len(strings))
        strings += text
    return struct.pack(">HHH", 0, len(records), 6 + len(entries)) + entries + strings


def overlapping_names(count: int, length: int) -> bytes:
    """Records with different ids that all show the same bytes."""
    entries = b"".join(
        struct.pack(">HHHHHH", 3, 1, 0x409, 256 + i, length, 0) for i in range(count)
    )
    return struct.pack(">HHH", 0, count, 6 + len(entries)) + entries + b"x" * length


def fvar_table(styles: list[tuple[int, int]]) -> bytes:
    """One axis from 100 to 900, named by record 256; styles by name id and coordinate."""
    axis = struct.pack(">4siiiHH", b"wght", 100 << 16, 400 << 16, 900 << 16, 0, 256)
    made = b"".join(struct.pack(">HHi", number, 0, at << 16) for number, at in styles)
    head = struct.pack(">HHHHHHHH", 1, 0, 16, 2, 1, 20, len(styles), 8)
    return head + axis + made


def gvar_table(glyphs: int) -> bytes:
    """No glyph varies."""
    offsets = bytes(2 * (glyphs + 1))
    head = struct.pack(">HHHHIHHI", 1, 0, 1, 0, 20 + len(offsets), glyphs, 0, 20 + len(offsets))
    return head + offsets


def variable(names: bytes, styles: list[tuple[int, int]]) -> bytes:
    """Aileron with an axis that changes nothing."""
    parts = tables(aileron())
    parts[b"name"] = names
    parts[b"fvar"] = fvar_table(styles)
    parts[b"gvar"] = gvar_table(struct.unpack_from(">H", parts[b"maxp"], 4)[0])
    return assemble(parts)
