"""Exif data: the class :class:`Exif`, which :mod:`PIL.Image` re-exports."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, MutableMapping
from typing import IO, TYPE_CHECKING, Any

from . import ExifTags

if TYPE_CHECKING:
    from ._tiff_ifd import ImageFileDirectory_v2

_MARKER = b"Exif\x00\x00"

# Directories that the main one points to, and those that the Exif directory does.
_FROM_MAIN = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
_FROM_EXIF = (ExifTags.IFD.Interop, ExifTags.IFD.MakerNote)


class Exif(MutableMapping[int, Any]):
    """Exif data as a mapping of tag numbers to values.

    Values are numbers, strings, bytes, :class:`~PIL.TiffImagePlugin.IFDRational`, or
    tuples of them. They are decoded when first looked at. :meth:`get_ifd` gives the
    Exif, GPS and other sub-directories.
    """

    __module__ = "PIL.Image"  # where programs and pickles look for it

    endian: str | None = None
    bigtiff = False
    _loaded = False

    fp: IO[bytes]

    def __init__(self) -> None:
        self._data: dict[int, Any] = {}
        self._hidden_data: dict[int, Any] = {}
        self._ifds: dict[int, dict[int, Any]] = {}
        self._info: ImageFileDirectory_v2 | None = None
        self._loaded_exif: bytes | None = None

    # Reading

    def _clear(self) -> None:
        self._data.clear()
        self._hidden_data.clear()
        self._ifds.clear()

    def load(self, data: bytes) -> None:
        """Read Exif data, with or without the leading marker.

        Loading the same data again changes nothing, so that edits survive.

        :raises SyntaxError: when the data do not start with a TIFF header
        """
        if data == self._loaded_exif:
            return
        self._loaded_exif = data
        self._clear()
        for _ in range(2):  # some writers set the marker twice
            if data:
                data = data.removeprefix(_MARKER)
        if not data:
            self._info = None
            return

        from ._tiff_ifd import ImageFileDirectory_v2

        self.fp = io.BytesIO(data)
        self._info = ImageFileDirectory_v2(self.fp.read(8))
        self.endian = self._info._endian
        self.fp.seek(self._info.next)
        self._info.load(self.fp)

    def load_from_fp(self, fp: IO[bytes], offset: int | None = None) -> None:
        """Read Exif data from a file, which is kept for the sub-directories.

        :param offset: position of the main directory; without one a header is read
            from where the file stands
        """
        from ._tiff_ifd import ImageFileDirectory_v2

        self._loaded_exif = None
        self._clear()
        self.fp = fp
        header = fp.read(8) if offset is None else self._get_head()
        self._info = ImageFileDirectory_v2(header)
        if self.endian is None:
            self.endian = self._info._endian
        fp.seek(self._info.next if offset is None else offset)
        self._info.load(fp)

    def _read_directory(self, offset: Any, group: int | None = None) -> dict[int, Any]:
        """All tags of the directory at a position.

        :raises TypeError: when the position is not a number
        """
        from ._makernote import unwrapped
        from ._tiff_ifd import ImageFileDirectory_v2

        self.fp.seek(offset)
        directory = ImageFileDirectory_v2(self._get_head(), group=group)
        directory.load(self.fp)
        return {tag: unwrapped(value) for tag, value in directory.items()}

    def _pointed_to(self, offset: Any, group: int | None = None) -> dict[int, Any] | None:
        """The directory a tag's value points to, or ``None`` if that is no position."""
        if offset is None:
            return None
        try:
            self.fp.seek(offset)
        except (KeyError, TypeError):
            return None
        return self._read_directory(offset, group)

    def _find_ifd(self, tag: int) -> dict[int, Any] | None:
        if tag == ExifTags.IFD.IFD1:
            return (
                self._pointed_to(self._info.next)
                if self._info is not None and self._info.next
                else None
            )
        if tag in _FROM_MAIN:
            return self._pointed_to(self._hidden_data.get(tag, self.get(tag)), tag)
        if tag in _FROM_EXIF:
            if ExifTags.IFD.Exif not in self._ifds:
                self.get_ifd(ExifTags.IFD.Exif)
            value = self._ifds[ExifTags.IFD.Exif].get(tag)
            if value is None or tag == ExifTags.IFD.Interop:
                return self._pointed_to(value, tag)
            from ._makernote import parse

            return parse(value, self.get(ExifTags.Base.Make), getattr(self, "fp", None))
        return None

    def get_ifd(self, tag: int) -> dict[int, Any]:
        """A sub-directory as a dictionary.

        The same dictionary is returned again, and :meth:`tobytes` writes the changes
        made to those of Exif and GPS.

        :param tag: a member of :class:`PIL.ExifTags.IFD`
        :return: the tags; empty if there is no such directory
        """
        if tag not in self._ifds:
            found = self._find_ifd(tag)
            self._ifds[tag] = {} if found is None else found
        ifd = self._ifds[tag]
        if tag == ExifTags.IFD.Exif and self._hidden_data:
            ifd = {key: value for key, value in ifd.items() if key not in _FROM_EXIF}
        return ifd

    def hide_offsets(self) -> None:
        """Take the positions of sub-directories out of the mapping.

        They mean nothing outside the file; the sub-directories remain available.
        """
        for tag in _FROM_MAIN:
            if tag in self:
                self._hidden_data[tag] = self[tag]
                del self[tag]

    def _get_merged_dict(self) -> dict[int, Any]:
        """All tags of the main and the Exif directory, and the GPS directory as value."""
        merged = dict(self)
        details = self._pointed_to(self.get(ExifTags.IFD.Exif), ExifTags.IFD.Exif)
        merged.update(details or {})
        if ExifTags.IFD.GPSInfo in self:
            merged[ExifTags.IFD.GPSInfo] = self._pointed_to(
                self[ExifTags.IFD.GPSInfo], ExifTags.IFD.GPSInfo
            )
        return merged

    # Writing

    def _get_head(self) -> bytes:
        order, mark = ("<", b"II") if self.endian == "<" else (">", b"MM")
        if self.bigtiff:
            return mark + struct.pack(order + "HHHQ", 43, 8, 0, 8)
        return mark + struct.pack(order + "HL", 42, 8)

    def tobytes(self, offset: int = 8) -> bytes:
        """The data as bytes, with marker and header.

        :param offset: where the main directory is to stand, from the header
        """
        from ._tiff_ifd import ImageFileDirectory_v2

        head = self._get_head()
        directory = ImageFileDirectory_v2(ifh=head)
        for tag, ifd in self._ifds.items():
            if tag in _FROM_MAIN and tag not in self:
                directory[tag] = ifd
        for tag, value in self.items():
            if tag in _FROM_MAIN and not isinstance(value, dict):
                value = self.get_ifd(tag)
                if tag == ExifTags.IFD.Exif:
                    value = self._with_interop(value)
            directory[tag] = value
        return _MARKER + head + directory.tobytes(offset)

    def _with_interop(self, ifd: dict[int, Any]) -> dict[int, Any]:
        """A position of the Interop directory is replaced by the directory itself."""
        tag = ExifTags.IFD.Interop
        if tag in ifd and not isinstance(ifd[tag], dict):
            return {**ifd, tag: self.get_ifd(tag)}
        return ifd

    # The mapping

    def _undecoded(self, tag: object) -> bool:
        return self._info is not None and tag in self._info

    def _all_tags(self) -> set[int]:
        return {*self._data, *(self._info or ())}

    def __str__(self) -> str:
        if self._info is not None:
            for tag in list(self._info):
                self[tag]
        return str(self._data)

    def __len__(self) -> int:
        return len(self._all_tags())

    def __iter__(self) -> Iterator[int]:
        return iter(self._all_tags())

    def __contains__(self, tag: object) -> bool:
        return tag in self._data or self._undecoded(tag)

    def __getitem__(self, tag: int) -> Any:
        if tag not in self._data and self._undecoded(tag):
            from ._makernote import unwrapped

            assert self._info is not None
            self._data[tag] = unwrapped(self._info[tag])
            del self._info[tag]
        return self._data[tag]

    def __setitem__(self, tag: int, value: Any) -> None:
        if self._undecoded(tag):
            assert self._info is not None
            del self._info[tag]
        self._data[tag] = value

    def __delitem__(self, tag: int) -> None:
        if self._undecoded(tag):
            assert self._info is not None
            del self._info[tag]
            return
        del self._data[tag]
        self._ifds.pop(tag, None)
