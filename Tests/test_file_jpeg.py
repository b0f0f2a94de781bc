"""JPEG: the marker segments read and written, and the options."""

from __future__ import annotations

import io
import pickle
import struct
from pathlib import Path

import pytest

from filemakers import opened, saved
from PIL import ExifTags, Image, ImageFile, JpegImagePlugin
from PIL.JpegPresets import presets


def ramp(mode: str = "RGB", size: tuple[int, int] = (16, 16)) -> Image.Image:
    width, height = size
    grey = Image.frombytes(
        "L", size, bytes((x + y) * 4 % 256 for y in range(height) for x in range(width))
    )
    return grey.convert(mode)


def with_segments(*segments: tuple[int, bytes]) -> JpegImagePlugin.JpegImageFile:
    """A file without JFIF header, but with these segments."""
    data = saved(ramp(), "JPEG")
    start = 4 + struct.unpack(">H", data[4:6])[0]
    extra = b"".join(
        b"\xff" + bytes((marker,)) + struct.pack(">H", 2 + len(body)) + body
        for marker, body in segments
    )
    im = opened(data[:2] + extra + data[start:])
    assert isinstance(im, JpegImagePlugin.JpegImageFile)
    return im


def test_one_colour_is_exact() -> None:
    # Quality 100 quantises by 1, and a block of one colour has a single coefficient.
    for colour in (0, 77, 128, 255):
        im = opened(saved(Image.new("L", (20, 10), colour), "JPEG", quality=100))
        assert im.getextrema() == (colour, colour)


def test_attributes() -> None:
    im = opened(saved(ramp(), "JPEG", dpi=(72, 300)))
    assert isinstance(im, JpegImagePlugin.JpegImageFile)
    assert (im.format, im.mode, im.bits, im.layers) == ("JPEG", "RGB", 8, 3)
    assert im.layer == [(1, 2, 2, 0), (2, 1, 1, 1), (3, 1, 1, 1)]
    assert im.info == {
        "jfif": 257,
        "jfif_version": (1, 1),
        "dpi": (72, 300),
        "jfif_unit": 1,
        "jfif_density": (72, 300),
    }
    assert [name for name, _ in im.applist] == ["APP0"]
    assert im.tile == [("jpeg", (0, 0, 16, 16), 0, ("RGB", ""))]
    # The library's tables at quality 75 are half of the standard ones.
    assert im.quantization[0][:8] == [8, 6, 5, 8, 12, 20, 26, 31]
    assert im.quantization[1][:4] == [9, 9, 12, 24]


@pytest.mark.parametrize(
    "mode, read_as",
    [("1", "L"), ("L", "L"), ("RGB", "RGB"), ("RGBX", "RGB"), ("CMYK", "CMYK"), ("YCbCr", "RGB")],
)
def test_modes(mode: str, read_as: str) -> None:
    with opened(saved(ramp(mode), "JPEG", quality=100, subsampling=0)) as im:
        assert im.mode == read_as
        expected = ramp(mode).convert(read_as).tobytes()
        # At quality 100 rounding in the transform and in the colours is all that is lost.
        if mode != "1":
            assert max(abs(a - b) for a, b in zip(im.tobytes(), expected, strict=True)) <= 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I", "F", "I;16", "HSV", "LAB"])
def test_other_modes(mode: str) -> None:
    with pytest.raises(OSError, match=f"cannot write mode {mode} as JPEG"):
        saved(Image.new(mode, (1, 1)), "JPEG")


def test_sizes() -> None:
    with pytest.raises(ValueError, match="cannot write empty image"):
        saved(Image.new("L", (0, 5)), "JPEG")
    with pytest.raises(OSError, match="broken data stream"):
        saved(Image.new("L", (65501, 1)), "JPEG")


