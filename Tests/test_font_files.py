"""Bitmap fonts: BDF and PCF files read, compiled and written; damaged and lying ones end well."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

import bitmap_fonts as make
from filemakers import Bounds, changes, truncations
from PIL import BdfFontFile, FontFile, Image, PcfFontFile

Reader = Callable[[io.BytesIO], FontFile.FontFile]

GLYPHS = [
    make.Glyph(65, (3, 2), (1, -1), 5, [b"\xa0", b"\x40"]),
    make.Glyph(66, (10, 1), (0, 0), 11, [b"\xff\xc0"]),
]
BDF = make.bdf(GLYPHS)
PCF = make.pcf(make.pcf_tables(GLYPHS))


def check(font: FontFile.FontFile) -> None:
    assert [code for code, glyph in enumerate(font.glyph) if glyph] == [65, 66]
    glyph = font[65]
    assert glyph is not None
    assert glyph[:3] == ((5, 0), (1, -1, 4, 1), (0, 0, 3, 2))
    assert (glyph[3].mode, glyph[3].size) == ("1", (3, 2))
    assert glyph[3].tobytes() == b"\xa0\x40"
    other = font[66]
    assert other is not None and other[3].tobytes() == b"\xff\xc0"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bdf(end: str) -> None:
    font = BdfFontFile.BdfFontFile(io.BytesIO(make.bdf(GLYPHS, end)))
    check(font)
    assert font.info == {}


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("padding", range(4))
@pytest.mark.parametrize("high", [False, True])
@pytest.mark.parametrize("compressed", [False, True])
def test_pcf(big: bool, padding: int, high: bool, compressed: bool) -> None:
    data = make.pcf(make.pcf_tables(GLYPHS, big, padding, high, compressed))
    font = PcfFontFile.PcfFontFile(io.BytesIO(data))
    check(font)
    # Pillow takes numbers for unsigned, too.
    assert font.info == {b"FONT": b"-test-", b"PIXEL_SIZE": 20, b"LOW": 2**32 - 1}


def test_negative_metrics() -> None:
    """Signed in compressed tables; Pillow reads the others without a sign, and so do we."""
    glyphs = [make.Glyph(65, (3, 2), (-2, -3), 5, [b"\xa0", b"\x40"])]
    signed = PcfFontFile.PcfFontFile(io.BytesIO(make.pcf(make.pcf_tables(glyphs, compressed=True))))
    glyph = signed[65]
    assert glyph is not None and glyph[1] == (-2, 1, 1, 3)
    with pytest.raises(ValueError):
        PcfFontFile.PcfFontFile(io.BytesIO(make.pcf(make.pcf_tables(glyphs))))
    bdf = BdfFontFile.BdfFontFile(io.BytesIO(make.bdf(glyphs)))[65]
    assert bdf is not None and bdf[1] == (-2, 1, 1, 3)


def test_save(tmp_path: Path) -> None:
    font = BdfFontFile.BdfFontFile(io.BytesIO(BDF))
    font.save(tmp_path / "font.anything")
    with Image.open(tmp_path / "font.pbm") as sheet:
        assert (sheet.format, sheet.mode, sheet.size) == ("PNG", "1", (13, 2))
        assert sheet.tobytes() == bytes((0b10111111, 0b11111000, 0b01000000, 0))
    data = (tmp_path / "font.pil").read_bytes()
    head = b"PILfont\n;;;;;;2;\nDATA\n"
    assert data.startswith(head)
    assert len(data) == len(head) + 256 * 20
    entry = struct.unpack_from(">10h", data, len(head) + 65 * 20)
    assert entry == (5, 0, 1, -1, 4, 1, 0, 0, 3, 2)


def test_rows_of_the_sheet() -> None:
    font = FontFile.FontFile()
    for code, width in enumerate((500, 300, 1, 900)):
        im = Image.new("1", (width, 2 + code), 255)
        font.glyph[code] = (width, 0), (0, 0, width, 2), (0, 0, width, 2 + code), im
    font.compile()
    assert font.bitmap is not None and font.bitmap.size == (900, 15)
    places = [entry and entry[2] for entry in font.metrics[:4]]
    assert places == [(0, 0, 500, 2), (500, 0, 800, 3), (0, 5, 1, 9), (0, 10, 900, 15)]


@pytest.mark.parametrize("number", [-65537, 65536])
def test_metrics_out_of_range(number: int, tmp_path: Path) -> None:
    font = FontFile.FontFile()
    font.glyph[0] = (number, 0), (0, 0, 1, 1), (0, 0, 1, 1), Image.new("1", (1, 1))
    with pytest.raises(ValueError, match="16 bits"):
        font.save(tmp_path / "font.pil")
    with pytest.raises(ValueError, match="16 bits"):
        FontFile.puti16(io.BytesIO(), (0, 0, 0, 0, 0, 0, 0, 0, 0, number))


def survive(reader: Reader, data: bytes) -> str:
    try:
        font = reader(io.BytesIO(data))
        font.compile()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        # UnicodeDecodeError is a ValueError, but says nothing of the file.
        assert not isinstance(error, UnicodeError)
        return type(error).__name__
    return "ok"


@pytest.mark.parametrize(
    "reader, data",
    [
        (BdfFontFile.BdfFontFile, BDF),
        (PcfFontFile.PcfFontFile, PCF),
        (PcfFontFile.PcfFontFile, make.pcf(make.pcf_tables(GLYPHS, True, 2, False, True))),
    ],
    ids=["BDF", "PCF", "compressed PCF"],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_damaged(reader: Reader, data: bytes) -> None:
    with Bounds(seconds=60, megabytes=100):
        cut = {survive(reader, damaged) for damaged in truncations(data)}
        changed = {survive(reader, damaged) for damaged in changes(data)}
    assert survive(reader, data) == "ok"
    assert {"SyntaxError", "ValueError"} <= cut | changed
    assert len(cut) > 1 and len(changed) > 2


@pytest.mark.parametrize("kind", make.TABLES)
@pytest.mark.parametrize("offset", [0, 9, 2**31, 2**32 - 1])
def test_tables_elsewhere(kind: int, offset: int) -> None:
    data = make.pcf(make.pcf_tables(GLYPHS), {kind: offset})
    outcome = survive(PcfFontFile.PcfFontFile, data)
    if offset < len(data):
        # Anything can be metrics or a map of characters.
        assert outcome in ("OSError", "ValueError", "DecompressionBombError", "ok")
    else:
        assert outcome == "OSError"


def test_random_damage() -> None:
    rng = random.Random(5)
    with Bounds(seconds=60, megabytes=200):
        for _ in range(300):
            glyphs = [make.random_glyph(rng, code) for code in rng.sample(range(256), 20)]
            for reader, data in (
                (BdfFontFile.BdfFontFile, make.bdf(glyphs)),
                (PcfFontFile.PcfFontFile, make.pcf(make.pcf_tables(glyphs, rng.random() < 0.5))),
            ):
                damaged = bytearray(data)
                for _ in range(3):
                    damaged[rng.randrange(len(data))] = rng.randrange(256)
                survive(reader, bytes(damaged))


@pytest.mark.parametrize(
    "changed, error",
    [
        ({"BBX": "99999 99999 0 0"}, Image.DecompressionBombError),
        ({"BBX": "13000 13000 0 0"}, ValueError),  # refused before memory is taken for it
        ({"BBX": "-3 -2 0 0"}, ValueError),
        ({"BBX": "3 2 0"}, ValueError),
        ({"BBX": "missing"}, ValueError),
        ({"DWIDTH": "1"}, ValueError),
        ({"DWIDTH": "missing"}, ValueError),
        ({"ENCODING": "missing"}, ValueError),
        ({"ENCODING": "9" * 10000}, ValueError),
        ({"COMMENT": "ä"}, ValueError),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_bad_bdf_glyph(changed: dict[str, str], error: type[Exception]) -> None:
    with Bounds(seconds=5, megabytes=10), pytest.raises(error):
        BdfFontFile.BdfFontFile(io.BytesIO(make.bdf(GLYPHS, changes=changed)))


def test_bdf_codes_out_of_range() -> None:
    glyphs = [GLYPHS[0]._replace(code=code) for code in (-1, 256, 10**9)]
    font = BdfFontFile.BdfFontFile(io.BytesIO(make.bdf(glyphs)))
    assert not any(font.glyph)
    with pytest.raises(ValueError, match="No bitmap created"):
        font.to_imagefont()


def huge_counts() -> dict[str, tuple[int, bytes]]:
    most = struct.pack("<L", 2**32 - 1)
    return {
        "properties": (make.PROPERTIES, most),
        "property texts": (make.PROPERTIES, struct.pack("<LLBLL", 1, 0, 1, 0, 2**32 - 1)),
        "metrics": (make.METRICS, most),
        "bitmaps": (make.BITMAPS, most),
        "encodings": (make.ENCODINGS, struct.pack("<5H", 0, 65535, 0, 65535, 0)),
        "no encodings": (make.ENCODINGS, struct.pack("<5H", 9, 0, 0, 3, 0)),
    }


@pytest.mark.parametrize("name", huge_counts())
def test_pcf_counts(name: str) -> None:
    kind, contents = huge_counts()[name]
    data = make.pcf(make.pcf_tables(GLYPHS) | {kind: (0, contents)})
    with Bounds(seconds=5, megabytes=10):
        outcome = survive(PcfFontFile.PcfFontFile, data)
    # As in Pillow, a table may go on in the next one, and a font may be of no codes.
    known = {"metrics": "DecompressionBombError", "property texts": "ok", "no encodings": "ok"}
    assert outcome == known.get(name, "OSError")


def test_pcf_directory_lies() -> None:
    data = b"\1fcp" + struct.pack("<L", 2**32 - 1) + PCF[8:]
    with Bounds(seconds=5, megabytes=10), pytest.raises(OSError, match="cut off"):
        PcfFontFile.PcfFontFile(io.BytesIO(data))


def test_pcf_texts_overlap() -> None:
    """Thousands of properties that all share one long text."""
    count = 4000
    entries = b"".join(struct.pack("<LBL", i, 1, 0) for i in range(count))
    texts = b"x" * 100_000 + b"\0"
    contents = struct.pack("<L", count) + entries + struct.pack("<L", len(texts)) + texts
    data = make.pcf(make.pcf_tables(GLYPHS) | {make.PROPERTIES: (0, contents)})
    with Bounds(seconds=10, megabytes=40), pytest.raises(ValueError, match="too much text"):
        PcfFontFile.PcfFontFile(io.BytesIO(data))


def test_pcf_bitmaps_overlap() -> None:
    """Glyphs of 8 megapixels that share one megabyte of data, with empty ones between."""
    count, side = 512, 2880
    sizes = [(side, side), (0, 0)] * (count // 2)
    glyphs = [make.Glyph(i % 256, sizes[i], (0, 0), 1, []) for i in range(count)]
    length = side // 8 * side
    offsets = [0, length] * (count // 2)
    data = b"\xff" * length
    tables = make.pcf_tables(glyphs) | {
        make.BITMAPS: (0, struct.pack(f"<L{count}L4L", count, *offsets, *[length] * 4) + data),
        make.ENCODINGS: (0, make.pcf_encodings([*range(0, count, 2)])),
    }
    with Bounds(seconds=20, megabytes=40), pytest.raises(Image.DecompressionBombError):
        PcfFontFile.PcfFontFile(io.BytesIO(make.pcf(tables)))
    # One image serves all characters that are the same glyph.
    tables[make.ENCODINGS] = 0, make.pcf_encodings([0, *[4] * 255])
    font = PcfFontFile.PcfFontFile(io.BytesIO(make.pcf(tables)))
    assert all(font.glyph)
    assert font.glyph[1] is not None and font.glyph[1][3].getextrema() == (255, 255)


def test_charsets() -> None:
    glyphs = [*GLYPHS, GLYPHS[0]._replace(code=ord("ł"))]
    data = make.pcf(make.pcf_tables(glyphs, characters=0x2600))
    for charset, code in (("utf-8", None), ("ascii", None), ("iso8859-2", 0xB3), ("cp1250", 0xB3)):
        font = PcfFontFile.PcfFontFile(io.BytesIO(data), charset)
        codes = [i for i, glyph in enumerate(font.glyph) if glyph]
        assert codes == [65, 66, *([code] if code else [])]
    assert not any(PcfFontFile.PcfFontFile(io.BytesIO(PCF), "utf-16").glyph)
    with pytest.raises(LookupError):
        PcfFontFile.PcfFontFile(io.BytesIO(PCF), "nonsense")
    # A character whose index is not in the table.
    with pytest.raises(ValueError, match="glyph index"):
        PcfFontFile.PcfFontFile(io.BytesIO(PCF), "koi8-r")
