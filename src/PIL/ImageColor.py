"""Colour names and CSS-like colour strings."""

from __future__ import annotations

import re
from functools import lru_cache

from .ImageMode import getmode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    RGB = tuple[int, int, int] | tuple[int, int, int, int]

MAX_LENGTH = 100


def _integers(*values: str) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def _percentages(*values: str) -> tuple[int, ...]:
    return tuple(int((int(value) * 255) / 100.0 + 0.5) for value in values)


def _short_hexadecimal(*digits: str) -> tuple[int, ...]:
    return tuple(int(digit * 2, 16) for digit in digits)


def _hexadecimal(*values: str) -> tuple[int, ...]:
    return tuple(int(value, 16) for value in values)


def _hsl(hue: str, saturation: str, lightness: str) -> tuple[int, ...]:
    from colorsys import hls_to_rgb

    rgb = hls_to_rgb(float(hue) / 360.0, float(lightness) / 100.0, float(saturation) / 100.0)
    return tuple(int(value * 255 + 0.5) for value in rgb)


def _hsv(hue: str, saturation: str, value: str) -> tuple[int, ...]:
    from colorsys import hsv_to_rgb

    rgb = hsv_to_rgb(float(hue) / 360.0, float(saturation) / 100.0, float(value) / 100.0)
    return tuple(int(channel * 255 + 0.5) for channel in rgb)


def _function(name: str, *arguments: str) -> str:
    return name + r"\(\s*" + r"\s*,\s*".join(arguments) + r"\s*\)$"


_INT = r"(\d+)"
_PERCENT = r"(\d+)%"
_NUMBER = r"(\d+\.?\d*)"
_NUMBER_PERCENT = r"(\d+\.?\d*)%"

# The forms of a colour (names aside), and what makes numbers from their groups.
_FORMS: tuple[tuple[str, Callable[..., tuple[int, ...]]], ...] = (
    ("#" + "([a-f0-9])" * 3 + "$", _short_hexadecimal),
    ("#" + "([a-f0-9])" * 4 + "$", _short_hexadecimal),
    ("#" + "([a-f0-9]{2})" * 3 + "$", _hexadecimal),
    ("#" + "([a-f0-9]{2})" * 4 + "$", _hexadecimal),
    (_function("rgb", _INT, _INT, _INT), _integers),
    (_function("rgb", _PERCENT, _PERCENT, _PERCENT), _percentages),
    (_function("hsl", _NUMBER, _NUMBER_PERCENT, _NUMBER_PERCENT), _hsl),
    (_function("hs[bv]", _NUMBER, _NUMBER_PERCENT, _NUMBER_PERCENT), _hsv),
    (_function("rgba", _INT, _INT, _INT, _INT), _integers),
)


@lru_cache
def getrgb(color: str) -> tuple[int, int, int] | tuple[int, int, int, int]:
    """Red, green and blue, and alpha if the string tells it.

    :param color: A CSS name; ``#rgb``, ``#rgba``, ``#rrggbb``, ``#rrggbbaa``; ``rgb(r, g, b)`` with
       numbers from 0 to 255 or percentages; ``rgba(r, g, b, a)``; ``hsl(h, s%, l%)``;
       ``hsv(h, s%, v%)`` or ``hsb(...)``.
    :returns: Integers, 0 to 255 unless the string itself exceeds its range.
    :exception ValueError: If it is none of these, or longer than 100 characters.
    """
    if len(color) > MAX_LENGTH:
        msg = "color specifier is too long"
        raise ValueError(msg)
    color = color.lower()

    named = colormap.get(color)
    if isinstance(named, str):
        named = colormap[color] = getrgb(named)
    if named:
        return named

    for pattern, numbers in _FORMS:
        match = re.match(pattern, color)
        if match:
            values = numbers(*match.groups())
            if len(values) == 3:
                return values[0], values[1], values[2]
            return values[0], values[1], values[2], values[3]
    msg = f"unknown color specifier: {color!r}"
    raise ValueError(msg)


@lru_cache
def getcolor(color: str, mode: str) -> int | tuple[int, ...]:
    """A colour string as a pixel of the given mode, as :func:`PIL.Image.new` wants it.

    Grey modes get the ITU-R 601 luma; modes with alpha the alpha (255 if there is none), and
    premultiplied modes are multiplied by it. P and PA get the plain red, green and blue.

    :exception ValueError: As in :func:`getrgb`.
    :exception KeyError: For an unknown mode.
    """
    red, green, blue, *rest = getrgb(color)
    alpha = rest[0] if rest else 255

    if mode == "HSV":
        from colorsys import rgb_to_hsv

        hue, saturation, value = rgb_to_hsv(red / 255, green / 255, blue / 255)
        return int(hue * 255), int(saturation * 255), int(value * 255)

    values: tuple[int, ...] = (red, green, blue)
    if getmode(mode).basemode == "L":
        # ITU-R 601 in 16-bit fixed point, as in the core's conversion
        values = ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16,)
    if mode[-1] == "a":
        values = tuple(round(v * alpha / 255) for v in values)
    if mode[-1] in "Aa":
        values += (alpha,)
    return values if len(values) > 1 else values[0]


