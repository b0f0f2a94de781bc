"""Images from the screen and from the clipboard."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from . import ImageWin

    _Box = tuple[int, int, int, int]

# Programs that can save the screen, in the order in which they are tried; the name of a file
# follows.
_SCREENSHOT_PROGRAMS = (
    ("gnome-screenshot", "-f"),
    ("grim",),
    ("spectacle", "-n", "-b", "-f", "-o"),
)

# How much wider than asked for a capture of macOS has to be to be of a Retina display.
_RETINA_MARGIN = 100

# The kind of session, and the program that writes its clipboard to standard output.
_CLIPBOARD_PROGRAMS = (
    ("wayland", ("wl-paste", "-t", "image")),
    ("x11", ("xclip", "-selection", "clipboard", "-t", "image/png", "-o")),
)

# What they say if the clipboard holds no image.
_NO_IMAGE = (
    "Nothing is copied",  # wl-paste
    "No selection",
    "No suitable type of content copied",
    " not available",  # xclip
    "cannot convert ",
    "xclip: Error: There is no owner for the ",
)


def grab(
    bbox: _Box | None = None,
    include_layered_windows: bool = False,
    all_screens: bool = False,
    xdisplay: str | None = None,
    window: int | ImageWin.HWND | None = None,
    *,
    scale_down: bool = False,
) -> Image.Image:
    """Copy the screen, or a part of it.

    :param bbox: The part, in pixels (left, upper, right, lower); everything by default.
    :param include_layered_windows: Windows: with layered windows.
    :param all_screens: Windows: all monitors.
    :param xdisplay: X11 display; by default that of the environment variable ``DISPLAY``. With a
       name, X11 is used on macOS and Windows, too.
    :param window: Windows and macOS: handle of a window to copy instead.
    :param scale_down: macOS: one pixel a point, also on Retina displays.
    :returns: An image of mode "RGB"; on macOS of what the system makes, usually "RGBA".
    :exception OSError: If there is no screen, or it cannot be read.
    :exception subprocess.CalledProcessError: If a program fails that has to make the image.
    """
    if xdisplay is None and sys.platform == "darwin":
        return _grab_macos(bbox, None if window is None else int(window), scale_down)
    if xdisplay is None and sys.platform == "win32":
        return _grab_windows(
            bbox, include_layered_windows, all_screens, None if window is None else int(window)
        )
    try:
        im = _grab_x11(xdisplay)
    except OSError:
        program = _screenshot_program() if xdisplay is None else None
        if program is None:
            raise
        im = _grab_by(program)
    return im.crop(bbox) if bbox else im


def _grab_x11(display: str | None) -> Image.Image:
    if not Image.core.HAVE_XCB:
        msg = "Pillow was built without XCB support, which X11 screen grabs need"
        raise OSError(msg)
    size, data = Image.core.grabscreen_x11(display)
    return Image.frombytes("RGB", size, data, "raw", "BGRX", size[0] * 4, 1)


def _screenshot_program() -> tuple[str, ...] | None:
    return next((p for p in _SCREENSHOT_PROGRAMS if shutil.which(p[0])), None)


@contextlib.contextmanager
def _temporary_png() -> Iterator[str]:
    handle, path = tempfile.mkstemp(".png")
    os.close(handle)
    try:
        yield path
    finally:
        os.unlink(path)


def _grab_by(command: tuple[str, ...]) -> Image.Image:
    """The image that a program saves, which gets the name of a file as its last argument."""
    with _temporary_png() as path:
        subprocess.check_call([*command, path])
        with Image.open(path) as im:
            im.load()
    return im


def _grab_macos(bbox: _Box | None, window: int | None, scale_down: bool) -> Image.Image:
    if not bbox:
        chosen = () if window is None else ("-l", str(window))
        return _grab_by(("screencapture", *chosen, "-x"))

    left, top, right, bottom = bbox
    size = right - left, bottom - top
    if window is None:
        area = ",".join(map(str, (left, top, *size)))
        im = _grab_by(("screencapture", "-R", area, "-x"))
        return im.resize(size) if scale_down else im

    im = _grab_by(("screencapture", "-l", str(window), "-x"))
    # A second time, without the window's shadow: only then is its corner that of the image.
    bare = _grab_by(("screencapture", "-l", str(window), "-o", "-x"))
    if im.width - bare.width <= _RETINA_MARGIN:
        return bare.crop(bbox)
    factor = 1 if scale_down else 2
    scaled = (left * 2, top * 2, right * 2, bottom * 2)
    return bare.resize((size[0] * factor, size[1] * factor), box=scaled)


def _grab_windows(
    bbox: _Box | None, layered: bool, all_screens: bool, window: int | None
) -> Image.Image:
    core: Any = Image.core
    screens = int(all_screens) if window is None else -1
    (x, y), size, data = core.grabscreen_win32(layered, screens, window or 0)
    # Rows from the last one on, padded to four bytes.
    im = Image.frombytes("RGB", size, data, "raw", "BGR", (size[0] * 3 + 3) & -4, -1)
    if bbox:
        left, top, right, bottom = bbox
        im = im.crop((left - x, top - y, right - x, bottom - y))
    return im


def grabclipboard() -> Image.Image | list[str] | None:
    """Copy the clipboard.

    :returns: An image; a list of names, if there are files (Windows); None if there is neither.
    :exception NotImplementedError: On systems other than Windows and macOS, if neither
       ``wl-paste`` nor ``xclip`` is there.
    :exception ChildProcessError: If they fail.
    """
    if sys.platform == "darwin":
        return _clipboard_macos()
    if sys.platform == "win32":
        return _clipboard_windows()
    return _clipboard_unix()


def _clipboard_macos() -> Image.Image | None:
    script = "get the clipboard as «class PNGf»"
    done = subprocess.run(["osascript", "-e", script], capture_output=True, check=False)
    if done.returncode != 0:
        return None
    # «data PNGf, hexadecimal digits, »; the quotes have two bytes.
    digits = done.stdout[len("«data PNGf".encode()) : -len("»\n".encode())]
    return Image.open(io.BytesIO(bytes.fromhex(digits.decode("ascii"))))


def _clipboard_windows() -> Image.Image | list[str] | None:
    core: Any = Image.core
    kind, data = core.grabclipboard_win32()
    if kind == "file":
        return _dropped_files(data)
    if isinstance(data, bytes) and kind in ("DIB", "png", "PNG"):
        return Image.open(io.BytesIO(data), formats=[kind.upper()])
    return None


def _dropped_files(data: bytes) -> list[str]:
    """The names of a ``DROPFILES`` structure, which end with an empty one.

    :exception ValueError: If the structure is cut off.
    """
    if len(data) < 20:
        msg = "list of files in the clipboard is cut off"
        raise ValueError(msg)
    offset, wide = struct.unpack_from("<L12xL", data)
    # At offset 16 stands whether names are UTF-16; otherwise they are of the system's code page.
    text = data[offset:].decode("utf-16-le" if wide & 0xFF else "mbcs")
    names = text.split("\0")
    return names[: names.index("")]


def _clipboard_unix() -> Image.Image | None:
    if os.environ.get("WAYLAND_DISPLAY"):
        session = "wayland"
    elif os.environ.get("DISPLAY"):
        session = "x11"
    else:
        session = None
    for kind, command in _CLIPBOARD_PROGRAMS:
        if shutil.which(command[0]) and session in (kind, None):
            break
    else:
        msg = "wl-paste or xclip is required for ImageGrab.grabclipboard() on Linux"
        raise NotImplementedError(msg)

    done = subprocess.run(list(command), capture_output=True, check=False)
    if done.returncode == 0:
        im = Image.open(io.BytesIO(done.stdout))
        im.load()
        return im
    complaint = done.stderr.decode(errors="replace")
    if any(text in complaint for text in _NO_IMAGE):
        return None
    msg = f"{command[0]} error"
    if complaint.strip():
        msg += f": {complaint.strip()}"
    raise ChildProcessError(msg)
