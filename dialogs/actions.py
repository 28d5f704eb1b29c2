"""What a button does, as a type, and as the text that its callback data carries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Do(Enum):
    """An action without parameters.

    SHOW_CURRENT: show the screen that belongs to the session. SHOW_BELOW: the same on a new message, since the one with
    the button stays as it is. DISMISS: leave the opened question, or the case that a link brought, without a change.
    TAKE: take that case over. FILL: go through the open transplant criteria. TEXT, QUESTION: send the case, or the
    question to a senior, as text.
    """

    BEGIN = "begin"
    BEGIN_PRACTICE = "begin-quiz"
    NEW = "new"
    RESUME = "resume"
    SHOW_CURRENT = "now"
    SHOW_BELOW = "below"
    BACK = "back"
    HOME = "home"
    ABOUT = "about"
    FORGET = "forget"
    TOPICS = "look"
    EXAMPLE = "example"
    PRACTICE = "quiz"
    NEXT = "next"
    POLL = "poll"
    STOP = "stop"
    TAKE = "take"
    DISMISS = "leave"
    FILL = "fill"
    TEXT = "text"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the open question with one of its options."""

    question: str
    option: str


@dataclass(frozen=True, slots=True)
class TurnLine:
    """Turn a line of the open checklist to its next option."""

    line: str


@dataclass(frozen=True, slots=True)
class Close:
    """Close the open checklist. option: the answer for the lines that are not known; empty: every line stays as it
    is."""

    question: str
    option: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Open a question out of turn, behind a result."""

    question: str


@dataclass(frozen=True, slots=True)
class Room:
    """Show a page behind a result, or the help to a question."""

    name: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """Show a topic of the look-up. part: `advice`, `reports`, `cautions` or `notes`; empty: the page it opens with."""

    name: str
    part: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Show one newer-source note."""

    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """Show what a search found, by its codes. near: nothing answers the question, and these came nearest."""

    codes: str
    near: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """Send a picture or a document."""

    name: str


@dataclass(frozen=True, slots=True)
class SendReport:
    """Report a problem with the card of this name to the bot's owner."""

    card: str


@dataclass(frozen=True, slots=True)
class Read:
    """Show what was read of a typed text.

    code: of the text's facts (see `typed_facts`). trim: with a button for each fact, which takes it out. question:
    shows what the same text found when it was looked up.
    """

    code: str
    trim: bool = False
    question: Found | None = None


@dataclass(frozen=True, slots=True)
class BeginWith:
    """Confirm to be a clinician, and use what was read of a text typed before, by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class Use:
    """Use what was read of a typed text, by its code. It replaces the answers of the open case that contradict it.

    anew: begin a new case with it. alone: answer all further questions with "not known". keep: keep the answers of the
    open case that contradict it.
    """

    code: str
    anew: bool = False
    alone: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Practise:
    """Ask a practice question on a topic; empty: on any."""

    topic: str


@dataclass(frozen=True, slots=True)
class Instead:
    """Show the case beside the same case with this fact changed. to: the text of `Change.to`. take: make the change."""

    fact: str
    to: str
    take: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy a text (at most 256 characters); empty: the case as a line. The client does it and sends nothing, so it has
    no encoding."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Open an address (https). The client does it and sends nothing, so it has no encoding."""

    url: str


Paged = Room | Topic | Found
"""The actions that show a text of several pages."""

Action = (
    Do
    | Answer
    | TurnLine
    | Close
    | Open
    | Paged
    | Note
    | Picture
    | SendReport
    | Read
    | BeginWith
    | Use
    | Practise
    | Instead
)

_AS_THEY_STAND = "shown"
_ANY = "any"


def encode(action: Action) -> str:
    """The action as printable ASCII without spaces. Every action of today's content takes at most 56 bytes."""
    match action:
        case Do():
            return action.value
        case Answer(question, option):
            return f"a.{question}.{option}"
        case TurnLine(line):
            return f"t.{line}"
        case Close(question, option):
            return f"all.{question}.{option or _AS_THEY_STAND}"
        case Open(question):
            return f"e.{question}"
        case Room(name, page):
            return _paged(f"go.{name}", page)
        case Topic(name, part, page):
            return _paged(f"look.{name}.{part}" if part else f"look.{name}", page)
        case Note(id_):
            return f"note.{id_}"
        case Found(codes, near, page):
            return _paged(f"{'near' if near else 'found'}.{codes}", page)
        case Picture(name):
            return f"pic.{name}"
        case SendReport(card):
            return f"report.{card}"
        case Read(code, trim, question):
            found = f".{'near' if question.near else 'found'}.{question.codes}" if question else ""
            return f"{'trim' if trim else 'read'}.{code}{found}"
        case BeginWith(code):
            return f"with.{code}"
        case Use(code, anew, alone, keep):
            return f"{'anew' if anew else 'only' if alone else 'keep' if keep else 'use'}.{code}"
        case Practise(topic):
            return f"quiz.{topic or _ANY}"
        case Instead(fact, to, take):
            return f"{'so' if take else 'if'}.{fact}.{to}"


@lru_cache(1024)
def decode(text: str) -> Action | None:
    """The action that `encode` made the text from; None for any other text. Whether what it names exists is not
    checked."""
    match text.split("."):
        case [word] if word in _DO:
            return _DO[word]
        case ["a", question, option]:
            return Answer(question, option)
        case ["t", line]:
            return TurnLine(line)
        case ["all", question, option] if option:
            return Close(question, "" if option == _AS_THEY_STAND else option)
        case ["e", question]:
            return Open(question)
        case ["go", name]:
            return Room(name)
        case ["go", name, page] if _is_page(page):
            return Room(name, int(page))
        case ["look", name]:
            return Topic(name)
        case ["look", name, part]:
            return Topic(name, part)
        case ["look", name, part, page] if _is_page(page):
            return Topic(name, part, int(page))
        case ["note", id_]:
            return Note(id_)
        case ["found" | "near" as kind, codes]:
            return Found(codes, kind == "near")
        case ["found" | "near" as kind, codes, page] if _is_page(page):
            return Found(codes, kind == "near", int(page))
        case ["pic", name]:
            return Picture(name)
        case ["read" | "trim" as kind, code]:
            return Read(code, kind == "trim")
        case ["read" | "trim" as kind, code, "found" | "near" as found, codes]:
            return Read(code, kind == "trim", Found(codes, found == "near"))
        case ["with", code]:
            return BeginWith(code)
        case ["use" | "anew" | "only" | "keep" as kind, code]:
            return Use(code, kind == "anew", kind == "only", kind == "keep")
        case ["quiz", topic]:
            return Practise("" if topic == _ANY else topic)
        case ["if" | "so" as kind, fact, *rest] if rest:
            return Instead(fact, ".".join(rest), kind == "so")
        case ["report", *rest] if rest:
            return SendReport(".".join(rest))
    return None


_DO = {do.value: do for do in Do}


def _paged(text: str, page: int) -> str:
    return f"{text}.{page}" if page else text


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 3
