"""The webhook of one worker, as Telegram meets it: the web application itself, without a network in between."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from bot.app import build_application
from bot.registration import AS_SET
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore, StoreUnavailableError
from bot.webhook import LARGEST, Webhook
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import methods, store_at, stored
from tests.support.asked import ASKS_GRADE
from tests.support.postgres import Postgres
from tests.support.telegram import FakeTelegram
from tests.support.webbed import Webbed

SECRET = "only-telegram-knows"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, webhook_url="https://ward.example/telegram", webhook_secret=SECRET)


@pytest.fixture
async def application(
    settings: Settings, conversation: Conversation, store: SessionStore, telegram: Telegram
) -> AsyncIterator[App]:
    application = build_application(settings, conversation, store, FakeTelegram(telegram))
    async with application:
        telegram.calls.clear()
        yield application


@pytest.fixture
def worker(settings: Settings, application: App, store: SessionStore) -> Webhook:
    worker = Webhook(settings, application, store)
    worker.ready, worker.registration.state = True, AS_SET
    return worker


@pytest.fixture
async def door(worker: Webhook) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(worker.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers={HEADER: SECRET}) as door:
        yield door


@pytest.fixture
def user(application: App, telegram: Telegram, door: httpx.AsyncClient) -> Webbed:
    user = Webbed(application, telegram, chat_id=7001)
    user.door = door
    return user


async def test_a_whole_case_by_webhook(user: Webbed) -> None:
    await user.start()
    await user.press("begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")

    user.sees("liver resection in two steps")
    assert not user.waits


@pytest.mark.parametrize("secret", ["", "another", SECRET + "x", SECRET.upper(), "\xe9"])
async def test_without_the_secret_nothing_happens(
    door: httpx.AsyncClient, telegram: Telegram, store: SessionStore, secret: str
) -> None:
    update = telegram.phones.say(7001, "/start")

    answer = await door.post("/telegram", json=update, headers={HEADER.encode(): secret.encode()})

    assert answer.status_code == 403
    assert telegram.calls == []
    assert await store.load(7001) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"[" * 100_000, b"\xff\xfe"],
)
async def test_what_is_no_update_is_refused(door: httpx.AsyncClient, body: bytes) -> None:
    assert (await door.post("/telegram", content=body)).status_code == 400


async def test_what_is_too_large_is_refused_before_it_is_read_to_the_end(door: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1 << 16
            yield b" " * (1 << 16)

    assert (await door.post("/telegram", content=endless())).status_code == 413
    assert sent <= LARGEST + (2 << 16)


async def test_an_update_that_cannot_be_read_is_not_asked_for_again(door: httpx.AsyncClient) -> None:
    odd = {"update_id": 5, "message": {"message_id": 1, "date": 10**30, "chat": {"id": 1, "type": "private"}}}

    assert (await door.post("/telegram", json=odd)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_telegrams_way_of_asking_is_taken(door: httpx.AsyncClient, method: str) -> None:
    assert (await door.request(method, "/telegram")).status_code == 405
    assert (await door.request(method, "/elsewhere")).status_code == 404


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has no time to try a call a second time."""
    monkeypatch.setattr("bot.webhook.ANSWERED_WITHIN", 0.4)


@pytest.mark.usefixtures("impatient")
async def test_an_update_whose_screen_did_not_arrive_is_asked_for_again_and_then_shows_it(
    user: Webbed, telegram: Telegram, store: SessionStore
) -> None:
    await user.start()
    shown = user.live.text
    update = telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    telegram.fail("editMessageText", "drop")

    user.status = 503
    await user.deliver(update)
    before = await stored(store, user)
    assert user.live.text == shown
    user.status = 200
    await user.deliver(update)

    assert user.live.text != shown
    assert await stored(store, user) == before
    assert not user.waits


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault", [TelegramError(502, "Bad Gateway"), TelegramError(500, "Internal Server Error"), "drop"]
)
async def test_a_message_that_was_not_answered_is_asked_for_again(
    user: Webbed, telegram: Telegram, fault: TelegramError
) -> None:
    update = telegram.phones.say(user.chat_id, "/start")
    telegram.fail("sendMessage", fault)

    user.status = 503
    await user.deliver(update)
    user.status = 200
    await user.deliver(update)

    assert len([message for message in telegram.phones.chat(user.chat_id).messages if message.from_bot]) == 1
    assert user.buttons()


async def test_an_answered_update_that_comes_again_changes_nothing_and_sends_nothing_new(
    user: Webbed, telegram: Telegram, store: SessionStore
) -> None:
    start = telegram.phones.say(user.chat_id, "/start")
    await user.deliver(start)
    tap = telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    await user.deliver(tap)
    before, screen, messages = (
        await stored(store, user),
        user.live.html,
        len(telegram.phones.chat(user.chat_id).messages),
    )

    for update in (start, tap, start):
        await user.deliver(update)

    assert await stored(store, user) == before
    assert (user.live.html, len(telegram.phones.chat(user.chat_id).messages)) == (screen, messages)
    assert user.toast is not None
    assert not user.toast.text, "nobody is told that the button is old"


