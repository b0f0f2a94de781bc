"""The build's flags, and the libraries that they ask for.

Flags come as ``-C NAME=VALUE`` (pip, build) or through the environment variable
``PILLOW_SIMD_CONFIG`` (``"NAME=VALUE NAME=VALUE"``, for ``python setup.py build_ext``):

========================  ==========================================================
``LIB=enable|disable``    require, or leave out, an optional library
``raqm=runtime``          look for libraqm when ``ImageFont`` is imported, do not link it
``platform-guessing``     ``disable``: look only where CFLAGS and pkg-config point
``parallel=N``            number of compilers at once (default: the processors)
``debug=true``            no optimisation, assertions on
``sanitize=true``         with AddressSanitizer and UndefinedBehaviorSanitizer (``make asan``)
``simd=LEVEL``            highest level compiled: auto, none, sse4.1, avx2, avx512
``simd-baseline=ARCH``    -march of the portable code: native, x86-64-v2, -v3, -v4
``as-pillow=enable``      build under the distribution name ``pillow``
========================  ==========================================================
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

BASE_FLAGS = [
    "-std=c11",
    "-O3",
    "-fvisibility=hidden",
    "-fno-math-errno",
    # With it, GCC 12 takes the upper halves of vector registers for clear after a call of a function
    # that it knows, and leaves out vzeroupper. They then slow all SSE code down that comes later,
    # also that of the libraries: WebP encoding by a sixth.
    "-fno-ipa-ra",
    # Bit-identical floats: never fuse a product and a sum.
    "-ffp-contract=off",
    "-Wall",
    "-Wextra",
]

# Those of BASE_FLAGS that only GCC knows.
GCC_FLAGS = {"-fno-ipa-ra"}


def _compiler_is_gcc() -> bool:
    command = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    return "Free Software Foundation" in version.stdout


# Some optimisation, as otherwise tests take too long.
SANITIZE_FLAGS = [
    "-O1",
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=undefined",
    "-fno-omit-frame-pointer",
]


@dataclass(frozen=True)
class Library:
    """A third-party library: how pkg-config calls it, the macro that says it is there, and
    the extension modules that use it."""

    name: str
    pkg_config: str  # names, separated by spaces
    macro: str
    required: bool = False
    modules: tuple[str, ...] = ("PIL._imaging",)
    extra: bool = False  # its modules can do without
    needs: str = ""  # another library, without which it is left out


LIBRARIES = (
    Library("zlib", "zlib", "HAVE_LIBZ", required=True),
    Library("jpeg", "libjpeg", "HAVE_LIBJPEG", required=True),
    Library("deflate", "libdeflate", "HAVE_LIBDEFLATE", needs="zlib"),
    Library("tiff", "libtiff-4", "HAVE_LIBTIFF"),
    Library("jpeg2000", "libopenjp2", "HAVE_OPENJPEG"),
    Library("xcb", "xcb", "HAVE_XCB"),
    Library("imagequant", "imagequant", "HAVE_IMAGEQUANT"),
    Library("webp", "libwebp libwebpmux libwebpdemux", "HAVE_WEBP", modules=("PIL._webp",)),
    Library("avif", "libavif", "HAVE_AVIF", modules=("PIL._avif",)),
    Library("lcms", "lcms2", "HAVE_LCMS2", modules=("PIL._imagingcms",)),
    Library("freetype", "freetype2", "HAVE_FREETYPE", modules=("PIL._imagingft",)),
    Library(
        "raqm", "raqm", "HAVE_RAQM", modules=("PIL._imagingft",), extra=True, needs="freetype"
    ),
)

#: Flags of Pillow's build that ask for sources in its sdist; there are none in this one.
VENDORED = {
    "raqm": "raqm=vendor: this sdist brings no sources of libraqm. Build with -C raqm=enable, which "
    "links the system's libraqm (and through it FriBiDi and HarfBuzz), or with -C raqm=runtime, "
    "which looks for it at run time.",
    "fribidi": "fribidi=vendor: FriBiDi comes with the system's libraqm. Leave the flag out, and "
    "build with -C raqm=enable, or with -C raqm=runtime, which looks for both at run time.",
}

LEVELS = {"none": 0, "sse4.1": 1, "avx2": 2, "avx512": 3, "auto": 3}
BASELINES = ("native", "x86-64-v2", "x86-64-v3", "x86-64-v4")
TRUE = ("true", "1", "yes", "enable")


@dataclass
class Config:
    settings: dict[str, str]
    libs: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)

    @classmethod
    def from_build(cls) -> Config:
        settings: dict[str, str] = {}
        for word in os.environ.get("PILLOW_SIMD_CONFIG", "").split():
            name, _, value = word.partition("=")
            settings[name] = value
        config = cls(settings)
        config.check()
        return config

    def check(self) -> None:
        known = {lib.name for lib in LIBRARIES} | {
            "platform-guessing",
            "parallel",
            "debug",
            "sanitize",
            "simd",
            "simd-baseline",
            "as-pillow",
        }
        for name, value in self.settings.items():
            if name not in known and (name, value) != ("fribidi", "vendor"):
                msg = f"unknown build flag {name!r}; known are {', '.join(sorted(known))}"
                raise SystemExit(msg)
            if value == "vendor" and name in VENDORED:
                raise SystemExit(VENDORED[name])
            allowed: tuple[str, ...] | None = None
            if name == "simd":
                allowed = tuple(LEVELS)
            elif name == "simd-baseline":
                allowed = BASELINES
            elif name not in ("parallel", "debug", "sanitize"):
                allowed = ("enable", "disable", *(["runtime"] if name == "raqm" else []))
            if allowed and value not in allowed:
                raise SystemExit(f"{name}={value}: must be one of {', '.join(allowed)}")
        if not self.settings.get("parallel", "1").isdigit():
            raise SystemExit("parallel must be a number")
        for lib in LIBRARIES:
            asked = self.settings.get(lib.name, "disable")
            if asked != "disable" and self.settings.get(lib.needs) == "disable":
                raise SystemExit(
                    f"{lib.name}={asked} needs {lib.needs}, and {lib.needs}=disable leaves that "
                    f"out. Leave one of the two flags out."
                )

    @property
    def as_pillow(self) -> bool:
        return self.settings.get("as-pillow") == "enable"

    @property
    def distribution(self) -> str:
        return "pillow" if self.as_pillow else "pillow-simd"

    @property
    def version(self) -> str:
        return "13.0.0+simd.0" if self.as_pillow else "13.0.0.post0"

    @property
    def parallel(self) -> int:
        return int(self.settings.get("parallel", "0")) or os.cpu_count() or 1

    @property
    def debug(self) -> bool:
        return self.settings.get("debug", "").lower() in TRUE

    @property
    def sanitize(self) -> bool:
        return self.settings.get("sanitize", "").lower() in TRUE

    def prepare(self, command: Any) -> None:
        """Finds the libraries, or stops with a message that names what is missing."""
        for lib in LIBRARIES:
            wish = self.settings.get(lib.name, "enable" if lib.required else "")
            if wish == "disable":
                if lib.required:
                    print(f"{lib.name}: disabled, its formats will be missing", file=sys.stderr)
                continue
            if lib.needs and lib.needs not in self.libs:
                if wish:
                    raise SystemExit(f"{lib.name}={wish} needs {lib.needs}, which was not found.")
                continue
            found = self.pkg_config(lib)
            if found is not None:
                self.libs[lib.name] = found
            elif wish in ("enable", "runtime"):
                raise SystemExit(
                    f"{lib.name} was not found (pkg-config name {lib.pkg_config}). Install its "
                    f"development package (depends/install.sh does), or build with "
                    f"-C {lib.name}=disable."
                )

    def pkg_config(self, lib: Library) -> tuple[list[str], list[str]] | None:
        tool = os.environ.get("PKG_CONFIG", "pkg-config")

        def ask(option: str) -> list[str] | None:
            try:
                command = [tool, option, *lib.pkg_config.split()]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except OSError:
                return None
            return done.stdout.split() if done.returncode == 0 else None

        cflags, libs = ask("--cflags"), ask("--libs")
        if cflags is None or libs is None:
            return None
        return cflags, libs

    def wants(self, module: str) -> bool:
        """Whether all libraries were found that a module of its own is made for."""
        return all(
            lib.name in self.libs
            for lib in LIBRARIES
            if module in lib.modules and module != "PIL._imaging" and not lib.extra
        )

    def apply(self, extension: Any) -> None:
        gcc = _compiler_is_gcc()
        flags = [flag for flag in BASE_FLAGS if gcc or flag not in GCC_FLAGS]
        if self.debug:
            flags += ["-O0", "-g", "-UNDEBUG"]
        if self.sanitize:
            flags += SANITIZE_FLAGS
            extension.extra_link_args += SANITIZE_FLAGS
        if "SOURCE_DATE_EPOCH" in os.environ:
            # A reproducible build is asked for: no trace of the folder it happens in.
            flags.append(f"-ffile-prefix-map={ROOT}=.")
        if "simd-baseline" in self.settings:
            flags.append("-march=" + self.settings["simd-baseline"])
        extension.extra_compile_args += flags
        level = LEVELS[self.settings.get("simd", "auto")]
        extension.define_macros += [("IMG_SIMD_MAX", str(level))]
        for lib in LIBRARIES:
            if lib.name in self.libs and extension.name in lib.modules:
                cflags, libs = self.libs[lib.name]
                extension.extra_compile_args += cflags
                extension.define_macros += [(lib.macro, "1")]
                if self.settings.get(lib.name) == "runtime":
                    extension.define_macros += [(f"{lib.name.upper()}_AT_RUN_TIME", "1")]
                else:
                    extension.extra_link_args += libs
