"""Groups, topics and albums."""

from __future__ import annotations

import logging

import pytest

from bot.service import App
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import methods
from tests.support.user import User

GROUP = -500


@pytest.fixture
def group(application: App, telegram: Telegram) -> User:
    return User(application, telegram, GROUP)


@pytest.mark.parametrize("text", ["/weather", "/weather now", "/start@other_bot", "/help@other_bot!", "hello", "/"])
async def test_what_is_for_others_gets_silence(group: User, text: str) -> None:
    await group.type(text)

    assert methods(group.telegram) == []


@pytest.mark.parametrize("text", ["/start", "/help!", "/ASK@NEN_LM_guide_bot rfa", "/weather@nen_lm_guide_bot"])
async def test_what_may_be_for_this_bot_gets_one_line(group: User, conversation: Conversation, text: str) -> None:
    await group.type(text)

    assert group.live.text == conversation.private_only


async def test_an_answer_comes_though_the_message_is_gone(group: User, conversation: Conversation) -> None:
    update = group.telegram.phones.say(GROUP, "/start")
    group.telegram.phones.chat(GROUP).messages.clear()

    await group.deliver(update)

    assert group.live.text == conversation.private_only


@pytest.mark.parametrize(
    "refusal",
    [
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: TOPIC_CLOSED",
        "Bad Request: CHAT_RESTRICTED",
        "Bad Request: group chat was upgraded to a supergroup chat",
        "Bad Request: message to be replied not found",
        "Bad Request: chat not found",
        "Forbidden: bot was kicked from the group chat",
    ],
)
async def test_a_group_that_does_not_take_the_answer_is_a_quiet_line(
    group: User, refusal: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    group.telegram.fail("sendMessage", TelegramError(403 if refusal.startswith("F") else 400, refusal))

    await group.type("/start")

    assert [record.levelno for record in caplog.records] == [logging.INFO]
    assert methods(group.telegram) == ["sendMessage"]


async def test_a_topic_is_answered_in_it(user: User) -> None:
    await user.deliver(user.telegram.phones.say(user.chat_id, "/start", thread=77))
    assert user.live.thread == 77
    await user.press("begin", "a.grade.G3", "a.differentiation.poor", "go.hand")
    await user.tap("The case as a picture")
    assert user.telegram.phones.chat(user.chat_id).messages[-1].thread == 77

    await user.deliver(user.telegram.phones.say(user.chat_id, "/help", thread=78))
    assert user.live.thread == 78
    await user.type("/help")
    assert user.live.thread == 0


async def test_a_topic_that_is_gone_loses_no_answer(user: User) -> None:
    update = user.telegram.phones.say(user.chat_id, "/start", thread=77)
    user.telegram.phones.chat(user.chat_id).threads.clear()

    await user.deliver(update)

    assert user.live.thread == 0


async def test_an_album_gets_one_answer(user: User) -> None:
    await user.start()
    pictures = [user.telegram.phones.send_other(user.chat_id, "photo", album="13579") for _ in range(4)]
    before = len(user.telegram.phones.chat(user.chat_id).messages)

    for picture in pictures:
        await user.deliver(picture)
    user.sees("Only taps are taken")
    for picture in pictures:
        await user.deliver(picture)

    assert len(user.telegram.phones.chat(user.chat_id).messages) == before + 1
    await user.deliver(user.telegram.phones.send_other(user.chat_id, "photo", album="24680"))
    assert len(user.telegram.phones.chat(user.chat_id).messages) == before + 3
