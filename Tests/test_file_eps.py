"""EPS: comments, rendering through Ghostscript (here a script in its place), writing."""

from __future__ import annotations

import io
import os
import pathlib
import stat

import pytest

from filemakers import DOCUMENTED, Bounds, opened, saved, survive
from PIL import EpsImagePlugin, Image

EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 5 6 25 16
%%Title: test
%%EndComments
10 setlinewidth
"""

GHOSTSCRIPT = """#!/bin/sh
[ "$1" = --version ] && exit 0
for argument; do
    echo "$argument" >> "$LOG"
    case "$argument" in -sOutputFile=*) out="${argument#-sOutputFile=}";; esac
done
[ -n "$FAIL" ] && exit 1
[ -n "$SLEEP" ] && exec sleep 60
printf 'P6 2 1 255 abcdef' > "$out"
"""


@pytest.fixture
def log(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Puts the script in Ghostscript's place; the arguments it gets, one a line."""
    script = tmp_path / "bin" / "gs"
    script.parent.mkdir()
    script.write_text(GHOSTSCRIPT)
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", None)
    return tmp_path / "log"


def test_comments() -> None:
    im = opened(EPS)
    assert (im.mode, im.size) == ("RGB", (20, 10))
    assert im.info == {
        "PS-Adobe": "3.0 EPSF-3.0",
        "BoundingBox": "5 6 25 16",
        "Title": "test",
    }
    at_end = EPS.replace(b"5 6 25 16", b"(atend)") + b"%%Trailer\n%%BoundingBox: 0 0 3 4\n"
    assert opened(at_end).size == (3, 4)
    with_image = opened(EPS + b"\n%ImageData: 7 8 8 4 0\n")
    assert (with_image.mode, with_image.size) == ("CMYK", (7, 8))
    assert opened(EPS + b"%%BeginBinary: 23\n%ImageData: 7 8 8 4 0\n\n").mode == "RGB"


def test_render(log: pathlib.Path) -> None:
    im = opened(EPS)
    assert isinstance(im, EpsImagePlugin.EpsImageFile)
    im.load(scale=2)
    assert (im.mode, im.size, im.tobytes()) == ("RGB", (2, 1), b"abcdef")
    arguments = log.read_text().splitlines()
    assert arguments[:6] == [
        "-q",
        "-g40x20",
        "-r144.000000x144.000000",
        "-dBATCH",
        "-dNOPAUSE",
        "-dSAFER",
    ]
    assert "-5 -6 translate" in arguments
    source = arguments[arguments.index("-f") + 1]
    assert not os.path.exists(source)


@pytest.mark.parametrize("name", ["-h", "@file", "%pipe%id", "a b;c"])
def test_names_are_no_options(
    name: str, log: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path(name).write_bytes(EPS)
    with Image.open(name, formats=["EPS"]) as im:
        im.load()
    arguments = log.read_text().splitlines()
    if "%" in name:  # Ghostscript would read the name of a device out of it
        assert not any("%" in argument for argument in arguments)
    else:
        assert str(tmp_path / name) in arguments


def test_ghostscript_that_fails(log: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as context:
        context.setenv("FAIL", "1")
        with pytest.raises(OSError, match="cannot render"):
            opened(EPS).load()
    monkeypatch.setenv("SLEEP", "1")
    monkeypatch.setattr(EpsImagePlugin, "GHOSTSCRIPT_TIMEOUT", 0.5)
    with Bounds(seconds=20, megabytes=10), pytest.raises(OSError, match="too long"):
        opened(EPS).load()


def test_without_ghostscript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", False)
    with pytest.raises(OSError, match="Unable to locate Ghostscript"):
        opened(EPS).load()


def test_write() -> None:
    data = saved(Image.frombytes("RGB", (2, 1), b"abcdef"), "EPS")
    assert data.endswith(b"false 3 colorimage\n616263646566\n%%%%EndBinary\ngrestore end\n")
    assert opened(data).size == (2, 1)
    with pytest.raises(ValueError, match="not supported"):
        saved(Image.new("RGBA", (1, 1)), "EPS")


@pytest.mark.parametrize(
    "data",
    [
        EPS.replace(b"5 6 25 16", b"0 0 1e308 1e308"),
        EPS.replace(b"5 6 25 16", b"inf nan 1 1"),
        EPS.replace(b"5 6 25 16", b"9 9 9 9"),
        EPS + b"\n%ImageData: 7\n",
        EPS + b"\n%ImageData: 7 7 8 9\n",
        EPS + b"\n%%BeginBinary: -5\n",
        EPS[:30] + b"%" + b"x" * 10**6,
        b"\xc5\xd0\xd3\xc6\xff\xff\xff\xff\xff\xff\xff\xff" + EPS,
    ],
)
def test_hostile_comments(data: bytes) -> None:
    with Bounds(seconds=5, megabytes=20), pytest.raises(DOCUMENTED):
        EpsImagePlugin.EpsImageFile(io.BytesIO(data))
        Image.open(io.BytesIO(data))


def test_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", False)
    data = EPS + b"\n%ImageData: 7 8 8 4 0\n%%BeginBinary: 9\n%%Trailer\n"
    for length in range(len(data)):
        assert survive(data[:length], ["EPS"]) in (
            "OSError",
            "UnidentifiedImageError",
            "ValueError",
        )
        for value in (0, 10, 13, 37, 255):
            survive(data[:length] + bytes((value,)) + data[length + 1 :], ["EPS"])


def test_many_lines_and_jumps() -> None:
    lines = b"x\n" * 200_000 + b"%%BeginBinary: 1\n" * 20_000 + b"\r" * 10**6
    with Bounds(seconds=20, megabytes=10):
        assert opened(EPS + lines + b"%%BeginBinary: " + b"9" * 200 + b"\n").size == (20, 10)
