"""Going through the frames of a multi-frame image."""

from __future__ import annotations

from . import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self


class Iterator:
    """Iterates over the frames of ``im``, giving the *same* image object, positioned by ``seek``.

    ``it[n]`` goes to frame ``n``. Copy a frame that is to outlive the next step.

    :exception AttributeError: If ``im`` cannot seek.
    """

    def __init__(self, im: Image.Image) -> None:
        if not hasattr(im, "seek"):
            msg = "im must have seek method"
            raise AttributeError(msg)
        self.im = im
        self.position = getattr(im, "_min_frame", 0)

    def __getitem__(self, ix: int) -> Image.Image:
        try:
            self.im.seek(ix)
        except EOFError as e:
            msg = "end of sequence"
            raise IndexError(msg) from e
        return self.im

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Image.Image:
        try:
            self.im.seek(self.position)
        except EOFError as e:
            msg = "end of sequence"
            raise StopIteration(msg) from e
        self.position += 1
        return self.im


def all_frames(
    im: Image.Image | list[Image.Image],
    func: Callable[[Image.Image], Image.Image] | None = None,
) -> list[Image.Image]:
    """Copies of all frames of an image, or of each image of a list.

    Each image is put back to the frame it showed before, also if a frame fails.

    :param func: Applied to every copy; its results are returned.
    """
    frames: list[Image.Image] = []
    for source in im if isinstance(im, list) else [im]:
        shown = source.tell()
        try:
            frames.extend(frame.copy() for frame in Iterator(source))
        finally:
            source.seek(shown)
    return frames if func is None else [func(frame) for frame in frames]
