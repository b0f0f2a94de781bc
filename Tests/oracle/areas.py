"""The areas of the differential test, and how many cases each runs by default."""

from __future__ import annotations

import areas_cms
import areas_draw
import areas_features
import areas_files
import areas_fonts
import areas_icons
import areas_image
import areas_math
import areas_modules
import areas_ole
import areas_pdf
import areas_pixels
import areas_scale
import areas_screen
import areas_state
import areas_text
import areas_textures
import areas_tiff
import areas_transform
from common import Area

AREAS: dict[str, Area] = {}
COUNTS: dict[str, int] = {}
#: Areas that read damaged files: a documented exception of ours agrees with any other of Pillow's.
READING: set[str] = set()

for _module in (
    areas_scale,
    areas_screen,
    areas_state,
    areas_pixels,
    areas_image,
    areas_features,
    areas_files,
    areas_fonts,
    areas_icons,
    areas_math,
    areas_modules,
    areas_transform,
    areas_cms,
    areas_draw,
    areas_text,
    areas_textures,
    areas_tiff,
    areas_pdf,
    areas_ole,
):
    for _name, (_area, _count) in _module.AREAS.items():
        AREAS[_name] = _area
        COUNTS[_name] = _count
    READING |= getattr(_module, "READING", set())
