"""``python -m PIL thumbnail|convert|info``: pictures by the folder, from the command line.

Sizes and output templates are written as for vipsthumbnail, operations as for ImageMagick.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from . import _cli_batch as batch
from ._cli_operations import OPERATIONS, Job, convert, info
from ._cli_output import Geometry, Template, claim, format_of

TEMPLATE_HELP = "%%s is the input's stem, %%e its extension, [quality=80,...] options of the format"


def checked(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """``parse`` as an argparse type that shows the message of a ValueError."""

    def convert_argument(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert_argument


def template(text: str) -> Template:
    parsed = Template.parse(text)
    if "%e" not in parsed.path:
        format_of(Path(parsed.path))
    return parsed


class Step(argparse.Action):
    """Collects operations in the order of the command line."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        text = values if isinstance(values, str) else ""
        try:
            OPERATIONS[self.dest].make(text)
        except ValueError as error:
            parser.error(f"argument {option_string}: {error}")
        namespace.operations = [*namespace.operations, (self.dest, text)]


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m PIL", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("files", nargs="+", metavar="FILE", help="files or patterns (*, **)")
    common.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    writing = argparse.ArgumentParser(add_help=False)
    writing.add_argument("--strip", action="store_true", help="leave EXIF and profiles out")
    writing.add_argument("--background", default="white", help="behind alpha that cannot be kept")
    writing.add_argument("--in-place", action="store_true", help="allow to overwrite the input")
    writing.add_argument("-j", "--jobs", type=int, default=batch.processors() + 1, metavar="N",
                         help="processes (default: processors + 1)")  # fmt: skip

    small = commands.add_parser("thumbnail", parents=[common, writing],
                                help="small upright copies")  # fmt: skip
    small.add_argument("-s", "--size", default="128", help="320, 320x200, 50%%, 320x200! ...",
                       type=checked(lambda text: Geometry.parse(text) and text))  # fmt: skip
    small.add_argument("-o", "--output", default="tn_%s.jpg", type=checked(template),
                       help=f"default tn_%%s.jpg; {TEMPLATE_HELP}")  # fmt: skip

    change = commands.add_parser("convert", parents=[common, writing],
                                 help="other formats, sizes and looks")  # fmt: skip
    change.add_argument("-o", "--output", type=checked(template), help=TEMPLATE_HELP)
    change.add_argument("--first-frame", action="store_true", help="of an animation")
    change.set_defaults(operations=[])
    for name, switch in OPERATIONS.items():
        change.add_argument(f"--{name}", dest=name, action=Step, metavar=switch.metavar,
                            nargs=None if switch.metavar else 0, default=argparse.SUPPRESS,
                            help=switch.help)  # fmt: skip

    about = commands.add_parser("info", parents=[common], help="what the headers say")
    about.add_argument("--json", action="store_true", help="one JSON object a line, with EXIF")
    return parser


def main(argv: Sequence[str]) -> int:
    """Run a command; returns 0, or 1 if any file failed. Wrong usage exits with 2."""
    parser = make_parser()
    args = parser.parse_args(argv)
    if args.command == "convert" and args.output is None:
        if len(args.files) != 2:
            parser.error("convert takes an input and an output, or any inputs with --output")
        try:
            args.output = template(args.files.pop())
        except ValueError as error:
            parser.error(str(error))
    files, errors = batch.expand(args.files)
    if args.command == "info":
        work = partial(info, details=args.json)
        failed = batch.run(work, files, str, workers=1, progress=False, quiet=args.quiet)
    else:
        pairs, refused = claim(args.output, files, args.in_place)
        errors += refused
        jobs = [
            Job(
                source,
                target,
                operations=tuple(getattr(args, "operations", ())),
                thumbnail=getattr(args, "size", ""),
                options=dict(args.output.options),
                strip=args.strip,
                background=args.background,
                first_frame=getattr(args, "first_frame", False),
            )
            for source, target in pairs
        ]
        failed = batch.run(
            convert, jobs, lambda job: job.source, args.jobs, sys.stderr.isatty(), args.quiet
        )
    for line in errors:
        print(line, file=sys.stderr)
    return 1 if failed or errors else 0
