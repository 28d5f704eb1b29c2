"""What reaches the database, before it is sealed, against what /privacy says of it."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from dataclasses import fields

import psycopg
import pytest

from bot.settings import Settings
from bot.store import Seal, SessionStore, Stored
from bot.store.postgres import PostgresEngine
from bot.store.sessions import KEPT
from dialogs.conversation import Conversation
from dialogs.questions import QUESTIONS
from dialogs.session import Session
from phone.entities import parse_html
from tests.support.user import User
from tests.support.walk import Talk

SAID = {
    "message_id": "the numbers of the screen's messages",
    "seen": "the numbers of the screen's messages",
    "arrived": "whether the screen arrived",
    "last": "the last button or album",
    "answered": f"of your last {KEPT} updates",
    "row": "A running number",
    "idle_minutes": "the time of your last step",
    "session": "With your open case",
    "session.revision": "A running number",
    "session.version": "the content version",
    "session.accepted": "that you are a clinician",
    "session.answers": "your answers are kept, typed figures (a Ki-67, an age) among them",
    "session.open": "the open question",
    "session.tried": "your answers are kept",
    "session.filling": "the open question",
    "session.home": "the open question",
    "session.practice": "the open question and its poll",
    "poll": "the open question and its poll",
    "session.shared": "a shared case that you opened, until you use or leave it",
}
"""Each field that is stored of a chat, and the words of /privacy that name it."""

COLUMNS = {
    "name": "under a keyed hash of this chat's number",
    "revision": "A running number",
    "sealed": "encrypted with a key that is not in the database",
    "updated_at": "and the time of your last step are in clear",
}
"""Each column of what is stored of a chat, and the words that name it."""

OF_PRACTICE = {
    "name": "under a keyed hash of this chat's number",
    "sealed": "encrypted beside it, how often each kind of question of a topic was asked and right, and when it is due",
    "updated_at": "Practice: deleted 90 days after the last answer",
}
"""The same of what is kept of a chat's practice."""

OF_NOBODY = {"files": {"name", "sealed"}, "schema_version": {"version"}}
"""The columns of the other tables: Telegram's ids of the bot's own pictures, and which release made the tables."""


@pytest.fixture(scope="module")
def privacy() -> str:
    return parse_html(Talk(Conversation()).says("privacy").text)[0]


def test_every_field_that_can_reach_the_database_is_named_on_the_privacy_page(privacy: str) -> None:
    stored = {field.name for field in fields(Stored)} | {f"session.{field.name}" for field in fields(Session)}

    assert set(SAID) == stored
    assert [words for words in SAID.values() if words not in privacy] == []


async def test_every_column_of_the_database_is_named_on_the_privacy_page(
    privacy: str, store: SessionStore, settings: Settings, postgres_url: str
) -> None:
    expected = {"sessions": set(COLUMNS), "records": set(OF_PRACTICE), "files": OF_NOBODY["files"]}
    with contextlib.closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {table: {row[1] for row in database.execute(f"PRAGMA table_info({table})")} for table in tables}
    engine = PostgresEngine(postgres_url, 3600.0)
    await engine.open()
    await engine.close()
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    with psycopg.connect(postgres_url) as connection:
        shared: dict[str, set[str]] = {}
        for table, column in connection.execute(columns):
            shared.setdefault(table, set()).add(column)

    assert found == expected
    assert shared == expected | OF_NOBODY
    assert [words for words in (*COLUMNS.values(), *OF_PRACTICE.values()) if words not in privacy] == []


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were sealed meanwhile."""
    texts, seal = list[str](), Seal.seal

    def note(self: Seal, name: bytes, text: str) -> bytes:
        texts.append(text)
        return seal(self, name, text)

    monkeypatch.setattr(Seal, "seal", note)
    return texts


async def test_of_a_whole_talk_only_answers_and_figures_reach_the_database(user: User, sealed: list[str]) -> None:
    """A figure that answers a question is kept; whatever else is typed or sent is not."""
    await user.start("Mustermann")
    await user.press("begin")
    await user.forge(
        next(str(b["callback_data"]) for row in user.live.keyboard for b in row if "Ki-67" in str(b["text"]))
    )
    await user.type("12.5")
    for text in ("Erika Mustermann 1961-04-01", "milan criteria", "/ask rfa size Mustermann", "/settings Mustermann"):
        await user.type(text)
    for kind in ("photo", "voice", "document", "contact", "location"):
        await user.send(kind)
    await user.forge("garbage-that-nobody-sends")
    await user.ask_inline("milan for Mustermann")

    rows = [text.split("\n") for text in sealed]
    assert len(rows) > 10
    assert all(len(row) == 2 for row in rows)
    answers = {tuple(answer) for session, _ in rows for answer in json.loads(session)[3]}
    assert ("ki67", "=12.5") in answers
    assert {question for question, _ in answers} <= set(QUESTIONS)
    for session, rest in rows:
        revision, version, accepted, _, place = json.loads(session)
        message_id, arrived, numbers, seen, last = json.loads(rest)
        assert (type(revision), type(version), type(accepted)) == (int, str, bool)
        assert place in {"", "home", *QUESTIONS}
        assert all(type(number) is int for number in (arrived, *numbers))
        assert all(number is None or type(number) is int for number in (message_id, seen))
        assert len(numbers) <= KEPT
        assert re.fullmatch(r"[a-z0-9._-]*", last)
    everything = "".join(sealed)
    for private in ("Mustermann", "Erika", "1961", "milan", "rfa", "garbage", "Trainee", str(user.chat_id)):
        assert private not in everything
