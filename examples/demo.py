"""The main job on a real photograph: resize, blur, sharpen, composite, save, at every SIMD level.

    python examples/demo.py [--photo PATH] [--out FOLDER]

Each level runs in a process of its own (PIL_SIMD chooses it when PIL is imported). The pictures of
the best level are written, and a contact sheet of them; those of the other levels must have the
same bytes. Only the public API of Pillow is used: ``demo.py --worker`` runs under Pillow too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
PHOTO = ROOT / "Tests" / "data" / "retina.jpg"
LEVELS = ("scalar", "sse4.1", "avx2", "avx512")
REPEATS = 5
THUMB = (240, 160)
GAP = 12

Pictures = dict[str, Image.Image]


def badge(size: tuple[int, int]) -> Image.Image:
    """A translucent overlay: a colour that fades in from the left and out at the bottom."""
    across = Image.linear_gradient("L").rotate(90).resize(size, Image.Resampling.BICUBIC)
    overlay = Image.new("RGBA", size, (20, 60, 160, 0))
    overlay.putalpha(across)
    return overlay


def steps(photo: Image.Image) -> dict[str, Callable[[Pictures], Image.Image]]:
    """The steps by name; each gets the pictures made so far."""
    width, height = photo.size
    lanczos = Image.Resampling.LANCZOS
    return {
        "thumbnail 320 lanczos": lambda p: photo.resize(
            (320, max(1, 320 * height // width)), lanczos
        ),
        "enlarge 1.5x bicubic": lambda p: photo.resize(
            (width * 3 // 2, height * 3 // 2), Image.Resampling.BICUBIC
        ),
        "reduce 4": lambda p: photo.reduce(4),
        "gaussian blur 10": lambda p: photo.filter(ImageFilter.GaussianBlur(10)),
        "box blur 5": lambda p: photo.filter(ImageFilter.BoxBlur(5)),
        "unsharp mask": lambda p: photo.filter(ImageFilter.UnsharpMask(2, 150, 3)),
        "sharpen 3x3": lambda p: photo.filter(ImageFilter.SHARPEN),
        "smooth 5x5": lambda p: photo.filter(ImageFilter.SMOOTH_MORE),
        "gray": lambda p: photo.convert("L"),
        "quarter turn": lambda p: photo.transpose(Image.Transpose.ROTATE_90),
        "composite": lambda p: Image.alpha_composite(photo.convert("RGBA"), badge(photo.size)),
        "composite, thumbnail": lambda p: p["composite"].resize((480, 320), lanczos),
        "blend with blur": lambda p: Image.blend(photo, p["gaussian blur 10"], 0.4),
        "paste through mask": lambda p: Image.composite(
            p["sharpen 3x3"], p["box blur 5"], p["gray"]
        ),
    }


def work(path: str, out: str) -> dict[str, tuple[float, str]]:
    """Runs every step; seconds of its fastest run and a hash of its pixels, by name."""
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    pictures: Pictures = {}
    report = {}
    for name, step in steps(photo).items():
        best = float("inf")
        for _ in range(REPEATS):
            start = time.perf_counter()
            pictures[name] = step(pictures)
            best = min(best, time.perf_counter() - start)
        picture = pictures[name]
        report[name] = (best, hashlib.sha256(picture.tobytes()).hexdigest()[:16])
    if out:
        write(pictures, Path(out))
    return report


def write(pictures: Pictures, folder: Path) -> None:
    """Saves the pictures (JPEG, or PNG with alpha) and a contact sheet of them."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = 4
    rows = -(-len(pictures) // columns)
    cell = (THUMB[0] + GAP, THUMB[1] + GAP)
    sheet = Image.new("RGB", (columns * cell[0] + GAP, rows * cell[1] + GAP), "#202428")
    for i, (name, picture) in enumerate(pictures.items()):
        stem = "".join(c if c.isalnum() else "-" for c in name)
        picture.save(folder / f"{stem}.{'png' if picture.mode == 'RGBA' else 'jpg'}")
        small = picture.copy()
        small.thumbnail(THUMB, Image.Resampling.LANCZOS)
        left = GAP + i % columns * cell[0] + (THUMB[0] - small.width) // 2
        top = GAP + i // columns * cell[1] + (THUMB[1] - small.height) // 2
        sheet.paste(small, (left, top), small if small.mode == "RGBA" else None)
    sheet.save(folder / "contact-sheet.png")


def run_level(level: str, photo: Path, out: str) -> dict[str, tuple[float, str]] | None:
    """The report of a worker at this level, or None if the processor has no such level."""
    env = os.environ | {"PIL_SIMD": level, "PYTHONWARNINGS": "error::RuntimeWarning"}
    probe = [sys.executable, "-c", "import PIL.Image"]
    if subprocess.run(probe, env=env, capture_output=True, check=False).returncode:
        return None
    command = [sys.executable, __file__, "--worker", "--photo", str(photo), "--out", out]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    report: dict[str, tuple[float, str]] = json.loads(done.stdout)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photo", type=Path, default=PHOTO)
    parser.add_argument("--out", default="demo-out")
    parser.add_argument("--worker", action="store_true", help="one level; prints JSON")
    args = parser.parse_args()
    if args.worker:
        print(json.dumps(work(str(args.photo), args.out)))
        return 0
    reports = {}
    for level in LEVELS:
        # Every level writes the pictures; those of the last, the best, stay.
        report = run_level(level, args.photo, args.out)
        if report is not None:
            reports[level] = report
    print(f"{'milliseconds':28}" + "".join(f"{level:>10}" for level in reports) + "   same pixels")
    different = 0
    for name in reports["scalar"]:
        times = "".join(f"{1000 * report[name][0]:10.1f}" for report in reports.values())
        same = len({report[name][1] for report in reports.values()}) == 1
        different += not same
        print(f"{name:28}{times}   {'yes' if same else 'NO'}")
    print(f"pictures and contact sheet: {args.out}/")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
