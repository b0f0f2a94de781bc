"""Other programs, and libraries of the build, that tests need."""

from __future__ import annotations

import shutil

import pytest


def require(program: str) -> None:
    """Fail when a program is missing that the packages should have brought."""
    if shutil.which(program) is None:
        message = f"{program} is missing: depends/install.sh --tests installs it"
        if shutil.which("apt-get"):
            pytest.fail(message)
        pytest.skip(f"{message}, where there is apt")


def require_feature(name: str) -> None:
    """Skip the test when the build lacks a library, by its name in ``PIL.features``."""
    from PIL import features  # the kernel tests do without

    if not features.check(name):
        pytest.skip(f"built without {name}")
