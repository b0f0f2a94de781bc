"""open(), save() and the registries, with formats made up for the tests.

Expected values are Pillow 13.0.0's.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from PIL import Image, ImageFile, UnidentifiedImageError

MAGIC = b"made up"


class MadeUpImageFile(ImageFile.ImageFile):
    """A header of seven bytes and two sizes, each a byte; then grey pixels."""

    format = "MADEUP"

    def _open(self) -> None:
        assert self.fp is not None
        if self.fp.read(len(MAGIC)) != MAGIC:
            raise SyntaxError("not made up")
        self._mode = "L"
        self._size = struct.unpack("BB", self.fp.read(2))
        self.tile = [ImageFile._Tile("raw", (0, 0, *self.size), 9, "L")]


DATA = MAGIC + bytes((2, 1, 50, 60))
saved: list[tuple[dict[str, Any], Any, str | bytes]] = []


def save_made_up(im: Image.Image, fp: Any, filename: str | bytes) -> None:
    saved.append((dict(im.encoderinfo), im.encoderconfig, filename))
    fp.write(DATA)
    if im.encoderinfo.get("fail"):
        raise RuntimeError("told to fail")


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Registers the format for the time of a test."""
    Image.init()
    for name in ("OPEN", "SAVE", "SAVE_ALL", "EXTENSION", "MIME"):
        monkeypatch.setattr(Image, name, dict(getattr(Image, name)))
    monkeypatch.setattr(Image, "ID", list(Image.ID))
    Image.register_open("madeUp", MadeUpImageFile, lambda prefix: prefix.startswith(MAGIC))
    Image.register_save("madeup", save_made_up)
    Image.register_extensions("madeup", [".mup", ".MUQ"])
    saved.clear()
    yield


def factory(error: type[Exception]) -> Callable[..., Any]:
    def fail(fp: Any, filename: Any) -> Any:
        raise error("no")

    return fail


def test_registries() -> None:
    assert Image.ID.count("MADEUP") == 1
    assert Image.EXTENSION[".muq"] == "MADEUP"
    Image.register_open("MADEUP", MadeUpImageFile)
    assert Image.ID.count("MADEUP") == 1
    assert Image.OPEN["MADEUP"] == (MadeUpImageFile, None)
    Image.register_mime("madeup", "image/made-up")
    with Image.open(io.BytesIO(DATA)) as im:
        assert im.get_format_mimetype() == "image/made-up"


@pytest.mark.parametrize("kind", [str, os.fsencode, Path])
def test_open_path(tmp_path: Path, kind: Callable[[Any], Any]) -> None:
    path = tmp_path / "a.mup"
    path.write_bytes(DATA)
    name = kind(str(path))
    with Image.open(name) as im:
        assert im.filename == os.fspath(name)
        assert im._exclusive_fp
        assert im.get_flattened_data() == (50, 60)
        assert im.fp is None  # the file was ours, and is closed once the pixels are there


def test_open_stream_leaves_it_open() -> None:
    stream = io.BytesIO(b"junk" + DATA)
    stream.read(2)
    with pytest.raises(UnidentifiedImageError):
        Image.open(stream)
    stream = io.BytesIO(DATA)
    with Image.open(stream) as im:
        assert im.filename == ""
        assert not im._exclusive_fp
        im.load()
    assert not stream.closed


class Unseekable:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self) -> bytes:
        return self.data


class Refusing(Unseekable):
    def seek(self, *args: int) -> int:
        raise io.UnsupportedOperation("seek")


@pytest.mark.parametrize("kind", [Unseekable, Refusing])
def test_open_what_cannot_seek(kind: type[Unseekable]) -> None:
    with Image.open(kind(DATA)) as im:  # type: ignore[arg-type]
        assert im._exclusive_fp
        assert im.size == (2, 1)


@pytest.mark.parametrize(
    ("args", "error", "text"),
    [
        (("x", "w"), ValueError, "bad mode 'w'"),
        ((io.StringIO("x"),), ValueError, "StringIO"),
        (("x", "r", "PNG"), TypeError, "list or tuple"),
        ((5,), AttributeError, "read"),
        (("",), FileNotFoundError, None),
        ((".",), IsADirectoryError, None),
        ((io.BytesIO(DATA), "r", ["no such"]), KeyError, "NO SUCH"),
        ((io.BytesIO(DATA), "r", ["PNG"]), UnidentifiedImageError, "BytesIO"),
        ((io.BytesIO(DATA), "r", ()), UnidentifiedImageError, None),
    ],
)
def test_open_errors(args: tuple[Any, ...], error: type[Exception], text: str | None) -> None:
    with pytest.raises(error, match=text):
        Image.open(*args)


