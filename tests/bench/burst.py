"""Many requests at once, from one thread."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_SECONDS = 300.0


@dataclass(frozen=True)
class Outcome:
    """What became of requests.

    Attributes:
        statuses: How often each status came; 0 is no answer.
        seconds: From the first request to the last answer.
    """

    statuses: Counter[int]
    seconds: float


def send(url: str, requests: Sequence[bytes], connections: int) -> Outcome:
    """Send requests, each over a connection of its own.

    Args:
        url: Of what listens.
        requests: Each as it is sent.
        connections: How many are open at once, at most.
    """
    started = time.monotonic()
    statuses = Counter(asyncio.run(_all(url, requests, connections)))
    return Outcome(statuses, time.monotonic() - started)


def request(url: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> bytes:
    """A GET, or a POST where there is a body, as it is sent."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    content = {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [
        f"{'GET' if body is None else 'POST'} {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in (content | (headers or {})).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


async def _all(url: str, requests: Sequence[bytes], connections: int) -> list[int]:
    free = asyncio.Semaphore(connections)
    parts = urlsplit(url)
    return await asyncio.gather(*(_one(parts.hostname, parts.port, each, free) for each in requests))


async def _one(host: str | None, port: int | None, data: bytes, free: asyncio.Semaphore) -> int:
    async with free:
        try:
            async with asyncio.timeout(_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
                writer.write(data)
                answer = await reader.read()
                writer.close()
        except OSError:  # TimeoutError is one
            return 0
        return int(answer.split(None, 2)[1]) if answer else 0
