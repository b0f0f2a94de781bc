"""FLI and FLC, animations of Autodesk Animator."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile, ImagePalette
from ._binary import i16le as i16
from ._binary import i32le as i32
from ._header import Header, require
from ._util import DeferredError

_FLI, _FLC = 0xAF11, 0xAF12
_HEADER = Header(
    "<",
    _size="4x",
    magic="H",
    frames="H",
    width="H",
    height="H",
    _depth="2x",
    flags="H",
    duration="L",
    zeros1="2s",
    _dates="20x",
    zeros2="38s",
    _offsets="8x",
    zeros3="40s",
)
_CHUNK = Header("<", size="L", type="H")
_COLOURS = Header("<", skip="B", count="B")
_FRAME = Header("<", size="L", type="H", chunks="H", _reserved="8x")

_PREFIX_TYPE, _FRAME_TYPE = 0xF100, 0xF1FA
# By type of a chunk with colours: how far they are to be shifted.
_COLOUR_SHIFTS = {4: 0, 11: 2}

# Frames may be larger; then they are read in pieces.
_LONGEST_READ = 16 * 1024 * 1024


def _accept(prefix: bytes) -> bool:
    return len(prefix) >= 16 and i16(prefix, 4) in (_FLI, _FLC) and i16(prefix, 14) in (0, 3)


class FliImageFile(ImageFile.ImageFile):
    """Reads animations; each frame is made from the one before."""

    format = "FLI"
    format_description = "Autodesk FLI/FLC Animation"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        data = self.fp.read(_HEADER.size)
        header = _HEADER.unpack(data)
        zeros = header.zeros1 + header.zeros2 + header.zeros3
        require(_accept(data) and not any(zeros), "not an FLI/FLC file")
        self.n_frames: int = header.frames
        self.is_animated = self.n_frames > 1
        self._mode = "P"
        self._size = header.width, header.height
        duration = header.duration
        # The older format counts in 1/70 s.
        self.info["duration"] = duration * 1000 // 70 if header.magic == _FLI else duration

        palette = [(value, value, value) for value in range(256)]
        self._find_palette(palette)
        self.palette = ImagePalette.raw("RGB", b"".join(bytes(colour) for colour in palette))
        self._frame = -1
        self._fp: IO[bytes] | DeferredError = self.fp
        self.seek(0)

    def _find_palette(self, palette: list[tuple[int, int, int]]) -> None:
        """Look for colours in the first frame."""
        assert self.fp is not None
        start = _FRAME.read(self.fp)
        if start.type == _PREFIX_TYPE:
            self.fp.seek(_HEADER.size + start.size)
            start = _FRAME.read(self.fp)
        if start.type != _FRAME_TYPE:
            return
        position = self.fp.tell()
        for _ in range(start.chunks):
            self.fp.seek(position)
            chunk = _CHUNK.read(self.fp)
            if chunk.type in _COLOUR_SHIFTS:
                self._palette(palette, _COLOUR_SHIFTS[chunk.type])
                return
            if not chunk.size:
                return
            position += chunk.size

    def _palette(self, palette: list[tuple[int, int, int]], shift: int) -> None:
        """Read packets of colours into a palette."""
        assert self.fp is not None
        index = 0
        for _ in range(i16(self.fp.read(2))):
            packet = _COLOURS.read(self.fp)
            index += packet.skip
            count = packet.count or 256
            if index + count > 256:
                raise ValueError("too much palette data")
            data = self.fp.read(3 * count)
            require(len(data) % 3 == 0, "palette is cut off")
            if max(data, default=0) << shift > 255:
                raise ValueError("palette data out of range")
            values = [value << shift for value in data] if shift else data
            count = len(data) // 3  # at the end of the file there may be fewer
            palette[index : index + count] = zip(
                values[::3], values[1::3], values[2::3], strict=True
            )
            index += count

    def seek(self, frame: int) -> None:
        """Go to a frame; those in between are decoded.

        :raises EOFError: when there is no such frame
        """
        if not self._seek_check(frame):
            return
        if frame < self._frame:
            self._seek(0)
        for number in range(self._frame + 1, frame + 1):
            self._seek(number)

    def _seek(self, frame: int) -> None:
        """Go to the first or the next frame."""
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        if frame == 0:
            self._frame = -1
            self._offset = _HEADER.size
        else:
            # The next frame changes the pixels of this one.
            self.load()
        if frame != self._frame + 1:
            raise ValueError(f"cannot seek to frame {frame}")
        self._frame = frame
        self.fp = self._fp
        self.fp.seek(self._offset)
        data = self.fp.read(4)
        if len(data) < 4:
            raise EOFError("missing frame size")
        size = i32(data)
        self.decodermaxblock = min(size, _LONGEST_READ)
        self.tile = [ImageFile._Tile("fli", (0, 0, *self.size), self._offset)]
        self._offset += size

    def tell(self) -> int:
        """Number of the present frame."""
        return self._frame


Image.register_open(FliImageFile.format, FliImageFile, _accept)
Image.register_extensions(FliImageFile.format, [".fli", ".flc"])
