"""XBM, bitmaps of the X window system, which are C source."""

from __future__ import annotations

from typing import IO

from . import Image, ImageFile

_LINE = 75


def _accept(prefix: bytes) -> bool:
    return prefix.startswith((b"#define", b"\n#define", b"/*"))


class XbmImageFile(ImageFile.ImageFile):
    """Reads XBM files."""

    format = "XBM"
    format_description = "X11 Bitmap"

    def _open(self) -> None:
        values = self._read_defines()
        self._mode = "1"
        self._size = values["width"], values["height"]
        if "x_hot" in values and "y_hot" in values:
            self.info["hotspot"] = values["x_hot"], values["y_hot"]
        assert self.fp is not None
        self.tile = [ImageFile._Tile("xbm", (0, 0, *self.size), self.fp.tell())]

    def _read_defines(self) -> dict[str, int]:
        """The numbers defined before the array, which the file then stands at."""
        assert self.fp is not None
        values: dict[str, int] = {}
        in_comment = False
        blank_lines = 0
        while True:
            line = self.fp.readline(_LINE)
            if not line:
                raise EOFError("not an XBM file")
            text = line.strip()
            if in_comment or text.startswith(b"/*"):
                in_comment = b"*/" not in text
            elif text.startswith(b"#define"):
                for name in ("width", "height", "x_hot", "y_hot"):
                    if f"_{name} ".encode() in line:
                        values[name] = int(text.split()[-1])
            elif not text and not values and not blank_lines:
                blank_lines += 1
            elif text.endswith(b"_bits[] = {"):
                return values
            else:
                raise SyntaxError("not an XBM file")


def _save(im: Image.Image, fp: IO[bytes], filename: str | bytes) -> None:
    if im.mode != "1":
        raise OSError(f"cannot write mode {im.mode} as XBM")
    defines = {"width": im.size[0], "height": im.size[1]}
    hotspot = im.encoderinfo.get("hotspot")
    if hotspot:
        defines["x_hot"], defines["y_hot"] = hotspot
    for name, value in defines.items():
        fp.write(f"#define im_{name} {value}\n".encode("ascii"))
    fp.write(b"static char im_bits[] = {\n")
    ImageFile._save(im, fp, [ImageFile._Tile("xbm", (0, 0, *im.size))])
    fp.write(b"};\n")


Image.register_open(XbmImageFile.format, XbmImageFile, _accept)
Image.register_save(XbmImageFile.format, _save)
Image.register_extension(XbmImageFile.format, ".xbm")
Image.register_mime(XbmImageFile.format, "image/xbm")
