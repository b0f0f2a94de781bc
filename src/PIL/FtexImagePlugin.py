"""FTEX, the textures of the game Independence War 2: a container of one block compressed or plain
image.

After the header there is a list of formats, of which only one is allowed, with the position of its
mipmaps; only the first, the largest, is read.
"""

from __future__ import annotations

from enum import IntEnum
from io import BytesIO

from . import Image, ImageFile
from ._header import Header, read_up_to, require

MAGIC = b"FTEX"
_HEADER = Header("<", version="i", width="i", height="i", mipmaps="i", formats="i")
_FORMAT = Header("<", format="i", offset="i")
_MIPMAP = Header("<", size="i")


class Format(IntEnum):
    """How pixels are stored."""

    DXT1 = 0
    UNCOMPRESSED = 1


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(MAGIC)


class FtexImageFile(ImageFile.ImageFile):
    """Reads textures. The file is closed as soon as it is open; a copy of the pixels stays."""

    format = "FTEX"
    format_description = "Texture File Format (IW2:EOC)"

    def _open(self) -> None:
        assert self.fp is not None
        require(_accept(self.fp.read(len(MAGIC))), "not an FTEX file")
        header = _HEADER.read(self.fp)
        if header.formats != 1:
            raise ValueError(f"Unsupported number of texture formats: {header.formats}")
        form = _FORMAT.read(self.fp)
        if form.offset < 0:
            raise ValueError(f"negative position of the texture: {form.offset}")
        self.fp.seek(form.offset)
        size = _MIPMAP.read(self.fp).size
        if form.format == Format.DXT1:
            self._mode = "RGBA"
            codec: tuple[str, tuple[int | str, ...]] = "bcn", (1,)
        elif form.format == Format.UNCOMPRESSED:
            self._mode = "RGB"
            codec = "raw", ("RGB", 0, 1)
        else:
            raise ValueError(f"Invalid texture compression format: {form.format}")
        # Before the file is closed: other readers may still want it.
        require(header.width > 0 and header.height > 0, "impossible size of texture")
        self._size = header.width, header.height
        data = self.fp.read() if size < 0 else read_up_to(self.fp, size)
        self.tile = [ImageFile._Tile(codec[0], (0, 0, *self.size), 0, codec[1])]
        self.fp.close()
        self.fp = BytesIO(data)

    def load_seek(self, pos: int) -> None:
        """Go to a position of the copied pixels."""
        assert self.fp is not None
        self.fp.seek(pos)


Image.register_open(FtexImageFile.format, FtexImageFile, _accept)
Image.register_extensions(FtexImageFile.format, [".ftc", ".ftu"])
