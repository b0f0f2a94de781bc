"""WAL, textures of Quake 2.

The format cannot be told from others by its first bytes; so it is not known to
:func:`PIL.Image.open`, but read by the function here.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from . import Image, ImageFile
from ._header import Header, read_up_to

if TYPE_CHECKING:
    from . import _imaging
    from ._typing import StrOrBytesPath

_HEADER = Header(
    "<",
    name="32s",
    width="L",
    height="L",
    offset="L",
    _smaller_offsets="12x",
    next_name="32s",
    _properties="12x",
)


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


class WalImageFile(ImageFile.ImageFile):
    """Reads textures, of which the largest of their four sizes."""

    format = "WAL"
    format_description = "Quake2 Texture"

    def _open(self) -> None:
        assert self.fp is not None
        self._mode = "P"
        header = _HEADER.read(self.fp)
        self._size = header.width, header.height
        Image._decompression_bomb_check(self.size)
        self.fp.seek(header.offset)
        self.info["name"] = _text(header.name)
        next_name = _text(header.next_name)
        if next_name:
            self.info["next_name"] = next_name

    def load(self) -> _imaging.PixelAccess | None:
        """Read the pixels, unless that was done before."""
        if self._im is None:
            assert self.fp is not None
            self.im = Image.core.new(self.mode, self.size)
            self.frombytes(read_up_to(self.fp, self.width * self.height))
            self.putpalette(quake2palette)
        return Image.Image.load(self)


def open(filename: StrOrBytesPath | IO[bytes]) -> WalImageFile:
    """Open a texture.

    :param filename: path, or a binary file object
    :raises SyntaxError: when it is none
    """
    return WalImageFile(filename)


#: The palette of the game, which is not in the files.
quake2palette = bytes.fromhex(
    "0101010b0b0b1212121717171b1b1b1e1e1e2222222626262929292c2c2c2f2f2f323232"
    "3535353737373a3a3a3c3c3c241e13221c12201b121f1a101d19101b170f1a160f18140d"
    "17130d16120d14100b130f0b100d0a0f0b0a0d0b070b0a07232326222225222023211f22"
    "201e201f1d1e1d1b1c1b1a1a1a19191817171716161414141313131010100f0f0f0d0d0d"
    "2d282029241c27221a251f17382e1e31291a2c25172620143c3014372c133328122d2410"
    "281f0f221a0b1b140a130f07311a163017132e16102c140d2a120b270f0a250f07210d01"
    "1e0b011c0b011a0b01180a01160a01130a011007010d070129231e27211c26201b251f1a"
    "231d19211c18201b171e19161c18141b171319141017130f14100d120f0b0f0b0a0b0a07"
    "261a0f23190f20170f1c160f19130d14100b100d0a0b0a0733221f352926372f2d393534"
    "37393a3337393034362b3134272e31222b2f1d282c17252a0f20260d1e250b1c220a1b20"
    "07191e07171b071418011216010f12010b0d01070a0101012c21212a1f1f291d1d271c1c"
    "261a1a2418182217172116161e13131b1212181010160d0d120b0b0d0a0a0a0707010101"
    "2e30292d2e272b2c262a2a2428292327272126261f24241d22221c1f1f1a1c1c18191916"
    "1717131313100f0f0d0b0b0a301e1b2d1c192c1a172a191428171326161024130f21120d"
    "1f100b1c0f0a190d0a160b07120a070f07010a0101010101282938262736252634242431"
    "22222f20212d1e1f2a1d1d271b1b2519192117171e14141b131217100f130d0b0f0a0707"
    "2f32292d30262b2e24292c21272a1e25281c23261a2125181e22141b1f10191c0d171a0a"
    "1317071013010d0f010a0b01013f01133c0b1b3910203514233117232d182329183f3f3f"
    "3f3f393f3f313f3f2a3f3f203f3f143f3c123f390f3f350b3f32073f2d013d2a013b2601"
    "392101371d01341a013216012f12012d0f012a0b012707012301011d0101170101100101"
    "3d010119193f3f010101013f16161310100f0d0d0b3c2e2a362720302118291b103c3937"
    "37322f312c282b2621302220"
)
