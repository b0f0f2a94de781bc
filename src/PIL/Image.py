"""Images: the class :class:`Image`, and functions that make, open and combine images.

The methods of the class are sorted into private modules by subject, and so are the functions; this
module holds the life of an image and everything that programs may set
(:data:`MAX_IMAGE_PIXELS`, :data:`WARN_POSSIBLE_FORMATS`).
"""

from __future__ import annotations

import atexit
import os
import sys

from . import ImageMode, __version__, _image_enums, _image_registry, _imaging, _plugins
from . import UnidentifiedImageError as UnidentifiedImageError
from ._deprecate import deprecate as deprecate
from ._image_enums import MODES as MODES
from ._image_enums import Dither as Dither
from ._image_enums import Palette as Palette
from ._image_enums import Quantize as Quantize
from ._image_enums import Resampling as Resampling
from ._image_enums import Transform as Transform
from ._image_enums import Transpose as Transpose
from ._image_registry import DECODERS as DECODERS
from ._image_registry import ENCODERS as ENCODERS
from ._image_registry import EXTENSION as EXTENSION
from ._image_registry import ID as ID
from ._image_registry import MIME as MIME
from ._image_registry import OPEN as OPEN
from ._image_registry import SAVE as SAVE
from ._image_registry import SAVE_ALL as SAVE_ALL
from ._image_registry import register_decoder as register_decoder
from ._image_registry import register_encoder as register_encoder
from ._image_registry import register_extension as register_extension
from ._image_registry import register_extensions as register_extensions
from ._image_registry import register_mime as register_mime
from ._image_registry import register_open as register_open
from ._image_registry import register_save as register_save
from ._image_registry import register_save_all as register_save_all
from ._image_registry import registered_extensions as registered_extensions
from ._util import DeferredError
from ._util import is_path as is_path
from ._util import publish as _publish

# isort: split
# These import this module in turn, and use it only once it is complete.
from . import (
    _image_bytes,
    _image_compose,
    _image_convert,
    _image_create,
    _image_geometry,
    _image_metadata,
    _image_palettes,
    _image_pixels,
    _image_point,
    _image_save,
)
from ._image_create import alpha_composite as alpha_composite
from ._image_create import blend as blend
from ._image_create import composite as composite
from ._image_create import effect_mandelbrot as effect_mandelbrot
from ._image_create import effect_noise as effect_noise
from ._image_create import eval as eval
from ._image_create import fromarray as fromarray
from ._image_create import fromarrow as fromarrow
from ._image_create import frombuffer as frombuffer
from ._image_create import frombytes as frombytes
from ._image_create import fromqimage as fromqimage
from ._image_create import fromqpixmap as fromqpixmap
from ._image_create import linear_gradient as linear_gradient
from ._image_create import merge as merge
from ._image_create import new as new
from ._image_create import radial_gradient as radial_gradient
from ._image_geometry import ImageTransformHandler as ImageTransformHandler
from ._image_open import open as open
from ._image_point import ImagePointHandler as ImagePointHandler
from ._image_point import ImagePointTransform as ImagePointTransform

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable
    from typing import Any, Self

    from IPython.lib.pretty import PrettyPrinter

    from . import ExifTags as ExifTags
    from . import ImageFilter, ImagePalette, ImageQt
    from . import TiffTags as TiffTags
    from ._exif import Exif as Exif
    from ._image_protocols import DecoderInput as DecoderInput
    from ._image_protocols import SupportsArrayInterface as SupportsArrayInterface
    from ._image_protocols import SupportsArrowArrayInterface as SupportsArrowArrayInterface
    from ._image_protocols import SupportsGetData as SupportsGetData
    from ._typing import CapsuleType

core = _imaging
if core.PILLOW_VERSION != __version__:
    import warnings

    msg = (
        "The _imaging extension was built for another version of Pillow or PIL:\n"
        f"Core version: {core.PILLOW_VERSION}\n"
        f"Pillow version: {__version__}"
    )
    warnings.warn(msg, RuntimeWarning, stacklevel=2)
    raise ImportError(msg)

MAX_IMAGE_PIXELS: int | None = 2**30 // 4 // 3  # a quarter of a gigabyte of RGB
WARN_POSSIBLE_FORMATS: bool = False

