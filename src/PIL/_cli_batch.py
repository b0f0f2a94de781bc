"""Many files through one function in N+1 processes: what drives ``python -m PIL``'s commands.

A file that fails is reported and does not stop the others; what a worker's death takes with it is
reported, too.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Task = TypeVar("Task")

# So many tasks a worker wait in the queue: enough to keep it busy, few enough that a million files
# do not become a million futures.
QUEUE_PER_WORKER = 4
BAR_WIDTH = 30
MAX_WORKERS = 61  # what ProcessPoolExecutor takes everywhere


@dataclass(frozen=True)
class Outcome(Generic[Task]):
    """What became of a task: the line to print, or the error."""

    task: Task
    line: str = ""
    error: str = ""


def expand(patterns: Iterable[str]) -> tuple[list[Path], list[str]]:
    """The files that the patterns name, each once and in order, and errors for what names none.

    The shell has usually done this; quoted patterns, ``**`` and Windows need it.
    """
    found: dict[Path, None] = {}
    errors = []
    for pattern in patterns:
        if os.path.lexists(pattern) or not re.search(r"[*?\[]", pattern):
            found[Path(pattern)] = None
        elif names := sorted(glob.glob(pattern, recursive=True)):
            found |= {Path(name): None for name in names if not os.path.isdir(name)}
        else:
            errors.append(f"{pattern}: no file matches")
    return list(found), errors


def processors() -> int:
    """Processors that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe(error: BaseException) -> str:
    """One line about an error, without what the path already says."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = " ".join(str(error).split())
    return text or type(error).__name__


def attempt(work: Callable[[Task], str], task: Task) -> Outcome[Task]:
    try:
        return Outcome(task, line=work(task))
    except Exception as error:  # whatever a stranger's file brings about concerns that file only
        return Outcome(task, error=describe(error))


def outcomes(
    work: Callable[[Task], str], tasks: list[Task], workers: int
) -> Iterator[Outcome[Task]]:
    """Run the tasks, here if one worker is enough; outcomes come in the order of the tasks."""
    workers = min(workers, len(tasks), MAX_WORKERS)
    if workers <= 1:
        for task in tasks:
            yield attempt(work, task)
        return
    waiting: deque[tuple[Task, Future[Outcome[Task]]]] = deque()
    todo = deque(tasks)
    with ProcessPoolExecutor(workers) as pool:
        try:
            while todo or waiting:
                while todo and len(waiting) < workers * QUEUE_PER_WORKER:
                    waiting.append((todo[0], pool.submit(attempt, work, todo[0])))
                    todo.popleft()
                yield waiting[0][1].result()
                waiting.popleft()
        except BrokenProcessPool:
            # Which of the files in the workers killed one cannot be known.
            for task in [*(task for task, _ in waiting), *todo]:
                yield Outcome(task, error="not done: a worker process was killed")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


class Progress:
    """A bar on standard error where that is a terminal."""

    def __init__(self, total: int, wanted: bool) -> None:
        self.total = total
        self.count = 0
        self.shown = wanted and total > 1

    def clear(self) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def step(self) -> None:
        self.count += 1
        if self.shown:
            filled = BAR_WIDTH * self.count // self.total
            bar = "#" * filled + " " * (BAR_WIDTH - filled)
            print(f"\r[{bar}] {self.count}/{self.total}", end="", file=sys.stderr, flush=True)


def run(
    work: Callable[[Task], str],
    tasks: list[Task],
    name: Callable[[Task], object],
    workers: int,
    progress: bool,
    quiet: bool,
) -> int:
    """Run all tasks, print a line for each that worked and an error for each that did not.

    Returns the number of tasks that failed.
    """
    bar = Progress(len(tasks), progress)
    failed = 0
    for outcome in outcomes(work, tasks, workers):
        bar.clear()
        if outcome.error:
            failed += 1
            print(f"{name(outcome.task)}: {outcome.error}", file=sys.stderr)
        elif outcome.line and not quiet:
            print(outcome.line)
        bar.step()
    bar.clear()
    return failed
