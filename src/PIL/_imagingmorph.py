"""Binary morphology on core images (capsules of ``Image.getim()``); the work is in
``src/libImaging/filter/morph.c``."""

from __future__ import annotations

from ._imaging import morph_apply as apply
from ._imaging import morph_get_on_pixels as get_on_pixels
from ._imaging import morph_match as match

__all__ = ["apply", "get_on_pixels", "match"]
