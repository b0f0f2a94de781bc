"""Benchmark cases of the file formats: the speed line of their issue, and what opening a file
costs when there is hardly anything in it."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from typing import Any

from cases import Inputs, case, loaded

from PIL import Image, features

R = Image.Resampling


def _picture(inputs: Inputs, mode: str, size: tuple[int, int]) -> Image.Image:
    return inputs.mode(mode).resize(size, R.NEAREST)


def loading(
    name: str, bar: float, format: str, mode: str = "RGB", size: Any = (1280, 800), **options: Any
) -> None:
    def prepare(inputs: Inputs) -> Callable[[], Any]:
        data = inputs.encoded(_picture(inputs, mode, size), format, **options)
        return lambda: loaded(data)

    case(f"load {name}", bar)(prepare)


def saving(
    name: str, bar: float, format: str, mode: str = "RGB", size: Any = (1280, 800), **options: Any
) -> None:
    def prepare(inputs: Inputs) -> Callable[[], Any]:
        image = _picture(inputs, mode, size)
        # Compressed bytes depend on the library; the oracle's tests compare what they decode to.
        return lambda: bool(inputs.encoded(image, format, **options))

    case(f"save {name}", bar)(prepare)


def both(name: str, bar: float, format: str, mode: str = "RGB", **options: Any) -> None:
    loading(name, bar, format, mode, **options)
    saving(name, bar, format, mode, **options)


for _mode in ("RGB", "L", "RGBA"):
    both(f"TIFF raw {_mode}", 1.5, "TIFF", _mode, size=(2560, 1600))
for _compression in ("tiff_adobe_deflate", "tiff_lzw", "packbits", "jpeg"):
    both(f"TIFF {_compression} RGB", 1, "TIFF", compression=_compression)
both("TIFF group4", 1, "TIFF", "1", compression="group4")

saving("GIF RGB", 2, "GIF", size=(640, 400))
loading("GIF", 1, "GIF", size=(640, 400))


def _frames(inputs: Inputs) -> list[Image.Image]:
    base = inputs.rgb.resize((320, 200), R.BICUBIC)
    turned = [base.rotate(3 * i, R.BILINEAR) for i in range(6)]
    return [image.quantize(64, Image.Quantize.FASTOCTREE) for image in turned]


def animated(format: str, **options: Any) -> None:
    def save(inputs: Inputs) -> Callable[[], bytes]:
        first, *rest = _frames(inputs)
        return lambda: inputs.encoded(
            first, format, save_all=True, append_images=rest, duration=50, **options
        )

    def saving_case(inputs: Inputs) -> Callable[[], Any]:
        call = save(inputs)
        return lambda: bool(call())

    def loading_case(inputs: Inputs) -> Callable[[], Any]:
        data = save(inputs)()

        def run() -> Image.Image:
            image = Image.open(io.BytesIO(data))
            for frame in range(6):
                image.seek(frame)
                image.load()
            return image

        return run

    case(f"save {format} 6 frames", 1)(saving_case)
    case(f"load {format} 6 frames", 1)(loading_case)


for _format in ("GIF", "PNG", "WEBP"):
    animated(_format)

for _mode in ("RGB", "L", "RGBA"):
    both(f"TGA run lengths {_mode}", 1, "TGA", _mode, compression="tga_rle")
    both(f"SGI {_mode}", 1, "SGI", _mode)
for _mode in ("RGB", "L", "P", "1"):
    both(f"PCX {_mode}", 1, "PCX", _mode)
    both(f"BMP {_mode}", 1, "BMP", _mode)
for _mode in ("RGB", "L", "1"):
    both(f"PPM {_mode}", 1, "PPM", _mode)
for _format, _mode in (
    ("IM", "RGB"), ("MSP", "1"), ("XBM", "1"), ("SPIDER", "F"), ("PALM", "P"), ("QOI", "RGB"),
    ("PDF", "RGB"), ("EPS", "RGB"),
):  # fmt: skip
    saving(f"{_format} {_mode}", 1, _format, _mode, size=(320, 200))
    if _format not in ("PALM", "PDF", "EPS"):
        loading(f"{_format} {_mode}", 1, _format, _mode, size=(320, 200))
for _format in ("ICO", "ICNS"):
    both(f"{_format} 256", 1, _format, "RGBA", size=(256, 256))

for _pixels in ("DXT1", "DXT3", "DXT5", "BC5"):
    _mode = "RGB" if _pixels == "BC5" else "RGBA"
    both(f"DDS {_pixels}", 1, "DDS", _mode, size=(512, 512), pixel_format=_pixels)


def _direct3d(dxgi: int, block: int) -> bytes:
    """A file of 512x512 pixels in random blocks, of a kind that can only be read."""
    flags = struct.pack("<7I44x", 124, 0x1007, 512, 512, 128 * 128 * block, 0, 0)
    pixels = struct.pack("<2I4s5I", 32, 4, b"DX10", 0, 0, 0, 0, 0)
    rest = struct.pack("<5I", 0x1000, 0, 0, 0, 0) + struct.pack("<5I", dxgi, 3, 0, 1, 0)
    return b"DDS " + flags + pixels + rest + random.Random(7).randbytes(128 * 128 * block)


for _name, _dxgi, _block in (("BC1", 71, 8), ("BC2", 74, 16), ("BC3", 77, 16), ("BC4", 80, 8),
                             ("BC6H", 95, 16), ("BC7", 98, 16)):  # fmt: skip

    def _blocks(inputs: Inputs, dxgi: int = _dxgi, block: int = _block) -> Callable[[], Any]:
        data = _direct3d(dxgi, block)
        return lambda: loaded(data)

    case(f"load DDS {_name} random", 1)(_blocks)


def _sgi_runs(data: bytes) -> bytes:
    """A channel of a row: runs of at least three, and what is between them."""
    out, at = bytearray(), 0
    while at < len(data):
        end = at + 1
        while end < len(data) and end - at < 127 and data[end] == data[at]:
            end += 1
        if end - at >= 3:
            out += bytes((end - at, data[at]))
        else:
            end = at + 1
            while end < len(data) and end - at < 127 and len(set(data[end : end + 3])) > 1:
                end += 1
            out += bytes((0x80 | end - at,)) + data[at:end]
        at = end
    return bytes(out) + b"\0"


def _sgi(image: Image.Image) -> bytes:
    """An SGI file with run lengths, which can only be read."""
    width, height = image.size
    rows = [
        _sgi_runs(band.crop((0, y, width, y + 1)).tobytes())
        for band in image.split()
        for y in reversed(range(height))
    ]
    offsets, at = [], 512 + 8 * len(rows)
    for row in rows:
        offsets.append(at)
        at += len(row)
    bands = len(image.getbands())
    head = struct.pack(">H2B4H", 474, 1, 1, 3 if bands > 1 else 2, width, height, bands)
    table = struct.pack(f">{2 * len(rows)}L", *offsets, *map(len, rows))
    return head.ljust(512, b"\0") + table + b"".join(rows)


for _mode in ("RGB", "L", "RGBA"):

    def _runs(inputs: Inputs, mode: str = _mode) -> Callable[[], Any]:
        data = _sgi(_picture(inputs, mode, (1280, 800)))
        return lambda: loaded(data)

    case(f"load SGI run lengths {_mode}", 1)(_runs)

# These depend on the libraries: compare with a Pillow that is built with the same ones.
if features.check("webp"):
    both("WebP", 1, "WEBP")
    both("WebP lossless RGBA", 1, "WEBP", "RGBA", size=(320, 200), lossless=True)
if features.check("avif"):
    both("AVIF", 1, "AVIF", size=(640, 400), speed=9)
if features.check("jpg_2000"):
    both("JPEG 2000", 1, "JPEG2000", size=(640, 400))


def opening(name: str, format: str, mode: str = "RGB", load: bool = False, **options: Any) -> None:
    def prepare(inputs: Inputs) -> Callable[[], Any]:
        data = inputs.encoded(_picture(inputs, mode, (8, 5)), format, **options)
        if load:
            return lambda: loaded(data)
        return lambda: Image.open(io.BytesIO(data)).size

    case(f"small: {'load' if load else 'open'} {name}", 1)(prepare)


for _format in ("PNG", "JPEG", "GIF", "BMP", "PPM", "TIFF", "WEBP", "TGA", "PCX", "ICO", "SGI"):
    opening(_format, _format)
    opening(_format, _format, load=True)
