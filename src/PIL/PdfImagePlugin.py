"""PDF files of images, a page each: new ones, and pages for files that exist. They are not read."""

from __future__ import annotations

import io
import math
import os
import time
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

from . import Image, ImageFile, ImageSequence, PdfParser, features

_Name = PdfParser.PdfName


class _ImageObject(NamedTuple):
    """An image as PDF has it: its bytes, and what describes them."""

    procedures: str
    filter: Any
    stream: bytes
    entries: dict[str, Any]


def _stored(im: Image.Image, filename: str | bytes, format: str) -> bytes:
    """The bytes that a plug-in writes, with the options of the PDF file."""
    if format not in Image.SAVE:
        Image.init()
    out = io.BytesIO()
    Image.SAVE[format](im, out, filename)
    return out.getvalue()


def _jpeg(
    im: Image.Image, filename: str | bytes, space: str, procedures: str = "ImageC", **entries: Any
) -> _ImageObject:
    return _ImageObject(
        procedures,
        _Name("DCTDecode"),
        _stored(im, filename, "JPEG"),
        {**entries, "BitsPerComponent": 8, "ColorSpace": _Name(space)},
    )


def _grey(im: Image.Image, filename: str | bytes) -> _ImageObject:
    return _jpeg(im, filename, "DeviceGray", "ImageB")


def _color(im: Image.Image, filename: str | bytes) -> _ImageObject:
    return _jpeg(im, filename, "DeviceRGB")


def _print(im: Image.Image, filename: str | bytes) -> _ImageObject:
    # The JPEG plug-in inverts what it writes.
    return _jpeg(im, filename, "DeviceCMYK", Decode=[1, 0] * 4)


def _with_alpha(im: Image.Image, filename: str | bytes) -> _ImageObject:
    data = _stored(im, filename, "JPEG2000")
    procedures = "ImageB" if im.mode == "LA" else "ImageC"
    return _ImageObject(procedures, _Name("JPXDecode"), data, {"SMaskInData": 1})


def _bilevel(im: Image.Image, filename: str | bytes) -> _ImageObject:
    """Group 4 fax, out of a TIFF file with one strip: its data follow a header of 8 bytes, its
    directory follows them and is no harm."""
    if not features.check("libtiff"):
        return _grey(im, filename)
    out = io.BytesIO()
    im.save(out, "TIFF", compression="group4", strip_size=math.ceil(im.width / 8) * im.height)
    parameters = PdfParser.PdfDict(
        {b"K": -1, b"BlackIs1": True, b"Columns": im.width, b"Rows": im.height}
    )
    return _ImageObject(
        "ImageB",
        PdfParser.PdfArray([_Name("CCITTFaxDecode")]),
        out.getvalue()[8:],
        {
            "DecodeParms": PdfParser.PdfArray([parameters]),
            "BitsPerComponent": 1,
            "ColorSpace": _Name("DeviceGray"),
        },
    )


def _indexed(im: Image.Image, filename: str | bytes) -> _ImageObject:
    out = io.BytesIO()
    ImageFile._save(im, out, [ImageFile._Tile("hex", (0, 0, *im.size), 0, im.mode)])
    palette = bytes(im.getpalette() or [])
    space = [_Name("Indexed"), _Name("DeviceRGB"), len(palette) // 3 - 1,
             PdfParser.PdfBinary(palette)]  # fmt: skip
    entries = {"BitsPerComponent": 8, "ColorSpace": space}
    return _ImageObject("ImageI", _Name("ASCIIHexDecode"), out.getvalue(), entries)


_WRITERS: dict[str, Callable[[Image.Image, str | bytes], _ImageObject]] = {
    "1": _bilevel,
    "L": _grey,
    "LA": _with_alpha,
    "P": _indexed,
    "RGB": _color,
    "RGBA": _with_alpha,
    "CMYK": _print,
}


