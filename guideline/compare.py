"""Comparing a DMN file with the rules of the core: the complete cases that they decide differently (`compare FILE`).

The file is evaluated by another engine (tools/dmn, which needs Node.js); the core decides the same cases.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any
from xml.parsers import expat

from guideline.assess import Assessment, Guideline
from guideline.case import CHOICES, FACTS, NUMBERS, Case, CaseError
from guideline.dmn_file import export
from guideline.values import Span

JUDGE = Path(__file__).parent.parent / "tools" / "dmn"
LARGEST = 5 << 20  # bytes

OUTCOMES = ("headline", "transplant")
"""Decisions that give one value."""

LISTS = ("adjuncts", "caveats", "transplant_criteria")
"""Decisions that give a list of ids."""

Value = str | bool | float | None
Facts = dict[str, Value]

_AT_ONCE = 20

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TEXT = re.compile(r'"[^"]*"')


class CompareError(Exception):
    """A file that cannot be compared; its text is one readable line."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of difference. count: the number of cases with it, of those looked at. example: the smallest case that
    shows it."""

    what: str
    ours: str
    theirs: str
    count: int
    looked_at: int
    example: Facts

    def __str__(self) -> str:
        case = ", ".join(f"{fact}={_shown(value)}" for fact, value in self.example.items()) or "any case"
        return f"{self.what}: {self.ours} -> {self.theirs} in {self.count} of {self.looked_at} cases; smallest: {case}"


def compare(path: Path, content: Guideline) -> list[Difference]:
    """Every kind of difference between the file and the core, over all complete classes of cases.

    Raises CompareError when the file cannot be read, or the engine is not installed.
    """
    _refuse_what_is_no_file(path)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        own_file = Path(folder, "own.dmn")
        own_file.write_bytes(export(content))
        own, other = stack.enter_context(judge(own_file)), stack.enter_context(judge(path))
        return list(_Comparison(content, own, other).differences())


class Judge:
    """The other engine with one file. decisions: by name, each with its inputs, its rows and what it names."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        described = self._answer()
        self.facts: list[str] = described["facts"]
        self.decisions: dict[str, dict[str, Any]] = {one["name"]: one for one in described["decisions"]}

    def decide(self, case: Mapping[str, Value]) -> dict[str, Any]:
        """The result of every decision, by name: its value, or `{"fault": …}` when the table gives none."""
        (results,) = self.decide_all([case])
        return results

    def decide_all(self, cases: Sequence[Mapping[str, Value]]) -> Iterator[dict[str, Any]]:
        """The results of each case, in order. They are sent in batches whose answers fit into the pipe."""
        assert self._process.stdin is not None
        for start in range(0, len(cases), _AT_ONCE):
            some = cases[start : start + _AT_ONCE]
            self._process.stdin.write("".join(json.dumps(case) + "\n" for case in some))
            self._process.stdin.flush()
            for _ in some:
                yield {name: result.get("value", result) for name, result in self._answer().items()}

    def facts_behind(self, name: str) -> set[str]:
        """The facts that a decision, or a fact, depends on."""
        if name not in self.decisions:
            return {name}
        return set().union(*(self.facts_behind(needed) for needed in self.decisions[name]["names"]))

    def asked_for(self, id_: str, decision: str) -> set[str]:
        """The facts and decisions in the rows that put the id on that list."""
        table = self.decisions[decision]
        if "expression" in table:
            return set().union(*(self.asked_for(id_, name) for name in table["names"]))
        rows = [row for row in table["rules"] if row["result"] == f'"{id_}"']
        return {name for row in rows for name, cell in zip(table["inputs"], row["cells"], strict=True) if cell != "-"}

    def ids(self, decision: str) -> set[str]:
        """All ids that the list can have."""
        table = self.decisions[decision]
        if "expression" in table:
            return set().union(*(self.ids(name) for name in table["names"]))
        return {row["result"].strip('"') for row in table["rules"]}

    def tests(self, fact: str) -> list[str]:
        """All cells in the columns of that fact."""
        return [
            row["cells"][column]
            for table in self.decisions.values()
            if "inputs" in table
            for column, name in enumerate(table["inputs"])
            if name == fact
            for row in table["rules"]
        ]

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise CompareError("the engine of tools/dmn ended without an answer")
        answer = json.loads(line)
        if "error" in answer:
            raise CompareError(answer["error"])
        return answer


@contextmanager
def judge(path: Path) -> Iterator[Judge]:
    """The other engine with that file. Raises CompareError when it is not installed, or cannot read the file."""
    if not (JUDGE / "node_modules").exists():
        raise CompareError("the engine is not installed: run `make dmn` (it needs Node.js and npm)")
    try:
        process = subprocess.Popen(  # noqa: S603 - the file's name, nothing out of the file
            ["node", str(JUDGE / "decide.mjs"), str(path)],  # noqa: S607
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    except OSError:
        raise CompareError("there is no Node.js on this machine, which the engine needs") from None
    try:
        yield Judge(process)
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True, slots=True)
class _Decided:
    case: Facts
    core: Assessment
    theirs: dict[str, Any]


