"""Functions of :mod:`PIL.Image` that make images: of a colour, of bytes, of arrays, of others."""

from __future__ import annotations

from . import Image as pil
from . import ImageMode
from . import _imaging as core
from ._image_enums import ENDIAN, MAPMODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any

    from . import ImageFile
    from ._image_protocols import (
        DecoderInput,
        SupportsArrayInterface,
        SupportsArrowArrayInterface,
    )
    from .Image import Image


def check_size(size: Any) -> None:
    """Refuse what cannot be the size of an image.

    :exception ValueError: Unless it is a list or tuple of two numbers that are not negative.
    """
    if not isinstance(size, list | tuple):
        msg = "Size must be a list or tuple"
        raise ValueError(msg)
    if len(size) != 2:
        msg = "Size must be a sequence of length 2"
        raise ValueError(msg)
    if size[0] < 0 or size[1] < 0:
        msg = "Width and height must be >= 0"
        raise ValueError(msg)


def new(
    mode: str,
    size: tuple[int, int] | list[int],
    color: float | tuple[float, ...] | str | None = 0,
) -> Image:
    """A new image filled with one colour.

    :param mode: One of :data:`MODES`.
    :param size: (width, height); either may be 0.
    :param color: A number for one band; a tuple with one number per band; a colour string as in
       :mod:`PIL.ImageColor`; for mode P also a tuple of red, green and blue, which becomes the
       first palette entry. None leaves all bytes 0, as does the default.
    :exception ValueError: For an unknown mode or a negative size.
    :exception TypeError: For a colour that does not fit the mode.
    """
    check_size(size)
    if color is None:
        return pil._from_core(core.new(mode, tuple(size)))
    if isinstance(color, str):
        from . import ImageColor

        color = ImageColor.getcolor(color, mode)
    palette = None
    if (
        mode == "P"
        and isinstance(color, list | tuple)
        and len(color) in (3, 4)
        and all(isinstance(value, int) for value in color)
    ):
        from . import ImagePalette

        palette = ImagePalette.ImagePalette()
        color = palette.getcolor(tuple(int(value) for value in color))
    return pil._from_core(core.fill(mode, tuple(size), color), palette=palette)


