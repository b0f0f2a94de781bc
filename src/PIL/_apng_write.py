"""Which frames an APNG file gets, which part of each, and in which mode."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import IO, Any

from . import Image, ImageSequence
from ._apng import BACKGROUND, PREVIOUS
from ._binary import o32be as o32

_LARGEST_DELAY_PART = 65535

# Modes in which an area can be cleared to black, transparent if there is transparency.
_CLEARABLE = ("RGB", "RGBA", "LA")


@dataclass
class _Frame:
    im: Image.Image
    box: tuple[int, int, int, int] | None
    options: dict[str, Any]


def _delay(milliseconds: float) -> Fraction:
    """The delay in seconds, in numbers as small as a file can hold."""
    return Fraction(milliseconds / 1000).limit_denominator(_LARGEST_DELAY_PART)


def _all_frames(images: Iterable[Image.Image]) -> Iterator[Image.Image]:
    for image in images:
        yield from ImageSequence.Iterator(image)


class FrameList:
    """The frames of an animation about to be written.

    ``mode`` and ``size`` are those of the file, ``model`` has the palette of the file.
    """

    def __init__(self, im: Image.Image) -> None:
        self.im = im
        options = im.encoderinfo
        self.appended: list[Image.Image] = list(options.get("append_images", []))
        self.has_default = bool(options.get("default_image", im.info.get("default_image")))
        self.model = im
        self._survey()

    def _survey(self) -> None:
        """Find mode and size that suit all frames."""
        modes: dict[str, None] = {}
        width = height = 0
        first_paletted: Image.Image | None = None
        palettes: set[tuple[str, bytes]] = set()
        for frame in _all_frames([self.im, *self.appended]):
            modes[frame.mode] = None
            width, height = max(width, frame.width), max(height, frame.height)
            if frame.mode == "P":
                frame.load()
                first_paletted = first_paletted or frame.copy()
                palette_mode = frame.im.getpalettemode()
                palettes.add((palette_mode, frame.im.getpalette(palette_mode, palette_mode)))
        self.size = width, height
        if len(palettes) > 1 and "RGBA" not in modes:
            with_alpha = any(mode == "RGBA" for mode, _ in palettes)
            self.mode = "RGBA" if with_alpha else "RGB"
        else:
            preferred = [mode for mode in ("RGBA", "RGB", "P") if mode in modes]
            self.mode = preferred[0] if preferred else next(iter(modes))
        if self.mode == "P" and first_paletted is not None:
            self.model = first_paletted

    def _in_mode(self, frame: Image.Image) -> Image.Image:
        return frame.copy() if frame.mode == self.mode else frame.convert(self.mode)

    def _frame_options(self, number: int, frame: Image.Image) -> dict[str, Any]:
        options = dict(self.im.encoderinfo)
        if options.get("duration") is None and "duration" in frame.info:
            options["duration"] = frame.info["duration"]
        for name in ("duration", "disposal", "blend"):
            if isinstance(options.get(name), (list, tuple)):
                options[name] = options[name][number]
        return options

    def _collect(self) -> list[_Frame]:
        """The frames that differ from the one before, with the part that differs."""
        kept: list[_Frame] = []
        images = self.appended if self.has_default else [self.im, *self.appended]
        for number, source in enumerate(_all_frames(images)):
            frame = _Frame(self._in_mode(source), None, self._frame_options(number, source))
            if kept:
                previous = kept[-1]
                disposal = previous.options.get("disposal")
                if disposal == PREVIOUS and len(kept) < 2:
                    disposal = BACKGROUND
                frame.box = _changed_area(frame, self._reference(kept, disposal))
                if frame.box is None and _extend(previous, frame, disposal):
                    continue
            kept.append(frame)
        return kept

    def _reference(self, kept: list[_Frame], disposal: int | None) -> Image.Image:
        """The canvas that the next frame is drawn on."""
        previous = kept[-1]
        if disposal == PREVIOUS:
            return kept[-2].im
        if disposal != BACKGROUND:
            return previous.im
        if self.mode not in _CLEARABLE:
            raise ValueError("images do not match")
        canvas = previous.im.copy()
        left, upper, right, lower = box = previous.box or (0, 0, *canvas.size)
        canvas.im.paste(Image.core.new(self.mode, (right - left, lower - upper)), box)
        return canvas

    def write(self, fp: IO[bytes], chunk: Callable[..., None], rawmode: str) -> Image.Image | None:
        """Write the frames; or return the image, if it turns out to be a single one.

        :raises ValueError: when a duration cannot be expressed in a file
        """
        from ._png_write import apply_encoderinfo, write_pixels

        info, options = self.im.info, self.im.encoderinfo
        loop = options.get("loop", info.get("loop", 0))
        fallback = {name: info.get(name, 0) for name in ("disposal", "blend")}
        default = self._in_mode(self.im) if self.has_default else None
        frames = self._collect()
        if len(frames) == 1 and default is None:
            return frames[0].im

        chunk(fp, b"acTL", o32(len(frames)), o32(loop))
        if default is not None:
            apply_encoderinfo(default, options)
            write_pixels(default, fp, chunk, rawmode)
        counter = [0]
        for number, frame in enumerate(frames):
            part = frame.im.crop(frame.box) if frame.box else frame.im
            apply_encoderinfo(part, options)
            control = _control(frame, part.size, fallback)
            chunk(fp, b"fcTL", o32(counter[0]), control)
            counter[0] += 1
            first = number == 0 and default is None
            write_pixels(part, fp, chunk, rawmode, None if first else counter)
        return None


def _changed_area(frame: _Frame, reference: Image.Image) -> tuple[int, int, int, int] | None:
    difference = frame.im.convert("RGBA").im.chop_subtract_modulo(reference.convert("RGBA").im)
    return difference.getbbox(0)


def _extend(previous: _Frame, frame: _Frame, disposal: int | None) -> bool:
    """Show the frame before for longer, instead of a frame that is the same."""
    if disposal != frame.options.get("disposal"):
        return False
    if previous.options.get("blend") != frame.options.get("blend"):
        return False
    if frame.options.get("duration") is None:
        return False
    total = previous.options["duration"] + frame.options["duration"]
    if _delay(total).numerator > _LARGEST_DELAY_PART:
        return False
    previous.options["duration"] = total
    return True


def _control(frame: _Frame, size: tuple[int, int], fallback: dict[str, int]) -> bytes:
    """Contents of the chunk fcTL, after the sequence number."""
    x, y = frame.box[:2] if frame.box else (0, 0)
    delay = _delay(frame.options.get("duration") or 0)
    if delay.numerator > _LARGEST_DELAY_PART:
        raise ValueError("cannot write duration")
    disposal, blend = (frame.options.get(name, fallback[name]) for name in fallback)
    return struct.pack(">4I2H2B", *size, x, y, delay.numerator, delay.denominator, disposal, blend)
