"""What one image leaves behind never shows in the next: modes that change between frames, data
that end too early, scans and tiles that do not fit."""

from __future__ import annotations

import io
import itertools
import struct
import warnings
from collections.abc import Callable, Iterator

import pytest

import icon_files
import simple_files
import texture_files
from confine import DOCUMENTED, confined
from filemakers import saved
from PIL import Image, ImageFile, JpegImagePlugin

SIZE = (13, 9)


def picture(mode: str, seed: int = 0, size: tuple[int, int] = SIZE) -> Image.Image:
    grey = Image.linear_gradient("L").resize(size).point(lambda v: (v + 37 * seed) % 256)
    if mode in ("RGB", "RGBA", "CMYK"):
        return Image.merge(mode, [grey.rotate(180 * i) for i in range(len(mode))])
    return grey.convert(mode)


# --- modes that change ---


def pages(format: str, modes: tuple[str, ...]) -> bytes:
    images = [picture(mode, seed) for seed, mode in enumerate(modes)]
    if format == "DCX":
        return icon_files.dcx(*(saved(im, "PCX") for im in images))
    return saved(images[0], format, save_all=True, append_images=images[1:])


TIFF_MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LA")
PCX_MODES = ("1", "L", "P", "RGB")


def sequences() -> Iterator[tuple[str, tuple[str, ...]]]:
    for first, second in itertools.permutations(TIFF_MODES, 2):
        yield "TIFF", (first, second, first)
    for first, second in itertools.permutations(PCX_MODES, 2):
        yield "DCX", (first, second, first)
    for first, second in (("L", "RGB"), ("RGB", "L")):
        yield "MPO", (first, second, first)


def state_of(im: Image.Image) -> tuple[str, tuple[int, int], bytes]:
    im.load()
    assert im.im.mode == im.mode
    assert im.im.size == im.size
    return im.mode, im.size, im.tobytes()


@pytest.mark.parametrize("loaded_between", [False, True])
def test_storage_belongs_to_the_mode(loaded_between: bool) -> None:
    """A page of another mode and the same size never uses the pixels of the last one."""
    for format, modes in sequences():
        data = pages(format, modes)
        alone = []
        for frame in range(len(modes)):
            with Image.open(io.BytesIO(data)) as im:
                im.seek(frame)
                alone.append(state_of(im))
        with Image.open(io.BytesIO(data)) as im:
            for frame in (0, 1, 2, 1, 0, 2):
                im.seek(frame)
                if loaded_between or frame:
                    assert state_of(im) == alone[frame], (format, modes, frame)


