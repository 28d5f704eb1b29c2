"""2,000 practice questions: the core's answer is the one marked, the others are wrong, and Telegram takes the poll."""

from __future__ import annotations

import re
from itertools import cycle, islice
from random import Random

import pytest

from dialogs.labels import Labels
from dialogs.practice import Key, Maker, Question
from dialogs.practice.deck import DECK, KINDS
from dialogs.practice.kinds import NEAREST, OPEN, subjects
from dialogs.practice.vignette import letter
from dialogs.reader import reader
from dialogs.render import utf16
from dialogs.words import environment
from guideline import UNDETERMINED, Assessment, Case, assess, guideline
from guideline.assess import GENERAL
from guideline.case import CHOICES, CaseError

pytestmark = pytest.mark.slow

MANY = 2000
LABELS = Labels()
ENV = environment(guideline().evidence, LABELS)


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    maker = Maker(guideline(), LABELS)
    return [maker.make(seed, key) for seed, key in enumerate(islice(cycle(DECK), MANY))]


def answer_of_the_core(question: Question) -> str:
    """The right answer, worked out from the case alone."""
    found = assess(Case.of(question.facts))
    match question.key.kind:
        case "headline":
            return found.headline
        case "grade":
            grades = list(found.known["grade"])
            return str(grades[0]) if len(grades) == 1 else OPEN
        case "pattern":
            return NEAREST if question.facts.get("pattern_fit") == "nearest" else str(question.facts["pattern"])
        case "prerequisite":
            return _unmet(question)
        case "criterion":
            assert found.transplant
            (failed,) = [id_ for id_, state in found.transplant.criteria.items() if state == "not met"]
            return failed
        case _:
            return question.options[question.right].id


def _unmet(question: Question) -> str:
    """The prerequisite of which a change makes a resection possible again."""
    better = {
        "primary": "resected",
        "r0_feasible": True,
        "extrahepatic": "none",
        "fit_for_surgery": True,
        "carcinoid_heart_disease": "none",
        "grade": "G1",
    }
    found = []
    for fact, value in better.items():
        facts = {**question.facts, fact: value}
        if fact == "grade":
            facts = {name: known for name, known in facts.items() if name not in ("ki67", "mitoses", "differentiation")}
        if any(headline.startswith("resection") for headline in assess(Case.of(facts)).candidates):
            found.append(fact)
    (unmet,) = found
    return unmet


def belongs(found: Assessment, kind: str, id_: str) -> bool:
    """Whether an option of one of these kinds is right of a case."""
    match kind:
        case "headline":
            return id_ == found.headline
        case "adjunct":
            return id_ in found.adjuncts
        case "caveat":
            return id_ in found.caveats
        case "missing":
            return id_ in found.needed
    raise AssertionError(kind)


def completed(question: Question, random: Random) -> Assessment | None:
    """The case with everything that has values filled in by chance; None where that contradicts itself."""
    chance = {fact: random.choice(values) for fact, values in CHOICES.items() if fact != "grade"}
    try:
        return assess(Case.of({**chance, **question.facts}))
    except CaseError:
        return None


def test_the_marked_answer_is_the_cores_and_the_only_right_one(questions: list[Question]) -> None:
    for question in questions:
        found = assess(Case.of(question.facts))
        kind, right = question.key.kind, question.options[question.right]

        assert right.id == answer_of_the_core(question), question
        assert right.why == ""
        assert all(option.why for option in question.options if option is not right)
        if kind in ("headline", "adjunct", "caveat", "missing"):
            assert [o.id for o in question.options if belongs(found, kind, o.id)] == [right.id], question
        if kind == "test":
            get = guideline().workup[question.subject].get
            assert [option.id for option in question.options if option.id in get] == [right.id]
            assert question.subject == GENERAL or question.subject in found.needed


def test_nothing_that_may_become_known_makes_a_wrong_adjunct_or_caveat_right(questions: list[Question]) -> None:
    random = Random(0)
    for question in questions:
        if question.key.kind not in ("adjunct", "caveat"):
            continue
        wrong = {option.id for place, option in enumerate(question.options) if place != question.right}
        for _ in range(5):
            if found := completed(question, random):
                assert not wrong & {*found.adjuncts, *found.caveats}, (question, found.case)


def test_no_wrong_adjunct_can_be_argued_for_beside_the_headline(questions: list[Question]) -> None:
    for question in questions:
        if question.key.kind != "adjunct":
            continue
        found = assess(Case.of(question.facts))
        wrong = {option.id for place, option in enumerate(question.options) if place != question.right}
        for id_ in wrong:
            if found.headline in ("debulking", "optimise-heart-first", UNDETERMINED):
                assert found.excluding(id_) != ("headline",), (id_, question)
        if found.headline in ("ablation-embolisation", "multimodal-nonsurgical"):
            assert "combine-ablation" not in wrong
        if found.headline.startswith("resection"):
            assert "portal-vein-embolisation" not in wrong
        if "ablation-unsuitable-over-5cm" in found.adjuncts:
            assert "ablation-uncertain-over-3cm" not in wrong


