"""PSD, Photoshop: the merged image and its layers.

All is read from where the file says it is, but nothing is taken of a size before the file turned
out to have it.
"""

from __future__ import annotations

import functools
import sys
from array import array
from typing import IO

from . import Image, ImageFile, ImagePalette
from ._header import Header, read_up_to, require
from ._util import DeferredError

_SIGNATURE = b"8BPS"
_HEADER = Header(
    ">",
    signature="4s",
    version="H",
    _reserved="6x",
    channels="H",
    height="L",
    width="L",
    depth="H",
    mode="H",
)

#: By the file's mode and depth: mode of the image, number of channels that it takes.
MODES = {
    (0, 1): ("1", 1),
    (0, 8): ("L", 1),
    (1, 8): ("L", 1),
    (2, 8): ("P", 1),
    (3, 8): ("RGB", 3),
    (4, 8): ("CMYK", 4),
    (7, 8): ("L", 1),
    (8, 8): ("L", 1),
    (9, 8): ("LAB", 3),
}

_PALETTE_SIZE = 3 * 256
_ICC_PROFILE = 1039

_LAYER = Header(">", top="l", left="l", bottom="l", right="l", channels="H")
_CHANNEL = Header(">", kind="H", length="L")
# Signature and name of the blending, opacity, clipping, flags.
_BLENDING = Header(">", fields="12s", size_of_rest="L")
_LEAST_LAYER = 20
_MOST_CHANNELS = 4

# Kinds of channels, and the modes of layers by the channels that they have.
_CHANNELS = {0: "R", 1: "G", 2: "B", 3: "A", 0xFFFF: "A"}
_LAYER_MODES = {"R": "L", "BGR": "RGB", "ABGR": "RGBA"}

_RAW, _PACKBITS = 0, 1

# Positions that a file can have at all.
_LARGEST_POSITION = 2**63 - 1

_Box = tuple[int, int, int, int]
_Layer = tuple[str, str, _Box, list[ImageFile._Tile]]


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_SIGNATURE)


def _number(fp: IO[bytes], size: int) -> int:
    """The next unsigned number.

    :raises SyntaxError: when the file ends before
    """
    data = fp.read(size)
    require(len(data) == size, "PSD file is cut off")
    return int.from_bytes(data, "big")


class PsdImageFile(ImageFile.ImageFile):
    """Reads PSD files.

    When opened it shows the merged image, although ``tell()`` says 1, the first layer. Layers are
    drawn where they are, in an image of the document's size, on what was shown before if that has
    the same mode.

    :ivar resources: the image resources: (number, name, data)
    """

    format = "PSD"
    format_description = "Adobe Photoshop"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        header = _HEADER.read(self.fp)
        require(header.signature == _SIGNATURE and header.version == 1, "not a PSD file")
        require((header.mode, header.depth) in MODES, "unknown PSD mode")
        mode, channels = MODES[header.mode, header.depth]
        if channels > header.channels:
            raise OSError("not enough channels")
        if mode == "RGB" and header.channels == 4:
            mode, channels = "RGBA", 4
        self._mode = mode
        self._size = header.width, header.height

        colours = read_up_to(self.fp, _number(self.fp, 4))
        if mode == "P" and len(colours) == _PALETTE_SIZE:
            self.palette = ImagePalette.raw("RGB;L", colours)
        self.resources = self._read_resources()
        for number, _, data in self.resources:
            if number == _ICC_PROFILE:
                self.info["icc_profile"] = data

        self._layers_position, self._layers_size = self._find_layers()
        self.tile = _maketile(self.fp, mode, (0, 0, *self.size), channels)
        self._fp = self.fp
        self.frame = self._min_frame = 1

    def _read_resources(self) -> list[tuple[int, bytes, bytes]]:
        assert self.fp is not None
        resources = []
        length = _number(self.fp, 4)
        end = self.fp.tell() + length
        while self.fp.tell() < end:
            self.fp.read(4)
            number = _number(self.fp, 2)
            name = self.fp.read(_number(self.fp, 1))
            if len(name) % 2 == 0:
                self.fp.read(1)
            data = read_up_to(self.fp, _number(self.fp, 4))
            if len(data) % 2:
                self.fp.read(1)
            resources.append((number, name, data))
        return resources

    def _find_layers(self) -> tuple[int, int]:
        """Position and size of the layers, or 0 and 0; the file then stands behind them."""
        assert self.fp is not None
        position = size = 0
        length = _number(self.fp, 4)
        end = self.fp.tell() + length
        if length:
            size = _number(self.fp, 4)
            position = self.fp.tell() if size else 0
        self.fp.seek(end)
        return position, size

    @functools.cached_property
    def layers(self) -> list[_Layer]:
        """Name, mode, box and tiles of all layers. The mode is empty for unknown channels.

        :raises SyntaxError: when they are damaged
        """
        if not self._layers_position:
            return []
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        self._fp.seek(self._layers_position)
        return _layerinfo(self._fp, self._layers_size)

    @property
    def n_frames(self) -> int:
        """Number of layers."""
        return len(self.layers)

    @property
    def is_animated(self) -> bool:
        """Whether there are several layers."""
        return len(self.layers) > 1

    def seek(self, layer: int) -> None:
        """Go to a layer; the first one is 1.

        :raises EOFError: when there is no such layer
        """
        if layer == self.frame:
            return
        if not 1 <= layer <= len(self.layers):
            raise EOFError("no more images in PSD file")
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        _, mode, _, tiles = self.layers[layer - 1]
        if mode != self.mode:
            self._im = None
        self._mode = mode
        # Loading empties the list.
        self.tile = list(tiles)
        self.frame = layer
        self.fp = self._fp

    def tell(self) -> int:
        """Number of the present layer."""
        return self.frame


