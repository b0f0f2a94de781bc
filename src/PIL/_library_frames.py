"""Animated formats whose library decodes whole frames: AVIF and WebP."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from . import Image, ImageFile

if TYPE_CHECKING:
    from . import _imaging

_TIMING = ("timestamp", "duration")


class _LibraryFrames(ImageFile.ImageFile):
    """Decodes the present frame when it is loaded, into pixel memory that is used again.

    Opening calls :meth:`_begin` at last; :meth:`_decode_frame` does the work.
    """

    n_frames: int

    # Class attributes too, because unpickled images have no others.
    __frame = 0
    __loaded: int | None = 0

    def _begin(self) -> None:
        """With size and ``n_frames`` known: no frame is loaded yet."""
        self._canvas = self._size
        self.is_animated = self.n_frames > 1
        self.__loaded = None

    @abc.abstractmethod
    def _decode_frame(self, frame: int) -> tuple[int, int]:
        """Decode a frame into :meth:`_fresh_core`.

        :returns: when it begins, and how long it is shown, in ms
        """

    def load_seek(self, pos: int) -> None:
        """Nothing to seek: the library has the whole file in memory."""

    def tell(self) -> int:
        """The number of the present frame."""
        return self.__frame

    def seek(self, frame: int) -> None:
        """Go to a frame, counting from 0. It is decoded when it is loaded.

        :raises EOFError: when there is no such frame
        """
        if self._seek_check(frame):
            self.__frame = frame
            for key in _TIMING:
                self.info.pop(key, None)

    def load(self) -> _imaging.PixelAccess | None:
        """Decode the present frame; of WebP also those before it that were not decoded yet.

        Sets ``info["timestamp"]`` and ``info["duration"]``, both in ms.

        :raises OSError: when the frame is damaged
        :raises SyntaxError: when an AVIF file ends too early
        """
        if self.__loaded != self.__frame:
            self.info.update(zip(_TIMING, self._decode_frame(self.__frame), strict=True))
            self.__loaded = self.__frame
            if self.fp is not None and self._exclusive_fp:
                self.fp.close()
            self.fp = None
        return super().load()

    def _fresh_core(self) -> _imaging.ImagingCore:
        """Pixel memory of the canvas's size; what was there is used again if it fits."""
        self._size = self._canvas
        if self._im is None or self.im.size != self._size or self.im.mode != self._mode:
            self.im = Image.core.new(self._mode, self._size)
        elif self.readonly:
            self._copy()
        self.readonly = 0
        return self.im
