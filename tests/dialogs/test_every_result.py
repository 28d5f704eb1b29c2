"""Every room of a result of every kind there is: it is read on a ward round, so short, and the answer comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from dialogs.conversation import Conversation, Tap
from dialogs.labels import Labels
from dialogs.questions import QUESTIONS
from dialogs.session import Answers
from dialogs.suggested import NO_ROUTE
from dialogs.view import Screen, Show
from guideline import UNDETERMINED, Assessment, guideline
from guideline.values import Values
from phone.entities import parse_html
from tests.dialogs.rooms.pages import unfolded
from tests.dialogs.samples import HEADLINES, STANDINGS, session_of
from tests.support import every_result

pytestmark = pytest.mark.slow

WAYS = every_result.all_ways()
PARTS = 8
MOST_WORDS = 350
LONGEST_ADDRESS = 2048

EVIDENCE = guideline().evidence
LABELS = Labels()
NOTES = [name.lower() for note in EVIDENCE.notes.values() for name in (note.title, note.differs) if name]
NOTES.append(LABELS("elsewhere.types", "2023").lower())  # of a case that is not Type III
CHEMOTHERAPY = LABELS("headline.systemic-chemotherapy")


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    """One with the bot's name: without it nothing is sent to another chat."""
    conversation = Conversation()
    conversation.named("nen_lm_guide_bot")
    return conversation


def shown(
    conversation: Conversation, answers: Answers, leading: tuple[str, ...] = ("go.", "if.")
) -> Iterator[tuple[str, Screen]]:
    """The first page of every room behind the result of these answers, with the tap that shows it. leading: how the
    taps begin that lead to one."""
    session = session_of(answers)
    waiting = ["now"]
    met = set(waiting)
    while waiting:
        action = waiting.pop()
        turn = conversation.respond(session, Tap(action))
        assert isinstance(turn, Show)
        yield action, turn.screen
        for further in (button.action for row in turn.screen.rows for button in row):
            is_first_page = further.count(".") == 1 or further.startswith("if.")
            if further.startswith(leading) and is_first_page and further not in met:
                met.add(further)
                waiting.append(further)


def words(text: str) -> int:
    return len(unfolded(text).split())


@pytest.mark.parametrize("part", range(PARTS))
def test_the_first_line_of_every_room_carries_its_answer_and_no_room_is_longer_than_is_read(
    conversation: Conversation, part: int
) -> None:
    lengths: dict[str, int] = {}
    for way in WAYS[part::PARTS]:
        for number, answers in enumerate(every_result.results(way)):
            found = STANDINGS.of(answers).found
            leading = ("go.", "if.", "e.") if number == 0 else ("go.", "if.")
            for action, screen in shown(conversation, answers, leading):
                try:
                    check_first_line(action, screen, found)
                    if screen.text not in lengths:
                        lengths[screen.text] = words(screen.text)
                    assert lengths[screen.text] <= MOST_WORDS
                    forward = [button.url for row in screen.rows for button in row if "/share/url?" in button.url]
                    assert all(len(url) < LONGEST_ADDRESS for url in forward), max(map(len, forward))
                except AssertionError as error:
                    raise AssertionError(f"{action} of {answers}: {error}\n{screen.text}") from error


def check_first_line(action: str, screen: Screen, found: Assessment) -> None:
    """That the first line says what the screen is for: what is suggested with what takes it back, or its own answer."""
    first = parse_html(screen.text)[0].split("\n")[0].replace("\u00a0", " ")
    room, _, rest = action.partition(".")
    if room == "e":
        (line, *_) = QUESTIONS[rest].lines
        if not QUESTIONS[rest].is_checklist and line.fact in found.case.known:
            assert f"now {LABELS.clause(line.fact, found.case.known[line.fact])}" in first
        return
    if action in ("go.classify", "go.bilobar"):  # rooms of a question
        return
    before_chemotherapy, chemotherapy, _ = first.partition(CHEMOTHERAPY)
    if chemotherapy and NO_ROUTE in found.caveats and room != "if":
        assert "no route for well-differentiated g3" in before_chemotherapy.lower()
    OWN_ANSWER.get(action, _of_the_case)(first, found) if room != "if" else _of_the_other(action, first, found)


def _of_the_result(first: str, found: Assessment) -> None:
    no_route = "The source has no route for well-differentiated G3; "
    assert first.startswith(("The source suggests", no_route, "Cannot say yet: "))
    assert first.startswith(no_route) == (NO_ROUTE in found.caveats)


