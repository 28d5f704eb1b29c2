"""Parsing Telegram's HTML into plain text and entities; errors have Telegram's words.

It is stricter than Telegram in two points, where Telegram silently shows something else than was meant: a bare `&`, and
a blockquote inside a blockquote.
"""

from __future__ import annotations

import re
from typing import NotRequired, TypedDict

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_CHARACTER = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_TAG_NAME = re.compile(r"<(/?)([^\s>]*)")
_ATTRIBUTE = re.compile(r"""\s+([^\s=>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")
_TAG_END = re.compile(r"\s*>")
_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_LINK = re.compile(r"(?:https?|tg|mailto|tel):", re.IGNORECASE)
_MOST_ENTITIES = 100


class Entity(TypedDict):
    """A range of formatted text, as the Bot API has it. offset and length are in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: NotRequired[str]


class _Open(TypedDict):
    tag: str
    type: str
    url: str
    offset: int


def utf16_length(text: str) -> int:
    """The length of `text` as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, outer before inner, at most the 100 that Telegram shows.

    Raises ValueError with Telegram's words, which have the byte offset.
    """
    text, entities = _parse(html)
    return _trim(text, entities)


def _parse(html: str) -> tuple[str, list[Entity]]:
    pieces: list[str] = []
    entities: list[Entity] = []
    opened: list[_Open] = []
    length = at = 0
    while at < len(html):
        if html[at] == "<":
            at = _tag(html, at, length, opened, entities)
            continue
        if plain := _PLAIN.match(html, at):
            piece, at = plain[0], plain.end()
        else:
            piece, at = _character(html, at)
        pieces.append(piece)
        length += utf16_length(piece)
    if opened:
        raise ValueError(f'Can\'t find end tag corresponding to start tag "{opened[-1]["tag"]}"')
    return "".join(pieces), entities


def _character(html: str, at: int) -> tuple[str, int]:
    """The character of the reference at index `at`, and the index after it."""
    match = _CHARACTER.match(html, at)
    if match is None:
        raise ValueError(f'Unescaped "&" at byte offset {_byte(html, at)}')
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name], match.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"Wrong character reference at byte offset {_byte(html, at)}")
    return chr(code), match.end()


def _tag(html: str, at: int, length: int, opened: list[_Open], entities: list[Entity]) -> int:
    """Read the tag at index `at`. length: of the plain text so far. Returns the index after the tag."""
    head = _TAG_NAME.match(html, at)
    assert head is not None
    closing, name = head[1], head[2].lower()
    where = _byte(html, at)
    if closing:
        return _end_tag(html, head.end(), name, where, length, opened, entities)
    if head.end() == len(html):
        raise ValueError(f"Unclosed start tag at byte offset {where}")
    if name not in _TYPES:
        raise ValueError(f'Unsupported start tag "{name}" at byte offset {where}')
    attributes: dict[str, str] = {}
    end = head.end()
    while attribute := _ATTRIBUTE.match(html, end):
        key, *values = attribute.groups()
        attributes[key.lower()] = _unescape(next((value for value in values if value is not None), ""))
        end = attribute.end()
    closed = _TAG_END.match(html, end)
    if closed is None:
        raise ValueError(f'Unclosed start tag "{name}" at byte offset {where}')
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise ValueError(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
    kind = _TYPES[name]
    if name == "blockquote":
        if any(outer["tag"] == "blockquote" for outer in opened):
            raise ValueError(f"Blockquotes can't be nested at byte offset {where}")
        kind = "expandable_blockquote" if "expandable" in attributes else kind
    opened.append({"tag": name, "type": kind, "url": attributes.get("href", ""), "offset": length})
    return closed.end()


def _end_tag(
    html: str, at: int, name: str, where: int, length: int, opened: list[_Open], entities: list[Entity]
) -> int:
    if not opened:
        raise ValueError(f"Unexpected end tag at byte offset {where}")
    closed = _TAG_END.match(html, at)
    if closed is None:
        raise ValueError(f"Unclosed end tag at byte offset {where}")
    start = opened.pop()
    if name != start["tag"]:
        raise ValueError(f'Unmatched end tag at byte offset {where}, expected "</{start["tag"]}>", found "</{name}>"')
    entity: Entity = {"type": start["type"], "offset": start["offset"], "length": length - start["offset"]}
    if start["type"] == "text_link":
        if not _LINK.match(start["url"]):  # shown as plain text
            return closed.end()
        entity["url"] = start["url"]
    entities.append(entity)
    return closed.end()


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without white space at both ends, as Telegram shows it; entities that become empty are dropped."""
    shown = text.strip()
    cut = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(shown)
    kept: list[Entity] = []
    for entity in entities:
        start = min(max(entity["offset"] - cut, 0), end)
        stop = min(max(entity["offset"] + entity["length"] - cut, 0), end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    # Inner tags end first, so reversing puts outer before inner where two begin and end together.
    kept.reverse()
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return shown, kept[:_MOST_ENTITIES]


def _unescape(value: str) -> str:
    def character(match: re.Match[str]) -> str:
        return _character(match[0], 0)[0]

    return _CHARACTER.sub(character, value)


def _byte(html: str, at: int) -> int:
    return len(html[:at].encode())
