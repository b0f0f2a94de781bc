"""The arena: statistics, settings, zeroed memory, what freed memory may cost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from core_memory import core, memory, pixel_size

KEYS = ("new_count", "allocated_blocks", "reused_blocks", "freed_blocks", "blocks_cached")
MIB = 1 << 20


@pytest.fixture(autouse=True)
def defaults() -> Iterator[None]:
    """The settings that a new process has, before and after each test."""

    def reset() -> None:
        core.set_alignment(1)
        core.set_block_size(16 * MIB)
        core.set_blocks_max(0)
        core.set_use_block_allocator(0)
        core.clear_cache()

    reset()
    yield
    reset()


class Model:
    """The arena as spec/core.md section 2 describes it."""

    def __init__(self) -> None:
        self.stats = dict.fromkeys(KEYS, 0)
        self.alignment, self.block_size, self.blocks_max, self.one_block = 1, 16 * MIB, 0, 0

    def new(self, mode: str, width: int, height: int, one_block: bool = False) -> int:
        self.stats["new_count"] += 1
        if not width or not height or one_block or self.one_block:
            return 0
        line = -(-width * pixel_size(mode) // self.alignment) * self.alignment
        lines = max(1, (self.block_size - (self.alignment - 1)) // line)
        blocks = -(-height // lines)
        reused = min(blocks, self.stats["blocks_cached"])
        self.stats["blocks_cached"] -= reused
        self.stats["reused_blocks"] += reused
        self.stats["allocated_blocks"] += blocks - reused
        return blocks

    def free(self, blocks: int) -> None:
        kept = min(blocks, max(0, self.blocks_max - self.stats["blocks_cached"]))
        self.stats["blocks_cached"] += kept
        self.stats["freed_blocks"] += blocks - kept

    def shrink(self, keep: int) -> None:
        surplus = max(0, self.stats["blocks_cached"] - keep)
        self.stats["blocks_cached"] -= surplus
        self.stats["freed_blocks"] += surplus


def change_setting(model: Model, choose: random.Random) -> None:
    what = choose.randrange(5)
    if what == 0:
        model.alignment = choose.choice([1, 2, 8, 32, 128])
        core.set_alignment(model.alignment)
    elif what == 1:
        model.block_size = choose.choice([4096, 8192, 65536, MIB, 16 * MIB])
        core.set_block_size(model.block_size)
    elif what == 2:
        model.blocks_max = choose.choice([0, 5, 20, 1000])
        core.set_blocks_max(model.blocks_max)
        model.shrink(model.blocks_max)
    elif what == 3:
        model.one_block = choose.randrange(2)
        core.set_use_block_allocator(model.one_block)
    else:
        keep = choose.choice([0, 3, 50])
        core.clear_cache(keep)
        model.shrink(keep)


@pytest.mark.parametrize("seed", range(4))
def test_statistics(seed: int) -> None:
    choose = random.Random(seed)
    model = Model()
    live: list[tuple[Any, int]] = []
    core.reset_stats()
    for _ in range(1500):
        action = choose.random()
        mode = choose.choice(["1", "L", "I;16", "I", "RGB", "LA"])
        size = choose.choice([0, 1, 7, 100, 2000]), choose.choice([0, 1, 3, 64, 200])
        if action < 0.1:
            live.append((core.new_block(mode, size), model.new(mode, *size, one_block=True)))
        elif action < 0.5:
            color = choose.choice([0, 1, 0x01020304])
            live.append((core.fill(mode, size, color), model.new(mode, *size)))
        elif action < 0.9 and live:
            image, blocks = live.pop(choose.randrange(len(live)))
            del image
            model.free(blocks)
        else:
            change_setting(model, choose)
        stats = core.get_stats()
        assert {key: stats[key] for key in KEYS} == model.stats
    while live:
        model.free(live.pop()[1])
    stats = core.get_stats()
    assert {key: stats[key] for key in KEYS} == model.stats


def test_refused_images_do_not_count() -> None:
    core.reset_stats()
    for mode, size, error in (
        ("L", (-1, 1), ValueError),
        ("L", (1, -1), ValueError),
        ("X", (1, 1), ValueError),
        ("L", (536_870_911, 0), MemoryError),
        ("L", (2**31, 1), OverflowError),
    ):
        for make in (core.new, core.new_block, core.fill):
            with pytest.raises(error):
                make(mode, size)
    assert core.get_stats()["new_count"] == 0
    # The largest block is of INT_MAX bytes; this attempt is counted.
    with pytest.raises(MemoryError):
        core.new_block("L", (65536, 32768))
    assert core.get_stats()["new_count"] == 1
    assert core.new("L", (536_870_910, 0)).size == (536_870_910, 0)


@pytest.mark.parametrize(
    ("setter", "good", "bad"),
    (
        ("alignment", (1, 2, 64, 128), (0, -1, 3, 129, 256)),
        ("block_size", (4096, 8192, 1 << 30), (0, -4096, 1, 4097)),
        ("blocks_max", (0, 1, 100), (-1,)),
    ),
)
def test_settings(setter: str, good: tuple[int, ...], bad: tuple[int, ...]) -> None:
    get, put = getattr(core, f"get_{setter}"), getattr(core, f"set_{setter}")
    for value in good:
        put(value)
        assert get() == value
    for value in bad:
        with pytest.raises(ValueError):
            put(value)
        assert get() == good[-1]
    with pytest.raises(OverflowError):
        put(2**31)
    with pytest.raises(TypeError):
        put("1")
    with pytest.raises(TypeError):
        get(1)


def test_hopeless_cache_table() -> None:
    core.set_blocks_max(3)
    try:
        core.set_blocks_max(2**31 - 1)  # a table of some 50 GB
    except MemoryError:
        assert core.get_blocks_max() == 3
    with pytest.raises(ValueError):
        core.clear_cache(-1)


@pytest.mark.parametrize("mode", ("L", "I;16", "RGB"))
@pytest.mark.parametrize("blocks_max", (0, 10))
@pytest.mark.parametrize("width", (3, 300, 1000, 3000))
def test_new_is_zero_after_others(mode: str, blocks_max: int, width: int) -> None:
    core.set_blocks_max(blocks_max)
    size = (width, 700)
    nothing = bytes(width * 700 * pixel_size(mode))
    for make in (core.new, core.new_block, core.fill):
        former = core.fill(mode, size, 0xFFFF if mode == "I;16" else -1 % 2**32)
        assert memory(former) != nothing
        del former
        assert memory(make(mode, size)) == nothing
        outside = core.new(mode, (1, 1)).crop((5, 5, 5 + width, 705))
        assert memory(outside) == nothing


@pytest.mark.parametrize("alignment", (1, 16, 128))
def test_rows_keep_their_pixels(alignment: int) -> None:
    core.set_alignment(alignment)
    core.set_block_size(4096)
    image = core.new("L", (1001, 50))
    for y in range(50):
        image.putpixel((1000, y), y + 1)
        image.putpixel((0, y), 255 - y)
    for copy in (image.copy(), image.crop((0, 0, 1001, 50))):
        assert [copy.getpixel((1000, y)) for y in range(50)] == list(range(1, 51))
        assert [copy.getpixel((0, y)) for y in range(50)] == list(range(255, 205, -1))
        assert copy.getpixel((500, 25)) == 0


def test_threads_do_not_share_pixels() -> None:
    failures: list[int] = []

    def work(value: int) -> None:
        choose = random.Random(value)
        for _ in range(60):
            size = choose.choice([50, 400, 1500]), choose.choice([10, 500, 1500])
            image = core.fill("L", size, value)
            copy = image.copy()
            del image
            if memory(copy).count(value) != size[0] * size[1]:
                failures.append(value)

    threads = [threading.Thread(target=work, args=(value,)) for value in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def run(program: str) -> str:
    """What the program prints, in a process of its own."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(p for p in sys.path if p))
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, timeout=60, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc/self")

