"""What one step of the talk gives back to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs.actions import Action, Copy, Link, Paged
from dialogs.session import Session
from dialogs.summary import Said


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it has words.

    action: what a tap does. caption: the path of its words in labels.toml; their gaps take the label at the path
    `names`, and then `count` or, in few words, what is `said`. ticked: it is what was chosen. irrelevant: a tap
    makes no difference now.
    """

    action: Action | Copy | Link
    caption: str
    names: str = ""
    count: str = ""
    said: Said | None = None
    ticked: bool = False
    irrelevant: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A screen before it has words: the template, what it is filled with, the rows of buttons, and which page of it.

    paging: the action that shows it, by which its pages are turned. beside: for each block of the text in order, the
    button that stands on the page with that block, if there is one.
    """

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    rows: tuple[tuple[Choice, ...], ...] = ()
    page: int = 0
    paging: Paged | None = None
    beside: tuple[Choice | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it is shown.

    action: the encoded action, ASCII, at most 48 bytes (see `actions`).
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
    caption: plain words, at most 1024 UTF-16 units. draw: makes the content; not called when the key is known. rows: of
    buttons below it.
    """

    key: str
    file_name: str
    caption: str
    draw: Callable[[], bytes] = field(compare=False)
    as_file: bool = False
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A problem that a reader reports, for the owner of the bot: all of it, nothing else may be sent.

    node: the card the reader has before them, by a name that stays the same, such as `why.resection-two-step`;
    printable ASCII without spaces, at most 125 characters. version: the content version of that card.
    """

    node: str
    version: str


@dataclass(frozen=True, slots=True)
class Poll:
    """A quiz with one right answer, sent as a message of its own below the screen. In UTF-16 units: question at most
    300, options 2 to 12 of at most 100 each, explanation at most 200; all plain words. right: its place, from 0."""

    question: str
    options: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show a screen in the place of the one that is there, and send the attachments, if there are any, below it.

    session: what to store. stage: where the talk stands, for metrics. notice: one short plain line about the event
    itself (at most 200 characters), or empty. poll: belongs to the screen, and is sent below it once. record: what to
    keep of the person's practice from now on; None: as it is.
    """

    session: Session
    screen: Screen
    stage: str
    notice: str = ""
    poll: Poll | None = None
    record: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """Send files, and then a text, as messages of their own, in order; the screen that is there stays.

    text: plain, at most 4096 UTF-16 units, to be forwarded, so without buttons; empty for none. The rest as in `Show`.
    """

    session: Session
    attachments: tuple[Attachment, ...]
    stage: str
    notice: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the owner of a reported problem; the screen that is there stays.

    session: as it was stored, also when its content is an older one. notice: says that the report was sent.
    """

    session: Session
    report: Report
    stage: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete everything about this person, and show that."""

    screen: Screen
    stage: str
    notice: str = ""


Turn = Show | Send | Tell | Forget
"""The answer to one event."""


@dataclass(frozen=True, slots=True)
class Card:
    """An answer for inline mode: it can be sent to any chat and carries its source. text: Telegram HTML."""

    id: str
    title: str
    description: str
    text: str
