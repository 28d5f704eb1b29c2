"""The case code: nothing is lost in it, nothing else is taken for one, and one that was given away stays readable."""

from __future__ import annotations

import math
import string
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs import case_code
from dialogs.case_code import FORMAT, LONGEST, CaseCodes, CodedCase, CodeError, Field, Unreadable, read_fields
from dialogs.questions import COUNT, ON_THE_WAY, says
from guideline import Span, guideline
from guideline.case import BY_NAME, CHOICES, FACTS, NUMBERS, Fact
from guideline.values import Possible, Values
from tests.guideline import contract

VERSION = guideline().evidence.stamp.version
CODES = CaseCodes(guideline().evidence.stamp.year)
FIELDS = read_fields()
LETTERS = string.ascii_letters + string.digits + "-_"
MANY = settings(max_examples=200, deadline=None, derandomize=True)

KEPT = {32: "7fd1ca3b148d5e9b607c0387c3b295e463afb4f5cd5ff0086bb933562daeedd0"}
"""The fields that were given away with a release: how many, and what they were. Entries are only added."""


def bits_of(name: str) -> list[Any]:
    return [bit for field in FIELDS if field.of == name for bit in field.bits]


def choices(fact: str) -> st.SearchStrategy[Possible]:
    values = CHOICES[fact]
    return st.sets(st.sampled_from(values), min_size=1, max_size=len(values) - 1).map(Values)


@st.composite
def numbers(draw: st.DrawFn, fact: str) -> Possible:
    """A number as it can be typed, or a span as it can be read from a text or tapped."""
    field, whole = next(field for field in FIELDS if field.of == fact), NUMBERS[fact][0]
    exact = st.sampled_from((1, 10, 1000)).flatmap(
        lambda steps: st.integers(0, int(field.number * steps)).map(lambda number: number / steps)
    )
    if field.count:
        exact = st.integers(0, field.count).map(float)
    if draw(st.booleans()):
        return Span.at(draw(exact.filter(whole.holds)))
    steps = field.end_steps
    ends = st.integers(0, field.count or int(field.ends * steps)).map(lambda number: number / steps)
    low, high = sorted(draw(st.lists(ends, min_size=2, max_size=2, unique=True)))
    low_end = draw(st.sampled_from((-math.inf, low)))
    high_end = draw(st.sampled_from((math.inf, high)))
    span = Span(low_end, high_end, draw(st.booleans()), draw(st.booleans())).both(whole)
    return span if span.low < span.high and span != whole else Span.at(draw(exact.filter(whole.holds)))


CASES = st.builds(
    CodedCase,
    st.integers(0, 255).map(lambda content: f"2012.{content}"),
    st.fixed_dictionaries({}, optional={f: choices(f) if f in CHOICES else numbers(f) for f in FACTS}),
    st.frozensets(st.sampled_from([tuple(bit.split(".")) for bit in bits_of("answers")])),
    *(st.frozensets(st.sampled_from(bits_of(name))) for name in ("candidates", "adjuncts", "caveats")),
)


def random_codes(random: Random, number: int) -> dict[str, CodedCase]:
    """As many codes of cases with anything from nothing to everything known."""
    coded: dict[str, CodedCase] = {}
    while len(coded) < number:
        case = contract.random_case(random)
        facts = known(contract.without(case, random.randint(0, len(case)), random))
        one = CodedCase(VERSION, facts, candidates=frozenset(random.sample(bits_of("candidates"), 1)))
        coded[CODES.encode(one)] = one
    return coded


def known(case: Mapping[str, Any]) -> dict[str, Possible]:
    return {fact: BY_NAME[fact].read(value) for fact, value in case.items()}


# Nothing is lost


@pytest.mark.slow
@MANY
@given(coded=CASES)
def test_a_code_gives_back_the_case_and_fits_a_link(coded: CodedCase) -> None:
    code = CODES.encode(coded)

    assert len(code) <= LONGEST
    assert set(code) <= set(LETTERS)
    assert CODES.decode(code) == coded


