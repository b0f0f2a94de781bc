"""PDF: the bytes written, values read, and damaged files."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from typing import Any

from common import Area, Case, image, sample_files, some_size

from PIL import Image, PdfParser

MOMENT = time.gmtime(10**9)


def options(rng: random.Random) -> dict[str, Any]:
    chosen: dict[str, Any] = {"creationDate": MOMENT, "modDate": MOMENT}
    for key, values in (
        ("resolution", (72, 150, 100.5)),
        ("dpi", ((72, 72), (75, 150), (0.5, 3), None)),
        ("title", ("Title", "a(b)c\\", "ü€", "", None)),
        ("author", ("x", b"bytes")),
        ("keywords", ("a b", None)),
        ("producer", ("p",)),
        ("creationDate", (None, "text")),
        ("quality", (10, 95)),
        ("compression", ("tiff_lzw",)),
        ("software", ("s",)),
        ("quality_layers", ([40],)),
        ("append_images", ([],)),
    ):
        if rng.random() < 0.2:
            chosen[key] = rng.choice(values)
    return chosen


MODES = ("1", "L", "LA", "P", "P", "RGB", "RGBA", "CMYK", "1", "L", "RGB", "I", "PA", "F", "YCbCr")


def picture(rng: random.Random, modes: tuple[str, ...] = MODES) -> Image.Image:
    im = image(rng, rng.choice(modes), some_size(rng, 30))
    if rng.random() < 0.02:
        im = Image.new(im.mode, (0, 2))
    if im.mode == "P" and rng.random() < 0.4:
        im.info["transparency"] = rng.choice((0, 1, b"\0\x7f\xff"))
    return im


def written(pages: list[tuple[Image.Image, dict[str, Any]]]) -> bytes:
    out = io.BytesIO()
    for number, (im, chosen) in enumerate(pages):
        im.save(out, "PDF", append=number > 0, **chosen)
    return out.getvalue()


def pdf_writes(rng: random.Random) -> Iterator[Case]:
    while True:
        pages = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            chosen = options(rng)
            if rng.random() < 0.3:
                chosen |= {"save_all": True, "append_images": [picture(rng) for _ in range(2)]}
            pages.append((picture(rng), chosen))
        text = [
            (im.mode, im.size, im.info, {k: v for k, v in chosen.items() if k != "append_images"})
            for im, chosen in pages
        ]
        yield f"save PDF {text}"[:300], lambda a=pages: written(a)


WORDS = (
    b"[", b"]", b"<<", b">>", b"/A", b"/B#41", b"/#", b"1", b"-2", b"+3.5", b".5", b"4.", b"1 0 R",
    b"3 1 obj", b"endobj", b"true", b"false", b"null", b"(a(b)\\)c)", b"(\\101\\n\\\r\n)",
    b"(\\400)",
    b"<4 1>", b"<414>", b"<4g>", b"%c\n", b"%", b"/Length 3", b"stream\nabc\nendstream", b"x", b"{",
    b"0 0 R", b"1 0 R", b"R", b"(", b")", b"\xff",
)  # fmt: skip
SPACES = (b" ", b"\n", b"", b"\r\n", b"\t\0", b"  ")


def plain(value: Any) -> Any:
    """A value of either side's classes, without their modules."""
    if isinstance(value, PdfParser.PdfStream):
        return "stream", plain(value.dictionary), bytes(value.buf)
    if isinstance(value, (dict, PdfParser.PdfDict)):
        return {bytes(PdfParser.PdfName(k)): plain(v) for k, v in value.items()}
    if isinstance(value, PdfParser.IndirectReference):
        return type(value).__name__, *value
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    return value


def balanced(rng: random.Random, depth: int) -> bytes:
    """A value that is right but for accidents."""
    space = rng.choice(SPACES[:2])
    if depth > 3 or rng.random() < 0.3:
        return rng.choice(WORDS[4:-6]) + space
    if rng.random() < 0.1:
        return b"7 0 obj" + space + balanced(rng, depth + 1) + space + b"endobj "
    items = [balanced(rng, depth + 1) for _ in range(rng.randrange(4))]
    if rng.random() < 0.5:
        return b"[" + space.join(items) + b"]"
    content = b"".join(rng.choice((b"/K ", b"/L#20 ", b"/Length ")) + item for item in items)
    stream = rng.choice((b"", b"", b"stream\nabc\nendstream "))
    return b"<<" + content + b">>" + stream


