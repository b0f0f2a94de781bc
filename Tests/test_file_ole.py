"""FPX and MIC: what their files are read as, and damaged ones."""

from __future__ import annotations

import io
import struct

import pytest

from filemakers import Bounds, survive

pytest.importorskip("olefile")

from ole_files import END, FILES, FPX_CLASS, SECTOR, compound_file, fpx, mic, opened, picture
from PIL import FpxImagePlugin, Image, UnidentifiedImageError


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(1, 1), (64, 64), (65, 10), (130, 129)])
def test_fpx_tiles(mode: str, size: tuple[int, int]) -> None:
    im = picture(mode, size)
    again = opened(fpx(im))
    assert (again.format, again.mode, again.size) == ("FPX", mode, size)
    assert again.tobytes() == im.tobytes()


def test_fpx_jpeg() -> None:
    im = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    again = opened(fpx(im, jpeg=True))
    differences = [abs(a - b) for a, b in zip(again.tobytes(), im.tobytes(), strict=True)]
    assert max(differences) < 6


def test_mic_frames() -> None:
    images = [picture("L", (5, 4)), picture("RGBA", (3, 2))]
    with opened(mic(*images)) as im:
        assert (im.format, im.n_frames, im.is_animated) == ("MIC", 2, True)
        for frame in (0, 1, 0):
            im.seek(frame)
            assert im.tell() == frame
            assert (im.mode, im.size) == (images[frame].mode, images[frame].size)
            assert im.tobytes() == images[frame].tobytes()
        with pytest.raises(EOFError):
            im.seek(2)


def test_other_compound_files() -> None:
    for data in (compound_file({"a": b"b"}), compound_file({"a": b"b"}, FPX_CLASS)):
        with pytest.raises((UnidentifiedImageError, OSError)):
            opened(data)


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        ({"compression": 7}, OSError, "unknown/invalid compression"),
        ({"compression": 1}, OSError, "decoder fill not available"),
        ({"tile": (64, 63)}, ValueError, "Tile must be 64 pixels by 64 pixels"),
        ({"extra": {0x1000002: 71}}, OSError, "subimage mismatch"),
        ({"extra": {0x1000002: b"number"}}, UnidentifiedImageError, "cannot identify"),
        ({"extra": {0x2010002: b""}}, UnidentifiedImageError, "cannot identify"),
        ({"extra": {0x2010002: struct.pack("<2L", 0, 4)}}, UnidentifiedImageError, "cannot"),
        ({"extra": {0x2010002: struct.pack("<3L", 0, 1, 5)}}, UnidentifiedImageError, "cannot"),
        ({"extra": {0x2010002: struct.pack("<2L", 0, 5)}}, OSError, "Invalid number of bands"),
    ],
)
def test_fpx_that_lie(wrong: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        opened(fpx(picture(), **wrong)).load()


def test_fpx_with_many_tiles() -> None:
    with Bounds(seconds=5, megabytes=10):
        assert opened(fpx(picture(), count=2**32 - 1)).tobytes() == picture().tobytes()
    with pytest.raises(UnidentifiedImageError):
        opened(fpx(picture(), extra={0x1000002: 2**31 - 1}))


# Damaged files: those of olefile's structures too


def places(data: bytes) -> list[int]:
    """Where the structure is: the header, the tables, the directory, the start of each stream."""
    sectors = range(SECTOR, len(data), SECTOR)
    used = [s for s in sectors if data[s : s + SECTOR].strip(b"\0\xff")]
    starts = [p for s in used for p in range(s, s + 128, 7)]
    return [*range(84), *starts]


@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str) -> None:
    format, data = FILES[name]
    assert survive(data, [format]) == "ok"
    with Bounds(seconds=100, megabytes=100):
        lengths = [*range(0, 600, 7), *range(600, len(data), 509)]
        outcomes = {survive(data[:length], [format]) for length in lengths}
        assert "UnidentifiedImageError" in outcomes
        for at in places(data):
            for value in (0, 0xFF, data[at] ^ 1):
                damaged = data[:at] + bytes((value,)) + data[at + 1 :]
                survive(damaged, [format])


def patched(data: bytes, at: int, *values: int) -> bytes:
    packed = struct.pack(f"<{len(values)}L", *values)
    return data[:at] + packed + data[at + len(packed) :]


@pytest.mark.parametrize("name", FILES)
def test_tables_that_claim_gigabytes(name: str) -> None:
    format, data = FILES[name]
    with Bounds(seconds=10, megabytes=20):
        for at in (44, 64, 72):  # numbers of sectors of the tables
            for count in (2**20, 2**32 - 1):
                assert survive(patched(data, at, count), [format]) != "ok"
        # A table of tables that leads to itself.
        assert survive(patched(data, 68, 0, 2**31), [format]) != "ok"


def test_streams_that_claim_gigabytes_and_lead_to_themselves() -> None:
    data = FILES["one.mic"][1]
    entry = data.index("Image".encode("utf-16-le"))
    (start,) = struct.unpack_from("<L", data, entry + 116)
    table = data.rindex(struct.pack("<2L", start + 1, start + 2))
    with Bounds(seconds=10, megabytes=20):
        large = patched(data, entry + 120, 2**32 - 1)
        assert survive(large, ["MIC"]) in ("OSError", "UnidentifiedImageError")
        assert survive(patched(large, table, start), ["MIC"]) != "ok"
        # Within the size of the file, the chain may lead where it likes.
        survive(patched(data, table, start), ["MIC"])
        survive(patched(data, table, END), ["MIC"])


def test_directory_as_deep_as_it_gets() -> None:
    tree: dict[str, object] = {"Image": b"x"}
    for i in range(1500):
        tree = {f"{i}.ACI": tree}
    with Bounds(seconds=30, megabytes=100):
        assert survive(compound_file(tree), ["MIC"]) == "UnidentifiedImageError"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((0x1000, 2**32 - 1), "larger than all"),  # elements of no size: without end
        ((65, 2**32 - 1), "share their bytes"),
    ],
)
def test_properties_that_claim_gigabytes(value: tuple[int, int], message: str) -> None:
    mark = 0x12345678
    data = fpx(picture("L", (8, 8)), extra=dict.fromkeys(range(7, 107), mark))
    number = struct.pack("<2L", 19, mark)
    assert data.count(number) == 100
    data = data.replace(number, struct.pack("<2L", *value))
    with Bounds(seconds=10, megabytes=20), pytest.raises(SyntaxError, match=message):
        FpxImagePlugin.FpxImageFile(io.BytesIO(data))
