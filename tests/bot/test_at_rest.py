"""After a hundred conversations: what the database and the log hold, at their most talkative."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import AsyncIterator, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random

import psycopg
import pytest

from bot import logs
from bot.app import build_application
from bot.sending import SendingPace
from bot.settings import Settings
from bot.store import StoreUnavailableError
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import bytes_of, store_at
from tests.conftest import TOKEN
from tests.support.telegram import FakeTelegram
from tests.support.user import User

PEOPLE = range(700_123_400, 700_123_500)
PASSWORD = "not-to-be-told"
TYPED = "Erika Mustermann, Ki-67 is 12"
CASE = "Mustermann: G2, zylophant, bilobar with a dominant lesion, no extrahepatic disease, ki67 10-15%, 58M"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'cases.sqlite3'}" if is_file else str(request.getfixturevalue("postgres_url"))
    return Settings(bot_token=TOKEN, database_url=url)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """The log at DEBUG, of every library that is there: those not quietened by `logs` are made to talk."""
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    before = {name: logging.getLogger(name).level for name in ("", *logging.root.manager.loggerDict)}
    raising = logging.raiseExceptions
    handler = logs.configure("DEBUG", (TOKEN, PASSWORD))
    yield stream
    logging.raiseExceptions = raising
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
async def spoken(
    settings: Settings, conversation: Conversation, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Telegram]:
    """A hundred conversations, some of them with faults, at once rather than at the pace that Telegram allows."""
    monkeypatch.setattr("bot.app.SendingPace", partial(SendingPace, per_second=10_000))
    monkeypatch.setattr("bot.sending._FIRST_PAUSE", 0.01)
    telegram, store = Telegram(TOKEN), store_at(settings)
    application = build_application(settings, conversation, store, FakeTelegram(telegram))
    assert application.post_init is not None
    assert application.post_shutdown is not None
    asyncio.get_running_loop().set_debug(True)
    async with application:
        await application.post_init(application)
        for chat_id in PEOPLE:
            await _talk(User(application, telegram, chat_id), telegram, Random(chat_id))
        yield telegram
        await application.post_shutdown(application)


async def _talk(user: User, telegram: Telegram, random: Random) -> None:
    await user.start()
    await user.press("begin")
    for _ in range(random.randint(3, 9)):
        on = next(message for message in reversed(telegram.phones.chat(user.chat_id).messages) if message.keyboard)
        taps = [str(button["callback_data"]) for row in on.keyboard for button in row if "callback_data" in button]
        await user.forge(random.choice([tap for tap in taps if ".pic." not in tap]), on.id)  # drawing takes its time
    await user.type(TYPED)
    await user.type(CASE)
    await user.tap("Use these")
    if random.random() < 0.2:
        telegram.fail("editMessageText", TelegramError(400, "Bad Request: Mustermann"))
        await user.forge("garbage")
    if random.random() < 0.2:
        telegram.fail("sendMessage", "drop")
        await user.type("/start Mustermann")


def private_of(telegram: Telegram) -> list[bytes]:
    """What must be nowhere in clear: numbers of chats in digits and in bytes, what was typed and tapped, the token."""
    numbers = [form for n in PEOPLE for form in (str(n).encode(), n.to_bytes(8), n.to_bytes(8, "little"))]
    taps = {
        str(button["callback_data"]).partition(".")[2].encode()
        for chat_id in PEOPLE
        for message in telegram.phones.chat(chat_id).messages
        for row in message.keyboard
        for button in row
        if "callback_data" in button
    }
    words = [b"Mustermann", b"Erika", b"Trainee", b"grade", b"pattern", b"primary", b"unknown", b"s-carcinoid"]
    words += [b"zylophant", b"dominant", b"10-15", b"told-"]
    return [*numbers, *words, TOKEN.encode(), *(tap for tap in taps if len(tap) > 5)]


@pytest.mark.slow
async def test_neither_the_database_nor_the_log_holds_anything_in_clear(
    spoken: Telegram, settings: Settings, log: StringIO
) -> None:
    private, dump, text = private_of(spoken), _dump(settings), log.getvalue()

    assert len(dump) > 100 * 100, "a hundred rows are there"
    assert [word for word in private if word in dump] == []
    assert '"level": "ERROR"' in text, "faults are logged"
    # Where a fault happened is told by lines of this program, and what is reported by the name of its card; both have
    # such words.
    lines = text.splitlines()
    reports = [line for line in lines if '"bot.reports"' in line]
    assert all(re.search(r": [\w.+-]+, content [\d.]+\"\}$", line) for line in reports)
    plain = "".join(line for line in lines if '"trace"' not in line and line not in reports)
    assert [word for word in private if word.decode("latin-1") in plain] == []
    people = [*(str(number) for number in PEOPLE), "Mustermann", "Erika", "Trainee", TOKEN]
    assert [word for word in people if word in text] == []


def _dump(settings: Settings) -> bytes:
    """All that the database has: an SQLite file with its log, or every column of every table of ours."""
    if settings.database_url.startswith("sqlite"):
        return bytes_of(Path(settings.database_url.removeprefix("sqlite:///")))
    dump = b""
    with psycopg.connect(settings.database_url) as connection:
        for table in ("sessions", "files", "schema_version"):
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                dump += b"".join(bytes(part) for part in copy)
    return dump


async def test_a_database_that_fails_is_logged_without_its_password(log: StringIO) -> None:
    wrong = Settings(bot_token=TOKEN, database_url=f"postgresql://ward:{PASSWORD}@127.0.0.1:1/cases")
    assert PASSWORD in wrong.secrets

    with pytest.raises(StoreUnavailableError) as gone:
        await store_at(wrong).open()
    logging.getLogger("bot").error("%s", gone.value, exc_info=gone.value)
    logging.getLogger("bot").error("%s", wrong.database_url)

    assert "postgresql://ward:<secret>@127.0.0.1" in log.getvalue()
    assert PASSWORD not in log.getvalue()
