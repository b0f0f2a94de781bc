"""Build flags: what is refused, and that the message names flag and way out; what they rebuild."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[1] / "_build"
CHECK = "import sys; sys.path.insert(0, sys.argv[1]); import config; config.Config.from_build()"


def refusal(flags: str) -> str:
    """What a build with these flags ends with; empty if it goes on."""
    done = subprocess.run(
        [sys.executable, "-c", CHECK, BUILD],
        env={"PILLOW_SIMD_CONFIG": flags},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr.strip()


@pytest.mark.parametrize(
    "flags", ("", "raqm=enable", "raqm=runtime webp=disable", "simd=avx2 parallel=3 debug=true")
)
def test_accepted(flags: str) -> None:
    assert refusal(flags) == ""


@pytest.mark.parametrize(
    ("flags", "message"),
    (
        (
            "raqm=vendor",
            "raqm=vendor: this sdist brings no sources of libraqm. Build with -C raqm=",
        ),
        ("tiff=runtime", "tiff=runtime: must be one of enable, disable"),
        ("raqm=enable fribidi=vendor", "fribidi=vendor: FriBiDi comes with the system's libraqm"),
        ("fribidi=enable", "unknown build flag 'fribidi'; known are "),
        ("tiff=vendor", "tiff=vendor: must be one of enable, disable"),
        ("raqm=yes", "raqm=yes: must be one of enable, disable, runtime"),
        ("simd=neon", "simd=neon: must be one of none, sse4.1, avx2, avx512, auto"),
        ("parallel=many", "parallel must be a number"),
        (
            "zlib=disable deflate=enable",
            "deflate=enable needs zlib, and zlib=disable leaves that out. Leave one of the two",
        ),
        ("freetype=disable raqm=runtime", "raqm=runtime needs freetype, and freetype=disable"),
    ),
)
def test_refused(flags: str, message: str) -> None:
    assert refusal(flags).startswith(message)


def test_each_optional_library_can_be_left_out() -> None:
    names = ("tiff", "webp", "avif", "lcms", "freetype", "raqm", "jpeg2000", "xcb", "imagequant")
    assert refusal(" ".join(f"{name}=disable" for name in names)) == ""


def test_hooks_have_the_parameters_of_the_standards() -> None:
    """PEP 517 and PEP 660: frontends pass them by position or by name."""
    listing = (
        "import inspect, sys; sys.path.insert(0, sys.argv[1]); import backend\n"
        "for name in sys.argv[2:]: print(*inspect.signature(getattr(backend, name)).parameters)"
    )
    hooks = {
        "get_requires_for_build_wheel": "config_settings",
        "get_requires_for_build_editable": "config_settings",
        "get_requires_for_build_sdist": "config_settings",
        "prepare_metadata_for_build_wheel": "metadata_directory config_settings",
        "prepare_metadata_for_build_editable": "metadata_directory config_settings",
        "build_wheel": "wheel_directory config_settings metadata_directory",
        "build_editable": "wheel_directory config_settings metadata_directory",
        "build_sdist": "sdist_directory config_settings",
    }
    command = [sys.executable, "-c", listing, BUILD, *hooks]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(hooks.values())


SETUP = """
import sys
sys.path.insert(0, {build!r})
from extensions import BuildExt
from setuptools import Extension, setup
setup(
    name="small",
    packages=["PIL"],
    package_dir={{"": "src"}},
    ext_modules=[Extension("PIL._" + name, [name + ".c"]) for name in ("core", "webp")],
    cmdclass={{"build_ext": BuildExt}},
)
"""


def test_other_flags_make_other_modules(tmp_path: Path) -> None:
    """In one folder, one build after the other: nothing is left of the earlier one's flags."""
    package = tmp_path / "src" / "PIL"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (tmp_path / "setup.py").write_text(SETUP.format(build=str(BUILD)))
    for name in ("core", "webp"):
        (tmp_path / f"{name}.c").write_text(
            '__attribute__((visibility("default"))) int level(void) { return IMG_SIMD_MAX; }'
        )

    def build(flags: str, *command: str) -> tuple[dict[str, Path], int]:
        # Every library is there, and none has flags.
        env = {"PILLOW_SIMD_CONFIG": flags, "PKG_CONFIG": shutil.which("true") or ""}
        command = (sys.executable, "setup.py", "-q", *(command or ("build", "--build-lib", "lib")))
        subprocess.run(command, cwd=tmp_path, env=os.environ | env, check=True)
        where = package if "--inplace" in command else tmp_path / "lib" / "PIL"
        modules = {path.name.split(".")[0]: path for path in where.glob("*.so")}
        # A new name, as the loader knows the old one.
        copy = tmp_path / f"core-{len(list(tmp_path.glob('core-*')))}.so"
        shutil.copyfile(modules["_core"], copy)
        return modules, ctypes.CDLL(str(copy)).level()

    modules, level = build("simd=avx2")
    assert (sorted(modules), level) == (["_core", "_webp"], 2)
    made = modules["_core"].stat().st_mtime_ns
    modules, level = build("simd=avx2 webp=disable")
    assert (sorted(modules), level) == (["_core"], 2)
    assert modules["_core"].stat().st_mtime_ns == made  # the same flags: left as it is
    modules, level = build("simd=none")
    assert (sorted(modules), level) == (["_core", "_webp"], 0)
    inplace = ("build_ext", "--inplace")
    assert sorted(build("", *inplace)[0]) == ["_core", "_webp"]
    modules, level = build("simd=sse4.1 webp=disable", *inplace)
    assert (sorted(modules), level) == (["_core"], 1)
