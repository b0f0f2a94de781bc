"""Two small helpers used all over the package."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, TypeGuard

    from ._typing import StrOrBytesPath

_NAMES = (str, bytes)


def is_path(f: Any) -> TypeGuard[StrOrBytesPath]:
    """Whether ``f`` names a file (str, bytes or :class:`os.PathLike`) rather than being one."""
    # Asking the class is what os.PathLike does, without the machinery of an abstract class.
    return isinstance(f, _NAMES) or hasattr(type(f), "__fspath__")


def publish(namespace: dict[str, Any], *written_in: str) -> None:
    """Makes the functions that a module has from private ones its own.

    Programs, pickles and documentation look for them there.
    """
    for value in namespace.values():
        if callable(value) and getattr(value, "__module__", None) in written_in:
            value.__module__ = namespace["__name__"]


class DeferredError:
    """Stands where something is missing or gone, and raises ``ex`` once an attribute is used."""

    def __init__(self, ex: BaseException):
        self.ex = ex

    def __getattr__(self, elt: str) -> NoReturn:
        raise self.ex

    @staticmethod
    def new(ex: BaseException) -> Any:
        """A ``DeferredError`` that type checkers accept in any object's place."""
        return DeferredError(ex)
