"""The process that uses damaged files, under limits of memory and processor time.

It writes a line with the number before each case, ``! number`` and the traceback (as one line of
JSON) after one that failed, and at the end counts of what came out. When it dies, the last
number tells of which case.
"""

from __future__ import annotations

import collections
import faulthandler
import importlib
import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

MEGABYTES = 512
SECONDS = 5.0


def case(
    samples: dict[str, dict[str, bytes]], seed: str, number: int
) -> tuple[str, str, bytes, random.Random]:
    """Format, name of the sample, the damaged file, and the generator for what follows.

    Formats take turns, so that those with few samples are tried as often as the others.
    """
    from mutate import damaged

    formats = sorted(samples)
    format = formats[number % len(formats)]
    rnd = random.Random(f"{seed}/{number}")
    name = rnd.choice(sorted(samples[format]))
    return format, name, damaged(samples[format][name], rnd), rnd


class Line:
    """Where the lines go: what programs like Ghostscript print is not among them."""

    def __init__(self) -> None:
        self.descriptor = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)

    def write(self, *words: object) -> None:
        os.write(self.descriptor, (" ".join(map(str, words)) + "\n").encode())


def limit() -> None:
    # On top of what is mapped: a free-threaded Python reserves address space by the GiB.
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    size = mapped + (MEGABYTES << 20)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_case(
    samples: dict[str, dict[str, bytes]],
    seed: str,
    number: int,
    out: dict[str, int],
    line: Line,
) -> None:
    from use import use

    format, _, data, rnd = case(samples, seed, number)
    # More than this ends the process by SIGPROF, in whatever code it is.
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        out[f"{format} {use(format, data, rnd)}"] += 1
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        text = "".join(traceback.format_exception(error)[-4:])
        line.write("!", number, json.dumps([type(error).__name__, text]))
        out[f"{format} failed"] += 1
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main(arguments: dict[str, Any]) -> None:
    faulthandler.enable()
    line = Line()
    if arguments.get("plugin"):
        importlib.import_module(arguments["plugin"])
    import samples
    import use

    use.prepare()
    files = samples.collect()
    if arguments["formats"]:
        files = {name: files[name] for name in arguments["formats"] if name in files}
    limit()
    counts: dict[str, int] = collections.Counter()
    end = time.monotonic() + arguments["seconds"]
    number = arguments["first"]
    line.write("=", json.dumps({name: len(found) for name, found in files.items()}))
    while time.monotonic() < end and number < arguments["last"]:
        line.write(number)
        run_case(files, arguments["seed"], number, counts, line)
        number += 1
    line.write("#", number, json.dumps(counts))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
