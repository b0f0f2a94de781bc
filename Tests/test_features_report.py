"""features: the SIMD entries, and the warning of distributions installed over each other."""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
import sys
from pathlib import Path

import pytest

from PIL import Image, _distributions, features

RULE = "-" * 68


def report() -> list[str]:
    out = io.StringIO()
    features.pilinfo(out, supported_formats=False)
    return out.getvalue().splitlines()


def test_simd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.core, "simd_level", "avx2", raising=False)
    monkeypatch.setattr(Image.core, "simd_levels", ("sse4.1", "avx2", "avx512"), raising=False)
    assert features.check("simd") is True
    assert features.version("simd") == "avx2"
    assert "simd" not in features.get_supported()
    lines = report()
    simd = lines.index("--- SIMD support ok, using avx2 (compiled: sse4.1, avx2, avx512)")
    assert lines[simd - 1].startswith("--- PIL CORE support ok, compiled for ")


def test_scalar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.core, "simd_level", "scalar", raising=False)
    monkeypatch.setattr(Image.core, "simd_levels", (), raising=False)
    assert features.check("simd") is False
    assert features.version("simd") == "scalar"
    assert "*** SIMD support not installed" in report()


def test_broken_module_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "broken_module.py").write_text("raise ImportError('a library is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(features.modules, "test", ("broken_module", "version"))
    with pytest.warns(UserWarning, match="a library is missing"):
        assert features.check("test") is False
    with pytest.warns(UserWarning, match="a library is missing"):
        assert features.version("test") is None


def install(site: Path, name: str, version: str, files: dict[str, bytes]) -> None:
    """What pip does: files, overwriting what is there, and a RECORD of them."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    record = []
    for file, data in files.items():
        path = site / "PIL" / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"PIL/{file},sha256={digest},{len(data)}\n")
    record.append(f"{info.name}/RECORD,,\n")
    (info / "RECORD").write_text("".join(record))


THEIRS = {"__init__.py": b"theirs", "_imaging.so": b"their core", "py.typed": b""}
OURS = {"__init__.py": b"ours", "_imaging.so": b"our core", "py.typed": b"", "_extra.py": b"1"}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of packages that is the only one on sys.path."""
    path = tmp_path / "site"
    path.mkdir()
    importlib.import_module("email.message")  # importlib.metadata's, which some Pythons import late
    importlib.import_module("quopri")
    monkeypatch.setattr(sys, "path", [str(path)])
    return path


def clash(site: Path) -> str:
    return "\n".join(_distributions.clash_report(str(site / "PIL")))


@pytest.mark.parametrize("name", ["pillow", "pillow-simd"])
def test_one_distribution_is_fine(site: Path, name: str) -> None:
    assert clash(site) == ""
    install(site, name, "13.0.0", OURS)
    (site / "PIL" / "__init__.py").write_bytes(b"edited by hand")
    assert clash(site) == ""


def test_ours_over_theirs(site: Path) -> None:
    install(site, "pillow", "12.0.0", THEIRS)
    install(site, "pillow-simd", "13.0.0.post0", OURS)
    text = clash(site)
    assert "pillow-simd 13.0.0.post0 and pillow 12.0.0 are both installed" in text
    assert "pillow-simd 13.0.0.post0: intact" in text
    assert "pillow 12.0.0: 2 of its 3 files are overwritten or missing" in text
    assert "In use is pillow-simd 13.0.0.post0;" in text
    assert "pip uninstall pillow pillow-simd" in text


def test_theirs_over_ours(site: Path) -> None:
    install(site, "pillow-simd", "13.0.0.post0", OURS)
    install(site, "pillow", "12.0.0", THEIRS)
    text = clash(site)
    assert "pillow-simd 13.0.0.post0: 2 of its 4 files are overwritten or missing" in text
    assert "In use is pillow 12.0.0;" in text


def test_a_mixture(site: Path) -> None:
    install(site, "pillow", "12.0.0", THEIRS)
    install(site, "pillow-simd", "13.0.0.post0", OURS)
    (site / "PIL" / "_imaging.so").write_bytes(THEIRS["_imaging.so"])
    assert "In use is a mixture of both" in clash(site)


def test_missing_files_count_as_lost(site: Path) -> None:
    install(site, "pillow", "12.0.0", THEIRS)
    install(site, "pillow-simd", "13.0.0.post0", OURS)
    (site / "PIL" / "_extra.py").unlink()
    assert "pillow-simd 13.0.0.post0: 1 of its 4 files" in clash(site)


def test_installed_elsewhere_is_no_clash(site: Path, tmp_path: Path) -> None:
    install(site, "pillow-simd", "13.0.0.post0", OURS)
    other = tmp_path / "other"
    install(other, "pillow", "12.0.0", THEIRS)
    sys.path.append(str(other))
    assert clash(site) == ""


def test_report_has_the_clash_before_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_distributions, "clash_report", lambda package: ["*** both"])
    lines = report()
    where = lines.index("*** both")
    assert (lines[where - 1], lines[where + 1]) == (RULE, RULE)
    assert lines[where + 2].startswith("--- PIL CORE")
