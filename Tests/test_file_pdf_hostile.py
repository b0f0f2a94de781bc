"""PDF files: what is written and parsed, and damaged ones."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest

from filemakers import DOCUMENTED, Bounds, changes, saved, truncations
from PIL import Image, PdfParser
from PIL.PdfParser import IndirectReference, PdfFormatError, PdfName
from required import require_feature

MOMENT = time.gmtime(10**9)
FAILURES = (*DOCUMENTED, PdfFormatError)


def pdf(*images: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    for number, im in enumerate(images):
        dates = {"creationDate": MOMENT, "modDate": MOMENT}
        im.save(out, "PDF", append=number > 0, **dates, **options)
    return out.getvalue()


def test_bytes_of_a_page() -> None:
    im = Image.new("P", (40, 1), 1)
    im.putpalette([1, 2, 3, 4, 5, 6])
    data = pdf(im, dpi=(36, 144), title="é")
    head, _, rest = data.partition(b"5 0 obj<<\n")
    assert head == (
        b"%PDF-1.4\n% created by Pillow PDF driver\n"
        b"3 0 obj<<\n/Type /Catalog\n/Pages 4 0 R\n>>endobj\n"
        b"4 0 obj<<\n/Type /Pages\n/Count 1\n/Kids [ 1 0 R ]\n>>endobj\n"
    )
    assert rest.startswith(
        b"/Type /XObject\n/Subtype /Image\n/Width 40\n/Height 1\n/Filter /ASCIIHexDecode\n"
        b"/BitsPerComponent 8\n/ColorSpace [ /Indexed /DeviceRGB 1 <010203040506> ]\n/Length 81\n"
        b">>stream\n" + b"01" * 39 + b"\n01\nendstream\nendobj\n"
    )
    assert b"/MediaBox [ 0 0 80.0 0.5 ]" in rest
    assert b"q 80.000000 0 0 0.500000 0 0 cm /image Do Q\n" in rest
    assert b"/Title (\xfe\xff\0\xe9)\n/CreationDate (D:20010909014640Z)" in rest
    start = data.rindex(b"xref\n0 7\n")
    assert data.endswith(b"startxref\n%d\n%%%%EOF" % start)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_appended_pages(mode: str) -> None:
    if mode in ("LA", "RGBA"):  # written as JPEG 2000
        require_feature("jpg_2000")
    data = pdf(Image.new("L", (2, 2)), Image.new(mode, (5, 4)), Image.new("P", (3, 3)))
    with PdfParser.PdfParser(buf=data) as parser:
        pages = [parser.read_indirect(page) for page in parser.pages]
        assert [page[b"MediaBox"][2] for page in pages] == [2, 5, 3]
        assert {page[b"Parent"] for page in pages} == {parser.pages_ref}
        assert parser.info.CreationDate[:6] == MOMENT[:6]


@pytest.mark.parametrize("mode", ["PA", "I", "F", "HSV"])
def test_modes_that_cannot_be_written(mode: str) -> None:
    with pytest.raises(ValueError, match=f"cannot save mode {mode}"):
        saved(Image.new(mode, (2, 2)), "PDF")


def test_pages_taken_out() -> None:
    file = io.BytesIO(pdf(*[Image.new("P", (i, 1)) for i in (1, 2, 3)]))
    with PdfParser.PdfParser(f=file) as parser:
        del parser.pages[1]
        parser.start_writing()
        parser.write_catalog()
        parser.write_xref_and_trailer()
    with PdfParser.PdfParser(f=file) as parser:
        widths = [parser.read_indirect(page)[b"MediaBox"][2] for page in parser.pages]
    assert widths == [1, 3]


def test_free_numbers_are_listed_and_given_again() -> None:
    table = PdfParser.XrefTable()
    for key in (1, 2, 3):
        table[key] = key, 0
    table.reading_finished = True
    del table[3]
    assert table.next_id() == 3
    del table[1]
    out = io.BytesIO()
    table.write(out)
    assert out.getvalue() == (
        b"xref\n0 2\n0000000001 65536 f \n0000000003 00001 f \n3 1\n0000000000 00001 f \n"
    )
    with pytest.raises(IndexError):
        del table[9]


# Damaged files


def parse(data: bytes) -> str:
    try:
        with PdfParser.PdfParser(buf=data) as parser:
            for page in parser.pages:
                parser.read_indirect(page)
            for name in ("Title", "CreationDate"):
                getattr(parser.info, name, None)
    except FAILURES as error:
        return type(error).__name__
    return "ok"


def test_damaged() -> None:
    data = pdf(Image.new("P", (1, 1)))
    assert parse(data) == "ok"
    with Bounds(seconds=60, megabytes=50):
        assert {parse(damaged) for damaged in truncations(data)} <= {"ok", "PdfFormatError"}
    for damaged in changes(data, (0x00, 0x20, 0x39, 0xFF)):
        parse(damaged)


def test_appending_to_damaged_files() -> None:
    data = pdf(Image.new("P", (1, 1)))
    im = Image.new("P", (1, 1))
    for damaged in changes(data[:300], (0x39,)):
        try:
            im.save(io.BytesIO(damaged + data[300:]), "PDF", append=True)
        except FAILURES:
            continue


def document(objects: dict[int, bytes], extra: bytes = b"", size: int = 9) -> bytes:
    """A file of the given objects, of which 1 is the catalogue."""
    data, table = bytearray(b"%PDF-1.4\n"), bytearray()
    for key, content in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (key, len(data))
        data += b"%d 0 obj %b endobj\n" % (key, content)
    start = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n" + table
    data += b"trailer\n<</Root 1 0 R/Size %d%b>>\nstartxref\n%d\n%%%%EOF" % (size, extra, start)
    return bytes(data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


@pytest.mark.parametrize(
    "objects",
    [
        {2: b"<</Type/Pages/Kids[2 0 R]>>"},
        {2: b"<</Type/Pages/Kids[3 0 R]>>", 3: b"<</Type/Pages/Kids[2 0 R]>>"},
        {2: b"<</Type/Pages/Kids[3 0 R 3 0 R]>>", 3: b"<</Type/Page>>"},
        {2: b"<</Type/Pages/Kids[3 0 R]>>", 3: b"<</Type/Pages/Kids[3 0 R]>>"},
        {2: b"<</Type/Pages/Kids 2 0 R>>"},
        {2: b"<</Type/Pages/Kids[5]>>"},
        {2: b"<</Type/Pages/Kids[9 0 R]>>"},
        {2: b"<</Type/Pages/Kids[3 0 R]>>", 3: b"5"},
        {2: b"<</Type/Pages/Kids[3 1 R]>>", 3: b"<</Type/Page>>"},
        {2: b"<</Type/Pages>>"},
        {2: b"[]"},
        {2: b"2 0 obj null endobj"},
        {2: b"<</Type/Pages/Kids[]/Length 99>>stream\nabc\nendstream "},
        {2: b"<</Type/Pages/Kids[]/Length -9>>stream\nabc\nendstream "},
        {2: b"<</Type/Pages/Kids[]/Length 2 0 R>>stream\nabc\nendstream "},
    ],
)
def test_page_trees(objects: dict[int, bytes]) -> None:
    assert parse(document({1: CATALOG, 2: b"<</Type/Pages/Kids[]>>"})) == "ok"
    assert parse(document({1: CATALOG, **objects})) == "PdfFormatError"


@pytest.mark.parametrize(
    "catalog", [b"[]", b"<<>>", b"<</Type/X>>", b"<</Type/Catalog>>", b"<</Type/Catalog/Pages 2>>"]
)
def test_catalogues(catalog: bytes) -> None:
    objects = {1: catalog, 2: b"<</Type/Pages/Kids[]>>"}
    assert parse(document(objects)) == "PdfFormatError"


@pytest.mark.parametrize(
    "extra",
    [b"/Info 7", b"/Info 7 0 R", b"/Info[", b"/Prev -1", b"/Prev 9e9", b"/Prev 99999999999999999",
     b"/Prev null", b"/Prev 1 0 R", b"/Size/A", b"/" + b"[" * 10_000],
)  # fmt: skip
def test_trailers(extra: bytes) -> None:
    objects = {1: CATALOG, 2: b"<</Type/Pages/Kids[]>>"}
    assert parse(document(objects, extra)) == "PdfFormatError"


def test_tables_that_lead_to_each_other() -> None:
    objects = {1: CATALOG, 2: b"<</Type/Pages/Kids[]>>"}
    start = document(objects).index(b"xref")
    with pytest.raises(PdfFormatError, match="trailer loop found"):
        PdfParser.PdfParser(buf=document(objects, b"/Prev %d" % start))


def test_tables_that_claim_more_entries_than_there_are() -> None:
    data = document({1: CATALOG, 2: b"<</Type/Pages/Kids[]>>"})
    lying = data.replace(b"xref\n0 1\n", b"xref\n0 99999999999\n")
    with Bounds(seconds=5, megabytes=10):
        assert parse(lying) == "PdfFormatError"
        # The numbers of objects may be as large as they like.
        large = data.replace(b"xref\n0 1\n", b"xref\n99999999999 0\n0 1\n")
        assert parse(large) == "ok"


@pytest.mark.parametrize("opening", [b"[", b"<</A", b"<</A[", b"1 0 obj ", b"<<"])
def test_deep_nesting(opening: bytes) -> None:
    with Bounds(seconds=10, megabytes=100):
        deep = opening * 15_000
        for limit in (900, 10**9):
            try:
                PdfParser.PdfParser.get_value(deep, 0, max_nesting=limit)
            except PdfFormatError:
                continue
            assert limit == 900
        PdfParser.PdfParser.get_value(b"[" * 20_000 + b"]" * 20_000, 0, max_nesting=30_000)


BLOWING_UP = {
    "comments": b"%" + b" " * 200_000,
    "many comments": b"%\n" * 100_000,
    "blanks in comments": b"% \n \n" * 50_000,
    "spaces": b"[1" + b" " * 200_000 + b"2" + b" " * 200_000,
    "digits": b"9" * 200_000,
    "numbers": b"[" + b"1 " * 30_000,
    "name": b"/" + b"#4" * 100_000,
    "digits in a string": b"(" + b"\\1" * 100_000,
    "parentheses": b"(" * 200_000,
    "backslashes": b"(" + b"\\" * 200_000,
    "hexadecimal": b"<" + b"0 " * 100_000,
    "dictionary ends": b"<</A 1" + b" >" * 100_000,
}


@pytest.mark.parametrize("name", BLOWING_UP)
def test_patterns_take_linear_time(name: str) -> None:
    with Bounds(seconds=5, megabytes=60), pytest.raises(FAILURES):
        PdfParser.PdfParser.get_value(BLOWING_UP[name], 0)


@pytest.mark.parametrize(
    "filler",
    [b"trailer", b"trailer<<", b" trailer <<>>", b"trailer<<>>\n", b">>", b">>\nstartxref\n", b" ",
     b"\n", b">>\nstartxref\n1\n%%EOF", b" trailer<<>>\nstartxref\n1\n%%EOF"],
)  # fmt: skip
def test_trailers_take_linear_time(filler: bytes) -> None:
    data = document({1: CATALOG, 2: b"<</Type/Pages/Kids[]>>"})
    many = filler * (100_000 // len(filler))
    with Bounds(seconds=5, megabytes=60):
        for hostile in (
            many,
            data + many,
            many + data,
            data.replace(b"trailer", many + b"trailer"),
        ):
            parse(hostile)


def test_many_pages_take_linear_time() -> None:
    kids = range(10, 4_010)
    objects = {1: CATALOG, 2: b"<</Type/Pages/Kids[%s]>>" % b" ".join(b"%d 0 R" % k for k in kids)}
    data = document(objects | dict.fromkeys(kids, b"<</Type/Page/Parent 2 0 R>>"))
    file = io.BytesIO(data)
    with Bounds(seconds=30, megabytes=200):
        Image.new("P", (1, 1)).save(file, "PDF", append=True)
        with PdfParser.PdfParser(f=file) as parser:
            assert len(parser.pages) == 4_001


def test_stream_bomb() -> None:
    import zlib

    packed = zlib.compress(bytes(10**8))
    stream = PdfParser.PdfStream(PdfParser.PdfDict({b"Filter": PdfName("FlateDecode")}), packed)
    with Bounds(seconds=5, megabytes=10), pytest.raises(ValueError, match="too large"):
        stream.decode()
    damaged = PdfParser.PdfStream(stream.dictionary, b"damaged")
    with pytest.raises(ValueError, match="cannot be inflated"):
        damaged.decode()


def test_references_know_their_kind() -> None:
    reference = IndirectReference(1, 2)
    assert reference != (1, 2)
    assert len({reference, IndirectReference(1, 2), PdfParser.IndirectObjectDef(1, 2)}) == 2
