"""The number type of TIFF and Exif: a fraction kept as it stands in the file."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from numbers import Rational
from typing import Any


def _of_value(name: str) -> Any:
    """A method that does what the inner value's method of this name does."""

    def method(self: IFDRational, *args: Any) -> Any:
        operation: Callable[..., Any] = getattr(self._val, name)
        return operation(*args)

    method.__name__ = name
    return method


class IFDRational(Rational):
    """A fraction whose numerator and denominator are not reduced.

    Both may be 0, as they are in many files; the value is NaN then. All arithmetic is
    done with the value and gives ordinary fractions, floats or integers.

    :param value: the numerator, or any number
    :param denominator: the denominator; ignored for another ``IFDRational``
    """

    __module__ = "PIL.TiffImagePlugin"

    __slots__ = ("_denominator", "_numerator", "_val")

    _val: Fraction | float
    _numerator: Any
    _denominator: Any

    def __init__(self, value: float | Fraction | IFDRational, denominator: int = 1) -> None:
        if isinstance(value, IFDRational):
            self.__setstate__(value.__getstate__())
            return
        if isinstance(value, Fraction):
            self._numerator, self._denominator = value.numerator, value.denominator
        else:
            self._numerator, self._denominator = value, denominator

        if denominator == 0:
            self._val = float("nan")
        elif denominator == 1:
            self._val = Fraction(value)
        elif int(value) == value:
            self._val = Fraction(int(value), denominator)
        else:
            self._val = Fraction(value / denominator)

    @property
    def numerator(self) -> Any:
        """The numerator as given."""
        return self._numerator

    @property
    def denominator(self) -> Any:
        """The denominator as given."""
        return self._denominator

    def limit_rational(self, max_denominator: int) -> tuple[Any, int]:
        """The nearest fraction whose denominator is at most ``max_denominator``.

        :return: numerator and denominator; those stored if the denominator is 0
        """
        if self._denominator == 0:
            return self._numerator, self._denominator
        assert isinstance(self._val, Fraction)
        nearest = self._val.limit_denominator(max_denominator)
        return nearest.numerator, nearest.denominator

    def __repr__(self) -> str:
        return str(float(self._val))

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self._val)

    def __eq__(self, other: object) -> bool:
        mine = self._val
        if isinstance(other, IFDRational):
            other = other._val
        if isinstance(other, float):
            # 7/5 is to equal 1.4, although no float is exactly 7/5.
            mine = float(mine)
        return mine == other

    def __getstate__(self) -> list[Any]:
        return [self._val, self._numerator, self._denominator]

    def __setstate__(self, state: list[Any]) -> None:
        self._val, self._numerator, self._denominator = state

    __abs__ = _of_value("__abs__")
    __neg__ = _of_value("__neg__")
    __pos__ = _of_value("__pos__")

    __add__, __radd__ = _of_value("__add__"), _of_value("__radd__")
    __sub__, __rsub__ = _of_value("__sub__"), _of_value("__rsub__")
    __mul__, __rmul__ = _of_value("__mul__"), _of_value("__rmul__")
    __truediv__, __rtruediv__ = _of_value("__truediv__"), _of_value("__rtruediv__")
    __floordiv__, __rfloordiv__ = _of_value("__floordiv__"), _of_value("__rfloordiv__")
    __mod__, __rmod__ = _of_value("__mod__"), _of_value("__rmod__")
    __pow__, __rpow__ = _of_value("__pow__"), _of_value("__rpow__")

    __lt__, __le__ = _of_value("__lt__"), _of_value("__le__")
    __gt__, __ge__ = _of_value("__gt__"), _of_value("__ge__")

    __bool__ = _of_value("__bool__")
    __float__ = _of_value("__float__")
    __int__ = _of_value("__int__")
    __trunc__ = _of_value("__trunc__")
    __floor__ = _of_value("__floor__")
    __ceil__ = _of_value("__ceil__")
    __round__ = _of_value("__round__")


def _limit_rational(val: float | Fraction | IFDRational, max_val: int) -> tuple[Any, Any]:
    """Numerator and denominator near ``val``, neither above ``max_val``."""
    if abs(val) > 1:
        # Limiting the reciprocal's denominator limits the numerator.
        denominator, numerator = IFDRational(1 / val).limit_rational(max_val)
        return numerator, denominator
    return IFDRational(val).limit_rational(max_val)


def _limit_signed_rational(
    val: float | Fraction | IFDRational, max_val: int, min_val: int
) -> tuple[Any, Any]:
    """Numerator and denominator near ``val``, both in ``min_val`` to ``max_val``."""
    exact = val if isinstance(val, Rational) else Fraction(val)
    pair = exact.numerator, exact.denominator
    if min(pair) < min_val:
        pair = _limit_rational(val, abs(min_val))
    if max(pair) > max_val:
        pair = _limit_rational(float(pair[0]) / float(pair[1]), max_val)
    return pair
