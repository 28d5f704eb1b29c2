"""What Telegram, the network and what lies between do wrong, over HTTP, by polling and by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot import screen
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation
from phone.chat import Message
from phone.telegram import ForeignPageError, Telegram, TelegramError
from tests.support.asked import ASKS_GRADE
from tests.support.brought import running

pytestmark = pytest.mark.slow

CHAT = 7001

PASSING = {
    "502": TelegramError(502, "Bad Gateway"),
    "500": TelegramError(500, "Internal Server Error"),
    "a page with 502": ForeignPageError(502),
    "a page with 403": ForeignPageError(403),
    "a page with 200": ForeignPageError(200),
    "a reset": "drop",
    "too fast": TelegramError(429, "Too Many Requests: retry after 1", 1),
}


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again sooner than in production."""
    monkeypatch.setattr("bot.sending._FIRST_PAUSE", 0.05)


class Person:
    """Somebody whose updates are brought to the bot by whatever way it has."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.chat = telegram.phones.chat(CHAT)

    @property
    def live(self) -> Message:
        found = self.chat.find(self.chat.live)
        assert found is not None
        return found

    @property
    def screens(self) -> list[Message]:
        return [message for message in self.chat.messages if message.from_bot and not message.file]

    @property
    def files(self) -> list[Message]:
        return [message for message in self.chat.messages if message.from_bot and message.file]

    def tap(self, caption: str) -> None:
        live = self.live
        places = [
            (r, c) for r, row in enumerate(live.buttons) for c, text in enumerate(row) if text.startswith(caption)
        ]
        assert places, (caption, live.text, live.buttons)
        self.telegram.phones.tap(CHAT, live.id, *places[0])

    async def until(self, holds: Callable[[], object], seconds: float = 20) -> None:
        """Wait until it holds. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - a refused call changes nothing that could wake us
                await asyncio.sleep(0.01)

    async def sees(self, words: str, seconds: float = 20) -> None:
        await self.until(lambda: self.chat.live and words in self.live.text, seconds)

    async def starts(self) -> None:
        self.telegram.phones.say(CHAT, "/start")
        await self.sees("NEN-LM guide")
        await self.done()

    async def begins_a_case(self) -> None:
        await self.starts()
        self.tap("I am a clinician")
        await self.sees(ASKS_GRADE)
        await self.done()

    async def comes_to_hand_on(self) -> None:
        """From the first question, in as few taps as possible."""
        self.tap("G3")
        await self.sees("Well or poorly")
        self.tap("Poorly")
        await self.sees("The source suggests")
        self.tap("Hand on")
        await self.sees("Hand on:")

    async def done(self) -> None:
        """Wait until Telegram has nothing left to bring."""
        await self.until(lambda: not self.telegram.phones.pending)


@pytest.fixture(params=["polling", "webhook"])
async def store(
    request: pytest.FixtureRequest, telegram: Telegram, settings: Settings, conversation: Conversation
) -> AsyncIterator[SessionStore]:
    async with running(telegram, settings, conversation, webhook=request.param == "webhook") as store:
        yield store


@pytest.fixture
async def person(store: SessionStore, telegram: Telegram) -> Person:
    return Person(telegram)


@pytest.mark.parametrize("fault", PASSING)
async def test_who_is_new_gets_an_answer_to_start(person: Person, fault: str) -> None:
    person.telegram.fail("sendMessage", PASSING[fault], times=2)  # type: ignore[arg-type]

    person.telegram.phones.say(CHAT, "/start")

    await person.sees("NEN-LM guide")
    await person.done()
    assert len(person.screens) == 1


@pytest.mark.parametrize("fault", PASSING)
async def test_the_screen_of_a_tap_comes_without_a_further_tap(person: Person, fault: str) -> None:
    person.telegram.phones.say(CHAT, "/start")
    await person.sees("NEN-LM guide")
    person.telegram.fail("editMessageText", PASSING[fault], times=2)  # type: ignore[arg-type]

    person.tap("I am a clinician")

    await person.sees(ASKS_GRADE)
    await person.done()
    assert len(person.screens) == 1
    assert not person.chat.waiting


@pytest.mark.parametrize("fault", PASSING)
async def test_a_file_comes_once(person: Person, fault: str) -> None:
    person.telegram.phones.say(CHAT, "/ask milan criteria")
    person.telegram.phones.say(CHAT, "/start")
    await person.sees("NEN-LM guide")
    person.tap("I am a clinician")
    await person.sees(ASKS_GRADE)
    await person.comes_to_hand_on()
    person.telegram.fail("sendPhoto", PASSING[fault], times=2)  # type: ignore[arg-type]

    person.tap("The case as a picture")

    await person.until(lambda: person.files)
    await person.done()
    assert len(person.files) == 1


