"""The callbacks for messages and taps in private chats. No word about medicine and no decision about the talk here.

A session is saved before its screen is sent: when sending fails, the next tap is stale and shows the current screen.
The other order could lose an answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatType

from bot import buttons, commands, inline, lanes, metrics, screen
from bot.delivery import Delivery, Destination
from bot.reports import Reports
from bot.service import Context
from bot.store import SessionStore, Stored
from bot.target import target
from bot.turns import Turns, idle_minutes, is_repeated, session_of
from dialogs.actions import Do, decode
from dialogs.conversation import Command, Conversation, Event, Tap, Typed
from dialogs.practice.schedule import Record
from dialogs.questions import is_number
from dialogs.view import Forget, Send, Show, Tell, Turn

UNDOING = ("start", "new", "cancel")
"""The commands that leave or delete what is on the screen."""


class Handlers:
    """The callbacks expect what the filters in `bot.app` let through."""

    def __init__(
        self, conversation: Conversation, store: SessionStore, turns: Turns, delivery: Delivery, reports: Reports
    ) -> None:
        self._conversation = conversation
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._reports = reports
        self._answers: set[asyncio.Task[None]] = set()  # the loop itself holds tasks by weak references only

    async def command(self, update: Update, context: Context) -> None:
        """A command in a private chat, with its argument.

        One that comes after a later update would undo what was done since, so it is not carried out; /forget always is.
        """
        message = cast(Message, update.message)
        command = _command(message.text)

        def respond(before: Stored | None, record: Record | None) -> Turn:
            if before and before.is_past(update.update_id) and command.name in UNDOING:
                return self._conversation.overtaken(before.session)
            return self._conversation.respond(session_of(before), command, idle_minutes(before), record)

        await self._talk(update, context, respond, event=command, repeatable=True)

    async def typed(self, update: Update, context: Context) -> None:
        """Text in a private chat."""
        message = cast(Message, update.message)
        text = message.text or ""

        def respond(before: Stored | None, record: Record | None) -> Turn:
            seen = before.seen if before else None
            early = seen is None or message.message_id < seen  # message ids in a chat grow
            return self._conversation.respond(session_of(before), Typed(text, early), idle_minutes(before), record)

        await self._talk(update, context, respond, event=Typed(text), repeatable=not is_number(text))

    async def refused(self, update: Update, context: Context) -> None:
        """A photo, voice, file, contact, location, sticker or the like in a private chat. An album is answered once."""
        message = cast(Message, update.message)
        album = message.media_group_id or ""
        if album:
            before = await self._store.load(message.chat.id)
            if before and before.last == album and not is_repeated(before, update):
                return  # an earlier picture of it was answered

        def respond(before: Stored | None, _: Record | None) -> Turn:
            return self._conversation.refused(session_of(before))

        await self._talk(update, context, respond, repeatable=True, last=album)

    async def tap(self, update: Update, context: Context) -> None:
        """A tap on a button: an answer when the button has the session's revision, else stale."""
        query = cast(CallbackQuery, update.callback_query)
        if query.message is None or query.message.chat.type != ChatType.PRIVATE:
            await screen.answer(query, self._conversation.private_only)
            return
        destination, tapped = _destination(query.message, update), query.message.message_id
        data, pressed = query.data or "", buttons.decode(query.data)
        stays = pressed is not None and decode(pressed[1]) is Do.SHOW_BELOW

        def fresh(before: Stored | None) -> bool:
            return before is not None and pressed is not None and pressed[0] == before.session.revision

        def respond(before: Stored | None, record: Record | None) -> Turn:
            turn: Turn
            if fresh(before) and pressed is not None:
                turn = self._conversation.respond(session_of(before), Tap(pressed[1]), idle_minutes(before), record)
            else:
                turn = self._conversation.stale(session_of(before))
            return replace(turn, notice="") if is_repeated(before, update) else turn

        began = time.perf_counter()
        saved = await self._turns.make(
            update,
            destination.chat_id,
            respond,
            lambda before: data if fresh(before) or before is None else before.last,
            Tap(pressed[1]) if pressed else None,
        )
        if saved is None:
            await screen.answer(query)
            return
        before, turn, _ = saved
        answering = await self._begin_answer(context, query, turn)
        if isinstance(turn, Send | Tell):
            lanes.current().leave()
            if isinstance(turn, Tell):
                await answering
            await self._delivery.send_files(context.bot, destination, turn)
            await self._delivery.note_arrival(context.bot, destination, saved, tapped)
        else:
            if before and (before.message_id, before.last) == (tapped, data) and not fresh(before):
                turn = replace(turn, notice="")  # tapped twice: its screen has only just come
            again = is_repeated(before, update) or (stays and before is not None and before.last == data)
            message_id = target(before, tapped, fresh=fresh(before), again=again, stays=stays)
            shown_on = await self._delivery.show(context.bot, destination, saved, turn, message_id)
            if shown_on not in (tapped, None):
                await self._delivery.remove_buttons(context.bot, destination.chat_id, [tapped])
            if isinstance(turn, Show) and turn.attachments:
                lanes.current().leave()
                await self._delivery.send_files(context.bot, destination, turn)
        metrics.observe_turn(turn.stage, began)
        lanes.current().leave()
        await answering  # a process that is stopped before that would leave the button spinning

    async def _begin_answer(self, context: Context, query: CallbackQuery, turn: Turn) -> asyncio.Task[None]:
        """Begin to stop the spinner of a tapped button, and pass on a report. The screen does not wait for that."""

        async def answer() -> None:
            await screen.answer(query, await self._reports.notice(context.bot, turn))

        task = asyncio.create_task(answer())
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        await asyncio.sleep(0)  # so that this call goes out first
        return task

    async def _talk(
        self,
        update: Update,
        context: Context,
        respond: Callable[[Stored | None, Record | None], Turn],
        *,
        repeatable: bool,
        event: Event | None = None,
        last: str = "",
    ) -> None:
        """Answer a message; one that is delivered again changes nothing.

        respond: see Turns. repeatable: when the message is delivered again before its answer has arrived, the same
        answer may be given again, if it changes nothing. event: what `respond` answers. last: see Stored.
        """
        destination = _destination(cast(Message, update.message), update)

        def respond_once(before: Stored | None, record: Record | None) -> Turn:
            if before and is_repeated(before, update):
                if repeatable:
                    turn = respond(before, record)
                    if not isinstance(turn, Forget) and turn.session.revision == before.session.revision:
                        return turn
                return replace(self._conversation.stale(before.session), notice="")
            return respond(before, record)

        began = time.perf_counter()
        saved = await self._turns.make(
            update, destination.chat_id, respond_once, lambda before: last or (before.last if before else ""), event
        )
        if saved is None:
            return
        before, turn, _ = saved
        if isinstance(turn, Send | Tell):
            lanes.current().leave()
            await self._delivery.send_files(context.bot, destination, turn)
            if before and before.message_id is not None:  # the screen stays on the message that shows it
                await self._delivery.note_arrival(context.bot, destination, saved, before.message_id)
        else:
            message_id = target(before, again=is_repeated(before, update))
            await self._delivery.show(context.bot, destination, saved, turn, message_id)
        metrics.observe_turn(turn.stage, began)


def _command(text: str | None) -> Command:
    """The command in a text; the link that inline mode offers (`/start ask`) counts as /ask."""
    read = commands.read(text)
    if read is None:
        return Command("")
    if (read.name, read.argument) == ("start", inline.LOOK_UP):
        return Command("ask")
    return Command(read.name, read.argument)


def _destination(message: MaybeInaccessibleMessage, update: Update) -> Destination:
    thread = message.message_thread_id if isinstance(message, Message) else None
    return Destination(message.chat.id, thread, update.update_id)
