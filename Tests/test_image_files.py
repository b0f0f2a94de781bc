"""The loading and saving loops, codecs in Python, the parser and windows on files."""

from __future__ import annotations

import io
import logging
import pickle
import tarfile
from pathlib import Path
from typing import Any

import pytest

from filemakers import bmp, opened, saved
from PIL import ContainerIO, Image, ImageFile, TarIO

_Tile = ImageFile._Tile


class Recorder(ImageFile.PyDecoder):
    """Remembers what it was given; consumes as much as ``step`` says."""

    seen: list[bytes]
    step = 0
    until = 10**9
    status = 0

    def decode(self, buffer: Any) -> tuple[int, int]:
        Recorder.seen.append(bytes(buffer))
        if len(buffer) >= Recorder.until:
            return -1, Recorder.status
        return min(Recorder.step, len(buffer)), 0


class Letters(ImageFile.PyEncoder):
    def init(self, args: tuple[Any, ...]) -> None:
        self.rest = bytes(args[0], "ascii")

    def encode(self, bufsize: int) -> tuple[int, int, bytes]:
        data, self.rest = self.rest[:2], self.rest[2:]
        return len(data), 0 if self.rest else 1, data


class Reads(io.BytesIO):
    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.log: list[tuple[int, int | None]] = []

    def read(self, size: int | None = -1) -> bytes:
        self.log.append((self.tell(), size))
        return super().read(size)


class Made(ImageFile.ImageFile):
    """A reader that believes any file to have the tiles in ``tiles``."""

    tiles: list[_Tile]
    format = "MADE"

    def _open(self) -> None:
        self._mode = "L"
        self._size = 4, 4
        self.tile = list(self.tiles)


@pytest.fixture(autouse=True)
def codecs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Image.DECODERS, "recorder", Recorder)
    monkeypatch.setitem(Image.ENCODERS, "letters", Letters)
    monkeypatch.setattr(Recorder, "seen", [], raising=False)
    for name in ("step", "until", "status"):
        monkeypatch.setattr(Recorder, name, vars(Recorder)[name])


def made(file: io.BytesIO, *tiles: _Tile) -> Made:
    return type("MadeHere", (Made,), {"tiles": list(tiles)})(file)


def tile(offset: int, *args: Any, codec: str = "recorder") -> _Tile:
    return _Tile(codec, (0, 0, 4, 4), offset, args)


def test_reads_up_to_the_next_tile() -> None:
    Recorder.until = 1
    file = Reads(bytes(range(100)))
    im = made(file, tile(50, 2), tile(10, 1), tile(80, 3))
    im.load()
    assert file.log == [(10, 40), (50, 30), (80, im.decodermaxblock)]
    assert [data[0] for data in Recorder.seen] == [10, 50, 80]
    assert (im.tile, im.readonly, im.fp) == ([], 0, None)


def test_of_equal_tiles_the_last_is_read() -> None:
    Recorder.until = 1
    file = Reads(bytes(100))
    made(file, tile(30, "a"), tile(10, "a"), tile(20, "a"), tile(40, "b")).load()
    assert [position for position, _ in file.log] == [30, 40]


def test_unconsumed_data_are_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "MAXBLOCK", 4)
    Recorder.step, Recorder.until = 3, 6
    made(io.BytesIO(b"abcdefghijkl"), tile(0)).load()
    assert Recorder.seen == [b"abcd", b"defgh", b"ghijkl"]


def test_prefix() -> None:
    Recorder.until = 1
    im = made(io.BytesIO(b"data"), tile(0))
    im.tile_prefix = b"prefix "
    im.load()
    assert Recorder.seen == [b"prefix data"]


def test_end_of_file(monkeypatch: pytest.MonkeyPatch) -> None:
    im = made(io.BytesIO(b"data"), tile(0))
    for _ in range(2):
        with pytest.raises(OSError, match=r"image file is truncated \(4 bytes not processed\)"):
            im.load()
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    im.load()
    assert im.tobytes() == bytes(16)


def test_status_of_the_last_tile() -> None:
    Recorder.until, Recorder.status = 1, -2
    im = made(io.BytesIO(b"data"), tile(0))
    with pytest.raises(OSError, match="broken data stream when reading image file"):
        im.load()
    im.load()
    assert im.tobytes() == bytes(16)


@pytest.mark.parametrize("extents", [(-1, 0, 4, 4), (0, 0, 5, 4), (0, 0, 0, 4), (3, 3, 2, 4)])
def test_extents_outside(extents: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError):
        made(io.BytesIO(b"data"), _Tile("recorder", extents, 0)).load()


def test_unknown_codec() -> None:
    with pytest.raises(OSError, match="not available"):
        made(io.BytesIO(b"data"), tile(0, codec="no_such_codec")).load()


