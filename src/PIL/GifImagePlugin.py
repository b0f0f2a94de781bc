"""GIF: the public names. See :mod:`PIL._gif_read` and :mod:`PIL._gif_write`."""

from __future__ import annotations

from . import Image
from ._gif_read import GifImageFile, LoadingStrategy
from ._gif_read import accept as _accept
from ._gif_write import RAWMODE, get_interlace, getdata, getheader
from ._gif_write import get_optimize as _get_optimize
from ._gif_write import normalize_palette as _normalize_palette
from ._gif_write import palette_bytes as _get_palette_bytes
from ._gif_write import save as _save
from ._gif_write import save_all as _save_all
from ._util import publish as _publish

__all__ = [
    "LOADING_STRATEGY",
    "RAWMODE",
    "GifImageFile",
    "LoadingStrategy",
    "_get_optimize",
    "_get_palette_bytes",
    "_normalize_palette",
    "get_interlace",
    "getdata",
    "getheader",
]

#: When frames become RGB or RGBA. It is looked at when a frame is sought.
LOADING_STRATEGY = LoadingStrategy.RGB_AFTER_FIRST

# Whether unused colours are removed from all palettes, however large the image.
_FORCE_OPTIMIZE = False

_publish(globals(), "PIL._gif_write")

Image.register_open(GifImageFile.format, GifImageFile, _accept)
Image.register_save(GifImageFile.format, _save)
Image.register_save_all(GifImageFile.format, _save_all)
Image.register_extension(GifImageFile.format, ".gif")
Image.register_mime(GifImageFile.format, "image/gif")