def test_segments_written() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
    im = opened(
        saved(
            ramp(),
            "JPEG",
            exif=exif,
            xmp=b"<x/>",
            icc_profile=b"i" * 70_000,
            comment="ä",
            extra=b"\xff\xe5\0\4xy",
        )
    )
    assert isinstance(im, JpegImagePlugin.JpegImageFile)
    assert [name for name, _ in im.applist] == [
        "APP0",
        "APP1",
        "APP5",
        "APP1",
        "APP2",
        "APP2",
        "COM",
    ]
    assert im.info["exif"] == exif
    assert im.info["xmp"] == b"<x/>"
    assert im.info["icc_profile"] == b"i" * 70_000
    assert im.info["comment"] == "ä".encode()
    assert im.app["APP5"] == b"xy"


def test_only_the_comment_is_taken_over() -> None:
    first = opened(
        saved(ramp(), "JPEG", comment=b"c", dpi=(9, 9), icc_profile=b"i", exif=b"Exif\0\0")
    )
    again = opened(saved(first, "JPEG"))
    assert again.info == {
        "jfif": 257,
        "jfif_version": (1, 1),
        "jfif_unit": 0,
        "jfif_density": (1, 1),
        "comment": b"c",
    }
    assert "comment" not in opened(saved(first, "JPEG", comment=None)).info


@pytest.mark.parametrize("option, length", [("exif", 65533), ("comment", 65533), ("xmp", 65504)])
def test_longest_segments(option: str, length: int) -> None:
    saved(ramp(), "JPEG", **{option: b"x" * length})
    with pytest.raises(ValueError, match="too long"):
        saved(ramp(), "JPEG", **{option: b"x" * (length + 1)})


def test_quality_and_tables() -> None:
    def tables(**options: object) -> dict[int, list[int]]:
        im = opened(saved(ramp(), "JPEG", **options))
        assert isinstance(im, JpegImagePlugin.JpegImageFile)
        return im.quantization

    assert tables(quality=50)[0][:4] == [16, 11, 10, 16]
    assert tables(quality=100)[0] == [1] * 64
    assert tables(quality=0) == tables(quality=1) == tables(quality=-5)
    assert tables(quality=1)[0] == [255] * 64
    assert tables(quality=101) == tables(quality=100)
    assert tables(quality="web_low") == dict(enumerate(presets["web_low"]["quantization"]))
    assert tables(qtables="web_high") == dict(enumerate(presets["web_high"]["quantization"]))
    assert tables(qtables=[range(1, 65)]) == {0: list(range(1, 65))}
    assert tables(qtables={0: [5] * 64, 1: [6] * 64}) == {0: [5] * 64, 1: [6] * 64}
    assert tables(qtables="# all the same\n" + "7 " * 64) == {0: [7] * 64}
    # Scaled with a quality: f = 5000 // 25 = 200 per cent.
    assert tables(qtables=[[5] * 64], quality=25) == {0: [10] * 64}


