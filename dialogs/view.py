"""What one step of the talk gives back to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs.session import Session


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it has words.

    action: what a tap says, ASCII, at most 48 bytes. caption: the path of its words in labels.toml; their gaps take
    the label at the path `names`, and then `count`. copies: a tap copies the case as a line of text instead.
    url: a tap opens this address (https) instead.
    """

    action: str
    caption: str
    names: str = ""
    count: str = ""
    copies: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A screen before it has words: the template, what it is filled with, the rows of buttons, and which page of it.

    A page turns by the action `paging` with the page's number behind it.
    """

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[tuple[Choice, ...], ...] = ()
    page: int = 0
    paging: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it is shown.

    action: what a tap on it says to the conversation, ASCII, at most 48 bytes.
    caption: the words on it.
    copy: text that a tap copies (at most 256 characters); such a button has an empty action.
    url: the address (https) that a tap opens; such a button has an empty action.
    """

    action: str
    caption: str
    copy: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: Telegram HTML of at most 4096 UTF-16 units, and its rows of buttons."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a document that is sent as a message of its own and stays in the chat.

    key: the same key means the same content, at most 64 characters. file_name: ends in .png or .pdf.
    as_file: sent as a document, which Telegram does not scale down; else as a photo.
    caption: plain words, at most 1024 UTF-16 units. draw: makes the content; not called when the key is known.
    """

    key: str
    file_name: str
    caption: str
    draw: Callable[[], bytes] = field(compare=False)
    as_file: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A problem that a reader reports, for the owner of the bot: all of it, nothing else may be sent.

    node: the card the reader has before them, by a name that stays the same, such as `why.resection-two-step`;
    printable ASCII without spaces, at most 125 characters. version: the content version of that card.
    """

    node: str
    version: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to one event.

    session: what to store; None means that everything about this person is to be deleted.
    screen: what to show.
    notice: one short plain line about the event itself (at most 200 characters), or empty.
    attachments: what to send besides; then the screen is the one that is there already.
    report: what to tell the owner; then the screen is the one that is there already, the session is as it was stored,
    and the notice says that it was sent.
    """

    session: Session | None
    screen: Screen
    notice: str = ""
    attachments: tuple[Attachment, ...] = ()
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """An answer for inline mode: it can be sent to any chat and carries its source. text: Telegram HTML."""

    id: str
    title: str
    description: str
    text: str
