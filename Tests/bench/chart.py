"""Draws the charts of the documentation from what ``run.py`` printed.

    python Tests/bench/run.py --levels avx512,avx2,scalar > bench.log
    python Tests/bench/chart.py bench.log docs/charts

One SVG a subject: a group of bars for each case, a bar for each build, on a logarithmic scale; the
line at 1 is Pillow. A case that a chart names and the log has not stops the run.
"""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

# File -> its title, and its cases: text shown -> name in the log.
CHARTS: dict[str, tuple[str, dict[str, str]]] = {
    "resize": (
        "Resize and reduce, 2560x1600 photograph",
        {
            "to 26x16, Lanczos": "resize RGB 26 lanczos",
            "to 320x200, box": "resize RGB 320 box",
            "to 320x200, bilinear": "resize RGB 320 bilinear",
            "to 320x200, Lanczos": "resize RGB 320 lanczos",
            "to 2048x1280, Lanczos": "resize RGB 2048 lanczos",
            "to 5478x3424, Lanczos": "resize RGB 5478 lanczos",
            "RGBA to 320x200, Lanczos": "resize RGBA 320 lanczos",
            "L to 320x200, Lanczos": "resize L 320 lanczos",
            "reduce by 2": "reduce RGB 2",
            "reduce by 8": "reduce RGB 8",
        },
    ),
    "filter": (
        "Filters, 2560x1600 photograph",
        {
            "Gaussian blur, radius 1": "gaussian blur RGB 1",
            "Gaussian blur, radius 10": "gaussian blur RGB 10",
            "Gaussian blur, radius 30": "gaussian blur RGB 30",
            "box blur, radius 5": "box blur RGB 5",
            "unsharp mask": "unsharp mask RGB",
            "kernel 3x3": "filter 3x3 RGB",
            "kernel 5x5": "filter 5x5 RGB",
            "kernel 5x5, L": "filter 5x5 L",
            "median 3x3": "median RGB 3",
        },
    ),
    "pixels": (
        "Conversion, compositing, geometry, 2560x1600 photograph",
        {
            "RGBA to RGBa": "convert RGBA to RGBa",
            "RGB to L": "convert RGB to L",
            "RGB to YCbCr": "convert RGB to YCbCr",
            "RGB to HSV": "convert RGB to HSV",
            "alpha_composite": "alpha_composite",
            "composite with mask": "composite RGB with mask",
            "ImageChops.multiply": "ImageChops.multiply RGB",
            "quarter turn": "transpose RGB rotate_90",
            "rotate 30 degrees, bilinear": "rotate 30 RGB bilinear",
            "rotate 30 degrees, bicubic": "rotate 30 RGB bicubic",
            "perspective, bilinear": "perspective RGB bilinear",
        },
    ),
    "files": (
        "Files, text, and a whole job",
        {
            "load JPEG": "load JPEG",
            "save JPEG": "save JPEG",
            "load PNG": "load PNG 1280x800",
            "save PNG": "save PNG 1280x800",
            "load raw TIFF": "load TIFF raw RGB",
            "save GIF": "save GIF RGB",
            "load WebP": "load WebP",
            "load AVIF": "load AVIF",
            "30 lines of text, Raqm": "text: 30 lines at 24 px, raqm",
            "JPEG, turn, resize, blur, save": "full cycle: JPEG, rotate, resize 0.4, blur 4, save",
        },
    ),
}

# Build -> its name in the legend and its colour (Okabe and Ito's, for all kinds of eyes).
BUILDS = {
    "avx512": ("AVX-512", "#0072b2"),
    "avx2": ("AVX2", "#56b4e9"),
    "scalar": ("portable C", "#999999"),
    "simd-avx2": ("Pillow-SIMD 12.1.1, AVX2", "#e69f00"),
}
RATIO = re.compile(r"(\d+\.\d+)[ !]\([\d.]+-[\d.]+\)|\b(error)\b")
MARKS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LEFT, WIDTH, BAR, GAP, TOP = 210, 560, 9, 12, 70


