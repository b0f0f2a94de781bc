"""Colour management: values written down, wrong use, and profiles that lie."""

from __future__ import annotations

import io
import struct
import threading

import pytest

from PIL import Image, ImageCms

pytest.importorskip("PIL._imagingcms", reason="built without Little CMS")

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
DATA = SRGB.tobytes()
PROPERTIES = [name for name in dir(type(SRGB.profile)) if not name.startswith("_")]


def with_tag(name: bytes, content: bytes) -> bytes:
    """The sRGB profile with one more tag."""
    (count,) = struct.unpack_from(">I", DATA, 128)
    table, rest = DATA[132 : 132 + 12 * count], DATA[132 + 12 * count :]
    entries = [list(struct.unpack_from(">4sII", table, 12 * i)) for i in range(count)]
    entries = [[sig, offset + 12, size] for sig, offset, size in entries if sig != name]
    gap = b"\0" * (12 * (count - len(entries)))
    entries.append([name, len(DATA) + 12, len(content)])
    body = DATA[4:128] + struct.pack(">I", len(entries))
    body += b"".join(struct.pack(">4sII", *e) for e in entries) + gap + rest + content
    return struct.pack(">I", len(body) + 4) + body


def test_grey_to_lab_and_back() -> None:
    grey = Image.new("RGB", (3, 2), (128, 128, 128))
    lab = grey.convert("LAB")
    assert lab.getpixel((2, 1)) == (137, 128, 128)
    assert lab.convert("RGB").getpixel((0, 0)) == (128, 128, 128)
    assert ImageCms.ImageCmsProfile(io.BytesIO(lab.info["icc_profile"])).profile.device_class


def test_fourth_byte_goes_along() -> None:
    transform = ImageCms.buildTransform(SRGB, SRGB, "RGBA", "RGBA")
    im = Image.new("RGBA", (2, 1), (255, 0, 0, 77))
    assert transform.apply(im).getpixel((1, 0)) == (255, 0, 0, 77)


def test_smaller_output_stays() -> None:
    transform = ImageCms.buildTransform(SRGB, SRGB, "RGB", "RGB")
    small = Image.new("RGB", (2, 2), (1, 2, 3))
    assert transform.apply(Image.new("RGB", (3, 1)), small) is small
    assert small.getpixel((0, 0)) == (1, 2, 3)
    assert "icc_profile" in small.info


def test_in_place_leaves_borrowed_memory_alone() -> None:
    transform = ImageCms.buildTransform(
        SRGB, ImageCms.createProfile("LAB"), "RGB", "LAB", ImageCms.Intent.PERCEPTUAL
    )
    im = Image.new("RGB", (2, 2), (100, 150, 90))
    lab = transform.apply(im)
    assert transform.apply(im, lab) is lab
    null = ImageCms.buildTransform(
        ImageCms.createProfile("LAB"), ImageCms.createProfile("LAB"), "LAB", "LAB"
    )
    expected = null.apply(lab).tobytes()
    assert null.apply_in_place(lab) is lab
    assert lab.tobytes() == expected

    swap = ImageCms.buildTransform(SRGB, SRGB, "RGBX", "RGBX")
    data = bytes(range(16))
    borrowed = Image.frombuffer("RGBX", (2, 2), data, "raw", "RGBX", 0, 1)
    core = borrowed.im
    swap.apply_in_place(borrowed)
    assert borrowed.im is not core
    with pytest.raises(ValueError, match="readonly"):
        swap.transform.apply(core.ptr, core.ptr)
    assert data == bytes(range(16))


def test_wrong_objects() -> None:
    transform = ImageCms.buildTransform(SRGB, SRGB, "RGB", "RGB")
    with pytest.raises(TypeError):
        transform.transform.apply(1, 2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="mode mismatch"):
        transform.apply(Image.new("L", (1, 1)))
    with pytest.raises(ImageCms.PyCMSError, match="cannot build transform"):
        ImageCms.buildTransform(SRGB, SRGB, "RGB", "X" * 1000)
    with pytest.raises(ValueError, match="embedded null"):
        ImageCms.core.profile_open("a\0b")


