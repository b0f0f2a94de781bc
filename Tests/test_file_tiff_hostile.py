"""Damaged and lying TIFF files: a result or a documented exception, in bounded time and memory."""

from __future__ import annotations

import collections
import io
import struct
import warnings
import zlib
from pathlib import Path

import pytest

from filemakers import Bounds, changes, opened, saved, survive, truncations
from PIL import Image, TiffImagePlugin, features

WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
OFFSETS, SAMPLES, ROWS, COUNTS = 273, 277, 278, 279
SHORT, LONG = 3, 4

Entry = tuple[int, int, int, int]


def entries(*more: Entry, size: tuple[int, int] = (4, 4), offset: int = 8) -> list[Entry]:
    """The tags of a grey image, with others in the place of some of them."""
    table: dict[int, Entry] = {
        WIDTH: (WIDTH, LONG, 1, size[0]),
        LENGTH: (LENGTH, LONG, 1, size[1]),
        BITS: (BITS, SHORT, 1, 8),
        PHOTOMETRIC: (PHOTOMETRIC, SHORT, 1, 1),
        OFFSETS: (OFFSETS, LONG, 1, offset),
        ROWS: (ROWS, LONG, 1, size[1]),
        COUNTS: (COUNTS, LONG, 1, size[0] * size[1]),
    }
    table.update({entry[0]: entry for entry in more})
    return [table[tag] for tag in sorted(table)]


def directory(tags: list[Entry], following: int = 0) -> bytes:
    packed = b"".join(struct.pack("<HHLL", *entry) for entry in tags)
    return struct.pack("<H", len(tags)) + packed + struct.pack("<L", following)


def tiff(tags: list[Entry], pixels: bytes = bytes(range(16)), following: int = 0) -> bytes:
    """A file: header, pixels, directory."""
    return struct.pack("<2sHL", b"II", 42, 8 + len(pixels)) + pixels + directory(tags, following)


def picture(mode: str = "RGB") -> Image.Image:
    bands = len(Image.new(mode, (1, 1)).getbands())
    data = bytes(i * 7 % 256 for i in range(5 * 4 * bands))
    return Image.frombytes(mode, (5, 4), data)


def several_pages() -> bytes:
    return saved(picture(), "TIFF", save_all=True, append_images=[picture("L")])


def with_metadata() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "a maker of cameras"
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9000] = b"0230"
    return saved(picture("P"), "TIFF", exif=exif, dpi=(72.5, 36), icc_profile=b"icc")


MAKERS = {
    "pages": several_pages,
    "metadata": with_metadata,
    "big": lambda: saved(picture(), "TIFF", big_tiff=True),
    "by hand": lambda: tiff(entries()),
}


@pytest.mark.parametrize("name", MAKERS)
def test_truncated_at_every_byte(name: str) -> None:
    with Bounds(60, 64):
        results = collections.Counter(
            survive(data, ["TIFF"]) for data in truncations(MAKERS[name]())
        )
    assert sum(results.values()) - results["ok"] > 8


@pytest.mark.parametrize("name", MAKERS)
def test_every_byte_changed(name: str) -> None:
    with Bounds(120, 64):
        results = collections.Counter(
            survive(data, ["TIFF"]) for data in changes(MAKERS[name](), (0xFF,))
        )
    assert results["ok"] > 20
    assert sum(results.values()) > results["ok"]


def test_directory_that_follows_itself() -> None:
    data = tiff(entries(), following=24)
    with opened(data) as im:
        assert im.n_frames == 1
        assert not im.is_animated
        with pytest.raises(EOFError):
            im.seek(1)


def test_directories_in_a_circle() -> None:
    first = 24
    second = first + len(directory(entries()))
    data = tiff(entries(), following=second) + directory(entries(), following=first)
    with opened(data) as im:
        assert im.n_frames == 2
        im.seek(1)
        assert im.tobytes() == bytes(range(16))


