"""Sizes and names of what the commands of ``python -m PIL`` write."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import Image

# 320  320x  x200  320x200  50%  and after them ! (exactly), > (only shrink) or < (only enlarge)
SIZE = re.compile(r"(?:(\d+(?:\.\d+)?)%|(\d+)(x?)|(\d*)x(\d+))([!<>]?)")
OPTIONS = re.compile(r"(.*)\[([^\[\]]*)\]", re.DOTALL)
ALIASES = {"Q": "quality"}
MAX_SIDE = 1_000_000  # pixels; larger sides are typing errors, not pictures


@dataclass(frozen=True)
class Geometry:
    """A size as vipsthumbnail and ImageMagick write it."""

    width: int | None = None
    height: int | None = None
    percent: float = 0
    rule: str = ""

    @classmethod
    def parse(cls, text: str) -> Geometry:
        """Read ``320`` (fit a square), ``320x200`` (fit a box), ``320x``, ``x200``, ``50%``.

        A ``!`` behind it takes the size as it is, ``>`` only shrinks, ``<`` only enlarges.

        :raises ValueError: for anything else, and for sides of 0 or above a million.
        """
        found = SIZE.fullmatch(text.strip())
        if not found:
            raise ValueError(f"not a size: {text!r} (320, 320x200, 320x, x200, 50%, with ! < or >)")
        percent, square, open_height, width, height, rule = found.groups()
        if percent is not None:
            size = cls(percent=float(percent), rule=rule)
            valid = 0 < size.percent <= 10_000
        else:
            sides = [int(side) if side else None for side in (square or width, height)]
            if square and not open_height:
                sides[1] = sides[0]
            size = cls(sides[0], sides[1], rule=rule)
            valid = all(side is None or 0 < side <= MAX_SIDE for side in sides)
        if not valid:
            raise ValueError(f"size out of range: {text!r}")
        return size

    def of(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size that an image of ``size`` gets; at least one pixel a side."""
        scales = (
            [self.percent / 100]
            if self.percent
            else [
                side / length
                for side, length in zip((self.width, self.height), size, strict=True)
                if side
            ]
        )
        scale = min(scales)
        if (self.rule == ">" and scale >= 1) or (self.rule == "<" and scale <= 1):
            return size
        fitted = [max(1, round(length * scale)) for length in size]
        if self.rule == "!":
            fitted = [self.width or fitted[0], self.height or fitted[1]]
        return fitted[0], fitted[1]


def value(text: str) -> int | float | bool | str:
    """The value of an option: a number where it reads as one, true or false, else text."""
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return {"true": True, "false": False}.get(text.lower(), text)


@dataclass(frozen=True)
class Template:
    """Where a result goes: ``thumbs/%s_small.jpg[quality=80,progressive]``."""

    path: str
    options: tuple[tuple[str, int | float | bool | str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Template:
        """Split the save options off. ``%s`` is the input's stem, ``%e`` its extension.

        :raises ValueError: if an option has no name or the template names no file.
        """
        found = OPTIONS.fullmatch(text)
        path, listed = found.groups() if found else (text, "")
        options = []
        for item in filter(None, listed.split(",")):
            name, given, what = item.strip().partition("=")
            if not name.isidentifier():
                raise ValueError(f"not an option of a format: {item!r}")
            options.append((ALIASES.get(name, name), value(what) if given else True))
        if not os.path.basename(path):
            raise ValueError(f"no file name in {text!r}")
        return cls(path, tuple(options))

    def of(self, source: Path) -> Path:
        """The path for one input. A template without a folder goes beside the input."""
        parts = {"%s": source.stem, "%e": source.suffix[1:], "%%": "%"}
        name = re.sub("%[se%]", lambda m: parts[m.group()], self.path)
        return Path(name) if os.path.dirname(self.path) else source.parent / name


def claim(
    template: Template, sources: list[Path], in_place: bool
) -> tuple[list[tuple[Path, Path]], list[str]]:
    """Give every source its target; refuse two sources one target, and writing over a source."""
    owners: dict[str, Path] = {}
    pairs, errors = [], []
    inputs = {os.path.abspath(source) for source in sources}
    for source in sources:
        target = template.of(source)
        key = os.path.abspath(target)
        if key in owners:
            errors.append(f"{source}: would overwrite {target}, made from {owners[key]}")
        elif key in inputs and not in_place:
            errors.append(f"{source}: would overwrite the input {target} (--in-place allows it)")
        else:
            owners[key] = source
            pairs.append((source, target))
    return pairs, errors


def format_of(target: Path) -> str:
    """The format that the extension stands for.

    :raises ValueError: if no format with that extension can be written.
    """
    name = Image.registered_extensions().get(target.suffix.lower())
    if name is None or name not in Image.SAVE:
        raise ValueError(f"no format to write with extension {target.suffix!r}")
    return name


def write(
    frames: list[Image.Image], target: Path, options: dict[str, object], folders: bool = True
) -> None:
    """Save to a temporary file beside the target and rename it: a failure leaves nothing behind."""
    kind = format_of(target)
    if len(frames) > 1:
        options = options | {"save_all": True, "append_images": frames[1:]}
    if folders:
        target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=target.suffix)
    try:
        with os.fdopen(handle, "w+b") as stream:
            frames[0].save(stream, kind, **options)
        # mkstemp makes private files; the result gets the permissions of an ordinary one.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
