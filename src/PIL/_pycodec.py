"""Codecs written in Python: the base classes that :mod:`PIL.ImageFile` re-exports.

A codec class is made known with ``Image.register_decoder`` or
``Image.register_encoder`` and then speaks the same protocol as the codec objects of
the binary core, so that the loading and saving loops need not tell them apart.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any

from . import Image

if TYPE_CHECKING:
    from ._imaging import ImagingCore


class PyCodecState:
    """The rectangle of the image that a codec works on, in pixels."""

    __module__ = "PIL.ImageFile"

    def __init__(self) -> None:
        self.xsize = self.ysize = 0
        self.xoff = self.yoff = 0

    def extents(self) -> tuple[int, int, int, int]:
        """The rectangle as (left, upper, right, lower)."""
        return (
            self.xoff,
            self.yoff,
            self.xoff + self.xsize,
            self.yoff + self.ysize,
        )


class PyCodec:
    """What decoders and encoders have in common.

    :param mode: the mode of the image to be read or written
    :param args: the arguments of the tile; :meth:`init` gets them as one tuple
    """

    __module__ = "PIL.ImageFile"

    fd: IO[bytes] | None

    def __init__(self, mode: str, *args: Any) -> None:
        self.im: ImagingCore | None = None
        self.state = PyCodecState()
        self.fd = None
        self.mode = mode
        self.init(args)

    def init(self, args: tuple[Any, ...]) -> None:
        """Take the codec's arguments. Override this to check or name them."""
        self.args = args

    def cleanup(self) -> None:
        """Release what the codec holds. Called once decoding or encoding is over."""

    def setfd(self, fd: IO[bytes]) -> None:
        """Set the file object that a codec reading or writing by itself uses."""
        self.fd = fd

    def setimage(
        self,
        im: ImagingCore,
        extents: tuple[int, int, int, int] | None = None,
    ) -> None:
        """Set the core image and the rectangle in it (``None``: all of it).

        :raises ValueError: when the rectangle is empty or not inside the image
        """
        self.im = im
        width, height = im.size
        left, upper, right, lower = extents or (0, 0, width, height)
        if left < 0 or upper < 0 or right > width or lower > height:
            raise ValueError("tile cannot extend outside image")
        if right <= left or lower <= upper:
            raise ValueError("size must be larger than zero")
        state = self.state
        state.xoff, state.yoff = left, upper
        state.xsize, state.ysize = right - left, lower - upper


class PyDecoder(PyCodec):
    """Base class of decoders. Subclasses override :meth:`decode`."""

    __module__ = "PIL.ImageFile"

    _pulls_fd = False

    @property
    def pulls_fd(self) -> bool:
        """Whether the decoder reads from the file (see :meth:`setfd`) by itself."""
        return self._pulls_fd

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Decode some data.

        :param buffer: the bytes not consumed so far
        :return: the number of bytes consumed (negative: finished) and a status, which
            is negative for the errors of :data:`PIL.ImageFile.ERRORS`
        """
        raise NotImplementedError("decode is to be implemented by the decoder class")

    def set_as_raw(
        self,
        data: bytes | bytearray,
        rawmode: str | None = None,
        extra: tuple[Any, ...] = (),
    ) -> None:
        """Fill the rectangle with uncompressed pixels.

        :param data: the packed pixels
        :param rawmode: their layout, by default that of the image mode
        :param extra: further arguments of the raw decoder (stride, step)
        :raises ValueError: for too few data, or a layout that does not fit them
        """
        raw = Image._getdecoder(self.mode, "raw", (rawmode or self.mode, *extra))
        assert self.im is not None
        raw.setimage(self.im, self.state.extents())
        consumed, status = raw.decode(data)
        if consumed >= 0:
            raise ValueError("not enough image data")
        if status != 0:
            raise ValueError("cannot decode image data")


class PyEncoder(PyCodec):
    """Base class of encoders. Subclasses override :meth:`encode`."""

    __module__ = "PIL.ImageFile"

    _pushes_fd = False

    @property
    def pushes_fd(self) -> bool:
        """Whether the encoder writes to the file (see :meth:`setfd`) by itself."""
        return self._pushes_fd

    def encode(self, bufsize: int) -> tuple[int, int, bytes]:
        """Encode the next part.

        :param bufsize: how many bytes at most
        :return: number of bytes, status (0: there is more, 1: the end, negative:
            error) and the bytes
        """
        raise NotImplementedError("encode is to be implemented by the encoder class")

    def encode_to_pyfd(self) -> tuple[int, int]:
        """Encode everything at once into the file set by :meth:`setfd`.

        :return: number of bytes and status; (0, -8) when the encoder is not of the
            kind that writes by itself
        """
        if not self.pushes_fd:
            return 0, -8
        count, status, data = self.encode(0)
        if data:
            assert self.fd is not None
            self.fd.write(data)
        return count, status

    def encode_to_file(self, fh: int, bufsize: int) -> int:
        """Encode everything into a file descriptor.

        :return: the last status, so 1 for success
        """
        while True:
            count, status, data = self.encode(bufsize)
            if count > 0:
                _write_all(fh, data[:count])
            if status:
                return status


def _write_all(fh: int, data: bytes) -> None:
    """``os.write`` may take less than it was offered (pipes, signals)."""
    view = memoryview(data)
    while view:
        view = view[os.write(fh, view) :]