def single_tuple(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Codec arguments: either one by one, or all in one tuple."""
    if len(args) == 1 and isinstance(args[0], tuple):
        return args[0]
    return args


def frombytes(
    mode: str,
    size: tuple[int, int],
    data: DecoderInput,
    decoder_name: str = "raw",
    *args: Any,
) -> Image:
    """An image of decoded bytes. The bytes are copied.

    :param mode: Mode of the image.
    :param size: (width, height); if either is 0 the data are ignored.
    :param data: Any bytes-like object; more than needed does no harm.
    :param decoder_name: Decoder; the raw one by default.
    :param args: Its arguments, also as one tuple; for the raw decoder (raw mode, stride,
       direction), default the mode itself, rows without gaps, from the top.
    :exception ValueError: If there are too few data, or the decoder objects to them.
    """
    check_size(size)
    im = new(mode, size)
    if im.width and im.height:
        im.frombytes(data, decoder_name, *args)
    return im


def frombuffer(
    mode: str,
    size: tuple[int, int],
    data: bytes | bytearray | SupportsArrayInterface,
    decoder_name: str = "raw",
    *args: Any,
) -> Image:
    """An image over the memory of a bytes-like object, where the raw mode allows that.

    Raw modes L, P, RGBX, RGBA, CMYK, I;16, I;16L and I;16B are used in place: the image is then
    *of that raw mode*, shows later changes of the buffer, keeps it alive, and is copied before its
    first change (``readonly``). Everything else is :func:`frombytes`.

    :param args: For the raw decoder exactly (raw mode, stride, direction), also as one tuple;
       default (mode, 0, 1). A direction of 0 or less turns the rows upside down.
    :exception ValueError: If the buffer is too small.
    """
    check_size(size)
    args = single_tuple(args)
    if decoder_name == "raw":
        args = args or (mode, 0, 1)
        if args[0] in MAPMODES:
            core.new(mode, (0, 0))  # refuses an unknown mode
            im = pil._from_core(core.map_buffer(data, size, decoder_name, 0, args))
            if mode == "P":
                from . import ImagePalette

                im.palette = ImagePalette.ImagePalette("RGB", im.im.getpalette("RGB"))
            im.readonly = 1
            return im
    return frombytes(mode, size, data, decoder_name, args)


# (shape of a pixel array with the first two sizes as 1, type): mode, raw mode, other modes allowed
FROMARRAY_TYPEMAP: dict[tuple[tuple[int, ...], str], tuple[str, str, list[str]]] = {
    ((1, 1), "|b1"): ("1", "1;8", []),
    ((1, 1), "|u1"): ("L", "L", ["P"]),
    ((1, 1), "|i1"): ("I", "I;8", []),
    ((1, 1), "<u2"): ("I", "I;16", []),
    ((1, 1), ">u2"): ("I", "I;16B", []),
    ((1, 1), "<i2"): ("I", "I;16S", []),
    ((1, 1), ">i2"): ("I", "I;16BS", []),
    ((1, 1), "<u4"): ("I", "I;32", []),
    ((1, 1), ">u4"): ("I", "I;32B", []),
    ((1, 1), "<i4"): ("I", "I;32S", []),
    ((1, 1), ">i4"): ("I", "I;32BS", []),
    ((1, 1), "<f4"): ("F", "F;32F", []),
    ((1, 1), ">f4"): ("F", "F;32BF", []),
    ((1, 1), "<f8"): ("F", "F;64F", []),
    ((1, 1), ">f8"): ("F", "F;64BF", []),
    ((1, 1, 2), "|u1"): ("LA", "LA", ["La", "PA"]),
    ((1, 1, 3), "|u1"): ("RGB", "RGB", ["YCbCr", "LAB", "HSV"]),
    ((1, 1, 4), "|u1"): ("RGBA", "RGBA", ["RGBa", "RGBX", "CMYK"]),
    # The machine's own order needs no conversion.
    ((1, 1), f"{ENDIAN}i4"): ("I", "I", []),
    ((1, 1), f"{ENDIAN}f4"): ("F", "F", []),
}

_MAX_DIMENSIONS = {"1": 2, "L": 2, "I": 2, "P": 2, "F": 2, "RGB": 3}


def fromarray(obj: SupportsArrayInterface, mode: str | None = None) -> Image:
    """An image of an object with the array interface, such as a numpy array.

    Shared are the memory of contiguous arrays that become L, P, RGBA, RGBX, CMYK, I;16 or I;16B
    (see :func:`frombuffer`); all others are copied.

    :param obj: Array of shape (height, width) or (height, width, bands).
    :param mode: Another meaning of the same data, e.g. "P" for bytes or "CMYK" for four of them.
    :exception TypeError: If no mode fits the type and the number of bands.
    :exception ValueError: For a mode that does not fit, or too many dimensions.
    """
    interface = obj.__array_interface__
    shape = interface["shape"]
    if "typestr" not in interface:
        msg = "Cannot handle this data type"
        raise TypeError(msg)
    key = (1, 1, *shape[2:]), interface["typestr"]
    if key not in FROMARRAY_TYPEMAP:
        msg = f"Cannot handle this data type: {key[0]}, {key[1]}"
        raise TypeError(msg)
    natural, rawmode, others = FROMARRAY_TYPEMAP[key]
    if mode is None:
        mode = natural
    elif mode == natural or mode in others:
        rawmode = mode
    else:
        msg = "Invalid mode for data type"
        raise ValueError(msg)

    allowed = _MAX_DIMENSIONS.get(mode, 4)
    if len(shape) > allowed:
        msg = f"Too many dimensions: {len(shape)} > {allowed}."
        raise ValueError(msg)
    size = 1 if len(shape) == 1 else shape[1], shape[0]
    return frombuffer(mode, size, _contiguous(obj, interface), "raw", rawmode, 0, 1)


def _contiguous(obj: Any, interface: dict[str, Any]) -> Any:
    """The object itself, or its bytes in order if it is strided."""
    if interface.get("strides") is None:
        return obj
    for name in ("tobytes", "tostring"):
        if hasattr(obj, name):
            return getattr(obj, name)()
    msg = "'strides' requires either tobytes() or tostring()"
    raise ValueError(msg)


def fromarrow(obj: SupportsArrowArrayInterface, mode: str, size: tuple[int, int]) -> Image:
    """An image over the memory of an Arrow array, which is not copied and stays read-only.

    :param obj: Object with ``__arrow_c_array__``.
    :param mode: Mode of the image; its pixels, or their bytes, must fit the array's type.
    :param size: (width, height); the array must be exactly that long.
    :exception ValueError: If the object is no Arrow array or does not fit.
    """
    if not hasattr(obj, "__arrow_c_array__"):
        msg = "arrow_c_array interface not found"
        raise ValueError(msg)
    schema, array = obj.__arrow_c_array__()
    return pil._from_core(core.new_arrow(mode, size, schema, array))


def qt() -> ModuleType:
    """The module :mod:`PIL.ImageQt`.

    :exception ImportError: Without a Qt binding.
    """
    from . import ImageQt

    if not ImageQt.qt_is_installed:
        msg = "Qt bindings are not installed"
        raise ImportError(msg)
    return ImageQt


def fromqimage(im: Any) -> ImageFile.ImageFile:
    """An image of a Qt QImage.

    :exception ImportError: Without a Qt binding.
    """
    image: ImageFile.ImageFile = qt().fromqimage(im)
    return image


def fromqpixmap(im: Any) -> ImageFile.ImageFile:
    """An image of a Qt QPixmap.

    :exception ImportError: Without a Qt binding.
    """
    image: ImageFile.ImageFile = qt().fromqpixmap(im)
    return image


def merge(mode: str, bands: Sequence[Image]) -> Image:
    """Put single-band images together.

    :param mode: Mode of the result.
    :param bands: One image for each band of it, all of one size. ``info`` and the palette are
       those of the first.
    :exception ValueError: If number, modes or sizes do not fit.
    """
    descriptor = ImageMode.getmode(mode)
    if len(bands) != len(descriptor.bands):
        msg = "wrong number of bands"
        raise ValueError(msg)
    for band in bands[1:]:
        if band.mode != descriptor.basetype:
            msg = "mode mismatch"
            raise ValueError(msg)
        if band.size != bands[0].size:
            msg = "size mismatch"
            raise ValueError(msg)
    for band in bands:
        band.load()
    return bands[0]._new(core.merge(mode, *(band.im for band in bands)))


def alpha_composite(im1: Image, im2: Image) -> Image:
    """``im2`` over ``im1``, by the alpha of both ("over" of Porter and Duff).

    :param im1: RGBA or LA.
    :param im2: The same mode and size.
    :exception ValueError: For other modes, or if they differ.
    """
    im1.load()
    im2.load()
    return im1._new(core.alpha_composite(im1.im, im2.im))


def blend(im1: Image, im2: Image, alpha: float) -> Image:
    """``im1 * (1 - alpha) + im2 * alpha``, truncated and, if need be, clipped to a byte.

    :param alpha: Any number: 0 gives ``im1``, 1 ``im2``; beyond that it exaggerates.
    :exception ValueError: If modes or sizes do not fit, or are not made of bytes.
    """
    im1.load()
    im2.load()
    return im1._new(core.blend(im1.im, im2.im, alpha))


def composite(image1: Image, image2: Image, mask: Image) -> Image:
    """``image1`` where the mask is full, ``image2`` where it is empty, and mixtures between.

    :param mask: An image of mode 1, L, LA, RGBA or RGBa, of the size of ``image1``.
    """
    image = image2.copy()
    image.paste(image1, None, mask)
    return image


def eval(image: Image, *args: Callable[[int], float]) -> Image:
    """:meth:`Image.point` with the first function."""
    return image.point(args[0])


def effect_mandelbrot(
    size: tuple[int, int], extent: tuple[float, float, float, float], quality: int
) -> Image:
    """The Mandelbrot set in mode L.

    :param extent: Part of the plane, (x0, y0, x1, y1).
    :param quality: Number of iterations, 2 or more.
    :exception ValueError: If extent or quality are out of range.
    """
    return pil._from_core(core.effect_mandelbrot(size, extent, quality))


def effect_noise(size: tuple[int, int], sigma: float) -> Image:
    """Gaussian noise around 128, in mode L.

    :param sigma: Standard deviation.
    """
    return pil._from_core(core.effect_noise(size, sigma))


def linear_gradient(mode: str) -> Image:
    """256 x 256 pixels from black at the top to white at the bottom, in mode 1, L, P, I or F."""
    return pil._from_core(core.linear_gradient(mode))


def radial_gradient(mode: str) -> Image:
    """256 x 256 pixels from black in the middle to white at the rim, in mode 1, L, P, I or F."""
    return pil._from_core(core.radial_gradient(mode))
