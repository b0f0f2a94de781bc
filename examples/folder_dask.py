"""Thumbnails of a folder of photographs with Dask: a local cluster here, the same code on many.

    python examples/folder_dask.py FOLDER OUT [--scheduler tcp://HOST:8786]

Dask is worth it when there are more machines than one; on one, ``python -m PIL thumbnail`` does it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dask.distributed import Client, LocalCluster, as_completed

from PIL import Image, ImageOps

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}


def thumbnail(source: str, target: str, side: int = 320) -> str:
    """Write a small upright copy; returns a line for the log. Runs on any of the workers."""
    try:
        with Image.open(source) as im:
            im.draft("RGB", (side * 2, side * 2))  # JPEG: decode a smaller picture at once
            small = ImageOps.exif_transpose(im).convert("RGB")
            small.thumbnail((side, side), Image.Resampling.LANCZOS)
            small.save(target, quality=85)
    except (OSError, ValueError, SyntaxError) as error:
        return f"FAILED {source}: {error}"
    return f"{target} {small.width}x{small.height}"


def run(client: Client, folder: Path, out: Path) -> list[str]:
    """Hand every picture of the folder to the cluster and show how far it is."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    # One process may run several threads: the GIL is released while pixels are worked on.
    futures = [client.submit(thumbnail, str(p), str(out / f"{p.stem}.jpg")) for p in pictures]
    lines = []
    for count, future in enumerate(as_completed(futures), 1):
        lines.append(future.result())
        print(f"\r[{'#' * (30 * count // len(futures)):30}] {count}/{len(futures)}", end="")
    print()
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scheduler", help="address of a running cluster")
    args = parser.parse_args()
    if args.scheduler:
        with Client(args.scheduler) as client:
            lines = run(client, args.folder, args.out)
    else:
        with (
            LocalCluster(processes=True, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            lines = run(client, args.folder, args.out)
    print(*sorted(lines), sep="\n")
    return 1 if any(line.startswith("FAILED") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
