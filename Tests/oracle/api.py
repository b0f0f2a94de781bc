"""Compares the API itself with Pillow 13.0.0's: modules, names, signatures, defaults, constants.

    python Tests/oracle/api.py --oracle PYTHON

``api_pending.txt`` lists what this build does not have yet; it only shrinks. Run with ``--dump``
the script prints one interpreter's API as JSON.
"""

from __future__ import annotations

import argparse
import enum
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

#: Names that leaked into a module's namespace, of helpers and loop variables: nobody's API.
LEAKED_HOMES = ("PIL._binary", "PIL._util", "PIL._deprecate")
LEAKED = {
    "TYPE_CHECKING", "Image.enum", "Image.item", "Image.module",
    "ImageQt.qt_module", "ImageQt.version",
    "BmpImagePlugin.BmpImageFile.k", "BmpImagePlugin.BmpImageFile.v",
    "BmpImagePlugin.DibImageFile.k", "BmpImagePlugin.DibImageFile.v",
    "CurImagePlugin.CurImageFile.k", "CurImagePlugin.CurImageFile.v",
    "DdsImagePlugin.item", "DdsImagePlugin.item1", "DdsImagePlugin.item2", "DdsImagePlugin.item3",
}  # fmt: skip
#: Registries, whose content depends on which plugins were loaded before.
REGISTRIES = {"Image.EXTENSION", "Image.ID", "Image.MIME"}
#: Whether a library was there when building. Pillow wants libavif 1, we work from 0.11 on.
BUILT_WITH = {"AvifImagePlugin.SUPPORTED"}

HERE = Path(__file__).resolve().parent
SRC = HERE.parents[1] / "src"
PENDING = HERE / "api_pending.txt"
SIMPLE = (int, float, str, bytes, bool, type(None))


def constant(value: Any) -> str | None:
    """The text of a simple constant, or None for what is no constant."""
    if isinstance(value, SIMPLE):
        return repr(value)
    if isinstance(value, (tuple, list)) and all(isinstance(v, SIMPLE) for v in value):
        return repr(value)
    if isinstance(value, dict) and len(value) < 3000:
        items = {repr(k): constant(v) for k, v in value.items()}
        return json.dumps(items, sort_keys=True) if None not in items.values() else None
    return None


def signature(value: Any) -> str:
    """Parameters with their kinds and defaults; annotations do not count."""
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return "?"
    return ", ".join(
        f"{p.kind.name[0]} {p.name}"
        + ("" if p.default is p.empty else f"={constant(p.default) or type(p.default).__name__}")
        for p in found.parameters.values()
    )


def describe_class(cls: type, prefix: str, out: dict[str, str]) -> None:
    bases = [b.__name__ for b in cls.__mro__[1:] if not b.__name__.startswith("_")]
    out[prefix] = "class " + " ".join(bases)
    if issubclass(cls, enum.Enum):
        out[prefix + " members"] = repr([(m.name, m.value) for m in cls])
        return
    for base in cls.__mro__[:-1]:
        if not base.__module__.startswith("PIL"):
            continue
        for name, value in vars(base).items():
            key = f"{prefix}.{name}"
            if name.startswith("_") or key in out or key in LEAKED:
                continue
            if isinstance(value, property):
                out[key] = "property"
            elif isinstance(value, (staticmethod, classmethod)):
                out[key] = type(value).__name__ + " " + signature(value.__func__)
            elif inspect.isfunction(value):
                out[key] = "method " + signature(value)
            elif (text := constant(value)) is not None:
                out[key] = "= " + text


def describe(module: ModuleType, out: dict[str, str]) -> None:
    for name in sorted({*vars(module), *getattr(module, "_LAZY", ())}):
        if name.startswith("_"):
            continue
        value = getattr(module, name)
        if isinstance(value, ModuleType):
            continue
        key = f"{module.__name__.removeprefix('PIL.')}.{name}"
        home = getattr(value, "__module__", None)
        if (
            name in LEAKED
            or key in LEAKED | REGISTRIES | BUILT_WITH
            or (home in LEAKED_HOMES and home != module.__name__)
        ):
            continue
        if inspect.isclass(value):
            if value.__module__.startswith("PIL"):
                out[key + " home"] = value.__module__
                describe_class(value, key, out)
        elif inspect.isfunction(value):
            if value.__module__.startswith("PIL"):
                out[key + " home"] = value.__module__
                out[key] = "function " + signature(value)
        elif (text := constant(value)) is not None:
            out[key] = "= " + text


def dump() -> dict[str, str]:
    import PIL

    out: dict[str, str] = {}
    for info in sorted(pkgutil.iter_modules(PIL.__path__), key=lambda i: i.name):
        if info.name == "report" or (  # importing it prints
            info.name.startswith("_") and info.name not in ("_binary", "_util", "_deprecate")
        ):
            continue
        try:
            module = importlib.import_module(f"PIL.{info.name}")
        except ImportError:
            continue  # optional dependencies are not installed on either side
        out[info.name] = "module"
        describe(module, out)
    return out


def read_pending() -> list[str]:
    lines = PENDING.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_pending(name: str, entries: list[str]) -> str | None:
    return next((e for e in entries if name == e or name.startswith((e + ".", e + " "))), None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--oracle")
    parser.add_argument("--dump", action="store_true")
    args = parser.parse_args()
    if args.dump:
        print(json.dumps(dump()))
        return 0
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    sides = []
    # Not resolved: what a virtual environment's python is decides which PIL it finds.
    oracle = str(Path(args.oracle).absolute())
    for python, path in ((sys.executable, str(SRC)), (oracle, "")):
        command = [python, "-W", "ignore", str(Path(__file__)), "--dump"]
        done = subprocess.run(command, env=env | {"PYTHONPATH": path}, capture_output=True,
                              text=True, check=True, cwd=HERE)  # fmt: skip
        sides.append(json.loads(done.stdout))
    ours, theirs = sides
    entries = read_pending()
    used = set()
    wrong = []
    pending = 0
    for name, what in theirs.items():
        if ours.get(name) == what:
            continue
        entry = is_pending(name, entries)
        if entry:
            used.add(entry)
            pending += 1
        else:
            wrong.append(f"{name}\n        here:   {ours.get(name)}\n        Pillow: {what}")
    for line in wrong:
        print(f"    {line}"[:600])
    stale = sorted(set(entries) - used)
    for entry in stale:
        print(f"    api_pending.txt names what is here now, take it out: {entry}")
    good = len(theirs) - len(wrong) - pending
    print(f"API: {good} of {len(theirs)} names agree, {pending} are of later issues")
    print(f"{good} passed, {len(wrong) + len(stale)} failed")
    return 1 if wrong or stale else 0


if __name__ == "__main__":
    sys.exit(main())
