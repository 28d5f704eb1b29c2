"""A chat with the bot as one person's phone shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from phone.entities import Entity
from phone.inline import Inline
from phone.keyboard import Keyboard


@dataclass(slots=True)
class Message:
    """A message. html: the text or caption as the bot gave it; text and entities: as shown.

    date and edited: seconds since 1970; edited is 0 for never. file: a key of Phones.files, or empty. poll: a key of
    Phones.polls, or empty. via_bot: whether a person chose it in inline mode. kind: "text", or what else a person sent
    (photo, voice, …). thread: the topic, or 0. album: the same for pictures that were sent together.
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

    waiting: taps that are not answered yet, by query id: (message id, row, column); (id, -1, -1) for a forged one.
    live: the id of the message that the bot last sent or edited, files aside; 0 before the first. inline: the last
    inline query. threads: the topics of the chat. version: grows with every change.
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
        """The message of that id; None when there is none."""
        return next((message for message in reversed(self.messages) if message.id == message_id), None)
