"""Drawing images on windows and printers of Microsoft Windows.

The module can be imported everywhere; on other systems, making a :class:`Dib` or a :class:`Window`
raises :exc:`AttributeError`, as the core lacks what they need.
"""

from __future__ import annotations

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _T = TypeVar("_T")
    _Box = tuple[int, int, int, int]

# Of the core, functions that exist on Windows only.
_core: Any = Image.core
_MODES = ("1", "L", "P", "RGB")


class _Handle:
    """A number that Windows knows something by; its type says what."""

    _name: str

    def __int__(self) -> int:
        number: int = getattr(self, self._name)
        return number


class HDC(_Handle):
    """The handle of a device context."""

    _name = "dc"

    def __init__(self, dc: int) -> None:
        self.dc = dc


class HWND(_Handle):
    """The handle of a window."""

    _name = "wnd"

    def __init__(self, wnd: int) -> None:
        self.wnd = wnd


class Dib:
    """A bitmap in the memory of Windows ("device independent bitmap").

    :param image: An image to begin with, or a mode: "1", "L" or "RGB"; others are replaced by
       their base mode.
    :param size: Width and height, with a mode.
    :exception ValueError: Without size, or if there is no such bitmap.
    """

    def __init__(
        self, image: Image.Image | str, size: tuple[int, int] | None = None
    ) -> None:
        if isinstance(image, str):
            if size is None:
                msg = "If first argument is mode, size is required"
                raise ValueError(msg)
            mode, pixels = image, None
        else:
            mode, size, pixels = image.mode, image.size, image
        self.mode = mode if mode in _MODES else Image.getmodebase(mode)
        self.size = size
        self.image = _core.display(self.mode, self.size)
        if pixels is not None:
            self.paste(pixels)

    def _in_context(self, handle: int | HDC | HWND, use: Callable[[int], _T]) -> _T:
        """Call ``use`` with a device context; that of a window is fetched for the call."""
        if not isinstance(handle, HWND):
            return use(int(handle))
        window = int(handle)
        context = self.image.getdc(window)
        try:
            return use(context)
        finally:
            self.image.releasedc(window, context)

    def expose(self, handle: int | HDC | HWND) -> None:
        """Draw all of the bitmap, at the upper left corner."""
        self._in_context(handle, self.image.expose)

    def draw(self, handle: int | HDC | HWND, dst: _Box, src: _Box | None = None) -> None:
        """Draw a part of the bitmap (all by default), scaled to the box ``dst``."""
        part = (0, 0, *self.size) if src is None else src
        self._in_context(handle, lambda context: self.image.draw(context, dst, part))

    def query_palette(self, handle: int | HDC | HWND) -> int:
        """Install the palette that belongs to the bitmap in a device context.

        :returns: How many entries changed; if any, the bitmap should be drawn again.
        """
        return self._in_context(handle, lambda context: int(self.image.query_palette(context)))

    def paste(self, im: Image.Image, box: _Box | None = None) -> None:
        """Put an image into the bitmap, converted to its mode if need be.

        :param box: Where to; the whole bitmap by default.
        :exception ValueError: If the sizes differ, or the box is not inside.
        """
        im.load()
        if im.mode != self.mode:
            im = im.convert(self.mode)
        where = (box,) if box else ()
        self.image.paste(im.im, *where)

    def frombytes(self, buffer: bytes | memoryview) -> None:
        """Fill the bitmap's memory: rows from the last one on, each padded to 4 bytes."""
        self.image.frombytes(buffer)

    def tobytes(self) -> bytes:
        """The bitmap's memory."""
        data: bytes = self.image.tobytes()
        return data


class Window:
    """A window; subclasses say what it shows by overriding the ``ui_handle`` methods."""

    def __init__(
        self, title: str = "PIL", width: int | None = None, height: int | None = None
    ) -> None:
        self.hwnd = _core.createwindow(title, self.__dispatcher, width or 0, height or 0)

    def __dispatcher(self, action: str, *args: int) -> None:
        getattr(self, f"ui_handle_{action}")(*args)

    def ui_handle_clear(self, dc: int, x0: int, y0: int, x1: int, y1: int) -> None:
        """Draw the background of a rectangle."""

    def ui_handle_damage(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """A rectangle is about to be drawn."""

    def ui_handle_destroy(self) -> None:
        """The window is about to go."""

    def ui_handle_repair(self, dc: int, x0: int, y0: int, x1: int, y1: int) -> None:
        """Draw a rectangle."""

    def ui_handle_resize(self, width: int, height: int) -> None:
        """The window has got another size."""

    def mainloop(self) -> None:
        """Serve the window until it is closed."""
        _core.eventloop()


class ImageWindow(Window):
    """A window that shows an image."""

    def __init__(self, image: Image.Image | Dib, title: str = "PIL") -> None:
        self.image = image if isinstance(image, Dib) else Dib(image)
        super().__init__(title, *self.image.size)

    def ui_handle_repair(self, dc: int, x0: int, y0: int, x1: int, y1: int) -> None:
        """Draw the image into the rectangle."""
        self.image.draw(dc, (x0, y0, x1, y1))