def test_the_longest_code_there_can_be_fits_a_link() -> None:
    """Every bit that can be set is set, and every number is the one of its kinds that takes the most room."""
    facts: dict[str, Possible] = {fact: Values(values[1:]) for fact, values in CHOICES.items()}
    for field in (field for field in FIELDS if not field.bits):
        ends = (field.ends * 10 - 2) / 10, (field.ends * 10 - 1) / 10
        spans = Span(*ends), Span.at((field.number * 1000 - 1) / 1000)
        if field.count:
            spans = Span(field.count - 1, field.count), Span.at(field.count)
        facts[field.of] = max(spans, key=lambda span: len(CODES.encode(CodedCase(VERSION, {field.of: span}))))
    answers = frozenset(tuple(bit.split(".")) for bit in bits_of("answers"))
    candidates, adjuncts, caveats = (frozenset(bits_of(name)) for name in ("candidates", "adjuncts", "caveats"))
    coded = CodedCase("2012.255", facts, answers, candidates, adjuncts, caveats)

    code = CODES.encode(coded)

    assert 60 <= len(code) <= LONGEST
    assert CODES.decode(code) == coded


@pytest.mark.slow
@pytest.mark.parametrize("pattern", range(4), ids=["I", "II", "III", "unknown"])
@pytest.mark.parametrize("grade", range(4), ids=["G1", "G2", "G3", "unknown"])
def test_every_class_of_the_exhaustive_walk_is_given_back(grade: int, pattern: int) -> None:
    """The partial cases of tests/guideline/test_every_case.py."""
    values = [
        [*((fact, BY_NAME[fact].read(value)) for value in values), None]
        for fact, values in contract.HEADLINE_FACTS.items()
    ]
    values[0], values[1] = [values[0][grade]], [values[1][pattern]]
    codes, number = set[str](), 0
    for case in product(*values):
        coded = CodedCase(VERSION, dict(filter(None, case)))
        code = CODES.encode(coded)
        assert CODES.decode(code) == coded
        codes.add(code)
        number += 1

    assert len(codes) == number == 933_120 // 16


@pytest.mark.parametrize("number", [12.3456, 1e9, -1.0, math.nan])
def test_a_number_that_no_field_holds_is_refused_and_not_rounded(number: float) -> None:
    with pytest.raises(ValueError, match=r"steps|bits"):
        CODES.encode(CodedCase(VERSION, {"mitoses": Span.at(number)}))


@pytest.mark.parametrize(
    "coded",
    [
        CodedCase(VERSION, {"blood_group": Values({"A"})}),
        CodedCase(VERSION, {"grade": Values({"G4"})}),
        CodedCase(VERSION, {}, adjuncts=frozenset({"bloodletting"})),
        CodedCase(VERSION, {}, answers=frozenset({("grade", "G2")})),
        CodedCase("2026.1", {}),
        CodedCase("2012.256", {}),
        CodedCase("next", {}),
    ],
)
def test_what_no_field_holds_is_refused(coded: CodedCase) -> None:
    with pytest.raises(ValueError, match=r"no field|no content version"):
        CODES.encode(coded)


def test_a_count_takes_the_bits_that_are_left_and_comes_back_with_all_its_spans() -> None:
    facts = {**BY_NAME, "nodes": Fact("nodes", span=Span(0, math.inf, True, False), whole=True)}
    codes = CaseCodes(2012, (*FIELDS, Field("nodes", count=127)), facts)
    for one in (Span.at(0), Span.at(8), Span.at(127), Span.read(">=8"), Span.read("<8"), Span(3, 127), Span(126, 127)):
        coded = CodedCase(VERSION, {"nodes": one.both(facts["nodes"].span)})
        assert codes.decode(codes.encode(coded)) == coded
    with pytest.raises(ValueError, match="bits"):
        codes.encode(CodedCase(VERSION, {"nodes": Span.at(128)}))


# Nothing else is taken for a code


