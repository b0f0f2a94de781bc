"""Methods of ``Image`` that write files."""

from __future__ import annotations

import builtins
import os
import sys

from . import Image as pil
from ._image_registry import import_plugin_for_extension
from ._util import is_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    from ._image_registry import SaveDriver
    from ._typing import StrOrBytesPath
    from .Image import Image


def _format_for(filename: str | bytes) -> str:
    """The format of a file extension; loads as few plug-ins as it takes."""
    extension = os.path.splitext(filename)[1]
    if isinstance(extension, bytes):
        extension = extension.decode()
    extension = extension.lower()
    if not import_plugin_for_extension(extension) or extension not in pil.EXTENSION:
        pil.preinit()
        if extension not in pil.EXTENSION:
            pil.init()
    try:
        return pil.EXTENSION[extension]
    except KeyError as e:
        msg = f"unknown file extension: {extension}"
        raise ValueError(msg) from e


def _driver_for(
    format: str | None, filename: str | bytes, save_all: object, params: dict[str, Any]
) -> SaveDriver:
    """The function that writes the format.

    :exception ValueError: If the format is not given and cannot be told from the file name.
    :exception KeyError: If it cannot be written (or not with ``save_all``).
    """
    if format:
        pil.preinit()
    else:
        format = _format_for(filename)
    format = format.upper()
    if format not in pil.SAVE:
        pil.init()
    if save_all is None:
        save_all = bool(params.get("append_images")) and format in pil.SAVE_ALL
    return pil.SAVE_ALL[format] if save_all else pil.SAVE[format]


def _settle_pixels(self: Image, filename: str | bytes) -> None:
    """Load the pixels; copy them, if they are mapped from the file that will be overwritten."""
    image_file = sys.modules.get("PIL.ImageFile")
    if (
        filename
        and image_file is not None
        and isinstance(self, image_file.ImageFile)
        and self.filename
        and os.path.abspath(os.fsdecode(filename)) == os.path.abspath(os.fsdecode(self.filename))
    ):
        self._ensure_mutable()
    else:
        self.load()


def save(
    self: Image, fp: StrOrBytesPath | IO[bytes], format: str | None = None, **params: Any
) -> None:
    """Write the image to a file.

    :param fp: Path, or a binary file. If writing to a path fails, a file that was not there before
       is removed again.
    :param format: Format; by default that of the extension of the path (or of the file's name).
    :param params: Options of the format. ``save_all`` writes all frames; ``append`` (of some
       formats) adds to an existing file.
    :exception ValueError: If the format cannot be told.
    :exception KeyError: If there is no such format for writing.
    :exception OSError: If it cannot be written; the file may be there in part.
    """
    filename: str | bytes = ""
    file: Any = fp
    if is_path(fp):
        filename = os.fspath(fp)
    else:
        if fp is sys.stdout:
            file = getattr(fp, "buffer", fp)
        name = getattr(file, "name", None)
        if is_path(name):
            filename = os.fspath(name)

    save_all = params.pop("save_all", None)
    driver = _driver_for(format, filename, save_all, params)
    _settle_pixels(self, filename)

    self._default_encoderinfo = params
    previous = self._attach_default_encoderinfo(self)
    self.encoderconfig = ()
    try:
        if is_path(fp):
            _save_to_path(self, driver, filename, bool(params.get("append")))
        else:
            driver(self, file, filename)
    finally:
        self.encoderinfo = previous


def _save_to_path(
    self: Image, driver: SaveDriver, filename: str | bytes, append: bool
) -> None:
    created = not os.path.exists(filename)
    # Some formats read back what they wrote.
    file = builtins.open(filename, "r+b" if append else "w+b")
    try:
        driver(self, file, filename)
    except Exception:
        file.close()
        if created:
            try:
                os.remove(filename)
            except PermissionError:
                pass  # the error that counts is the other one
        raise
    finally:
        file.close()


def attach_default_encoderinfo(self: Image, im: Image) -> dict[str, Any]:
    """Complete ``encoderinfo`` by the options that ``im`` is saved with.

    :returns: What it was before, to be put back.
    """
    previous: dict[str, Any] = getattr(self, "encoderinfo", {})
    self.encoderinfo = {**im._default_encoderinfo, **previous}
    return previous


def dump(
    self: Image, file: str | None = None, format: str | None = None, **options: Any
) -> str:
    """Write to a temporary file, PPM by default, and return its name. For debugging."""
    suffix = f".{format}" if format else ""
    if not file:
        import tempfile

        handle, filename = tempfile.mkstemp(suffix)
        os.close(handle)
    else:
        filename = file if file.endswith(suffix) else file + suffix
    self.load()
    if not format or format == "PPM":
        self.save(filename, "PPM", **options)
    else:
        self.save(filename, format, **options)
    return filename
