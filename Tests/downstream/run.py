"""Real programs with this build in Pillow's place, and with Pillow: the same results?

    python Tests/downstream/run.py [--photo PATH] [--torch] [--folder FOLDER] [--only NAME]

Builds the as-pillow wheel, makes two environments with the programs of requirements.txt, one with
the wheel and one with Pillow, checks with pip that nothing has put a second copy of PIL in, runs
each program of programs.py in both, and compares the digests of what they made.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PILLOW = "pillow==13.0.0"
MOVIEPY = "moviepy==2.2.1"
# moviepy 2.2.1 excludes Pillow from 12 on, Pillow 13 itself too; pip says so in both environments.
EXPECTED_COMPLAINT = "moviepy 2.2.1 has requirement pillow<12.0"
TORCH = ("torch==2.14.1", "torchvision==0.29.1")
TIMEOUT = 600
# PIP_QUIET (the Makefile sets it) would hide what the checks read.
CLEAN = {k: v for k, v in os.environ.items() if k not in ("PIP_QUIET", "PYTHONPATH", "PIL_SIMD")}


def call(*command: str | Path, check: bool = True) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False,
        timeout=3600, cwd=HERE, env=CLEAN,
    )  # fmt: skip
    if check and done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def environment(folder: Path, pillow: str | Path, torch: bool) -> Path:
    """An environment with PIL from ``pillow`` and all programs; returns its python."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = (python, "-m", "pip", "install", "-q")
    call(*pip, "--force-reinstall", "--no-deps", pillow)
    # PIL is there already; pip must find that every requirement on pillow is met by it.
    call(*pip, "-r", HERE / "requirements.txt", *(TORCH if torch else ()))
    call(*pip, "--no-deps", MOVIEPY)
    return python


def complaints(python: Path, version: str) -> list[str]:
    """What pip check objects to, and any copy of PIL but the one of ``version``."""
    lines = call(python, "-m", "pip", "check", check=False).splitlines()
    found = [
        line for line in lines
        if not line.startswith((EXPECTED_COMPLAINT, "No broken requirements"))
    ]  # fmt: skip
    listed = json.loads(call(python, "-m", "pip", "list", "--format", "json"))
    copies = {p["name"]: p["version"] for p in listed if p["name"].lower().startswith("pillow")}
    copies = {name: at for name, at in copies.items() if name.lower() in ("pillow", "pillow-simd")}
    if copies != {"pillow": version}:
        found.append(f"copies of PIL: {copies}")
    return found


def digest(python: Path, name: str, photo: Path) -> str:
    """The digest that a program prints, or the last line of its error."""
    try:
        done = subprocess.run(
            [python, "-W", "ignore", HERE / "programs.py", name, photo],
            capture_output=True, text=True, timeout=TIMEOUT, check=False, env=CLEAN,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "FAILED: timeout"
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return ("" if done.returncode == 0 else "FAILED: ") + (lines[-1] if lines else "no output")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photo", type=Path, default=ROOT / "Tests" / "data" / "retina.jpg")
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "downstream")
    parser.add_argument("--torch", action="store_true", help="torchvision too (several GB)")
    parser.add_argument("--only", action="append", default=[])
    args = parser.parse_args()
    folder = args.folder.absolute()
    wheels = folder / "wheel"
    for old in wheels.glob("*.whl"):
        old.unlink()
    call(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-C", "as-pillow=enable",
         "-w", wheels, ROOT)  # fmt: skip
    (wheel,) = wheels.glob("pillow-*.whl")
    ours = environment(folder / "here", wheel, args.torch)
    theirs = environment(folder / "pillow", PILLOW, args.torch)
    failed = 0
    for python, version in ((ours, "13.0.0+simd.0"), (theirs, "13.0.0")):
        for line in complaints(python, version):
            failed += 1
            print(f"{python}: {line}")
    names = call(ours, HERE / "programs.py", "--list").split()
    for name in names:
        if (args.only and name not in args.only) or (name == "torchvision" and not args.torch):
            continue
        here, there = digest(ours, name, args.photo), digest(theirs, name, args.photo)
        same = here == there and not here.startswith("FAILED")
        failed += not same
        print(f"{name:14} {'equal' if same else f'here: {here} / Pillow: {there}'}", flush=True)
    print(f"downstream: {failed} differ or fail" if failed else "downstream: all equal")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
