"""DDS, the textures of Direct3D: block compressed, by bit masks, or plain bytes.

Only the first surface of a file is read: the largest of its mipmaps, the first side of a cube.
Formats: "DDS_HEADER structure" and "DDS_HEADER_DXT10 structure" of Microsoft's documentation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import IO, Any, NamedTuple

from . import Image, ImageFile, ImagePalette
from ._direct3d import D3DFMT, DDPF, DDSCAPS, DDSCAPS2, DDSD, DXGI_FORMAT
from ._header import Header, UnsupportedFeature, read_up_to, require

DDS_MAGIC = 0x20534444
_MAGIC = DDS_MAGIC.to_bytes(4, "little")

_HEADER_SIZE = 124
_HEADER = Header(
    "<",
    flags="L",
    height="L",
    width="L",
    pitch="L",
    depth="L",
    mipmaps="L",
    reserved="44s",
    pixel_format_size="L",
    pixel_flags="L",
    fourcc="L",
    bit_count="L",
    red="L",
    green="L",
    blue="L",
    alpha="L",
    caps="L",
    more_caps="16s",
)
_DX10_HEADER = Header("<", format="L", dimension="L", misc="L", array_size="L", misc2="L")
_DXGI_HEADER = Header("<", format="L")  # the part of it that matters
_DATA_OFFSET = 4 + 4 + _HEADER.size
_PALETTE_SIZE = 256 * 4
#: So many values of a channel are computed once only; there are up to 2^32.
_REMEMBERED = 1 << 16

# ``DDSD_CAPS`` for ``DDSD.CAPS``, and so on: plain numbers.
globals().update(
    {
        f"{flags.__name__}_{name}": member.value
        for flags in (DDSD, DDSCAPS, DDSCAPS2, DDPF)
        for name, member in flags.__members__.items()
    }
)

DDS_FOURCC = DDPF.FOURCC
DDS_RGB = DDPF.RGB
DDS_RGBA = DDPF.RGB | DDPF.ALPHAPIXELS
DDS_LUMINANCE = DDPF.LUMINANCE
DDS_LUMINANCEA = DDPF.LUMINANCE | DDPF.ALPHAPIXELS
DDS_ALPHA = DDPF.ALPHA
DDS_PAL8 = DDPF.PALETTEINDEXED8

DDS_HEADER_FLAGS_TEXTURE = DDSD.CAPS | DDSD.HEIGHT | DDSD.WIDTH | DDSD.PIXELFORMAT
DDS_HEADER_FLAGS_MIPMAP = DDSD.MIPMAPCOUNT
DDS_HEADER_FLAGS_VOLUME = DDSD.DEPTH
DDS_HEADER_FLAGS_PITCH = DDSD.PITCH
DDS_HEADER_FLAGS_LINEARSIZE = DDSD.LINEARSIZE
DDS_HEIGHT = DDSD.HEIGHT
DDS_WIDTH = DDSD.WIDTH

DDS_SURFACE_FLAGS_TEXTURE = DDSCAPS.TEXTURE
DDS_SURFACE_FLAGS_MIPMAP = DDSCAPS.COMPLEX | DDSCAPS.MIPMAP
DDS_SURFACE_FLAGS_CUBEMAP = DDSCAPS.COMPLEX

DDS_CUBEMAP_POSITIVEX = DDSCAPS2.CUBEMAP | DDSCAPS2.CUBEMAP_POSITIVEX
DDS_CUBEMAP_NEGATIVEX = DDSCAPS2.CUBEMAP | DDSCAPS2.CUBEMAP_NEGATIVEX
DDS_CUBEMAP_POSITIVEY = DDSCAPS2.CUBEMAP | DDSCAPS2.CUBEMAP_POSITIVEY
DDS_CUBEMAP_NEGATIVEY = DDSCAPS2.CUBEMAP | DDSCAPS2.CUBEMAP_NEGATIVEY
DDS_CUBEMAP_POSITIVEZ = DDSCAPS2.CUBEMAP | DDSCAPS2.CUBEMAP_POSITIVEZ
DDS_CUBEMAP_NEGATIVEZ = DDSCAPS2.CUBEMAP | DDSCAPS2.CUBEMAP_NEGATIVEZ

DXT1_FOURCC = D3DFMT.DXT1
DXT3_FOURCC = D3DFMT.DXT3
DXT5_FOURCC = D3DFMT.DXT5

DXGI_FORMAT_R8G8B8A8_TYPELESS = DXGI_FORMAT.R8G8B8A8_TYPELESS
DXGI_FORMAT_R8G8B8A8_UNORM = DXGI_FORMAT.R8G8B8A8_UNORM
DXGI_FORMAT_R8G8B8A8_UNORM_SRGB = DXGI_FORMAT.R8G8B8A8_UNORM_SRGB
DXGI_FORMAT_BC5_TYPELESS = DXGI_FORMAT.BC5_TYPELESS
DXGI_FORMAT_BC5_UNORM = DXGI_FORMAT.BC5_UNORM
DXGI_FORMAT_BC5_SNORM = DXGI_FORMAT.BC5_SNORM
DXGI_FORMAT_BC6H_UF16 = DXGI_FORMAT.BC6H_UF16
DXGI_FORMAT_BC6H_SF16 = DXGI_FORMAT.BC6H_SF16
DXGI_FORMAT_BC7_TYPELESS = DXGI_FORMAT.BC7_TYPELESS
DXGI_FORMAT_BC7_UNORM = DXGI_FORMAT.BC7_UNORM
DXGI_FORMAT_BC7_UNORM_SRGB = DXGI_FORMAT.BC7_UNORM_SRGB


class _Blocks(NamedTuple):
    """A block compressed pixel format: mode it is decoded to, number of the scheme, name."""

    mode: str
    number: int
    name: str


_FOURCC_BLOCKS: dict[int, _Blocks] = {
    D3DFMT.DXT1: _Blocks("RGBA", 1, "DXT1"),
    D3DFMT.DXT3: _Blocks("RGBA", 2, "DXT3"),
    D3DFMT.DXT5: _Blocks("RGBA", 3, "DXT5"),
    D3DFMT.BC4U: _Blocks("L", 4, "BC4"),
    D3DFMT.ATI1: _Blocks("L", 4, "BC4"),
    D3DFMT.BC5S: _Blocks("RGB", 5, "BC5S"),
    D3DFMT.BC5U: _Blocks("RGB", 5, "BC5"),
    D3DFMT.ATI2: _Blocks("RGB", 5, "BC5"),
}
_DXGI_BLOCKS: dict[int, _Blocks] = {
    DXGI_FORMAT.BC1_TYPELESS: _Blocks("RGBA", 1, "BC1"),
    DXGI_FORMAT.BC1_UNORM: _Blocks("RGBA", 1, "BC1"),
    DXGI_FORMAT.BC2_TYPELESS: _Blocks("RGBA", 2, "BC2"),
    DXGI_FORMAT.BC2_UNORM: _Blocks("RGBA", 2, "BC2"),
    DXGI_FORMAT.BC3_TYPELESS: _Blocks("RGBA", 3, "BC3"),
    DXGI_FORMAT.BC3_UNORM: _Blocks("RGBA", 3, "BC3"),
    DXGI_FORMAT.BC4_TYPELESS: _Blocks("L", 4, "BC4"),
    DXGI_FORMAT.BC4_UNORM: _Blocks("L", 4, "BC4"),
    DXGI_FORMAT.BC5_TYPELESS: _Blocks("RGB", 5, "BC5"),
    DXGI_FORMAT.BC5_UNORM: _Blocks("RGB", 5, "BC5"),
    DXGI_FORMAT.BC5_SNORM: _Blocks("RGB", 5, "BC5S"),
    DXGI_FORMAT.BC6H_UF16: _Blocks("RGB", 6, "BC6H"),
    DXGI_FORMAT.BC6H_SF16: _Blocks("RGB", 6, "BC6HS"),
    DXGI_FORMAT.BC7_TYPELESS: _Blocks("RGBA", 7, "BC7"),
    DXGI_FORMAT.BC7_UNORM: _Blocks("RGBA", 7, "BC7"),
    DXGI_FORMAT.BC7_UNORM_SRGB: _Blocks("RGBA", 7, "BC7"),
}
_DXGI_PLAIN = (
    DXGI_FORMAT.R8G8B8A8_TYPELESS,
    DXGI_FORMAT.R8G8B8A8_UNORM,
    DXGI_FORMAT.R8G8B8A8_UNORM_SRGB,
)
_SRGB = (DXGI_FORMAT.BC7_UNORM_SRGB, DXGI_FORMAT.R8G8B8A8_UNORM_SRGB)


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(_MAGIC)


class DdsImageFile(ImageFile.ImageFile):
    """Reads textures."""

    format = "DDS"
    format_description = "DirectDraw Surface"

    def _open(self) -> None:
        assert self.fp is not None
        require(_accept(self.fp.read(4)), "not a DDS file")
        size = self.fp.read(4)
        require(len(size) == 4, "header is cut off")
        if (header_size := int.from_bytes(size, "little")) != _HEADER_SIZE:
            raise OSError(f"Unsupported header size {header_size}")
        data = self.fp.read(_HEADER.size)
        if len(data) < _HEADER.size:
            raise OSError(f"Incomplete header: {len(data)} bytes")
        header = _HEADER.unpack(data)
        self._size = header.width, header.height
        for flag, describe in _KINDS:
            if header.pixel_flags & flag:
                describe(self, header)
                return
        raise UnsupportedFeature(f"Unknown pixel format flags {header.pixel_flags}")

    def _masks(self, header: Any) -> None:
        masks = [header.red, header.green, header.blue]
        if header.pixel_flags & DDPF.ALPHAPIXELS:
            masks.append(header.alpha)
        mode = "RGB" if len(masks) == 3 else "RGBA"
        self._set_tile(mode, "dds_rgb", header.bit_count, tuple(masks))

    def _luminance(self, header: Any) -> None:
        if header.bit_count == 8:
            mode = "L"
        elif header.bit_count == 16 and header.pixel_flags & DDPF.ALPHAPIXELS:
            mode = "LA"
        else:
            raise OSError(f"Unsupported bitcount {header.bit_count} for {header.pixel_flags}")
        self._set_tile(mode, "raw", mode)

    def _palette(self, header: Any) -> None:
        assert self.fp is not None
        self.palette = ImagePalette.ImagePalette("RGBA", self.fp.read(_PALETTE_SIZE))
        self.palette.dirty = 1
        self._set_tile("P", "raw", "P", offset=_DATA_OFFSET + _PALETTE_SIZE)

    def _fourcc(self, header: Any) -> None:
        assert self.fp is not None
        code, kind, blocks = header.fourcc, "pixel format", _FOURCC_BLOCKS
        offset = _DATA_OFFSET
        if code == D3DFMT.DX10:
            code, kind, blocks = _DXGI_HEADER.read(self.fp).format, "DXGI format", _DXGI_BLOCKS
            offset += _DX10_HEADER.size
            if code in _SRGB:
                self.info["gamma"] = 1 / 2.2
            if code in _DXGI_PLAIN:
                self._set_tile("RGBA", "raw", "RGBA", offset=offset)
                return
        found = blocks.get(code)
        if found is None:
            raise UnsupportedFeature(f"Unimplemented {kind} {code}")
        self.pixel_format = found.name
        self._set_tile(found.mode, "bcn", found.number, found.name, offset=offset)

    def _set_tile(self, mode: str, codec: str, *args: object, offset: int = _DATA_OFFSET) -> None:
        self._mode = mode
        self.tile = [ImageFile._Tile(codec, (0, 0, *self.size), offset, args)]

    def load_seek(self, pos: int) -> None:
        """Go to a position of the file."""
        assert self.fp is not None
        self.fp.seek(pos)


_KINDS: tuple[tuple[DDPF, Callable[[DdsImageFile, Any], None]], ...] = (
    (DDPF.RGB, DdsImageFile._masks),
    (DDPF.LUMINANCE, DdsImageFile._luminance),
    (DDPF.PALETTEINDEXED8, DdsImageFile._palette),
    (DDPF.FOURCC, DdsImageFile._fourcc),
)


class _Channel(defaultdict[bytes, int]):
    """The value of a channel, 0 to 255, for the bytes that a bit mask takes it from."""

    def __init__(self, mask: int) -> None:
        self._mask = mask
        self._shift = (mask & -mask).bit_length() - 1 if mask else 0

    def __missing__(self, data: bytes) -> int:
        bits = (int.from_bytes(data, "little") & self._mask) >> self._shift
        value = int(bits / (self._mask >> self._shift) * 255) if self._mask else 0
        if len(self) < _REMEMBERED:
            self[data] = value
        return value


def _plane(data: bytes, pixel_size: int, mask: int) -> bytes:
    """One channel of all pixels, which have ``pixel_size`` bytes each."""
    first = ((mask & -mask).bit_length() - 1) // 8 if mask else 0
    end = max(first + 1, (mask.bit_length() + 7) // 8)
    channel = _Channel(mask >> 8 * first)
    if end - first == 1:
        table = bytes(channel[bytes((value,))] for value in range(256))
        # Bytes beyond the pixel are no part of it: they count as 0.
        return data[first::pixel_size].translate(table) if first < pixel_size else b""
    end = min(end, pixel_size)
    return bytes(channel[data[i + first : i + end]] for i in range(0, len(data), pixel_size))


class DdsRgbDecoder(ImageFile.PyDecoder):
    """Decodes pixels of any number of bytes, whose channels are behind bit masks."""

    _pulls_fd = True

    def decode(self, buffer: Image.DecoderInput) -> tuple[int, int]:
        """Read all pixels from the file."""
        assert self.fd is not None
        bit_count, masks = self.args
        pixel_size = bit_count // 8
        count = self.state.xsize * self.state.ysize
        data = read_up_to(self.fd, pixel_size * count)
        if pixel_size == 0 or len(data) < pixel_size * count:
            raise ValueError("not enough image data")
        pixels = bytearray(count * len(masks))
        for i, mask in enumerate(masks):
            pixels[i :: len(masks)] = _plane(data, pixel_size, mask) or bytes(count)
        self.set_as_raw(pixels)
        return -1, 0


class _Output(NamedTuple):
    """How a mode is written without compression: kind, layout of the bytes, masks."""

    flags: DDPF
    raw_mode: str
    masks: tuple[int, int, int, int]


_RGB_MASKS = 0xFF0000, 0xFF00, 0xFF
_OUTPUTS = {
    "L": _Output(DDS_LUMINANCE, "L", (0xFF000000, 0xFF000000, 0xFF000000, 0)),
    "LA": _Output(DDS_LUMINANCEA, "LA", (0xFF, 0xFF, 0xFF, 0xFF000000)),
    "RGB": _Output(DDS_RGB, "BGR", (*_RGB_MASKS, 0)),
    "RGBA": _Output(DDS_RGBA, "BGRA", (*_RGB_MASKS, 0xFF000000)),
}
#: By the option ``pixel_format``: number of the scheme, and how the header names it.
_BLOCK_OUTPUTS: dict[str, tuple[int, D3DFMT | DXGI_FORMAT]] = {
    "DXT1": (1, D3DFMT.DXT1),
    "DXT3": (2, D3DFMT.DXT3),
    "DXT5": (3, D3DFMT.DXT5),
    "BC2": (2, DXGI_FORMAT.BC2_TYPELESS),
    "BC3": (3, DXGI_FORMAT.BC3_TYPELESS),
    "BC5": (5, DXGI_FORMAT.BC5_TYPELESS),
}
_TEXTURE_2D = 3


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    output = _OUTPUTS.get(im.mode)
    if output is None:
        raise OSError(f"cannot write mode {im.mode} as DDS")
    bit_count = 8 * len(im.getbands())
    flags, pitch, fourcc = DDSD.PITCH, (im.width * bit_count + 7) // 8, 0
    pixel_flags, masks = output.flags, output.masks
    codec: tuple[str, str | tuple[int, ...]] = "raw", output.raw_mode
    extension = b""
    if wanted := im.encoderinfo.get("pixel_format"):
        if wanted not in _BLOCK_OUTPUTS:
            raise OSError(f"cannot write pixel format {wanted}")
        number, name = _BLOCK_OUTPUTS[wanted]
        if wanted == "BC5" and im.mode != "RGB":
            raise OSError("only RGB mode can be written as BC5")
        if isinstance(name, DXGI_FORMAT):
            fourcc = D3DFMT.DX10
            extension = _DX10_HEADER.pack(
                format=name, dimension=_TEXTURE_2D, misc=0, array_size=0, misc2=1
            )
        else:
            fourcc = name
        flags, pitch = DDSD.LINEARSIZE, (im.width + 3) * 4
        pixel_flags, masks = DDPF.FOURCC, (0, 0, 0, 0)
        codec = "bcn", (number,)
    fields = {
        "flags": DDS_HEADER_FLAGS_TEXTURE | flags,
        "height": im.height,
        "width": im.width,
        "pitch": pitch,
        "pixel_flags": pixel_flags,
        "fourcc": fourcc,
        "bit_count": bit_count,
        "caps": DDSCAPS.TEXTURE,
        **dict(zip(("red", "green", "blue", "alpha"), masks, strict=True)),
    }
    rest = {"depth": 0, "mipmaps": 0, "reserved": b"", "pixel_format_size": 32, "more_caps": b""}
    fp.write(_MAGIC + _HEADER_SIZE.to_bytes(4, "little") + _HEADER.pack(**fields, **rest))
    fp.write(extension)
    ImageFile._save(im, fp, [ImageFile._Tile(codec[0], (0, 0, *im.size), 0, codec[1])])


Image.register_open(DdsImageFile.format, DdsImageFile, _accept)
Image.register_decoder("dds_rgb", DdsRgbDecoder)
Image.register_save(DdsImageFile.format, _save)
Image.register_extension(DdsImageFile.format, ".dds")
