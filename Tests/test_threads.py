"""Many threads at once, on images of their own and on shared ones that are only read: each result
is the one that a single thread gets. With the GIL this tests what runs without it (pixels, codecs);
in a free-threaded interpreter all of it.
"""

from __future__ import annotations

import hashlib
import io
import sys
import sysconfig
import threading
from collections.abc import Callable

import pytest

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat, features

THREADS = 8
ROUNDS = 6

Job = Callable[[], object]


def photo(mode: str = "RGB") -> Image.Image:
    gradient = Image.linear_gradient("L")
    bands = [gradient, Image.radial_gradient("L"), gradient.rotate(90)]
    return Image.merge("RGB", bands).resize((301, 203)).convert(mode)


# The images that all threads read at once. Loaded, so that reading them changes nothing.
SHARED = {mode: photo(mode) for mode in ("RGB", "RGBA", "L", "P", "F", "CMYK")}
MASK = SHARED["L"].point(lambda value: value)
FORMATS: dict[str, tuple[str, dict[str, object]]] = {
    "BMP": ("RGB", {}),
    "GIF": ("P", {}),
    "JPEG": ("RGB", {"quality": 80}),
    "PNG": ("RGBA", {}),
    "PPM": ("RGB", {}),
    "TGA": ("RGB", {"compression": "tga_rle"}),
    "TIFF": ("RGB", {}),
}
OPTIONAL: dict[str, tuple[str, str, dict[str, object]]] = {
    "libtiff": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    "webp": ("WEBP", "RGB", {"lossless": True}),
    "jpg_2000": ("JPEG2000", "RGB", {}),
}


def saved(name: str, mode: str, options: dict[str, object]) -> bytes:
    """Of a copy: as in Pillow, save() keeps its options in attributes of the image while it works
    (``encoderinfo``, which is how plug-ins get them), so no two threads may save one object."""
    out = io.BytesIO()
    SHARED[mode].copy().save(out, name, **options)
    return out.getvalue()


def file_jobs() -> dict[str, Job]:
    """Saving a shared image; opening and loading a file of its own from shared bytes."""
    chosen = {name: (name, *rest) for name, rest in FORMATS.items()}
    chosen |= {key: entry for key, entry in OPTIONAL.items() if features.check(key)}

    def save(name: str, mode: str, options: dict[str, object]) -> Job:
        return lambda: saved(name, mode, options)

    def load(data: bytes) -> Job:
        return lambda: Image.open(io.BytesIO(data)).convert("RGBA")

    jobs: dict[str, Job] = {}
    for key, entry in chosen.items():
        jobs[f"save {key}"] = save(*entry)
        jobs[f"load {key}"] = load(saved(*entry))
    return jobs


def pasted() -> Image.Image:
    own = SHARED["RGB"].copy()
    own.paste(SHARED["RGBA"], (7, 11), MASK)
    own.paste((1, 2, 3), (50, 50, 90, 120))
    ImageDraw.Draw(own).ellipse((20, 30, 200, 180), "red", "blue", 3)
    own.putpixel((0, 0), (9, 8, 7))
    return own


