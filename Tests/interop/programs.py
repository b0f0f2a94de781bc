"""Independent programs that read and write images, and the plain formats they are met in.

A reader is a command that writes a picture, as PNM or as plain RGBA, to its standard output or to a
file; a writer is one that makes a file out of a PNM file. ``depends/install.sh --tests`` installs
them all.
"""

from __future__ import annotations

import math
import subprocess
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from required import require

SECONDS = 60


class Command(NamedTuple):
    """A command line, of which ``{in}``, ``{out}`` are paths.

    :param output: suffix of the file that it writes; empty: standard output
    :param plain: whether it writes bare RGBA, and not PNM
    """

    line: str
    output: str = ""
    plain: bool = False


MAGICK = Command("convert {in}[0] -depth 8 rgba:-", plain=True)

#: By name, as the table of cases has them.
READERS: dict[str, Command] = {
    "ImageMagick": MAGICK,
    "bmptopnm": Command("bmptopnm -quiet {in}"),
    "djpeg": Command("djpeg -pnm {in}"),
    "giftopnm": Command("giftopnm -quiet {in}"),
    "palmtopnm": Command("palmtopnm {in}"),
    "pcxtoppm": Command("pcxtoppm -quiet {in}"),
    "pngtopam": Command("pngtopam -quiet {in}"),
    "sgitopnm": Command("sgitopnm -quiet {in}"),
    "tgatoppm": Command("tgatoppm -quiet {in}"),
    "tifftopnm": Command("tifftopnm -quiet {in}"),
    "xbmtopbm": Command("xbmtopbm -quiet {in}"),
    "dwebp": Command("dwebp -quiet {in} -pam -o -"),
    "avifdec": Command("avifdec {in} {out}", ".png"),
    "opj_decompress": Command("opj_decompress -quiet -i {in} -o {out}", ".pnm"),
    "pdftoppm": Command("pdftoppm -r 72 -singlefile {in}"),
    "ghostscript": Command(
        "gs -q -dSAFER -dBATCH -dNOPAUSE -dEPSCrop -r72 -sDEVICE=ppmraw -sOutputFile=- {in}"
    ),
    "icotool": Command("icotool --extract --index=1 --output={out} {in}", ".png"),
    "gifsicle": Command("gifsicle --unoptimize {in} --output {out}", ".gif"),
    "tiffcp": Command("tiffcp -c none {in} {out}", ".tif"),
    "pnmfile": Command("pamtopnm -quiet {in}"),
}
WRITERS: dict[str, Command] = {
    "ImageMagick": Command("convert {in} {out}"),
    "ImageMagick RLE": Command("convert {in} -compress RLE {out}"),
    "ImageMagick LZW": Command("convert {in} -compress LZW {out}"),
    "ImageMagick Zip": Command("convert {in} -compress Zip {out}"),
    "ImageMagick fax": Command("convert {in} -monochrome -compress Group4 {out}"),
    "ImageMagick interlaced": Command("convert {in} -interlace Plane {out}"),
    "pamtotga": Command("pamtotga -rgb {in}"),
    "pnmtopng": Command("pnmtopng -quiet -interlace {in}"),
    "pnmtorast": Command("pnmtorast -rle -quiet {in}"),
    "pnmtosgi": Command("pnmtosgi -rle -quiet {in}"),
    "pamtotiff": Command("pamtotiff -quiet -lzw -truecolor {in}"),
    "ppmtobmp": Command("ppmtobmp -quiet {in}"),
    "ppmtopcx": Command("ppmtopcx -24bit -quiet {in}"),
    "cjpeg": Command("cjpeg -quality 95 {in}"),
    "cjpeg progressive": Command("cjpeg -quality 95 -progressive {in}"),
    "cwebp lossless": Command("cwebp -quiet -lossless {in} -o {out}"),
    "cwebp": Command("cwebp -quiet -q 90 {in} -o {out}"),
    "avifenc": Command("avifenc -s 9 --min 5 --max 10 {png} {out}"),
    "opj_compress": Command("opj_compress -n 3 -i {in} -o {out}"),
    "icotool": Command("icotool --create --output={out} {png}"),
}


