"""The conversation from the person's side: starting, going back, changing, leaving, coming back."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from dialogs.answers import given
from dialogs.conversation import About, Conversation, Tap
from dialogs.labels import Labels
from dialogs.questions import QUESTIONS, Stage
from dialogs.session import Session
from dialogs.view import Show
from guideline import guideline
from tests.dialogs.samples import HEADLINES, session_of, telling
from tests.support.walk import Step, Talk, begun, random_way, wordless

LABELS = Labels()
COMMON = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


def _on_the_way(seed: int, number: int = 12) -> list[Step]:
    random = Random(seed)
    return [step for _ in range(number) for step in random_way(wordless(), random)]


def test_somebody_new_meets_the_gate_and_gets_no_further_without_it() -> None:
    talk = Talk(wordless()).says("start")
    assert "begin" in talk.actions
    for action in ("now", "new", "back", "resume", "a.grade.G2", "t.p-r0", "all.symptoms.no", "e.grade", "go.why"):
        talk.forges(action)
        assert "begin" in talk.actions, action
        assert not talk.session.accepted
        assert not talk.session.answers
    assert talk.says("new").notice == LABELS("notice.not-accepted")
    assert talk.taps("begin").place.stage is Stage.GRADE


def test_a_tap_or_words_of_somebody_unknown_lead_to_the_gate() -> None:
    for talk in (Talk(wordless()).forges("a.grade.G2"), Talk(wordless()).types("12"), Talk(wordless()).says("new")):
        assert not talk.session.accepted
        assert not talk.session.answers


@pytest.mark.parametrize("seed", range(3))
def test_back_leads_to_the_question_before_and_the_same_answer_leads_on_again(seed: int) -> None:
    steps = _on_the_way(seed)
    for here, after in pairwise(steps):
        action = after.path[-1] if after.path else ""
        if not action.startswith(("a.", "all.")) or after.place.question is None:
            continue
        talk = Talk(wordless(), after.session).taps("back")
        assert talk.place.question == here.place.question, after.path
        kept = {answer for answer in here.session.answers if answer in after.session.answers}
        assert kept <= set(talk.session.answers), after.path
        if action != f"all.{here.place.question and here.place.question.id}.shown":
            assert set(talk.forges(action).session.answers) == set(after.session.answers), after.path


def test_back_from_every_question_leads_home_in_the_end_and_the_case_can_be_gone_on_with() -> None:
    talk = begun(wordless()).taps(*COMMON[:-1])
    for question in ("symptoms", "prerequisites", "pattern", "grade"):
        talk.taps("back")
        assert talk.place.question is QUESTIONS[question]
    talk.forges("back")
    assert talk.text == "home"


def test_start_in_the_middle_of_a_case_offers_to_go_on_and_loses_nothing() -> None:
    for step in _on_the_way(21, 4):
        talk = Talk(wordless(), step.session).says("start")
        assert talk.session.answers == step.session.answers
        if step.session.answers:
            assert talk.text == "home"
            assert talk.taps("resume").screen == step.screen
            assert talk.session.answers == step.session.answers


@pytest.mark.parametrize("command", ["new", "cancel"])
def test_new_and_cancel_delete_the_answers_and_keep_that_the_person_is_known(command: str) -> None:
    talk = begun(wordless()).taps(*COMMON).says(command)
    assert talk.session.answers == ()
    assert talk.session.accepted
    assert talk.text == ("question" if command == "new" else "home")


def test_forget_leaves_nothing_to_be_stored() -> None:
    assert begun(wordless()).taps(*COMMON).says("forget").stored is None
    assert Talk(wordless()).says("forget").stored is None
    talk = begun(wordless()).taps(*COMMON).says("privacy").taps("forget")
    assert talk.stored is None


@pytest.mark.parametrize("command", ["", "nonsense", "START", "settings2", "/start", "a" * 64])
def test_an_unknown_command_says_so_and_shows_where_one_is(command: str) -> None:
    before = begun(wordless()).taps(*COMMON)
    after = Talk(wordless(), before.session).says(command)
    assert after.screen == before.screen
    assert after.session == before.session
    assert after.notice == LABELS("notice.unknown-command")


def test_not_known_yet_to_everything_ends_in_a_work_up_that_asks_for_the_grade_first() -> None:
    talk = begun(wordless())
    while question := talk.place.question:
        unknown = f"a.{question.id}.unknown" if not question.is_checklist else f"all.{question.id}.unknown"
        talk.taps(unknown if unknown in talk.actions else f"all.{question.id}.shown")
    assert talk.place.stage is Stage.WORKUP
    assert talk.text == "workup"
    assert "e.grade" in talk.actions
    assert talk.place.found.needed == guideline().tree.facts


@pytest.mark.slow
@pytest.mark.parametrize("headline", HEADLINES)
def test_changing_any_answer_keeps_all_others_but_those_it_names(headline: str) -> None:
    for answers, _ in telling(headline, 5):
        talk = Talk(wordless(), session_of(answers)).taps("go.change")
        for opening in [action for action in talk.actions if action.startswith("e.")]:
            opened = Talk(wordless(), talk.session).taps("go.change", opening)
            for action in [a for a in opened.actions if a.startswith(("a.", "all."))]:
                changed = Talk(wordless(), opened.session).taps(action)
                own = {opening[2:], *(line.id for line in QUESTIONS[opening[2:]].lines)}
                lost = {id_ for id_, _ in answers} - {id_ for id_, _ in changed.session.answers} - own
                for question in QUESTIONS.values():
                    if lost.intersection(line.id for line in question.lines):
                        assert LABELS(f"question.{question.id}") in changed.notice, (action, answers)
                kept = {answer for answer in answers if answer[0] not in own | lost}
                assert kept <= set(changed.session.answers)


def test_looking_at_an_answer_to_change_it_and_leaving_changes_nothing() -> None:
    before = begun(wordless()).taps(*COMMON)
    for question in ("grade", "pattern", "prerequisites", "symptoms", "steps"):
        talk = Talk(wordless(), before.session).taps("go.change", f"e.{question}", "leave")
        assert talk.screen == before.screen
        assert talk.session.answers == before.session.answers


def test_changing_the_grade_to_the_counts_asks_for_the_counts_and_keeps_the_rest() -> None:
    talk = begun(wordless()).taps(*COMMON, "go.change", "e.grade", "a.grade.count", "a.ki67.3-20", "a.mitoses.2-20")
    assert talk.headline == "resection-two-step"
    assert talk.place.question is None


def test_the_counts_are_asked_again_for_who_takes_the_grade_from_them_again() -> None:
    talk = begun(wordless()).taps("a.grade.count", "a.ki67.3-20", "a.mitoses.2-20", *COMMON[1:])
    talk.taps("go.change", "e.grade", "a.grade.count")
    assert talk.place.question is QUESTIONS["ki67"]
    talk.types("1")
    assert talk.place.question is QUESTIONS["mitoses"]
    talk.types("0")
    assert talk.place.question is None
    assert talk.place.found.known["grade"] == frozenset({"G1"})
    assert talk.headline == "resection-two-step"


def test_no_line_of_the_symptoms_vanishes_while_they_are_open_and_who_turned_one_can_go_on() -> None:
    open_symptoms = (
        "a.grade.G2",
        "a.pattern.II",
        "t.p-r0",
        "t.p-r0",
        "t.p-fit",
        "t.p-heart",
        "all.prerequisites.shown",
    )
    for turns in (1, 2, 3):
        for line in ("s-carcinoid", "s-refractory", "s-local"):
            talk = begun(wordless()).taps(*open_symptoms)
            lines = [action for action in talk.actions if action.startswith("t.")]
            assert len(lines) == 3
            talk.taps(*[f"t.{line}"] * turns)
            assert [action for action in talk.actions if action.startswith("t.")] == lines
            assert "all.symptoms.shown" in talk.actions


SYMPTOMS = ("s-carcinoid", "s-refractory", "s-local")


def _symptoms_in_type_ii() -> Talk:
    return begun(wordless()).taps(*COMMON[:2], "t.p-r0", "t.p-r0", "all.prerequisites.met")


def test_none_of_the_others_answers_those_that_were_not_tapped() -> None:
    talk = _symptoms_in_type_ii().taps("t.s-local")
    assert LABELS("sweep.symptoms.others") in [LABELS(button.caption) for button in talk.buttons[:1]]
    stands = dict(talk.taps("all.symptoms.no").session.answers)
    assert [stands[line] for line in SYMPTOMS] == ["no", "no", "yes"]


def test_continue_leaves_what_was_not_tapped_unknown() -> None:
    for talk in (_symptoms_in_type_ii(), begun(wordless()).taps("a.grade.G2", "a.pattern.III")):
        stands = dict(talk.taps("t.s-carcinoid", "all.symptoms.shown").session.answers)
        assert [stands[line] for line in SYMPTOMS] == ["yes", "unknown", "unknown"]
        assert "refractory_symptoms" not in talk.place.found.case.known


def test_none_answers_all_that_are_shown() -> None:
    stands = dict(_symptoms_in_type_ii().taps("all.symptoms.no").session.answers)
    assert [stands[line] for line in SYMPTOMS] == ["no", "no", "no"]


@pytest.mark.parametrize(("first", "then"), [("yes", "no"), ("no", "yes"), ("unknown", "yes"), ("yes", "unknown")])
def test_the_only_symptom_asked_can_be_changed_later(first: str, then: str) -> None:
    talk = begun(wordless()).taps(*COMMON[:3], f"all.symptoms.{first}", COMMON[-1])
    talk.taps("go.change", "e.symptoms", f"all.symptoms.{then}")
    assert given(talk.session.answers, "s-carcinoid") == then


def test_changing_from_type_iii_to_type_i_asks_for_the_prerequisites_after_all() -> None:
    talk = begun(wordless()).taps(
        "a.grade.G1", "a.pattern.III", "all.symptoms.no", "go.change", "e.pattern", "a.pattern.I"
    )
    assert talk.place.question is QUESTIONS["prerequisites"]
    assert talk.taps("all.prerequisites.met").headline == "resection"


def test_all_met_is_said_of_all_others_once_a_line_was_turned_to_an_answer() -> None:
    for line in ("p-primary", "p-r0", "p-outside", "p-fit", "p-heart"):
        turns = 4 if line == "p-primary" else 2
        talk = begun(wordless()).taps("a.grade.G1", "a.pattern.I", *[f"t.{line}"] * turns)
        if line == "p-fit":  # then no other line matters
            assert "all.prerequisites.met" not in talk.actions
            continue
        talk.taps("all.prerequisites.met")
        stands = {p.id: given(talk.session.answers, p.id) for p in QUESTIONS["prerequisites"].lines}
        assert stands.pop(line) == "unmet"
        assert set(stands.values()) <= {"met", None}  # None: a line that the unmet one has made pointless


def test_all_met_means_all_when_the_turned_line_is_back_at_not_known() -> None:
    talk = begun(wordless()).taps("a.grade.G1", "a.pattern.I", "t.p-fit", "t.p-fit", "t.p-fit", "all.prerequisites.met")
    assert {given(talk.session.answers, p.id) for p in QUESTIONS["prerequisites"].lines} == {"met"}


def test_a_prerequisite_changed_later_asks_for_the_symptoms_it_makes_relevant() -> None:
    talk = begun(wordless()).taps("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")
    talk.taps("go.change", "e.prerequisites", "t.p-r0", "all.prerequisites.shown")
    assert talk.place.question is QUESTIONS["symptoms"]
    assert {"t.s-refractory", "t.s-local"} <= set(talk.actions)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_after_a_restart_at_any_step_the_same_screen_is_shown(seed: int) -> None:
    restarted = Conversation(about=About())
    running = Conversation(about=About())
    random = Random(seed)
    for step in [step for _ in range(4) for step in random_way(running, random)]:
        kept = Session.from_json(step.session.to_json())
        assert restarted.stale(kept).screen == step.screen
        for action in {b.action for row in step.screen.rows for b in row if b.action}:
            assert restarted.respond(kept, Tap(action)) == running.respond(step.session, Tap(action)), action


@pytest.mark.slow
def test_the_revision_changes_with_everything_that_is_stored_and_not_with_looking() -> None:
    random = Random(5)
    talk = begun(wordless())
    for _ in range(1500):
        before = talk.session
        action = random.choice([a for a in talk.actions if a != "forget"])
        talk.taps(action)
        if action.startswith(("go.", "look", "note.", "about", "report.")):
            assert talk.session == before, action
        elif talk.session != before:
            assert talk.session.revision != before.revision, action


@pytest.mark.slow
def test_no_tap_on_anything_shown_ever_fails() -> None:
    for seed in range(60):
        random, talk = Random(seed), Talk(wordless()).says("start")
        for _ in range(40):
            talk.taps(random.choice([a for a in talk.actions if a not in ("forget", "new")]))


def test_a_tap_on_an_old_message_changes_nothing_and_shows_where_one_is() -> None:
    before = begun(wordless()).taps(*COMMON)
    for turn, notice in (
        (wordless().stale(before.session), "notice.stale"),
        (wordless().refused(before.session), "notice.refused"),
    ):
        assert (turn.session, turn.screen, turn.notice) == (before.session, before.screen, LABELS(notice))
    assert wordless().stale(None).notice == LABELS("notice.gone")
    assert wordless().stale(None).screen.text == "start"


@pytest.mark.parametrize("gone", [("grade", "G9"), ("steps", "maybe"), ("nonsense", "yes"), ("volume", ">=80")])
def test_after_a_content_update_the_case_is_gone_through_again_and_it_is_said_once(gone: tuple[str, str]) -> None:
    talk = begun(wordless()).taps(*COMMON)
    answers = tuple(answer for answer in talk.session.answers if answer[0] != gone[0])
    old = Session(5, "2011.9", accepted=True, answers=(*answers, gone), open="a-question-that-is-gone")
    talk = Talk(wordless(), old).forges("now")
    assert talk.notice == LABELS("notice.updated")
    assert talk.session.answers == answers
    assert talk.session.version == guideline().evidence.stamp.version
    assert talk.session.revision != old.revision
    assert talk.forges("now").notice == ""


def test_after_a_content_update_a_case_whose_answers_all_hold_keeps_them() -> None:
    answers = begun(wordless()).taps(*COMMON).session.answers
    turn = wordless().stale(Session(5, "2011.9", accepted=True, answers=answers))
    assert turn.session.answers == answers
    assert turn.screen.text == "recommendation"


def test_what_is_only_tried_on_a_list_behind_a_result_is_not_kept() -> None:
    result = begun(wordless()).taps(*COMMON)
    talk = Talk(wordless(), result.session).taps("go.change", "e.prerequisites", "t.p-fit")
    assert talk.session.answers == result.session.answers
    assert talk.place.lines(QUESTIONS["prerequisites"]) == [line.id for line in QUESTIONS["prerequisites"].lines]
    again = Talk(wordless(), Session.from_json(talk.session.to_json()))
    assert again.screen == talk.screen, "it is stored while the list is open"

    talk.taps("leave")
    assert talk.notice == LABELS("notice.tried")
    assert talk.screen == result.screen
    assert talk.session.tried == ()

    again.taps("all.prerequisites.shown")
    assert again.headline == "ablation-embolisation", "Done keeps it"


def test_back_keeps_what_was_chosen_and_ticks_it() -> None:
    conversation = Conversation()
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II", "t.p-r0", "t.p-fit", "all.prerequisites.met")
    answers = talk.session.answers
    talk.taps("back")
    assert [button.caption for button in talk.buttons][1] == "R0 resection: feasible"
    talk.taps("back", "back")
    assert [button.caption for button in talk.buttons if "✓" in button.caption] == ["✓ G2"]
    talk.taps("a.grade.G2", "all.prerequisites.shown")
    assert set(talk.session.answers) == set(answers), "a wrong tap on Back loses nothing"


@pytest.mark.parametrize("change", ["a.grade.G1", "a.grade.unknown"])
def test_back_three_times_and_another_answer_goes_on_where_it_stopped(change: str) -> None:
    talk = begun(wordless()).taps("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "back", "back", "back")
    talk.taps(change, "all.prerequisites.shown")
    assert talk.place.question is QUESTIONS["symptoms"]
    assert ("pattern", "II") in talk.session.answers


def test_change_an_answer_shows_the_answers(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*COMMON, "go.change")
    captions = [button.caption for button in talk.buttons if button.action.startswith("e.")]
    assert captions == [
        "Grade: G2", "Pattern: Type II", "Prerequisites: all met", "Symptoms: no carcinoid, 2 open",
        "One/two steps: two",
    ]  # fmt: skip
    opened = talk.taps("e.pattern")
    assert opened.text.startswith("One answer · now Type II\n")
    assert [button.caption for button in opened.buttons if "✓" in button.caption] == ["✓ II: dominant, both lobes"]


def test_no_row_of_the_prerequisites_vanishes_and_what_makes_no_difference_is_marked(
    conversation: Conversation,
) -> None:
    talk = begun(conversation).taps("a.grade.G2", "a.pattern.II")
    rows = [action for action in talk.actions if action.startswith("t.")]
    talk.taps("t.p-fit", "t.p-fit")
    assert [action for action in talk.actions if action.startswith("t.")] == rows
    captions = {button.action: button.caption for button in talk.buttons}
    assert captions["t.p-fit"] == "Fit for surgery: no"
    assert captions["t.p-r0"] == "(R0 resection: ?)"
    assert "In brackets: makes no difference" in talk.text
    talk.taps("all.prerequisites.shown")
    assert {id_ for id_, _ in talk.session.answers if id_.startswith("p-")} == {"p-fit"}, "the others stay open"
    talk.taps("back", "t.p-fit", "t.p-fit")
    assert "(R0 resection: ?)" not in [button.caption for button in talk.buttons], "and count again with fitness"


def test_with_everything_unknown_no_detail_is_asked() -> None:
    talk = begun(wordless()).taps("a.grade.unknown", "a.pattern.unknown")
    talk.taps("all.prerequisites.shown", "all.symptoms.shown")
    assert talk.text == "workup"


def test_help_to_classify_sends_the_drawing_at_once(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G2", "go.classify")
    assert isinstance(talk.turn, Show)
    assert [attachment.file_name for attachment in talk.turn.attachments] == [f"patterns-{conversation.version}.png"]
    assert talk.actions[:3] == ["a.pattern.I", "a.pattern.II", "a.pattern.III"]
    (drawing,) = talk.turn.attachments  # it pushes the buttons of the screen above it out of view
    assert [[b.caption for b in row] for row in drawing.rows] == [
        ["Type I", "Type II", "Type III"],
        ["Both lobes, none dominant"],
        ["Not known yet"],
        ["Back"],
    ]
    assert [b.action for row in drawing.rows for b in row] == [b.action for b in talk.buttons]


def test_a_typed_answer_on_an_opened_list_keeps_what_was_turned_on_it() -> None:
    talk = begun(wordless()).taps(*COMMON, "go.change", "e.prerequisites", "t.p-fit").types("R0 feasible")
    assert talk.headline == "ablation-embolisation"
    assert talk.session.tried == ()
