# AVIF. What each function does is said where it is implemented, in src/avif/.

from typing import final

from ._typing import Buffer, CapsuleType

libavif_version: str
FRAME_MODES: tuple[str, ...]  # in which pixels are taken

@final
class _Decoder:
    def get_info(
        self,
    ) -> tuple[tuple[int, int], int, str, bytes | None, bytes | None, int, bytes | None]: ...
    def get_frame(self, index: int, /) -> tuple[bytes, int, int, int]: ...
    def read_frame(self, index: int, image: CapsuleType, /) -> tuple[None, int, int, int]: ...

@final
class _Encoder:
    def add(
        self,
        pixels: Buffer,
        duration: int,
        size: tuple[int, int],
        mode: str,
        single: bool,
        /,
    ) -> None: ...
    def finish(self) -> bytes | None: ...

def AvifDecoder(data: Buffer, codec: str, max_threads: int, /) -> _Decoder: ...
def AvifEncoder(
    size: tuple[int, int],
    subsampling: str,
    quality: int,
    speed: int,
    max_threads: int,
    codec: str,
    range: str,
    tile_rows_log2: int,
    tile_cols_log2: int,
    alpha_premultiplied: bool,
    autotiling: bool,
    icc: Buffer,
    exif: Buffer,
    orientation: int,
    xmp: Buffer,
    advanced: tuple[tuple[str, str], ...] | None,
    /,
) -> _Encoder: ...
def decoder_codec_available(name: str, /) -> bool: ...
def encoder_codec_available(name: str, /) -> bool: ...
def codec_versions() -> str: ...
