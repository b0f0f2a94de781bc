"""The extension modules: their sources, libraries and the command that compiles them.

C files are compiled in parallel, and only when they, a header or the flags changed (setuptools by
itself rebuilds an extension as a whole, and takes no notice of flags).
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config import Config
from metadata import METADATA
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent.parent
PILLOW_VERSION = "13.0.0"

# Each is built from the folder of this name, if its library is there.
OWN_MODULES = ("avif", "webp", "imagingcms", "imagingft", "imagingtk")

# dlopen has a library of its own where libc is old.
USE_DLOPEN = ("imagingft", "imagingtk") if sys.platform.startswith("linux") else ()


def sources(*folders: str) -> list[str]:
    """All C files below the folders, as paths relative to the repository."""
    found: list[str] = []
    for folder in folders:
        found += [str(p.relative_to(ROOT)) for p in (ROOT / folder).rglob("*.c")]
    return sorted(found)


def headers() -> list[str]:
    """All headers, kernel templates and lists; a change in any of them rebuilds everything."""
    return sorted(str(p) for end in ("*.h", "*.def") for p in (ROOT / "src").rglob(end))


class BuildExt(build_ext):
    """Adds what is known only when building: libraries found, flags, parallel compilation."""

    def build_extensions(self) -> None:
        config = Config.from_build()
        config.prepare(self)
        self.left_out = [e for e in self.extensions if not config.wants(e.name)]
        self.extensions = [e for e in self.extensions if config.wants(e.name)]
        for extension in self.left_out:
            # Of an earlier build with other flags: a wheel would take it from there.
            Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
        for extension in self.extensions:
            config.apply(extension)
        self.compiler.compile = self._compiler_with_cache(config.parallel)
        super().build_extensions()

    def build_extension(self, extension: Extension) -> None:
        """Also makes a module anew that is younger than its sources but was made with other flags."""
        compiler = self.compiler
        flags = [extension.define_macros, extension.extra_compile_args, extension.extra_link_args]
        made_by = repr([compiler.compiler_so, compiler.linker_so, extension.libraries, *flags])
        module = Path(self.get_ext_fullpath(extension.name))
        stamp = Path(self.build_temp) / f"made-by-{extension.name}"
        if not stamp.exists() or stamp.read_text() != made_by:
            module.unlink(missing_ok=True)
        super().build_extension(extension)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(made_by)

    def copy_extensions_to_source(self) -> None:
        super().copy_extensions_to_source()
        folder = Path(self.get_finalized_command("build_py").get_package_dir("PIL"))
        for extension in self.left_out:
            (folder / Path(self.get_ext_filename(extension.name)).name).unlink(missing_ok=True)

    def _compiler_with_cache(self, jobs: int):  # type: ignore[no-untyped-def]
        compiler = self.compiler
        newest_header = max(os.stat(path).st_mtime for path in headers())

        def compile_files(  # type: ignore[no-untyped-def]
            files,
            output_dir=None,
            macros=None,
            include_dirs=None,
            debug=0,
            extra_preargs=None,
            extra_postargs=None,
            depends=None,
        ):
            macros, objects, extra, pp_opts, build = compiler._setup_compile(
                output_dir, macros, include_dirs, files, depends, extra_postargs
            )
            flags = compiler._get_cc_args(pp_opts, debug, extra_preargs)
            # The command line is part of what an object depends on. Each extension has its own.
            stamp = Path(output_dir or ".") / f"command-{Path(files[0]).parent.name}"
            command = repr((compiler.compiler_so, flags, extra))
            fresh = stamp.exists() and stamp.read_text() == command

            def one(obj: str) -> None:
                src, ext = build[obj]
                target = Path(obj)
                if fresh and target.exists():
                    made = target.stat().st_mtime
                    if made > os.stat(src).st_mtime and made > newest_header:
                        return
                compiler._compile(obj, src, ext, flags, extra, pp_opts)

            with ThreadPoolExecutor(jobs) as pool:
                list(pool.map(one, build))
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.write_text(command)
            return objects

        return compile_files


def extensions() -> list[Extension]:
    return [
        Extension(
            "PIL._imaging",
            sources("src/binding", "src/libImaging"),
            include_dirs=["src/libImaging", "src/binding"],
            depends=headers(),
            define_macros=[("PILLOW_VERSION", f'"{PILLOW_VERSION}"')],
            # Without -lm the symbols have no version, and glibc binds pow, powf and hypot to its
            # oldest: slow wrappers.
            libraries=[] if sys.platform == "win32" else ["m"],
        ),
        # Modules of their own read pixels through the core's capsules; they share its headers,
        # but no code.
        *(
            Extension(
                f"PIL._{name}",
                sources(f"src/{name}"),
                include_dirs=["src/libImaging", "src/binding"],
                depends=headers(),
                libraries=["dl"] if name in USE_DLOPEN else [],
            )
            for name in OWN_MODULES
        ),
    ]


def run_setup() -> None:
    config = Config.from_build()
    setup(
        name=config.distribution,
        version=config.version,
        ext_modules=extensions(),
        cmdclass={"build_ext": BuildExt},
        zip_safe=False,
        **METADATA,
    )
