"""Filters: values worked out by hand or written down from Pillow 13.0.0, and errors."""

from __future__ import annotations

import array
import ctypes
import threading

import pytest

from PIL import Image, ImageFilter


def line(values: list[int]) -> Image.Image:
    return Image.frombytes("L", (len(values), 1), bytes(values))


def grid(width: int, values: list[int], mode: str = "L") -> Image.Image:
    return Image.frombytes(mode, (width, len(values) // width), bytes(values))


# --- kernels ---


def test_kernel_is_flipped_vertically() -> None:
    im = grid(3, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    first = [0] * 9
    first[0] = 1  # first row, first column: below, to the left
    assert im.filter(ImageFilter.Kernel((3, 3), first, 1)).getpixel((1, 1)) == 7
    last = [0] * 9
    last[8] = 1
    assert im.filter(ImageFilter.Kernel((3, 3), last, 1)).getpixel((1, 1)) == 3


def test_kernel_rounds_clamps_and_keeps_the_border() -> None:
    im = grid(3, [10, 20, 30, 40, 51, 60, 70, 80, 90])
    centre = [0, 0, 0, 0, 1, 0, 0, 0, 0]
    for scale, offset, expected in (
        (2, 0, 26),  # 25.5 + 0.5
        (2, 0.25, 26),  # 26.25
        (1, 250, 255),
        (1, -60, 0),
        (-1, 0, 0),
    ):
        out = im.filter(ImageFilter.Kernel((3, 3), centre, scale, offset))
        assert list(out.tobytes()) == [10, 20, 30, 40, expected, 60, 70, 80, 90]


def test_kernel_of_wide_samples() -> None:
    im = Image.new("I", (3, 3), 2**24 + 1)
    centre = [0, 0, 0, 0, 1, 0, 0, 0, 0]
    # 2^24 + 1 is not a single precision number; the sum is rounded to even.
    assert im.filter(ImageFilter.Kernel((3, 3), centre, 1)).getpixel((1, 1)) == 2**24
    assert im.filter(ImageFilter.Kernel((3, 3), centre, -1)).getpixel((1, 1)) == 0
    deep = Image.new("I;16B", (3, 3), 40000)
    assert deep.filter(ImageFilter.Kernel((3, 3), centre, 2)).getpixel((1, 1)) == 20000
    assert deep.filter(ImageFilter.Kernel((3, 3), centre, 0.5)).getpixel((1, 1)) == 65535


def test_kernel_errors() -> None:
    im = Image.new("L", (9, 9)).im
    for arguments, error, text in (
        (((3, 3), 1, 0, [1] * 8), ValueError, "bad kernel size"),
        (((7, 7), 1, 0, [1] * 49), ValueError, "bad kernel size"),
        (((3, 3), 1, 0, ["a"] * 9), TypeError, "must be real number"),
        (((3, 3), 1, 0, 5), TypeError, "must be a sequence"),
    ):
        with pytest.raises(error, match=text):
            im.filter(*arguments)
    with pytest.raises(ValueError, match="wrong mode"):
        Image.new("F", (2, 2)).im.filter((3, 3), 1, 0, [1] * 9)
    small = grid(2, [1, 2, 3, 4])
    assert small.filter(ImageFilter.SMOOTH_MORE).tobytes() == small.tobytes()


def test_division_by_a_scale_of_zero_gives_black() -> None:
    # 0 / 0 is NaN, and so is the sum; NaN becomes 0.
    im = Image.new("L", (3, 3), 9)
    kernel = [0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert Image.Image()._new(im.im.filter((3, 3), 0, 0, kernel)).getpixel((1, 1)) == 0


# --- blurs ---


def test_box_blur_of_a_step() -> None:
    # Radius 1, edges repeated: thirds of 0, 0, 0, 90, 180, 240, 240.
    out = line([0, 0, 0, 90, 90, 60, 90]).filter(ImageFilter.BoxBlur((1, 0)))
    assert list(out.tobytes()) == [0, 0, 30, 60, 80, 80, 80]


def test_box_blur_with_a_fraction() -> None:
    # Radius 0.5: the sample counts 1, its neighbours 1/4 each, of 2.
    # 0.5 * 100 = 50 with both neighbours 0, and 25 beside it.
    out = line([0, 0, 100, 0, 0]).filter(ImageFilter.BoxBlur((0.5, 0)))
    assert list(out.tobytes()) == [0, 25, 50, 25, 0]


def test_box_blur_wider_than_the_image() -> None:
    # 2 * 4 + 1 = 9 samples around each; the edges repeat.
    out = line([0, 90]).filter(ImageFilter.BoxBlur((4, 0)))
    assert list(out.tobytes()) == [40, 50]


def test_box_blur_of_a_huge_radius_keeps_only_the_ends() -> None:
    # Above 2^23 the weight of the samples is 0 and that of the two ends 1/2.
    out = line([0, 255, 255, 0, 100]).filter(ImageFilter.BoxBlur((2**23 + 2, 0)))
    assert list(out.tobytes()) == [50] * 5


def test_blurs_leave_constant_images_alone() -> None:
    for mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        im = Image.new(mode, (70, 67), tuple([200] * len(mode)) if len(mode) > 1 else 200)
        for radius in (0.3, 1, 2.5, 10, 300):
            for kind in (ImageFilter.BoxBlur, ImageFilter.GaussianBlur):
                assert im.filter(kind(radius)).tobytes() == im.tobytes()


def test_gaussian_blur_of_a_point() -> None:
    im = Image.new("L", (9, 1))
    im.putpixel((4, 0), 255)
    out = im.filter(ImageFilter.GaussianBlur((1, 0)))
    assert list(out.tobytes()) == GAUSS_POINT


GAUSS_POINT = [0, 1, 14, 60, 103, 60, 14, 1, 0]


def test_transposing_commutes_with_blurring_along_one_axis() -> None:
    data = bytes((i * 7919 >> 3) & 255 for i in range(83 * 71))
    im = Image.frombytes("L", (83, 71), data)
    turned = Image.frombytes(
        "L", (71, 83), bytes(data[y * 83 + x] for x in range(83) for y in range(71))
    )
    across = im.filter(ImageFilter.GaussianBlur((3.3, 0))).tobytes()
    down = turned.filter(ImageFilter.GaussianBlur((0, 3.3))).tobytes()
    assert across == bytes(down[x * 71 + y] for y in range(71) for x in range(83))


def test_very_long_lines_are_blurred_alike() -> None:
    # Beyond 2^17 samples a line is worked through on its own; a part of it must not differ.
    data = bytes((i * i >> 5) & 255 for i in range(140_000))
    long = Image.frombytes("L", (140_000, 1), data).filter(ImageFilter.BoxBlur((2, 0)))
    short = Image.frombytes("L", (1000, 1), data[:1000]).filter(ImageFilter.BoxBlur((2, 0)))
    assert long.tobytes()[:990] == short.tobytes()[:990]
    tall = Image.frombytes("L", (1, 140_000), data).filter(ImageFilter.BoxBlur((0, 2)))
    assert tall.tobytes() == long.tobytes()


def test_blur_errors() -> None:
    im = Image.new("L", (5, 5)).im
    with pytest.raises(ValueError, match="number of passes must be greater than zero"):
        im.box_blur((-1, 1), 0)
    with pytest.raises(ValueError, match="radius must be >= 0"):
        im.box_blur((1, float("nan")))
    with pytest.raises(ValueError, match="radius too large"):
        im.box_blur((2.0**31, 1))
    with pytest.raises(ValueError, match="radius must be >= 0"):
        im.gaussian_blur((float("inf"), 1))
    for mode in ("1", "P", "PA", "I", "F", "I;16", "YCbCr", "LAB", "HSV"):
        with pytest.raises(ValueError, match="wrong mode"):
            Image.new(mode, (5, 5)).im.unsharp_mask(1, 100, 0)
    assert Image.new("P", (0, 5)).im.box_blur((-1, -1)).size == (0, 5)


def test_unsharp_mask() -> None:
    im = line([0, 0, 0, 100, 100, 100])
    # Each difference counts twice, 3 or less not at all.
    blurred = list(im.filter(ImageFilter.GaussianBlur(1)).tobytes())
    assert blurred == [0, 6, 30, 70, 94, 99]
    out = im.filter(ImageFilter.UnsharpMask(1, 200, 3))
    expected = [
        min(255, max(0, v + 2 * (v - b))) if abs(v - b) > 3 else v
        for v, b in zip(im.tobytes(), blurred, strict=True)
    ]
    assert list(out.tobytes()) == expected
    assert expected != list(im.tobytes())


# --- rank and mode ---


def test_rank_filters() -> None:
    im = grid(3, [9, 2, 7, 4, 5, 6, 3, 8, 1])
    for rank in range(9):
        assert im.filter(ImageFilter.RankFilter(3, rank)).getpixel((1, 1)) == rank + 1
    # Corner: 9 9 2 / 9 9 2 / 4 4 5.
    assert im.filter(ImageFilter.MedianFilter(3)).getpixel((0, 0)) == 5
    assert im.filter(ImageFilter.MinFilter(3)).getpixel((0, 0)) == 2
    assert im.filter(ImageFilter.MaxFilter(3)).getpixel((2, 2)) == 8


@pytest.mark.parametrize("size", [1, 3, 5, 7, 9, 15, 41])
def test_rank_filters_against_sorting(size: int) -> None:
    width, height, h = 23, 17, size // 2
    values = [(x * x * 31 + x // 5) % 251 for x in range(width * height)]
    im = grid(width, values)
    for rank in {0, size * size // 2, size * size - 1, size * size // 3}:
        out = im.filter(ImageFilter.RankFilter(size, rank))
        for x, y in ((0, 0), (11, 8), (22, 16), (1, 15), (20, 3)):
            window = sorted(
                values[min(max(j, 0), height - 1) * width + min(max(i, 0), width - 1)]
                for j in range(y - h, y + h + 1)
                for i in range(x - h, x + h + 1)
            )
            assert out.getpixel((x, y)) == window[rank]


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_median_3_of_all_small_sizes(mode: str) -> None:
    # Odd heights end with a single row; widths from one pixel to some vectors.
    for width in (*range(1, 6), 16, 17, 18, 66, 150):
        for height in range(1, 6):
            count = width * height
            bands = [
                grid(width, [(x * x * k + x // 3) % 251 for x in range(count)])
                for k in range(7, 7 + len(mode))
            ]
            out = Image.merge(mode, bands).filter(ImageFilter.MedianFilter(3))
            for band, found in zip(bands, out.split(), strict=True):
                given, got = band.tobytes(), found.tobytes()
                for x, y in ((x, y) for y in range(height) for x in range(width)):
                    window = sorted(
                        given[min(max(j, 0), height - 1) * width + min(max(i, 0), width - 1)]
                        for j in range(y - 1, y + 2)
                        for i in range(x - 1, x + 2)
                    )
                    assert got[y * width + x] == window[4]
    single = grid(5, list(range(60, 0, -2)))
    assert single.im.rankfilter(3, 4).size == (3, 4)
    assert Image.Image()._new(single.im.rankfilter(3, 4)).tobytes() == bytes(
        v - 2 * x for v in (48, 38, 28, 18) for x in range(3)
    )


def test_bands_are_ranked_alone_and_info_stays() -> None:
    bands = [grid(5, [(x * k) % 256 for x in range(25)]) for k in (7, 77, 201)]
    im = Image.merge("RGB", bands)
    im.info["note"] = 1
    for kind in (
        ImageFilter.MedianFilter(3),
        ImageFilter.MaxFilter(5),
        ImageFilter.MinFilter(9),
        ImageFilter.RankFilter(7, 20),
    ):
        out = im.filter(kind)
        assert [b.tobytes() for b in out.split()] == [b.filter(kind).tobytes() for b in bands]
        assert out.info == {"note": 1}


def test_a_filter_of_ones_own_still_gets_single_bands() -> None:
    class Own(ImageFilter.RankFilter):
        seen: list[int]

        def filter(self, image):  # type: ignore[no-untyped-def]
            self.seen.append(image.bands)
            return super().filter(image)

    own = Own(3, 4)
    own.seen = []
    Image.new("RGB", (4, 4)).filter(own)
    assert own.seen == [1, 1, 1]


def test_rank_of_floats_with_nan() -> None:
    nan = float("nan")
    im = Image.new("F", (3, 1))
    im.putdata([1.0, nan, 2.0])
    out = [im.filter(ImageFilter.RankFilter(3, k)).getpixel((1, 0)) for k in range(9)]
    # What Hoare's FIND leaves at each rank of 1 nan 2 1 nan 2 1 nan 2.
    assert [str(v) for v in out] == ["nan", "2.0", "nan", "1.0", "nan", "2.0", "nan", "1.0", "nan"]


def test_mode_filter() -> None:
    # 7 occurs three times around the centre, 5 as often: the lower wins.
    im = grid(3, [7, 5, 7, 5, 1, 5, 7, 2, 3])
    assert im.filter(ImageFilter.ModeFilter(3)).getpixel((1, 1)) == 5
    # Twice is not enough.
    im = grid(3, [7, 5, 7, 5, 1, 6, 8, 2, 3])
    assert im.filter(ImageFilter.ModeFilter(3)).getpixel((1, 1)) == 1
    # At the corner the pixels outside do not count: 7 7 / 7 1.
    im = grid(3, [1, 7, 0, 7, 7, 0, 0, 0, 0])
    assert im.filter(ImageFilter.ModeFilter(3)).getpixel((0, 0)) == 7
    assert im.filter(ImageFilter.ModeFilter(1)).tobytes() == im.tobytes()


# --- tables, spread ---


def test_color_table() -> None:
    table = ImageFilter.Color3DLUT.generate(2, lambda r, g, b: (b, r, 1 - g))
    im = Image.new("RGBA", (5, 1), (10, 20, 30, 40))
    assert im.filter(table).getpixel((4, 0)) == (30, 10, 235, 40)
    wild = ImageFilter.Color3DLUT.generate(2, lambda r, g, b: (r * 9 - 4, g * -9, 9.0))
    assert im.filter(wild).getpixel((4, 0)) == (0, 0, 255, 40)


def test_color_table_from_buffers() -> None:
    im = Image.new("RGB", (3, 1), (200, 100, 50))
    values = [c * 0.5 for b in (0, 1) for g in (0, 1) for r in (0, 1) for c in (r, g, b)]
    for table in (
        values,
        array.array("f", values),
        array.array("d", values),
        memoryview(array.array("d", [v for v in values for _ in (0, 1)]))[::2],
    ):
        out = im.im.color_lut_3d("RGB", 2, 3, (2, 2, 2), table)
        assert Image.Image()._new(out).getpixel((2, 0)) == (100, 50, 25)
    with pytest.raises(ValueError, match="float items"):
        im.im.color_lut_3d("RGB", 2, 3, (2, 2, 2), array.array("f", values[:-1]))
    with pytest.raises(ValueError, match="should be 3 or 4"):
        im.im.color_lut_3d("RGB", 2, 2, (2, 2, 2), values[:16])


def test_effect_spread_follows_rand() -> None:
    libc = ctypes.CDLL(None)
    im = line([10, 20, 30])
    libc.srand(5)
    steps = [(libc.rand() % 3 - 1, libc.rand() % 3 - 1) for _ in range(3)]
    expected, source = [0, 0, 0], [10, 20, 30]
    for x, (dx, dy) in enumerate(steps):
        if dy == 0 and 0 <= x + dx < 3:
            expected[x + dx] = source[x]
            expected[x] = source[x + dx]
        else:
            expected[x] = source[x]
    libc.srand(5)
    assert list(im.effect_spread(3).tobytes()) == expected


def test_filters_run_in_threads() -> None:
    im = grid(97, [(x * 37) % 256 for x in range(97 * 89)])
    expected = im.filter(ImageFilter.GaussianBlur(4)).tobytes()
    results: list[bytes] = []

    def work() -> None:
        results.extend(im.filter(ImageFilter.GaussianBlur(4)).tobytes() for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 80
    assert set(results) == {expected}
