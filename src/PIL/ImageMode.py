"""What a mode name means: bands, base mode, band type, and array interface type string."""

from __future__ import annotations

import sys
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple

    class ModeDescriptor(NamedTuple):
        """``mode``, its ``bands`` (names), ``basemode`` ("L", "RGB" or "P"), ``basetype`` (mode of
        a single band: "L", "I" or "F") and ``typestr`` (of the array interface)."""

        mode: str
        bands: tuple[str, ...]
        basemode: str
        basetype: str
        typestr: str

else:
    # typing.NamedTuple would make `import PIL.Image` load typing, a quarter of its time
    from collections import namedtuple

    ModeDescriptor = namedtuple(  # noqa: PYI024
        "ModeDescriptor", "mode bands basemode basetype typestr"
    )
    ModeDescriptor.__str__ = lambda self: self.mode

_NATIVE = "<" if sys.byteorder == "little" else ">"

# mode: (bands, base mode, band type, array type)
_MODES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "1": (("1",), "L", "L", "|b1"),
    "L": (("L",), "L", "L", "|u1"),
    "I": (("I",), "L", "I", f"{_NATIVE}i4"),
    "F": (("F",), "L", "F", f"{_NATIVE}f4"),
    "P": (("P",), "P", "L", "|u1"),
    "LA": (("L", "A"), "L", "L", "|u1"),
    "La": (("L", "a"), "L", "L", "|u1"),
    "PA": (("P", "A"), "RGB", "L", "|u1"),
    "YCbCr": (("Y", "Cb", "Cr"), "RGB", "L", "|u1"),
}
for _mode in ("RGB", "RGBX", "RGBA", "RGBa", "CMYK", "LAB", "HSV"):
    _MODES[_mode] = (tuple(_mode), "RGB", "L", "|u1")
# Raw numbers of 16 and 32 bits: no suffix or L little-endian, B big, N native; S signed.
for _suffix, _order in (("", "<"), ("L", "<"), ("B", ">"), ("N", _NATIVE)):
    _MODES[f"I;16{_suffix}"] = (("I",), "L", "L", f"{_order}u2")
for _suffix, _order in (("", "<"), ("L", "<"), ("B", ">")):
    _MODES[f"I;32{_suffix}"] = (("I",), "L", "L", f"{_order}u4")
for _suffix, _order in (("S", "<"), ("LS", "<"), ("BS", ">"), ("NS", _NATIVE)):
    _MODES[f"I;16{_suffix}"] = (("I",), "L", "L", f"{_order}i2")
for _suffix, _order in (("S", "<"), ("LS", "<"), ("BS", ">")):
    _MODES[f"I;32{_suffix}"] = (("I",), "L", "L", f"{_order}i4")
del _mode, _suffix, _order


@lru_cache
def getmode(mode: str) -> ModeDescriptor:
    """The descriptor of a mode, always the same object.

    :exception KeyError: For an unknown name.
    """
    return ModeDescriptor(mode, *_MODES[mode])
