"""Load on ``thumbnail_service.py`` over the loopback: throughput, also against another Python.

    python examples/thumbnail_load.py PHOTO [--requests 200] [--clients 4] [--rounds 3]
                                      [--against /path/to/python-with-pillow] [--cpu 0]

With ``--against`` the same service runs under that interpreter, too, and both take turns; what is
printed is the ratio of their throughput, round by round. ``--cpu`` keeps the services on one
processor (and this client off it where there is another).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SERVICE = Path(__file__).with_name("thumbnail_service.py")


class Server:
    """The service under one interpreter."""

    def __init__(self, python: str, cpu: int | None) -> None:
        env = dict(os.environ)
        if python != sys.executable:
            env.pop("PYTHONPATH", None)  # it finds the PIL of its own environment
        self.process = subprocess.Popen(
            [python, str(SERVICE), "--port", "0", "--workers", "2" if cpu is not None else "3"],
            stdout=subprocess.PIPE, text=True, env=env,
            preexec_fn=None if cpu is None else lambda: os.sched_setaffinity(0, {cpu}),
        )  # fmt: skip
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the service did not start under {python}")
        self.port = int(line.split()[-1])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


async def request(port: int, photo: bytes) -> bytes:
    """POST a photo; the thumbnail. Anything but 200 OK ends the run."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /thumbnail?width=320&height=200 HTTP/1.1\r\nContent-Length: {len(photo)}\r\n\r\n"
    writer.write(head.encode() + photo)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    top, _, body = answer.partition(b"\r\n\r\n")
    if not top.startswith(b"HTTP/1.1 200 "):
        raise SystemExit(f"the service answered {top.splitlines()[:1]} {body[:200]!r}")
    return body


async def load(port: int, photo: bytes, requests: int, clients: int) -> float:
    """Requests a second that the service did."""
    rest = iter(range(requests))

    async def client() -> None:
        for _ in rest:
            await request(port, photo)

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return requests / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", metavar="PYTHON")
    parser.add_argument("--cpu", type=int)
    args = parser.parse_args()
    photo = args.photo.read_bytes()
    if args.cpu is not None and (others := os.sched_getaffinity(0) - {args.cpu}):
        os.sched_setaffinity(0, others)
    servers = [Server(sys.executable, args.cpu)]
    try:
        if args.against:
            servers.append(Server(args.against, args.cpu))
        pictures = [asyncio.run(request(server.port, photo)) for server in servers]
        print(f"a thumbnail of {len(pictures[0])} bytes")
        ratios = []
        for _ in range(args.rounds):
            speeds = [
                asyncio.run(load(server.port, photo, args.requests, args.clients))
                for server in servers
            ]
            print("requests a second:", *(f"{speed:.1f}" for speed in speeds))
            ratios.append(speeds[0] / speeds[-1])
        if args.against:
            print(f"throughput here / there: {statistics.median(ratios):.2f}")
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    main()
