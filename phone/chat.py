"""What one person's phone shows of the talk with the bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from phone.entities import Entity
from phone.inline import Inline
from phone.keyboard import Keyboard


@dataclass(slots=True)
class Message:
    """A message; `html` is the text or caption as the bot gave it, `text` and `entities` what is shown.

    date and edited: seconds since 1970, edited 0 when never. file: a key of Telegram.files, or empty. poll: one of
    Phones.polls, or empty. via_bot: a person chose it in inline mode. kind: "text", or what else a person sent (photo,
    voice, …). thread: the topic, 0 where there is none. album: what several pictures that were sent together share.
    """

    id: int
    from_bot: bool
    date: int
    html: str
    text: str
    entities: list[Entity] = field(default_factory=list)
    keyboard: Keyboard = field(default_factory=list)
    file: str = ""
    poll: str = ""
    via_bot: bool = False
    edited: int = 0
    kind: str = "text"
    thread: int = 0
    album: str = ""

    @property
    def buttons(self) -> list[list[str]]:
        """The captions, row by row."""
        return [[str(button["text"]) for button in row] for row in self.keyboard]


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a tap, shown for a moment (or, as an alert, until it is closed)."""

    text: str
    alert: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat, or a group when the id is negative.

    waiting: taps not answered yet, as query id → (message id, row, column); a forged one sits at (id, -1, -1).
    live: the id of the message the bot last sent or rewrote, files aside; 0 before the first.
    inline: what was last asked behind the bot's name. threads: the topics there are.
    version: grows with every change.
    """

    id: int
    first_name: str = "Trainee"
    started: bool = False
    blocked: bool = False
    messages: list[Message] = field(default_factory=list)
    toasts: list[Toast] = field(default_factory=list)
    waiting: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    typing: bool = False
    live: int = 0
    inline: Inline | None = None
    threads: set[int] = field(default_factory=set)
    version: int = 0

    def find(self, message_id: int) -> Message | None:
        """The message of that id; the newest first, for that is what is looked for."""
        return next((message for message in reversed(self.messages) if message.id == message_id), None)
