"""Textures: blocks of every compression scheme, and the files that hold them."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

from common import Area, Case, contents, sample_files, some_size

from PIL import Image, UnidentifiedImageError

#: number, variant, mode and bytes per block
SCHEMES = (
    (1, "DXT1", "RGBA", 8),
    (2, "DXT3", "RGBA", 16),
    (3, "DXT5", "RGBA", 16),
    (4, "BC4", "L", 8),
    (5, "BC5", "RGB", 16),
    (5, "BC5S", "RGB", 16),
    (6, "BC6H", "RGB", 16),
    (6, "BC6HS", "RGB", 16),
    (7, "BC7", "RGBA", 16),
)


def block(rng: random.Random, number: int, size: int) -> bytes:
    """A block; those with modes are of every mode equally often."""
    data = bytearray(rng.randbytes(size))
    kind = rng.randrange(8)
    if number == 7:
        data[0] = (data[0] << 1 | 1) << kind & 0xFF if rng.randrange(20) else 0
    elif number == 6:
        low = rng.choice((0, 1, *range(2, 32, 4), *range(3, 32, 4)))
        data[0] = data[0] & ~(3 if low < 2 else 31) | low
        if kind == 0:  # end points at the ends of what half floats can hold
            data[1:11] = rng.choice((b"\0", b"\xff", b"\x7f", b"\x80")) * 10
    elif kind == 0 or (kind == 1 and number > 1):
        data[size - 8 : size - 4] = data[size - 8 : size - 6] * 2
    elif kind == 2:
        data[0:2] = bytes(rng.choice((0, 1, 127, 128, 254, 255)) for _ in range(2))
    return bytes(data)


def decoded(mode: str, size: tuple[int, int], data: bytes, *args: Any) -> Any:
    return Image.frombytes(mode, size, data, "bcn", args).tobytes()


def partly_decoded(mode: str, size: tuple[int, int], pieces: list[bytes], *args: Any) -> Any:
    """What a decoder says and does when the data comes in pieces."""
    im = Image.new(mode, size)
    decoder = Image.core.bcn_decoder(mode, *args)
    decoder.setimage(im.im, None)
    waiting, answers = b"", []
    for piece in pieces:
        waiting += piece
        answers.append(decoder.decode(waiting))
        if answers[-1][0] < 0:
            break
        waiting = waiting[answers[-1][0] :]
    return answers, im.tobytes()


def block_decoding(rng: random.Random) -> Iterator[Case]:
    while True:
        number, variant, mode, size = rng.choice(SCHEMES)
        shape = some_size(rng, 30)
        count = (shape[0] + 3) // 4 * ((shape[1] + 3) // 4)
        data = b"".join(block(rng, number, size) for _ in range(count))
        if rng.random() < 0.8:
            yield (
                f"decode {variant} {shape} {data[:64].hex()}",
                lambda a=(mode, shape, data, number, variant): decoded(*a),
            )
            continue
        cuts = sorted(rng.randrange(len(data) + 9) for _ in range(3))
        data += bytes(rng.randrange(9))
        pieces = [data[i:j] for i, j in zip([0, *cuts], [*cuts, None], strict=True)]
        yield (
            f"decode {variant} {shape} in pieces {cuts}",
            lambda a=(mode, shape, pieces, number, variant): partly_decoded(*a),
        )


def codec_arguments() -> Iterator[Case]:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "F", "I;16", "x"):
        for number in range(-1, 9):
            yield (
                f"bcn_decoder({mode!r}, {number})",
                lambda a=(mode, number): type(Image.core.bcn_decoder(*a)).__name__,
            )


def smooth(rng: random.Random, mode: str, size: tuple[int, int]) -> Image.Image:
    """An image as textures are: neighbours differ little, alpha is often 0 or 255."""
    if rng.random() < 0.3:
        return Image.frombytes(mode, size, contents(rng, mode, size))
    bands = len(mode)
    base, slope = [rng.randrange(256) for _ in range(bands)], rng.choice((1, 3, 9, 40))
    data = bytearray()
    for _ in range(size[0] * size[1]):
        values = [min(255, max(0, b + rng.randint(-slope, slope))) for b in base]
        if mode in ("LA", "RGBA") and rng.random() < 0.5:
            values[-1] = rng.choice((0, 0, 1, 255, 255, 128))
        data += bytes(values)
    return Image.frombytes(mode, size, bytes(data))


def block_encoding(rng: random.Random) -> Iterator[Case]:
    while True:
        number = rng.choice((1, 2, 3, 5))
        # Of a mode of one channel Pillow takes the next pixel for the second.
        mode = rng.choice(("LA", "RGB", "RGBA") if number == 5 else ("L", "LA", "RGB", "RGBA"))
        width, height = some_size(rng, 24)
        if number == 1 and mode in ("LA", "RGBA"):
            # Pillow leaves the indices of texels outside the image to chance in blocks with
            # transparent ones.
            width, height = (width + 3) // 4 * 4, (height + 3) // 4 * 4
        im = smooth(rng, mode, (width, height))
        yield (
            f"encode BC{number} {mode} {im.size} {im.tobytes()[:64].hex()}",
            lambda a=(im, number): a[0].tobytes("bcn", (a[1],)),
        )


# Files


def opened(data: bytes, format: str) -> Any:
    """What a file is read as; unsupported ones are known by NotImplementedError."""
    try:
        with Image.open(io.BytesIO(data), formats=[format]) as im:
            if im.width * im.height > 10**6:
                return im.mode, im.size
            im.load()
            return im.mode, im.size, im.tobytes(), im.getpalette("RGBA"), im.info
    except NotImplementedError:
        return "not implemented"
    except ValueError as error:
        if "closed file" in str(error):
            # Pillow's reader of FTEX closes a file of impossible size before it says so.
            raise UnidentifiedImageError from error
        raise


def dds(rng: random.Random) -> bytes:
    width, height = some_size(rng, 12)
    flags = rng.choice((0x40, 0x41, 0x20000, 0x20001, 0x20, 4, 4, 4, 0, 8))
    code = rng.choice((b"DXT1", b"DXT3", b"DXT5", b"ATI1", b"BC4U", b"ATI2", b"BC5U", b"BC5S",
                       b"DX10", b"DX10", b"DX10", b"DXT2", bytes(4)))  # fmt: skip
    bits = rng.choice((8, 16, 24, 32, rng.randrange(70)))
    masks = rng.choice(
        ((0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0xFF, 0xFF00, 0xFF0000, 0),
         (0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0x8000), (0xF00, 0xF0, 0xF, 0xF000),
         tuple(rng.getrandbits(32) & rng.getrandbits(32) for _ in range(4)))
    )  # fmt: skip
    data = b"DDS " + struct.pack("<7I", 124, 0x1007, height, width, 0, 0, 0) + bytes(44)
    data += struct.pack("<2I4s5I", 32, flags, code, bits, *masks) + bytes(20)
    if flags == 4 and code == b"DX10":
        data += struct.pack("<5I", rng.randrange(26, 33) if bits == 8 else rng.randrange(66, 101),
                            3, 0, 0, 1)  # fmt: skip
    if flags == 0x20:
        data += rng.randbytes(1024)
    return data + rng.randbytes(rng.choice((1500, 1500, 1500, 20)))


def ftex(rng: random.Random) -> bytes:
    width, height = some_size(rng, 12)
    gap, size = rng.choice((0, 0, 7)), rng.choice((1500, 1500, 90, -1))
    numbers = 1, width, height, 1, 1, rng.choice((0, 0, 1, 1, 2)), 32 + gap, size
    return (
        b"FTEX"
        + struct.pack("<7i", *numbers[:7])
        + bytes(gap)
        + struct.pack("<i", size)
        + rng.randbytes(1500)
    )


def blp(rng: random.Random) -> bytes:
    width, height = some_size(rng, 12)
    first = rng.random() < 0.3
    alpha = rng.choice((0, 1, 8))
    if first:
        head = b"BLP1" + struct.pack("<i3I2i", 1, alpha, width, height, rng.choice((4, 5, 3)), 0)
    else:
        encoding, alpha_encoding = rng.choice((1, 2, 2, 2, 3)), rng.choice((0, 1, 7, 7, 2))
        head = b"BLP2" + struct.pack("<i4b2I", 1, encoding, alpha, alpha_encoding, 0, width, height)
    offset = len(head) + 128 + 1024 + rng.choice((0, 0, 5))
    lengths = [rng.choice((width * height, 1, 1000)), *[0] * 15]
    tables = struct.pack("<32I", offset, *[0] * 15, *lengths)
    blocks = b"".join(block(rng, 1, 8) for _ in range(200))
    return head + tables + rng.randbytes(1024) + blocks


def blp_jpeg(rng: random.Random) -> bytes:
    im = smooth(rng, rng.choice(("L", "RGB", "CMYK")), some_size(rng, 30))
    out = io.BytesIO()
    im.save(out, "JPEG", quality=rng.choice((30, 90)))
    data, cut, gap = out.getvalue(), rng.randrange(300), rng.choice((0, 0, 9))
    head = b"BLP1" + struct.pack("<i3I2i", 0, rng.choice((0, 8)), *im.size, 5, 0)
    offset = len(head) + 128 + 4 + cut + gap
    tables = struct.pack("<32I", offset, *[0] * 15, len(data) - cut, *[0] * 15)
    return head + tables + struct.pack("<I", cut) + data[:cut] + bytes(gap) + data[cut:]


MAKERS: dict[str, tuple[Callable[[random.Random], bytes], ...]] = {
    "DDS": (dds,),
    "FTEX": (ftex,),
    "BLP": (blp, blp, blp_jpeg),
}


def texture_files(rng: random.Random) -> Iterator[Case]:
    while True:
        format = rng.choice(tuple(MAKERS))
        data = rng.choice(MAKERS[format])(rng)
        yield f"open {format} {data[:160].hex()}", lambda a=(data, format): opened(*a)
        if rng.random() < 0.7:
            broken = bytearray(data)
            at = rng.randrange(min(len(data), 200))
            if rng.random() < 0.5:
                broken[at] = rng.choice((0, 255, 127, broken[at] ^ 1 << rng.randrange(8)))
            else:
                del broken[rng.randrange(len(data)) :]
            yield (
                f"damaged {format} {len(broken)} {broken[:160].hex()}",
                lambda a=(bytes(broken), format): opened(*a),
            )


def saved(im: Image.Image, format: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    im.save(out, format, **options)
    return out.getvalue()


def texture_writes(rng: random.Random) -> Iterator[Case]:
    while True:
        if rng.random() < 0.7:
            format = "DDS"
            mode = rng.choice(("L", "LA", "RGB", "RGBA", "RGBA", "P", "CMYK"))
            value = rng.choice((None, "DXT1", "DXT3", "DXT5", "BC2", "BC3", "BC5", "x"))
            options = {"pixel_format": value}
        else:
            format, mode = "BLP", rng.choice(("P", "P", "P", "L"))
            options = {"blp_version": rng.choice(("BLP1", "BLP2", None))}
        width, height = some_size(rng, 16)
        if mode in ("LA", "RGBA") and options.get("pixel_format") == "DXT1":
            width, height = width * 4, height * 4  # as in block_encoding
        im = Image.frombytes(mode, (width, height), contents(rng, mode, (width, height)))
        if mode == "P":
            colors = rng.choice((1, 16, 256))
            palette_mode = rng.choice(("RGB", "RGBA"))
            im.putpalette(rng.randbytes(len(palette_mode) * colors), palette_mode)
        yield (
            f"save {format} {mode} {im.size} {options}",
            lambda a=(im, format, options): saved(*a),
        )


def sample_textures(rng: random.Random) -> Iterator[Case]:
    """Pillow's own test files."""
    for path in sample_files("*.dds", "*.ftc", "*.ftu", "blp/*.blp", "*.blp"):
        format = {".dds": "DDS", ".blp": "BLP"}.get(path.suffix, "FTEX")
        data = path.read_bytes()
        yield f"sample {path.name}", lambda a=(data, format): opened(*a)
        half = data[: len(data) // 2]
        yield f"half of {path.name}", lambda a=(half, format): opened(*a)


AREAS: dict[str, tuple[Area, int]] = {
    "block decoding": (block_decoding, 1500),
    "block encoding": (block_encoding, 1000),
    "block arguments": (lambda rng: codec_arguments(), 200),
    "texture files": (texture_files, 1000),
    "save textures": (texture_writes, 600),
    "sample textures": (sample_textures, 1000),
}

READING = {"texture files"}
