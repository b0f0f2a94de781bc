"""Ready-made operations, mostly on L and RGB images."""

from __future__ import annotations

import re
from typing import Protocol

from . import Image, ImagePalette

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class SupportsGetMesh(Protocol):
    """An object that gives the mesh for :func:`deform`."""

    def getmesh(
        self, image: Image.Image
    ) -> list[tuple[tuple[int, int, int, int], tuple[int, int, int, int, int, int, int, int]]]: ...


# --- Tables ---


def _color(color: str | int | tuple[int, ...], mode: str) -> int | tuple[int, ...]:
    if isinstance(color, str):
        from . import ImageColor

        return ImageColor.getcolor(color, mode)
    return color


def _apply_table(image: Image.Image, table: list[int]) -> Image.Image:
    """Apply a table for each band, or one for all of them."""
    if image.mode == "P":
        # Only equalize() and autocontrast() could ask for this, and neither does.
        msg = "mode P support coming soon"
        raise NotImplementedError(msg)
    if image.mode not in ("L", "RGB"):
        msg = f"not supported for mode {image.mode}"
        raise OSError(msg)
    if image.mode == "RGB" and len(table) == 256:
        table = table * 3
    return image.point(table)


def _apply_to_colors(image: Image.Image, table: list[int]) -> Image.Image:
    """Apply a table to the colours: those of the palette, of a P image."""
    if image.mode != "P":
        return _apply_table(image, table)
    image = image.copy()
    image.load()
    assert image.palette is not None
    mode, held = image.palette.mode, image.im.getpalettemode()
    data = image.im.getpalette(held, held)
    bands = len(mode)
    mapped = [
        value if mode[i % bands] == "A" else max(0, min(255, table[value]))
        for i, value in enumerate(data)
    ]
    image.palette = ImagePalette.ImagePalette(mode)
    image.palette.palette = mapped
    image.palette.dirty = 1
    return image


def invert(image: Image.Image) -> Image.Image:
    """The negative.

    :exception OSError: For modes other than 1, L, P and RGB.
    """
    table = list(range(255, -1, -1))
    return image.point(table) if image.mode == "1" else _apply_to_colors(image, table)


def posterize(image: Image.Image, bits: int) -> Image.Image:
    """Keep the upper bits of each value only.

    :param bits: How many, 1 to 8.
    :exception ValueError: For another number.
    """
    if not 1 <= bits <= 8:
        msg = "bits must be between or equal to 1 and 8"
        raise ValueError(msg)
    mask = ~(2 ** (8 - bits) - 1)
    return _apply_to_colors(image, [i & mask for i in range(256)])


def solarize(image: Image.Image, threshold: int = 128) -> Image.Image:
    """The negative of all values from a threshold on."""
    return _apply_to_colors(image, [i if i < threshold else 255 - i for i in range(256)])


def _cut(counts: list[int], number: int, order: range) -> None:
    """Remove counts, in the order of bins given."""
    for i in order:
        if number > counts[i]:
            number -= counts[i]
            counts[i] = 0
        else:
            counts[i] -= number
            break


def _stretch(low: int, high: int) -> list[int]:
    """The table that makes ``low`` 0 and ``high`` 255."""
    if low >= high:
        return list(range(256))
    scale = 255.0 / (high - low)
    offset = -low * scale
    between = [int(i * scale + offset) for i in range(low, high + 1)]
    return [0] * low + between + [255] * (255 - high)


