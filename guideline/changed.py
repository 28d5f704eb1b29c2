"""The differences between two contents (`python -m guideline diff OLD NEW`): texts, rules, and the results of cases.

The form of the data changes with the program, so each content is read by its own program: both folders are the
`guideline/data` of a whole checkout, and each checkout answers the same cases with `python -m guideline`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from typing import Any

from guideline.assess import Guideline
from guideline.case import BY_NAME, FACTS
from guideline.values import Possible, Span, Values

Facts = dict[str, Any]

ITEMS = {
    "statements.toml": ("statement",),
    "notes.toml": ("note",),
    "rules.toml": ("adjunct", "caveat", "transplant.criterion", "update"),
    "tree.toml": ("node", "headline"),
}
"""The lists of items that are compared, by file."""

LISTS = ("adjuncts", "caveats", "updates")


class DiffError(Exception):
    """Two folders that cannot be compared; its text is one readable line."""


@dataclass
class Kind:
    """One kind of difference. count: the number of cases with it. example: the smallest case that shows it."""

    what: str
    count: int = 0
    example: Facts = field(default_factory=dict)

    def __str__(self) -> str:
        case = ", ".join(f"{fact}={json.dumps(value)}" for fact, value in self.example.items()) or "any case"
        return f"{self.what}: {self.count} cases, such as {case}"


class Door:
    """`python -m guideline` in the checkout that a content folder belongs to."""

    def __init__(self, folder: Path) -> None:
        checkout = folder.resolve().parent.parent
        if not (checkout / "guideline" / "__main__.py").is_file() or folder.resolve().name != "data":
            raise DiffError(f"{folder} is not the guideline/data of a checkout, whose program is needed to read it")
        self._run = subprocess.Popen(
            [sys.executable, "-m", "guideline"], cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, case: Facts) -> Mapping[str, Any]:
        """The answer to a case; without a headline when the case is refused. Raises DiffError when there is no
        answer."""
        assert self._run.stdin
        assert self._run.stdout
        try:
            self._run.stdin.write(json.dumps({"case": case}).encode() + b"\n")
            self._run.stdin.flush()
            answer: dict[str, Any] = json.loads(self._run.stdout.readline())
        except (BrokenPipeError, ValueError):
            raise DiffError(f"the program in {self._run.args!r} gives no answer") from None
        return answer

    def close(self) -> None:
        """End the program."""
        self._run.communicate()


def diff(old: Path, new: Path, complete: list[Facts], beside: list[Facts]) -> Iterator[str]:
    """The differences, a line each. With all of `cases` it takes some minutes. Raises DiffError."""
    yield from items(old, new)
    doors = Door(old), Door(new)
    try:
        kinds, asked = _walk(doors, complete, beside)
        yield f"cases asked of both: {asked}"
        for kind in kinds:
            kind.example = _smallest(doors, kind)
            yield str(kind)
    finally:
        for door in doors:
            door.close()


def items(old: Path, new: Path) -> Iterator[str]:
    """The items of the data that were added, removed or changed."""
    for file, lists in ITEMS.items():
        before, after = _read(old / file), _read(new / file)
        for name in lists:
            was, is_ = _by_id(before, name), _by_id(after, name)
            yield from (f"{name} {id_}: added" for id_ in is_ if id_ not in was)
            yield from (f"{name} {id_}: gone" for id_ in was if id_ not in is_)
            for id_ in (id_ for id_ in is_ if id_ in was):
                keys = [key for key in {**was[id_], **is_[id_]} if was[id_].get(key) != is_[id_].get(key)]
                if keys:
                    yield f"{name} {id_}: changed in {', '.join(keys)}"


def cases(content: Guideline) -> tuple[list[Facts], list[Facts]]:
    """Every class of complete cases of the facts that decide the headline; and every class of one other fact, or of two
    that one rule uses, to be combined with cases of the first list.

    All facts together have too many classes.
    """
    deciding = content.tree.facts
    complete = [
        dict(zip(deciding, values, strict=True)) for values in product(*(_values(content, fact) for fact in deciding))
    ]
    others = [fact for fact in FACTS if fact not in deciding]
    ones: list[Facts] = [{fact: value} for fact in others for value in _values(content, fact)]
    rules = content.rules
    asked = [[c.facts for c in rule.conditions] for rule in (*rules.adjuncts, *rules.caveats, *rules.criteria)]
    asked += [[condition.facts for condition in update.any_of] for update in rules.updates]
    together = [set().union(*facts) for facts in asked]
    twos = [{**one, **two} for one, two in combinations(ones, 2) if one.keys() != two.keys()]
    return complete, [*ones, *(two for two in twos if any(two.keys() <= facts for facts in together))]


def _walk(doors: tuple[Door, Door], complete: list[Facts], beside: list[Facts]) -> tuple[list[Kind], int]:
    kinds: dict[str, Kind] = {}
    asked = 0
    seen: dict[str, Facts] = {}

    def ask(case: Facts) -> str:
        nonlocal asked
        asked += 1
        was, is_ = (door.ask(case) for door in doors)
        for what in differences(was, is_):
            kind = kinds.setdefault(what, Kind(what))
            kind.count += 1
            kind.example = kind.example or case
        return json.dumps([[answer.get(part) for part in ("headline", *LISTS, "transplant")] for answer in (was, is_)])

    for case in complete:
        seen.setdefault(ask(case), case)
    for case in seen.values():  # one case for each pair of answers
        for others in beside:
            ask({**case, **others})
    return list(kinds.values()), asked


def differences(was: Mapping[str, Any], is_: Mapping[str, Any]) -> Iterator[str]:
    """The kinds of difference between two answers to one case."""
    if "error" in was or "error" in is_:
        if "error" in was and "error" not in is_:
            yield f"taken only by the new content (the old refuses {was['error']['field']})"
        elif "error" in is_ and "error" not in was:
            yield f"taken only by the old content (the new refuses {is_['error']['field']})"
        return
    if was["headline"] != is_["headline"]:
        yield f"headline {was['headline']} -> {is_['headline']}"
    for name in LISTS:
        before, after = was.get(name, ()), is_.get(name, ())
        yield from (f"{name} + {id_}" for id_ in after if id_ not in before)
        yield from (f"{name} - {id_}" for id_ in before if id_ not in after)


def _smallest(doors: tuple[Door, Door], kind: Kind) -> Facts:
    """The example without the facts that the difference does not need."""
    case = dict(kind.example)
    for fact in kind.example:
        fewer = {other: value for other, value in case.items() if other != fact}
        if kind.what in differences(*(door.ask(fewer) for door in doors)):
            case = fewer
    return case


def _values(content: Guideline, fact: str) -> list[Any]:
    """One value of each class of the fact."""
    return [_value(part, whole=BY_NAME[fact].whole) for part in content.classes.parts[fact]]


def _value(part: Possible, *, whole: bool) -> Any:
    if isinstance(part, Values):
        return next(iter(part))
    assert isinstance(part, Span)
    if part.low_in:
        return part.low
    return part.low + 1 if whole or part.holds(part.low + 1) else (part.low + part.high) / 2


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DiffError(f"{path}: {error}") from None


def _by_id(data: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    found: Any = data
    for part in name.split("."):
        found = found.get(part, {})
    tables: Iterable[Mapping[str, Any]] = found or ()
    return {str(table.get("id", table.get("note"))): table for table in tables}
