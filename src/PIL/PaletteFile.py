"""Palettes as text, one entry a line: ``index grey`` or ``index red green blue``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

MAX_LINE = 100


class PaletteFile:
    """Reads such a file; entries that it does not mention are a grey ramp.

    :param fp: Binary file.
    :exception SyntaxError: For a line over 100 bytes that is no comment (``#``).
    :exception ValueError: For a line that is not two or four integers.
    """

    rawmode = "RGB"

    def __init__(self, fp: IO[bytes]) -> None:
        entries = [bytes((i, i, i)) for i in range(256)]
        while line := fp.readline():
            if line.startswith(b"#"):
                continue
            if len(line) > MAX_LINE:
                msg = "bad palette file"
                raise SyntaxError(msg)
            index, *values = (int(field) for field in line.split())
            if len(values) == 1:
                values *= 3
            elif len(values) != 3:
                msg = "bad palette entry"
                raise ValueError(msg)
            if 0 <= index <= 255:
                entries[index] = bytes(value & 255 for value in values)
        self.palette = b"".join(entries)

    def getpalette(self) -> tuple[bytes, str]:
        """The 768 bytes, and "RGB"."""
        return self.palette, self.rawmode
