"""Small files for tests."""

from __future__ import annotations

import struct
import zlib

from phone.forms import Upload


def png(width: int = 240, height: int = 160) -> bytes:
    """A PNG of one colour, of that many pixels."""
    rows = (b"\0" + b"\x2f\x7f\xb2" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def picture(width: int = 240, height: int = 160) -> Upload:
    """The same as it comes in a form."""
    return Upload("picture.png", png(width, height))
