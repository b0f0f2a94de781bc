"""Binary morphology: each pixel's new value is looked up by its neighbourhood of 3x3 pixels.

Images are of mode 1 or L; only the lowest bit of a pixel counts. The neighbourhood's bits, in
reading order, make an index of nine bits (bit 4 is the pixel itself) into a table of 512 entries.
"""

from __future__ import annotations

import re

from . import Image, _imagingmorph

LUT_SIZE = 1 << 9

# Where each symbol of the turned, or mirrored, pattern was before.
ROTATION_MATRIX = [6, 3, 0, 7, 4, 1, 8, 5, 2]
MIRROR_MATRIX = [2, 1, 0, 5, 4, 3, 8, 7, 6]

_PATTERN = re.compile(r"(\w):?\s*\((.+?)\)\s*->\s*(0|1)")

_KNOWN = {
    "corner": ["1:(... ... ...)->0", "4:(00. 01. ...)->1"],
    "dilation4": ["4:(... .0. .1.)->1"],
    "dilation8": ["4:(... .0. .1.)->1", "4:(... .0. ..1)->1"],
    "erosion4": ["4:(... .1. .0.)->0"],
    "erosion8": ["4:(... .1. .0.)->0", "4:(... .1. ..0)->0"],
    "edge": ["1:(... ... ...)->0", "4:(.0. .1. ...)->1", "4:(01. .1. ...)->1"],
}


class LutBuilder:
    """Builds the table of an operation from patterns.

    A pattern is ``"4:(... .0. .1.)->1"``: an option, nine symbols in reading order (``.`` or ``X``
    anything, ``0``, ``1``), and the result. Options: ``4`` also the pattern's three rotations,
    ``M`` also its mirror image, ``N`` also its negative with the negated result, ``1`` as it is.
    The last pattern that matches wins; where none does, the pixel stays as it is.

    :param patterns: a list of patterns.
    :param op_name: a known operation instead: corner, dilation4, dilation8, erosion4, erosion8,
        edge.
    """

    def __init__(self, patterns: list[str] | None = None, op_name: str | None = None) -> None:
        self.lut: bytearray | None = None
        if op_name is None:
            self.patterns = patterns if patterns is not None else []
        elif op_name in _KNOWN:
            self.patterns = list(_KNOWN[op_name])
        else:
            msg = f"Unknown pattern {op_name}!"
            raise Exception(msg)

    def add_patterns(self, patterns: list[str]) -> None:
        """Appends patterns to those given so far."""
        self.patterns += patterns

    def build_default_lut(self) -> bytearray:
        """Sets and returns the table that changes nothing."""
        self.lut = bytearray(index >> 4 & 1 for index in range(LUT_SIZE))
        return self.lut

    def get_lut(self) -> bytearray | None:
        """The table built last, or None."""
        return self.lut

    def build_lut(self) -> bytearray:
        """Compiles the patterns; sets and returns the table.

        :raises Exception: a pattern that is none.
        """
        expanded: list[tuple[str, int]] = []
        for pattern in self.patterns:
            expanded += _variants(*_parse(pattern))
        tests = [
            (re.compile(symbols.replace(".", "X").replace("X", "[01]")), result)
            for symbols, result in expanded
        ]
        lut = self.build_default_lut()
        for index in range(LUT_SIZE):
            bits = format(index, "09b")[::-1]
            for test, result in reversed(tests):
                if test.match(bits):
                    lut[index] = result
                    break
        return lut


def _parse(pattern: str) -> tuple[str, str, int]:
    """Option, symbols without blanks, result."""
    found = _PATTERN.fullmatch(pattern.replace("\n", ""))
    if found is None:
        msg = f'Syntax error in pattern "{pattern}"'
        raise Exception(msg)
    option, symbols, result = found.groups()
    return option, symbols.replace(" ", ""), int(result)


def _moved(symbols: str, places: list[int]) -> str:
    return "".join(symbols[place] for place in places)


def _variants(option: str, symbols: str, result: int) -> list[tuple[str, int]]:
    """The pattern, and what its option adds."""
    variants = [(symbols, result)]
    if option == "4":
        for _ in range(4):
            symbols = _moved(symbols, ROTATION_MATRIX)
            variants.append((symbols, result))
    elif option == "M":
        variants.append((_moved(symbols, MIRROR_MATRIX), result))
    elif option == "N":
        variants.append((symbols.translate(str.maketrans("01", "10")), 1 - result))
    return variants


class MorphOp:
    """A morphological operation: a table, and its application to images.

    :param lut: a table of 512 bytes.
    :param op_name: or the name of a known operation.
    :param patterns: or patterns, see :class:`LutBuilder`.
    """

    def __init__(
        self,
        lut: bytearray | None = None,
        op_name: str | None = None,
        patterns: list[str] | None = None,
    ) -> None:
        if op_name is not None or patterns is not None:
            lut = LutBuilder(patterns=patterns, op_name=op_name).build_lut()
        self.lut = lut

    def _table(self) -> bytes:
        if self.lut is None:
            msg = "No operator loaded"
            raise Exception(msg)
        return bytes(self.lut)

    def apply(self, image: Image.Image) -> tuple[int, Image.Image]:
        """Applies the operation; the outermost rows and columns become 0.

        :returns: the number of pixels inside whose lowest bit changed, and a new image.
        :raises ValueError: the mode is neither 1 nor L.
        """
        table = self._table()
        _check_mode(image)
        out = Image.new(image.mode, image.size)
        return _imagingmorph.apply(table, image.getim(), out.getim()), out

    def match(self, image: Image.Image) -> list[tuple[int, int]]:
        """(x, y) of the pixels inside whose table entry is not 0, row by row."""
        table = self._table()
        _check_mode(image)
        return _imagingmorph.match(table, image.getim())

    def get_on_pixels(self, image: Image.Image) -> list[tuple[int, int]]:
        """(x, y) of all pixels that are not 0, row by row."""
        _check_mode(image)
        return _imagingmorph.get_on_pixels(image.getim())

    def load_lut(self, filename: str) -> None:
        """Reads the table from a file of 512 bytes."""
        with open(filename, "rb") as file:
            # One byte more than a table shows that the file is too long, however long it is.
            content = bytearray(file.read(LUT_SIZE + 1))
        self.lut = content if len(content) == LUT_SIZE else None
        if self.lut is None:
            msg = "Wrong size operator file!"
            raise Exception(msg)

    def save_lut(self, filename: str) -> None:
        """Writes the table to a file."""
        table = self._table()
        with open(filename, "wb") as file:
            file.write(table)

    def set_lut(self, lut: bytearray | None) -> None:
        """Replaces the table."""
        self.lut = lut


def _check_mode(image: Image.Image) -> None:
    if image.mode not in ("1", "L"):
        msg = "Image mode must be 1 or L"
        raise ValueError(msg)
