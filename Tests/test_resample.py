"""resize and reduce: values worked out by hand, the checks, and the modes' peculiarities."""

from __future__ import annotations

import random

import pytest

from PIL import Image

Filter = Image.Resampling
FILTERS = [f for f in Filter if f is not Filter.NEAREST]


def row(mode: str, values: list[float]) -> Image.Image:
    im = Image.new(mode, (len(values), 1))
    im.putdata(values)
    return im


def values(im: Image.Image) -> list[object]:
    px = im.load()
    assert px is not None
    return [px[x, y] for y in range(im.height) for x in range(im.width)]


class TestFilters:
    def test_box_halves(self) -> None:
        """(0 + 100) / 2, and 25.5 rounds up: half is added, then the fraction cut off."""
        assert values(row("L", [0, 100, 25, 26]).resize((2, 1), Filter.BOX)) == [50, 26]

    def test_box_is_half_open(self) -> None:
        """A tap at distance 1/2 counts on one side only: enlarging by 2 repeats each pixel."""
        assert values(row("L", [10, 20]).resize((4, 1), Filter.BOX)) == [10, 10, 20, 20]

    def test_bilinear(self) -> None:
        """Weights 3/4 and 1/4 inside; at the edges the missing tap is left out."""
        assert values(row("L", [0, 100]).resize((4, 1), Filter.BILINEAR)) == [0, 25, 75, 100]

    def test_bicubic_overshoots(self) -> None:
        """Of an edge: negative weights clamp to 0 and 255."""
        got = values(row("L", [0, 0, 255, 255]).resize((8, 1), Filter.BICUBIC))
        assert got == [0, 0, 0, 52, 203, 255, 255, 255]

    def test_float_keeps_the_overshoot(self) -> None:
        """Taps at distances 5/4, 1/4, 3/4, 7/4 weigh -9, 111, 29 and -3 of 128."""
        got = values(row("F", [0, 0, 256, 256]).resize((8, 1), Filter.BICUBIC))
        assert got[3] == 256 * (29 - 3) / 128
        assert got[4] == 256 - got[3]  # type: ignore[operator]

    @pytest.mark.parametrize("kind", FILTERS)
    @pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "I;16", "I", "F", "La", "PA"])
    def test_a_flat_image_stays_flat(self, mode: str, kind: Filter) -> None:
        colour = {"RGB": (1, 2, 253), "CMYK": (9, 0, 255, 128), "La": (7, 200), "PA": (3, 254)}
        im = Image.new(mode, (37, 11), colour.get(mode, 201))
        for size in ((5, 3), (80, 40), (3, 40), (80, 2)):
            assert set(values(im.resize(size, kind))) == {im.getpixel((0, 0))}

    def test_vertical_first(self) -> None:
        """Of a tall image columns go first, and what lies between is rounded: the left column
        becomes 128 (from 127.5), the right one stays 0, and their mean is 64."""
        im = Image.new("L", (2, 6))
        for y in range(0, 6, 2):
            im.putpixel((0, y), 255)
        assert values(im.resize((1, 3), Filter.BOX)) == [64, 64, 64]

    def test_box_reaches_beyond_itself(self) -> None:
        """Taps may lie outside of the box, but not outside of the image."""
        im = row("L", [100, 0, 0, 100])
        assert values(im.resize((4, 1), Filter.BILINEAR, (1, 0, 3, 1))) == [25, 0, 0, 25]


