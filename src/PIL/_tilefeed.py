"""How a file's bytes come to a decoder, and those of an encoder to a file."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from . import Image

if TYPE_CHECKING:
    from . import _imaging

# What a decoder's status is before it has seen a byte.
STATUS_NOTHING_DECODED = -3


def feed_decoder(
    decoder: Any, read: Callable[[int], bytes], size: int, prefix: bytes, truncated_ok: bool
) -> int:
    """Read on from where the file stands until the decoder has all it wants; its last status.

    :param read: reads up to so many bytes; of a plain BytesIO, its memory is used instead
    :param size: bytes to read at once
    :param prefix: bytes that stand before those of the file
    :param truncated_ok: whether the end of the file may come too early
    :raises OSError: if it comes too early
    """
    file = getattr(read, "__self__", None)
    # Decoders in Python want ``bytes``, and a subclass of BytesIO may read something else.
    if (
        type(file) is io.BytesIO
        and type(decoder) is Image.core.ImagingDecoder
        and read == file.read
        and not prefix
        and size  # 0, which a FLI file can ask for, gives a decoder nothing at all
    ):
        status, missing = _feed_memory(decoder, file)
    else:
        status, missing = _feed_pieces(decoder, read, size, prefix, truncated_ok)
    if missing is not None and not truncated_ok:
        raise OSError(f"image file is truncated ({missing} bytes not processed)")
    return status


def _feed_memory(decoder: Any, file: io.BytesIO) -> tuple[int, int | None]:
    """One call, one release of the GIL and no copy: decode the bytes where they are.

    The result is the status, and how many bytes were left over if the decoder wanted more.
    """
    status = STATUS_NOTHING_DECODED
    position = file.tell()
    # getvalue() is what the file holds; getbuffer() would copy bytes that it was made of.
    with memoryview(file.getvalue()) as data:
        file.seek(0, io.SEEK_END)
        while position < len(data):
            with data[position:] as rest:
                consumed, status = decoder.decode(rest)
            if consumed < 0:
                return status, None
            if not consumed:
                break
            position += consumed
        return status, max(len(data) - position, 0)


def _feed_pieces(
    decoder: Any, read: Callable[[int], bytes], size: int, pending: bytes, truncated_ok: bool
) -> tuple[int, int | None]:
    """As :func:`_feed_memory`, for all other files."""
    status = STATUS_NOTHING_DECODED
    while True:
        try:
            data = read(size)
        except (IndexError, struct.error) as error:
            if truncated_ok:
                return status, None
            raise OSError("image file is truncated") from error
        if not data:
            return status, len(pending)
        pending = pending + data if pending else data
        del data  # or two pieces would be held while the next one is read
        consumed, status = decoder.decode(pending)
        if consumed < 0:
            return status, None
        pending = pending[consumed:]
        if not consumed:
            # A decoder that waits for more must not cost quadratic time.
            size *= 2


def drain_encoder(encoder: Any, fp: IO[bytes], bufsize: int) -> int:
    """Encode into a file object without descriptor; the result is the last status."""
    if type(encoder) is Image.core.ImagingEncoder and type(fp) is io.BytesIO:
        status = _encode_to_memory(encoder, fp, bufsize)
        if status:
            return status
    while True:
        _, status, data = encoder.encode(bufsize)
        fp.write(data)
        del data  # not two pieces at a time
        if status:
            return int(status)


def _encode_to_memory(encoder: _imaging.ImagingEncoder, fp: io.BytesIO, bufsize: int) -> int:
    """Encode at the end of a BytesIO in one piece, which becomes its memory; 0 if that is not done.

    Writing pieces to it costs a copy of all, and more copies while it grows.
    """
    position = fp.tell()
    size = encoder.encoded_size(bufsize)
    # Copying what is there must not cost more than what comes. Nothing may stand behind it.
    if not size or position > size:
        return 0
    if fp.seek(0, io.SEEK_END) != position:
        fp.seek(position)
        return 0
    fp.write(b"")  # fails, as any write would, while its memory is lent
    status, data = encoder.encode_after(fp.getvalue(), size)
    io.BytesIO.__init__(fp, data)
    fp.seek(len(data))
    return status