# The plain numbers of all enumerations, and the strategies of zlib, are attributes as well.
for _enum in _image_enums.ENUMS:
    for _member in _enum:
        setattr(sys.modules[__name__], _member.name, _member.value)
for _name in ("DEFAULT_STRATEGY", "FILTERED", "HUFFMAN_ONLY", "RLE", "FIXED"):
    if hasattr(core, _name):
        setattr(sys.modules[__name__], _name, getattr(core, _name))
del _enum, _member, _name

# Private names that programs have got used to.
_ENDIAN = _image_enums.ENDIAN
_MAPMODES = _image_enums.MAPMODES
_filters_support = _image_enums.FILTER_SUPPORT
_EXTENSION_PLUGIN = _image_registry.EXTENSION_PLUGIN
_getdecoder = _image_registry.getdecoder
_getencoder = _image_registry.getencoder
_import_plugin_for_extension = _image_registry.import_plugin_for_extension
_check_size = _image_create.check_size
_fromarray_typemap = _image_create.FROMARRAY_TYPEMAP
_conv_type_shape = _image_bytes.conv_type_shape
_getscaleoffset = _image_point.getscaleoffset

# 0: no plug-ins loaded, 1: the common ones, 2: all.
_initialized = 0


class DecompressionBombWarning(RuntimeWarning):
    """An image has more than :data:`MAX_IMAGE_PIXELS` pixels."""


class DecompressionBombError(Exception):
    """An image has more than twice :data:`MAX_IMAGE_PIXELS` pixels."""


def _decompression_bomb_check(size: tuple[int, int], *, error_only: bool = False) -> None:
    """Warn of, or refuse, sizes that no harmless image has.

    :param error_only: Only refuse.
    """
    if MAX_IMAGE_PIXELS is None:
        return
    pixels = max(1, size[0]) * max(1, size[1])
    if pixels > 2 * MAX_IMAGE_PIXELS:
        msg = (
            f"Image size ({pixels} pixels) exceeds limit of {2 * MAX_IMAGE_PIXELS} pixels, "
            "could be decompression bomb DOS attack."
        )
        raise DecompressionBombError(msg)
    if pixels > MAX_IMAGE_PIXELS and not error_only:
        import warnings

        msg = (
            f"Image size ({pixels} pixels) exceeds limit of {MAX_IMAGE_PIXELS} pixels, "
            "could be decompression bomb DOS attack."
        )
        warnings.warn(msg, DecompressionBombWarning, stacklevel=3)


def preinit() -> None:
    """Load the plug-ins of the common formats: BMP, GIF, JPEG, PPM and PNG."""
    global _initialized
    if _initialized >= 1:
        return
    for stem in _image_registry.COMMON_PLUGINS:
        _image_registry.load_plugin(f"{stem}ImagePlugin")
    _initialized = 1


def init() -> bool:
    """Load all plug-ins.

    :returns: Whether there was something to load.
    """
    global _initialized
    if _initialized >= 2:
        return False
    for plugin in _plugins:
        _image_registry.load_plugin(plugin)
    _initialized = 2
    return True


def getmodebase(mode: str) -> str:
    """The base mode, "L", "RGB" or "P", of a mode.

    :exception KeyError: For an unknown mode.
    """
    return ImageMode.getmode(mode).basemode


def getmodetype(mode: str) -> str:
    """The mode, "L", "I" or "F", of a single band of a mode.

    :exception KeyError: For an unknown mode.
    """
    return ImageMode.getmode(mode).basetype


def getmodebandnames(mode: str) -> tuple[str, ...]:
    """The names of the bands of a mode.

    :exception KeyError: For an unknown mode.
    """
    return ImageMode.getmode(mode).bands


def getmodebands(mode: str) -> int:
    """The number of bands of a mode.

    :exception KeyError: For an unknown mode.
    """
    return len(ImageMode.getmode(mode).bands)


def _from_core(
    im: core.ImagingCore,
    info: dict[str | tuple[int, int], Any] | None = None,
    palette: ImagePalette.ImagePalette | None = None,
) -> Image:
    """Wrap a core image. P and PA images get the palette given, or an empty one."""
    new = Image.__new__(Image)
    new._im = im
    new._mode = mode = im.mode
    new._size = im.size
    if mode == "P" or mode == "PA":
        if palette is None:
            from . import ImagePalette

            palette = ImagePalette.ImagePalette()
        new.palette = palette
    else:
        new.palette = None
    new.info = {} if info is None else info
    new._readonly = 0
    new._exif = None
    return new