class TestModes:
    def test_16_bit_byte_order(self) -> None:
        """I;16B is computed with as if its bytes were swapped: the mean of the bytes 01 00 and
        02 00, as the numbers 1 and 2, is 1.5, rounded to 2."""
        im = Image.frombytes("I;16B", (2, 1), b"\1\0\2\0")
        assert im.resize((1, 1), Filter.BOX).tobytes() == b"\2\0"
        assert im.resize((1, 1), Filter.NEAREST).tobytes() == b"\2\0"
        im = Image.frombytes("I;16B", (2, 1), b"\0\1\0\2")
        assert im.resize((1, 1), Filter.BOX).tobytes() == b"\x80\1"

    def test_16_bit_clamps(self) -> None:
        im = row("I;16", [0, 0, 65535, 65535])
        got = values(im.resize((8, 1), Filter.BICUBIC))
        assert got[:3] == [0, 0, 0]
        assert got[5:] == [65535] * 3

    def test_int_rounds_half_away_from_zero(self) -> None:
        assert values(row("I", [1, 2, -1, -2]).resize((2, 1), Filter.BOX)) == [2, -2]

    def test_int_out_of_range(self) -> None:
        """Overshoot beyond 2^31 gives the lowest int."""
        top = 2**31 - 1
        got = values(row("I", [-top, -top, top, top]).resize((8, 1), Filter.BICUBIC))
        assert got[5] == -(2**31)

    def test_premultiplied(self) -> None:
        """The colour of transparent pixels does not bleed."""
        im = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
        im.putpixel((1, 0), (0, 255, 0, 0))
        assert values(im.resize((1, 1), Filter.BOX)) == [(255, 0, 0, 128)]

    def test_palette_images_take_the_nearest(self) -> None:
        im = row("P", [7, 9])
        assert values(im.resize((4, 1), Filter.LANCZOS)) == [7, 7, 9, 9]


class TestStraightAlpha:
    """LA and RGBA are scaled premultiplied, a few rows at a time: as if whole images had gone to La
    or RGBa and back."""

    BETWEEN = {"LA": "La", "RGBA": "RGBa"}

    @staticmethod
    def noise(mode: str, size: tuple[int, int]) -> Image.Image:
        data = random.Random(repr((mode, size))).randbytes(4 * size[0] * size[1])
        return Image.frombytes("RGBA", size, data).convert(mode)

    # Either direction alone and first, and so many taps or columns that several strips are made.
    @pytest.mark.parametrize("mode", BETWEEN)
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ((90, 70), (40, 30)), ((90, 70), (200, 150)), ((90, 70), (31, 70)),
            ((90, 70), (90, 31)), ((60, 700), (55, 20)), ((700, 60), (20, 55)),
            ((3000, 400), (3000, 3)), ((2500, 300), (2600, 2)), ((1, 1), (9, 7)), ((5, 1), (1, 4)),
        ],
    )  # fmt: skip
    def test_resize(self, mode: str, before: tuple[int, int], after: tuple[int, int]) -> None:
        im = self.noise(mode, before)
        between = im.convert(self.BETWEEN[mode])
        width, height = before
        for kind in (Filter.BOX, Filter.LANCZOS):
            for box in (None, (0, 0, width, height - 0.4), (width / 3, height / 3, width, height)):
                want = between.resize(after, kind, box).convert(mode)
                assert im.resize(after, kind, box) == want

    @pytest.mark.parametrize("mode", BETWEEN)
    @pytest.mark.parametrize("factor", [(2, 2), (3, 5), (1, 900), (7, 300), (400, 300), (5000, 1)])
    def test_reduce(self, mode: str, factor: tuple[int, int]) -> None:
        im = self.noise(mode, (1500, 310))
        between = im.convert(self.BETWEEN[mode])
        for box in (None, (3, 5, 1490, 300)):
            assert im.reduce(factor, box) == between.reduce(factor, box).convert(mode)

    @pytest.mark.parametrize("mode", BETWEEN)
    def test_unscaled_parts(self, mode: str) -> None:
        """What is cut out goes there and back too, and loses what that loses."""
        im = self.noise(mode, (40, 30))
        part = im.crop((5, 6, 25, 16))
        there_and_back = part.convert(self.BETWEEN[mode]).convert(mode)
        assert there_and_back != part
        assert im.resize((20, 10), Filter.BILINEAR, (5, 6, 25, 16)) == there_and_back

    def test_memory(self) -> None:
        """Nothing but the result is taken from the arena; images between count all the same."""
        im = self.noise("RGBA", (300, 200))
        for call, images in (
            (lambda: im.resize((50, 40), Filter.LANCZOS), 4),
            (lambda: im.resize((50, 200), Filter.LANCZOS), 3),
            (lambda: im.reduce(4), 3),
        ):
            before = Image.core.get_stats()
            result = call()
            after = Image.core.get_stats()
            used = ("allocated_blocks", "reused_blocks")
            assert sum(after[key] - before[key] for key in used) == 1
            assert after["new_count"] - before["new_count"] == images
            assert result.mode == "RGBA"

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBa", "RGBX", "La", "I;16", "F"])
    def test_other_modes(self, mode: str) -> None:
        im = Image.new(mode, (4, 4)).im
        with pytest.raises(ValueError, match="image has wrong mode"):
            im.resize((2, 2), Filter.NEAREST, (0, 0, 4, 4), True)
        with pytest.raises(ValueError, match="image has wrong mode"):
            im.reduce((2, 2), (0, 0, 4, 4), True)


