"""Telegram's HTML."""

from __future__ import annotations

import re

import pytest

from phone.entities import parse_html, utf16_length


def test_tags_become_entities_counted_in_utf16_units() -> None:
    text, entities = parse_html("\U0001f600 <b>bold <i>both</i></b> &lt;&#33;&gt;")

    assert text == "\U0001f600 bold both <!>"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "italic", "offset": 8, "length": 4},
    ]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<strong>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
    ],
)
def test_each_tag_has_its_entity(html: str, kind: str) -> None:
    assert parse_html(html) == ("x", [{"type": kind, "offset": 0, "length": 1}])


def test_the_outer_of_two_equal_stretches_comes_first() -> None:
    _, entities = parse_html("<b><i>x</i></b>")

    assert [entity["type"] for entity in entities] == ["bold", "italic"]


def test_a_link_keeps_its_address_unescaped() -> None:
    text, entities = parse_html('<a href="https://example.org/?a=1&amp;b=2">here</a>')

    assert text == "here"
    assert entities == [{"type": "text_link", "offset": 0, "length": 4, "url": "https://example.org/?a=1&b=2"}]


def test_a_link_to_anything_else_is_plain_text() -> None:
    assert parse_html('<a href="javascript:alert(1)">here</a>') == ("here", [])


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<x>1</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b>1", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>1</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>1</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("1</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>1</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>1</a>', 'Unclosed start tag "a" at byte offset 0'),
        ("<span>1</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("R&D", 'Unescaped "&" at byte offset 1'),
        ("1&nbsp;2", 'Unescaped "&" at byte offset 1'),
        ("1&#0;", "Wrong character reference at byte offset 1"),
        (
            "<blockquote>1<blockquote>2</blockquote></blockquote>",
            "Blockquotes can't be nested at byte offset 13",
        ),
    ],
)
def test_what_is_not_telegrams_html_is_refused(html: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        parse_html(html)


def test_white_space_at_the_ends_is_not_shown() -> None:
    assert parse_html("\n <b> x </b>\n<i> </i>") == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_entities_beyond_a_hundred_are_not_shown() -> None:
    text, entities = parse_html("<b>x</b> " * 101)

    assert len(text.split()) == 101
    assert len(entities) == 100


def test_a_character_beyond_the_basic_plane_counts_twice() -> None:
    assert utf16_length("a\U0001f600") == 3