def _write_image(
    im: Image.Image, filename: str | bytes, pdf: PdfParser.PdfParser
) -> tuple[PdfParser.IndirectReference, str]:
    """Write an image, and before it its mask; returns its reference and the kind of its page's
    procedures."""
    writer = _WRITERS.get(im.mode)
    if writer is None:
        raise ValueError(f"cannot save mode {im.mode}")
    image = writer(im, filename)
    entries = dict(image.entries)
    if im.mode == "P" and "transparency" in im.info:
        mask = im.convert("LA").getchannel("A")
        mask.encoderinfo = {}
        entries["SMask"] = _write_image(mask, filename, pdf)[0]
    # In the order in which they are written; None stands for an entry that is left out.
    first = {
        "Type": _Name("XObject"),
        "Subtype": _Name("Image"),
        "Width": im.width,
        "Height": im.height,
        "Filter": image.filter,
        "Decode": entries.pop("Decode", None),
        "DecodeParms": entries.pop("DecodeParms", None),
    }
    ref = pdf.write_obj(pdf.next_object_id(0), stream=image.stream, **first, **entries)
    return ref, image.procedures


def _frames(images: list[Image.Image], save_all: bool) -> Iterator[Image.Image]:
    for im in images:
        if save_all:
            yield from ImageSequence.Iterator(im)
        else:
            yield im


def _set_info(pdf: PdfParser.PdfParser, options: dict[str, Any], defaults: dict[str, Any]) -> None:
    """Fill in the document information."""
    names = "title author subject keywords creator producer creationDate modDate"
    for name in names.split():
        if value := options.get(name, defaults.get(name)):
            pdf.info[name[0].upper() + name[1:]] = value


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes, save_all: bool = False) -> None:
    options = im.encoderinfo
    append = options.get("append", False)
    pdf = PdfParser.PdfParser(f=fp, filename=os.fsdecode(filename), mode="r+b" if append else "w+b")
    defaults = {}
    if not append:
        now = time.gmtime()
        title = os.path.splitext(os.path.basename(filename))[0]
        defaults = {"title": title, "creationDate": now, "modDate": now}
    _set_info(pdf, options, defaults)

    images = [im]
    if save_all:
        for other in options.get("append_images", []):
            other.encoderinfo = options.copy()
            images.append(other)
    pdf.start_writing()
    pdf.write_header()
    pdf.write_comment("created by Pillow PDF driver")
    count = sum(getattr(image, "n_frames", 1) if save_all else 1 for image in images)
    places = [(pdf.next_object_id(0), pdf.next_object_id(0)) for _ in range(count)]
    pdf.pages += [page for page, _ in places]
    pdf.write_catalog()
    for frame, place in zip(_frames(images, save_all), places, strict=True):
        _write_page(frame, filename, pdf, place, options)
    pdf.write_xref_and_trailer()
    if hasattr(fp, "flush"):
        fp.flush()
    pdf.close()


def _write_page(
    im: Image.Image,
    filename: str | bytes,
    pdf: PdfParser.PdfParser,
    place: tuple[PdfParser.IndirectReference, PdfParser.IndirectReference],
    options: dict[str, Any],
) -> None:
    """Write an image, the page that it fills, and the page's contents."""
    resolution = options.get("resolution", 72.0)
    x_resolution, y_resolution = options.get("dpi") or (resolution, resolution)
    image, procedures = _write_image(im, filename, pdf)
    # A point is 1/72 of an inch.
    width, height = im.width * 72.0 / x_resolution, im.height * 72.0 / y_resolution
    resources = PdfParser.PdfDict(
        {
            b"ProcSet": [_Name("PDF"), _Name(procedures)],
            b"XObject": PdfParser.PdfDict({b"image": image}),
        }
    )
    page, contents = place
    pdf.write_page(page, Resources=resources, MediaBox=[0, 0, width, height], Contents=contents)
    pdf.write_obj(contents, stream=b"q %f 0 0 %f 0 0 cm /image Do Q\n" % (width, height))


def _save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    _save(im, fp, filename, save_all=True)


Image.register_save("PDF", _save)
Image.register_save_all("PDF", _save_all)
Image.register_extension("PDF", ".pdf")
Image.register_mime("PDF", "application/pdf")
