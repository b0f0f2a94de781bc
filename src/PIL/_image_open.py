"""``Image.open``: find the format of a file."""

from __future__ import annotations

import builtins
import functools
import io
import os
import warnings

from . import Image as pil
from . import UnidentifiedImageError
from ._image_registry import import_plugin_for_extension
from ._util import is_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO, Literal

    from . import ImageFile
    from ._image_registry import Accept, Factory
    from ._typing import StrOrBytesPath

# What accept functions get to see.
PREFIX_LENGTH = 16


@functools.cache
def _errors_of_wrong_formats() -> tuple[type[Exception], ...]:
    """What a reader may raise for a file that is not of its format.

    Asked for when one has raised something, so that importing Image does not import struct.
    """
    import struct

    return SyntaxError, IndexError, TypeError, struct.error


def _registered(name: str) -> tuple[Factory, Accept | None]:
    """A format by its name in whatever case, also if its plug-in is not loaded yet."""
    name = name.upper()
    if name not in pil.OPEN:
        pil.init()
    return pil.OPEN[name]


class _Identification:
    """The attempts to open one file, and what the formats said against it."""

    def __init__(self, fp: IO[bytes], filename: str | bytes) -> None:
        self.fp = fp
        self.filename = filename
        self.prefix = fp.read(PREFIX_LENGTH)
        self.messages: list[str] = []

    def try_formats(self, names: Iterable[str]) -> ImageFile.ImageFile | None:
        """The image as the first of these formats that it is of.

        This loop is most of the cost of opening a small file, so it does as little as it can for
        the formats that turn the file down by its first bytes.

        :exception KeyError: If there is no such format.
        """
        prefix = self.prefix
        for name in names:
            factory, accept = pil.OPEN.get(name) or _registered(name)
            try:
                answer = True if accept is None else accept(prefix)
                if not answer:
                    continue
                if isinstance(answer, str):
                    self.messages.append(answer)
                    continue
                self.fp.seek(0)
                im = factory(self.fp, self.filename)
                pil._decompression_bomb_check(im.size)
                return im
            except _errors_of_wrong_formats() as e:
                if pil.WARN_POSSIBLE_FORMATS:
                    self.messages.append(f"{name.upper()} opening failed. {e}")
        return None

    def try_more(self) -> ImageFile.ImageFile | None:
        """Load plug-ins step by step; try the formats that each step brings."""
        for load in (pil.preinit, pil.init):
            known = set(pil.ID)
            load()
            im = self.try_formats([name for name in pil.ID if name not in known])
            if im is not None:
                return im
        return None


def _identify(
    fp: IO[bytes], filename: str | bytes, formats: list[str] | tuple[str, ...] | None
) -> ImageFile.ImageFile:
    attempt = _Identification(fp, filename)
    extension = os.path.splitext(filename)[1] if filename else ""
    if not import_plugin_for_extension(extension):
        pil.preinit()
    im = attempt.try_formats(pil.ID if formats is None else formats)
    if im is None and formats is None:
        im = attempt.try_more()
    if im is not None:
        return im
    for message in attempt.messages:
        warnings.warn(message, stacklevel=3)
    what: object = filename or fp
    msg = f"cannot identify image file {what!r}"
    raise UnidentifiedImageError(msg)


def open(
    fp: StrOrBytesPath | IO[bytes],
    mode: Literal["r"] = "r",
    formats: list[str] | tuple[str, ...] | None = None,
) -> ImageFile.ImageFile:
    """Open an image file. Only its header is read; the pixels follow when they are needed.

    :param fp: Path, or a binary file that can seek. A file that cannot is read completely.
    :param mode: "r".
    :param formats: Formats to try, in this order; all by default.
    :returns: The image. It holds the file; use it in a ``with`` statement, or ``close()`` it.
    :exception FileNotFoundError: If there is no such file.
    :exception PIL.UnidentifiedImageError: If it is of no known format.
    :exception DecompressionBombError: If it has more than twice :data:`MAX_IMAGE_PIXELS` pixels;
       beyond that number itself there is a :exc:`DecompressionBombWarning`.
    :exception ValueError: For another mode, or a text stream.
    :exception TypeError: If ``formats`` is no list or tuple.
    """
    if mode != "r":
        msg = f"bad mode {mode!r}"  # type: ignore[unreachable]
        raise ValueError(msg)
    if isinstance(fp, io.StringIO):
        msg = "StringIO cannot be used to open an image. Binary data must be used instead."  # type: ignore[unreachable]
        raise ValueError(msg)
    if formats is not None and not isinstance(formats, list | tuple):
        msg = "formats must be a list or tuple"  # type: ignore[unreachable]
        raise TypeError(msg)

    filename: str | bytes = ""
    exclusive = False
    file: IO[bytes]
    if is_path(fp):
        filename = os.fspath(fp)
        file = builtins.open(filename, "rb")
        exclusive = True
    else:
        file = fp  # type: ignore[assignment]
    try:
        try:
            file.seek(0)
        except (AttributeError, io.UnsupportedOperation):
            data = file.read()
            if exclusive:
                file.close()
            file = io.BytesIO(data)
            exclusive = True
        im = _identify(file, filename, formats)
    except BaseException:
        if exclusive:
            file.close()
        raise
    im._exclusive_fp = exclusive
    return im
