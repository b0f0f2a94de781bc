"""TGA, PCX, DCX, PSD, ICO, CUR and ICNS: what files are read as, and what is written."""

from __future__ import annotations

import struct

import pytest

from filemakers import opened, saved
from icon_files import (
    BITS_FRAME,
    BITS_PCX,
    FILES,
    ICNS_BAND,
    ICNS_PNG,
    PSD_LAYERS,
    RGB_FRAME,
    RGB_PCX,
    RGBA_FRAME,
    dcx,
    dib,
    icns,
    icon,
    pcx,
    psd,
    psd_layer,
    tga,
    tga_with_extension,
)
from PIL import Image, ImageFile
from simple_files import picture

# TGA


def test_tga_maps() -> None:
    # The entry before the first of the map is black.
    im = opened(FILES["map.tga"][1])
    assert im.getpalette() == [0, 0, 0, *b"cbafed"]
    assert im.info == {"orientation": -1}
    im = opened(FILES["map16.tga"][1])
    im.load()
    # 5 bits a colour, stretched; the highest bit is set where a pixel is transparent.
    assert im.palette.mode == "RGBA"
    assert im.getpalette("RGBA")[:4] == [197, 156, 8, 255]
    assert im.tobytes() == b"\0\1\2\1\1\1"


@pytest.mark.parametrize(
    "flags, order", [(0, "cdab"), (0x10, "dcba"), (0x20, "abcd"), (0x30, "badc")]
)
@pytest.mark.parametrize("kind", [3, 11])
def test_tga_directions(kind: int, flags: int, order: str) -> None:
    pixels = b"abcd" if kind == 3 else b"\3abcd"
    im = opened(tga(kind, 8, pixels, (2, 2), flags))
    assert im.tobytes() == order.encode()
    assert im.info["orientation"] == (1 if flags & 0x20 else -1)


@pytest.mark.parametrize("attributes", [0, 3])
def test_tga_attributes(attributes: int) -> None:
    im = opened(tga_with_extension(attributes))
    stored = [alpha for row in (15, 3) for alpha in range(row, row + 12, 4)]
    assert list(im.getchannel("A").tobytes()) == (stored if attributes else [255] * 6)


@pytest.mark.parametrize("length", range(22, 26))
def test_tga_shorter_than_a_footer(length: int, tmp_path: object) -> None:
    # Pillow cannot load these from a path: it looks for the footer before the start of the file.
    path = f"{tmp_path}/short.tga"
    with open(path, "wb") as file:
        file.write(tga(2, 32, b"abcd", (1, 1)).ljust(length, b"\0"))
    with Image.open(path) as im:
        assert im.getpixel((0, 0)) == tuple(b"cbad")


def test_tga_without_layout() -> None:
    im = opened(tga(2, 8, bytes(6)))
    assert im.mode == "RGBA"
    with pytest.raises(OSError, match="cannot load this image"):
        im.load()
    with pytest.raises(ValueError, match="raw mode"):
        opened(tga(1, 8, bytes(6))).load()


def test_tga_written() -> None:
    footer = struct.pack("<2L18s", 0, 0, b"TRUEVISION-XFILE.\0")
    im = Image.frombytes("RGB", (2, 2), b"abcabcdefghi")
    assert saved(im, "TGA") == tga(2, 24, b"fedihgcbacba", (2, 2)) + footer
    packed = tga(10, 24, b"\x81cba\1fedihg", (2, 2), 0x20, id_section=b"id") + footer
    assert saved(im, "TGA", rle=True, orientation=1, id_section=b"id") == packed
    im = Image.frombytes("P", (1, 1), b"\1")
    im.putpalette(b"abcdef")
    assert saved(im, "TGA") == tga(1, 8, b"\1", (1, 1), 0, (0, 2, 24, b"cbafed")) + footer


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA"])
def test_tga_keeps_what_it_was_read_with(mode: str) -> None:
    im = opened(saved(picture(mode), "TGA", compression="tga_rle", orientation=1))
    again = opened(saved(im, "TGA"))
    assert again.info == im.info == {"orientation": 1, "compression": "tga_rle"}
    assert again.tobytes() == im.tobytes() == picture(mode).tobytes()


