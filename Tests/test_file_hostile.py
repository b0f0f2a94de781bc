"""Damaged and lying files: a result or a documented exception, in bounded time and memory."""

from __future__ import annotations

import struct
import warnings
import zlib

import pytest

from filemakers import (
    PNG_SIGNATURE,
    Bounds,
    bmp,
    changes,
    opened,
    outcomes_of,
    png,
    png_chunk,
    png_header,
    saved,
    survive,
    truncations,
)
from PIL import Image, ImageFile, PngImagePlugin


def picture() -> Image.Image:
    return Image.frombytes("RGB", (5, 4), bytes(i * 4 for i in range(60)))


def exif() -> Image.Exif:
    result = Image.Exif()
    result[0x0112] = 3
    result[0x010F] = "a maker of cameras"
    result.get_ifd(0x8769)[0x9000] = b"0230"
    result.get_ifd(0x8825)[2] = (1.0, 2.0, 3.0)
    return result


def still_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("a", "b")
    info.add_text("packed", "z" * 90, zip=True)
    info.add_itxt("i", "ü", "en", "k", zip=True)
    return saved(picture(), "PNG", pnginfo=info, dpi=(72, 72), exif=exif(), icc_profile=b"icc")


def interlaced_png() -> bytes:
    trailer = png_chunk(b"tEXt", b"k\0v") + png_chunk(b"tRNS", b"\0\1\0\2\0\3")
    # All filters none, all pixels black.
    return png(png_header(5, 4, 8, 2, interlace=1), bytes(100), after=trailer)


def animated_png() -> bytes:
    im = picture()
    others = [im.transpose(method) for method in (0, 1)]
    return saved(
        im,
        "PNG",
        save_all=True,
        append_images=others,
        duration=[1, 2, 3],
        disposal=[0, 1, 2],
        blend=[0, 1, 1],
    )


def baseline_jpeg() -> bytes:
    resources = b"Photoshop 3.0\0" + b"8BIM\x03\xed\0\0\0\0\0\x0e" + bytes(range(14))
    extra = b"\xff\xed" + struct.pack(">H", 2 + len(resources)) + resources
    return saved(
        picture(),
        "JPEG",
        exif=exif(),
        icc_profile=b"icc",
        comment=b"text",
        dpi=(50, 60),
        extra=extra,
    )


def progressive_jpeg() -> bytes:
    return saved(picture().convert("CMYK"), "JPEG", progressive=True)


def run_length_bmp(bits: int) -> bytes:
    palette = b"".join(bytes((9 * i, i, 3, 0)) for i in range(16))
    literals = [0, 3, 1, 2, 3, 0] if bits == 8 else [0, 3, 0x12, 0x30]
    # Runs, the last of them cut; literals; a jump of 5 pixels; a run.
    rows = [3, 1, 2, 2, 9, 9, 0, 0, *literals, 0, 0, 0, 2, 5, 0, 0, 0, 9, 4, 0, 1]
    return bmp((6, 4), bits, bytes(rows), palette, compression=1 if bits == 8 else 2)


def bit_field_bmp() -> bytes:
    masks = struct.pack("<3I", 0xF800, 0x7E0, 0x1F)
    return bmp((3, 2), 16, bytes(range(16)), compression=3, masks=masks)


FILES: dict[str, tuple[str, bytes]] = {
    "still.png": ("PNG", still_png()),
    "interlaced.png": ("PNG", interlaced_png()),
    "animated.png": ("PNG", animated_png()),
    "baseline.jpg": ("JPEG", baseline_jpeg()),
    "progressive.jpg": ("JPEG", progressive_jpeg()),
    "rle8.bmp": ("BMP", run_length_bmp(8)),
    "rle4.bmp": ("BMP", run_length_bmp(4)),
    "fields.bmp": ("BMP", bit_field_bmp()),
    "rgb.dib": ("DIB", saved(picture(), "DIB")),
    "plain.ppm": ("PPM", b"P3 # c\n2 2\n255\n1 2 3 4 5 6 7 8 9 10 11 12"),
    "plain.pbm": ("PPM", b"P1\n5 3\n1 0 1 0 1#x\n01010 1 1 1 0 0"),
    "scaled.pgm": ("PPM", b"P5 4 2 100\n\1\2\3\4\x50\x60\x70\xff"),
    "wide.pgm": ("PPM", b"P5 2 2 1000\n\0\1\0\2\3\xe8\xff\xff"),
    "float.pfm": ("PPM", b"Pf 2 2 -1.0\n" + struct.pack("<4f", 1, 2, 3, 4)),
}


