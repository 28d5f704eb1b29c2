"""The session of every chat, and the ids of files that Telegram already has."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from bot.logs import chat_name
from bot.store.engine import Engine, Row
from bot.store.sealing import Seal
from dialogs.session import REVISIONS, Session

KEPT = 20
"""Update numbers kept of a chat."""

_compact = json.JSONEncoder(separators=(",", ":")).encode

_RECORD = b"record"
"""Added to the chat's name when its practice record is sealed, so that a record cannot be opened as a session."""

_FAR = 10_000
"""A number that is lower by more than this is not an earlier one: after a quiet week Telegram may start anywhere."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a chat.

    message_id: the live message, which is edited in place; None if there is none. arrived: whether the screen of the
    last update is known to have arrived. answered: the numbers of the last updates that were answered, at most KEPT, by
    which one that is delivered again is recognised. seen: the message that first showed the session at its present
    revision; None while none is known to have arrived. last: the callback data of the last tap that counted, or the
    album of the last pictures, by which a second tap or picture is recognised. poll: the id of the poll of the open
    practice question; empty while none is known to have been sent. row: the number of the row that it was read from or
    written to; None for neither. idle_minutes: whole minutes from the writing of that row to its reading.
    """

    session: Session
    message_id: int | None
    arrived: bool = field(default=False, compare=False)
    answered: tuple[int, ...] = field(default=(), compare=False)
    seen: int | None = field(default=None, compare=False)
    last: str = field(default="", compare=False)
    poll: str = field(default="", compare=False)
    row: int | None = field(default=None, compare=False)
    idle_minutes: int = field(default=0, compare=False)

    def with_answered(self, update_id: int, session: Session, last: str = "") -> Stored:
        """What is stored once that update has led to this session, whose screen has not arrived yet."""
        answered = tuple(sorted({*self.answered, update_id})[-KEPT:])
        seen = self.seen if self.session.revision == session.revision else None
        poll = self.poll if self.session.practice == session.practice else ""
        return Stored(session, self.message_id, False, answered, seen, last, poll)

    def has_answered(self, update_id: int) -> bool:
        """Whether that update was answered. One that is earlier than all numbers kept counts as answered."""
        if update_id in self.answered:
            return True
        return len(self.answered) == KEPT and 0 < self.answered[0] - update_id < _FAR

    def has_later(self, update_id: int) -> bool:
        """Whether an update after that one was answered."""
        return bool(self.answered) and 0 < self.answered[-1] - update_id < _FAR

    def is_past(self, update_id: int) -> bool:
        """Whether a later update was answered before that one, which was not."""
        return self.has_later(update_id) and not self.has_answered(update_id)


class SessionStore:
    """Sessions by chat id and file ids by attachment key, sealed before they reach the engine.

    Every method but close raises StoreUnavailableError.
    """

    def __init__(self, engine: Engine, seal: Seal) -> None:
        self._engine = engine
        self._seal = seal
        self.open = engine.open
        self.close = engine.close
        self.ping = engine.ping
        self.try_writing = engine.try_writing
        self.expire = engine.expire

    async def load(self, chat_id: int) -> Stored | None:
        """What is stored of the chat; None when there is nothing. What cannot be read is deleted."""
        name = self._seal.name("chat", chat_id)
        row = await self._engine.read(name)
        if row is None:
            return None
        try:
            return _read(self._seal.open(name, row.sealed), row.number, max(0, int(row.age // 60)))
        except (ValueError, TypeError):
            _log.warning("chat %s: its session cannot be read and is deleted", chat_name(chat_id))
            await self._engine.delete(name)
            return None

    async def record(self, chat_id: int) -> str:
        """The chat's practice record; empty when there is none, or it cannot be read."""
        name = self._seal.name("chat", chat_id)
        sealed = await self._engine.read_record(name)
        try:
            return self._seal.open(name + _RECORD, sealed) if sealed else ""
        except ValueError:
            return ""

    async def save(
        self, chat_id: int, stored: Stored, before: Stored | None, record: str | None = None
    ) -> Stored | None:
        """Store `stored` in place of `before`, which is what load or an earlier save returned. Returns it with its row;
        None, with nothing changed, when somebody else has written meanwhile.

        record: the chat's practice record, written with it or not at all; None leaves it as it is.
        """
        name = self._seal.name("chat", chat_id)
        # A chat's first number is random, as its first revision is, so that after a /forget no earlier `before` fits.
        number = stored.session.revision if before is None or before.row is None else (before.row + 1) % REVISIONS
        row = Row(number, self._seal.seal(name, _written(stored)))
        sealed = None if record is None else self._seal.seal(name + _RECORD, record)
        written = await self._engine.write(name, row, before.row if before else None, sealed)
        return replace(stored, row=number) if written else None

    async def delete(self, chat_id: int) -> None:
        """Delete all that is stored of the chat."""
        await self._engine.delete(self._seal.name("chat", chat_id))

    async def file_id(self, key: str) -> str | None:
        """The id that Telegram last gave the file of that key, or None."""
        name = self._seal.name("file", key)
        sealed = await self._engine.read_file(name)
        try:
            return self._seal.open(name, sealed) if sealed else None
        except ValueError:
            return None

    async def keep_file_id(self, key: str, file_id: str) -> None:
        """Store the id, in place of an earlier one."""
        name = self._seal.name("file", key)
        await self._engine.write_file(name, self._seal.seal(name, file_id))


def _written(stored: Stored) -> str:
    """Two lines of JSON, the session and the rest. The numbers after the first are written as differences."""
    numbers = stored.answered
    steps = [*numbers[:1], *(later - earlier for earlier, later in pairwise(numbers))]
    poll = (stored.poll,) if stored.poll else ()
    rest = (stored.message_id, int(stored.arrived), steps, stored.seen, stored.last, *poll)
    return f"{stored.session.to_json()}\n{_compact(rest)}"


def _read(text: str, row: int, idle_minutes: int) -> Stored:
    """What `_written` or the release 2012.1.0 wrote. Raises ValueError or TypeError on anything else."""
    session, _, rest = text.partition("\n")
    if rest:
        message_id, arrived, steps, seen, last, *poll = json.loads(rest)
        numbers = tuple(accumulate(steps))
    else:
        session, message_id, arrived, numbers = json.loads(text)
        seen, last, poll = message_id if arrived else None, "", []
    read = Session.from_json(session)
    return Stored(read, message_id, bool(arrived), tuple(numbers), seen, last, "".join(poll), row, idle_minutes)