@pytest.mark.parametrize(
    "fault",
    [
        TelegramError(429, "Too Many Requests: retry after 30", 30),
        TelegramError(404, "Not Found"),
        TelegramError(403, "Forbidden: bot was blocked by the user"),
        TelegramError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        ForeignPageError(403),
        ForeignPageError(200),
        "drop",
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageReplyMarkup"])
async def test_what_goes_beside_a_screen_never_keeps_it_from_coming(
    person: Person, store: SessionStore, method: str, fault: Any
) -> None:
    person.telegram.phones.say(CHAT, "/start")
    await person.sees("NEN-LM guide")
    person.telegram.fail(method, fault, times=9)

    person.tap("I am a clinician")

    await person.sees(ASKS_GRADE)  # sooner than any wait that is asked for
    person.telegram.phones.say(CHAT, "/help")
    await person.sees("/forget")
    await person.done()
    assert await store.load(CHAT) is not None


async def test_an_answer_to_a_tap_that_takes_long_does_not_hold_its_screen(person: Person) -> None:
    person.telegram.phones.say(CHAT, "/start")
    await person.sees("NEN-LM guide")
    person.telegram.slow("answerCallbackQuery", 8)

    person.tap("I am a clinician")

    await person.sees(ASKS_GRADE, 6)
    assert person.telegram.phones.pending, "killed now, the process must get the tap again"


@pytest.mark.parametrize(
    "gone",
    [
        TelegramError(403, "Forbidden: bot was blocked by the user"),
        TelegramError(403, "Forbidden: user is deactivated"),
        TelegramError(400, "Bad Request: chat not found"),
    ],
    ids=str,
)
async def test_a_case_goes_when_telegram_says_that_nobody_is_there(
    person: Person, store: SessionStore, gone: TelegramError
) -> None:
    await person.starts()
    person.telegram.fail("editMessageText", gone)

    person.tap("I am a clinician")

    await person.done()
    assert await store.load(CHAT) is None


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize("refusal", [ForeignPageError(403), TelegramError(403, "Forbidden: something else")], ids=str)
async def test_any_other_403_leaves_the_case(person: Person, store: SessionStore, method: str, refusal: Any) -> None:
    person.telegram.phones.say(CHAT, "/start")
    await person.sees("NEN-LM guide")
    person.telegram.fail(method, refusal)

    person.tap("I am a clinician")
    person.telegram.phones.say(CHAT, "/help")

    await person.done()
    assert await store.load(CHAT) is not None


async def test_what_telegram_takes_slowly_is_sent_once(person: Person) -> None:
    person.telegram.slow("sendMessage", 6)  # longer than the library's own client waits

    person.telegram.phones.say(CHAT, "/start")

    await person.done()
    assert len(person.screens) == 1


async def test_what_takes_longer_than_a_load_balancer_waits_is_sent_once(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhook.ANSWERED_WITHIN", 1.0)
    person.telegram.slow("sendMessage", 3)
    await person.starts()
    person.tap("I am a clinician")
    await person.sees(ASKS_GRADE)
    await person.comes_to_hand_on()
    person.telegram.slow("sendPhoto", 8)
    person.tap("The case as a picture")
    await person.until(lambda: person.files)

    person.tap("Back to result")

    await person.sees("The source suggests", 6)
    await person.done()
    assert (len(person.screens), len(person.files)) == (1, 1)


async def test_a_tap_is_answered_while_an_earlier_screen_waits_for_telegram(person: Person) -> None:
    await person.starts()
    person.telegram.fail("editMessageText", TelegramError(429, "Too Many Requests: retry after 8", 8))
    person.tap("I am a clinician")
    await person.until(lambda: "editMessageText" in [method for method, _ in person.telegram.calls])

    person.tap("I am a clinician")

    await person.until(lambda: not person.chat.waiting, 6)
    await person.sees(ASKS_GRADE)


@pytest.mark.parametrize("webhook", [False, True])
async def test_what_telegram_has_and_does_not_say_so_is_not_sent_on_and_on(
    telegram: Telegram,
    settings: Settings,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    webhook: bool,
) -> None:
    monkeypatch.setattr("bot.network._READ_TIMEOUT", 0.5)
    async with running(telegram, settings, conversation, webhook=webhook):
        person = Person(telegram)
        telegram.slow("sendMessage", 1.5, times=9)
        telegram.phones.say(CHAT, "/start")
        await person.done()
        assert len(person.screens) == 2, "once more, in case that it has not arrived"
        person.tap("I am a clinician")
        await person.sees(ASKS_GRADE)
        await person.comes_to_hand_on()
        telegram.slow("sendPhoto", 1.5, times=9)

        person.tap("The case as a picture")

        await person.done()
        assert len(person.files) == 1
    assert "a file was sent, but Telegram did not confirm it" in caplog.text


@pytest.mark.parametrize("fault", PASSING)
async def test_the_buttons_come_off_an_old_message_in_the_end(person: Person, fault: str) -> None:
    person.telegram.phones.say(CHAT, "/start")
    await person.sees("NEN-LM guide")
    person.telegram.fail("editMessageReplyMarkup", PASSING[fault], times=2)  # type: ignore[arg-type]

    person.telegram.phones.say(CHAT, "/help")

    await person.sees("/forget")
    await person.until(lambda: not person.screens[0].keyboard)
    assert person.screens[1].keyboard


@pytest.mark.parametrize(("first", "second"), [("/help", "/privacy"), ("/new", "/start"), ("/new", "/help")])
async def test_the_buttons_come_off_a_message_of_which_telegram_said_late_that_it_took_it(
    person: Person, first: str, second: str
) -> None:
    """The next update has begun by then, and knows only the message before. /new and /start change what is stored."""
    await person.begins_a_case()
    person.telegram.slow("sendMessage", 2)
    person.telegram.phones.say(CHAT, first)
    await person.until(lambda: len(person.screens) == 2)

    person.telegram.phones.say(CHAT, second)

    await person.until(lambda: len(person.screens) == 3)
    await person.done()
    await person.until(lambda: not any(message.keyboard for message in person.screens[:2]), 3)
    assert person.screens[2].keyboard


async def test_two_taps_on_a_screen_of_which_telegram_has_not_said_that_it_took_it_stay_on_it(person: Person) -> None:
    await person.begins_a_case()
    person.telegram.slow("sendMessage", 3)
    person.telegram.phones.say(CHAT, "/new")
    await person.until(lambda: len(person.screens) == 2)

    person.tap("G3")
    await asyncio.sleep(0.2)
    person.tap("G3")

    await person.sees("Well or poorly")
    await person.done()
    assert len(person.screens) == 2
    await person.until(lambda: not person.screens[0].keyboard, 3)
    assert "Well or poorly" in person.screens[1].text


async def test_who_goes_back_to_an_older_message_keeps_its_buttons(person: Person) -> None:
    """They are to come off it, which fails at first; until it is tried again the message has become the live one."""
    await person.starts()
    (older,) = person.screens
    person.telegram.fail("editMessageReplyMarkup", TelegramError(502, "Bad Gateway"))
    person.telegram.phones.say(CHAT, "/help")
    await person.sees("/forget")

    person.telegram.phones.tap(CHAT, older.id, 0, 0)

    await person.sees(ASKS_GRADE)
    await person.done()
    await asyncio.sleep(0.5)  # what was to be tried again has been by then
    assert older.keyboard
    assert sum(bool(message.keyboard) for message in person.screens) == 1


async def test_who_goes_back_while_the_buttons_come_off_has_them_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, through, strip = asyncio.Event(), asyncio.Event(), screen.strip

    async def late(*given: Any) -> None:
        held.set()
        await through.wait()
        await strip(*given)

    await person.starts()
    (older,) = person.screens
    monkeypatch.setattr(screen, "strip", late)
    person.telegram.phones.say(CHAT, "/help")
    await held.wait()
    person.telegram.phones.tap(CHAT, older.id, 0, 0)
    await person.sees(ASKS_GRADE)

    through.set()

    await person.done()
    await person.until(lambda: older.keyboard)
    assert ASKS_GRADE in older.text


@pytest.mark.parametrize("webhook", [False, True])
@pytest.mark.parametrize("slow", [1, 2], ids=["one answer is late", "both answers are late"])
@pytest.mark.parametrize("tapped", [0, 1], ids=["the older is used", "the newer is used"])
async def test_of_a_screen_that_came_twice_one_message_is_live_and_the_other_says_that_it_is_old(
    telegram: Telegram,
    settings: Settings,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    webhook: bool,
    slow: int,
    tapped: int,
) -> None:
    monkeypatch.setattr("bot.network._READ_TIMEOUT", 0.5)
    async with running(telegram, settings, conversation, webhook=webhook):
        person = Person(telegram)
        telegram.slow("sendMessage", 1.5, times=slow)
        telegram.phones.say(CHAT, "/start")
        await person.done()
        used, other = person.screens[tapped], person.screens[1 - tapped]
        assert used.keyboard
        assert other.keyboard

        telegram.phones.tap(CHAT, used.id, 0, 0)
        await person.sees(ASKS_GRADE)
        await person.done()
        if other.keyboard:  # it is not known where the other one is
            telegram.phones.tap(CHAT, other.id, 0, 0)
            await person.sees("That button was from an earlier step")
            await person.done()

        await person.until(lambda: sum(bool(message.keyboard) for message in person.screens) == 1)
        assert ASKS_GRADE in person.live.text
        assert person.live.keyboard
        assert not person.chat.waiting
