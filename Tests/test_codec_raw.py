"""The raw codec and the tables of raw modes."""

from __future__ import annotations

import io
import random
import sys

import pytest

from PIL import Image, ImageFile
from PIL import _imaging as core

MODES = "1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr HSV LAB I F I;16 I;16L I;16B I;16N".split()
#: Every name of a raw mode that exists for some mode.
NAMES = """
1 1;I 1;R 1;IR 1;8 L L;1 L;2 L;2I L;2R L;2IR L;4 L;4I L;4R L;4IR L;I L;R L;16 L;16B LX
P P;1 P;2 P;4 P;2L P;4L P;R PX I;16 I;16N I;16B I;16R I;12 I;16L I I;8 I;8S I;16S I;16NS I;16BS
I;32 I;32N I;32S I;32NS I;32B I;32BS F F;8 F;8S F;16 F;16N F;16S F;16NS F;16B F;16BS F;32 F;32N
F;32S F;32NS F;32B F;32BS F;32F F;32NF F;32BF F;64F F;64NF F;64BF LA LA;L La PA PA;L LA;16B
RGB RGB;L RGB;R RGB;16L RGB;16N RGB;16B BGR RGBX RGBX;L RGBA;L RGBXX RGBXXX RGBX;16L RGBX;16N
RGBX;16B BGRX BGXR XRGB XBGR CMYK YCC;P R G B X A R;16L R;16N R;16B G;16L G;16N G;16B B;16L B;16N
B;16B A;16L A;16N A;16B RGB;15 BGR;15 BGR;5 RGB;16 BGR;16 RGB;4B RGBA;15 BGRA;15 BGRA;15Z RGBA;4B
RGBA RGBAX RGBAXX RGBA;I RGBA;16L RGBA;16N RGBA;16B BGRA BGRA;16L BGRA;16B BGAR ARGB ABGR RGBa
RGBaX RGBaXX BGRa RGBa;16L RGBa;16N RGBa;16B YCCA;P aRGB aBGR CMYKX CMYKXX CMYK;I CMYK;L CMYK;16L
CMYK;16N CMYK;16B C M Y K C;I M;I Y;I K;I YCbCr YCbCr;L YCbCrX YCbCrK Cb Cr LAB HSV H S V
""".split()


def accepted(factory: str) -> list[tuple[str, str]]:
    pairs = []
    for mode in MODES:
        for raw in NAMES:
            try:
                getattr(core, factory)(mode, raw)
            except ValueError:
                continue
            pairs.append((mode, raw))
    return pairs


def test_the_tables_are_complete() -> None:
    assert len(accepted("raw_decoder")) == 221
    assert len(accepted("raw_encoder")) == 93
    for mode in MODES:
        assert (mode, mode) in accepted("raw_decoder")
        assert (mode, mode) in accepted("raw_encoder")


def decoded(mode: str, raw: str, width: int, data: bytes) -> bytes:
    im = core.new(mode, (width, 1))
    decoder = core.raw_decoder(mode, raw)
    decoder.setimage(im, None)
    assert decoder.decode(data) == (-1, 0)
    return memory(im, mode)


def memory(im: object, mode: str) -> bytes:
    """Rows as they are stored, where a packer gives that; else what tobytes gives."""
    encoder = core.raw_encoder(mode, {"RGB": "RGBX", "YCbCr": "YCbCrX"}.get(mode, mode))
    encoder.setimage(im, None)
    return bytes(encoder.encode(1 << 20)[2])


@pytest.mark.parametrize(
    ("mode", "raw", "data", "expected"),
    [
        ("RGB", "BGR", "010203", "030201ff"),
        ("RGB", "RGB;16B", "010203040506", "010305ff"),
        ("RGB", "RGB;16L", "010203040506", "020406ff"),
        ("RGB", "BGR;16", "1f00", "0000ffff"),
        ("RGB", "RGB;15", "1f00", "ff0000ff"),
        ("RGB", "CMYK", "ff000000", "00ffffff"),
        ("RGBA", "BGRA;15Z", "1f80", "0000ff00"),
        ("RGBA", "RGBa", "10204080", "1f3f7f80"),
        ("RGBA", "RGBa", "10204000", "00000000"),
        ("RGBA", "ABGR", "01020304", "04030201"),
        ("CMYK", "CMYK;I", "01020304", "fefdfcfb"),
        ("L", "L;4I", "f0", "00"),
        ("L", "L;16B", "1234", "12"),
        ("I;16", "I;12", "abc0", "bc0a"),
        ("I", "I;16BS", "fffe", "feffffff"),
        ("F", "F;64BF", "3ff8000000000000", "0000c03f"),
        ("1", "1;R", "01", "80"),
        ("P", "P;2L", "8080", "03"),
    ],
)
def test_pixels(mode: str, raw: str, data: str, expected: str) -> None:
    assert decoded(mode, raw, 1, bytes.fromhex(data)).hex() == expected


