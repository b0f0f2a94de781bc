"""The comments of an EPS file that tell its size and mode."""

from __future__ import annotations

import re
from typing import IO, Any

#: Comments with and without a value.
split = re.compile(r"^%%([^:]*):[ \t]*(.*)[ \t]*$")
field = re.compile(r"^%[%!\w]([^:]*)[ \t]*$")

MODE_MAP = {1: "L", 2: "LAB", 3: "RGB", 4: "CMYK"}

_LONGEST_LINE = 255
_BLOCK = 65536
_END_OF_LINE = re.compile(rb"[\r\n]")
_NOT_END_OF_LINE = re.compile(rb"[^\r\n]")


class _Lines:
    """Takes lines from a file; CR and LF both end one, empty ones do not count."""

    def __init__(self, fp: IO[bytes]) -> None:
        self._fp = fp
        self._block = b""
        self._at = 0

    def _more(self) -> bool:
        """Make sure that there are bytes. False: the file is at its end."""
        if self._at >= len(self._block):
            self._block, self._at = self._fp.read(_BLOCK), 0
        return bool(self._block)

    def skip(self, count: int) -> None:
        """Pass over bytes of any kind."""
        here = min(count, len(self._block) - self._at)
        self._at += here
        if count > here:
            self._fp.seek(count - here, 1)

    def next(self, start: bytes) -> tuple[bytes, bool]:
        """The next line, and whether it is complete; empty at the end of the file.

        :param start: what the line begins with already
        """
        line = start
        while self._more():
            if not line:
                first = _NOT_END_OF_LINE.search(self._block, self._at)
                self._at = len(self._block) if first is None else first.start()
                if first is None:
                    continue
            limit = self._at + _LONGEST_LINE - len(line)
            end = _END_OF_LINE.search(self._block, self._at, limit + 1)
            stop = min(limit, len(self._block)) if end is None else end.start()
            line += self._block[self._at : stop]
            self._at = stop if end is None else stop + 1
            if end is not None:
                return line, True
            if stop < len(self._block):
                return line, False
        return line, True


class EpsHeader:
    """What the comments say.

    :param info: gets the values of the comments at the start of the file
    """

    def __init__(self, info: dict[Any, Any]) -> None:
        self.info = info
        self.mode = "RGB"
        self.box: list[int] | None = None
        self.image_size: tuple[int, int] | None = None
        self._box_at_end = False
        self._in_trailer = False

    @property
    def size(self) -> tuple[int, int]:
        """Size in pixels: of the image data, or else of the bounding box in points.

        :raises OSError: when there is no bounding box
        """
        if self.box is None:
            raise OSError("cannot determine EPS bounding box")
        left, lower, right, upper = self.box
        return self.image_size or (right - left, upper - lower)

    def read(self, fp: IO[bytes]) -> None:
        """Read comments up to the end of the file or of what matters."""
        lines = _Lines(fp)
        in_comments = True
        start = b""
        while True:
            line, complete = lines.next(start)
            start = b""
            if not complete and line.startswith(b"%"):
                raise SyntaxError("not an EPS file")
            if in_comments and (
                not complete or not line.startswith(b"%") or line.startswith(b"%%EndComments")
            ):
                self._check()
                in_comments = False
                # What ends the comments runs on into the line after it (of CR LF, that is the
                # empty one between the two).
                start = line if complete else b""
            elif in_comments:
                self._comment(line.decode("latin-1"))
            elif complete and line and not self._body_line(line, lines):
                return
            if not line:
                return

    def _check(self) -> None:
        for key, comment in (("PS-Adobe", "%!PS-Adobe"), ("BoundingBox", "%%BoundingBox")):
            if key not in self.info:
                raise SyntaxError(f'EPS header missing "{comment}" comment')

    def _comment(self, line: str) -> None:
        match = split.match(line)
        if match is not None:
            key, value = match.groups()
            self.info[key] = value
            if key == "BoundingBox":
                self._bounding_box(value)
            return
        match = field.match(line)
        if match is not None:
            key = match.group(1)
            if key.startswith("PS-Adobe"):
                self.info["PS-Adobe"] = key[9:]
            else:
                self.info[key] = ""

    def _bounding_box(self, value: str) -> None:
        if value == "(atend)":
            self._box_at_end = True
        elif self.box is None or self._in_trailer:
            try:
                box = [int(float(number)) for number in value.split()]
            except (ValueError, OverflowError):
                return
            if len(box) == 4:
                self.box = box

    def _body_line(self, line: bytes, lines: _Lines) -> bool:
        """Look at a line behind the comments. False: nothing that matters follows."""
        if line.startswith(b"%%EOF"):
            return False
        if line.startswith(b"%ImageData:"):
            return self.image_size is not None or self._image_data(line)
        if line.startswith(b"%%BeginBinary:"):
            count = int(line.partition(b":")[2])
            if count < 0:
                raise ValueError("BeginBinary bytecount cannot be negative")
            lines.skip(min(count, 2**62))
        elif self._in_trailer:
            self._comment(line.decode("latin-1"))
        elif line.startswith(b"%%Trailer"):
            self._in_trailer = self._box_at_end
        return True

    def _image_data(self, line: bytes) -> bool:
        columns, rows, depth, mode = (int(word) for word in line[11:].split(None, 7)[:4])
        if depth == 1:
            self.mode = "1"
        elif depth == 8:
            self.mode = MODE_MAP[mode]
        else:
            return False
        self.image_size = columns, rows
        return True