def damaged(random: Random, codes: list[str]) -> Iterator[tuple[str, str]]:
    """Endless codes with something wrong, each with the code it was made from."""
    while True:
        code, other = random.choice(codes), random.choice(codes)
        at, to = sorted(random.choices(range(len(code)), k=2))
        letter = random.choice(LETTERS)
        yield code, code[:at] + letter + code[at + 1 :]
        yield code, code[:at] + letter + code[at + 1 : to] + random.choice(LETTERS) + code[to + 1 :]
        yield code, code[:at] + code[to] + code[at + 1 : to] + code[at] * (to > at) + code[to + 1 :]
        yield code, code[:at]
        yield code, code[at + 1 :]
        yield code, code[:at] + code[at + 1 :]
        yield code, code[:at] + letter + code[at:]
        yield code, code + letter * random.randint(1, 4)
        yield code, code[:at] + other[at:]
        yield code, code.swapcase() if random.random() < 0.1 else code[:at] + code[at:].swapcase()
        yield code, code[:at] + random.choice(" .,=/+%äé\n") + code[at:]
        yield code, "".join(random.choices(LETTERS, k=random.randint(0, LONGEST + 2)))
        yield code, urlsafe_b64encode(random.randbytes(random.randint(1, 48))).decode().rstrip("=")


@pytest.mark.slow
def test_100_000_damaged_codes_give_no_case_but_the_right_one() -> None:
    random = Random(2012)
    coded = random_codes(random, 500)
    refused = right = 0
    for made_from, code in damaged(random, list(coded)):
        try:
            found = CODES.decode(code)
        except CodeError:
            refused += 1
        else:
            assert code in coded, f"{code} was made of {made_from}"
            assert found == coded[code]
            right += 1
        if refused == 100_000:
            break

    assert right < refused / 20  # exchanged for the same letter, say


@MANY
@given(text=st.text(max_size=80))
def test_no_other_text_is_a_code(text: str) -> None:
    with pytest.raises(CodeError):
        CODES.decode(text)


@pytest.mark.parametrize("text", ["", "ask", "A", "AAAAAA", "hello", "G2", "-", "_" * 64, "A" * 64, "A" * 5000])
def test_a_foreign_text_is_damaged(text: str) -> None:
    with pytest.raises(CodeError) as refused:
        CODES.decode(text)

    assert refused.value.why is Unreadable.DAMAGED


@pytest.mark.parametrize(("change", "why"), [(-1, Unreadable.OLDER), (1, Unreadable.NEWER)])
def test_a_code_of_another_format_is_told_from_a_damaged_one(
    monkeypatch: pytest.MonkeyPatch, change: int, why: Unreadable
) -> None:
    monkeypatch.setattr(case_code, "FORMAT", FORMAT + change)
    code = CODES.encode(CodedCase(VERSION, known({"grade": "G2"})))
    monkeypatch.undo()

    with pytest.raises(CodeError) as refused:
        CODES.decode(code)

    assert refused.value.why is why


# A code that was given away stays readable


def test_every_fact_value_and_answer_has_its_place() -> None:
    """What is new goes into a field at the end of dialogs/case_code.toml; with a release its fields go into KEPT."""
    rules = guideline().rules
    silent = {
        f"{line.id}.{option}"
        for question in ON_THE_WAY
        for line in question.lines
        for option in line.options
        if not says(line, option)
    } | {f"{question.id}.done" for question in ON_THE_WAY if question.is_checklist}

    for fact, values in CHOICES.items():
        assert set(bits_of(fact)) >= set(values), fact
    for fact in NUMBERS:
        assert [field.of for field in FIELDS].count(fact) == 1, fact
    assert set(bits_of("candidates")) >= set(guideline().tree.headlines)
    assert set(bits_of("adjuncts")) >= {rule.id for rule in rules.adjuncts} - {"mdt"}
    assert set(bits_of("caveats")) >= {rule.id for rule in rules.caveats}
    assert set(bits_of("answers")) >= silent - {f"grade.{COUNT}"}  # which follows from the counts


def digest_of(fields: tuple[Field, ...]) -> str:
    parts = [(one.of, one.bits, one.number, one.ends, *([one.count] if one.count else [])) for one in fields]
    return sha256(repr(parts).encode()).hexdigest()


def test_no_place_was_ever_changed() -> None:
    for number, digest in KEPT.items():
        assert digest_of(FIELDS[:number]) == digest, "a field was moved, changed or taken out"


def test_no_bit_stands_twice() -> None:
    names = {field.of for field in FIELDS}

    assert [name for name in names if len(bits_of(name)) != len(set(bits_of(name)))] == []


