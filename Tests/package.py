"""Builds the distributions and tries each as a user would, in virtual environments of their own.

    python Tests/package.py

sdist -> wheel -> clean environment; the as-pillow variant and what pip makes of it; one with
gcc's and clang's warnings as errors; one without SIMD that looks for libraqm at run time; one
without any library; two builds with equal hashes, one of them offline; overwriting by Pillow and
what ``python -m PIL`` says of it. Needs a package index (build isolation, Pillow).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SMOKE = """
import io, sys
import PIL
from PIL import Image, ImageDraw, ImageFilter, ImageFont, features
assert PIL.__version__ == "13.0.0", PIL.__version__
assert "site-packages" in PIL.__file__, PIL.__file__
photo = Image.open(sys.argv[1])
small = photo.resize((320, 200), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(2))
for format in ("PNG", "JPEG", "BMP", "PPM"):
    out = io.BytesIO()
    small.save(out, format)
    back = Image.open(io.BytesIO(out.getvalue()))
    back.load()
    assert back.size == (320, 200) and back.format == format
    assert format == "JPEG" or back.tobytes() == small.tobytes()
page = Image.new("L", (200, 60))
for y, font in ((0, ImageFont.load_default(20)), (30, ImageFont.load_default_imagefont())):
    ImageDraw.Draw(page).text((5, y), "The faces are shipped.", 255, font)
    assert page.crop((0, y, 200, y + 30)).getbbox()
print(features.version("simd"), Image.core.simd_levels)
"""


def run(*command: str | Path, env: dict[str, str] | None = None, check: bool = True) -> str:
    """Runs a command outside the source tree; its output, or an end with that output shown."""
    # PIP_QUIET (the Makefile sets it) would hide what the checks read.
    apart = ("PYTHONPATH", "PIL_SIMD", "PIP_QUIET")
    clean = {k: v for k, v in os.environ.items() if k not in apart}
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, env=clean | (env or {}),
        cwd=tempfile.gettempdir(), check=False,
    )  # fmt: skip
    if check and done.returncode:
        print(done.stdout, done.stderr, sep="\n")
        raise SystemExit(f"failed: {' '.join(str(c) for c in command)}")
    return done.stdout + done.stderr


class Environment:
    """A fresh virtual environment."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.python = folder / "bin" / "python"

    def pip(self, *args: str | Path, env: dict[str, str] | None = None, check: bool = True) -> str:
        return run(self.python, "-m", "pip", "--disable-pip-version-check", *args,
                   env=env, check=check)  # fmt: skip

    def smoke(self) -> str:
        return run(self.python, "-c", SMOKE, ROOT / "Tests" / "data" / "retina.jpg").strip()


# Any moment will do; both builds of the check of reproducibility are told of it.
EPOCH = "1700000000"


def make_sdist(env: Environment, work: Path, name: str = "tree") -> Path:
    """An sdist of the files that git tracks, made in a copy: MANIFEST.in must name them all."""
    tree = work / name
    tracked = run("git", "-C", ROOT, "ls-files", "-z").split("\0")
    for file in filter(None, tracked):
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, tree / file)
        shutil.copymode(ROOT / file, tree / file)
    env.pip("install", "-q", "-U", "build", "setuptools")
    run(env.python, "-m", "build", "-q", "--sdist", "-o", work / f"sdist-{name}", tree,
        env={"SOURCE_DATE_EPOCH": EPOCH})  # fmt: skip
    (sdist,) = (work / f"sdist-{name}").iterdir()
    return sdist


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wheel(env: Environment, source: Path, out: Path, *flags: str, **variables: str) -> Path:
    options = [word for flag in flags for word in ("-C", flag)]
    env.pip("wheel", "-q", "--no-deps", "-w", out, *options, source, env=variables)
    (made,) = out.iterdir()
    return made


def check_default(work: Path, tool: Environment, sdist: Path) -> None:
    # The environments of pip's isolated builds compile with the flags of the developers' machines.
    made = wheel(tool, sdist, work / "default", CFLAGS="-Werror", SOURCE_DATE_EPOCH=EPOCH)
    assert made.name.startswith("pillow_simd-13.0.0.post0-"), made.name
    user = Environment(work / "user")
    user.pip("install", "-q", made)
    print("wheel from sdist:", user.smoke())
    user.pip("check")
    about = run(user.python, "-m", "PIL")
    assert "overwritten" not in about, about
    # The other way round nothing of ours is left to speak.
    both = Environment(work / "both")
    both.pip("install", "-q", "pillow==13.0.0")
    both.pip("install", "-q", "--no-deps", made)
    about = run(both.python, "-m", "PIL")
    assert "overwritten" in about, about
    print("installed over Pillow: python -m PIL says so")


