"""Bodies of requests."""

from __future__ import annotations

import pytest

from phone.forms import Upload, parse_body

MULTIPART = "multipart/form-data; boundary=xyz"
FILE = b"\r\n\x00--xyz not a boundary\r\n\r\n\xff"


def part(disposition: str, content: bytes) -> bytes:
    """One part of a form."""
    return b"--xyz\r\nContent-Disposition: form-data; " + disposition.encode() + b"\r\n\r\n" + content + b"\r\n"


def test_a_form_with_a_file_keeps_every_byte() -> None:
    body = part('name="chat_id"', b"7") + part('name="photo"; filename="a.png"', FILE) + b"--xyz--\r\n"

    assert parse_body(MULTIPART, body) == {"chat_id": "7", "photo": Upload("a.png", FILE)}


def test_forms_and_json_are_read() -> None:
    assert parse_body("application/x-www-form-urlencoded", b"a=1&b=%C3%A9&c=") == {"a": "1", "b": "é", "c": ""}
    assert parse_body("application/json; charset=utf-8", b'{"a": [1]}') == {"a": [1]}
    assert parse_body("", b"") == {}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("text/plain", b"a=1"),
        (MULTIPART, part('name="a"', b"1")),
        (MULTIPART, part("nothing", b"1") + b"--xyz--"),
        (MULTIPART, b""),
        ("application/x-www-form-urlencoded", b"\xff"),
    ],
)
def test_a_broken_body_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_body(content_type, body)
