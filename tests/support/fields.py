"""Fields of JSON: where they are, and what a hostile hand puts there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Update = dict[str, Any]
Path = tuple[str | int, ...]

MARK = "zqxzqx"
"""Stands in everything that a hostile hand types, and in nothing that the bot has to say; with three letters
a revision would have it now and then."""

_REMOVED = object()


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    """Where something stands in it, the outer before the inner."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*at, key)
            yield from paths(inner, (*at, key))


def name_of(path: Path) -> str:
    """A path in words."""
    return ".".join(map(str, path))


def put(update: Update, path: Path, value: object) -> Update:
    """The update with the value at `path`; what is not on the way there is shared."""
    changed: Update = _put(update, path, value)
    return changed


def wronged(update: Update, path: Path, what: str) -> Update:
    """A copy in which what stands at `path` is wrong in one of the WRONGS."""
    value: Any = update
    for key in path:
        value = value[key]
    return put(update, path, WRONGS[what](value))


def _put(holder: Any, path: Path, value: object) -> Any:
    key, *rest = path
    changed = holder.copy()
    if rest:
        changed[key] = _put(holder[key], tuple(rest), value)
    elif value is _REMOVED:
        del changed[key]
    else:
        changed[key] = value
    return changed


def _another_type(value: object) -> object:
    return {MARK: 7} if isinstance(value, str) else MARK


def _empty(value: object) -> object:
    return type(value)() if isinstance(value, str | list | dict) else ""


def _nested(value: object) -> object:
    for depth in range(40):
        value = {"message": value, MARK: [value] if depth < 3 else MARK}
    return value


WRONGS: dict[str, Callable[[object], object]] = {
    "removed": lambda value: _REMOVED,
    "null": lambda value: None,
    "another type": _another_type,
    "a huge number": lambda value: 10**40,
    "a negative number": lambda value: -7,
    "a fraction": lambda value: 0.5,
    "true": lambda value: True,
    "empty": _empty,
    "a long text": lambda value: MARK * 3500,
    "nested": _nested,
    "twice in a list": lambda value: [value, value],
}
"""Ways of being wrong, from what stood there."""
