"""Why: the way to a result, a line a step, with the statements behind it."""

from __future__ import annotations

import pytest

from dialogs.actions import Room
from dialogs.conversation import Conversation
from dialogs.render import utf16
from dialogs.rooms import behind
from guideline import UNDETERMINED, Case, assess
from phone.entities import parse_html
from tests.dialogs.rooms.pages import EVIDENCE, LABELS, WORDS, cases, room_of, rooms, unfolded
from tests.dialogs.samples import STANDINGS
from tests.support import every_result
from tests.support.walk import Talk, begun
from tests.support.ways import ALL


def test_why_begins_with_the_answer_that_decides_and_tells_the_way_a_line_a_turn_with_its_place() -> None:
    for text, found in rooms("why"):
        first = text.splitlines()[0]
        if found.headline == UNDETERMINED:
            assert all(LABELS(f"fact.{fact}") in first for fact in found.needed[:3])
        else:
            last = [step for step in found.way if step.edge][-1]
            assert last.edge
            assert LABELS.clause(last.node.fact, found.known.get(last.node.fact, last.edge.values)) in first
        several = found.headline == UNDETERMINED
        lines = [line for line in text.splitlines() if line.startswith("· ")]
        assert len(lines) == len(found.way)
        for step, line in zip(found.way, lines, strict=True):
            if step.edge:
                clause = LABELS.clause(step.node.fact, found.known.get(step.node.fact, step.edge.values))
                goes_on = f"{clause}; asked next: " if step is not found.way[-1] or several else f"{clause} → "
                assert line[2:].lower().startswith(goes_on.lower())
                assert "[" in line


@pytest.mark.parametrize(
    ("taps", "led", "open_", "left"),
    [
        (
            ("a.grade.unknown", "a.pattern.I", "t.p-fit", "all.prerequisites.met", "all.symptoms.no"),
            "Answered already, for when that is known: Type I · ",
            "The way begins with this: grade, not known.",
            "That leaves: liver resection · systemic chemotherapy, if poorly differentiated. What is ruled out: Alt",
        ),
        (
            ("a.grade.G1", "a.pattern.unknown", "t.p-r0", "t.p-r0", "all.prerequisites.met", "all.symptoms.no"),
            "· G1; asked next: liver pattern, not known [",
            "Answered already, for when that is known: R0 not feasible · ",
            "That leaves: ablation/TACE · multimodal, not surgical. ",
        ),
        (
            ("a.grade.count", "a.ki67.3-20", "a.mitoses.unknown", "a.pattern.III", "all.symptoms.no"),
            "Answered already, for when that is known: at least G2 · Ki-67 3–20 % · Type III",
            "The way begins with this: mitotic count, not known.",
            "That leaves: multimodal, not surgical · systemic chemotherapy, if poorly differentiated. ",
        ),
        (
            ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.unknown"),
            "· Carcinoid heart disease absent or optimised; asked next: one operation or two, not known [",
            "Cannot say yet: one operation or two not known",
            "That leaves: one-step resection · two-step resection. ",
        ),
    ],
)
def test_why_it_cannot_be_said_yet_tells_which_answers_led_there_what_is_open_and_what_is_left(
    taps: tuple[str, ...], led: str, open_: str, left: str
) -> None:
    talk = begun(Conversation()).taps(*taps)
    assert talk.headline == UNDETERMINED
    text = unfolded(talk.taps("go.why").text)

    assert led in text
    assert open_ in text
    assert left in text
    assert "That leaves" not in unfolded(
        begun(Conversation()).taps("a.grade.G3", "a.differentiation.poor", "go.why").text
    )


def test_why_is_read_with_its_folded_part_and_no_arrow_leads_to_a_question() -> None:
    found = [STANDINGS.of(answers).found for way in every_result.all_ways() for answers in every_result.results(way)]
    whole = [room_of("why", one.case.known, folded=True) for one in (*found, *ALL)]
    for text in whole:
        assert len(text.split()) <= WORDS, text
        assert text.count(" → ") <= 1


def test_every_statement_behind_a_result_is_a_tap_from_why() -> None:
    for talk, found in cases():
        told = Talk(talk.conversation, talk.session).forges("go.why").taps("go.because")
        pages = [parse_html(told.text)[0]]
        while further := [action for action in told.actions if action == f"go.because.{len(pages)}"]:
            pages.append(parse_html(told.forges(further[0]).text)[0])
        text = "\n".join(pages).replace("\u00a0", " ")
        carried = {*found.because, *found.limits, *(id_ for item in found.workup for id_ in item.get)}
        carried |= {id_ for caveat in found.caveats for id_ in found.caveat_because(caveat)}
        assert all(EVIDENCE.statements[id_].text in text for id_ in carried)


def test_the_longest_why_is_one_message() -> None:
    longest = {
        "grade": "G2", "graded_tissue": "primary", "pattern": "II", "pattern_fit": "nearest", "fit_for_surgery": True,
        "primary": "not_found", "r0_feasible": True, "extrahepatic": "unresectable", "refractory_symptoms": False,
        "local_effects": True, "debulkable_percent": 95, "carcinoid_heart_disease": "uncontrolled",
    }  # fmt: skip
    found = assess(Case.of(longest))
    assert (found.headline, len(found.way), len(found.caveats)) == ("optimise-heart-first", 10, 3)
    view = behind(Room("why"), EVIDENCE, found, ())
    assert view
    text = Conversation().steps.renderer.screen(view).text
    assert utf16(text) <= 4096 - 200  # with the notice of an answer before it
    assert "What the review says there (the last turns)" in text