def pixel_jobs() -> dict[str, Job]:
    rgb, rgba, grey, floats = (SHARED[mode] for mode in ("RGB", "RGBA", "L", "F"))
    return {
        "resize": lambda: rgb.resize((97, 55), Image.Resampling.LANCZOS),
        "enlarge": lambda: rgba.resize((500, 333), Image.Resampling.BICUBIC),
        "resize F": lambda: floats.resize((50, 300), Image.Resampling.BILINEAR),
        "reduce": lambda: rgb.reduce(3),
        "convert": lambda: rgb.convert("YCbCr").convert("RGB").convert("HSV"),
        "convert CMYK": lambda: SHARED["CMYK"].convert("RGB"),
        "palette": lambda: SHARED["P"].convert("RGBA"),
        "adaptive": lambda: rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=32).tobytes(),
        "quantize": lambda: rgb.quantize(16, Image.Quantize.MEDIANCUT).convert("RGB"),
        "blur": lambda: rgb.filter(ImageFilter.GaussianBlur(3)),
        "median": lambda: grey.filter(ImageFilter.MedianFilter(5)),
        "kernel": lambda: rgb.filter(ImageFilter.SHARPEN),
        "rotate": lambda: rgb.rotate(33, Image.Resampling.BILINEAR, expand=True),
        "transpose": lambda: rgba.transpose(Image.Transpose.ROTATE_90),
        "composite": lambda: Image.alpha_composite(rgba, rgba.rotate(180)),
        "chops": lambda: ImageChops.multiply(rgb, ImageOps.mirror(rgb)),
        "split": lambda: Image.merge("RGB", rgb.split()[::-1]),
        "point": lambda: rgb.point([255 - value for value in range(256)] * 3),
        "equalize": lambda: ImageOps.equalize(rgb),
        "statistics": lambda: (ImageStat.Stat(rgb).stddev, rgb.histogram(MASK), rgb.getbbox()),
        "colors": lambda: SHARED["P"].getcolors(),
        "access": lambda: [rgb.getpixel((x, x)) for x in range(0, 200, 7)],
        "bytes": lambda: grey.tobytes(),
        "paste": pasted,
    }


def digest(value: object) -> str:
    """What must be equal between threads."""
    if isinstance(value, Image.Image):
        value = (value.mode, value.size, value.getpalette(), value.tobytes())
    return hashlib.sha256(repr(value).encode()).hexdigest()


def in_threads(work: Callable[[int], None]) -> None:
    """Runs work(number) in all threads, which start together; what one raises is raised here."""
    gate = threading.Barrier(THREADS)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            gate.wait()
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    if raised:
        raise raised[0]


def run_all(jobs: dict[str, Job]) -> None:
    expected = {name: digest(job()) for name, job in jobs.items()}
    names = list(jobs)

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            # Half of the threads begin at the same job, the others elsewhere.
            start = 0 if number % 2 else (number * 5 + turn) % len(names)
            for name in names[start:] + names[:start]:
                assert digest(jobs[name]()) == expected[name], name

    in_threads(work)


def test_pixels() -> None:
    run_all(pixel_jobs())


def test_files() -> None:
    run_all(file_jobs())


def test_an_image_that_is_written() -> None:
    """Each thread writes a band of rows of one image, others read it meanwhile."""
    target = Image.new("RGB", (64, THREADS * 16))

    def work(number: int) -> None:
        for turn in range(60):
            target.paste((number, turn, 255), (0, number * 16, 64, number * 16 + 16))
            target.resize((20, 20))
            target.crop((0, 0, 64, 16)).tobytes()
            target.getpixel((3, number * 16))

    in_threads(work)
    for number in range(THREADS):
        band = target.crop((0, number * 16, 64, number * 16 + 16))
        assert band.getcolors() == [(64 * 16, (number, 59, 255))]


def test_the_memory_pool() -> None:
    """Settings of the arena change while threads allocate and free."""
    before = Image.core.get_blocks_max(), Image.core.get_block_size()

    def work(number: int) -> None:
        for turn in range(80):
            if number == 0:
                Image.core.set_blocks_max(turn % 5)
                Image.core.clear_cache()
            image = Image.new("RGB", (200 + turn, 300), (number, turn, 1))
            assert image.getcolors() == [((200 + turn) * 300, (number, turn, 1))]

    try:
        in_threads(work)
    finally:
        Image.core.set_blocks_max(before[0])
    assert Image.core.get_block_size() == before[1]


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="an interpreter with the GIL"
)
def test_the_gil_stays_off() -> None:
    """No module of ours makes the interpreter turn the GIL on again."""
    for module in ("_imaging", "_imagingft", "_imagingcms", "_webp", "_avif", "_imagingtk"):
        try:
            __import__(f"PIL.{module}")
        except ImportError:
            continue
    assert not sys._is_gil_enabled()  # type: ignore[attr-defined]