# The names of CSS Color Module Level 4. A name's value becomes a tuple once it is used.
colormap: dict[str, str | tuple[int, int, int] | tuple[int, int, int, int]] = {
    "aliceblue": "#f0f8ff",
    "antiquewhite": "#faebd7",
    "aqua": "#00ffff",
    "aquamarine": "#7fffd4",
    "azure": "#f0ffff",
    "beige": "#f5f5dc",
    "bisque": "#ffe4c4",
    "black": "#000000",
    "blanchedalmond": "#ffebcd",
    "blue": "#0000ff",
    "blueviolet": "#8a2be2",
    "brown": "#a52a2a",
    "burlywood": "#deb887",
    "cadetblue": "#5f9ea0",
    "chartreuse": "#7fff00",
    "chocolate": "#d2691e",
    "coral": "#ff7f50",
    "cornflowerblue": "#6495ed",
    "cornsilk": "#fff8dc",
    "crimson": "#dc143c",
    "cyan": "#00ffff",
    "darkblue": "#00008b",
    "darkcyan": "#008b8b",
    "darkgoldenrod": "#b8860b",
    "darkgray": "#a9a9a9",
    "darkgreen": "#006400",
    "darkgrey": "#a9a9a9",
    "darkkhaki": "#bdb76b",
    "darkmagenta": "#8b008b",
    "darkolivegreen": "#556b2f",
    "darkorange": "#ff8c00",
    "darkorchid": "#9932cc",
    "darkred": "#8b0000",
    "darksalmon": "#e9967a",
    "darkseagreen": "#8fbc8f",
    "darkslateblue": "#483d8b",
    "darkslategray": "#2f4f4f",
    "darkslategrey": "#2f4f4f",
    "darkturquoise": "#00ced1",
    "darkviolet": "#9400d3",
    "deeppink": "#ff1493",
    "deepskyblue": "#00bfff",
    "dimgray": "#696969",
    "dimgrey": "#696969",
    "dodgerblue": "#1e90ff",
    "firebrick": "#b22222",
    "floralwhite": "#fffaf0",
    "forestgreen": "#228b22",
    "fuchsia": "#ff00ff",
    "gainsboro": "#dcdcdc",
    "ghostwhite": "#f8f8ff",
    "gold": "#ffd700",
    "goldenrod": "#daa520",
    "gray": "#808080",
    "green": "#008000",
    "greenyellow": "#adff2f",
    "grey": "#808080",
    "honeydew": "#f0fff0",
    "hotpink": "#ff69b4",
    "indianred": "#cd5c5c",
    "indigo": "#4b0082",
    "ivory": "#fffff0",
    "khaki": "#f0e68c",
    "lavender": "#e6e6fa",
    "lavenderblush": "#fff0f5",
    "lawngreen": "#7cfc00",
    "lemonchiffon": "#fffacd",
    "lightblue": "#add8e6",
    "lightcoral": "#f08080",
    "lightcyan": "#e0ffff",
    "lightgoldenrodyellow": "#fafad2",
    "lightgray": "#d3d3d3",
    "lightgreen": "#90ee90",
    "lightgrey": "#d3d3d3",
    "lightpink": "#ffb6c1",
    "lightsalmon": "#ffa07a",
    "lightseagreen": "#20b2aa",
    "lightskyblue": "#87cefa",
    "lightslategray": "#778899",
    "lightslategrey": "#778899",
    "lightsteelblue": "#b0c4de",
    "lightyellow": "#ffffe0",
    "lime": "#00ff00",
    "limegreen": "#32cd32",
    "linen": "#faf0e6",
    "magenta": "#ff00ff",
    "maroon": "#800000",
    "mediumaquamarine": "#66cdaa",
    "mediumblue": "#0000cd",
    "mediumorchid": "#ba55d3",
    "mediumpurple": "#9370db",
    "mediumseagreen": "#3cb371",
    "mediumslateblue": "#7b68ee",
    "mediumspringgreen": "#00fa9a",
    "mediumturquoise": "#48d1cc",
    "mediumvioletred": "#c71585",
    "midnightblue": "#191970",
    "mintcream": "#f5fffa",
    "mistyrose": "#ffe4e1",
    "moccasin": "#ffe4b5",
    "navajowhite": "#ffdead",
    "navy": "#000080",
    "oldlace": "#fdf5e6",
    "olive": "#808000",
    "olivedrab": "#6b8e23",
    "orange": "#ffa500",
    "orangered": "#ff4500",
    "orchid": "#da70d6",
    "palegoldenrod": "#eee8aa",
    "palegreen": "#98fb98",
    "paleturquoise": "#afeeee",
    "palevioletred": "#db7093",
    "papayawhip": "#ffefd5",
    "peachpuff": "#ffdab9",
    "peru": "#cd853f",
    "pink": "#ffc0cb",
    "plum": "#dda0dd",
    "powderblue": "#b0e0e6",
    "purple": "#800080",
    "rebeccapurple": "#663399",
    "red": "#ff0000",
    "rosybrown": "#bc8f8f",
    "royalblue": "#4169e1",
    "saddlebrown": "#8b4513",
    "salmon": "#fa8072",
    "sandybrown": "#f4a460",
    "seagreen": "#2e8b57",
    "seashell": "#fff5ee",
    "sienna": "#a0522d",
    "silver": "#c0c0c0",
    "skyblue": "#87ceeb",
    "slateblue": "#6a5acd",
    "slategray": "#708090",
    "slategrey": "#708090",
    "snow": "#fffafa",
    "springgreen": "#00ff7f",
    "steelblue": "#4682b4",
    "tan": "#d2b48c",
    "teal": "#008080",
    "thistle": "#d8bfd8",
    "tomato": "#ff6347",
    "turquoise": "#40e0d0",
    "violet": "#ee82ee",
    "wheat": "#f5deb3",
    "white": "#ffffff",
    "whitesmoke": "#f5f5f5",
    "yellow": "#ffff00",
    "yellowgreen": "#9acd32",
}
