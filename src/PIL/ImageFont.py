"""Fonts: TrueType, OpenType and others by FreeType, and bitmap fonts in PIL's own format.

Fonts turn text into masks and measure it; :py:mod:`PIL.ImageDraw` and :py:mod:`PIL.ImageText` put
the masks into images and lay out several lines.
"""

from __future__ import annotations

import abc
import os
import sys
import warnings
from enum import IntEnum
from io import BytesIO
from typing import TypedDict, cast

from . import Image
from ._font_files import find_font, shipped
from ._util import DeferredError, is_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import IO, Any, BinaryIO, NotRequired

    from ._imaging import ImagingFont
    from ._imagingft import Font
    from ._typing import StrOrBytesPath

core: ModuleType | DeferredError
try:
    from . import _imagingft as core
except ImportError as ex:
    # Bitmap fonts work without FreeType.
    core = DeferredError.new(ex)

#: Longer texts are refused with ``ValueError``. ``None`` allows any length.
MAX_STRING_LENGTH: int | None = 1_000_000


class Axis(TypedDict):
    """An axis of a variable font, in design units."""

    minimum: int | None
    default: int | None
    maximum: int | None
    name: NotRequired[bytes]


class Layout(IntEnum):
    """How text becomes glyphs."""

    BASIC = 0  #: One glyph a character, left to right.
    RAQM = 1  #: Shaping and bidirectional text, by libraqm.


def _string_length_check(text: str | bytes | bytearray) -> None:
    if MAX_STRING_LENGTH is not None and len(text) > MAX_STRING_LENGTH:
        msg = f"text is longer than the {MAX_STRING_LENGTH} characters of MAX_STRING_LENGTH"
        raise ValueError(msg)


class BaseImageFont(abc.ABC):
    """What every font can do. Further arguments depend on the kind of font."""

    @abc.abstractmethod
    def getbbox(
        self, text: str | bytes | bytearray, *args: Any, **kwargs: Any
    ) -> tuple[float, float, float, float]:
        """The box (left, top, right, bottom) around the text, in pixels from its anchor."""

    @abc.abstractmethod
    def getmask(
        self, text: str | bytes, mode: str = "", *args: Any, **kwargs: Any
    ) -> Image.core.ImagingCore:
        """The text as a core image."""

    @abc.abstractmethod
    def getlength(self, text: str | bytes, *args: Any, **kwargs: Any) -> float:
        """How far the text advances, in pixels."""


class ImageFont(BaseImageFont):
    """A bitmap font. :func:`load` makes it of a file."""

    font: ImagingFont

    def _load_pilfont(self, filename: str | os.PathLike[str]) -> None:
        """Read a metrics file and the sheet of glyphs beside it."""
        with open(filename, "rb") as fp:
            root = os.path.splitext(filename)[0]
            for extension in (".png", ".gif", ".pbm"):
                try:
                    sheet = Image.open(root + extension)
                except Exception:
                    continue  # not there, or not an image: another one may do
                if sheet.mode in ("1", "L"):
                    break
                sheet.close()
            else:
                msg = f"cannot find glyph data file {root}.{{gif|pbm|png}}"
                raise OSError(msg)
            self.file = root + extension
            with sheet:
                self._load_pilfont_data(fp, sheet)

    def _load_pilfont_data(self, file: IO[bytes], image: Image.Image) -> None:
        if image.mode not in ("1", "L"):
            image.close()
            msg = "invalid font image mode"
            raise TypeError(msg)
        if file.read(8) != b"PILfont\n":
            image.close()
            msg = "Not a PILfont file"
            raise SyntaxError(msg)
        file.readline()  # the description, which nothing depends on
        #: Lines of the metrics file between its description and its table.
        self.info: list[bytes] = []
        for line in iter(file.readline, b""):
            if line == b"DATA\n":
                break
            self.info.append(line)
        self._load(image, file.read(256 * 20))

    def _load(self, image: Image.Image, data: bytes) -> None:
        image.load()
        self.font = Image.core.font(image.im, data)

    def getmask(
        self, text: str | bytes, mode: str = "", *args: Any, **kwargs: Any
    ) -> Image.core.ImagingCore:
        """The text as a core image of the mode of the font, "1" or "L".

        :param text: Latin-1 characters, drawn up to the first NUL.
        :param mode: Has no effect, like all further arguments.
        :exception UnicodeEncodeError: For other characters.
        :exception ValueError: If the text is longer than :data:`MAX_STRING_LENGTH`.
        """
        _string_length_check(text)
        Image._decompression_bomb_check(self.font.getsize(text))
        return self.font.getmask(text, mode)

    def getbbox(
        self, text: str | bytes | bytearray, *args: Any, **kwargs: Any
    ) -> tuple[int, int, int, int]:
        """(0, 0, width, height of a line) in pixels; see :meth:`getmask`."""
        _string_length_check(text)
        return (0, 0, *self.font.getsize(text))

    def getlength(self, text: str | bytes | bytearray, *args: Any, **kwargs: Any) -> int:
        """The width in pixels; see :meth:`getmask`."""
        _string_length_check(text)
        return self.font.getsize(text)[0]


