"""The PEP 517 backend: setuptools', told of the flags given with ``-C NAME=VALUE``.

The parameters have the names of PEP 517 and PEP 660: frontends may pass them by name."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
from pathlib import Path
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


def prepare_metadata_for_build_wheel(
    metadata_directory: str, config_settings: Settings = None
) -> str:
    _publish(config_settings)
    return build_meta.prepare_metadata_for_build_wheel(
        metadata_directory, _ours_removed(config_settings)
    )


def prepare_metadata_for_build_editable(
    metadata_directory: str, config_settings: Settings = None
) -> str:
    _publish(config_settings)
    return build_meta.prepare_metadata_for_build_editable(
        metadata_directory, _ours_removed(config_settings)
    )


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    _publish(config_settings)
    return build_meta.build_wheel(
        wheel_directory, _ours_removed(config_settings), metadata_directory
    )


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    _publish(config_settings)
    return build_meta.build_editable(
        wheel_directory, _ours_removed(config_settings), metadata_directory
    )


def _settle(sdist: Path, epoch: int) -> None:
    """Packs the archive anew with nothing in it of the moment, the machine and the user."""
    with tarfile.open(sdist) as archive:
        entries = []
        for member in archive.getmembers():
            source = archive.extractfile(member) if member.isfile() else None
            entries.append((member, source.read() if source else None))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for member, data in sorted(entries, key=lambda entry: entry[0].name):
            member.mtime, member.pax_headers = epoch, {}
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            archive.addfile(member, io.BytesIO(data) if data is not None else None)
    with open(sdist, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=epoch) as out:
        out.write(packed.getvalue())


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    _publish(config_settings)
    name = build_meta.build_sdist(sdist_directory, _ours_removed(config_settings))
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        _settle(Path(sdist_directory) / name, int(epoch))
    return name
