"""What saving and loading cost beyond the library's own call: WebP, AVIF and JPEG 2000.

    python Tests/bench/overhead.py [--rounds N] [--case TEXT]

Each case is run in turns: saving or loading with ``PIL`` (from and to memory), and the call of the
library for the same pixels and options (bare_calls.c, compiled through cffi). Printed is the median
over the rounds of the ratio of the first to the second, with the quartiles; the bar is 1.05. Exit
status 1 if one is above it.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import cffi

from PIL import AvifImagePlugin, Image, features

HERE = Path(__file__).resolve().parent
PHOTOS = (
    HERE.parents[2] / "shared" / "data" / "pineapple.jpeg",
    HERE.parent / "data" / "retina.jpg",
)
BAR = 1.05
SAMPLE_SECONDS = 0.05

# Feature of this build, macro, package.
LIBRARIES = (
    ("webp", "HAVE_WEBP", "libwebp"),
    ("avif", "HAVE_AVIF", "libavif"),
    ("jpg_2000", "HAVE_OPENJPEG", "libopenjp2"),
)
PREFIXES = {"webp": "webp_", "avif": "avif_", "jpg_2000": "jpeg2k_"}

Case = tuple[str, Callable[[], object], Callable[[], object]]


def _package(flag: str, names: list[str]) -> list[str]:
    return shlex.split(subprocess.check_output(["pkg-config", flag, *names], text=True))


def compiled() -> Any:
    """The functions of bare_calls.c, for the libraries that this build has."""
    used = [library for library in LIBRARIES if features.check(library[0])]
    prefixes = tuple(PREFIXES[name] for name, _, _ in used)
    lines = (HERE / "bare_calls.h").read_text().splitlines()
    ffi = cffi.FFI()
    ffi.cdef("\n".join(line for line in lines if line.split()[1].startswith(prefixes)))
    packages = [package for _, _, package in used]
    source = '#include <stdint.h>\n#include "bare_calls.c"'
    ffi.set_source(
        "_bare_calls", source, define_macros=[(macro, "1") for _, macro, _ in used],
        extra_compile_args=["-O2", f"-I{HERE}", *_package("--cflags", packages)],
        extra_link_args=_package("--libs", packages),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = ffi.compile(tmpdir=folder)
        spec = importlib.util.spec_from_file_location("_bare_calls", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    with Image.open(next(path for path in PHOTOS if path.exists())) as photo:
        image = photo.convert(mode).resize(size, Image.Resampling.BICUBIC)
    if mode == "RGBA":
        image.putalpha(image.getchannel("G"))
    return image


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def loaded(data: bytes, format: str) -> Image.Image:
    # Which format it is was asked before: trying others first is no part of this one.
    image = Image.open(io.BytesIO(data), formats=[format])
    image.load()
    return image


def webp(bare: Any, mode: str, size: tuple[int, int], lossless: bool) -> Iterator[Case]:
    image = picture(mode, size)
    pixels, bands = image.tobytes(), len(mode)
    data = saved(image, "WEBP", lossless=lossless, exact=False)
    out = bare.ffi.new("uint8_t[]", size[0] * size[1] * 4)
    kind = f"WebP {'lossless ' if lossless else ''}{mode} {size[0]}x{size[1]}"
    yield (
        f"save {kind}",
        lambda: len(saved(image, "WEBP", lossless=lossless)),
        lambda: bare.lib.webp_encode(pixels, *size, bands, lossless),
    )
    yield (
        f"load {kind}",
        lambda: loaded(data, "WEBP"),
        lambda: bare.lib.webp_decode(data, len(data), out, len(out), size[0]),
    )


def avif(bare: Any, size: tuple[int, int], speed: int) -> Iterator[Case]:
    image = picture("RGB", size)
    pixels = image.tobytes("raw", "RGBX")
    options: dict[str, object] = {"speed": speed, "quality": 75, "max_threads": 1}
    data = saved(image, "AVIF", **options)
    out = bare.ffi.new("uint8_t[]", size[0] * size[1] * 4)
    kind = f"AVIF {size[0]}x{size[1]} speed {speed}"
    yield (
        f"save {kind}",
        lambda: len(saved(image, "AVIF", **options)),
        lambda: bare.lib.avif_encode(pixels, *size, speed, 75, 1),
    )
    yield (
        f"load {kind}",
        lambda: loaded(data, "AVIF"),
        lambda: bare.lib.avif_decode(data, len(data), out, *size, 1),
    )


def jpeg2k(bare: Any, size: tuple[int, int]) -> Iterator[Case]:
    image = picture("RGB", size)
    pixels, data = image.tobytes(), saved(image, "JPEG2000", mct=1)
    out = bare.ffi.new("uint8_t[]", size[0] * size[1] * 3)
    kind = f"JPEG 2000 {size[0]}x{size[1]}"
    yield (
        f"save {kind}",
        lambda: len(saved(image, "JPEG2000", mct=1)),
        lambda: bare.lib.jpeg2k_encode(pixels, *size),
    )
    yield (
        f"load {kind}",
        lambda: loaded(data, "JPEG2000"),
        lambda: bare.lib.jpeg2k_decode(data, len(data), out, *size),
    )


def cases(bare: Any) -> Iterator[Case]:
    if features.check("webp"):
        for size in ((320, 200), (1280, 800)):
            for mode in ("RGB", "RGBA"):
                yield from webp(bare, mode, size, False)
        for mode in ("RGB", "RGBA"):
            yield from webp(bare, mode, (320, 200), True)
    if features.check("avif"):
        AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # of decoders: when threads run is chance
        yield from avif(bare, (640, 400), 9)
        yield from avif(bare, (1280, 800), 9)
    if features.check("jpg_2000"):
        yield from jpeg2k(bare, (320, 200))
        yield from jpeg2k(bare, (640, 400))


def seconds(call: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--case", default="", help="only cases with this text")
    args = parser.parse_args()
    above = 0
    for name, ours, bare in cases(compiled()):
        if args.case not in name:
            continue
        first, second = ours(), bare()
        if not second:
            raise SystemExit(f"{name}: the library's call failed")
        note = ""
        if isinstance(first, int) and first != second:
            note = f"  (bytes: {first}, the call's {second})"
        calls = max(1, round(SAMPLE_SECONDS / seconds(bare, 1)))
        ratios = sorted(seconds(ours, calls) / seconds(bare, calls) for _ in range(args.rounds))
        middle = statistics.median(ratios)
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        above += middle > BAR
        mark = "ABOVE" if middle > BAR else "ok"
        print(f"{name:36} {middle:5.2f} ({low:.2f}-{high:.2f}) {mark}{note}", flush=True)
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
