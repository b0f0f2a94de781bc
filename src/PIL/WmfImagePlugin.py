"""WMF and EMF, metafiles of Windows: recognised; a handler of the program draws them."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING

from . import Image, ImageFile
from ._header import require
from ._stub_formats import save_with

if TYPE_CHECKING:
    from . import _imaging

_PLACEABLE = b"\xd7\xcd\xc6\x9a\x00\x00"
_HEADER_RECORD = b"\x01\x00\x00\x00"
_EMF_SIGNATURE = b" EMF"
_WMF_HEADER = b"\x01\x00\x09\x00"

_WMF_DPI = 72
_HUNDREDTH_MM_PER_INCH = 2540


def register_handler(handler: ImageFile.StubHandler | None) -> None:
    """Set what draws and writes metafiles; ``None``: nothing.

    :param handler: reads through ``open`` and ``load``, writes through ``save(im, fp, filename)``
    """
    WmfStubImageFile._handler = handler


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((_PLACEABLE, _HEADER_RECORD))


def _pair(value: float | tuple[float, float]) -> tuple[float, float]:
    return value if isinstance(value, tuple) else (value, value)


class WmfStubImageFile(ImageFile.StubImageFile):
    """A metafile."""

    format = "WMF"
    format_description = "Windows Metafile"

    def _open(self) -> None:
        assert self.fp is not None
        header = self.fp.read(44)
        if header.startswith(_PLACEABLE):
            self._open_wmf(header)
        else:
            emf = header.startswith(_HEADER_RECORD) and header[40:44] == _EMF_SIGNATURE
            require(emf, "Unsupported file format")
            self._open_emf(header)
        self._mode = "RGB"

    def _open_wmf(self, header: bytes) -> None:
        *box, units_per_inch = struct.unpack_from("<4hH", header, 6)
        if units_per_inch == 0:
            raise ValueError("Invalid inch")
        require(header[22:26] == _WMF_HEADER, "Unsupported WMF file format")
        x0, y0, x1, y1 = box
        self._inch: float | tuple[float, float] = units_per_inch
        self._size = (
            (x1 - x0) * _WMF_DPI // units_per_inch,
            (y1 - y0) * _WMF_DPI // units_per_inch,
        )
        self.info.update(wmf_bbox=(x0, y0, x1, y1), dpi=_WMF_DPI)

    def _open_emf(self, header: bytes) -> None:
        x0, y0, x1, y1 = struct.unpack_from("<4i", header, 8)
        left, top, right, bottom = struct.unpack_from("<4i", header, 24)
        require(right != left and bottom != top, "EMF file without size")
        self._size = x1 - x0, y1 - y0
        dpi = (
            _HUNDREDTH_MM_PER_INCH * (x1 - x0) / (right - left),
            _HUNDREDTH_MM_PER_INCH * (y1 - y0) / (bottom - top),
        )
        self._inch = dpi[0] if dpi[0] == dpi[1] else dpi
        self.info.update(wmf_bbox=(x0, y0, x1, y1), dpi=self._inch)

    def load(self, dpi: float | tuple[float, float] | None = None) -> _imaging.PixelAccess | None:
        """Draw the metafile.

        :param dpi: pixels per inch, for both directions or each; by default what the file says
        :raises ValueError: for a negative resolution
        :raises OSError: when there is no handler
        """
        if dpi is not None:
            wanted, unit = _pair(dpi), _pair(self._inch)
            if min(wanted) < 0:
                raise ValueError("DPI must be non-negative")
            if 0 in unit:
                raise OSError("metafile without size")
            x0, y0, x1, y1 = self.info["wmf_bbox"]
            self.info["dpi"] = dpi
            self._size = (
                int((x1 - x0) * wanted[0] / unit[0]),
                int((y1 - y0) * wanted[1] / unit[1]),
            )
            Image._decompression_bomb_check(self.size)
        return super().load()


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    save_with(WmfStubImageFile._handler, "WMF", im, fp, filename)


Image.register_open(WmfStubImageFile.format, WmfStubImageFile, _accept)
Image.register_save(WmfStubImageFile.format, _save)
Image.register_extensions(WmfStubImageFile.format, [".wmf", ".emf"])
