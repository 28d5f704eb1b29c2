"""The people's side of the stand-in: their chats, what they do, and the updates that result from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from phone.chat import Chat, Message
from phone.files import File
from phone.inline import LONGEST_QUESTION, Inline
from phone.objects import OTHER_KINDS, chat_json, message_json, person_json
from phone.polls import Poll

KINDS = frozenset({"message", "callback_query", "inline_query", "poll_answer", "my_chat_member"})
"""The kinds of updates that can result."""

_MOST_UPDATES = 100  # in one answer
_LONGEST_TYPED = 4096

Result = TypeVar("Result")


class Phones:
    """All chats with one bot, in memory.

    now: the clock, seconds since 1970. files: by file id. polls: by poll id. on_change: called after every change.
    version: grows when something changes that every chat shows. allowed: the kinds of updates that the bot wants; no
    others are made.
    """

    def __init__(self, me: dict[str, Any], now: Callable[[], float] = time.time) -> None:
        self.me = me
        self.files: dict[str, File] = {}
        self.polls: dict[str, Poll] = {}
        self.on_change: list[Callable[[], None]] = []
        self.version = 0
        self.allowed = KINDS
        self.now = now
        self.chats: dict[int, Chat] = {}
        self.asked: dict[str, Chat] = {}  # callback queries not answered yet
        self.asked_inline: dict[str, tuple[Chat, Inline]] = {}  # inline queries not answered yet
        self._updates: list[dict[str, Any]] = []
        self._last_message = self._last_query = 0
        self._last_update = int(now())  # above those of an earlier start, as with Telegram

    def chat(self, chat_id: int) -> Chat:
        """The chat of that id, which is created if needed. A negative id is a group."""
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def say(self, chat_id: int, text: str, first_name: str = "Trainee", thread: int = 0) -> dict[str, Any]:
        """Send a text. thread: a topic of the chat, or 0. Returns the update.

        Raises ValueError for a text that a client cannot send.
        """
        text = text.strip()
        if not 1 <= len(text) <= _LONGEST_TYPED:
            raise ValueError(f"a message has 1 to {_LONGEST_TYPED} characters")
        chat = self.chat(chat_id)
        chat.first_name = first_name
        if thread:
            chat.threads.add(thread)
        return self._said(chat, Message(self.next_message(), False, self.time(), text, text, thread=thread))

    def send_other(self, chat_id: int, kind: str, album: str = "") -> dict[str, Any]:
        """Send a photo, voice, document, contact, location or sticker. album: its name, or empty. Returns the
        update."""
        if kind not in OTHER_KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(OTHER_KINDS)}")
        message = Message(self.next_message(), False, self.time(), "", "", kind=kind, album=album)
        return self._said(self.chat(chat_id), message)

    def tap(self, chat_id: int, message_id: int, row: int, column: int) -> dict[str, Any]:
        """Tap a button. Returns the update. Raises LookupError for a button that does not exist, or that sends the bot
        nothing."""
        message = self.chat(chat_id).find(message_id)
        if message is None or min(row, column) < 0:
            raise LookupError(f"no button at row {row}, column {column} of message {message_id}")
        data = message.keyboard[row][column].get("callback_data")
        if data is None:
            raise LookupError("that button works without the bot")
        return self._query(self.chat(chat_id), message, str(data), (message_id, row, column))

    def forge(self, chat_id: int, message_id: int, data: str) -> dict[str, Any]:
        """Send a callback with any data, as a manipulated client could. Returns the update."""
        chat = self.chat(chat_id)
        message = chat.find(message_id) or Message(message_id, True, self.time(), "", "")
        return self._query(chat, message, data, (message_id, -1, -1))

    def ask_inline(self, chat_id: int, text: str) -> dict[str, Any]:
        """Type `@bot text` into the chat, without sending it. Returns the update."""
        chat = self.chat(chat_id)
        chat.inline = Inline(self._next_query(), text[:LONGEST_QUESTION])
        self.asked_inline[chat.inline.query] = chat, chat.inline
        body = {
            "id": chat.inline.query,
            "from": person_json(chat),
            "query": chat.inline.text,
            "offset": "",
            "chat_type": "group" if chat.id < 0 else "sender",
        }
        return self.changed(self._update("inline_query", body), chat)

    def choose(self, chat_id: int, result_id: str) -> dict[str, Any]:
        """Send a result that is offered. Returns the update. Raises LookupError for one that is not offered."""
        chat = self.chat(chat_id)
        offered = chat.inline.results if chat.inline else []
        chosen = next((result for result in offered if result.id == result_id), None)
        if chosen is None:
            raise LookupError("that result is not offered")
        chat.inline = None
        message = Message(self.next_message(), False, self.time(), chosen.html, chosen.text, chosen.entities)
        message.keyboard, message.via_bot = chosen.keyboard, True
        return self._said(chat, message)

    def vote(self, chat_id: int, poll_id: str, option: int) -> dict[str, Any]:
        """Choose an option of a poll, which may have been forwarded from another chat. Returns the update.

        Raises LookupError for an unknown poll or option, and when the person has chosen before.
        """
        poll, chat = self.polls[poll_id], self.chat(chat_id)
        if option not in range(len(poll.options)) or abs(chat_id) in poll.votes:
            raise LookupError("that option cannot be chosen")
        poll.votes[abs(chat_id)] = option
        body = {
            "poll_id": poll_id,
            "user": person_json(chat),
            "option_ids": [option],
            "option_persistent_ids": [str(option)],
        }
        return self.changed(self._update("poll_answer", body), chat)

    def block(self, chat_id: int) -> dict[str, Any]:
        """Block the bot. Returns the update."""
        return self._membership(chat_id, blocked=True)

    def unblock(self, chat_id: int) -> dict[str, Any]:
        """Unblock the bot. Returns the update."""
        return self._membership(chat_id, blocked=False)

    @property
    def pending(self) -> list[dict[str, Any]]:
        """The updates that are not confirmed yet, oldest first."""
        return list(self._updates)

    def confirm(self, update_id: int) -> None:
        """The webhook has taken that update. A second call changes nothing."""
        self._updates = [update for update in self._updates if update["update_id"] != update_id]

    def drop(self) -> None:
        """Forget all pending updates."""
        self._updates.clear()

    def updates(self, offset: int) -> list[dict[str, Any]]:
        """The pending updates from `offset` on, at most 100. Those below it are confirmed and removed."""
        if offset > 0:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
        return self._updates[:_MOST_UPDATES]

    def _said(self, chat: Chat, message: Message) -> dict[str, Any]:
        chat.started = True
        chat.messages.append(message)
        return self.changed(self._update("message", self.json(chat, message)), chat)

    def _query(self, chat: Chat, message: Message, data: str, where: tuple[int, int, int]) -> dict[str, Any]:
        query = self._next_query()
        chat.started = True
        chat.waiting[query] = where
        self.asked[query] = chat
        body = {
            "id": query,
            "from": person_json(chat),
            "message": self.json(chat, message),
            "chat_instance": str(chat.id),
            "data": data,
        }
        return self.changed(self._update("callback_query", body), chat)

    def _membership(self, chat_id: int, *, blocked: bool) -> dict[str, Any]:
        chat = self.chat(chat_id)
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        chat.blocked = blocked
        body = {
            "chat": chat_json(chat),
            "from": person_json(chat),
            "date": self.time(),
            "old_chat_member": self._member(was),
            "new_chat_member": self._member(now),
        }
        return self.changed(self._update("my_chat_member", body), chat)

    def _member(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": self.me, **until}

    def _update(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        self._last_update += 1
        update = {"update_id": self._last_update, kind: body}
        if kind in self.allowed:
            self._updates.append(update)
        return update

    def json(self, chat: Chat, message: Message) -> dict[str, Any]:
        """The Message object."""
        return message_json(chat, message, self.me, self.files.get(message.file), self.polls.get(message.poll))

    def _next_query(self) -> str:
        self._last_query += 1
        return str(self._last_query)

    def next_message(self) -> int:
        """The id of a new message."""
        self._last_message += 1
        return self._last_message

    def next_poll(self) -> int:
        """The id of a new poll. It is new even after a restart, as with Telegram."""
        return self._last_update * 1000 + len(self.polls) + 1

    def time(self) -> int:
        """The clock, in whole seconds since 1970."""
        return int(self.now())

    def changed(self, result: Result, chat: Chat | None = None) -> Result:
        """Note a change of this chat (None: of all), call everyone in on_change, and return `result`."""
        if chat is None:
            self.version += 1
        else:
            chat.version += 1
        for notify in list(self.on_change):
            notify()
        return result