def _stretch_table(
    counts: list[int], cutoff: Any, ignore: int | Sequence[int] | None
) -> list[int]:
    """The table that makes the lowest value of a histogram 0 and the highest 255."""
    counts = counts.copy()
    if ignore is not None:
        for i in (ignore,) if isinstance(ignore, int) else ignore:
            counts[i] = 0
    if cutoff:
        low, high = cutoff if isinstance(cutoff, tuple) else (cutoff, cutoff)
        total = sum(counts)
        _cut(counts, int(total * low // 100), range(256))
        _cut(counts, int(total * high // 100), range(255, -1, -1))
    low = next((i for i in range(256) if counts[i]), 255)
    high = next((i for i in range(255, -1, -1) if counts[i]), 0)
    return _stretch(low, high)


def autocontrast(
    image: Image.Image,
    cutoff: float | tuple[float, float] = 0,
    ignore: int | Sequence[int] | None = None,
    mask: Image.Image | None = None,
    preserve_tone: bool = False,
) -> Image.Image:
    """Stretch each band to the full range.

    :param cutoff: Per cent of the darkest and of the lightest pixels to let go, one number or two.
    :param ignore: Value, or values, to leave out of account.
    :param mask: Only the pixels that it covers count.
    :param preserve_tone: Stretch all bands alike, by their luma.
    """
    source = image.convert("L") if preserve_tone else image
    table: list[int] = []
    if not (cutoff or mask) and ignore is None and source.mode in ("L", "RGB") and all(source.size):
        source.load()
        for low, high in source.im.band_extrema():  # they are all that matters
            table += _stretch(low, high)
        return _apply_table(image, table)
    counts = source.histogram(mask)
    for start in range(0, len(counts), 256):
        table += _stretch_table(counts[start : start + 256], cutoff, ignore)
    return _apply_table(image, table)


def equalize(image: Image.Image, mask: Image.Image | None = None) -> Image.Image:
    """Spread the values so that all are about equally frequent.

    :param mask: Only the pixels that it covers count.
    """
    if image.mode == "P":
        image = image.convert("RGB")
    counts = image.histogram(mask)
    table: list[int] = []
    for start in range(0, len(counts), 256):
        band = counts[start : start + 256]
        used = [count for count in band if count]
        step = (sum(used) - used[-1]) // 255 if len(used) > 1 else 0
        if not step:
            table += range(256)
            continue
        running = step // 2
        for count in band:
            table.append(running // step)
            running += count
    return _apply_table(image, table)


def _ramp(start: int, end: int, length: int) -> list[int]:
    return [start + i * (end - start) // length for i in range(length)]


def colorize(
    image: Image.Image,
    black: str | tuple[int, ...],
    white: str | tuple[int, ...],
    mid: str | int | tuple[int, ...] | None = None,
    blackpoint: int = 0,
    whitepoint: int = 255,
    midpoint: int = 127,
) -> Image.Image:
    """Colour a grey image: black, (mid) and white become the colours given.

    :param blackpoint: The grey, 0 to 255, up to which everything is ``black``.
    :param whitepoint: The grey from which on everything is ``white``.
    :param midpoint: The grey that becomes ``mid``.
    :exception ValueError: If the mode is not L, or the points are not in order.
    """
    if image.mode != "L":
        msg = f"mode must be L, not {image.mode}"
        raise ValueError(msg)
    if not 0 <= blackpoint <= whitepoint <= 255:
        msg = (
            "blackpoint and whitepoint must each be between or equal to 0 and 255, "
            "with blackpoint less than or equal to whitepoint"
        )
        raise ValueError(msg)
    if mid is not None and not blackpoint <= midpoint <= whitepoint:
        msg = "midpoint must be between or equal to blackpoint and whitepoint"
        raise ValueError(msg)

    low: Any = _color(black, "RGB")
    high: Any = _color(white, "RGB")
    middle: Any = None if mid is None else _color(mid, "RGB")
    table: list[int] = []
    for i in range(3):
        table += [low[i]] * blackpoint
        if middle is None:
            table += _ramp(low[i], high[i], whitepoint - blackpoint)
        else:
            table += _ramp(low[i], middle[i], midpoint - blackpoint)
            table += _ramp(middle[i], high[i], whitepoint - midpoint)
        table += [high[i]] * (256 - whitepoint)
    return image.convert("RGB").point(table)


def grayscale(image: Image.Image) -> Image.Image:
    """The image in mode L."""
    return image.convert("L")


# --- Geometry ---


def mirror(image: Image.Image) -> Image.Image:
    """Left and right exchanged."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def flip(image: Image.Image) -> Image.Image:
    """Top and bottom exchanged."""
    return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def deform(
    image: Image.Image,
    deformer: SupportsGetMesh,
    resample: int = Image.Resampling.BILINEAR,
) -> Image.Image:
    """Deform the image by the mesh that ``deformer.getmesh(image)`` gives.

    :param resample: NEAREST, BILINEAR or BICUBIC.
    """
    mesh = deformer.getmesh(image)
    return image.transform(image.size, Image.Transform.MESH, mesh, resample)


def scale(
    image: Image.Image, factor: float, resample: int = Image.Resampling.BICUBIC
) -> Image.Image:
    """The image ``factor`` times as wide and high.

    :exception ValueError: For a factor that is not greater than 0.
    """
    if factor == 1:
        return image.copy()
    if factor <= 0:
        msg = "the factor must be greater than 0"
        raise ValueError(msg)
    return image.resize((round(factor * image.width), round(factor * image.height)), resample)


def _without_height(image: Image.Image, size: tuple[int, int]) -> Image.Image | None:
    """What contain() and cover() give if a height is 0, so that there are no proportions."""
    if image.height == 0:
        return Image.new(image.mode, (size[0], 0))
    if size[1] == 0:
        return Image.new(image.mode, (0, 0))
    return None


def contain(
    image: Image.Image, size: tuple[int, int], method: int = Image.Resampling.BICUBIC
) -> Image.Image:
    """The image scaled to fit inside a size; the proportions stay."""
    flat = _without_height(image, size)
    if flat is not None:
        return flat
    own, wanted = image.width / image.height, size[0] / size[1]
    if own > wanted:
        size = (size[0], round(image.height / image.width * size[0]))
    elif own < wanted:
        size = (round(image.width / image.height * size[1]), size[1])
    if 0 in size:
        return Image.new(image.mode, size)
    return image.resize(size, method)


def cover(
    image: Image.Image, size: tuple[int, int], method: int = Image.Resampling.BICUBIC
) -> Image.Image:
    """The image scaled to fill a size, and beyond it on one axis; the proportions stay.

    :exception ZeroDivisionError: If the image has no width.
    """
    flat = _without_height(image, size)
    if flat is not None:
        return flat
    own, wanted = image.width / image.height, size[0] / size[1]
    if own < wanted:
        size = (size[0], round(image.height / image.width * size[0]))
    elif own > wanted:
        size = (round(image.width / image.height * size[1]), size[1])
    return image.resize(size, method)


def _canvas(
    image: Image.Image, size: tuple[int, int], color: str | int | tuple[int, ...] | None
) -> Image.Image:
    """A filled image that ``image`` can be pasted into, with its palette and transparency."""
    fill = None if color is None else _color(color, image.mode)
    palette = None
    if image.palette:
        mode = image.palette.mode
        palette = ImagePalette.ImagePalette(mode, image.getpalette(mode))
        if isinstance(fill, tuple) and len(fill) in (3, 4):
            fill = palette.getcolor(fill, image)
    canvas = Image.new(image.mode, size, fill)
    if palette is not None:
        canvas.putpalette(palette.palette, palette.mode)
    if "transparency" in image.info:
        canvas.info["transparency"] = image.info["transparency"]
    return canvas


def pad(
    image: Image.Image,
    size: tuple[int, int],
    method: int = Image.Resampling.BICUBIC,
    color: str | int | tuple[int, ...] | None = None,
    centering: tuple[float, float] = (0.5, 0.5),
) -> Image.Image:
    """The image scaled to fit inside a size, with borders that make up the rest.

    :param color: Of the borders.
    :param centering: Where the image is, 0.0 (left, top) to 1.0.
    """
    inner = contain(image, size, method)
    if inner.size == size:
        return inner
    out = _canvas(inner, size, color)
    if inner.width != size[0]:
        position = round((size[0] - inner.width) * max(0, min(centering[0], 1))), 0
    else:
        position = 0, round((size[1] - inner.height) * max(0, min(centering[1], 1)))
    out.paste(inner, position)
    return out


def fit(
    image: Image.Image,
    size: tuple[int, int],
    method: int = Image.Resampling.BICUBIC,
    bleed: float = 0.0,
    centering: tuple[float, float] = (0.5, 0.5),
) -> Image.Image:
    """The largest part of the image with the proportions of a size, scaled to it.

    :param bleed: Part of each side to remove first, 0.0 to 0.5.
    :param centering: Where the part is taken from, 0.0 (left, top) to 1.0.
    """
    if min(size) == 0:
        return Image.new(image.mode, size)
    x, y = (value if 0.0 <= value <= 1.0 else 0.5 for value in centering)
    if not 0.0 <= bleed < 0.5:
        bleed = 0.0
    left, top = bleed * image.width, bleed * image.height
    width, height = image.width - left * 2, image.height - top * 2
    if height == 0:
        return Image.new(image.mode, size)

    own, wanted = width / height, size[0] / size[1]
    crop_width, crop_height = width, height
    if own > wanted:
        crop_width = wanted * height
    elif own < wanted:
        crop_height = width / wanted
    left += (width - crop_width) * x
    top += (height - crop_height) * y
    return image.resize(size, method, box=(left, top, left + crop_width, top + crop_height))


def _border(border: int | tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    if not isinstance(border, tuple):
        return border, border, border, border
    if len(border) == 2:
        return border[0], border[1], border[0], border[1]
    if len(border) != 4:
        msg = "border must be an integer, or a tuple of two or four elements"
        raise ValueError(msg)
    return border[0], border[1], border[2], border[3]


def crop(image: Image.Image, border: int | tuple[int, ...] = 0) -> Image.Image:
    """Remove pixels from all sides."""
    left, top, right, bottom = _border(border)
    return image.crop((left, top, image.width - right, image.height - bottom))


def expand(
    image: Image.Image,
    border: int | tuple[int, ...] = 0,
    fill: str | int | tuple[int, ...] = 0,
) -> Image.Image:
    """Add a border.

    :param border: Pixels: one number, two (left and right, top and bottom), or four (left, top,
       right, bottom).
    :param fill: Colour.
    """
    left, top, right, bottom = _border(border)
    size = left + image.width + right, top + image.height + bottom
    out = _canvas(image, size, fill)
    out.paste(image, (left, top))
    return out


# --- Orientation ---

_ORIENTATION = 0x0112

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_XMP_ORIENTATION = (
    r'tiff:Orientation="([0-9])"',
    "<tiff:Orientation>([0-9])</tiff:Orientation>",
)


def _forget_orientation(image: Image.Image) -> None:
    """Remove it from the Exif and XMP data in ``info``."""
    exif = image.getexif()
    if _ORIENTATION in exif:
        del exif[_ORIENTATION]
        if "exif" in image.info:
            image.info["exif"] = exif.tobytes()
        elif "Raw profile type exif" in image.info:
            data = exif.tobytes()
            image.info["Raw profile type exif"] = f"\nexif\n{len(data):8}\n{data.hex()}\n"
    for key in ("XML:com.adobe.xmp", "xmp"):
        if key not in image.info:
            continue
        for pattern in _XMP_ORIENTATION:
            value = image.info[key]
            if isinstance(value, str):
                image.info[key] = re.sub(pattern, "", value)
            else:
                image.info[key] = re.sub(pattern.encode(), b"", value)


def exif_transpose(image: Image.Image, *, in_place: bool = False) -> Image.Image | None:
    """Turn an image upright that says in its Exif data how it is to be turned.

    :param in_place: Change the image itself.
    :returns: The turned image, without the tag, or a copy if there is nothing to turn; None if in
       place.
    """
    image.load()
    method = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    if method is None:
        return None if in_place else image.copy()
    turned = image.transpose(method)
    if not in_place:
        _forget_orientation(turned)
        return turned
    image.im = turned.im
    image._size = turned._size
    _forget_orientation(image)
    return None
