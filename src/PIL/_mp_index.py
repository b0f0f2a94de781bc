"""The index of JPEG files with several pictures (CIPA DC-007, "Multi-Picture Format")."""

from __future__ import annotations

import io
from typing import Any

from ._header import Header

_NUMBER_OF_IMAGES = 0xB001
_ENTRIES = 0xB002

_ENTRY = {
    order: Header(order, attribute="L", size="L", offset="L", first="H", second="H")
    for order in "<>"
}

_TYPES = {
    0x000000: "Undefined",
    0x010001: "Large Thumbnail (VGA Equivalent)",
    0x010002: "Large Thumbnail (Full HD Equivalent)",
    0x020001: "Multi-Frame Image (Panorama)",
    0x020002: "Multi-Frame Image: (Disparity)",
    0x020003: "Multi-Frame Image: (Multi-Angle)",
    0x030000: "Baseline MP Primary Image",
}


def parse_index(data: bytes) -> dict[int, Any]:
    """The tags of the index, with the entries decoded.

    :param data: a TIFF structure, as it stands in the marker segment
    :raises SyntaxError: when the index is malformed
    """
    from ._tiff_ifd import ImageFileDirectory_v2

    order = ">" if data.startswith(b"MM\x00\x2a") else "<"
    file = io.BytesIO(data)
    try:
        directory = ImageFileDirectory_v2(file.read(8))
        file.seek(directory.next)
        directory.load(file)
        index = dict(directory)
    except Exception as error:
        raise SyntaxError("malformed MP Index (unreadable directory)") from error
    if _NUMBER_OF_IMAGES not in index:
        raise SyntaxError("malformed MP Index (no number of images)")
    try:
        index[_ENTRIES] = [
            _entry(order, index[_ENTRIES], number) for number in range(index[_NUMBER_OF_IMAGES])
        ]
    except (KeyError, TypeError) as error:
        raise SyntaxError("malformed MP Index (bad MP Entry)") from error
    return index


def _entry(order: str, entries: bytes, number: int) -> dict[str, Any]:
    layout = _ENTRY[order]
    attribute, size, offset, first, second = layout.unpack(entries, layout.size * number)
    if attribute >> 24 & 7:
        raise SyntaxError("unsupported picture format in MPO")
    return {
        "Attribute": {
            "DependentParentImageFlag": bool(attribute & 1 << 31),
            "DependentChildImageFlag": bool(attribute & 1 << 30),
            "RepresentativeImageFlag": bool(attribute & 1 << 29),
            "Reserved": attribute >> 27 & 3,
            "ImageDataFormat": "JPEG",
            "MPType": _TYPES.get(attribute & 0xFFFFFF, "Unknown"),
        },
        "Size": size,
        "DataOffset": offset,
        "EntryNo1": first,
        "EntryNo2": second,
    }
