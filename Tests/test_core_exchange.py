"""Memory shared with others: mapped buffers, the Arrow C data interface."""

from __future__ import annotations

import ctypes
import gc
import json
import struct
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from core_memory import (
    MODES,
    RELEASE_ARRAY,
    RELEASE_SCHEMA,
    ArrowArray,
    ArrowSchema,
    array_of,
    capsule,
    core,
    memory,
    pixel_size,
    schema_of,
)


class Exporter(bytearray):
    """A buffer whose end can be watched."""


def test_map_buffer() -> None:
    image = core.map_buffer(b"abcd", (2, 2), "raw", 0, ("L", 0, 1))
    assert (image.mode, image.size, image.readonly, image.isblock()) == ("L", (2, 2), 1, False)
    assert memory(image) == b"abcd"
    assert memory(core.map_buffer(b"abcdef", (2, 2), "raw", 1, ("L", 2, 1))) == b"bcde"
    assert memory(core.map_buffer(b"abc.ef", (2, 2), "raw", 0, ("P", 3, 1))) == b"ab.e"
    for ystep in (0, -1, -5):
        assert memory(core.map_buffer(b"abcd", (2, 2), "raw", 0, ("L", 0, ystep))) == b"cdab"
    wide = core.map_buffer(bytes(range(16)), (2, 2), "any", 0, ("I;16", 8, 1))
    assert memory(wide) == bytes([0, 1, 2, 3, 8, 9, 10, 11])
    assert memory(core.map_buffer(bytes(16), (2, 2), "raw", 0, ("RGBA", 3, 1))) == bytes(16)
    assert core.map_buffer(b"", (0, 5), "raw", 0, ("L", 0, 1)).size == (0, 5)


