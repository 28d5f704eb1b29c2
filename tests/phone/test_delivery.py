"""Webhook or polling: the stand-in keeps to Telegram's rules and words."""

from __future__ import annotations

import asyncio
import json

import pytest
from telegram import Bot
from telegram.error import Conflict

from phone.delivery import Webhook
from phone.polling import Bell, get_updates
from phone.telegram import Telegram, TelegramError
from tests.support.phone import served

URL = "http://bot.local:9000/hook"
ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Clock:
    """Seconds since 1970, turned by hand."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram(clock: Clock) -> Telegram:
    return Telegram(now=clock)


def refusal(telegram: Telegram, method: str, **params: object) -> tuple[int, str]:
    with pytest.raises(TelegramError) as refused:
        telegram.call(method, params)
    return refused.value.code, refused.value.description


def info(telegram: Telegram) -> object:
    return telegram.call("getWebhookInfo", {})


def test_a_webhook_is_set_as_asked_and_told_without_its_secret(telegram: Telegram) -> None:
    telegram.phones.say(7, "/start")

    assert telegram.call("setWebhook", {"url": URL, "secret_token": "A-z_9", "max_connections": "50"}) is True

    assert telegram.delivery.webhook == Webhook(URL, "A-z_9", 50)
    assert info(telegram) == {
        "url": URL,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 50,
    }


def test_without_a_webhook_there_is_nothing_to_tell_but_what_waits(telegram: Telegram) -> None:
    assert info(telegram) == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


@pytest.mark.parametrize(("asked", "given"), [(None, 40), ("0", 1), (1, 1), (100, 100), (101, 100)])
def test_connections_are_kept_within_what_telegram_opens(telegram: Telegram, asked: object, given: int) -> None:
    telegram.call("setWebhook", {"url": URL, "max_connections": asked})

    assert telegram.delivery.webhook is not None
    assert telegram.delivery.webhook.connections == given


@pytest.mark.parametrize("url", ["https://bot.example/hook", "http://127.0.0.1:9000/hook", "bot.example:8443/hook"])
def test_plain_http_and_any_port_are_taken_here(telegram: Telegram, url: str) -> None:
    assert telegram.call("setWebhook", {"url": url}) is True


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "ftp://bot.example/hook"}, "invalid webhook URL specified"),
        ({"url": "https:///hook"}, "invalid webhook URL specified"),
        ({"url": "https://bot.example:99999/hook"}, "invalid webhook URL specified"),
        ({"url": "https://bot.example/a hook"}, "invalid webhook URL specified"),
        ({"url": URL, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": URL, "secret_token": "with space"}, "secret token contains unallowed characters"),
        ({"url": URL, "secret_token": "é"}, "secret token contains unallowed characters"),
        ({"url": URL, "secret_token": "new\n"}, "secret token contains unallowed characters"),
        ({"url": URL, "allowed_updates": "["}, "can't parse allowed_updates JSON object"),
        ({"url": URL, "allowed_updates": '"message"'}, "can't parse allowed_updates JSON object"),
    ],
)
def test_a_wrong_webhook_is_refused(telegram: Telegram, wrong: dict[str, object], words: str) -> None:
    assert refusal(telegram, "setWebhook", **wrong) == (400, f"Bad Request: {words}")


def test_the_longest_secret_is_taken(telegram: Telegram) -> None:
    assert telegram.call("setWebhook", {"url": URL, "secret_token": "x" * 256}) is True


def test_a_wrong_webhook_costs_the_one_that_was_set(telegram: Telegram, clock: Clock) -> None:
    telegram.call("setWebhook", {"url": URL})
    clock.seconds += 1

    refusal(telegram, "setWebhook", url="ftp://bot.example/hook")

    assert telegram.delivery.webhook is None


def test_a_webhook_is_set_at_most_once_a_second(telegram: Telegram, clock: Clock) -> None:
    telegram.call("setWebhook", {"url": URL})

    with pytest.raises(TelegramError, match="429 Too Many Requests: retry after 1") as refused:
        telegram.call("setWebhook", {"url": URL})
    clock.seconds += 1

    assert refused.value.retry_after == 1
    assert telegram.call("setWebhook", {"url": URL}) is True


def test_while_a_webhook_is_set_nobody_polls(telegram: Telegram) -> None:
    telegram.phones.say(7, "/start")
    telegram.call("setWebhook", {"url": URL})

    assert refusal(telegram, "getUpdates") == (409, ACTIVE)
    telegram.call("deleteWebhook", {})

    (update,) = telegram.phones.updates(0)
    assert telegram.call("getUpdates", {}) == [update]


def test_an_empty_address_deletes_the_webhook(telegram: Telegram) -> None:
    telegram.call("setWebhook", {"url": URL})

    assert telegram.call("setWebhook", {"url": ""}) is True

    assert telegram.delivery.webhook is None


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
def test_what_waits_is_dropped_where_that_is_asked(telegram: Telegram, method: str) -> None:
    telegram.phones.say(7, "/start")

    telegram.call(method, {"url": URL, "drop_pending_updates": "false"})
    assert len(telegram.phones.pending) == 1
    telegram.call("deleteWebhook", {"drop_pending_updates": "true"})
    assert telegram.phones.pending == []


def test_an_update_waits_until_it_is_confirmed(telegram: Telegram) -> None:
    first, second = telegram.phones.say(7, "/start"), telegram.phones.say(8, "/start")

    telegram.phones.confirm(first["update_id"])
    telegram.phones.confirm(first["update_id"])

    assert telegram.phones.pending == [second]


@pytest.mark.parametrize("ask", [("setWebhook", {"url": URL}), ("getUpdates", {})])
def test_only_what_is_asked_for_comes(telegram: Telegram, clock: Clock, ask: tuple[str, dict[str, object]]) -> None:
    def now_asking(kinds: object) -> list[str]:
        clock.seconds += 1
        method, params = ask
        telegram.call(method, {**params, "allowed_updates": kinds})
        telegram.phones.say(7, "/start")
        telegram.phones.block(7)
        telegram.phones.unblock(7)
        kinds_of = [next(kind for kind in update if kind != "update_id") for update in telegram.phones.pending]
        telegram.call("deleteWebhook", {"drop_pending_updates": True})
        return kinds_of

    everything = ["message", "my_chat_member", "my_chat_member"]
    assert now_asking(json.dumps(["message", "callback_query"])) == ["message"]
    told = info(telegram)
    assert isinstance(told, dict)
    assert told["allowed_updates"] == ["callback_query", "message"]
    assert now_asking(None) == ["message"]
    assert now_asking("[]") == everything
    assert now_asking(json.dumps(["my_chat_member"])) == everything[1:]


async def test_a_webhook_ends_a_poll_that_waits(telegram: Telegram) -> None:
    poll = asyncio.create_task(get_updates(telegram, Bell(telegram.phones), {"timeout": 50}))
    await asyncio.sleep(0)  # the poll waits now

    telegram.call("setWebhook", {"url": URL})

    with pytest.raises(TelegramError, match="409 Conflict: terminated by setWebhook request"):
        await poll


async def test_ptb_sets_a_webhook_over_http(telegram: Telegram) -> None:
    async with served(telegram) as address, Bot(telegram.token, base_url=f"{address}/bot") as bot:
        assert await bot.set_webhook(URL, secret_token="s", max_connections=7, allowed_updates=["message"])
        told = await bot.get_webhook_info()
        with pytest.raises(Conflict, match="use deleteWebhook to delete the webhook first"):
            await bot.get_updates()
        assert await bot.delete_webhook()

    assert (told.url, told.max_connections, told.allowed_updates) == (URL, 7, ("message",))
    assert telegram.delivery.webhook is None
