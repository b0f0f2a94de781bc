"""Reads every file of Pillow's published test images here and with Pillow 13.0.0.

    python Tests/oracle/samples.py --oracle PYTHON --tests DIRECTORY [--only TEXT] [--verbose]

``DIRECTORY`` holds Pillow's ``Tests/images``. Of each file are compared: format, MIME type, mode,
size, info, number of frames, pixels and palette of every frame, Exif with its directories, XMP and
text; or the exception, and at which step. Files that fail are read again with
``LOAD_TRUNCATED_IMAGES``.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent
SRC = HERE.parents[1] / "src"

SECONDS = 60  # for one file; Ghostscript takes most
FRAMES = 60  # that are looked at; the longest animation of the set has fewer
SUB_DIRECTORIES = (0x8769, 0x8825, 0xA005, 0x927C, 0x014A, -1)

#: What reading a damaged file may raise. Pillow lets others out now and then.
DOCUMENTED = (
    "UnidentifiedImageError", "OSError", "SyntaxError", "ValueError", "EOFError",
    "DecompressionBombError",
)  # fmt: skip

#: Files of BC6H: Pillow leaves in the byte behind each pixel what happens to be on its stack.
PAD_UNDEFINED = ("bc6h.dds", "bc6h_sf.dds")

#: By name of a feature: the extensions of files that only a Pillow with it can open.
FEATURES = {"avif": (".avif", ".avifs")}

Step = tuple[str, Any]


# The worker, which runs under both interpreters.


def attempt(found: list[Step], what: str, call: Callable[[], Any]) -> bool:
    """Note the result of a step, or its exception."""
    from common import canonical

    try:
        found.append((what, repr(canonical(call()))))
    except Exception as error:
        names = [kind.__name__ for kind in type(error).__mro__]
        found.append((what, "raises " + " ".join(names[: names.index("Exception")])))
        return False
    return True


def properties(im: Any) -> Any:
    info = {str(key): describe(value) for key, value in im.info.items()}
    palette = im.palette.mode if im.palette else None
    return im.format, im.get_format_mimetype(), im.mode, im.size, sorted(info.items()), palette


def describe(value: Any) -> str:
    """A text that is equal on both sides; objects without one of their own become their type."""
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value)} bytes {bytes(value).hex()[:4000]}"
    if isinstance(value, dict):
        return str(sorted((str(k), describe(v)) for k, v in value.items()))
    if isinstance(value, (list, tuple)):
        return type(value).__name__ + str([describe(v) for v in value])
    if isinstance(value, set):
        return str(sorted(map(describe, value)))
    text = repr(value)
    return type(value).__name__ if " object at 0x" in text or " at 0x" in text else text


def frame(im: Any) -> Any:
    im.load()
    # The size and mode of the core are what the pixels really are.
    found = [im.im.mode, im.im.size, im.tobytes(), im.getpalette(), im.tell(), properties(im)]
    if im.mode == "RGB" and not im.filename.endswith(PAD_UNDEFINED):
        found.append(im.tobytes("raw", "RGBX"))
    return found


def exif(im: Any) -> Any:
    data = im.getexif()
    found = {tag: describe(data.get(tag)) for tag in sorted(data)}
    directories = {}
    for tag in SUB_DIRECTORIES:
        directory = data.get_ifd(tag)
        directories[tag] = [(key, describe(directory[key])) for key in sorted(directory, key=str)]
    return found, directories


def read(path: str, found: list[Step]) -> None:
    from PIL import Image

    opened: list[Any] = []
    if not attempt(found, "open", lambda: opened.append(Image.open(path))):
        return
    with opened[0] as im:
        attempt(found, "properties", lambda: properties(im))
        attempt(
            found, "frames", lambda: (getattr(im, "n_frames", 1), getattr(im, "is_animated", 0))
        )
        if not attempt(found, "first frame", lambda: frame(im)):
            return
        attempt(found, "exif", lambda: exif(im))
        attempt(found, "xmp", lambda: describe(im.getxmp()))
        attempt(found, "text", lambda: describe(getattr(im, "text", None)))
        for number in range(im.tell() + 1, im.tell() + FRAMES):
            if not hasattr(im, "seek"):
                break

            def step(number: int = number) -> Any:
                im.seek(number)
                return frame(im)

            if not attempt(found, f"frame {number}", step):
                break


def worker() -> None:
    """Tell which features are there, then read the files whose names come on standard input; a
    line of JSON each."""
    sys.path.insert(0, str(HERE))
    from PIL import ImageFile, features

    print(json.dumps([(name, bool(features.check(name))) for name in FEATURES]), flush=True)
    for line in sys.stdin:
        found: list[Step] = []
        for tolerant in (False, True):
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
            found.append(("tolerant", tolerant))
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                read(line.rstrip("\n"), found)
            seen = {w.category.__name__ for w in caught} - {"ResourceWarning"}
            found.append(("warnings", sorted(seen)))
            if not any(str(result).startswith("raises") for _, result in found):
                break
        print(json.dumps(found), flush=True)


# The comparison.


class Reader:
    """A worker that is started anew when it crashed or hangs."""

    def __init__(self, python: str, ours: bool) -> None:
        self.command = [python, str(Path(__file__).resolve()), "--worker"]
        self.env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PIL_SIMD")}
        if ours:
            self.env["PYTHONPATH"] = str(SRC)
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str] = queue.Queue()

    def _pass_on(self, out: IO[str]) -> None:
        for line in out:
            self.lines.put(line)
        self.lines.put("")

    def start(self) -> list[Step]:
        """Start it; the features that it has."""
        self.lines = queue.Queue()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self.env,
            cwd=HERE,
        )
        assert self.process.stdout is not None
        threading.Thread(target=self._pass_on, args=(self.process.stdout,), daemon=True).start()
        return self.result()

    def send(self, path: Path) -> None:
        if self.process is None:
            self.start()
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()

    def result(self) -> list[Step]:
        try:
            line = self.lines.get(timeout=SECONDS)
        except queue.Empty:
            line = ""
        if line:
            return [(what, value) for what, value in json.loads(line)]
        assert self.process is not None
        hangs = self.process.poll() is None
        self.stop()
        return [("end", "hangs" if hangs else "crashed")]

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def is_documented(raised: list[str]) -> bool:
    """Whether there was no exception, or one of those (or derived from one) that may be."""
    return not raised or any(name in DOCUMENTED for name in raised)


def difference(ours: list[Step], reference: list[Step]) -> str:
    """The first step that differs, or "".

    An exception of ours agrees with a class of Pillow's that it is derived from. Where Pillow fails
    with one that is not documented, any other result is better. No more is compared then.
    """
    for mine, theirs in zip(ours, reference, strict=False):
        if mine == theirs:
            continue
        raised = [str(result).partition("raises ")[2].split() for _, result in (mine, theirs)]
        if mine[0] == theirs[0] and raised[1]:
            better = raised[1][0] not in DOCUMENTED and is_documented(raised[0])
            if raised[1][0] in raised[0] or better:
                return ""
        return f"{mine[0]}\n        here:   {shortened(mine[1], theirs[1])}\n        Pillow: " + (
            shortened(theirs[1], mine[1]) if mine[0] == theirs[0] else str(theirs)[:300]
        )
    return "" if len(ours) == len(reference) else f"{len(ours)} of {len(reference)} steps"


def shortened(text: Any, other: Any) -> str:
    """The part of a long text that differs."""
    text, other = str(text), str(other)
    start = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    return text[max(0, start - 60) : start + 140]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle")
    parser.add_argument("--tests", type=Path)
    parser.add_argument("--only", default="", help="files whose name contains this")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        worker()
        return 0
    if not args.oracle or not args.tests:
        parser.error("--oracle and --tests are required")
    images = args.tests.resolve() / "Tests" / "images"
    files = sorted(p for p in images.rglob("*") if p.is_file() and args.only in p.name)
    readers = Reader(sys.executable, True), Reader(str(Path(args.oracle).absolute()), False)
    lacking = {name for reader in readers for name, there in reader.start() if not there}
    unreadable = tuple(ending for name in lacking for ending in FEATURES[name])
    chosen = [path for path in files if not path.name.endswith(unreadable)]
    agreeing = 0
    for path in chosen:
        for reader in readers:
            reader.send(path)
        ours, reference = (reader.result() for reader in readers)
        name = str(path.relative_to(images))
        different = difference(ours, reference)
        if different or args.verbose:
            print(f"    {name}: {different or 'agrees'}", flush=True)
        agreeing += not different
    for reader in readers:
        reader.stop()
    if len(chosen) < len(files):
        print(f"{len(files) - len(chosen)} files left out: one side has no {', '.join(lacking)}")
    print(f"{'files of the test set':24} {agreeing:6} of {len(chosen):6} agree")
    print(f"{agreeing} passed, {len(chosen) - agreeing} failed")
    return 0 if agreeing == len(chosen) and chosen else 1


if __name__ == "__main__":
    sys.exit(main())
