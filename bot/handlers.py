"""Updates to turns: decode, load, converse, save, send. No word about medicine and no decision here.

A session is saved before its screen is sent: when sending fails, the next tap is stale and shows the
current screen again. The other order could lose an answer.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import cast

from telegram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import attachments, buttons, inline, screen
from bot.logs import chat_name
from bot.store import SessionStore, Stored
from dialogs.conversation import Command, Conversation, Tap, Typed
from dialogs.view import Turn

Context = ContextTypes.DEFAULT_TYPE

_DELIVERED_AGAIN = 10_000
"""How far back a number counts as delivered again; after a quiet week Telegram may start from anywhere."""

_log = logging.getLogger(__name__)


class Handlers:
    """The callbacks of the application's handlers. They expect what their filters in `bot.app` let through.

    allowed_users: Telegram user ids; empty means everyone.
    """

    def __init__(
        self, conversation: Conversation, store: SessionStore, allowed_users: frozenset[int] = frozenset()
    ) -> None:
        self._conversation = conversation
        self._store = store
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
        name, *argument = (message.text or "").split(maxsplit=1)
        command = Command(name.removeprefix("/").partition("@")[0].lower(), "".join(argument))
        await self._talk(update, context, command)

    async def typed(self, update: Update, context: Context) -> None:
        """Text in a private chat."""
        message = cast(Message, update.message)
        await self._talk(update, context, Typed(message.text or ""))

    async def refused(self, update: Update, context: Context) -> None:
        """A photo, voice, file, contact, location, sticker or the like in a private chat."""
        chat_id = cast(Message, update.message).chat.id
        stored = await self._store.load(chat_id)
        await self._send(
            context, update, chat_id, self._conversation.refused(stored.session if stored else None), stored
        )

    async def tap(self, update: Update, context: Context) -> None:
        """A tap on a button: an answer when its revision is the session's, stale otherwise."""
        query = cast(CallbackQuery, update.callback_query)
        if query.message is None or query.message.chat.type != ChatType.PRIVATE:
            await screen.answer(query, self._conversation.private_only)
            return
        chat_id, tapped = query.message.chat.id, query.message.message_id
        stored = await self._store.load(chat_id)
        session, live = (stored.session, stored.message_id) if stored else (None, None)
        pressed = buttons.decode(query.data)
        if session is not None and pressed is not None and pressed[0] == session.revision:
            turn, in_place = self._conversation.respond(session, Tap(pressed[1])), True
        else:
            turn, in_place = self._conversation.stale(session), tapped == live
        await self._keep(update, chat_id, turn, live)
        await screen.answer(query, turn.notice)
        if turn.attachments:
            await self._attach(context, chat_id, turn)
            shown = tapped
        elif in_place:
            shown = await screen.replace(context.bot, chat_id, tapped, turn.screen, _revision(turn))
        else:
            await screen.strip(context.bot, chat_id, tapped)
            shown = await screen.send(context.bot, chat_id, turn.screen, _revision(turn))
        if shown != live:
            await self._keep(update, chat_id, turn, shown)

    async def in_group(self, update: Update, context: Context) -> None:
        """A command in a group: one line, unless it is meant for another bot."""
        message = cast(Message, update.message)
        _, _, name = (message.text or "").split()[0].partition("@")
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

    async def _talk(self, update: Update, context: Context, event: Command | Typed) -> None:
        """Answer a command or typed text.

        One that is delivered again changes nothing, and text typed to a screen that never arrived is no answer to it:
        the screen comes once more.
        """
        chat_id = cast(Message, update.message).chat.id
        stored = await self._store.load(chat_id)
        session = stored.session if stored else None
        unseen = isinstance(event, Typed) and stored is not None and stored.message_id is None
        if stored and (unseen or _came_before(update, stored)):
            turn = replace(self._conversation.stale(session), notice="")
        else:
            turn = self._conversation.respond(session, event)
        await self._send(context, update, chat_id, turn, stored)

    async def _send(self, context: Context, update: Update, chat_id: int, turn: Turn, stored: Stored | None) -> None:
        """Show the turn as a new message, which becomes the live one, or send what it attaches."""
        if turn.attachments:
            await self._keep(update, chat_id, turn, stored.message_id if stored else None)
            await self._attach(context, chat_id, turn)
            return
        await self._keep(update, chat_id, turn, None)  # until the screen has arrived
        shown = await screen.send(context.bot, chat_id, turn.screen, _revision(turn), turn.notice)
        await self._keep(update, chat_id, turn, shown)

    async def _attach(self, context: Context, chat_id: int, turn: Turn) -> None:
        for attachment in turn.attachments:
            await attachments.send(context.bot, self._store, chat_id, attachment)

    async def _keep(self, update: Update, chat_id: int, turn: Turn, message_id: int | None) -> None:
        if turn.session is None:
            await self._store.delete(chat_id)
        else:
            await self._store.save(chat_id, turn.session, message_id, update.update_id)


def _came_before(update: Update, stored: Stored) -> bool:
    """Whether the update was answered already: after a crash Telegram delivers again what it has no receipt for."""
    return stored.update_id is not None and 0 <= stored.update_id - update.update_id < _DELIVERED_AGAIN


def _revision(turn: Turn) -> int:
    return turn.session.revision if turn.session else 0