def _of_numbers(first: str, found: Assessment) -> None:
    assert EVIDENCE.statements[found.reported[0].statement].whose in first or found.decides
    assert ("no figures for well-differentiated G3" in first) == (NO_ROUTE in found.caveats)


def _of_transplant(first: str, found: Assessment) -> None:
    assert found.transplant
    assert all(LABELS(f"criterion-state.{state}").lower() in first for state in found.transplant.criteria.values())


def _of_criteria(first: str, found: Assessment) -> None:
    assert found.transplant
    assert LABELS(f"transplant.{found.transplant.status}") in first


def _of_alternatives(first: str, found: Assessment) -> None:
    if found.headline == UNDETERMINED:
        assert first.startswith("Cannot say yet: ")
        return
    nearest = [LABELS(f"headline.{other.headline}") for other in found.alternatives]
    nearest += ["ransplantation"] if found.transplant else []
    assert any(one in first for one in nearest) or "when " in first


def _of_the_case(first: str, found: Assessment) -> None:
    named = ["cannot say yet" if found.headline == UNDETERMINED else LABELS(f"headline.{found.headline}")]
    facts = dict(found.case.known)
    if isinstance(grades := found.known["grade"], Values) and len(grades) < 3:
        facts["grade"] = grades
    known = [LABELS.clause(fact, possible) for fact, possible in facts.items()]
    assert any(name.lower() in first.lower() for name in (*named, *NOTES, *known, "nothing known yet"))


def _of_the_other(action: str, first: str, found: Assessment) -> None:
    (change,) = (change for change in found.changes if action == f"if.{change.fact}.{change.to}")
    assert first.lower().startswith(f"{LABELS.changed(change)} → ".lower())
    assert LABELS(f"headline.{change.headline}") in first


OWN_ANSWER: dict[str, Callable[[str, Assessment], None]] = {
    "now": _of_the_result,
    "go.numbers": _of_numbers,
    "go.transplant": _of_transplant,
    "go.criteria": _of_criteria,
    "go.alternatives": _of_alternatives,
}
"""The rooms with an answer of their own."""


@pytest.mark.parametrize("headline", HEADLINES)
def test_no_answer_makes_the_longest_result_longer_than_is_read(conversation: Conversation, headline: str) -> None:
    """In no row of pairs are all the longest lines together. So from the longest result answer after answer is changed
    for as long as that makes it longer: what an answer adds hardly depends on the others. Then every room behind it."""
    cases = [every_result.results(way)[0] for way in WAYS]
    cases = [answers for answers in cases if STANDINGS.of(answers).found.headline == headline]
    longest, answers = max((length(conversation, answers), answers) for answers in cases)
    before = 0
    while longest > before:
        before = longest
        for changed in every_result.one_changed(answers):
            standing = STANDINGS.of(changed)
            if standing.found.headline == headline and standing.due is None:
                longest, answers = max((longest, answers), (length(conversation, changed), changed))
    for action, screen in shown(conversation, answers):
        assert words(screen.text) <= MOST_WORDS, (action, answers, screen.text)


def length(conversation: Conversation, answers: Answers) -> int:
    """The words of the result."""
    turn = conversation.respond(session_of(answers), Tap("now"))
    assert isinstance(turn, Show)
    return words(turn.screen.text)


def test_every_line_that_a_case_can_have_is_in_one_of_these() -> None:
    found = [STANDINGS.of(answers).found for way in WAYS for answers in every_result.results(way)]
    rules = guideline().rules
    assert all(STANDINGS.of(answers).due is None for way in WAYS for answers in every_result.results(way))
    assert {one.headline for one in found} == set(HEADLINES)
    assert {id_ for one in found for id_ in one.adjuncts} == {rule.id for rule in rules.adjuncts}
    assert {id_ for one in found for id_ in one.caveats} == {rule.id for rule in rules.caveats}
    assert {id_ for one in found for id_ in one.updates} == {update.note for update in rules.updates}
    criteria = {pair for one in found if one.transplant for pair in one.transplant.criteria.items()}
    missing = {(rule.id, state) for rule in rules.criteria for state in ("met", "not met", "unknown")} - criteria
    assert missing == {
        ("well-differentiated-low-grade", state) for state in ("not met", "unknown")
    }  # Type III of G1, G2
