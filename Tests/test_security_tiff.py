"""TIFF: directories that point at each other, tags that lie about types and counts, buffers of the
library that are smaller or wider than what they stand for."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from confine import DOCUMENTED, confined
from filemakers import png_chunk, saved
from PIL import Image, ImageFile, TiffImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

Entry = tuple[int, int, int, int]  # tag, type, count, value or position

PLAIN: list[Entry] = [
    (256, 3, 1, 2), (257, 3, 1, 2), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
    (277, 3, 1, 1), (278, 3, 1, 2), (279, 4, 1, 4),
]  # fmt: skip


def directory(entries: Sequence[Entry], following: int = 0) -> bytes:
    body = b"".join(struct.pack("<2H2L", *entry) for entry in sorted(entries))
    return struct.pack("<H", len(entries)) + body + struct.pack("<L", following)


def tiff(*directories: tuple[Sequence[Entry], int], tail: bytes = b"") -> bytes:
    """Directories one after the other from byte 8; each with the position of the next."""
    return b"II*\0\x08\0\0\0" + b"".join(directory(*one) for one in directories) + tail


def use(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as im:
        assert isinstance(im, TiffImagePlugin.TiffImageFile)
        for frame in range(min(im.n_frames, 30)):
            im.seek(frame)
            dict(im.tag_v2)
            dict(im.tag)
            im.load()
        exif_of(im)


def exif_of(im: Image.Image) -> None:
    exif = im.getexif()
    dict(exif)
    for tag in (0x8769, 0x8825, 0xA005, 0x927C, 0x014A, -1):
        exif.get_ifd(tag)
    exif.tobytes()
    if isinstance(im, ImageFile.ImageFile) and im.fp is not None:
        im.get_child_images()


STRIP = (273, 4, 1, 8)
SIZE = 2 + 12 * 9 + 4  # of a directory with the nine entries of a plain image

CHAINS: dict[str, bytes] = {
    "itself": tiff(([*PLAIN, STRIP], 8)),
    "each other": tiff(([*PLAIN, STRIP], 8 + SIZE), ([*PLAIN, STRIP], 8)),
    "the middle of itself": tiff(([*PLAIN, STRIP], 8 + 12)),
    "overlapping": tiff(*(([*PLAIN, STRIP], 8 + 12 * i) for i in range(1, 9))),
    "the header": tiff(([*PLAIN, STRIP], 0xFFFFFFFF)),
    "exif is the main one": tiff(([*PLAIN, STRIP, (0x8769, 4, 1, 8), (0x8825, 4, 1, 8)], 0)),
    "sub-directories are the main one": tiff(
        ([*PLAIN, STRIP, (0x014A, 4, 40, 8)], 0), tail=struct.pack("<40L", *[8] * 40)
    ),
    "interop is exif": tiff(([*PLAIN, STRIP, (0x8769, 4, 1, 8), (0xA005, 4, 1, 8)], 0)),
    "deflated itself": tiff(
        ([*(e for e in PLAIN if e[0] != 259), (259, 3, 1, 8), (273, 4, 1, 8 + SIZE)], 0),
        tail=zlib.compress(bytes(4)),
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_directories_in_circles(name: str) -> None:
    confined(lambda: use(CHAINS[name]), megabytes=100)


@pytest.mark.parametrize("size", [1, 40000])
def test_a_long_chain(size: int) -> None:
    """As many pages as the file has room for are counted in linear time."""
    pages = 5000
    entries = [*PLAIN[2:], STRIP, (256, 3, 1, size), (257, 3, 1, size)]
    length = len(directory(entries))
    following = [8 + length * (i + 1) for i in range(pages - 1)]
    data = tiff(*((entries, position) for position in (*following, 0)))

    def count() -> int:
        with Image.open(io.BytesIO(data)) as im:
            return int(im.n_frames)

    kind, text = confined(count, megabytes=100)
    assert (kind, text) == ("ok", str(pages)) or (size > 1 and kind == "DecompressionBombError")


# --- many entries with the same data ---


def shared(count: int, size: int, kind: int = 2) -> bytes:
    """Many tags, each of them the same piece of the file."""
    tags = range(40000, 40000 + count)
    start = 8 + 2 + 12 * (count + 9) + 4
    unit = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 12: 8}[kind]
    entries = [(tag, kind, size // unit, start) for tag in tags]
    return tiff(([*PLAIN, STRIP, *entries], 0), tail=b"\1" * size)


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 7, 12])
def test_tags_that_share_their_data(kind: int) -> None:
    """2,000 tags of the same 500,000 bytes would be a gigabyte, or far more as numbers."""
    confined(lambda: use(shared(2000, 500_000, kind)), megabytes=200)


def exif_block(kind: int) -> bytes:
    return b"Exif\0\0" + shared(1500, 40_000 if kind else 0, kind)


EXIF_CARRIERS: dict[str, Callable[[bytes], bytes]] = {
    "PNG": lambda block: saved(Image.new("L", (2, 2)), "PNG", exif=block),
    "WEBP": lambda block: saved(Image.new("RGB", (2, 2)), "WEBP", exif=block),
    "JPEG": lambda block: saved(Image.new("L", (2, 2)), "JPEG", exif=block[:65000]),
    "MPO": lambda block: saved(Image.new("L", (2, 2)), "MPO", exif=block[:65000]),
    "PNG raw": lambda block: saved(Image.new("L", (2, 2)), "PNG").replace(
        b"\0\0\0\0IEND", png_chunk(b"eXIf", block[6:]) + b"\0\0\0\0IEND"
    ),
}


@pytest.mark.parametrize("carrier", EXIF_CARRIERS)
@pytest.mark.parametrize("kind", [2, 4, 5])
def test_exif_with_shared_data(carrier: str, kind: int) -> None:
    data = EXIF_CARRIERS[carrier](exif_block(kind))

    def read() -> None:
        with Image.open(io.BytesIO(data)) as im:
            im.load()
            exif_of(im)

    confined(read, megabytes=200)


@pytest.mark.parametrize("carrier", EXIF_CARRIERS)
@pytest.mark.parametrize("name", sorted(CHAINS))
def test_exif_in_circles(carrier: str, name: str) -> None:
    data = EXIF_CARRIERS[carrier](b"Exif\0\0" + CHAINS[name])

    def read() -> None:
        with Image.open(io.BytesIO(data)) as im:
            exif_of(im)

    confined(read, megabytes=100)


def test_many_exif_markers() -> None:
    """Markers before Exif data are taken off a fixed number of times."""
    block = b"Exif\0\0" * 100_000 + exif_block(2)
    confined(lambda: Image.Exif().load(block), megabytes=50)
    jpeg = saved(Image.new("L", (2, 2)), "JPEG")
    segment = b"\xff\xe1" + struct.pack(">H", 2 + 60000) + (b"Exif\0\0" * 10_000)
    data = jpeg[:2] + segment * 50 + jpeg[2:]

    def read() -> None:
        with Image.open(io.BytesIO(data)) as im:
            exif_of(im)

    confined(read, megabytes=100)


# --- libtiff's buffers ---


def with_tags(data: bytes, **tags: int) -> bytes:
    """Values in the first directory of a little-endian file replaced: t256=7."""
    result = bytearray(data)
    (start,) = struct.unpack_from("<L", data, 4)
    (count,) = struct.unpack_from("<H", data, start)
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, number = struct.unpack_from("<2HL", data, at)
        if f"t{tag}" in tags and number == 1:
            layout, mask = ("<H", 0xFFFF) if kind == 3 else ("<L", 0xFFFFFFFF)
            struct.pack_into(layout, result, at + 8, tags[f"t{tag}"] & mask)
    return bytes(result)


def colours(mode: str, size: tuple[int, int] = (64, 48)) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


def stripped(compression: str, mode: str) -> bytes:
    return saved(colours(mode), "TIFF", compression=compression, strip_size=64 * 8)


def tiled(compression: str, mode: str) -> bytes:
    return saved(colours(mode), "TIFF", compression=compression, tile=(32, 16))


COMPRESSIONS = ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma", "webp")
MISFITS: list[dict[str, int]] = [
    {"t256": 640},  # rows wider than the strips or tiles hold
    {"t256": 3},
    {"t257": 4800},
    {"t278": 1},
    {"t278": 0xFFFFFFFF},
    {"t322": 16},  # tiles smaller or larger than what was packed
    {"t322": 512, "t323": 512},
    {"t323": 1024},
    {"t322": 8, "t256": 640},
    {"t277": 1},
    {"t277": 4},
    {"t258": 16},
    {"t258": 1},
    {"t259": 7},
    {"t262": 6},  # YCbCr, whose rows may be sub-sampled
    {"t284": 2},
    {"t317": 2},
    {"t530": 0x00020002},
    {"t530": 0x00040004, "t262": 6},
    {"t279": 3},
    {"t325": 3},
]


def poisoned(value: int, size: tuple[int, int], mode: str) -> None:
    """Leave memory of this size full of a value behind, for what comes next to find."""
    for _ in range(3):
        Image.new(mode, size, value if len(mode) == 1 else (value,) * len(mode))


def pixels(data: bytes, poison: int) -> bytes | str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as im:
                if im.width * im.height > 1 << 20:
                    return "large"
                for mode in ("L", "RGB", "RGBA"):
                    poisoned(poison, im.size, mode)
                im.load()
                return im.tobytes()
        except DOCUMENTED as error:
            return type(error).__name__


@pytest.mark.parametrize("maker", [stripped, tiled])
@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("truncated", [False, True])
def test_buffers_that_do_not_fit(
    maker: Callable[[str, str], bytes],
    compression: str,
    truncated: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is read or written beside a buffer, which the run under AddressSanitizer would
    see and a crash tell, and no memory of others shows: the same file gives the same pixels,
    whatever was in memory before."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", truncated)
    for mode in ("L", "RGB"):
        try:
            whole = maker(compression, mode)
        except OSError:
            assert compression == "webp"  # not of grey
            continue
        for change in MISFITS:
            data = with_tags(whole, **change)

            def twice(data: bytes = data) -> bool:
                return pixels(data, 0x11) == pixels(data, 0xEE)

            kind, same = confined(twice, megabytes=200)
            assert (kind, same) == ("ok", "True"), change


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_short_strips(compression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a strip that ends early leaves out is empty, not memory of others."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = saved(colours("RGB"), "TIFF", compression=compression)
    for length in range(len(whole) // 2, len(whole), 97):
        data = whole[:8] + whole[8:length] + bytes(len(whole) - length)
        assert pixels(data, 0x11) == pixels(data, 0xEE)


# --- writing ---


def write(mode: str, tags: dict[int, Any], types: dict[int, int], **options: Any) -> bytes:
    info = ImageFileDirectory_v2()
    for tag, value in tags.items():
        if tag in types:
            info.tagtype[tag] = types[tag]
        info[tag] = value
    return saved(colours(mode, (20, 10)), "TIFF", tiffinfo=info, **options)


MISMATCHED: dict[str, tuple[dict[int, Any], dict[int, int]]] = {
    "text as numbers": ({270: 5, 305: (1, 2)}, {270: 4, 305: 3}),
    "numbers as text": ({282: "seventy", 296: "inch"}, {282: 2, 296: 2}),
    "too many": ({256: (1, 2, 3), 258: (8,) * 9, 262: (1, 1)}, {256: 4, 258: 3, 262: 3}),
    "too few": ({529: (0.3,), 532: (1,), 318: (0.1,)}, {529: 5, 532: 5, 318: 5}),
    "large": ({700: b"x" * 100_000, 34377: b"8BIM" * 100}, {700: 1, 34377: 1}),
    "negative": ({296: -1, 37724: -5}, {296: 8, 37724: 9}),
    "own tags": ({65000: (1, 2.5), 65001: "x", 65002: b"y"}, {65000: 12, 65001: 2, 65002: 7}),
    "rationals": ({282: (1, 0), 65003: (1.5, 2.5)}, {282: 5, 65003: 10}),
    "size": ({256: 4000, 257: 4000}, {256: 4, 257: 4}),
    "strips": ({273: (1, 2, 3), 279: (4, 5, 6), 278: 1}, {273: 4, 279: 4, 278: 4}),
    "tiles": ({322: 4096, 323: 4096, 324: (1,), 325: (2,)}, {322: 4, 323: 4, 324: 4, 325: 4}),
    "bits": ({258: 1, 277: 1, 339: 3}, {258: 3, 277: 3, 339: 3}),
    "samples": ({277: 9, 258: (32,) * 9, 338: (0,) * 6}, {277: 3, 258: 3, 338: 3}),
    "sub-sampling": ({530: (4, 4), 262: 6}, {530: 3, 262: 3}),
    "nothing": ({270: "", 700: b""}, {270: 2, 700: 7}),
}


@pytest.mark.parametrize("name", MISMATCHED)
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg", "tiff_adobe_deflate"])
@pytest.mark.parametrize("mode", ["L", "RGB", "I;16"])
def test_tags_of_other_types_and_counts(name: str, compression: str | None, mode: str) -> None:
    """Tags handed in never make libtiff read or write beside its data: what is written can be
    read, or saving fails."""

    def round_trip() -> None:
        options = {"compression": compression} if compression else {}
        try:
            data = write(mode, *MISMATCHED[name], **options)
        except (TypeError, struct.error, OverflowError, RuntimeError, KeyError):
            return  # of the caller's own values; Pillow raises these too
        with Image.open(io.BytesIO(data)) as im:
            assert im.size[0] * im.size[1] <= 4000 * 4000
            im.load()

    confined(round_trip, megabytes=300)


@pytest.mark.parametrize("mode", ["P", "L", "1", "RGB", "I;16", "F", "PA"])
@pytest.mark.parametrize("entries", [0, 1, 3, 255, 767, 768, 769, 3 * 65536, 200_000])
@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_colormap_of_wrong_size(mode: str, entries: int, compression: str | None) -> None:
    def round_trip() -> None:
        options = {"compression": compression} if compression else {}
        try:
            data = write(mode, {320: (1,) * entries}, {320: 3}, **options)
        except (TypeError, struct.error, RuntimeError):
            return
        with Image.open(io.BytesIO(data)) as im:
            im.load()

    confined(round_trip, megabytes=200)


def test_colormap_of_wrong_size_read() -> None:
    whole = saved(colours("P"), "TIFF")
    at = whole.index(struct.pack("<2HL", 320, 3, 768))
    for count in (0, 1, 3, 767, 769, 0xFFFF, 0xFFFFFFFF):
        data = whole[:at] + struct.pack("<2HL", 320, 3, count) + whole[at + 8 :]
        confined(lambda data=data: use(data), megabytes=100)


@pytest.mark.parametrize("compression", ["tiff_lzw", "jpeg", "packbits", "tiff_adobe_deflate"])
def test_saving_to_objects_that_shrink_or_lie(compression: str) -> None:
    """libtiff writes by seeking about in a file object, which may answer anything."""

    class Lying(io.BytesIO):
        def seek(self, *args: int) -> int:
            super().seek(*args)
            return -1

        def tell(self) -> int:
            return super().tell() * 3

    class Short(io.BytesIO):
        def write(self, data: Any) -> int:
            super().write(bytes(data)[:3])
            return 3

    for kind in (Lying, Short):
        confined(lambda kind=kind: colours("RGB").save(kind(), "TIFF", compression=compression))
