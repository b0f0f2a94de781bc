"""Paths, and what counts as coordinates."""

from __future__ import annotations

import array
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from PIL import ImagePath


class Sequence:
    """Says that it has `length` items and has `real`."""

    def __init__(self, length: int, real: int) -> None:
        self.length, self.real = length, real

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, i: int) -> int:
        if i >= self.real:
            raise IndexError
        return i


def test_numbers() -> None:
    # Ints are rounded to single precision, but not within tuples.
    assert list(ImagePath.Path([16777217, 1.1])) == [(16777216.0, 1.1)]
    assert list(ImagePath.Path([(16777217, 1.1)])) == [(16777217.0, 1.1)]
    assert list(ImagePath.Path([Fraction(1, 2), Decimal("0.25")])) == [(0.5, 0.25)]
    assert list(ImagePath.Path([(1, 2), 3, 7])) == [(1, 2), (3, 7)]


def test_buffers_are_single_floats() -> None:
    data = array.array("f", [1.5, -2, 3])
    assert list(ImagePath.Path(data)) == [(1.5, -2.0)]
    assert list(ImagePath.Path(data.tobytes()[:7])) == []
    assert len(ImagePath.Path(array.array("d", [1, 2, 3]))) == 3
    assert len(ImagePath.Path(memoryview(b""))) == 0


def test_sequences() -> None:
    assert list(ImagePath.Path(range(4))) == [(0, 1), (2, 3)]
    assert list(ImagePath.Path(Sequence(1000, 4))) == [(0, 1), (2, 3)]
    with pytest.raises(ValueError):
        ImagePath.Path(Sequence(1000, 3))
    assert list(ImagePath.Path(Sequence(2, 1000))) == [(0, 1)]
    with pytest.raises(MemoryError):
        ImagePath.Path(Sequence(2**62, 2))


@pytest.mark.parametrize("data", ({1, 2}, {1: 2}, iter([1, 2]), 1.5, None))
def test_no_sequence(data: Any) -> None:
    with pytest.raises(TypeError):
        ImagePath.Path(data)


@pytest.mark.parametrize("data", ([1], [1, "a"], "ab", [(1, 2, 3)], [None, 1], [("a", 1)], [[1]]))
def test_bad_coordinates(data: Any) -> None:
    with pytest.raises(ValueError):
        ImagePath.Path(data)


def test_counts() -> None:
    assert list(ImagePath.Path(2)) == [(0, 0), (0, 0)]
    for count in (-1, 2**60):
        with pytest.raises(MemoryError):
            ImagePath.Path(count)
    with pytest.raises(OverflowError):
        ImagePath.Path(2**70)


def test_items() -> None:
    path = ImagePath.Path(range(10))
    assert path[-1] == (8, 9)
    assert path[1:3].tolist() == [(2, 3), (4, 5)]
    assert path[7:99].tolist() == path[3:1].tolist() == []
    assert path[9:9:2].tolist() == []
    path[0] = (9, 8.5)
    assert path[0] == (9.0, 8.5)
    for key in (5, -6, 2**70):
        with pytest.raises(IndexError):
            path[key]
    for wrong in ("a", None, 1.0, slice(0, 4, 2)):
        with pytest.raises(TypeError):
            path[wrong]
    with pytest.raises(IndexError):
        path[5] = (1, 2)
    for value in ([1, 2], (1,), ("a", 2), None):
        with pytest.raises(TypeError):
            path[0] = value
    with pytest.raises(TypeError):
        del path[0]


def test_map_stops_at_an_exception() -> None:
    path = ImagePath.Path([1, 2, 3, 4, 5, 6])

    def once(x: float, y: float) -> tuple[float, float]:
        if x == 3:
            raise KeyError
        return y, x

    with pytest.raises(KeyError):
        path.map(once)
    assert path.tolist() == [(2, 1), (3, 4), (5, 6)]
    assert path.compact() == 0  # not "within map" any more
    with pytest.raises(TypeError):
        path.map(lambda x, y: x)


def test_compact_and_bounds() -> None:
    path = ImagePath.Path([0, 0, 1, 0, 1, 1, 9, 9])
    assert path.compact() == 1
    assert path.tolist(1) == [0, 0, 1, 1, 9, 9]
    assert ImagePath.Path([3, 1, 2, float("nan"), 5, 0]).getbbox() == (2, 0, 5, 1)


def test_transform() -> None:
    path = ImagePath.Path([1, 2])
    path.transform((2, 1, 3, 4, 5, 6), 4)
    assert path.tolist() == [(3.0, 20.0)]  # fmod(2 + 2 + 3, 4)
    for matrix in ((1, 2, 3), None, "abcdef"):
        with pytest.raises(TypeError):
            path.transform(matrix)
