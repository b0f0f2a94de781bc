"""Showing images in a program of the desktop, for debugging: :func:`show`.

:func:`register` adds a :class:`Viewer`; at import, those are registered whose program is installed.
"""

from __future__ import annotations

import abc
import os
import shlex
import shutil
import subprocess
import sys

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_viewers: list[Viewer] = []

# How long the programs that return at once get to read the file before it is removed.
_SECONDS = 20
_REMOVAL = f"import os, sys, time; time.sleep({_SECONDS}); os.remove(sys.argv[1])"


def register(viewer: type[Viewer] | Viewer, order: int = 1) -> None:
    """Make a viewer known.

    :param viewer: The viewer, or its class.
    :param order: If positive, it is asked after all others, otherwise before them.
    """
    if isinstance(viewer, type) and issubclass(viewer, Viewer):
        viewer = viewer()
    position = len(_viewers) if order > 0 else 0
    _viewers.insert(position, viewer)


def show(image: Image.Image, title: str | None = None, **options: Any) -> bool:
    """Show an image in the first viewer that can.

    :param title: Title of the window, if the viewer has one.
    :param options: Further options for the viewers.
    :returns: Whether there was one.
    """
    return any(viewer.show(image, title=title, **options) for viewer in _viewers)


class Viewer:
    """Base of all viewers: saves the image to a temporary file, and runs a command on it."""

    #: Format of the temporary file; None for that of :meth:`PIL.Image.Image._dump`, PPM.
    format: str | None = None
    #: Options for saving it.
    options: dict[str, Any] = {}

    def show(self, image: Image.Image, **options: Any) -> int:
        """Convert the image to a mode that most programs know, and show it.

        :returns: True in some form, if it was shown.
        """
        kept = {"1", "RGBA"}
        if self.format == "PNG":
            kept |= {"I;16", "LA"}
        if image.mode not in kept:
            base = Image.getmodebase(image.mode)
            if base != image.mode:
                image = image.convert(base)
        return self.show_image(image, **options)

    def get_format(self, image: Image.Image) -> str | None:
        """The format to save an image in."""
        return self.format

    def get_command(self, file: str, **options: Any) -> str:
        """The shell command that shows a file.

        :exception NotImplementedError: If the viewer is not a command.
        """
        msg = "unavailable in base viewer"
        raise NotImplementedError(msg)

    def save_image(self, image: Image.Image) -> str:
        """Save to a temporary file, and return its name."""
        return image._dump(format=self.get_format(image), **self.options)

    def show_image(self, image: Image.Image, **options: Any) -> int:
        """Show an image, converted already."""
        return self.show_file(self.save_image(image), **options)

    def show_file(self, path: str, **options: Any) -> int:
        """Show a file.

        :exception FileNotFoundError: If there is none.
        """
        _require(path)
        os.system(self.get_command(path, **options))
        return 1

    def _remove_path_after_delay(self, path: str) -> None:
        # Frozen programs are no interpreters.
        frozen = getattr(sys, "frozen", False) and hasattr(sys, "_MEIPASS")
        python = (not frozen and sys.executable) or shutil.which("python3")
        if python:
            subprocess.Popen([python, "-c", _REMOVAL, path])


def _require(path: str) -> None:
    if not os.path.exists(path):
        raise FileNotFoundError


class _PngViewer(Viewer):
    """For programs that read PNG, which all below do."""

    format = "PNG"
    options = {"compress_level": 1, "save_all": True}


class WindowsViewer(_PngViewer):
    """The program that Windows opens PNG files with."""

    def get_command(self, file: str, **options: Any) -> str:
        """The command of cmd.exe.

        :exception ValueError: If the name has double quotes, which cannot be escaped.
        """
        if '"' in file:
            msg = "Windows filenames cannot contain double quotes"
            raise ValueError(msg)
        # A % outside of quotes starts no variable's name.
        name = '"' + file.replace("%", '"%"') + '"'
        steps = (f'start "Pillow" /WAIT {name}', "ping -n 4 127.0.0.1 >NUL", f"del /f {name}")
        return " && ".join(steps)

    def show_file(self, path: str, **options: Any) -> int:
        """Open the file, and remove it later."""
        _require(path)
        if sys.platform == "win32":
            os.startfile(path)
        self._remove_path_after_delay(path)
        return 1


