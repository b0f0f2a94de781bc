"""Strangers' uploads: look before decoding, refuse what is too large, take what was cut off.

    python examples/uploads.py FILE ... [--max-pixels N] [--truncated]

``Image.open`` reads the header only, so a picture's size is known before any memory is spent on its
pixels. ``LOAD_TRUNCATED_IMAGES`` keeps what arrived of a file that broke off.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from PIL import Image, ImageFile, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # what the service takes; other parsers are never asked


class Refused(ValueError):
    """The upload is not taken; the text says why and may be shown to its sender."""


def accept(data: bytes, max_pixels: int, truncated: bool = False) -> Image.Image:
    """Decode an upload into an upright RGB or RGBA image.

    :param max_pixels: width times height of the largest picture taken.
    :param truncated: take a file that breaks off; what is missing is grey or black.
    :raises Refused: if it is no picture, too large, or damaged.
    """
    # A program with threads sets this once when it starts, since it is one for the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = truncated
    try:
        im = Image.open(io.BytesIO(data), formats=FORMATS)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(f"not a picture that is taken here: {error}") from error
    with im:
        width, height = im.size
        if width * height > max_pixels:
            raise Refused(f"{width}x{height} is more than {max_pixels} pixels")
        try:
            im.load()
        except (OSError, SyntaxError, ValueError) as error:
            raise Refused(f"damaged: {error}") from error
        # Turns what the camera held sideways; without an orientation this is a copy.
        upright = ImageOps.exif_transpose(im)
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--max-pixels", type=int, default=40_000_000)
    parser.add_argument("--truncated", action="store_true")
    args = parser.parse_args()
    refused = 0
    for path in args.files:
        try:
            im = accept(path.read_bytes(), args.max_pixels, args.truncated)
        except Refused as reason:
            refused += 1
            print(f"{path}: refused: {reason}")
        else:
            print(f"{path}: {im.mode} {im.width}x{im.height}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
