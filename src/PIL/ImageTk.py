"""Images as photos and bitmaps of Tk, and back. Needs :mod:`tkinter`."""

from __future__ import annotations

import tkinter  # noqa: ICN001  the name that programs know
from io import BytesIO

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import ImageFile
    from ._typing import CapsuleType

# Modes that Tk can be given as they are.
_MODES = ("1", "L", "RGB", "RGBA")


def _get_image_from_kw(kw: dict[str, Any]) -> ImageFile.ImageFile | None:
    """The image that the keyword ``file`` or else ``data`` names; takes it out of ``kw``."""
    if "file" in kw:
        source = kw.pop("file")
    elif "data" in kw:
        source = BytesIO(kw.pop("data"))
    else:
        source = None
    return Image.open(source) if source else None


def _required_image(kw: dict[str, Any]) -> ImageFile.ImageFile:
    image = _get_image_from_kw(kw)
    if image is None:
        msg = "Image is required"
        raise ValueError(msg)
    return image


def _pyimagingtkcall(
    command: str, photo: PhotoImage | tkinter.PhotoImage, ptr: CapsuleType
) -> None:
    """Call a command of ``_imagingtk``, which is added to the interpreter if it lacks it.

    :exception tkinter.TclError: If it fails.
    """
    tk = photo.tk
    try:
        tk.call(command, photo, repr(ptr))
    except tkinter.TclError:
        from . import _imagingtk

        _imagingtk.tkinit(tk.interpaddr())
        tk.call(command, photo, repr(ptr))


class _TkImage:
    """An image of Tk, which is deleted along with the object."""

    _photo: tkinter.PhotoImage | tkinter.BitmapImage
    _size: tuple[int, int]

    def __del__(self) -> None:
        # tkinter's object knows nothing of the image any more. There may be none of either.
        photo = getattr(self, "_photo", None)
        if photo is None or not photo.name:
            return
        name, photo.name = photo.name, None
        try:
            photo.tk.call("image", "delete", name)
        except Exception:
            pass  # the application may be gone, and it with all its images

    def __str__(self) -> str:
        """The name that Tk knows the image by."""
        return str(self._photo)

    def width(self) -> int:
        """The width in pixels."""
        return self._size[0]

    def height(self) -> int:
        """The height in pixels."""
        return self._size[1]


class PhotoImage(_TkImage):
    """An image that Tk can show in colour; to be used wherever tkinter wants an image.

    It must be kept somewhere as long as it is shown: deleting it deletes Tk's image.

    :param image: An image; or a mode for an empty photo. By default the one that the keyword
       ``file`` (a file) or ``data`` (bytes of one) names. An image of mode "P" gets its
       transparency applied.
    :param size: Width and height, with a mode.
    :param kw: Options of :class:`tkinter.PhotoImage`.
    :exception ValueError: Without image, or with a mode without size.
    """

    def __init__(
        self,
        image: Image.Image | str | None = None,
        size: tuple[int, int] | None = None,
        **kw: Any,
    ) -> None:
        source = _required_image(kw) if image is None else image
        if isinstance(source, str):
            if size is None:
                msg = "If first argument is mode, size is required"
                raise ValueError(msg)
            mode = source
        else:
            mode = self._mode_of(source)
            size = source.size
            kw["width"], kw["height"] = size
        self.__mode = mode if mode in _MODES else Image.getmodebase(mode)
        self._size = size
        self._photo = tkinter.PhotoImage(**kw)
        self.tk = self._photo.tk
        if not isinstance(source, str):
            self.paste(source)

    @staticmethod
    def _mode_of(image: Image.Image) -> str:
        if image.mode != "P":
            return image.mode
        image.apply_transparency()
        image.load()
        return image.palette.mode if image.palette else "RGB"

    def paste(self, im: Image.Image) -> None:
        """Put an image into the photo, at the upper left corner, replacing what was there.

        :exception ValueError: If it cannot be converted to the photo's mode.
        """
        pointer = im.getim()
        core = im.im
        if not core.isblock() or im.mode != self.__mode:
            block = Image.core.new_block(self.__mode, im.size)
            core.convert_into(block)
            pointer = block.ptr
        _pyimagingtkcall("PyImagingPhoto", self, pointer)


class BitmapImage(_TkImage):
    """An image of two colours; to be used wherever tkinter wants an image.

    :param image: An image of mode "1"; by default as for :class:`PhotoImage`.
    :param kw: Options of :class:`tkinter.BitmapImage`, such as ``foreground``.
    :exception ValueError: Without image, or if it is not of mode "1".
    """

    def __init__(self, image: Image.Image | None = None, **kw: Any) -> None:
        source = _required_image(kw) if image is None else image
        self.__mode = source.mode
        self._size = source.size
        self._photo = tkinter.BitmapImage(data=source.tobitmap(), **kw)


def getimage(photo: PhotoImage) -> Image.Image:
    """The pixels of a photo (of this module, or of tkinter), as an image of mode "RGBA"."""
    im = Image.new("RGBA", (photo.width(), photo.height()))
    _pyimagingtkcall("PyImagingPhotoGet", photo, im.getim())
    return im
