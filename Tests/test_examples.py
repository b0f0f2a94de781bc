"""Every example runs, and does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import PIL
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PHOTO = ROOT / "Tests" / "data" / "retina.jpg"


def run(name: str, *arguments: object, status: int = 0) -> str:
    env = os.environ | {"PYTHONPATH": str(Path(PIL.__file__).parents[1])}
    command = [sys.executable, str(ROOT / "examples" / name), *map(str, arguments)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def small(tmp_path: Path) -> Path:
    with Image.open(PHOTO) as im:
        im.thumbnail((400, 400))
        exif = Image.Exif()
        exif[0x112] = 8
        im.convert("RGB").save(tmp_path / "photo.jpg", exif=exif)
    return tmp_path / "photo.jpg"


def test_uploads(small: Path) -> None:
    with Image.open(small) as im:
        width, height = im.size
    cut = small.with_name("cut.jpg")
    cut.write_bytes(small.read_bytes()[: small.stat().st_size // 2])
    text = small.with_name("text.jpg")
    text.write_text("no picture")
    assert f"RGB {height}x{width}" in run("uploads.py", small)
    said = run("uploads.py", small, cut, text, status=1)
    assert "cut.jpg: refused: damaged" in said
    assert "text.jpg: refused: not a picture" in said
    assert f"cut.jpg: RGB {height}x{width}" in run("uploads.py", "--truncated", cut)
    said = run("uploads.py", "--max-pixels", width * height - 1, small, status=1)
    assert f"refused: {width}x{height} is more than" in said


def test_arrays() -> None:
    assert "shared with numpy" in run("arrays.py", PHOTO)


def test_share_images(small: Path) -> None:
    said = run("share_images.py", small)
    assert "found by the other process: [" in said


def test_folder_dask(small: Path, tmp_path: Path) -> None:
    with Image.open(small) as im:
        im.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "second.png")
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0nothing")
    said = run("folder_dask.py", tmp_path, tmp_path / "out", status=1)
    assert "3/3" in said and "FAILED" in said
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["photo.jpg", "second.jpg"]


def test_thumbnail_service(small: Path) -> None:
    said = run("thumbnail_load.py", small, "--requests", 12, "--clients", 3, "--rounds", 1)
    assert "requests a second" in said


def test_thumbnail_service_refuses() -> None:
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        import thumbnail_service as service
    finally:
        sys.path.pop(0)
    for target in ("/", "/thumbnail?width=0", "/thumbnail?height=99999", "/thumbnail?format=exe",
                   "/thumbnail?width=x"):  # fmt: skip
        with pytest.raises(service.BadRequest):
            service.parameters(target)
    with pytest.raises(service.BadRequest, match="not a usable picture"):
        service.make_thumbnail(b"GIF89a", (10, 10), "PNG")
    made = service.make_thumbnail(PHOTO.read_bytes(), (64, 64), "PNG")
    assert made.startswith(b"\x89PNG")
