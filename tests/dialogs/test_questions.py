"""The questions: what each answer says of the case, and which numbers can be typed."""

from __future__ import annotations

import pytest

from dialogs.questions import (
    LINES,
    OFFERED,
    ON_THE_WAY,
    QUESTIONS,
    SCORED,
    TYPED_LINES,
    UNKNOWN,
    Line,
    is_number,
    read_number,
    says,
    takes,
)
from guideline import Case, Span, guideline
from guideline.case import CHOICES, FACTS, NUMBERS, domain


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_every_option_says_something_that_a_case_takes_or_nothing(line: Line) -> None:
    for option in line.options:
        said = says(line, option)
        assert set(Case.of(said).known) == set(said), option
        assert line.fact in said or not said


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_every_line_can_be_answered_with_not_known_and_that_says_nothing(line: Line) -> None:
    assert says(line, UNKNOWN) == {}


@pytest.mark.parametrize("line", [line for line in LINES.values() if len(line.options) > 1], ids=lambda line: line.id)
def test_the_options_of_a_line_are_apart_and_together_are_all_the_fact_could_be(line: Line) -> None:
    alike = {*line.also, *SCORED.get(line.fact, ())} if line.id.startswith("told-") else {*line.also}
    apart = [option for option in line.turns or line.options if option not in alike]
    said = [line.options[option] for option in apart if line.options[option] is not None]
    whole = domain(line.fact)
    if isinstance(whole, Span):
        assert all(isinstance(one, Span) for one in said)
        for number in (0.1, 1, 2, 2.5, 3, 3.01, 5, 5.5, 6, 20, 20.5, 50, 50.5, 69.9, 70, 89.9, 90, 99):
            holding = [one for one in said if isinstance(one, Span) and Span.at(number).within(one)]
            assert len(holding) == 1, number
    else:
        values = [value for one in said if isinstance(one, frozenset) for value in one]
        assert sorted(map(str, values)) == sorted(str(value) for value in whole if value != "unknown")


def test_every_fact_that_decides_the_headline_is_asked_on_the_way() -> None:
    asked = {line.fact for question in ON_THE_WAY for line in question.lines}
    assert set(guideline().tree.facts) <= asked


def test_every_fact_can_be_asked_or_read_from_typed_text() -> None:
    taken = {line.fact for line in LINES.values()} | {
        fact for line in LINES.values() for o in line.also.values() for fact in o
    }
    missing = set(FACTS) - taken
    assert not missing, f"dialogs/questions.py: {missing} is in no line of OFFERED, ON_THE_WAY or TOLD"


def test_no_id_is_used_twice() -> None:
    assert len(QUESTIONS) == len({id(question) for question in (*ON_THE_WAY, *OFFERED)})
    assert len(LINES) == sum(len(question.lines) for question in QUESTIONS.values()) + len(TYPED_LINES)


def test_the_bands_of_a_number_part_it_where_the_algorithm_does() -> None:
    content = guideline()
    for line in LINES.values():
        for band in content.tree.bands(line.fact) if line.fact in NUMBERS else ():
            inside = Span.read(band)
            for option in line.options.values():
                if isinstance(option, Span):
                    assert option.within(inside) or not option.meets(inside), (line.id, band)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", "12"), ("12.5", "12.5"), ("12,5", "12.5"), ("12 %", "12"), (" 3cm ", "3"), ("0", "0"), ("2,75 cm", "2.75")],
)
def test_a_typed_number_is_read(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "twelve",
        "12 mm",
        "-3",
        "+3",
        "1e3",
        "12345",
        "1.2345",
        "1 2",
        "12.",
        ".5",
        "nan",
        "inf",
        "3-20",
        "<3",
        "12%%",
        "1\n2",
    ],
)
def test_text_that_is_no_number_is_not_read(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("12", True), ("-3", True), ("+3 %", True), ("\u22123", True), (" - 3", True), ("--3", False), ("3-20", False)],
)
def test_a_number_with_a_sign_is_a_number_though_no_answer(text: str, is_one: bool) -> None:
    assert is_number(text) == is_one


@pytest.mark.parametrize(
    ("line", "taken", "refused"),
    [
        ("ki67", ["=0", "=100", "=2.9"], ["=100.1", "=1000", "=-1", "=", "=nan", "=inf", "=x"]),
        ("mitoses", ["=0", "=9999"], ["=-1", "=inf"]),
        ("volume", ["=0", "=90", "=100"], ["=101"]),
        ("largest_lesion_cm", ["=0.1", "=30"], ["=0"]),
        ("age", ["=0", "=130"], ["=131"]),
        ("grade", [], ["=1", "G4", "", "g1"]),
        ("p-r0", [], ["=1", "yes", "done"]),
    ],
)
def test_a_line_takes_its_options_and_numbers_in_range(line: str, taken: list[str], refused: list[str]) -> None:
    assert all(takes(LINES[line], option) for option in [*LINES[line].options, *taken])
    assert not any(takes(LINES[line], option) for option in refused)


def test_turning_a_line_goes_through_its_options_and_round() -> None:
    line = LINES["p-heart"]
    assert [line.after(option) for option in ("unknown", "met", "unmet")] == ["met", "unmet", "unknown"]


def test_the_choices_of_a_fact_are_offered_but_for_unknown_which_is_not_known_yet() -> None:
    assert set(LINES["primary_site"].options) == {*CHOICES["primary_site"]}
    assert LINES["primary_site"].options[UNKNOWN] is None


def test_a_count_takes_no_half() -> None:
    (count,) = (line for line in LINES.values() if line.fact == "lesion_count")
    assert takes(count, "=7")
    assert takes(count, "=7.0")
    assert not takes(count, "=7.5")
    assert takes(LINES["ki67"], "=7.5")