# ICO and CUR


def frames(im: Image.Image) -> dict[tuple[int, int], tuple[str, bytes]]:
    found = {}
    for size in sorted(im.info["sizes"]):
        im.size = size
        im.load()
        found[size] = im.mode, im.tobytes()
    return found


def test_ico_frames() -> None:
    im = opened(FILES["dibs.ico"][1])
    # The largest is shown first.
    assert (im.size, im.info["sizes"]) == ((2, 2), {(2, 2), (2, 1), (3, 1)})
    # A bit of the mask makes a pixel transparent; 32-bit pixels have alpha of their own.
    assert frames(im) == {
        (2, 1): ("RGBA", b"cbadgfeh"),
        (2, 2): ("RGBA", b"ihg\0lkj\xffcba\xfffed\0"),
        (3, 1): ("RGBA", bytes((0, 0, 0, 255)) + b"\xff" * 4 + bytes((255, 255, 255, 0))),
    }


def test_ico_order() -> None:
    # By area, then by depth.
    small = (1, 1), 8, b""
    data = icon(1, small, RGB_FRAME, ((2, 2), 4, RGB_FRAME[2]), RGBA_FRAME)
    entries = opened(data).ico.entry
    assert [(entry.dim, entry.bpp) for entry in entries] == [
        ((2, 2), 4), ((2, 2), 24), ((2, 1), 32), ((1, 1), 8),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(2, 1), (4, 4)])
def test_ico_of_unexpected_size(size: tuple[int, int]) -> None:
    with pytest.warns(UserWarning, match="not the expected size"):
        im = opened(icon(1, (size, 24, RGB_FRAME[2])))
    assert im.size == (2, 2) and im.info["sizes"] == {(2, 2)}


def test_ico_written_as_bitmaps() -> None:
    im = Image.frombytes("RGB", (2, 2), b"abcdefghijkl")
    data = saved(im, "ICO", bitmap_format="bmp")
    head = icon(1, ((2, 2), 24, b"x" * (40 + 16 + 2)))[:22]
    # The direction of planes is not written, and the mask's rows are not padded.
    assert data[:22] == head[:10] + bytes(2) + head[12:]
    assert data[22:26] + data[26:38] == struct.pack("<3I2H", 40, 2, 4, 1, 24)
    assert data[62:] == b"ihglkj\0\0cbafed\0\0" + bytes(2)


def test_ico_sizes_written() -> None:
    im = picture().resize((40, 40))
    smaller = picture("L").resize((16, 16))
    data = saved(im, "ICO", sizes=[(16, 16), (24, 20), (300, 300)], append_images=[smaller])
    again = opened(data)
    assert again.info["sizes"] == {(16, 16), (20, 20)}
    again.size = (16, 16)
    again.load()
    assert again.mode == "L" and again.tobytes() == smaller.tobytes()
    with pytest.raises(ValueError, match="All sizes too large"):
        saved(im, "ICO", sizes=[(41, 1)])


def test_cur() -> None:
    # Black where the pixel is 0, white where it is 1, nothing where the mask is.
    im = opened(FILES["bits.cur"][1])
    assert im.mode == "LA" and im.size == (3, 1)
    assert im.tobytes() == bytes((0, 255, 255, 255, 0, 0))
    # Only a cursor that is wider and higher beats those before it.
    im = opened(FILES["rgb.cur"][1])
    assert im.size == (3, 1)
    im = opened(icon(2, RGBA_FRAME, BITS_FRAME, ((4, 2), 24, dib((4, 2), 24, bytes(24)))))
    assert im.size == (4, 2) and im.mode == "RGB"
    # Pixels of 32 bits have alpha if they stand behind a directory of one entry.
    assert opened(FILES["rgba.cur"][1]).tobytes() == b"cbadgfeh"
    assert opened(icon(2, RGBA_FRAME, RGBA_FRAME)).mode == "RGB"


