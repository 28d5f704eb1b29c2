"""Newer: the newer sources on a case, a line each, the most decisive first."""

from __future__ import annotations

import pytest

from phone.entities import parse_html
from tests.dialogs.rooms.pages import EVIDENCE, LABELS, WORDS, cases, numbers, room_of, unfolded
from tests.support.walk import Talk


@pytest.mark.parametrize(
    ("syndrome", "first"),
    [(None, "PRRT now has randomised data"), (True, "Whether somatostatin analogues prevent crisis is disputed")],
)
def test_the_dispute_on_crisis_is_not_called_most_decisive_where_the_syndrome_was_not_answered(
    syndrome: bool | None, first: str
) -> None:
    case = {"grade": "G2", "pattern": "I", "fit_for_surgery": False, "refractory_symptoms": True}
    assert room_of("newer", {**case, "carcinoid_syndrome": syndrome}).startswith(first)


def test_newer_has_a_line_for_each_source_that_touches_the_case_the_most_decisive_first_and_a_tap_to_its_note() -> None:
    for talk, found in cases():
        if "go.newer" not in talk.actions:
            continue
        notes = [EVIDENCE.notes[id_] for id_ in found.updates if not EVIDENCE.notes[id_].reading]
        index = Talk(talk.conversation, talk.session).forges("go.newer")
        text = unfolded(index.text)
        first = text.splitlines()[0]
        lines = [first, *(line[2:] for line in text.splitlines() if line.startswith("· "))]
        assert len(lines) == len(notes)
        for place, (line, note) in enumerate(zip(lines, notes, strict=True), 1):
            name = note.sources[0].name.partition(" (")[0]
            differs = note.differs or note.title
            if note.id == "type-naming" and found.known["pattern"] != frozenset({"III"}):
                differs = LABELS("elsewhere.types", "2023")
            assert line.startswith(f"{differs} [{name}"), line
            opened = Talk(talk.conversation, index.session).forges(f"go.newer.{place}")
            assert f"go.newer.{place}" in index.actions
            assert note.now in parse_html(opened.text)[0].replace("\u00a0", " ")
            assert unfolded(opened.text).startswith(differs if note.differs else note.title)
            assert "go.newer" in opened.actions
            assert len(unfolded(opened.text).split()) <= WORDS
            assert (f"go.newer.{place + 1}" in opened.actions) == (place < len(notes))


@pytest.mark.parametrize("id_", [note.id for note in EVIDENCE.notes.values() if note.differs])
def test_a_number_in_the_line_of_a_note_was_seen_in_the_source_that_the_line_names(id_: str) -> None:
    note = EVIDENCE.notes[id_]
    seen = numbers(" ".join(note.sources[0].seen)) | {"3"}  # of G3; “Type III here” and so on have none
    assert numbers(note.differs) - {"2022"} <= seen | numbers(note.review)


def test_the_button_of_a_note_begins_with_a_word_of_its_line_and_of_no_other_beginning() -> None:
    differs = {note.id: note.differs for note in EVIDENCE.notes.values() if note.differs and not note.reading}
    for id_, line in differs.items():
        word = LABELS(f"note.{id_}").split()[0].lower()
        assert word in line.lower(), (id_, word, line)
        assert not [other for other in differs if other != id_ and differs[other].lower().startswith(word)], (id_, word)