def test_every_pair_takes_exact_rows() -> None:
    """Each unpacker is content with exactly its row, and gives every byte of the image."""
    rnd = random.Random(1)
    for mode, raw in accepted("raw_decoder"):
        for width in (1, 2, 7, 8, 9, 33, 64, 130):
            im = core.new(mode, (width, 2))
            decoder = core.raw_decoder(mode, raw)
            decoder.setimage(im, None)
            data, low = rnd.randbytes(2 * 8 * width), 0
            consumed = 0
            while consumed >= 0 and low <= len(data):
                low += 1
                consumed, status = decoder.decode(data[:low])
                assert status == 0
                if consumed > 0:
                    assert consumed == low  # a whole row, as soon as it is there
                    data, low = data[consumed:], 0
            assert consumed == -1, (mode, raw, width)


def test_strides_and_direction() -> None:
    im = core.new("L", (2, 3))
    decoder = core.raw_decoder("L", "L", 4, -1)
    decoder.setimage(im, None)
    assert decoder.decode(b"ab") == (2, 0)
    assert decoder.decode(b"..c") == (2, 0)  # the gap alone
    assert decoder.decode(b"cd..e") == (4, 0)
    assert decoder.decode(b"ef") == (-1, 0)
    assert memory(im, "L") == b"efcdab"
    encoder = core.raw_encoder("L", "L", 3, -1)
    encoder.setimage(im, None)
    assert encoder.encode(7) == (6, 0, b"ab\0cd\0")
    assert encoder.encode(7) == (3, 1, b"ef\0")


@pytest.mark.parametrize(("stride", "status"), [(1, -8), (-1, -8), (2, 0), (0, 0)])
def test_bad_stride(stride: int, status: int) -> None:
    decoder = core.raw_decoder("L", "L", stride)
    decoder.setimage(core.new("L", (2, 1)), None)
    assert decoder.decode(b"ab") == (-1, status)


def test_small_buffer() -> None:
    encoder = core.raw_encoder("RGB", "RGB")
    encoder.setimage(core.new("RGB", (2, 1)), None)
    assert encoder.encode(5) == (0, -8, b"")


@pytest.mark.parametrize("width", [1, 15, 511, 512, 513, 1100])
@pytest.mark.parametrize("mode", ["LA", "RGB", "RGBA", "CMYK"])
def test_planes_of_rows(mode: str, width: int) -> None:
    """Bands that follow each other in a row, also in rows longer than what is done at once."""
    rnd = random.Random(width)
    bands = len(Image.new(mode, (1, 1)).getbands())
    data = rnd.randbytes(bands * width)
    pixels = bytes(data[x + k * width] for x in range(width) for k in range(bands))
    im = Image.frombytes(mode, (width, 1), data, "raw", mode + ";L")
    assert im.tobytes() == pixels
    assert im.tobytes("raw", mode + ";L") == data
    if mode == "RGB":
        assert set(im.tobytes("raw", "RGBX")[3::4]) == {255}


class Counting(io.BytesIO):
    """A file in memory whose reads can be seen."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


@pytest.mark.parametrize("kind", [io.BytesIO, Counting])
@pytest.mark.parametrize("cut", [0, 1, 100, 70000])
def test_truncated_memory(
    kind: type[io.BytesIO], cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decoded from memory itself ends as what is read in pieces does."""
    size = 301, 299
    picture = Image.frombytes("RGB", size, random.Random(1).randbytes(3 * 301 * 299))
    file = io.BytesIO()
    picture.save(file, "PPM")
    data = file.getvalue()
    short = kind(data[: len(data) - cut])
    im = Image.open(short)
    if cut == 0:
        assert im.tobytes() == picture.tobytes()
        assert short.tell() == len(data)
        return
    left = (3 * 301 * 299 - cut) % (3 * 301)
    with pytest.raises(OSError, match=rf"truncated \({left} bytes not processed\)"):
        im.load()
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    rows = (3 * 301 * 299 - cut) // (3 * 301)
    part = Image.open(kind(data[: len(data) - cut]))
    assert part.crop((0, 0, 301, rows)).tobytes() == picture.crop((0, 0, 301, rows)).tobytes()


