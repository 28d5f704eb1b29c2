"""The fields of a JSON value, and the ways in which a hostile update has them wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Update = dict[str, Any]
Path = tuple[str | int, ...]

MARK = "zqxzqx"
"""Part of every text in a hostile update, and of nothing that the bot says. It is long enough that no revision contains
it by chance."""

_REMOVED = object()


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    """The paths to everything in it, the outer before the inner."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*at, key)
            yield from paths(inner, (*at, key))


def name_of(path: Path) -> str:
    """A path in words."""
    return ".".join(map(str, path))


def put(update: Update, path: Path, value: object) -> Update:
    """A copy of the update with the value at `path`; the parts that do not change are shared."""
    changed: Update = _put(update, path, value)
    return changed


def wronged(update: Update, path: Path, what: str) -> Update:
    """A copy in which the value at `path` is wrong. what: a name in WRONGS."""
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
"""By name, a function from the right value to the wrong one."""
