"""Paste, blend, alpha composition, inversion: values written down, as Pillow 13.0.0 gives them."""

from __future__ import annotations

import pytest

from PIL import Image, ImageChops


def row(mode: str, *pixels: object) -> Image.Image:
    im = Image.new(mode, (len(pixels), 1))
    im.putdata(pixels)
    return im


def pixels(im: Image.Image) -> list[object]:
    return [im.getpixel((x, y)) for y in range(im.height) for x in range(im.width)]


@pytest.mark.parametrize(
    ("under", "over", "expected"),
    [
        ((10, 20, 30, 255), (200, 100, 50, 128), (105, 60, 40, 255)),
        ((10, 20, 30, 0), (200, 100, 50, 128), (200, 100, 50, 128)),
        ((10, 20, 30, 77), (200, 100, 50, 0), (10, 20, 30, 77)),
        ((1, 2, 3, 0), (9, 9, 9, 0), (1, 2, 3, 0)),
        ((255, 0, 255, 200), (0, 255, 1, 3), (251, 4, 251, 201)),
        ((13, 77, 211, 101), (5, 250, 100, 201), (6, 233, 111, 222)),
    ],
)
def test_alpha_composite(
    under: tuple[int, ...], over: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    # 70 pixels: vectors and a tail at every level.
    a, b = Image.new("RGBA", (70, 2), under), Image.new("RGBA", (70, 2), over)
    assert pixels(Image.alpha_composite(a, b)) == [expected] * 140
    a, b = row("LA", under[2:]), row("LA", over[2:])
    assert pixels(Image.alpha_composite(a, b)) == [expected[2:]]


def test_alpha_composite_errors() -> None:
    la, rgba, rgb = (Image.new(m, (2, 2)) for m in ("LA", "RGBA", "RGB"))
    with pytest.raises(ValueError, match="images do not match"):
        Image.alpha_composite(la, rgba)
    with pytest.raises(ValueError, match="image has wrong mode"):
        Image.alpha_composite(rgb, rgb)
    with pytest.raises(ValueError, match="images do not match"):
        Image.alpha_composite(rgba, Image.new("RGBA", (2, 3)))


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [
        (0.5, [127, 15, 200, 127]),
        (0.3, [76, 13, 200, 178]),
        (-1, [0, 0, 200, 255]),
        (2, [255, 30, 200, 0]),
        (1.2, [255, 22, 200, 0]),
        (1e30, [255, 255, 200, 0]),
        (float("nan"), [0, 0, 0, 0]),
        (0, [0, 10, 200, 255]),
        (1, [255, 20, 200, 0]),
    ],
)
def test_blend(alpha: float, expected: list[int]) -> None:
    a, b = row("L", *[0, 10, 200, 255] * 20), row("L", *[255, 20, 200, 0] * 20)
    assert pixels(Image.blend(a, b, alpha)) == expected * 20


def test_blend_takes_other_mode_only_wholly() -> None:
    a, b = Image.new("RGB", (3, 3)), Image.new("YCbCr", (3, 3))
    assert Image.blend(a, b, 0.5).mode == "RGB"
    assert Image.blend(a, b, 1.0).mode == "YCbCr"
    for bad in ("1", "P", "PA", "I", "F", "I;16"):
        with pytest.raises(ValueError, match="image has wrong mode"):
            Image.blend(Image.new(bad, (3, 3)), Image.new(bad, (3, 3)), 0.5)


def test_paste_masks() -> None:
    masks = [0, 1, 127, 128, 254, 255]
    source = Image.new("L", (6, 1), 200)
    for mode, expected in {
        "1": [10, 200, 200, 200, 200, 200],
        "L": [10, 11, 105, 105, 199, 200],
        "RGBA": [10, 11, 105, 105, 199, 200],
        "RGBa": [210, 210, 205, 205, 200, 200],
        "LA": [10, 11, 105, 105, 199, 200],
    }.items():
        mask = Image.new(mode, (6, 1))
        if mode == "1":
            mask.im.paste(row("L", *masks).im, (0, 0, 6, 1))
        elif mode == "L":
            mask.putdata(masks)
        else:
            mask.putdata([(0,) * (len(mask.getbands()) - 1) + (m,) for m in masks])
        target = Image.new("L", (6, 1), 10)
        target.paste(source, (0, 0), mask)
        assert pixels(target) == expected, mode
    # RGBa wraps modulo 256.
    target = Image.new("L", (1, 1), 255)
    target.paste(Image.new("L", (1, 1), 200), (0, 0), Image.new("RGBa", (1, 1), (0, 0, 0, 100)))
    assert pixels(target) == [99]


