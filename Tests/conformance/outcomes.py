"""A pytest plugin: writes each test's outcome to a file, and lets files be collected that import
modules of PIL which this build does not have yet.

OUTCOMES names the file; a line is ``nodeid<TAB>outcome``, outcome one of passed, failed, skipped,
xfailed. PENDING_MODULES lists modules, comma separated, that stand-ins are made for: importing one
works, any use of what it holds raises PendingModuleError.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest


class PendingModuleError(Exception):
    """Something of a module was used that this build does not have yet."""


class _Missing:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(f"{self._name}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise PendingModuleError(self._name)


class _Module(ModuleType):
    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(f"{self.__name__}.{name}")


class _Finder(MetaPathFinder, Loader):
    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in self.names else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


_pending = {f"PIL.{n}" for n in os.environ.get("PENDING_MODULES", "").split(",") if n}
if _pending:
    sys.meta_path.append(_Finder(_pending))  # after the real ones: they win

_worst: dict[str, str] = {}
_RANK = {"passed": 0, "skipped": 1, "xfailed": 1, "failed": 2}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    outcome = "xfailed" if hasattr(report, "wasxfail") else report.outcome
    if report.when != "call" and outcome == "passed":
        return
    known = _worst.get(report.nodeid)
    if known is None or _RANK[outcome] > _RANK[known]:
        _worst[report.nodeid] = outcome


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _worst[f"{report.nodeid}::<collection>"] = "failed"


def pytest_sessionfinish() -> None:
    with open(os.environ["OUTCOMES"], "w") as out:
        for nodeid, outcome in _worst.items():
            out.write(f"{nodeid}\t{outcome}\n")
