"""Finds functions that return with the upper halves of vector registers in use, in machine code.

After instructions on YMM or ZMM registers, code that is compiled for SSE (that of most libraries)
is slow until ``vzeroupper``. Compilers put that before returns, but not always. A kernel may be
called by such code, so it has to execute one on every way from such an instruction to its end.

The listing is that of ``objdump -d``. All ways through the code are walked, with what the upper
halves are on each: calls of functions in the listing with what those do to them, other calls as if
they did nothing. Registers 16 to 31 do not count, as SSE code cannot use them. A jump through a
table goes to where the tables lead whose addresses the function loads: 32-bit distances from the
table to code, in read-only data, as GCC and clang make them for shared libraries.
"""

from __future__ import annotations

import re
import struct
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_LABEL = re.compile(r"^([0-9a-f]+) <(.+)>:$")
_LINE = re.compile(r"^ *([0-9a-f]+):\s+(?:(?:notrack|bnd|rep|repz) )?(\S+) *(.*)$")
_TARGET = re.compile(r"^([0-9a-f]+) <")
_TABLE = re.compile(r"\(%rip\),\S+ +# ([0-9a-f]+) <")
_RODATA = re.compile(
    r"^ *\d+ \.rodata +([0-9a-f]+) +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) ", re.MULTILINE
)
_WIDE = re.compile(r"%[yz]mm(?:1[0-5]|[0-9])\b")
_ENDS = ("ret", "retq", "ud2", "hlt")
_NO_RETURN = ("<abort@", "<__stack_chk_fail@", "<__assert_fail@")


class _Instruction(NamedTuple):
    name: str
    operands: str
    function: str
    following: int | None  # address, within the function

    @property
    def target(self) -> int | None:
        found = _TARGET.match(self.operands)
        return int(found.group(1), 16) if found else None


class Data(NamedTuple):
    """A section of a library."""

    address: int
    content: bytes

    def numbers(self, start: int) -> Iterator[int]:
        """The signed 32-bit numbers from an address on; none if it is not in the section."""
        at = start - self.address
        while 0 <= at <= len(self.content) - 4:
            yield struct.unpack_from("<i", self.content, at)[0]
            at += 4


class Code:
    """A listing, of which the functions are kept whose name is wanted."""

    def __init__(self, listing: Iterable[str], wanted: str, data: Data | None = None) -> None:
        """:param data: read-only data, for jumps through tables; without it they go to all places
        that follow the end of a way."""
        self._data = data
        self._tables: dict[str, set[int]] = defaultdict(set)
        self._code: dict[int, _Instruction] = {}
        self._ends: dict[tuple[int, bool], set[bool]] = {}
        self._after_jumps: dict[str, list[int]] = defaultdict(list)
        self._read(listing, re.compile(wanted))

    def _read(self, listing: Iterable[str], wanted: re.Pattern[str]) -> None:
        function = ""
        last: int | None = None
        for line in listing:
            if label := _LABEL.match(line):
                function = label.group(2) if wanted.search(label.group(2)) else ""
                last = None
            elif function and (found := _LINE.match(line)):
                address = int(found.group(1), 16)
                if last is not None:
                    before = self._code[last]
                    self._code[last] = before._replace(following=address)
                    if before.name in _ENDS or before.name.startswith("jmp"):
                        self._after_jumps[function].append(address)
                if found.group(2) == "lea" and (table := _TABLE.search(found.group(3))):
                    self._tables[function].add(int(table.group(1), 16))
                self._code[address] = _Instruction(found.group(2), found.group(3), function, None)
                last = address

    def ends(self, start: int, used: bool = False) -> set[bool]:
        """What the upper halves may be where a function ends: True for in use.

        :param start: its address
        :param used: what they are at its start
        :raises KeyError: for an address that is not that of an instruction of the listing
        """
        key = start, used
        if key in self._ends:
            return self._ends[key]
        if start not in self._code:
            raise KeyError(hex(start))
        self._ends[key] = found = set[bool]()  # recursion adds nothing to it
        seen: set[tuple[int, bool]] = set()
        waiting = [key]
        while waiting:
            at, state = waiting.pop()
            if (at, state) in seen:
                continue
            seen.add((at, state))
            if at not in self._code:  # a jump to some other function
                found.add(state)
                continue
            waiting += self._next(self._code[at], state, found)
        return found

    def _next(self, one: _Instruction, state: bool, found: set[bool]) -> list[tuple[int, bool]]:
        """Where it goes on, and with what state; ends of the function are added to ``found``."""
        if one.name.startswith("vzero"):
            state = False
        elif _WIDE.search(one.operands):
            state = True
        if one.name in ("ret", "retq"):
            found.add(state)
        if one.name in _ENDS:
            return []
        states = {state}
        places = [one.following]
        if one.name.startswith("call"):
            if any(name in one.operands for name in _NO_RETURN):
                return []
            if one.target in self._code:
                states = self.ends(one.target, state)
        elif one.name.startswith("jmp"):
            places = [one.target] if one.target else [*self._by_table(one.function)]
        elif one.name.startswith("j"):
            places.append(one.target)
        return [(place, s) for place in places if place is not None for s in states]

    def _by_table(self, function: str) -> list[int]:
        """Where jumps through tables of a function may go."""
        places = []
        for table in self._tables[function]:
            for distance in self._data.numbers(table) if self._data else ():
                place = self._code.get(table + distance)
                if place is None or place.function != function:
                    break  # behind the table's end
                places.append(table + distance)
        return places or self._after_jumps[function]


def read_only_data(library: Path) -> Data:
    """The section .rodata of a library."""
    command = ["objdump", "-h", library]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = _RODATA.search(said)
    assert found is not None, said
    size, address, offset = (int(number, 16) for number in found.groups())
    return Data(address, library.read_bytes()[offset : offset + size])


def symbols(library: Path) -> dict[str, int]:
    """Addresses of what a library defines; empty if it is stripped."""
    listing = subprocess.run(["nm", library], capture_output=True, text=True, check=True).stdout
    found = re.finditer(r"^([0-9a-f]+) \w (\S+)$", listing, re.MULTILINE)
    return {one.group(2): int(one.group(1), 16) for one in found}


def disassembled(library: Path, wanted: str) -> Code:
    """The functions of a library whose names match a regular expression."""
    command = ["objdump", "-d", "--no-show-raw-insn", "-j", ".text", library]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        code = Code(process.stdout, wanted, read_only_data(library))
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return code
