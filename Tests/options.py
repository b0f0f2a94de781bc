"""Compiles the package without each of its libraries in turn, and tries what is left.

    python Tests/options.py [all | LIBRARY ...]

``all`` leaves every library out at once, zlib and libjpeg too. Without names it is that, then every
library by itself. What must hold: it compiles without warnings, all public modules import, the
feature is reported as missing, what needs it says so in a clear error, and the rest works.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Library -> what PIL.features calls it (libdeflate is zlib's faster twin and has no name there).
FEATURES = {
    "zlib": "zlib",
    "jpeg": "jpg",
    "deflate": "",
    "tiff": "libtiff",
    "jpeg2000": "jpg_2000",
    "xcb": "xcb",
    "imagequant": "libimagequant",
    "webp": "webp",
    "avif": "avif",
    "lcms": "littlecms2",
    "freetype": "freetype2",
    "raqm": "raqm",
}

CHECK = """
import importlib, io, pkgutil, sys
from pathlib import Path
import PIL
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageFont, features

assert Path(PIL.__file__).is_relative_to(sys.argv[1]), PIL.__file__
for module in pkgutil.iter_modules(PIL.__path__):
    if not module.name.startswith("_"):
        try:
            importlib.import_module(f"PIL.{module.name}")
        except ImportError as error:
            # These need Python packages that are not there: Qt's, Tk's, olefile.
            wanting = ("FpxImagePlugin", "ImageQt", "ImageTk", "MicImagePlugin")
            assert module.name in wanting, (module.name, error)
for name in sys.argv[2:]:
    assert not features.check(name), name

image = Image.linear_gradient("L").resize((120, 90)).convert("RGB").filter(ImageFilter.BLUR)
if features.check("zlib"):  # the shipped bitmap font is deflated
    ImageDraw.Draw(image).text((5, 5), "text", "red", ImageFont.load_default_imagefont())
NEEDS = {
    "AVIF": ("avif", {}), "BMP": (None, {}), "GIF": (None, {}), "JPEG": ("jpg", {}),
    "JPEG2000": ("jpg_2000", {}), "PNG": ("zlib", {}), "PPM": (None, {}), "TIFF": (None, {}),
    "WEBP": ("webp", {}),
}
for format, (feature, options) in NEEDS.items():
    out = io.BytesIO()
    if feature is None or features.check(feature):
        image.save(out, format, **options)
        Image.open(io.BytesIO(out.getvalue())).load()
        continue
    try:
        image.save(out, format, **options)
    except (KeyError, OSError) as error:
        assert str(error), format
    else:
        raise AssertionError(f"{format} was written without {feature}")
if not features.check("littlecms2"):
    try:
        ImageCms.createProfile("sRGB")
    except ImportError as error:
        assert "_imagingcms" in str(error), error
    else:
        raise AssertionError("ImageCms works without lcms2")
if not features.check("freetype2"):
    try:
        ImageFont.truetype("DejaVuSans.ttf")
    except ImportError as error:
        assert "_imagingft" in str(error), error
    else:
        raise AssertionError("a font was loaded without FreeType")
"""


def run(command: list[str], where: Path, **variables: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=where, env=os.environ | variables
    )
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
        raise SystemExit(f"failed: {' '.join(command[:4])} with {variables}")
    return done.stdout + done.stderr


def check(libraries: list[str], work: Path) -> None:
    flags = " ".join(f"{name}=disable" for name in libraries)
    lib = work / "lib"
    folders = ["--build-base", str(work), "--build-lib", str(lib)]
    build = [sys.executable, "setup.py", "-q", "build", *folders]
    said = run(build, ROOT, PILLOW_SIMD_CONFIG=flags)
    assert not re.search(r"\.[ch]:\d+:.*warning:", said), said
    missing = list(filter(None, (FEATURES[name] for name in libraries)))
    run([sys.executable, "-c", CHECK, str(lib), *missing], work, PYTHONPATH=str(lib))


def main() -> int:
    names = sys.argv[1:] or ["all", *FEATURES]
    unknown = set(names) - {"all", *FEATURES}
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            check(list(FEATURES) if name == "all" else [name], Path(folder))
        left_out = "any library" if name == "all" else name
        print(f"without {left_out}: compiles, imports, works", flush=True)
    print(f"{len(names)} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
