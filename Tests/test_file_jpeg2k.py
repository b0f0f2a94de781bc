"""JPEG 2000: files made here are read back; damaged ones end in documented exceptions."""

from __future__ import annotations

import collections
import io
import struct

import pytest

from filemakers import Bounds, changes, opened, saved, survive, truncations
from PIL import Image, ImageFile, Jpeg2KImagePlugin, features

if not features.check("jpg_2000"):
    pytest.skip("built without OpenJPEG", allow_module_level=True)


def picture(mode: str = "RGB", size: tuple[int, int] = (37, 29)) -> Image.Image:
    length = len(Image.new(mode, size).tobytes())
    return Image.frombytes(mode, size, bytes(i * 37 % 256 for i in range(length)))


def box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", 8 + len(data)) + name + data


def jp2(*boxes: bytes) -> bytes:
    return box(b"jP  ", b"\x0d\x0a\x87\x0a") + b"".join(boxes)


def ihdr(width: int, height: int, components: int = 1, depth: int = 7) -> bytes:
    return box(b"ihdr", struct.pack(">IIHBBBB", height, width, components, depth, 7, 0, 0))


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("tile", [None, (16, 8)])
def test_lossless(mode: str, raw: bool, tile: tuple[int, int] | None) -> None:
    im = picture(mode)
    with opened(saved(im, "JPEG2000", no_jp2=raw, tile_size=tile)) as back:
        assert (back.format, back.mode, back.size) == ("JPEG2000", mode, im.size)
        assert back.tobytes() == im.tobytes()


def test_offset() -> None:
    im = picture()
    for options in ({"offset": (5, 3)}, {"offset": (5, 3), "tile_size": (8, 8)}):
        assert opened(saved(im, "JPEG2000", **options)).tobytes() == im.tobytes()


@pytest.mark.parametrize("offset", [(0, 0), (1, 1), (2, 0), (0, 3), (8, 4)])
def test_reduce_with_an_offset(offset: tuple[int, int]) -> None:
    """As in Pillow, which counts tiles from the full offset: only 0 and 1 are themselves halved
    and rounded up."""
    im = picture(size=(16, 16))
    data = saved(im, "JPEG2000", offset=offset, num_resolutions=3)
    with opened(data) as back:
        back.reduce = 1
        if max(offset) <= 1:
            back.load()
            assert back.size == (8, 8)
        else:
            with pytest.raises(OSError, match="broken data stream"):
                back.load()


def test_signed_samples_are_moved() -> None:
    data = saved(Image.new("L", (1, 1), 3), "JPEG2000", signed=True)
    assert opened(data).getpixel((0, 0)) == 131


def test_components_without_colour_space_stay_as_they_are() -> None:
    im = picture("YCbCr")
    assert opened(saved(im, "JPEG2000", no_jp2=True)).tobytes() == im.tobytes()


def test_reduce_rounds_half_up() -> None:
    data = saved(picture(size=(38, 31)), "JPEG2000")
    with opened(data) as im:
        im.reduce = 1
        im.load()
        assert im.size == (19, 16)
    with opened(saved(picture(), "JPEG2000")) as im:
        im.reduce = 2  # OpenJPEG rounds 37 / 4 up
        with pytest.raises(OSError, match="broken data stream"):
            im.load()


def test_comment_resolution_and_mime_type() -> None:
    assert opened(saved(picture(), "JPEG2000", comment="hello")).info["comment"] == b"hello"
    resolution = box(b"res ", box(b"resc", struct.pack(">4H2B", 100, 1, 50, 1, 2, 2)))
    with opened(jp2(box(b"ftyp", b"jpx "), box(b"jp2h", ihdr(1, 1) + resolution))) as im:
        assert im.info["dpi"] == (127, 254)
        assert im.get_format_mimetype() == "image/jpx"


def test_palette() -> None:
    entries = bytes((1, 2, 3, 4, 5, 6))
    palette = box(b"pclr", struct.pack(">HB3B", 2, 3, 7, 7, 7) + entries)
    with opened(jp2(box(b"jp2h", ihdr(1, 1) + palette))) as im:
        assert im.mode == "P"
        assert im.palette.tobytes()[:6] == entries