def test_appending_to_a_circle() -> None:
    stream = io.BytesIO(tiff(entries(), following=24))
    with pytest.raises(RuntimeError, match="loop"):
        TiffImagePlugin.AppendingTiffWriter(stream)


def test_overlapping_directories() -> None:
    # Each directory begins two bytes (an empty count) before the next one's.
    data = bytearray(struct.pack("<2sHL", b"II", 42, 8) + directory(entries(offset=0)))
    for _ in range(2000):
        data += struct.pack("<HL", 0, len(data) + 6)
    with Bounds(5, 64), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert survive(bytes(data), ["TIFF"]) in ("ok", "SyntaxError", "UnidentifiedImageError")


def test_shared_values_are_not_multiplied() -> None:
    # A thousand tags in each of 20 directories that all have the same 60,000 bytes as value.
    filler = bytes(60_000)
    tags = entries(offset=0) + [(40_000 + i, 1, len(filler), 8) for i in range(1000)]
    size = len(directory(tags))
    data = struct.pack("<2sHL", b"II", 42, 8 + len(filler)) + filler
    for page in range(20):
        data += directory(tags, len(data) + size if page < 19 else 0)
    with Bounds(20, 32), pytest.warns(UserWarning, match="Tag data larger than file"):
        with opened(data) as im:
            assert im.n_frames == 20
            held = 0
            for frame in range(20):
                im.seek(frame)
                held += sum(len(value) for value in im.tag_v2._tagdata.values())
    # What stands outside the entries, and the seven values inside them.
    assert held <= len(data) + 20 * 7 * 4


@pytest.mark.parametrize(
    "entry",
    [
        (WIDTH, 2, 4, 0x31313131),  # text
        (WIDTH, 11, 1, 0x3F800000),  # float
        (WIDTH, LONG, 2, 8),
        (WIDTH, 9, 1, 0xFFFFFFFF),  # -1
        (LENGTH, LONG, 1, 0),
        (BITS, 2, 3, 0x303030),
        (BITS, 11, 1, 0x41000000),
        (SAMPLES, 2, 3, 0x303030),
        (SAMPLES, 9, 1, 0xFFFFFFFF),
        (SAMPLES, SHORT, 1, 60000),
        (PHOTOMETRIC, SHORT, 2, 0x10001),
        (PHOTOMETRIC, 2, 2, 0x31),
        (COMPRESSION, SHORT, 1, 60000),
        (COMPRESSION, 2, 2, 0x31),
        (OFFSETS, 2, 3, 0x303030),
        (OFFSETS, 11, 1, 0x41000000),
        (OFFSETS, 9, 1, 0xFFFFFFF0),
        (OFFSETS, LONG, 1, 0xFFFFFFF0),
        (ROWS, 2, 3, 0x303030),
        (ROWS, LONG, 1, 0),
        (ROWS, 9, 1, 0xFFFFFFF0),
        (ROWS, LONG, 1, 0xFFFFFFFF),
        (282, 2, 3, 0x303030),
        (282, 5, 1, 8),
        (296, 2, 3, 0x303030),
        (274, 2, 3, 0x303030),
        (274, SHORT, 1, 9),
        (330, 2, 3, 0x303030),
        (338, 2, 3, 0x303030),
        (339, 2, 3, 0x303030),
        (284, SHORT, 1, 2),
        (284, 2, 2, 0x32),
        (700, LONG, 1, 8),
        (34665, 2, 3, 0x303030),
        (34665, LONG, 1, 24),
        (0xBC01, SHORT, 1, 1),
    ],
)
def test_values_of_wrong_types(entry: Entry) -> None:
    survive(tiff(entries(entry)), ["TIFF"])
    survive(tiff(entries(entry, (284, SHORT, 1, 2))), ["TIFF"])