@pytest.mark.parametrize(
    "options, error",
    [
        ({"quality": "unknown"}, ValueError),
        ({"quality": 7.5}, ValueError),
        ({"quality": None}, ValueError),
        ({"quality": "keep"}, ValueError),
        ({"subsampling": "keep"}, ValueError),
        ({"subsampling": "1:1:1"}, TypeError),
        ({"qtables": "keep"}, ValueError),
        ({"qtables": []}, ValueError),
        ({"qtables": [[1] * 64] * 5}, ValueError),
        ({"qtables": [[1] * 63]}, ValueError),
        ({"qtables": [["a"] * 64]}, ValueError),
        ({"qtables": "a b"}, ValueError),
        ({"qtables": [[65536] * 64]}, OverflowError),
    ],
)
def test_refused_options(options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        saved(ramp(), "JPEG", **options)


@pytest.mark.parametrize(
    "value, sampling", [("4:4:4", 0), ("4:2:2", 1), ("4:2:0", 2), ("4:1:1", 2), (0, 0), (-1, 2)]
)
def test_subsampling(value: object, sampling: int) -> None:
    im = opened(saved(ramp(), "JPEG", subsampling=value))
    assert JpegImagePlugin.get_sampling(im) == sampling
    assert JpegImagePlugin.get_sampling(ramp()) == -1


def test_keep() -> None:
    source = opened(saved(ramp(), "JPEG", quality=33, subsampling=1))
    kept = opened(saved(source, "JPEG", quality="keep"))
    assert isinstance(source, JpegImagePlugin.JpegImageFile)
    assert isinstance(kept, JpegImagePlugin.JpegImageFile)
    assert kept.quantization == source.quantization
    assert JpegImagePlugin.get_sampling(kept) == 1


def test_progressive() -> None:
    im = opened(saved(ramp(), "JPEG", progressive=True))
    assert im.info["progressive"] == im.info["progression"] == 1
    assert im.tobytes() == opened(saved(ramp(), "JPEG")).tobytes()


@pytest.mark.parametrize("unit, dpi", [(1, (5, 6)), (2, (12.7, 15.24)), (0, None)])
def test_density(unit: int, dpi: tuple[float, float] | None) -> None:
    im = with_segments((0xE0, b"JFIF\0\1\2" + struct.pack(">B2H2B", unit, 5, 6, 0, 0)))
    assert im.info.get("dpi") == (None if dpi is None else pytest.approx(dpi))
    assert im.info["jfif_version"] == (1, 2)


def exif_resolution(unit: int, resolution: object) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.ResolutionUnit] = unit
    exif[ExifTags.Base.XResolution] = resolution
    return exif.tobytes()


def test_density_from_exif() -> None:
    assert with_segments((0xE1, exif_resolution(2, 300))).info["dpi"] == (300, 300)
    assert with_segments((0xE1, exif_resolution(3, 100))).info["dpi"] == (254, 254)
    assert with_segments((0xE1, b"Exif\0\0damaged")).info["dpi"] == (72, 72)