@pytest.mark.parametrize("kelvin", (3999, 25001, float("inf"), "x", None))
def test_bad_temperature(kelvin: object) -> None:
    with pytest.raises(ImageCms.PyCMSError):
        ImageCms.createProfile("LAB", kelvin)  # type: ignore[arg-type]


def use_up(data: bytes) -> bool:
    """Reads all of a profile and transforms with it. Any refusal is fine; False if not opened."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
    except OSError:
        return False
    for name in PROPERTIES:
        try:
            getattr(profile.profile, name)
        except ValueError:  # a signature that is not ASCII, a date that does not exist
            assert name not in ("version", "rendering_intent", "is_matrix_shaper")
    try:
        transform = ImageCms.buildTransform(profile, SRGB, "RGB", "RGB")
    except ImageCms.PyCMSError:
        return True
    transform.apply(Image.new("RGB", (9, 1), (1, 2, 3)))
    try:
        profile.tobytes()
    except OSError:
        return True
    return True


def test_truncated_profiles() -> None:
    assert use_up(DATA)
    opened = [use_up(DATA[:size]) for size in range(0, len(DATA), 7)]
    assert not any(opened[: 132 // 7])


def test_changed_words() -> None:
    """Every word of header, tag table and tag values, replaced by absurd ones."""
    results = set()
    for position in range(0, len(DATA) - 3, 4):
        for word in (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\x80\0\0\0"):
            results.add(use_up(DATA[:position] + word + DATA[position + 4 :]))
    assert results == {True, False}


def test_short_adaptation_matrix_is_not_read() -> None:
    whole = b"sf32\0\0\0\0" + struct.pack(">9i", *([65536, 0, 0, 0] * 2), 65536)
    good = ImageCms.ImageCmsProfile(io.BytesIO(with_tag(b"chad", whole)))
    rows, _ = good.profile.chromatic_adaptation or ((), ())
    assert rows == ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    for short in (whole[:3], whole[:8], whole[:12], whole[:40], whole[:43], b"XYZ " + whole[4:20]):
        profile = io.BytesIO(with_tag(b"chad", short))
        try:
            opened = ImageCms.ImageCmsProfile(profile)
        except OSError:  # Little CMS before 2.14 would read on behind the tag
            assert tuple(map(int, str(ImageCms.core.littlecms_version).split("."))) < (2, 14)
        else:
            assert opened.profile.chromatic_adaptation is None


def test_empty_texts_are_texts() -> None:
    def copyright_of(content: bytes) -> str | None:
        return ImageCms.ImageCmsProfile(io.BytesIO(with_tag(b"cprt", content))).profile.copyright

    assert copyright_of(b"text\0\0\0\0\0") == ""
    assert copyright_of(b"text\0\0\0\0\0hidden") == ""
    assert copyright_of(b"mluc\0\0\0\0" + struct.pack(">II", 0, 12)) is None


def test_colorant_table_with_a_lying_count() -> None:
    entry = b"Cyan".ljust(32, b"\0") + b"\0" * 6
    honest = with_tag(b"clrt", b"clrt\0\0\0\0" + struct.pack(">I", 1) + entry)
    assert ImageCms.ImageCmsProfile(io.BytesIO(honest)).profile.colorant_table == ["Cyan"]
    for count in (2, 17, 0xFFFFFFFF):
        lie = with_tag(b"clrt", b"clrt\0\0\0\0" + struct.pack(">I", count) + entry)
        assert ImageCms.ImageCmsProfile(io.BytesIO(lie)).profile.colorant_table is None


def test_threads_share_profile_and_transform() -> None:
    source = Image.linear_gradient("L").convert("RGB")
    profile = ImageCms.ImageCmsProfile(io.BytesIO(DATA))
    expected = ImageCms.buildTransform(profile, ImageCms.createProfile("LAB"), "RGB", "LAB")
    pixels = expected.apply(source).tobytes()
    wrong: list[object] = []

    def work() -> None:
        for _ in range(5):
            own = ImageCms.buildTransform(profile, ImageCms.createProfile("LAB"), "RGB", "LAB")
            results = [transform.apply(source).tobytes() for transform in (own, expected)]
            if results != [pixels, pixels] or profile.profile.copyright is None:
                wrong.append(results)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
