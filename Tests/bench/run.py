"""Benchmark: this build at each SIMD level, Pillow and Pillow-SIMD, interleaved, as ratios.

    python Tests/bench/run.py [--case TEXT ...] [--rounds N] [--levels avx512,avx2,scalar]

In every round each build runs the same case once, one after the other, so that whatever else the
machine does falls on all of them; a figure is the median over the rounds of the ratio of times
within one round, with the quartiles beside it. Absolute times are never printed.
glibc's malloc is kept, in all builds alike, in the state that a server's process reaches: its
thresholds grow with the largest piece ever freed, and the same call takes up to ten times as long
or not, depending on what ran before, when each buffer is mapped and touched anew.
Interpreters: PILLOW_PYTHON (Pillow 13.0.0's wheel), SIMD_SSE_PYTHON and SIMD_AVX2_PYTHON
(Pillow-SIMD built without and with -mavx2); ``make bench`` sets them up.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED_PHOTO = ROOT.parent / "shared" / "data" / "pineapple.jpeg"
OWN_PHOTO = ROOT / "Tests" / "data" / "retina.jpg"
SAMPLE_SECONDS = 0.03
# Two threads first share out the memory of one; a few calls later they run as they do in a server.
THREADS_SAMPLE_SECONDS = 0.12
# The largest value that M_MMAP_THRESHOLD reaches by itself, mallopt(3), and four times that.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(128 << 20)}


class Build:
    """A running worker."""

    def __init__(self, name: str, python: str, env: dict[str, str], args: list[str]) -> None:
        self.name = name
        full = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PIL_SIMD")}
        full.update(MALLOC | env)
        self.process = subprocess.Popen(
            [python, str(HERE / "worker.py"), *args], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=full, cwd=HERE,
        )  # fmt: skip
        self.hello = self._read()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            msg = f"{self.name}: the worker died (exit status {self.process.wait()})"
            raise SystemExit(msg)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self._read()


def builds(args: argparse.Namespace) -> list[Build]:
    photo = args.photo or str(SHARED_PHOTO if SHARED_PHOTO.exists() else OWN_PHOTO)
    params = [photo, *args.size.split("x")]
    found = []
    reference = os.environ.get("PILLOW_PYTHON")
    if not reference:
        raise SystemExit("PILLOW_PYTHON must name an interpreter with Pillow 13.0.0's wheel")
    found.append(Build("pillow", reference, {}, params))
    ours = {} if os.environ.get("BENCH_INSTALLED") else {"PYTHONPATH": str(ROOT / "src")}
    for level in args.levels.split(","):
        env = {**ours, "PIL_SIMD": level}
        build = Build(level, sys.executable, env, params)
        if build.hello["level"] == level:
            found.append(build)
        else:
            print(f"no {level} on this processor", file=sys.stderr)
    for name, variable in (("simd-sse4", "SIMD_SSE_PYTHON"), ("simd-avx2", "SIMD_AVX2_PYTHON")):
        if os.environ.get(variable):
            found.append(Build(name, os.environ[variable], {}, params))
    return found


def measure(case: str, workers: list[Build], rounds: int) -> dict[str, Any]:
    """Ratios to Pillow of every other build, whether the results are equal, peak memory."""
    checks = [w.ask(case=case, calls=0) for w in workers]
    alive = [i for i, c in enumerate(checks) if "error" not in c]
    row: dict[str, Any] = {"case": case}
    for i, check in enumerate(checks):
        name = workers[i].name
        row[f"{name} peak"] = check.get("peak", -1)
        row[f"{name} equal"] = check.get("hash") == checks[0].get("hash")
        if "error" in check:
            row[f"{name} error"] = check["error"]
    if 0 not in alive:
        return row
    calls = {}
    for i in alive:
        calls[i] = 1
        once = workers[i].ask(case=case, calls=1)["seconds"]
        calls[i] = max(1, round(SAMPLE_SECONDS / max(once, 1e-7)))
    ratios: dict[int, list[float]] = {i: [] for i in alive}
    for _ in range(rounds):
        times = {i: workers[i].ask(case=case, calls=calls[i])["seconds"] / calls[i] for i in alive}
        for i in alive:
            ratios[i].append(times[0] / times[i])
    for i in alive[1:]:
        values = sorted(ratios[i])
        row[workers[i].name] = statistics.median(values)
        row[f"{workers[i].name} spread"] = (values[len(values) // 4], values[-len(values) // 4])
    return row


def scaling(case: str, worker: Build, rounds: int) -> float:
    """Throughput of two threads against one."""
    once = worker.ask(case=case, calls=1)["seconds"]
    calls = max(4, round(THREADS_SAMPLE_SECONDS / max(once, 1e-7)))
    worker.ask(case=case, calls=1, threads=2)
    values = []
    for _ in range(rounds):
        one = worker.ask(case=case, calls=calls)["seconds"]
        two = worker.ask(case=case, calls=calls, threads=2)["seconds"]
        values.append(2 * one / two)
    return statistics.median(values)


def show(row: dict[str, Any], workers: list[Build], bar: float) -> str:
    cells = [f"{row['case']:48}"]
    for worker in workers[1:]:
        name = worker.name
        if f"{name} error" in row:
            cells.append(f"{'error':>17}")
        elif name in row:
            low, high = row[f"{name} spread"]
            mark = " " if row[f"{name} equal"] else "!"
            cells.append(f"{row[name]:6.2f}{mark}({low:.1f}-{high:.1f})".rjust(17))
        else:
            cells.append(f"{'-':>17}")
    ours = workers[1].name
    cells.append(f"{bar:5g} {'ok' if row.get(ours, 0) >= bar else 'LOW':3}")
    cells.append(f"{row['pillow peak'] / 1024:7.1f} {row[f'{ours} peak'] / 1024:7.1f}")
    if "threads" in row:
        cells.append(f"{row['threads']:5.2f}")
    return " ".join(cells)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--case", action="append", default=[], help="only cases with this text")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--levels", default="avx512,avx2,sse4.1,scalar")
    parser.add_argument("--size", default="2560x1600")
    parser.add_argument("--photo")
    parser.add_argument("--threads", action="store_true", help="also two threads against one")
    parser.add_argument("--csv", help="write the figures to this file")
    args = parser.parse_args()
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.path.insert(0, str(HERE))
    sys.path.insert(0, str(ROOT / "src"))
    from cases import BARS, CASES

    workers = builds(args)
    head = [f"{'times as fast as Pillow ' + workers[0].hello['version']:48}"]
    head += [f"{w.name:>17}" for w in workers[1:]] + ["  bar    ", " MiB: Pillow, ours"]
    print(" ".join(head) + ("  two threads" if args.threads else ""))
    rows = []
    for name in CASES:
        if args.case and not any(text in name for text in args.case):
            continue
        row = measure(name, workers, args.rounds)
        if args.threads and workers[1].name in row:
            row["threads"] = scaling(name, workers[1], max(5, args.rounds // 3))
        row["bar"] = BARS[name]
        rows.append(row)
        print(show(row, workers, BARS[name]), flush=True)
    print("(!: result differs from Pillow's; in brackets the quartiles over the rounds)")
    ours = workers[1].name
    under = [r for r in rows if r.get(ours, 0) < r["bar"] or not r.get(f"{ours} equal")]
    if under:
        print(f"{len(under)} of {len(rows)} below the bar or different:")
        for row in under:
            print(f"  {row['case']}: {row.get(ours, 0):.2f} of {row['bar']:g}")
    if args.csv:
        keys = sorted({k for r in rows for k in r}, key=lambda k: (k != "case", k))
        with open(args.csv, "w", newline="") as out:
            writer = csv.DictWriter(out, keys)
            writer.writeheader()
            writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
