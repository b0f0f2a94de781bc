"""Arithmetic on whole images, written as Python expressions.

Operands are images of mode ``1``, ``L``, ``I`` or ``F``, and numbers. ``1`` and ``L`` count as
``I`` (32-bit integers that wrap); an operation between ``I`` and ``F`` is done in ``F``. Images of
different sizes are cut to their common top-left part.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from types import CodeType
from typing import Any

from . import Image, _imagingmath

__all__ = ["lambda_eval", "ops", "unsafe_eval"]

_COMPUTED_AS = {"1": "I", "L": "I", "I": "I", "F": "F"}


def _unary(name: str) -> Callable[[_Operand], _Operand]:
    def method(self: _Operand) -> _Operand:
        return self.apply(name)

    return method


def _binary(name: str) -> Callable[[_Operand, Any], _Operand]:
    def method(self: _Operand, other: Any) -> _Operand:
        return self.apply(name, other)

    return method


def _reflected(name: str) -> Callable[[_Operand, Any], _Operand]:
    def method(self: _Operand, other: Any) -> _Operand:
        return self.apply(name, other, reflected=True)

    return method


class _Operand:
    """An image in an expression; its ``im`` attribute is the image."""

    # Comparisons make images, so equality cannot serve a hash.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, im: Image.Image) -> None:
        self.im = im

    def __bool__(self) -> bool:
        return self.im.getbbox() is not None

    def __pos__(self) -> _Operand:
        return self

    def _computable(self) -> Image.Image:
        """The image in the mode that it is computed in."""
        mode = _COMPUTED_AS.get(self.im.mode)
        if mode is None:
            msg = f"unsupported mode: {self.im.mode}"
            raise ValueError(msg)
        return self.im if self.im.mode == mode else self.im.convert(mode)

    def _beside(self, other: Any) -> Image.Image:
        """The other operand: of an image, itself; of a constant, an image filled with it."""
        if isinstance(other, _Operand):
            return other._computable()
        whole = isinstance(other, int) and self.im.mode != "F"
        return Image.new("I" if whole else "F", self.im.size, other)

    def apply(
        self, name: str, other: Any = None, mode: str | None = None, reflected: bool = False
    ) -> _Operand:
        """The operation ``name`` on this operand, or on it and another.

        ``mode`` forces the mode of the result, without conversion of what is written to it.
        """
        first = self._computable()
        if other is None and not reflected:
            operation = _operation(name, first.mode)
            if mode and mode != first.mode:
                out = Image.new(mode, first.size)
                _imagingmath.unop(operation, out.getim(), first.getim())
                return _Operand(out)
            return _Operand(_compute(_imagingmath.unop, operation, [first], [self]))
        second = self._beside(other)
        if reflected:
            first, second = second, first
        if first.mode != second.mode:
            first, second = (im if im.mode == "F" else im.convert("F") for im in (first, second))
        size = (min(first.width, second.width), min(first.height, second.height))
        first, second = (
            im if im.size == size else im.crop((0, 0, *size)) for im in (first, second)
        )
        operation = _operation(name, first.mode)
        out = _compute(_imagingmath.binop, operation, [first, second], [self, other])
        if mode and mode != out.mode:
            out = Image.frombytes(mode, size, out.tobytes())
        return _Operand(out)

    __abs__ = _unary("abs")
    __neg__ = _unary("neg")
    __invert__ = _unary("invert")
    __lshift__ = _binary("lshift")
    __rshift__ = _binary("rshift")
    __eq__ = _binary("eq")  # type: ignore[assignment]
    __ne__ = _binary("ne")  # type: ignore[assignment]
    __lt__ = _binary("lt")
    __le__ = _binary("le")
    __gt__ = _binary("gt")
    __ge__ = _binary("ge")


# Operators that also take the image on their right side.
for _method, _name in (
    ("add", "add"), ("sub", "sub"), ("mul", "mul"), ("truediv", "div"), ("mod", "mod"),
    ("pow", "pow"), ("and", "and"), ("or", "or"), ("xor", "xor"),
):  # fmt: skip
    setattr(_Operand, f"__{_method}__", _binary(_name))
    setattr(_Operand, f"__r{_method}__", _reflected(_name))


def _compute(
    function: Any, operation: int, images: list[Image.Image], operands: list[Any]
) -> Image.Image:
    """The result of an operation on images of one mode and size.

    It is written into an image that was made on the way (a conversion, a constant), if there is
    one: memory that is in the cache already.
    """
    given = [operand.im for operand in operands if isinstance(operand, _Operand)]
    for image in images:
        if not any(image is im for im in given):
            function(operation, image.getim(), *(im.getim() for im in images))
            return Image._from_core(image.im)
    core = function(operation, None, *(im.getim() for im in images))
    return Image._from_core(core)


def _operation(name: str, mode: str) -> Any:
    """The number of an operation for a mode; TypeError where the mode has none."""
    found = getattr(_imagingmath, f"{name}_{mode}", None)
    if found is None:
        msg = f"bad operand type for '{name}'"
        raise TypeError(msg)
    return found


def imagemath_int(self: _Operand) -> _Operand:
    return _Operand(self.im.convert("I"))


def imagemath_float(self: _Operand) -> _Operand:
    return _Operand(self.im.convert("F"))


def imagemath_equal(self: _Operand, other: Any) -> _Operand:
    return self.apply("eq", other, mode="I")


def imagemath_notequal(self: _Operand, other: Any) -> _Operand:
    return self.apply("ne", other, mode="I")


def imagemath_min(self: _Operand, other: Any) -> _Operand:
    return self.apply("min", other)


def imagemath_max(self: _Operand, other: Any) -> _Operand:
    return self.apply("max", other)


def imagemath_convert(self: _Operand, mode: str) -> _Operand:
    return _Operand(self.im.convert(mode))


#: The functions that expressions can call.
ops: dict[str, Callable[..., Any]] = {
    "int": imagemath_int,
    "float": imagemath_float,
    "equal": imagemath_equal,
    "notequal": imagemath_notequal,
    "min": imagemath_min,
    "max": imagemath_max,
    "convert": imagemath_convert,
}


def _names(variables: dict[str, Any]) -> dict[str, Any]:
    """The functions, and the variables with images wrapped as operands."""
    names: dict[str, Any] = {**ops, **variables}
    return {k: _Operand(v) if isinstance(v, Image.Image) else v for k, v in names.items()}


def _result(value: Any) -> Any:
    return getattr(value, "im", value)


def lambda_eval(expression: Callable[[dict[str, Any]], Any], **kw: Any) -> Any:
    """Calls ``expression`` with a dict of operands and functions.

    :param expression: gets the dict, whose keys are the names in ``kw`` and those in :data:`ops`.
    :param kw: images and other values by name.
    :returns: an image, or whatever else the expression gives.
    :raises ValueError: an operand's mode is not 1, L, I or F.
    """
    return _result(expression(_names(kw)))


def _check(code: CodeType, allowed: dict[str, Any]) -> None:
    """Refuses names, in nested functions too, that are not among the allowed ones."""
    for name in code.co_names:
        if name not in allowed and name != "abs":
            msg = f"'{name}' not allowed"
            raise ValueError(msg)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            _check(const, allowed)


def unsafe_eval(expression: str, **kw: Any) -> Any:
    """Evaluates a string as a Python expression on images.

    Do not use it on strings from strangers: the names that it can use are restricted, but Python
    gives no protection against a string made to break out. :func:`lambda_eval` needs no ``eval``.

    :param expression: a Python expression.
    :param kw: images and other values by name.
    :returns: an image, or whatever else the expression gives.
    :raises ValueError: a name that is not allowed, or an operand of another mode than 1, L, I, F.
    """
    for name in kw:
        if "__" in name or hasattr(builtins, name):
            msg = f"'{name}' not allowed"
            raise ValueError(msg)
    names = _names(kw)
    code = compile(expression, "<string>", "eval")
    _check(code, names)
    # As globals, so that nested lambdas and comprehensions see the names too.
    return _result(eval(code, {"__builtins__": {"abs": abs}, **names}))
