"""Runs Pillow's published tests against this build and against Pillow, and compares.

    python Tests/conformance/run.py --oracle PYTHON --tests FOLDER [-k FILE ...] [--all]

FOLDER is the unpacked sdist of Pillow 13.0.0 (only its Tests/ is used). A test that Pillow passes
in this environment and this build fails is a difference; the run fails if there is one in a file
listed in done.txt that pending.txt does not name. done.txt only grows, pending.txt only shrinks:
a test named there that passes fails the run too.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SRC = HERE.parents[1] / "src"
sys.path.insert(0, str(HERE.parent))
# isort: split
from virtual_screen import QT_OFFSCREEN, available, virtual_screen  # noqa: E402

TIMEOUT = 600

Outcomes = dict[str, str]


def read_list(name: str) -> list[str]:
    """The entries of a list file; blank lines and comments do not count."""
    lines = (HERE / name).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def pending() -> dict[str, str]:
    """Test id (as pytest prints it; a trailing * matches any rest) -> reason."""
    table = {}
    for line in read_list("pending.txt"):
        test, _, reason = line.partition("  ")
        table[test] = reason.strip()
    return table


def run_file(python: str, tests: Path, name: str, ours: bool) -> Outcomes:
    """Outcomes of one test file, in a process of its own; a crash fails the file."""
    with tempfile.NamedTemporaryFile("r", suffix=".outcomes") as out:
        env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PIL_SIMD")}
        env |= {"OUTCOMES": out.name, "PYTHONPATH": str(HERE)}
        if ours:
            if python == sys.executable:
                env["PYTHONPATH"] += os.pathsep + str(SRC)
            env["PENDING_MODULES"] = ",".join(read_list("pending_modules.txt"))
        command = [python, "-m", "pytest", "-q", "-p", "outcomes", "-p", "no:cacheprovider",
                   "--timeout=120", "--tb=no", "-W", "ignore::pytest.PytestConfigWarning",
                   f"Tests/{name}"]  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=tests, env=env, capture_output=True, timeout=TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            return {f"Tests/{name}::<timeout>": "failed"}
        found = dict(line.rstrip("\n").split("\t") for line in out if "\t" in line)
        if done.returncode < 0 or (not found and done.returncode not in (0, 5)):
            found[f"Tests/{name}::<exit status {done.returncode}>"] = "failed"
        return found


def stable(nodeid: str) -> str:
    """Ids without memory addresses and image reprs, so that both runs name a test alike."""
    return re.sub(r"0x[0-9A-Fa-f]+", "0x", nodeid)


def compare(ours: Outcomes, oracle: Outcomes) -> list[str]:
    """Ids of the tests that Pillow passes and this build does not."""
    mine = {stable(k): v for k, v in ours.items()}
    lost = [t for t, v in oracle.items() if v == "passed" and mine.get(stable(t)) != "passed"]
    return sorted(lost)


def is_pending(test: str, table: dict[str, str]) -> str | None:
    """The entry of pending.txt that covers the test, if any."""
    for entry in table:
        if test == entry or (entry.endswith("*") and test.startswith(entry[:-1])):
            return entry
    return None


@contextlib.contextmanager
def screen() -> Iterator[None]:
    """Both sides get the same X server, and a Qt that needs none."""
    os.environ.update(QT_OFFSCREEN)
    os.environ.pop("WAYLAND_DISPLAY", None)
    os.environ.pop("DISPLAY", None)
    if not available():
        print("Xvfb is not installed: tests that need a screen skip themselves on both sides")
        yield
        return
    with virtual_screen() as display:
        os.environ["DISPLAY"] = display
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", required=True)
    parser.add_argument("--tests", required=True, type=Path)
    parser.add_argument("--python", help="test the PIL installed there instead of this tree")
    parser.add_argument("-k", action="append", default=[], help="only these files")
    parser.add_argument("--all", action="store_true", help="files that are not done yet, too")
    parser.add_argument("--verbose", action="store_true", help="name every lost test")
    args = parser.parse_args()
    done = read_list("done.txt")
    files = sorted(p.name for p in (args.tests / "Tests").glob("test_*.py"))
    unknown = sorted(set(done) - set(files))
    if unknown:
        print(f"done.txt names files that do not exist: {unknown}")
        return 1
    files = [f for f in files if (f in done or args.all) and (not args.k or f in args.k)]
    table = pending()
    oracle, tests = str(Path(args.oracle).absolute()), args.tests.absolute()
    mine = str(Path(args.python or sys.executable).absolute())
    failures: list[str] = []
    used: set[str] = set()
    total: Counter[str] = Counter()
    print(f"{'file':40} {'Pillow passes':>13} {'we pass':>8} {'pending':>8} {'lost':>5}")
    with screen(), ThreadPoolExecutor(2) as pool:
        runs = [
            (f, pool.submit(run_file, mine, tests, f, True),
             pool.submit(run_file, oracle, tests, f, False))
            for f in files
        ]  # fmt: skip
        for name, here, theirs in runs:
            ours, reference = here.result(), theirs.result()
            lost = compare(ours, reference)
            entries = {t: is_pending(t, table) for t in lost}
            used |= {e for e in entries.values() if e}
            real = [t for t in lost if not entries[t]]
            passes = sum(v == "passed" for v in reference.values())
            counts = (passes, passes - len(lost), len(lost) - len(real), len(real))
            total.update(dict(zip(("pillow", "we", "pending", "lost"), counts, strict=True)))
            mark = "" if name in done else "  (not done yet)"
            print(f"{name:40} {counts[0]:13} {counts[1]:8} {counts[2]:8} {counts[3]:5}{mark}",
                  flush=True)  # fmt: skip
            if name in done:
                failures += real
            if name in done or args.verbose:
                for test in real:
                    print(f"    lost: {test}")
    print(f"{'all':40} {total['pillow']:13} {total['we']:8} {total['pending']:8} {total['lost']:5}")
    if not args.k:
        in_done = {e for e in table if e.split("::")[0].removeprefix("Tests/") in done}
        for entry in sorted(in_done - used):
            print(f"pending.txt names a test that passes now, take it out: {entry}")
            failures.append(entry)
    ok = not failures
    print(f"{total['we']} passed, {len(failures)} failed" if ok else f"{len(failures)} differences")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
