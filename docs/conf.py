"""Sphinx configuration. Two parts of the site are generated from the sources: the table of kernels
and levels, from the ``kernels.def`` files, and one page of reference for each public module."""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
sys.path.insert(0, str(SOURCE))

project = "Pillow-SIMD"
copyright = "the authors of Pillow-SIMD"
release = version = "13.0.0"
extensions = ["sphinx.ext.autodoc"]
exclude_patterns = ["_build", "requirements.txt"]
html_theme = "furo"
html_title = "Pillow-SIMD"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_use_type_comments = False
autodoc_mock_imports = ["PIL._imagingtk", "PySide6", "PyQt6", "tkinter"]
linkcheck_timeout = 20

KERNEL = re.compile(
    r"(?:/\*(?P<comment>(?:[^*]|\*(?!/))*)\*/\s*)?"
    r"KERNEL\([\w ]+,\s+(?P<name>\w+),\s+\([^;]*?\),\s+(?P<flags>[01], [01], [01])\)"
)
FOLDERS = {
    "codec": "Files: PNG filters, checksums, run lengths",
    "compose": "Compositing, blending, chops, paste, fill",
    "core": "Storage",
    "filter": "Box and Gaussian blur, kernels, rank and mode filters, 3-D tables",
    "geometry": "Transposes and affine or perspective transforms",
    "math": "ImageMath",
    "pixel": "Conversion, packing, bands, tables",
    "resample": "Resize and reduce",
    "stats": "Histograms, extrema, boxes",
}


def kernel_rows(definitions: str) -> list[tuple[str, str, list[str]]]:
    """Name, first sentence of the comment, and yes or no for each level, of each kernel."""
    rows = []
    for found in KERNEL.finditer(definitions):
        comment = " ".join((found["comment"] or "").replace("*", " ").split())
        first = re.split(r"(?<=[.:;]) ", comment)[0].rstrip(":;.")
        flags = ["yes" if flag == "1" else "" for flag in found["flags"].split(", ")]
        if not first and rows:
            first = "(as above)"
        rows.append((found["name"], first, flags))
    return rows


def kernel_pages() -> str:
    """The tables of all folders as reStructuredText."""
    lines = []
    for path in sorted(SOURCE.glob("libImaging/*/kernels.def")):
        # The comment at the top is about the file.
        text = path.read_text(encoding="utf-8").split("*/", 1)[1]
        title = FOLDERS.get(path.parent.name, path.parent.name)
        lines += [title, "-" * len(title), "", ".. list-table::", "   :header-rows: 1",
                  "   :widths: 20 50 10 10 10", "", "   * - Kernel", "     - What it does",
                  "     - SSE4.1", "     - AVX2", "     - AVX-512"]  # fmt: skip
        for name, comment, flags in kernel_rows(text):
            lines += [f"   * - ``{name}``", f"     - {literal(comment)}"]
            lines += [f"     - {flag}" for flag in flags]
        lines.append("")
    return "\n".join(lines)


def literal(text: str) -> str:
    """Text of a C comment with nothing in it that markup would take for its own."""
    return re.sub(r"([\\*`|_<>])", r"\\\1", text)


def reference_pages() -> list[str]:
    """Write one page for each public module; returns their names."""
    import importlib
    import pkgutil

    import PIL

    names = []
    for info in pkgutil.iter_modules(PIL.__path__):
        if info.name.startswith("_") or info.name == "report":
            continue
        module = importlib.import_module(f"PIL.{info.name}")
        if not module.__doc__:
            raise SystemExit(f"PIL.{info.name} has no docstring")
        title = f"``{info.name}``"
        page = f"{title}\n{'=' * len(title)}\n\n.. automodule:: PIL.{info.name}\n   :members:\n"
        write(HERE / "reference" / f"{info.name}.rst", page)
        names.append(info.name)
    return names


def write(path: Path, text: str) -> None:
    """Write a generated page if it has changed, so that a second build is quick."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def generate(app: object) -> None:
    write(HERE / "generated" / "kernels.inc", kernel_pages())
    names = reference_pages()
    modules = [name for name in names if not name.endswith(("Plugin", "ImageFile"))]
    formats = [name for name in names if name not in modules]
    parts = ["Reference\n=========\n\nThe names, signatures and meaning are Pillow's.\n"]
    for title, listed in (("Modules", modules), ("Formats", formats)):
        entries = "".join(f"   {name}\n" for name in listed)
        parts.append(f"{title}\n{'-' * len(title)}\n\n.. toctree::\n   :maxdepth: 1\n\n{entries}")
    write(HERE / "reference" / "index.rst", "\n".join(parts))


def setup(app: object) -> None:
    app.connect("builder-inited", generate)  # type: ignore[attr-defined]
