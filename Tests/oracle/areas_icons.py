"""TGA, PCX, DCX, PSD and icons: files put together from random headers, and the bytes written."""

from __future__ import annotations

import io
import random
import struct
import zlib
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


def dib(rng: random.Random, size: tuple[int, int], bits: int) -> bytes:
    """A DIB with palette and pixels; of twice the height, with a mask, for icons."""
    width, height = size
    head_size = rng.choice((12, 40, 40, 40, 40, 52, 56, 64, 108, 124))
    colours = 1 << bits if bits <= 8 else 0
    used = rng.choice((0, 0, 0, 2, 5)) if colours else 0
    compression = rng.choice((0,) * 9 + (1, 2, 3))
    tall = 2 * height + rng.choice((0,) * 9 + (1,))
    if head_size == 12:
        head = struct.pack("<I4H", 12, width, tall, 1, bits)
        used, entry = 0, 3
    else:
        down = rng.random() < 0.1
        stored = -tall if down else tall
        head = struct.pack(
            "<I2i2H6I", head_size, width, stored, 1, bits, compression, 0, 0, 0, used, 0
        )
        masks = rng.choice(((0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0xF800, 0x7E0, 0x1F, 0)))
        entry = 4
        if head_size > 40:
            head += struct.pack("<4I", *masks)
        head = head.ljust(head_size, b"\0")[:head_size]
        if head_size == 40 and compression == 3:
            head += struct.pack("<3I", *masks[:3])
    grey = rng.random() < 0.3
    count = used or colours
    palette = b"".join(
        bytes((i, i, i) if grey else rng.randbytes(3)) + b"\0" * (entry - 3) for i in range(count)
    )
    if grey and count == 2:
        palette = bytes(entry) + b"\xff" * 3 + b"\0" * (entry - 3)
    stride = (width * bits + 31) // 32 * 4
    mask = (width + 31) // 32 * 4 * height
    return head + palette + rng.randbytes(stride * height + mask * rng.choice((1, 1, 1, 0, 2)))


