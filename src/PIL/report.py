"""``python -m PIL.report``: the report of :func:`PIL.features.pilinfo` without the formats."""

from __future__ import annotations

from .features import pilinfo

pilinfo(supported_formats=False)
