"""Statistics of images, computed from their histograms."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property

from . import Image


class Stat:
    """Statistics of an image, or of a histogram, per band.

    :param image_or_list: an image, or a list of 256 counts per band.
    :param mask: an image of mode 1 or L; only pixels where it is not zero count.
    :raises TypeError: neither an image nor a list.

    Images of mode I and F have 256 bins between their extrema, so their figures are of bins.
    Each attribute is a list with an item per band, computed when it is first asked for.
    """

    def __init__(
        self, image_or_list: Image.Image | list[int], mask: Image.Image | None = None
    ) -> None:
        if isinstance(image_or_list, Image.Image):
            self.h = image_or_list.histogram(mask)
        elif isinstance(image_or_list, list):
            self.h = image_or_list
        else:
            msg = "first argument must be image or list"  # type: ignore[unreachable]
            raise TypeError(msg)
        self.bands = list(range(len(self.h) // 256))

    def _groups(self) -> Iterator[list[int]]:
        """The counts of each band, the last of which may be incomplete."""
        for start in range(0, len(self.h), 256):
            yield self.h[start : start + 256]

    @cached_property
    def extrema(self) -> list[tuple[int, int]]:
        """(lowest, highest) value that occurs; (255, 0) without pixels."""
        found = []
        for counts in self._groups():
            used = [value for value in range(256) if counts[value]]
            found.append((used[0], used[-1]) if used else (255, 0))
        return found

    @cached_property
    def count(self) -> list[int]:
        """Number of pixels."""
        return [sum(counts) for counts in self._groups()]

    @cached_property
    def sum(self) -> list[int]:
        """Sum of all values."""
        return [sum(v * c[v] for v in range(256)) for c in self._groups()]

    @cached_property
    def sum2(self) -> list[int]:
        """Sum of the squares of all values."""
        return [sum(v * v * c[v] for v in range(256)) for c in self._groups()]

    @cached_property
    def mean(self) -> list[float]:
        """Mean value, 0 without pixels."""
        return [self.sum[i] / self.count[i] if self.count[i] else 0 for i in self.bands]

    @cached_property
    def median(self) -> list[int]:
        """The smallest value such that more than half of the pixels are not above it."""
        found = []
        for i, counts in enumerate(self._groups()):
            if i not in self.bands:
                break
            half = self.count[i] // 2
            below = 0
            for value in range(256):
                below += counts[value]
                if below > half:
                    break
            found.append(value)
        return found

    @cached_property
    def rms(self) -> list[float]:
        """Root of the mean square, 0 without pixels."""
        return [math.sqrt(self.sum2[i] / self.count[i]) if self.count[i] else 0 for i in self.bands]

    @cached_property
    def var(self) -> list[float]:
        """Variance, 0 without pixels. Whole numbers up to the divisions, so that an even image has
        a variance of exactly 0."""
        return [
            (self.sum2[i] - self.sum[i] ** 2 / self.count[i]) / self.count[i]
            if self.count[i]
            else 0
            for i in self.bands
        ]

    @cached_property
    def stddev(self) -> list[float]:
        """Standard deviation, 0 without pixels."""
        return [math.sqrt(v) for v in self.var]


Global = Stat  # the name it had in PIL
