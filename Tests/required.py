"""Other programs that tests need."""

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
