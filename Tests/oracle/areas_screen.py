"""Viewers, Tk, Qt and screen grabs. Tk and grabs run on an X server started for the area."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from common import MODES, Area, Case, image, some_size

from PIL import Image, ImageGrab, ImageQt, ImageShow, ImageWin

sys.path.append(str(Path(__file__).parents[1]))
import virtual_screen

os.environ.update(virtual_screen.QT_OFFSCREEN)

VIEWERS = ("WindowsViewer", "MacViewer", "XDGViewer", "DisplayViewer", "GmDisplayViewer",
           "EogViewer", "XVViewer")  # fmt: skip
NAMES = ("a.png", "a b", "it's", 'say "x"', "%PATH%", "$(x)", "a;b&c", "ü", "-n", "")


@contextlib.contextmanager
def recording() -> Iterator[list[Any]]:
    """Instead of being started, programs are noted."""
    calls: list[Any] = []

    def noting(kind: str) -> Callable[..., int]:
        def note(command: Any, *args: Any, **kwargs: Any) -> int:
            shown = [str(w).replace(sys.executable, "python") for w in command]
            calls.append((kind, shown if isinstance(command, list) else command))
            return 0

        return note

    saved = subprocess.Popen, subprocess.call, os.system
    subprocess.Popen, subprocess.call = noting("popen"), noting("call")  # type: ignore
    os.system = noting("system")
    try:
        yield calls
    finally:
        subprocess.Popen, subprocess.call, os.system = saved  # type: ignore


def viewers(rng: random.Random) -> Iterator[Case]:
    def command(name: str, file: str, options: dict[str, Any]) -> Any:
        return getattr(ImageShow, name)().get_command(file, **options)

    def start(name: str, options: dict[str, Any]) -> Any:
        with recording() as calls:
            return getattr(ImageShow, name)().show_file(__file__, **options), [
                (kind, [os.path.basename(w) for w in words]) for kind, words in calls
            ]

    def show(mode: str, format: str | None) -> Any:
        class Viewer(ImageShow.Viewer):
            def show_image(self, image: Image.Image, **options: Any) -> Any:
                image.info.pop("icc_profile", None)  # of LAB's, with the time when it was made
                return image, options

        viewer = Viewer()
        viewer.format = format
        return viewer.show(image(random.Random(1), mode, (4, 3)), title="t")

    while True:
        name = rng.choice(VIEWERS)
        titles = ({}, {"title": None}, {"title": "a title's"}, {"title": ""}, {"other": 1})
        options, file = rng.choice(titles), rng.choice(NAMES)
        yield f"command {name} {file!r} {options}", lambda a=(name, file, options): command(*a)
        yield f"start {name} {options}", lambda a=(name, options): start(*a)
        mode, format = rng.choice(MODES), rng.choice(("PNG", "PPM", None))
        yield f"show {mode} {format}", lambda a=(mode, format): show(*a)


def qt(rng: random.Random) -> Iterator[Case]:
    """Nothing, if Qt is not installed: the areas of both sides are then of one length, 0."""
    if not ImageQt.qt_is_installed:
        yield "no Qt", lambda: False
        return

    def convert(im: Image.Image) -> Any:
        qimage = ImageQt.toqimage(im)
        bits = b"" if qimage.isNull() else bytes(qimage.constBits())
        return qimage.format().name, qimage.bytesPerLine(), bits, list(qimage.colorTable())

    while True:
        size = rng.choice((some_size(rng, 40), (0, 3), some_size(rng, 10)))
        mode = rng.choice(("1", "L", "P", "RGB", "RGBA", "I;16", rng.choice(MODES)))
        im = image(rng, mode, size)
        if mode == "P":
            # What Pillow's colour table lacks, Qt reads from the memory behind it.
            count = len(im.getpalette() or ()) // 3
            im.putdata([index % count for index in im.tobytes()])
        yield f"to Qt {mode} {size}", lambda a=im: convert(a)
        yield f"from Qt {mode} {size}", lambda a=im: Image.fromqimage(a.toqimage())
        color = tuple(rng.choice((0, 1, 255, rng.randrange(256))) for _ in range(4))
        yield f"rgb {color}", lambda a=color: ImageQt.rgb(*a)
        width, mode = rng.randrange(1, 20), rng.choice(("1", "L", "P", "I;16", "RGB"))
        data = rng.randbytes(rng.randrange(100))
        yield (
            f"align {len(data)} {width} {mode}",
            lambda a=(data, width, mode): ImageQt.align8to32(*a),
        )


def on_screen(area: Callable[[random.Random], Iterator[Case]]) -> Area:
    def wrapped(rng: random.Random) -> Iterator[Case]:
        if not virtual_screen.available():
            yield "no Xvfb", lambda: False
            return
        with virtual_screen.virtual_screen("203x101x24") as display:
            os.environ["DISPLAY"] = display
            yield from area(rng)

    return wrapped


def tk(rng: random.Random) -> Iterator[Case]:
    import tkinter  # noqa: ICN001

    from PIL import ImageTk

    root = tkinter.Tk()

    def photo(im: Image.Image) -> Any:
        made = ImageTk.PhotoImage(im, master=root)
        return made.width(), made.height(), ImageTk.getimage(made)

    def pasted(mode: str, size: tuple[int, int], images: list[Image.Image]) -> Any:
        made = ImageTk.PhotoImage(mode, size, master=root)
        for im in images:
            made.paste(im)
        return ImageTk.getimage(made), root.tk.call("image", "width", str(made))

    def bitmap(im: Image.Image) -> Any:
        made = ImageTk.BitmapImage(im, master=root)
        return made.width(), made.height(), root.tk.call("image", "type", str(made))

    while True:
        im = image(rng, rng.choice(MODES), some_size(rng))
        if im.mode == "P" and rng.random() < 0.5:
            im.info["transparency"] = rng.choice((0, 5, rng.randbytes(7)))
        yield f"photo {im.mode} {im.size} {im.info}", lambda a=im: photo(a)
        mode, size = rng.choice(MODES), some_size(rng)
        images = [
            image(rng, rng.choice((mode, rng.choice(MODES))), (rng.randint(1, size[0]), size[1]))
            for _ in range(rng.randrange(3))
        ]
        what = [(i.mode, i.size) for i in images]
        yield f"pasted {mode} {size} {what}", lambda a=(mode, size, images): pasted(*a)
        im = image(rng, rng.choice(("1", "1", "L")), some_size(rng))
        yield f"bitmap {im.mode} {im.size}", lambda a=im: bitmap(a)


def grab(rng: random.Random) -> Iterator[Case]:
    import tkinter  # noqa: ICN001

    from PIL import ImageTk

    root = tkinter.Tk()
    root.overrideredirect(True)
    root.geometry("+0+0")
    photo = ImageTk.PhotoImage(image(rng, "RGB", (150, 90)), master=root)
    tkinter.Label(root, image=photo, borderwidth=0).pack()
    root.update()
    display = os.environ["DISPLAY"]
    names = (None, None, "", display, f"{display}.0", f"{display}.4", ":987", "nonsense", "a\0b", 5)
    while True:
        box = tuple(rng.randint(-20, 220) for _ in range(4))
        if rng.random() < 0.6:
            box = (*(min(box[i], box[i + 2]) for i in (0, 1)),
                   *(max(box[i], box[i + 2]) for i in (0, 1)))  # fmt: skip
        options = {"bbox": rng.choice((None, box, box)), "xdisplay": rng.choice(names)}
        # The two sides have servers of their own, with different numbers.
        yield f"grab {options}".replace(display, "here"), lambda a=options: ImageGrab.grab(**a)


class DisplayCore:
    """In the place of the core's Windows-only object: notes what it is asked."""

    def __init__(self, *args: Any) -> None:
        self.calls: list[Any] = [args]

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any) -> int:
            plain = [a if isinstance(a, (int, tuple, bytes)) else type(a).__name__ for a in args]
            self.calls.append((name, plain))
            return 7

        return call


