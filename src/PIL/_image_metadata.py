"""Methods of ``Image`` on metadata: Exif, and XMP (metadata as XML)."""

from __future__ import annotations

import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any
    from xml.etree.ElementTree import Element

    from ._exif import Exif
    from .Image import Image

_ORIENTATION = 0x0112


def _orientation_in_xmp(info: dict[Any, Any]) -> int | None:
    """The orientation that the XMP data tell, if there are any."""
    import re

    pattern = r'tiff:Orientation(="|>)([0-9])'
    found: re.Match[str] | re.Match[bytes] | None = None
    if "XML:com.adobe.xmp" in info:
        found = re.search(pattern, info["XML:com.adobe.xmp"])
    elif "xmp" in info:
        found = re.search(pattern.encode(), info["xmp"])
    return int(found[2]) if found else None


def _load_exif(self: Image, exif: Exif) -> None:
    data = self.info.get("exif")
    if data is None and "Raw profile type exif" in self.info:
        # ImageMagick in PNG: three lines (empty, name, length), then hexadecimal digits
        lines = self.info["Raw profile type exif"].split("\n")
        data = bytes.fromhex("".join(lines[3:]))
    if data is not None:
        exif.load(data)
    elif hasattr(self, "tag_v2"):
        fp: IO[bytes] | None = getattr(self, "fp", None)
        exif.bigtiff = self.tag_v2._bigtiff
        exif.endian = self.tag_v2._endian
        assert fp is not None
        exif.load_from_fp(fp, self.tag_v2._offset)

    if _ORIENTATION not in exif:
        orientation = _orientation_in_xmp(self.info)
        if orientation is not None:
            exif[_ORIENTATION] = orientation


def getexif(self: Image) -> Exif:
    """The Exif data, read from the file or from ``info`` when first asked for.

    :returns: The same object each time; changes of it are not written unless it is passed on as
       ``save(..., exif=exif)``.
    :exception SyntaxError: If the data are not Exif.
    """
    from ._exif import Exif

    if self._exif is None:
        self._exif = Exif()
        self._exif._loaded = False
    elif self._exif._loaded:
        return self._exif
    self._exif._loaded = True
    _load_exif(self, self._exif)
    return self._exif


def reload_exif(self: Image) -> None:
    """Read the Exif data anew, into the same object, if they have been asked for."""
    if self._exif is not None and self._exif._loaded:
        self._exif._loaded = False
        self.getexif()


def _name(tag: str, strip_namespaces: bool) -> str:
    return tag.rsplit("}", 1)[-1] if strip_namespaces and tag.startswith("{") else tag


def _value(element: Element, strip: bool) -> dict[str, Any] | str | None:
    """Attributes and children by name; the text of an element that has neither."""
    value: dict[str, Any] = {_name(key, strip): text for key, text in element.attrib.items()}
    if len(element):
        for child in element:
            name = _name(child.tag, strip)
            child_value = _value(child, strip)
            if name not in value:
                value[name] = child_value
            elif isinstance(value[name], list):
                value[name].append(child_value)
            else:
                value[name] = [value[name], child_value]
    elif not value:
        return element.text
    elif element.text:
        value["text"] = element.text
    return value


def getxmp(self: Image, *, strip_namespaces: bool = True) -> dict[str, Any]:
    """The XMP data, if there are any, as nested dictionaries.

    Needs the package ``defusedxml``; without it there is a warning and an empty dictionary.

    :param strip_namespaces: Leave out the namespaces before the names.
    :exception xml.etree.ElementTree.ParseError: If the data are no XML.
    """
    try:
        from defusedxml import ElementTree
    except ImportError:
        warnings.warn("XMP data cannot be read without defusedxml dependency", stacklevel=2)
        return {}
    if "xmp" not in self.info:
        return {}
    root = ElementTree.fromstring(self.info["xmp"].rstrip(b"\x00 "))
    return {_name(root.tag, strip_namespaces): _value(root, strip_namespaces)}
