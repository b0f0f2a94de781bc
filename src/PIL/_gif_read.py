"""GIF: reading. Writing is in :mod:`PIL._gif_write`.

A frame is drawn on a canvas, which is the result of the frames before. The canvas begins
as indices into a palette, and may become RGB or RGBA when frames have palettes of their own.
Specification: CompuServe, "Graphics Interchange Format", Version 89a.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import IO, TYPE_CHECKING

from . import Image, ImageFile, ImagePalette
from ._binary import i16le as i16
from ._header import Header, require
from ._util import DeferredError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import _imaging


class LoadingStrategy(IntEnum):
    """When frames become RGB or RGBA."""

    __module__ = "PIL.GifImagePlugin"

    RGB_AFTER_FIRST = 0
    RGB_AFTER_DIFFERENT_PALETTE_ONLY = 1
    RGB_ALWAYS = 2


_EXTENSION, _DESCRIPTOR, _TRAILER = b"!", b",", b";"
_GRAPHIC_CONTROL, _COMMENT, _APPLICATION = 249, 254, 255

_SCREEN = Header("<", version="6s", width="H", height="H", flags="B", background="B", _aspect="x")
# Of the graphic control only what all files have; it may end before the index of transparency.
_CONTROL = Header("<", flags="B", duration="H")
_IMAGE = Header("<", left="H", top="H", width="H", height="H", flags="B")

# Disposal methods; 0 and 1 leave the frame as it is.
_TO_BACKGROUND = 2


def _sub_block(fp: IO[bytes]) -> bytes | None:
    """The next sub-block, or None at the empty one that ends them, or at the end of the file."""
    length = fp.read(1)
    return fp.read(length[0]) if length and length[0] else None


def _sub_blocks(fp: IO[bytes]) -> Iterator[bytes]:
    while (block := _sub_block(fp)) is not None:
        yield block


def _skip_sub_blocks(fp: IO[bytes]) -> None:
    for _ in _sub_blocks(fp):
        pass


_GREY = bytes(index for index in range(256) for _ in range(3))


def _is_needed(table: bytes) -> bool:
    """Whether a colour table is anything but the grey of each index."""
    return not _GREY.startswith(table) or len(table) % 3 != 0


@dataclass
class Frame:
    """What stands before the pixels of a frame.

    ``box`` may reach outside the picture; ``table`` is the local colour table, if it has one.
    """

    duration: int | None = None
    transparency: int | None = None
    disposal: int = 0
    comment: bytes | None = None
    extension: tuple[bytes, int] | None = None
    loop: int | None = None
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    interlace: bool = False
    table: bytes | None = None
    bits: int = 0
    offset: int = 0

    def read(self, fp: IO[bytes], first: bool) -> bool:
        """Read the blocks up to the pixels.

        :param first: whether this is frame 0, which speaks for the whole file
        :return: False when there is no frame any more
        :raises EOFError: when a block is too short
        """
        try:
            return self._read_blocks(fp, first)
        except (IndexError, SyntaxError) as error:
            raise EOFError("GIF file ends within a header") from error

    def _read_blocks(self, fp: IO[bytes], first: bool) -> bool:
        comments: list[bytes] = []
        found = False
        while not found:
            introducer = fp.read(1)
            if introducer in (b"", _TRAILER):
                break
            if introducer == _EXTENSION:
                self._read_extension(fp, first, comments)
            elif introducer == _DESCRIPTOR:
                self._read_descriptor(fp)
                found = True
        self.comment = b"\n".join(comments) or None
        return found

    def _read_extension(self, fp: IO[bytes], first: bool, comments: list[bytes]) -> None:
        label = fp.read(1)[0]
        if label == _COMMENT:
            comments.append(b"".join(_sub_blocks(fp)))
            return
        block = _sub_block(fp)
        if label == _GRAPHIC_CONTROL and block is not None:
            self._read_control(block)
        elif label == _APPLICATION and first and block is not None:
            self.extension = block, fp.tell()
            if block.startswith(b"NETSCAPE2.0"):
                block = _sub_block(fp)
                if block is not None and len(block) >= 3 and block[0] == 1:
                    self.loop = i16(block, 1)
        # Also behind an empty block, which should have been the last one.
        _skip_sub_blocks(fp)

    def _read_control(self, block: bytes) -> None:
        flags, duration = _CONTROL.unpack(block)
        if flags & 1:
            self.transparency = block[3]
        self.duration = duration * 10
        self.disposal = flags >> 2 & 7 or self.disposal

    def _read_descriptor(self, fp: IO[bytes]) -> None:
        left, top, width, height, flags = _IMAGE.read(fp)
        self.box = left, top, left + width, top + height
        self.interlace = flags & 0x40 != 0
        if flags & 0x80:
            self.table = fp.read(3 << (flags & 7) + 1)
        self.bits = fp.read(1)[0]
        self.offset = fp.tell()


class GifImageFile(ImageFile.ImageFile):
    """Reads GIF files, and animations frame by frame."""

    __module__ = "PIL.GifImagePlugin"

    format = "GIF"
    format_description = "Compuserve GIF"
    _close_exclusive_fp_after_loading = False

    global_palette: ImagePalette.ImagePalette | None = None

    def _open(self) -> None:
        assert self.fp is not None
        screen = _SCREEN.read(self.fp)
        require(accept(screen.version), "not a GIF file")
        self.info["version"] = screen.version
        self._size = screen.width, screen.height
        if screen.flags & 0x80:
            self.info["background"] = screen.background
            table = self.fp.read(3 << (screen.flags & 7) + 1)
            if _is_needed(table):
                self.global_palette = ImagePalette.raw("RGB", table)
        self._fp = self.fp
        self._start = self.fp.tell()
        self._n_frames: int | None = None
        self._show_first()

    # Frames

    def data(self) -> bytes | None:
        """The next sub-block at the file's position; None at the empty one, or at the end."""
        return _sub_block(self._file())

    @property
    def n_frames(self) -> int:
        """The number of frames; they are counted when this is first asked for."""
        if self._n_frames is None:
            count = self._shown + 1
            fp = self._file()
            position = fp.tell()
            try:
                fp.seek(self._frame.offset)
                _skip_sub_blocks(fp)
                while Frame().read(fp, False):
                    _skip_sub_blocks(fp)
                    count += 1
            except EOFError:
                pass  # the last frame's header is not whole: there is nothing to seek to
            finally:
                fp.seek(position)
            self._n_frames = count
        return self._n_frames

    @cached_property
    def is_animated(self) -> bool:
        """Whether there is more than one frame."""
        if self._n_frames is not None:
            return self._n_frames != 1
        if self._shown:
            return True
        fp = self._file()
        position = fp.tell()
        try:
            fp.seek(self._frame.offset)
            _skip_sub_blocks(fp)
            return Frame().read(fp, False)
        except EOFError:
            return False
        finally:
            fp.seek(position)

    def _file(self) -> IO[bytes]:
        if isinstance(self._fp, DeferredError):
            raise self._fp.ex
        return self._fp

    def tell(self) -> int:
        """The number of the frame."""
        return self._shown

    def seek(self, frame: int) -> None:
        """Go to a frame; all frames on the way there are loaded.

        :raises EOFError: when there is no such frame
        """
        if frame == self._shown:
            return
        shown = self._shown
        if frame < 0:
            raise EOFError("attempt to seek outside sequence")
        if self._n_frames is not None and frame >= self._n_frames:
            raise EOFError("attempt to seek outside sequence")
        if frame < shown:
            self._seek(0)
        for number in range(self._shown + 1, frame + 1):
            try:
                self._seek(number)
            except EOFError as error:
                self.seek(shown)
                raise EOFError("no more images in GIF file") from error

    def _seek(self, frame: int) -> None:
        if frame == 0:
            self._show_first()
        elif frame == self._shown + 1:
            self._show_next()
        else:
            raise ValueError(f"cannot seek to frame {frame}")

    def _show_first(self) -> None:
        fp = self._file()
        fp.seek(self._start)
        frame = Frame()
        if not frame.read(fp, True):
            raise EOFError("no image in GIF file")
        self._shown = 0
        self.disposal_method = frame.disposal
        self.info.pop("comment", None)
        self.dispose: _imaging.ImagingCore | None = None
        self._canvas: _imaging.ImagingCore | None = None
        self._check_growth(frame)
        self._take_frame(frame)
        self._size = self._size_with(frame)
        strategy = _strategy()
        self._convert_first = (
            strategy == LoadingStrategy.RGB_ALWAYS and self._frame_palette is not None
        )
        self._im = None
        if self._convert_first:
            self._mode = "RGB" if frame.transparency is None else "RGBA"
            self.info.pop("transparency", None)
        else:
            if frame.transparency is not None and strategy != LoadingStrategy.RGB_ALWAYS:
                self.info["transparency"] = frame.transparency
            self._mode = "P" if self._frame_palette else "L"
        self._take_notes(frame)
        palette = self._frame_palette or self.global_palette
        self.palette = palette.copy() if palette else None
        self._plan_disposal()
        self._plan_tile()

    def _show_next(self) -> None:
        fp = self._file()
        frame = Frame(disposal=self.disposal_method)
        fp.seek(self._frame.offset)
        _skip_sub_blocks(fp)
        if not frame.read(fp, False):
            raise EOFError("no more images in GIF file")
        self._check_growth(frame)
        self.load()
        if self.dispose is not None:
            self.im.paste(self.dispose, self.dispose_extent)
        self._shown += 1
        self.disposal_method = frame.disposal
        self._take_frame(frame)
        self._take_notes(frame)
        self._convert_canvas(frame)
        self._size = self._size_with(frame)
        self._plan_disposal()
        self._plan_tile()

    def _take_frame(self, frame: Frame) -> None:
        """Set what a new frame changes besides the pixels."""
        self._frame = frame
        self._frame_transparency = frame.transparency
        if frame.table is None:
            self._frame_palette = self.global_palette
        elif _is_needed(frame.table):
            self._frame_palette = ImagePalette.raw("RGB", frame.table)
        else:
            self._frame_palette = None
        if frame.loop is not None:
            self.info["loop"] = frame.loop
        self.dispose_extent = frame.box

    def _take_notes(self, frame: Frame) -> None:
        """Set what a new frame changes of ``info``, but for loop and transparency before it."""
        if frame.comment is not None:
            self.info["comment"] = frame.comment
        for name, value in (("duration", frame.duration), ("extension", frame.extension)):
            if value is None:
                self.info.pop(name, None)
            else:
                self.info[name] = value

    def _plan_tile(self) -> None:
        # Indices go to the canvas itself; what is drawn on colours is first decoded elsewhere.
        skip = -1
        frame = self._frame
        if self._shown and frame.transparency is not None and not self._draws_colours:
            skip = frame.transparency
        args = frame.bits, frame.interlace, skip
        self.fp = self._file()
        self.tile = [ImageFile._Tile("gif", frame.box, frame.offset, args)]

    # The canvas

    @property
    def _draws_colours(self) -> bool:
        return self.mode in ("RGB", "RGBA")

    def _size_with(self, frame: Frame) -> tuple[int, int]:
        _, _, right, lower = frame.box
        return max(self._size[0], right), max(self._size[1], lower)

    def _check_growth(self, frame: Frame) -> None:
        size = self._size_with(frame)
        if size != self._size:
            Image._decompression_bomb_check(size)

    def _convert_canvas(self, frame: Frame) -> None:
        """Turn indices into colours, if this frame asks for it."""
        if self.mode == "P":
            own_colours = frame.table is not None and self._frame_palette is not None
            different_only = _strategy() == LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
            if different_only and not own_colours:
                return
            transparency = self.info.pop("transparency", None)
            if transparency is None:
                self._mode = "RGB"
            else:
                self.im.putpalettealpha(transparency, 0)
                self._mode = "RGBA"
            self.im = self.im.convert(self._mode)

    def _grow_canvas(self) -> None:
        """Make the canvas as large as the picture has become."""
        if self.im.size == self._size:
            return
        transparency = self._frame_transparency
        if not self._draws_colours:
            canvas = Image.core.fill("P" if self._frame_palette else "L", self._size, 0)
        elif transparency is None:
            if self._frame_palette is None:
                raise ValueError("image has no palette")  # to take the new area's colour from
            canvas = Image.core.fill("RGB", self._size, self._colour(0))
        else:
            canvas = Image.core.fill("RGBA", self._size, (0, 0, 0, 0))
        # Not converted: what disposal left transparent on an RGB canvas has kept its alpha.
        canvas.paste(self.im, (0, 0, *self.im.size))
        if self._draws_colours:
            self._mode = canvas.mode
        elif self._frame_palette is not None:
            canvas.putpalette("RGB", *self._frame_palette.getdata())
        self.im = canvas

    def _colour(self, index: int) -> tuple[int, int, int]:
        """Of the frame's palette; past its end that of entry 0."""
        if self._frame_palette is None:
            return index, index, index
        table = self._frame_palette.palette
        start = 3 * index if 3 * index + 3 <= len(table) else 0
        red, green, blue = (*table[start : start + 3], 0, 0, 0)[:3]
        return red, green, blue

    def _plan_disposal(self) -> None:
        """Remember what the frame's area is to be filled with before the next frame."""
        self.dispose = None
        if self.disposal_method < _TO_BACKGROUND:
            return
        left, upper, right, lower = self.dispose_extent
        size = right - left, lower - upper
        Image._decompression_bomb_check(size)
        transparency = self.info.get("transparency", self._frame_transparency)
        if self.disposal_method == _TO_BACKGROUND:
            index = self.info.get("background", 0) if transparency is None else transparency
            self.dispose = self._filling(size, index, transparency is not None)
        elif self._im is not None:
            self.dispose = self.im.crop(self.dispose_extent)
        elif transparency is not None:
            self.dispose = self._filling(size, transparency, True)

    def _filling(
        self, size: tuple[int, int], index: int, transparent: bool
    ) -> _imaging.ImagingCore:
        if not self._draws_colours:
            return Image.core.fill(self.mode, size, index)
        colour = self._colour(index)
        if transparent:
            return Image.core.fill("RGBA", size, (*colour, 0))
        return Image.core.fill("RGB", size, colour)

    # Loading

    def load_prepare(self) -> None:
        """Make the canvas, or for frames drawn on colours a place for the indices."""
        if self._shown == 0:
            index = 0 if self._frame_transparency is None else self._frame_transparency
            self.im = Image.core.fill("P" if self.palette else "L", self.size, index)
            Image.Image.load(self)  # hands over the palette, whatever the mode will be
        elif not self._draws_colours:
            self._grow_canvas()
        else:
            self._canvas = self.im
            # What damaged files lack is left out, if that can be told from a colour.
            absent = self._frame_transparency if self._frame_palette else None
            self.im = Image.core.fill("P", self.size, absent or 0)
        if not self._draws_colours:
            # That of the frame, whatever the canvas is.
            self._mode = "P" if self._frame_palette else "L"
        super().load_prepare()

    def load_end(self) -> None:
        """Draw the frame on the canvas."""
        if self._shown == 0:
            if self._convert_first:
                if self._frame_transparency is not None:
                    self.im.putpalettealpha(self._frame_transparency, 0)
                self.im = self.im.convert(self._mode)
            return
        if self._canvas is None:
            return
        drawn = self.im.crop(self.dispose_extent)
        self.im, self._canvas = self._canvas, None
        self._grow_canvas()
        canvas = self.im
        palette = self._frame_palette or ImagePalette.wedge()
        drawn.putpalette("RGB", *palette.getdata())
        if self._frame_transparency is None:
            canvas.paste(drawn.convert(canvas.mode), self.dispose_extent)
        else:
            drawn.putpalettealpha(self._frame_transparency, 0)
            colours = drawn.convert("RGBA")
            canvas.paste(colours.convert(canvas.mode), self.dispose_extent, colours)


def _strategy() -> LoadingStrategy:
    from . import GifImagePlugin

    return GifImagePlugin.LOADING_STRATEGY


def accept(prefix: bytes) -> bool:
    """Whether this is the start of a GIF file."""
    return prefix.startswith((b"GIF87a", b"GIF89a"))
