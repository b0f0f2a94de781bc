"""The PEP 517 backend: setuptools', told of the flags given with ``-C NAME=VALUE``."""

from __future__ import annotations

import os
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403

Settings = dict[str, Any] | None


def _publish(settings: Settings) -> None:
    """Hands our flags to setup.py, which setuptools runs in this process."""
    words = os.environ.get("PILLOW_SIMD_CONFIG", "").split()
    for name, value in (settings or {}).items():
        if not name.startswith("--"):
            last = value[-1] if isinstance(value, list) else value
            words.append(f"{name}={last}")
    os.environ["PILLOW_SIMD_CONFIG"] = " ".join(dict.fromkeys(words))


def _ours_removed(settings: Settings) -> Settings:
    return {k: v for k, v in (settings or {}).items() if k.startswith("--")}


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    _publish(config_settings)
    return build_meta.get_requires_for_build_wheel(_ours_removed(config_settings))


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    _publish(config_settings)
    return build_meta.get_requires_for_build_editable(_ours_removed(config_settings))


def prepare_metadata_for_build_wheel(directory: str, config_settings: Settings = None) -> str:
    _publish(config_settings)
    return build_meta.prepare_metadata_for_build_wheel(directory, _ours_removed(config_settings))


def prepare_metadata_for_build_editable(directory: str, config_settings: Settings = None) -> str:
    _publish(config_settings)
    return build_meta.prepare_metadata_for_build_editable(directory, _ours_removed(config_settings))


def build_wheel(
    directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    _publish(config_settings)
    return build_meta.build_wheel(directory, _ours_removed(config_settings), metadata_directory)


def build_editable(
    directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    _publish(config_settings)
    return build_meta.build_editable(directory, _ours_removed(config_settings), metadata_directory)
