from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app import build_application
from bot.reports import MOST
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation
from phone.telegram import Telegram
from tests.bot.helpers import stored
from tests.support.telegram import FakeTelegram
from tests.support.user import User

OWNER = 9001
WAY = ("I am a clinician", "G3", "Poorly", "More", "Report a problem")


@pytest.fixture
async def application(
    settings: Settings, conversation: Conversation, store: SessionStore, telegram: Telegram
) -> AsyncIterator[App]:
    owned = replace(settings, owner_chat=OWNER)
    async with build_application(owned, conversation, store, FakeTelegram(telegram)) as application:
        yield application


async def reported(user: User) -> str:
    """What the reader is told."""
    await user.start()
    for caption in WAY:
        await user.tap(caption)
    assert user.toast is not None
    return user.toast.text


async def test_the_owner_gets_the_card_and_the_version_and_nothing_of_the_reader(
    application: App, user: User, telegram: Telegram, conversation: Conversation
) -> None:
    await User(application, telegram, OWNER).start()
    shown = user.live.text if telegram.phones.chat(user.chat_id).live else ""

    told = await reported(user)

    message = telegram.phones.chat(OWNER).messages[-1]
    assert "result.systemic-chemotherapy" in message.text
    assert conversation.version in message.text
    assert str(user.chat_id) not in message.text
    assert "Trainee" not in message.text
    assert "Sent to this bot's owner: result.systemic-chemotherapy" in told
    assert shown != user.live.text


async def test_a_card_from_before_a_content_update_that_dropped_an_option_is_reported_and_stays(
    application: App, user: User, store: SessionStore
) -> None:
    await reported(user)
    before = await stored(store, user)
    older = replace(before.session, version="2011.9", answers=(*before.session.answers, ("volume", ">=80")))
    assert await store.save(user.chat_id, replace(before, session=older), before)
    card = user.live.text

    await user.tap("Report a problem")

    assert user.toast is not None
    assert "content 2011.9" in user.toast.text
    assert user.live.text == card
    assert (await stored(store, user)).session == older


async def test_the_screen_and_the_case_stay(
    application: App, user: User, telegram: Telegram, store: SessionStore
) -> None:
    await user.start()
    await user.press("begin")
    await user.press("a.grade.G3")
    await user.tap("Poorly")
    await user.tap("More")
    screen, before = user.live.html, await stored(store, user)

    await user.tap("Report a problem")

    assert user.live.html == screen
    assert await stored(store, user) == before
    assert not user.waits


async def test_an_owner_who_cannot_be_reached_has_it_in_the_log(
    user: User, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    told = await reported(user)  # the owner has never written to the bot

    assert "Written to this bot's log" in told
    assert "result.systemic-chemotherapy" in caplog.text
    assert str(user.chat_id) not in caplog.text


async def test_whoever_taps_on_and_on_does_not_flood_the_owner(
    application: App, user: User, telegram: Telegram
) -> None:
    await User(application, telegram, OWNER).start()
    await reported(user)

    for _ in range(MOST + 5):
        await user.tap("Report a problem")

    assert len([m for m in telegram.phones.chat(OWNER).messages if "reports a problem" in m.text]) == MOST
    assert user.toast is not None
    assert "Written to this bot's log" in user.toast.text
