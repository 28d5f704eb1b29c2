"""Updates to turns: decode, load, converse, save, send. No word about medicine and no decision here.

A session is saved before its screen is sent: when sending fails, the next tap is stale and shows the
current screen again. The other order could lose an answer.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from telegram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import attachments, buttons, inline, metrics, screen
from bot.logs import chat_name
from bot.reports import Reports
from bot.store import SessionStore, Stored, StoreUnavailableError
from dialogs.conversation import Command, Conversation, Tap, Typed
from dialogs.session import Session
from dialogs.view import Turn

Context = ContextTypes.DEFAULT_TYPE

_DELIVERED_AGAIN = 10_000
"""How far back a number counts as delivered again; after a quiet week Telegram may start from anywhere."""

_TRIES = 10
"""How often an update is begun anew because another worker has changed the same session meanwhile."""

_log = logging.getLogger(__name__)


class Handlers:
    """The callbacks of the application's handlers. They expect what their filters in `bot.app` let through.

    allowed_users: Telegram user ids; empty means everyone.
    """

    def __init__(
        self,
        conversation: Conversation,
        store: SessionStore,
        reports: Reports,
        allowed_users: frozenset[int] = frozenset(),
    ) -> None:
        self._conversation = conversation
        self._store = store
        self._reports = reports
        self._allowed_users = allowed_users

    async def turn_away(self, update: Update, context: Context) -> None:
        """End the handling of an update from somebody who is not invited, with one line in private."""
        if update.effective_user and update.effective_user.id in self._allowed_users:
            return
        not_invited = self._conversation.not_invited
        if update.callback_query:
            await screen.answer(update.callback_query, not_invited)
        elif update.inline_query:
            await inline.refuse(update.inline_query)
        elif update.message and update.message.chat.type == ChatType.PRIVATE:
            await update.message.reply_text(not_invited)
        elif update.my_chat_member:
            return  # leaving is for everyone
        raise ApplicationHandlerStop

    async def command(self, update: Update, context: Context) -> None:
        """A command in a private chat, with what follows it."""
        message = cast(Message, update.message)
        name, *argument = (message.text or "").split(maxsplit=1) or [""]
        command = Command(name.removeprefix("/").partition("@")[0].lower(), "".join(argument))
        await self._talk(update, context, lambda session, _: self._conversation.respond(session, command))

    async def typed(self, update: Update, context: Context) -> None:
        """Text in a private chat."""
        message = cast(Message, update.message)

        def respond(session: Session | None, live: int | None) -> Turn:
            early = live is None or message.message_id < live  # numbers in a chat grow
            return self._conversation.respond(session, Typed(message.text or "", early))

        await self._talk(update, context, respond)

    async def refused(self, update: Update, context: Context) -> None:
        """A photo, voice, file, contact, location, sticker or the like in a private chat."""
        await self._talk(update, context, lambda session, _: self._conversation.refused(session))

    async def tap(self, update: Update, context: Context) -> None:
        """A tap on a button: an answer when its revision is the session's, stale otherwise."""
        query = cast(CallbackQuery, update.callback_query)
        if query.message is None or query.message.chat.type != ChatType.PRIVATE:
            await screen.answer(query, self._conversation.private_only)
            return
        chat_id, tapped = query.message.chat.id, query.message.message_id
        pressed = buttons.decode(query.data)

        def fresh(before: Stored | None) -> bool:
            return before is not None and pressed is not None and pressed[0] == before.session.revision

        def turn_on(before: Stored | None) -> tuple[Turn, int | None]:
            session, live = (before.session, before.message_id) if before else (None, None)
            if fresh(before) and pressed is not None:
                return self._conversation.respond(session, Tap(pressed[1])), live
            turn = self._conversation.stale(session)
            again = before is not None and before.update_id == update.update_id
            return (replace(turn, notice="") if again else turn), live

        began = time.perf_counter()
        before, turn = await self._settle(update, chat_id, turn_on)
        live = before.message_id if before else None
        await screen.answer(query, await self._reports.notice(context.bot, turn))
        if turn.attachments or turn.report:
            await self._attach(context, chat_id, turn)
            shown = tapped
        elif fresh(before) or tapped == live:
            shown = await screen.replace(context.bot, chat_id, tapped, turn.screen, _revision(turn))
        else:
            await screen.strip(context.bot, chat_id, tapped)
            shown = await screen.send(context.bot, chat_id, turn.screen, _revision(turn))
        await self._follow(context, chat_id, turn, shown)
        self._count(turn, began)

    async def in_group(self, update: Update, context: Context) -> None:
        """A command in a group: one line, unless it is meant for another bot."""
        message = cast(Message, update.message)
        _, _, name = ((message.text or "").split(maxsplit=1) or [""])[0].partition("@")
        if not name or name.lower() == context.bot.username.lower():
            await message.reply_text(self._conversation.private_only)

    async def inline(self, update: Update, context: Context) -> None:
        """A question typed behind the bot's name, in any chat."""
        query = cast(InlineQuery, update.inline_query)
        # An answer that Telegram keeps for everybody would reach those who are not invited.
        await inline.answer(query, self._conversation, personal=bool(self._allowed_users))

    async def membership(self, update: Update, context: Context) -> None:
        """Somebody blocked the bot or deleted the chat: so is what is stored of them."""
        change = cast(ChatMemberUpdated, update.my_chat_member)
        if change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT):
            await self._store.delete(change.chat.id)
            _log.info("chat %s: left, its session is deleted", chat_name(change.chat.id))

    async def _talk(
        self, update: Update, context: Context, respond: Callable[[Session | None, int | None], Turn]
    ) -> None:
        """Answer a message; one that is delivered again changes nothing. respond: from session and live message."""
        chat_id = cast(Message, update.message).chat.id

        def turn_on(before: Stored | None) -> tuple[Turn, int | None]:
            session, live = (before.session, before.message_id) if before else (None, None)
            if before and _came_before(update, before):
                return replace(self._conversation.stale(session), notice=""), live
            turn = respond(session, live)
            return turn, live if turn.attachments else None  # None until the screen has arrived

        began = time.perf_counter()
        before, turn = await self._settle(update, chat_id, turn_on)
        if turn.attachments:
            await self._attach(context, chat_id, turn)
        else:
            if before and before.message_id is not None and _came_before(update, before):
                shown = await screen.replace(context.bot, chat_id, before.message_id, turn.screen, _revision(turn))
            else:
                shown = await screen.send(context.bot, chat_id, turn.screen, _revision(turn), turn.notice)
            await self._follow(context, chat_id, turn, shown)
            if turn.session:
                await _retire(context, chat_id, before, shown)
        self._count(turn, began)

    def _count(self, turn: Turn, began: float) -> None:
        metrics.turns.labels(self._conversation.stage(turn.session)).observe(time.perf_counter() - began)

    async def _attach(self, context: Context, chat_id: int, turn: Turn) -> None:
        for attachment in turn.attachments:
            await attachments.send(context.bot, self._store, chat_id, attachment)

    async def _settle(
        self, update: Update, chat_id: int, turn_on: Callable[[Stored | None], tuple[Turn, int | None]]
    ) -> tuple[Stored | None, Turn]:
        """Load, respond and save as one step: where another worker was quicker, all of it again.

        turn_on: what was stored to the turn and the live message. Returns what was stored before, and the turn.
        """
        for _ in range(_TRIES):
            before = await self._store.load(chat_id)
            turn, live = turn_on(before)
            if turn.session is None:
                await self._store.delete(chat_id)
                return before, turn
            number = before.update_id if before and _came_before(update, before) else update.update_id
            if await self._store.save(chat_id, Stored(turn.session, live, number), before):
                return before, turn
        raise StoreUnavailableError("others were quicker every time")

    async def _follow(self, context: Context, chat_id: int, turn: Turn, shown: int) -> None:
        """Note which message is live. Where another worker has moved on meanwhile, and its screen may have come before
        this one to the same message, show what is current."""
        revision = _revision(turn)
        for _ in range(_TRIES):
            now = await self._store.load(chat_id)
            if now is None:
                return
            if now.session.revision == revision:
                if now.message_id == shown or await self._store.save(chat_id, replace(now, message_id=shown), now):
                    return
            elif now.message_id == shown:
                revision = now.session.revision
                await screen.replace(
                    context.bot, chat_id, shown, self._conversation.stale(now.session).screen, revision
                )
            else:
                return


async def _retire(context: Context, chat_id: int, before: Stored | None, shown: int) -> None:
    """Take the buttons off the message that was live before another one was shown. What fails here fails silently: the
    new screen has arrived, and a tap on the old one would only show it again."""
    if before and before.message_id is not None and before.message_id != shown:
        with contextlib.suppress(TelegramError):
            await screen.strip(context.bot, chat_id, before.message_id)


def _came_before(update: Update, stored: Stored) -> bool:
    """Whether the update was answered already: Telegram delivers again what it has no receipt for."""
    return stored.update_id is not None and 0 <= stored.update_id - update.update_id < _DELIVERED_AGAIN


def _revision(turn: Turn) -> int:
    return turn.session.revision if turn.session else 0
