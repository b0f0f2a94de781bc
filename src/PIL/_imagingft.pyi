# Fonts by FreeType, layout by Raqm. What each function does is said in src/imagingft/.

from collections.abc import Callable, Sequence
from typing import Any, final

from ._imaging import ImagingCore
from ._typing import StrOrBytesPath

freetype2_version: str
HAVE_RAQM: bool
HAVE_FRIBIDI: bool
HAVE_HARFBUZZ: bool
raqm_version: str  # these three if HAVE_RAQM; None: the library does not tell
fribidi_version: str | None
harfbuzz_version: str | None

@final
class Font:
    @property
    def family(self) -> str | None: ...
    @property
    def style(self) -> str | None: ...
    @property
    def ascent(self) -> int: ...
    @property
    def descent(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def x_ppem(self) -> int: ...
    @property
    def y_ppem(self) -> int: ...
    @property
    def glyphs(self) -> int: ...
    def getlength(
        self,
        text: str | bytes,
        mode: str | None = ...,
        direction: str | None = ...,
        features: Sequence[str] | None = ...,
        language: str | None = ...,
        /,
    ) -> int: ...
    def getsize(
        self,
        text: str | bytes | bytearray,
        mode: str | None = ...,
        direction: str | None = ...,
        features: Sequence[str] | None = ...,
        language: str | None = ...,
        anchor: str | None = ...,
        /,
    ) -> tuple[tuple[int, int], tuple[int, int]]: ...
    def render(
        self,
        text: str | bytes,
        fill: Callable[[int, int], ImagingCore],
        mode: str | None = ...,
        direction: str | None = ...,
        features: Sequence[str] | None = ...,
        language: str | None = ...,
        stroke_width: float = ...,
        stroke_filled: bool = ...,
        anchor: str | None = ...,
        ink: int = ...,
        start: tuple[float, float] = ...,
        /,
    ) -> tuple[ImagingCore, tuple[int, int]]: ...
    def getvarnames(self) -> list[bytes]: ...
    def getvaraxes(self) -> list[dict[str, Any]]: ...
    def setvarname(self, index: int, /) -> None: ...
    def setvaraxes(self, axes: list[float], /) -> None: ...

def getfont(
    filename: StrOrBytesPath,
    size: float,
    index: int = 0,
    encoding: str = "",
    font_bytes: bytes = b"",
    layout_engine: int = 0,
) -> Font: ...
