"""PIL: image processing for Python, with Pillow's interface and SIMD kernels.

``from PIL import Image`` is the usual start; see :mod:`PIL.Image`.  The modules that read and write
file formats are listed in ``_plugins`` and are imported when first needed.
"""

from __future__ import annotations

from . import _version

__version__ = _version.__version__
del _version

# Load order of Image.init(), and so the order in which formats are tried.
_plugins = [
    f"{stem}ImagePlugin"
    for stem in (
        "Avif Blp Bmp BufrStub Cur Dcx Dds Eps Fits Fli Fpx Ftex Gbr Gif GribStub Hdf5Stub Icns "
        "Ico Im Imt Iptc Jpeg Jpeg2K McIdas Mic Mpeg Mpo Msp Palm Pcd Pcx Pdf Pixar Png Ppm Psd "
        "Qoi Sgi Spider Sun Tga Tiff WebP Wmf Xbm Xpm XVThumb"
    ).split()
]


class UnidentifiedImageError(OSError):
    """Raised by :func:`PIL.Image.open` for data in no known format.

    A format that has been damaged or is not supported ends here too; setting
    :data:`PIL.Image.WARN_POSSIBLE_FORMATS` shows what each candidate objected to.
    """
