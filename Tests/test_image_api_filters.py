"""Filters: construction, and dispatch by Image.filter. Expected values are Pillow 13.0.0's."""

from __future__ import annotations

from typing import Any

import pytest

from PIL import Image, ImageFilter


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: ImageFilter.Kernel((3, 3), (1, 2)), "not enough coefficients"),
        (lambda: ImageFilter.RankFilter(2, 0), "bad filter size"),
        (lambda: ImageFilter.RankFilter(23171, 0), "filter size too large"),
        (lambda: ImageFilter.RankFilter(3, 9), "bad rank value"),
        (lambda: ImageFilter.RankFilter(3, -1), "bad rank value"),
        (lambda: ImageFilter.BoxBlur(-1), "radius must be >= 0"),
        (lambda: ImageFilter.BoxBlur((1, float("nan"))), "radius must be >= 0"),
        (lambda: ImageFilter.BoxBlur(2**31), "radius too large"),
        (lambda: ImageFilter.Color3DLUT(1, [1] * 3), r"\[2, 65\] range"),
        (lambda: ImageFilter.Color3DLUT((2, 2), [1] * 24), "tuple of three integers"),
        (lambda: ImageFilter.Color3DLUT(2, [1] * 24, 2), "Only 3 or 4"),
        (lambda: ImageFilter.Color3DLUT(2, [1] * 25), "3x2x2x2. Actual length: 25"),
        (lambda: ImageFilter.Color3DLUT(2, [(1, 2, 3)] * 7 + [(1,)]), "length of 3"),
    ],
)
def test_refused(make: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


def test_scale_is_the_sum() -> None:
    assert ImageFilter.Kernel((3, 1), (1, 2, 3)).filterargs == ((3, 1), 6, 0, (1, 2, 3))
    assert ImageFilter.Kernel((3, 1), (1, 2, 3), 0, 5).filterargs == ((3, 1), 0, 5, (1, 2, 3))


@pytest.mark.parametrize("size", [2**31, 2**32 - 1])
def test_margins_that_overflow_are_refused(size: int) -> None:
    rank = ImageFilter.RankFilter(3, 0)
    rank.size = size
    with pytest.raises(ValueError, match="filter size too large"):
        Image.new("L", (16, 16)).filter(rank)


@pytest.mark.parametrize("radius", [0, (0, 0), 0.0])
def test_no_blur_is_a_copy_in_any_mode(radius: Any) -> None:
    im = Image.new("P", (2, 1), (1, 2, 3))
    for blur in (ImageFilter.BoxBlur(radius), ImageFilter.GaussianBlur(radius)):
        assert im.filter(blur) == im


@pytest.mark.parametrize("what", [5, object])
def test_not_a_filter(what: Any) -> None:
    with pytest.raises(TypeError, match=r"ImageFilter\.Filter instance or class"):
        Image.new("RGB", (4, 4)).filter(what)


def test_bands_one_by_one_or_all_at_once() -> None:
    seen = []

    class Single(ImageFilter.Filter):
        def filter(self, image: Any) -> Any:
            seen.append((image.mode, image.bands))
            return image.copy()

    class All(ImageFilter.MultibandFilter):
        filter = Single.filter

    im = Image.new("RGBA", (1, 1))
    im.info["x"] = 1
    assert im.filter(Single).info == {"x": 1}
    assert seen == [("L", 1)] * 4
    seen.clear()
    im.filter(All())
    assert seen == [("RGBA", 4)]


def test_table_functions() -> None:
    lut = ImageFilter.Color3DLUT.generate((2, 3, 4), lambda r, g, b: (r, g, b))
    assert lut.table[:9] == [0, 0, 0, 1, 0, 0, 0, 0.5, 0]  # type: ignore[comparison-overlap]
    wide = lut.transform(lambda *v: (*v[3:], v[0]), with_normals=True, channels=4)
    assert wide.table[4:8] == [1, 0, 0, 1]  # type: ignore[comparison-overlap]
    wide.mode = "RGBA"
    assert repr(wide) == "<Color3DLUT from list size=2x3x4 channels=4 target_mode=RGBA>"
    with pytest.raises(TypeError):
        ImageFilter.Color3DLUT.generate(2, lambda r, g, b: 1)  # type: ignore[arg-type, return-value]
