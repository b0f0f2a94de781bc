"""GIF: writing."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from . import Image, ImageChops, ImageFile, ImagePalette, ImageSequence

#: By image mode, the layout of the pixels: a byte each.
RAWMODE = {"1": "L", "L": "L", "P": "P"}

Palette = bytes | bytearray | list[int] | ImagePalette.ImagePalette

_CODE_SIZE = 8
_LARGEST_TABLE = 768
_LARGEST_BLOCK = 255

# P images of more pixels are not searched for unused colours.
_LARGEST_OPTIMIZED = 512 * 512
_SMALLEST_INTERLACED = 16
_TO_BACKGROUND = 2


# Mode and palette


def normalize_mode(im: Image.Image) -> Image.Image:
    """The image in a mode that can be written: 1, L or P."""
    if im.mode in RAWMODE:
        im.load()
        return im
    if Image.getmodebase(im.mode) != "RGB":
        return im.convert("L")
    im = im.convert("P", palette=Image.Palette.ADAPTIVE)
    assert im.palette is not None
    if im.palette.mode == "RGBA":
        for colour, index in im.palette.colors.items():
            if colour[3] == 0:
                im.info["transparency"] = index
                break
    return im


def _given_entries(palette: Palette | None) -> bytearray | None:
    if palette and isinstance(palette, (bytes, bytearray, list)):
        return bytearray(palette[:_LARGEST_TABLE])
    if isinstance(palette, ImagePalette.ImagePalette):
        return bytearray(palette.palette)
    return None


def _grey_or(palette: Palette | None) -> ImagePalette.ImagePalette:
    entries = _given_entries(palette) or bytearray(i // 3 for i in range(_LARGEST_TABLE))
    return ImagePalette.ImagePalette("RGB", entries)


def _order_for(im: Image.Image, entries: bytearray) -> list[int]:
    """For each entry of a new palette, the index of its colour in the image's palette.

    Entries without one get the indices that are left over, lowest first.
    """
    assert im.palette is not None
    colors = im.palette.colors
    found: list[int | None] = []
    taken: set[int] = set()
    for start in range(0, len(entries), 3):
        index = colors.get(tuple(entries[start : start + 3]))
        if index is None or index in taken:
            found.append(None)
        else:
            taken.add(index)
            found.append(index)
    rest = (index for index in range(len(found) + len(taken)) if index not in taken)
    return [next(rest) if index is None else index for index in found]


def normalize_palette(
    im: Image.Image, palette: Palette | None, options: dict[str, Any]
) -> Image.Image:
    """Give the image the palette to be written, and sort its pixels accordingly.

    As in Pillow, an image of mode 1 or L that is written as it is keeps its palette of greys.

    :param palette: the wanted palette, or None for that of the image
    :param options: may get a changed ``transparency``
    """
    entries = _given_entries(palette)
    im.load()
    if im.mode != "P":
        im.palette = _grey_or(palette)
    elif im.palette is None:
        im.palette = ImagePalette.ImagePalette("RGB", im.im.getpalette("RGB"))
    own = im.palette
    assert own is not None

    if palette:
        if entries is None:
            entries = bytearray(own.palette)
        im = im.remap_palette(_order_for(im, entries))
        assert im.palette is not None
        im.palette.palette = entries
    else:
        used = get_optimize(im, options)
        if used is not None:
            im = im.remap_palette(used, bytes(own.palette))
            if "transparency" in options:
                try:
                    options["transparency"] = used.index(options["transparency"])
                except ValueError:
                    del options["transparency"]
        else:
            own.palette = bytearray(own.palette)
    return im


def get_optimize(im: Image.Image, options: dict[str, Any] | None) -> list[int] | None:
    """The palette indices to be kept, or None to leave the palette alone."""
    from . import GifImagePlugin

    if im.mode not in ("P", "L") or not options or not options.get("optimize"):
        return None
    forced = GifImagePlugin._FORCE_OPTIMIZE or im.mode == "L"
    if not forced and im.width * im.height >= _LARGEST_OPTIMIZED:
        return None
    used = [index for index, count in enumerate(im.histogram()) if count]
    if not used:
        return None
    if forced or max(used) >= len(used):
        return used
    assert im.palette is not None
    entries = len(im.palette.palette) // len(im.palette.mode)
    table = 1 << (entries - 1).bit_length() if entries else 0
    return used if len(used) <= table // 2 and table > 2 else None


def palette_bytes(im: Image.Image) -> bytes:
    """Red, green and blue of each entry."""
    if not im.palette:
        return b""
    data = bytes(im.palette.palette)
    if im.palette.mode == "RGBA":
        data = b"".join(data[i : i + 3] for i in range(0, len(data), 4))
    return data


def _table(im: Image.Image) -> tuple[int, bytes]:
    """The code of a colour table's size, and the table."""
    data = palette_bytes(im)
    colours = len(data) // 3
    code = 0 if not colours else max(1, (colours - 1).bit_length() - 1)
    return code, data + bytes(3 * ((2 << code) - colours))


