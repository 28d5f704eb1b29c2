"""Bodies of requests: what the Bot API takes. (Starlette's own forms would want one more dependency.)"""

from __future__ import annotations

import json
from email.message import Message
from typing import NamedTuple
from urllib.parse import parse_qsl


class Upload(NamedTuple):
    """A file as it comes in a form."""

    name: str
    content: bytes


def parse_body(content_type: str, body: bytes) -> dict[str, object]:
    """The fields of a form or the members of a JSON object; files as Upload, form fields as text.

    Raises ValueError when the body is not what `content_type` says.
    """
    header = Message()
    header["Content-Type"] = content_type
    kind = header.get_content_type()
    if kind == "application/json":
        decoded = json.loads(body)
        if not isinstance(decoded, dict):
            raise ValueError("not a JSON object")
        return decoded
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    boundary = header.get_param("boundary")
    if kind == "multipart/form-data" and isinstance(boundary, str):
        return _parts(b"--" + boundary.encode(), body)
    if not body:
        return {}
    raise ValueError(f"cannot read {kind}")


def _parts(boundary: bytes, body: bytes) -> dict[str, object]:
    fields: dict[str, object] = {}
    for part in (b"\r\n" + body).split(b"\r\n" + boundary)[1:]:
        if part.startswith(b"--"):
            return fields
        head, found, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name, file_name = _disposition(head.decode())
        if not found or not name:
            break
        fields[name] = content.decode() if file_name is None else Upload(file_name, content)
    raise ValueError("the form breaks off")


def _disposition(head: str) -> tuple[str, str | None]:
    """The name of a part, and that of the file in it, if it is one."""
    header = Message()
    for line in head.split("\r\n"):
        key, _, value = line.partition(":")
        header[key] = value.strip()
    name = header.get_param("name", header="content-disposition")
    return (name if isinstance(name, str) else ""), header.get_filename()