def read_log(text: str) -> tuple[list[str], dict[str, list[float]]]:
    """The builds of the heading, and by case the ratios in their order (NaN for an error)."""
    lines = iter(text.splitlines())
    heading = next(line for line in lines if line.startswith("times as fast as Pillow"))
    builds = [word for word in heading.split("13.0.0")[1].split() if word in BUILDS]
    cases = {}
    for line in lines:
        found = list(RATIO.finditer(line))
        if len(found) == len(builds):
            cases[line[: found[0].start()].strip()] = [float(one[1] or "nan") for one in found]
    return builds, cases


class Scale:
    """Logarithmic, from 0.5 to 100 at the least, so that no bar ends outside."""

    def __init__(self, ratios: list[float]) -> None:
        known = [ratio for ratio in ratios if not math.isnan(ratio)]
        self.low, self.high = min(0.5, *known), max(100.0, *known)
        self.marks = [mark for mark in MARKS if self.low <= mark <= self.high]

    def position(self, ratio: float) -> float:
        return LEFT + WIDTH * math.log(ratio / self.low) / math.log(self.high / self.low)


def text(x: float, y: float, words: str, extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {extra}>{escape(words)}</text>'


def chart(title: str, rows: list[tuple[str, list[float]]], builds: list[str]) -> str:
    step = BAR * len(builds) + GAP
    bottom = TOP + step * len(rows)
    scale = Scale([ratio for _, ratios in rows for ratio in ratios])
    size = f"{LEFT + WIDTH + 50} {bottom + 40}"
    look = f'viewBox="0 0 {size}" role="img" font-family="sans-serif" font-size="12" fill="#222"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {look}>',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        text(12, 22, title, 'font-size="15" font-weight="bold"'),
    ]
    x = 12.0
    for name in builds:
        label, colour = BUILDS[name]
        out.append(f'<rect x="{x:.0f}" y="36" width="12" height="12" fill="{colour}"/>')
        out.append(text(x + 17, 46, label))
        x += 40 + 6.6 * len(label)
    for mark in scale.marks:
        at = scale.position(mark)
        look = 'stroke="#222" stroke-width="1.5"' if mark == 1 else 'stroke="#ddd"'
        out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 6}" y2="{bottom}" {look}/>')
        out.append(text(at, bottom + 15, f"{mark:g}", 'text-anchor="middle"'))
    out.append(text(LEFT, bottom + 32, "times as fast as Pillow 13.0.0's wheel (1: as fast)"))
    for number, (label, ratios) in enumerate(rows):
        y = TOP + step * number
        middle = y + BAR * len(builds) / 2 + 4
        out.append(text(LEFT - 8, middle, label, 'text-anchor="end"'))
        for build, ratio in zip(builds, ratios, strict=True):
            if not math.isnan(ratio):
                one, end = scale.position(1), scale.position(ratio)
                out.append(
                    f'<rect x="{min(one, end):.1f}" y="{y}" width="{max(abs(end - one), 0.5):.1f}" '
                    f'height="{BAR - 1}" fill="{BUILDS[build][1]}"/>'
                )
                out.append(text(max(one, end) + 4, y + BAR - 1, f"{ratio:.1f}", 'font-size="9"'))
            y += BAR
    return "\n".join([*out, "</svg>", ""])


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    builds, measured = read_log(Path(sys.argv[1]).read_text())
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, cases) in CHARTS.items():
        missing = [case for case in cases.values() if case not in measured]
        if missing:
            raise SystemExit(f"{sys.argv[1]} lacks {', '.join(missing)}")
        rows = [(label, measured[case]) for label, case in cases.items()]
        (folder / f"{name}.svg").write_text(chart(title, rows, builds), encoding="utf-8")
        print(folder / f"{name}.svg")


if __name__ == "__main__":
    main()
