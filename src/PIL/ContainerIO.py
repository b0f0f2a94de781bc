"""A part of a file seen as a file of its own."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, AnyStr, NoReturn

if TYPE_CHECKING:
    from typing import Self


# What is read at once.
_PIECE = 1 << 20


class ContainerIO(IO[AnyStr]):
    """Read-only window on another file.

    :param file: the file; its ``mode`` tells whether it delivers bytes or text
    :param offset: where the window starts, in bytes
    :param length: how long it is, in bytes; not checked against the file
    """

    def __init__(self, file: IO[AnyStr], offset: int, length: int) -> None:
        self.fh: IO[AnyStr] = file
        self.offset = offset
        self.length = length
        self.pos = 0
        self.fh.seek(offset)

    def _nothing(self) -> AnyStr:
        return b"" if "b" in self.fh.mode else ""  # type: ignore[return-value]

    # What the window can do

    def isatty(self) -> bool:
        """Never."""
        return False

    def seekable(self) -> bool:
        """Always."""
        return True

    def readable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Never."""
        return False

    # Position

    def seek(self, offset: int, mode: int = io.SEEK_SET) -> int:
        """Move; the position is kept inside the window.

        :param mode: 0 from the start, 1 from here, 2 from the end of the window
        :return: the new position
        """
        base = {io.SEEK_CUR: self.pos, io.SEEK_END: self.length}.get(mode, 0)
        self.pos = min(max(base + offset, 0), self.length)
        self.fh.seek(self.offset + self.pos)
        return self.pos

    def tell(self) -> int:
        """The position in the window."""
        return self.pos

    # Reading

    def read(self, n: int = -1) -> AnyStr:
        """Read up to ``n`` bytes or characters; without a positive ``n``, the rest."""
        rest = self.length - self.pos
        count = min(n, rest) if n > 0 else rest
        if count <= 0:
            return self._nothing()
        self.pos += count
        if count <= _PIECE:
            return self.fh.read(count)
        # The window may be larger than the file, which would take memory for all of it.
        pieces = []
        while count > 0 and (piece := self.fh.read(min(count, _PIECE))):
            pieces.append(piece)
            count -= len(piece)
        return self._nothing().join(pieces)

    def readline(self, n: int = -1) -> AnyStr:
        """Read up to and including the next newline, or ``n`` characters."""
        chars = []
        while char := self.read(1):
            chars.append(char)
            if char in (b"\n", "\n") or len(chars) == n:
                break
        return self._nothing().join(chars)

    def readlines(self, n: int | None = -1) -> list[AnyStr]:
        """Read the remaining lines, or ``n`` of them."""
        lines = []
        while line := self.readline():
            lines.append(line)
            if len(lines) == n:
                break
        return lines

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AnyStr:
        line = self.readline()
        if not line:
            raise StopIteration("end of region")
        return line

    # Writing is refused

    def write(self, b: AnyStr) -> NoReturn:
        """Not possible."""
        raise NotImplementedError("a container window is read-only")

    def writelines(self, lines: Iterable[AnyStr]) -> NoReturn:
        """Not possible."""
        raise NotImplementedError("a container window is read-only")

    def truncate(self, size: int | None = None) -> int:
        """Not possible."""
        raise NotImplementedError("a container window is read-only")

    # Passed on to the file

    def fileno(self) -> int:
        """The descriptor of the underlying file."""
        return self.fh.fileno()

    def flush(self) -> None:
        """Flush the underlying file."""
        self.fh.flush()

    def close(self) -> None:
        """Close the underlying file."""
        self.fh.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()
