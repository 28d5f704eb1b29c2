"""The transplant criteria: the state of each, and filling in those that are open."""

from __future__ import annotations

from collections import Counter

import pytest

from dialogs.conversation import Conversation
from dialogs.session import Session
from guideline import guideline
from tests.dialogs.rooms.pages import LABELS, WORDS, cases, unfolded
from tests.support.walk import Talk, begun


def test_the_transplant_criteria_are_a_list_each_with_its_state_the_answer_and_other_lists() -> None:
    states = set()
    for talk, found in cases():
        if not found.transplant:
            continue
        text = unfolded(Talk(talk.conversation, talk.session).forges("go.transplant").text)
        lines = [line for line in text.splitlines() if line.startswith("· ")]
        assert len(lines) == len(found.transplant.criteria) == len(guideline().rules.criteria)
        counts = Counter(found.transplant.criteria.values())
        for state, number in counts.items():
            assert f"{number} {LABELS(f'criterion-state.{state}').lower()}" in text.splitlines()[0]
        order = ("not met", "unknown", "met")
        listed = sorted(found.transplant.criteria.items(), key=lambda one: order.index(one[1]))
        for line, (id_, state) in zip(lines, listed, strict=True):
            states.add((id_, state))
            assert line.startswith(f"· {LABELS(f'criterion-state.{state}')}: {LABELS(f'criterion.{id_}')} [§")
            said = line.partition(" Yours: ")[2]
            known = [fact for fact in found.criterion_facts(id_) if fact in found.known]
            assert all(LABELS.clause(fact, found.known[fact]) in said for fact in known)
            assert bool(known) == bool(said)
        assert "Elsewhere: 55 or under [Mazzaferro criteria of 2007, read second-hand]" in text
        assert text.count("Elsewhere: ") == 3
        assert len(text.split()) <= WORDS
        for fact in found.transplant.against:
            assert LABELS.clause(fact, found.known[fact]) in text.split("No criteria, but they count: ")[1]
    assert len(states) > 10


def test_fill_in_walks_what_is_open_and_ends_at_the_list() -> None:
    conversation = Conversation()
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.transplant", "fill")
    taken = [
        "a.primary.resected",
        "a.extrahepatic.none",
        "a.portal_drainage.unknown",
        "a.liver_involvement_percent.<=50",
    ]
    talk.taps(*taken)
    talk.types("8")  # months
    talk.types("52")
    assert unfolded(talk.text).startswith(
        "1 not met: age up to 50 (yours: age 52; elsewhere 55 or under). 1 not known, 4 met"
    )
    assert "Not met: age up to 50 [§5.4]. Yours: age 52. Elsewhere: 55 or under [" in unfolded(talk.text)
    assert "Fill in: 1 question" in [button.caption for button in talk.buttons]
    talk.taps("fill")
    assert "a.portal_drainage.yes" in talk.actions
    talk.taps("a.portal_drainage.yes")
    assert unfolded(talk.text).startswith("1 not met: age up to 50 (yours: age 52; elsewhere 55 or under). 5 met")
    assert "fill" not in talk.actions


def test_several_criteria_that_are_not_met_are_only_named_first_since_the_list_says_the_rest() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.transplant", "fill")
    talk.taps("a.primary.resected", "a.extrahepatic.none", "a.portal_drainage.yes", "a.liver_involvement_percent.>50")
    talk.types("8")  # months
    talk.types("52")

    assert unfolded(talk.text).startswith("2 not met: at most 50 % of the liver; age up to 50. 4 met")
    assert "Elsewhere: 55 or under [" in unfolded(talk.text)


DIFFUSE = ("a.grade.G1", "a.pattern.III", "all.symptoms.no", "go.transplant")


def counted(talk: Talk) -> str:
    """What stands above the question of a criterion: which of how many."""
    first = unfolded(talk.text).splitlines()[0]
    assert first.startswith("Transplant criteria, "), first
    return first.removeprefix("Transplant criteria, ").partition(" · ")[0]


def test_each_question_of_the_criteria_says_which_of_how_many_it_is() -> None:
    talk = begun(Conversation()).taps(*DIFFUSE)
    (fill,) = [button.caption for button in talk.buttons if button.action == "fill"]
    seen = []
    talk.taps("fill")
    for number in range(6):
        seen.append(counted(talk))
        talk.taps(next(a for a in talk.actions if a.endswith(".unknown")) if number % 2 else talk.actions[0])
    assert seen == [f"{number} of 6" for number in range(1, 7)]
    assert fill == "Fill in: 6 questions"
    assert "fill" in talk.actions, "at the end the list is there again"
    assert "Fill in: 3 questions" in [button.caption for button in talk.buttons]
    assert counted(talk.taps("fill")) == "1 of 3"


def test_a_criterion_that_an_answer_settles_is_not_counted_any_more() -> None:
    """With the primary in place its criterion is not met, whatever it drains into."""
    talk = begun(Conversation()).taps(*DIFFUSE, "fill")
    assert counted(talk) == "1 of 6"
    talk.taps("a.primary.resectable")
    assert counted(talk) == "2 of 5"


def test_another_answer_opened_from_the_result_is_not_counted_among_the_criteria() -> None:
    talk = begun(Conversation()).taps(*DIFFUSE, "fill", "leave", "go.change", "e.grade")
    assert talk.text.startswith("One answer")
    talk.taps("leave", "go.change", "e.symptoms")
    assert talk.text.startswith("Several answers")


@pytest.mark.parametrize(("stored", "number"), [("+age", 1), ("+1age", 1), ("+6age", 6), ("age", 0)])
def test_how_far_the_criteria_are_filled_in_is_stored(stored: str, number: int) -> None:
    session = Session.from_json(f'[5,"2012.1",true,[["grade","G2"]],"{stored}"]')
    assert (session.open, session.filling) == ("age", number)
    assert Session.from_json(session.to_json()) == session


def test_a_question_of_the_list_that_is_left_ends_the_walk() -> None:
    talk = begun(Conversation()).taps(
        "a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.transplant", "fill", "leave"
    )
    assert not talk.session.filling
    talk.forges("e.primary").taps("a.primary.resected")
    assert talk.session.open is None, "the next criterion is not asked"


def test_after_start_the_filling_in_goes_on_where_it_was() -> None:
    talk = begun(Conversation()).taps(*DIFFUSE, "fill", "a.primary.resected")
    open_ = talk.place.question
    assert open_
    number = counted(talk)
    talk.says("start")
    assert f"Open question: {LABELS(f'question.{open_.id}')}" in unfolded(talk.text)
    talk = Talk(talk.conversation, Session.from_json(talk.session.to_json())).forges("resume")
    assert counted(talk) == number
    assert talk.place.question == open_


def test_behind_the_start_screen_the_open_question_takes_no_answer() -> None:
    talk = begun(Conversation()).taps(*DIFFUSE, "fill")
    answers = talk.session.answers
    talk.says("start").types("resected")
    assert talk.session.answers == answers
    assert talk.session.open, "it waits"
    assert not talk.says("cancel").session.open
