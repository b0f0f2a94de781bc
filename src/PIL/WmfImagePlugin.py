"""WMF and EMF, metafiles of Windows: recognised; a handler of the program draws them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from . import Image, ImageFile
from ._header import Header, require
from ._stub_formats import save_with

if TYPE_CHECKING:
    from . import _imaging

_PLACEABLE = b"\xd7\xcd\xc6\x9a\x00\x00"
_HEADER_RECORD = b"\x01\x00\x00\x00"
_EMF_SIGNATURE = b" EMF"
_WMF_HEADER = b"\x01\x00\x09\x00"

_WMF = Header(
    "<",
    _placeable="6x",
    left="h",
    top="h",
    right="h",
    bottom="h",
    units_per_inch="H",
)
# The picture in pixels, and in hundredths of a millimetre.
_EMF = Header(
    "<",
    _record="8x",
    x0="i",
    y0="i",
    x1="i",
    y1="i",
    left="i",
    top="i",
    right="i",
    bottom="i",
    _signature="4x",
)

_WMF_HEADER_OFFSET = 22
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
        data = self.fp.read(_EMF.size)
        if data.startswith(_PLACEABLE):
            self._open_wmf(_WMF.unpack(data), data[_WMF_HEADER_OFFSET:])
        else:
            emf = data.startswith(_HEADER_RECORD) and data.endswith(_EMF_SIGNATURE)
            require(emf, "Unsupported file format")
            self._open_emf(_EMF.unpack(data))
        self._mode = "RGB"

    def _open_wmf(self, header: Any, after: bytes) -> None:
        inch = header.units_per_inch
        if inch == 0:
            raise ValueError("Invalid inch")
        require(after.startswith(_WMF_HEADER), "Unsupported WMF file format")
        box = header.left, header.top, header.right, header.bottom
        self._inch: float | tuple[float, float] = inch
        self._size = (box[2] - box[0]) * _WMF_DPI // inch, (box[3] - box[1]) * _WMF_DPI // inch
        self.info.update(dpi=_WMF_DPI, wmf_bbox=box)

    def _open_emf(self, header: Any) -> None:
        width, height = header.x1 - header.x0, header.y1 - header.y0
        frame_width, frame_height = header.right - header.left, header.bottom - header.top
        require(frame_width and frame_height, "EMF file without size")
        self._size = width, height
        dpi = (
            _HUNDREDTH_MM_PER_INCH * width / frame_width,
            _HUNDREDTH_MM_PER_INCH * height / frame_height,
        )
        self._inch = dpi[0] if dpi[0] == dpi[1] else dpi
        self.info.update(wmf_bbox=(header.x0, header.y0, header.x1, header.y1), dpi=self._inch)

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
