"""What docs/contract.md says in its tables and lists, so that tests hold the program to it and do not repeat it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text("utf-8")

_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
_RANGE = re.compile(r"(≥|>|)(\d+)(?:–(\d+))?")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """A row of the table of facts. values: those of a fact that has them. low, high: the ends of a number, as far as
    they are said; low_in: whether the low one is taken. whole: whether it is a count."""

    values: tuple[str | bool, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    low_in: bool = False
    whole: bool = False


def facts() -> dict[str, Row]:
    """The facts of section 1, by name."""
    section = PAGE[PAGE.index("## 1.") : PAGE.index("## 2.")]
    return {name: _row(values) for name, values, _ in _ROW.findall(section)}


def numbers_of_rules() -> dict[str, set[str]]:
    """The numbers that section 3 says of each adjunct, caveat and criterion, those on one line of it together."""
    section = PAGE[PAGE.index("## 3.") : PAGE.index("`alternatives`:")]
    return {
        id_: set(re.findall(r"\d+(?:\.\d+)?", _CODE.sub("", line)))
        for line in section.splitlines()
        for id_ in _CODE.findall(line)
        if line.startswith("| `")
    }


def _row(values: str) -> Row:
    if values == "bool":
        return Row((True, False))
    if named := _CODE.findall(values):
        return Row(tuple(named))
    whole = "whole" in values
    if not (found := _RANGE.match(values)):
        return Row(whole=whole)  # its unit only: no range is said
    sign, low, high = found.groups()
    return Row(low=float(low), high=float(high or math.inf), low_in=sign != ">", whole=whole)


def notes() -> set[str]:
    """The ids of the newer-source notes that have to be there."""
    listed = PAGE[PAGE.index("`updates`: ids of the newer-source notes") : PAGE.index("## 4.")]
    headlines = _CODE.findall(PAGE[PAGE.index("## 2.") : PAGE.index("## 3.")])
    adjuncts_and_caveats = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    ids = {id_ for id_ in _CODE.findall(listed) if re.fullmatch(r"[a-z0-9-]+", id_)}
    return ids - {*facts(), *headlines, *adjuncts_and_caveats, "updates"}