def run(command: Command, source: Path, png: Path | None = None) -> bytes:
    """What a command makes of a file."""
    words = command.line.split()
    require(words[0])
    out = source.with_name("out" + command.output)
    paths = {"in": str(source), "out": str(out), "png": str(png)}
    done = subprocess.run(
        [word.format(**paths) for word in words], capture_output=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return out.read_bytes() if "{out}" in command.line else done.stdout


def pixels_of_reader(name: str, source: Path, size: tuple[int, int]) -> Image.Image:
    """The picture that a program sees in a file."""
    command = READERS[name]
    data = run(command, source)
    if command.plain:
        return Image.frombytes("RGBA", size, data)
    if command.output in (".png", ".gif", ".tif"):
        # Still theirs: read by netpbm, not by us.
        again = source.with_name("again" + command.output)
        again.write_bytes(data)
        reader = {".png": "pngtopam", ".gif": "giftopnm", ".tif": "tifftopnm"}[command.output]
        data = run(READERS[reader], again)
    return read_pnm(data)


def _tokens(data: bytes, count: int) -> tuple[list[int], bytes]:
    """Numbers of a PNM header, and what follows the white space behind the last."""
    numbers: list[int] = []
    while len(numbers) < count:
        data = data.lstrip()
        if data.startswith(b"#"):
            data = data.partition(b"\n")[2]
            continue
        word = data.split(None, 1)[0]
        numbers.append(int(word))
        data = data[len(word) :]
    return numbers, data[1:]


def read_pnm(data: bytes) -> Image.Image:
    """A picture of PBM, PGM, PPM or PAM with 8 bits, taken apart without our plug-in for them."""
    kind, data = data[:2], data[2:]
    if kind == b"P7":
        head, _, data = data.partition(b"ENDHDR\n")
        fields = dict(line.split(None, 1) for line in head.split(b"\n") if b" " in line)
        size = int(fields[b"WIDTH"]), int(fields[b"HEIGHT"])
        mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[int(fields[b"DEPTH"])]
        if fields[b"MAXVAL"].strip() == b"1":
            data = data.replace(b"\1", b"\xff")
        return Image.frombytes(mode, size, data)
    if kind == b"P4":
        (width, height), data = _tokens(data, 2)
        return Image.frombytes("1", (width, height), data, "raw", "1;I")
    (width, height, largest), data = _tokens(data, 3)
    assert largest == 255
    return Image.frombytes({b"P5": "L", b"P6": "RGB"}[kind], (width, height), data)


def write_pnm(im: Image.Image, path: Path) -> None:
    """The inverse."""
    if im.mode == "1":
        data = b"P4\n%d %d\n" % im.size + im.tobytes("raw", "1;I")
    elif im.mode == "RGBA":
        head = b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
        data = head % im.size + im.tobytes()
    else:
        kind = {"L": b"P5", "RGB": b"P6"}[im.mode]
        data = kind + b"\n%d %d\n255\n" % im.size + im.tobytes()
    path.write_bytes(data)


def psnr(a: Image.Image, b: Image.Image) -> float:
    """Peak signal to noise ratio in dB; infinite for equal pictures."""
    pairs = zip(a.tobytes(), b.tobytes(), strict=True)
    squares = [(x - y) ** 2 for x, y in pairs]
    mean = sum(squares) / len(squares)
    return math.inf if mean == 0 else 10 * math.log10(255**2 / mean)


def assert_same(found: Image.Image, expected: Image.Image, decibels: float | None) -> None:
    """Equal, or as close as a lossy format is expected to be."""
    assert found.size == expected.size
    mode = "RGBA" if "A" in found.mode and "A" in expected.getbands() else "RGB"
    a, b = found.convert(mode), expected.convert(mode)
    reached = psnr(a, b)
    assert reached >= (math.inf if decibels is None else decibels), (
        f"{reached:.1f} dB; the first pixels are {a.tobytes()[:24]!r}, not {b.tobytes()[:24]!r}"
    )
