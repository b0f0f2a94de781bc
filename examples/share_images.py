"""Send images to another process without copying their pixels into the pickle.

    python examples/share_images.py PHOTO

Pickle protocol 5 (PEP 574) can leave large buffers out of the byte stream. Here they lie in shared
memory: the sender writes the pixels there once, the stream holds only mode and size, and the
receiver's image uses the memory where it lies.
"""

from __future__ import annotations

import io
import multiprocessing
import pickle
import sys
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from PIL import Image

# Modes whose pixels in memory are those of the raw mode, so that frombuffer can use them in place.
IN_PLACE = {"L": "L", "RGBX": "RGBX", "RGBA": "RGBA", "CMYK": "CMYK"}


def rebuild(mode: str, size: tuple[int, int], pixels: Any) -> Image.Image:
    if 0 in size:
        return Image.new(mode, size)
    return Image.frombuffer(mode, size, pixels, "raw", IN_PLACE[mode], 0, 1)


def reduce_image(im: Image.Image) -> tuple[Any, ...]:
    if im.mode not in IN_PLACE:
        im = im.convert("RGBA" if im.mode in ("P", "PA", "LA") else "RGBX")
    return rebuild, (im.mode, im.size, pickle.PickleBuffer(im.tobytes()))


class ImagePickler(pickle.Pickler):
    """Hands the pixels of images to ``buffer_callback``."""

    def reducer_override(self, obj: Any) -> Any:
        return reduce_image(obj) if isinstance(obj, Image.Image) else NotImplemented


def pack(obj: object) -> tuple[bytes, SharedMemory, list[int]]:
    """The pickle of ``obj``, the block with its images' pixels, and the length of each."""
    buffers: list[pickle.PickleBuffer] = []
    stream = io.BytesIO()
    ImagePickler(stream, protocol=5, buffer_callback=buffers.append).dump(obj)
    views = [buffer.raw() for buffer in buffers]
    block = SharedMemory(create=True, size=max(1, sum(view.nbytes for view in views)))
    memory = block.buf
    offset = 0
    for view in views:
        memory[offset : offset + view.nbytes] = view
        offset += view.nbytes
    return stream.getvalue(), block, [view.nbytes for view in views]


def unpack(stream: bytes, block: SharedMemory, lengths: list[int]) -> Any:
    """The object again; its images use the block's memory, which must outlive them."""
    views, offset = [], 0
    for length in lengths:
        views.append(block.buf[offset : offset + length])
        offset += length
    return pickle.loads(stream, buffers=views)


def brightest(stream: bytes, name: str, lengths: list[int]) -> list[int]:
    """The work of the other process: each image's largest value."""
    block = SharedMemory(name=name)
    images = unpack(stream, block, lengths)
    found = [max(top for _, top in im.convert("RGB").getextrema()) for im in images]
    del images
    block.close()
    return found


def main(path: str) -> None:
    with Image.open(path) as photo:
        images = [photo.convert("RGBX"), photo.convert("L"), photo.convert("RGBA")]
    stream, block, lengths = pack(images)
    print(f"{sum(lengths)} bytes of pixels in shared memory, {len(stream)} bytes in the pickle")
    assert len(stream) < 2000
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(brightest, (stream, block.name, lengths))
    block.close()
    block.unlink()
    assert found == [max(top for _, top in im.convert("RGB").getextrema()) for im in images]
    print("brightest values found by the other process:", found)


if __name__ == "__main__":
    main(sys.argv[1])
