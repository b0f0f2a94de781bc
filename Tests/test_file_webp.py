"""WebP: files made here are read back; damaged ones end in documented exceptions."""

from __future__ import annotations

import io
import struct
import threading
import warnings

import pytest

from filemakers import Bounds, changes, opened, outcomes_of, saved, survive, truncations
from PIL import Image, features

pytestmark = pytest.mark.skipif(not features.check("webp"), reason="built without libwebp")
_webp = pytest.importorskip("PIL._webp")


def picture(seed: int = 0, mode: str = "RGB", size: tuple[int, int] = (6, 5)) -> Image.Image:
    bands = len(Image.new(mode, (1, 1)).getbands())
    count = size[0] * size[1] * bands
    return Image.frombytes(mode, size, bytes((i * 37 + seed * 91) % 256 for i in range(count)))


def animation(**options: object) -> bytes:
    frames = [picture(i, "RGBA") for i in range(3)]
    defaults: dict[str, object] = {"lossless": True, "duration": [100, 250, 30]}
    return saved(
        frames[0], "WEBP", save_all=True, append_images=frames[1:], **{**defaults, **options}
    )


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
        for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def extended(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes((flags, 0, 0, 0)) + size


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_lossless_is_exact(mode: str) -> None:
    im = picture(mode=mode)
    with opened(saved(im, "WEBP", lossless=True, exact=True)) as back:
        assert (back.format, back.mode, back.size) == ("WEBP", mode, im.size)
        assert back.tobytes() == im.tobytes()
        assert back.info["timestamp"] == 0


def test_colours_below_transparency_are_kept_only_if_exact() -> None:
    im = Image.new("RGBA", (4, 4), (9, 8, 7, 0))
    assert opened(saved(im, "WEBP", lossless=True, exact=True)).getpixel((0, 0)) == (9, 8, 7, 0)
    assert opened(saved(im, "WEBP", lossless=True)).getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "mode, written", [("1", "RGB"), ("L", "RGB"), ("LA", "RGBA"), ("P", "RGB"), ("CMYK", "RGB")]
)
def test_other_modes_are_converted(mode: str, written: str) -> None:
    im = Image.new(mode, (5, 3), 0 if mode != "LA" else (20, 128))
    assert opened(saved(im, "WEBP")).mode == written


def test_metadata() -> None:
    data = saved(
        picture(), "WEBP", icc_profile=b"icc!", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0", xmp="<é/>"
    )
    with opened(data) as im:
        assert im.info["icc_profile"] == b"icc!"
        assert im.info["exif"] == b"MM\0*\0\0\0\x08\0\0"
        assert im.info["xmp"] == "<é/>".encode()
    # They are not taken over by themselves.
    assert "xmp" not in opened(saved(opened(data), "WEBP")).info


def test_animation() -> None:
    with opened(animation(loop=7, background=(1, 2, 3, 4))) as im:
        assert im.n_frames == 3
        assert im.is_animated
        assert im.info["loop"] == 7
        assert im.info["background"] == (1, 2, 3, 4)
        times = {0: (0, 100), 1: (100, 250), 2: (350, 30)}
        for frame in (2, 0, 1, 1, 2):
            im.seek(frame)
            im.load()
            assert im.tell() == frame
            assert (im.info["timestamp"], im.info["duration"]) == times[frame]
            # Colours below alpha 0 may differ.
            assert im.convert("RGBa").tobytes() == picture(frame, "RGBA").convert("RGBa").tobytes()
        for frame in (-1, 3):
            with pytest.raises(EOFError):
                im.seek(frame)


def test_main_image_returns_to_its_frame() -> None:
    with opened(animation()) as im:
        im.seek(1)
        assert opened(saved(im, "WEBP", save_all=True)).n_frames == 3
        assert im.tell() == 1


def test_fractions_of_milliseconds_add_up() -> None:
    with opened(animation(duration=10.4)) as im:
        im.seek(2)
        im.load()
        assert (im.info["timestamp"], im.info["duration"]) == (21, 10)


