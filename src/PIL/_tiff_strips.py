"""Strips of uncompressed TIFF files that follow each other, as one.

Writers cut images into strips of a few rows. Each would cost a decoder, a seek and a read of its
own, which for plain rows is as much as decoding them.
"""

from __future__ import annotations

from .ImageFile import _Tile

#: How much is read at once, at most: what is in the cache until it is decoded.
PIECE = 64 * 1024

# Bits of a pixel by raw mode, of those whose rows are padded to whole bytes and to nothing else.
_BITS = {
    "1": 1, "1;I": 1, "L": 8, "L;I": 8, "P": 8, "LA": 16, "PA": 16, "RGB": 24, "BGR": 24, "LAB": 24,
    "YCbCr": 24, "RGBA": 32, "RGBa": 32, "RGBX": 32, "CMYK": 32, "I;16": 16, "I;16B": 16,
    "I;16N": 16, "I;32N": 32, "I;32S": 32, "I;32BS": 32, "F;32F": 32, "F;32BF": 32,
}  # fmt: skip


def joined(tiles: list[_Tile]) -> tuple[list[_Tile], int]:
    """Strips as one tile, and how much to read at once, if they follow each other without gaps.

    Otherwise the tiles as they are, and 0. The strips have to be as wide as the image, all but the
    last of the same number of rows, and exactly as far apart in the file as their rows take.
    """
    if not tiles or tiles[0].codec_name != "raw" or tiles[0].extents is None:
        return tiles, 0
    first = tiles[0]
    _, _, right, rows = tiles[0].extents
    if not isinstance(first.args, tuple) or first.args[0] not in _BITS or first.args[1]:
        return tiles, 0
    if right <= 0 or rows <= 0:
        return tiles, 0
    row_bytes = (right * _BITS[first.args[0]] + 7) // 8
    distance = rows * row_bytes
    bottom = 0
    for i, tile in enumerate(tiles):
        box = tile.extents
        if (
            box is None
            or (box[0], box[1], box[2]) != (0, bottom, right)
            or (box[3] - box[1] != rows and i < len(tiles) - 1)
            or tile.offset != first.offset + i * distance
            or (tile.codec_name, tile.args) != (first.codec_name, first.args)
        ):
            return tiles, 0
        bottom = box[3]
    # Whole rows, so that nothing is left over to be put before the next piece.
    return [first._replace(extents=(0, 0, right, bottom))], PIECE // row_bytes * row_bytes
