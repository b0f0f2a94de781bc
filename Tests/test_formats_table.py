"""The tables of formats in the documentation say what the registry says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from PIL import Image, ImageFile, features

ROOT = Path(__file__).resolve().parents[1]
STUBS = {"BUFR", "GRIB", "HDF5"}
# Registered for writing only where the build has the library.
OPTIONAL = {"AVIF": "avif", "WEBP": "webp"}


def _documented() -> dict[str, tuple[str, str, str]]:
    """By format: reads, writes, frames."""
    text = (ROOT / "docs" / "formats.rst").read_text()
    lines = [line.strip() for line in text.splitlines() if line.startswith('   "')]
    rows = csv.reader(lines, skipinitialspace=True)
    return {row[0]: (row[2], row[3], row[4]) for row in rows}


def _in_readme() -> dict[str, tuple[str, str, str]]:
    text = (ROOT / "README.md").read_text()
    section = text.partition("\n## Formats\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z0-9, ]+) \| (\w*) ?\| (\w*) ?\| (\w*) ?\|", section, re.MULTILINE)
    return {name: (r, w, f) for names, r, w, f in rows for name in names.split(", ")}


@pytest.fixture(autouse=True, scope="module")
def _all_plugins() -> None:
    Image.init()


@pytest.mark.parametrize("table", [_documented(), _in_readme()], ids=["docs", "README"])
def test_table_is_the_registry(table: dict[str, tuple[str, str, str]]) -> None:
    names = set(Image.OPEN) | set(Image.SAVE) | set(Image.SAVE_ALL) | {"MPO"}
    # These need a package that may not be there.
    assert set(table) == names | {"FPX", "MIC"}
    for name, (reads, writes, frames) in table.items():
        # MPO files are opened as JPEG first.
        if name not in ("FPX", "MIC", "MPO"):
            assert bool(reads) == (name in Image.OPEN), name
        if name in OPTIONAL and not features.check(OPTIONAL[name]):
            assert name not in Image.SAVE and name not in Image.SAVE_ALL
            continue
        assert bool(writes) == (name in Image.SAVE), name
        assert ("w" in frames) == (name in Image.SAVE_ALL), name


@pytest.mark.parametrize("name", sorted(STUBS | {"WMF"}))
def test_handlers_are_named(name: str) -> None:
    reads, writes, _ = _documented()[name]
    assert writes == "handler"
    factory = Image.OPEN[name][0]
    assert isinstance(factory, type) and issubclass(factory, ImageFile.StubImageFile)
    assert (reads == "handler") == (name in STUBS)


def test_frames_that_are_read() -> None:
    readers = {name for name, (_, _, frames) in _documented().items() if "r" in frames}
    for name, (factory, _) in Image.OPEN.items():
        # PNG, WebP and AVIF set it when they open a file.
        if isinstance(factory, type) and isinstance(getattr(factory, "n_frames", None), property):
            assert name in readers, name
