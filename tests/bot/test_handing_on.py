"""Handing a case on in Telegram: the text is a message of its own, and a picture's button leads back to the result."""

from __future__ import annotations

import pytest

from bot.store import SessionStore
from phone.telegram import Telegram
from tests.bot.helpers import methods, stored
from tests.support.user import User


@pytest.fixture
async def result(user: User, telegram: Telegram) -> User:
    """A person with the hand-on card of a result before them."""
    await user.start()
    await user.press("begin", "a.grade.G3", "a.differentiation.poor", "go.hand")
    telegram.calls.clear()
    return user


async def test_the_text_is_a_plain_message_without_buttons_below_the_screen(
    result: User, telegram: Telegram, store: SessionStore
) -> None:
    screen = result.live
    await result.press("text")
    sent = telegram.phones.chat(result.chat_id).messages[-1]
    assert sent.id != screen.id
    assert sent.text.startswith("The 2012 review suggests: systemic chemotherapy")
    assert not sent.keyboard
    assert not sent.entities
    assert methods(telegram).count("sendMessage") == 1
    assert (await stored(store, result)).message_id == screen.id


async def test_the_button_of_a_picture_shows_the_result_below_it_and_goes(result: User, telegram: Telegram) -> None:
    screen = result.live
    await result.press("pic.case")
    picture = telegram.phones.chat(result.chat_id).messages[-1]
    assert picture.buttons == [["Back to result"]]
    await result.tap("Back to result", picture.id)
    shown = telegram.phones.chat(result.chat_id).messages[-1]
    assert shown.id > picture.id
    assert "The source suggests: systemic chemotherapy" in shown.text
    assert not result.message(picture.id).keyboard
    assert not result.message(screen.id).keyboard


async def test_a_picture_that_is_sent_again_by_its_id_has_the_buttons_of_the_session_as_it_is_now(
    result: User, telegram: Telegram
) -> None:
    await result.press("pic.case")
    await result.press("now", "go.change", "e.differentiation", "a.differentiation.poor", "go.hand", "pic.case")
    picture = telegram.phones.chat(result.chat_id).messages[-1]
    await result.tap("Back to result", picture.id)
    assert telegram.phones.chat(result.chat_id).messages[-1].id > picture.id
