"""HDF5, hierarchical data: only recognised; a handler of the program reads and writes it."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile
from ._stub_formats import recognise, save_with


def register_handler(handler: ImageFile.StubHandler | None) -> None:
    """Set what reads and writes HDF5 files; ``None``: nothing.

    :param handler: reads through ``open`` and ``load``, writes through ``save(im, fp, filename)``
    """
    HDF5StubImageFile._handler = handler


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(b"\x89HDF\r\n\x1a\n")


class HDF5StubImageFile(ImageFile.StubImageFile):
    """A HDF5 file."""

    format = "HDF5"
    format_description = "HDF5"

    def _open(self) -> None:
        recognise(self, _accept)


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    save_with(HDF5StubImageFile._handler, "HDF5", im, fp, filename)


Image.register_open(HDF5StubImageFile.format, HDF5StubImageFile, _accept)
Image.register_save(HDF5StubImageFile.format, _save)
Image.register_extensions(HDF5StubImageFile.format, [".h5", ".hdf"])