def test_no_pixels() -> None:
    with pytest.raises(OSError, match="cannot load this image"):
        made(io.BytesIO(b"data")).load()


def test_header_errors() -> None:
    class Failing(ImageFile.ImageFile):
        error: BaseException

        def _open(self) -> None:
            raise self.error

    for error in (IndexError(), TypeError(), KeyError(), EOFError()):
        Failing.error = error
        with pytest.raises(SyntaxError):
            Failing(io.BytesIO())
    Failing.error = ValueError("passes")
    with pytest.raises(ValueError, match="passes"):
        Failing(io.BytesIO())
    with pytest.raises(TypeError):
        ImageFile.ImageFile(io.BytesIO())  # type: ignore[abstract]


def test_file_is_closed_when_it_is_not_recognised(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"data")
    with pytest.raises(SyntaxError, match="not identified by this driver"):
        type("Empty", (Made,), {"_open": lambda self: None})(path)


# Files and their owners


def test_who_closes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bmp((1, 1), 24, bytes(4)))
    im = Image.open(path)
    file = im.fp
    assert file is not None
    im.load()
    assert file.closed and im.fp is None

    stream = io.BytesIO(path.read_bytes())
    with Image.open(stream) as im:
        im.load()
    assert not stream.closed
    im = Image.open(stream)
    im.close()
    assert stream.closed


def test_closing_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "PIL.ImageFile"):
        im = opened(bmp((1, 1), 24, bytes(4)))
        im.close()
        im.close()
    assert caplog.records == []


def test_pixels_after_leaving() -> None:
    with opened(bmp((1, 1), 24, b"\1\2\3\0")) as im:
        im.load()
    assert im.getpixel((0, 0)) == (3, 2, 1)
    with opened(bmp((1, 1), 24, b"\1\2\3\0")) as im:
        pass
    with pytest.raises(AssertionError):
        im.load()


def test_mapped_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bmp((4, 2), 8, bytes(range(8)), bytes(range(64))))
    with Image.open(path) as im:
        im.load()
        assert im.map is not None
        assert im.readonly == 1
        assert im.tobytes() == bytes((4, 5, 6, 7, 0, 1, 2, 3))
        im.putpixel((0, 0), 9)
        assert im.getpixel((0, 0)) == 9
    assert path.read_bytes().endswith(bytes(range(8)))
    with opened(path.read_bytes()) as im:
        im.load()
        assert im.map is None


def test_negative_offset_of_mapped_pixels(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(100))
    im = made(io.BytesIO(), _Tile("raw", (0, 0, 4, 4), -1, ("L", 0, 1)))
    im.filename = str(path)
    with pytest.raises(ValueError, match="Tile offset cannot be negative"):
        im.load()


def test_pickle(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bmp((1, 1), 24, b"\1\2\3\0"))
    with Image.open(path) as im:
        again = pickle.loads(pickle.dumps(im))
    assert again.filename == path or again.filename == str(path)
    assert again.tobytes() == b"\3\2\1"


# Reading of untrusted lengths