def test_map_buffer_shares() -> None:
    data = Exporter(b"abcd")
    gone = weakref.ref(data)
    image = core.map_buffer(data, (2, 2), "raw", 0, ("L", 0, 1))
    assert image.readonly == 0
    image.putpixel((1, 1), 1)
    assert data == b"abc\1"
    with pytest.raises(BufferError):
        data.append(1)
    del data
    gc.collect()
    assert image[3] == 1
    assert gone() is not None
    del image
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    ("args", "error"),
    (
        (("ab", (1, 1), "raw", 0, ("L", 0, 1)), TypeError),
        ((5, (1, 1), "raw", 0, ("L", 0, 1)), TypeError),
        ((memoryview(bytes(8))[::2], (1, 1), "raw", 0, ("L", 0, 1)), BufferError),
        ((b"abcd", (2, 2), "raw", 1, ("L", 0, 1)), ValueError),
        ((b"abcd", (2, 2), "raw", -1, ("L", 0, 1)), ValueError),
        ((b"abcde", (2, 2), "raw", 0, ("L", 3, 1)), ValueError),  # the last stride counts in full
        ((b"abcd", (2, 2), "raw", 0, ("1", 0, 1)), ValueError),  # mode 1 counts as 4 bytes
        ((bytes(64), (2, 2), "raw", 0, ("X", 0, 1)), ValueError),
        ((b"abcd", (-2, 2), "raw", 0, ("L", 0, 1)), ValueError),
        ((b"abcd", (2, -2), "raw", 0, ("L", 0, 1)), ValueError),
        ((b"abcd", (2, 2), "raw", 2**63 - 1, ("L", 0, 1)), MemoryError),
        ((b"abcd", (2**30, 0), "raw", 0, ("L", 0, 1)), MemoryError),
        ((b"abcd", (2, 2), "raw", 0, ("L", 2**31, 1)), OverflowError),
        ((b"abcd", (2, 2), "raw", 2**63, ("L", 0, 1)), OverflowError),
        ((b"abcd", (2**28, 2**31 - 1), "raw", 0, ("RGB", 2**31 - 1, 1)), ValueError),
    ),
)
def test_map_buffer_refuses(args: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        core.map_buffer(*args)


FORMATS = {"I": b"i", "F": b"f", "I;16": b"s", "I;16L": b"s", "I;16B": b"s", "I;16N": b"s"}
BANDS = {
    "1": ["1"], "L": ["L"], "P": ["P"], "I": ["I"], "F": ["F"],
    "I;16": ["I"], "I;16L": ["I"], "I;16B": ["I"], "I;16N": ["I"],
    "LA": list("LXXA"), "La": list("LXXa"), "PA": list("PXXA"), "RGB": list("RGBX"),
    "RGBA": list("RGBA"), "RGBa": list("RGBa"), "RGBX": list("RGBX"), "CMYK": list("CMYK"),
    "YCbCr": ["Y", "Cb", "Cr", "X"], "HSV": list("HSVX"), "LAB": list("LabX"),
}  # fmt: skip


def bands_of(schema: ArrowSchema) -> Any:
    pairs, key, name, length = struct.unpack("=ii5si", ctypes.string_at(schema.metadata, 17))
    assert (pairs, key, name) == (1, 5, b"image")
    text = ctypes.string_at(schema.metadata + 17, length).decode()
    meaning = json.loads(text)
    assert text == json.dumps(meaning)
    assert list(meaning) == ["bands"]
    return meaning["bands"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", ((3, 2), (0, 4), (4, 0)))
def test_arrow_export(mode: str, size: tuple[int, int]) -> None:
    image = core.fill(mode, size, 3)
    pixels = size[0] * size[1]
    schema_holder, array_holder = image.__arrow_c_schema__(), image.__arrow_c_array__(None, 1)
    schema, array = schema_of(schema_holder), array_of(array_holder)
    assert array.length == pixels
    if image.bands > 1:
        assert (schema.format, schema.name, schema.metadata) == (b"+w:4", b"", None)
        assert (schema.n_children, schema.flags) == (1, 0)
        assert (array.n_buffers, array.n_children, array.buffers[0]) == (1, 1, None)
        schema, array = schema.children[0].contents, array.children[0].contents
        assert (schema.format, schema.name) == (b"C", mode.encode())
        assert array.length == 4 * pixels
    else:
        assert (schema.format, schema.name) == (FORMATS.get(mode, b"C"), BANDS[mode][0].encode())
    assert (schema.flags, schema.n_children) == (0, 0)
    assert bands_of(schema) == BANDS[mode]
    assert (array.null_count, array.offset, array.n_buffers, array.n_children) == (0, 0, 2, 0)
    assert array.buffers[0] is None
    expected = memory(image) if pixels else b""
    del image
    gc.collect()
    assert ctypes.string_at(array.buffers[1], pixels * pixel_size(mode)) == expected


@pytest.mark.parametrize("mode", MODES)
def test_arrow_there_and_back(mode: str) -> None:
    image = core.fill(mode, (3, 2), 3)
    back = core.new_arrow(mode, (3, 2), image.__arrow_c_schema__(), image.__arrow_c_array__())
    assert (back.mode, back.size, back.readonly) == (mode, (3, 2), 1)
    assert memory(back) == memory(image)
    image.putpixel((0, 0), 1)
    assert memory(back) == memory(image)


def test_arrow_needs_contiguous_rows() -> None:
    core.set_block_size(4096)
    core.set_alignment(16)
    try:
        several, padded = core.new("L", (4096, 2)), core.new("L", (5, 2))
        one_row = core.new("L", (5, 1))
    finally:
        core.set_block_size(1 << 24)
        core.set_alignment(1)
    strided = core.map_buffer(bytes(9), (2, 3), "raw", 0, ("L", 3, 1))
    reverse = core.map_buffer(bytes(9), (3, 3), "raw", 0, ("L", 0, -1))
    for image in (several, padded, strided, reverse):
        for call in (image.__arrow_c_schema__, image.__arrow_c_array__):
            with pytest.raises(ValueError, match="not contiguous"):
                call()
    for image in (one_row, core.map_buffer(bytes(9), (3, 3), "raw", 0, ("L", 0, 1))):
        assert array_of(image.__arrow_c_array__()).length == image.size[0] * image.size[1]


def test_arrow_child_may_be_moved_away() -> None:
    """A consumer may take the child, release the parent, and release the child later."""
    data = Exporter(bytes(range(16)))
    gone = weakref.ref(data)
    image = core.map_buffer(data, (2, 2), "raw", 0, ("RGBA", 0, 1))
    del data
    holder, schema_holder = image.__arrow_c_array__(), image.__arrow_c_schema__()
    for parent, kind, prototype in (
        (array_of(holder), ArrowArray, RELEASE_ARRAY),
        (schema_of(schema_holder), ArrowSchema, RELEASE_SCHEMA),
    ):
        moved = kind()
        size = ctypes.sizeof(kind)
        ctypes.memmove(ctypes.addressof(moved), ctypes.addressof(parent.children[0].contents), size)
        parent.children[0].contents.release = None
        prototype(parent.release)(ctypes.pointer(parent))
        assert parent.release is None
        if kind is ArrowArray:
            assert ctypes.string_at(moved.buffers[1], 16) == bytes(range(16))
        else:
            assert moved.name == b"RGBA"
        prototype(moved.release)(ctypes.pointer(moved))
        assert moved.release is None
    del image, holder, schema_holder
    gc.collect()
    assert gone() is None


class Made:
    """An Arrow array of numbers made by hand, possibly wrong; counts its releases."""

    def __init__(self, fmt: bytes | None, data: bytes, length: int) -> None:
        self.released = {"schema": 0, "array": 0}
        self.bytes = ctypes.create_string_buffer(data, max(1, len(data)))
        self.buffers = (ctypes.c_void_p * 2)(None, ctypes.addressof(self.bytes))
        self.on_schema = RELEASE_SCHEMA(lambda s: self.done("schema", s))
        self.on_array = RELEASE_ARRAY(lambda a: self.done("array", a))
        self.schema = ArrowSchema(format=fmt, name=b"")
        self.array = ArrowArray(length=length, n_buffers=2)
        self.array.buffers = ctypes.cast(self.buffers, ctypes.POINTER(ctypes.c_void_p))
        self.schema.release = ctypes.cast(self.on_schema, ctypes.c_void_p).value
        self.array.release = ctypes.cast(self.on_array, ctypes.c_void_p).value

    def done(self, what: str, structure: Any) -> None:
        self.released[what] += 1
        structure.contents.release = None

    def wrap(self, length: int) -> Made:
        """A list of four around this."""
        outer = Made(b"+w:4", b"", length)
        outer.inner = self  # type: ignore[attr-defined]
        outer.schemas = (ctypes.POINTER(ArrowSchema) * 1)(ctypes.pointer(self.schema))  # type: ignore[attr-defined]
        outer.arrays = (ctypes.POINTER(ArrowArray) * 1)(ctypes.pointer(self.array))  # type: ignore[attr-defined]
        outer.schema.children = ctypes.cast(outer.schemas, type(outer.schema.children))  # type: ignore[attr-defined]
        outer.array.children = ctypes.cast(outer.arrays, type(outer.array.children))  # type: ignore[attr-defined]
        outer.schema.n_children = outer.array.n_children = 1
        outer.array.n_buffers = 1
        return outer

    def read(self, mode: str, size: tuple[int, int]) -> Any:
        return core.new_arrow(mode, size, capsule(self.schema), capsule(self.array))


PIXELS = bytes(range(24))


@pytest.mark.parametrize(
    ("mode", "make"),
    (
        ("RGB", lambda: Made(b"I", PIXELS, 6)),
        ("RGBA", lambda: Made(b"C", PIXELS, 24)),
        ("LA", lambda: Made(b"C", PIXELS, 24).wrap(6)),
        ("F", lambda: Made(b"f", PIXELS, 6)),
        ("I", lambda: Made(b"i", PIXELS, 6)),
    ),
)
def test_arrow_import(mode: str, make: Callable[[], Made]) -> None:
    made = make()
    image = made.read(mode, (3, 2))
    assert memory(image) == PIXELS
    assert made.array.release is None  # moved
    assert made.released["array"] == 0
    del image
    gc.collect()
    assert made.released == {"schema": 0, "array": 1}
    with pytest.raises(ValueError, match="released"):
        made.read(mode, (3, 2))


def test_arrow_offsets_count_elements() -> None:
    words = Made(b"I", PIXELS, 2)
    words.array.offset = 3
    assert memory(words.read("RGB", (2, 1))) == PIXELS[12:20]
    small = Made(b"s", PIXELS, 2)
    small.array.offset = 3
    assert memory(small.read("I;16B", (2, 1))) == PIXELS[6:10]
    flat = Made(b"C", PIXELS, 8)
    flat.array.offset = 3
    assert memory(flat.read("RGBA", (2, 1))) == PIXELS[3:11]
    inner = Made(b"C", PIXELS, 8)
    inner.array.offset = 4
    outer = inner.wrap(2)
    outer.array.offset = 1  # ignored
    assert memory(outer.read("RGBA", (2, 1))) == PIXELS[4:12]


def test_arrow_empty() -> None:
    made = Made(b"C", b"", 0)
    made.buffers[1] = None
    assert made.read("L", (0, 3)).size == (0, 3)


def hostile(change: Callable[[Made], None], wrap: bool) -> Made:
    made = Made(b"C", PIXELS, 24)
    if wrap:
        made = made.wrap(6)
    change(made)
    return made


def setting(path: str, value: Any) -> Callable[[Made], None]:
    """Sets one field, as in `array.length`."""

    def change(made: Made) -> None:
        owner: Any = made
        *outer, last = path.split(".")
        for name in outer:
            owner = getattr(owner, name)
        setattr(owner, last, value)

    return change


def self_child(made: Made) -> None:
    """Structures that are their own children."""
    made.schemas[0] = ctypes.pointer(made.schema)  # type: ignore[attr-defined]
    made.arrays[0] = ctypes.pointer(made.array)  # type: ignore[attr-defined]


def null_child(which: str) -> Callable[[Made], None]:
    return lambda made: getattr(made, which).__setitem__(0, None)


FLAT: list[tuple[str, Any]] = [
    ("schema.format", None), ("schema.format", b""), ("schema.format", b"c"),
    ("schema.format", b"+w:3"), ("schema.format", b"+w:4"), ("schema.release", None),
    ("schema.n_children", 1), ("schema.n_children", -1), ("array.release", None),
    ("array.length", 23), ("array.length", 25), ("array.length", -24), ("array.length", 2**62),
    ("array.n_buffers", 1), ("array.n_buffers", 3), ("array.n_buffers", -1),
    ("array.n_children", 1), ("array.offset", -1), ("array.offset", 2**63 - 1),
    ("array.buffers", None),
]  # fmt: skip
NESTED: list[tuple[str, Any]] = [
    ("schema.children", None), ("array.children", None), ("schema.n_children", 0),
    ("schema.n_children", 2), ("array.n_children", 0), ("array.n_children", -1),
    ("array.length", 5), ("array.length", -6), ("inner.schema.format", None),
    ("inner.schema.format", b"+w:4"), ("inner.array.length", 23), ("inner.array.length", -24),
    ("inner.array.offset", -1), ("inner.array.offset", 2**63 - 10),
    ("inner.array.n_buffers", 1), ("inner.array.buffers", None),
]  # fmt: skip
CHANGES = [(setting(path, value), False) for path, value in FLAT]
CHANGES += [(setting(path, value), True) for path, value in NESTED]
CHANGES += [(self_child, True), (null_child("schemas"), True), (null_child("arrays"), True)]
CHANGES += [(lambda made: made.buffers.__setitem__(1, None), False)]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_arrow_refuses(number: int) -> None:
    change, wrap = CHANGES[number]
    made = hostile(change, wrap)
    before = made.array.release
    with pytest.raises(ValueError):
        made.read("RGBA", (3, 2))
    assert made.array.release == before  # not moved
    assert made.released == {"schema": 0, "array": 0}


def test_arrow_refuses_modes_and_capsules() -> None:
    for mode, fmt in (("L", b"I"), ("I", b"I"), ("F", b"i"), ("I;16", b"S"), ("RGB", b"i")):
        with pytest.raises(ValueError):
            Made(fmt, PIXELS, 6).read(mode, (3, 2))
    made = Made(b"C", PIXELS, 24)
    for mode, size, error in (
        ("X", (3, 2), ValueError), ("RGB", (-3, -2), ValueError),
        ("L", (2**29, 0), MemoryError), ("RGB", (2**29, 2**31 - 1), MemoryError),
    ):  # fmt: skip
        with pytest.raises(error):
            made.read(mode, size)
    schema, array = capsule(made.schema), capsule(made.array)
    for wrong in ((array, schema), (schema, schema), (5, array), (schema, None)):
        with pytest.raises(ValueError):
            core.new_arrow("RGBA", (3, 2), *wrong)


def test_last_reference_in_another_thread() -> None:
    """The exporter of a mapped buffer is let go wherever the last array is released."""
    data = Exporter(bytes(16))
    gone = weakref.ref(data)
    holders = [core.map_buffer(data, (4, 4), "raw", 0, ("L", 0, 1)).__arrow_c_array__()]
    del data
    thread = threading.Thread(target=holders.clear)
    thread.start()
    thread.join()
    gc.collect()
    assert gone() is None