def pdf_values(rng: random.Random) -> Iterator[Case]:
    def value(data: bytes, offset: int, nesting: int) -> Any:
        found, end = PdfParser.PdfParser.get_value(data, offset, max_nesting=nesting)
        return plain(found), end

    while True:
        if rng.random() < 0.5:
            pieces = [rng.choice(WORDS) + rng.choice(SPACES) for _ in range(rng.randrange(1, 9))]
            data = b"".join(pieces)
        else:
            data = balanced(rng, 0) + rng.choice((b" ", b"x", b""))
        nesting = rng.choice((900, 900, 900, 0, 1, 2, 3, -1))
        offset = rng.choice((0, 0, 0, 1, 5))
        yield (
            f"get_value({data!r}, {offset}, {nesting})"[:300],
            lambda a=(data, offset, nesting): value(*a),
        )
        text = data.replace(b"\n", rng.choice((b"\n", b" ")))
        yield f"interpret_name {text!r}", lambda a=text: PdfParser.PdfParser.interpret_name(a)
        trailer = b"/Root 1 0 R/Size 5" + rng.choice((b"", b"/X " + balanced(rng, 2))) + b">>"
        yield (
            f"interpret_trailer {trailer!r}",
            lambda a=trailer: {
                k: plain(v) for k, v in PdfParser.PdfParser.interpret_trailer(a).items()
            },
        )
        date = rng.choice((b"D:", b"")) + b"20180729214124"[: rng.choice((4, 6, 8, 10, 12, 14, 14))]
        date += rng.choice((b"", b"Z", b"+08'00'", b"-05'30'", b"+0800", b"-08", b"+8", b"+08'3",
                            b"-08'", b"+08'30", b"-0830'0", b"*08'00'", b"+0x'00'"))  # fmt: skip
        yield f"date {date!r}", lambda a=date: tuple(PdfParser.PdfDict({b"XDate": a}).XDate)


def content(data: bytes, start: int = 0) -> Any:
    try:
        return read(data, start)
    except (KeyError, TypeError, AttributeError) as error:
        # Pillow's; of values of unexpected types, and objects that are missing.
        raise PdfParser.PdfFormatError from error


def read(data: bytes, start: int) -> Any:
    with PdfParser.PdfParser(buf=data, start_offset=start) as pdf:
        return (
            [tuple(ref) for ref in pdf.pages],
            plain(pdf.root),
            plain(pdf.info),
            sorted(pdf.xref_table.existing_entries.items()),
            pdf.last_xref_section_offset,
            sorted(tuple(ref) for ref in pdf.cached_objects),
        )


def rewritten(data: bytes, drop: bool) -> Any:
    out = io.BytesIO(data)
    with PdfParser.PdfParser(f=out) as pdf:
        pdf.info[b"Title"] = "another"
        if drop:
            del pdf.pages[0]
        pdf.start_writing()
        pdf.write_catalog()
        pdf.write_xref_and_trailer()
    return out.getvalue()


def pdf_files(rng: random.Random) -> Iterator[Case]:
    samples = [path.read_bytes() for path in sample_files("*.pdf")]
    while True:
        if samples and rng.random() < 0.1:
            data = rng.choice(samples)
        else:
            count = rng.choice((1, 2, 3))
            dates = {"creationDate": MOMENT, "modDate": MOMENT}
            data = written([(image(rng, rng.choice("LP"), (3, 2)), dates) for _ in range(count)])
        yield f"parse {len(data)} {data[-160:]!r}"[:300], lambda a=data: content(a)
        drop = rng.random() < 0.5
        yield f"rewrite {len(data)} {drop}", lambda a=(data, drop): rewritten(*a)
        for _ in range(3):
            broken = bytearray(data)
            if rng.random() < 0.2:
                del broken[rng.randrange(len(data)) :]
            else:
                # Where the structure is.
                words = (b"trailer", b"xref", b"obj", b"/Kids", b"/Pages", b"/Root", b"startxref")
                at = data.find(rng.choice(words), rng.randrange(len(data))) + rng.randrange(-9, 20)
                if not 0 <= at < len(data):
                    continue
                broken[at] = rng.choice((32, 10, 0, ord("0"), ord("9"), ord(">"), broken[at] ^ 1))
            yield f"damaged {bytes(broken)[-200:]!r}"[:300], lambda a=bytes(broken): content(a)


AREAS: dict[str, tuple[Area, int]] = {
    "save PDF": (pdf_writes, 500),
    "PDF values": (pdf_values, 2000),
    "PDF files": (pdf_files, 800),
}

READING = {"PDF values", "PDF files"}
