"""ImageTk and _imagingtk: pixels to Tk and back, and commands called with anything."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from PIL import Image, features

tk = pytest.importorskip("tkinter")
if not features.check("tkinter"):
    pytest.skip("no Tk", allow_module_level=True)

from PIL import ImageTk, _imagingtk  # noqa: E402

MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "HSV", "I",
         "F", "I;16", "I;16B")  # fmt: skip


@pytest.fixture
def root(display: str) -> Iterator[Any]:
    window = tk.Tk()
    window.withdraw()
    yield window
    window.destroy()


def picture(size: tuple[int, int] = (37, 21)) -> Image.Image:
    im = Image.new("RGBA", size)
    im.putdata([(x * 7 % 256, y * 11 % 256, x * y % 256, (x + y) * 9 % 256)
                for y in range(size[1]) for x in range(size[0])])  # fmt: skip
    return im


def in_mode(mode: str) -> Image.Image:
    im = picture()
    if mode in ("I;16", "I;16B"):
        return im.convert("L").convert(mode)
    return im.convert("RGB" if mode in ("HSV", "YCbCr", "I", "F") else "RGBA").convert(mode)


@pytest.mark.parametrize("mode", MODES)
def test_round_trip(mode: str, root: Any) -> None:
    im = in_mode(mode)
    photo = ImageTk.PhotoImage(im, master=root)
    assert (photo.width(), photo.height()) == im.size
    kept = mode in ("1", "L", "P", "RGB", "RGBA")
    shown = im if kept else im.convert(Image.getmodebase(mode))
    assert ImageTk.getimage(photo).tobytes() == shown.convert("RGBA").tobytes()


def test_image_of_rows(root: Any) -> None:
    """Images larger than a block of the arena are copied into one piece."""
    im = picture((1500, 1200))
    copy = im.copy()
    photo = ImageTk.PhotoImage(copy, master=root)
    assert ImageTk.getimage(photo).tobytes() == im.tobytes()


def test_unconvertible(root: Any) -> None:
    with pytest.raises(ValueError):
        ImageTk.PhotoImage(Image.new("LAB", (2, 2)), master=root)
    with pytest.raises(KeyError):
        ImageTk.PhotoImage("unknown", (2, 2), master=root)


def test_paste(root: Any) -> None:
    photo = ImageTk.PhotoImage("RGBA", (30, 20), master=root)
    expected = Image.new("RGBA", (30, 20))
    # Tk itself knows no size yet.
    assert ImageTk.getimage(photo).tobytes() == expected.tobytes()
    assert root.tk.call("image", "width", str(photo)) == 0
    for im in (picture((30, 20)), Image.new("RGBA", (10, 8), (1, 2, 3, 4)), picture((5, 19))):
        photo.paste(im)
        expected.paste(im, (0, 0))
        assert ImageTk.getimage(photo).tobytes() == expected.tobytes()
    # One that is too large fits into the size that Tk was told at first.
    photo = ImageTk.PhotoImage(picture((30, 20)), master=root)
    photo.paste(picture((50, 40)))
    assert ImageTk.getimage(photo).tobytes() == picture((50, 40)).crop((0, 0, 30, 20)).tobytes()


def test_transparency_of_palette(root: Any) -> None:
    im = Image.new("P", (2, 1))
    im.putpalette([10, 20, 30, 40, 50, 60])
    im.putdata([0, 1])
    im.info["transparency"] = 1
    photo = ImageTk.PhotoImage(im, master=root)
    found = ImageTk.getimage(photo)
    assert [found.getpixel((x, 0)) for x in (0, 1)] == [(10, 20, 30, 255), (40, 50, 60, 0)]


def test_empty(root: Any) -> None:
    for size in ((0, 0), (0, 5), (5, 0)):
        photo = ImageTk.PhotoImage(Image.new("RGB", size), master=root)
        assert ImageTk.getimage(photo).size == size


def test_sources(root: Any, tmp_path: Any) -> None:
    path = tmp_path / "image.png"
    picture().save(path)
    for options in ({"file": str(path)}, {"data": path.read_bytes()}):
        photo = ImageTk.PhotoImage(master=root, **options)
        assert ImageTk.getimage(photo).tobytes() == picture().tobytes()
    for nothing in ({}, {"file": ""}, {"file": None}):
        with pytest.raises(ValueError, match="Image is required"):
            ImageTk.PhotoImage(master=root, **nothing)
        with pytest.raises(ValueError, match="Image is required"):
            ImageTk.BitmapImage(master=root, **nothing)
    with pytest.raises(ValueError, match="size is required"):
        ImageTk.PhotoImage("RGB", master=root)


def test_names_and_deletion(root: Any) -> None:
    photo = ImageTk.PhotoImage(picture(), master=root, name="a name")
    assert str(photo) == "a name"
    assert "a name" in root.tk.splitlist(root.tk.call("image", "names"))
    del photo
    gc.collect()
    assert "a name" not in root.tk.splitlist(root.tk.call("image", "names"))


def test_deletion_without_application(display: str) -> None:
    window = tk.Tk()
    photo = ImageTk.PhotoImage(picture(), master=window)
    bitmap = ImageTk.BitmapImage(picture().convert("1"), master=window)
    window.destroy()
    del photo, bitmap
    gc.collect()


def test_bitmap(root: Any) -> None:
    im = picture().convert("1")
    bitmap = ImageTk.BitmapImage(im, master=root, foreground="red", name="bits")
    assert (bitmap.width(), bitmap.height(), str(bitmap)) == (*im.size, "bits")
    assert root.tk.call("image", "height", "bits") == im.height
    with pytest.raises(ValueError, match="not a bitmap"):
        ImageTk.BitmapImage(picture(), master=root)
    with pytest.raises(AttributeError):
        ImageTk.getimage(bitmap)  # type: ignore[arg-type]


def test_photo_of_tkinter(root: Any) -> None:
    photo = tk.PhotoImage(width=7, height=5, master=root)
    photo.put("red", (0, 0, 3, 2))
    expected = Image.new("RGBA", (7, 5))
    expected.paste((255, 0, 0, 255), (0, 0, 3, 2))
    assert ImageTk.getimage(photo).tobytes() == expected.tobytes()


@pytest.fixture
def commands(root: Any) -> Any:
    _imagingtk.tkinit(root.tk.interpaddr())
    return root.tk.call


def fails(commands: Any, *args: object) -> str:
    with pytest.raises(tk.TclError) as error:
        commands(*args)
    return str(error.value)


def test_commands(root: Any, commands: Any) -> None:
    im = picture()
    capsule = im.getim()
    photo = tk.PhotoImage(master=root, name="there")
    for command, usage, missing in (
        ("PyImagingPhoto", "destPhoto srcImage", "destination photo must exist"),
        ("PyImagingPhotoGet", "srcPhoto destImage", "source photo must exist"),
    ):
        for args in ((), ("there",), ("there", capsule, "more")):
            assert fails(commands, command, *args) == f"usage: {command} {usage}"
        assert fails(commands, command, "nowhere", repr(capsule)) == missing
        good = repr(capsule)
        address = good.rpartition(" ")[2]
        for name in (
            "", "x", good[:-1], good + "x", good[1:], good.replace("Imaging", "imaging"),
            good.replace(address, ">"), good.replace(address, "0x>"),
            good.replace(address, "0x0>"), good.replace(address, f"0x{'f' * 40}>"),
            good.replace(address, "0x-1>"), good.replace("0x", "0x 0x"), good * 1000,
        ):  # fmt: skip
            assert fails(commands, command, "there", name) == "bad name"
    del photo


@pytest.mark.parametrize("mode", ["LA", "La", "P", "PA", "CMYK", "HSV", "LAB", "I", "F", "I;16"])
def test_modes_that_tk_lacks(mode: str, root: Any, commands: Any) -> None:
    core = Image.core.new_block(mode, (3, 2))
    photo = tk.PhotoImage(master=root, name="there")
    assert fails(commands, "PyImagingPhoto", "there", repr(core.ptr)) == "Bad mode"
    del photo


def test_images_of_several_blocks(root: Any, commands: Any) -> None:
    im = picture((9, 5)).copy()
    if im.im.isblock():
        pytest.skip("images are in one block here")
    photo = tk.PhotoImage(master=root, name="there")
    capsule = im.getim()
    assert fails(commands, "PyImagingPhoto", "there", repr(capsule)) == "bad display memory"
    del photo


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (5, 40), (40, 5), (100, 100)])
def test_sizes_that_differ(size: tuple[int, int], root: Any, commands: Any) -> None:
    """Only what photo and image share is copied: Pillow writes beyond the image here."""
    photo = ImageTk.PhotoImage(picture((20, 20)), master=root)
    im = Image.new("RGBA", size, (9, 9, 9, 9))
    expected = im.copy()
    expected.paste(picture((20, 20)), (0, 0))
    capsule = im.getim()
    commands("PyImagingPhotoGet", str(photo), repr(capsule))
    assert im.tobytes() == expected.tobytes()
    del capsule


@pytest.mark.parametrize("mode", ["1", "L", "I;16"])
def test_getting_into_narrow_pixels(mode: str, root: Any, commands: Any) -> None:
    photo = ImageTk.PhotoImage(picture(), master=root)
    capsule = Image.new(mode, (37, 21)).getim()
    assert fails(commands, "PyImagingPhotoGet", str(photo), repr(capsule)) == "Bad mode"


def test_getting_into_readonly_memory(root: Any, commands: Any) -> None:
    data = bytes(37 * 21 * 4)
    im = Image.frombuffer("RGBA", (37, 21), data, "raw", "RGBA", 0, 1)
    photo = ImageTk.PhotoImage(picture(), master=root)
    capsule = im.getim()
    if im.im.readonly:
        assert fails(commands, "PyImagingPhotoGet", str(photo), repr(capsule)) == "Bad mode"
    assert data == bytes(37 * 21 * 4)


@pytest.mark.parametrize("address", [None, "1", 1.5, b"1"])
def test_tkinit_types(address: Any) -> None:
    with pytest.raises(TypeError):
        _imagingtk.tkinit(address)


def test_tkinit_values() -> None:
    with pytest.raises(ValueError):
        _imagingtk.tkinit(0)
    with pytest.raises(OverflowError):
        _imagingtk.tkinit(2**80)
    with pytest.raises(TypeError):
        _imagingtk.tkinit()  # type: ignore[call-arg]