def check_as_pillow(work: Path, tool: Environment, sdist: Path) -> None:
    variables = {"CC": "clang", "CFLAGS": "-Werror"} if shutil.which("clang") else {}
    made = wheel(tool, sdist, work / "as-pillow", "as-pillow=enable", **variables)
    assert made.name.startswith("pillow-13.0.0+simd.0-"), made.name
    user = Environment(work / "user-as-pillow")
    user.pip("install", "-q", made)
    print("as-pillow, clang:", user.smoke())
    # pip must find the requirement satisfied without asking any index.
    said = user.pip("install", "--no-index", "pillow>=10.1")
    assert "already satisfied" in said, said
    user.pip("install", "-q", "img2pdf", "--no-deps")
    said = user.pip("install", "--dry-run", "imageio")
    assert "pillow" not in said.split("Would install")[-1].lower(), said
    print("pip leaves it in place for pillow>=10.1 and for imageio")


def check_raqm_at_run_time(user: Environment, work: Path) -> None:
    """With the system's libraqm, and with a broken one in its place."""
    broken = work / "broken"
    broken.mkdir()
    (broken / "libraqm.so.0").touch()
    asked = (user.python, "-c", "from PIL import features; print(features.version('raqm'))")
    assert "None" not in run(*asked), "libraqm was not found at run time"
    without = {"LD_LIBRARY_PATH": str(broken)}
    assert run(*asked, env=without).strip() == "None"
    run(user.python, "-c", SMOKE, ROOT / "Tests" / "data" / "retina.jpg", env=without)
    print("raqm=runtime: with libraqm and without")


def check_minimal(work: Path, tool: Environment, sdist: Path) -> None:
    flags = ["simd=none", "deflate=disable", "parallel=2"]
    has_raqm = subprocess.run(["pkg-config", "--exists", "raqm"], check=False).returncode == 0
    if has_raqm:
        flags.append("raqm=runtime")
    made = wheel(tool, sdist, work / "minimal", *flags)
    user = Environment(work / "user-minimal")
    user.pip("install", "-q", made)
    said = user.smoke()
    assert said == "scalar ()", said
    print(f"{', '.join(flags)}: {said}")
    if has_raqm:
        check_raqm_at_run_time(user, work)
    refused = tool.pip("wheel", "--no-deps", "-C", "simd=neon", sdist, check=False)
    assert "simd=neon: must be one of" in refused, refused
    print("a wrong flag is refused by name")


def check_reproducible(work: Path, tool: Environment, sdist: Path) -> None:
    """Two builds in different folders at different times; the second one without any index."""
    time.sleep(1)  # another second in every time stamp
    again = make_sdist(tool, work, "another-tree")
    assert again.name == sdist.name and sha256(again) == sha256(sdist), "the sdists differ"
    (made,) = (work / "default").iterdir()
    offline_only = ("--no-index", "--no-build-isolation", "--no-deps", "--no-cache-dir")
    tool.pip("wheel", "-q", *offline_only, "-w", work / "offline", again,
             env={"CFLAGS": "-Werror", "SOURCE_DATE_EPOCH": EPOCH})  # fmt: skip
    (offline,) = (work / "offline").iterdir()
    assert offline.name == made.name and sha256(offline) == sha256(made), "the wheels differ"
    print("the same hashes from another folder, without an index:", sha256(made)[:16])


def check_without_libraries(work: Path, tool: Environment, sdist: Path) -> None:
    print(run(tool.python, ROOT / "Tests" / "options.py", "all").splitlines()[0])


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        tool = Environment(work / "tool")
        sdist = make_sdist(tool, work)
        print("sdist:", sdist.name)
        checks = (
            check_default,
            check_reproducible,
            check_as_pillow,
            check_minimal,
            check_without_libraries,
        )
        for check in checks:
            check(work, tool, sdist)
    print(f"{len(checks) + 1} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
