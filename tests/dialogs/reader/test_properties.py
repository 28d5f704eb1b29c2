"""What holds of the reader for every text: order does not matter, its own words are read, noise says nothing."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.labels import Labels
from dialogs.reader import reader
from guideline import Case, CaseError, Span, guideline
from guideline.case import BY_NAME, CHOICES, NUMBERS
from guideline.values import Possible, Values

LABELS = Labels()
MANY = settings(max_examples=150, deadline=None, derandomize=True)
NOISE = 3_000
"""Of 100,000 that `noise` has been run with in full."""


def values(fact: str) -> st.SearchStrategy[Possible]:
    """What may be said of a fact: one of its values, a number or a band."""
    if fact in CHOICES:
        return st.sampled_from([frozenset({value}) for value in CHOICES[fact]])
    at = (
        st.integers(1, 90).map(float)
        if fact == "age" or BY_NAME[fact].whole
        else st.integers(1, 180).map(lambda n: n / 2)
    )
    bands = st.tuples(st.sampled_from(("<", "<=", ">", ">=")), st.integers(2, 90)).map(lambda b: f"{b[0]}{b[1]}")
    ranges = st.tuples(st.integers(1, 40), st.integers(41, 90)).map(lambda b: f"{b[0]}-{b[1]}")
    return st.one_of(at.map(Span.at), st.one_of(bands, ranges).map(Span.read))


def within(fact: str, possible: Possible) -> Possible:
    whole = NUMBERS[fact][0] if fact in NUMBERS else None
    return possible.both(whole) if isinstance(possible, Span) and whole else possible


CASES = st.lists(st.sampled_from((*CHOICES, *NUMBERS)), min_size=1, max_size=12, unique=True).flatmap(
    lambda facts: st.fixed_dictionaries({fact: values(fact) for fact in facts})
)


def agrees(case: dict[str, Possible]) -> bool:
    """Whether the facts can stand together: the core takes them, and so do the two that it leaves to the reader."""
    try:
        guideline().assess(Case.of({fact: within(fact, possible) for fact, possible in case.items()}))
    except CaseError:
        return False
    return not (case.get("pattern_fit") and not case.get("pattern"))


def read(text: str) -> dict[str, Possible]:
    found: dict[str, Possible] = {}
    for fact in reader().read(text).facts:
        if fact.fact in CHOICES:
            found[fact.fact] = Values({fact.value})
        else:
            found[fact.fact] = within(fact.fact, Span.of(str(fact.value)))
    return found


@pytest.mark.slow
@MANY
@given(case=CASES.filter(agrees), shuffle=st.randoms(use_true_random=False))
def test_what_was_read_is_read_again_from_its_words_in_any_order(
    case: dict[str, Possible], shuffle: random.Random
) -> None:
    parts = [LABELS.clause(fact, possible) for fact, possible in case.items()]
    expected = {fact: within(fact, possible) for fact, possible in case.items()}

    for separator in (", ", "; ", ". ", "\n"):
        assert read(separator.join(parts)) == expected
        shuffle.shuffle(parts)


_SPICES = (
    "<b>", "&amp;", "\x00", "\u202e", "\ufeff", "İ", "ß", "👩‍⚕️", "𝟙𝟚", "٣", "½", "1e9", "9" * 400, "-", "--",
    "?", "?" * 40, "no", "not", "or", "and", "/", "(" * 50, "%", "% %", "<", "<<", ">=", "#", "{}", "\\", "'",
    "DROP TABLE", "\n", "\t",    "1,2,3", "1.2.3", "10 - 5", "0", "the", "patient", "of", "=", "()", "../..", "$$",
)  # fmt: skip


def noise(count: int, seed: int = 7) -> Iterator[str]:
    """Texts that say nothing of a case: random letters, signs and numbers, and what breaks readers."""
    rnd = random.Random(seed)
    letters = string.ascii_letters + string.digits + string.punctuation + " " * 20
    for number in range(count):
        kind = number % 4
        if kind == 0:
            yield "".join(rnd.choice(letters) for _ in range(rnd.randrange(20, 60)))
        elif kind == 1:
            yield "".join(
                chr(rnd.choice((rnd.randrange(0x20, 0x250), rnd.randrange(0x300, 0xD7FF)))) for _ in range(30)
            )
        elif kind == 2:
            yield " ".join(rnd.choice(_SPICES) for _ in range(rnd.randrange(30)))
        else:
            words = ("".join(rnd.choice(string.ascii_lowercase) for _ in range(rnd.randrange(1, 12))) for _ in range(9))
            yield rnd.choice((" ", ", ", "-")).join(words)


def check_noise(count: int, seed: int = 7) -> None:
    for text in noise(count, seed):
        reading = reader().read(text)
        assert not reading.facts, text
        if not reading.is_case:
            assert not reading.not_understood, text


def test_noise_says_nothing_and_is_not_given_back() -> None:
    check_noise(NOISE)


@MANY
@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    reading = reader().read(text)

    assert all(stretch in text for stretch in reading.not_understood)
    assert all(0 <= found.start < found.end <= len(text) for found in reading.facts)


LETTER = (
    "Thank you for seeing this patient, who was referred after a scan for abdominal pain had shown several lesions. "
    "The biopsy was reviewed here and reads as a tumour of intermediate proliferation with strong staining throughout. "
)


@pytest.mark.parametrize("text", [LETTER * 18, "lorem ipsum dolor " * 222, "1 " * 2000, "no " * 1333, "? " * 2000])
def test_a_long_text_takes_a_few_milliseconds(text: str) -> None:
    text = text[:4000]
    took = []
    for _ in range(20):
        start = time.thread_time()
        reader().read(text)
        took.append(time.thread_time() - start)

    assert min(took) < 0.05  # ten times what it takes, for a machine that others use as well
