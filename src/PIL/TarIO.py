"""A member of an uncompressed tar archive as a file."""

from __future__ import annotations

from typing import IO

from . import ContainerIO

_BLOCK = 512


def _find_member(archive: IO[bytes], member: str) -> tuple[int, int]:
    """Offset and size of the member's contents."""
    while True:
        header = archive.read(_BLOCK)
        if len(header) != _BLOCK:
            raise OSError("unexpected end of tar file")
        # Names of other members may be in any encoding.
        name = header[:100].decode("utf-8", "surrogateescape").partition("\0")[0]
        if not name:
            raise OSError("cannot find subfile")
        size = int(header[124:135], 8)
        if size < 0:
            raise ValueError("size must not be negative")
        if name == member:
            return archive.tell(), size
        archive.seek(-(-size // _BLOCK) * _BLOCK, 1)


class TarIO(ContainerIO.ContainerIO[bytes]):
    """Opens a member of a tar archive for reading.

    :param tarfile: path of the archive
    :param file: name of the member
    :raises OSError: when there is no such member
    """

    def __init__(self, tarfile: str, file: str) -> None:
        archive = open(tarfile, "rb")
        try:
            offset, size = _find_member(archive, file)
        except BaseException:
            archive.close()
            raise
        super().__init__(archive, offset, size)
