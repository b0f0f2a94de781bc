"""SGI images: uncompressed planes, or run lengths."""

from __future__ import annotations

import os
from typing import IO

from . import Image, ImageFile
from ._header import Header, read_up_to

_MAGIC = 474
_DATA_OFFSET = 512
_HEADER = Header(
    ">", magic="H", compression="B", bpc="B", dimension="H", width="H", height="H", bands="H"
)
_OUTPUT_HEADER = Header(
    ">",
    magic="H",
    compression="B",
    bpc="B",
    dimension="H",
    width="H",
    height="H",
    bands="H",
    smallest="L",
    largest="L",
    _unused="4x",
    name="79s",
    _end_of_name="x",
    colormap="L",
    _padding="404x",
)

#: By bytes per channel, dimensions and number of channels: layout of the pixels.
MODES = {
    (1, 1, 1): "L",
    (1, 2, 1): "L",
    (2, 1, 1): "L;16B",
    (2, 2, 1): "L;16B",
    (1, 3, 3): "RGB",
    (2, 3, 3): "RGB;16B",
    (1, 3, 4): "RGBA",
    (2, 3, 4): "RGBA;16B",
}


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC.to_bytes(2, "big"))


class SgiImageFile(ImageFile.ImageFile):
    """Reads SGI images."""

    format = "SGI"
    format_description = "SGI Image File Format"

    def _open(self) -> None:
        assert self.fp is not None
        header = _HEADER.read(self.fp)
        if header.magic != _MAGIC:
            raise ValueError("Not an SGI image file")
        layout = MODES.get((header.bpc, header.dimension, header.bands))
        if layout is None:
            raise ValueError("Unsupported SGI image mode")
        self._size = header.width, header.height
        self._mode = layout.partition(";")[0]
        if self.mode == "RGB":
            self.custom_mimetype = "image/rgb"
        if header.compression == 1:
            self.tile = [self._tile("sgi_rle", layout, -1, header.bpc)]
        elif header.compression == 0 and header.bpc == 1:
            self.tile = self._planes()
        elif header.compression == 0:
            self.tile = [self._tile("SGI16", self.mode, 0, -1)]

    def _tile(self, codec: str, *args: str | int) -> ImageFile._Tile:
        return ImageFile._Tile(codec, (0, 0, *self.size), _DATA_OFFSET, args)

    def _planes(self) -> list[ImageFile._Tile]:
        """One tile for each channel; the rows are stored from the bottom up."""
        plane = self.width * self.height
        return [
            ImageFile._Tile("raw", (0, 0, *self.size), _DATA_OFFSET + i * plane, (band, 0, -1))
            for i, band in enumerate(self.mode)
        ]


class SGI16Decoder(ImageFile.PyDecoder):
    """Decodes planes of 16-bit samples, of which the high bytes are kept."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all planes from the file."""
        assert self.fd is not None
        count = self.state.xsize * self.state.ysize
        bands = len(self.mode)
        self.fd.seek(_DATA_OFFSET)
        data = read_up_to(self.fd, 2 * count * bands)
        if len(data) < 2 * count * bands:
            raise ValueError("not enough image data")
        size = self.state.xsize, self.state.ysize
        for i in range(bands):
            plane = data[2 * count * i : 2 * count * (i + 1)]
            # Of the mode L;16B only the high byte is taken.
            band = Image.frombytes("L", size, plane, "raw", "L;16B", 0, -1)
            assert self.im is not None
            self.im.putband(band.im, i)
        return -1, 0


class _SgiRleDecoder(ImageFile.PyDecoder):
    """Gives all of the file to the core's decoder: its rows may stand in any order."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Decode the rest of the file; without a file, what is in the buffer."""
        assert self.im is not None
        decoder = Image.core.sgi_rle_decoder(self.mode, *self.args)
        decoder.setimage(self.im, self.state.extents())
        consumed, status = decoder.decode(buffer if self.fd is None else self.fd.read())
        return consumed, status


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode not in ("RGB", "RGBA", "L"):
        raise ValueError("Unsupported SGI image mode")
    bpc = im.encoderinfo.get("bpc", 1)
    if bpc not in (1, 2):
        raise ValueError("Unsupported number of bytes per pixel")
    bands = len(im.getbands())
    dimension = 3
    if im.mode == "L":
        dimension = 1 if im.height == 1 else 2
    name = os.path.splitext(os.path.basename(os.fsdecode(filename)))[0]
    fp.write(
        _OUTPUT_HEADER.pack(
            magic=_MAGIC,
            compression=0,
            bpc=bpc,
            dimension=dimension,
            width=im.width,
            height=im.height,
            bands=bands,
            smallest=0,
            largest=255,
            name=name.encode("ascii", "ignore"),
            colormap=0,
        )
    )
    if bpc == 1:
        ImageFile._save(im, fp, [_plane(im, band) for band in im.getbands()])
        return
    for channel in im.split():
        # The value is the high byte.
        ImageFile._save(channel, fp, [_plane(channel, "L;16B")])


def _plane(im: Image.Image, rawmode: str) -> ImageFile._Tile:
    """All of a channel, from the bottom up."""
    return ImageFile._Tile("raw", (0, 0, *im.size), 0, (rawmode, 0, -1))


Image.register_decoder("SGI16", SGI16Decoder)
Image.register_decoder("sgi_rle", _SgiRleDecoder)
Image.register_open(SgiImageFile.format, SgiImageFile, _accept)
Image.register_save(SgiImageFile.format, _save)
Image.register_mime(SgiImageFile.format, "image/sgi")
Image.register_extensions(SgiImageFile.format, [".bw", ".rgb", ".rgba", ".sgi"])
