"""The memory of core images, and Arrow structures made by hand, for the tests of the core."""

from __future__ import annotations

import ctypes
from typing import Any

from PIL import Image

core = Image.core

MODES = (
    "1", "L", "P", "I", "F", "I;16", "I;16L", "I;16B", "I;16N", "LA", "La", "PA",
    "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB",
)  # fmt: skip
ONE_BYTE = ("1", "L", "P")
TWO_BYTES = ("I;16", "I;16L", "I;16B", "I;16N")


def pixel_size(mode: str) -> int:
    return 1 if mode in ONE_BYTE else 2 if mode in TWO_BYTES else 4


class ArrowSchema(ctypes.Structure):
    pass


class ArrowArray(ctypes.Structure):
    pass


RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowSchema))
RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowArray))

ArrowSchema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowSchema))),
    ("dictionary", ctypes.POINTER(ArrowSchema)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]
ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(ArrowArray))),
    ("dictionary", ctypes.POINTER(ArrowArray)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
_new = ctypes.pythonapi.PyCapsule_New
_new.restype = ctypes.py_object
_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


def schema_of(capsule: Any) -> ArrowSchema:
    return ArrowSchema.from_address(_pointer(capsule, b"arrow_schema"))


def array_of(capsule: Any) -> ArrowArray:
    return ArrowArray.from_address(_pointer(capsule, b"arrow_array"))


def capsule(structure: ArrowSchema | ArrowArray) -> Any:
    """A capsule of a structure that the caller keeps alive."""
    name = b"arrow_schema" if isinstance(structure, ArrowSchema) else b"arrow_array"
    return _new(ctypes.addressof(structure), name, None)


def memory(image: Any) -> bytes:
    """All bytes of the pixels, unused ones included."""
    image = image.crop((0, 0, *image.size))
    holder = image.__arrow_c_array__()
    array = array_of(holder)
    if array.n_children:
        array = array.children[0].contents
    length = image.size[0] * image.size[1] * pixel_size(image.mode)
    return ctypes.string_at(array.buffers[1], length)
