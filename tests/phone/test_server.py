"""The HTTP door, over real HTTP."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.asgi import listen
from phone.page import chat_id_of
from phone.polling import Bell
from phone.server import build_app, serve_on
from phone.telegram import Telegram, TelegramError
from tests.support.phone import served
from tests.support.png import png


@pytest.fixture
async def address(telegram: Telegram) -> AsyncIterator[str]:
    """Where `telegram` is served."""
    async with served(telegram) as where:
        yield where


@pytest.fixture
async def bot(telegram: Telegram, address: str) -> AsyncIterator[Bot]:
    """PTB's own Bot, through HTTP."""
    async with Bot(telegram.token, base_url=f"{address}/bot") as bot:
        yield bot


@pytest.fixture
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a page."""
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


async def test_ptb_talks_to_it_as_to_telegram(telegram: Telegram, bot: Bot) -> None:
    telegram.phones.say(7, "/start")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])

    (update,) = await bot.get_updates(timeout=0)
    sent = await bot.send_message(7, "<b>Hi</b> &amp; é", parse_mode="HTML", reply_markup=markup)
    edited = await bot.edit_message_text("New", 7, sent.message_id)
    photo = await bot.send_photo(7, png(30, 20), caption="c")
    media = await bot.edit_message_media(InputMediaPhoto(png(40, 20)), 7, photo.message_id)

    assert update.message
    assert update.message.text == "/start"
    assert sent.text == "Hi & é"
    assert sent.reply_markup == markup
    assert isinstance(edited, Message)
    assert edited.text == "New"
    assert photo.photo[0].width == 30
    assert isinstance(media, Message)
    assert media.photo[0].width == 40
    assert telegram.phones.files[media.photo[0].file_id].content == png(40, 20)
    assert await bot.delete_message(7, photo.message_id)
    assert await bot.set_my_commands([("start", "Begin")])
    assert (await bot.get_my_commands())[0].command == "start"


async def test_refusals_reach_ptb_as_telegrams(telegram: Telegram, bot: Bot) -> None:
    telegram.phones.say(7, "/start")
    telegram.fail("sendMessage", TelegramError(429, "Too Many Requests: retry after 3", 3))
    telegram.fail("sendMessage", TelegramError(502, "Bad Gateway"))
    telegram.fail("sendMessage", "drop")

    with pytest.raises(RetryAfter) as too_many:
        await bot.send_message(7, "x")
    assert too_many.value.retry_after == timedelta(seconds=3)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(7, "x")
    with pytest.raises(NetworkError, match="RemoteProtocolError"):
        await bot.send_message(7, "x")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(7, " ")
    telegram.phones.block(7)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "x")


async def test_a_wrong_token_is_refused(address: str) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("2:other", base_url=f"{address}/bot"):
            pass


async def test_a_poll_wakes_up_when_somebody_writes(telegram: Telegram, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=50))
    await bot.get_me()  # the poll has reached the server before this is answered

    telegram.call("setMyDescription", {"description": "not an update"})
    telegram.phones.say(7, "hello")

    (update,) = await asyncio.wait_for(polling, 20)
    assert update.message
    assert update.message.text == "hello"


async def test_stopping_ends_polls_and_open_pages(telegram: Telegram) -> None:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    ready = asyncio.Event()
    serving = asyncio.create_task(serve_on(telegram, listener, ready))
    await ready.wait()

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        poll = asyncio.create_task(client.get("/bot1:phone/getUpdates?timeout=50"))
        async with client.stream("GET", "/chats/anna/events") as events:
            lines = events.aiter_lines()
            await anext(lines)
            serving.cancel()
            rest = [line async for line in lines]
        assert (await asyncio.wait_for(poll, 20)).json() == {"ok": True, "result": []}

    assert rest == [""]
    with pytest.raises(asyncio.CancelledError):
        await serving
    listen("127.0.0.1", port).close()


def test_a_taken_port_is_one_line_for_a_person() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(OSError, match=rf"^cannot listen on 127\.0\.0\.1:{port}: Address already in use$"):
            listen("127.0.0.1", port)


async def test_the_page_pushes_the_whole_chat_and_every_change(telegram: Telegram, client: httpx.AsyncClient) -> None:
    chat = chat_id_of("anna")

    async with client.stream("GET", "/chats/anna/events") as events:
        states = _states(events)
        assert (await anext(states))["messages"] == []
        telegram.phones.say(chat, "/start")
        assert [message["text"] for message in (await anext(states))["messages"]] == ["/start"]
        telegram.phones.say(chat_id_of("ben"), "not hers")
        telegram.call("sendMessage", {"chat_id": chat, "text": "Hi"})
        assert [message["text"] for message in (await anext(states))["messages"]] == ["/start", "Hi"]


async def _states(events: httpx.Response) -> AsyncIterator[Any]:
    async for line in events.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chats/anna/say", {"text": " "}),
        ("/chats/anna/say", {}),
        ("/chats/anna/say", []),
        ("/chats/an%20na/say", {"text": "x"}),
        ("/chats/anna/tap", {"message": 1, "row": 0, "column": 0}),
        ("/chats/anna/tap", {"message": "x", "row": 0, "column": 0}),
        ("/chats/anna/ask", {}),
        ("/chats/anna/choose", {"result": "nothing-offered"}),
    ],
)
async def test_what_a_page_cannot_do_changes_nothing(
    telegram: Telegram, client: httpx.AsyncClient, path: str, body: object
) -> None:
    answer = await client.post(path, json=body)

    assert answer.status_code == 400
    assert telegram.phones.updates(0) == []


async def test_foreign_hosts_and_pages_are_refused(telegram: Telegram, client: httpx.AsyncClient) -> None:
    rebound = await client.get("/?chat=anna", headers={"Host": "evil.example"})
    foreign = await client.post("/chats/anna/say", json={"text": "x"}, headers={"Origin": "https://evil.example"})
    simple = await client.post("/chats/anna/say", content=b'{"text": "x"}', headers={"Content-Type": "text/plain"})

    assert (rebound.status_code, foreign.status_code, simple.status_code) == (403, 403, 400)
    assert telegram.phones.updates(0) == []


async def test_any_name_will_do_where_others_may_come(telegram: Telegram) -> None:
    door = httpx.ASGITransport(build_app(telegram, Bell(telegram.phones), "0.0.0.0"))

    async with httpx.AsyncClient(transport=door, base_url="http://ward.example") as client:
        assert (await client.get("/?chat=anna")).status_code == 200


async def test_the_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/?chat=anna")

    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "//" not in page.text
    waiting, loaded = set(re.findall(r'(?:href|src)="([\w.]+)"', page.text)), set[str]()
    while waiting:
        name = waiting.pop()
        loaded.add(name)
        answer = await client.get(f"/{name}")
        assert answer.status_code == 200
        waiting |= set(re.findall(r'from "\./([\w.]+)"', answer.text)) - loaded
    assert {"page.css", "page.js", "inline.js"} <= loaded


async def test_a_picture_that_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/files/photo-1")).status_code == 404


async def test_a_page_of_another_site_cannot_reach_the_bot_api_by_an_image(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/bot1:phone/getMe", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    )

    assert answer.status_code == 403


async def test_a_body_that_is_too_large_is_refused(
    client: httpx.AsyncClient, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phone.server._LARGEST", 1000)
    monkeypatch.setattr("phone.page._LARGEST", 1000)
    telegram.phones.say(7, "/start")

    sent = await client.post(f"/bot{telegram.token}/sendMessage", json={"chat_id": 7, "text": "x" * 2000})
    said = await client.post("/chats/anna/say", json={"text": "x" * 2000})

    assert (sent.status_code, sent.json()["description"]) == (413, "Request Entity Too Large")
    assert said.status_code == 400
    assert "at most 1000 bytes" in said.json()["error"]
    assert [method for method, _ in telegram.calls] == []


async def test_a_bot_that_dies_in_the_middle_of_a_call_is_no_error_here(
    telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(telegram) as address:
        _, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(b"POST /bot1:phone/sendMessage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nchat")
        await writer.drain()
        async with httpx.AsyncClient(base_url=address) as client:
            await client.get("/bot1:phone/getMe")  # so the first call has begun
        writer.close()
        await writer.wait_closed()

    assert telegram.calls == [("getMe", {})]
    assert caplog.records == []
