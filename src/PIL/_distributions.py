"""Tells when Pillow and Pillow-SIMD have been installed over each other.

Both consist of a package ``PIL``. pip lets the later one overwrite files of the earlier, and
removing either then breaks the other. What was installed is in each distribution's RECORD, with a
hash for each file, so it can be seen whose files are there now.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.metadata import Distribution

NAMES = ("pillow-simd", "pillow")


def _digest(path: str, algorithm: str) -> str | None:
    """The hash of a file as RECORD writes it; None if there is no such file."""
    try:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, algorithm).digest()
    except OSError:
        return None
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _files_in(distribution: Distribution, package: str) -> dict[str, tuple[str, str]]:
    """The files of a distribution inside a directory: by path, the kind of hash and its value.

    From RECORD itself: ``Distribution.files`` leaves out what is missing, from Python 3.12 on.
    """
    found = {}
    for row in filter(None, csv.reader((distribution.read_text("RECORD") or "").splitlines())):
        path = os.path.normpath(os.path.abspath(str(distribution.locate_file(row[0]))))
        kind, equals, value = row[1].partition("=") if len(row) > 1 else ("", "", "")
        if equals and path.startswith(package + os.sep):
            found[path] = kind, value
    return found


def _intact(files: dict[str, tuple[str, str]]) -> set[str]:
    """Those that are on disk as they were installed."""
    return {path for path, (kind, value) in files.items() if _digest(path, kind) == value}


def _installed(package: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Files in the package of each distribution that has any, by name and version."""
    from importlib.metadata import PackageNotFoundError, distribution

    installed = {}
    for name in NAMES:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        files = _files_in(found, package)
        if files:
            installed[f"{name} {found.version}"] = files
    return installed


def clash_report(package: str) -> list[str]:
    """Lines for the user, if both distributions have put files into one package.

    :param package: Directory of the package ``PIL``.
    :returns: No lines if all is well.
    """
    package = os.path.normpath(os.path.abspath(package))
    installed = _installed(package)
    if len(installed) < 2:
        return []
    titles = list(installed)
    intact = {title: _intact(files) for title, files in installed.items()}
    lines = [f"*** {titles[0]} and {titles[1]} are both installed, in the same place:"]
    for title, files in installed.items():
        lost = len(files) - len(intact[title])
        state = f"{lost} of its {len(files)} files are overwritten or missing" if lost else "intact"
        lines.append(f"    {title}: {state}")

    whole = [title for title in titles if len(intact[title]) == len(installed[title])]
    if len(whole) == 1:
        lines.append(f"    In use is {whole[0]}; removing the other will break it.")
    elif not whole:
        lines.append("    In use is a mixture of both, which may fail in any way.")
    lines.append("    To mend this: pip uninstall pillow pillow-simd, then install one of them.")
    return lines
