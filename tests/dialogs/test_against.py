"""A typed text beside the open case: what contradicts it is named, and what is used, replaced or left out is said."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.actions import Use, encode
from dialogs.against import contradicted, used
from dialogs.answers import holding
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.questions import LINES, says
from dialogs.session import Answers
from dialogs.typed_facts import TypedFacts, answers_with
from dialogs.typed_facts import encode as code_of
from guideline import Case, CaseError
from guideline.case import CHOICES, FACTS, domain
from guideline.values import Choice
from tests.dialogs.samples import HEADLINES, STANDINGS, answered
from tests.support.walk import Talk, begun

LABELS = Labels()
ALL_BUT_GRADE = (
    "right lobe only, fit, R0 feasible, no extrahepatic disease, primary resected, no carcinoid heart disease"
)
OVER, KEEP, ANEW = (LABELS(f"button.{name}") for name in ("use-over", "use-keep", "start-anew"))
G1 = ("a.grade.G1",)
RESULT = ("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no")


def captions(talk: Talk) -> list[str]:
    return [button.caption for button in talk.buttons]


def taps(talk: Talk, caption: str) -> Talk:
    return talk.taps(next(button.action for button in talk.buttons if button.caption == caption))


@pytest.mark.parametrize(
    ("way", "text", "said"),
    [
        (G1, f"Ki-67 30 %, {ALL_BUT_GRADE}", "Your case says G1; this text says Ki-67 30 % (G3)"),
        (RESULT, "Ki-67 30 %, age 60, poorly differentiated", "Your case says G1; this text says Ki-67 30 % (G3)"),
        (RESULT, "Ki-67 8 %, age 60", "Your case says G1; this text says Ki-67 8 % (at least G2)"),
        (RESULT, "not fit, age 60", "Your case says fit for surgery; this text says not fit for surgery"),
        (RESULT, "G2, age 60", "Your case says G1; this text says G2"),
        (
            ("a.grade.count", "a.ki67.3-20", "a.mitoses.alone"),
            "G1, type I",
            "Your case says Ki-67 3–20 % (at least G2); this text says G1",
        ),
    ],
)
def test_what_contradicts_the_open_case_is_named_before_it_is_used(
    way: tuple[str, ...], text: str, said: str, conversation: Conversation
) -> None:
    talk = begun(conversation).taps(*way)
    before = talk.session
    talk.types(text)

    assert said in talk.text.replace("\u00a0", " ")
    assert talk.session == before
    assert {OVER, KEEP, ANEW} <= set(captions(talk))
    assert LABELS("button.use") not in captions(talk)


def test_a_text_that_agrees_with_the_open_case_is_offered_as_before(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*G1).types("Ki-67 1 %, type I, fit")

    assert "Your case says" not in talk.text
    assert LABELS("button.use") in captions(talk)


def test_used_over_the_case_the_text_wins_and_what_it_replaced_is_the_first_thing_said(
    conversation: Conversation,
) -> None:
    talk = taps(begun(conversation).taps(*G1).types(f"Ki-67 30 %, {ALL_BUT_GRADE}"), OVER)

    known = talk.place.found.case.known
    assert talk.notice.startswith("Old answer replaced: G1.")
    assert talk.place.found.known["grade"] == frozenset({"G3"})
    assert {"ki67", "fit_for_surgery", "carcinoid_heart_disease"} <= set(known)
    assert talk.taps("a.differentiation.poor").headline == "systemic-chemotherapy"


@pytest.mark.parametrize("verb", ["use", "only"])
def test_nothing_of_a_result_is_left_that_the_used_text_contradicts(verb: str, conversation: Conversation) -> None:
    talk = begun(conversation).taps(*RESULT)
    typed = TypedFacts({"ki67": "30", "age": "60", "differentiation": "poor"})
    talk.forges(encode(Use(code_of(typed), alone=verb == "only")))

    assert talk.notice.startswith("Old answer replaced: G1.")
    assert talk.headline == "systemic-chemotherapy"
    assert set(typed.facts) <= set(talk.place.found.case.known)


def test_kept_the_case_stays_and_what_was_left_out_is_the_first_thing_said(conversation: Conversation) -> None:
    talk = taps(begun(conversation).taps(*G1).types(f"Ki-67 30 %, {ALL_BUT_GRADE}"), KEEP)

    assert talk.notice.startswith("Not used: Ki-67 30 %.")
    assert talk.place.found.case.known["grade"] == frozenset({"G1"})
    assert "ki67" not in talk.place.found.case.known
    assert {"fit_for_surgery", "carcinoid_heart_disease", "pattern"} <= set(talk.place.found.case.known)


def test_what_looks_like_another_patient_is_first_offered_as_a_new_case(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*RESULT).types("G2, type II, primary in the pancreas")

    assert "This looks like another patient" in talk.text
    assert captions(talk)[0] == ANEW
    taps(talk, ANEW)
    assert set(talk.place.found.case.known) == {"grade", "pattern", "primary_site"}


def test_where_the_text_says_nothing_else_there_is_no_rest_to_use(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*RESULT).types("Ki-67 30 %")

    assert OVER in captions(talk)
    assert KEEP not in captions(talk)


def test_an_exact_number_is_not_replaced_by_a_band_around_it(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.count").types("8").types("type II, Ki-67 5-15 %, fit")
    taps(talk, LABELS("button.use"))

    assert ("ki67", "=8") in talk.session.answers
    assert not talk.notice


def test_a_grade_beside_counts_that_agree_keeps_the_counts(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.count").types("8").types("G2, type II, fit")
    taps(talk, LABELS("button.use"))

    assert {"grade", "ki67"} <= set(talk.place.found.case.known)
    assert "No longer used" not in talk.notice


def test_a_long_list_of_what_was_replaced_still_fits_a_notice_whole(conversation: Conversation) -> None:
    facts = TypedFacts({fact: _first(fact) for fact in FACTS if fact not in ("ki67", "mitoses", "differentiation")})
    other = TypedFacts({fact: _last(fact) for fact in facts.facts})
    talk = begun(conversation).forges(encode(Use(code_of(facts)))).forges(encode(Use(code_of(other))))

    assert len(talk.notice) <= 200
    replaced = talk.notice.removeprefix("Old answer replaced: ").partition(".")[0].split(", ")
    assert replaced[:3] == ["grade", "tissue", "pattern"]
    assert len(replaced) - 1 + int(replaced[-1].removesuffix(" more")) == len(facts.facts)


def _first(fact: str) -> Choice:
    return CHOICES[fact][0] if fact in CHOICES else "10"


def _last(fact: str) -> Choice:
    return [value for value in CHOICES[fact] if value != "unknown"][-1] if fact in CHOICES else "60"


def values(fact: str) -> st.SearchStrategy[Choice]:
    if fact in CHOICES:
        return st.sampled_from(CHOICES[fact])
    return st.sampled_from(["1", "2", "5", "30", "<2", ">=20", "3-5", "40-60"])


TELLINGS = st.builds(
    TypedFacts,
    st.lists(st.sampled_from(FACTS), unique=True, max_size=10).flatmap(
        lambda facts: st.fixed_dictionaries({fact: values(fact) for fact in FACTS if fact in facts})
    ),
)
BEFORE = st.builds(
    lambda seed, towards: answered(Random(seed), towards), st.integers(0, 400), st.sampled_from(HEADLINES)
)
MANY = settings(max_examples=600, deadline=None, derandomize=True)


def within(known: object, possible: object) -> bool:
    return known is not None and known.within(possible)  # type: ignore[attr-defined]


@pytest.mark.slow
@MANY
@given(before=BEFORE, first=TELLINGS, typed=TELLINGS, keep=st.booleans())
def test_after_use_each_fact_read_is_in_the_case_or_named_and_no_answer_contradicts_one(
    before: Answers, first: TypedFacts, typed: TypedFacts, keep: bool
) -> None:
    before = used(STANDINGS.holding(tuple(dict(before).items())), first, STANDINGS).answers
    against = contradicted(before, typed, STANDINGS)
    taken = used(before, typed, STANDINGS, keep=keep)
    known = STANDINGS.case(taken.answers).known

    assert STANDINGS.holding(taken.answers) == taken.answers
    for fact in typed.facts:
        if typed.facts[fact] != "unknown":
            assert within(known.get(fact), typed.possible(fact)) != (fact in taken.not_taken)
    for fact, possible in STANDINGS.case(before).known.items():
        if keep:
            assert within(known.get(fact), possible) or fact == "grade"
        elif not any(fact in one.says for one in against):
            assert within(known.get(fact), possible), fact
        elif not within(known.get(fact), possible):
            assert fact in taken.replaced or fact not in dict(_said_by(before)), fact
    if not keep and _agrees(typed):
        assert not taken.not_taken


def _said_by(answers: Answers) -> list[tuple[str, str]]:
    return [(fact, id_) for id_, option in answers if id_ in LINES for fact in says(LINES[id_], option)]


def _agrees(typed: TypedFacts) -> bool:
    """Whether the facts can all be true together."""
    try:
        STANDINGS.content.assess(Case.of({fact: typed.possible(fact).both(domain(fact)) for fact in typed.facts}))
    except CaseError:
        return False
    return True


@pytest.mark.slow
@MANY
@given(typed=TELLINGS)
def test_of_what_was_told_only_what_contradicts_the_newer_answer_is_dropped(typed: TypedFacts) -> None:
    answers = (*answers_with((), typed, set(typed.facts)), ("grade", "G1"))
    answers = tuple(answer for answer in answers if answer[0] != "grade" or answer[1] == "G1")
    held = dict(holding(answers, STANDINGS.assess))

    for line in ("told-fit_for_surgery", "told-carcinoid_heart_disease", "told-local_effects", "told-lesion_count"):
        assert (line in held) == (line in dict(answers))