def test_failed_page_does_not_leave_the_last_one() -> None:
    """After a page that cannot be loaded, its own mode and size hold, or the next load fails."""
    data = bytearray(pages("TIFF", ("L", "RGB", "L")))
    (first,) = struct.unpack_from("<L", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    (second,) = struct.unpack_from("<L", data, first + 2 + 12 * count)
    for at in range(second + 2, second + 2 + 12 * struct.unpack_from("<H", data, second)[0], 12):
        if struct.unpack_from("<H", data, at)[0] == 273:
            struct.pack_into("<L", data, at + 8, 0x7FFFFFF0)
    with Image.open(io.BytesIO(data)) as im:
        im.load()
        im.seek(1)
        with pytest.raises(DOCUMENTED):
            im.load()
        assert im.mode == "RGB"
        if im._im is not None:
            assert im.im.mode == "RGB"
        im.seek(2)
        assert state_of(im)[0] == "L"


# --- data that end too early ---


def written() -> dict[str, bytes]:
    files = {}
    Image.init()
    stubs = {"BUFR", "GRIB", "HDF5", "WMF"}
    for format in sorted(set(Image.SAVE) & set(Image.OPEN) - stubs - {"EPS"}):
        for mode in ("1", "L", "P", "RGB", "RGBA", "I;16", "F"):
            try:
                files[f"{format} {mode}"] = saved(picture(mode, 3, (40, 30)), format)
            except (OSError, ValueError, KeyError):
                continue
    tables = (simple_files.FILES, icon_files.FILES, texture_files.FILES)
    for table in tables:
        for name, (format, data) in table.items():
            if format not in ("BUFR", "GRIB", "HDF5", "WMF", "MPEG"):
                files[name] = data
    return files


def left_behind(value: int, im: Image.Image) -> None:
    """Give memory back that is full of a value, for images of this size and any mode."""
    for mode in {im.mode, "L", "RGB", "RGBA", "I;16"} - {"1"}:
        for _ in range(2):
            fresh = Image.new(mode, im.size)
            fresh.frombytes(bytes((value,)) * len(fresh.tobytes()))


def outcome(data: bytes, value: int) -> bytes | str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as im:
                left_behind(value, im)
                im.load()
                return im.tobytes()
        except DOCUMENTED as error:
            return type(error).__name__


@pytest.mark.parametrize("part", [0.35, 0.6, 0.8, 0.95, 1.0])
def test_what_is_missing_is_not_somebody_elses(
    part: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files cut off, and loaded as far as they go: the same pixels, whatever was in memory."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    for name, data in written().items():
        cut = data[: int(len(data) * part)]
        assert outcome(cut, 0x11) == outcome(cut, 0xEE), name


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_pixels_after_a_failed_load(part: float) -> None:
    """Without that setting a load fails; what it has left is no memory of others either."""

    def after_failure(data: bytes, value: int) -> bytes | None:
        with Image.open(io.BytesIO(data)) as im:
            left_behind(value, im)
            try:
                im.load()
            except DOCUMENTED:
                pass
            if im._im is None:
                return None
            im.tile = []
            return Image.Image._new(im, im.im).tobytes()

    for name, data in written().items():
        cut = data[: int(len(data) * part)]
        try:
            results = [after_failure(cut, value) for value in (0x11, 0xEE)]
        except DOCUMENTED:
            continue
        assert results[0] == results[1], name


# --- many scans ---


def with_scans(count: int, size: tuple[int, int]) -> bytes:
    data = saved(Image.new("RGB", size, "teal"), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * count + data[-2:]


def mpo_with_scans(count: int, size: tuple[int, int]) -> bytes:
    data = saved(picture("RGB"), "MPO", save_all=True, append_images=[picture("RGB")])
    return data[: data.index(b"\xff\xd8\xff", 3)] + with_scans(count, size)


def load_all(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as im:
        for frame in range(getattr(im, "n_frames", 1)):
            im.seek(frame)
            im.load()


@pytest.mark.parametrize("maker", [with_scans, mpo_with_scans])
@pytest.mark.parametrize("size", [(16, 16), (600, 600), (3000, 2000)])
def test_2000_scans(maker: Callable[[int, tuple[int, int]], bytes], size: tuple[int, int]) -> None:
    """A small picture may have that many, for a large one they would take a minute."""
    kind, text = confined(lambda: load_all(maker(2000, size)))
    if size[0] * size[1] * 2000 > (JpegImagePlugin.MAX_SCANNED_PIXELS or 0):
        assert (kind, text) == ("OSError", "broken data stream when reading image file")
    else:
        assert kind == "ok"


def test_scans_in_other_containers() -> None:
    """BLP and TIFF hold JPEG data, too."""
    jpeg = with_scans(2000, (3000, 2000))
    head = struct.pack("<6L", 0, 0, 3000, 2000, 5, 0)
    table = struct.pack("<32L", *[160] * 16, *[len(jpeg)] * 16)
    blp = b"BLP1" + head + table + bytes(4) + jpeg  # no bytes of the JPEG header are shared
    kind, text = confined(lambda: load_all(blp))
    assert (kind, text) == ("OSError", "broken data stream when reading image file")
    tiff = bytearray(saved(Image.new("RGB", (64, 64)), "TIFF", compression="jpeg"))
    start = tiff.index(b"\xff\xd8", 8)
    many = with_scans(2000, (64, 64))
    kind, _ = confined(lambda: load_all(bytes(tiff[:start]) + many + bytes(tiff[start:])))
    assert kind in ("ok", "OSError", "SyntaxError", "ValueError", "UnidentifiedImageError")
