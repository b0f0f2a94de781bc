"""ImageShow: which viewers there are, what they run, and what they are given."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from PIL import Image, ImageShow

PROGRAMS = {
    ImageShow.XDGViewer: ["xdg-open"],
    ImageShow.DisplayViewer: ["display"],
    ImageShow.GmDisplayViewer: ["gm", "display"],
    ImageShow.EogViewer: ["eog", "-n"],
    ImageShow.XVViewer: ["xv"],
}
TITLES = {ImageShow.DisplayViewer: "-title", ImageShow.XVViewer: "-name"}
EVIL = "a 'b\"; $(touch c) & %d"


def install(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder first on the search path; programs there write their arguments to "seen"."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    for words in PROGRAMS.values():
        install(folder, words[0], 'printf "%s\\n" "$0" "$@" > "$SEEN.new"; mv "$SEEN.new" "$SEEN"')
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """All processes that viewers start."""
    processes = []
    popen = subprocess.Popen

    def start(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        processes.append(popen(*args, **kwargs))
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return processes


@pytest.mark.parametrize("title", [None, "", EVIL])
@pytest.mark.parametrize("viewer", PROGRAMS)
def test_programs(
    viewer: type[ImageShow.UnixViewer],
    title: str | None,
    programs: Path,
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
) -> None:
    path = tmp_path / EVIL
    path.write_bytes(b"")
    assert viewer().show_file(str(path), title=title) == 1
    assert started[0].wait(30) == 0
    words = PROGRAMS[viewer]
    named = [TITLES[viewer], title] if title and viewer in TITLES else []
    expected = [str(programs / words[0]), *words[1:], *named, str(path)]
    seen = tmp_path / "seen"
    assert seen.read_text().splitlines() == expected
    # The command that a shell is given says the same.
    seen.unlink()
    subprocess.run(viewer().get_command(str(path), title=title), shell=True, check=True)
    assert seen.read_text().splitlines() == expected


def test_missing_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(b"")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        ImageShow.EogViewer().show_file(str(path))


def registered(path: str, extra: str = "") -> list[str]:
    """The viewers that a fresh interpreter registers, with this search path."""
    code = f"{extra}\nfrom PIL import ImageShow as s\nfor v in s._viewers: print(type(v).__name__)"
    env = os.environ | {"PATH": path, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


NO_IPYTHON = "import sys; sys.modules['IPython'] = None"


def test_registered(programs: Path) -> None:
    assert registered(str(programs), NO_IPYTHON) == [v.__name__ for v in PROGRAMS]
    assert registered("/nowhere", NO_IPYTHON) == []
    fake = (
        "import sys, types\nsys.modules['IPython'] = sys.modules['IPython.display'] = "
        "types.SimpleNamespace(display=print)"
    )
    assert registered("/nowhere", fake) == ["IPythonViewer"]
    windows = f"import sys; sys.platform = 'win32'\n{NO_IPYTHON}"
    # There, these need modules that are not here.
    assert registered("/nowhere", f"import shutil, subprocess\n{windows}") == ["WindowsViewer"]
    assert registered("/nowhere", windows.replace("win32", "darwin")) == ["MacViewer"]


def test_ipython(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Image.Image] = []
    monkeypatch.setattr(ImageShow, "ipython_display", shown.append, raising=False)
    viewer = ImageShow.IPythonViewer()
    im = Image.new("CMYK", (2, 2))
    assert viewer.show(im) == 1
    assert [shown[0].mode, len(shown)] == ["RGB", 1]
    with pytest.raises(NotImplementedError):
        viewer.get_command("file")


class Recorder(ImageShow.Viewer):
    """Keeps what it is asked to show."""

    def __init__(self, answer: int = 1) -> None:
        self.answer = answer
        self.calls: list[tuple[Image.Image, dict[str, Any]]] = []

    def show_image(self, image: Image.Image, **options: Any) -> int:
        self.calls.append((image, options))
        return self.answer


@pytest.fixture
def viewers(monkeypatch: pytest.MonkeyPatch) -> list[ImageShow.Viewer]:
    """The list of viewers, empty."""
    empty: list[ImageShow.Viewer] = []
    monkeypatch.setattr(ImageShow, "_viewers", empty)
    return empty


def test_order(viewers: list[ImageShow.Viewer]) -> None:
    first, unable, last = Recorder(), Recorder(0), Recorder()
    ImageShow.register(first)
    ImageShow.register(last, 2)
    ImageShow.register(unable, 0)
    ImageShow.register(Recorder, -1)
    assert [type(viewers[0]), viewers[1:]] == [Recorder, [unable, first, last]]
    del viewers[0]
    im = Image.new("L", (1, 1))
    im.show("a title")
    assert [len(v.calls) for v in (unable, first, last)] == [1, 1, 0]
    assert first.calls[0] == (im, {"title": "a title"})
    assert ImageShow.show(im, option=5) is True
    assert first.calls[1][1] == {"title": None, "option": 5}


def test_without_viewers(viewers: list[ImageShow.Viewer]) -> None:
    assert ImageShow.show(Image.new("L", (1, 1))) is False
    Image.new("L", (1, 1)).show()


@pytest.mark.parametrize("format", [None, "PNG"])
@pytest.mark.parametrize(
    "mode, shown",
    [
        ("1", "1"), ("L", "L"), ("P", "P"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("RGBX", "RGB"),
        ("CMYK", "RGB"), ("YCbCr", "RGB"), ("HSV", "RGB"), ("PA", "RGB"), ("I", "L"), ("F", "L"),
        ("I;16B", "L"), ("LA", "LA or L"), ("I;16", "I;16 or L"),
    ],
)  # fmt: skip
def test_modes(mode: str, shown: str, format: str | None) -> None:
    viewer = Recorder()
    viewer.format = format
    assert viewer.show(Image.new(mode, (3, 2))) == 1
    png, _, other = shown.partition(" or ")
    assert viewer.calls[0][0].mode == (png if format else other or png)


def test_saved_image() -> None:
    im = Image.new("RGB", (3, 2), "red")
    for viewer, format in ((ImageShow.XDGViewer(), "PNG"), (ImageShow.Viewer(), "PPM")):
        path = viewer.save_image(im)
        try:
            with Image.open(path) as saved:
                assert (saved.format, saved.size) == (format, im.size)
                assert saved.getpixel((0, 0)) == (255, 0, 0)
        finally:
            os.unlink(path)


def test_shell_viewer(tmp_path: Path) -> None:
    class Copier(ImageShow.Viewer):
        format = "PNG"

        def get_command(self, file: str, **options: Any) -> str:
            return f"mv {file} {tmp_path}/shown-{options['title']}"

    assert Copier().show(Image.new("RGB", (5, 4)), title="x") == 1
    with Image.open(tmp_path / "shown-x") as shown:
        assert shown.size == (5, 4)


@pytest.mark.parametrize("viewer", [ImageShow.WindowsViewer, ImageShow.MacViewer])
def test_other_systems(
    viewer: type[ImageShow.Viewer],
    programs: Path,
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file is opened, and removed after a while."""
    install(programs, "open", 'printf "%s\\n" "$@" > "$SEEN"')
    monkeypatch.setattr(ImageShow, "_REMOVAL", "import os, sys; os.remove(sys.argv[1])")
    path = tmp_path / EVIL
    path.write_bytes(b"")
    assert viewer().show_file(str(path)) == 1
    assert started[-1].wait(30) == 0
    assert not path.exists()
    if viewer is ImageShow.MacViewer:
        assert (tmp_path / "seen").read_text().splitlines() == ["-a", "Preview.app", str(path)]


