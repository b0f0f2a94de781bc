"""Calls libImaging's kernels directly, at every SIMD level, on buffers that end at a guard page.

The library is compiled without Python into one shared object (``make kernels-lib`` or on first
use), and loaded with cffi; the kernels' declarations are read from the ``kernels.def`` files, so a
new kernel needs nothing here. ``IMAGING_LIB`` names another build of it, e.g. with sanitizers.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import cffi
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "libImaging"
LEVELS = ("scalar", "sse4.1", "avx2", "avx512")

_DECLARATION = re.compile(
    r"^KERNEL\(\s*(.+?),\s*(\w+),\s*(\(.*?\)),\s*([01]),\s*([01]),\s*([01])\s*\)",
    re.MULTILINE | re.DOTALL,
)


def declarations() -> list[tuple[str, str, str, tuple[int, int, int]]]:
    """(return type, name, parameters, flags) of every kernel, in the order of the table."""
    order = re.findall(r'#include "(.+?\.def)"', (SOURCE / "simd" / "all_kernels.h").read_text())
    found = []
    for path in order:
        text = re.sub(r"/\*.*?\*/", "", (SOURCE / path).read_text(), flags=re.DOTALL)
        for ret, name, args, *flags in _DECLARATION.findall(text):
            s, a, z = (int(f) for f in flags)
            found.append((ret, name, " ".join(args.split()), (s, a, z)))
        if len(_DECLARATION.findall(text)) != len(re.findall(r"\bKERNEL\(", text)):
            msg = f"{path}: a KERNEL(...) that this file does not understand"
            raise ValueError(msg)
    return found


def build_library(target: Path) -> None:
    """Compiles what changed, through the Makefile beside this file."""
    subprocess.run(
        ["make", "-s", "-j2", "-C", str(Path(__file__).parent), f"LIB={target}"], check=True
    )


@cache
def _ffi() -> cffi.FFI:
    ffi = cffi.FFI()
    fields = "\n".join(f"    {ret} (*{name}){args};" for ret, name, args, _ in declarations())
    ffi.cdef(
        f"typedef struct {{ int level; {fields} }} ImgKernels;\n"
        "const ImgKernels *img_kernels_at(int level); int img_cpu_level(void);"
        "typedef struct ImgInflate ImgInflate;"
        "ImgInflate *img_inflate_new(void); void img_inflate_free(ImgInflate *);"
        "void img_inflate_feed(ImgInflate *, const uint8_t *, size_t);"
        "size_t img_inflate_read(ImgInflate *, uint8_t *, size_t, int *);"
    )
    return ffi


@cache
def library() -> Any:
    target = Path(os.environ.get("IMAGING_LIB", ROOT / "build" / "kernels" / "libimaging.so"))
    if "IMAGING_LIB" not in os.environ:
        build_library(target)
    return _ffi().dlopen(str(target))


@cache
def kernels(level: str) -> Any:
    """The kernel table of a level (cffi struct pointer), or None where it is not available."""
    table = library().img_kernels_at(LEVELS.index(level))
    return None if table == _ffi().NULL else table


def simd_levels() -> list[str]:
    """The levels above scalar that this processor can run."""
    return [level for level in LEVELS[1:] if kernels(level) is not None]


def levels_of(name: str) -> list[str]:
    """The available levels that have a version of their own of this kernel.

    A kernel that asks for none by its flags is a mistake of the caller: KeyError.
    """
    flags = {n: f for _, n, _, f in declarations()}[name]
    return [
        level
        for level, flag in zip(LEVELS[1:], flags, strict=True)
        if flag and kernels(level) is not None
    ]


def every_level(name: str) -> pytest.MarkDecorator:
    """Parametrises a test with ``level`` over the levels of the kernel."""
    return pytest.mark.parametrize("level", levels_of(name) or ["scalar"])


class Guarded:
    """``size`` writable bytes that end exactly where an inaccessible page begins.

    The start is as unaligned as the size makes it.
    Reading or writing one byte past the end is a segmentation fault.
    """

    def __init__(self, size: int, fill: bytes | int = 0xA5) -> None:
        page = mmap.PAGESIZE
        pages = max(1, -(-size // page))
        self._map = mmap.mmap(-1, (pages + 1) * page)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mprotect(ctypes.c_void_p(start + pages * page), page, 0) != 0:
            raise OSError(ctypes.get_errno(), "mprotect")
        self.size = size
        self.address = start + pages * page - size
        self._view = (ctypes.c_ubyte * size).from_address(self.address)
        if isinstance(fill, int):
            ctypes.memset(self.address, fill, size)
        else:
            self.write(fill)

    def write(self, data: bytes) -> None:
        if len(data) != self.size:
            msg = f"{len(data)} bytes for a buffer of {self.size}"
            raise ValueError(msg)
        ctypes.memmove(self.address, data, len(data))

    def bytes(self) -> bytes:
        return bytes(self._view)

    def ptr(self, ctype: str = "uint8_t *", offset: int = 0) -> Any:
        """A cffi pointer to byte ``offset``; keep this object alive while it is used."""
        return _ffi().cast(ctype, self.address + offset)


def pointers(rows: list[Guarded], ctype: str = "uint8_t *") -> Any:
    """A C array of pointers to the buffers, for kernels that take several rows."""
    return _ffi().new(f"{ctype}[]", [row.ptr(ctype) for row in rows])


def new(ctype: str, init: Any = None) -> Any:
    """cffi's ``new`` for parameter structures and small arrays."""
    return _ffi().new(ctype, init) if init is not None else _ffi().new(ctype)


if __name__ == "__main__":
    for _, kernel, _, marks in declarations():
        print(f"{kernel:32} scalar", *(n for n, m in zip(LEVELS[1:], marks, strict=True) if m))
    sys.exit(0)