@pytest.mark.parametrize("error", [SyntaxError, IndexError, TypeError, struct.error])
@pytest.mark.parametrize("talkative", [False, True])
def test_not_this_format(
    error: type[Exception], talkative: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "WARN_POSSIBLE_FORMATS", talkative)
    Image.register_open("MADEUP", factory(error))
    if talkative:
        with pytest.warns(UserWarning, match="MADEUP opening failed. no"):
            with pytest.raises(UnidentifiedImageError):
                Image.open(io.BytesIO(DATA), formats=["madeup"])
    else:
        with pytest.raises(UnidentifiedImageError):
            Image.open(io.BytesIO(DATA), formats=["madeup"])


@pytest.mark.parametrize("error", [ValueError, KeyError, OSError, EOFError])
def test_other_errors_escape_and_close_the_file(error: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / "a.mup"
    path.write_bytes(DATA)
    opened: list[Any] = []

    def fail(fp: Any, filename: Any) -> Any:
        opened.append(fp)
        raise error("no")

    Image.register_open("MADEUP", fail)
    with pytest.raises(error):
        Image.open(path, formats=("madeup",))
    assert opened[0].closed


def test_reason_of_an_accept_function_is_a_warning() -> None:
    Image.register_open("MADEUP", MadeUpImageFile, lambda prefix: "needs a library")
    with pytest.warns(UserWarning, match="needs a library"):
        with pytest.raises(UnidentifiedImageError):
            Image.open(io.BytesIO(DATA), formats=["madeup"])


def test_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    with pytest.warns(Image.DecompressionBombWarning, match="limit of 1 pixels"):
        Image.open(io.BytesIO(DATA), formats=["madeup"])
    wide = MAGIC + bytes((3, 1, 1, 2, 3))
    with pytest.raises(Image.DecompressionBombError, match="limit of 2 pixels"):
        Image.open(io.BytesIO(wide), formats=["madeup"])
    with pytest.warns(Image.DecompressionBombWarning):
        Image.new("L", (5, 5)).crop((0, 0, 2, 1))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert Image.open(io.BytesIO(wide), formats=["madeup"]).size == (3, 1)


def grey() -> Image.Image:
    return Image.new("L", (2, 1))


def test_save_by_extension(tmp_path: Path) -> None:
    path = tmp_path / "a.MUP"
    assert grey().save(path, quality=3) is None  # type: ignore[func-returns-value]
    assert saved == [({"quality": 3}, (), str(path))]
    assert path.read_bytes() == DATA


def test_save_to_a_stream_with_a_name() -> None:
    class Named(io.BytesIO):
        name = "b.muq"

    stream = Named()
    grey().save(stream)
    assert saved == [({}, (), "b.muq")]
    assert not stream.closed


def test_save_to_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer))
    grey().save(sys.stdout, "madeup")  # type: ignore[arg-type]
    assert buffer.getvalue() == DATA


@pytest.mark.parametrize(
    ("name", "params", "error", "text"),
    [
        ("a.no_such", {}, ValueError, r"unknown file extension: \.no_such"),
        ("a", {}, ValueError, "unknown file extension: "),
        ("a", {"format": "no such"}, KeyError, "NO SUCH"),
        ("a.mup", {"save_all": True}, KeyError, "MADEUP"),
        ("a.mup", {"append": True}, FileNotFoundError, None),
    ],
)
def test_errors_before_writing_leave_no_file(
    name: str, params: dict[str, Any], error: type[Exception], text: str | None, tmp_path: Path
) -> None:
    with pytest.raises(error, match=text):
        grey().save(tmp_path / name, **params)
    assert list(tmp_path.iterdir()) == []


def test_failed_save_removes_new_files_only(tmp_path: Path) -> None:
    new, old = tmp_path / "new.mup", tmp_path / "old.mup"
    old.write_bytes(b"long before, and longer than the new one")
    for path in (new, old):
        im = grey()
        with pytest.raises(RuntimeError):
            im.save(path, fail=True)
        assert im.encoderinfo == {}
    assert not new.exists()
    assert old.read_bytes() == DATA


def test_append_keeps_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mup"
    path.write_bytes(b"x" * 20)
    grey().save(path, append=True)
    assert path.read_bytes() == DATA + b"x" * (20 - len(DATA))


def test_encoderinfo_of_the_image_wins() -> None:
    im = grey()
    im.encoderinfo = {"quality": 7}
    im.save(io.BytesIO(), "madeup", quality=1, dpi=2)
    assert saved == [({"quality": 7, "dpi": 2}, (), "")]
    assert im.encoderinfo == {"quality": 7}


