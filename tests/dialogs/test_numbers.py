"""Where a threshold stands a second time, in a label, a button or a statement, it is the rule's own number.

The screens are checked as a whole elsewhere; here each label is held to the rule it is for, so that a rule, a label or
a statement changed alone is found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import pytest

from dialogs.labels import Labels
from dialogs.questions import LINES, Line
from guideline import Span, guideline
from guideline.case import NUMBERS
from guideline.condition import Condition
from guideline.rules import Rule
from tests.support import contract_page

CONTENT = guideline()
EVIDENCE = CONTENT.evidence
LABELS = Labels()
RULES = {
    **{f"adjunct.{rule.id}": rule for rule in CONTENT.rules.adjuncts},
    **{f"caveat.{rule.id}": rule for rule in CONTENT.rules.caveats},
    **{f"criterion.{rule.id}": rule for rule in CONTENT.rules.criteria},
}
NUMBERED = {path: rule for path, rule in RULES.items() if re.search(r"(?<![A-Z])\d", LABELS(path))}
BANDED = [line for line in LINES.values() if any(isinstance(option, Span) for option in line.options.values())]


def numbers(text: str) -> set[str]:
    """The numbers of a text; the digit of G2, say, is none."""
    return set(re.findall(r"(?<![A-Z])\d+(?:\.\d+)?", text))


def ends(conditions: Iterable[Condition]) -> set[str]:
    """Where the spans that are asked for begin and end, apart from the ends of everything."""
    spans = [span for condition in conditions for span in condition.facts.values() if isinstance(span, Span)]
    return {f"{end:g}" for span in spans for end in (span.low, span.high) if end not in (0, 100, math.inf, -math.inf)}


def stated(rule: Rule) -> set[str]:
    """The numbers of the rule's statements."""
    ids = (*rule.because, *(id_ for way in rule.either for id_ in way.because))
    return {number for id_ in ids for figure in EVIDENCE.statements[id_].figures for number in numbers(figure)}


@pytest.mark.parametrize("path", NUMBERED)
def test_a_label_says_only_the_numbers_of_its_own_rule(path: str) -> None:
    rule = NUMBERED[path]
    own = ends(rule.conditions) or stated(rule)
    said = numbers(LABELS(path))
    assert said <= own, f"templates/labels.toml: {path} says {said - own}; its rule in rules.toml has {own}"


@pytest.mark.parametrize("path", [path for path, rule in RULES.items() if ends(rule.conditions)])
def test_a_rule_that_turns_on_a_number_has_it_from_its_statements(path: str) -> None:
    rule = RULES[path]
    mine = [end for end in ends(rule.conditions) if end in numbers(LABELS(path))]
    assert mine, f"templates/labels.toml: {path} does not say where its rule begins or ends: {ends(rule.conditions)}"
    strange = set(mine) - stated(rule)
    assert not strange, f"rules.toml: {path} turns on {strange}, which its statements ({stated(rule)}) do not say"


@pytest.mark.parametrize("id_", [rule.id for rule in CONTENT.rules.adjuncts if ends([rule.when])])
def test_the_contract_says_the_numbers_of_the_rule(id_: str) -> None:
    rule = next(rule for rule in CONTENT.rules.adjuncts if rule.id == id_)
    missing = ends([rule.when]) - contract_page.numbers_of_rules()[id_]
    assert not missing, f"docs/contract.md: {id_} does not say {missing}, where its rule in rules.toml begins or ends"


@pytest.mark.parametrize("line", BANDED, ids=lambda line: line.id)
def test_the_bands_of_a_number_part_it_where_the_rules_do(line: Line) -> None:
    for condition in CONTENT.rules.conditions:
        span = condition.facts.get(line.fact)
        for name, option in line.options.items():
            if isinstance(span, Span) and isinstance(option, Span):
                parted = option.within(span) or not option.meets(span)
                assert parted, f"dialogs/questions.py: the band {name} of {line.id} lies across {span} of rules.toml"


@pytest.mark.parametrize("line", [line for line in BANDED if line.fact in NUMBERS], ids=lambda line: line.id)
def test_the_button_of_a_band_says_its_numbers(line: Line) -> None:
    for name, option in line.options.items():
        if isinstance(option, Span):
            said = numbers(LABELS(f"option.{line.id}.{name}"))
            assert said == numbers(name), f"templates/labels.toml: option.{line.id}.{name} says {said}"


@pytest.mark.parametrize("id_", EVIDENCE.notes)
def test_what_a_note_says_of_the_review_has_only_numbers_of_its_statements(id_: str) -> None:
    note = EVIDENCE.notes[id_]
    held = {number for statement in note.statements for number in numbers(EVIDENCE.statements[statement].text)}
    strange = numbers(note.review.replace("Figure 1", "")) - held
    assert not strange, f"notes.toml: {id_} says {strange} of the review, which its statements do not say"
