"""The bot over HTTP, as it runs in production: by polling, or by a webhook to which updates are brought in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx

from bot.app import build_application
from bot.running import polling, start
from bot.settings import Settings
from bot.store import Seal, SessionStore, engine_for
from bot.webhook import Webhook
from dialogs.conversation import Conversation
from phone.telegram import Telegram
from tests.support.crowd.dealer import chat_of
from tests.support.phone import served

_AGAIN = 0.3  # seconds after which an update that was not taken is brought again


@contextlib.asynccontextmanager
async def running(
    telegram: Telegram, settings: Settings, conversation: Conversation, *, webhook: bool
) -> AsyncIterator[SessionStore]:
    """The bot runs meanwhile, and its own client calls `telegram` over HTTP; its store."""
    async with served(telegram) as address:
        settings = replace(settings, bot_api_url=address)
        store = SessionStore(engine_for(settings.database_url, settings.retention_hours), Seal(settings.bot_token))
        if not webhook:
            async with polling(build_application(settings, conversation, store)):
                yield store
            return
        settings = replace(settings, webhook_url="https://ward.example/telegram", webhook_secret="secret")
        application = build_application(settings, conversation, store)
        await start(application)
        worker = Webhook(settings, application, store)
        worker.ready = True
        bringing = asyncio.create_task(_bring(telegram, worker))
        try:
            yield store
        finally:
            bringing.cancel()
            await asyncio.wait((bringing,))
            await worker.ended()
            await application.shutdown()
            await store.close()


async def _bring(telegram: Telegram, worker: Webhook) -> None:
    """Bring what is pending, that of each chat in order, until it is taken."""
    chats: dict[int, asyncio.Task[None]] = {}
    headers = {"X-Telegram-Bot-Api-Secret-Token": worker.registration.secret}
    transport = httpx.ASGITransport(worker.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://worker", headers=headers) as door:

        async def bring(chat: int) -> None:
            while update := next((update for update in telegram.phones.pending if chat_of(update) == chat), None):
                if (await door.post("/telegram", json=update)).status_code == 200:
                    telegram.phones.confirm(update["update_id"])
                else:
                    await asyncio.sleep(_AGAIN)

        try:
            while True:
                for update in telegram.phones.pending:
                    chat = chat_of(update)
                    if chat not in chats or chats[chat].done():
                        chats[chat] = asyncio.create_task(bring(chat))
                await asyncio.sleep(0.02)
        finally:
            for task in chats.values():
                task.cancel()
            await asyncio.gather(*chats.values(), return_exceptions=True)
