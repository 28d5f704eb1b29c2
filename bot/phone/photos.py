"""What Telegram asks of a photo. The stand-in takes PNG, which is all the bot sends."""

from __future__ import annotations

import struct

from bot.phone.refusals import bad_request

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = 10 * 1024 * 1024  # bytes
_LONGEST_SIDES = 10_000  # width + height
_NARROWEST = 20  # longer side : shorter side


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises TelegramError for what Telegram would not take."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > _LARGEST:
        raise bad_request("file is too big")
    if not content.startswith(_SIGNATURE) or len(content) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    if not width or not height or width + height > _LONGEST_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if max(width, height) > _NARROWEST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return int(width), int(height)