class Image:
    """An image. Make one with :func:`open`, :func:`new`, :func:`frombytes` and the like.

    ``mode``, ``size``, ``width`` and ``height`` cannot be set. ``info`` is a dictionary of what
    formats know besides pixels; ``palette`` the palette of P and PA images. ``format`` is None
    unless the image comes from a file.
    """

    format: str | None = None
    format_description: str | None = None
    _close_exclusive_fp_after_loading = True

    # Of images that are, or were, being saved; and of mapped files.
    encoderinfo: dict[str, Any]
    encoderconfig: tuple[Any, ...]
    _default_encoderinfo: dict[str, Any]
    map: mmap.mmap | None

    def __init__(self) -> None:
        self._im: core.ImagingCore | DeferredError | None = None
        self._mode = ""
        self._size = (0, 0)
        self.palette: ImagePalette.ImagePalette | None = None
        self.info: dict[str | tuple[int, int], Any] = {}
        self._readonly = 0
        self._exif: Exif | None = None

    # --- Attributes ---

    @property
    def im(self) -> core.ImagingCore:
        """The core image, which has the pixels."""
        im = self._im
        if isinstance(im, DeferredError):
            raise im.ex
        assert im is not None
        return im

    @im.setter
    def im(self, im: core.ImagingCore | DeferredError | None) -> None:
        self._im = im

    @property
    def width(self) -> int:
        return self._size[0]

    @property
    def height(self) -> int:
        return self._size[1]

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def readonly(self) -> int:
        """Whether the pixels are borrowed; they are copied before the first change then."""
        im: Any = self._im
        return 1 if im is not None and im.readonly else self._readonly

    @readonly.setter
    def readonly(self, readonly: int) -> None:
        self._readonly = readonly

    def getbands(self) -> tuple[str, ...]:
        """The names of the bands, e.g. ("R", "G", "B")."""
        return ImageMode.getmode(self.mode).bands

    def getim(self) -> CapsuleType:
        """A capsule with a pointer to the core image, for other extension modules."""
        self.load()
        return self.im.ptr

    # --- Copies ---

    def _copy_info(self) -> dict[str | tuple[int, int], Any]:
        return {
            key: value.copy() if isinstance(value, list) else value
            for key, value in self.info.items()
        }

    def _new(self, im: core.ImagingCore) -> Image:
        """A plain image of a core image, with the ``info`` and the palette of this one."""
        palette = None
        if self.palette and im.mode in ("P", "PA"):
            palette = self.palette.copy()
        return _from_core(im, self._copy_info() if self.info else {}, palette)

    def copy(self) -> Image:
        """A copy with pixels of its own."""
        self.load()
        return self._new(self.im.copy())

    __copy__ = copy

    def _copy(self) -> None:
        """Replace the pixels by a copy of them."""
        self.load()
        self.im = self.im.copy()
        self.readonly = 0

    def _ensure_mutable(self) -> None:
        """To be called before each change of the pixels."""
        if self.readonly:
            self._copy()
        else:
            self.load()

    # --- Life ---

    def load(self) -> core.PixelAccess | None:
        """Make sure that the pixels are in memory, and the palette in the core.

        :returns: An object to read and write single pixels with, ``px[x, y]``; it stays valid when
           the image is gone. None if the image has no pixels at all.
        :exception OSError: If the file that they are read from is damaged.
        """
        im = self._im
        if im is None:
            return None
        if isinstance(im, DeferredError):
            raise im.ex
        if self.palette and self.palette.dirty:
            _image_palettes.realize(self)
        return im.pixel_access(1 if im.readonly else self._readonly)

    def verify(self) -> None:
        """Check the file for damage, without decoding it. Open it anew afterwards.

        :exception Exception: Of a kind that fits the damage.
        """

    def close(self) -> None:
        """Close the file and forget the pixels, for good."""
        if getattr(self, "map", None) is not None:
            self.map = None
        self.im = DeferredError(ValueError("Operation on closed image"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        pass  # only image files have something to close

    def __eq__(self, other: object) -> bool:
        if self.__class__ is not other.__class__:
            return False
        assert isinstance(other, Image)
        return (
            self.mode == other.mode
            and self.size == other.size
            and self.info == other.info
            and self.getpalette() == other.getpalette()
            and self.tobytes() == other.tobytes()
        )

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> list[Any]:
        return [self.info, self.mode, self.size, self.getpalette(), self.tobytes()]

    def __setstate__(self, state: list[Any]) -> None:
        Image.__init__(self)
        self.info, self._mode, self._size, palette, data = state[:5]
        self.im = core.new(self._mode, self._size)
        if palette and self._mode in ("L", "LA", "P", "PA"):
            self.putpalette(palette)
        self.frombytes(data)

    # --- Displays ---

    def _describe(self) -> str:
        cls = self.__class__
        size = f"{self.width}x{self.height}"
        return f"<{cls.__module__}.{cls.__name__} image mode={self.mode} size={size}"

    def __repr__(self) -> str:
        return f"{self._describe()} at 0x{id(self):X}>"

    def _repr_pretty_(self, p: PrettyPrinter, cycle: bool) -> None:
        """IPython: no address, so that documents do not change each time."""
        p.text(f"{self._describe()}>")

    def _repr_image(self, image_format: str, **kwargs: Any) -> bytes | None:
        from io import BytesIO

        file = BytesIO()
        try:
            self.save(file, image_format, **kwargs)
        except Exception:
            return None  # IPython tries the next display then
        return file.getvalue()

    def _repr_png_(self) -> bytes | None:
        """IPython: the image as PNG, quickly made."""
        return self._repr_image("PNG", compress_level=1)

    def _repr_jpeg_(self) -> bytes | None:
        """IPython: the image as JPEG."""
        return self._repr_image("JPEG")

    def show(self, title: str | None = None) -> None:
        """Show the image in a viewer; see :mod:`PIL.ImageShow`. For debugging.

        :param title: Title of the window, if the viewer has one.
        """
        from . import ImageShow

        ImageShow.show(self, title)

    def toqimage(self) -> ImageQt.ImageQt:
        """The image as a Qt QImage.

        :exception ImportError: Without a Qt binding.
        """
        qimage: ImageQt.ImageQt = _image_create.qt().toqimage(self)
        return qimage

    def toqpixmap(self) -> Any:
        """The image as a Qt QPixmap.

        :exception ImportError: Without a Qt binding.
        """
        return _image_create.qt().toqpixmap(self)

    # --- Files and frames ---

    def draft(
        self, mode: str | None, size: tuple[int, int] | None
    ) -> tuple[str, tuple[int, int, float, float]] | None:
        """Prepare the loading of a file in a smaller size or another mode, as near as it can.

        :returns: Mode, and the box of the original in the new size; None if nothing was changed,
           as with all formats but a few, such as JPEG.
        """
        return None

    def seek(self, frame: int) -> None:
        """Go to a frame, from 0, of a file with several.

        :exception EOFError: If there is no such frame.
        """
        if frame != self.tell():
            msg = "no more images in file"
            raise EOFError(msg)
        if self._im is not None and (self.im.size != self.size or self.im.mode != self.mode):
            self._im = None

    def tell(self) -> int:
        """The number of the current frame."""
        return 0

    # --- Filters ---

    def filter(self, filter: ImageFilter.Filter | type[ImageFilter.Filter]) -> Image:
        """The image filtered; see :mod:`PIL.ImageFilter`.

        :param filter: A filter, or the class of one that needs no arguments.
        :exception TypeError: If it is none.
        :exception ValueError: If it does not do the mode.
        """
        from . import ImageFilter

        self.load()
        kernel = filter() if callable(filter) else filter
        if not hasattr(kernel, "filter"):
            msg = "filter argument should be ImageFilter.Filter instance or class"
            raise TypeError(msg)
        # Rank filters work on one band, but the core does all bands at once with the same result
        # (of PA, whose palette would survive, the bands must be merged).
        together = isinstance(kernel, ImageFilter.MultibandFilter) or (
            getattr(type(kernel), "filter", None) is ImageFilter.RankFilter.filter
            and self.mode != "PA"
        )
        if self.im.bands == 1 or together:
            return self._new(kernel.filter(self.im))
        # Each band is taken out when its turn comes: not all have to be there twice.
        bands = [self._new(kernel.filter(self.im.getband(i))) for i in range(self.im.bands)]
        return merge(self.mode, bands)

    def effect_spread(self, distance: int) -> Image:
        """The image with its pixels scattered at random.

        :param distance: How far, in pixels.
        """
        self.load()
        return self._new(self.im.effect_spread(distance))

    # --- By subject, in modules of their own ---

    @property
    def __array_interface__(self) -> dict[str, str | bytes | int | tuple[int, ...]]:
        """The image as an array, with a copy of its pixels, for numpy and others."""
        return _image_bytes.array_interface(self)

    @property
    def has_transparency_data(self) -> bool:
        """Whether the image can have transparent pixels: by its mode, its palette, or ``info``."""
        return _image_palettes.has_transparency_data(self)

    tobytes = _image_bytes.tobytes
    tobitmap = _image_bytes.tobitmap
    frombytes = _image_bytes.frombytes
    __arrow_c_schema__ = _image_bytes.arrow_c_schema
    __arrow_c_array__ = _image_bytes.arrow_c_array

    getpixel = _image_pixels.getpixel
    putpixel = _image_pixels.putpixel
    putdata = _image_pixels.putdata
    getdata = _image_pixels.getdata
    get_flattened_data = _image_pixels.get_flattened_data
    getbbox = _image_pixels.getbbox
    getcolors = _image_pixels.getcolors
    getextrema = _image_pixels.getextrema
    getprojection = _image_pixels.getprojection
    histogram = _image_pixels.histogram
    entropy = _image_pixels.entropy
    point = _image_point.point

    convert = _image_convert.convert
    quantize = _image_palettes.quantize
    getpalette = _image_palettes.getpalette
    putpalette = _image_palettes.putpalette
    apply_transparency = _image_palettes.apply_transparency
    remap_palette = _image_palettes.remap_palette

    paste = _image_compose.paste
    alpha_composite = _image_compose.alpha_composite
    putalpha = _image_compose.putalpha
    split = _image_compose.split
    getchannel = _image_compose.getchannel

    crop = _image_geometry.crop
    _crop = _image_geometry.crop_core
    resize = _image_geometry.resize
    _get_safe_box = _image_geometry.get_safe_box
    reduce = _image_geometry.reduce
    thumbnail = _image_geometry.thumbnail
    transpose = _image_geometry.transpose
    rotate = _image_geometry.rotate
    transform = _image_geometry.transform

    save = _image_save.save
    _dump = _image_save.dump
    _attach_default_encoderinfo = _image_save.attach_default_encoderinfo
    getexif = _image_metadata.getexif
    _reload_exif = _image_metadata.reload_exif
    getxmp = _image_metadata.getxmp


# Names that only signatures and few programs use; importing them takes time.
_LAZY = {
    "Exif": "_exif",
    "ExifTags": "",
    "TiffTags": "",
    "DecoderInput": "_image_protocols",
    "SupportsArrayInterface": "_image_protocols",
    "SupportsArrowArrayInterface": "_image_protocols",
    "SupportsGetData": "_image_protocols",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    home = import_module(f"PIL.{_LAZY[name] or name}")
    value = getattr(home, name) if _LAZY[name] else home
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})


_MEMORY_SETTINGS = {
    "PILLOW_ALIGNMENT": core.set_alignment,
    "PILLOW_BLOCK_SIZE": core.set_block_size,
    "PILLOW_BLOCKS_MAX": core.set_blocks_max,
}
_UNITS = {"k": 1024, "m": 1024 * 1024}


def _apply_env_variables(env: dict[str, str] | None = None) -> None:
    """Set up the memory arena as the environment says; bad values are warned of.

    :param env: In place of the process's environment.
    """
    variables = os.environ if env is None else env
    for name, setter in _MEMORY_SETTINGS.items():
        if name in variables:
            problem = _apply_setting(setter, variables[name].lower())
            if problem:
                import warnings

                warnings.warn(f"{name}{problem}", stacklevel=2)


def _apply_setting(setter: Callable[[int], None], text: str) -> str | None:
    """What is wrong with the value, if anything."""
    factor = 1
    for suffix, unit in _UNITS.items():
        if text.endswith(suffix):
            factor = unit
            text = text[:-1]
    try:
        value = int(text) * factor
    except ValueError:
        return " is not int"
    try:
        setter(value)
    except ValueError as e:
        return f": {e}"
    return None


_publish(globals(), "PIL._image_create", "PIL._image_open", "PIL._image_registry")
_apply_env_variables()
atexit.register(core.clear_cache)
