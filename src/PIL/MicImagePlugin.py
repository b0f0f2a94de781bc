"""MIC, files of Microsoft Image Composer: pictures in OLE streams, each of them a TIFF file.

Needs the package olefile.
"""

from __future__ import annotations

from . import Image, TiffImagePlugin
from ._ole import MAGIC, list_streams, open_ole, open_stream


def _accept(prefix: bytes) -> bool:
    return prefix.startswith(MAGIC)


class MicImageFile(TiffImagePlugin.TiffImageFile):
    """Reads the pictures of a composition as frames."""

    format = "MIC"
    format_description = "Microsoft Image Composer"
    _close_exclusive_fp_after_loading = False

    def _open(self) -> None:
        assert self.fp is not None
        self.ole = open_ole(self.fp, "an MIC")
        self.images = [
            path
            for path in list_streams(self.ole)
            if path[1:] and path[0].endswith(".ACI") and path[1] == "Image"
        ]
        if not self.images:
            raise SyntaxError("not an MIC file; no image entries")
        self.frame = -1
        self._n_frames = len(self.images)
        self.is_animated = self._n_frames > 1
        self.__fp = self.fp
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Go to a picture."""
        if not self._seek_check(frame):
            return
        self.fp = open_stream(self.ole, self.images[frame])
        # The TIFF file has a number of frames of its own.
        frames, animated = self._n_frames, self.is_animated
        super()._open()
        self._n_frames, self.is_animated = frames, animated
        Image._decompression_bomb_check(self.size)
        if self._im is not None and (self.im.size != self.size or self.im.mode != self.mode):
            self._im = None
        self.frame = frame

    def tell(self) -> int:
        """Number of the current picture."""
        return self.frame

    def close(self) -> None:
        """Close the file."""
        self.__fp.close()
        self.ole.close()
        super().close()

    def __exit__(self, *args: object) -> None:
        self.__fp.close()
        self.ole.close()
        super().__exit__()


Image.register_open(MicImageFile.format, MicImageFile, _accept)
Image.register_extension(MicImageFile.format, ".mic")