def _part(fp: IO[bytes], size: int) -> int:
    """The next unsigned number of what belongs to the layers.

    :raises OSError: when the file ends before
    """
    return int.from_bytes(ImageFile._safe_read(fp, size), "big")


def _layerinfo(fp: IO[bytes], ct_bytes: int) -> list[_Layer]:
    """Read all layers, which take so many bytes."""
    count = abs(int.from_bytes(_part(fp, 2).to_bytes(2, "big"), "big", signed=True))
    if ct_bytes < count * _LEAST_LAYER:
        raise SyntaxError("Layer block too short for number of layers requested")
    found = [layer for _ in range(count) if (layer := _read_layer(fp)) is not None]
    # The planes of all layers follow: those of a layer are taken in the order of its mode.
    return [
        (name, mode, box, [tile for band in mode for tile in _maketile(fp, band, box, 1)])
        for name, mode, box in found
    ]


def _read_layer(fp: IO[bytes]) -> tuple[str, str, _Box] | None:
    """Read name, mode and box of a layer, or nothing of one that has too many channels."""
    header = _LAYER.unpack(ImageFile._safe_read(fp, _LAYER.size))
    channels = header.channels
    if channels > _MOST_CHANNELS:
        # Only the length of what follows is of interest.
        fp.seek(channels * _CHANNEL.size + 12, 1)
        fp.seek(_part(fp, 4), 1)
        return None
    kinds = [
        _CHANNELS.get(_CHANNEL.unpack(ImageFile._safe_read(fp, _CHANNEL.size)).kind, "?")
        for _ in range(channels)
    ]
    mode = _LAYER_MODES.get("".join(sorted(kinds)), "")
    rest = _BLENDING.unpack(ImageFile._safe_read(fp, _BLENDING.size)).size_of_rest
    end = fp.tell() + rest
    name = _read_name(fp) if rest else ""
    fp.seek(end)
    return name, mode, (header.left, header.top, header.right, header.bottom)


def _read_name(fp: IO[bytes]) -> str:
    mask = _part(fp, 4)
    if mask:
        # As Pillow has it; the name of a layer that has a mask is found by chance only.
        fp.seek(mask - 16, 1)
    blending_ranges = _part(fp, 4)
    if blending_ranges:
        fp.seek(blending_ranges, 1)
    length = _part(fp, 1)
    return ImageFile._safe_read(fp, length).decode("latin-1")


def _maketile(file: IO[bytes], mode: str, bbox: _Box, channels: int) -> list[ImageFile._Tile]:
    """Tiles of the planes that follow; the file then stands behind them.

    :raises ValueError: when a side of the box is negative
    :raises OSError: when the table of the rows' lengths is cut off
    """
    width, height = bbox[2] - bbox[0], bbox[3] - bbox[1]
    if width < 0 or height < 0:
        raise ValueError("negative tile size")
    compression = _number(file, 2)
    codec, lengths = "raw", [width * height] * channels
    if compression == _PACKBITS:
        codec = "packbits"
        rows = array("H", ImageFile._safe_read(file, channels * height * 2))
        if sys.byteorder == "little":
            rows.byteswap()
        lengths = [sum(rows[height * i : height * (i + 1)]) for i in range(channels)]
    elif compression != _RAW:
        lengths = []
    offset = file.tell()
    # All planes of CMYK are stored inverted.
    suffix = ";I" if mode == "CMYK" else ""
    tiles = []
    for band, length in zip(mode, lengths, strict=False):
        tiles.append(ImageFile._Tile(codec, bbox, offset, band + suffix))
        offset += length
    require(offset <= _LARGEST_POSITION, "planes larger than any file")
    file.seek(offset)
    if offset % 2:
        file.read(1)
    return tiles


Image.register_open(PsdImageFile.format, PsdImageFile, _accept)
Image.register_extension(PsdImageFile.format, ".psd")
Image.register_mime(PsdImageFile.format, "image/vnd.adobe.photoshop")