def test_application_segments() -> None:
    resources = b"Photoshop 3.0\0" + b"8BIM\x04\x04\4name\0\0\0\0\3abc\0"
    resources += b"8BIM\x03\xed\0\0\0\0\0\x10" + struct.pack(
        ">I2HI2H", 72 << 16, 1, 1, 36 << 16, 2, 1
    )
    im = with_segments(
        (0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
        (0xE1, b"Exif\0\0\0\0\0\0"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
        (0xE2, b"ICC_PROFILE\0\2\2 end"),
        (0xE2, b"ICC_PROFILE\0\1\2start"),
        (0xE2, b"FPXR\0flash"),
        (0xED, resources),
        (0xEE, b"Adobe\0\x64\0\0\0\0\1"),
        (0xFE, b"first"),
        (0xFE, b"last"),
    )
    info = dict(im.info)
    del info["dpi"]
    assert info == {
        "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0",
        "xmp": b"<x/>",
        "icc_profile": b"start end",
        "flashpix": b"FPXR\0flash",
        "photoshop": {
            0x0404: b"abc",
            0x03ED: {
                "XResolution": 72.0,
                "DisplayedUnitsX": 1,
                "YResolution": 36.0,
                "DisplayedUnitsY": 2,
            },
        },
        "adobe": 100,
        "adobe_transform": 1,
        "comment": b"last",
    }


def test_incomplete_profile() -> None:
    assert with_segments((0xE2, b"ICC_PROFILE\0\1\2start")).info["icc_profile"] is None


def test_no_scan() -> None:
    data = saved(ramp(), "JPEG")
    im = opened(data[: data.index(b"\xff\xc4")])
    assert im.size == (16, 16)
    with pytest.raises(OSError, match="cannot load this image"):
        im.load()


def test_draft() -> None:
    data = saved(ramp(size=(101, 67)), "JPEG")
    im = opened(data)
    assert im.draft("L", (50, 30)) == ("L", (0, 0, 50.5, 33.5))
    assert (im.mode, im.size) == ("L", (51, 34))
    assert im.draft("RGB", (1, 1)) is None
    im.load()
    assert im.size == (51, 34)
    assert im.draft("L", (1, 1)) is None
    assert opened(data).draft("CMYK", None) == ("RGB", (0, 0, 101.0, 67.0))


def test_truncated(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(ramp(size=(200, 200)), "JPEG", quality=95)[:-500]
    with pytest.raises(OSError, match="image file is truncated"):
        opened(data).load()
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert opened(data).getpixel((0, 0)) == opened(
        saved(ramp(size=(200, 200)), "JPEG", quality=95)
    ).getpixel((0, 0))


def test_large_files_are_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    noise = Image.frombytes("RGB", (400, 300), bytes(i * i * 7919 % 251 for i in range(360_000)))
    noise.save(path, quality=100, subsampling=0)
    assert path.stat().st_size > 2 * ImageFile.MAXBLOCK
    with Image.open(path) as im, Image.open(io.BytesIO(path.read_bytes())) as other:
        assert im.tobytes() == other.tobytes()


def test_pickle() -> None:
    im = opened(saved(ramp(), "JPEG", subsampling=1))
    again = pickle.loads(pickle.dumps(im))
    assert again == im
    assert JpegImagePlugin.get_sampling(again) == 1


def index(*entries: tuple[int, int, int], images: int | None = None) -> bytes:
    data = b"".join(struct.pack(">3L2H", *entry, 0, 0) for entry in entries)
    number = len(entries) if images is None else images
    head = b"MM\0*\0\0\0\x08\0\2" + struct.pack(">HHLL", 0xB001, 4, 1, number)
    return b"MPF\0" + head + struct.pack(">HHLLL", 0xB002, 7, len(data), 38, 0) + data


def test_index_of_pictures() -> None:
    im = with_segments((0xE2, index((0x030000 | 1 << 31, 5, 6))))
    assert im.format == "JPEG"
    mp = im._getmp()
    assert mp is not None
    assert mp[0xB001] == 1
    assert mp[0xB002] == [
        {
            "Attribute": {
                "DependentParentImageFlag": True,
                "DependentChildImageFlag": False,
                "RepresentativeImageFlag": False,
                "Reserved": 0,
                "ImageDataFormat": "JPEG",
                "MPType": "Baseline MP Primary Image",
            },
            "Size": 5,
            "DataOffset": 6,
            "EntryNo1": 0,
            "EntryNo2": 0,
        }
    ]


@pytest.mark.parametrize(
    "body", [b"MPF\0nothing", index((0, 1, 2), images=3), index((1 << 24, 0, 0))]
)
def test_malformed_index(body: bytes) -> None:
    with pytest.warns(UserWarning, match="malformed MPO file"):
        assert with_segments((0xE2, body)).format == "JPEG"


def test_segments_of_any_length() -> None:
    # The encoder's buffer of 64 KiB may be full after any of the segments.
    comment = b"C" * 65533
    for length in range(65536 - 60, 65536 - 20):
        im = opened(saved(ramp(), "JPEG", icc_profile=b"I" * length, comment=comment))
        assert (len(im.info["icc_profile"]), im.info["comment"]) == (length, comment)
    for length in range(65400, 65534):
        im = opened(saved(ramp(), "JPEG", comment=comment[:length]))
        assert len(im.info["comment"]) == length


def test_separate_tables() -> None:
    whole, tables, image = (saved(ramp(), "JPEG", streamtype=kind) for kind in range(3))
    assert b"\xff\xdb" in tables and b"\xff\xdb" not in image
    assert opened(tables + image).tobytes() == opened(whole).tobytes()
    assert opened(tables * 100 + image).tobytes() == opened(whole).tobytes()
    with pytest.raises(OSError, match="broken data stream"):
        opened(image).load()
