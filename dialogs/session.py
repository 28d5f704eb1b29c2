"""What is stored of a conversation: the answers, in order. Everything that is shown follows from them."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace

REVISIONS = 36**6
"""Revisions are below this, so that one takes at most six characters of a button."""

_LONGEST = 40
_LONGEST_CODE = 64
_MOST = 120

_AT_HOME = "home"
"""Stored before the opened question, or in its place, while the start screen is shown; no question's id begins so."""

_FILLING = re.compile(r"\+([0-9]{0,2})(?=[^0-9])")
"""What is stored before the opened question while the transplant criteria are filled in: a plus and the number of the
question. Earlier releases stored the plus alone, which is read as the first question."""

Answers = tuple[tuple[str, str], ...]

_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice question on the screen.

    topic: the one that is practised, empty for all. of, kind, seed: the question's own topic, its kind, and the seed it
    is made from. mark: differs when a later release makes another question from them. sent: how often its poll was
    asked for. chosen: the option that was chosen, from 0; None while the question is open. right, asked: the score of
    its topic and kind, with that answer.
    """

    topic: str
    of: str
    kind: str
    seed: int
    mark: int
    sent: int = 1
    chosen: int | None = None
    right: int = 0
    asked: int = 0

    @property
    def parts(self) -> list[str | int | None]:
        """All of it, as it is stored."""
        return [getattr(self, name) for name in self.__slots__]

    @classmethod
    def read(cls, parts: list[object]) -> Practice:
        """The question of these parts. Raises ValueError or TypeError for anything else."""
        found = cls(*parts)  # type: ignore[arg-type]
        texts, numbers = (found.topic, found.of, found.kind), (found.seed, found.mark, found.sent, *parts[7:])
        sound = all(type(text) is str and len(text) <= _LONGEST for text in texts)
        counted = all(type(number) is int and 0 <= number < 2**32 for number in numbers)
        if not sound or not counted or not (found.chosen is None or found.chosen in range(12)):
            raise ValueError("not a practice question")
        return found


_NOTHING_OPEN = {"open": None, "practice": None, "shared": "", "filling": 0, "tried": ()}


@dataclass(frozen=True, slots=True)
class Session:
    """One person's conversation.

    revision: changes with every change, so that a tap on an older screen is recognised. version: of the content under
    which the answers were given. accepted: whether the person has confirmed to be a clinician. answers: (question or
    line, option), in the order given. open: the question that is opened out of turn, or None. tried: answers tapped on
    the opened checklist; they count once it is closed. home: whether the start screen is shown instead of the case,
    which goes on at a question that stays opened. practice: the practice question, shown instead of the case. shared:
    the code of a case that a link brought, until it is taken over or dismissed; shown instead of everything else.
    filling: while the open transplant criteria are filled in, the number of the opened question among those that are
    asked, from 1; else 0.
    """

    revision: int
    version: str
    accepted: bool = False
    answers: Answers = ()
    open: str | None = None
    home: bool = False
    practice: Practice | None = None
    shared: str = ""
    filling: int = 0
    tried: Answers = ()

    @classmethod
    def new(cls, version: str) -> Session:
        """A new session. Its revision is random (from the operating system), so that no button from before a /forget
        fits it; nothing else in the talk is random."""
        return cls(secrets.randbelow(REVISIONS), version)

    @property
    def is_asked(self) -> bool:
        """Whether a practice question is open."""
        return self.practice is not None and self.practice.chosen is None

    def changed(self, **what: object) -> Session:
        """The session with these changes, under the next revision."""
        return replace(self, revision=(self.revision + 1) % REVISIONS, **what)  # type: ignore[arg-type]

    def in_case(self, **what: object) -> Session:
        """The session in its case, with no question opened out of turn, and with these changes."""
        return self.changed(**{**_NOTHING_OPEN, "home": False, **what})

    def at_home(self, **what: object) -> Session:
        """The session at the start screen, with these changes."""
        return self.changed(**{**_NOTHING_OPEN, "home": True, **what})

    def to_json(self) -> str:
        answers = [list(answer) for answer in self.answers]
        place = f"{_AT_HOME if self.home else ''}{f'+{self.filling}' if self.filling else ''}{self.open or ''}"
        rest: list[object] = [self.practice.parts] if self.practice else []
        rest += [[list(turned) for turned in self.tried]] if self.tried else []
        rest += [self.shared] if self.shared else []
        return _compact([self.revision, self.version, self.accepted, answers, place, *rest])

    @classmethod
    def from_json(cls, text: str) -> Session:
        """The session that `to_json` wrote. Raises ValueError for anything else."""
        try:
            revision, version, accepted, given, place, *rest = json.loads(text)
            shared = rest.pop() if rest and type(rest[-1]) is str else ""
            lines = rest.pop() if rest and rest[-1] and type(rest[-1][0]) is list else []
            practice = Practice.read(*rest) if rest else None
            answers, tried = (tuple((line, option) for line, option in some) for some in (given, lines))
        except (TypeError, KeyError, RecursionError) as error:
            raise ValueError("not a session") from error
        texts = [version, place, *(part for answer in (*answers, *tried) for part in answer)]
        sound = type(revision) is int and 0 <= revision < REVISIONS and type(accepted) is bool
        sound = sound and len(shared) <= _LONGEST_CODE
        if not sound or len(texts) > _MOST or not all(type(t) is str and len(t) <= _LONGEST for t in texts):
            raise ValueError("not a session")
        home, place = place.startswith(_AT_HOME), place.removeprefix(_AT_HOME)
        numbered = _FILLING.match(place)
        filling = int(numbered[1] or 1) if numbered else 0
        open_ = place[numbered.end() :] if numbered else place
        return cls(revision, version, accepted, answers, open_ or None, home, practice, shared, filling, tried)
