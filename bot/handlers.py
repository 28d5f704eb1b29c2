"""Updates to turns: decode, load, converse, save, send. No word about medicine and no decision here.

A session is saved before its screen is sent: when sending fails, the next tap is stale and shows the
current screen again. The other order could lose an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple, cast

from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    InlineQuery,
    MaybeInaccessibleMessage,
    Message,
    PollAnswer,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import attachments, buttons, commands, faults, inline, lanes, metrics, polls, receipt, screen
from bot.logs import chat_name
from bot.reports import Reports
from bot.sending import insist
from bot.store import SessionStore, Stored, StoreUnavailableError
from bot.target import target
from dialogs.conversation import COMMANDS, Chosen, Command, Conversation, Event, Tap, Typed
from dialogs.practice.schedule import Record
from dialogs.questions import is_number
from dialogs.session import Session
from dialogs.view import Forget, Send, Show, Tell, Turn

Context = ContextTypes.DEFAULT_TYPE

UNDOING = ("start", "new", "cancel")
"""The commands that leave what is on the screen, or delete it."""

_MOST_UNSURE = 2
"""How often a new message is handed to Telegram when no answer comes in time; each may have arrived."""

_STRIPS = 5
"""How often it is tried to take the buttons off an old message."""

_TRIES = 10
"""How often an update is begun anew because another worker has changed the same session meanwhile."""

_LOOKS, _LOOK_AGAIN = 10, 0.3
"""How often, and after how many seconds each, it is looked whether the id of a poll is stored by now: its answer may
come sooner."""

_Respond = Callable[[Stored | None, Record | None], Turn | None]
"""From what is stored of a chat, and of its practice where the event needs that, to the turn; None: nothing to do."""

_log = logging.getLogger(__name__)


class _Chat(NamedTuple):
    """thread: the topic in which the person writes, in a private chat that has topics. update: the one to answer."""

    id: int
    thread: int | None
    update: int


class _Settled(NamedTuple):
    """A step that is done. before: what was stored; saved: what is stored since, None after a /forget."""

    before: Stored | None
    turn: Turn
    saved: Stored | None


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
        self._answers: set[asyncio.Task[None]] = set()  # a task that nobody holds may be thrown away

    async def turn_away(self, update: Update, context: Context) -> None:
        """End the handling of an update of somebody not invited, with one line in private if it gets through."""
        if update.effective_user and update.effective_user.id in self._allowed_users:
            return
        if update.my_chat_member:
            return  # leaving is for everyone
        try:
            await self._refuse(update)
        except TelegramError as error:
            _log.warning("somebody who is not invited could not be told: %s", type(error).__name__)
        raise ApplicationHandlerStop

    async def _refuse(self, update: Update) -> None:
        not_invited = self._conversation.not_invited
        if update.callback_query:
            await screen.answer(update.callback_query, not_invited)
        elif update.inline_query:
            await inline.refuse(update.inline_query)
        elif update.message and update.message.chat.type == ChatType.PRIVATE:
            await update.message.reply_text(not_invited)

    async def command(self, update: Update, context: Context) -> None:
        """A command in a private chat, with what follows it.

        One that was overtaken by a later update would undo what came after it; only /forget is never too late.
        """
        message = cast(Message, update.message)
        command = _command(message.text)

        def respond(before: Stored | None, record: Record | None) -> Turn:
            if before and before.is_past(update.update_id) and command.name in UNDOING:
                return self._conversation.overtaken(before.session)
            return self._conversation.respond(_session(before), command, _idle(before), record)

        await self._talk(update, context, respond, event=command, anew=True)

    async def typed(self, update: Update, context: Context) -> None:
        """Text in a private chat."""
        message = cast(Message, update.message)
        text = message.text or ""

        def respond(before: Stored | None, record: Record | None) -> Turn:
            seen = before.seen if before else None
            early = seen is None or message.message_id < seen  # numbers in a chat grow
            return self._conversation.respond(_session(before), Typed(text, early), _idle(before), record)

        await self._talk(update, context, respond, event=Typed(text), anew=not is_number(text))

    async def refused(self, update: Update, context: Context) -> None:
        """A photo, voice, file, contact, location, sticker or the like in a private chat; an album once."""
        message = cast(Message, update.message)
        album = message.media_group_id or ""
        if album:
            before = await self._store.load(message.chat.id)
            if before and before.last == album and not _again(before, update):
                return  # its first picture was answered

        def respond(before: Stored | None, _: Record | None) -> Turn:
            return self._conversation.refused(_session(before))

        await self._talk(update, context, respond, anew=True, last=album)

    async def tap(self, update: Update, context: Context) -> None:
        """A tap on a button: an answer when its revision is the session's, stale otherwise."""
        query = cast(CallbackQuery, update.callback_query)
        if query.message is None or query.message.chat.type != ChatType.PRIVATE:
            await screen.answer(query, self._conversation.private_only)
            return
        chat, tapped = _chat(query.message, update), query.message.message_id
        data, pressed = query.data or "", buttons.decode(query.data)

        def fresh(before: Stored | None) -> bool:
            return before is not None and pressed is not None and pressed[0] == before.session.revision

        def turn_on(before: Stored | None, record: Record | None) -> Turn:
            again = _again(before, update)
            turn: Turn
            if fresh(before) and pressed is not None:
                turn = self._conversation.respond(_session(before), Tap(pressed[1]), _idle(before), record)
            else:
                turn = self._conversation.stale(_session(before))
            return replace(turn, notice="") if again else turn

        began = time.perf_counter()
        settled = await self._settle(
            update,
            chat.id,
            turn_on,
            lambda before: data if fresh(before) or before is None else before.last,
            Tap(pressed[1]) if pressed else None,
        )
        if settled is None:
            await screen.answer(query)
            return
        before, turn, _ = settled
        answering = await self._answer(context, query, turn)
        if isinstance(turn, Send | Tell):
            lanes.here().leave()
            if isinstance(turn, Tell):
                await answering
            await self._attach(context, chat, turn)
            await self._follow(context, chat, settled, tapped)
        else:
            if before and (before.message_id, before.last) == (tapped, data) and not fresh(before):
                turn = replace(turn, notice="")  # tapped twice: its screen has only just come
            to = target(before, tapped, fresh=fresh(before), again=_again(before, update))
            shown = await self._show(context, chat, settled, turn, to)
            if shown not in (tapped, None):
                await self._strip(context, chat.id, tapped)
            if isinstance(turn, Show) and turn.attachments:
                lanes.here().leave()
                await self._attach(context, chat, turn)
        self._count(turn, began)
        lanes.here().leave()
        await answering  # killed before that, a process would leave the button spinning

    async def chosen(self, update: Update, context: Context) -> None:
        """An answer to a practice question's poll. It counts once, from the person in whose chat the poll is open: one
        that was handed on can be answered by others as well."""
        answer = cast(PollAnswer, update.poll_answer)
        if answer.user is None or len(answer.option_ids) != 1:
            return
        chat, option = _Chat(answer.user.id, None, update.update_id), answer.option_ids[0]

        def turn_on(before: Stored | None, record: Record | None) -> Turn | None:
            if before and _again(before, update):
                return replace(self._conversation.stale(before.session), notice="")
            if before is None or before.poll != answer.poll_id:
                return None
            return self._conversation.respond(before.session, Chosen(option), _idle(before), record)

        began = time.perf_counter()
        await self._until_known(chat.id)
        settled = await self._settle(
            update, chat.id, turn_on, lambda before: before.last if before else "", Chosen(option)
        )
        if settled and isinstance(settled.turn, Show):
            to = target(settled.before, again=_again(settled.before, update))
            await self._show(context, chat, settled, settled.turn, to)
            self._count(settled.turn, began)

    async def _until_known(self, chat_id: int) -> None:
        """Wait a little while a poll is on its way of which the id is not stored yet."""
        for _ in range(_LOOKS):
            stored = await self._store.load(chat_id)
            if stored is None or stored.poll or not stored.session.is_asked:
                return
            await asyncio.sleep(_LOOK_AGAIN)

    async def _answer(self, context: Context, query: CallbackQuery, turn: Turn) -> asyncio.Task[None]:
        """Begin to stop the spinner of a tapped button, and hand on a report. The screen does not wait for that."""

        async def answer() -> None:
            await screen.answer(query, await self._reports.notice(context.bot, turn))

        task = asyncio.create_task(answer())
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        await asyncio.sleep(0)  # it goes first
        return task

    async def in_group(self, update: Update, context: Context) -> None:
        """A command in a group: one line, unless it is meant for another bot, or may be."""
        message, command = cast(Message, update.message), commands.read(cast(Message, update.message).text)
        if command is None:
            return
        mine = command.bot == context.bot.username.lower()
        if not mine and (command.bot or command.name not in COMMANDS):
            return
        lanes.here().leave()
        try:
            await insist(lambda: message.reply_text(self._conversation.private_only, allow_sending_without_reply=True))
        except TelegramError as error:  # no rights, a closed topic, the bot put out of the group, …
            _log.info("chat %s: a group does not take the answer: %s", chat_name(message.chat.id), type(error).__name__)

    async def inline(self, update: Update, context: Context) -> None:
        """A question typed behind the bot's name, in any chat."""
        query = cast(InlineQuery, update.inline_query)
        # An answer that Telegram keeps for everybody would reach those who are not invited.
        await inline.answer(query, self._conversation, personal=bool(self._allowed_users))

    async def membership(self, update: Update, context: Context) -> None:
        """Somebody blocked the bot or deleted the chat: so is what is stored of them, unless they are back since."""
        change = cast(ChatMemberUpdated, update.my_chat_member)
        if change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT):
            stored = await self._store.load(change.chat.id)
            if stored is None or not stored.is_past(update.update_id):  # of practice more may be kept than a session
                await self._store.delete(change.chat.id)
                _log.info("chat %s: left, its session is deleted", chat_name(change.chat.id))

    async def _talk(
        self,
        update: Update,
        context: Context,
        respond: Callable[[Stored | None, Record | None], Turn],
        *,
        anew: bool,
        event: Event | None = None,
        last: str = "",
    ) -> None:
        """Answer a message; one that is delivered again changes nothing. respond: from what was stored.

        anew: when it is delivered again before its answer has arrived, the same answer fits, if it changes nothing.
        event: what `respond` answers. last: see Stored.
        """
        chat = _chat(cast(Message, update.message), update)

        def turn_on(before: Stored | None, record: Record | None) -> Turn:
            if before and _again(before, update):
                if anew:
                    turn = respond(before, record)
                    if not isinstance(turn, Forget) and turn.session.revision == before.session.revision:
                        return turn
                return replace(self._conversation.stale(before.session), notice="")
            return respond(before, record)

        began = time.perf_counter()
        settled = await self._settle(
            update, chat.id, turn_on, lambda before: last or (before.last if before else ""), event
        )
        if settled is None:
            return
        before, turn, _ = settled
        if isinstance(turn, Send | Tell):
            lanes.here().leave()
            await self._attach(context, chat, turn)
            if before and before.message_id is not None:  # the screen is the one that is there already
                await self._follow(context, chat, settled, before.message_id)
        else:
            await self._show(context, chat, settled, turn, target(before, again=_again(before, update)))
        self._count(turn, began)

    async def _show(
        self, context: Context, chat: _Chat, settled: _Settled, turn: Show | Forget, to: int | None
    ) -> int | None:
        """Show the turn's screen on message `to`, or on a new one when that is None, with its notice as the first line.

        Returns the id of the message that shows it; None when a later update of the chat came to show its own, or when
        Telegram does not say.
        """
        revision, unsure = _revision(turn), 0

        async def show() -> int | None:
            nonlocal unsure
            try:
                if to is None:
                    return await screen.send(context.bot, chat.id, turn.screen, revision, turn.notice, chat.thread)
                return await screen.replace(context.bot, chat.id, to, turn.screen, revision, turn.notice, chat.thread)
            except TelegramError as error:
                unsure += to is None and faults.may_have_arrived(error)
                if unsure < _MOST_UNSURE:
                    raise
                _log.warning("a screen was handed to Telegram, which did not say in time that it took it")
                return None

        place = lanes.here()
        async with place.showing():
            place.shows(to)
            shown = await insist(show, None if to is None else place.overtaken)
            place.shows(shown)
            poll = await self._ask(context, chat, settled, turn) if shown is not None else ""
            live = shown is not None and await self._follow(context, chat, settled, shown, poll)
        before = settled.before
        if live and before and before.message_id not in (None, shown):
            await self._strip(context, chat.id, before.message_id)
        return shown

    async def _ask(self, context: Context, chat: _Chat, settled: _Settled, turn: Show | Forget) -> str:
        """Send the poll of a practice question that has none yet. Returns its id; empty where there is nothing to send,
        or Telegram does not say that it took it: it can be asked for again."""
        poll, unsure = turn.poll if isinstance(turn, Show) else None, 0
        if poll is None or settled.saved is None or settled.saved.poll:
            return ""

        async def send() -> str:
            nonlocal unsure
            try:
                return await polls.send(context.bot, chat.id, poll, chat.thread)
            except TelegramError as error:
                unsure += faults.may_have_arrived(error)
                if unsure < _MOST_UNSURE:
                    raise
                _log.warning("a poll was handed to Telegram, which did not say in time that it took it")
                return ""

        return await insist(send) or ""

    def _count(self, turn: Turn, began: float) -> None:
        metrics.turns.labels(turn.stage).observe(time.perf_counter() - began)

    async def _attach(self, context: Context, chat: _Chat, turn: Turn) -> None:
        if isinstance(turn, Send | Show):
            revision = turn.session.revision
            for attachment in turn.attachments:
                await attachments.send(context.bot, self._store, chat.id, attachment, revision, chat.thread)
        if isinstance(turn, Send) and turn.text:
            await attachments.send_text(context.bot, chat.id, turn.text, chat.thread)

    async def _settle(
        self,
        update: Update,
        chat_id: int,
        turn_on: _Respond,
        last: Callable[[Stored | None], str],
        event: Event | None = None,
    ) -> _Settled | None:
        """Load, respond and save as one step: where another worker was quicker, all of it again.

        turn_on, last: from what was stored to the turn, and to what Stored keeps as `last`. event: what is answered.
        Returns None where there is nothing to do, as for an update that is delivered again although the current screen
        has arrived, or will with a later update.
        """
        await lanes.here().enter()
        for _ in range(_TRIES):
            before = await self._store.load(chat_id)
            if before and _again(before, update) and (before.arrived or before.has_later(update.update_id)):
                receipt.current().stored = True
                return None
            record = None
            if event and self._conversation.needs_record(_session(before), event):  # read after the row: see Engine
                record = Record.read(await self._store.record(chat_id), datetime.now(UTC).date())
            turn = turn_on(before, record)
            if turn is None:
                receipt.current().stored = True
                return None
            if isinstance(turn, Forget):
                await self._store.delete(chat_id)
                receipt.current().stored = True
                return _Settled(before, turn, None)
            stored = before or Stored(turn.session, None)
            saved = await self._store.save(
                chat_id,
                stored.with_answered(update.update_id, turn.session, last(before)),
                before,
                turn.record if isinstance(turn, Show) else None,
            )
            if saved:
                receipt.current().stored = True
                return _Settled(before, turn, saved)
        raise StoreUnavailableError("others were quicker every time")

    async def _follow(self, context: Context, chat: _Chat, settled: _Settled, shown: int, poll: str = "") -> bool:
        """Note that the screen has arrived, and where, and the id of the poll that was sent with it. Returns whether it
        is the live one.

        Where another worker has moved on meanwhile, and its screen may have come before this one to the same message,
        show what is current.
        """
        revision, now = _revision(settled.turn), settled.saved or await self._store.load(chat.id)
        for _ in range(_TRIES):
            if now is None:
                if not isinstance(settled.turn, Forget):  # forgotten meanwhile: so is what this screen shows
                    await screen.replace(context.bot, chat.id, shown, self._conversation.forgotten(), 0)
                return False
            if now.session.revision == revision:
                if now.arrived and now.message_id == shown and not poll:
                    return True
                seen = shown if now.seen is None else now.seen
                arrived = max(now.answered) == chat.update  # that of a later one is still to come
                followed = replace(now, message_id=shown, arrived=arrived, seen=seen, poll=poll or now.poll)
                if await self._store.save(chat.id, followed, now):
                    return True
            elif target(now, shown) == shown:
                revision = now.session.revision
                current = self._conversation.stale(now.session).screen
                await screen.replace(context.bot, chat.id, shown, current, revision)
            else:
                return False
            now = await self._store.load(chat.id)
        return False

    async def _strip(self, context: Context, chat_id: int, message_id: int | None) -> None:
        """Take the buttons off a message that is no longer the live one. Nobody waits for that, and it may fail."""
        lanes.here().leave()
        receipt.current().on_its_way()
        if message_id is None:
            return

        place = lanes.here()

        async def strip() -> None:
            now = await self._store.load(chat_id)
            if message_id in (place.shown, now.message_id if now else None):
                return  # the person has gone back to it meanwhile
            await screen.strip(context.bot, chat_id, message_id)
            if place.shown == message_id and (now := await self._store.load(chat_id)):  # or did so while they came off
                current = self._conversation.stale(now.session).screen
                await screen.replace(context.bot, chat_id, message_id, current, now.session.revision)

        with contextlib.suppress(TelegramError, StoreUnavailableError):
            await insist(strip, tries=_STRIPS)


def _command(text: str | None) -> Command:
    """The command in a text; the link to the look-up, which inline mode offers, is one to /ask."""
    read = commands.read(text)
    if read is None:
        return Command("")
    if (read.name, read.argument) == ("start", inline.LOOK_UP):
        return Command("ask")
    return Command(read.name, read.argument)


def _chat(message: MaybeInaccessibleMessage, update: Update) -> _Chat:
    thread = message.message_thread_id if isinstance(message, Message) else None
    return _Chat(message.chat.id, thread, update.update_id)


def _session(stored: Stored | None) -> Session | None:
    return stored.session if stored else None


def _idle(stored: Stored | None) -> int:
    return stored.idle if stored else 0


def _again(before: Stored | None, update: Update) -> bool:
    """Whether the update is delivered again after it was answered."""
    return before is not None and before.has_answered(update.update_id)


def _revision(turn: Turn) -> int:
    return 0 if isinstance(turn, Forget) else turn.session.revision
