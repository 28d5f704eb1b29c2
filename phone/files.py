"""What Telegram asks of a photo or a document, and the ids it gives them. Of photos only PNG is taken."""

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
        """The file id: the same for the same file, so that after a restart it stands for no other."""
        return f"{self.kind}-{hashlib.sha256(self.name.encode() + bytes(1) + self.content).hexdigest()[:32]}"

    @property
    def json(self) -> dict[str, Any]:
        """The part of a Message object that tells of it."""
        told: dict[str, Any] = {"file_id": self.id, "file_unique_id": self.id, "file_size": len(self.content)}
        if self.kind == "photo":
            return {"photo": [{**told, "width": self.width, "height": self.height}]}
        return {"document": {**told, "file_name": self.name}}


def check_file(kind: str, upload: Upload) -> File:
    """The file as it is kept. Raises TelegramError for what Telegram would not take."""
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
