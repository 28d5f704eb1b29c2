"""Taps that nobody could have made: they change nothing, whatever they say and wherever they come."""

from __future__ import annotations

import string
from functools import cache
from random import Random

import pytest

from dialogs.labels import Labels
from dialogs.lookup import CHANGED
from dialogs.questions import QUESTIONS
from dialogs.report import of_found
from dialogs.session import Session
from guideline.evidence import TOPICS
from guideline.search import Answer
from tests.support.walk import Talk, begun, wordless

pytestmark = pytest.mark.slow

REAL = (
    {"begin", "example", "home", "about", "new", "now", "resume", "back", "forget", "look", "go.classify"}
    | {f"a.{q.id}.{option}" for q in QUESTIONS.values() if not q.is_checklist for option in q.lines[0].options}
    | {f"all.{q.id}.{o}" for q in QUESTIONS.values() if q.is_checklist for o in (*q.lines[0].options, "shown")}
    | {"go.bilobar"}
    | {f"t.{line.id}" for q in QUESTIONS.values() if q.is_checklist for line in q.lines}
    | {f"e.{id_}" for id_ in QUESTIONS}
    | {f"look.{topic}" for topic in (*TOPICS, CHANGED)}
    | {f"report.{name}" for name in ("workup", "result.debulking", "why.workup", "topic.ablation.advice.1")}
    | {"report.note.debulking-70", f"report.{of_found([Answer('type-i', False)], near=False)}"}
)
LOOKING = ("go.", "look.", "note.")
LABELS = Labels()
LETTERS = string.ascii_letters + string.digits + ".-<>=_ %\n\x00é😀"


@cache
def _reports() -> set[str]:
    return {f"report.{name}" for name in wordless().nodes.names}


@cache
def _places() -> list[Session]:
    """A session at the gate, at a question, in a list half filled, at results, at home, and at an opened question."""
    counted = begun(wordless()).taps("a.grade.count", "a.ki67.3-20")
    half = begun(wordless()).taps("a.grade.G2", "a.pattern.II", "t.p-r0", "t.p-r0")
    result = begun(wordless()).taps("a.grade.G1", "a.pattern.III", "t.s-carcinoid", "all.symptoms.no")
    opened = Talk(wordless(), result.session).forges("e.primary")
    home = Talk(wordless(), result.session).says("start")
    gate = Talk(wordless()).says("start")
    return [talk.session for talk in (counted, half, result, opened, home, gate)]


def _forged(random: Random) -> str:
    kind = random.randrange(4)
    if kind == 0:
        return "".join(random.choices(LETTERS, k=random.randint(0, 60)))
    letters = list(random.choice(sorted(REAL)))
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(letters) + 1)
        letters[at : at + random.randint(0, 2)] = random.choices(LETTERS, k=random.randint(0, 2))
    text = "".join(letters)
    return text if kind < 3 else f"{text}.{random.choice(sorted(REAL))}"


@pytest.mark.parametrize("seed", range(5))
def test_a_forged_tap_never_fails_and_changes_nothing(seed: int) -> None:
    random, places = Random(seed), _places()
    forged = {action for action in (_forged(random) for _ in range(1000)) if action not in REAL | _reports()}
    assert len(forged) > 800
    for number, action in enumerate(sorted(forged)):
        session = places[number % len(places)]
        talk = Talk(wordless(), session).forges(action)
        assert talk.session == session, repr(action)
        assert talk.screen.rows
        if not action.startswith(LOOKING):
            assert talk.notice == LABELS("notice.unknown-tap"), repr(action)


@pytest.mark.parametrize("action", sorted(REAL))
def test_a_real_tap_where_it_is_not_shown_never_fails_and_answers_nothing(action: str) -> None:
    verb, _, rest = action.partition(".")
    for session in _places():
        question = wordless().place(session).question
        talk = Talk(wordless(), session).forges(action)
        own = _own(question.id) if question else set()
        if verb in ("a", "t", "all") and rest.partition(".")[0] not in own:
            assert talk.session == session
        if talk.stored is not None:
            assert Session.from_json(talk.session.to_json()) == talk.session
            talk.forges("now")


@pytest.mark.parametrize("id_", QUESTIONS)
def test_what_is_counted_real_here_is_all_that_a_question_offers(id_: str) -> None:
    offered = begun(wordless()).taps("a.grade.G3", "a.differentiation.unknown").forges(f"e.{id_}").actions
    answering = {action for action in offered if action.split(".")[0] in ("a", "t", "all")}
    assert answering
    assert answering <= {action for action in REAL if any(f".{own}" in action for own in _own(id_))}


def _own(id_: str) -> set[str]:
    return {id_, *(line.id for line in QUESTIONS[id_].lines)}
