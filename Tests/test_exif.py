"""The class Exif, TIFF directories and their number type; values written down by hand."""

from __future__ import annotations

import copy
import hashlib
import io
import math
import pickle
import struct
from fractions import Fraction

import pytest

from filemakers import opened, png, png_chunk, png_header
from PIL import ExifTags, Image, TiffTags
from PIL._ifd_rational import IFDRational, _limit_rational, _limit_signed_rational
from PIL._tiff_ifd import ImageFileDirectory_v1, ImageFileDirectory_v2


def directory(order: str, *entries: tuple[int, int, int, bytes], following: int = 0) -> bytes:
    body = b"".join(struct.pack(order + "HHL", *entry[:3]) + entry[3] for entry in entries)
    return struct.pack(order + "H", len(entries)) + body + struct.pack(order + "L", following)


def exif_of(
    order: str, *entries: tuple[int, int, int, bytes], tail: bytes = b"", following: int = 0
) -> Image.Exif:
    head = b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08"
    exif = Image.Exif()
    exif.load(b"Exif\0\0" + head + directory(order, *entries, following=following) + tail)
    return exif


# Tables


@pytest.mark.parametrize(
    "table, digest",
    [
        (
            {int(tag): tag.name for tag in ExifTags.Base},
            "73521063543b8906792981fa1b5e59bdddb36e95d3fcd781b016afc0b7f9c695",
        ),
        (
            {int(tag): tag.name for tag in ExifTags.GPS},
            "f5e96b78847f311bda1a9adb09d6638a617da160fba830f250301f5816057816",
        ),
        (ExifTags.TAGS, "01ea0bd5a5e7c4c2905ab9f5ffe6887faec60dffaf69a635c98e07b6c47ebf36"),
    ],
    ids=["Base", "GPS", "TAGS"],
)
def test_tables(table: dict[int, str], digest: str) -> None:
    lines = "\n".join(f"{value:04X} {table[value]}" for value in sorted(table))
    assert hashlib.sha256(lines.encode()).hexdigest() == digest


def test_lookup() -> None:
    assert TiffTags.lookup(259) == (
        259,
        "Compression",
        TiffTags.SHORT,
        1,
        {
            "Uncompressed": 1,
            "CCITT 1d": 2,
            "Group 3 Fax": 3,
            "Group 4 Fax": 4,
            "LZW": 5,
            "JPEG": 6,
            "PackBits": 32773,
        },
    )
    assert TiffTags.lookup(259).cvt_enum("LZW") == 5
    assert TiffTags.lookup(259).cvt_enum("other") == "other"
    assert TiffTags.lookup(1, 34853).name == "GPSLatitudeRef"
    assert TiffTags.lookup(1).name == "unknown"
    assert TiffTags.lookup(33434).name == "ExposureTime"
    assert len(TiffTags.TAGS_V2) == 114
    assert len(TiffTags.TAGS) == 270
    assert TiffTags.TYPES[10] == "signed rational"


# Reading


@pytest.mark.parametrize("order", ["<", ">"])
def test_read(order: str) -> None:
    def short(value: int) -> bytes:
        return struct.pack(order + "H", value) + b"\0\0"

    def long(value: int) -> bytes:
        return struct.pack(order + "L", value)

    outside = 8 + 2 + 5 * 12 + 4
    exif = exif_of(
        order,
        (0x0112, 3, 1, short(6)),
        (0x010F, 2, 4, b"abc\0"),
        (0x0110, 2, 9, long(outside)),
        (0x011A, 5, 1, long(outside + 10)),
        (0x9C9B, 1, 3, b"xyz\0"),
        tail=b"camera \xe9\0\0" + struct.pack(order + "2L", 300, 7),
    )
    assert dict(exif) == {
        0x0112: 6,
        0x010F: "abc",
        0x0110: "camera é",
        0x011A: IFDRational(300, 7),
        0x9C9B: b"xyz",
    }
    assert exif.endian == order
    assert len(exif) == 5
    assert 0x0112 in exif and 0x0113 not in exif
    assert (exif[0x011A].numerator, exif[0x011A].denominator) == (300, 7)


