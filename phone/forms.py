"""Parsing the bodies of requests to the Bot API."""

from __future__ import annotations

import io
import json
from email.message import Message
from typing import NamedTuple
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.multipart import Field, File


class Upload(NamedTuple):
    """A file in a form."""

    name: str
    content: bytes


def parse_body(content_type: str, body: bytes) -> dict[str, object]:
    """The fields of a form, or the members of a JSON object. Files are Uploads; other form fields are texts.

    Raises ValueError when the body does not match `content_type`.
    """
    header = Message()
    header["Content-Type"] = content_type
    kind = header.get_content_type()
    if kind == "application/json":
        decoded = json.loads(body)
        if not isinstance(decoded, dict):
            raise ValueError("not a JSON object")
        return decoded
    if not body and kind != "multipart/form-data":
        return {}
    if kind == "multipart/form-data" and not body.rstrip(b"\r\n").endswith(b"--"):
        raise ValueError("the form breaks off")  # the library does not report that
    if kind == "multipart/form-data":
        return _form(content_type, body)
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    raise ValueError(f"cannot read {kind}")


def _form(content_type: str, body: bytes) -> dict[str, object]:
    fields: dict[str, object] = {}

    def on_field(field: Field) -> None:
        fields[_name(field.field_name)] = (field.value or b"").decode()

    def on_file(file: File) -> None:
        file.file_object.seek(0)
        fields[_name(file.field_name)] = Upload((file.file_name or b"").decode(), file.file_object.read())

    parse_form({"Content-Type": content_type.encode()}, io.BytesIO(body), on_field, on_file)
    return fields


def _name(given: bytes | None) -> str:
    if not given:
        raise ValueError("a part of the form has no name")
    return given.decode()
