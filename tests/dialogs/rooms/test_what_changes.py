"""What changes it: the answers that would lead to another result."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from guideline import UNDETERMINED
from tests.dialogs.rooms.pages import LABELS, rooms, unfolded
from tests.support.walk import begun


@pytest.mark.parametrize(
    ("taps", "first"),
    [
        (
            ("G2", "II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"),
            "G3, another type, a missing prerequisite, or clearance in one operation would change this. "
            "Now: two-step liver resection",
        ),
        (
            ("G2", "III", "all.symptoms.no"),
            "G3 or another type would change this. Now: multimodal non-surgical treatment",
        ),
        (
            ("G3", "well"),
            "G1 or G2 would change this. Now: no route for well-differentiated G3 "
            "(for G3 carcinoma: systemic chemotherapy)",
        ),
        (
            ("G2", "I", "t.p-fit", "t.p-fit", "all.prerequisites.shown", "all.symptoms.no"),
            "G3, Type III, or fitness for surgery would change this. Now: ablation or embolisation (TACE)",
        ),
        (("unknown", "III", "all.symptoms.no"), "Cannot say yet: decided by grade:"),
    ],
)
def test_what_changes_it_begins_with_what_would(taps: tuple[str, ...], first: str) -> None:
    grade, second, *further = taps
    about = "differentiation" if grade == "G3" else "pattern"
    talk = begun(Conversation()).taps(f"a.grade.{grade}", f"a.{about}.{second}", *further, "go.changes")
    assert unfolded(talk.text).startswith(first)


def test_what_changes_it_names_every_fact_that_would_in_its_first_line() -> None:
    for text, found in rooms("changes"):
        first = text.splitlines()[0]
        if found.headline == UNDETERMINED:
            continue
        for change in found.changes:
            said = [LABELS.turning(change.fact, (change.to,)), LABELS.either(change.fact, (change.to,))]
            said += [LABELS("turning.prerequisite"), LABELS("turning.pattern")]
            every = tuple(other.to for other in found.changes if other.fact == change.fact)
            said.append(LABELS.turning(change.fact, every))
            assert any(words.lower() in first.lower() for words in said), first
        assert " would change this. Now: " in first
        assert "True" not in first
