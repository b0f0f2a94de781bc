"""AVIF: files made here are read back; damaged ones end in documented exceptions.

AVIF is lossy but at quality 100 without subsampling, where the conversion to YUV and back still
rounds: BT.601 at 8 bits, full range, moves a value by at most 3.
"""

from __future__ import annotations

import collections
import io
import struct
import threading

import pytest

from filemakers import Bounds, opened, saved, survive
from PIL import AvifImagePlugin, ExifTags, Image, ImageChops, features

_avif = pytest.importorskip("PIL._avif", reason="built without libavif")

VERSION = tuple(int(n) for n in (features.version("avif") or "0").split("."))
ROUNDING = 3
EXACT = {"quality": 100, "subsampling": "4:4:4", "speed": 9}


def picture(mode: str = "RGB", size: tuple[int, int] = (20, 13), seed: int = 0) -> Image.Image:
    """Smooth colours, so that lossy steps stay small."""
    across = Image.linear_gradient("L").resize(size)
    bands = [across, across.rotate(180), across.point(lambda v: (v + 40 * seed) // 2)]
    if mode == "RGBA":
        bands.append(across.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    return Image.merge(mode, bands) if mode != "L" else across


def animation(**options: object) -> bytes:
    frames = [picture("RGBA", seed=i) for i in range(4)]
    defaults: dict[str, object] = {"duration": [10, 20, 30, 40], **EXACT}
    return saved(
        frames[0], "AVIF", save_all=True, append_images=frames[1:], **{**defaults, **options}
    )


def furthest(a: Image.Image, b: Image.Image) -> int:
    extrema = ImageChops.difference(a, b).getextrema()
    return max(high for _, high in (extrema if isinstance(extrema[0], tuple) else (extrema,)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_best_quality_only_rounds(mode: str) -> None:
    im = picture(mode)
    with opened(saved(im, "AVIF", **EXACT)) as back:
        assert (back.format, back.mode, back.size) == ("AVIF", mode, im.size)
        assert furthest(back, im) <= ROUNDING
        if mode == "RGBA":
            assert back.getchannel("A").tobytes() == im.getchannel("A").tobytes()


def test_grey_stays_grey_where_libavif_can() -> None:
    im = picture("L")
    with opened(saved(im, "AVIF", quality=100, speed=9)) as back:
        assert back.mode == ("L" if VERSION >= (1, 3) else "RGB")
        assert furthest(back.convert("L"), im) <= ROUNDING


def test_quality_is_a_scale() -> None:
    sizes = [len(saved(picture(size=(64, 64)), "AVIF", quality=q, speed=9)) for q in (5, 60, 100)]
    assert sizes == sorted(set(sizes))


def test_frames_into_images_are_those_in_bytes() -> None:
    for mode in ("RGB", "RGBA"):
        data = saved(picture(mode, (33, 7)), "AVIF", speed=9)
        pixels, *times = _avif.AvifDecoder(data, "auto", 1).get_frame(0)
        with opened(data) as im:
            assert im.tobytes() == pixels
        core = Image.new(mode, (33, 7))
        assert _avif.AvifDecoder(data, "auto", 1).read_frame(0, core.getim()) == (None, *times)
        for other in (Image.new(mode, (7, 33)), Image.new("L", (33, 7))):
            with pytest.raises(ValueError, match="does not fit"):
                _avif.AvifDecoder(data, "auto", 1).read_frame(0, other.getim())
        with pytest.raises(TypeError, match="Capsule"):
            _avif.AvifDecoder(data, "auto", 1).read_frame(0, object())


def test_frames_in_any_order() -> None:
    with opened(animation()) as im:
        assert (im.n_frames, im.is_animated) == (4, True)
        for frame, begin, long in ((3, 60, 40), (0, 0, 10), (2, 30, 30), (1, 10, 20)):
            im.seek(frame)
            assert im.tell() == frame
            assert "timestamp" not in im.info
            im.load()
            assert (im.info["timestamp"], im.info["duration"]) == (begin, long)
            # Frames refer to each other, so that animations are never lossless.
            assert furthest(im, picture("RGBA", seed=frame)) <= 16
        with pytest.raises(EOFError):
            im.seek(4)
        assert im.tell() == 1


def test_saving_leaves_images_where_they_stand() -> None:
    with opened(animation()) as im, opened(animation()) as more:
        im.seek(2)
        more.seek(3)
        data = saved(im, "AVIF", save_all=True, append_images=[more], speed=9)
        assert (im.tell(), more.tell()) == (2, 3)
        assert opened(data).n_frames == 8
        with pytest.raises(IndexError):
            saved(im, "AVIF", save_all=True, duration=[1, 2])
        assert im.tell() == 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("as_bytes", [False, True])
def test_orientation_moves_to_the_properties_and_back(orientation: int, as_bytes: bool) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "maker"
    data = saved(picture(), "AVIF", exif=exif.tobytes() if as_bytes else exif, speed=9)
    stored = _avif.AvifDecoder(data, "auto", 1).get_info()
    assert stored[5] == orientation
    kept = Image.Exif()
    kept.load(stored[4])
    assert dict(kept) == {ExifTags.Base.Make: "maker"}
    with opened(data) as im:
        found = im.getexif()
        assert found.get(ExifTags.Base.Orientation, 1) == orientation
        assert found[ExifTags.Base.Make] == "maker"


# From the definition of HEIF: first a quarter turns against the clock, then mirroring; axis 0
# exchanges top and bottom. What Exif calls the same follows from transforming a picture.
EXIF_METHODS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_every_rotation_and_mirroring(turns: int, axis: int | None) -> None:
    small = Image.frombytes("L", (2, 2), b"\x01\x02\x03\x04")
    expected = small.rotate(90 * turns)
    if axis is not None:
        expected = expected.transpose(Image.Transpose(1 - axis))
    # A file with both properties, patched to these values.
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 5 if axis is not None else 8
    data = bytearray(saved(picture(), "AVIF", exif=exif, speed=9))
    data[data.index(b"irot") + 4] = turns
    if axis is not None:
        data[data.index(b"imir") + 4] = axis
    told = opened(bytes(data)).getexif().get(ExifTags.Base.Orientation, 1)
    applied = small.transpose(EXIF_METHODS[told]) if told != 1 else small
    assert applied.tobytes() == expected.tobytes()


def test_metadata() -> None:
    im = picture()
    im.info["icc_profile"] = profile = b"p" * 132
    with opened(saved(im, "AVIF", xmp="<x>é</x>", speed=9)) as back:
        assert back.info["icc_profile"] == profile
        assert back.info["xmp"] == "<x>é</x>".encode()
    with opened(saved(im, "AVIF", icc_profile=None, speed=9)) as back:
        assert not {"icc_profile", "xmp", "exif"} & set(back.info)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"quality": 101}, ValueError, "quality"),
        ({"quality": 5.5}, ValueError, "quality"),
        ({"subsampling": "4:1:1"}, ValueError, "subsampling"),
        ({"range": "half"}, ValueError, "range"),
        ({"codec": "dav1d"}, ValueError, "codec"),
        ({"codec": "none"}, ValueError, "codec"),
        ({"advanced": 5}, ValueError, "pairs"),
        ({"advanced": [("a",)]}, ValueError, "pairs"),
        ({"advanced": {"a": 1}}, ValueError, "advanced"),
        ({"advanced": {"no-such-option": "1"}, "codec": "aom"}, ValueError, "option"),
        ({"exif": "text"}, TypeError, "exif"),
        ({"exif": b"not Exif"}, SyntaxError, ""),
        ({"exif": b"Exif\0\0"}, ValueError, "Exif"),
        ({"speed": "fast"}, TypeError, ""),
    ],
)
def test_what_saving_refuses(
    options: dict[str, object], error: type[Exception], text: str
) -> None:
    if options.get("codec") == "aom" and not _avif.encoder_codec_available("aom"):
        pytest.skip("built without aom")
    with pytest.raises(error, match=text or None):
        saved(picture(), "AVIF", **options)


def test_frames_must_have_one_size() -> None:
    frames = [picture(), picture(size=(8, 8))]
    with pytest.raises(ValueError, match="dimensions mismatch"):
        saved(frames[0], "AVIF", save_all=True, append_images=frames[1:])
    with pytest.raises(ValueError, match="dimensions"):
        saved(Image.new("RGB", (0, 3)), "AVIF")


def test_encoder_checks_its_pixels() -> None:
    def encoder(size: tuple[int, int] = (4, 4)) -> object:
        return _avif.AvifEncoder(
            size, "4:2:0", 75, 9, 1, "auto", "full", 0, 0, False, True, b"", b"", 1, b"", None
        )  # fmt: skip

    for count in (0, 47, 49):
        with pytest.raises(RuntimeError, match="incorrect size"):
            encoder().add(bytes(count), 0, (4, 4), "RGB", True)
    with pytest.raises(ValueError, match="mismatch"):
        encoder().add(bytes(48), 0, (3, 4), "RGB", True)
    with pytest.raises(SyntaxError):  # nothing was added
        encoder().finish()
    huge = encoder((0x7FFFFFFF, 0x7FFFFFFF))
    with pytest.raises(RuntimeError, match="incorrect size"):
        huge.add(bytes(12), 0, (0x7FFFFFFF, 0x7FFFFFFF), "RGB", True)
    for args in ((), (1,), ((4, 4), "4:2:0")):
        with pytest.raises(TypeError):
            _avif.AvifEncoder(*args)


def test_codecs() -> None:
    assert AvifImagePlugin.get_codec_version("none") is None
    assert any(map(_avif.decoder_codec_available, ("dav1d", "aom", "libgav1")))
    for name in ("auto", "none", ""):
        assert not _avif.decoder_codec_available(name)
        assert not _avif.encoder_codec_available(name)


def test_codec_that_cannot_decode(monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(picture(), "AVIF", speed=9)
    monkeypatch.setattr(AvifImagePlugin, "DECODE_CODEC_CHOICE", "rav1e")
    with pytest.raises(ValueError, match="codec"):
        opened(data)


def test_decoders_in_threads() -> None:
    data = animation()
    with opened(data) as im:
        expected = []
        for frame in range(4):
            im.seek(frame)
            expected.append(im.tobytes())
    wrong: list[object] = []

    def work(frame: int) -> None:
        for _ in range(5):
            with opened(data) as im:
                im.seek(frame)
                if im.tobytes() != expected[frame]:
                    wrong.append(frame)

    threads = [threading.Thread(target=work, args=(frame,)) for frame in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_one_decoder_in_threads_is_used_by_one_at_a_time() -> None:
    decoder = _avif.AvifDecoder(animation(), "auto", 1)
    outcomes: collections.Counter[str] = collections.Counter()

    def work() -> None:
        for frame in (0, 3, 1, 2) * 3:
            try:
                decoder.get_frame(frame)
                outcomes["frame"] += 1
            except RuntimeError as e:
                outcomes[str(e)] += 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcomes.values()) == 48
    assert set(outcomes) <= {"frame", "object is in use by another thread"}


# Damage

IDENTITY = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"


@pytest.mark.parametrize(
    "data",
    [
        IDENTITY,
        IDENTITY + struct.pack(">I", 8) + b"meta",
        IDENTITY + struct.pack(">I", 0xFFFFFFF0) + b"meta",
        IDENTITY + struct.pack(">I4sQ", 1, b"meta", 2**63),
        IDENTITY + struct.pack(">I", 0) + b"moov",
        b"\0\0\0\x0cftypmsf1",
        b"\xff\xff\xff\xffftypavif",
    ],
)
def test_hollow_files(data: bytes) -> None:
    with Bounds(1, 5):
        assert survive(data, ["AVIF"]) == "UnidentifiedImageError"


def test_no_unit_of_time() -> None:
    data = bytearray(animation())
    place = data.index(b"mdhd")
    data[place + 24 : place + 28] = bytes(4)  # version 1: after flags and two 64-bit times
    # Version 1.0 and later refuse such a file.
    assert survive(bytes(data), ["AVIF"]) in ("ok", "OSError", "UnidentifiedImageError")


@pytest.mark.parametrize("data", [saved(picture(), "AVIF", speed=9), animation(speed=9)])
def test_damage(data: bytes) -> None:
    """Every 7th length, and every 5th byte changed: libavif's headers come first, then pixels."""
    outcomes: collections.Counter[str] = collections.Counter()
    with Bounds(60, 20):
        for length in range(0, len(data), 7):
            outcomes[survive(data[:length], ["AVIF"])] += 1
        for position in range(0, len(data), 5):
            for value in (0, 0x7F, 0xFF):
                changed = data[:position] + bytes((value,)) + data[position + 1 :]
                outcomes[survive(changed, ["AVIF"])] += 1
    assert outcomes["UnidentifiedImageError"] > 10
    assert outcomes["ok"] > 10


def test_bomb() -> None:
    data = bytearray(saved(picture(), "AVIF", speed=9))
    place = data.index(b"ispe") + 8
    data[place : place + 8] = struct.pack(">2I", 30000, 8000)
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(data))
