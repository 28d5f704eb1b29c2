"""A case handed from one phone to another: the link, its picture, and what a chat that opens it sees."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from bot.app import build_application
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation
from phone.telegram import Telegram
from tests.bot.helpers import methods, stored
from tests.support.asked import ASKS_PATTERN
from tests.support.telegram import FakeTelegram
from tests.support.user import User

TWO_STEP = ("begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


async def payload_of(user: User) -> str:
    """What the link of a two-step resection has behind `?start=`."""
    await user.start()
    await user.press(*TWO_STEP, "go.hand", "go.share")
    username = user.telegram.phones.me["username"]
    (payload,) = re.findall(rf"https://t\.me/{username}\?start=([A-Za-z0-9_-]{{1,64}})\n", user.live.text)
    return str(payload)


def colleague(application: App, telegram: Telegram) -> User:
    return User(application, telegram, chat_id=7002)


async def test_a_link_opens_the_case_in_a_fresh_chat_behind_the_gate(
    user: User, application: App, telegram: Telegram, store: SessionStore
) -> None:
    payload, theirs = await payload_of(user), colleague(application, telegram)

    await theirs.start(payload)
    assert theirs.sees("A case was shared with you")
    assert "Type II" not in theirs.live.text
    await theirs.press("look", "home", "begin")
    assert theirs.sees("A case shared with you", "G2 · Type II · prerequisites met")
    assert (await stored(store, theirs)).session.answers == ()
    await theirs.press("take")

    assert theirs.sees("The source suggests: liver resection in two steps")
    await user.press("now")
    assert theirs.live.text == user.live.text


async def test_a_link_behind_the_gate_replaces_an_open_case_only_by_the_tap(
    user: User, application: App, telegram: Telegram, store: SessionStore
) -> None:
    payload, theirs = await payload_of(user), colleague(application, telegram)
    await theirs.start()
    await theirs.press("begin", "a.grade.G1", "a.pattern.III")
    question, before = theirs.live.text, (await stored(store, theirs)).session.answers

    await theirs.start(payload)
    assert theirs.sees("It would replace your open case: G1 · Type III.")
    await theirs.press("leave")
    assert theirs.live.text == question
    assert (await stored(store, theirs)).session.answers == before

    await theirs.start(payload)
    await theirs.press("take")
    assert theirs.sees("liver resection in two steps")


@pytest.mark.slow
async def test_a_shared_case_waits_through_a_restart(
    user: User, application: App, telegram: Telegram, settings: Settings, store: SessionStore
) -> None:
    payload = await payload_of(user)
    await colleague(application, telegram).start(payload)
    restarted = build_application(settings, Conversation(), store, FakeTelegram(telegram))
    await restarted.initialize()

    theirs = colleague(restarted, telegram)
    await theirs.press("begin", "take")

    assert theirs.sees("liver resection in two steps")
    await restarted.shutdown()


async def test_a_link_that_is_delivered_twice_shows_the_case_once(
    user: User, application: App, telegram: Telegram, store: SessionStore
) -> None:
    payload, theirs = await payload_of(user), colleague(application, telegram)
    await theirs.start()
    await theirs.press("begin")
    opened = telegram.phones.say(theirs.chat_id, f"/start {payload}")
    await theirs.deliver(opened)
    methods(telegram)
    before = await stored(store, theirs)
    await theirs.deliver(opened)

    assert methods(telegram) == []
    assert (await stored(store, theirs)).session == before.session


async def test_a_damaged_link_gets_one_line_and_leaves_the_case(user: User, store: SessionStore) -> None:
    payload = await payload_of(user)
    before = (await stored(store, user)).session.answers
    at = len(payload) // 2
    for code in (payload[:at] + payload[at + 1 :], payload[:at], "hello", "A" * 64):
        await user.start(code)
        assert user.live.text.startswith("That is no case this bot can read")
        assert (await stored(store, user)).session.answers == before


async def test_the_button_of_inline_mode_still_leads_to_the_look_up(user: User) -> None:
    await user.start("ask")

    assert user.sees("Look something up")
    assert "That is no case" not in user.live.text


async def test_the_picture_is_a_photo_whose_code_and_caption_are_the_link(user: User) -> None:
    payload = await payload_of(user)
    await user.press("pic.qr")
    (file,) = user.files
    with Image.open(io.BytesIO(file.content)) as image:
        found = zxingcpp.read_barcodes(np.asarray(image.convert("L")))

    link = f"https://t.me/{user.telegram.phones.me['username']}?start={payload}"
    assert [one.text for one in found] == [link]
    sent = next(message for message in user.telegram.phones.chat(user.chat_id).messages if message.file)
    assert link in sent.text
    assert file.kind == "photo"


async def test_a_session_that_waits_for_a_case_of_a_format_no_longer_read_does_not_break(
    user: User, store: SessionStore
) -> None:
    await user.start()
    await user.press("begin", "a.grade.G2")
    before = await stored(store, user)
    waiting = replace(before, session=replace(before.session.changed(), shared="A" * 30))
    assert await store.save(user.chat_id, waiting, before)

    await user.type("/help")
    await user.press("now")

    assert (await stored(store, user)).session.shared == ""
    assert user.sees(ASKS_PATTERN)


async def test_what_is_stored_of_a_link_is_its_code_and_nothing_of_who_shared_it(
    user: User, application: App, telegram: Telegram, store: SessionStore
) -> None:
    payload, theirs = await payload_of(user), colleague(application, telegram)
    await theirs.start(payload)

    session = (await stored(store, theirs)).session
    assert session.shared == payload
    assert str(user.chat_id) not in session.to_json()


async def test_the_question_to_a_senior_is_a_message_of_its_own_whose_only_button_leads_back(user: User) -> None:
    payload = await payload_of(user)
    await user.press("now", "go.hand", "go.senior")
    screen = user.live.id
    await user.press("question")
    message = user.telegram.phones.chat(user.chat_id).messages[-1]

    assert message.id != screen
    assert [[button["text"] for button in row] for row in message.keyboard] == [["Back to result"]]
    assert message.text.startswith("Neuroendocrine liver metastases (G2; Type II; ")
    assert message.text.endswith(f"?start={payload}")
