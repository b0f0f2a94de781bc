"""Builds manylinux wheels with their libraries inside, and the as-pillow variant of each.

    python depends/wheels.py [--out dist] [PYTHON ...]

For each interpreter named (by default every CPython from 3.11 on that is found) one wheel of each
kind is compiled, and auditwheel copies the shared libraries in and writes the SBOM (PEP 770) that
names them. The tag tells the oldest glibc the wheel runs with, which is that of the machine it is
built on. On Debian libtiff brings libjbig (GPL-2.0-or-later) along: see docs/packaging.rst before
you pass such a wheel on.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NAMES = [f"python3.{minor}{threads}" for minor in range(11, 16) for threads in ("", "t")]
# libimagequant is under the GPL, and so would be a wheel that contains it; Pillow's has none.
FLAGS = ("imagequant=disable",)
ABOUT = (
    "import json, sys, sysconfig; print(json.dumps([sys.implementation.name, sys.version_info[:2],"
    " sysconfig.get_config_var('SOABI'), sys.executable]))"
)


def candidates() -> list[str]:
    """Interpreters by their usual names, and those of pyenv."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(name) for name in NAMES]
    return [sys.executable, *filter(None, found), *map(str, versions.glob("3.*/bin/python3"))]


def interpreters(named: list[str]) -> list[str]:
    """One interpreter for each ABI; a broken or too old one is passed over if it was not named."""
    chosen: dict[str, str] = {}
    for python in named or candidates():
        done = subprocess.run([python, "-c", ABOUT], capture_output=True, text=True, check=False)
        if done.returncode:
            if named:
                raise SystemExit(f"{python} does not run: {done.stderr.strip()}")
            continue
        kind, version, abi, path = json.loads(done.stdout)
        if kind == "cpython" and tuple(version) >= OLDEST:
            chosen.setdefault(abi, path)
        elif named:
            raise SystemExit(f"{python} is not CPython {OLDEST[0]}.{OLDEST[1]} or later")
    return [chosen[abi] for abi in sorted(chosen)]


def compile_wheel(python: str, folder: Path, flags: list[str]) -> Path:
    options = [word for flag in flags for word in ("-C", flag)]
    subprocess.run(
        [python, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, *options, ROOT], check=True
    )
    (made,) = folder.glob("*.whl")
    return made


def repair(wheel: Path, out: Path) -> Path:
    """Copy the libraries into the wheel; returns the new one."""
    before = set(out.glob("*.whl"))
    subprocess.run(
        [sys.executable, "-m", "auditwheel", "repair", "--strip", "-w", out, wheel],
        check=True, stdout=subprocess.DEVNULL,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    made = set(out.glob(f"{wheel.name.split('-')[0]}-*.whl")) - before
    if len(made) != 1:
        raise SystemExit(f"auditwheel made {len(made)} wheels of {wheel.name}; is {out} empty?")
    return made.pop()


def contents(wheel: Path) -> tuple[int, int]:
    """How many libraries a wheel has inside, and how many components its SBOMs name."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        libraries = [name for name in names if ".libs/" in name and ".so" in name]
        sboms = [name for name in names if re.search(r"\.dist-info/sboms/.+\.json$", name)]
        parts = sum(len(json.loads(archive.read(name)).get("components", ())) for name in sboms)
    if libraries and not parts:
        raise SystemExit(f"{wheel.name} has libraries inside and no SBOM")
    return len(libraries), parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for python in interpreters(args.pythons):
        for variant in ("as-pillow=disable", "as-pillow=enable"):
            with tempfile.TemporaryDirectory() as folder:
                plain = compile_wheel(python, Path(folder), [*FLAGS, variant])
                made = repair(plain, args.out)
            libraries, parts = contents(made)
            size = made.stat().st_size / 1e6
            print(f"{made}: {size:.1f} MB, {libraries} libraries, {parts} in the SBOM", flush=True)


if __name__ == "__main__":
    main()
