"""What is kept of a conversation: the answers, in order. Everything shown follows from them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace

REVISIONS = 36**6
"""A revision is below this, so that it takes at most six characters of a button."""

_LONGEST = 40
_MOST = 120

Answers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One person's conversation.

    revision: changes with everything that is stored, so that a tap on an older message is told from a fresh one.
    version: the content under which the answers were given. accepted: the person said to be a clinician.
    answers: (question or line, option) in the order given. open: the question opened out of turn, or empty.
    """

    revision: int
    version: str
    accepted: bool = False
    answers: Answers = ()
    open: str = ""

    @classmethod
    def new(cls, version: str) -> Session:
        """A fresh one. The revision starts anywhere, so that buttons from before a /forget do not fit by chance."""
        return cls(secrets.randbelow(REVISIONS), version)

    def changed(self, **what: object) -> Session:
        """The same with something changed, under the next revision."""
        return replace(self, revision=(self.revision + 1) % REVISIONS, **what)  # type: ignore[arg-type]

    def to_json(self) -> str:
        answers = [list(answer) for answer in self.answers]
        return json.dumps([self.revision, self.version, self.accepted, answers, self.open])

    @classmethod
    def from_json(cls, text: str) -> Session:
        """Read what `to_json` wrote. Raises ValueError on anything odd."""
        try:
            revision, version, accepted, answers, open_ = json.loads(text)
            session = cls(revision, version, accepted, tuple((line, option) for line, option in answers), open_)
        except (TypeError, RecursionError) as error:
            raise ValueError("not a session") from error
        texts = [version, open_, *(part for answer in session.answers for part in answer)]
        sound = type(revision) is int and 0 <= revision < REVISIONS and type(accepted) is bool
        if not sound or len(texts) > _MOST or not all(type(t) is str and len(t) <= _LONGEST for t in texts):
            raise ValueError("not a session")
        return session
