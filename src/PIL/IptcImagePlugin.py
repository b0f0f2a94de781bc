"""IPTC/NAA records: as a file format of its own, and in JPEG and TIFF files."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, cast

from . import Image, ImageFile
from ._header import Header, read_up_to, require

if TYPE_CHECKING:
    from . import _imaging

_Tag = tuple[int, int]
_Records = dict[_Tag, bytes | list[bytes]]

#: Names of the compressions.
COMPRESSION = {1: "raw", 5: "jpeg"}

_MARKER = 0x1C
_RECORD_NUMBERS = (*range(1, 10), 240)
_IMAGE_DATA = (8, 10)
_LAYERS, _WIDTH, _HEIGHT, _BAND, _COMPRESSION = (3, 60), (3, 20), (3, 30), (3, 65), (3, 120)
_LAYERS_VALUE = Header(">", layers="B", component="B")
_PHOTOSHOP_RESOURCE = 0x0404
_TIFF_TAG = 33723


def _i(c: bytes) -> int:
    """The number that the last four bytes are."""
    return int.from_bytes(c[-4:], "big")


def _read_field(fp: IO[bytes]) -> tuple[_Tag | None, int]:
    """Tag and length of a record; the tag is ``None`` at the end."""
    head = fp.read(5)
    if not head.strip(b"\0"):
        return None, 0
    require(len(head) == 5 and head[0] == _MARKER, "invalid IPTC/NAA file")
    require(head[1] in _RECORD_NUMBERS, "invalid IPTC/NAA file")
    length = int.from_bytes(head[3:], "big")
    if head[3] > 132:
        raise OSError("illegal field length in IPTC/NAA file")
    if head[3] >= 128:
        length = _i(fp.read(head[3] - 128))
    return (head[1], head[2]), length


def _read_records(fp: IO[bytes]) -> tuple[_Records, int, bool]:
    """Records up to the image data or the end.

    :return: the records, where reading stopped, and whether image data are there
    """
    records: _Records = {}
    while True:
        start = fp.tell()
        tag, length = _read_field(fp)
        if tag is None or tag == _IMAGE_DATA:
            return records, start, tag is not None
        data = cast("bytes", read_up_to(fp, length) if length else None)
        earlier = records.get(tag)
        if tag not in records:
            records[tag] = data
        elif isinstance(earlier, list):
            earlier.append(data)
        else:
            records[tag] = [cast("bytes", earlier), data]


class IptcImageFile(ImageFile.ImageFile):
    """Reads files of IPTC/NAA records."""

    format = "IPTC"
    format_description = "IPTC/NAA"

    def getint(self, key: tuple[int, int]) -> int:
        """The number in a record.

        :raises KeyError: when there is no such record
        """
        return _i(self.info[key])

    def field(self) -> tuple[tuple[int, int] | None, int]:
        """Read the start of the next record: tag (``None``: end), length."""
        assert self.fp is not None
        return _read_field(self.fp)

    def _open(self) -> None:
        assert self.fp is not None
        records, offset, has_image = _read_records(self.fp)
        self.info.update(cast("dict[str | tuple[int, int], bytes]", records))
        layers, component = _LAYERS_VALUE.unpack(self.info[_LAYERS])
        band: int | None = None
        if not component and layers == 1:
            self._mode = "L"
        elif component and layers in (3, 4):
            self._mode = "RGB" if layers == 3 else "CMYK"
            band = self.info[_BAND][0] - 1 if _BAND in self.info else 0
            require(-layers <= band < layers, "no such band")
        self._size = self.getint(_WIDTH), self.getint(_HEIGHT)
        compression = COMPRESSION.get(self.getint(_COMPRESSION))
        if compression is None:
            raise OSError("Unknown IPTC image compression")
        if has_image:
            self.tile = [ImageFile._Tile("iptc", (0, 0, *self.size), offset, (compression, band))]

    def _read_image(self) -> tuple[bytes, int | None]:
        """The file that is inside this one, and the band that it is."""
        assert self.fp is not None
        tile = self.tile[0]
        assert isinstance(tile.args, tuple)
        compression, band = tile.args
        self.fp.seek(tile.offset)
        pieces = []
        if compression == "raw":
            pieces.append(b"P5\n%d %d\n255\n" % self.size)
        tag, length = self.field()
        while tag == _IMAGE_DATA:
            pieces.append(read_up_to(self.fp, length))
            tag, length = self.field()
        return b"".join(pieces), band

    def load(self) -> _imaging.PixelAccess | None:
        """Load the image inside, which may be one band only; the others are 0 then."""
        if len(self.tile) == 1 and self.tile[0].codec_name == "iptc":
            data, band = self._read_image()
            with Image.open(BytesIO(data)) as inner:
                if inner.size != self.size:
                    raise OSError("image inside IPTC/NAA file has another size")
                inner.load()
                image: Image.Image = inner
                if band is not None:
                    bands = [Image.new("L", self.size) for _ in self.getbands()]
                    bands[band] = inner
                    image = Image.merge(self.mode, bands)
                self._mode = image.mode
                self.im = image.im
            self.tile = []
        return super().load()


def getiptcinfo(
    im: ImageFile.ImageFile,
) -> dict[tuple[int, int], bytes | list[bytes]] | None:
    """The IPTC records of an image, by record and data set number.

    :param im: an image from a JPEG, TIFF or IPTC file
    :return: bytes, or a list of bytes for repeated records; ``None`` if there are none
    :raises SyntaxError: or :exc:`OSError` when they are damaged
    """
    from . import JpegImagePlugin

    data = None
    if isinstance(im, IptcImageFile):
        return {key: value for key, value in im.info.items() if isinstance(key, tuple)}
    if isinstance(im, JpegImagePlugin.JpegImageFile):
        data = im.info.get("photoshop", {}).get(_PHOTOSHOP_RESOURCE)
    elif im.format == "TIFF":
        data = cast("Any", im).tag_v2._tagdata.get(_TIFF_TAG)
    if data is None:
        return None
    return _read_records(BytesIO(data))[0]


Image.register_open(IptcImageFile.format, IptcImageFile)
Image.register_extension(IptcImageFile.format, ".iim")
