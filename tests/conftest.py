"""Fixtures: the bot with its own Telegram and its own database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from bot.app import build_application
from bot.service import App
from bot.settings import Settings
from bot.store import Seal, SessionStore, engine_for
from dialogs import words
from dialogs.conversation import About, Conversation
from phone.telegram import Telegram
from tests.support import controls
from tests.support.postgres import Postgres
from tests.support.telegram import FakeTelegram
from tests.support.user import User

TOKEN = "123456:a-token-that-opens-nothing"


def pytest_configure(config: pytest.Config) -> None:
    """Hold a run of all tests to the controls of the hazard log."""
    controls.register(config)


@pytest.hookimpl(tryfirst=True)  # before pytest picks the tests by their marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that uses the database server is slow wherever it stands. Where several processes share the tests, the
    slow ones come first, so that none of them is left for the end."""
    for item in items:
        if isinstance(item, pytest.Function) and "postgres" in item.fixturenames:
            item.add_marker(pytest.mark.slow)
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


class Compiled(BytecodeCache):
    """The compiled templates, in memory."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See BytecodeCache."""
        self._code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Many tests make a conversation of their own, and compiling its templates would take most of their time."""
    with pytest.MonkeyPatch.context() as patch:
        init = partialmethod(words.Templates.__init__, bytecode_cache=Compiled())
        patch.setattr(words.Templates, "__init__", init)
        yield


@pytest.fixture(scope="session")
def conversation() -> Conversation:
    return Conversation(about=About(retention_hours=24, owner_contact="the ward's pharmacy"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(bot_token=TOKEN, database_url=f"sqlite:///{tmp_path / 'sessions.sqlite3'}")


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[SessionStore]:
    store = SessionStore(engine_for(settings.database_url, settings.retention_hours), Seal(TOKEN))
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def telegram() -> Telegram:
    return Telegram(TOKEN)


@pytest.fixture
async def application(
    settings: Settings, conversation: Conversation, store: SessionStore, telegram: Telegram
) -> AsyncIterator[App]:
    application = build_application(settings, conversation, store, FakeTelegram(telegram))
    assert application.post_init is not None
    assert application.post_shutdown is not None
    await application.initialize()
    await application.post_init(application)
    while not telegram.profile.short_description:  # noqa: ASYNC110 - the last of what the bot says at its start
        await asyncio.sleep(0)
    telegram.calls.clear()
    yield application
    await application.shutdown()
    await application.post_shutdown(application)


@pytest.fixture
def user(application: App, telegram: Telegram) -> User:
    return User(application, telegram, chat_id=7001)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, which a test may stop and start."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a database that is this test's alone."""
    with postgres.database() as url:
        yield url
