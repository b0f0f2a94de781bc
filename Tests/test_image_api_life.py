"""The life of an image: copies, copy on write, closing, pickling; and the cost of the import.

Expected values are Pillow 13.0.0's.
"""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

from PIL import Image, ImageOps

CLOSED = "Operation on closed image"


def test_an_image_without_pixels() -> None:
    im = Image.Image()
    assert (im.mode, im.size, im.load(), im.tobytes(), im.readonly) == ("", (0, 0), None, b"", 0)
    with pytest.raises(AssertionError):
        im.im  # noqa: B018


@pytest.mark.parametrize(
    "use",
    [
        lambda im: im.load(),
        lambda im: im.im,
        lambda im: im.readonly,
        lambda im: im.copy(),
        lambda im: im.getpixel((0, 0)),
        lambda im: im.tobytes(),
        lambda im: im.convert("RGB"),
        lambda im: im.paste(0, (0, 0, 1, 1)),
        lambda im: im == im,
    ],
)
def test_closed(use: Any) -> None:
    im = Image.new("L", (2, 1))
    im.close()
    im.close()
    with pytest.raises(ValueError, match=CLOSED):
        use(im)
    assert im.size == (2, 1)
    assert repr(im).startswith("<PIL.Image.Image image mode=L size=2x1 at 0x")


def test_with_does_not_close_a_plain_image() -> None:
    with Image.new("L", (1, 1), 7) as im:
        pass
    assert im.getpixel((0, 0)) == 7


@pytest.mark.parametrize("name", ["mode", "size", "width", "height"])
def test_fixed_attributes(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Image.new("L", (1, 1)), name, 5)


def test_pixel_access_outlives_the_image() -> None:
    im = Image.new("L", (1, 1), 7)
    pixels = im.load()
    del im
    assert pixels is not None
    assert pixels[0, 0] == 7


@pytest.mark.parametrize(
    "change",
    [
        lambda im: im.putpixel((0, 0), 1),
        lambda im: im.putdata([1]),
        lambda im: im.paste(1, (0, 0, 1, 1)),
        lambda im: im.putalpha(1),
        lambda im: im.thumbnail((1, 1), Image.Resampling.NEAREST),
    ],
)
def test_changes_of_borrowed_pixels_copy_them(change: Any) -> None:
    data = b"abcd"
    im = Image.frombuffer("L", (2, 2), data)
    pixels = im.load()
    assert pixels is not None
    with pytest.raises(ValueError):
        pixels[0, 0] = 1
    change(im)
    assert not im.readonly
    assert data == b"abcd"


def test_results_copy_info() -> None:
    im = Image.new("L", (2, 2))
    im.info.update(a=[1], b={"c": 1})
    for other in (im.copy(), im.convert("RGB"), im.resize((1, 1)), im.rotate(30), im.split()[0]):
        assert type(other) is Image.Image
        assert other.info == im.info
        assert other.info["a"] is not im.info["a"]
        assert other.info["b"] is im.info["b"]
    assert im.transform((1, 1), Image.Transform.AFFINE, (1, 0, 0, 0, 1, 0)).info == im.info


class Subclass(Image.Image):
    pass


def subclass() -> Subclass:
    im = Subclass()
    im.im, im._mode, im._size = Image.core.new("L", (2, 2)), "L", (2, 2)
    return im


def test_only_pickles_and_deep_copies_keep_the_class() -> None:
    im = subclass()
    assert [type(x) for x in (im.copy(), copy.copy(im))] == [Image.Image] * 2
    assert [type(x) for x in (copy.deepcopy(im), pickle.loads(pickle.dumps(im)))] == [Subclass] * 2
    assert im == copy.deepcopy(im)
    assert im != im.copy()


@pytest.mark.parametrize(
    ("state", "mode", "palette", "data"),
    [
        ([{}, "L", (1, 1), None, b"a"], "L", None, b"a"),
        ([{}, "LA", (1, 1), [1, 2, 3], b"ab"], "PA", [1, 2, 3], b"ab"),
        ([{}, "P", (1, 1), [1, 2, 3], b"a", "more"], "P", [1, 2, 3], b"a"),
        ([{}, "RGB", (1, 1), [1, 2, 3], b"abc"], "RGB", None, b"abc"),
        ([{"x": 1}, "L", (0, 5), None, b""], "L", None, b""),
    ],
)
def test_state(state: list[Any], mode: str, palette: Any, data: bytes) -> None:
    im = Image.Image()
    im.__setstate__(state)
    assert (im.mode, im.size, im.info) == (mode, state[2], state[0])
    assert (im.getpalette(), im.tobytes()) == (palette, data)


@pytest.mark.parametrize("state", [[{}, "L", (1, 1), None], [{}, "L", (2, 2), None, b"a"]])
def test_bad_state(state: list[Any]) -> None:
    with pytest.raises(ValueError):
        Image.Image().__setstate__(state)


def test_equality_and_hash() -> None:
    im = Image.new("P", (1, 1), (1, 2, 3))
    assert im == im.copy()
    assert im != 5
    other = im.copy()
    other.info["x"] = 1
    assert im != other
    with pytest.raises(TypeError):
        hash(im)


