import math

import pytest

from guideline import Span
from guideline.values import EVERY_NUMBER

NUMBERS = (-math.inf, -1, 0, 2.999, 3, 3.001, 19.999, 20, 20.0001, 90, 1e308, math.inf)


@pytest.mark.parametrize(
    ("text", "within", "outside"),
    [
        ("<3", (-5, 0, 2.999), (3, 3.001)),
        ("<=50", (0, 50), (50.001,)),
        (">20", (20.0001, 1e308), (20, 19.999)),
        (">=90", (90, 100), (89.999,)),
        ("3-20", (3, 20), (2.999, 20.0001)),
        ("70-<90", (70, 89.999), (69.999, 90)),
        (">3-5", (3.001, 5), (3, 5.001)),
        (">3-<5", (4,), (3, 5)),
        ("0.5-1.25", (0.5, 1.25), (0.499, 1.251)),
    ],
)
def test_a_band_holds_what_its_signs_say(text: str, within: tuple[float, ...], outside: tuple[float, ...]) -> None:
    band = Span.read(text)
    for number in within:
        assert Span.at(number).within(band), number
        assert Span.at(number).meets(band), number
    for number in outside:
        assert not Span.at(number).within(band), number
        assert not Span.at(number).meets(band), number


@pytest.mark.parametrize(
    "text",
    ["", "3", "=3", "< 3", "<3 ", "<-3", "=>3", "<>3", "<3%", "3-", "-3", "5-3", "3-3", ">3-3", "3–20", "3-20-30",
     "<3,5", "<.5", "<5.", "<1e3", "<nan", "<inf", "<3\n"],
)  # fmt: skip
def test_what_is_not_a_band_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(ValueError, match="is not a band") as refused:
        Span.read(text)
    assert repr(text) in str(refused.value)


def test_one_number_is_a_span_of_its_own() -> None:
    assert Span.at(3) == Span.of("3") == Span(3, 3)
    assert Span.of("2.5") == Span(2.5, 2.5)
    assert Span.of("<3") == Span.read("<3")
    assert Span.at(3).single
    assert not Span.read("3-20").single
    assert not Span.read("<3").single


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_meets_and_lies_within_only_itself(number: float) -> None:
    for other in NUMBERS:
        assert Span.at(number).meets(Span.at(other)) is (number == other)
        assert Span.at(number).within(Span.at(other)) is (number == other)


SPANS = [
    Span.read(text) for text in ("<3", "<=3", ">3", ">=3", "3-20", ">3-20", "3-<20", ">3-<20", "<20", ">=20", "5-9")
]


@pytest.mark.parametrize("text", ["", "-3", "3,5", ".5", "1e3", "1_0", "nan", "inf", " 3", "3\n", "3 %"])
def test_what_is_neither_a_number_nor_a_band_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a band"):
        Span.of(text)


@pytest.mark.parametrize("span", [*SPANS, Span.read("0.5-1.25"), Span.at(4), Span.at(2.5)], ids=str)
def test_the_text_of_a_span_or_of_its_one_number_is_read_back(span: Span) -> None:
    assert Span.of(span.text(EVERY_NUMBER)) == span


def test_the_text_of_a_span_leaves_out_the_ends_of_what_there_can_be() -> None:
    whole = Span(0, 100)
    assert Span(0, 3, True, False).text(whole) == "<3"
    assert Span(90, 100).text(whole) == ">=90"
    assert Span(0, 3, False, False).text(whole) == ">0-<3"
    assert Span.at(2.5).text(whole) == "2.5"


POINTS = (2.5, 3, 4, 7, 12, 20, 25)


@pytest.mark.parametrize("one", SPANS, ids=str)
def test_two_spans_meet_when_they_share_a_number_and_lie_within_when_they_share_them_all(one: Span) -> None:
    # Between any two ends that occur there is one of the points, so the points tell.
    in_one = {point for point in POINTS if Span.at(point).within(one)}
    for other in SPANS:
        in_other = {point for point in POINTS if Span.at(point).within(other)}
        assert one.meets(other) is other.meets(one) is bool(in_one & in_other), str(other)
        assert one.within(other) is (in_one <= in_other), str(other)
