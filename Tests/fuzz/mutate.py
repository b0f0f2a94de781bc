"""Damage to files, decided by a generator of random numbers."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable

# Numbers that lengths, offsets and counts go wrong at.
EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def _position(rnd: random.Random, length: int) -> int:
    """Anywhere, but half of the time within the first bytes, where headers are."""
    return rnd.randrange(min(length, rnd.choice((32, 256, length, length))))


def truncate(data: bytearray, rnd: random.Random) -> None:
    del data[_position(rnd, len(data)) :]


def change_byte(data: bytearray, rnd: random.Random) -> None:
    data[_position(rnd, len(data))] = rnd.randrange(256)


def edge_byte(data: bytearray, rnd: random.Random) -> None:
    data[_position(rnd, len(data))] = rnd.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))


def flip_bit(data: bytearray, rnd: random.Random) -> None:
    data[_position(rnd, len(data))] ^= 1 << rnd.randrange(8)


def edge_number(data: bytearray, rnd: random.Random) -> None:
    """A number of 2 or 4 bytes in either order; what the file has no room for is cut off."""
    size = rnd.choice((2, 4))
    order = rnd.choice(("little", "big"))
    number = rnd.choice(EDGES) & 256**size - 1
    at = _position(rnd, len(data))
    room = len(data) - at
    data[at : at + size] = number.to_bytes(size, order)[:room]  # type: ignore[arg-type]


def add_to_byte(data: bytearray, rnd: random.Random) -> None:
    at = _position(rnd, len(data))
    data[at] = (data[at] + rnd.choice((-2, -1, 1, 2, 4))) % 256


def copy_piece(data: bytearray, rnd: random.Random) -> None:
    start, to = rnd.randrange(len(data)), _position(rnd, len(data))
    piece = data[start : start + rnd.choice((1, 2, 4, 12, 64))]
    data[to : to + len(piece)] = piece


def insert_piece(data: bytearray, rnd: random.Random) -> None:
    start, to = rnd.randrange(len(data)), _position(rnd, len(data))
    data[to:to] = data[start : start + rnd.choice((1, 4, 12, 64, 1024))]


def remove_piece(data: bytearray, rnd: random.Random) -> None:
    at = _position(rnd, len(data))
    del data[at : at + rnd.choice((1, 2, 4, 12))]


KINDS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    truncate,
    change_byte,
    edge_byte,
    flip_bit,
    edge_number,
    add_to_byte,
    copy_piece,
    insert_piece,
    remove_piece,
)
# The issue's own words: cut off at any byte, or any byte changed.
PLAIN = (truncate, change_byte, edge_byte)


def mutated(data: bytes, rnd: random.Random) -> bytes:
    """Half of the files have one plain flaw, the others up to eight of all kinds."""
    result = bytearray(data)
    kinds = PLAIN if rnd.random() < 0.5 else KINDS
    for _ in range(1 if kinds is PLAIN else rnd.choice((1, 2, 4, 8))):
        if result:
            rnd.choice(kinds)(result, rnd)
    return bytes(result)


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Name and content of the chunks that are whole."""
    chunks = []
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">L", data, at)
        if at + 12 + length > len(data):
            break
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return chunks


def _inflated(data: bytes) -> bytes | None:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return None


def damaged_png(data: bytes, rnd: random.Random) -> bytes:
    """Damage to the contents of chunks, and to what is packed in them, under good checksums:
    with bad ones little else is looked at."""
    result = [PNG_SIGNATURE]
    chunks = _png_chunks(data)
    victim = rnd.randrange(len(chunks) or 1)
    for i, (name, content) in enumerate(chunks):
        if i == victim:
            inner = _inflated(content) if rnd.random() < 0.5 else None
            if inner:
                content = zlib.compress(mutated(inner, rnd))
            else:
                content = mutated(content, rnd)
        result.append(struct.pack(">L4s", len(content), name) + content)
        result.append(struct.pack(">L", zlib.crc32(name + content)))
    return b"".join(result)


def damaged(data: bytes, rnd: random.Random) -> bytes:
    """Mutated, in the way that suits the file."""
    if data.startswith(PNG_SIGNATURE) and rnd.random() < 0.6:
        return damaged_png(data, rnd)
    return mutated(data, rnd)
