"""The webhook as Telegram knows it, when somebody else who has the token changes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from bot import registration
from bot.app import ALLOWED_UPDATES
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from bot.webhook import Webhook
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import methods, until

URL = "https://ward.example/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def worker(
    settings: Settings, application: App, store: SessionStore, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Webhook]:
    """A worker that has set its webhook and looks after it every few milliseconds."""
    monkeypatch.setattr(registration, "LOOK_EVERY", 0.005)
    monkeypatch.setattr("phone.delivery._BETWEEN", 0.0)
    worker = Webhook(replace(settings, webhook_url=URL), application, store)
    await worker.registration.set()
    worker.ready = True
    methods(telegram)
    watching = asyncio.create_task(worker.registration.watch())
    yield worker
    watching.cancel()


@pytest.fixture
async def door(worker: Webhook) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(worker.app), base_url="http://worker") as door:
        yield door


def test_a_change_is_noticed_within_a_minute() -> None:
    assert registration.LOOK_EVERY <= 30


async def test_a_webhook_that_is_as_set_is_left_alone(worker: Webhook, telegram: Telegram) -> None:
    await until(lambda: len(telegram.calls) > 5)

    assert set(methods(telegram)) == {"getWebhookInfo"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "taken away"),
        ({"url": "https://elsewhere.example/secret-path"}, "at another address"),
        ({"url": URL, "allowed_updates": ["message"]}, "for too few kinds of updates"),
    ],
)
async def test_a_webhook_that_somebody_has_changed_is_set_again_and_logged(
    worker: Webhook, telegram: Telegram, caplog: pytest.LogCaptureFixture, change: dict[str, object], said: str
) -> None:
    before = telegram.delivery.webhook
    telegram.call("setWebhook" if change else "deleteWebhook", change)
    methods(telegram)

    await until(lambda: "setWebhook" in [method for method, _ in telegram.calls])
    await until(lambda: worker.registration.state == registration.AS_SET)

    assert telegram.delivery.webhook == before
    assert telegram.phones.allowed == frozenset(ALLOWED_UPDATES)
    line = next(record.getMessage() for record in caplog.records if "webhook" in record.getMessage())
    assert said in line
    assert "elsewhere" not in line


async def test_a_webhook_with_another_secret_is_set_again_when_an_update_comes_with_it(
    worker: Webhook, telegram: Telegram, door: httpx.AsyncClient
) -> None:
    before = telegram.delivery.webhook
    telegram.call("setWebhook", {"url": URL, "secret_token": "another", "allowed_updates": list(ALLOWED_UPDATES)})
    assert telegram.delivery.webhook != before

    answer = await door.post("/telegram", json=telegram.phones.say(7001, "/start"), headers={HEADER: "another"})

    assert answer.status_code == 403
    await until(lambda: telegram.delivery.webhook == before)


async def test_readiness_tells_that_it_is_not_as_set_until_it_is_again(
    worker: Webhook, telegram: Telegram, door: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    ready = await door.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "webhook": "as set"})
    telegram.fail("setWebhook", TelegramError(500, "Internal Server Error"), times=20)
    telegram.call("deleteWebhook", {})

    await until(lambda: worker.registration.state == "taken away")
    changed = await door.get("/readyz")
    await until(lambda: "could not be checked or set again" in caplog.text)
    await until(lambda: worker.registration.state == registration.AS_SET)

    assert (changed.status_code, changed.json()) == (503, {"ready": False, "webhook": "taken away"})
    assert (await door.get("/readyz")).status_code == 200
    assert "nenlm_webhook_changes_total" in (await door.get("/metrics")).text


async def test_telegram_not_reached_says_nothing_of_the_webhook(
    worker: Webhook, telegram: Telegram, door: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("getWebhookInfo", "drop", times=2)

    await until(lambda: "could not be checked" in caplog.text)

    assert (await door.get("/readyz")).status_code == 200
