"""What the formats have in common that only a handler of the program can read and write."""

from __future__ import annotations

from typing import IO, Any

from . import Image, ImageFile
from ._header import require


class MeteorologicalStub(ImageFile.StubImageFile):
    """A file of measurements, of which nothing but the format is known without handler."""

    def _recognise(self, accepted: bool) -> None:
        require(accepted, f"Not a {self.format} file")
        self._mode = "F"
        self._size = 0, 0


def save_with(
    handler: Any, format: str, im: Image.Image, fp: IO[bytes], filename: str | bytes
) -> None:
    """Let a handler write an image.

    :raises OSError: when there is none that can
    """
    if handler is None or not hasattr(handler, "save"):
        raise OSError(f"{format} save handler not installed")
    handler.save(im, fp, filename)
