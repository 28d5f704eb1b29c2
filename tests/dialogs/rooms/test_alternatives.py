"""Alternatives: the other headlines, the nearest first, and why not."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from guideline import UNDETERMINED
from tests.dialogs.rooms.pages import LABELS, room_of, rooms, unfolded
from tests.support.walk import begun


def test_alternatives_say_the_nearest_first_and_why_not_in_a_clause() -> None:
    talk = begun(Conversation()).taps(
        "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no", "go.more"
    )
    text = unfolded(talk.taps("go.alternatives").text)
    assert text.startswith(
        "Nearest: one-step liver resection, for when clearable in one operation; "
        "you said not clearable in one operation [§5.1.3, §6]"
    )
    assert "Ablation or embolisation (TACE): for when not fit for surgery; you said fit for surgery [" in text
    assert text.index("Ablation or") < text.index("Liver resection, minor") < text.index("Systemic chemotherapy")


TWO_STEPS = {
    "grade": "G2", "pattern": "II", "primary": "resected", "r0_feasible": True, "extrahepatic": "none",
    "fit_for_surgery": True, "carcinoid_heart_disease": "none", "one_stage_clearance": False,
}  # fmt: skip
NO_SYMPTOMS = {"refractory_symptoms": False, "local_effects": False}


@pytest.mark.parametrize(
    ("case", "nearest", "before"),
    [
        (TWO_STEPS, "one-step liver resection", "Heart disease optimised"),
        ({**TWO_STEPS, "pattern": "I"}, "heart disease optimised before surgery", "Ablation or embolisation"),
        ({**TWO_STEPS, "fit_for_surgery": False}, "two-step liver resection", "Multimodal"),
    ],
)
def test_what_takes_several_other_answers_is_not_the_nearest(
    case: dict[str, object], nearest: str, before: str
) -> None:
    """Debulking without symptoms: cure would have to be excluded as well, whether or not they were asked."""
    for further in ({}, NO_SYMPTOMS):
        text = room_of("alternatives", {**case, **further})
        assert text.startswith(f"Nearest: {nearest}"), text
    assert "Debulking" not in text or text.index(before) < text.index("Debulking")


def test_while_it_cannot_be_said_no_alternative_is_the_nearest_and_what_is_open_is_told_first() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no")
    talk.taps("a.steps.no", "go.more", "go.alternatives")
    first, possible, ruled_out = unfolded(talk.text).splitlines()[:3]

    assert first == "Cannot say yet: grade not known"
    assert possible.startswith("Still possible, by the open answers: two-step liver resection · systemic chemotherapy")
    assert ruled_out.startswith("Ruled out so far, whatever the open answers are.")
    assert "Nearest" not in talk.text
    assert "· Liver resection, minor or anatomical: only when Type I; you said Type II [" in unfolded(talk.text)


def test_what_is_a_part_of_what_is_still_possible_is_not_ruled_out() -> None:
    talk = begun(Conversation()).taps("a.grade.unknown", "a.pattern.III", "all.symptoms.shown", "go.more")
    text = unfolded(talk.taps("go.alternatives").text)

    assert "Still possible, by the open answers: multimodal non-surgical treatment" in text
    assert "TACE" not in text.partition("Ruled out")[2]


def test_a_transplant_beside_what_is_still_possible_is_not_listed_as_ruled_out() -> None:
    no_cure = ("a.grade.G1", "a.pattern.II", *["t.p-primary"] * 4, "all.prerequisites.met", "t.s-refractory")
    talk = begun(Conversation()).taps(*no_cure, "all.symptoms.no", "a.volume.unknown")
    assert talk.headline == UNDETERMINED
    possible, _, ruled_out = unfolded(talk.forges("go.alternatives").text).partition("Ruled out so far")

    assert "Transplantation, beside these, not in their place. Transplant: an option" in possible
    assert "not all criteria met: primary unresectable [" in possible
    assert "ransplant" not in ruled_out


def test_every_alternative_has_the_answers_that_exclude_it_beside_what_it_is_for() -> None:
    for text, found in rooms("alternatives"):
        for other in found.alternatives:
            if other.headline in found.contained:
                assert f"· {LABELS(f'headline.{other.headline}')}".lower() not in text.lower()
                continue
            if other.headline == "debulking" and (found.transplant or "consider-debulking" in found.adjuncts):
                assert "debulking surgery: only when" not in text.lower()
                assert "Surgery is not regarded as a good option in Type III" in text or not found.transplant
                continue
            named = LABELS(f"headline.{other.headline}").lower()
            line = next(line for line in text.splitlines() if named in line.lower())
            why = line if "when " in line else text.splitlines()[0]
            turning = {change.fact for change in found.changes if change.headline == other.headline}
            said = why.split("you said ")[1]
            for fact in turning or other.because_not:
                assert LABELS.clause(fact, found.case.known[fact]) in said, line
            assert ("for when" in why) == bool(turning), line
            opening = found.opening(other.headline, turning or other.because_not)
            assert opening
            assert all(LABELS.clause(fact, edge.values) in why for fact, edge in opening), line


def test_a_transplant_that_is_weighed_stands_first_among_the_alternatives() -> None:
    talk = begun(Conversation()).taps("a.grade.G2", "a.pattern.III", "all.symptoms.no", "go.more", "go.alternatives")
    assert unfolded(talk.text).startswith(
        "Nearest: transplantation, weighed beside this one: some criteria not known yet [§5.4, §6]"
    )
    assert "go.transplant" in talk.actions
