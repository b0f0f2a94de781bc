"""``python -m PIL [--report]``: describe this installation; ``--report`` leaves out the formats.

``python -m PIL thumbnail|convert|info`` work on files: see :mod:`PIL._cli`.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # not in the worker processes that a command starts
    from ._cli import main

    # A mistyped command is an error, too, and no report.
    if len(sys.argv) > 1 and (sys.argv[1] in ("-h", "--help") or sys.argv[1][:1] != "-"):
        sys.exit(main(sys.argv[1:]))

    from .features import pilinfo

    pilinfo(supported_formats="--report" not in sys.argv)