def test_a_frame_does_not_change_the_mode_that_was_chosen_since() -> None:
    with opened(animation()) as im:
        im.load()
        im.thumbnail((2, 2))
        im.seek(1)
        im.load()
        assert im.size == (6, 5)


@pytest.mark.parametrize(
    "options, error",
    [
        ({"method": 7}, ValueError),
        ({"quality": 101}, ValueError),
        ({"alpha_quality": -1}, ValueError),
        ({"lossless": 2}, ValueError),
        ({"exif": "text"}, TypeError),
    ],
)
def test_options_that_are_refused(options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        saved(picture(), "WEBP", **options)


@pytest.mark.parametrize("colour", [5, (1, 2, 3), (1, 2, 3, 256), (-1, 0, 0, 0), None])
def test_backgrounds_that_are_refused(colour: object) -> None:
    with pytest.raises(OSError, match="Background color"):
        animation(background=colour)


def test_frames_of_other_sizes_are_refused() -> None:
    with pytest.raises(RuntimeError, match="dimensions"):
        saved(picture(), "WEBP", save_all=True, append_images=[picture(size=(4, 4))])


def test_too_wide() -> None:
    with pytest.raises(ValueError, match="encoding error 5: Image size exceeds"):
        saved(Image.new("RGB", (16384, 1)), "WEBP")


# The module


def test_decoder_reads_into_fitting_images_only() -> None:
    decoder = _webp.WebPAnimDecoder(animation())
    for im in (Image.new("RGBA", (6, 4)), Image.new("L", (6, 5))):
        with pytest.raises(ValueError, match="does not fit"):
            decoder.read_next(im.getim())
    with pytest.raises(TypeError):
        decoder.read_next(5)
    im = Image.new("RGBA", (6, 5))
    assert decoder.read_next(im.getim()) == 100
    decoder.reset()
    assert (im.tobytes(), 100) == decoder.get_next()
    assert decoder.read_next(None) == 350
    assert decoder.read_next(None) == 380
    with pytest.raises(OSError, match="failed to read next frame"):
        decoder.read_next(None)


def test_unknown_chunks() -> None:
    decoder = _webp.WebPAnimDecoder(saved(picture(), "WEBP", exif=b"e"))
    assert decoder.get_chunk("EXIF") == b"e"
    for name in ("", "E", "EXI", "ICCP", "nope"):
        assert decoder.get_chunk(name) is None


def test_many_threads_on_one_decoder() -> None:
    frames = [picture(i, size=(64, 64)) for i in range(20)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=1)
    decoder = _webp.WebPAnimDecoder(data)
    unexpected: list[BaseException] = []

    def work() -> None:
        for _ in range(50):
            try:
                decoder.get_next()
            except (OSError, RuntimeError):
                pass
            except BaseException as error:
                unexpected.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert unexpected == []
    decoder.reset()
    assert decoder.get_next()[1] == 1


# Damaged files

FILES = {
    "lossy": saved(picture(), "WEBP", exif=Image.Exif().tobytes(), icc_profile=b"icc"),
    "lossless": saved(picture(mode="RGBA"), "WEBP", lossless=True),
    "alpha": saved(picture(mode="RGBA"), "WEBP", quality=30),
    "animated": animation(),
}


@pytest.mark.parametrize("name", FILES)
def test_damaged(name: str) -> None:
    data = FILES[name]
    assert survive(data, ["WEBP"]) == "ok"
    with Bounds(seconds=60, megabytes=100):
        outcomes = outcomes_of(truncations(data), ["WEBP"])
        assert outcomes["OSError"] > 0
        # What is missing may be metadata behind the picture, but not the picture.
        assert outcomes["ok"] < len(data) // 2
        outcomes += outcomes_of(changes(data), ["WEBP"])
    assert outcomes["ok"] > 0


@pytest.mark.parametrize(
    "chunk",
    [
        extended(16384, 16384),
        extended(1 << 24, 1 << 24, flags=2),
        (b"VP8L", b"\x2f\xff\xff\xff\x0f"),
        (b"VP8 ", b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f"),
    ],
)
def test_bombs_are_refused_before_libwebp_sees_them(chunk: tuple[bytes, bytes]) -> None:
    with pytest.raises(Image.DecompressionBombError), Bounds(seconds=2, megabytes=2):
        opened(riff(chunk))


def test_canvas_far_larger_than_its_frames() -> None:
    # Below the limit, with a frame of 2x2 pixels on it: libwebp makes the canvas only when it is
    # decoded, and opening alone must not cost its memory.
    frame = saved(picture(size=(2, 2)), "WEBP", lossless=True)[12:]
    header = bytes(6) + b"\1\0\0" + b"\1\0\0" + b"\1\0\0" + b"\0"
    data = riff(
        extended(8000, 8000, flags=2), (b"ANIM", b"\0\0\0\0\0\0"), *[(b"ANMF", header + frame)] * 4
    )
    with warnings.catch_warnings(), Bounds(seconds=5, megabytes=10):
        warnings.simplefilter("error")
        with Image.open(io.BytesIO(data)) as im:
            assert (im.size, im.n_frames) == ((8000, 8000), 4)


def test_frame_outside_the_canvas() -> None:
    frame = saved(picture(size=(2, 2)), "WEBP", lossless=True)[12:]
    header = b"\x02\0\0" + bytes(3) + b"\1\0\0" + b"\1\0\0" + b"\1\0\0" + b"\0"
    data = riff(extended(4, 4, flags=2), (b"ANIM", bytes(6)), (b"ANMF", header + frame))
    assert survive(data, ["WEBP"]) == "OSError"


@pytest.mark.parametrize("size", [0, 3, 2**31, 2**32 - 1])
def test_lengths_that_are_not_true(size: int) -> None:
    data = bytearray(FILES["lossless"])
    data[4:8] = struct.pack("<I", size)
    assert survive(bytes(data), ["WEBP"]) == "OSError"
    data = bytearray(FILES["lossless"])
    data[16:20] = struct.pack("<I", size)
    assert survive(bytes(data), ["WEBP"]) == "OSError"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [False, True])
def test_still_pictures_are_what_the_animation_decoder_makes(mode: str, lossless: bool) -> None:
    """They are decoded into the image itself, and not by way of a canvas."""
    data = saved(picture(3, mode, (37, 23)), "WEBP", lossless=lossless)
    im = opened(data)
    pixels, end = _webp.WebPAnimDecoder(data).get_next()
    assert im.tobytes("raw", "RGBX" if mode == "RGB" else "RGBA") == pixels
    assert (im.info["timestamp"], im.info["duration"]) == (0, end)


def test_a_still_picture_is_read_once() -> None:
    decoder = _webp.WebPAnimDecoder(saved(picture(), "WEBP"))
    image = Image.new("RGB", (6, 5))
    readers = (
        decoder.get_next,
        lambda: decoder.read_next(image.getim()),
        lambda: decoder.read_next(None),
    )
    for first in readers:
        first()
        for second in readers:
            with pytest.raises(OSError, match="failed to read next frame"):
                second()
        decoder.reset()


def test_still_pictures_damaged_everywhere() -> None:
    """Any byte of the bitstream changed: pixels or OSError, and the decoder can be used on."""
    data = saved(picture(1, "RGBA", (40, 30)), "WEBP")
    for at in range(12, len(data), 7):
        damaged = data[:at] + bytes((data[at] ^ 0x55,)) + data[at + 1 :]
        try:
            im = Image.open(io.BytesIO(damaged))
        except OSError:
            continue
        for _ in range(2):
            try:
                im.load()
            except OSError:
                continue
            assert im.size == im.copy().size