# PCX and DCX


def test_pcx_planes() -> None:
    im = opened(FILES["bits.pcx"][1])
    assert (im.mode, im.size, im.info) == ("1", (3, 2), {"dpi": (72, 100)})
    assert im.tobytes() == b"\x40\xa0"
    im = opened(FILES["planes.pcx"][1])
    assert (im.mode, im.getpalette()) == ("P", list(range(48)))
    assert im.tobytes() == bytes((0, 5, 3)) * 2
    im = opened(FILES["rgb.pcx"][1])
    assert im.tobytes() == b"ab\xffab\xfeab\xfe" * 2


def test_pcx_palette_at_the_end() -> None:
    pixels = b"\1\2\3\0\4\5\6\0"
    ramp = bytes(i // 3 for i in range(768))
    for end, mode in [
        (b"\x0c" + ramp, "L"),
        (b"\x0c" + ramp[::-1], "P"),
        (b"\x0b" + ramp[::-1], "L"),
        (ramp[::-1], "L"),
    ]:
        im = opened(pcx(8, 1, pixels + end, stride=4))
        assert im.mode == mode
        assert im.tobytes() == bytes(range(1, 7))
        assert im.getpalette() == (list(ramp[::-1]) if mode == "P" else None)


def test_pcx_rows_of_odd_length() -> None:
    # Rows are even, unless the header has just the length that they need.
    assert opened(pcx(8, 1, b"abcdef", stride=3)).tobytes() == b"abcdef"
    for stride in (4, 2, 77):
        assert opened(pcx(8, 1, b"abc-def-", stride=stride)).tobytes() == b"abcdef"


def test_pcx_written() -> None:
    ramp = bytes(i // 3 for i in range(768))
    im = Image.frombytes("L", (3, 2), b"aab\xc0\xbf\xbf")
    data = saved(im, "PCX")
    assert data[:16] == struct.pack("<4B6H", 10, 5, 1, 8, 0, 0, 2, 1, 100, 100)
    assert data[16:74] == bytes(24) + b"\xff" * 24 + struct.pack("<2B4H", 0, 1, 4, 1, 3, 2)
    assert data[74:] == bytes(54) + b"\xc2ab\0\xc1\xc0\xc2\xbf\0" + b"\x0c" + ramp
    for mode in ("1", "P", "RGB"):
        again = opened(saved(picture(mode), "PCX"))
        assert again.mode == mode and again.tobytes() == picture(mode).tobytes()


def test_dcx() -> None:
    im = opened(FILES["three.dcx"][1])
    assert (im.n_frames, im.is_animated, im.tell()) == (3, True, 0)
    expected = [opened(FILES[name][1]) for name in ("bits.pcx", "planes.pcx", "rgb.pcx")]
    for frame in (2, 0, 1):
        im.seek(frame)
        assert (im.mode, im.tobytes()) == (expected[frame].mode, expected[frame].tobytes())
    with pytest.raises(EOFError):
        im.seek(3)
    assert not opened(dcx(RGB_PCX)).is_animated
    im.close()
    with pytest.raises(ValueError, match="closed image"):
        im.seek(0)


def test_dcx_frame_shows_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    im = opened(dcx(BITS_PCX, BITS_PCX[:-3]))
    im.load()
    im.seek(1)
    assert im.tobytes() == b"\x40\0"


# PSD


def test_psd() -> None:
    im = opened(FILES["layers.psd"][1])
    assert (im.mode, im.size, im.tobytes()) == ("RGB", (2, 1), b"rgbrgb")
    assert im.info == {"icc_profile": b"profile"}
    assert im.resources == [(1039, b"odd", b"profile"), (5, b"even", b"")]
    im = opened(FILES["palette.psd"][1])
    assert (im.mode, im.tobytes()) == ("P", b"\7\xff")
    assert im.getpalette()[21:24] == [7, 7, 7]
    # CMYK is stored inverted.
    assert opened(FILES["cmyk.psd"][1]).getpixel((0, 0)) == tuple(255 - v for v in b"cmyk")
    assert opened(FILES["bits.psd"][1]).tobytes() == b"\x40"


def test_psd_modes() -> None:
    assert opened(psd(3, 4, b"\0\0rrggbbaa")).tobytes() == b"rgbargba"
    assert opened(psd(3, 5, b"\0\0rrggbbaaxx")).mode == "RGB"
    assert opened(psd(9, 3, b"\0\0llaabb")).mode == "LAB"
    with pytest.raises(OSError, match="not enough channels"):
        opened(psd(3, 2, b"\0\0rrgg"))
    with pytest.raises(OSError, match="cannot load this image"):
        opened(psd(3, 3, b"\0\2rrggbb")).load()


def test_psd_layers() -> None:
    im = opened(FILES["layers.psd"][1])
    assert (im.n_frames, im.is_animated, im.tell()) == (2, True, 1)
    assert [layer[:3] for layer in im.layers] == [
        ("first", "RGB", (1, 0, 2, 1)),
        ("again", "RGBA", (0, 0, 2, 1)),
    ]
    im.seek(1)  # the first layer is the present one, but the merged image is shown
    assert im.tobytes() == b"rgbrgb"
    im.seek(2)
    assert im.tobytes() == b"RGBARGBA"
    im.seek(1)
    assert im.tobytes() == b"\0\0\0rgb"
    im.seek(2)
    assert im.tobytes() == b"RGBARGBA"
    for layer in (0, 3, -1):
        with pytest.raises(EOFError):
            im.seek(layer)
    im.close()
    with pytest.raises(ValueError, match="closed image"):
        im.seek(1)


def test_psd_layer_of_the_same_mode_is_drawn_on_what_is_there() -> None:
    planes = b"".join(b"\0\0" + bytes((v, 0)) for v in b"abcdef")
    heads = psd_layer((0, 0, 1, 1), (0, 1, 2), b"x") + psd_layer((1, 0, 2, 1), (0, 1, 2), b"xyz")
    im = opened(psd(3, 3, b"\0\0rrggbb", layers=struct.pack(">h", -2) + heads + planes))
    im.load()
    im.seek(2)
    assert im.tobytes() == b"rgbdef"
    im.seek(1)
    assert im.tobytes() == b"abcdef"


@pytest.mark.parametrize(
    "kinds, mode",
    [((0,), "L"), ((2, 0, 1), "RGB"), ((65535, 0, 1, 2), "RGBA"), ((0, 1), ""), ((0, 1, 9), "")],
)
def test_psd_layer_modes(kinds: tuple[int, ...], mode: str) -> None:
    layers = struct.pack(">h", 1) + psd_layer((0, 0, 0, 0), kinds, b"") + bytes(2 * len(kinds))
    assert [layer[1] for layer in opened(psd(3, 3, b"\0\2", layers=layers)).layers] == [mode]
    # More than four channels: passed over.
    layers = struct.pack(">h", 1) + psd_layer((0, 0, 0, 0), (0, 1, 2, 3, 4), b"")
    assert opened(psd(3, 3, b"\0\2", layers=layers)).layers == []


def test_psd_layers_cut_off() -> None:
    heads = len(PSD_LAYERS) - 36  # the planes take that
    for length in range(2, heads, 3):
        im = opened(psd(3, 3, b"\0\2", layers=PSD_LAYERS[:length]))
        with pytest.raises((OSError, SyntaxError)):
            _ = im.n_frames


# ICNS


def test_icns_colours_and_mask() -> None:
    band = b"a" * 130 + b"xyz" + b"b" * 123
    im = opened(FILES["packed.icns"][1])
    assert (im.mode, im.size, im.info) == ("RGBA", (16, 16), {"sizes": [(16, 16, 1)]})
    bands = [channel.tobytes() for channel in im.split()]
    im.load()
    assert [channel.tobytes() for channel in im.split()] == [band] * 3 + [bytes(range(256))]
    assert bands == [band] * 3 + [bytes(range(256))]
    im = opened(FILES["plain.icns"][1])
    # The raw mode is that before loading, which changes the mode: alpha is filled up.
    assert im.tobytes()[:8] == bytes((0, 1, 2, 255, 3, 4, 5, 255)) and im.mode == "RGB"
    assert im.tobytes() == bytes(range(256)) * 3
    # Colours of 128 pixels begin with four zeros.
    big = icns((b"it32", bytes(4) + bytes(3 * 128 * 128)), (b"t8mk", bytes(128 * 128)))
    assert opened(big).tobytes() == bytes(4 * 128 * 128)
    with pytest.raises(SyntaxError, match="Unknown signature"):
        opened(icns((b"it32", b"\1\0\0\0" + bytes(3 * 128 * 128)))).load()


def test_icns_run_lengths_that_do_not_fit() -> None:
    for band in (ICNS_BAND[:-2], ICNS_BAND + b"\x80", ICNS_BAND[:-2] + b"\xffb"):
        im = opened(icns((b"is32", band * 3)))
        with pytest.raises(SyntaxError, match="Error reading channel"):
            im.load()


def test_icns_images() -> None:
    im = opened(FILES["png.icns"][1])
    im.load()
    assert (im.mode, im.tobytes()) == ("L", opened(ICNS_PNG).tobytes())
    if "jpeg2000.icns" in FILES:
        im = opened(FILES["jpeg2000.icns"][1])
        im.load()
        assert im.mode == "RGBA" and im.getpixel((0, 0))[3] == 255
    with pytest.raises(ValueError, match="Unsupported icon subimage"):
        opened(icns((b"icp4", b"neither of them"))).load()


def test_icns_sizes() -> None:
    im = opened(icns((b"ic11", saved(picture().resize((32, 32)), "PNG")), (b"icp4", ICNS_PNG)))
    assert (im.info["sizes"], im.size) == ([(16, 16, 2), (16, 16, 1)], (32, 32))
    im.size = (16, 16)
    im.load(1)
    assert (im.size, im.mode) == ((16, 16), "L")
    im.size = (16, 16)
    im.load(2)
    assert (im.size, im.mode) == ((32, 32), "RGB")
    im.size = (16, 16, 1)
    im.load()
    assert (im.size, im.mode) == ((16, 16), "L")
    for size in ((3, 3), (0, 16), (16, 0), (64, 64), (-16, -16)):
        with pytest.raises(ValueError, match="not one of the allowed sizes"):
            im.size = size
    im.size = (8, 8)
    with pytest.raises(ValueError, match="no image of size"):
        im.load(1)


def test_icns_written() -> None:
    smaller = picture("L").resize((32, 32))
    data = saved(picture("LA"), "ICNS", append_images=[smaller])
    kinds = [b"ic07", b"ic08", b"ic09", b"ic10", b"ic11", b"ic12", b"ic13", b"ic14"]
    assert data[:16] == b"icns" + struct.pack(">L4sL", len(data), b"TOC ", 72)
    assert [data[at : at + 4] for at in range(16, 80, 8)] == kinds
    position = 80
    for i, kind in enumerate(kinds):
        assert data[position : position + 8] == data[16 + 8 * i : 24 + 8 * i]
        assert data[position : position + 4] == kind
        position += int.from_bytes(data[position + 4 : position + 8], "big")
    assert position == len(data)
    im = opened(data)
    assert im.size == (1024, 1024)
    im.size = (16, 16)
    im.load(2)
    assert im.tobytes() == smaller.tobytes()
    im.size = (32, 32)
    im.load(2)
    assert im.tobytes() == picture("LA").resize((64, 64)).tobytes()
