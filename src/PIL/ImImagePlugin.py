"""IM, the format of IFUNC Image Memory (LabEye) and of early PIL. Deprecated."""

from __future__ import annotations

import os
import re
from typing import IO, Any

from . import Image, ImageFile, ImagePalette
from ._deprecate import deprecate
from ._header import require
from ._util import DeferredError

COMMENT = "Comment"
DATE = "Date"
EQUIPMENT = "Digitalization equipment"
FRAMES = "File size (no of images)"
LUT = "Lut"
NAME = "Name"
SCALE = "Scale (x,y)"
SIZE = "Image size (x*y)"
MODE = "Image type"

#: The keys of a header; one at least must be there.
TAGS = dict.fromkeys((COMMENT, DATE, EQUIPMENT, FRAMES, LUT, NAME, SCALE, SIZE, MODE), 0)

_NUMERIC = (FRAMES, SCALE, SIZE)


def _image_types() -> dict[str, tuple[str, str]]:
    types = {
        "0 1": ("1", "1"),
        "L 1": ("1", "1"),
        "Greyscale": ("L", "L"),
        "Grayscale": ("L", "L"),
        "RGB": ("RGB", "RGB;L"),
        "RLB": ("RGB", "RLB"),
        "RYB": ("RGB", "RLB"),
        "B1": ("1", "1"),
        "B2": ("P", "P;2"),
        "B4": ("P", "P;4"),
        "X 24": ("RGB", "RGB"),
        "L 32 S": ("I", "I;32"),
        "L 32 F": ("F", "F;32"),
        "RGB3": ("RGB", "RGB;T"),
        "RYB3": ("RGB", "RYB;T"),
        "LA": ("LA", "LA;L"),
        "PA": ("LA", "PA;L"),
        "RGBA": ("RGBA", "RGBA;L"),
        "RGBX": ("RGB", "RGBX;L"),
        "CMYK": ("CMYK", "CMYK;L"),
        "YCC": ("YCbCr", "YCbCr;L"),
    }
    for kind in ("8", "8S", "16S", "32", "32F"):
        types[f"L {kind}"] = types[f"L*{kind}"] = "F", f"F;{kind}"
    types["L 16"], types["L*16"] = ("I;16", "I;16"), ("F", "F;16")
    for kind in ("16L", "16B"):
        types[f"L {kind}"] = types[f"L*{kind}"] = f"I;{kind}", f"I;{kind}"
    types["L 32S"] = types["L*32S"] = "I", "I;32S"
    for bits in range(2, 32):
        types.setdefault(f"L*{bits}", ("F", f"F;{bits}"))
    return {f"{name} image": modes for name, modes in types.items()}


#: By image type: mode, layout of the pixels.
OPEN = _image_types()

#: What separates key and value.
split = re.compile(rb"^([A-Za-z][^:]*):[ \t]*(.*)[ \t]*$")

_LONGEST_LINE = 100
_PLANE = 256  # of a palette
_END_OF_HEADER = b"\x1a"
_HEADER_SIZE = 512  # of files that are written


def _deprecate() -> None:
    deprecate("IM image format", 15, stacklevel=4)


def number(s: Any) -> float:
    """The number in a text: an int if it is one, or else a float."""
    _deprecate()
    return _number(s)


def _number(s: Any) -> float:
    try:
        return int(s)
    except ValueError:
        return float(s)


