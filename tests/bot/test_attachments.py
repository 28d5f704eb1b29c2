from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import pytest

from bot.app import build_application
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation, Tap
from dialogs.view import Attachment, Screen, Send, Turn
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import methods, stored, tap_first
from tests.support.png import png
from tests.support.telegram import FakeTelegram
from tests.support.user import User

CAPTION = "Figure 1 <redrawn> & checked"
PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass
class Drawing:
    """A conversation in which every tap sends what is in `files`."""

    real: Conversation
    files: dict[str, bytes] = field(default_factory=lambda: {"flowchart.png": png()})
    drawn: list[tuple[str, threading.Thread]] = field(default_factory=list)

    def needs_record(self, *_: object) -> bool:
        return False

    def respond(self, session: Any, event: Any, idle_minutes: int, record: object) -> Turn:
        turn = self.real.respond(session, event, idle_minutes)
        return Send(session, self.attachments(), turn.stage) if isinstance(event, Tap) else turn

    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(name, name, CAPTION, partial(self.draw, name), name.endswith(".pdf")) for name in self.files
        )

    def draw(self, name: str) -> bytes:
        self.drawn.append((name, threading.current_thread()))
        return self.files[name]

    def stale(self, *given: Any) -> Turn:
        return self.real.stale(*given)

    def trouble(self, code: str) -> Screen:
        return self.real.trouble(code)


@pytest.fixture
def drawing(conversation: Conversation) -> Drawing:
    return Drawing(conversation)


@pytest.fixture
async def application(
    settings: Settings, drawing: Drawing, store: SessionStore, telegram: Telegram
) -> AsyncIterator[App]:
    conversation = cast(Conversation, drawing)
    async with build_application(settings, conversation, store, FakeTelegram(telegram)) as application:
        telegram.calls.clear()
        yield application


async def test_a_picture_is_a_message_of_its_own_and_the_screen_stays(user: User, store: SessionStore) -> None:
    await user.start()
    live, before = replace(user.live), await stored(store, user)
    methods(user.telegram)

    await tap_first(user)

    assert methods(user.telegram) == ["answerCallbackQuery", "sendPhoto"]
    picture = user.telegram.phones.chat(user.chat_id).messages[-1]
    assert user.telegram.phones.files[picture.file].content == png()
    assert picture.text == CAPTION
    assert picture.buttons == []
    assert user.live == live
    assert await stored(store, user) == before
    assert not user.waits


async def test_a_document_comes_under_its_name(user: User, drawing: Drawing) -> None:
    drawing.files = {"pocket-card.pdf": PDF}
    await user.start()

    await tap_first(user)

    (document,) = user.files
    assert (document.kind, document.name, document.content) == ("document", "pocket-card.pdf", PDF)


async def test_several_come_in_order(user: User, drawing: Drawing) -> None:
    drawing.files = {"a.png": png(30), "b.pdf": PDF, "c.png": png(40)}
    await user.start()

    await tap_first(user)

    assert [file.content for file in user.files] == [png(30), PDF, png(40)]


@pytest.mark.parametrize("name", ["flowchart.png", "pocket-card.pdf"])
async def test_the_second_time_it_is_sent_by_its_file_id_to_anybody(
    user: User, drawing: Drawing, telegram: Telegram, name: str
) -> None:
    drawing.files = {name: png()}
    await user.start()
    await tap_first(user)
    other = User(user.application, telegram, chat_id=7002)
    await other.start()

    await tap_first(other)

    assert len(drawing.drawn) == 1
    assert other.files == user.files
    assert [file.content for file in other.files] == [png()]
    assert user.files[0].id in telegram.calls[-1][1].values()


async def test_a_file_id_that_telegram_no_longer_takes_is_drawn_anew(
    user: User, drawing: Drawing, store: SessionStore, telegram: Telegram
) -> None:
    await store.keep_file_id("flowchart.png", "of-another-bot")
    await user.start()
    methods(telegram)

    await tap_first(user)
    await tap_first(user)

    assert methods(telegram) == ["answerCallbackQuery", "sendPhoto", "sendPhoto", "answerCallbackQuery", "sendPhoto"]
    assert len(drawing.drawn) == 1
    assert [file.content for file in user.files] == [png(), png()]
    assert await store.file_id("flowchart.png") == user.files[0].id


async def test_drawing_runs_beside_the_event_loop(user: User, drawing: Drawing) -> None:
    await user.start()

    await tap_first(user)

    ((_, thread),) = drawing.drawn
    assert thread is not threading.main_thread()


async def test_a_picture_that_cannot_be_drawn_is_an_error_of_ours(
    user: User, drawing: Drawing, caplog: pytest.LogCaptureFixture
) -> None:
    await user.start()
    drawing.files = {}
    message_id = user.live.id
    drawing.attachments = lambda: (Attachment("x", "x.png", "", lambda: drawing.files["x"]),)  # type: ignore[method-assign]

    await tap_first(user)

    assert user.live.id == message_id
    user.sees("code")
    assert caplog.records[-1].exc_info is not None
    assert caplog.records[-1].exc_info[0] is KeyError
    assert not user.waits


async def test_a_picture_that_telegram_refuses_is_told_and_its_id_not_kept(
    user: User, telegram: Telegram, store: SessionStore
) -> None:
    await user.start()
    telegram.fail("sendPhoto", TelegramError(400, "Bad Request: IMAGE_PROCESS_FAILED"))

    await tap_first(user)

    user.sees("code")
    assert await store.file_id("flowchart.png") is None


async def test_a_tap_on_an_earlier_message_makes_it_the_live_one(user: User, store: SessionStore) -> None:
    await user.start()
    first = user.live.id
    await user.start()
    fresh = str(user.live.keyboard[0][0]["callback_data"])

    await user.forge(fresh, first)

    assert (await stored(store, user)).message_id == first


async def test_a_command_can_attach_too(user: User, drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    await user.start()
    live = replace(user.live)
    monkeypatch.setattr(drawing, "respond", lambda session, *_: Send(session, drawing.attachments(), "grade"))

    await user.type("/picture")

    assert [file.content for file in user.files] == [png()]
    assert user.live == live
