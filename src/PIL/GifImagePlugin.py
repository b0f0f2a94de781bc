"""GIF: the public names. Reading is in :mod:`PIL._gif_read`."""

from __future__ import annotations

from . import Image
from ._gif_read import GifImageFile, LoadingStrategy
from ._gif_read import accept as _accept

#: When frames become RGB or RGBA. It is looked at when a frame is sought.
LOADING_STRATEGY = LoadingStrategy.RGB_AFTER_FIRST

Image.register_open(GifImageFile.format, GifImageFile, _accept)
Image.register_extension(GifImageFile.format, ".gif")
Image.register_mime(GifImageFile.format, "image/gif")