class ImImageFile(ImageFile.ImageFile):
    """Reads IM files."""

    format = "IM"
    format_description = "IFUNC Image Memory"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        require(b"\n" in self.fp.read(_LONGEST_LINE), "not an IM file")
        self.fp.seek(0)
        self.info.update({MODE: "L", SIZE: (512, 512), FRAMES: 1})
        self.rawmode = "L"
        byte = self._read_lines()
        _deprecate()

        size = self.info[SIZE]
        require(
            isinstance(size, tuple) and len(size) == 2 and all(isinstance(n, int) for n in size),
            "bad size in IM header",
        )
        require(isinstance(self.info[FRAMES], int), "bad number of images in IM header")
        self._size = size
        self._mode = self.info[MODE]
        if byte != _END_OF_HEADER:
            self._skip_header()
        if LUT in self.info:
            self._read_lut(self.fp.read(3 * _PLANE))

        self.frame = 0
        self._offset = self.fp.tell()
        self._fp = self.fp
        self.tile = self._first_tiles()

    def _skip_header(self) -> None:
        """Go behind the byte that ends the header."""
        assert self.fp is not None
        while piece := self.fp.read(_HEADER_SIZE):
            end = piece.find(_END_OF_HEADER)
            if end >= 0:
                self.fp.seek(end + 1 - len(piece), os.SEEK_CUR)
                return
        raise SyntaxError("File truncated")

    def _read_lines(self) -> bytes:
        """Read the lines of the header into ``info``; the byte that ended them."""
        assert self.fp is not None
        known = 0
        while True:
            byte = self.fp.read(1)
            if byte == b"\r":
                continue
            if byte in (b"", b"\0", _END_OF_HEADER):
                break
            line = byte + self.fp.readline(_LONGEST_LINE)
            require(len(line) <= _LONGEST_LINE, "not an IM file")
            match = split.match(line.rstrip(b"\r\n"))
            require(match, f"Syntax error in IM header: {line.decode('ascii', 'replace')}")
            assert match is not None
            key, value = (text.decode("latin-1", "replace") for text in match.groups())
            self._add(key, value)
            known += key in TAGS
        require(known, "Not an IM file")
        return byte

    def _add(self, key: str, text: str) -> None:
        value: Any = text
        if key in _NUMERIC:
            numbers = tuple(number(part) for part in text.replace("*", ",").split(","))
            value = numbers[0] if len(numbers) == 1 else numbers
        elif key == MODE and text in OPEN:
            value, self.rawmode = OPEN[text]
        if key == COMMENT:
            self.info.setdefault(key, []).append(value)
        else:
            self.info[key] = value

    def _read_lut(self, table: bytes) -> None:
        """Use a lookup table (a plane for each colour) as palette, if it is one."""
        require(len(table) == 3 * _PLANE, "lookup table is cut off")
        red, green, blue = (table[i : i + _PLANE] for i in range(0, len(table), _PLANE))
        grey = red == green == blue
        ramp = grey and red == bytes(range(_PLANE))
        if self.mode in ("L", "LA", "P", "PA"):
            if grey:
                if not ramp:
                    self.lut = list(red)
                return
            if self.mode in ("L", "P"):
                self._mode = self.rawmode = "P"
            else:
                self._mode, self.rawmode = "PA", "PA;L"
            self.palette = ImagePalette.raw("RGB;L", table)
        elif self.mode == "RGB" and not ramp:
            self.lut = list(table)

    def _tile(self, offset: int, codec: str = "raw", *args: Any) -> ImageFile._Tile:
        """A tile of the whole image; rows are stored from the bottom up."""
        return ImageFile._Tile(codec, (0, 0, *self.size), offset, args or (self.rawmode, 0, -1))

    def _first_tiles(self) -> list[ImageFile._Tile]:
        offset = self._offset
        if self.rawmode in ("RGB;T", "RYB;T"):
            plane = self.width * self.height
            return [
                self._tile(offset + i * plane, "raw", band, 0, -1) for i, band in enumerate("GRB")
            ]
        bits = self.rawmode.removeprefix("F;")
        if self.mode == "F" and bits.isdigit() and bits not in ("8", "16", "32"):
            return [self._tile(offset, "bit", int(bits), 8, 3, 0, -1)]
        return [self._tile(offset)]

    @property
    def n_frames(self) -> int:
        """Number of images in the file, as it says itself."""
        frames: int = self.info[FRAMES]
        return frames

    @property
    def is_animated(self) -> bool:
        """Whether there is more than one image."""
        return self.n_frames > 1

    def seek(self, frame: int) -> None:
        """Go to an image.

        :raises EOFError: when there is no such image
        """
        if not self._seek_check(frame):
            return
        self.frame = frame
        bits = 1 if self.mode == "1" else 8 * len(self.mode)
        frame_size = (self.width * bits + 7) // 8 * self.height
        assert not isinstance(self._fp, DeferredError)
        self.fp = self._fp
        self.tile = [self._tile(self._offset + frame * frame_size)]

    def tell(self) -> int:
        """Number of the present image."""
        return self.frame


#: By mode: image type, layout of the pixels.
SAVE = {
    "1": ("0 1", "1"),
    "L": ("Greyscale", "L"),
    "LA": ("LA", "LA;L"),
    "P": ("Greyscale", "P"),
    "PA": ("LA", "PA;L"),
    "I": ("L 32S", "I;32S"),
    "I;16": ("L 16", "I;16"),
    "I;16L": ("L 16L", "I;16L"),
    "I;16B": ("L 16B", "I;16B"),
    "F": ("L 32F", "F;32F"),
    "RGB": ("RGB", "RGB;L"),
    "RGBA": ("RGBA", "RGBA;L"),
    "RGBX": ("RGBX", "RGBX;L"),
    "CMYK": ("CMYK", "CMYK;L"),
    "YCbCr": ("YCC", "YCbCr;L"),
}

_LONGEST_NAME = 92  # so that its line has no more than 100 bytes


def _header_lines(im: Image.Image, filename: str | bytes, image_type: str) -> list[str]:
    lines = [f"{MODE}: {image_type} image"]
    if filename:
        base, extension = os.path.splitext(os.path.basename(os.fsdecode(filename)))
        lines.append(f"{NAME}: {base[: _LONGEST_NAME - len(extension)]}{extension}")
    lines.append(f"{SIZE}: {im.width}*{im.height}")
    lines.append(f"{FRAMES}: {im.encoderinfo.get('frames', 1)}")
    if im.mode in ("P", "PA"):
        lines.append(f"{LUT}: 1")
    return lines


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    _deprecate()
    if im.mode not in SAVE:
        raise ValueError(f"Cannot save {im.mode} images as IM")
    image_type, rawmode = SAVE[im.mode]
    lines = _header_lines(im, filename, image_type)
    header = "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")
    fp.write(header.ljust(_HEADER_SIZE - 1, b"\0") + _END_OF_HEADER)
    if im.mode in ("P", "PA"):
        planes = im.im.getpalette("RGB", "RGB;L")
        entries = len(planes) // 3
        for i in range(3):
            fp.write(planes[i * entries : (i + 1) * entries].ljust(_PLANE, b"\0"))
    ImageFile._save(im, fp, [ImageFile._Tile("raw", (0, 0, *im.size), 0, (rawmode, 0, -1))])


Image.register_open(ImImageFile.format, ImImageFile)
Image.register_save(ImImageFile.format, _save)
Image.register_extension(ImImageFile.format, ".im")
