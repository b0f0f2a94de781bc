"""DCX: several PCX images in one file."""

from __future__ import annotations

from . import Image
from ._binary import i32le as i32
from ._util import DeferredError
from .PcxImagePlugin import PcxImageFile

MAGIC = 0x3ADE68B1

_MOST_FRAMES = 1024


def _accept(prefix: bytes) -> bool:
    return len(prefix) >= 4 and i32(prefix) == MAGIC


class DcxImageFile(PcxImageFile):
    """Reads DCX files, a frame at a time."""

    format = "DCX"
    format_description = "Intel DCX"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        table = self.fp.read(4 * (1 + _MOST_FRAMES))
        if not _accept(table):
            raise SyntaxError("not a DCX file")
        offsets = [i32(table, at) for at in range(4, len(table) - 3, 4)]
        self._offset = offsets[: offsets.index(0)] if 0 in offsets else offsets
        self._fp = self.fp
        self.frame = -1
        self.n_frames = len(self._offset)
        self.is_animated = self.n_frames > 1
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Go to a frame.

        :raises EOFError: when there is no such frame
        :raises SyntaxError: when there is no PCX where it should be
        """
        if not self._seek_check(frame):
            return
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        self.frame = frame
        self.fp = self._fp
        self.fp.seek(self._offset[frame])
        # Nothing of the frame before may show where this one has no data, or is refused.
        self._im = None
        self.tile = []
        PcxImageFile._open(self)
        tiles, self.tile = self.tile, []
        Image._decompression_bomb_check(self.size)
        self.tile = tiles

    def tell(self) -> int:
        """Number of the present frame."""
        return self.frame


Image.register_open(DcxImageFile.format, DcxImageFile, _accept)
Image.register_extension(DcxImageFile.format, ".dcx")