class MacViewer(_PngViewer):
    """The Preview of macOS."""

    _OPEN = ("open", "-a", "Preview.app")

    def get_command(self, file: str, **options: Any) -> str:
        """The shell command, which also removes the file later."""
        name = shlex.quote(file)
        return f"({' '.join(self._OPEN)} {name}; sleep {_SECONDS}; rm -f {name})&"

    def show_file(self, path: str, **options: Any) -> int:
        """Open the file, and remove it later."""
        _require(path)
        subprocess.call([*self._OPEN, path])
        self._remove_path_after_delay(path)
        return 1


class UnixViewer(abc.ABC, Viewer):
    """Base of the viewers that are a program on the search path."""

    format = _PngViewer.format
    options = _PngViewer.options

    @abc.abstractmethod
    def get_command_ex(self, file: str, **options: Any) -> tuple[str, str]:
        """The shell command, without the name of the file, and the program."""

    def get_command(self, file: str, **options: Any) -> str:
        """The shell command that shows a file."""
        command = self.get_command_ex(file, **options)[0]
        return f"{command} {shlex.quote(file)}"


class _Program(UnixViewer):
    """A program, words that come before the name of the file, and perhaps an option for a title.

    The words of ``_words`` need no quotes.
    """

    _words: tuple[str, ...]
    _title_option: str | None = None

    def _arguments(self, title: str | None) -> list[str]:
        named = [self._title_option, title] if self._title_option and title else []
        return [*self._words, *named]

    def get_command_ex(self, file: str, **options: Any) -> tuple[str, str]:
        """The shell command, without the name of the file, and the program."""
        return shlex.join(self._arguments(options.get("title"))), self._words[0]

    def show_file(self, path: str, **options: Any) -> int:
        """Start the program, and do not wait for it.

        :exception FileNotFoundError: If there is no such file, or no such program.
        """
        _require(path)
        subprocess.Popen([*self._arguments(options.get("title")), path])
        return 1


class XDGViewer(_Program):
    """``xdg-open`` of freedesktop.org, which starts the program that the user prefers."""

    _words = ("xdg-open",)


class _TitledProgram(_Program):
    def get_command_ex(
        self, file: str, title: str | None = None, **options: Any
    ) -> tuple[str, str]:
        """The shell command, without the name of the file, and the program."""
        return super().get_command_ex(file, title=title)


class DisplayViewer(_TitledProgram):
    """``display`` of ImageMagick."""

    _words = ("display",)
    _title_option = "-title"


class GmDisplayViewer(_Program):
    """``gm display`` of GraphicsMagick."""

    _words = ("gm", "display")


class EogViewer(_Program):
    """``eog``, the Eye of GNOME, in a new window."""

    _words = ("eog", "-n")


class XVViewer(_TitledProgram):
    """``xv`` of John Bradley."""

    _words = ("xv",)
    _title_option = "-name"


class IPythonViewer(Viewer):
    """The output of a notebook, or of another front end of IPython."""

    def show_image(self, image: Image.Image, **options: Any) -> int:
        """Hand the image to IPython."""
        ipython_display(image)
        return 1


def _register_installed() -> None:
    if sys.platform == "win32":
        register(WindowsViewer)
    elif sys.platform == "darwin":
        register(MacViewer)
    else:
        for viewer in (XDGViewer, DisplayViewer, GmDisplayViewer, EogViewer, XVViewer):
            if shutil.which(viewer._words[0]):
                register(viewer)


_register_installed()
try:
    from IPython.display import display as ipython_display
except ImportError:
    pass
else:
    register(IPythonViewer)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("Syntax: python3 -m PIL.ImageShow imagefile [title]")
        sys.exit()
    with Image.open(sys.argv[1]) as im:
        print(show(im, *sys.argv[2:]))
