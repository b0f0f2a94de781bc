"""Differential test: the same random and enumerated calls here and with Pillow 13.0.0.

    python Tests/oracle/compare.py --oracle PYTHON [--area NAME ...] [--seed N] [--scale X]
        [--tests DIR]

Prints how many cases of how many agree, by area, and each difference; the exit status tells.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SRC = HERE.parents[1] / "src"
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(SRC))

SHOWN = 5  # differences printed for an area; the count is always complete

#: What reading a damaged file may raise. Pillow lets others out now and then.
DOCUMENTED = {
    "UnidentifiedImageError", "OSError", "SyntaxError", "ValueError", "EOFError",
    "DecompressionBombError",
}  # fmt: skip


def agree(ours: list[str], reference: list[str], reading: bool) -> bool:
    """Whether two lines of results tell the same; see ``areas.READING``."""
    if ours[:3] == reference[:3]:
        return True
    if not reading or ours[:2] != reference[:2]:
        return False
    raised = [
        line[3].strip("'\"").partition("raises ")[2].split(" ")[0] for line in (ours, reference)
    ]
    return raised[0] in DOCUMENTED and raised[1] != "" and raised[1] not in DOCUMENTED


def run(python: str, area: str, seed: int, count: int, ours: bool, level: str) -> list[list[str]]:
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PIL_SIMD")}
    if ours:
        env["PYTHONPATH"] = str(SRC)
        if level:
            env["PIL_SIMD"] = level
    command = [python, str(HERE / "worker.py"), area, str(seed), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=HERE, check=False)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    if done.returncode != 0:
        lines.append(["end", f"exit status {done.returncode}", str(ours), done.stderr[-800:]])
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle", required=True)
    parser.add_argument("--area", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="times the usual case counts")
    parser.add_argument("--level", default="", help="PIL_SIMD of this build")
    parser.add_argument("--tests", help="directory of Pillow's published tests, for their images")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    if args.tests:
        os.environ["PILLOW_TESTS"] = str(Path(args.tests).absolute())
    from areas import AREAS, COUNTS, READING

    oracle = str(Path(args.oracle).absolute())
    names = args.area or list(AREAS)
    total = agreeing = 0
    with ThreadPoolExecutor(2) as pool:
        runs = [
            (
                name,
                pool.submit(run, sys.executable, name, args.seed,
                            round(COUNTS[name] * args.scale), True, args.level),
                pool.submit(run, oracle, name, args.seed,
                            round(COUNTS[name] * args.scale), False, ""),
            )
            for name in names
        ]  # fmt: skip
        for name, mine, theirs in runs:
            ours, reference = mine.result(), theirs.result()
            cases = max(len(ours), len(reference))
            differences = [
                (a, b)
                for a, b in zip(ours, reference, strict=False)
                if not agree(a, b, name in READING)
            ]
            missing = abs(len(ours) - len(reference))
            good = cases - len(differences) - missing
            print(f"{name:24} {good:6} of {cases:6} agree", flush=True)
            shown = differences if args.verbose else differences[:SHOWN]
            for a, b in shown:
                print(f"    {a[1]}\n        here:   {a[3]}\n        Pillow: {b[3]}")
            if missing:
                last = (ours if len(ours) < len(reference) else reference)[-1:]
                print(f"    one side stopped early, after: {last}")
            total += cases
            agreeing += good
    print(f"{'all':24} {agreeing:6} of {total:6} agree")
    print(f"{agreeing} passed, {total - agreeing} failed")
    return 0 if agreeing == total and total else 1


if __name__ == "__main__":
    sys.exit(main())
