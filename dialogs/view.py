"""What a step of the talk returns: views, screens and turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs.actions import Action, Copy, Link, Paged
from dialogs.session import Session
from dialogs.summary import Said


@dataclass(frozen=True, slots=True)
class Choice:
    """A button before it has words.

    action: what a tap does. caption: the path of its words in labels.toml, whose gaps are filled with the label at the
    path `names` and then with `count`, or with what is `said` in few words. ticked: whether it is the chosen option.
    irrelevant: whether its line does not matter now.
    """

    action: Action | Copy | Link
    caption: str
    names: str = ""
    count: str = ""
    said: tuple[Said, ...] = ()
    ticked: bool = False
    irrelevant: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A screen before it has words: the template, its context, the rows of buttons, and the number of the page.

    paging: the action that shows the view, for the buttons that turn its pages. beside: for each block of the text in
    order, the button that is shown on the page with that block, or None.
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

    key: the same for the same content, at most 64 characters. file_name: ends in .png or .pdf. caption: plain text, at
    most 1024 UTF-16 units. draw: makes the content; not called when a file of that key was sent before. as_file: send
    it as a document, which Telegram does not scale down, and not as a photo. rows: of buttons below it.
    """

    key: str
    file_name: str
    caption: str
    draw: Callable[[], bytes] = field(compare=False)
    as_file: bool = False
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A problem report for the owner of the bot. Nothing else may be sent with it.

    node: the card that the reader sees, by a stable name such as `why.resection-two-step`; printable ASCII without
    spaces, at most 125 characters. version: the content version of that card.
    """

    node: str
    version: str


@dataclass(frozen=True, slots=True)
class Poll:
    """A quiz with one right answer, sent as a message of its own below the screen.

    All texts are plain. In UTF-16 units: question at most 300, 2 to 12 options of at most 100 each, explanation at most
    200. right: the index of the right option.
    """

    question: str
    options: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Show:
    """Show a screen in place of the present one, and send the attachments below it.

    session: to be stored. stage: for metrics. notice: a plain line about the event (at most 200 characters), or empty.
    poll: sent once below the screen, or None. record: the practice record to be stored; None leaves it as it is.
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
    """Send files, and then a text, each as a message of its own; the present screen stays.

    text: plain, at most 4096 UTF-16 units; empty for none. rows: of buttons below the text, which Telegram leaves out
    when the message is forwarded. The rest as in `Show`.
    """

    session: Session
    attachments: tuple[Attachment, ...]
    stage: str
    notice: str = ""
    text: str = ""
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """Report a problem to the owner; the present screen stays.

    session: as it was stored, even under an older content version. notice: says that the report was sent.
    """

    session: Session
    report: Report
    stage: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete everything about the person, and show a screen that says so."""

    screen: Screen
    stage: str
    notice: str = ""


Turn = Show | Send | Tell | Forget
"""The answer to one event."""


@dataclass(frozen=True, slots=True)
class Card:
    """An answer in inline mode, which can be sent to any chat and has its source in it. text: Telegram HTML."""

    id: str
    title: str
    description: str
    text: str