def test_telegram_takes_every_poll(questions: list[Question]) -> None:
    for question in questions:
        texts = [option.text for option in question.options]

        assert 1 <= utf16(question.text) <= 300
        assert len(texts) == 4
        assert all(1 <= utf16(text) <= 100 for text in texts), texts
        assert len({" ".join(text.lower().split()) for text in texts}) == 4, texts
        assert 1 <= utf16(question.explanation) <= 200
        assert question.explanation.count("\n") <= 2


def test_what_explains_a_headline_names_what_it_rests_on(questions: list[Question]) -> None:
    for question in questions:
        if question.key.kind == "headline" and question.subject != UNDETERMINED:
            assert ": " in question.explanation, question.explanation


def test_what_explains_a_transplant_names_what_is_not_met_as_the_result_does(questions: list[Question]) -> None:
    told = [question for question in questions if question.subject == "transplant-for-hormones"]
    failing = [question for question in told if assess(Case.of(question.facts)).transplant_failed]
    assert failing
    for question in failing:
        assert "not all criteria met" in question.explanation or "not met" in question.explanation, question.explanation


@pytest.mark.parametrize("kind", sorted({key.kind for key in DECK}))
def test_everything_of_a_kind_is_asked(questions: list[Question], kind: str) -> None:
    never = {("criterion", "well-differentiated-low-grade")}  # else no transplant is weighed
    asked = {question.subject for question in questions if question.key.kind == kind}

    assert {id_ for id_ in subjects(guideline(), kind) if (kind, id_) not in never} == asked


def test_the_right_answer_stands_in_every_place_where_the_order_is_free(questions: list[Question]) -> None:
    free = [question for question in questions if question.key.kind not in ("grade", "pattern")]
    shares = [sum(question.right == place for question in free) / len(free) for place in range(4)]

    assert all(0.2 < share < 0.3 for share in shares), shares


def test_the_letter_says_every_fact_of_the_case_and_no_other(questions: list[Question]) -> None:
    """Read back by the reader of typed cases, which knows nothing of the template; a sentence at a time, since it does
    not read on for ever."""
    for question in questions:
        text = letter(ENV, question)
        readings = [reader().read(sentence) for sentence in re.split(r"(?<=\.) (?=[A-Z])", text)]
        read = [(found.fact, _value(found.value)) for reading in readings for found in reading.facts]
        told = dict(question.facts)
        if question.key.kind == "pattern" and told.get("pattern_fit") == "nearest":
            del told["pattern"], told["pattern_fit"]  # what the reader has to see

        assert not any(reading.conflict for reading in readings), text
        assert dict(read) == told, text
        assert len(set(read)) == len(told), text


def test_no_letter_tells_what_cannot_be_together(questions: list[Question]) -> None:
    for question in questions:
        facts = question.facts
        if facts.get("primary") == "not_found":
            assert facts.keys().isdisjoint(("primary_site", "timing", "primary_small_asymptomatic"))
            assert facts.get("graded_tissue") != "primary"
        if facts.get("primary") == "resected":
            assert "primary_small_asymptomatic" not in facts
        if facts.get("timing") == "metachronous":
            assert facts.get("primary") in (None, "resected")
        if facts.get("carcinoid_heart_disease") in ("optimised", "uncontrolled"):
            assert facts.get("carcinoid_syndrome") is True
        if facts.get("pattern") in ("I", "III") or facts.get("r0_feasible") is False:
            assert "one_stage_clearance" not in facts


def _value(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def test_the_same_seed_gives_the_same_question() -> None:
    first, second = (Maker(guideline(), LABELS).make(7, Key("steps", "headline")) for _ in range(2))

    assert (first.facts, first.options, first.mark) == (second.facts, second.options, second.mark)
    assert letter(ENV, first) == letter(ENV, second)


@pytest.mark.parametrize("topic", KINDS)
def test_cannot_say_yet_is_sometimes_right_and_sometimes_wrong(questions: list[Question], topic: str) -> None:
    asked = [question for question in questions if question.key == Key(topic, "headline")]
    offered = [q for q in asked if UNDETERMINED in {option.id for option in q.options}]
    right = [question for question in asked if question.subject == UNDETERMINED]

    assert not asked or 0 < len(right) < len(offered) < len(asked)
