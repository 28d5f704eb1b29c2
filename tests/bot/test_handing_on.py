"""Handing a case on in Telegram: what is sent is a message of its own, and its button leads back to the screen."""

from __future__ import annotations

import pytest

from bot.buttons import encode
from bot.store import SessionStore
from phone.chat import Message
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


def last(user: User) -> Message:
    """The message at the end of the chat."""
    return user.telegram.phones.chat(user.chat_id).messages[-1]


async def test_the_text_is_a_plain_message_below_the_screen(
    result: User, telegram: Telegram, store: SessionStore
) -> None:
    screen = result.live
    await result.press("text")
    sent = last(result)
    assert sent.id != screen.id
    assert sent.text.startswith("The 2012 review suggests: systemic chemotherapy")
    assert not sent.entities
    assert methods(telegram).count("sendMessage") == 1
    assert (await stored(store, result)).message_id == screen.id


WAYS = (["text"], ["go.senior", "question"], ["pic.case"], ["pic.pocket"], ["pic.pocket-pdf"])
"""The taps on the hand-on card that send something."""


@pytest.mark.parametrize("taps", WAYS, ids=lambda taps: taps[-1])
async def test_what_was_sent_has_a_button_that_shows_the_result_below_it_and_goes(
    result: User, telegram: Telegram, store: SessionStore, taps: list[str]
) -> None:
    screen = result.live
    await result.press(*taps)
    sent = last(result)
    text, file = sent.text, sent.file
    assert sent.buttons == [["Back to result"]]
    telegram.calls.clear()
    await result.tap("Back to result", sent.id)

    shown = last(result)
    assert shown.id > sent.id
    assert "The source suggests: systemic chemotherapy" in shown.text
    assert (result.message(sent.id).text, result.message(sent.id).file) == (text, file)
    assert not result.message(sent.id).keyboard
    assert not result.message(screen.id).keyboard
    assert (await stored(store, result)).message_id == shown.id
    assert "editMessageText" not in methods(telegram)


@pytest.mark.parametrize("taps", WAYS, ids=lambda taps: taps[-1])
async def test_the_button_tapped_twice_shows_the_result_once(result: User, taps: list[str]) -> None:
    await result.press(*taps)
    sent = last(result)
    data = str(sent.keyboard[0][0]["callback_data"])
    await result.tap("Back to result", sent.id)
    shown = last(result)
    await result.forge(data, sent.id)

    assert last(result).id == shown.id
    assert result.message(shown.id).keyboard


async def test_the_button_delivered_again_shows_the_result_once(result: User, telegram: Telegram) -> None:
    await result.press("text")
    sent = last(result)
    update = telegram.phones.tap(result.chat_id, sent.id, 0, 0)
    await result.deliver(update)
    shown = last(result)
    await result.deliver(update)

    assert last(result).id == shown.id > sent.id
    assert result.message(sent.id).text == sent.text


async def test_an_old_button_below_a_text_leaves_the_text_and_shows_what_is_now(result: User) -> None:
    await result.press("text")
    sent, text = last(result), last(result).text
    screen = next(m for m in reversed(result.telegram.phones.chat(result.chat_id).messages) if "Hand on" in m.text)
    await result.tap("Back to result", screen.id)
    await result.press("go.change", "e.grade", "a.grade.G1")
    await result.tap("Back to result", sent.id)

    assert result.message(sent.id).text == text
    assert last(result).id > sent.id
    assert "That button was from an earlier step." in last(result).text
    assert "How are the liver metastases spread?" in last(result).text
    assert not result.message(screen.id).keyboard


async def test_after_forget_the_button_below_a_text_leads_to_the_start(result: User) -> None:
    await result.press("text")
    sent, text = last(result), last(result).text
    await result.type("/forget")
    await result.tap("Back to result", sent.id)

    assert result.message(sent.id).text == text
    assert "Nothing is kept of an earlier case." in last(result).text


async def test_the_pocket_card_asked_for_before_the_gate_leads_back_to_it(user: User) -> None:
    await user.start()
    await user.press("pic.pocket")
    sent = last(user)
    assert sent.buttons == [["Back"]]
    await user.tap("Back", sent.id)

    assert last(user).id > sent.id
    assert "I am a clinician: start a case" in user.buttons()


async def test_a_button_of_an_earlier_release_below_a_picture_still_leads_back(
    result: User, store: SessionStore
) -> None:
    await result.press("pic.case")
    sent = last(result)
    await result.forge(encode((await stored(store, result)).session.revision, "now"), sent.id)

    assert last(result).id > sent.id
    assert "The source suggests: systemic chemotherapy" in last(result).text


async def test_a_picture_that_is_sent_again_by_its_id_has_the_buttons_of_the_session_as_it_is_now(
    result: User, telegram: Telegram
) -> None:
    await result.press("pic.case")
    await result.press("now", "go.change", "e.differentiation", "a.differentiation.poor", "go.hand", "pic.case")
    picture = telegram.phones.chat(result.chat_id).messages[-1]
    await result.tap("Back to result", picture.id)
    assert telegram.phones.chat(result.chat_id).messages[-1].id > picture.id
