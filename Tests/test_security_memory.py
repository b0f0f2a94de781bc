"""Files that ask for more memory or work than they are worth: bombs, lies about lengths, data that
expand. Each is used with 5 seconds of processor time and, but for bombs, 100 MB."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable

import pytest

import icon_files
import simple_files
import texture_files
from confine import confined
from filemakers import PNG_SIGNATURE, bmp, png, png_chunk, png_header, saved
from PIL import GdImageFile, Image, ImageFile, WalImageFile

REFUSED = {"UnidentifiedImageError", "OSError", "ValueError", "SyntaxError", "EOFError"}
BOMB = {"DecompressionBombError"}


def use(data: bytes, frames: int = 20) -> None:
    """Open, load and go through the frames."""
    with Image.open(io.BytesIO(data)) as im:
        im.load()
        first = getattr(im, "_min_frame", 0)
        for frame in range(1, min(getattr(im, "n_frames", 1) + first, frames)):
            im.seek(frame)
            im.load()


def patched(data: bytes, *changes: tuple[int, str, int]) -> bytes:
    """The file with numbers written over: position, format and value."""
    result = bytearray(data)
    for position, layout, value in changes:
        struct.pack_into(layout, result, position, value)
    return bytes(result)


def picture(mode: str = "RGB", size: tuple[int, int] = (8, 8)) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert(mode)


# --- headers that tell of a huge picture ---

PNG_FILE = saved(picture(), "PNG")
JPEG_FILE = saved(picture(), "JPEG")
SIDE = 40000  # its square is far beyond the limit


def jpeg_with_size(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0") + 5
    return patched(data, (at, ">H", height), (at + 2, ">H", width))


def tiff_with(data: bytes, **tags: int) -> bytes:
    """A little-endian TIFF with values of its first directory changed; t256=... are the names."""
    result = bytearray(data)
    (at,) = struct.unpack_from("<L", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind = struct.unpack_from("<2H", data, entry)
        if f"t{tag}" in tags:
            struct.pack_into("<H" if kind == 3 else "<L", result, entry + 8, tags[f"t{tag}"])
    return bytes(result)


def jp2_with_size(data: bytes) -> bytes:
    header, siz = data.index(b"ihdr") + 4, data.index(b"\xff\x51") + 6
    pairs = [(header, ">L", SIDE), (header + 4, ">L", SIDE)]
    return patched(data, *pairs, (siz, ">L", SIDE), (siz + 4, ">L", SIDE))


def webp_with_size(data: bytes) -> bytes:
    size = (16382).to_bytes(3, "little")
    extended = b"VP8X" + struct.pack("<L", 10) + b"\0\0\0\0" + size + size
    return b"RIFF" + struct.pack("<L", len(data) - 8 + 18) + b"WEBP" + extended + data[12:]


def mpo_with_large_second() -> bytes:
    data = saved(picture(), "MPO", save_all=True, append_images=[picture()])
    second = data.index(b"\xff\xd8\xff", 3)
    return data[:second] + jpeg_with_size(data[second:], SIDE, SIDE)


def tiff_with_large_second() -> bytes:
    data = saved(picture(), "TIFF", save_all=True, append_images=[picture()])
    (first,) = struct.unpack_from("<L", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    (second,) = struct.unpack_from("<L", data, first + 2 + 12 * count)
    large = tiff_with(patched(data, (4, "<L", second)), t256=SIDE, t257=SIDE)
    return patched(large, (4, "<L", first))


def apng_with_large_second() -> bytes:
    data = saved(picture("L"), "PNG", save_all=True, append_images=[picture("L").rotate(90)])
    at = data.rindex(b"fcTL")
    size = struct.pack(">2L", SIDE, SIDE)
    body = b"fcTL" + data[at + 4 : at + 8] + size + data[at + 16 : at + 30]
    return data[:at] + body + struct.pack(">L", zlib.crc32(body)) + data[at + 34 :]


def gif_with_large_second() -> bytes:
    data = saved(picture("L"), "GIF", save_all=True, append_images=[picture("L").rotate(90)])
    at = data.rindex(b",\0\0\0\0")
    return patched(data, (at + 5, "<H", SIDE), (at + 7, "<H", SIDE))


def dcx_with_large_second() -> bytes:
    small = saved(picture("L"), "PCX")
    return icon_files.dcx(small, patched(small, (8, "<H", SIDE), (10, "<H", SIDE)))


def psd_with_large_layer() -> bytes:
    whole = icon_files.FILES["layers.psd"][1]
    box = struct.pack(">4l", 0, 0, 1, 2)  # of one row, so that the rest of the file still fits
    assert box in whole
    return whole.replace(box, struct.pack(">4l", 0, 0, 1, 1 << 28))


OPENED: dict[str, bytes] = {
    "PNG": png(png_header(SIDE, SIDE, 8, 2), b""),
    "JPEG": jpeg_with_size(JPEG_FILE, SIDE, SIDE),
    "BMP": bmp((SIDE, SIDE), 24, b""),
    "BMP upside down": bmp((SIDE, -SIDE), 24, b""),
    "GIF": patched(saved(picture("L"), "GIF"), (6, "<H", SIDE), (8, "<H", SIDE)),
    "TIFF": tiff_with(saved(picture(), "TIFF"), t256=SIDE, t257=SIDE),
    "PPM": b"P6 %d %d 255\n" % (SIDE, SIDE),
    "PFM": b"Pf %d %d 1\n" % (SIDE, SIDE),
    "QOI": b"qoif" + struct.pack(">2L2B", SIDE, SIDE, 3, 0),
    "SGI": patched(saved(picture(), "SGI"), (6, ">H", SIDE), (8, ">H", SIDE)),
    "SUN": struct.pack(">8L", 0x59A66A95, SIDE, SIDE, 8, 0, 1, 0, 0) + bytes(9),
    "TGA": struct.pack("<3B5x2x2x2H2B", 0, 0, 2, SIDE, SIDE, 24, 0) + bytes(99),
    "PCX": patched(saved(picture("L"), "PCX"), (8, "<H", SIDE), (10, "<H", SIDE)),
    "XBM": b"#define a_width %d\n#define a_height %d\nstatic char a_bits[] = {\n" % (SIDE, SIDE),
    "XPM": b'/* XPM */\nstatic char *a[] = {\n"%d %d 1 1",\n"a c #000000",\n' % (SIDE, SIDE),
    "FITS": simple_files.fits()
    .replace(b"1  = 3    ", b"1  =%6d" % SIDE)
    .replace(b"2  = 2    ", b"2  =%6d" % SIDE),
    "DDS": patched(saved(picture(), "DDS"), (12, "<L", SIDE), (16, "<L", SIDE)),
    "IM": saved(picture("L"), "IM").replace(b"(x*y): 8*8", b"(x*y): %d*%d" % (SIDE, SIDE)),
    "PIXAR": patched(simple_files.pixar(), (416, "<H", SIDE), (418, "<H", SIDE)),
    "MSP": saved(picture("1"), "MSP"),
    "GBR": patched(simple_files.gbr(), (8, ">L", SIDE), (12, ">L", SIDE)),
    "MCIDAS": patched(simple_files.mcidas(), (32, ">L", SIDE), (36, ">L", SIDE)),
    "SPIDER": simple_files.spider_stack(),
    "PSD": patched(icon_files.FILES["layers.psd"][1], (14, ">L", SIDE), (18, ">L", SIDE)),
    "XVTHUMB": b"P7 332\n#END_OF_COMMENTS\n%d %d 255\n" % (SIDE, SIDE),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40000 40000\n%%EndComments\nshowpage\n",
    "WMF": patched(simple_files.WMF, (10, "<h", 32767), (12, "<h", 32767), (14, "<H", 1)),
    "FTEX": texture_files.ftex((SIDE, SIDE), 1, b""),
    "BLP": b"BLP2" + struct.pack("<L4B2L", 1, 1, 8, 0, 0, SIDE, SIDE) + bytes(200),
}  # fmt: skip

# These two are given their huge size here: the checksum of the one and the floats of the other.
words = list(struct.unpack("<16H", OPENED["MSP"][:32]))
words[2:4], words[12] = [SIDE, SIDE], 0
for word in words[:12] + words[13:]:
    words[12] ^= word
OPENED["MSP"] = struct.pack("<16H", *words) + OPENED["MSP"][32:]


def check_refused(data: bytes) -> None:
    """A picture is refused by its size before there is memory for it."""
    kind, text = confined(lambda: use(data))
    assert kind in BOMB, text


@pytest.mark.parametrize("name", sorted(set(OPENED) - {"SPIDER"}))
def test_bombs(name: str) -> None:
    check_refused(OPENED[name])


@pytest.mark.parametrize(
    ("name", "enlarge"), [("JPEG2000", jp2_with_size), ("WEBP", webp_with_size)]
)
def test_bombs_of_libraries(name: str, enlarge: Callable[[bytes], bytes]) -> None:
    check_refused(enlarge(saved(picture(), name)))


SOUGHT: dict[str, Callable[[], bytes]] = {
    "MPO": mpo_with_large_second,
    "TIFF": tiff_with_large_second,
    "GIF": gif_with_large_second,
    "DCX": dcx_with_large_second,
}


@pytest.mark.parametrize("name", SOUGHT)
def test_bombs_reached_by_seek(name: str) -> None:
    data = SOUGHT[name]()
    with Image.open(io.BytesIO(data)) as im:
        assert im.size <= (8, 8)
        assert getattr(im, "n_frames", 1) > 1
    kind, text = confined(lambda: use(data))
    assert kind in BOMB, text


@pytest.mark.parametrize("maker", [apng_with_large_second, psd_with_large_layer])
def test_frames_stay_within_the_image(maker: Callable[[], bytes]) -> None:
    kind, _ = confined(lambda: use(maker()), 100)
    assert kind in REFUSED


def test_formats_opened_by_name() -> None:
    gd = struct.pack(">3HBLH", 0xFFFF, SIDE, SIDE, 0, 5, 256) + bytes(1024)
    assert confined(lambda: GdImageFile.open(io.BytesIO(gd)))[0] in BOMB
    wal = patched(simple_files.WAL, (32, "<L", SIDE), (36, "<L", SIDE))
    assert confined(lambda: WalImageFile.open(io.BytesIO(wal)).load())[0] in BOMB


# --- lengths that are lies ---

HUGE = 0xFFFFFFF0


def jp2_box(length: int, name: bytes, long: int | None = None) -> bytes:
    signature = struct.pack(">L4s4s", 12, b"jP  ", b"\r\n\x87\n")
    head = struct.pack(">L4s", length, name)
    return signature + head + (struct.pack(">Q", long) if long is not None else b"") + b"x" * 50


def psd_with_length(section: int) -> bytes:
    """A PSD whose colour data, resources or layers are said to be nearly 4 GB long."""
    head = b"8BPS" + struct.pack(">H6xHLLHH", 1, 3, 8, 8, 8, 3)
    return head + struct.pack(">L", 0) * section + struct.pack(">L", HUGE) + b"x" * 40


def icns_with(length: int) -> bytes:
    return b"icns" + struct.pack(">L", length) + b"ic08" + struct.pack(">L", length) + PNG_FILE


def png_with(name: bytes, length: int = 0x7FFFFFF0) -> bytes:
    chunk = struct.pack(">L4s", length, name) + b"key\0\0" + b"x" * 50
    return PNG_SIGNATURE + png_header(8, 8, 8, 2) + chunk


def tiff_with_count(kind: int, count: int, tag: int = 270) -> bytes:
    entries = [(256, 3, 1, 8), (257, 3, 1, 8), (tag, kind, count, 50)]
    body = b"".join(struct.pack("<2H2L", *entry) for entry in sorted(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + bytes(60)


def tiled_tiff(compression: str) -> bytes:
    data = saved(picture("L", (16, 16)), "TIFF", compression=compression, tile=(16, 16))
    return tiff_with(data, t256=8, t257=8, t322=32752, t323=32752)


LIES: dict[str, bytes] = {
    **{f"PNG {name}": png_with(name.encode()) for name in
       ("tEXt", "zTXt", "iTXt", "iCCP", "PLTE", "tRNS", "eXIf", "IDAT", "prVt", "acTL")},
    "JPEG2000 box": jp2_box(HUGE, b"jp2h"),
    "JPEG2000 long box": jp2_box(1, b"jp2h", 2**62),
    "JPEG2000 box before": jp2_box(HUGE, b"ftyp"),
    **{f"PSD section {section}": psd_with_length(section) for section in range(3)},
    "ICNS": icns_with(HUGE),
    "GBR": patched(simple_files.gbr(), (0, ">L", HUGE)),
    "GBR size": patched(simple_files.gbr(), (8, ">L", 12000), (12, ">L", 12000)),
    **{f"TIFF tag of type {kind}": tiff_with_count(kind, HUGE) for kind in range(1, 19)},
    "TIFF strip": tiff_with(saved(picture(), "TIFF"), t279=HUGE),
    "TIFF strip offset": tiff_with(saved(picture(), "TIFF"), t273=HUGE),
    "BMP offset": patched(bmp((8, 8), 24, bytes(192)), (10, "<L", HUGE)),
    "BMP header": patched(bmp((8, 8), 24, bytes(192)), (14, "<L", HUGE)),
    "BMP colours": patched(bmp((8, 8), 8, bytes(64), bytes(1024)), (46, "<L", HUGE)),
    "ICO": patched(saved(picture(), "ICO"), (14, "<L", HUGE), (18, "<L", 22)),
    "ICO offset": patched(saved(picture(), "ICO"), (18, "<L", HUGE)),
    "CUR": patched(icon_files.FILES["rgb.cur"][1], (14, "<L", HUGE), (18, "<L", HUGE)),
    "SUN palette": struct.pack(">8L", 0x59A66A95, 8, 8, 8, 64, 1, 1, HUGE) + bytes(99),
    "FLI": patched(simple_files.fli((8, 8), simple_files.FLI_FRAMES), (0, "<L", HUGE)),
    "EPS": struct.pack("<4s2L", b"\xc5\xd0\xd3\xc6", HUGE, HUGE) + bytes(20),
    "IPTC": b"\x1c\x03\x14\x00\x84\x7f\xff\xff\xff" + b"x" * 20,
    "MIC": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "DCX": struct.pack("<3L", 0x3ADE68B1, HUGE, 0) + bytes(20),
    "FTEX": texture_files.ftex((8, 8), 1, b"")[:-4] + struct.pack("<L", HUGE),
    "DDS": patched(saved(picture(), "DDS"), (4, "<L", HUGE)),
    "JPEG": JPEG_FILE[:2] + b"\xff\xe1\xff\xff" + JPEG_FILE[2:60],
    "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + struct.pack(">L4s", HUGE, b"meta"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_lengths_beyond_the_file(name: str) -> None:
    """No memory is taken for what a length claims before it is known to be there. 100 MB are
    more than all of these need, and less than any of them asks for."""
    kind, _ = confined(lambda: use(LIES[name]), megabytes=100)
    assert kind == "ok" or kind in REFUSED | BOMB


def test_webp_with_lengths_beyond_the_file() -> None:
    data = patched(saved(picture(), "WEBP"), (4, "<L", HUGE), (16, "<L", HUGE))
    kind, _ = confined(lambda: use(data), megabytes=100)
    assert kind == "ok" or kind in REFUSED | BOMB


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_small_image_in_a_huge_tile(compression: str) -> None:
    kind, _ = confined(lambda: use(tiled_tiff(compression)), megabytes=100)
    assert kind == "ok" or kind in REFUSED | BOMB


# --- data that expand ---


def deflated(size: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


GIGABYTE = deflated(1 << 30)


def png_text(name: bytes, head: bytes) -> bytes:
    rows = b"".join(b"\0" + bytes(24) for _ in range(8))
    return png(png_header(8, 8, 8, 2), rows, before=png_chunk(name, head + GIGABYTE))


def deflated_tiff() -> bytes:
    data = saved(picture("L"), "TIFF", compression="tiff_adobe_deflate")
    data = tiff_with(data, t279=len(GIGABYTE))
    return data.replace(zlib.compress(picture("L").tobytes()), GIGABYTE) + GIGABYTE


def lzw_tiff() -> bytes:
    """Strips of an L image that decode to far more than the image has."""
    data = saved(picture("L", (400, 400)), "TIFF", compression="tiff_lzw", strip_size=1 << 20)
    return tiff_with(data, t256=4, t257=4)


EXPANDING: dict[str, tuple[bytes, set[str]]] = {
    "PNG zTXt": (png_text(b"zTXt", b"key\0\0"), {"ValueError"}),
    "PNG iTXt": (png_text(b"iTXt", b"key\0\1\0\0\0"), {"ValueError"}),
    "PNG iCCP": (png_text(b"iCCP", b"key\0\0"), {"ok", "ValueError"}),
    "PNG pixels": (
        PNG_SIGNATURE + png_header(8, 8, 8, 2) + png_chunk(b"IDAT", GIGABYTE) + png_chunk(b"IEND"),
        {"ok", "OSError"},
    ),
    "PNG many texts": (
        png(png_header(1, 1, 8, 0), b"\0\0",
            before=png_chunk(b"zTXt", b"k\0\0" + deflated(1 << 20)) * 200),
        {"ValueError"},
    ),
    "FITS": (simple_files.fits_gzip()[: -100].ljust(5760, b" ") + gzip.compress(bytes(1 << 28)),
             {"ok"} | REFUSED),
    "BMP RLE8": (bmp((9000, 9000), 8, b"\0\2\xff\xff" * 9 + b"\0\1", bytes(1024), 1),
                 {"ok"} | REFUSED),
    "BMP RLE8 runs": (bmp((4, 4), 8, b"\xff\1" * 1_000_000 + b"\0\1", bytes(1024), 1),
                      {"ok"} | REFUSED),
    "MSP": (simple_files.msp_rle()[:32] + struct.pack("<3H", 60000, 60000, 60000)
            + b"\0\xff\xff" * 60000, {"ok"} | REFUSED),
    "PCX": (patched(saved(picture("L"), "PCX"), (66, "<H", 65534)) + b"\xff\0" * 500_000,
            {"ok"} | REFUSED),
    "TGA": (saved(picture("L"), "TGA", compression="tga_rle")[:18] + b"\xff\1" * 500_000,
            {"ok"} | REFUSED),
    "SGI": (simple_files.sgi_rle()[:512] + struct.pack(">12L", *[512] * 6, *[HUGE] * 6)
            + b"\x7f\0" * 10_000, {"ok"} | REFUSED),
    "SUN": (simple_files.sun(8, 2, b"\x80\xff\0" * 500_000), {"ok"} | REFUSED),
    "PSD": (icon_files.FILES["layers.psd"][1] + b"\x81\0" * 500_000, {"ok"} | REFUSED),
    "QOI": (b"qoif" + struct.pack(">2L2B", 4, 4, 3, 0) + b"\xfd" * 1_000_000, {"ok"} | REFUSED),
    "XPM": (b'/* XPM */\nstatic char *a[] = {\n"1 1 999999999 1",\n' + b'"a c #000000",\n' * 9,
            REFUSED),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPANDING)
def test_expanding_data(name: str) -> None:
    """What comes out is bounded by the picture, or by a limit on texts; not by what is packed.

    The pictures themselves have up to 81 MB; 300 MB are far below what is packed."""
    data, expected = EXPANDING[name]
    kind, text = confined(lambda: use(data), megabytes=300)
    assert kind in expected, text


@pytest.mark.parametrize("maker", [deflated_tiff, lzw_tiff])
def test_expanding_strips(maker: Callable[[], bytes]) -> None:
    data = maker()
    kind, text = confined(lambda: use(data), megabytes=300)
    assert kind in {"ok"} | REFUSED, text


def test_strings_of_gif() -> None:
    """LZW codes that stand for ever longer strings, more than the frame has pixels."""
    codes = [256, *range(256, 256)] + [0] + [258 + i for i in range(3000)]
    width, bits, at = 9, 0, 0
    for i, code in enumerate(codes):
        bits |= code << at
        at += width
        if 257 + i >= 1 << width and width < 12:
            width += 1
    packed = bits.to_bytes(at // 8 + 1, "little")
    blocks = b"".join(bytes((len(packed[i : i + 255]),)) + packed[i : i + 255]
                      for i in range(0, len(packed), 255))  # fmt: skip
    frame = b",\0\0\0\0\4\0\4\0\0\x08" + blocks + b"\0"
    kind, _ = confined(lambda: use(b"GIF89a\4\0\4\0\0\0\0" + frame * 100 + b";", 200), 100)
    assert kind == "ok" or kind in REFUSED


def test_limits_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a service sets holds for every format that reads its size from a header."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    for name, (format, data) in {**simple_files.FILES, **icon_files.FILES}.items():
        if format in ("BUFR", "GRIB", "HDF5", "MPEG", "WMF"):
            continue  # nothing is loaded without a handler
        try:
            with Image.open(io.BytesIO(data)) as im:
                assert im.width * im.height <= 20, name
        except Image.DecompressionBombError:
            pass
