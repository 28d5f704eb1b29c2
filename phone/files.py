"""Checking photos and documents as Telegram does, and their ids. Photos have to be PNG."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import Any

from phone.forms import Upload
from phone.refusals import bad_request

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = {"photo": 10 * 1024 * 1024, "document": 50 * 1024 * 1024}  # bytes
_LONGEST_SIDES = 10_000  # width + height
_NARROWEST = 20  # longer side : shorter side


@dataclass(frozen=True, slots=True)
class File:
    """A file that was sent. kind: "photo" or "document". name: empty for a photo. width, height: of a photo, pixels."""

    kind: str
    name: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def id(self) -> str:
        """The file id: made from the content, so that after a restart it does not stand for another file."""
        return f"{self.kind}-{hashlib.sha256(self.name.encode() + bytes(1) + self.content).hexdigest()[:32]}"

    @property
    def json(self) -> dict[str, Any]:
        """The part of a Message object that describes it."""
        described: dict[str, Any] = {"file_id": self.id, "file_unique_id": self.id, "file_size": len(self.content)}
        if self.kind == "photo":
            return {"photo": [{**described, "width": self.width, "height": self.height}]}
        return {"document": {**described, "file_name": self.name}}


def check_file(kind: str, upload: Upload) -> File:
    """The checked file. Raises TelegramError for one that Telegram would refuse."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > _LARGEST[kind]:
        raise bad_request("file is too big")
    if kind == "document":
        return File(kind, upload.name, upload.content)
    if not upload.content.startswith(_SIGNATURE) or len(upload.content) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", upload.content[16:24])
    if not width or not height or width + height > _LONGEST_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if max(width, height) > _NARROWEST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return File(kind, "", upload.content, int(width), int(height))