@pytest.mark.parametrize("tolerant", [False, True], ids=["strict", "tolerant"])
@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str, tolerant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    format, data = FILES[name]
    assert survive(data, [format]) == "ok"
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", tolerant)
    with Bounds(seconds=60, megabytes=100):
        outcomes = outcomes_of(truncations(data), [format])
        assert outcomes["UnidentifiedImageError"] > 0
        # Reading goes on to the last byte for none of these formats; but not without data.
        assert outcomes["ok"] < len(data)
        outcomes += outcomes_of(changes(data), [format])
    assert outcomes["ok"] > 0


# Lengths that are not true


@pytest.mark.parametrize("cid", [b"IDAT", b"tEXt", b"iCCP", b"prIv", b"eXIf", b"fdAT", b"PLTE"])
def test_png_chunk_that_says_it_is_huge(cid: bytes) -> None:
    data = PNG_SIGNATURE + png_header(1000, 1000, 8, 2) + b"\x7f\xff\xff\xff" + cid + b"short"
    with Bounds(seconds=5, megabytes=30):
        assert survive(data, ["PNG"]) in ("OSError", "SyntaxError", "UnidentifiedImageError")


def test_png_of_unbelievable_size() -> None:
    data = png(png_header(2**31 - 1, 2**31 - 1, 8, 2), b"\0")
    with pytest.raises(Image.DecompressionBombError), Bounds(seconds=5, megabytes=10):
        opened(data)


@pytest.mark.parametrize("size", [(0, 1), (1, 0)])
def test_png_without_size(size: tuple[int, int]) -> None:
    with pytest.raises(OSError):
        opened(png(png_header(*size, 8, 2), b"\0"))


def test_png_data_far_longer_than_the_picture() -> None:
    # 20 MB of packed zeros for a picture of four pixels: only the picture is decoded.
    packed = zlib.compress(bytes(20_000_000))
    pieces = b"".join(png_chunk(b"IDAT", packed[i : i + 1000]) for i in range(0, len(packed), 1000))
    data = PNG_SIGNATURE + png_header(2, 2, 8, 0) + pieces + png_chunk(b"IEND")
    with Bounds(seconds=5, megabytes=2):
        assert opened(data).tobytes() == bytes(4)


def test_png_many_empty_chunks() -> None:
    data = PNG_SIGNATURE + png_header(2, 2, 8, 0) + png_chunk(b"IDAT") * 50_000
    with Bounds(seconds=10, megabytes=20):
        assert survive(data, ["PNG"]) == "OSError"


# Texts that grow


@pytest.mark.parametrize("cid", [b"zTXt", b"iTXt", b"iCCP"])
def test_png_text_bomb(cid: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zlib.compress(bytes(PngImagePlugin.MAX_TEXT_CHUNK + 1), 9)
    prefix = b"k\0\1\0\0\0" if cid == b"iTXt" else b"k\0\0"
    data = png(png_header(1, 1, 8, 0), b"\0\7", png_chunk(cid, prefix + bomb))
    with pytest.raises(ValueError, match="MAX_TEXT_CHUNK"), Bounds(seconds=5, megabytes=20):
        opened(data)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert opened(data).tobytes() == b"\7"


def test_png_text_of_the_largest_size() -> None:
    size = PngImagePlugin.MAX_TEXT_CHUNK
    text = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * size))
    assert len(opened(png(png_header(1, 1, 8, 0), b"\0\7", text)).info["k"]) == size


def test_png_many_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PngImagePlugin, "MAX_TEXT_MEMORY", 1000)
    texts = b"".join(png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b"x" * 100)) for _ in range(11))
    with pytest.raises(ValueError, match="Too much memory used in text chunks"):
        opened(png(png_header(1, 1, 8, 0), b"\0\7", texts))


# Exif


def tiff(
    entries: list[tuple[int, int, int, int]], next_offset: int = 0, tail: bytes = b""
) -> bytes:
    body = b"".join(struct.pack(">HHLL", *entry) for entry in entries)
    return (
        b"MM\0*\0\0\0\x08"
        + struct.pack(">H", len(entries))
        + body
        + struct.pack(">L", next_offset)
        + tail
    )


def loaded(data: bytes) -> Image.Exif:
    result = Image.Exif()
    result.load(data)
    return result


def test_exif_directories_in_a_circle() -> None:
    # The next directory, Exif and GPS directory all are the main one; and so is Interop.
    pointers = [(tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005)]
    data = loaded(tiff(pointers, next_offset=8))
    with Bounds(seconds=2, megabytes=5):
        for tag in (-1, 0x8769, 0x8825, 0xA005):
            assert data.get_ifd(tag) == {0x8769: 8, 0x8825: 8, 0xA005: 8}
        assert loaded(data.tobytes())[0x8769] != 8


def test_exif_values_that_share_their_bytes() -> None:
    # 3,000 tags, each of which claims the same 36,000 bytes.
    entries = [(tag, 1, 36_000, 8) for tag in range(3000)]
    with warnings.catch_warnings(record=True) as caught, Bounds(seconds=5, megabytes=20):
        warnings.simplefilter("always")
        data = loaded(tiff(entries))
        assert len(data) == 1
    assert len(caught) == 2999
    assert "Tag data larger than file" in str(caught[0].message)


