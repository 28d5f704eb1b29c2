"""A result of every kind there is: for each way through the diagram, all that else can be known of a case.

There are about 10^14 cases with some 25 screens each. What a screen shows follows from the way, which is the answers to
the questions of the diagram, and from lines that each depend on a few other facts. So here are, for each way and each
way that ends early as one answer is missing, cases in which every answer to every other question occurs: each line
stands on each way. On one way to each headline every two answers occur together: there each line stands beside each
other line that it can stand beside. Of the answers that no rule tells apart the one with the longest words stands for
all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from random import Random

from dialogs.answers import DONE
from dialogs.labels import Labels
from dialogs.questions import COUNT, COUNTS, LINES, OFFERED, ON_THE_WAY, UNKNOWN, Line, says
from dialogs.session import Answers
from guideline import Case, Span, guideline
from guideline.case import FACTS
from guideline.values import Possible
from tests.dialogs.samples import STANDINGS
from tests.support.ways import ways

Way = Mapping[str, Possible | None]
"""Facts of the diagram with their values; None: not known."""

_CLOSED: Answers = tuple((question.id, DONE) for question in ON_THE_WAY if question.is_checklist)

_COUNTED: Answers = (("grade", COUNT), ("ki67", "3-20"), ("mitoses", "alone"))
"""G2 by the Ki-67, the mitoses not counted."""

_SAID_WITH_ANOTHER = ("pattern_fit", *COUNTS)
"""Facts that are said with the pattern and the grade."""

_LABELS = Labels()


def all_ways() -> list[Way]:
    """Every way through the diagram to a headline, then every beginning of one behind which an answer is missing."""
    complete: list[Way] = [dict(way) for way in ways()]
    early = [{**dict(list(way.items())[:turn]), fact: None} for way in complete for turn, fact in enumerate(way)]
    return complete + [way for place, way in enumerate(early) if way not in early[:place]]


def results(way: Way) -> list[Answers]:
    """The cases of a way: answers that hold, and come to a result or to a work-up."""
    levels = {fact: _levels_on(way, fact) for fact in FACTS if fact not in _SAID_WITH_ANOTHER}
    varied = [fact for fact, answers in levels.items() if len(answers) > 1]
    table = _pairs if way in _one_to_each_headline() else _each
    found: dict[Answers, None] = {}
    for row in table(tuple(len(levels[fact]) for fact in varied)):
        chosen = dict(zip(varied, row, strict=True))
        parts = [answers[chosen.get(fact, 0)] for fact, answers in levels.items() if answers]
        found[STANDINGS.holding((*sum(parts, ()), *_CLOSED))] = None
    return list(found)


@cache
def _one_to_each_headline() -> list[Way]:
    """The longest way to each headline."""
    found: dict[str, Way] = {}
    for way in ways():
        headline = guideline().assess(Case.of(way)).headline
        if len(way) > len(found.get(headline, {})):
            found[headline] = way
    return list(found.values())


def one_changed(answers: Answers) -> Iterator[Answers]:
    """The answers with what they say of one fact said otherwise, in every way that the rules tell apart."""
    for fact in FACTS:
        if fact not in _SAID_WITH_ANOTHER:
            lines = {line for answer, _ in _levels(fact) for line, _ in answer}
            rest = tuple(answer for answer in answers if answer[0] not in lines)
            for answer, _ in _levels(fact):
                yield STANDINGS.holding((*answer, *rest))


def _levels_on(way: Way, fact: str) -> list[Answers]:
    """What can be answered about a fact on this way."""
    answers = _levels(fact)
    if fact not in way:
        return [answer for answer, _ in answers]
    wanted = way[fact]
    if wanted is None:
        return [answer for answer, said in answers if said is None]
    return [answer for answer, said in answers if said is not None and said.within(wanted)]


@cache
def _levels(fact: str) -> tuple[tuple[Answers, Possible | None], ...]:
    """The answers about a fact that the rules tell apart, with what they say of it; the first says nothing."""
    asked = [line for question in ON_THE_WAY for line in question.lines if line.fact == fact and line.id not in COUNTS]
    offered = [question.lines[0] for question in OFFERED if question.lines[0].fact == fact]
    told = [line for line in LINES.values() if line.id == f"told-{fact}"]
    found: dict[object, tuple[Answers, Possible | None]] = {}
    for line in asked or offered or told:
        options = [*line.options, *(_numbers(fact) if line in told else ())]
        nothing: Answers = ((line.id, UNKNOWN),) if asked else ()
        found[()] = nothing, None
        for option in options:
            _add(found, line, option, ())
        for further in offered if asked else ():
            for option in further.options:
                wide = next((o for o in line.options if _is_narrower(further, option, line, o)), None)
                if wide:
                    _add(found, further, option, ((line.id, wide),))
    if fact == "grade":
        found[COUNT] = _COUNTED, says(LINES["grade"], "G2")["grade"]
    return tuple(found.values())


def _numbers(fact: str) -> list[str]:
    """For a number that no question asks, an answer in each of the bands that the rules tell apart."""
    bands = [band for band in guideline().classes.parts[fact] if isinstance(band, Span)]
    return [f"={band.low + 4 if band.holds(band.low + 4) else band.low:g}" for band in bands]


def _add(found: dict[object, tuple[Answers, Possible | None]], line: Line, option: str, before: Answers) -> None:
    """Add an answer, or put it in the place of one that no rule tells apart and that has less words."""
    said = says(line, option)
    if not said:
        return
    key = tuple((fact, _told_apart(fact, possible)) for fact, possible in said.items())
    words = _LABELS.clause(line.fact, said[line.fact])
    known = found.get(key)
    if known is None or (known[1] and len(words) > len(_LABELS.clause(line.fact, known[1]))):
        found[key] = (*before, (line.id, option)), said[line.fact]


def _is_narrower(line: Line, option: str, than: Line, wide: str) -> bool:
    """Whether an option says more of the same fact than that of another line, and agrees with it."""
    said, other = says(line, option).get(line.fact), says(than, wide).get(line.fact)
    return bool(said and other and said != other and said.within(other))


def _told_apart(fact: str, possible: Possible) -> object:
    """What the rules and the diagram can make of it."""
    content = guideline()
    asked = [condition.facts[fact] for condition in content.rules.conditions if fact in condition.facts]
    asked += [edge.values for node in content.tree.nodes.values() if node.fact == fact for edge in node.edges]
    return tuple((possible.within(one), possible.meets(one)) for one in asked)


@cache
def _each(sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Rows in which every level of every factor occurs. sizes: how many levels each factor has."""
    return [tuple((row + place) % size for place, size in enumerate(sizes)) for row in range(max(sizes, default=1))]


@cache
def _pairs(sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Rows in which every two levels of different factors occur together."""
    random = Random(2012)
    left = {
        (one, other, a, b)
        for one, other in combinations(range(len(sizes)), 2)
        for a in range(sizes[one])
        for b in range(sizes[other])
    }
    rows: list[tuple[int, ...]] = []
    while left:
        row = dict[int, int]()
        one, other, a, b = min(left)
        row[one], row[other] = a, b
        factors = [factor for factor in range(len(sizes)) if factor not in row]
        random.shuffle(factors)
        for factor in factors:
            row[factor] = max(range(sizes[factor]), key=lambda level: _gained(left, row, factor, level))
        left -= set(_together(row))
        rows.append(tuple(row[factor] for factor in range(len(sizes))))
    return rows


def _gained(left: set[tuple[int, int, int, int]], row: Mapping[int, int], factor: int, level: int) -> int:
    """How many pairs that are left the level makes with those of the row."""
    return sum(
        ((other, factor, at, level) if other < factor else (factor, other, level, at)) in left
        for other, at in row.items()
    )


def _together(row: Mapping[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """The pairs of a row."""
    for one, other in combinations(sorted(row), 2):
        yield one, other, row[one], row[other]
