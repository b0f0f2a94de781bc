"""GRIB, grids of meteorology: only recognised; a handler of the program reads and writes it."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile
from ._stub_formats import recognise, save_with


def register_handler(handler: ImageFile.StubHandler | None) -> None:
    """Set what reads and writes GRIB files; ``None``: nothing.

    :param handler: reads through ``open`` and ``load``, writes through ``save(im, fp, filename)``
    """
    GribStubImageFile._handler = handler


def _accept(prefix: bytes) -> bool:
    return len(prefix) >= 8 and prefix.startswith(b"GRIB") and prefix[7] == 1


class GribStubImageFile(ImageFile.StubImageFile):
    """A GRIB file."""

    format = "GRIB"
    format_description = "GRIB"

    def _open(self) -> None:
        recognise(self, _accept)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    save_with(GribStubImageFile._handler, "GRIB", im, fp, filename)


Image.register_open(GribStubImageFile.format, GribStubImageFile, _accept)
Image.register_save(GribStubImageFile.format, _save)
Image.register_extension(GribStubImageFile.format, ".grib")