def test_exif_counts_that_are_not_true() -> None:
    entries = [(tag, kind, 2**32 - 1, 8) for tag, kind in enumerate(range(1, 14))]
    with warnings.catch_warnings(), Bounds(seconds=2, megabytes=5):
        warnings.simplefilter("ignore")
        assert len(loaded(tiff(entries))) == 0


def test_maker_note_whose_values_overlap() -> None:
    # 5,000 values of nearly the whole note each would be 300 MB.
    count, size = 5000, 70_000
    values = b"".join(struct.pack("<HHLL", tag, 1, size, 12) for tag in range(count))
    note = b"FUJIFILM" + struct.pack("<LH", 12, count) + values
    note += bytes(12 + size - len(note))
    source = Image.Exif()
    source.get_ifd(0x8769)[0x927C] = note
    with warnings.catch_warnings(), Bounds(seconds=5, megabytes=10):
        warnings.simplefilter("ignore")
        assert 0 < len(loaded(source.tobytes()).get_ifd(0x927C)) < 100


# JPEG


def test_jpeg_of_many_exif_segments() -> None:
    # Joining them one by one would copy 2 GB.
    segment = b"\xff\xe1" + struct.pack(">H", 65535) + b"Exif\0\0" + bytes(65527)
    start = saved(picture(), "JPEG")
    data = start[:2] + segment * 256 + start[2:]
    with Bounds(seconds=5, megabytes=120):
        im = opened(data)
        assert len(im.info["exif"]) == 6 + 256 * 65527


def test_jpeg_junk_and_fill_bytes() -> None:
    data = saved(picture(), "JPEG")
    stuffed = data[:2] + b"\xff" * 5000 + data[3:20] + b"junk" * 1000 + data[20:]
    assert opened(stuffed).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize("length", [0, 1])
def test_jpeg_segment_shorter_than_its_length(length: int) -> None:
    data = saved(picture(), "JPEG")
    extra = b"\xff\xdd" + struct.pack(">H", length)
    assert survive(data[:2] + extra + data[2:], ["JPEG"]) in ("ok", "OSError")


# BMP and PPM


@pytest.mark.parametrize("bits", [4, 8])
def test_bmp_run_length_jump(bits: int) -> None:
    palette = bytes(range(64))
    jumps = bytes((0, 2, 255, 255)) * 50_000
    data = bmp((4, 4), bits, jumps + b"\0\1", palette, compression=1 if bits == 8 else 2)
    with Bounds(seconds=2, megabytes=5):
        assert survive(data, ["BMP"]) == "ok"


def test_bmp_of_run_lengths_without_pixels() -> None:
    # The image is never filled: neither by runs cut off at the end of the row ...
    data = bmp((1, 1000), 8, bytes((200, 1)) * 100_000, bytes(range(64)), compression=1)
    with Bounds(seconds=10, megabytes=5):
        assert survive(data, ["BMP"]) == "ValueError"


def test_bmp_header_size() -> None:
    for size in (0, 1, 11, 41, 2**31, 2**32 - 1):
        data = b"BM" + bytes(12) + struct.pack("<I", size) + bytes(200)
        with Bounds(seconds=2, megabytes=5):
            assert survive(data, ["BMP"]) in ("OSError", "UnidentifiedImageError")


@pytest.mark.parametrize("colours", [2**32 - 1, 65537])
def test_bmp_palette_size(colours: int) -> None:
    data = bytearray(bmp((1, 1), 8, bytes(4), bytes(8)))
    data[46:50] = struct.pack("<I", colours)
    with pytest.raises(OSError, match="Unsupported BMP Palette size"):
        opened(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"P6 9999 9999 255 ",
        b"P6 9999 9999 100 ",
        b"P5 9999 9999 1000 ",
        b"P3 9999 9999 255 1 2 3",
        b"P1 9999 9999 1 0",
        b"Pf 9999 9999 1.0 ",
    ],
)
def test_ppm_without_the_pixels_it_announces(data: bytes) -> None:
    with Bounds(seconds=10, megabytes=10):
        assert survive(data, ["PPM"], limit=10**8) in ("OSError", "ValueError")


def test_ppm_endless_tokens_and_comments() -> None:
    for data in (b"P2 1 1 255 " + b"1" * 10**6, b"P2 1" + b"1" * 10**6, b"P" * 100):
        assert survive(data, ["PPM"]) in ("ValueError", "UnidentifiedImageError")
    with Bounds(seconds=10, megabytes=20):
        comment = b"#" + b"x" * 3 * 10**6 + b"\n"
        assert opened(b"P2 1 1 255 " + comment + b"7").tobytes() == b"\7"
        assert survive(b"P2 1 1 255 " + comment * 2, ["PPM"]) == "ValueError"
