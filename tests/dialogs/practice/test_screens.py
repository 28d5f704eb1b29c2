"""What the screens of practice say: a title that gives nothing away, and a way that says where it reads on."""

from __future__ import annotations

import pytest

from dialogs.conversation import Conversation
from dialogs.practice import Key
from dialogs.practice.deck import DECK
from dialogs.practice.kinds import NEAREST, subjects
from dialogs.session import Practice
from guideline import guideline

STEPS = Conversation().steps
MANY = 40


def practice(topic: str, key: Key, seed: int, chosen: int | None = None) -> Practice:
    return Practice(topic, key.topic, key.kind, seed, 0, chosen=chosen)


def test_the_title_of_a_mixed_question_names_no_topic_and_that_of_a_topic_does() -> None:
    for key in DECK:
        name = STEPS.say(f"practice.topic.{key.topic}")
        titles = [
            STEPS.renderer.screen(STEPS.practising.asked(practice(topic, key, 1))[0]).text.split("\n")[0]
            for topic in ("", key.topic)
        ]
        assert titles == ["<b>Practice</b>", f"<b>Practice: {name}</b>".replace("'", "&#39;")]


def test_a_nearest_type_is_read_on_as_such_and_the_question_allows_that_none_fits() -> None:
    key, seen = Key("patterns", "pattern"), 0
    for seed in range(MANY):
        question = STEPS.practising.question(practice("", key, seed))
        assert "Does one of the three patterns" in question.text
        if question.options[question.right].id != NEAREST or not question.found.way:
            continue
        wrong = next(place for place in range(len(question.options)) if place != question.right)
        text = STEPS.renderer.screen(STEPS.practising.answer(practice("", key, seed, wrong))).text
        way = text.partition("<b>The way</b>\n")[2].split("\n")[0]
        if f"Type {question.facts['pattern']}" in way:
            assert f"Type {question.facts['pattern']} (the nearest type, by which it is read on)" in way
            seen += 1
    assert seen


def test_what_always_applies_is_no_option() -> None:
    assert "mdt" not in subjects(guideline(), "adjunct")
    for topic in ("patterns", "debulking", "transplant"):
        for seed in range(MANY):
            question = STEPS.practising.question(practice("", Key(topic, "adjunct"), seed))
            assert "mdt" not in {option.id for option in question.options}


@pytest.mark.parametrize("key", DECK, ids="-".join)
def test_the_score_names_what_was_asked(key: Key) -> None:
    """By the words of the question, not by a topic that reads like another question."""
    text = STEPS.renderer.screen(STEPS.practising.answer(practice("", key, 1, 0))).text
    score = next(line for line in text.split("\n") if " right" in line and ", asked " in line)
    assert score.startswith(
        f"{STEPS.say(f'practice.topic.{key.topic}')}, asked {STEPS.say(f'practice.kind.{key.kind}')}: "
    )
    assert "?" not in score
    assert "suggest" not in score or key.kind == "headline"