@pytest.mark.parametrize("tile", [(0, 4), (4, 0), (1, 1), (2**31 - 1, 16), (2**32 - 1, 2**32 - 1)])
def test_tiles_of_odd_sizes(tile: tuple[int, int]) -> None:
    tags = entries((322, LONG, 1, tile[0]), (323, LONG, 1, tile[1]), (324, LONG, 1, 8))
    without_strips = [entry for entry in tags if entry[0] != OFFSETS]
    with Bounds(5, 64):
        survive(tiff(without_strips), ["TIFF"])


def test_missing_pixels_are_an_error() -> None:
    with opened(tiff(entries(size=(4, 8)), bytes(range(16)))[:-1]) as im:
        im.tile = [tile._replace(offset=len(tiff(entries())) - 4) for tile in im.tile]
        with pytest.raises(OSError, match="truncated"):
            im.load()


def test_picture_larger_than_allowed() -> None:
    # The second frame is checked too, which Image.open does not see.
    large = entries(size=(60_000, 60_000))
    first = tiff(entries(), following=24 + len(directory(entries())))
    with opened(first + directory(large)) as im:
        im.seek(1)
        with pytest.raises(Image.DecompressionBombError):
            im.load()


def test_photoshop_blocks_cut_off() -> None:
    block = b"8BIM" + struct.pack(">H", 1000) + b"\x03abc" + struct.pack(">L", 3) + b"xyz\0"
    with opened(tiff(entries())) as im:
        for length in range(len(block) * 2):
            im.tag_v2[34377] = (block * 2)[:length]
            assert set(im.get_photoshop_blocks()) <= {1000}


# --- libtiff ---

needs_libtiff = pytest.mark.skipif(not features.check("libtiff"), reason="libtiff is not built in")
DEFLATE = 8


def deflated(
    *more: Entry, pixels: bytes = bytes(range(16)), size: tuple[int, int] = (4, 4)
) -> bytes:
    data = zlib.compress(pixels)
    data += bytes(len(data) % 2)
    counts = (COUNTS, LONG, 1, len(data))
    return tiff(entries((COMPRESSION, SHORT, 1, DEFLATE), counts, *more, size=size), data)


def compressed(name: str, mode: str = "RGB") -> bytes:
    return saved(picture(mode), "TIFF", compression=name)


@needs_libtiff
@pytest.mark.parametrize("name", ["tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg"])
def test_compressed_files_truncated_and_changed(name: str) -> None:
    data = compressed(name)
    with Bounds(120, 64):
        results = collections.Counter(survive(cut, ["TIFF"]) for cut in truncations(data))
        results.update(survive(changed, ["TIFF"]) for changed in changes(data, (0xFF,)))
    assert results["ok"] > 8
    assert sum(results.values()) - results["ok"] > 8


@needs_libtiff
@pytest.mark.parametrize("name", ["group3", "group4"])
def test_fax_files_truncated_and_changed(name: str) -> None:
    data = compressed(name, "1")
    with Bounds(120, 64):
        results = collections.Counter(survive(cut, ["TIFF"]) for cut in truncations(data))
        results.update(survive(changed, ["TIFF"]) for changed in changes(data, (0xFF,)))
    assert results["ok"] > 8


@needs_libtiff
def test_short_strip_leaves_zeros() -> None:
    # Memory that other images used must not show.
    Image.new("L", (64, 64), 255).close()
    with opened(deflated(pixels=b"\xff" * 8)) as im:
        try:
            pixels = im.tobytes()
        except OSError:
            return
    assert set(pixels[8:]) <= {0}


