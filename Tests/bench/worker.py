"""One interpreter of a benchmark: runs cases on demand and reports times, hashes and peak memory.

Speaks JSON, a line a message: {"case": name, "calls": n, "threads": t} in; {"seconds", "hash",
"peak"} out. ``seconds`` is the time of n calls (of n calls in each of t threads).
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES, Inputs

from PIL import Image


def plain(result: Any) -> Any:
    """A value whose repr has no addresses: images, also in tuples, by what they show."""
    if isinstance(result, Image.Image):
        return result.mode, result.size, result.tobytes()
    return tuple(plain(part) for part in result) if isinstance(result, tuple) else result


def digest(result: Any) -> str:
    return hashlib.sha1(repr(plain(result)).encode()).hexdigest()[:16]


def status_kib(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0


def peak_kib(call: Callable[[], Any]) -> int:
    """How far one call pushes the resident set above what it was before, in KiB.

    It is not the first call, which brings in modules and pages of libraries, here or at import.
    Memory that the C library keeps after earlier calls is given back first, on all sides, or the
    call would seem to need none.
    """
    ctypes.CDLL(None).malloc_trim(0)
    before = status_kib("VmRSS")
    try:
        Path("/proc/self/clear_refs").write_text("5")  # resets the high-water mark
    except OSError:
        return -1
    result = call()
    peak = status_kib("VmHWM") - before
    del result
    return peak


def seconds(call: Callable[[], Any], calls: int, threads: int) -> float:
    def many() -> None:
        for _ in range(calls):
            call()

    start = time.perf_counter()
    if threads == 1:
        many()
    else:
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(many) for _ in range(threads)]:
                done.result()
    return time.perf_counter() - start


def main() -> None:
    inputs = Inputs(sys.argv[1], (int(sys.argv[2]), int(sys.argv[3])))
    prepared: dict[str, Callable[[], Any]] = {}
    core: Any = Image.core
    hello = {"version": Image.__version__, "level": getattr(core, "simd_level", None)}
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        name = order["case"]
        answer: dict[str, Any] = {}
        try:
            if name not in prepared:
                prepared.clear()  # one case's inputs at a time
                prepared[name] = CASES[name](inputs)
            call = prepared[name]
            if order["calls"] == 0:
                result = digest(call())
                core.clear_cache()
                answer = {"peak": peak_kib(call), "hash": result}
            else:
                answer = {"seconds": seconds(call, order["calls"], order.get("threads", 1))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
