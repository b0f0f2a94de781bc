"""ImageWin: what of it works everywhere, and what it asks of the core of Windows, faked."""

from __future__ import annotations

from typing import Any

import pytest

from PIL import Image, ImageWin


def test_handles() -> None:
    assert int(ImageWin.HDC(50)) == ImageWin.HDC(50).dc == 50
    assert int(ImageWin.HWND(51)) == ImageWin.HWND(51).wnd == 51


def test_elsewhere() -> None:
    with pytest.raises(AttributeError, match="display"):
        ImageWin.Dib(Image.new("L", (1, 1)))
    with pytest.raises(AttributeError, match="createwindow"):
        ImageWin.Window()
    with pytest.raises(ValueError, match="size is required"):
        ImageWin.Dib("RGB")
    with pytest.raises(KeyError):
        ImageWin.Dib("unknown", (1, 1))


class Core:
    """Notes all calls."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def display(self, mode: str, size: tuple[int, int]) -> Core:
        self.calls.append(("display", mode, size))
        return self

    def createwindow(self, title: str, handler: Any, width: int, height: int) -> int:
        self.calls.append(("createwindow", title, width, height))
        self.handler = handler
        return 77

    def getdc(self, window: int) -> int:
        self.calls.append(("getdc", window))
        return 1000 + window

    def tobytes(self) -> bytes:
        return b"memory"

    def query_palette(self, context: int) -> int:
        self.calls.append(("query_palette", context))
        return 3

    def paste(self, image: Any, *box: Any) -> None:
        self.calls.append(("paste", image.mode, *box))

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.calls.append((name, *args))


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> Core:
    fake = Core()
    monkeypatch.setattr(ImageWin, "_core", fake)
    return fake


@pytest.mark.parametrize(
    "mode, used",
    [("1", "1"), ("L", "L"), ("P", "P"), ("RGB", "RGB"), ("RGBA", "RGB"), ("LA", "L"),
     ("CMYK", "RGB"), ("I", "L")],
)  # fmt: skip
def test_modes(mode: str, used: str, core: Core) -> None:
    dib = ImageWin.Dib(mode, (3, 4))
    assert (dib.mode, dib.size, core.calls) == (used, (3, 4), [("display", used, (3, 4))])
    core.calls.clear()
    dib = ImageWin.Dib(Image.new(mode, (5, 6)))
    assert core.calls == [("display", used, (5, 6)), ("paste", used)]


@pytest.mark.parametrize(
    "handle, context, before, after",
    [
        (5, 5, [], []),
        (ImageWin.HDC(6), 6, [], []),
        (ImageWin.HWND(8), 1008, [("getdc", 8)], [("releasedc", 8, 1008)]),
    ],
)
def test_contexts(handle: Any, context: int, before: Any, after: Any, core: Core) -> None:
    dib = ImageWin.Dib("RGB", (3, 4))
    del core.calls[:]
    dib.expose(handle)
    dib.draw(handle, (1, 2, 3, 4))
    dib.draw(handle, (1, 2, 3, 4), (5, 6, 7, 8))
    assert dib.query_palette(handle) == 3
    assert core.calls == [
        *before, ("expose", context), *after,
        *before, ("draw", context, (1, 2, 3, 4), (0, 0, 3, 4)), *after,
        *before, ("draw", context, (1, 2, 3, 4), (5, 6, 7, 8)), *after,
        *before, ("query_palette", context), *after,
    ]  # fmt: skip


def test_context_is_released_after_failure(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    dib = ImageWin.Dib("RGB", (3, 4))

    def fail(context: int) -> None:
        raise OSError("no")

    monkeypatch.setattr(core, "expose", fail, raising=False)
    with pytest.raises(OSError, match="no"):
        dib.expose(ImageWin.HWND(8))
    assert core.calls[-1] == ("releasedc", 8, 1008)


def test_pixels(core: Core) -> None:
    dib = ImageWin.Dib("L", (3, 4))
    del core.calls[:]
    dib.paste(Image.new("RGB", (3, 4)))
    dib.paste(Image.new("L", (3, 4)), (1, 2, 4, 6))
    dib.frombytes(b"data")
    assert core.calls == [("paste", "L"), ("paste", "L", (1, 2, 4, 6)), ("frombytes", b"data")]
    assert dib.tobytes() == b"memory"


def test_window(core: Core) -> None:
    seen: list[Any] = []

    class Window(ImageWin.Window):
        def ui_handle_repair(self, *args: int) -> None:
            seen.append(args)

    window = Window("title", 30)
    assert window.hwnd == 77
    assert core.calls == [("createwindow", "title", 30, 0)]
    core.handler("damage", 1, 2, 3, 4)
    core.handler("clear", 9, 1, 2, 3, 4)
    core.handler("repair", 9, 1, 2, 3, 4)
    core.handler("resize", 5, 6)
    core.handler("destroy")
    assert seen == [(9, 1, 2, 3, 4)]
    with pytest.raises(AttributeError):
        core.handler("unknown")
    window.mainloop()
    assert core.calls[-1] == ("eventloop",)


def test_image_window(core: Core) -> None:
    for image in (Image.new("RGB", (5, 6)), ImageWin.Dib("RGB", (5, 6))):
        ImageWin.ImageWindow(image, "title")
        assert core.calls[-1] == ("createwindow", "title", 5, 6)
        core.handler("repair", 9, 1, 2, 3, 4)
        assert core.calls[-1] == ("draw", 9, (1, 2, 3, 4), (0, 0, 5, 6))
