"""Screens that have been rendered, remembered as long as there is room for them."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable

from dialogs.view import Screen


class Screens:
    """The latest screens by what they show. They are the same for everybody, and no key names a person.

    most: bytes that all of them may take, about.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._screens: OrderedDict[Hashable, tuple[Screen, int]] = OrderedDict()

    def get(self, key: Hashable, render: Callable[[], Screen]) -> Screen:
        """The screen of this key; rendered when it is not there."""
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


_BESIDE = 1000
"""Bytes for the key and what holds a screen."""


def _size(screen: Screen) -> int:
    buttons = [button for row in screen.rows for button in row]
    texts = [screen.text, *[text for button in buttons for text in (button.action, button.caption, button.copy)]]
    return _BESIDE + sum(map(sys.getsizeof, texts)) + sum(map(sys.getsizeof, buttons))
