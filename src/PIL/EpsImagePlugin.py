"""EPS, encapsulated PostScript. Ghostscript renders it; images are written as level 1."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Any, cast

from . import Image, ImageFile
from ._eps_header import MODE_MAP, EpsHeader, field, split
from ._header import Header, require

if TYPE_CHECKING:
    from . import _imaging

__all__ = [
    "EpsImageFile",
    "Ghostscript",
    "field",
    "gs_binary",
    "gs_windows_binary",
    "has_ghostscript",
    "split",
]

#: Ghostscript's command: ``None`` if it was not looked for yet, False if there is none.
gs_binary: str | bool | None = None
#: The same under Windows, where it has several names.
gs_windows_binary: str | bool | None = None

#: How many seconds Ghostscript may take; ``None``: as long as it likes.
GHOSTSCRIPT_TIMEOUT: float | None = 600

_WINDOWS_NAMES = ("gswin32c", "gswin64c", "gs")
_PLAIN_MAGIC = b"%!PS"
_BINARY_MAGIC = b"\xc5\xd0\xd3\xc6"
_BINARY_START = Header("<", offset="L", length="L")  # stands behind it
_POINTS_PER_INCH = 72.0


def has_ghostscript() -> bool:
    """Whether Ghostscript can be called; it is looked for once."""
    global gs_binary, gs_windows_binary
    if gs_binary is None:
        if sys.platform.startswith("win"):
            if gs_windows_binary is None:
                found = (name for name in _WINDOWS_NAMES if shutil.which(name))
                gs_windows_binary = next(found, False)
            gs_binary = gs_windows_binary
        else:
            try:
                subprocess.check_call(["gs", "--version"], stdout=subprocess.DEVNULL)
                gs_binary = "gs"
            except OSError:
                gs_binary = False
    return gs_binary is not False


def _input_file(fp: IO[bytes]) -> tuple[str, bool]:
    """A path to what is in a file, and whether it is a copy."""
    name = getattr(fp, "name", None)
    if isinstance(name, str | bytes) and os.path.exists(name):
        # An absolute path is no option, however the file is called; but a percent sign in it
        # would begin the name of a device.
        path = os.path.abspath(os.fsdecode(name))
        if "%" not in path:
            return path, False
    handle, copy = tempfile.mkstemp()
    try:
        with os.fdopen(handle, "wb") as out:
            fp.seek(0)
            shutil.copyfileobj(fp, out)
    except BaseException:
        os.unlink(copy)
        raise
    return copy, True


def _run(command: list[str]) -> None:
    startupinfo = None
    if sys.platform.startswith("win"):
        startupinfo = subprocess.STARTUPINFO()
        startupinfo.dwFlags |= subprocess.STARTF_USESHOWWINDOW
    try:
        subprocess.check_call(command, startupinfo=startupinfo, timeout=GHOSTSCRIPT_TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise OSError("Ghostscript took too long") from error
    except subprocess.CalledProcessError as error:
        raise OSError("Ghostscript cannot render this file") from error


def Ghostscript(
    tile: list[ImageFile._Tile],
    size: tuple[int, int],
    fp: IO[bytes],
    scale: int = 1,
    transparency: bool = False,
) -> _imaging.ImagingCore:
    """Render an EPS file.

    :param tile: one tile, whose arguments are the length and the bounding box
    :param size: in pixels, to be multiplied by ``scale``
    :param fp: the file, or a stream that is copied to one
    :param transparency: whether to render with alpha
    :return: an image of mode RGBA, or of what the device makes: 1, L or RGB
    :raises OSError: without Ghostscript, or when it fails
    """
    if not has_ghostscript():
        raise OSError("Unable to locate Ghostscript on paths")
    assert isinstance(gs_binary, str)
    scale = int(scale) or 1
    width, height = size[0] * scale, size[1] * scale
    Image._decompression_bomb_check((width, height))
    _, (left, lower, right, upper) = cast("tuple[int, list[int]]", tile[0].args)
    if right == left or upper == lower:
        raise OSError("EPS bounding box is empty")
    resolution = (
        _POINTS_PER_INCH * width / (right - left),
        _POINTS_PER_INCH * height / (upper - lower),
    )
    handle, output = tempfile.mkstemp()
    os.close(handle)
    source, is_copy = "", False
    try:
        source, is_copy = _input_file(fp)
        device = "pngalpha" if transparency else "pnmraw"
        _run(
            [
                gs_binary,
                "-q",
                f"-g{width:d}x{height:d}",
                f"-r{resolution[0]:f}x{resolution[1]:f}",
                "-dBATCH",
                "-dNOPAUSE",
                "-dSAFER",
                f"-sDEVICE={device}",
                f"-sOutputFile={output}",
                "-c",
                f"{-left} {-lower} translate",
                "-f",
                source,
                "-c",
                "showpage",
            ]
        )
        with Image.open(output) as rendered:
            rendered.load()
            return rendered.im.copy()
    finally:
        os.unlink(output)
        if is_copy:
            os.unlink(source)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((_PLAIN_MAGIC, _BINARY_MAGIC))


class EpsImageFile(ImageFile.ImageFile):
    """Reads EPS files."""

    format = "EPS"
    format_description = "Encapsulated Postscript"

    mode_map = MODE_MAP

    def _open(self) -> None:
        assert self.fp is not None
        length, offset = self._find_offset(self.fp)
        self.fp.seek(offset)
        header = EpsHeader(self.info)
        header.read(self.fp)
        self._size = header.size
        self._mode = header.mode
        self.tile = [
            ImageFile._Tile("eps", (0, 0, *self.size), offset, (length, cast("Any", header.box)))
        ]

    def _find_offset(self, fp: IO[bytes]) -> tuple[int, int]:
        """Length and position of the PostScript in the file."""
        magic = fp.read(4)
        if magic == _PLAIN_MAGIC:
            return fp.seek(0, os.SEEK_END), 0
        require(magic == _BINARY_MAGIC, "not an EPS file")
        start = _BINARY_START.read(fp)
        return start.length, start.offset

    def load(self, scale: int = 1, transparency: bool = False) -> _imaging.PixelAccess | None:
        """Render the file, unless that was done before.

        :param scale: by how much to enlarge
        :param transparency: whether to render with alpha
        :raises OSError: without Ghostscript, or when it fails
        """
        if self.tile:
            assert self.fp is not None
            self.im = Ghostscript(self.tile, self.size, self.fp, scale, transparency)
            self._mode = self.im.mode
            self._size = self.im.size
            self.tile = []
        return super().load()

    def load_seek(self, pos: int) -> None:
        """Nothing: the file is not decoded from here, so it must not be fed to a parser."""


# By mode: number of the mode in ImageData, PostScript's operator.
_OPERATORS = {
    "L": (1, b"image"),
    "RGB": (3, b"false 3 colorimage"),
    "CMYK": (4, b"false 4 colorimage"),
}


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes, eps: int = 1) -> None:
    """Write an image; without ``eps``, as a part of another PostScript file."""
    im.load()
    if im.mode not in _OPERATORS:
        raise ValueError("image mode is not supported")
    bands, operator = _OPERATORS[im.mode]
    width, height = im.size
    lines = []
    if eps:
        lines += [
            b"%!PS-Adobe-3.0 EPSF-3.0",
            b"%%Creator: PIL 0.1 EpsEncode",
            b"%%%%BoundingBox: 0 0 %d %d" % im.size,
            b"%%Pages: 1",
            b"%%EndComments",
            b"%%Page: 1 1",
            b'%%ImageData: %d %d 8 %d 0 1 1 "%s"' % (width, height, bands, operator),
        ]
    lines += [
        b"gsave",
        b"10 dict begin",
        b"/buf %d string def" % (width * bands),
        b"%d %d scale" % im.size,
        b"%d %d 8" % im.size,
        b"[%d 0 0 -%d 0 %d]" % (width, height, height),
        b"{ currentfile buf readhexstring pop } bind",
        operator,
        b"",
    ]
    fp.write(b"\n".join(lines))
    if hasattr(fp, "flush"):
        fp.flush()
    ImageFile._save(im, fp, [ImageFile._Tile("eps", (0, 0, *im.size))])
    fp.write(b"\n%%%%EndBinary\ngrestore end\n")
    if hasattr(fp, "flush"):
        fp.flush()


Image.register_open(EpsImageFile.format, EpsImageFile, _accept)
Image.register_save(EpsImageFile.format, _save)
Image.register_extensions(EpsImageFile.format, [".ps", ".eps"])
Image.register_mime(EpsImageFile.format, "application/postscript")
