"""BUFR, weather observations: only recognised; a handler of the program reads and writes it."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile
from ._stub_formats import recognise, save_with


def register_handler(handler: ImageFile.StubHandler | None) -> None:
    """Set what reads and writes BUFR files; ``None``: nothing.

    :param handler: reads through ``open`` and ``load``, writes through ``save(im, fp, filename)``
    """
    BufrStubImageFile._handler = handler


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((b"BUFR", b"ZCZC"))


class BufrStubImageFile(ImageFile.StubImageFile):
    """A BUFR file."""

    format = "BUFR"
    format_description = "BUFR"

    def _open(self) -> None:
        recognise(self, _accept)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    save_with(BufrStubImageFile._handler, "BUFR", im, fp, filename)


Image.register_open(BufrStubImageFile.format, BufrStubImageFile, _accept)
Image.register_save(BufrStubImageFile.format, _save)
Image.register_extension(BufrStubImageFile.format, ".bufr")
