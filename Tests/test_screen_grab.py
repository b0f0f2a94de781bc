"""ImageGrab: screens of X11, programs that save the screen, clipboards; macOS and Windows faked."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import virtual_screen
from PIL import Image, ImageGrab, ImageWin, features
from required import require

needs_xcb = pytest.mark.skipif(not features.check("xcb"), reason="built without xcb")


def picture(size: tuple[int, int]) -> Image.Image:
    im = Image.new("RGB", size)
    im.putdata([(x * 7 % 256, y * 5 % 256, (x ^ y) % 256) for y in range(size[1])
                for x in range(size[0])])  # fmt: skip
    return im


@pytest.fixture
def shown(display: str) -> Iterator[Image.Image]:
    """An image at the upper left corner of the screen."""
    tk = pytest.importorskip("tkinter")
    from PIL import ImageTk

    im = picture((61, 43))
    root = tk.Tk()
    try:
        root.overrideredirect(True)
        photo = ImageTk.PhotoImage(im, master=root)
        tk.Label(root, image=photo, borderwidth=0).pack()
        root.geometry("+0+0")
        root.update()
        yield im
        del photo
    finally:
        root.destroy()


@needs_xcb
def test_grab_x11(shown: Image.Image, display: str) -> None:
    im = ImageGrab.grab()
    assert (im.mode, im.size) == ("RGB", (640, 480))
    assert im.crop((0, 0, *shown.size)).tobytes() == shown.tobytes()
    part = ImageGrab.grab((5, 7, 40, 30), xdisplay=display)
    assert part.tobytes() == shown.crop((5, 7, 40, 30)).tobytes()
    outside = ImageGrab.grab((-10, -5, 20, 20), xdisplay="")
    assert outside.tobytes() == shown.crop((-10, -5, 20, 20)).tobytes()
    assert ImageGrab.grab((0, 0, 0, 0)).size == (0, 0)
    with pytest.raises(ValueError):
        ImageGrab.grab((5, 5, 1, 1))
    size, data = Image.core.grabscreen_x11(display)
    assert (size, len(data)) == (im.size, 640 * 480 * 4)


@needs_xcb
@pytest.mark.parametrize("name", ["error.test:0.0", ":987", "::::", "x" * 100_000, "é:0"])
def test_no_display(name: str) -> None:
    with pytest.raises(OSError, match="X connection failed: error "):
        ImageGrab.grab(xdisplay=name)


@needs_xcb
def test_bad_display(display: str) -> None:
    with pytest.raises(OSError, match="X connection failed: error 6"):  # no such screen
        ImageGrab.grab(xdisplay=f"{display}.7")
    bad: Any = 5
    with pytest.raises(TypeError):
        ImageGrab.grab(xdisplay=bad)
    with pytest.raises(ValueError):
        ImageGrab.grab(xdisplay=f"{display}\0")


@needs_xcb
@pytest.mark.parametrize("depth", [8, 16])
def test_depth(depth: int) -> None:
    require("Xvfb")
    with virtual_screen.virtual_screen(f"64x48x{depth}") as display:
        with pytest.raises(OSError, match=f"unsupported bit depth: {depth}"):
            ImageGrab.grab(xdisplay=display)


@needs_xcb
def test_odd_width() -> None:
    """Rows of the reply have no padding."""
    require("Xvfb")
    with virtual_screen.virtual_screen("203x51x24") as display:
        assert ImageGrab.grab(xdisplay=display).size == (203, 51)


@needs_xcb
def test_no_leaked_connections(display: str) -> None:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("no /proc")
    ImageGrab.grab()
    before = len(list(folder.iterdir()))
    for name in (display, f"{display}.9", ":987"):
        for _ in range(30):
            try:
                ImageGrab.grab((0, 0, 5, 5), xdisplay=name)
            except OSError:
                assert name != display
    assert len(list(folder.iterdir())) == before


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the search path, beside the one of Python; and no display."""
    folder = tmp_path / "bin"
    folder.mkdir()
    picture((40, 30)).save(tmp_path / "40x30.png")
    picture((400, 300)).save(tmp_path / "400x300.png")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("OUT", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def install(folder: Path, name: str, body: str) -> None:
    """A program that notes its arguments in "calls"; ``file`` is its last argument."""
    text = (
        f"import os, shutil, sys\nout, args = os.environ['OUT'], sys.argv[1:]\n"
        f"print({name!r}, *args, file=open(out + '/calls', 'a'))\n"
        f"file = args[-1] if args else None\n"
        f"def copy(n): shutil.copy(out + '/' + n + '.png', file)\n{body}\n"
    )
    path = folder / name
    path.write_text(f"#!{sys.executable} -S\n{text}")
    path.chmod(0o755)


def calls(folder: Path) -> list[str]:
    path = folder.parent / "calls"
    text = path.read_text()
    path.unlink()
    return [line.replace(str(folder.parent), "") for line in text.splitlines()]


def nothing_left(folder: Path) -> bool:
    return not any((folder.parent / "temporary").iterdir())


SCREENSHOTS = {
    "gnome-screenshot": "gnome-screenshot -f ",
    "grim": "grim ",
    "spectacle": "spectacle -n -b -f -o ",
}


@pytest.mark.parametrize("name", SCREENSHOTS)
def test_programs(name: str, tools: Path) -> None:
    install(tools, name, "copy('40x30')")
    assert ImageGrab.grab().tobytes() == picture((40, 30)).tobytes()
    assert calls(tools)[0].startswith(SCREENSHOTS[name] + "/temporary/")
    assert ImageGrab.grab((1, 2, 11, 22)).size == (10, 20)
    assert nothing_left(tools)
    # With the name of a display, nothing but X11 will do.
    with pytest.raises(OSError):
        ImageGrab.grab(xdisplay=":987")
    assert len(calls(tools)) == 1


def test_first_program_wins(tools: Path) -> None:
    for name in reversed(SCREENSHOTS):
        install(tools, name, "copy('40x30')")
    ImageGrab.grab()
    assert calls(tools)[0].startswith("gnome-screenshot ")


def test_failing_programs(tools: Path) -> None:
    with pytest.raises(OSError, match=r"X connection failed|built without XCB"):
        ImageGrab.grab()
    install(tools, "grim", "sys.exit(3)")
    with pytest.raises(subprocess.CalledProcessError):
        ImageGrab.grab()
    install(tools, "grim", "open(file, 'wb').write(b'no image')")
    with pytest.raises(OSError):
        ImageGrab.grab()
    assert nothing_left(tools)


def test_without_xcb(monkeypatch: pytest.MonkeyPatch, tools: Path) -> None:
    monkeypatch.setattr(Image.core, "HAVE_XCB", False)
    monkeypatch.delattr(Image.core, "grabscreen_x11", raising=False)
    for name in (None, ""):
        with pytest.raises(OSError, match=r"^Pillow was built without XCB support"):
            ImageGrab.grab(xdisplay=name)
    install(tools, "grim", "copy('40x30')")
    assert ImageGrab.grab().size == (40, 30)


@pytest.fixture
def macos(monkeypatch: pytest.MonkeyPatch, tools: Path) -> Path:
    monkeypatch.setattr(sys, "platform", "darwin")
    # A window has 400x300 pixels, with a shadow as its name says.
    install(
        tools,
        "screencapture",
        "copy('400x300' if '-l' in args and '-o' not in args else '40x30')",
    )
    return tools


def test_macos(macos: Path) -> None:
    assert ImageGrab.grab().size == (40, 30)
    assert ImageGrab.grab((10, 20, 30, 35)).size == (40, 30)
    assert ImageGrab.grab((10, 20, 30, 35), scale_down=True).size == (20, 15)
    assert ImageGrab.grab(window=ImageWin.HWND(77)).size == (400, 300)
    commands = [line.rpartition(" ")[0] for line in calls(macos)]
    area = "screencapture -R 10,20,20,15 -x"
    assert commands == ["screencapture -x", area, area, "screencapture -l 77 -x"]
    assert nothing_left(macos)


def test_macos_window(macos: Path) -> None:
    box = (2, 3, 12, 9)
    bare = picture((40, 30))
    # 360 pixels of shadow are of a Retina display.
    retina = ImageGrab.grab(box, window=77)
    assert retina.tobytes() == bare.resize((20, 12), box=(4, 6, 24, 18)).tobytes()
    small = ImageGrab.grab(box, window=77, scale_down=True)
    assert small.tobytes() == bare.resize((10, 6), box=(4, 6, 24, 18)).tobytes()
    commands = [line.rpartition(" ")[0] for line in calls(macos)]
    assert commands[:2] == ["screencapture -l 77 -x", "screencapture -l 77 -o -x"]
    install(macos, "screencapture", "copy('40x30')")
    plain = ImageGrab.grab(box, window=77)
    assert plain.tobytes() == bare.crop(box).tobytes()


def test_macos_clipboard(macos: Path) -> None:
    install(macos, "osascript", "sys.exit(1)")
    assert ImageGrab.grabclipboard() is None
    install(
        macos,
        "osascript",
        "data = open(out + '/40x30.png', 'rb').read().hex().upper()\n"
        "sys.stdout.buffer.write(f'«data PNGf{data}»\\n'.encode())",
    )
    im = ImageGrab.grabclipboard()
    assert isinstance(im, Image.Image)
    assert im.tobytes() == picture((40, 30)).tobytes()


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the core is asked for; its screen begins at (-100, -50)."""
    asked: list[Any] = []
    im = picture((41, 31))
    rows = im.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes("raw", "BGR")
    data = b"".join(rows[i : i + 123] + b"\0" for i in range(0, len(rows), 123))

    def grabscreen(*args: object) -> Any:
        asked.append(args)
        return (-100, -50), im.size, data

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Image.core, "grabscreen_win32", grabscreen, raising=False)
    return asked


def test_windows(windows: list[Any]) -> None:
    whole = picture((41, 31))
    assert ImageGrab.grab().tobytes() == whole.tobytes()
    part = ImageGrab.grab((-95, -47, -70, -30), True, True)
    assert part.tobytes() == whole.crop((5, 3, 30, 20)).tobytes()
    ImageGrab.grab(window=9)
    ImageGrab.grab(window=ImageWin.HWND(9), all_screens=True)
    assert [tuple(map(int, args)) for args in windows] == [
        (0, 0, 0), (1, 1, 0), (0, -1, 9), (0, -1, 9),
    ]  # fmt: skip


@pytest.mark.parametrize("wide", [False, True])
def test_windows_files(wide: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    names = ["C:\\a.png", "C:\\ä b" if wide else "C:\\b"]
    text = "".join(f"{name}\0" for name in [*names, "", "left over"])
    body = text.encode("utf-16-le" if wide else "ascii")
    clipboard = "file", struct.pack("<L8xLL4x", 24, 0, wide) + body
    monkeypatch.setattr(Image.core, "grabclipboard_win32", lambda: clipboard, raising=False)

    def find(name: str) -> codecs.CodecInfo | None:  # what Windows calls its code page
        return codecs.lookup("ascii") if name == "mbcs" else None

    codecs.register(find)
    try:
        assert ImageGrab.grabclipboard() == names
        whole = clipboard[1]
        clipboard = "file", whole[:24]  # the structure without names
        assert ImageGrab.grabclipboard() == []
        clipboard = "file", whole
        for length in (30, 19, 5, 0):
            clipboard = "file", clipboard[1][:length]
            with pytest.raises(ValueError):
                ImageGrab.grabclipboard()
    finally:
        codecs.unregister(find)


@pytest.mark.parametrize("kind", ["PNG", "DIB"])
def test_windows_images(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    out = io.BytesIO()
    picture((5, 4)).save(out, kind)
    clipboard: tuple[str, bytes | None] = kind, out.getvalue()
    monkeypatch.setattr(Image.core, "grabclipboard_win32", lambda: clipboard, raising=False)
    im = ImageGrab.grabclipboard()
    assert isinstance(im, Image.Image)
    assert (im.format, im.tobytes()) == (kind, picture((5, 4)).tobytes())
    clipboard = "", None
    assert ImageGrab.grabclipboard() is None


WL_PASTE, XCLIP = "wl-paste -t image", "xclip -selection clipboard -t image/png -o"


@pytest.mark.parametrize("wayland", ["", "wayland-0"])
@pytest.mark.parametrize("x11", ["", ":5"])
@pytest.mark.parametrize("there", [(), ("xclip",), ("wl-paste",), ("wl-paste", "xclip")])
def test_clipboard_programs(
    wayland: str, x11: str, there: tuple[str, ...], tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wayland:
        monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
    if x11:
        monkeypatch.setenv("DISPLAY", x11)
    for name in there:
        install(
            tools, name, "sys.stdout.buffer.write(open(out + '/40x30.png', 'rb').read())"
        )
    fitting = {"wl-paste": bool(wayland) or not x11, "xclip": not wayland}
    usable = [name for name in there if fitting[name]]
    if not usable:
        with pytest.raises(NotImplementedError, match="wl-paste or xclip is required"):
            ImageGrab.grabclipboard()
        return
    im = ImageGrab.grabclipboard()
    assert isinstance(im, Image.Image)
    assert (im.format, im.tobytes()) == ("PNG", picture((40, 30)).tobytes())
    assert calls(tools) == [{"wl-paste": WL_PASTE, "xclip": XCLIP}[usable[0]]]


@pytest.mark.parametrize(
    "complaint, answer",
    [
        ("Nothing is copied", None),
        ("No selection", None),
        ("No suitable type of content copied", None),
        ("Error: target image/png not available", None),
        ("xclip: Error: cannot convert PRIMARY", None),
        ("xclip: Error: There is no owner for the CLIPBOARD selection", None),
        ("  something else \n", "xclip error: something else"),
        ("", "xclip error"),
        ("\udcff", "xclip error: \ufffd"),
    ],
)
def test_clipboard_complaints(complaint: str, answer: str | None, tools: Path) -> None:
    data = os.fsencode(complaint)
    install(tools, "xclip", f"sys.stderr.buffer.write({data!r}); sys.exit(1)")
    if answer is None:
        assert ImageGrab.grabclipboard() is None
    else:
        with pytest.raises(ChildProcessError) as error:
            ImageGrab.grabclipboard()
        assert str(error.value) == answer


def test_clipboard_holds_no_image(tools: Path) -> None:
    install(tools, "xclip", "print('text')")
    with pytest.raises(OSError):
        ImageGrab.grabclipboard()


def test_real_clipboard(display: str, tmp_path: Path) -> None:
    if not shutil.which("xclip"):
        pytest.skip("xclip is not installed")
    assert ImageGrab.grabclipboard() is None
    path = tmp_path / "image.png"
    im = picture((33, 22))
    im.save(path)
    command = ["xclip", "-quiet", "-selection", "clipboard", "-t", "image/png", "-i", str(path)]
    owner = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        assert owner.stderr is not None
        owner.stderr.readline()  # it says so when it owns the clipboard
        copied = ImageGrab.grabclipboard()
        assert isinstance(copied, Image.Image)
        assert (copied.format, copied.tobytes()) == ("PNG", im.tobytes())
    finally:
        owner.kill()
        owner.communicate()
    assert ImageGrab.grabclipboard() is None
