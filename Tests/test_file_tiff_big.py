"""BigTIFF in both byte orders."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import pytest

from filemakers import opened, saved
from PIL import Image, TiffImagePlugin
from required import require


def picture(seed: int = 0) -> Image.Image:
    values = bytes((seed + 7 * i) % 256 for i in range(300 * 200 * 2))
    return Image.frombytes("I;16B", (300, 200), values)


def test_big_endian() -> None:
    data = saved(picture(), "TIFF", big_tiff=True)
    assert data[:16] == b"MM" + struct.pack(">HHHQ", 43, 8, 0, 16)
    with opened(data) as im:
        assert im.mode == "I;16B"
        assert im.tobytes() == picture().tobytes()


def test_big_endian_pages() -> None:
    pages = [picture(seed) for seed in range(3)]
    data = saved(pages[0], "TIFF", big_tiff=True, save_all=True, append_images=pages[1:])
    with opened(data) as im:
        assert im.n_frames == 3
        for index, page in enumerate(pages):
            im.seek(index)
            assert im.tobytes() == page.tobytes()


def test_directory_of_big_endian_file() -> None:
    ifd = TiffImagePlugin.ImageFileDirectory_v2(b"MM" + struct.pack(">HHHQ", 43, 8, 0, 16))
    ifd[256] = 7
    ifd[270] = "a text that does not fit into an entry"
    ifd[273] = 0
    out = io.BytesIO()
    end = ifd.save(out)
    back = TiffImagePlugin.ImageFileDirectory_v2(out.getvalue()[:16])
    out.seek(back.next)
    back.load(out)
    assert dict(back) == {256: 7, 270: ifd[270], 273: (end,)}


def test_libtiff_reads_it(tmp_path: Path) -> None:
    require("tiffinfo")
    for name, options in (("one", {}), ("two", {"save_all": True, "append_images": [picture()]})):
        path = tmp_path / f"{name}.tif"
        picture().save(path, big_tiff=True, **options)
        done = subprocess.run(
            ["tiffinfo", "-D", path], capture_output=True, text=True, check=True
        )
        assert done.stdout.count("Image Width: 300 Image Length: 200") == 1 + len(options) // 2
        assert "rror" not in done.stderr


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "I;16", "F"])
def test_strips_that_follow_each_other(mode: str) -> None:
    """They are decoded as one, which must not be seen, and not be done if one is elsewhere."""
    im = Image.linear_gradient("L").resize((37, 53)).convert(mode)
    row = len(im.tobytes()) // 53
    content = saved(im, "TIFF", tiffinfo={278: 4})
    with opened(content) as striped:
        assert len(striped.tile) == 14  # 13 of four rows, one of one
        offsets = striped.tag_v2[273]
        assert striped.tobytes() == im.tobytes()
    with opened(content[: len(content) - row - 1]) as short:
        with pytest.raises(OSError, match="truncated"):
            short.load()
    # The second strip at the place of the third: rows 4 to 7 are those from 8 on.
    entry = struct.pack("<14L", *offsets)
    assert content.count(entry) == 1
    moved = content.replace(entry, struct.pack("<14L", offsets[0], offsets[2], *offsets[2:]))
    with opened(moved) as other:
        rows = im.tobytes()
        assert other.tobytes() == rows[: 4 * row] + rows[8 * row : 12 * row] + rows[8 * row :]
