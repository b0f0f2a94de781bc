"""Damaged files of all formats: each must end within 5 seconds and 512 MB, in a result or in one
of Pillow's documented exceptions.

``run.py --seconds 60`` runs as many cases as fit, with a seed that it prints;
``run.py --replay SEED/NUMBER`` repeats one, and tells everything about it. Files that failed are
kept in build/fuzz/.
"""

from __future__ import annotations

import argparse
import collections
import functools
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEPT = ROOT / "build" / "fuzz"
# Processor time is limited in the worker. This is for what waits: it must be generous, because
# other work may share the machine.
PATIENCE = 60.0


def _place_of_pil() -> Path:
    """Where the PIL under test is; called when it can be imported."""
    import PIL

    return Path(PIL.__file__).parents[1]


@dataclass
class Outcome:
    """What came of a run."""

    seed: str
    samples: dict[str, int] = field(default_factory=dict)
    counts: collections.Counter[str] = field(default_factory=collections.Counter)
    cases: int = 0
    failures: list[tuple[int, str, str]] = field(default_factory=list)  # number, kind, details


class Worker:
    """A worker process whose lines are read with a limit on silence."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                [str(_place_of_pil()), os.environ.get("PYTHONPATH", "")]
            ).rstrip(os.pathsep),
            # Each arena of malloc takes addresses, which are what is limited.
            "MALLOC_ARENA_MAX": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), json.dumps(arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.complaints = b""
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_errors, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.decode())
        self.lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        while chunk := self.process.stderr.read1(65536):
            self.complaints = (self.complaints + chunk)[-4000:]

    def next_line(self) -> str | None:
        """None at the end.

        :raises queue.Empty: when there was silence for too long
        """
        return self.lines.get(timeout=PATIENCE)

    def stop(self) -> int:
        self.process.kill()
        return self.process.wait()


def _death(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    name = signal.Signals(-status).name
    return "took more than 5 s of processor time" if name == "SIGPROF" else f"died of {name}"


def _follow(worker: Worker, outcome: Outcome, first: int) -> int:
    """Read a worker's lines to the end; the result is the number after its last case."""
    number = first - 1
    while True:
        try:
            line = worker.next_line()
        except queue.Empty:
            worker.stop()
            outcome.failures.append((number, "hang", f"nothing for {PATIENCE:.0f} s"))
            break
        if line is None:
            status = worker.process.wait()
            kind = _death(status)
            outcome.failures.append((number, kind, worker.complaints.decode(errors="replace")))
            if number < first:  # it did not even start
                return sys.maxsize
            break
        mark, _, rest = line.partition(" ")
        if mark == "=":
            outcome.samples = json.loads(rest)
        elif mark == "!":
            failed, _, report = rest.partition(" ")
            kind, text = json.loads(report)
            outcome.failures.append((int(failed), kind, text))
        elif mark == "#":
            _, _, counts = rest.partition(" ")
            outcome.counts.update(json.loads(counts))
            worker.process.wait()
            return number + 1
        else:
            number = int(line)
            outcome.cases += 1
    return number + 1


def run(
    seed: str,
    seconds: float,
    first: int = 0,
    last: int = 2**62,
    formats: list[str] | None = None,
    plugin: str = "",
) -> Outcome:
    """Run cases in a worker, and in another when one dies."""
    outcome = Outcome(seed)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and first < last:
        arguments = {
            "seed": seed,
            "seconds": left,
            "first": first,
            "last": last,
            "formats": formats or [],
            "plugin": plugin,
        }
        first = _follow(Worker(arguments), outcome, first)
    return outcome


def run_side_by_side(jobs: int, seed: str, **options: Any) -> Outcome:
    """Several runs at once, each of cases of its own."""
    outcomes: list[Outcome] = []

    def one(job: int) -> None:
        outcomes.append(run(seed, first=job * 10**9, last=(job + 1) * 10**9, **options))

    threads = [threading.Thread(target=one, args=(job,)) for job in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Outcome(seed)
    for outcome in outcomes:
        total.samples = outcome.samples
        total.counts += outcome.counts
        total.cases += outcome.cases
        total.failures += outcome.failures
    return total


@functools.cache
def files_here() -> dict[str, dict[str, bytes]]:
    """The samples, which workers collect for themselves."""
    sys.path[:0] = [str(ROOT / "src"), str(HERE)]
    import samples
    import use

    use.prepare()
    return samples.collect()


def keep(seed: str, number: int, formats: list[str]) -> tuple[str, Path]:
    """Make a case's file again, for a look at it; also the name of what it was made from."""
    files = files_here()
    import worker

    chosen = {name: files[name] for name in formats} if formats else files
    _, name, data, _ = worker.case(chosen, seed, number)
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{seed}-{number}"
    path.write_bytes(data)
    return name, path


def place_of(details: str) -> str:
    """Where it happened: the last line of a traceback that names a file."""
    files = [line.strip() for line in details.splitlines() if line.lstrip().startswith("File ")]
    return files[-1] if files else ""


def report(outcome: Outcome, formats: list[str]) -> int:
    """Print a run; the same flaw is told once, with the number of its cases."""
    by_kind: collections.Counter[str] = collections.Counter()
    for entry, count in outcome.counts.items():
        by_kind[entry.split(" ")[1]] += count
    total = sum(outcome.samples.values())
    print(f"{total} files of {len(outcome.samples)} formats: {' '.join(sorted(outcome.samples))}")
    print(f"{outcome.cases} cases: " + ", ".join(f"{n} {k}" for k, n in by_kind.most_common()))
    flaws: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for number, kind, details in sorted(outcome.failures):
        flaws.setdefault((kind, place_of(details)), []).append((number, details))
    more = f" --formats {','.join(formats)}" if formats else ""
    for (kind, _), cases in flaws.items():
        number, details = cases[0]
        name, path = keep(outcome.seed, number, formats) if outcome.cases else ("nothing", KEPT)
        print(f"FAILED {len(cases)} x {kind}: {name} damaged, kept as {path}")
        print(f"  to repeat it: Tests/fuzz/run.py --replay {outcome.seed}/{number}{more}")
        print("\n".join(f"    {line}" for line in details.rstrip().splitlines()[-12:]) + "\n")
    print(f"fuzz: {outcome.cases} cases, {len(outcome.failures)} failed (seed {outcome.seed})")
    return 1 if outcome.failures or not outcome.cases else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--formats", default="", help="only these, separated by commas")
    parser.add_argument("--replay", default="", help="SEED/NUMBER of one case")
    options = parser.parse_args()
    formats = [name for name in options.formats.split(",") if name]
    if options.replay:
        seed, _, number = options.replay.rpartition("/")
        name, path = keep(seed, int(number), formats)
        print(f"{name} damaged, kept as {path}")
        outcome = run(seed, 600, int(number), int(number) + 1, formats)
        return report(outcome, formats)
    seed = options.seed or str(random.SystemRandom().randrange(10**9))
    outcome = run_side_by_side(options.jobs, seed, seconds=options.seconds, formats=formats)
    return report(outcome, formats)


if __name__ == "__main__":
    sys.exit(main())
