"""No kernel returns with the upper halves of vector registers in use (see upper_halves.py).

What is looked at is the extension module as it was built, with the flags that users get.
"""

from __future__ import annotations

import importlib.util
import shutil
import struct
from pathlib import Path

import pytest
from harness import declarations
from upper_halves import Code, Data, disassembled, symbols

LEVELS = ("avx2", "avx512")


def extension() -> Path:
    """The module that programs import here, installed or built in place."""
    found = importlib.util.find_spec("PIL._imaging")
    assert found is not None and found.origin is not None
    return Path(found.origin)


def test_kernels_of_the_extension() -> None:
    for program in ("nm", "objdump"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is missing (binutils)")
    library = extension()
    places = symbols(library)
    if "scalar_table" not in places:
        pytest.skip(f"{library.name} is stripped")
    compiled = [level for level in LEVELS if f"{level}_table" in places]
    if not compiled:
        pytest.skip(f"{library.name} has no kernels for AVX2 or AVX-512")
    code = disassembled(library, rf"_({'|'.join(LEVELS)})(\.|$)")
    kernels = [
        f"{name}_{level}"
        for _, name, _, flags in declarations()
        for level, flag in zip(LEVELS, flags[1:], strict=True)
        if flag and level in compiled
    ]
    assert [name for name in kernels if True in code.ends(places[name])] == []


# --- that the search finds them ---

CLEARED = "vzeroupper\nret"
USED = "vpxor %ymm0,%ymm0,%ymm0"
FUNCTIONS: dict[str, tuple[str, set[bool]]] = {
    "none used": ("vpaddb %xmm0,%xmm1,%xmm1\nret", {False}),
    "cleared": ("vpaddb %ymm0,%ymm1,%ymm1\nvzeroupper\nret", {False}),
    "not cleared": ("vpaddb %ymm0,%ymm1,%ymm1\nret", {True}),
    "not cleared, ZMM": ("vmovdqu64 (%rdi),%zmm15{%k1}{z}\nret", {True}),
    "registers that SSE code has not": ("vpaddb %zmm16,%zmm31,%zmm20\nret", {False}),
    "used again": ("vpaddb %ymm0,%ymm1,%ymm1\nvzeroupper\nvpxor %ymm9,%ymm9,%ymm9\nret", {True}),
    "cleared on one of two ways": (f"{USED}\nje 3 <f+3>\nvzeroupper\nret", {False, True}),
    "in a loop": (f"dec %ecx\nje 4 <f+4>\n{USED}\njmp 0 <f>\nret", {False, True}),
    "ends with a function elsewhere": (f"{USED}\njmp 999 <memcpy@plt>", {True}),
    "calls a function elsewhere": (f"{USED}\ncall 999 <memcpy@plt>\nret", {True}),
    "calls one that uses them": ("call 50 <dirty>\nret", {True}),
    "clears after such a call": (f"call 50 <dirty>\n{CLEARED}", {False}),
    "calls one that clears": (f"{USED}\ncall 60 <clean>\nret", {False}),
    "ends with one that uses them": ("jmp 50 <dirty>", {True}),
    "ends with one that clears": (f"{USED}\njmp 60 <clean>", {False}),
    "does not return": (f"{USED}\ncall 999 <abort@plt>", set()),
    "by a table": (f"notrack jmp *%rax\n{CLEARED}\n{USED}\nret", {False, True}),
}  # fmt: skip


def listing(start: int, name: str, body: str) -> list[str]:
    """As objdump prints it, each instruction a byte long."""
    lines = [f"{start:016x} <{name}>:"]
    for at, line in enumerate(body.splitlines(), start):
        mnemonic, _, operands = line.partition(" ")
        lines.append(f"  {at:x}:\t{mnemonic:6} {operands}".rstrip())
    return [*lines, ""]


@pytest.mark.parametrize(("body", "ends"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_search(body: str, ends: set[bool]) -> None:
    code = Code(
        [
            *listing(0, "f", body),
            *listing(0x50, "dirty", f"{USED}\nret"),
            *listing(0x60, "clean", CLEARED),
        ],
        "f|dirty|clean",
    )
    assert code.ends(0) == ends


def test_jump_table() -> None:
    """The function's last instruction is not reached after the first two."""
    lines = ["je 7 <f+7>", "lea 0x1(%rip),%rcx        # 100 <table>", USED, "notrack jmp *%rax"]
    body = "\n".join([*lines, CLEARED, "nop", "ret"])
    tables = struct.pack("<3i", 4 - 0x100, 6 - 0x100, 99)  # two places, and what is not a place
    for data, ends in ((Data(0x100, tables[:4]), {False}), (Data(0x100, tables), {False, True}),
                       (Data(0x90, bytes(8)), {False, True}), (None, {False, True})):  # fmt: skip
        assert Code(listing(0, "f", body), "f", data).ends(0) == ends


def test_unknown_function() -> None:
    with pytest.raises(KeyError):
        Code(listing(0, "f", "ret"), "f").ends(1)
