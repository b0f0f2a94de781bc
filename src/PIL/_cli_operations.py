"""What ``python -m PIL thumbnail`` and ``convert`` do to a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import ExifTags, Image, ImageFilter, ImageOps, ImageSequence, UnidentifiedImageError
from ._cli_output import Geometry, format_of, write

Operation = Callable[[Image.Image], Image.Image]

# These cannot hold alpha; what is behind the picture is then the background colour.
OPAQUE_FORMATS = {"BMP", "EPS", "JPEG", "MPO", "PCX", "PDF", "PPM"}
# Image.thumbnail's own: decode JPEG at twice the size needed, then resample exactly.
REDUCING_GAP = 2.0
SIDEWAYS = range(5, 9)  # EXIF orientations that exchange width and height


def resamplable(im: Image.Image) -> Image.Image:
    """The image in a mode that can be resampled: palettes become colours, bilevel becomes grey."""
    if im.mode in ("P", "PA"):
        return im.convert("RGBA" if im.has_transparency_data else "RGB")
    return im.convert("L") if im.mode == "1" else im


def resize(text: str) -> Operation:
    geometry = Geometry.parse(text)

    def work(im: Image.Image) -> Image.Image:
        size = geometry.of(im.size)
        return im if size == im.size else resamplable(im).resize(size, Image.Resampling.LANCZOS)

    return work


def crop(text: str) -> Operation:
    found = re.fullmatch(r"(\d{1,7})x(\d{1,7})(?:\+(\d{1,7})\+(\d{1,7}))?", text)
    if not found:
        raise ValueError(f"not a crop: {text!r} (WIDTHxHEIGHT+X+Y)")
    width, height, left, top = (int(part or 0) for part in found.groups())
    return lambda im: im.crop((left, top, left + width, top + height))


def rotate(text: str) -> Operation:
    """Counterclockwise, as Image.rotate has it, on a canvas that holds all of the picture."""
    angle = float(text)
    return lambda im: resamplable(im).rotate(angle, Image.Resampling.BICUBIC, expand=True)


def blur(text: str) -> Operation:
    gaussian = ImageFilter.GaussianBlur(float(text))
    return lambda im: resamplable(im).filter(gaussian)


def sharpen(text: str) -> Operation:
    mask = ImageFilter.UnsharpMask(radius=float(text))
    return lambda im: resamplable(im).filter(mask)


def upright(im: Image.Image) -> Image.Image:
    turned = im.copy()
    ImageOps.exif_transpose(turned, in_place=True)
    return turned


def mode(text: str) -> Operation:
    if text not in Image.MODES:
        raise ValueError(f"not a mode: {text!r}")
    return lambda im: im.convert(text)


class Switch(NamedTuple):
    """An operation of the command line: with an argument if ``metavar`` names one."""

    metavar: str | None
    help: str
    make: Callable[[str], Operation]


OPERATIONS = {
    "resize": Switch(
        "SIZE", "320, 320x200, 320x, x200, 50%%; with ! exactly, > or < only so", resize
    ),
    "crop": Switch("WxH+X+Y", "cut a box out", crop),
    "rotate": Switch("DEGREES", "turn counterclockwise, with a larger canvas", rotate),
    "blur": Switch("RADIUS", "Gaussian blur", blur),
    "sharpen": Switch("RADIUS", "unsharp mask", sharpen),
    "mode": Switch("MODE", "convert to L, RGB, RGBA, CMYK, ...", mode),
    "auto-orient": Switch(None, "turn upright by EXIF", lambda _: upright),
    "flip": Switch(None, "upside down", lambda _: ImageOps.flip),
    "flop": Switch(None, "mirror left to right", lambda _: ImageOps.mirror),
    "grayscale": Switch(None, "to L", lambda _: ImageOps.grayscale),
    "invert": Switch(None, "negative", lambda _: ImageOps.invert),
    "autocontrast": Switch(None, "stretch the contrast", lambda _: ImageOps.autocontrast),
    "equalize": Switch(None, "equalize the histogram", lambda _: ImageOps.equalize),
}


@dataclass(frozen=True)
class Job:
    """One input, one output, and how to get there; small, as it travels to another process."""

    source: Path
    target: Path
    operations: tuple[tuple[str, str], ...] = ()
    thumbnail: str = ""
    options: dict[str, object] = field(default_factory=dict)
    strip: bool = False
    background: str = "white"
    first_frame: bool = False


def open_image(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except UnidentifiedImageError:
        raise OSError("not an image in a known format, or damaged") from None


def thumbnail(im: Image.Image, geometry: Geometry) -> Image.Image:
    """A small copy, turned upright by EXIF; JPEG is decoded at a fraction of its size."""
    sideways = im.getexif().get(ExifTags.Base.Orientation) in SIDEWAYS
    width, height = geometry.of(im.size[::-1] if sideways else im.size)
    size = (height, width) if sideways else (width, height)
    im.draft(None, tuple(round(side * REDUCING_GAP) for side in size))  # type: ignore[arg-type]
    small = resamplable(im).resize(size, Image.Resampling.LANCZOS, reducing_gap=REDUCING_GAP)
    small.info = dict(im.info)
    ImageOps.exif_transpose(small, in_place=True)
    return small


def flatten(im: Image.Image, background: str) -> Image.Image:
    """The image on a background, for a format without alpha."""
    if not im.has_transparency_data:
        return im
    top = im.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", im.size, background), top).convert("RGB")


def storable(im: Image.Image, kind: str, background: str) -> Image.Image:
    if kind in OPAQUE_FORMATS:
        im = flatten(im, background)
    if kind in ("JPEG", "MPO") and im.mode not in ("L", "RGB", "CMYK"):
        im = im.convert("RGB")
    return im


# The colour space that an ICC profile must name (bytes 16 to 19) to fit a mode.
PROFILE_SPACES = {"L": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB ", "CMYK": b"CMYK", "LAB": b"Lab "}


def metadata(first: Image.Image, kind: str) -> dict[str, object]:
    """What the output keeps of the input's metadata: resolution, EXIF, and a profile that fits.

    Resized and transposed copies carry them in their info, with the orientation set right.
    """
    kept: dict[str, object] = {}
    if "dpi" in first.info:
        kept["dpi"] = first.info["dpi"]
    profile = first.info.get("icc_profile")
    if profile and profile[16:20] == PROFILE_SPACES.get(first.mode):
        kept["icc_profile"] = profile
    if kind in ("AVIF", "JPEG", "PNG", "TIFF", "WEBP") and len(exif := first.getexif()):
        kept["exif"] = exif.tobytes()
    return kept


def bare(im: Image.Image) -> Image.Image:
    """The image without anything that its writer would take from the file it came from."""
    plain = im.copy()
    plain.info = {name: im.info[name] for name in ("transparency",) if name in im.info}
    return plain


def frames_of(im: Image.Image, job: Job, kind: str) -> tuple[list[Image.Image], dict[str, object]]:
    """The frames to write, worked on, and what the writer needs to know of the animation."""
    if job.thumbnail:
        return [thumbnail(im, Geometry.parse(job.thumbnail))], {}
    steps = [OPERATIONS[name].make(text) for name, text in job.operations]
    many = not job.first_frame and getattr(im, "n_frames", 1) > 1 and kind in Image.SAVE_ALL
    frames, durations = [], []
    for frame in ImageSequence.Iterator(im) if many else [im]:
        work = frame.copy() if many else frame
        for step in steps:
            work = step(work)
        frames.append(work)
        durations.append(frame.info.get("duration"))
    about: dict[str, object] = {}
    if many and None not in durations:
        about["duration"] = durations
    if many and "loop" in im.info:
        about["loop"] = im.info["loop"]
    return frames, about


def convert(job: Job) -> str:
    """Do a job; returns the line to print.

    :raises OSError, ValueError: what opening, an operation or saving objects to.
    """
    kind = format_of(job.target)
    with open_image(job.source) as im:
        frames, about = frames_of(im, job, kind)
        frames = [storable(frame, kind, job.background) for frame in frames]
        kept = {} if job.strip else metadata(frames[0], kind)
        if job.strip:
            frames = [bare(frame) for frame in frames]
        write(frames, job.target, kept | about | job.options)
    width, height = frames[0].size
    return f"{job.source} -> {job.target} {width}x{height}"


def info(path: Path, details: bool) -> str:
    """What the header says of a file, as a line or as JSON; no pixel is decoded."""
    with open_image(path) as im:
        facts: dict[str, object] = {
            "file": str(path),
            "format": im.format,
            "width": im.width,
            "height": im.height,
            "mode": im.mode,
            "frames": getattr(im, "n_frames", 1),
            "bytes": path.stat().st_size,
        }
        if not details:
            frames = f" {facts['frames']} frames" if facts["frames"] != 1 else ""
            return f"{path} {im.format} {im.width}x{im.height} {im.mode} {facts['bytes']}B{frames}"
        facts["exif"] = {
            ExifTags.TAGS.get(tag, str(tag)): readable(item) for tag, item in im.getexif().items()
        }
        facts["info"] = {str(name): readable(item) for name, item in im.info.items()}
        return json.dumps(facts, ensure_ascii=False)


def readable(item: object) -> object:
    """A value for JSON; binary data is told by its length."""
    if isinstance(item, bytes):
        return f"{len(item)} bytes"
    if isinstance(item, tuple | list):
        return [readable(each) for each in item]
    return item if isinstance(item, int | float | str | None) else str(item)
