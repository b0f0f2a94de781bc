# WebP. What each function does is said where it is implemented, in src/webp/.

from typing import final

from ._typing import CapsuleType

webpdecoder_version: str

@final
class _AnimDecoder:
    def get_info(self) -> tuple[tuple[int, int], int, int, int, str]: ...
    def get_chunk(self, name: str, /) -> bytes | None: ...
    def get_next(self) -> tuple[bytes, int]: ...
    def read_next(self, image: CapsuleType | None, /) -> int: ...
    def reset(self) -> None: ...

@final
class _AnimEncoder:
    def add(
        self,
        image: CapsuleType | None,
        timestamp: int,
        lossless: int,
        quality: float,
        alpha_quality: float,
        method: int,
        /,
    ) -> None: ...
    def assemble(self, icc: bytes | str, exif: bytes | str, xmp: bytes | str, /) -> bytes: ...

def WebPAnimDecoder(data: bytes, /) -> _AnimDecoder: ...
def WebPAnimEncoder(
    size: tuple[int, int],
    background: int,
    loop: int,
    minimize_size: int,
    kmin: int,
    kmax: int,
    allow_mixed: int,
    verbose: int,
    /,
) -> _AnimEncoder: ...
def WebPEncode(
    image: CapsuleType,
    lossless: int,
    quality: float,
    alpha_quality: float,
    icc: bytes | str,
    method: int,
    exact: int,
    exif: bytes | str,
    xmp: bytes | str,
    /,
) -> bytes | None: ...