def _choose_layout(wanted: Layout | int | None) -> Layout:
    able = core.HAVE_RAQM
    if wanted not in (Layout.BASIC, Layout.RAQM):
        return Layout.RAQM if able else Layout.BASIC
    if wanted == Layout.RAQM and not able:
        warnings.warn(
            "Raqm layout was requested, but Raqm is not available. Falling back to basic layout.",
            stacklevel=4,
        )
        return Layout.BASIC
    return cast("Layout", wanted)


class FreeTypeFont(BaseImageFont):
    """A font by FreeType, of one size. :func:`truetype` is the usual way to get one.

    :param font: A path, or a binary file, which is read to its end.
    :param size: Pixels of an em, in steps of 1/64.
    :param index: Which face of a collection.
    :param encoding: Four letters that select a character map, such as "unic" or "symb".
    :param layout_engine: :attr:`Layout.BASIC` or :attr:`Layout.RAQM`; the latter by default if
       this build has it.
    :exception ImportError: If this build has no FreeType.
    :exception ValueError: For a size that is not positive.
    :exception OSError: If FreeType refuses the file, the size or the encoding.

    Methods take text as ``str``, or as ``bytes`` (UTF-8 with Raqm; a byte a character without),
    and these arguments: ``mode`` "1" (not antialiased), "RGBA" (with the colours of the font) or
    anything else; ``direction`` "ltr", "rtl" or "ttb"; OpenType ``features`` such as "-kern";
    ``language``, a BCP 47 tag. All three need Raqm, else they raise ``KeyError``. An ``anchor`` is
    two letters: l, m, r, s and a, t, m, s, b, d.
    """

    font: Font
    font_bytes: bytes

    def __init__(
        self,
        font: StrOrBytesPath | BinaryIO,
        size: float = 10,
        index: int = 0,
        encoding: str = "",
        layout_engine: Layout | None = None,
    ) -> None:
        if isinstance(core, DeferredError):
            raise core.ex
        if size <= 0:
            msg = f"font size must be greater than 0, not {size}"
            raise ValueError(msg)
        self.path = font
        self.size = size
        self.index = index
        self.encoding = encoding
        self.layout_engine = _choose_layout(layout_engine)
        self._open(font)

    def _open(self, font: StrOrBytesPath | BinaryIO) -> None:
        path: StrOrBytesPath = ""
        data = b""
        if not is_path(font):
            data = self.font_bytes = cast("BinaryIO", font).read()
        elif sys.platform == "win32" and not os.fsencode(font).isascii():
            # FreeType opens files by names in the system's code page.
            with open(font, "rb") as fp:
                data = self.font_bytes = fp.read()
        else:
            path = font
        self.font = core.getfont(
            path, self.size, self.index, self.encoding, data, self.layout_engine
        )

    def __getstate__(self) -> list[Any]:
        return [self.path, self.size, self.index, self.encoding, self.layout_engine]

    def __setstate__(self, state: list[Any]) -> None:
        FreeTypeFont.__init__(self, *state)

    def getname(self) -> tuple[str | None, str | None]:
        """Family and style, such as ("DejaVu Sans", "Bold")."""
        return self.font.family, self.font.style

    def getmetrics(self) -> tuple[int, int]:
        """Ascent and descent in pixels: how far glyphs usually reach above and below the
        baseline."""
        return self.font.ascent, self.font.descent

    def getlength(
        self,
        text: str | bytes,
        mode: str = "",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
    ) -> float:
        """How far the text advances, in steps of 1/64 pixel.

        :exception ValueError: If the text is longer than :data:`MAX_STRING_LENGTH`.
        """
        _string_length_check(text)
        return self.font.getlength(text, mode, direction, features, language) / 64

    def getbbox(
        self,
        text: str | bytes | bytearray,
        mode: str = "",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke_width: float = 0,
        anchor: str | None = None,
    ) -> tuple[float, float, float, float]:
        """The box (left, top, right, bottom) around the text, in pixels from its anchor.

        It contains the origin of the text; it may be larger than what :meth:`getmask` fills.

        :exception ValueError: For a bad anchor, or a text longer than :data:`MAX_STRING_LENGTH`.
        """
        _string_length_check(text)
        (width, height), (x, y) = self.font.getsize(
            text, mode, direction, features, language, anchor
        )
        left, top, more = x - stroke_width, y - stroke_width, 2 * stroke_width
        return left, top, left + (width + more), top + (height + more)

    def getmask(
        self,
        text: str | bytes,
        mode: str = "",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke_width: float = 0,
        anchor: str | None = None,
        ink: int = 0,
        start: tuple[float, float] | None = None,
    ) -> Image.core.ImagingCore:
        """The image of :meth:`getmask2`, its strokes not filled."""
        mask, _ = self.getmask2(
            text, mode, direction, features, language, stroke_width, anchor, ink, start
        )
        return mask

    def getmask2(
        self,
        text: str | bytes,
        mode: str = "",
        direction: str | None = None,
        features: list[str] | None = None,
        language: str | None = None,
        stroke_width: float = 0,
        anchor: str | None = None,
        ink: int = 0,
        start: tuple[float, float] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> tuple[Image.core.ImagingCore, tuple[int, int]]:
        """The text as a core image, and where that goes relative to the anchor.

        :param mode: The image is "RGBA" for "RGBA", else "L" (for "1" of 0 and 255 only).
        :param stroke_width: Radius of the pen that follows the outlines, in pixels.
        :param ink: Bytes of the colour that glyphs without one of their own have in an "RGBA"
           image, the red one lowest.
        :param start: Fractions of a pixel to move the text by, before it is rounded to pixels.
        :param kwargs: ``stroke_filled=True`` fills what strokes enclose.
        :exception ValueError: For a bad anchor, or a text longer than :data:`MAX_STRING_LENGTH`.
        """
        _string_length_check(text)
        kind = "RGBA" if mode == "RGBA" else "L"

        def fill(width: int, height: int) -> Image.core.ImagingCore:
            size = (width, height)
            Image._decompression_bomb_check(size)
            return Image.core.fill(kind, size)

        return self.font.render(
            text,
            fill,
            mode,
            direction,
            features,
            language,
            stroke_width,
            kwargs.get("stroke_filled", False),
            anchor,
            ink,
            (0, 0) if start is None else start,
        )

    def font_variant(
        self,
        font: StrOrBytesPath | BinaryIO | None = None,
        size: float | None = None,
        index: int | None = None,
        encoding: str | None = None,
        layout_engine: Layout | None = None,
    ) -> FreeTypeFont:
        """A font that differs in the arguments given. Variations are not carried over."""
        if font is None:
            data = getattr(self, "font_bytes", None)
            font = self.path if data is None else BytesIO(data)
        return FreeTypeFont(
            font,
            self.size if size is None else size,
            self.index if index is None else index,
            self.encoding if encoding is None else encoding,
            self.layout_engine if layout_engine is None else layout_engine,
        )

    def get_variation_names(self) -> list[bytes]:
        """The names of the styles of a variable font.

        :exception OSError: If the font is not variable.
        """
        different = dict.fromkeys(self.font.getvarnames())
        return list(dict.fromkeys(name.replace(b"\0", b"") for name in different))

    def set_variation_by_name(self, name: str | bytes) -> None:
        """Choose a style.

        :exception OSError: If the font is not variable.
        :exception ValueError: If it has no such style.
        """
        names = self.get_variation_names()
        number = 1 + names.index(name.encode() if isinstance(name, str) else name)
        # FreeType gives other glyphs when asked for the same instance again.
        if number != getattr(self, "_last_variation_index", None):
            self._last_variation_index = number
            self.font.setvarname(number)

    def get_variation_axes(self) -> list[Axis]:
        """The axes of a variable font.

        :exception OSError: If the font is not variable.
        """
        axes = cast("list[Axis]", self.font.getvaraxes())
        for axis in axes:
            if axis.get("name"):
                axis["name"] = axis["name"].replace(b"\0", b"")
        return axes

    def set_variation_by_axes(self, axes: list[float]) -> None:
        """Set the axes, in the order of :meth:`get_variation_axes`, to whole design units.

        :exception OSError: If the font is not variable.
        """
        self.font.setvaraxes(axes)


class TransposedFont(BaseImageFont):
    """Turns or mirrors the text of another font.

    :param orientation: What to do; nothing by default.
    """

    def __init__(
        self, font: ImageFont | FreeTypeFont, orientation: Image.Transpose | None = None
    ) -> None:
        self.font = font
        self.orientation = orientation

    @property
    def _sideways(self) -> bool:
        return self.orientation in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)

    def getmask(
        self, text: str | bytes, mode: str = "", *args: Any, **kwargs: Any
    ) -> Image.core.ImagingCore:
        """The transposed mask of the font."""
        mask = self.font.getmask(text, mode, *args, **kwargs)
        return mask if self.orientation is None else mask.transpose(self.orientation)

    def getbbox(
        self, text: str | bytes | bytearray, *args: Any, **kwargs: Any
    ) -> tuple[int, int, float, float]:
        """(0, 0, width, height) of the transposed box of the font."""
        left, top, right, bottom = self.font.getbbox(text, *args, **kwargs)
        width, height = right - left, bottom - top
        return (0, 0, height, width) if self._sideways else (0, 0, width, height)

    def getlength(self, text: str | bytes, *args: Any, **kwargs: Any) -> float:
        """The length of the font, unless text is turned by 90 degrees.

        :exception ValueError: If it is.
        """
        if self._sideways:
            msg = "text length is undefined for text rotated by 90 or 270 degrees"
            raise ValueError(msg)
        return self.font.getlength(text, *args, **kwargs)


