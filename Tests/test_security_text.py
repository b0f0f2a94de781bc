"""Texts, comments and lines: time stays in proportion to the file, and nothing in a file or in its
name becomes an option or a loop."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

import simple_files
from confine import confined
from filemakers import png, png_chunk, png_header, saved
from PIL import (
    EpsImagePlugin,
    GimpGradientFile,
    GimpPaletteFile,
    Image,
    PaletteFile,
    PSDraw,
    TarIO,
)

MEGA = 1_000_000


def use(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as im:
        _ = getattr(im, "n_frames", 1)
        im.load()
        _ = getattr(im, "text", None)
        im.getexif()


def small(mode: str = "L") -> Image.Image:
    return Image.new(mode, (2, 2))


def gif_comments(count: int, block: bytes) -> bytes:
    whole = saved(small(), "GIF")
    at = whole.index(b",\0\0\0\0")
    return whole[:at] + (b"!\xfe" + block + b"\0") * count + whole[at:]


def png_texts(count: int, name: bytes = b"tEXt", head: bytes = b"key\0") -> bytes:
    return png(png_header(1, 1, 8, 0), b"\0\0", before=png_chunk(name, head + b"x") * count)


def jpeg_segments(marker: int, content: bytes, count: int) -> bytes:
    whole = saved(small(), "JPEG")
    segment = bytes((0xFF, marker)) + struct.pack(">H", 2 + len(content)) + content
    return whole[:2] + segment * count + whole[2:]


def j2k_comments(count: int) -> bytes:
    whole = saved(small(), "JPEG2000", no_jp2=True)
    at = whole.index(b"\xff\x5c")  # after the size, before the quantisation
    return whole[:at] + b"\xff\x64\0\x06\0\1xy" * count + whole[at:]


def jp2_boxes(count: int) -> bytes:
    whole = saved(small(), "JPEG2000")
    at = whole.index(b"jp2h") - 4
    return whole[:at] + struct.pack(">L4s", 8, b"free") * count + whole[at:]


def webp_chunks(count: int) -> bytes:
    whole = saved(small("RGB"), "WEBP")
    body = whole[8:] + b"abcd\0\0\0\0" * count
    return b"RIFF" + struct.pack("<L", len(body)) + body


def psd_resources(count: int) -> bytes:
    block = b"8BIM\4\4\0\0\0\0\0\0" * count
    head = b"8BPS" + struct.pack(">H6xHLLHH", 1, 1, 2, 2, 8, 1) + bytes(4)
    return head + struct.pack(">L", len(block)) + block + bytes(4) + bytes(6)


def iptc_fields(count: int) -> bytes:
    return b"\x1c\2\x19\0\1x" * count + simple_files.iptc()


def eps(*lines: bytes) -> bytes:
    head = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 2 2\n"
    return head + b"\n".join(lines) + b"\n%%EndComments\n"


LONG: dict[str, bytes] = {
    "GIF comments": gif_comments(200_000, b"\1x"),
    "GIF one comment": gif_comments(1, (b"\xff" + b"x" * 255) * 20_000),
    "GIF empty comments": gif_comments(300_000, b""),
    "GIF extensions": saved(small(), "GIF")[:-1] + b"!\xff\0" * MEGA + b";",
    "PNG texts": png_texts(100_000),
    "PNG compressed texts": png_texts(50_000, b"zTXt", b"key\0\0" + zlib.compress(b"")),
    "PNG private chunks": png_texts(100_000, b"prVt"),
    "PNG tiny data": png(png_header(1, 1, 8, 0), b"\0\0", after=png_chunk(b"IDAT") * 200_000),
    "JPEG comments": jpeg_segments(0xFE, b"x" * 60, 50_000),
    "JPEG Exif": jpeg_segments(0xE1, b"Exif\0\0II*\0\x08\0\0\0", 50_000),
    "JPEG profiles": jpeg_segments(0xE2, b"ICC_PROFILE\0\1\1" + b"x" * 50, 50_000),
    "JPEG photoshop": jpeg_segments(
        0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 5000, 50
    ),
    "JPEG fill bytes": saved(small(), "JPEG")[:2] + b"\xff" * MEGA + saved(small(), "JPEG")[2:],
    "JPEG no marker": b"\xff\xd8\xff" + b"\0" * MEGA,
    "PSD resources": psd_resources(50_000),
    "IPTC fields": iptc_fields(100_000),
    "IPTC one field": b"\x1c\2\x19\x84\x00\x0f\x00\x00" + b"x" * MEGA,
    "PPM comment": b"P5 #" + b"x" * MEGA + b"\n2 2 255 abcd",
    "PPM comments": b"P5" + b"#\n" * MEGA + b"2 2 255 abcd",
    "PPM spaces": b"P5" + b" " * MEGA + b"2 2 255 abcd",
    "PPM plain comments": b"P2 2 2 255 " + b"1#\n" * MEGA,
    "PPM plain long number": b"P2 2 2 255 " + b"1" * MEGA,
    "PPM long number": b"P5 " + b"1" * MEGA + b" 2 255 abcd",
    "XBM": b"#define a_width 2\n" * 100_000 + b"#define a_height 2\nstatic char a_bits[] = {1,2};",
    "XBM spaces": b"#define" + b" " * MEGA + b"\n",
    "XBM names": b"#define " + b"a_" * (MEGA // 2) + b"width 2\n#define " + b"a_" * 1000,
    "XBM comment": b"/*" + b"*" * MEGA,
    "XPM": b'/* XPM */\nstatic char *a[] = {\n"' + b"1 " * MEGA + b'",\n',
    "XPM colours": b'/* XPM */\n"1 1 30000 3",\n' + b'"aaa c #000000",\n' * 30_000 + b'"aaa"\n',
    "XPM comment": b"/* XPM */" + b"x" * MEGA,
    "IM": b"Image type: L image\r\n" + b"Comment: x\r\n" * 100_000,
    "IM one line": b"Comment: " + b" " * MEGA + b"\r\n",
    "IMT": b"*3\n" + b"width 3\n" * 100_000,
    "IMT one line": b"width " + b"9" * MEGA,
    "FITS": b"SIMPLE  = T".ljust(80) + b"COMMENT x".ljust(80) * 50_000,
    "EPS comments": eps(*[b"%%Title: x"] * 50_000),
    "EPS one line": eps(b"%%" + b"x" * MEGA),
    "EPS no lines": b"%!PS-Adobe-3.0 EPSF-3.0" + b" " * MEGA,
    "EPS boxes": eps(*[b"%%BoundingBox: (atend)"] * 50_000),
    "EPS binary": eps(*[b"%%BeginBinary: 1", b"x"] * 30_000),
    "XVTHUMB": b"P7 332\n" + b"#\n" * MEGA,
    "FLI": simple_files.fli((2, 2), [[simple_files.fli_chunk(99, b"")] * 3000] * 2),
    "PIXAR": simple_files.pixar()[:300],
    "XMP": png_texts(1, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"<a>" * 100_000),
    "TGA": b"\xff\0\2" + bytes(9) + struct.pack("<2H2B", 2, 2, 24, 0) + bytes(300),
}


@pytest.mark.parametrize("name", LONG)
def test_time_in_proportion(name: str) -> None:
    kind, text = confined(lambda: use(LONG[name]), megabytes=300)
    assert kind != "DecompressionBombError", text


@pytest.mark.parametrize("maker", [j2k_comments, jp2_boxes, webp_chunks])
def test_time_in_proportion_in_libraries(maker: Callable[[int], bytes]) -> None:
    data = maker(100_000)
    kind, text = confined(lambda: use(data), megabytes=300)
    assert kind != "DecompressionBombError", text


GRADIENT = b"GIMP Gradient\nName: x\n"
TEXT_FILES: dict[str, Callable[[], object]] = {
    "palette": lambda: PaletteFile.PaletteFile(io.BytesIO(b"1 2 3 4\n" * 100_000)),
    "palette line": lambda: PaletteFile.PaletteFile(io.BytesIO(b"1 " * MEGA)),
    "GIMP palette": lambda: GimpPaletteFile.GimpPaletteFile(
        io.BytesIO(b"GIMP Palette\n" + b"1 2 3 x\n" * 100_000)
    ),
    "GIMP palette line": lambda: GimpPaletteFile.GimpPaletteFile(
        io.BytesIO(b"GIMP Palette\n" + b"1 2 3 " + b" " * MEGA)
    ),
    "gradient": lambda: GimpGradientFile.GimpGradientFile(
        io.BytesIO(GRADIENT + b"999999999\n" + b"0 0 0 " * MEGA)
    ),
    "gradient segments": lambda: GimpGradientFile.GimpGradientFile(
        io.BytesIO(GRADIENT + b"20000\n" + b"0 0 0 0 0 0 0 0 0 0 0 0 0\n" * 20_000)
    ).getpalette(),
}


@pytest.mark.parametrize("name", TEXT_FILES)
def test_other_text_files(name: str) -> None:
    confined(TEXT_FILES[name], megabytes=200)


# --- TAR ---


def member(name: bytes, size: bytes) -> bytes:
    return name.ljust(124, b"\0") + size.rjust(11, b"0").ljust(388, b"\0")


@pytest.mark.parametrize("size", [b"-1", b"-1000", b"-777777777", b" -512", b"-0000000001"])
@pytest.mark.parametrize("name", [b"file", b"other"])
def test_negative_sizes_in_tar(tmp_path: Path, size: bytes, name: bytes) -> None:
    """Skipping backwards would find the same member for ever."""
    path = tmp_path / "a.tar"
    path.write_bytes(member(name, size).ljust(1024, b"\0"))
    kind, _ = confined(lambda: TarIO.TarIO(str(path), "file"))
    assert kind == "ValueError"


def test_sizes_beyond_the_tar_file(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(member(b"file", b"77777777777") + b"abc")

    def read() -> None:
        with TarIO.TarIO(str(path), "file") as file:
            assert file.read() == b"abc"
            file.seek(0)
            assert file.read(1 << 33) == b"abc"

    assert confined(read, megabytes=50) == ("ok", "")
    path.write_bytes(member(b"other", b"77777777777") + b"abc")
    assert confined(lambda: TarIO.TarIO(str(path), "file"))[0] == "OSError"


def test_long_lines_in_tar(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(member(b"file", b"4000000") + b"x" * 2 * MEGA)

    def read() -> None:
        with TarIO.TarIO(str(path), "file") as file:
            file.seek(MEGA)
            assert len(file.readline()) == min(0o4000000, 2 * MEGA) - MEGA

    confined(read, megabytes=200)


def test_many_members_of_tar(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(member(b"x\xff", b"0") * 20_000)
    assert confined(lambda: TarIO.TarIO(str(path), "file"))[0] == "OSError"


# --- EPS and Ghostscript ---


@pytest.mark.parametrize(
    "count",
    [b"-1", b"-100", b"-99999999999999999999", b"0", b"99999999999999999999", b"", b"x", b"1e9"],
)
@pytest.mark.parametrize("what", [b"Bytes", b"", b"Lines"])
def test_binary_sections_of_eps(count: bytes, what: bytes) -> None:
    """Counts that lead backwards, or nowhere."""
    data = eps(b"%%BeginBinary: " + count + b" " + what, b"x", b"%%EndBinary") + b"showpage\n"
    kind, _ = confined(lambda: Image.open(io.BytesIO(data)))
    assert kind in ("ok", "UnidentifiedImageError", "ValueError", "OSError")


NAMES = ["-sOutputFile=stolen", "-dNOSAFER", "@args", "%pipe%touch stolen", "-", "--help", "-c a"]


@pytest.mark.skipif(not EpsImagePlugin.has_ghostscript(), reason="Ghostscript is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_file_names_are_no_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A relative name that looks like an option of Ghostscript is the name of a file."""
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(saved(Image.new("RGB", (3, 2), "red"), "EPS"))
    Path("args").write_text("-sOutputFile=stolen")
    commands: list[list[str]] = []
    run = EpsImagePlugin._run

    def watched(command: list[str]) -> None:
        commands.append(command)
        run(command)

    monkeypatch.setattr(EpsImagePlugin, "_run", watched)
    with Image.open(name) as im:
        im.load()
        assert im.convert("RGB").getpixel((1, 1)) == (255, 0, 0)
    assert len(commands) == 1
    assert name not in commands[0]
    assert not Path("stolen").exists()


