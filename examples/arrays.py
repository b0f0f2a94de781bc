"""Pixels to numpy and OpenCV and back, and what of it copies.

python examples/arrays.py PHOTO
"""

from __future__ import annotations

import sys

import cv2
import numpy as np

from PIL import Image


def to_opencv(im: Image.Image) -> np.ndarray:
    """A writable array of shape (height, width, 3), uint8, in OpenCV's order blue, green, red.

    One copy: Pillow's images have 4 bytes a pixel, OpenCV's 3.
    """
    return np.asarray(im.convert("RGB"))[:, :, ::-1].copy()


def from_opencv(array: np.ndarray) -> Image.Image:
    """An RGB image from OpenCV's order."""
    return Image.fromarray(np.ascontiguousarray(array[:, :, ::-1]))


def main(path: str) -> None:
    with Image.open(path) as photo:
        photo.draft("RGB", (640, 480))
        rgb = photo.convert("RGB")

    # numpy reads an image through __array_interface__; shape is (height, width, bands).
    array = np.asarray(rgb)
    assert array.shape == (rgb.height, rgb.width, 3)
    assert Image.fromarray(array).tobytes() == rgb.tobytes()

    # Work that OpenCV has and Pillow has not, on the same pixels.
    edges = cv2.Canny(cv2.cvtColor(to_opencv(rgb), cv2.COLOR_BGR2GRAY), 80, 160)
    outline = Image.fromarray(edges)
    print(
        f"edges: {outline.mode} {outline.width}x{outline.height}, {np.count_nonzero(edges)} points"
    )

    # What goes there and back has not changed.
    assert from_opencv(to_opencv(rgb)).tobytes() == rgb.tobytes()

    # 4-byte pixels can be shared instead of copied: the image sees what numpy writes.
    canvas = np.zeros((48, 64, 4), np.uint8)
    shared = Image.frombuffer("RGBX", (64, 48), canvas, "raw", "RGBX", 0, 1)
    canvas[:, :, 0] = 200
    assert shared.getpixel((5, 5)) == (200, 0, 0, 0)
    print("RGBX memory is shared with numpy, nothing was copied")


if __name__ == "__main__":
    main(sys.argv[1])