def load(filename: str | os.PathLike[str]) -> ImageFont:
    """Read a bitmap font: a ``.pil`` file, and its glyphs from a PNG, GIF or PBM beside it.

    :exception OSError: If either cannot be read.
    :exception SyntaxError: If the first is none.
    """
    font = ImageFont()
    font._load_pilfont(filename)
    return font


def truetype(
    font: StrOrBytesPath | BinaryIO,
    size: float = 10,
    index: int = 0,
    encoding: str = "",
    layout_engine: Layout | None = None,
) -> FreeTypeFont:
    """Open a font of any format that FreeType knows. See :class:`FreeTypeFont`.

    A file that does not open is looked for by its name in the system's font directories.
    """
    try:
        return FreeTypeFont(font, size, index, encoding, layout_engine)
    except OSError:
        name = os.path.basename(font) if is_path(font) else b""
        found = find_font(name) if isinstance(name, str) else None
        if found is None:
            raise
    return FreeTypeFont(found, size, index, encoding, layout_engine)


def load_path(filename: StrOrBytesPath) -> ImageFont:
    """:func:`load` a file from one of the directories of ``sys.path``.

    :exception OSError: If none has it.
    """
    name = os.fsdecode(filename)
    for directory in sys.path:
        try:
            return load(os.path.join(directory, name))
        except OSError:
            continue
    msg = f'cannot find font file "{name}" in sys.path'
    if os.path.exists(name):
        msg += f', did you mean ImageFont.load("{name}") instead?'
    raise OSError(msg)


def load_default_imagefont() -> ImageFont:
    """The bitmap font that needs no FreeType: Latin-1, 6 by 11 pixels a character."""
    font = ImageFont()
    with Image.open(BytesIO(shipped("courB08.pbm"))) as sheet:
        font._load_pilfont_data(BytesIO(shipped("courB08.pil")), sheet)
    return font


def load_default(size: float | None = None) -> FreeTypeFont | ImageFont:
    """The font that text is drawn with if none is given: Aileron Regular, some Latin characters.

    :param size: Pixels of an em, 10 by default.
    :exception ImportError: If there is a size, but no FreeType. Without a size this is the font of
       :func:`load_default_imagefont` then.
    """
    if size is None and isinstance(core, DeferredError):
        return load_default_imagefont()
    face = BytesIO(shipped("Aileron-Regular-subset.ttf"))
    return FreeTypeFont(face, 10 if size is None else size, 0, "", Layout.BASIC)
