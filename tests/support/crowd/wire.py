"""An HTTP request with as little as there can be around it: a crowd's are many, and all come out of one process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import urlsplit


async def get(url: str) -> int:
    """The status of what is there. Raises OSError where no answer comes."""
    return await _ask("GET", url, b"", {})


async def post(url: str, body: object, headers: Mapping[str, str]) -> int:
    """POST the body as JSON; the status of the answer. Raises OSError where none comes."""
    return await _ask("POST", url, json.dumps(body).encode(), {**headers, "Content-Type": "application/json"})


async def _ask(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    to = urlsplit(url)
    head = {**headers, "Host": to.netloc, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{method} {to.path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    reader, writer = await asyncio.open_connection(to.hostname, to.port)
    try:
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    if not answer.startswith(b"HTTP/1.1 "):
        raise ConnectionResetError("the connection ended before the answer")
    return int(answer[9:12])