# Headers


def get_interlace(im: Image.Image) -> int:
    """Whether to write the rows interlaced; small images are not."""
    interlace: int = im.encoderinfo.get("interlace", 1)
    return 0 if min(im.size) < _SMALLEST_INTERLACED else interlace


def _background(im: Image.Image, background: int | tuple[int, ...] | None) -> int:
    if not background:
        return 0
    if isinstance(background, tuple):
        assert im.palette is not None
        try:
            return im.palette.getcolor(background, im)
        except ValueError as error:
            if str(error) in (ImagePalette.PALETTE_FULL, _NOT_OPAQUE):
                return 0
            raise
    return background


_NOT_OPAQUE = "cannot add non-opaque RGBA color to RGB palette"


def _sub_blocks(data: bytes) -> list[bytes]:
    starts = range(0, len(data), _LARGEST_BLOCK)
    pieces = [data[start : start + _LARGEST_BLOCK] for start in starts]
    return [bytes((len(piece),)) + piece for piece in pieces] + [b"\0"]


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")


def global_header(im: Image.Image, options: dict[str, Any]) -> list[bytes]:
    """What stands before the first frame, in pieces."""
    loop, comment = options.get("loop"), options.get("comment")
    newer = (
        im.info.get("version") == b"89a"
        or "transparency" in options
        or loop is not None
        or options.get("duration")
        or comment
    )
    background = _background(im, options.get("background"))
    code, table = _table(im)
    pieces = [
        (b"GIF89a" if newer else b"GIF87a") + struct.pack("<2H", *im.size),
        bytes((0x80 | code,)),
        bytes((background & 0xFF, 0)),
        table,
    ]
    if loop is not None:
        pieces.append(b"!\xff\x0bNETSCAPE2.0\x03\x01" + _u16(loop) + b"\0")
    if comment:
        text = comment.encode() if isinstance(comment, str) else comment
        pieces += [b"!\xfe", *_sub_blocks(text)]
    return pieces


def _write_local_header(
    fp: IO[bytes], im: Image.Image, options: dict[str, Any], offset: tuple[int, int], flags: int
) -> None:
    transparency = options.get("transparency")
    duration = int(options.get("duration", 0) / 10)
    disposal = int(options.get("disposal", 0))
    if transparency is not None or duration or disposal:
        control = bytes((disposal << 2 & 0xFF | (transparency is not None),)) + _u16(duration)
        fp.write(b"!\xf9\x04" + control + bytes(((transparency or 0) & 0xFF, 0)))
    table = b""
    if options.get("include_color_table") and palette_bytes(im):
        code, table = _table(im)
        flags |= 0x80 | code
    fp.write(b"," + struct.pack("<4HB", *offset, *im.size, flags))
    if table:
        fp.write(table)
    fp.write(bytes((_CODE_SIZE,)))


