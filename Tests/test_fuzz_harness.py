"""The mutation run itself: it must notice every kind of failure, and repeat its cases."""

from __future__ import annotations

import collections
import io
import random
import sys
import warnings
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "fuzz"))

import mutate  # noqa: E402
import run  # noqa: E402
import samples  # noqa: E402
import use  # noqa: E402

from filemakers import WRITTEN_BY, saved  # noqa: E402
from PIL import Image, features  # noqa: E402

# A module for the worker: a format whose files behave as badly as their text says.
BAD_PLUGIN = '''
import ctypes, sys, time
from PIL import Image, ImageFile
import samples

class BadFile(ImageFile.ImageFile):
    format = format_description = "BAD"

    def _open(self):
        self._mode, self._size = "L", (1, 1)

    def load(self):
        {action}
        raise {error}

Image.register_open("BAD", BadFile, lambda start: start.startswith(b"BAD"))
samples.collect = lambda: {{"BAD": {{"bad": b"BAD" * 9}}}}

import mutate
mutate.damaged = lambda data, rnd: data
sys.modules["__main__"].SECONDS = 0.5
'''


@pytest.fixture
def fuzz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def start(action: str, error: str = "OSError", cases: int = 30) -> run.Outcome:
        name = "bad_plugin"
        Path(tmp_path, f"{name}.py").write_text(BAD_PLUGIN.format(action=action, error=error))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return run.run("0", 40, last=cases, plugin=name)

    return start


@pytest.mark.parametrize("error", ["OSError", "SyntaxError", "EOFError", "ValueError"])
def test_documented_exceptions_pass(fuzz, error: str) -> None:  # type: ignore[no-untyped-def]
    outcome = fuzz("pass", error)
    assert outcome.cases == 30
    assert outcome.failures == []
    assert outcome.counts[f"BAD {error}"] > 10


@pytest.mark.parametrize(
    "error",
    [
        "KeyError(1)",
        "RuntimeError",
        "MemoryError",
        "AssertionError",
        "RecursionError",
        "UnicodeDecodeError('ascii', b'a', 0, 1, '')",
        "ZeroDivisionError",
        "SystemExit",
    ],
)
def test_other_exceptions_are_failures(fuzz, error: str) -> None:  # type: ignore[no-untyped-def]
    outcome = fuzz("pass", error)
    assert outcome.cases == 30
    assert {kind for _, kind, _ in outcome.failures} == {error.split("(")[0]}
    assert "bad_plugin" in run.place_of(outcome.failures[0][2])


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("ctypes.string_at(0)", "died of SIGSEGV"),
        ("while True: pass", "took more than 5 s of processor time"),
        ("bytearray(2000 << 20)", "MemoryError"),
    ],
)
def test_crash_loop_and_memory(fuzz, action: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    outcome = fuzz(action, cases=4)
    assert outcome.cases == 4  # a new worker goes on where one died
    assert kind in {kind for _, kind, _ in outcome.failures}


def test_waiting_is_a_hang(fuzz, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(run, "PATIENCE", 3.0)
    outcome = fuzz("time.sleep(60)", cases=1)
    # The one way of use that does not load ends at once.
    assert [kind for _, kind, _ in outcome.failures] == ["hang"]


def test_worker_that_does_not_start(fuzz) -> None:  # type: ignore[no-untyped-def]
    outcome = fuzz("this is no Python")
    assert outcome.cases == 0
    assert run.report(outcome, []) == 1


def test_mutation_is_repeatable_and_does_something() -> None:
    data = bytes(range(256)) * 4
    results = [mutate.mutated(data, random.Random(f"x/{i}")) for i in range(500)]
    assert results == [mutate.mutated(data, random.Random(f"x/{i}")) for i in range(500)]
    assert sum(result != data for result in results) > 450
    assert len({len(result) for result in results}) > 50
    for kind in mutate.KINDS:
        changed = bytearray(b"abc")
        kind(changed, random.Random(1))
    assert mutate.mutated(b"", random.Random(1)) == b""


def test_png_stays_well_formed() -> None:
    """Damage beneath the checksums gets past them."""
    data = saved(samples.picture("RGB"), "PNG")
    outcomes = collections.Counter()
    for seed in range(300):
        changed = mutate.damaged_png(data, random.Random(seed))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with Image.open(io.BytesIO(changed)) as im:
                    im.load()
                outcomes["ok"] += 1
            except use.ALLOWED as error:
                outcomes[str(error)] += 1
    assert outcomes["ok"] > 50
    assert not [text for text in outcomes if "checksum" in text]


def test_samples_cover_all_formats_and_are_whole() -> None:
    """Every format that can be opened has a file to damage, and whole files are good ones."""
    files = samples.collect()
    Image.init()
    # These need olefile to be opened, and have files only among Pillow's.
    lacking = {name for name, feature in WRITTEN_BY.items() if not features.check(feature)}
    assert set(Image.OPEN) - set(files) <= {"FPX", "MIC"} | lacking
    broken = []
    for format, named in files.items():
        for name, data in named.items():
            if name.startswith("written/") and format not in ("EPS", "PDF", "PALM"):
                with Image.open(io.BytesIO(data)) as im:
                    im.load()
                if im.format != format and (format, im.format) not in {("MPO", "JPEG")}:
                    broken.append((name, im.format))
    assert broken == []


def test_what_is_allowed() -> None:
    assert use.is_allowed(Image.UnidentifiedImageError())
    assert use.is_allowed(Image.DecompressionBombError())
    assert not use.is_allowed(UnicodeDecodeError("ascii", b"a", 0, 1, ""))
    assert not use.is_allowed(RecursionError())
