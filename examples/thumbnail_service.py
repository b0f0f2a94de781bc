"""A thumbnail service on asyncio: pixels in a pool of N+1 threads, nothing blocks the loop.

    python examples/thumbnail_service.py [--port 8080] [--workers N]
    curl --data-binary @photo.jpg 'http://localhost:8080/thumbnail?width=320' > small.webp

The GIL is released while pixels are decoded, resized and encoded, so threads suffice: one for each
processor and one more, so that a processor has work while another thread holds the GIL for the
Python between two calls. ``thumbnail_load.py`` puts the service under load.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageOps, features

MAX_UPLOAD = 32 << 20  # bytes
MAX_HEADER = 16 << 10
MAX_SIDE = 4096
MAX_PIXELS = 50_000_000
TIMEOUT = 30.0  # seconds for a client to send its request
TYPES = {"WEBP": "image/webp", "JPEG": "image/jpeg", "PNG": "image/png"}
if not features.check("webp"):
    del TYPES["WEBP"]


class BadRequest(Exception):
    """The client's fault; the text goes back to it."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status


def make_thumbnail(data: bytes, size: tuple[int, int], kind: str) -> bytes:
    """Decode, turn upright, fit into ``size``, encode. Runs in a thread of the pool."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as im:
            if im.width * im.height > MAX_PIXELS:
                raise BadRequest("413 Content Too Large", f"more than {MAX_PIXELS} pixels")
            im.draft("RGB", (size[0] * 2, size[1] * 2))
            small = ImageOps.exif_transpose(im)
        small.thumbnail(size, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        alpha = kind != "JPEG" and small.has_transparency_data
        small.convert("RGBA" if alpha else "RGB").save(out, kind, quality=80)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadRequest("415 Unsupported Media Type", f"not a usable picture: {error}") from error
    return out.getvalue()


def parameters(target: str) -> tuple[tuple[int, int], str]:
    """Size and format from ``/thumbnail?width=320&height=200&format=webp``."""
    url = urlsplit(target)
    if url.path != "/thumbnail":
        raise BadRequest("404 Not Found", "POST a picture to /thumbnail")
    query = {name: values[-1] for name, values in parse_qs(url.query).items()}
    try:
        size = int(query.get("width", "320")), int(query.get("height", "320"))
    except ValueError:
        raise BadRequest("400 Bad Request", "width and height are numbers") from None
    kind = query.get("format", next(iter(TYPES))).upper().replace("JPG", "JPEG")
    if not all(0 < side <= MAX_SIDE for side in size) or kind not in TYPES:
        raise BadRequest("400 Bad Request", f"sides up to {MAX_SIDE}; {', '.join(TYPES)}")
    return size, kind


async def read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """The target and body of a POST; the length is checked before the body is read."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError:
        raise BadRequest("431 Request Header Fields Too Large", "header too long") from None
    request, *lines = head.split("\r\n")
    words = request.split(" ")
    if len(words) != 3 or words[0] != "POST":
        raise BadRequest("405 Method Not Allowed", "POST a picture to /thumbnail")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    length = headers.get("content-length", "")
    if not length.isdecimal():
        raise BadRequest("411 Length Required", "Content-Length is needed")
    if len(length) > 10 or int(length) > MAX_UPLOAD:
        raise BadRequest("413 Content Too Large", f"more than {MAX_UPLOAD} bytes")
    return words[1], await reader.readexactly(int(length))


class Service:
    """The server and its pool; ``limit`` requests are decoded at a time, the others wait."""

    def __init__(self, workers: int) -> None:
        self.pool = ThreadPoolExecutor(workers)
        self.free = asyncio.Semaphore(workers)

    async def answer(self, reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
        """Status, content type and body for the request on the stream."""
        try:
            async with asyncio.timeout(TIMEOUT):
                target, data = await read_request(reader)
            size, kind = parameters(target)
            async with self.free:
                loop = asyncio.get_running_loop()
                made = await loop.run_in_executor(self.pool, make_thumbnail, data, size, kind)
        except BadRequest as error:
            return error.status, "text/plain; charset=utf-8", f"{error}\n".encode()
        except TimeoutError:
            return "408 Request Timeout", "text/plain; charset=utf-8", b"too slow\n"
        return "200 OK", TYPES[kind], made

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            status, kind, body = await self.answer(reader)
            head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone; there is nobody to tell
        finally:
            writer.close()


async def run(port: int, workers: int) -> None:
    service = Service(workers)
    server = await asyncio.start_server(service.serve, "127.0.0.1", port, limit=MAX_HEADER)
    async with server:
        print("listening on", server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)) + 1)
    args = parser.parse_args()
    try:
        asyncio.run(run(args.port, args.workers))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
