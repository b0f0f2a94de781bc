"""What this build can do: :func:`check`, :func:`version`, and the report of ``python -m PIL``."""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module

from . import Image, __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from types import ModuleType
    from typing import IO

# name: (module, attribute with the version)
modules = {
    "pil": ("PIL._imaging", "PILLOW_VERSION"),
    "tkinter": ("PIL._tkinter_finder", "tk_version"),
    "freetype2": ("PIL._imagingft", "freetype2_version"),
    "littlecms2": ("PIL._imagingcms", "littlecms_version"),
    "webp": ("PIL._webp", "webpdecoder_version"),
    "avif": ("PIL._avif", "libavif_version"),
}

# name: (stem of the encoder, stem of the core's version attribute)
codecs = {
    "jpg": ("jpeg", "jpeglib"),
    "jpg_2000": ("jpeg2k", "jp2klib"),
    "zlib": ("zip", "zlib"),
    "libtiff": ("libtiff", "libtiff"),
}

# name: (module, attribute that tells whether, attribute with the version)
features: dict[str, tuple[str, str, str | None]] = {
    "raqm": ("PIL._imagingft", "HAVE_RAQM", "raqm_version"),
    "fribidi": ("PIL._imagingft", "HAVE_FRIBIDI", "fribidi_version"),
    "harfbuzz": ("PIL._imagingft", "HAVE_HARFBUZZ", "harfbuzz_version"),
    "libjpeg_turbo": ("PIL._imaging", "HAVE_LIBJPEGTURBO", "libjpeg_turbo_version"),
    "mozjpeg": ("PIL._imaging", "HAVE_MOZJPEG", "libjpeg_turbo_version"),
    "zlib_ng": ("PIL._imaging", "HAVE_ZLIBNG", "zlib_ng_version"),
    "libimagequant": ("PIL._imaging", "HAVE_LIBIMAGEQUANT", "imagequant_version"),
    "xcb": ("PIL._imaging", "HAVE_XCB", None),
}

# Known to check() and version() only: programs go through the tables and expect Pillow's names.
_SIMD = "simd"