class TestReduce:
    def test_rounding(self) -> None:
        """1 + 2 + 2 + 2 = 7 is 1.75, 1 + 1 + 2 + 2 = 6 is 1.5: both round up."""
        im = Image.new("L", (4, 2))
        im.putdata([1, 2, 1, 1, 2, 2, 2, 2])
        assert values(im.reduce(2)) == [2, 2]

    def test_cut_blocks(self) -> None:
        """At the right edge only what there is counts."""
        assert values(row("L", [10, 20, 30, 40, 60]).reduce(2)) == [15, 35, 60]
        assert values(row("RGB", [(0, 1, 2)] * 3 + [(4, 5, 6)]).reduce((3, 1))) == [  # type: ignore[list-item]
            (0, 1, 2),
            (4, 5, 6),
        ]

    def test_float_adds_pairs_as_floats(self) -> None:
        """2^24 + 1 is lost in single precision, within a pair; not across pairs."""
        assert values(row("F", [2.0**24, 1, 1, 1]).reduce((4, 1))) == [(2.0**24 + 2) / 4]

    def test_ints_wrap_in_pairs(self) -> None:
        assert values(row("I", [2**31 - 1, 1]).reduce((2, 1))) == [-(2**30)]

    @pytest.mark.parametrize("mode", ["1", "P", "I;16", "I;16B"])
    def test_wrong_modes(self, mode: str) -> None:
        with pytest.raises(ValueError, match="wrong mode"):
            Image.new(mode, (4, 4)).reduce(2)

    def test_huge_factors(self) -> None:
        assert values(row("L", [1, 2, 3]).reduce(2**31 - 1)) == [2]


class TestArguments:
    im = Image.new("L", (10, 8))

    @pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, 5)])
    def test_sizes(self, size: tuple[int, int]) -> None:
        with pytest.raises(ValueError, match="must be > 0"):
            self.im.im.resize(size, 2)

    @pytest.mark.parametrize(
        "box, message",
        [
            ((-1, 0, 5, 5), "negative"),
            ((0, -0.5, 5, 5), "negative"),
            ((0, 0, 11, 5), "exceed"),
            ((0, 0, 5, 8.5), "exceed"),
            ((5, 0, 4, 5), "empty"),
            ((0, 5, 5, 4), "empty"),
        ],
    )
    def test_boxes(self, box: tuple[float, ...], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            self.im.im.resize((3, 3), 2, box)

    def test_types(self) -> None:
        with pytest.raises(TypeError):
            self.im.im.resize((1.5, 3), 2)
        with pytest.raises(TypeError, match=r"must be (sequence|tuple) of length 4"):
            self.im.im.resize((3, 3), 2, (0, 0, 5))

    def test_nan_does_no_harm(self) -> None:
        nan = float("nan")
        for kind in Filter:
            for box in ((nan, 0, 5, 5), (0, 0, nan, 5), (0, nan, 5, nan), (nan,) * 4):
                assert self.im.im.resize((3, 3), kind, box).size == (3, 3)
                straight = Image.new("LA", (5, 5)).im
                assert straight.resize((3, 3), kind, box, True).size == (3, 3)

    def test_too_large(self) -> None:
        with pytest.raises(MemoryError):
            self.im.im.resize((2**29, 1), Filter.BOX)
        with pytest.raises(MemoryError):
            self.im.im.resize((1, 2**31 - 1), Filter.LANCZOS)

    def test_empty_source(self) -> None:
        for kind in Filter:
            assert values(Image.new("L", (0, 3)).resize((2, 1), kind)) == [0, 0]

    def test_empty_box(self) -> None:
        """Of no width: every output is taken at the same place."""
        got = values(row("L", [0, 100]).resize((3, 1), Filter.BILINEAR, (1, 0, 1, 1)))
        assert got == [50, 50, 50]


def test_thumbnail_of_no_rows() -> None:
    """Metafiles may be opened that have such a size. Pillow lets ZeroDivisionError out."""
    with pytest.raises(ValueError, match="image has no rows"):
        Image.new("L", (5, 0)).thumbnail((4, 4))