@needs_libtiff
@pytest.mark.parametrize(
    "entry",
    [
        (BITS, SHORT, 1, 16),  # a strip larger than the raw mode's
        (SAMPLES, SHORT, 1, 2),
        (SAMPLES, SHORT, 1, 6),
        (WIDTH, LONG, 1, 2**20),
        (LENGTH, LONG, 1, 2**20),
        (ROWS, LONG, 1, 2**31),
        (ROWS, LONG, 1, 2**32 - 1),
        (ROWS, LONG, 1, 0),
        (COUNTS, LONG, 1, 0),
        (COUNTS, LONG, 1, 2**32 - 1),
        (OFFSETS, LONG, 1, 2**32 - 1),
        (OFFSETS, LONG, 1, 0),
        (PHOTOMETRIC, SHORT, 1, 6),
        (284, SHORT, 1, 2),
        (317, SHORT, 1, 2),
        (317, SHORT, 1, 3),
        (338, SHORT, 1, 0),
    ],
)
def test_lying_sizes_in_compressed_files(entry: Entry) -> None:
    for compression in TiffImagePlugin.COMPRESSION_INFO:
        with Bounds(10, 64):
            survive(deflated(entry, (COMPRESSION, SHORT, 1, compression)), ["TIFF"], 2**21)


@needs_libtiff
@pytest.mark.parametrize(
    "tile", [(16, 16), (1, 1), (0, 16), (16, 0), (2**30, 16), (2**14, 2**14), (2**32 - 16,) * 2]
)
def test_lying_tiles_in_compressed_files(tile: tuple[int, int]) -> None:
    more = [(322, LONG, 1, tile[0]), (323, LONG, 1, tile[1]), (324, LONG, 1, 8), (325, LONG, 1, 16)]
    with Bounds(10, 64):
        survive(deflated(*more), ["TIFF"])


@needs_libtiff
def test_huge_tile_for_a_small_picture() -> None:
    more = [(322, LONG, 1, 2**14), (323, LONG, 1, 2**14), (324, LONG, 1, 8), (325, LONG, 1, 16)]
    with opened(deflated(*more)) as im, pytest.raises(OSError, match="decoder error -9"):
        im.load()


@needs_libtiff
def test_planes_that_are_not_there() -> None:
    # Three bands, of which the file has one.
    with opened(deflated((284, SHORT, 1, 2))) as im:
        im._mode = "RGB"
        im._size = im._tile_size
        im.tile = [im.tile[0]._replace(args=("RGB", False, im.tag_v2.offset))]
        with pytest.raises(OSError, match="decoder error -2"):
            im.load()


@needs_libtiff
@pytest.mark.parametrize(
    "arguments",
    [
        ("L", "L", 0, "", (), {}),
        ("L", "L", 0, "", [], []),
        ("L", "L", 0, "", [1], {}),
        ("L", "L", 0, "", [(1, 2, 3)], {}),
        ("L", "L", 0, "", [(320, (1, 2))], {}),
        ("L", "L", 0, "", [(338, 1)], {338: 4}),
        ("L", "L", 0, "", [(282, b"text")], {282: 2}),
        ("L", "L", 0, "", [(270, 5)], {270: 4}),
        ("1", "1", 0, "", [(259, 3), (65540, 5)], {}),  # libtiff would call it
        ("1", "1", 0, "", [(65540, 5), (259, 4), (65540, 5)], {}),
        ("L", "L", 0, "", [(256, None)], {}),
        ("L", "L", 0, "", [(297, (1, 2, 3))], {}),
        ("L", "L", -1, "", [(1, None)], {}),
    ],
)
def test_encoder_arguments(arguments: tuple[object, ...]) -> None:
    with pytest.raises((ValueError, RuntimeError, TypeError)):
        Image.core.libtiff_encoder(*arguments)


@needs_libtiff
def test_pairs_are_written_as_pairs() -> None:
    data = saved(picture(), "TIFF", compression="tiff_lzw", tiffinfo={297: (3, 7)})
    with opened(data) as im:
        assert im.tag_v2[297] == (3, 7)


@needs_libtiff
def test_descriptor_closed_before_the_encoder(tmp_path: Path) -> None:
    path = tmp_path / "out.tif"
    with open(path, "w+b") as file:
        encoder = Image.core.libtiff_encoder(
            "L", "L", file.fileno(), "", [(256, 5), (257, 4), (258, 8)], {}
        )
        encoder.setimage(picture("L").im, (0, 0, 5, 4))
    encoder.cleanup()
    assert path.stat().st_size >= 0