def png(rng: random.Random, size: tuple[int, int]) -> bytes:
    """A PNG whose bytes do not depend on who writes it: its data are stored, not compressed."""

    def chunk(cid: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(cid + data)
        return struct.pack(">I", len(data)) + cid + data + struct.pack(">I", checksum)

    depth, kind, channels = rng.choice(
        ((1, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (8, 3, 1), (4, 3, 1), (8, 4, 2), (8, 6, 4))
    )
    row = (size[0] * channels * depth + 7) // 8
    rows = b"".join(b"\0" + rng.randbytes(row) for _ in range(size[1]))
    chunks = [chunk(b"IHDR", struct.pack(">2I5B", *size, depth, kind, 0, 0, 0))]
    if kind == 3:
        chunks.append(chunk(b"PLTE", rng.randbytes(3 << depth)))
    chunks += [chunk(b"IDAT", zlib.compress(rows, 0)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def icon(rng: random.Random, kind: int) -> bytes:
    """A file of one or more frames, ICO (kind 1) or CUR (2)."""
    entries, body = b"", b""
    count = rng.choice((0, 1, 1, 1, 2, 3)) if rng.random() < 0.9 else 300
    listed = min(count, 3)
    for _ in range(listed):
        size = (rng.choice((1, 2, 3, 8, 16, 31, 32, 33)), rng.choice((1, 2, 7)))
        bits = rng.choice((1, 4, 8, 24, 32, 16, 24, 32, 2))
        if kind == 1 and rng.random() < 0.2:
            frame = png(rng, size)
        else:
            frame = dib(rng, size, bits)
        claimed = size if rng.random() < 0.9 else (rng.randrange(4), 2)
        depth = rng.choice((bits, bits, bits, 0, 32))
        offset = 6 + 16 * listed + len(body) + rng.choice((0,) * 20 + (1, 10**6))
        length = len(frame) + rng.choice((0,) * 20 + (-1, 4, -(10**6)))
        entries += struct.pack(
            "<4B2H2I", *claimed, rng.choice((0, 2, 5, 16)), 0, 1, depth, length % 2**32, offset
        )
        body += frame
    data = struct.pack("<3H", 0, kind, count) + entries + body
    return damage(rng, data, 0.15)


def pcx(rng: random.Random) -> bytes:
    version, bits, planes = rng.choice(
        ((2, 1, 1), (5, 1, 2), (5, 1, 4), (5, 8, 1), (5, 8, 1), (5, 8, 3), (3, 8, 3), (0, 4, 1))
    )
    width, height = rng.randrange(1, 20), rng.randrange(1, 5)
    left, top = rng.choice((0, 0, 5)), rng.choice((0, 0, 7))
    stride = (width * bits + 7) // 8
    stride += rng.choice((0, 1, stride % 2, stride % 2, 9))
    head = struct.pack(
        "<4B6H", 10, version, 1, bits, left, top, left + width - 1, top + height - 1, 72, 100
    )
    head += rng.randbytes(48) + struct.pack("<2BH", 0, planes, stride)
    body = b""
    for _ in range(height * planes):
        left = stride
        while left > 0:
            count = min(rng.randrange(1, 64), left) if rng.random() < 0.5 else 1
            value = rng.randrange(256)
            alone = count == 1 and value < 0xC0
            body += bytes((value,)) if alone else bytes((0xC0 | count, value))
            left -= count
    if rng.random() < 0.2:
        body = rng.randbytes(len(body))
    palette = rng.choice((rng.randbytes(768), bytes(i // 3 for i in range(768)), b"short"))
    end = bytes((rng.choice((12, 12, 11)),)) + palette if bits == 8 and planes == 1 else b""
    return damage(rng, head.ljust(128, b"\0") + body + end, 0.2)


def dcx(rng: random.Random) -> bytes:
    frames = [pcx(rng) for _ in range(rng.randrange(4))]
    offsets, body = [], b""
    start = 4 * (2 + len(frames)) + rng.choice((0, 8))
    for frame in frames:
        offsets.append(start + len(body) + rng.choice((0,) * 15 + (1, 10**9)))
        body += frame
    table = struct.pack(f"<{1 + len(offsets)}L", 0x3ADE68B1, *offsets)
    return damage(rng, table.ljust(start, b"\0") + body, 0.1)


def counted(data: bytes, size: int = 4) -> bytes:
    return len(data).to_bytes(size, "big") + data


def psd_planes(rng: random.Random, width: int, height: int, channels: int) -> bytes:
    """Planes with the way in which they are packed."""
    packing = rng.choice((0, 0, 1, 1, 1, 2)) if rng.random() < 0.5 else rng.choice((0, 1))
    if packing != 1:
        return struct.pack(">H", packing) + rng.randbytes(width * height * channels)
    rows = []
    for _ in range(height * channels):
        row, left = b"", width
        while left > 0:
            count = rng.randint(1, left)
            run = rng.random() < 0.5
            row += bytes((257 - count & 0xFF if run else count - 1,))
            row += rng.randbytes(1 if run else count)
            left -= count
        rows.append(row)
    return struct.pack(f">{1 + len(rows)}H", 1, *(len(row) for row in rows)) + b"".join(rows)


def psd_layers(rng: random.Random, width: int, height: int) -> bytes:
    count = rng.choice((0, 1, 2, 2, 3))
    heads, planes = b"", b""
    for _ in range(count):
        left, top = rng.randrange(width), rng.randrange(height)
        right, bottom = rng.randint(left, width), rng.randint(top, height)
        if rng.random() < 0.05:
            left, bottom = left - 3, bottom + 1
        kinds = rng.choice(
            (
                (0, 1, 2),
                (0, 1, 2),
                (0, 1, 2, 3),
                (65535, 0, 1, 2),
                (0,),
                (2, 0, 1),
                (0, 4),
                (0, 1, 2, 3, 4),
            )
        )
        heads += struct.pack(">4iH", top, left, bottom, right, len(kinds))
        heads += b"".join(struct.pack(">HI", kind, 2 + width) for kind in kinds)
        mask = rng.choice((0, 0, 0, 20, 36, 5))
        rest = counted(rng.randbytes(mask)) + counted(rng.randbytes(rng.choice((0, 8, 40))))
        rest += counted(rng.randbytes(rng.randrange(8)), 1) + bytes(rng.randrange(4))
        heads += b"8BIMnorm" + bytes(4) + (counted(rest) if rng.random() < 0.9 else bytes(4))
        for _ in kinds:
            planes += psd_planes(rng, right - left, bottom - top, 1)
            planes += bytes(len(planes) % 2)
    sign = rng.choice((1, -1))
    data = struct.pack(">h", sign * count) + heads
    # The planes have to start at even positions, as those of Photoshop do.
    return data + bytes(rng.choice((0, 0, 0, len(data) % 2))) + planes


def psd(rng: random.Random) -> bytes:
    width, height = rng.randrange(1, 9), rng.randrange(1, 7)
    kind, depth, channels = rng.choice(
        ((0, 1, 1), (0, 8, 1), (1, 8, 1), (2, 8, 1), (3, 8, 3), (3, 8, 3), (3, 8, 4), (3, 8, 5),
         (4, 8, 4), (7, 8, 1), (8, 8, 2), (9, 8, 3), (3, 8, 2), (3, 16, 3), (5, 8, 1))
    )  # fmt: skip
    data = struct.pack(">4sH6xH2L2H", b"8BPS", 1, channels, height, width, depth, kind)
    data += counted(rng.randbytes(rng.choice((0, 768)) if kind == 2 else 0))
    resources = b""
    for _ in range(rng.choice((0, 0, 1, 2))):
        name, body = rng.randbytes(rng.randrange(4)), rng.randbytes(rng.randrange(9))
        resources += b"8BIM" + struct.pack(">H", rng.choice((1039, 1005))) + counted(name, 1)
        resources += bytes(1 - len(name) % 2) + counted(body) + bytes(len(body) % 2)
    data += counted(resources)
    if rng.random() < 0.8:
        layers = psd_layers(rng, width, height)
        # Pillow moves planes to even positions of the file.
        layers = counted(layers + bytes(rng.randrange(2)))
        data += counted(layers + bytes(rng.choice((0, 4))))
    else:
        data += bytes(4)
    used = {3: min(channels, 4), 4: 4, 9: 3}.get(kind, 1)
    return damage(rng, data + psd_planes(rng, width, height, used), 0.15)


def psd_parts(data: bytes) -> Any:
    """What everything() does not look at: resources and the list of layers."""
    with Image.open(io.BytesIO(data), formats=["PSD"]) as im:
        document: Any = im
        layers = [(*layer[:3], [tuple(tile) for tile in layer[3]]) for layer in document.layers]
        return document.resources, layers, document.n_frames, document.is_animated, im.tell()


def psd_walk(data: bytes, order: list[int]) -> Any:
    """The layers in some order, one drawn on the other."""
    with Image.open(io.BytesIO(data), formats=["PSD"]) as im:
        found: list[Any] = [im.copy()]
        for layer in order:
            im.seek(layer)
            found += [im.tell(), im.mode, len(im.tile), im.copy()]
        return found


def psd_layer_cases(rng: random.Random) -> Iterator[Case]:
    while True:
        data = psd(rng)
        order = [rng.randrange(4) if rng.random() < 0.1 else rng.randint(1, 2) for _ in range(3)]
        yield f"PSD of {len(data)}: {data[:40].hex()}", lambda a=data: psd_parts(a)
        yield f"PSD layers {order}", lambda a=(data, order): psd_walk(*a)


def icns_colours(rng: random.Random, count: int) -> bytes:
    if rng.random() < 0.3:
        return rng.randbytes(3 * count)
    data = b""
    for _ in range(3):
        left = count + rng.choice((0,) * 30 + (1, -1))
        while left > 2:
            run = rng.random() < 0.5
            n = min(left, rng.randint(3, 130)) if run else min(left, rng.randint(1, 128))
            data += (
                bytes((n + 125,)) + rng.randbytes(1) if run else bytes((n - 1,)) + rng.randbytes(n)
            )
            left -= n
        if left > 0:
            data += bytes((left - 1,)) + rng.randbytes(left)
    return data


def icns(rng: random.Random) -> bytes:
    blocks = []
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        side, colours, mask, whole = rng.choice(
            (
                (16, b"is32", b"s8mk", b"icp4"),
                (32, b"il32", b"l8mk", b"icp5"),
                (48, b"ih32", b"h8mk", b"TOC "),
            )
        )
        if rng.random() < 0.7:
            blocks.append((colours, icns_colours(rng, side * side)))
        if rng.random() < 0.5:
            blocks.append((mask, rng.randbytes(side * side - rng.choice((0,) * 15 + (1,)))))
        if rng.random() < 0.3:
            blocks.append((whole, png(rng, (side, rng.choice((side, side, 5))))))
    if rng.random() < 0.1:
        zeros = bytes(4) if rng.random() < 0.8 else b"\0\0\1\0"
        blocks.append((b"it32", zeros + icns_colours(rng, 128 * 128)))
    if rng.random() < 0.2:
        blocks.append(
            (rng.choice((b"icp6", b"ic11", b"ic07")), rng.choice((png(rng, (32, 32)), b"neither")))
        )
    rng.shuffle(blocks)
    data = b""
    for kind, contents in blocks:
        length = 8 + len(contents) + rng.choice((0,) * 40 + (1, -1, -3 - len(contents), 2**31))
        data += struct.pack(">4sI", kind, length) + contents
    length = 8 + len(data) + rng.choice((0,) * 20 + (8, -1, 2**31))
    return damage(rng, b"icns" + length.to_bytes(4, "big") + data, 0.1)


def every_scale(data: bytes) -> Any:
    """The icons of a file, by size and scale."""
    with Image.open(io.BytesIO(data), formats=["ICNS"]) as im:
        icons: Any = im
        found: list[Any] = [im.size, im.mode, icons.best_size, sorted(icons.icns.dct.items())]
        im.load()
        found += [im.mode, im.size, im.copy()]
    for width, height, scale in im.info["sizes"]:
        with Image.open(io.BytesIO(data), formats=["ICNS"]) as im:
            icons = im
            icons.size = width, height
            icons.load(scale)
            found += [im.mode, im.size, im.copy(), im.palette is not None]
    return found


def icns_cases(rng: random.Random) -> Iterator[Case]:
    while True:
        data = icns(rng)
        yield f"icns of {len(data)}", lambda a=data: every_scale(a)


def icns_written(rng: random.Random) -> Iterator[Case]:
    while True:
        im = flat_image(rng, rng.choice(MODES), some_size(rng))
        sides = rng.sample((16, 32, 64, 128), rng.randrange(3))
        others = [image(rng, rng.choice(("L", "RGB", "RGBA", "P")), (s, s)) for s in sides]

        def call(a: tuple[Any, ...] = (im, others)) -> Any:
            data = saved(a[0], "ICNS", {"append_images": a[1]})
            found: list[Any] = [data[:4], len(data) == int.from_bytes(data[4:8], "big")]
            found += [data[8:16], [data[at : at + 4] for at in range(16, 80, 8)]]
            for size in ((16, 16, 2), (32, 32, 2), (128, 128, 1)):
                with Image.open(io.BytesIO(data)) as again:
                    icons: Any = again
                    icons.size = size[:2]
                    icons.load(size[2])
                    found += [again.mode, again.copy()]
            return found

        yield f"save ICNS {im.mode} {im.size} and {sides}", call


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


def every_size(data: bytes, lengths: bool = True) -> Any:
    """The frames of an icon by all the ways that lead to them; its entries in full, or without
    the lengths of what is compressed."""
    with Image.open(io.BytesIO(data), formats=["ICO"]) as im:
        icons: Any = im
        found: list[Any] = [im.size, im.copy(), icons.ico.nb_items]
        sizes = sorted(im.info["sizes"])
        for size in sizes:
            icons.size = size
            icons.load()
            found += [im.mode, im.size, im.copy(), sorted(im.info["sizes"])]
        for index, entry in enumerate(icons.ico.entry):
            found += [icons.ico.getentryindex(entry.dim, entry.color_depth)]
            found.append(tuple(entry) if lengths else (entry.dim, entry.color_depth))
            found.append(icons.ico.frame(index).copy())
        return found


def ico(rng: random.Random) -> Iterator[Case]:
    while True:
        data = icon(rng, 1)
        yield f"icon {data[:80].hex()} of {len(data)}", lambda a=data: every_size(a)


def ico_written(rng: random.Random) -> Iterator[Case]:
    while True:
        sides = (1, 3, 15, 16, 17, 24, 32, 33, 50, 300)
        size = (rng.choice(sides), rng.choice(sides))
        size = size if rng.random() < 0.3 else (size[0], size[0])
        bitmap = rng.random() < 0.7
        modes = ("1", "L", "P", "RGB", "RGBA") if bitmap and rng.random() < 0.9 else MODES
        options: dict[str, Any] = {"bitmap_format": "bmp" if bitmap else "png"}
        if rng.random() < 0.6:
            options["sizes"] = [(rng.choice(sides), rng.choice(sides[2:])) for _ in range(3)] + [
                (side, side) for side in rng.sample(sides, 2)
            ]
        others = []
        if rng.random() < 0.5:
            others = [(rng.choice(modes), rng.choice(sides)) for _ in range(rng.randrange(4))]
            options["append_images"] = [image(rng, m, (s, s)) for m, s in others]
        im = image(rng, rng.choice(modes), size)

        def call(a: tuple[Any, ...] = (im, options)) -> Any:
            data = saved(a[0], "ICO", a[1])
            # The PNGs inside are compressed: these are compared by their pixels.
            return every_size(data, False) if a[1]["bitmap_format"] == "png" else data

        text = f"{options['bitmap_format']} {options.get('sizes')} and {others}"
        yield f"save ICO {im.mode} {im.size} {text}", call


AREAS: dict[str, tuple[Area, int]] = {
    "read TGA": (reading("TGA", tga_file), 800),
    "save TGA": (writing("TGA", TGA_OPTIONS), 500),
    "read PCX": (reading("PCX", pcx), 800),
    "read DCX": (reading("DCX", dcx), 500),
    "save PCX": (writing("PCX", {}), 400),
    "read PSD": (reading("PSD", psd), 600),
    "read PSD layers": (psd_layer_cases, 1200),
    "read ICNS": (icns_cases, 500),
    "save ICNS": (icns_written, 25),
    "read ICO": (ico, 800),
    "read CUR": (reading("CUR", lambda rng: icon(rng, 2)), 600),
    "save ICO": (ico_written, 400),
}

READING = {name for name in AREAS if name.startswith("read ")}
