"""Reading the data files. An error names the file and the item."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import tomli

from guideline.case import FACTS, domain
from guideline.values import Possible, Span, Values

T = TypeVar("T")

DATA = Path(__file__).with_name("data")

_KINDS: Mapping[type, str] = {
    str: "a text", int: "a whole number", bool: "true or false", datetime.date: "a date", list: "a list",
    dict: "a table",
}  # fmt: skip
"""The types of TOML values, in words."""


class ContentError(ValueError):
    """An error in a data file: the file, the item, and what is wrong."""

    def __init__(self, file: str, item: str, message: str) -> None:
        super().__init__(f"{file}: {item}: {message}")


def read(folder: Path, file: str, *keys: str) -> dict[str, Any]:
    """The TOML file of that name in the folder. keys: those it may have; none given: any.

    Raises ContentError when it is missing, is not TOML, or has another key.
    """
    try:
        data = tomli.loads((folder / file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(file, "file", str(error)) from None
    for key in data:
        if keys and key not in keys:
            raise ContentError(file, "file", f"{key!r} is not a key of this file")
    return data


class Item:
    """One item of a data file, read key by key. Its methods raise ContentError for a key that is missing, of the wrong
    type, or left over."""

    def __init__(self, file: str, id_: str, table: object) -> None:
        if not isinstance(table, dict):
            raise ContentError(file, id_, "takes a table")
        self.file = file
        self.id = id_
        self._table = dict(table)

    def error(self, message: str) -> ContentError:
        return ContentError(self.file, self.id, message)

    def text(self, key: str, default: str | None = None) -> str:
        return self._take(key, str, default)

    def any(self, key: str) -> Any:
        """The value of any type; None when there is none."""
        return self._table.pop(key, None)

    def flag(self, key: str) -> bool:
        return self._take(key, bool, False)

    def number(self, key: str, default: int | None = None) -> int:
        return self._take(key, int, default)

    def date(self, key: str) -> datetime.date:
        return self._take(key, datetime.date, None)

    def all_texts(self) -> dict[str, str]:
        """The texts of all keys that are left."""
        return {key: self.text(key) for key in tuple(self._table)}

    def list(self, key: str) -> tuple[Any, ...]:
        return tuple(self._take(key, list, []))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.list(key)
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"{key}: got {list(values)!r}; takes a list of texts")
        return values

    def table(self, key: str) -> dict[str, Any]:
        return self._take(key, dict, {})

    def because(self, statements: Mapping[str, object]) -> tuple[str, ...]:
        """The ids of the statements behind the item: at least one, all of them known."""
        ids = self.texts("because")
        if not ids:
            raise self.error("has no statement (because)")
        return self.known("because", ids, statements)

    def known(self, key: str, ids: tuple[str, ...], among: Iterable[str]) -> tuple[str, ...]:
        """The ids; raises ContentError unless all of them are among the known ones."""
        there = set(among)
        for unknown in (id_ for id_ in ids if id_ not in there):
            raise self.error(f"{key} names {unknown!r}, which does not exist")
        return ids

    def done(self) -> None:
        """Raise ContentError when a key was not read."""
        if self._table:
            raise self.error(f"{next(iter(self._table))!r} is not a key of such an item")

    def _take(self, key: str, kind: type[T], default: T | None) -> T:
        value = self._table.pop(key, default)
        if value is None:
            raise self.error(f"{key} is missing")
        if type(value) is not kind:
            raise self.error(f"{key}: got {value!r}; takes {_KINDS[kind]}")
        return value


def items(file: str, tables: object, key: str = "id") -> Iterator[Item]:
    """The items of a list of tables. Raises ContentError for an id that is missing or given twice."""
    if not isinstance(tables, list):
        raise ContentError(file, "file", "takes a list of tables")
    seen: set[str] = set()
    for table in tables:
        id_ = table.get(key) if isinstance(table, dict) else None
        if not isinstance(id_, str) or not id_:
            raise ContentError(file, "an item", f"{key} is missing")
        if id_ in seen:
            raise ContentError(file, id_, f"{key} is given twice")
        seen.add(id_)
        yield Item(file, id_, {name: value for name, value in table.items() if name != key})


def band_of(item: Item, of: str, given: object) -> Span:
    """The band of numbers in a text such as `>=90`. of: what it is the band of. Raises ContentError for any other
    text."""
    try:
        return Span.read(str(given))
    except ValueError as error:
        raise item.error(f"{of}: {error}") from None


def values_of(item: Item, fact: str, given: object, derived: Mapping[str, Values] | None = None) -> Possible:
    """The values of a fact in a condition: a set of values, or a band of numbers.

    derived: the derived facts with their values. Raises ContentError for an unknown fact or value.
    """
    whole: Possible
    if derived and fact in derived:
        whole = derived[fact]
    elif fact in FACTS:
        whole = domain(fact)
    else:
        raise item.error(f"{fact!r} is not a fact")
    if isinstance(whole, Span):
        band = band_of(item, fact, given)
        if not band.meets(whole):
            raise item.error(f"{fact} is never {given}")
        return band
    if not isinstance(given, list) or not given:
        raise item.error(f"{fact} takes a list of values")
    for value in given:
        if not any(type(value) is type(known) and value == known for known in whole):
            raise item.error(f"{fact} has no value {value!r}")
    return Values(given)


def entries(file: str, key: str, tables: object) -> Iterator[Item]:
    """The items of a table of tables, whose keys are the ids. Raises ContentError for anything else."""
    if not isinstance(tables, dict):
        raise ContentError(file, key, "takes tables by id")
    for id_, table in tables.items():
        yield Item(file, id_, table)
