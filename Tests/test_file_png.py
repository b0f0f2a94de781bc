"""PNG files made by hand, whose pixels and properties are known."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path

import pytest

from filemakers import PNG_SIGNATURE, opened, png, png_chunk, png_header, saved
from PIL import Image, ImageFile, ImageFilter, PngImagePlugin

GREY = png_header(2, 1, 8, 0)
GREY_ROWS = b"\0\x10\x20"


def grey(before: bytes = b"", after: bytes = b"") -> Image.Image:
    return opened(png(GREY, GREY_ROWS, before, after))


@pytest.mark.parametrize(
    "depth, colours, row, mode, pixels",
    [
        (1, 0, b"\x40", "1", [0, 255]),
        (2, 0, b"\x60", "L", [85, 170]),
        (4, 0, b"\x1f", "L", [17, 255]),
        (8, 0, b"\x10\x20", "L", [16, 32]),
        (16, 0, b"\x01\x02\xff\xfe", "I;16", [0x0102, 0xFFFE]),
        (8, 2, b"\1\2\3\4\5\6", "RGB", [(1, 2, 3), (4, 5, 6)]),
        (16, 2, bytes(range(12)), "RGB", [(0, 2, 4), (6, 8, 10)]),
        (8, 4, b"\1\2\3\4", "LA", [(1, 2), (3, 4)]),
        (16, 4, bytes(range(8)), "RGBA", [(0, 0, 0, 2), (4, 4, 4, 6)]),
        (8, 6, bytes(range(8)), "RGBA", [(0, 1, 2, 3), (4, 5, 6, 7)]),
        (16, 6, bytes(range(16)), "RGBA", [(0, 2, 4, 6), (8, 10, 12, 14)]),
    ],
)
def test_depths(depth: int, colours: int, row: bytes, mode: str, pixels: list[object]) -> None:
    with opened(png(png_header(2, 1, depth, colours), b"\0" + row)) as im:
        assert im.mode == mode
        assert im.size == (2, 1)
        assert [im.getpixel((x, 0)) for x in (0, 1)] == pixels


@pytest.mark.parametrize("depth, row", [(1, b"\x40"), (2, b"\x10"), (4, b"\x01"), (8, b"\0\1")])
def test_palette_depths(depth: int, row: bytes) -> None:
    palette = png_chunk(b"PLTE", bytes((9, 8, 7, 6, 5, 4)))
    with opened(png(png_header(2, 1, depth, 3), b"\0" + row, palette)) as im:
        assert im.mode == "P"
        assert [im.getpixel((x, 0)) for x in (0, 1)] == [0, 1]
        assert im.getpalette() == [9, 8, 7, 6, 5, 4]


def test_interlace_equals_plain() -> None:
    # In a picture of 3x3 pixels the passes 1, 4 to 7 have pixels.
    plain = [[10, 11, 12], [20, 21, 22], [30, 31, 32]]
    passes = [[10], [12], [30, 32], [11], [31], [20, 21, 22]]
    rows = b"".join(b"\0" + bytes(row) for row in passes)
    with opened(png(png_header(3, 3, 8, 0, interlace=1), rows)) as im:
        assert im.info["interlace"] == 1
        assert im.tobytes() == b"".join(map(bytes, plain))


def test_data_in_many_chunks() -> None:
    packed = zlib.compress(GREY_ROWS)
    chunks = b"".join(png_chunk(b"IDAT", packed[i : i + 1]) for i in range(len(packed)))
    empty = png_chunk(b"IDAT")
    data = PNG_SIGNATURE + GREY + empty + chunks + empty + png_chunk(b"tEXt", b"k\0v")
    with opened(data + png_chunk(b"IEND")) as im:
        assert im.tobytes() == b"\x10\x20"
        assert im.text == {"k": "v"}


def test_properties() -> None:
    chunks = [
        png_chunk(b"gAMA", struct.pack(">I", 45455)),
        png_chunk(b"cHRM", struct.pack(">8I", *range(100000, 900000, 100000))),
        png_chunk(b"sRGB", b"\2"),
        png_chunk(b"pHYs", struct.pack(">2IB", 1000, 2000, 1)),
        png_chunk(b"iCCP", b"name\0\0" + zlib.compress(b"profile")),
        png_chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\0\0\0\0\0"),
        png_chunk(b"tRNS", b"\0\x20"),
    ]
    info = grey(b"".join(chunks)).info
    assert info == {
        "gamma": 0.45455,
        "chromaticity": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0),
        "srgb": 2,
        "dpi": (25.4, 50.8),
        "icc_profile": b"profile",
        "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0",
        "transparency": 0x20,
    }
    assert list(info) == [
        "gamma",
        "chromaticity",
        "srgb",
        "dpi",
        "icc_profile",
        "exif",
        "transparency",
    ]


def test_aspect_without_unit() -> None:
    assert grey(png_chunk(b"pHYs", struct.pack(">2IB", 3, 4, 0))).info == {"aspect": (3, 4)}


@pytest.mark.parametrize(
    "header, data, value",
    [
        (png_header(2, 1, 8, 3), b"\xff\0\xff", 1),
        (png_header(2, 1, 8, 3), b"\xff\xff", b"\xff\xff"),
        (png_header(2, 1, 8, 3), b"\0\0", b"\0\0"),
        (png_header(2, 1, 1, 0), b"\0\1", 255),
        (png_header(2, 1, 16, 0), b"\x12\x34", 0x1234),
        (png_header(2, 1, 8, 2), b"\0\1\0\2\0\3", (1, 2, 3)),
    ],
)
def test_transparency(header: bytes, data: bytes, value: object) -> None:
    im = opened(png(header, b"\0" + bytes(6), png_chunk(b"tRNS", data)))
    assert im.info["transparency"] == value


def test_texts() -> None:
    after = png_chunk(b"iTXt", b"late\0\0\0\0\0" + "späte".encode())
    before = [
        png_chunk(b"tEXt", b"plain\0caf\xe9"),
        png_chunk(b"tEXt", b"alone"),
        png_chunk(b"tEXt", b"\0no key"),
        png_chunk(b"zTXt", b"packed\0\0" + zlib.compress(b"z" * 100)),
        png_chunk(b"iTXt", b"i\0\1\0en\0key\0" + zlib.compress("ü".encode())),
        png_chunk(b"iTXt", b"broken\0\0"),
    ]
    im = grey(b"".join(before), after)
    assert isinstance(im, PngImagePlugin.PngImageFile)
    assert "late" not in im.info
    assert im.text == {
        "plain": "café",
        "alone": "",
        "packed": "z" * 100,
        "i": "ü",
        "late": "späte",
    }
    assert im.text["i"].lang == "en"
    assert im.text["i"].tkey == "key"
    assert im.info["late"] == "späte"


def test_private_chunks() -> None:
    im = grey(png_chunk(b"prIv", b"1") + png_chunk(b"PUBl", b"2"), png_chunk(b"prIv", b"3"))
    assert isinstance(im, PngImagePlugin.PngImageFile)
    im.load()
    assert im.private_chunks == [(b"prIv", b"1"), (b"prIv", b"3", True)]


def test_still_image_has_one_frame() -> None:
    im = grey()
    assert isinstance(im, PngImagePlugin.PngImageFile)
    assert (im.n_frames, im.is_animated, im.default_image, im.tell()) == (1, False, False, 0)
    with pytest.raises(EOFError):
        im.seek(1)


def test_verify() -> None:
    good = png(GREY, GREY_ROWS)
    opened(good).verify()
    at = good.index(b"IDAT") + 8
    damaged = good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :]
    with pytest.raises(SyntaxError):
        opened(damaged).verify()
    with pytest.raises(OSError, match="truncated PNG file"):
        opened(good[:-12]).verify()
    im = opened(good)
    im.verify()
    with pytest.raises(RuntimeError):
        im.verify()


def test_truncated_file(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b"".join(b"\0" + bytes((y, 255 - y)) * 50 for y in range(100))
    data = png(png_header(100, 100, 8, 0), rows)[:-100]
    im = opened(data)
    for _ in range(2):
        with pytest.raises(OSError, match="image file is truncated"):
            im.load()
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    im = opened(data)
    assert im.getpixel((0, 1)) == 1
    assert im.getpixel((99, 99)) == 0


MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"]


def sample(mode: str) -> Image.Image:
    ramp = Image.frombytes("L", (16, 16), bytes(range(256)))
    if mode == "P":
        im = Image.frombytes("P", (16, 16), bytes(range(256)))
        im.putpalette(bytes(range(255, -1, -1)) * 3)
        return im
    if mode == "I;16":
        return Image.frombytes("I;16", (16, 16), bytes(range(256)) * 2)
    if mode == "1":
        return Image.frombytes("1", (16, 16), bytes(range(32)))
    return Image.merge(mode, [ramp, ramp.transpose(0), ramp.transpose(1), ramp][: len(mode)])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"compress_level": 0}], ids=str)
def test_round_trip(mode: str, options: dict[str, object], tmp_path: Path) -> None:
    im = sample(mode)
    assert opened(saved(im, "PNG", **options)).tobytes() == im.tobytes()
    path = tmp_path / "out.png"
    im.save(path, **options)
    with Image.open(path) as again:
        assert again.mode == mode
        assert again.tobytes() == im.tobytes()
        assert again.getpalette() == im.getpalette()


@pytest.mark.parametrize("mode", ["I", "F", "CMYK", "YCbCr", "HSV", "La", "RGBa", "PA"])
def test_modes_without_layout(mode: str) -> None:
    with pytest.raises(OSError, match=f"cannot write mode {mode} as PNG"):
        saved(Image.new(mode, (1, 1)), "PNG")


@pytest.mark.parametrize("entries, depth", [(1, 1), (2, 1), (3, 2), (5, 4), (17, 8), (256, 8)])
def test_palette_decides_depth(entries: int, depth: int) -> None:
    im = Image.new("P", (3, 3))
    im.putpalette(bytes(range(256))[:entries] * 3)
    data = saved(im, "PNG")
    assert data[24] == depth
    assert struct.unpack(">I", data[33:37])[0] == 3 * entries


def test_bits_of_grey() -> None:
    im = Image.frombytes("L", (4, 1), bytes((0, 1, 2, 3)))
    with opened(saved(im, "PNG", bits=2)) as again:
        assert list(again.tobytes()) == [0, 85, 170, 255]
    with pytest.raises(OSError):
        saved(im, "PNG", bits=3)


def test_chunks_written() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", "text")
    info.add_text("Packed", "text" * 50, zip=True)
    info.add_text("Snow", "☃")
    info.add(b"gAMA", b"\0\0\1\0")
    info.add(b"gAMA", b"\0\0\2\0")
    info.add(b"sRGB", b"\0")
    info.add(b"bKGD", b"\0\0")
    info.add(b"IDAT", b"not this way")
    info.add(b"prIv", b"before")
    info.add(b"prIw", b"after", after_idat=True)
    im = Image.new("L", (1, 1))
    chunks = PngImagePlugin.getchunks(
        im, pnginfo=info, icc_profile=b"icc", dpi=(72, 300), transparency=7, exif=b"Exif\0\0MM"
    )
    assert [cid for cid, _, _ in chunks] == [
        b"IHDR",
        b"iCCP",
        b"tEXt",
        b"zTXt",
        b"iTXt",
        b"gAMA",
        b"prIv",
        b"tRNS",
        b"pHYs",
        b"bKGD",
        b"eXIf",
        b"IDAT",
        b"prIw",
        b"IEND",
    ]
    contents = {cid: data for cid, data, _ in chunks}
    assert contents[b"gAMA"] == b"\0\0\1\0"
    assert contents[b"tRNS"] == b"\0\x07"
    assert contents[b"pHYs"] == struct.pack(">2IB", 2835, 11811, 1)
    assert contents[b"eXIf"] == b"MM"
    assert not hasattr(im, "encoderinfo")
    for cid, data, crc in chunks:
        assert crc == struct.pack(">I", zlib.crc32(cid + data))


@pytest.mark.parametrize(
    "mode, value, chunk",
    [
        ("P", 3, b"\xff\xff\xff\0"),
        ("P", b"\1\2", b"\1\2"),
        ("L", 300, b"\x01\x2c"),
        ("RGB", (1, 2, 259), b"\0\1\0\2\1\3"),
    ],
)
def test_write_transparency(mode: str, value: object, chunk: bytes) -> None:
    im = Image.new(mode, (1, 1))
    if mode == "P":
        im.putpalette(bytes(30))
    assert (b"tRNS", chunk) in [c[:2] for c in PngImagePlugin.getchunks(im, transparency=value)]


@pytest.mark.parametrize(
    "mode, value, error",
    [
        ("P", "x", ValueError),
        ("L", (1,), ValueError),
        ("RGB", 1, ValueError),
        ("RGB", (1, 2), ValueError),
        ("RGBA", 1, OSError),
    ],
)
def test_refused_transparency(mode: str, value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        saved(Image.new(mode, (1, 1)), "PNG", transparency=value)


def frames(*colours: int) -> list[Image.Image]:
    result = []
    for colour in colours:
        im = Image.new("RGB", (4, 4))
        im.putpixel((2, 1), (colour, 0, 0))
        result.append(im)
    return result


def animation_chunks(*colours: int, **options: object) -> list[tuple[bytes, bytes]]:
    first, *others = frames(*colours)
    data = saved(first, "PNG", save_all=True, append_images=others, **options)
    return [(cid, data) for cid, data in all_chunks(data) if cid in (b"acTL", b"fcTL")]


def all_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    out = io.BytesIO(data)
    out.seek(8)
    chunks: list[tuple[bytes, bytes]] = []
    with PngImagePlugin.ChunkStream(out) as stream:
        while not chunks or chunks[-1][0] != b"IEND":
            cid, _, length = stream.read()
            chunks.append((cid, out.read(length)))
            out.seek(4, 1)
    return chunks


def control(number: int, box: tuple[int, ...], delay: tuple[int, int]) -> tuple[bytes, bytes]:
    x, y, width, height = box
    return b"fcTL", struct.pack(">5I2H2B", number, width, height, x, y, *delay, 0, 0)


def test_write_animation() -> None:
    full, changed = (0, 0, 4, 4), (2, 1, 1, 1)
    assert animation_chunks(0, 9, duration=[100, 50]) == [
        (b"acTL", struct.pack(">2I", 2, 0)),
        control(0, full, (1, 10)),
        control(1, changed, (1, 20)),
    ]
    # A frame like the one before only makes that last longer.
    assert animation_chunks(0, 0, 9, duration=[100, 20, 30]) == [
        (b"acTL", struct.pack(">2I", 2, 0)),
        control(0, full, (3, 25)),
        control(1, changed, (3, 100)),
    ]
    assert animation_chunks(0, 0, duration=10) == []
    assert animation_chunks(0, 0) == [
        (b"acTL", struct.pack(">2I", 2, 0)),
        control(0, full, (0, 1)),
        control(1, full, (0, 1)),
    ]


def test_read_animation() -> None:
    images = frames(10, 20, 30)
    data = saved(images[0], "PNG", save_all=True, append_images=images[1:], duration=40, loop=3)
    with opened(data) as im:
        assert isinstance(im, PngImagePlugin.PngImageFile)
        assert (im.n_frames, im.is_animated, im.default_image) == (3, True, False)
        assert im.get_format_mimetype() == "image/apng"
        assert im.info["loop"] == 3
        for frame in (0, 1, 2, 1, 2, 0):
            im.seek(frame)
            assert im.tell() == frame
            assert im.convert("RGB").tobytes() == images[frame].tobytes()
            assert im.info["duration"] == 40.0
        with pytest.raises(EOFError):
            im.seek(3)


def test_default_image() -> None:
    images = frames(10, 20, 30)
    options = {"save_all": True, "append_images": images[1:], "default_image": True}
    with opened(saved(images[0], "PNG", **options)) as im:
        assert isinstance(im, PngImagePlugin.PngImageFile)
        assert (im.n_frames, im.default_image) == (3, True)
        for frame, image in enumerate(images):
            im.seek(frame)
            assert im.tobytes() == image.tobytes()


def _picture(kind: str, size: tuple[int, int]) -> Image.Image:
    rnd = random.Random(kind)
    noise = Image.frombytes("L", size, rnd.randbytes(size[0] * size[1]))
    if kind == "noise":
        return noise
    if kind == "photograph":
        return noise.filter(ImageFilter.GaussianBlur(3))
    tile = noise.crop((0, 0, 37, 11))
    drawing = Image.new("L", size)
    for x in range(0, size[0], 41):
        for y in range(0, size[1], 13):
            drawing.paste(tile, (x, y))
    if kind == "both":
        drawing.paste(noise.crop((0, 0, size[0], size[1] // 2)), (0, size[1] // 4))
    return drawing


@pytest.mark.parametrize("kind", ["noise", "photograph", "drawing", "both"])
@pytest.mark.parametrize("height", [383, 384, 385, 768, 769, 1000])
def test_streams_of_several_pieces(kind: str, height: int) -> None:
    """256 bytes a row: 384 rows are exactly what the encoder compresses at a time."""
    im = _picture(kind, (255, height))
    for options in ({}, {"compress_level": 1}, {"compress_level": 9}, {"optimize": True}):
        data = saved(im, "PNG", **options)
        stream = b"".join(body for cid, body in all_chunks(data) if cid == b"IDAT")
        inflater = zlib.decompressobj()
        rows = inflater.decompress(stream)
        assert inflater.eof and not inflater.unused_data  # with the right checksum
        assert len(rows) == 256 * height
        assert Image.open(io.BytesIO(data)).tobytes() == im.tobytes()


def test_photographs_are_searched_for_runs_only_and_drawings_for_more() -> None:
    """The smaller of both is kept, so that neither is much larger than by zlib's default."""
    for kind in ("noise", "photograph", "drawing", "both"):
        im = _picture(kind, (300, 900))
        best = len(saved(im, "PNG", compress_type=zlib.Z_FILTERED, dictionary=b"\0"))
        # Each of the three pieces begins without history: with the tile's 407 bytes and a code.
        assert len(saved(im, "PNG")) < 1.06 * best + 3 * 1000, kind
