"""Making images: colours, bytes, buffers, arrays, Arrow. Expected values are Pillow 13.0.0's."""

from __future__ import annotations

import struct

import pytest

from PIL import Image


@pytest.mark.parametrize(
    ("mode", "color", "pixel"),
    [
        ("L", 300, 255),
        ("L", -3, 0),
        ("L", (7,), 7),
        ("1", 1, 1),
        ("I", -5, -5),
        ("I;16", -5, 65531),
        ("F", 1.5, 1.5),
        ("LA", 0x80000042, (0x42, 0x80)),
        ("LA", (1, 2), (1, 2)),
        ("RGB", 0x030201, (1, 2, 3)),
        ("RGB", (300, -1, 2), (255, 0, 2)),
        ("RGBA", (1, 2, 3), (1, 2, 3, 255)),
        ("RGBA", 0, (0, 0, 0, 0)),
        ("CMYK", (1, 2, 3), (1, 2, 3, 255)),
        ("L", "orange", 173),
        ("LA", "#12345678", (46, 120)),
        ("RGBa", "#12345678", (8, 24, 40, 120)),
        ("HSV", "orange", (27, 255, 255)),
        ("PA", (1, 2), (1, 2)),
    ],
)
def test_new_color(mode: str, color: object, pixel: object) -> None:
    im = Image.new(mode, (2, 3), color)  # type: ignore[arg-type]
    assert (im.mode, im.size) == (mode, (2, 3))
    assert {im.getpixel((x, y)) for x in range(2) for y in range(3)} == {pixel}


@pytest.mark.parametrize("color", ["red", (255, 0, 0), [255, 0, 0], (255, 0, 0, 255)])
def test_new_palette_color(color: object) -> None:
    im = Image.new("P", (1, 1), color)  # type: ignore[arg-type]
    assert im.palette is not None
    assert im.palette.dirty == 1
    assert im.getpixel((0, 0)) == 0
    assert im.palette.dirty == 0
    assert im.getpalette() == [255, 0, 0]