def test_paste_colour_under_l_mask_into_transparent() -> None:
    target = row("RGBA", (10, 20, 30, 0), (10, 20, 30, 1), (10, 20, 30, 0))
    target.paste((200, 100, 50, 255), (0, 0, 3, 1), row("L", 100, 100, 0))
    assert pixels(target) == [(200, 100, 50, 100), (85, 51, 38, 101), (10, 20, 30, 0)]
    # Not with an image as source.
    target = row("RGBA", (10, 20, 30, 0))
    target.paste(row("RGBA", (200, 100, 50, 255)), (0, 0), row("L", 100))
    assert pixels(target) == [(85, 51, 38, 100)]


def test_paste_clips() -> None:
    for box in ((-2, -1), (3, 2), (-9, 0), (0, 9)):
        target = Image.new("L", (4, 3))
        target.paste(Image.new("L", (3, 2), 7), box)
        assert pixels(target) == [
            7 if box[0] <= x < box[0] + 3 and box[1] <= y < box[1] + 2 else 0
            for y in range(3)
            for x in range(4)
        ]
    target = Image.new("L", (4, 3))
    # Nothing of the box is inside: the mask's mode is not looked at.
    target.paste(Image.new("L", (2, 2)), (9, 9), Image.new("F", (2, 2)))
    with pytest.raises(ValueError, match="bad transparency mask"):
        target.paste(Image.new("L", (2, 2)), (0, 0), Image.new("F", (2, 2)))
    with pytest.raises(ValueError, match="images do not match"):
        target.paste(Image.new("L", (2, 2)), (0, 0), Image.new("L", (1, 2)))


def test_paste_into_itself() -> None:
    im = row("L", *range(1, 9))
    im.paste(im, (3, 0), Image.new("L", (8, 1), 255))
    assert pixels(im) == [1, 2, 3, 1, 2, 3, 1, 2]
    im = row("L", *range(1, 9))
    im.paste(im, (3, 0))
    assert pixels(im) == [1, 2, 3, 1, 2, 3, 4, 5]
    im = row("L", *range(1, 9))
    im.paste(im, (-3, 0), Image.new("L", (8, 1), 255))
    assert pixels(im) == [4, 5, 6, 7, 8, 6, 7, 8]
    im = Image.new("L", (1, 4))
    im.putdata([1, 2, 3, 4])
    im.paste(im, (0, 1))
    assert pixels(im) == [1, 1, 2, 3]


def test_paste_16_bit() -> None:
    im = Image.new("I;16", (2, 1), 0x1122)
    im.paste(0x1234, (0, 0, 1, 1))
    assert pixels(im) == [0x3434, 0x1122]
    im = Image.new("I;16B", (2, 1), 0)
    im.paste(0x1234, (0, 0, 2, 1), Image.new("L", (2, 1), 255))
    assert pixels(im) == [0x3412, 0x3412]
    im = Image.new("I;16", (2, 1), 0)
    im.paste(Image.new("I;16", (2, 1), 0x1234), (0, 0), Image.new("L", (2, 1), 255))
    assert pixels(im) == [0x1234, 0]


def test_invert_keeps_no_byte() -> None:
    assert (
        pixels(ImageChops.invert(Image.new("RGBA", (40, 1), (0, 1, 254, 255))))
        == [(255, 254, 1, 0)] * 40
    )
    assert pixels(ImageChops.invert(Image.new("I", (3, 1), 5))) == [-6] * 3
    assert pixels(ImageChops.invert(Image.new("I;16", (3, 1), 5))) == [65530] * 3
