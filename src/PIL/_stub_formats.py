"""What the formats have in common that only a handler of the program can read and write."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from . import Image, ImageFile
from ._header import require


def recognise(stub: ImageFile.StubImageFile, accept: Callable[[bytes], bool]) -> None:
    """Open a file of measurements, of which nothing but the format is known without handler.

    :raises SyntaxError: if ``accept`` refuses its first bytes
    """
    assert stub.fp is not None
    require(accept(stub.fp.read(8)), f"Not a {stub.format} file")
    stub._mode = "F"
    stub._size = 0, 0


def save_with(
    handler: Any, format: str, im: Image.Image, fp: IO[bytes], filename: str | bytes
) -> None:
    """Let a handler write an image.

    :raises OSError: when there is none that can
    """
    if handler is None or not hasattr(handler, "save"):
        raise OSError(f"{format} save handler not installed")
    handler.save(im, fp, filename)
