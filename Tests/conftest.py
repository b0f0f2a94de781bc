"""Makes the helpers in this folder importable; a screen for the tests that need one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import virtual_screen
from required import require

# Before anything imports Qt, and for all programs that tests start.
os.environ.update(virtual_screen.QT_OFFSCREEN)


@pytest.fixture(scope="session")
def xvfb() -> Iterator[str]:
    """The display of an X server that all tests share."""
    require("Xvfb")
    with virtual_screen.virtual_screen() as display:
        yield display


@pytest.fixture
def display(xvfb: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same, as the environment's display."""
    monkeypatch.setenv("DISPLAY", xvfb)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return xvfb
