"""GIMP gradients (``.ggr``).

A gradient is a list of segments; in each, a curve over the middle point blends two RGBA colours.
"""

from __future__ import annotations

from math import log, pi, sin, sqrt

from ._binary import o8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

    Curve = Callable[[float, float], float]
    Segment = tuple[float, float, float, list[float], list[float], Curve]

EPSILON = 1e-10  # narrower segments count as points


def linear(middle: float, pos: float) -> float:
    """From 0 over 0.5 at ``middle`` to 1, in two straight lines."""
    if pos <= middle:
        return 0.0 if middle < EPSILON else 0.5 * pos / middle
    rest = 1.0 - middle
    return 1.0 if rest < EPSILON else 0.5 + 0.5 * (pos - middle) / rest


def curved(middle: float, pos: float) -> float:
    """The power of ``pos`` that is 0.5 at ``middle``."""
    if pos < 0:
        msg = "gradient segments do not follow each other"
        raise ValueError(msg)
    power: float = pos ** (log(0.5) / log(max(middle, EPSILON)))
    return power


def sine(middle: float, pos: float) -> float:
    """Half a sine wave over :func:`linear`."""
    return (sin((-pi / 2.0) + pi * linear(middle, pos)) + 1.0) / 2.0


def sphere_increasing(middle: float, pos: float) -> float:
    """A quarter circle over :func:`linear`, steep first."""
    return sqrt(1.0 - (linear(middle, pos) - 1.0) ** 2)


def sphere_decreasing(middle: float, pos: float) -> float:
    """A quarter circle over :func:`linear`, flat first."""
    return 1.0 - sqrt(1.0 - linear(middle, pos) ** 2)


# By the number in the file.
SEGMENTS = [linear, curved, sine, sphere_increasing, sphere_decreasing]


class GradientFile:
    """A gradient that can be sampled."""

    gradient: list[Segment] | None = None

    def getpalette(self, entries: int = 256) -> tuple[bytes, str]:
        """Sample the gradient at equal distances, both ends included.

        :param entries: Number of samples, not 1.
        :returns: Four bytes for each, and "RGBA".
        :exception ValueError: If the segments make no gradient from 0 to 1.
        """
        assert self.gradient is not None
        try:
            return self._samples(self.gradient, entries), "RGBA"
        except (ArithmeticError, IndexError) as e:
            msg = "broken gradient"
            raise ValueError(msg) from e

    @staticmethod
    def _samples(gradient: list[Segment], entries: int) -> bytes:
        samples: list[bytes] = []
        n = 0
        for i in range(entries):
            x = i / (entries - 1)
            while gradient[n][1] < x:
                n += 1
            left, right, middle, low, high, curve = gradient[n]
            width = right - left
            if width < EPSILON:
                scale = curve(0.5, 0.5)
            else:
                scale = curve((middle - left) / width, (x - left) / width)
            for a, b in zip(low, high, strict=True):
                samples.append(o8(int(255 * ((b - a) * scale + a) + 0.5)))
        return b"".join(samples)


class GimpGradientFile(GradientFile):
    """Reads a GIMP gradient.

    :param fp: Binary file.
    :exception SyntaxError: If it is no GIMP gradient.
    :exception ValueError: If a number is malformed or missing.
    :exception OSError: For a segment in another colour space than RGB.
    """

    def __init__(self, fp: IO[bytes]) -> None:
        if not fp.readline().startswith(b"GIMP Gradient"):
            msg = "not a GIMP gradient file"
            raise SyntaxError(msg)
        line = fp.readline()
        if line.startswith(b"Name: "):  # since GIMP 1.3
            line = fp.readline()
        self.gradient = [self._segment(fp.readline()) for _ in range(int(line))]

    @staticmethod
    def _segment(line: bytes) -> Segment:
        fields = line.split()
        if len(fields) < 13:
            msg = "gradient segment is too short"
            raise ValueError(msg)
        numbers = [float(field) for field in fields[:11]]
        curve_number = int(fields[11])
        if not 0 <= curve_number < len(SEGMENTS):
            msg = f"unknown gradient curve {curve_number}"
            raise ValueError(msg)
        curve = SEGMENTS[curve_number]
        if int(fields[12]) != 0:
            msg = "cannot handle HSV colour space"
            raise OSError(msg)
        left, middle, right = numbers[:3]
        return left, right, middle, numbers[3:7], numbers[7:11], curve