STATUS = """
import PIL._imaging as core
def status(key):
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith(key)) / 1024
"""


@linux
def test_kept_memory_does_not_lift_the_peak() -> None:
    """Images of 12, 7, 30 and 1 MiB by turns, one or two at a time: no more than the largest two,
    beside 1/4 that a piece may be larger than what it holds, and 4 MiB for the process."""
    grown = run(
        STATUS
        + """
core.fill("L", (8, 8), 1)
before = status("VmHWM")
for i in range(40):
    for rows in (12, 7, 30, 1, 9):
        one = core.fill("L", (1024, rows * 1024), 7)
        two = one.crop((0, 0, 1024, 512 * rows))
        del one, two
print(status("VmHWM") - before)
"""
    )
    assert float(grown) <= 45 * 1.25 + 4


@linux
def test_kept_memory_is_bounded_and_given_back() -> None:
    held, left = run(
        STATUS
        + """
core.fill("L", (8, 8), 1)
before = status("VmRSS")
images = [core.fill("L", (4096, 4096), 7) for _ in range(20)]
del images
print(status("VmRSS") - before)
core.clear_cache()
print(status("VmRSS") - before)
"""
    ).split()
    assert float(held) <= 128 + 4
    assert float(left) <= 4


@linux
def test_fork_while_threads_allocate() -> None:
    """A lock that another thread holds at the fork would stop the child for good."""
    assert (
        run(
            """
import os, threading, warnings
import PIL._imaging as core
warnings.simplefilter("ignore")
stop = False
def work():
    while not stop:
        core.fill("L", (700, 700), 7).copy()
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for _ in range(40):
    child = os.fork()
    if not child:
        image = core.fill("RGB", (900, 900), 5)
        core.clear_cache()
        os._exit(0 if image.getpixel((899, 899)) == (5, 0, 0) else 1)
    assert os.waitpid(child, 0)[1] == 0
stop = True
for thread in threads:
    thread.join()
print("done")
"""
        ).strip()
        == "done"
    )
