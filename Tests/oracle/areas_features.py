"""What the build says of itself: features, ``pilinfo``, ``python -m PIL`` and its report."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from common import Area, Case

from PIL import Image, features

RULE = "-" * 68
#: Lines that tell where things are, and ours of SIMD.
ELSEWHERE = ("Python executable is", "Environment Python files", "Python Pillow modules",
             "Binary Pillow modules", "--- SIMD", "*** SIMD")  # fmt: skip
#: Pillow needs libavif 1.0 and this build does not, so that one side may have it alone.
AVIF = ("--- AVIF", "*** AVIF")


def comparable(text: str) -> list[list[str]]:
    """The parts between rules, without what differs between any two installations."""
    parts = [part.strip("\n").splitlines() for part in text.split(RULE + "\n")]
    return [
        [line for line in part if not line.startswith((*ELSEWHERE, *AVIF))]
        for part in parts
        if part and not part[0].startswith("AVIF")
    ]


def printed(*options: str) -> Any:
    """Standard output and error of ``python -m`` something."""
    done = subprocess.run([sys.executable, "-m", *options], capture_output=True, check=False)
    return comparable(done.stdout.decode()), done.stderr, done.returncode


def told(**options: Any) -> Any:
    out = io.StringIO()
    features.pilinfo(out, **options)
    return comparable(out.getvalue())


def reports(rng: random.Random) -> Iterator[Case]:
    yield "pilinfo", told
    yield "pilinfo of formats", lambda: told(supported_formats=True)
    yield "pilinfo without formats", lambda: told(supported_formats=False)
    for options in (("PIL",), ("PIL", "--report"), ("PIL.report",)):
        yield f"python -m {options}", lambda a=options: printed(*a)
    names = [*features.modules, *features.codecs, *features.features, "", "JPG", "nothing"]
    asked = ("check", "version", "check_module", "version_module", "check_codec", "version_codec",
             "check_feature", "version_feature")  # fmt: skip
    for name in sorted({*names, "png"} - {"avif", "simd"}):
        for function in asked:
            yield f"{function} {name}", lambda a=(function, name): getattr(features, a[0])(a[1])
    for function in ("modules", "codecs", "features"):
        yield (
            f"supported {function}",
            lambda a=function: sorted({*getattr(features, f"get_supported_{a}")()} - {"avif"}),
        )
    yield "supported", lambda: sorted({*features.get_supported()} - {"avif"})
    tables = (Image.ID, Image.OPEN, Image.SAVE, Image.SAVE_ALL)
    yield "formats", lambda: [sorted({*each} - {"AVIF"}) for each in tables]


AREAS: dict[str, tuple[Area, int]] = {"features": (reports, 400)}