GIVEN_AWAY = {
    "HnSijhAiAMAAYACJZayDEfQ": CodedCase(
        "2012.2",
        {
            "grade": Values({"G2"}),
            "pattern": Values({"II"}),
            "primary": Values({"resected", "resectable"}),
            "r0_feasible": Values({True}),
            "extrahepatic": Values({"none", "resectable"}),
            "fit_for_surgery": Values({True}),
            "carcinoid_heart_disease": Values({"none", "optimised"}),
            "carcinoid_syndrome": Values({False}),
            "one_stage_clearance": Values({False}),
            "ki67": Span.at(12.5),
        },
        frozenset({("prerequisites", "done"), ("symptoms", "done"), ("s-local", "unknown")}),
        frozenset({"resection-two-step"}),
        frozenset({"portal-vein-embolisation", "combine-ablation"}),
    ),
    "Fmf4IkAoEAAAiAAAAAABoJu1MAUAAAALcJgAATngAEVPpJBGuQACxMA": CodedCase(
        "2012.2",
        {
            "ki67": Span(3, 20),
            "mitoses": Span(0, 2, True, False),
            "debulkable_percent": Span(90, 100),
            "largest_lesion_cm": Span(3, 5, False, True),
            "lesion_count": Span.at(8),
            "age": Span(50, 130, False, True),
            "liver_involvement_percent": Span.at(33.333),
            "stable_months": Span(6, 7.5, True, False),
        },
        frozenset({("grade", "unknown")}),
        frozenset({"resection", "systemic-chemotherapy"}),
        caveats=frozenset({"grade-of-primary"}),
    ),
}
"""Codes as a release wrote them."""


@pytest.mark.parametrize("code", GIVEN_AWAY)
def test_a_code_that_was_given_away_says_the_same_for_ever(code: str) -> None:
    assert CODES.decode(code) == GIVEN_AWAY[code]


def shuffled(random: Random) -> dict[str, Fact]:
    """The facts of a case in another order, with their values in another order, and more of both."""
    facts = [*BY_NAME.values(), Fact("blood_group", ("A", "B", "AB", "0")), Fact("albumin", span=Span(0, 100))]
    random.shuffle(facts)
    return {
        fact.name: replace(fact, values=tuple(random.sample((*fact.values, "new"), len(fact.values) + 1)))
        if fact.values
        else fact
        for fact in facts
    }


GROWN = (
    *FIELDS,
    Field("blood_group", ("A", "B", "AB", "0")),
    Field("albumin", number=100, ends=100),
    Field("grade", ("new",)),
)


@pytest.mark.slow
@MANY
@given(coded=CASES, seed=st.integers(0, 2**32))
def test_codes_survive_a_reordering_and_a_growth_of_the_facts(coded: CodedCase, seed: int) -> None:
    grown = CaseCodes(2012, GROWN, shuffled(Random(seed)))
    code = CODES.encode(coded)

    assert grown.decode(code) == coded
    assert grown.encode(coded) == code


@pytest.mark.parametrize(
    "facts", [{"blood_group": Values({"A", "0"})}, {"albumin": Span.at(35)}, {"grade": Values({"new", "G3"})}]
)
def test_a_code_that_says_more_than_is_known_here_is_of_a_newer_version(facts: dict[str, Possible]) -> None:
    grown = CaseCodes(2012, GROWN, shuffled(Random(1)))
    code = grown.encode(CodedCase("2012.3", {"pattern": Values({"II"}), **facts}))

    with pytest.raises(CodeError) as refused:
        CODES.decode(code)

    assert refused.value.why is Unreadable.NEWER


def test_what_the_content_no_longer_knows_is_left_out_and_counted() -> None:
    coded = CodedCase(VERSION, known({"grade": "G2", "primary_site": "lung", "age": 60, "timing": "synchronous"}))
    facts = {fact: one for fact, one in BY_NAME.items() if fact not in ("timing", "ki67")}
    facts["primary_site"] = replace(BY_NAME["primary_site"], values=("pancreas", "other"))
    facts["age"] = replace(BY_NAME["age"], span=Span(0, 50))

    found = CaseCodes(2012, facts=facts).decode(CODES.encode(coded))

    assert found.facts == known({"grade": "G2"})
    assert found.lost == 3
