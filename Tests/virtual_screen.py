"""An X server without a screen, for whatever needs one. Standard library only, so that the
differential test can use it under any interpreter."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

#: Environment in which Qt needs no screen.
QT_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
_PATIENCE = 30  # seconds for the server to start


def available() -> bool:
    return shutil.which("Xvfb") is not None


@contextmanager
def virtual_screen(geometry: str = "640x480x24") -> Iterator[str]:
    """Runs Xvfb, and gives the name of its display.

    :param geometry: width x height x depth
    """
    readable, writable = os.pipe()
    # Without -noreset, the server would forget everything, and for a moment refuse connections,
    # whenever its last client leaves.
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", geometry, "-noreset"]
    server = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=(writable,), stderr=subprocess.DEVNULL
    )
    os.close(writable)
    try:
        number = b""
        while not number.endswith(b"\n"):
            ready, _, _ = select.select([readable], [], [], _PATIENCE)
            piece = os.read(readable, 16) if ready else b""
            if not piece:
                raise RuntimeError("Xvfb did not start")
            number += piece
        yield f":{int(number)}"
    finally:
        os.close(readable)
        server.terminate()
        server.wait()
