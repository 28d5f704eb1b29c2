from __future__ import annotations

import html

import pytest
from telegram import CallbackQuery
from telegram.error import BadRequest

from bot import screen
from bot.service import App
from dialogs.view import Button, Screen
from phone.telegram import Telegram, TelegramError
from tests.support.user import User

GRADE = Screen("What is the <b>grade</b>?", ((Button("a.G1", "G1"), Button("a.G2", "G2")),))
PATTERN = Screen("How are they spread?", ((Button("a.I", "I"),),))


@pytest.fixture
async def chat_id(user: User) -> int:
    """A chat that the bot may write to."""
    user.telegram.phones.say(user.chat_id, "hello")
    return user.chat_id


async def test_a_screen_is_sent_with_its_buttons(application: App, user: User, chat_id: int) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 36)

    assert user.live.id == message_id
    assert user.live.text == "What is the grade?"
    assert [button["callback_data"] for button in user.live.keyboard[0]] == ["10.a.G1", "10.a.G2"]


async def test_a_notice_stands_above_the_screen_as_plain_text(application: App, user: User, chat_id: int) -> None:
    await screen.send(application.bot, chat_id, GRADE, 0, notice="<i>Ki-67</i> & mitoses: numbers only.")

    assert user.live.text == "<i>Ki-67</i> & mitoses: numbers only.\n\nWhat is the grade?"


FITS = 4096 - len("Not now.\n\n")  # UTF-16 units


@pytest.mark.parametrize("text", ["x" * (FITS + 1), "x" * 4096, "\U0001f600" * 2048, "&lt;b&gt;" * 455])
async def test_a_notice_that_may_not_fit_above_the_screen_comes_before_it(
    application: App, user: User, chat_id: int, text: str
) -> None:
    message_id = await screen.send(application.bot, chat_id, Screen(text, GRADE.rows), 0, notice="Not now.")

    *_, notice, shown = user.telegram.phones.chat(chat_id).messages
    assert (notice.text, notice.buttons) == ("Not now.", [])
    assert shown.text == html.unescape(text)
    assert shown.id == user.live.id == message_id
    assert user.buttons() == ["G1", "G2"]


async def test_a_notice_that_just_fits_stands_above_the_screen(application: App, user: User, chat_id: int) -> None:
    await screen.send(application.bot, chat_id, Screen("x" * FITS), 0, notice="Not now.")

    assert len(user.live.text) == 4096


async def test_links_are_sent_without_a_preview(application: App, telegram: Telegram, chat_id: int) -> None:
    await screen.send(application.bot, chat_id, Screen("https://doi.org/10.1155/2012/782672"), 0)

    (_, params) = telegram.calls[-1]
    assert params["link_preview_options"] == '{"is_disabled": true}'


async def test_a_message_is_replaced_in_place(application: App, user: User, chat_id: int) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 0)

    assert await screen.replace(application.bot, chat_id, message_id, PATTERN, 1) == message_id
    assert user.message(message_id).text == "How are they spread?"
    assert user.buttons() == ["I"]


async def test_a_message_that_already_shows_the_screen_is_fine(application: App, user: User, chat_id: int) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 0)

    assert await screen.replace(application.bot, chat_id, message_id, GRADE, 0) == message_id


@pytest.mark.parametrize("refusal", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
async def test_a_message_that_cannot_be_edited_any_more_is_followed_by_a_new_one(
    application: App, user: User, chat_id: int, refusal: str
) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 0)
    user.telegram.fail("editMessageText", TelegramError(400, f"Bad Request: {refusal}"))

    shown = await screen.replace(application.bot, chat_id, message_id, PATTERN, 1)

    assert shown == user.live.id != message_id
    assert user.live.text == "How are they spread?"


async def test_any_other_refusal_is_raised(application: App, chat_id: int) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 0)

    with pytest.raises(BadRequest, match="parse entities"):
        await screen.replace(application.bot, chat_id, message_id, Screen("5 < 6"), 1)


async def test_stripping_takes_the_buttons_and_leaves_the_text(application: App, user: User, chat_id: int) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 0)

    await screen.strip(application.bot, chat_id, message_id)
    await screen.strip(application.bot, chat_id, message_id)

    assert user.message(message_id).keyboard == []
    assert user.message(message_id).text == "What is the grade?"


async def test_stripping_a_message_that_is_gone_is_no_fault(application: App, chat_id: int) -> None:
    await screen.strip(application.bot, chat_id, 999)


async def test_stripping_that_is_refused_keeps_nothing_from_coming(application: App, user: User, chat_id: int) -> None:
    message_id = await screen.send(application.bot, chat_id, GRADE, 0)
    user.telegram.phones.block(chat_id)

    await screen.strip(application.bot, chat_id, message_id)

    assert user.message(message_id).buttons


async def test_a_tap_is_answered_with_its_notice(application: App, user: User, chat_id: int) -> None:
    update = user.telegram.phones.forge(chat_id, 1, "x")

    query = CallbackQuery.de_json(update["callback_query"], application.bot)
    await screen.answer(query, "That button is from an earlier step.")

    assert user.toast is not None
    assert user.toast.text == "That button is from an earlier step."
    assert not user.waits


@pytest.mark.parametrize("fault", [TelegramError(400, "Bad Request: query is too old"), "drop"])
async def test_a_tap_that_cannot_be_answered_is_no_fault(
    application: App, user: User, chat_id: int, fault: TelegramError
) -> None:
    update = user.telegram.phones.forge(chat_id, 1, "x")
    user.telegram.fail("answerCallbackQuery", fault)

    await screen.answer(CallbackQuery.de_json(update["callback_query"], application.bot))

    assert user.waits
