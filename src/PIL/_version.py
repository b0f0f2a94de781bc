"""The version of the Python API that this package implements: Pillow's."""

from __future__ import annotations

__version__ = "13.0.0"