class _Comparison:
    def __init__(self, content: Guideline, own: Judge, other: Judge) -> None:
        self._content, self._own, self._other = content, own, other
        self._refuse_what_is_missing()

    def differences(self) -> Iterator[Difference]:
        decided = self._decided(self._cases(self._behind("headline")))
        yield from self._differing("headline", decided)
        own = self._own.decide_all([one.case for one in decided])
        everything = list(zip(decided, own, strict=True))
        yield from self._differing("transplant", self._decided(self._cases(self._behind("transplant"))))
        for list_ in LISTS:
            for id_ in sorted(self._own.ids(list_) | self._other.ids(list_)):
                telling = self._telling(id_, list_, everything)
                yield from self._differing(f"{list_}: {id_}", self._decided(telling))

    def _decided(self, cases: Iterable[Facts]) -> list[_Decided]:
        """The cases that do not contradict themselves, each with the results of the core and of the file."""
        cored = [(case, core) for case in cases if (core := self._core(case)) is not None]
        results = self._other.decide_all([case for case, _ in cored])
        return [_Decided(case, core, theirs) for (case, core), theirs in zip(cored, results, strict=True)]

    def _telling(self, id_: str, list_: str, everything: Sequence[tuple[_Decided, dict[str, Any]]]) -> Iterator[Facts]:
        """Cases that can differ in whether the list has the id: one for each combination of what its rows ask."""
        needed = self._own.asked_for(id_, list_) | self._other.asked_for(id_, list_)
        decided = sorted(name for name in needed if name not in FACTS)
        if not decided:
            yield from self._cases(needed)
            return
        base = set(everything[0][0].case)
        extra = set().union(*(self._behind(name) for name in needed)) - base
        plain = sorted(needed & base)
        kinds: dict[tuple[str, ...], Facts] = {}
        for one, own in everything:
            results = (str(judged.get(name)) for name in decided for judged in (own, one.theirs))
            kinds.setdefault((*(str(one.case[fact]) for fact in plain), *results), one.case)
        for case in kinds.values():
            for more in self._cases(extra):
                yield {**case, **more}

    def _differing(self, what: str, decided: Sequence[_Decided]) -> Iterator[Difference]:
        found: dict[tuple[str, str], list[Facts]] = {}
        for one in decided:
            pair = self._pair(what, one.core, one.theirs)
            if pair[0] != pair[1]:
                found.setdefault(pair, []).append(one.case)
        for pair, kind in found.items():
            example = self._smallest(what, pair, kind[0])
            yield Difference(what, *pair, len(kind), len(decided), example)

    def _pair(self, what: str, core: Assessment, theirs: dict[str, Any]) -> tuple[str, str]:
        """The results of the core and of the file, in words."""
        name, _, id_ = what.partition(": ")
        if not id_:
            return _shown(_of(core, name)), _shown(theirs[name])
        given = theirs[name]
        listed = id_ in given if isinstance(given, list) else None
        words = {True: "yes", False: "no", None: _shown(given)}
        return words[id_ in _of(core, name)], words[listed]

    def _smallest(self, what: str, pair: tuple[str, str], case: Facts) -> Facts:
        """The case without the facts that make no difference to either."""
        kept = dict(case)
        for fact in case:
            others = [{**kept, fact: value} for value in self._values(fact)]
            without = {name: value for name, value in kept.items() if name != fact}
            if all(self._said(what, other) in (pair, None) for other in others) and self._said(what, without) == pair:
                kept = without
        return {fact: value for fact, value in kept.items() if value is not None}

    def _said(self, what: str, case: Facts) -> tuple[str, str] | None:
        """The results of the core and of the file; None for a case that contradicts itself."""
        core = self._core(case)
        return None if core is None else self._pair(what, core, self._other.decide(case))

    def _core(self, case: Facts) -> Assessment | None:
        try:
            return self._content.assess(Case.of(case))
        except CaseError:
            return None

    def _behind(self, name: str) -> set[str]:
        known = [judge_ for judge_ in (self._own, self._other) if name in judge_.decisions]
        return set().union(*(judge_.facts_behind(name) for judge_ in known)) if known else {name}

    def _cases(self, facts: Iterable[str]) -> Iterator[Facts]:
        """Every combination of values that either can distinguish."""
        named = sorted(facts, key=FACTS.index)
        for values in product(*(self._values(fact) for fact in named)):
            yield dict(zip(named, values, strict=True))

    @cache  # noqa: B019 - lives as long as one comparison
    def _values(self, fact: str) -> tuple[Value, ...]:
        tests = [test for judge_ in (self._own, self._other) for test in judge_.tests(fact)]
        values: list[Value] = []
        if fact in NUMBERS:
            span, _ = NUMBERS[fact]
            limits = sorted({float(number) for test in tests for number in _NUMBER.findall(test)})
            between = [(low + high) / 2 for low, high in pairwise(limits)]
            ends = [limits[0] / 2, limits[-1] + 1] if limits else [1.0]
            values += [n for n in sorted({*limits, *between, *ends}) if Span.at(n).within(span)]
        else:
            values += CHOICES[fact]
        if any("null" in _TEXT.sub("", test) for test in tests):
            values.append(None)
        return tuple(values)

    def _refuse_what_is_missing(self) -> None:
        for name in (*OUTCOMES, *LISTS):
            if name not in self._other.decisions:
                raise CompareError(f"the file has no decision {name}")
        for fact in self._other.facts:
            if fact not in FACTS:
                raise CompareError(f"the file asks {fact}, which is no fact of a case")


def _of(core: Assessment, name: str) -> Any:
    """What the core gives for a decision of the file."""
    if name == "transplant":
        return core.transplant.status if core.transplant else None
    return core.criteria_met if name == "transplant_criteria" else getattr(core, name)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return str(value["fault"])
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "nothing"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _refuse_what_is_no_file(path: Path) -> None:
    """Raise CompareError unless the file has an allowed size and is well-formed XML without a document type."""
    try:
        if path.stat().st_size > LARGEST:
            raise CompareError(f"{path.name} has {path.stat().st_size} bytes, takes at most {LARGEST}")
        written = path.read_bytes()
    except OSError as error:
        raise CompareError(f"{path.name} cannot be read: {error.strerror}") from None
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise CompareError(f"{path.name} declares a document type, which a DMN file does not need")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(written, True)
    except expat.ExpatError as error:
        raise CompareError(f"{path.name} is not XML: {error}") from None
