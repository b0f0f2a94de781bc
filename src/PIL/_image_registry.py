"""Which formats and codecs exist, and where the plug-in for a file extension is.

The tables are plain dictionaries that plug-ins fill through the ``register_*`` functions. Users
know them as attributes of :mod:`PIL.Image`, where programs and tests also replace them; so that is
where everybody looks them up.
"""

from __future__ import annotations

from . import Image as pil
from . import _imaging as core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO, Any

    from . import ImageFile
    from .Image import Image

    Factory = Callable[[IO[bytes], str | bytes], ImageFile.ImageFile] | type[ImageFile.ImageFile]
    Accept = Callable[[bytes], bool | str]
    SaveDriver = Callable[[Image, IO[bytes], str | bytes], None]

ID: list[str] = []
OPEN: dict[str, tuple[Factory, Accept | None]] = {}
MIME: dict[str, str] = {}
SAVE: dict[str, SaveDriver] = {}
SAVE_ALL: dict[str, SaveDriver] = {}
EXTENSION: dict[str, str] = {}
DECODERS: dict[str, type[ImageFile.PyDecoder]] = {}
ENCODERS: dict[str, type[ImageFile.PyEncoder]] = {}

# Plug-ins of preinit(), in the order of loading.
COMMON_PLUGINS = ("Bmp", "Gif", "Jpeg", "Ppm", "Png")

# Extensions by plug-in, so that a file of a known extension loads that plug-in only.
_EXTENSIONS_OF = {
    "Bmp": "bmp dib",
    "Gif": "gif",
    "Jpeg": "jfif jpe jpg jpeg",
    "Ppm": "pbm pgm pnm ppm pfm",
    "Png": "png apng",
    "Avif": "avif avifs",
    "Blp": "blp",
    "BufrStub": "bufr",
    "Cur": "cur",
    "Dcx": "dcx",
    "Dds": "dds",
    "Eps": "ps eps",
    "Fits": "fit fits",
    "Fli": "fli flc",
    "Fpx": "fpx",
    "Ftex": "ftc ftu",
    "Gbr": "gbr",
    "GribStub": "grib",
    "Hdf5Stub": "h5 hdf",
    "Icns": "icns",
    "Ico": "ico",
    "Im": "im",
    "Iptc": "iim",
    "Jpeg2K": "jp2 j2k jpc jpf jpx j2c",
    "Mic": "mic",
    "Mpeg": "mpg mpeg",
    "Mpo": "mpo",
    "Msp": "msp",
    "Palm": "palm",
    "Pcd": "pcd",
    "Pcx": "pcx",
    "Pdf": "pdf",
    "Pixar": "pxr",
    "Psd": "psd",
    "Qoi": "qoi",
    "Sgi": "bw rgb rgba sgi",
    "Sun": "ras",
    "Tga": "tga icb vda vst",
    "Tiff": "tif tiff",
    "WebP": "webp",
    "Wmf": "wmf emf",
    "Xbm": "xbm",
    "Xpm": "xpm",
}
EXTENSION_PLUGIN = {
    f".{extension}": f"{stem}ImagePlugin"
    for stem, extensions in _EXTENSIONS_OF.items()
    for extension in extensions.split()
}


def register_open(id: str, factory: Factory, accept: Accept | None = None) -> None:
    """Register a reader of a format. For plug-ins.

    :param id: Name of the format; upper-cased.
    :param factory: ``factory(fp, filename)`` gives the image, or raises :exc:`SyntaxError`.
    :param accept: ``accept(prefix)`` looks at the first 16 bytes and tells whether to try the
       factory at all; a str is a reason why not, shown if no other format fits.
    """
    id = id.upper()
    if id not in pil.ID:
        pil.ID.append(id)
    pil.OPEN[id] = factory, accept


def register_mime(id: str, mimetype: str) -> None:
    """Register the MIME type of a format. For plug-ins."""
    pil.MIME[id.upper()] = mimetype


def register_save(id: str, driver: SaveDriver) -> None:
    """Register a writer, called as ``driver(im, fp, filename)``. For plug-ins."""
    pil.SAVE[id.upper()] = driver


def register_save_all(id: str, driver: SaveDriver) -> None:
    """Register a writer of all frames of a multi-frame image. For plug-ins."""
    pil.SAVE_ALL[id.upper()] = driver


def register_extension(id: str, extension: str) -> None:
    """Register a file extension, with its dot, of a format. For plug-ins."""
    pil.EXTENSION[extension.lower()] = id.upper()


def register_extensions(id: str, extensions: list[str]) -> None:
    """Register several file extensions of a format. For plug-ins."""
    for extension in extensions:
        register_extension(id, extension)


def registered_extensions() -> dict[str, str]:
    """All file extensions and the names of their formats; loads every plug-in."""
    pil.init()
    return pil.EXTENSION


def register_decoder(name: str, decoder: type[ImageFile.PyDecoder]) -> None:
    """Register a decoder written in Python; it has precedence over one of the core."""
    pil.DECODERS[name] = decoder


def register_encoder(name: str, encoder: type[ImageFile.PyEncoder]) -> None:
    """Register an encoder written in Python; it has precedence over one of the core."""
    pil.ENCODERS[name] = encoder


def load_plugin(name: str) -> bool:
    """Import a plug-in module of this package; False if it, or something it needs, is missing."""
    try:
        __import__(f"PIL.{name}", globals(), locals(), [])
    except ImportError:
        return False
    return True


def import_plugin_for_extension(ext: str | bytes) -> bool:
    """Make sure that the format of a file extension is registered.

    :returns: Whether it is.
    """
    if not ext:
        return False
    if isinstance(ext, bytes):
        ext = ext.decode()
    ext = ext.lower()
    if ext in pil.EXTENSION:
        return True
    plugin = pil._EXTENSION_PLUGIN.get(ext)
    return plugin is not None and load_plugin(plugin)


def _codec(
    kind: str,
    registered: dict[str, Any],
    mode: str,
    name: str,
    args: Any,
    extra: tuple[Any, ...],
) -> Any:
    if args is None:
        args = ()
    elif not isinstance(args, tuple):
        args = (args,)
    make = registered.get(name)
    if make is None:
        make = getattr(core, f"{name}_{kind}", None)
        if make is None:
            msg = f"{kind} {name} not available"
            raise OSError(msg)
    return make(mode, *args, *extra)


def getdecoder(
    mode: str, decoder_name: str, args: Any, extra: tuple[Any, ...] = ()
) -> core.ImagingDecoder | ImageFile.PyDecoder:
    """A new decoder; ``args`` is a tuple, a single argument, or None.

    :exception OSError: If there is no such decoder.
    """
    decoder: core.ImagingDecoder | ImageFile.PyDecoder = _codec(
        "decoder", pil.DECODERS, mode, decoder_name, args, extra
    )
    return decoder


def getencoder(
    mode: str, encoder_name: str, args: Any, extra: tuple[Any, ...] = ()
) -> core.ImagingEncoder | ImageFile.PyEncoder:
    """A new encoder; ``args`` is a tuple, a single argument, or None.

    :exception OSError: If there is no such encoder.
    """
    encoder: core.ImagingEncoder | ImageFile.PyEncoder = _codec(
        "encoder", pil.ENCODERS, mode, encoder_name, args, extra
    )
    return encoder
