"""Protocols in the signatures of :mod:`PIL.Image`, which imports this only when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .Image import Transform


class SupportsArrayInterface(Protocol):
    """An object with the array interface of numpy."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


class SupportsArrowArrayInterface(Protocol):
    """An object with the Arrow PyCapsule interface for arrays."""

    def __arrow_c_array__(
        self,
        requested_schema: PyCapsule = None,  # type: ignore[name-defined]  # noqa: F821
    ) -> tuple[PyCapsule, PyCapsule]:  # type: ignore[name-defined]  # noqa: F821
        ...


class SupportsGetData(Protocol):
    """An object that tells method and data of a transform."""

    def getdata(self) -> tuple[Transform, Sequence[int]]: ...


DecoderInput = bytes | bytearray | memoryview | SupportsArrayInterface

# Where programs and their documentation expect them.
for _protocol in (SupportsArrayInterface, SupportsArrowArrayInterface, SupportsGetData):
    _protocol.__module__ = "PIL.Image"
del _protocol
