"""The kernel table itself: levels, and what it promises of them."""

from __future__ import annotations

import pytest
from harness import LEVELS, declarations, kernels, library, simd_levels


def test_scalar_is_always_there() -> None:
    assert kernels("scalar") is not None
    assert kernels("scalar").level == 0


def test_levels_follow_the_processor() -> None:
    assert len(simd_levels()) == library().img_cpu_level()


@pytest.mark.parametrize("level", LEVELS)
def test_every_entry_is_filled(level: str) -> None:
    table = kernels(level)
    if table is None:
        pytest.skip(f"this processor has no {level}")
    for _, name, _, _ in declarations():
        assert getattr(table, name), name