@pytest.mark.parametrize(
    ("params", "all_frames"),
    [
        ({"save_all": True}, True),
        ({"append_images": [1]}, True),
        ({"append_images": []}, False),
        ({"append_images": [1], "save_all": False}, False),
        ({"append_images": [1], "save_all": None}, True),
        ({}, False),
    ],
)
def test_save_all(params: dict[str, Any], all_frames: bool) -> None:
    calls = []
    Image.register_save_all("madeup", lambda im, fp, filename: calls.append("all"))
    grey().save(io.BytesIO(), "madeup", **params)
    assert bool(calls) == all_frames
    assert bool(saved) != all_frames
    assert all("save_all" not in info for info, _, _ in saved)


def test_saving_over_the_file_of_the_image(tmp_path: Path) -> None:
    path = tmp_path / "a.mup"
    path.write_bytes(DATA)
    with Image.open(path) as im:
        im.save(path)
        assert im.get_flattened_data() == (50, 60)


def test_extension_of_one_format_loads_only_its_plugin(tmp_path: Path) -> None:
    import subprocess

    path = tmp_path / "a.png"
    Image.new("L", (1, 1)).save(path)
    code = (
        "from PIL import Image\n"
        f"Image.open({str(path)!r}).close()\n"
        "print(Image.ID, Image._initialized)\n"
        "Image.preinit()\n"
        "print(Image._initialized)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert out.stdout.splitlines() == ["['PNG'] 0", "1"]


def test_order_in_which_formats_are_tried() -> None:
    import subprocess

    code = "from PIL import Image; Image.init(); print(*Image.ID)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    # A plugin that imports another one is tried after it. FPX and MIC need olefile.
    order = (
        "AVIF BLP BMP DIB BUFR CUR PCX DCX DDS EPS FITS FLI FPX FTEX GBR GIF GRIB HDF5 PNG "
        "JPEG2000 ICNS ICO IM IMT IPTC JPEG MCIDAS TIFF MIC MPEG MSP PCD PIXAR PPM PSD QOI SGI "
        "SPIDER SUN TGA WEBP WMF XBM XPM XVTHUMB"
    ).split()
    found = out.stdout.split()
    if not {"FPX", "MIC"} <= set(found):
        found, order = (
            [n for n in names if n not in ("FPX", "MIC", "TIFF")] for names in (found, order)
        )
    assert found == order


class Pieces(io.BytesIO):
    """Read like any file: piece by piece, not as memory."""


@pytest.mark.parametrize("format", ["BMP", "TGA", "PCX", "SGI", "PPM", "GIF", "JPEG"])
@pytest.mark.parametrize("part", [1, 0.999, 0.9, 0.5])
@pytest.mark.parametrize("truncated_ok", [False, True])
def test_memory_and_pieces_are_read_alike(
    format: str, part: float, truncated_ok: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", truncated_ok)
    photo = Image.radial_gradient("L").resize((397, 311))
    image = photo.convert("RGB") if format != "GIF" else photo
    out = io.BytesIO()
    image.save(out, format)
    data = out.getvalue()[: round(part * len(out.getvalue()))]

    def outcome(file: io.BytesIO) -> object:
        opened = Image.open(file)
        try:
            opened.load()
        except OSError as error:
            return str(error)
        return opened.tobytes()

    memory = io.BytesIO(data)
    assert outcome(memory) == outcome(Pieces(data))
    memory.write(b"nothing of it may still be exported")


def test_a_reader_made_of_memory_is_asked() -> None:
    class Fading(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            return data if len(data) < 1000 else data[:1000] + bytes(len(data) - 1000)

    out = io.BytesIO()
    Image.new("L", (100, 100), 255).save(out, "TIFF")
    with Image.open(Fading(out.getvalue())) as image:
        assert image.getextrema() == (0, 255)


def test_point_with_a_function_loads_the_file() -> None:
    out = io.BytesIO()
    Image.new("RGB", (3, 2), (1, 2, 3)).save(out, "PNG")
    with Image.open(out) as image:
        assert image.point(lambda value: value * 2).getpixel((2, 1)) == (2, 4, 6)


@pytest.mark.parametrize(
    ("function", "module"),
    [(Image.open, "PIL.Image"), (Image.new, "PIL.Image"), (Image.init, "PIL.Image")],
)
def test_functions_are_found_where_programs_import_them(function: Any, module: str) -> None:
    assert function.__module__ == module
    assert pickle.loads(pickle.dumps(function)) is function


def test_exif_of_a_loaded_file_gets_no_empty_directories() -> None:
    out = io.BytesIO()
    Image.new("L", (2, 2)).save(out, "TIFF")
    with Image.open(out) as image:
        before = image.getexif().tobytes()
        image.load()
        assert image.getexif().tobytes() == before
        assert {0x8769, 0x8825, 0xA005}.isdisjoint(image.getexif())