def test_decoding_changes_no_file() -> None:
    file = Counting()
    Image.new("L", (40, 40), 7).save(file, "PPM")
    data = bytes(file.getvalue())
    file.seek(0)
    im = Image.open(file)
    im.load()
    assert file.reads > 1  # a class of its own is asked for its bytes
    im.putpixel((0, 0), 9)
    file.write(b"more")
    assert file.getvalue() == data + b"more"


class Pieces(io.BytesIO):
    """Written to piece by piece, as any file."""


@pytest.mark.parametrize(("mode", "raw"), accepted("raw_encoder"))
@pytest.mark.parametrize("size", [(1, 1), (13, 7), (64, 1100)])
def test_memory_is_written_at_once_as_in_pieces(
    mode: str, raw: str, size: tuple[int, int]
) -> None:
    pixel = len(Image.new(mode, (8, 1)).tobytes()) / 8
    data = random.Random(3).randbytes(int((size[0] + 7) // 8 * 8 * size[1] * pixel))
    row = len(Image.new(mode, (size[0], 1)).tobytes())
    im = Image.frombytes(mode, size, data[: row * size[1]])
    for box in ((0, 0, *size), (0, size[1] // 2, size[0], size[1]), (size[0] // 2, 0, *size)):
        for stride, direction in ((0, 1), (0, -1), (row, 1), (4 * size[0] * 8 + 5, 1)):
            files = io.BytesIO(b"start"), Pieces(b"start")
            for file in files:
                file.seek(3)
                tile = ImageFile._Tile("raw", box, 0, (raw, stride, direction))
                try:
                    ImageFile._save(im, file, [tile])
                except OSError as error:
                    file.write(str(error).encode())
            assert files[0].getvalue() == files[1].getvalue()
            files[0].write(b"nothing of it may still be lent")


def test_images_behind_each_other_in_memory() -> None:
    """Also behind more than an image has bytes, and where something stands already."""
    im = Image.frombytes("RGB", (70, 41), random.Random(4).randbytes(3 * 70 * 41))
    files = io.BytesIO(), Pieces()
    tile = ImageFile._Tile("raw", (0, 0, *im.size), 0, ("RGB", 0, 1))
    for before in (b"", b"x", bytes(3 * 70 * 41), bytes(20000)):
        for file in files:
            file.write(before)
            ImageFile._save(im, file, [tile])
            ImageFile._save(im, file, [tile])
            assert file.tell() == len(file.getvalue())
    for file in files:
        file.seek(7)
        ImageFile._save(im, file, [tile])
        file.write(b"behind")
    assert files[0].getvalue() == files[1].getvalue()


def test_rows_wider_than_a_piece_fail() -> None:
    im = Image.new("L", (10, 10))
    for stride, fails in ((1 << 16, False), ((1 << 16) + 1, True)):
        file = io.BytesIO()
        tile = ImageFile._Tile("raw", (0, 0, *im.size), 0, ("L", stride, 1))
        if fails:
            with pytest.raises(OSError, match="codec configuration error"):
                ImageFile._save(im, file, [tile])
        else:
            ImageFile._save(im, file, [tile])
        assert len(file.getvalue()) == (0 if fails else 10 * stride)


def test_size_and_pieces_of_an_encoder() -> None:
    im = Image.frombytes("L", (3, 4), bytes(range(12)))
    encoder = core.raw_encoder("L", "L", 0, 1)
    with pytest.raises(ValueError, match="no image"):
        encoder.encoded_size(100)
    encoder.setimage(im.im, None)
    assert encoder.encoded_size(2) == 0
    assert encoder.encoded_size(3) == 12
    for size, exception in ((-1, ValueError), (sys.maxsize, MemoryError)):
        with pytest.raises(exception):
            encoder.encode_after(b"x", size)
    with pytest.raises(ValueError, match="negative"):
        encoder.encoded_size(-1)
    assert encoder.encode_after(b"x", 7) == (0, b"x" + bytes(range(6)))
    assert encoder.encoded_size(3) == 0
    assert encoder.encode_after(bytearray(b"yz"), 9) == (1, b"yz" + bytes(range(6, 12)))


def test_a_file_that_cannot_grow_keeps_its_error() -> None:
    file = io.BytesIO(b"lent")
    im = Image.new("L", (100, 100))
    file.seek(0, io.SEEK_END)
    with file.getbuffer(), pytest.raises(BufferError):
        ImageFile._save(im, file, [ImageFile._Tile("raw", (0, 0, *im.size), 0, ("L", 0, 1))])
    assert file.getvalue() == b"lent"
