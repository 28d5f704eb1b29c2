"""Practice in the talk: its actions, and the screens and polls that answer them."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from dialogs import report
from dialogs.actions import Action, Do, Practise
from dialogs.practice.deck import DECK, KINDS, Key, keys_of
from dialogs.practice.question import Maker, Question
from dialogs.practice.schedule import KEPT_DAYS, Record
from dialogs.practice.vignette import letter
from dialogs.render import Renderer
from dialogs.session import Practice, Session
from dialogs.view import Choice, Poll, View
from guideline import UNDETERMINED, Guideline

ACTIONS = (Do.PRACTICE, Do.BEGIN_PRACTICE, Do.NEXT, Do.STOP)
"""The actions that need the practice record, besides Practise."""

_REMEMBERED = 64
"""Entries of the cache of questions."""

_CHANGES = 4
"""Changes that an answer names at most."""

_ABOUT_THE_WAY = ("headline", "missing", "test")
"""Kinds of question about the way to the headline: the answer shows what is needed."""

_PER_ROW = 2


def needs_record(action: Action | None) -> bool:
    """Whether the action needs the practice record."""
    return action in ACTIONS or isinstance(action, Practise)


class Practising:
    """Makes practice questions and their screens, and keeps nothing of anybody."""

    def __init__(self, content: Guideline, renderer: Renderer) -> None:
        self._renderer = renderer
        self._maker = Maker(content, renderer.labels)
        self._question = lru_cache(_REMEMBERED)(self._maker.make)

    def question(self, practice: Practice) -> Question:
        """The question on the screen. Raises KeyError when its kind no longer exists."""
        return self._question(practice.seed, Key(practice.of, practice.kind))

    def holds(self, practice: Practice) -> bool:
        """Whether the question is still the one that was asked; another release may make another one from its seed."""
        return Key(practice.of, practice.kind) in DECK and self.question(practice).mark == practice.mark

    def menu(self, record: Record, leave: Choice) -> View:
        """The topics, each with its score so far."""
        scores = [(topic, *record.score(keys_of(topic))) for topic in KINDS]
        topics = [Choice(Practise(topic), f"practice.topic.{topic}") for topic in KINDS]
        rows = [tuple(topics[start : start + _PER_ROW]) for start in range(0, len(topics), _PER_ROW)]
        context = {"scores": scores, "due": record.due(DECK), "kept_days": KEPT_DAYS}
        return View("practice/menu", context, ((Choice(Practise(""), "button.mixed"),), *rows, (leave,)))

    def next(self, session: Session, topic: str, record: Record) -> Session | None:
        """The session with another question on the topic; None for an unknown topic."""
        if topic and topic not in KINDS:
            return None
        seed, before = session.revision, session.practice
        last = Key(before.of, before.kind) if before else None
        key = record.next_of(keys_of(topic), last, Random(seed))  # noqa: S311 - which exercise comes
        mark = self._question(seed, key).mark
        return session.changed(practice=Practice(topic, key.topic, key.kind, seed, mark))

    def chosen(self, session: Session, option: int, record: Record) -> tuple[Session, Record] | None:
        """The session and the record after an option was chosen; None when no question is open, or it has no such
        option.
        """
        practice = session.practice
        if practice is None or practice.chosen is not None:
            return None
        question = self.question(practice)
        if option not in range(len(question.options)):
            return None
        record = record.answered(question.key, right=option == question.right)
        right, asked = record.score([question.key])
        answered = Practice(
            *(practice.topic, practice.of, practice.kind, practice.seed, practice.mark, practice.sent),
            chosen=option,
            right=right,
            asked=asked,
        )
        return session.changed(practice=answered), record

    def asked(self, practice: Practice) -> tuple[View, Poll]:
        """The letter, and the poll below it."""
        question = self.question(practice)
        # The topic of a mixed question is not named: it would give the answer away.
        context = {"topic": practice.topic, "letter": letter(self._renderer.env, question)}
        rows = (
            (Choice(Do.POLL, "button.poll-again"),),
            (Choice(Do.STOP, "button.stop"), Choice(Do.PRACTICE, "button.practice-topics")),
        )
        texts = tuple(option.text for option in question.options)
        return View("practice/letter", context, rows), Poll(question.text, texts, question.right, question.explanation)

    def answer(self, practice: Practice) -> View:
        """The page with the right answer, why it is right, and why a wrong one is wrong."""
        question, chosen = self.question(practice), practice.chosen
        assert chosen is not None
        right = chosen == question.right
        context = {
            "q": question,
            "a": question.found,
            "is_right": right,
            "right": question.options[question.right],
            "chosen": question.options[chosen],
            "wrong": question.options[question.nearest if right else chosen],
            "decided": question.found.headline != UNDETERMINED,
            "needed": question.found.needed if question.key.kind in _ABOUT_THE_WAY else (),
            "changes": [c for c in question.found.changes if c.headline != UNDETERMINED][:_CHANGES],
            "newer": [id_ for id_ in question.found.updates if not self._renderer.is_reading(id_)],
            "practice": practice,
        }
        rows = (
            (Choice(Do.NEXT, "button.next-question"),),
            (Choice(Do.STOP, "button.stop"), Choice(Do.PRACTICE, "button.practice-topics")),
            report.button(report.of_practice(practice.of, practice.kind, practice.seed)),
        )
        return View("practice/answer", context, rows)
