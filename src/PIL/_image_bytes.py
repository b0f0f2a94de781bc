"""Methods of ``Image`` that exchange pixels with bytes, arrays and Arrow."""

from __future__ import annotations

from . import ImageMode
from ._image_create import single_tuple
from ._image_registry import getdecoder, getencoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._image_protocols import DecoderInput
    from .Image import Image

# Bits of a packed pixel by number of bands; one-band modes of other sizes are listed first.
_BITS = {"1": 1, "I": 32, "F": 32, "I;16": 16, "I;16L": 16, "I;16B": 16, "I;16N": 16}

# Encoders take the buffer size as a C int.
_MAX_BUFFER = 2**31 - 1


def _packed_length(im: Image) -> int:
    """Number of bytes of ``im.tobytes()``."""
    bits = _BITS.get(im.mode) or 8 * im.im.bands
    return (im.width * bits + 7) // 8 * im.height


def tobytes(self: Image, encoder_name: str = "raw", *args: Any) -> bytes:
    """The pixels as bytes.

    :param encoder_name: Encoder; the raw one by default.
    :param args: Its arguments, also as one tuple; for the raw encoder (raw mode, stride,
       direction), default the mode itself, rows without gaps, from the top.
    :exception ValueError: If the mode cannot be written in that raw mode.
    :exception RuntimeError: If the encoder fails.
    """
    args = single_tuple(args)
    if encoder_name == "raw" and args == ():
        args = (self.mode,)  # before loading, which changes the mode of some ICNS files
    self.load()
    if self.width == 0 or self.height == 0:
        return b""

    size = 0
    if encoder_name == "raw" and args == (self.mode,):
        # All at once spares joining the pieces, or shortening the only one.
        size = _packed_length(self)
    if not 0 < size <= _MAX_BUFFER:
        from . import ImageFile

        size = max(ImageFile.MAXBLOCK, self.width * 4)
    encoder = getencoder(self.mode, encoder_name, args)
    pieces: list[bytes] = []
    try:
        encoder.setimage(self.im, None)
        while True:
            _, status, data = encoder.encode(size)
            pieces.append(data)
            if status:
                break
        if status < 0:
            msg = f"encoder error {status} in tobytes"
            raise RuntimeError(msg)
    finally:
        encoder.cleanup()
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def tobitmap(self: Image, name: str = "image") -> bytes:
    """The image as an X11 bitmap: C source text.

    :param name: Prefix of the names in it.
    :exception ValueError: If the mode is not 1.
    """
    self.load()
    if self.mode != "1":
        msg = "not a bitmap"
        raise ValueError(msg)
    head = (
        f"#define {name}_width {self.width}\n"
        f"#define {name}_height {self.height}\n"
        f"static char {name}_bits[] = {{\n"
    )
    return head.encode("ascii") + self.tobytes("xbm") + b"};"


def frombytes(
    self: Image, data: DecoderInput, decoder_name: str = "raw", *args: Any
) -> None:
    """Replace the pixels by decoded bytes; see :func:`PIL.Image.frombytes`.

    :exception ValueError: If there are too few data, or the decoder objects to them.
    """
    if self.width == 0 or self.height == 0:
        return
    args = single_tuple(args)
    if decoder_name == "raw" and args == ():
        args = (self.mode,)
    if self.readonly:
        # Borrowed memory may be that of an immutable object. Not loaded first: plugins call this
        # from within load.
        self.im = self.im.copy()
        self.readonly = 0

    decoder = getdecoder(self.mode, decoder_name, args)
    decoder.setimage(self.im, None)
    consumed, status = decoder.decode(data)
    if consumed >= 0:
        msg = "not enough image data"
        raise ValueError(msg)
    if status != 0:
        msg = "cannot decode image data"
        raise ValueError(msg)


def conv_type_shape(im: Image) -> tuple[tuple[int, ...], str]:
    """Shape and type string of the image as an array."""
    descriptor = ImageMode.getmode(im.mode)
    shape: tuple[int, ...] = (im.height, im.width)
    if len(descriptor.bands) > 1:
        shape += (len(descriptor.bands),)
    return shape, descriptor.typestr


def array_interface(self: Image) -> dict[str, str | bytes | int | tuple[int, ...]]:
    """The image as an array, with a copy of its pixels, for numpy and others."""
    # Booleans are bytes there, bits in a packed image. Loading may change mode and size.
    data = self.tobytes("raw", "L") if self.mode == "1" else self.tobytes()
    shape, typestr = conv_type_shape(self)
    return {"version": 3, "data": data, "shape": shape, "typestr": typestr}


def arrow_c_schema(self: Image) -> object:
    """The Arrow type of the pixels, as a capsule.

    :exception ValueError: If the pixels are in several pieces of memory.
    """
    self.load()
    return self.im.__arrow_c_schema__()


def arrow_c_array(self: Image, requested_schema: object | None = None) -> tuple[object, object]:
    """Arrow type and pixels, not copied, as two capsules. The request is ignored.

    :exception ValueError: If the pixels are in several pieces of memory.
    """
    self.load()
    return self.im.__arrow_c_schema__(), self.im.__arrow_c_array__()
