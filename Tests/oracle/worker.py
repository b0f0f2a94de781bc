"""Runs areas of the differential test under one interpreter; a line a case on standard output.

    worker.py AREA SEED COUNT

prints ``index<TAB>description<TAB>hash<TAB>shortened result``.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import areas
from common import outcome


def main() -> None:
    name, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    cases = areas.AREAS[name](random.Random(f"{name} {seed}"))
    for index, (description, call) in enumerate(itertools.islice(cases, count)):
        result = outcome(call)
        digest = hashlib.sha1(result.encode()).hexdigest()[:16]
        print(f"{index}\t{description}\t{digest}\t{result[:160]!r}", flush=True)


if __name__ == "__main__":
    main()
