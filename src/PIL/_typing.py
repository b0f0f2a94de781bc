"""Names for type annotations that not every supported Python version has.

Only ``Buffer``, ``IntegralLike``, ``StrOrBytesPath`` and ``SupportsRead`` exist at run time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numbers import _IntegralLike as IntegralLike

    import numpy.typing as npt
    from typing_extensions import CapsuleType as CapsuleType  # in types since 3.13

    NumpyArray = npt.NDArray[Any]
else:
    from numbers import Integral as IntegralLike

    CapsuleType = object

if sys.version_info >= (3, 12):
    from collections.abc import Buffer
else:
    Buffer = Any

_T_co = TypeVar("_T_co", covariant=True)


class SupportsRead(Protocol[_T_co]):
    """Anything with a ``read`` method like that of a file."""

    def read(self, length: int = ..., /) -> _T_co: ...


StrOrBytesPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]
Coords = Sequence[float] | Sequence[Sequence[float]]
_Ink = float | tuple[int, ...] | str

__all__ = ["Buffer", "IntegralLike", "StrOrBytesPath", "SupportsRead"]