@pytest.mark.skipif(not EpsImagePlugin.has_ghostscript(), reason="Ghostscript is not installed")
def test_endless_postscript(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EpsImagePlugin, "GHOSTSCRIPT_TIMEOUT", 1.0)
    with (
        Image.open(io.BytesIO(eps() + b"{} loop\n")) as im,
        pytest.raises(OSError, match="took too long"),
    ):
        im.load()


@pytest.mark.skipif(not EpsImagePlugin.has_ghostscript(), reason="Ghostscript is not installed")
@pytest.mark.parametrize(
    "program",
    [b"(/etc/passwd) (r) file", b"(%pipe%touch stolen) (w) file", b"(stolen) (w) file", b"quit"],
)
def test_postscript_has_no_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    with Image.open(io.BytesIO(eps() + program + b" showpage\n")) as im, pytest.raises(OSError):
        im.load()
    assert not Path("stolen").exists()


@pytest.mark.parametrize("text", ["(", ")", "a) quit (", "))((", "\n%%EOF\n"])
def test_text_in_postscript_stays_text(text: str) -> None:
    out = io.BytesIO()
    page = PSDraw.PSDraw(out)
    page.begin_document()
    page.text((1, 1), text)
    page.end_document()
    written = out.getvalue()
    escaped = text.encode().replace(b"(", b"\\(").replace(b")", b"\\)")
    assert b"(" + escaped + b")" in written


def test_viewers_quote_paths() -> None:
    """Commands for the shell hold the path as one word."""
    from PIL import ImageShow

    evil = "a'; touch stolen; 'b.png"
    viewers = [v for v in ImageShow._viewers if isinstance(v, ImageShow.UnixViewer)]
    commands = [v.get_command(evil) for v in viewers] or [
        ImageShow.XDGViewer().get_command(evil)
    ]
    code = "import shlex, sys; print(sys.argv[1] in shlex.split(sys.argv[2]))"
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-c", code, evil, command], capture_output=True, text=True, check=True
        )
        assert done.stdout == "True\n", command
    assert not os.path.exists("stolen")
