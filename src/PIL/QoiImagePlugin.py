"""QOI, the "Quite OK Image" format."""

from __future__ import annotations

from typing import IO, Any

from . import Image, ImageFile
from ._header import Header, require

_HEADER = Header(">", magic="4s", width="L", height="L", channels="B", colorspace="B")
_MAGIC = b"qoif"


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class QoiImageFile(ImageFile.ImageFile):
    """Reads QOI files."""

    format = "QOI"
    format_description = "Quite OK Image"

    def _open(self) -> None:
        assert self.fp is not None
        # The colour space is of no interest, and may be missing.
        header = _HEADER.unpack(self.fp.read(_HEADER.size - 1) + b"\0")
        require(header.magic == _MAGIC, "not a QOI file")
        self._size = header.width, header.height
        self._mode = "RGB" if header.channels == 3 else "RGBA"
        self.tile = [ImageFile._Tile("qoi", (0, 0, *self.size), _HEADER.size)]


class QoiDecoder(ImageFile.PyDecoder):
    """Gives the file to the core's decoder."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all pixels from the file.

        :raises ValueError: when there are too few
        """
        assert self.fd is not None and self.im is not None
        decoder = Image.core.qoi_decoder(self.mode)
        decoder.setimage(self.im, self.state.extents())
        rest = b""
        while piece := self.fd.read(ImageFile.MAXBLOCK):
            data = rest + piece
            consumed, status = decoder.decode(data)
            if consumed < 0:
                return consumed, status
            rest = data[consumed:]
        raise ValueError("not enough image data")


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode not in ("RGB", "RGBA"):
        raise ValueError("Unsupported QOI image mode")
    if 0 in im.size:
        raise ValueError("Size must be positive")
    fp.write(
        _HEADER.pack(
            magic=_MAGIC,
            width=im.width,
            height=im.height,
            channels=len(im.mode),
            colorspace=0 if im.encoderinfo.get("colorspace") == "sRGB" else 1,
        )
    )
    ImageFile._save(im, fp, [ImageFile._Tile("qoi", (0, 0, *im.size))])


class QoiEncoder(ImageFile.PyEncoder):
    """Encodes pixels with the first operation that can express each of them."""

    _core: Any = None

    def encode(self, bufsize: int) -> tuple[int, int, bytes]:
        """Encode the next part."""
        if self._core is None:
            assert self.im is not None
            self._core = Image.core.qoi_encoder(self.mode)
            self._core.setimage(self.im, self.state.extents())
        part: tuple[int, int, bytes] = self._core.encode(bufsize)
        return part


Image.register_open(QoiImageFile.format, QoiImageFile, _accept)
Image.register_decoder("qoi", QoiDecoder)
Image.register_extension(QoiImageFile.format, ".qoi")
Image.register_save(QoiImageFile.format, _save)
Image.register_encoder("qoi", QoiEncoder)
