"""A cache of rendered screens, limited in bytes."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable

from dialogs.view import Screen


class Screens:
    """The latest screens, by what they show: the same for everybody. No key holds anything about a person.

    most: bytes that all of them may take, approximately.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._screens: OrderedDict[Hashable, tuple[Screen, int]] = OrderedDict()

    def get(self, key: Hashable, render: Callable[[], Screen]) -> Screen:
        """The screen of this key, rendered if it is not in the cache."""
        if found := self._screens.get(key):
            self._screens.move_to_end(key)
            return found[0]
        screen = render()
        size = _size(screen)
        self._screens[key] = screen, size
        self._size += size
        while self._size > self._most:
            _, (_, gone) = self._screens.popitem(last=False)
            self._size -= gone
        return screen


_OVERHEAD = 1000
"""Bytes for the key and the containers of a screen."""


def _size(screen: Screen) -> int:
    buttons = [button for row in screen.rows for button in row]
    texts = [screen.text, *[text for button in buttons for text in (button.action, button.caption, button.copy)]]
    return _OVERHEAD + sum(map(sys.getsizeof, texts)) + sum(map(sys.getsizeof, buttons))