def _import(name: str) -> ModuleType | None:
    """A module; None if it was not built, and with a warning if it cannot be loaded."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None
    except ImportError as e:
        warnings.warn(str(e), stacklevel=3)
        return None


def check_module(feature: str) -> bool:
    """Whether a module is there.

    :exception ValueError: For an unknown name.
    """
    if feature not in modules:
        msg = f"Unknown module {feature}"
        raise ValueError(msg)
    return _import(modules[feature][0]) is not None


def version_module(feature: str) -> str | None:
    """The version of a module's library; None if it is not there.

    :exception ValueError: For an unknown name.
    """
    if not check_module(feature):
        return None
    name, attribute = modules[feature]
    version: str = getattr(import_module(name), attribute)
    return version


def get_supported_modules() -> list[str]:
    """The names of all modules that are there."""
    return [name for name in modules if check_module(name)]


def check_codec(feature: str) -> bool:
    """Whether a codec is there.

    :exception ValueError: For an unknown name.
    """
    if feature not in codecs:
        msg = f"Unknown codec {feature}"
        raise ValueError(msg)
    return hasattr(Image.core, f"{codecs[feature][0]}_encoder")


def version_codec(feature: str) -> str | None:
    """The version of a codec's library (for jpg that of its interface); None if it is not there.

    :exception ValueError: For an unknown name.
    """
    if not check_codec(feature):
        return None
    version = str(getattr(Image.core, f"{codecs[feature][1]}_version"))
    if feature == "libtiff":  # whose text has a copyright notice after it
        return version.split("\n")[0].split("Version ")[1]
    return version


def get_supported_codecs() -> list[str]:
    """The names of all codecs that are there."""
    return [name for name in codecs if check_codec(name)]


def check_feature(feature: str) -> bool | None:
    """Whether a feature is there; None if its module is not.

    :exception ValueError: For an unknown name.
    """
    if feature not in features:
        msg = f"Unknown feature {feature}"
        raise ValueError(msg)
    name, flag, _ = features[feature]
    module = _import(name)
    if module is None:
        return None
    present: bool = getattr(module, flag)
    return present


def version_feature(feature: str) -> str | None:
    """The version of a feature's library; None if it is not there or tells none.

    :exception ValueError: For an unknown name.
    """
    if not check_feature(feature):
        return None
    name, _, attribute = features[feature]
    if attribute is None:
        return None
    version: str = getattr(import_module(name), attribute)
    return version


def get_supported_features() -> list[str]:
    """The names of all features that are there."""
    return [name for name in features if check_feature(name)]


def _simd_level() -> str:
    """The SIMD level in use, such as "avx2"; "scalar" if there is none."""
    level: str = getattr(Image.core, "simd_level", "scalar")
    return level


def check(feature: str) -> bool | None:
    """Whether a module, codec or feature is there.

    ``"simd"`` tells whether SIMD kernels are in use. Unknown names are warned of.
    """
    if feature in modules:
        return check_module(feature)
    if feature in codecs:
        return check_codec(feature)
    if feature in features:
        return check_feature(feature)
    if feature == _SIMD:
        return _simd_level() != "scalar"
    warnings.warn(f"Unknown feature '{feature}'.", stacklevel=2)
    return False


def version(feature: str) -> str | None:
    """The version of the library behind a module, codec or feature, if it is known.

    Of ``"simd"``: the level of the kernels in use, such as "avx2", or "scalar".
    """
    if feature in modules:
        return version_module(feature)
    if feature in codecs:
        return version_codec(feature)
    if feature in features:
        return version_feature(feature)
    return _simd_level() if feature == _SIMD else None


def get_supported() -> list[str]:
    """The names of all modules, features and codecs that are there."""
    return [*get_supported_modules(), *get_supported_features(), *get_supported_codecs()]


def pilinfo(out: IO[str] | None = None, supported_formats: bool = True) -> None:
    """Print all there is to know about this installation.

    :param out: Text file; standard output by default.
    :param supported_formats: Whether to list the formats.
    """
    Image.init()
    lines = [*_python_lines(), *_path_lines(), *_clash_lines(), *_library_lines()]
    if supported_formats:
        for name in sorted(Image.ID):
            lines += _format_lines(name)
    print("\n".join(lines), file=sys.stdout if out is None else out)


_RULE = "-" * 68


def _python_lines() -> list[str]:
    first, *rest = sys.version.splitlines()
    lines = [_RULE, f"Pillow {__version__}", f"Python {first.strip()}"]
    lines += [" " * 7 + line.strip() for line in rest]
    lines += [_RULE, f"Python executable is {sys.executable or 'unknown'}"]
    if sys.prefix != sys.base_prefix:
        lines.append(f"Environment Python files loaded from {sys.prefix}")
    return [*lines, f"System Python files loaded from {sys.base_prefix}", _RULE]


def _path_lines() -> list[str]:
    return [
        f"Python Pillow modules loaded from {os.path.dirname(Image.__file__)}",
        f"Binary Pillow modules loaded from {os.path.dirname(str(Image.core.__file__))}",
        _RULE,
    ]


def _clash_lines() -> list[str]:
    from ._distributions import clash_report

    report = clash_report(os.path.dirname(__file__))
    return [*report, _RULE] if report else []


# What the report calls them.
_TITLES = {
    "pil": "PIL CORE",
    "simd": "SIMD",
    "tkinter": "TKINTER",
    "freetype2": "FREETYPE2",
    "littlecms2": "LITTLECMS2",
    "webp": "WEBP",
    "avif": "AVIF",
    "jpg": "JPEG",
    "jpg_2000": "OPENJPEG (JPEG2000)",
    "zlib": "ZLIB (PNG/ZIP)",
    "libtiff": "LIBTIFF",
    "raqm": "RAQM (Bidirectional Text)",
    "libimagequant": "LIBIMAGEQUANT (Quantization method)",
    "xcb": "XCB (X protocol)",
}


def _library_lines() -> list[str]:
    lines = []
    for name, title in _TITLES.items():
        if name == _SIMD:
            lines.append(_simd_line(title))
        elif check(name):
            lines.append(f"--- {title} support ok{_version_text(name)}")
        else:
            lines.append(f"*** {title} support not installed")
    return [*lines, _RULE]


def _simd_line(title: str) -> str:
    compiled = getattr(Image.core, "simd_levels", ())
    if not compiled:
        return f"*** {title} support not installed"
    return f"--- {title} support ok, using {_simd_level()} (compiled: {', '.join(compiled)})"


def _version_text(name: str) -> str:
    found = version(name)
    if name == "jpg":
        for library, label in (("mozjpeg", "mozjpeg"), ("libjpeg_turbo", "libjpeg-turbo")):
            if check_feature(library):
                found = f"{label} {version_feature(library)}"
                break
    if not found:
        return ""

    compile_time = name in ("pil", "jpg")
    if name == "littlecms2":  # which tells its version at run time since 2.7
        compile_time = tuple(map(int, found.split(".")[:2])) < (2, 7)
    text = f", {'compiled for' if compile_time else 'loaded'} {found}"
    if name == "zlib" and check_feature("zlib_ng"):
        text += f", compiled for zlib-ng {version_feature('zlib_ng')}"
    if name == "raqm":
        for helper in ("fribidi", "harfbuzz"):
            helper_version = version_feature(helper)
            if helper_version is not None:
                text += f", {helper} {helper_version}"
    return text


def _format_lines(name: str) -> list[str]:
    mime = Image.MIME.get(name)
    lines = [f"{name} {mime}" if mime else name]
    extensions = sorted(ext for ext, format in Image.EXTENSION.items() if format == name)
    if extensions:
        lines.append(f"Extensions: {', '.join(extensions)}")
    registries: dict[str, Container[str]] = {
        "open": Image.OPEN,
        "save": Image.SAVE,
        "save_all": Image.SAVE_ALL,
        "decode": Image.DECODERS,
        "encode": Image.ENCODERS,
    }
    able = [what for what, registry in registries.items() if name in registry]
    return [*lines, f"Features: {', '.join(able)}", _RULE]
