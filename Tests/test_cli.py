"""The commands of ``python -m PIL``: thumbnail, convert, info."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from PIL import Image, ImageOps
from PIL._cli import main
from PIL._cli_batch import outcomes
from PIL._cli_output import Geometry, Template


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gradient = Image.merge("RGB", [Image.linear_gradient("L")] * 3)
    gradient.resize((200, 100)).save(tmp_path / "wide.png", dpi=(300, 300))
    exif = Image.Exif()
    exif[0x112] = 6  # a quarter turn clockwise makes it upright
    gradient.resize((200, 100)).save(tmp_path / "turned.jpg", exif=exif)
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    frames = [Image.new("RGB", (16, 16), (90 * i, 0, 0)) for i in range(3)]
    frames[0].save(
        tmp_path / "moving.gif", save_all=True, append_images=frames[1:], duration=[50, 60, 70]
    )
    (tmp_path / "broken.jpg").write_bytes((tmp_path / "turned.jpg").read_bytes()[:300])
    (tmp_path / "text.txt").write_text("no image")
    return tmp_path


@pytest.mark.parametrize(
    "text, size, expected",
    [
        ("50", (200, 100), (50, 25)),
        ("50", (100, 200), (25, 50)),
        ("400", (200, 100), (400, 200)),
        ("400>", (200, 100), (200, 100)),
        ("50<", (200, 100), (200, 100)),
        ("50x", (200, 100), (50, 25)),
        ("x50", (200, 100), (100, 50)),
        ("60x60", (200, 100), (60, 30)),
        ("60x10", (200, 100), (20, 10)),
        ("60x60!", (200, 100), (60, 60)),
        ("50%", (201, 101), (100, 50)),
        ("12.5%", (200, 100), (25, 12)),
        ("1", (1000, 1), (1, 1)),
    ],
)
def test_sizes(text: str, size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert Geometry.parse(text).of(size) == expected


@pytest.mark.parametrize(
    "text", ["", "0", "x", "0x5", "-5", "5x5x5", "1e3", "0%", "10001%", "1000001", "9" * 400, "5!!"]
)
def test_no_sizes(text: str) -> None:
    with pytest.raises(ValueError, match=r"size"):
        Geometry.parse(text)


def test_templates() -> None:
    template = Template.parse("out/%s_%e%%.webp[Q=75,lossless=false,method=4,exact]")
    assert dict(template.options) == {
        "quality": 75, "lossless": False, "method": 4, "exact": True
    }  # fmt: skip
    assert template.of(Path("in/a.b.png")) == Path("out/a.b_png%.webp")
    assert Template.parse("tn_%s.jpg").of(Path("in/%s.png")) == Path("in/tn_%s.jpg")
    for text in ("", "out/", "%s.jpg[1=2]", "%s.jpg[=2]"):
        with pytest.raises(ValueError, match=r"no file name|not an option"):
            Template.parse(text)


def test_thumbnail_is_upright_and_small(folder: Path) -> None:
    out = folder / "small" / "%s.png"
    files = [str(folder / name) for name in ("wide.png", "turned.jpg", "clear.png")]
    assert main(["thumbnail", "-q", "-s", "50", "-j", "1", "-o", str(out), *files]) == 0
    with Image.open(folder / "small" / "wide.png") as im:
        assert im.size == (50, 25)
    with Image.open(folder / "small" / "turned.jpg".replace("jpg", "png")) as im:
        assert im.size == (25, 50)
        assert im.getexif().get(0x112) is None
        with Image.open(folder / "turned.jpg") as whole:
            upright = ImageOps.exif_transpose(whole).resize((25, 50))
        left, right = im.getpixel((12, 2)), upright.getpixel((12, 2))
        assert isinstance(left, tuple) and isinstance(right, tuple)
        # Other filter, and JPEG decoded at a scale: equal up to a few levels, not upside down.
        assert abs(left[0] - right[0]) < 12
    with Image.open(folder / "small" / "clear.png") as im:
        assert im.mode == "RGBA" and im.size == (50, 50)


def test_one_bad_file_does_not_stop_the_rest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(folder / "*.*"), str(folder / "absent.png"), str(folder / "no*such")]
    assert main(["thumbnail", "-o", str(folder / "o" / "%s.png"), *files]) == 1
    printed = capsys.readouterr()
    made = sorted(path.stem for path in (folder / "o").iterdir())
    assert made == ["clear", "moving", "turned", "wide"]
    assert len(printed.out.splitlines()) == 4
    errors = printed.err.splitlines()
    assert len(errors) == 4
    for name, reason in {
        "broken.jpg": "Truncated", "text.txt": "not an image", "absent.png": "No such file",
        "no*such": "no file matches",
    }.items():  # fmt: skip
        assert any(name in line and reason in line for line in errors), (name, errors)


def test_alpha_goes_on_the_background_for_jpeg(folder: Path) -> None:
    source, target = folder / "clear.png", folder / "flat.jpg"
    assert main(["convert", "-q", "--background", "#0000ff", str(source), str(target)]) == 0
    with Image.open(target) as im:
        red, green, blue = im.getpixel((20, 20))  # type: ignore[misc]
        assert (red, green) < (8, 8) and blue > 247


def test_operations_in_order(folder: Path) -> None:
    out = folder / "out.png"
    source = str(folder / "wide.png")
    options = ["--crop", "100x50+10+0", "--resize", "20x20!", "--mode", "L", "--flip"]
    assert main(["convert", "-q", *options, source, str(out)]) == 0
    with Image.open(source) as im, Image.open(out) as made:
        expected = im.crop((10, 0, 110, 50)).resize((20, 20), Image.Resampling.LANCZOS)
        assert made.tobytes() == ImageOps.flip(expected.convert("L")).tobytes()
        assert made.info["dpi"] == im.info["dpi"]


def test_animations_keep_frames_and_times(folder: Path) -> None:
    source = str(folder / "moving.gif")
    assert main(["convert", "-q", "--resize", "200%", source, str(folder / "a.png")]) == 0
    with Image.open(folder / "a.png") as im:
        assert im.size == (32, 32)
        assert getattr(im, "n_frames") == 3  # noqa: B009
        assert im.info["duration"] == 50
    assert main(["convert", "-q", "--first-frame", source, str(folder / "b.png")]) == 0
    with Image.open(folder / "b.png") as im:
        assert getattr(im, "n_frames", 1) == 1


def test_nothing_is_overwritten_by_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "wide.png").read_bytes()
    assert main(["convert", "--flip", "-o", "%s.png", str(folder / "wide.png")]) == 1
    assert "would overwrite the input" in capsys.readouterr().err
    assert (folder / "wide.png").read_bytes() == before
    files = [str(folder / "wide.png"), str(folder / "clear.png")]
    assert main(["convert", "-q", "-o", str(folder / "one.png"), *files]) == 1
    assert "would overwrite" in capsys.readouterr().err
    assert main(["convert", "-q", "--in-place", "--flip", "-o", "%s.png", files[0]]) == 0
    assert (folder / "wide.png").read_bytes() != before


def test_a_failed_save_leaves_no_file(folder: Path) -> None:
    target = folder / "never.gif"
    source = str(folder / "broken.jpg")
    assert main(["convert", source, str(target)]) == 1
    assert not target.exists()
    assert not [name for name in os.listdir(folder) if name.startswith(".")]


@pytest.mark.parametrize(
    "arguments",
    [
        ["thumbnail", "-s", "0", "a.png"],
        ["thumbnail", "-o", "%s.unknown", "a.png"],
        ["thumbnail"],
        ["convert", "a.png"],
        ["convert", "a.png", "b.nope"],
        ["convert", "--crop", "5", "a.png", "b.png"],
        ["convert", "--rotate", "x", "a.png", "b.png"],
        ["convert", "--mode", "XYZ", "a.png", "b.png"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_info(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(folder / name) for name in ("wide.png", "moving.gif", "text.txt")]
    assert main(["info", *files]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{files[0]} PNG 200x100 RGB" in lines[0]
    assert lines[1].endswith("3 frames")
    assert main(["info", "--json", str(folder / "turned.jpg")]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["exif"] == {"Orientation": 6}
    assert (facts["width"], facts["height"], facts["format"]) == (200, 100, "JPEG")


def die(task: int) -> str:
    if task == 1:
        os._exit(7)
    return str(task)


def test_a_killed_worker_is_reported() -> None:
    done = list(outcomes(die, list(range(40)), 3))
    assert sorted(outcome.task for outcome in done) == list(range(40))
    assert "killed" in next(outcome.error for outcome in done if outcome.task == 1)


def test_processes_and_exit_status(folder: Path) -> None:
    command = [sys.executable, "-m", "PIL", "thumbnail", "-j", "3", "-s", "20", "-o", "t/%s.png"]
    done = subprocess.run([*command, "*.png", "*.jpg"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1
    assert "broken.jpg: " in done.stderr and "Traceback" not in done.stderr
    assert sorted(os.listdir(folder / "t")) == ["clear.png", "turned.png", "wide.png"]
    done = subprocess.run([*command, "w*.png"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout == "wide.png -> t/wide.png 20x10\n"


def test_mistyped_command() -> None:
    for argument, status in (("thumbnial", 2), ("--help", 0), ("--report", 0)):
        command = [sys.executable, "-m", "PIL", argument]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        assert done.returncode == status
        said = done.stdout + done.stderr
        assert ("{thumbnail,convert,info}" in said) == (argument != "--report")