@pytest.mark.parametrize(
    "options, error",
    [
        ({"progression": "x"}, ValueError),
        ({"cinema_mode": "x"}, ValueError),
        ({"quality_layers": ["1"]}, ValueError),
        ({"comment": b"x" * 65532}, ValueError),
        ({"tile_size": (8, 8), "tile_offset": (9, 0)}, ValueError),
        ({"tile_size": (8, 8), "offset": (8, 0)}, ValueError),
        ({"num_resolutions": 40}, OSError),
        ({"offset": (2**31 - 5, 0)}, OSError),
        ({"tile_size": (1, 1), "offset": (0, 0)}, None),
    ],
)
def test_options(options: dict[str, object], error: type[Exception] | None) -> None:
    if error is None:
        assert opened(saved(picture(), "JPEG2000", **options)).tobytes() == picture().tobytes()
    else:
        with pytest.raises(error):
            saved(picture(), "JPEG2000", **options)


@pytest.mark.parametrize("mode", ["1", "P", "I", "F", "HSV"])
def test_modes_that_cannot_be_written(mode: str) -> None:
    with pytest.raises(OSError, match="broken data stream when writing"):
        saved(Image.new(mode, (3, 3)), "JPEG2000")


def test_more_tiles_than_a_file_can_have() -> None:
    with pytest.raises(OSError, match="broken data stream when writing"):
        saved(Image.new("L", (300, 300)), "JPEG2000", tile_size=(1, 1))


class Failing(io.BytesIO):
    def write(self, data: object) -> int:
        raise ZeroDivisionError("disk on fire")


class Greedy(io.BytesIO):
    greedy = False

    def read(self, size: int | None = -1) -> bytes:
        return super().read(-1 if self.greedy else size) * (2_000_000 if self.greedy else 1)


def test_files_that_fail() -> None:
    with pytest.raises(ZeroDivisionError):
        picture().save(Failing(), "JPEG2000")
    data = saved(picture(size=(3, 3)), "JPEG2000")
    file = Greedy(data)
    with Image.open(file) as im:
        file.greedy = True
        with pytest.raises(OSError, match="more than it was asked for"):
            im.load()


# Damaged files

FILES = {
    "jp2": saved(picture(size=(9, 7)), "JPEG2000", comment="a"),
    "j2k": saved(picture("L", (9, 7)), "JPEG2000", no_jp2=True, comment="a"),
    "tiled": saved(picture("LA", (9, 7)), "JPEG2000", tile_size=(4, 4), comment="a"),
}


@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str) -> None:
    data = FILES[name]
    assert survive(data, ["JPEG2000"]) == "ok"
    outcomes: collections.Counter[str] = collections.Counter()
    with Bounds(seconds=60, megabytes=100):
        for damaged in truncations(data):
            outcomes[survive(damaged, ["JPEG2000"])] += 1
        assert outcomes["OSError"] > 0
        for damaged in changes(data):
            outcomes[survive(damaged, ["JPEG2000"])] += 1
    assert outcomes["ok"] > 0


@pytest.mark.parametrize("inner", [b"", b"jp2h"])
def test_box_beyond_all_files(inner: bytes) -> None:
    data = jp2(struct.pack(">I4sQ", 1, inner, 2**63 - 12))
    with pytest.raises(SyntaxError, match="Box length too large"):
        Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data))


def test_header_box_that_says_it_is_huge() -> None:
    data = jp2(struct.pack(">I4sQ", 1, b"jp2h", 2**62) + b"short")
    with Bounds(seconds=2, megabytes=5):
        assert survive(data, ["JPEG2000"]) == "OSError"


def test_endless_boxes_and_segments() -> None:
    many = jp2(*[box(b"free", b"")] * 50_000)
    with Bounds(seconds=10, megabytes=20):
        assert survive(many, ["JPEG2000"]) == "OSError"
    for size in (0, 1):
        assert survive(jp2(struct.pack(">I4s", size, b"free")), ["JPEG2000"]) != "ok"


def test_sizes_that_do_not_agree() -> None:
    # The boxes announce one pixel, the codestream has more; and the other way round.
    data = FILES["jp2"]
    at = data.index(b"ihdr") + 4
    for width in (1, 8, 10, 5000):
        lying = data[:at] + struct.pack(">II", 7, width) + data[at + 8 :]
        with Bounds(seconds=5, megabytes=20):
            assert survive(lying, ["JPEG2000"]) in ("ok", "OSError")


def test_codestream_of_unbelievable_size() -> None:
    data = bytearray(FILES["j2k"])
    data[8:16] = struct.pack(">II", 2**31, 2**31)
    with pytest.raises(Image.DecompressionBombError):
        opened(bytes(data))


def test_parser() -> None:
    parser = ImageFile.Parser()
    for byte in FILES["jp2"]:
        parser.feed(bytes((byte,)))
    assert parser.close().tobytes() == picture(size=(9, 7)).tobytes()