async def test_a_picture_and_a_report_that_come_again_are_sent_once(user: Webbed, telegram: Telegram) -> None:
    await user.start()
    for caption in ("I am a clinician", "G3", "Poorly", "Hand on"):
        await user.tap(caption)
    place = next(
        (row, column)
        for row, captions in enumerate(user.live.buttons)
        for column, caption in enumerate(captions)
        if caption == "The case as a picture"
    )
    update = telegram.phones.tap(user.chat_id, user.live.id, *place)

    for _ in range(3):
        await user.deliver(update)

    assert len(user.files) == 1
    assert not user.waits


async def test_while_the_database_is_gone_an_update_is_asked_for_again_and_nobody_is_bothered(
    user: Webbed,
    telegram: Telegram,
    store: SessionStore,
    door: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await user.start()
    update = telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    methods(telegram)

    async def gone(*given: object) -> None:
        raise StoreUnavailableError("AdminShutdown")

    with monkeypatch.context() as patch:
        patch.setattr(store, "load", gone)
        patch.setattr(store, "ping", gone)
        user.status = 503
        await user.deliver(update)
        health = await door.get("/healthz")

    assert methods(telegram) == ["getMe"]
    assert (health.status_code, health.json()) == (503, {"database": "not reached", "telegram": "ok"})
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    user.status = 200
    await user.deliver(update)
    assert not user.waits


async def test_an_outage_of_the_real_database_costs_nothing_but_time(
    postgres: Postgres,
    postgres_url: str,
    conversation: Conversation,
    telegram: Telegram,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.store.postgres._PATIENCE", 1.0)
    settings = replace(settings, database_url=postgres_url)
    store = store_at(settings)
    async with build_application(settings, conversation, store, FakeTelegram(telegram)) as application:
        await store.open()
        worker = Webhook(settings, application, store)
        worker.ready = True
        transport = httpx.ASGITransport(worker.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://w", headers={HEADER: SECRET}) as door:
            user = Webbed(application, telegram, chat_id=7001)
            user.door = door
            await user.start()
            tap = telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
            postgres.stop(at_once=True)
            user.status = 503
            await user.deliver(tap)
            typed = telegram.phones.say(user.chat_id, "/help")
            await user.deliver(typed)
            postgres.start()
            user.status = 200
            await user.deliver(tap)
            user.sees(ASKS_GRADE)
            await user.deliver(typed)

    user.sees("/forget")
    assert not user.waits
    assert not any("No answer was given" in message.text for message in telegram.phones.chat(user.chat_id).messages)
    await store.close()


async def test_who_blocked_the_bot_is_not_asked_for_again(
    user: Webbed, telegram: Telegram, store: SessionStore
) -> None:
    await user.start()
    update = telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    telegram.phones.block(user.chat_id)

    await user.deliver(update)

    assert await store.load(user.chat_id) is None


async def test_an_error_of_ours_is_told_once_and_not_asked_for_again(
    user: Webbed, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise LookupError

    with monkeypatch.context() as patch:
        patch.setattr(conversation, "respond", broken)
        await user.start()

    user.sees("No answer was given")


async def test_a_worker_that_is_not_ready_leaves_the_update_to_others(
    worker: Webhook, door: httpx.AsyncClient, telegram: Telegram
) -> None:
    worker.leave()

    assert (await door.post("/telegram", json=telegram.phones.say(7001, "/start"))).status_code == 503
    assert (await door.get("/readyz")).status_code == 503
    assert telegram.calls == []
    worker.ready = True
    assert (await door.get("/readyz")).status_code == 200


async def test_health_tells_database_and_telegram_apart(door: httpx.AsyncClient, telegram: Telegram) -> None:
    assert (await door.get("/healthz")).json() == {"database": "ok", "telegram": "ok"}
    telegram.fail("getMe", "drop")

    answer = await door.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "telegram": "not reached"})


async def test_metrics_count_turns_by_stage_and_name_nobody(user: Webbed, door: httpx.AsyncClient) -> None:
    user.chat_id = 700_123_456_789
    await user.start()
    await user.press("begin")
    await door.post("/telegram", content=b"{")

    page = (await door.get("/metrics")).text

    assert 'nenlm_turn_seconds_count{stage="grade"}' in page
    assert 'nenlm_refused_updates_total{reason="no-update"}' in page
    assert set(re.findall(r'(\w+)="', page)) <= {"stage", "le", "reason", "kind", "version"}
    assert str(user.chat_id) not in page


async def test_a_flood_from_one_chat_is_held_back_and_what_did_not_fit_comes_again(
    user: Webbed, telegram: Telegram, door: httpx.AsyncClient
) -> None:
    await user.start()
    taps = [telegram.phones.tap(user.chat_id, user.live.id, 0, 0) for _ in range(100)]
    other = Webbed(user.application, telegram, chat_id=7002)
    other.door = door

    flood = asyncio.gather(*(door.post("/telegram", content=json.dumps(tap)) for tap in taps))
    await other.start()
    statuses = [answer.status_code for answer in await flood]

    assert other.buttons()
    assert set(statuses) == {200, 503}
    assert statuses.count(503) >= 10