def test_read_first_entry_of_a_tag() -> None:
    exif = exif_of("<", (1, 3, 1, b"\1\0\0\0"), (1, 3, 1, b"\2\0\0\0"), (2, 99, 1, bytes(4)))
    assert dict(exif) == {1: 1}


def test_read_too_many_values() -> None:
    exif = exif_of("<", (0x0112, 3, 2, b"\1\0\2\0"), (262, 3, 2, b"\1\0\2\0"))
    with pytest.warns(UserWarning, match="Metadata Warning, tag 274 had too many entries: 2"):
        assert exif[0x0112] == 1
    with pytest.raises(KeyError):
        exif[262]


def test_read_cut_off() -> None:
    entry = (0x0112, 3, 1, b"\6\0\0\0")
    with pytest.warns(UserWarning, match="Corrupt EXIF data"):
        exif = Image.Exif()
        exif.load(b"II*\0\x08\0\0\0" + directory("<", entry, entry)[:-10])
    assert dict(exif) == {0x0112: 6}
    with pytest.warns(UserWarning, match="Truncated File Read"):
        exif = exif_of("<", entry, (0x010F, 2, 9, b"\x30\0\0\0"))
    assert dict(exif) == {0x0112: 6}


@pytest.mark.parametrize(
    "data, error", [(b"no header here", SyntaxError), (b"II*\0\x08", struct.error)]
)
def test_bad_header(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        Image.Exif().load(data)


def test_markers() -> None:
    data = b"II*\0\x08\0\0\0" + directory("<", (0x0112, 3, 1, b"\6\0\0\0"))
    for count in range(3):
        exif = Image.Exif()
        exif.load(b"Exif\0\0" * count + data)
        assert exif[0x0112] == 6
    with pytest.raises(SyntaxError):
        Image.Exif().load(b"Exif\0\0" * 3 + data)


def test_loading_the_same_data_keeps_changes() -> None:
    data = b"II*\0\x08\0\0\0" + directory("<", (0x0112, 3, 1, b"\6\0\0\0"))
    exif = Image.Exif()
    exif.load(data)
    exif[0x0112] = 1
    exif.load(data)
    assert exif[0x0112] == 1
    exif.load(b"")
    assert dict(exif) == {}


def test_load_from_file() -> None:
    data = b"front" + b"MM\0*\0\0\0\x0d" + directory(">", (0x0112, 3, 1, b"\0\6\0\0"))
    file = io.BytesIO(data)
    file.seek(5)
    exif = Image.Exif()
    exif.load_from_fp(file)
    assert (dict(exif), exif.endian) == ({0x0112: 6}, ">")
    other = Image.Exif()
    other.endian = ">"
    other.load_from_fp(file, 13)
    assert dict(other) == {0x0112: 6}


# The mapping


def test_mapping() -> None:
    exif = exif_of("<", (1, 3, 1, b"\1\0\0\0"), (2, 3, 1, b"\2\0\0\0"))
    del exif[1]
    assert dict(exif) == {2: 2}
    exif[1] = "new"
    exif[2] = 5
    assert dict(exif) == {1: "new", 2: 5}
    del exif[2]
    with pytest.raises(KeyError):
        del exif[2]
    assert exif == {1: "new"}
    assert str(exif) == "{1: 'new'}"
    with pytest.raises(TypeError):
        hash(exif)
    assert dict(copy.deepcopy(exif)) == {1: "new"}
    assert dict(pickle.loads(pickle.dumps(exif))) == {1: "new"}


# Directories in the directory


def nested() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "maker"
    exif[0x8769] = {0x9000: b"0230", 0xA005: {1: "R98"}}
    exif[0x8825] = {1: "N", 2: (1.5, 2, 3)}
    return exif


def test_sub_directories() -> None:
    exif = Image.Exif()
    exif.load(nested().tobytes())
    assert exif.get_ifd(ExifTags.IFD.Exif)[0x9000] == b"0230"
    assert exif.get_ifd(ExifTags.IFD.GPSInfo) == {1: "N", 2: (1.5, 2, 3)}
    assert exif.get_ifd(ExifTags.IFD.Interop) == {1: "R98"}
    assert exif.get_ifd(ExifTags.IFD.IFD1) == {}
    assert exif.get_ifd(ExifTags.IFD.MakerNote) == {}
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "S"
    again = Image.Exif()
    again.load(exif.tobytes())
    assert again.get_ifd(ExifTags.IFD.GPSInfo)[1] == "S"
    assert again.get_ifd(ExifTags.IFD.Interop) == {1: "R98"}


def test_hidden_offsets() -> None:
    exif = Image.Exif()
    exif.load(nested().tobytes())
    exif.hide_offsets()
    assert dict(exif) == {0x010F: "maker"}
    assert exif.get_ifd(ExifTags.IFD.Exif) == {0x9000: b"0230"}
    assert exif.get_ifd(ExifTags.IFD.GPSInfo)[1] == "N"


def test_following_directory() -> None:
    second = directory("<", (0x0201, 4, 1, b"\7\0\0\0"))
    exif = exif_of("<", (0x0112, 3, 1, b"\6\0\0\0"), tail=second, following=26)
    assert exif[0x0112] == 6
    assert exif.get_ifd(ExifTags.IFD.IFD1) == {0x0201: 7}
    assert exif.get_ifd(ExifTags.IFD.IFD1) is exif.get_ifd(ExifTags.IFD.IFD1)


def maker_note(maker: str, note: bytes) -> dict[int, object]:
    source = Image.Exif()
    source[0x010F] = maker
    source.get_ifd(0x8769)[0x927C] = note
    exif = Image.Exif()
    exif.load(source.tobytes())
    return exif.get_ifd(ExifTags.IFD.MakerNote)


def test_maker_note_of_fujifilm() -> None:
    entries = [
        struct.pack("<HHLL", 1, 3, 1, 7),
        struct.pack("<HHLL", 2, 2, 6, 2 + 4 * 12 + 12),
        struct.pack("<HHLL", 3, 99, 1, 0),
        struct.pack("<HHLL", 4, 1, 9000, 12),
    ]
    note = b"FUJIFILM" + struct.pack("<LH", 12, 4) + b"".join(entries) + b"hello\0"
    with pytest.warns(UserWarning, match="Possibly corrupt EXIF MakerNote data"):
        assert maker_note("FUJIFILM", note) == {1: 7, 2: "hello"}
    assert maker_note("FUJIFILM", note[:30]) == {}


@pytest.mark.parametrize("note", [b"", b"FUJIFILM", b"\0\1", "FUJIFILM", 5, 1.5, (1, 2)])
@pytest.mark.parametrize("maker", ["FUJIFILM", "Nintendo"])
def test_maker_note_of_no_use(maker: str, note: object) -> None:
    """One that was not read from a file, or that is no bytes: Pillow lets AttributeError out."""
    exif = Image.Exif()
    exif[0x010F] = maker
    exif.get_ifd(ExifTags.IFD.Exif)[0x927C] = note
    assert exif.get_ifd(ExifTags.IFD.MakerNote) == {}


def test_maker_note_of_nintendo() -> None:
    camera = b"3000" + bytes(4) + struct.pack("<L8x4x", 12345) + b"wxyz" + bytes(12)
    camera += struct.pack("<f4x", -0.5) + b"\0\1"
    # The camera's tags stand where the Exif data start.
    exif = Image.Exif()
    exif[0x010F] = "Nintendo"
    exif[0x010D] = "x" * 60
    exif.get_ifd(0x8769)[0x927C] = struct.pack(">HHHLL", 1, 0x1101, 4, 1, 0)
    at = exif.tobytes()[6:].index(b"x" * 60)
    exif.get_ifd(0x8769)[0x927C] = struct.pack(">HHHLL", 1, 0x1101, 4, 1, at)
    data = exif.tobytes().replace(b"x" * 60, camera.ljust(60, b"\0"))
    again = Image.Exif()
    again.load(data)
    assert again.get_ifd(ExifTags.IFD.MakerNote) == {
        0x1101: {
            "ModelID": b"3000",
            "TimeStamp": 12345,
            "InternalSerialNumber": b"wxyz",
            "Parallax": -0.5,
            "Category": b"\0\1",
        }
    }
    assert maker_note("Nintendo", b"\0\1\x11") == {}
    assert maker_note("other", b"\0\1\x11") == {}


# Writing


@pytest.mark.parametrize(
    "value, kind, count, data",
    [
        (7, 3, 1, b"\7\0\0\0"),
        ((7, 8), 3, 2, b"\7\0\x08\0"),
        (-7, 8, 1, b"\xf9\xff\0\0"),
        (70000, 4, 1, b"\x70\x11\1\0"),
        (-70000, 9, 1, b"\x90\xee\xfe\xff"),
        ("ab", 2, 3, b"ab\0\0"),
        ("ä", 2, 2, b"?\0\0\0"),
        (b"abc", 1, 3, b"abc\0"),
        (True, 3, 1, b"\1\0\0\0"),
    ],
)
def test_types_of_values(value: object, kind: int, count: int, data: bytes) -> None:
    exif = Image.Exif()
    exif.endian = "<"
    exif[60000] = value
    expected = struct.pack("<HHHL", 1, 60000, kind, count) + data + bytes(4)
    assert exif.tobytes() == b"Exif\0\0II*\0\x08\0\0\0" + expected


def test_written_bytes() -> None:
    exif = Image.Exif()
    exif[60001] = IFDRational(1, 3)
    exif[60000] = "odd "
    exif[0x8769] = {}
    assert exif.tobytes() == (
        b"Exif\0\0MM\0*\0\0\0\x08\0\3"
        + struct.pack(">HHLL", 0x8769, 4, 1, 50)
        + struct.pack(">HHLL", 60000, 2, 5, 56)
        + struct.pack(">HHLL", 60001, 5, 1, 62)
        + bytes(4)
        + bytes(6)
        + b"odd \0\0"
        + struct.pack(">2L", 1, 3)
    )
    assert Image.Exif().tobytes() == b"Exif\0\0MM\0*\0\0\0\x08" + bytes(6)


@pytest.mark.parametrize(
    "value, error", [(None, TypeError), (2**40, struct.error), ({1, "a", 2.5}, TypeError)]
)
def test_values_that_cannot_be_written(value: object, error: type[Exception]) -> None:
    exif = Image.Exif()
    exif[60000] = value
    with pytest.raises(error):
        exif.tobytes()


def test_strip_offsets_are_moved() -> None:
    ifd = ImageFileDirectory_v2()
    ifd[273] = (123, 456)
    assert ifd.tobytes() == struct.pack("<HHHLLL2L", 1, 273, 4, 2, 18, 0, 149, 482)


def test_big_tiff() -> None:
    ifd = ImageFileDirectory_v2(b"II+\0\x08\0\0\0" + bytes(8))
    ifd[256] = 5
    ifd[60000] = "more than eight"
    file = io.BytesIO()
    assert ifd.save(file) == 16 + 8 + 40 + 8 + 16
    assert file.getvalue()[:16] == struct.pack("<2s3HQ", b"II", 43, 8, 0, 16)
    file.seek(16)
    again = ImageFileDirectory_v2(file.getvalue()[:16])
    again.load(file)
    assert dict(again) == {256: 5, 60000: "more than eight"}


def test_old_interface() -> None:
    ifd = ImageFileDirectory_v1()
    ifd[256] = 5
    ifd[282] = IFDRational(72, 1)
    ifd[60000] = b"bytes"
    assert (ifd[256], ifd[60000]) == ((5,), b"bytes")
    assert dict(ifd.to_v2()) == {256: 5, 282: 72, 60000: b"bytes"}
    new = ImageFileDirectory_v2()
    new.load(io.BytesIO(ifd.tobytes()))
    old = ImageFileDirectory_v1.from_v2(new)
    assert old[282] == ((72, 1),)
    del old[282]
    assert 282 not in new
    assert old.legacy_api and not new.legacy_api
    with pytest.raises(Exception, match="Not allowing setting of legacy api"):
        new.legacy_api = True


# Rationals


@pytest.mark.parametrize(
    "arguments, numerator, denominator, value",
    [
        ((7, 5), 7, 5, 1.4),
        ((4, 6), 4, 6, 2 / 3),
        ((1.5,), 1.5, 1, 1.5),
        ((Fraction(6, 4),), 3, 2, 1.5),
        ((0, 5), 0, 5, 0.0),
    ],
)
def test_rational(
    arguments: tuple[float, int], numerator: float, denominator: int, value: float
) -> None:
    number = IFDRational(*arguments)
    assert (number.numerator, number.denominator) == (numerator, denominator)
    assert float(number) == value
    assert number == value
    assert str(number) == str(value)
    copied = IFDRational(number, 9)
    assert (copied.numerator, copied.denominator) == (numerator, denominator)
    assert pickle.loads(pickle.dumps(number)) == number


def test_rational_without_value() -> None:
    nothing = IFDRational(0, 0)
    assert math.isnan(float(nothing))
    assert nothing != nothing
    assert str(nothing) == "nan"
    assert nothing.limit_rational(10) == (0, 0)


def test_rational_arithmetic() -> None:
    half = IFDRational(1, 2)
    assert half + 1 == Fraction(3, 2)
    assert 1 - half == Fraction(1, 2)
    assert half * 0.5 == 0.25
    assert 3 / half == 6
    assert half**2 == Fraction(1, 4)
    assert (-half, abs(-half), round(half, 1), math.floor(half), math.ceil(half)) == (
        -0.5,
        0.5,
        0.5,
        0,
        1,
    )
    assert half < IFDRational(2, 3) <= 1
    assert hash(half) == hash(0.5)
    assert type(half + 1) is Fraction
    assert not IFDRational(0, 3)


@pytest.mark.parametrize(
    "value, pair",
    [(22.3, (223, 10)), (34, (34, 1)), (1e20, (1, 0)), (1e-20, (0, 1)), (0.5, (1, 2))],
)
def test_limited_rational(value: float, pair: tuple[int, int]) -> None:
    assert _limit_rational(value, 65536) == pair


def test_limited_signed_rational() -> None:
    limits = 2**31 - 1, -(2**31)
    assert _limit_signed_rational(IFDRational(-(2**31) - 1), *limits) == (2**31 - 1, -1)
    assert _limit_signed_rational(IFDRational(-4, 6), *limits) == (-4, 6)
    assert _limit_signed_rational(IFDRational(5, 0), *limits) == (5, 0)


# Where Exif data are found in an image


def test_from_png() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    chunk = png_chunk(b"eXIf", exif.tobytes()[6:])
    header, rows = png_header(1, 1, 8, 0), b"\0\7"
    for data in (png(header, rows, chunk), png(header, rows, after=chunk)):
        assert dict(opened(data).getexif()) == {0x0112: 6}
    hexadecimal = f"\nexif\n20\n{exif.tobytes().hex()}"
    text = png_chunk(b"tEXt", b"Raw profile type exif\0" + hexadecimal.encode())
    assert dict(opened(png(header, rows, text)).getexif()) == {0x0112: 6}
    xmp = png_chunk(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="3"/>')
    assert dict(opened(png(header, rows, xmp)).getexif()) == {0x0112: 3}
