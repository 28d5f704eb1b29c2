from __future__ import annotations

import pytest

from bot.buttons import MAX_REVISION, decode, encode, keyboard
from dialogs.view import Button, Screen

LONGEST_ACTION = "a" * 48


@pytest.mark.parametrize("revision", [0, 1, 35, 36, 36**2 - 1, 36**5, MAX_REVISION])
@pytest.mark.parametrize("action", ["a.grade.G2", "x", "...", LONGEST_ACTION, "~!"])
def test_decode_gives_back_what_encode_took(revision: int, action: str) -> None:
    data = encode(revision, action)

    assert decode(data) == (revision, action)
    assert len(data.encode()) <= 64


@pytest.mark.parametrize(
    ("revision", "action"),
    [(-1, "a"), (MAX_REVISION + 1, "a"), (0, ""), (0, "a b"), (0, "größe"), (0, "a\n"), (1, "a" * 63)],
)
def test_what_could_not_be_decoded_is_not_encoded(revision: int, action: str) -> None:
    with pytest.raises(ValueError, match="callback data"):
        encode(revision, action)


@pytest.mark.parametrize(
    "data",
    [
        *(None, "", ".", "1", "1.", ".a", "01.a", "1A.a", "-1.a", "+1.a", "1000000.a", "٣.a", "1.a b"),
        *("1.ä", "1.a\n", "\n1.a", "1.a\0", "\ud800", "1.😀", " 1.a", "1 .a", "1_0.a"),
    ],
)
def test_anything_else_decodes_to_nothing(data: str | None) -> None:
    assert decode(data) is None


def test_a_keyboard_has_the_rows_of_the_screen() -> None:
    screen = Screen("Grade?", ((Button("a.G1", "G1"), Button("a.G2", "G2")), (), (Button("back", "Back"),)))

    markup = keyboard(screen, 37)

    assert markup is not None
    rows = [[(button["text"], button["callback_data"]) for button in row] for row in markup["inline_keyboard"]]
    assert rows == [[("G1", "11.a.G1"), ("G2", "11.a.G2")], [("Back", "11.back")]]


def test_a_copy_button_copies_and_asks_nothing() -> None:
    markup = keyboard(Screen("Result", ((Button("", "Copy", "the summary"),),)), 0)

    assert markup is not None
    assert markup["inline_keyboard"] == [[{"text": "Copy", "copy_text": {"text": "the summary"}}]]


def test_a_button_that_opens_a_page_asks_nothing() -> None:
    markup = keyboard(Screen("Note", ((Button("", "Open the paper", url="https://doi.org/10.1155/2012/782672"),),)), 0)

    assert markup is not None
    url = "https://doi.org/10.1155/2012/782672"
    assert markup["inline_keyboard"] == [[{"text": "Open the paper", "url": url}]]


def test_a_screen_without_buttons_has_no_keyboard() -> None:
    assert keyboard(Screen("Done"), 0) is None
    assert keyboard(Screen("Done", ((),)), 0) is None
