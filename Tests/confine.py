"""Runs one thing in a process of its own, with little memory and little time."""

from __future__ import annotations

import json
import os
import resource
import signal
import traceback
import warnings
from collections.abc import Callable

import pytest

from PIL import Image

# Pillow's documented exceptions, but no Unicode errors. (UnidentifiedImageError is an OSError.)
DOCUMENTED = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)

SECONDS = 5.0
MEGABYTES = 512


def _address_space() -> int:
    with open("/proc/self/statm") as f:
        return int(f.read().split()[0]) * resource.getpagesize()


def _child(action: Callable[[], object], write_end: int, megabytes: int) -> None:
    size = _address_space() + (megabytes << 20)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # ends the process, whatever it does
    try:
        result = action()
        answer = ["ok", "" if result is None else str(result)]
    except DOCUMENTED as error:
        kind = "UnicodeError" if isinstance(error, UnicodeError) else type(error).__name__
        answer = [kind, str(error)]
    except pytest.skip.Exception as skipped:
        answer = ["skipped", str(skipped)]
    except BaseException as error:
        answer = [f"undocumented {type(error).__name__}", traceback.format_exc()[-2000:]]
    os.write(write_end, json.dumps(answer).encode()[:60000])


def confined(action: Callable[[], object], megabytes: int = MEGABYTES) -> tuple[str, str]:
    """Run ``action`` with so much more memory than now, for five seconds of processor time.

    :return: ``ok`` and its result as text, or a documented exception's name and text
    :raises AssertionError: for any other exception, for a crash, and beyond the limits
    """
    read_end, write_end = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of forking with threads; the child starts none
        child = os.fork()
        if child == 0:
            try:
                _child(action, write_end, megabytes)
            finally:
                os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        raise AssertionError(f"{'took too long' if name == 'SIGPROF' else 'died of ' + name}")
    kind, text = json.loads(answer)
    if kind == "skipped":
        pytest.skip(text)
    assert not kind.startswith(("undocumented", "UnicodeError")), f"{kind}\n{text}"
    return kind, text
