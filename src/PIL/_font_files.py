"""Where fonts come from: the directories of the system, and the two faces that are shipped."""

from __future__ import annotations

import os
import pkgutil
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = __name__.rpartition(".")[0]


def shipped(name: str) -> bytes:
    """The bytes of a data file of this package.

    :exception OSError: If it is not there.
    """
    data = pkgutil.get_data(_PACKAGE, name)
    if data is None:
        msg = f"cannot load {name}: the package has no loader for data"
        raise OSError(msg)
    return data


def _data_homes() -> list[str]:
    """The directories that the XDG base directory specification names for shared data."""
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [home, *shared.split(":")]


def font_directories() -> list[str]:
    """The directories that hold this system's fonts, the user's own first on Linux."""
    platform: str = sys.platform
    if platform == "win32":
        windows = os.environ.get("WINDIR")
        return [os.path.join(windows, "fonts")] if windows else []
    if platform == "darwin":
        return ["/Library/Fonts", "/System/Library/Fonts", os.path.expanduser("~/Library/Fonts")]
    if platform.startswith("linux"):
        return [os.path.join(home, "fonts") for home in _data_homes()]
    return []


def _installed() -> Iterator[tuple[str, str]]:
    for directory in font_directories():
        for folder, _, names in os.walk(directory):
            for name in names:
                yield folder, name


def find_font(wanted: str) -> str | None:
    """The path of an installed font by the name of its file.

    A name without an extension finds the first ``.ttf`` of that name, or else the first file.
    """
    stem, extension = os.path.splitext(wanted)
    other = None
    for folder, name in _installed():
        if extension:
            if name == wanted:
                return os.path.join(folder, name)
            continue
        found, its_extension = os.path.splitext(name)
        if found != stem:
            continue
        if its_extension == ".ttf":
            return os.path.join(folder, name)
        other = other or os.path.join(folder, name)
    return other
