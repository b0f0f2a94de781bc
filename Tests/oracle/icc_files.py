"""ICC profiles made by hand: matrices and curves, grey curves, and tables for any colour space.

Layout: ICC.1:2001-04 (v2) sections 6.1 (header), 6.2 (tag table) and 6.5 (tag types).
"""

from __future__ import annotations

import random
import struct

DATE = struct.pack(">6H", 2020, 1, 2, 3, 4, 5)
_DATE_AT = slice(24, 36)
_TABLE = 128  # behind the header: the number of tags, then 12 bytes for each
_TABLE_POINTS = 256  # of lut8Type's curves
D50 = (0.9642, 1.0, 0.8249)


def dated(data: bytes) -> bytes:
    """The profile with a date of its own replaced, as Little CMS writes the time of creation."""
    return data[: _DATE_AT.start] + DATE + data[_DATE_AT.stop :]


def fixed(values: tuple[float, ...]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(v * 65536) for v in values))


def xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + fixed(values)


def gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def sampled(rng: random.Random, count: int) -> bytes:
    values = sorted(rng.randrange(65536) for _ in range(count))
    return b"curv\0\0\0\0" + struct.pack(f">I{count}H", count, *values)


def description(text: str) -> bytes:
    raw = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + b"\0" * 78


def plain(text: str) -> bytes:
    return b"text\0\0\0\0" + text.encode("ascii") + b"\0"


def signature(text: str) -> bytes:
    return b"sig \0\0\0\0" + text.encode("ascii")


def lut8(rng: random.Random, channels: int, out: int, points: int) -> bytes:
    """lut8Type: straight curves around a table of noise."""
    head = struct.pack(">4s4xBBBx", b"mft1", channels, out, points)
    straight = bytes(range(_TABLE_POINTS))
    table = rng.randbytes(points**channels * out)
    matrix = fixed((1, 0, 0, 0, 1, 0, 0, 0, 1))
    return head + matrix + straight * channels + table + straight * out


def profile(
    device: bytes,
    space: bytes,
    pcs: bytes,
    tags: dict[bytes, bytes],
    intent: int = 0,
    version: int = 0x02100000,
) -> bytes:
    """A whole file.

    :param device: class of the device, 4 bytes, such as ``b"mntr"``
    :param space: colour space, 4 bytes; ``pcs``: connection space, 4 bytes
    :param tags: content by name of 4 bytes
    """
    start = _TABLE + 4 + 12 * len(tags)
    table, rest = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(rest), len(content))
        rest += content + b"\0" * (-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(rest), b"test", version, device, space, pcs)
    head += DATE + b"acsp" + b"\0" * 4
    head += struct.pack(">I4s4sQI", 0, b"made", b"up  ", 0, intent) + fixed(D50)
    return head.ljust(_TABLE, b"\0") + table + rest


def _texts(name: str) -> dict[bytes, bytes]:
    return {b"desc": description(name), b"cprt": plain("nobody's"), b"wtpt": xyz(*D50)}


def rgb(rng: random.Random) -> bytes:
    """Matrix and curves; with the maker's texts."""
    columns = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
    tags = _texts("made RGB")
    for letter, column in zip(b"rgb", columns, strict=True):
        tags[bytes([letter]) + b"XYZ"] = xyz(*(v * rng.uniform(0.8, 1.1) for v in column))
        tags[bytes([letter]) + b"TRC"] = rng.choice((gamma(rng.uniform(1, 3)), sampled(rng, 17)))
    tags |= {
        b"dmnd": description("a maker"),
        b"dmdd": description("model 1"),
        b"tech": signature("CRT "),
        b"lumi": xyz(0, 80, 0),
        b"bkpt": xyz(0.01, 0.01, 0.01),
        b"meas": b"meas\0\0\0\0" + struct.pack(">I", 1) + fixed((0.1, 0.2, 0.3))
        + struct.pack(">III", 2, 65536, 2),
        b"view": b"view\0\0\0\0" + fixed((9, 10, 11, 1, 2, 3)) + struct.pack(">I", 7),
    }  # fmt: skip
    return profile(b"mntr", b"RGB ", b"XYZ ", tags, rng.randrange(4))


def grey(rng: random.Random) -> bytes:
    return profile(b"mntr", b"GRAY", b"XYZ ", {**_texts("grey"), b"kTRC": gamma(rng.uniform(1, 3))})


def tables(rng: random.Random, space: bytes, channels: int) -> bytes:
    """Tables both ways for two intents, and one that tells which colours can be shown."""
    tags = _texts("tables")
    for number in range(2):
        tags[b"A2B%d" % number] = lut8(rng, channels, 3, 3)
        tags[b"B2A%d" % number] = lut8(rng, 3, channels, 4)
    tags[b"gamt"] = lut8(rng, 3, 1, 3)
    return profile(b"prtr" if channels == 4 else b"scnr", space, b"Lab ", tags)


def damaged(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    """How, and the profile cut short or with absurd numbers in header, tag table or tags."""
    absurd = rng.choice((0, 1, 3, 12, 2**31 - 1, 2**31, 2**32 - 1, rng.randrange(2**32)))
    kind = rng.randrange(5)
    (count,) = struct.unpack_from(">I", data, _TABLE)
    if kind == 0:
        size = rng.randrange(len(data))
        return f"cut to {size}", data[:size]
    if kind == 1:
        at = 4 * rng.randrange(_TABLE // 4)
    elif kind == 2:
        at = _TABLE
    elif kind == 3:
        at = _TABLE + 4 + 4 * rng.randrange(3 * count)
    else:
        at = rng.randrange(_TABLE + 4 + 12 * count, len(data) - 3)
    return f"{absurd:#x} at {at}", data[:at] + struct.pack(">I", absurd) + data[at + 4 :]
