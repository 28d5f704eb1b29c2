"""Two cases side by side: from every line of What would change this, with what comes, what is gone and the way back."""

from __future__ import annotations

import pytest

from dialogs.actions import Instead, decode, encode
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.sharing import answer_saying
from dialogs.side_by_side import possible
from guideline import UNDETERMINED, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, STANDINGS, session_of, telling
from tests.support.walk import Talk, begun

LABELS = Labels()
NOTES = guideline().evidence.notes
TWO_STEP = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


def words(talk: Talk) -> str:
    return parse_html(talk.text)[0].replace("\u00a0", " ")


def blocks(talk: Talk) -> tuple[str, str, str]:
    """What stands under Now, under Then, and behind both; the caveats of both, which stand before them, in each."""
    head, now, then, *rest = words(talk).split("\n\n")
    assert now.startswith("Now, ")
    assert then.startswith("Then, ")
    of_both = "\n".join(head.split("\n")[1:])
    return f"{now}\n{of_both}".strip(), f"{then}\n{of_both}".strip(), "\n".join(rest)


@pytest.mark.parametrize("headline", HEADLINES)
def test_every_line_of_what_would_change_it_opens_the_other_case_beside_this_one(
    conversation: Conversation, headline: str
) -> None:
    for answers, found in telling(headline, 6):
        talk = Talk(conversation, session_of(answers)).forges("go.changes")
        there = [action for action in talk.actions if action.startswith("if.")]
        assert there == [encode(Instead(change.fact, str(change.to))) for change in found.changes]
        for action, change in zip(there, found.changes, strict=True):
            beside = Talk(conversation, session_of(answers)).forges("go.changes").taps(action)
            now, then, _ = blocks(beside)
            assert LABELS(f"headline.{headline}") in now
            assert LABELS.changed(change) in then
            assert (
                all(LABELS(f"headline.{id_}") in then for id_ in change.candidates) or change.headline == UNDETERMINED
            )
            assert beside.session.answers == answers, "looking changes nothing"
            assert beside.taps("go.changes").text == talk.text
            assert beside.taps("now").text == Talk(conversation, session_of(answers)).text


@pytest.mark.parametrize("headline", HEADLINES)
def test_what_is_shown_is_what_the_answer_comes_to_once_it_is_changed(
    conversation: Conversation, headline: str
) -> None:
    for answers, found in telling(headline, 6):
        for change in found.changes:
            talk = Talk(conversation, session_of(answers)).forges(encode(Instead(change.fact, str(change.to))))
            shown = words(talk)
            now, then, both = blocks(talk)
            talk.taps(encode(Instead(change.fact, str(change.to), take=True)))
            other = talk.place.found
            assert other.candidates == change.candidates
            for adjunct in {*found.adjuncts, *other.adjuncts} - {"mdt"}:
                here, there = adjunct in found.adjuncts, adjunct in other.adjuncts
                said = [LABELS(f"adjunct.{adjunct}") in part for part in (now, then, both)]
                assert said == [here and not there, there and not here, here and there], adjunct
            for note in (NOTES[id_] for id_ in {*found.updates, *other.updates} if not NOTES[id_].reading):
                here, there = note.id in found.updates, note.id in other.updates
                said = [(note.differs or note.title) in part for part in (now, then)]
                assert said == [here and not there, there and not here], note.id
            assert all(shown.count(LABELS(f"caveat.{id_}")) == 1 for id_ in {*found.caveats, *other.caveats})
            for found_, part in ((found, now), (other, then)):
                assert [id_ for id_ in found_.caveats if LABELS(f"caveat.{id_}") not in part] == []


def test_one_operation_beside_two(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*TWO_STEP, "go.changes", "if.one_stage_clearance.True")
    now, then, both = blocks(talk)

    assert now.startswith("Now, not clearable in one operation: two-step liver resection\nGone with the change:\n")
    assert "· Portal vein embolisation or ligation before the second step: an option [§5.1.3, Fig. 1]" in now
    assert then == "Then, clearable in one operation: one-step liver resection"
    assert both.startswith("In both: Ultrasound during the operation")
    talk.taps("so.one_stage_clearance.True")
    assert talk.headline == "resection-one-step"
    assert talk.notice == ""


def test_an_answer_of_a_list_is_changed_in_the_list(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*TWO_STEP, "go.changes", "if.r0_feasible.False", "so.r0_feasible.False")

    assert ("p-r0", "unmet") in talk.session.answers
    assert not [line for line, _ in talk.session.answers if line == "r0_feasible"]
    assert "Prerequisites" not in talk.notice


def test_a_nearest_type_is_not_the_nearest_any_more_once_another_is_chosen(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "go.bilobar", "a.pattern.III-nearest", "all.symptoms.no")
    assert talk.place.found.caveats == ("pattern-nearest",)

    _, then, _ = blocks(talk.taps("go.changes", "if.pattern.I"))
    assert LABELS("caveat.pattern-nearest") not in then
    assert talk.taps("so.pattern.I").place.found.caveats == ()


@pytest.mark.parametrize(
    "action",
    ["if.grade.G2", "if.grade.G4", "if.blood_group.A", "if.grade.", "if..", "so.grade.G2", "if.r0_feasible.0", "so.x"],
)
def test_a_change_that_is_none_of_the_case_changes_nothing(conversation: Conversation, action: str) -> None:
    talk = begun(conversation).taps(*TWO_STEP)
    before = talk.session
    talk.forges(action)

    assert talk.session == before
    assert talk.notice == LABELS("notice.unknown-tap")


def test_a_change_is_not_offered_at_a_question(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2")
    before = talk.session

    assert talk.forges("if.grade.G3").session == before
    assert talk.forges("so.grade.G3").session == before


@pytest.mark.parametrize("action", [Instead("debulkable_percent", ">=90"), Instead("ki67", "2.5-<20", take=True)])
def test_a_band_is_given_back_by_the_code_of_its_button(action: Instead) -> None:
    assert decode(encode(action)) == action


@pytest.mark.parametrize("headline", HEADLINES)
def test_an_answer_replaces_all_that_was_said_of_its_fact(headline: str) -> None:
    for answers, found in telling(headline, 6):
        for change in found.changes:
            after = STANDINGS.holding(answer_saying(answers, change.fact, possible(change)))
            known = STANDINGS.case(after).known
            assert known[change.fact].within(possible(change))
