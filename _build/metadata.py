"""The distribution's metadata, but for its name and version, which follow the build's flags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"

METADATA: dict[str, Any] = {
    "description": (
        "Pillow with the same pixels, several times faster: SIMD kernels chosen at run time"
    ),
    "long_description": README.read_text(encoding="utf-8") if README.exists() else "",
    "long_description_content_type": "text/markdown",
    "license": "MIT-CMU",
    "license_files": ["LICENSE"],
    "python_requires": ">=3.11",
    "package_dir": {"": "src"},
    "packages": ["PIL"],
    "package_data": {"PIL": ["py.typed", "*.pyi", "*.ttf", "*.pil", "*.pbm"]},
    "include_package_data": False,
    "extras_require": {"fpx": ["olefile"], "mic": ["olefile"], "xmp": ["defusedxml"]},
    "classifiers": [
        "Development Status :: 4 - Beta",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: C",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Programming Language :: Python :: Free Threading",
        "Topic :: Multimedia :: Graphics",
        "Typing :: Typed",
    ],
}
