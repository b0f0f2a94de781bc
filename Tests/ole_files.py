"""OLE compound files put together by hand ("[MS-CFB]"), and the FlashPix and MIC files in them."""

from __future__ import annotations

import io
import struct
from typing import TypeAlias

from filemakers import saved
from PIL import Image

Tree: TypeAlias = "dict[str, bytes | Tree]"

SECTOR = 512
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
#: Smaller streams would have to be elsewhere.
SMALLEST = 4096


class _Writer:
    def __init__(self) -> None:
        self.entries: list[list[object]] = []
        self.fat: list[int] = []
        self.sectors = b""

    def allocate(self, data: bytes) -> int:
        data = data.ljust(max(SMALLEST, -(-len(data) // SECTOR) * SECTOR), b"\0")
        first, count = len(self.fat), len(data) // SECTOR
        self.fat += [*range(first + 1, first + count), END]
        self.sectors += data
        return first

    def entry(self, name: str, kind: int, start: int = 0, size: int = 0) -> int:
        self.entries.append([name, kind, NONE, NONE, start, size])
        return len(self.entries) - 1

    def add(self, parent: int, tree: Tree) -> None:
        """Children hang on each other's right side."""
        waiting = [(parent, tree)]
        while waiting:
            parent, tree = waiting.pop()
            before = None
            for name, content in tree.items():
                if isinstance(content, bytes):
                    size = max(SMALLEST, len(content))
                    key = self.entry(name, STREAM, self.allocate(content), size)
                else:
                    key = self.entry(name, STORAGE)
                    waiting.append((key, content))
                if before is None:
                    self.entries[parent][3] = key
                else:
                    self.entries[before][2] = key
                before = key


def compound_file(tree: Tree, clsid: bytes = bytes(16)) -> bytes:
    writer = _Writer()
    writer.add(writer.entry("Root Entry", ROOT, END), tree)
    directory = b""
    for name, kind, right, child, start, size in writer.entries:
        coded = str(name).encode("utf-16-le")
        directory += coded.ljust(64, b"\0") + struct.pack(
            "<H2B3L16s20x2LL", len(coded) + 2, kind, 1, NONE, right, child,
            clsid if kind == ROOT else bytes(16), start, size, 0,
        )  # fmt: skip
    start = writer.allocate(directory)
    count = -(-(len(writer.fat) + 1) // 127)  # with the sectors of the table itself
    table_start = len(writer.fat)
    fat = writer.fat + [FAT] * count
    fat += [FREE] * (count * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9L", 0, count, start, 0, 4096, END, 0, END, 0)
    header += struct.pack(
        "<109L", *range(table_start, table_start + count), *[FREE] * (109 - count)
    )
    return header + writer.sectors + struct.pack(f"<{len(fat)}L", *fat)


def properties(values: dict[int, int | bytes]) -> bytes:
    """A property set ("[MS-OLEPS]") of numbers and blobs."""
    table, data = b"", b""
    for key, value in values.items():
        table += struct.pack("<2L", key, 8 + 8 * len(values) + len(data))
        if isinstance(value, int):
            data += struct.pack("<2L", 19, value)
        else:
            data += struct.pack("<2L", 65, len(value)) + value
    section = struct.pack("<2L", 8 + len(table) + len(data), len(values)) + table + data
    return struct.pack("<2HL16xL16xL", 0xFFFE, 0, 0, 1, 48) + section


FPX_CLASS = bytes.fromhex("0067615654C1CE11855300AA00A1F95B")
COLORS = {
    "L": (0x10000,),
    "RGB": (0x30000, 0x30001, 0x30002),
    "RGBA": (0x38000, 0x38001, 0x38002, 0x37FFE),
}


def fpx(
    im: Image.Image,
    jpeg: bool = False,
    compression: int | None = None,
    tile: tuple[int, int] = (64, 64),
    count: int | None = None,
    extra: dict[int, int | bytes] | None = None,
) -> bytes:
    """A FlashPix file with one resolution (the largest; others need not be there)."""
    body, table = b"", b""
    kind = (2 if jpeg else 0) if compression is None else compression
    tiles = [(x, y) for y in range(0, im.height, 64) for x in range(0, im.width, 64)]
    for x, y in tiles:
        part = im.crop((x, y, min(x + 64, im.width), min(y + 64, im.height)))
        data = saved(part, "JPEG", quality=90) if jpeg else part.tobytes()
        table += struct.pack("<3L4B", len(body), len(data), kind, 0, 0x22, 1, 0)
        body += data
    number = len(tiles) if count is None else count
    head = struct.pack("<9L", 36, *im.size, number, *tile, len(im.mode), 36, 16)
    maxid = max(0, max(im.size).bit_length() - 7 + (max(im.size) & (max(im.size) - 1) != 0))
    while max(im.size) >> maxid > 64:
        maxid += 1
    while maxid and max(im.size) >> maxid - 1 <= 64:
        maxid -= 1
    colors = COLORS[im.mode]
    blob = struct.pack(f"<{2 + len(colors)}L", 0, len(colors), *colors)
    contents = {0x1000002: im.width, 0x1000003: im.height, 0x2000002 | maxid << 16: blob}
    tree: Tree = {
        "Data Object Store 000001": {
            "\005Image Contents": properties(contents | (extra or {})),
            f"Resolution {maxid:04d}": {
                "Subimage 0000 Header": bytes(28) + head + table,
                "Subimage 0000 Data": bytes(28) + body,
            },
        }
    }
    return compound_file(tree, FPX_CLASS)


def mic(*images: Image.Image) -> bytes:
    tree: Tree = {
        f"{i}.ACI": {"Image": saved(im, "TIFF", compression="raw")} for i, im in enumerate(images)
    }
    return compound_file({"other": b"stream", **tree})


def picture(mode: str = "RGB", size: tuple[int, int] = (70, 66)) -> Image.Image:
    count = size[0] * size[1] * len(mode)
    return Image.frombytes(mode, size, bytes(i * 7 // 3 & 0xFF for i in range(count)))


FILES: dict[str, tuple[str, bytes]] = {
    "raw.fpx": ("FPX", fpx(picture("RGB", (66, 3)))),
    "grey.fpx": ("FPX", fpx(picture("L", (20, 9)))),
    "jpeg.fpx": ("FPX", fpx(picture("L", (64, 9)), jpeg=True)),
    "one.mic": ("MIC", mic(picture("RGB", (9, 4)))),
    "two.mic": ("MIC", mic(picture("L", (5, 4)), picture("RGBA", (3, 2)))),
}


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