def windows(rng: random.Random) -> Iterator[Case]:
    core: Any = Image.core

    def use(mode: Any, size: Any, name: str, args: Any) -> Any:
        core.display = DisplayCore
        try:
            dib = ImageWin.Dib(mode, size)
            result = getattr(dib, name)(*args)
            return dib.mode, dib.size, dib.image.calls, result
        finally:
            del core.display

    while True:
        mode: Any = rng.choice(MODES)
        size: Any = rng.choice((None, (3, 4), (5, 6), (5, 6)))
        if rng.random() < 0.4:
            mode = image(rng, mode, (3, 2))
        number = rng.randrange(100)
        handle = rng.choice((number, ImageWin.HDC(number), ImageWin.HWND(number)))
        box = tuple(rng.randrange(9) for _ in range(4))
        im = image(rng, rng.choice(("1", "L", "RGB", "RGBA", "P")), (3, 2))
        # query_palette of a HWND is left out: Pillow gives back the context to the wrong window.
        calls: list[tuple[str, Any]] = [
            ("expose", (handle,)), ("draw", (handle, box)), ("draw", (handle, box, box)),
            ("query_palette", (number,)), ("paste", (im,)), ("paste", (im, box)),
            ("frombytes", (b"x",)),
        ]  # fmt: skip
        name, args = rng.choice(calls)
        yield (
            f"Dib {getattr(mode, 'mode', mode)} {size} {name}",
            lambda a=(mode, size, name, args): use(*a),
        )


AREAS: dict[str, tuple[Area, int]] = {
    "viewers": (viewers, 600),
    "ImageQt": (qt, 600),
    "ImageTk": (on_screen(tk), 400),
    "ImageGrab": (on_screen(grab), 100),
    "ImageWin": (windows, 200),
}