@pytest.mark.parametrize(
    ("mode", "color", "error", "text"),
    [
        ("P", (1, 2, 3, 4), ValueError, "non-opaque"),
        ("P", (1, 2), TypeError, "single-element tuple"),
        ("P", (1.0, 2, 3), TypeError, "single-element tuple"),
        ("P", (300, 1, 2), ValueError, "range"),
        ("PA", "red", TypeError, "one or two elements"),
        ("RGB", [1, 2, 3], TypeError, "int or tuple"),
        ("RGB", (1, 2), TypeError, "one, three or four elements"),
        ("L", 1.5, TypeError, "single-element tuple"),
        ("L", 2**70, OverflowError, None),
        ("RGB", "no such colour", ValueError, "unknown color specifier"),
        ("nope", 0, ValueError, "unrecognized image mode"),
        ("nope", "red", KeyError, "nope"),
    ],
)
def test_new_bad_color(mode: str, color: object, error: type[Exception], text: str | None) -> None:
    with pytest.raises(error, match=text):
        Image.new(mode, (1, 1), color)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (5, ValueError),
        ("ab", ValueError),
        ((1,), ValueError),
        ((1, 2, 3), ValueError),
        ((-1, 1), ValueError),
        ((1, -1), ValueError),
        ((1.5, 2), TypeError),
        ((2**31, 1), OverflowError),
        ((2**29 - 1, 0), MemoryError),
    ],
)
def test_bad_size(size: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        Image.new("L", size)  # type: ignore[arg-type]
    with pytest.raises(error):
        Image.frombytes("L", size, b"")  # type: ignore[arg-type]


def test_frombytes_arguments() -> None:
    data = bytes(range(6))
    assert Image.frombytes("L", (3, 2), data).tobytes() == data
    assert Image.frombytes("L", (3, 2), data + b"more").tobytes() == data
    flipped = Image.frombytes("L", (3, 2), data, "raw", "L", 0, -1)
    assert flipped.tobytes() == data[3:] + data[:3]
    assert Image.frombytes("L", (3, 2), data, "raw", ("L", 0, -1)).tobytes() == flipped.tobytes()
    strided = Image.frombytes("L", (2, 2), data, "raw", "L", 3)
    assert strided.tobytes() == bytes((0, 1, 3, 4))
    # no data are needed for no pixels, whatever the decoder
    assert Image.frombytes("L", (0, 2), b"", "no such decoder").tobytes() == b""


@pytest.mark.parametrize(
    ("args", "error", "text"),
    [
        ((b"abc",), ValueError, "not enough image data"),
        ((b"abcd", "raw", "L", 1), ValueError, "cannot decode image data"),
        ((b"abcd", "raw", "no such"), ValueError, "unknown raw mode"),
        ((b"abcd", "no such"), OSError, "decoder no such not available"),
        (("abcd",), TypeError, None),
    ],
)
def test_frombytes_errors(
    args: tuple[object, ...], error: type[Exception], text: str | None
) -> None:
    with pytest.raises(error, match=text):
        Image.frombytes("L", (2, 2), *args)  # type: ignore[arg-type]


def test_frombuffer_shares_and_copies_on_write() -> None:
    data = bytearray(range(4))
    im = Image.frombuffer("L", (2, 2), data)
    assert im.readonly == 1
    assert im.im.readonly == 0  # the buffer itself could be written to
    data[0] = 99
    assert im.getpixel((0, 0)) == 99
    im.putpixel((1, 1), 50)
    assert im.readonly == 0
    assert data == bytes((99, 1, 2, 3))
    assert im.tobytes() == bytes((99, 1, 2, 50))


def test_frombytes_never_writes_to_an_immutable_object() -> None:
    # Pillow overwrites the bytes object here; nobody can want that
    data = bytes(range(4))
    im = Image.frombuffer("L", (2, 2), data)
    im.frombytes(b"wxyz")
    assert im.tobytes() == b"wxyz"
    assert data == bytes(range(4))


def test_frombuffer_takes_the_raw_mode_as_mode() -> None:
    assert Image.frombuffer("RGB", (1, 1), b"abcd", "raw", "RGBX", 0, 1).mode == "RGBX"
    copied = Image.frombuffer("RGB", (1, 1), b"abc", "raw", "RGB", 0, 1)
    assert (copied.mode, copied.readonly) == ("RGB", 0)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (("raw", "L"), TypeError),
        (("raw", ("L", 0, 1, 2)), TypeError),
        (("raw", "L", 100, 1), ValueError),
        (("no such",), OSError),
    ],
)
def test_frombuffer_errors(args: tuple[object, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        Image.frombuffer("L", (2, 2), b"abcd", *args)  # type: ignore[arg-type]


class Array:
    """Something with the array interface that is not numpy."""

    def __init__(self, data: bytes, shape: tuple[int, ...], typestr: str, **more: object) -> None:
        self.data = data
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": typestr,
            "data": data,
            **more,
        }

    def tobytes(self) -> bytes:
        return self.data


@pytest.mark.parametrize(
    ("typestr", "shape", "data", "mode", "pixels"),
    [
        ("|b1", (1, 2), b"\0\1", "1", (0, 255)),
        ("|u1", (1, 2), b"\x05\xff", "L", (5, 255)),
        ("|i1", (1, 2), b"\x05\xfb", "I", (5, 251)),
        ("<u2", (1, 1), b"\x01\x02", "I;16", (0x201,)),
        (">u2", (1, 1), b"\x01\x02", "I;16B", (0x102,)),
        ("<i2", (1, 1), b"\xfe\xff", "I", (-2,)),
        (">i2", (1, 1), b"\xff\xfe", "I", (-2,)),
        ("<u4", (1, 1), b"\xfe\xff\xff\xff", "I", (-2,)),
        (">i4", (1, 1), b"\0\0\1\2", "I", (258,)),
        ("<f4", (1, 1), struct.pack("<f", 2.5), "F", (2.5,)),
        (">f8", (1, 1), struct.pack(">d", -2.5), "F", (-2.5,)),
        ("|u1", (1, 1, 2), b"\1\2", "LA", ((1, 2),)),
        ("|u1", (1, 1, 3), b"\1\2\3", "RGB", ((1, 2, 3),)),
        ("|u1", (1, 1, 4), b"\1\2\3\4", "RGBA", ((1, 2, 3, 4),)),
    ],
)
def test_fromarray_types(
    typestr: str, shape: tuple[int, ...], data: bytes, mode: str, pixels: tuple[object, ...]
) -> None:
    # with strides the object is asked for its bytes, which needs no numpy
    im = Image.fromarray(Array(data, shape, typestr, strides=(1,)))
    assert (im.mode, im.size) == (mode, (shape[1], shape[0]))
    assert im.get_flattened_data() == pixels


@pytest.mark.parametrize(
    ("array", "mode", "error", "text"),
    [
        (Array(b"", (1, 2, 3, 4), "|u1"), None, TypeError, r"\(1, 1, 3, 4\), \|u1"),
        (Array(b"", (1, 2), "<i8"), None, TypeError, r"\(1, 1\), <i8"),
        (Array(b"ab", (1, 2), "|u1"), "RGB", ValueError, "Invalid mode"),
        (Array(b"a", (1, 1, 1), "|u1"), None, TypeError, None),
        (object(), None, AttributeError, "__array_interface__"),
    ],
)
def test_fromarray_errors(
    array: object, mode: str | None, error: type[Exception], text: str | None
) -> None:
    with pytest.raises(error, match=text):
        Image.fromarray(array, mode)  # type: ignore[arg-type]


def test_array_interface() -> None:
    im = Image.new("1", (2, 1), 1)
    interface = im.__array_interface__
    assert interface == {"version": 3, "shape": (1, 2), "typestr": "|b1", "data": b"\xff\xff"}
    assert Image.new("YCbCr", (2, 1)).__array_interface__["shape"] == (1, 2, 3)


def test_arrow_round_trip() -> None:
    im = Image.frombytes("RGB", (2, 1), b"abcdef")
    again = Image.fromarrow(im, "RGB", (2, 1))
    assert again.tobytes() == b"abcdef"
    assert again.readonly == 1
    again.putpixel((0, 0), (1, 2, 3))
    assert im.tobytes() == b"abcdef"
    with pytest.raises(ValueError):
        Image.fromarrow(im, "RGB", (3, 1))
    with pytest.raises(ValueError, match="arrow_c_array"):
        Image.fromarrow(5, "RGB", (1, 1))  # type: ignore[arg-type]


def test_merge_checks() -> None:
    grey, wide = Image.new("L", (2, 2)), Image.new("L", (3, 2))
    for mode, bands, text in (
        ("RGB", [grey, grey], "wrong number of bands"),
        ("RGB", [grey, grey, Image.new("P", (2, 2))], "mode mismatch"),
        ("RGB", [grey, grey, wide], "size mismatch"),
    ):
        with pytest.raises(ValueError, match=text):
            Image.merge(mode, bands)
    with pytest.raises(KeyError):
        Image.merge("no such", [grey])


def test_merge_keeps_info_and_palette_of_the_first_band() -> None:
    indices = Image.new("P", (1, 1), (9, 8, 7))
    indices.info["a"] = [1]
    merged = Image.merge("PA", (indices, Image.new("L", (1, 1), 5)))
    assert merged.info == {"a": [1]}
    assert merged.info["a"] is not indices.info["a"]
    assert merged.getpalette() == [9, 8, 7]


def test_tobytes_errors() -> None:
    im = Image.new("L", (2, 2))
    with pytest.raises(RuntimeError, match="encoder error -8 in tobytes"):
        im.tobytes("raw", "L", 1)
    with pytest.raises(ValueError):
        im.tobytes("raw", "no such")
    with pytest.raises(OSError, match="encoder no such not available"):
        im.tobytes("no such")


@pytest.mark.parametrize("mode", Image.MODES)
def test_tobytes_of_many_rows(mode: str) -> None:
    # more than one encoder buffer of 64 KiB, and an odd width
    im = Image.new(mode, (333, 500))
    packed = {"1": 42, "I": 4 * 333, "F": 4 * 333}.get(mode)
    if packed is None:
        packed = 333 * (2 if mode.startswith("I;16") else len(im.getbands()))
    # a and b of LAB are signed in files: 128 there is 0 in memory
    row = b"\0\x80\x80" * 333 if mode == "LAB" else bytes(packed)
    assert im.tobytes() == row * 500


def test_tobitmap() -> None:
    assert Image.new("1", (9, 1), 1).tobitmap("x") == (
        b"#define x_width 9\n#define x_height 1\nstatic char x_bits[] = {\n0xff,0x01\n};"
    )
    with pytest.raises(ValueError, match="not a bitmap"):
        Image.new("L", (1, 1)).tobitmap()


def test_frombytes_from_within_load() -> None:
    """A plugin whose load() fills a borrowed image does not come back to load()."""

    class Plugin(Image.Image):
        def load(self) -> Image.core.PixelAccess | None:
            self.frombytes(b"\x07" * 4)
            return super().load()

    whole = Image.frombuffer("L", (2, 2), bytes(4), "raw", "L", 0, 1)
    assert whole.readonly
    plugin = Plugin()
    plugin.im, plugin._mode, plugin._size, plugin.readonly = whole.im, "L", (2, 2), 1
    assert plugin.tobytes() == b"\x07" * 4
    assert whole.tobytes() == bytes(4)