def test_frames_of_a_single_image() -> None:
    im = Image.new("L", (1, 1))
    assert im.tell() == 0
    im.seek(0)
    with pytest.raises(EOFError):
        im.seek(1)
    assert not hasattr(im, "n_frames")


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"PILLOW_ALIGNMENT": "x"}, "PILLOW_ALIGNMENT is not int"),
        ({"PILLOW_ALIGNMENT": "3"}, "PILLOW_ALIGNMENT: "),
        ({"PILLOW_BLOCK_SIZE": "1km"}, "PILLOW_BLOCK_SIZE is not int"),
        ({"PILLOW_BLOCKS_MAX": "-1"}, "PILLOW_BLOCKS_MAX: "),
    ],
)
def test_bad_memory_settings(variables: dict[str, str], text: str) -> None:
    with pytest.warns(UserWarning, match=text):
        Image._apply_env_variables(variables)


def test_memory_settings() -> None:
    before = Image.core.get_block_size()
    try:
        Image._apply_env_variables({"PILLOW_BLOCK_SIZE": "64K"})
        assert Image.core.get_block_size() == 65536
        Image._apply_env_variables({"PILLOW_BLOCK_SIZE": "2m"})
        assert Image.core.get_block_size() == 2 * 1024 * 1024
    finally:
        Image.core.set_block_size(before)


def test_import_is_light() -> None:
    code = "import sys; old = {*sys.modules}; import PIL.Image; print(*{*sys.modules} - old)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = set(out.stdout.split())
    assert "PIL.Image" in loaded, out.stderr
    heavy = {"logging", "tempfile", "typing", "re", "struct", "inspect", "dataclasses", "numpy"}
    assert not heavy & loaded
    late = {"PIL.ImageFile", "PIL.ImagePalette", "PIL.ImageFilter", "PIL.ExifTags", "PIL.TiffTags"}
    assert not late & loaded
    assert not [name for name in loaded if name.endswith("ImagePlugin")]


def test_late_names_are_there() -> None:
    for name in ("Exif", "DecoderInput", "SupportsArrayInterface", "SupportsGetData", "ExifTags"):
        assert name in dir(Image)
        assert getattr(Image, name) is getattr(Image, name)
    assert Image.Exif.__module__ == "PIL.Image"
    with pytest.raises(AttributeError, match="no_such_name"):
        Image.no_such_name  # type: ignore[attr-defined]  # noqa: B018


def exif_image(orientation: int) -> Image.Image:
    im = Image.frombytes("L", (3, 2), bytes(range(6)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "maker"
    im.info["exif"] = exif.tobytes()
    im.info["xmp"] = b'<a tiff:Orientation="%d"/>' % orientation
    return im


@pytest.mark.parametrize(
    ("orientation", "size", "data"),
    [
        (2, (3, 2), (2, 1, 0, 5, 4, 3)),
        (3, (3, 2), (5, 4, 3, 2, 1, 0)),
        (4, (3, 2), (3, 4, 5, 0, 1, 2)),
        (5, (2, 3), (0, 3, 1, 4, 2, 5)),
        (6, (2, 3), (3, 0, 4, 1, 5, 2)),
        (7, (2, 3), (5, 2, 4, 1, 3, 0)),
        (8, (2, 3), (2, 5, 1, 4, 0, 3)),
    ],
)
@pytest.mark.parametrize("in_place", [False, True])
def test_exif_transpose(
    orientation: int, size: tuple[int, int], data: tuple[int, ...], in_place: bool
) -> None:
    im = exif_image(orientation)
    result = ImageOps.exif_transpose(im, in_place=in_place)
    if in_place:
        assert result is None
        result = im
    assert result is not None
    assert (result.size, result.tobytes()) == (size, bytes(data))
    assert dict(result.getexif()) == {0x010F: "maker"}
    assert result.info["xmp"] == b"<a />"


@pytest.mark.parametrize("orientation", [0, 1, 9])
def test_exif_transpose_of_an_upright_image(orientation: int) -> None:
    im = exif_image(orientation)
    result = ImageOps.exif_transpose(im)
    assert result is not None
    assert result is not im
    assert result.info == im.info
    assert ImageOps.exif_transpose(im, in_place=True) is None
    assert im.getexif()[0x0112] == orientation


@pytest.mark.parametrize(
    ("xmp", "expected"),
    [
        (b"<a/>", {"a": None}),
        (b"<a>text</a>\0 \0", {"a": "text"}),
        (b"<a b='1'>text</a>", {"a": {"b": "1", "text": "text"}}),
        (b"<a b='1'><b>x</b><c/><c>2</c></a>", {"a": {"b": ["1", "x"], "c": [None, "2"]}}),
        (b"<x:a xmlns:x='u:' x:b='1'><x:c/></x:a>", {"a": {"b": "1", "c": None}}),
    ],
)
def test_getxmp(xmp: bytes, expected: dict[str, Any]) -> None:
    pytest.importorskip("defusedxml", reason="defusedxml is not installed")
    im = Image.new("L", (1, 1))
    assert im.getxmp() == {}
    im.info["xmp"] = xmp
    assert im.getxmp() == expected