def test_safe_read(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Reads(b"0123456789")
    assert ImageFile._safe_read(file, 0) == b""
    assert ImageFile._safe_read(file, -5) == b""
    assert file.log == []
    monkeypatch.setattr(ImageFile, "SAFEBLOCK", 4)
    assert ImageFile._safe_read(file, 9) == b"012345678"
    assert [size for _, size in file.log] == [4, 4, 1]
    with pytest.raises(OSError, match="Truncated File Read"):
        ImageFile._safe_read(file, 2)


# Saving


def test_save_to_object_and_descriptor(tmp_path: Path) -> None:
    im = Image.new("L", (4, 4))
    out = io.BytesIO()
    ImageFile._save(im, out, [tile(3, "letters", codec="letters"), tile(0, "ab", codec="letters")])
    assert out.getvalue() == b"ab\0letters"
    path = tmp_path / "out"
    with open(path, "w+b") as file:
        file.write(b"> ")
        ImageFile._save(im, file, [tile(0, "letters", codec="letters")])
    assert path.read_bytes() == b"> letters"


def test_encoder_is_released_after_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    released = []
    monkeypatch.setattr(Letters, "cleanup", lambda self: released.append(self), raising=False)
    with pytest.raises(ValueError):
        ImageFile._save(
            Image.new("L", (4, 4)), io.BytesIO(), [_Tile("letters", (0, 0, 9, 9), 0, ("x",))]
        )
    assert len(released) == 1


def test_base_codecs() -> None:
    with pytest.raises(NotImplementedError):
        ImageFile.PyDecoder("L").decode(b"")
    encoder = ImageFile.PyEncoder("L")
    with pytest.raises(NotImplementedError):
        encoder.encode(10)
    assert encoder.encode_to_pyfd() == (0, -8)
    assert (encoder.pushes_fd, ImageFile.PyDecoder("L").pulls_fd) == (False, False)


def test_set_as_raw() -> None:
    decoder = ImageFile.PyDecoder("L")
    im = Image.new("L", (4, 4))
    decoder.setimage(im.im, (1, 1, 3, 3))
    assert decoder.state.extents() == (1, 1, 3, 3)
    with pytest.raises(ValueError, match="not enough image data"):
        decoder.set_as_raw(b"abc")
    decoder.set_as_raw(b"abcd surplus")
    assert im.crop((1, 1, 3, 3)).tobytes() == b"abcd"


# Parser


@pytest.mark.parametrize(
    "format, step",
    [
        # A PPM header without its last number is an error, not something unknown: no steps of 1.
        *[(format, 1) for format in ("PNG", "JPEG", "BMP")],
        *[(format, 50) for format in ("PNG", "JPEG", "BMP", "PPM")],
        *[(format, 10**6) for format in ("PNG", "JPEG", "BMP", "PPM")],
    ],
)
def test_parser(format: str, step: int) -> None:
    im = Image.frombytes("RGB", (8, 8), bytes(range(192)))
    data = saved(im, format)
    with ImageFile.Parser() as parser:
        for start in range(0, len(data), step):
            parser.feed(data[start : start + step])
    assert parser.image is not None
    assert parser.image.tobytes() == opened(data).tobytes()


def test_parser_errors() -> None:
    parser = ImageFile.Parser()
    parser.reset()
    with pytest.raises(OSError):
        parser.close()
    parser.feed(saved(Image.new("L", (50, 50)), "BMP")[:-10])
    with pytest.raises(AssertionError):
        parser.reset()
    with pytest.raises(OSError, match="incomplete"):
        parser.close()


# Stubs


def test_stub() -> None:
    class Stub(ImageFile.StubImageFile):
        format = "STUB"

        def _open(self) -> None:
            self._mode = "F"
            self._size = 0, 0

    class Handler(ImageFile.StubHandler):
        def open(self, im: ImageFile.StubImageFile) -> None:
            im._size = 2, 2

        def load(self, im: ImageFile.StubImageFile) -> Image.Image:
            return Image.new("L", im.size, 5)

    with pytest.raises(OSError, match="cannot find loader for this STUB file"):
        Stub(io.BytesIO()).load()
    im = type("Handled", (Stub,), {"_handler": Handler()})(io.BytesIO())
    im.load()
    assert (type(im), im.mode, im.tobytes()) == (Image.Image, "L", b"\5" * 4)


# Windows on files


@pytest.fixture
def container(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"before|one\ntwo\nthree|after")
    return path


def test_window(container: Path) -> None:
    with open(container, "rb") as file:
        window = ContainerIO.ContainerIO(file, 7, 13)
        assert window.read() == b"one\ntwo\nthree"
        assert window.read(5) == b""
        assert window.seek(4) == 4
        assert window.readline() == b"two\n"
        assert window.readline(2) == b"th"
        assert (window.seek(-3, 2), window.tell(), window.read(100)) == (10, 10, b"ree")
        assert (window.seek(-100, 1), window.seek(100)) == (0, 13)
        window.seek(0)
        assert list(window) == [b"one\n", b"two\n", b"three"]
        window.seek(0)
        assert window.readlines(2) == [b"one\n", b"two\n"]
        assert window.readable() and window.seekable()
        assert not window.writable() and not window.isatty()
        for refused in (lambda: window.write(b""), lambda: window.writelines([]), window.truncate):
            with pytest.raises(NotImplementedError):
                refused()
        assert window.fileno() == file.fileno()
        with window:
            pass
        assert file.closed


def test_window_on_text(container: Path) -> None:
    with open(container) as file:
        window = ContainerIO.ContainerIO(file, 7, 13)
        assert window.readlines() == ["one\n", "two\n", "three"]
        assert window.read() == ""


def test_tar_member(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    data = saved(Image.new("L", (3, 3), 7), "PNG")
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, contents in (("first", bytes(700)), ("a.png", data)):
            member = tarfile.TarInfo(name)
            member.size = len(contents)
            archive.addfile(member, io.BytesIO(contents))
    with TarIO.TarIO(str(path), "a.png") as member, Image.open(member) as im:
        assert im.tobytes() == b"\7" * 9
    with pytest.raises(OSError, match="cannot find subfile"):
        TarIO.TarIO(str(path), "other")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(OSError, match="unexpected end of tar file"):
        TarIO.TarIO(str(path), "other")
    block = bytearray(512)
    block[:4] = b"name"
    block[124:135] = b"-0000000001"
    path.write_bytes(bytes(block))
    with pytest.raises(ValueError, match="size must not be negative"):
        TarIO.TarIO(str(path), "name")