def _write_pixels(fp: IO[bytes], im: Image.Image) -> None:
    tile = ImageFile._Tile("gif", (0, 0, *im.size), 0, RAWMODE[im.mode])
    ImageFile._save(im, fp, [tile])
    fp.write(b"\0")


def _write_frame(
    fp: IO[bytes], im: Image.Image, offset: tuple[int, int], options: dict[str, Any]
) -> None:
    im.encoderinfo = options
    try:
        _write_local_header(fp, im, options, offset, 0)
        _write_pixels(fp, im)
    finally:
        del im.encoderinfo


# Images and animations


def save(im: Image.Image, fp: IO[bytes], filename: str | bytes, save_all: bool = False) -> None:
    """Write an image, or with ``save_all`` all frames."""
    options = im.encoderinfo
    palette = options.get("palette", im.info.get("palette"))
    if palette is None and "palette" not in options and "palette" not in im.info:
        options.setdefault("optimize", True)
    if not save_all or not _write_animation(im, fp, palette):
        _write_single(im, fp, palette)
    fp.write(b";")
    if hasattr(fp, "flush"):
        fp.flush()


def save_all(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    """Write all frames."""
    save(im, fp, filename, save_all=True)


def _write_single(im: Image.Image, fp: IO[bytes], palette: Palette | None) -> None:
    options = im.encoderinfo
    out = normalize_mode(im)
    _default_options(options, out.info)
    out = normalize_palette(out, palette, options)
    for piece in global_header(out, options):
        fp.write(piece)
    interlace = get_interlace(im)
    # A local table is that of the image before unused colours were removed.
    _write_local_header(fp, im, options, (0, 0), 0x40 if interlace else 0)
    out.encoderconfig = (_CODE_SIZE, interlace)
    _write_pixels(fp, out)


def _default_options(
    options: dict[str, Any], info: dict[Any, Any], except_for: Sequence[str] = ()
) -> None:
    for name, value in info.items():
        if isinstance(name, str) and name not in except_for:
            options.setdefault(name, value)


@dataclass
class _Frame:
    """A frame to be written: ``pixels`` are those of ``im`` where it has changed."""

    im: Image.Image
    pixels: Image.Image
    box: tuple[int, int, int, int] | None
    options: dict[str, Any]


def _palette_data(im: Image.Image) -> bytes:
    return bytes(im.palette.palette) if im.palette else b""


def _difference(
    before: Image.Image, after: Image.Image
) -> tuple[Image.Image, tuple[int, int, int, int] | None]:
    if _palette_data(before) != _palette_data(after):
        before, after = before.convert("RGBA"), after.convert("RGBA")
    delta = ImageChops.subtract_modulo(after, before)
    return delta, delta.getbbox(alpha_only=False)


class _Animation:
    """Chooses the frames to be written, and the part of each that has changed."""

    def __init__(self, im: Image.Image, palette: Palette | None) -> None:
        self.im, self.palette = im, palette
        self.frames: list[_Frame] = []
        options = im.encoderinfo
        self.duration = options.get("duration")
        self.disposal = options.get("disposal", im.info.get("disposal"))

    def _sources(self) -> Iterator[Image.Image]:
        for image in (self.im, *self.im.encoderinfo.get("append_images", ())):
            yield from ImageSequence.Iterator(image)

    def collect(self) -> None:
        """Go through all frames."""
        for number, source in enumerate(self._sources()):
            frame = self._prepare(number, source)
            if not self.frames or self._compare(frame):
                self.frames.append(frame)

    def _prepare(self, number: int, source: Image.Image) -> _Frame:
        """The frame in its final mode and palette, with its options."""
        im = normalize_mode(source.copy())
        if number == 0:
            _default_options(self.im.encoderinfo, im.info, ("transparency",))
        options = self.im.encoderinfo.copy()
        if "transparency" in im.info:
            options.setdefault("transparency", im.info["transparency"])
        im = normalize_palette(im, self.palette, options)
        if isinstance(self.duration, (list, tuple)):
            options["duration"] = self.duration[number]
        elif self.duration is None and "duration" in source.info:
            options["duration"] = source.info["duration"]
        if isinstance(self.disposal, (list, tuple)):
            options["disposal"] = self.disposal[number]
        return _Frame(im, im, None, options)

    def _compare(self, frame: _Frame) -> bool:
        """Find what has changed; False when that is nothing."""
        previous = self.frames[-1]
        delta, frame.box = _difference(previous.im, frame.im)
        if frame.box is None:
            if frame.options.get("duration"):
                total = previous.options.get("duration") or 0
                previous.options["duration"] = total + frame.options["duration"]
            return False
        if previous.options.get("disposal") == _TO_BACKGROUND:
            frame.box = self._box_on_background(frame)
        elif frame.options.get("optimize") and frame.im.mode != "1":
            self._leave_out_unchanged(frame, delta)
        return True

    def _box_on_background(self, frame: _Frame) -> tuple[int, int, int, int] | None:
        index = self.im.encoderinfo.get("transparency", self.im.info.get("transparency"))
        if index is None:
            return 0, 0, *frame.im.size
        background = Image.new("P", frame.im.size, index)
        first = self.frames[0].im.palette
        assert first is not None
        background.putpalette(first, first.mode)
        return _difference(background, frame.im)[1]

    def _leave_out_unchanged(self, frame: _Frame, delta: Image.Image) -> None:
        """Make the pixels that did not change transparent."""
        assert frame.im.palette is not None
        if "transparency" not in frame.options:
            try:
                frame.options["transparency"] = frame.im.palette._new_color_index(frame.im)
            except ValueError:
                return
        changed = delta.getchannel(0).point(_ANY_TO_FULL, "L")
        for band in range(1, len(delta.getbands())):
            more = delta.getchannel(band).point(_ANY_TO_FULL, "L")
            changed = ImageChops.lighter(changed, more)
        frame.pixels = frame.im.copy()
        unchanged = ImageChops.invert(changed)
        frame.pixels.paste(frame.options["transparency"], (0, 0, *delta.size), unchanged)


_ANY_TO_FULL = [0, *[255] * 255]


def _write_animation(im: Image.Image, fp: IO[bytes], palette: Palette | None) -> bool:
    """Write all frames; False when there is only one, which is then not written."""
    animation = _Animation(im, palette)
    animation.collect()
    frames = animation.frames
    if len(frames) == 1:
        if "duration" in frames[0].options:
            im.encoderinfo["duration"] = frames[0].options["duration"]
        return False
    for frame in frames:
        if frame.box is None:
            for piece in global_header(frame.im, frame.options):
                fp.write(piece)
            _write_frame(fp, frame.im, (0, 0), frame.options)
        else:
            if not palette:
                frame.options["include_color_table"] = True
            part = frame.pixels
            if frame.box != (0, 0, *part.size):
                part = part.crop(frame.box)
            _write_frame(fp, part, frame.box[:2], frame.options)
    return True


# Helpers of programs that put files together themselves


def getheader(
    im: Image.Image, palette: Palette | None = None, info: dict[str, Any] | None = None
) -> tuple[list[bytes], list[int] | None]:
    """The start of a file, in pieces, and the palette indices in use (or None).

    :param palette: to be used instead of the image's, which changes the image
    :param info: options as for ``save``
    """
    used = get_optimize(im, info)
    options = {} if info is None else info
    if "background" not in options and "background" in im.info:
        options["background"] = im.info["background"]
    changed = normalize_palette(im, palette, options)
    im.palette, im.im = changed.palette, changed.im
    return global_header(im, options), used


class _Collector:
    """A file that remembers each piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(data)
        return len(data)


def getdata(im: Image.Image, offset: tuple[int, int] = (0, 0), **params: Any) -> list[bytes]:
    """A frame as it stands in a file, in pieces.

    :param params: options as for ``save``
    """
    collector = _Collector()
    im.load()
    _write_frame(cast("IO[bytes]", collector), im, offset, params)
    return collector.pieces