def test_removal_waits(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(b"")
    ImageShow.Viewer()._remove_path_after_delay(str(path))
    try:
        time.sleep(0.2)
        assert path.exists() and started[0].poll() is None
    finally:
        started[0].kill()
        started[0].wait()


def test_removal_without_interpreter(
    monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setenv("PATH", "/nowhere")
    ImageShow.Viewer()._remove_path_after_delay("file")
    assert started == []


def test_mac_command(programs: Path, tmp_path: Path) -> None:
    install(programs, "open", 'printf "%s\\n" "$@" > "$SEEN"')
    path = tmp_path / EVIL
    path.write_bytes(b"")
    command = ImageShow.MacViewer().get_command(str(path))
    assert command.endswith(")&")
    command = command.removesuffix("&").replace("sleep 20", "sleep 0")
    subprocess.run(command, shell=True, check=True)
    assert not path.exists()
    assert (tmp_path / "seen").read_text().splitlines() == ["-a", "Preview.app", str(path)]


def test_windows_command() -> None:
    viewer = ImageShow.WindowsViewer()
    command = viewer.get_command("C:\\a b%PATH%.png")
    assert '"C:\\a b"%"PATH"%".png"' in command
    with pytest.raises(ValueError, match="double quotes"):
        viewer.get_command('a" & calc "')


def test_script(tmp_path: Path, programs: Path) -> None:
    def run(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "ignore", "-m", "PIL.ImageShow", *args]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    assert run().stdout.startswith("Syntax: ")
    path = tmp_path / "image.png"
    Image.new("L", (1, 1)).save(path)
    done = run(str(path), "title")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "True")
    assert run(str(tmp_path / "missing")).returncode == 1
