"""A phone in somebody's hand: what its screen shows, and tapping until the screen has become another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from random import Random
from typing import Protocol

from bot.buttons import decode
from phone.chat import Message
from phone.telegram import Telegram
from tests.support.crowd.watch import Watch

_MOST_TRIES = 30
_LONG_WHILE = 10.0  # seconds


class Post(Protocol):
    """What brings the updates of people to the bot."""

    async def gone(self, chat_id: int) -> None:
        """Return when nothing of that chat is on its way any more, so that nothing more will come of it."""


class Hand:
    """One person's phone. taps: what was done with it, in words. steps: how much of it had an effect. heals: how often
    it had to be done again, because nothing came of it. twice: how often a button is tapped twice, 0 to 1.
    waits_for_screens: for what had an effect, in seconds.
    """

    def __init__(
        self, telegram: Telegram, watch: Watch, post: Post, chat_id: int, random: Random, twice: float
    ) -> None:
        self.chat_id = chat_id
        self.taps: list[str] = []
        self.steps = self.heals = 0
        self.waits_for_screens: list[float] = []
        self._telegram = telegram
        self._chat = telegram.phones.chat(chat_id)
        self._watch = watch
        self._post = post
        self._random = random
        self._twice = twice

    @property
    def live(self) -> Message | None:
        """The message that the bot last sent or rewrote, if there is one."""
        return self._chat.find(self._chat.live)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self.live.text if self.live else ""

    @property
    def actions(self) -> dict[str, tuple[str, int, int]]:
        """What can be tapped: the action, with the words on the button, its row and its column."""
        found: dict[str, tuple[str, int, int]] = {}
        for row, buttons in enumerate(self.live.keyboard if self.live else []):
            for column, button in enumerate(buttons):
                pressed = decode(str(button.get("callback_data", "")))
                if pressed:
                    found[pressed[1]] = str(button["text"]), row, column
        return found

    @property
    def revision(self) -> int:
        """The revision of the session that the screen shows; -1 where nothing can be tapped."""
        data = [
            str(button.get("callback_data", "")) for row in (self.live.keyboard if self.live else []) for button in row
        ]
        return max((pressed[0] for pressed in map(decode, data) if pressed), default=-1)

    async def type(self, text: str) -> None:
        """Type and send a text, until another screen is there."""
        await self._do(f"types {text}", lambda: self._telegram.phones.say(self.chat_id, text))

    async def tap(self, action: str) -> None:
        """Tap a button that is on the screen, until another screen is there; now and then twice."""

        def tap() -> None:
            live = self.live
            assert live is not None
            _, row, column = self.actions[action]
            self._telegram.phones.tap(self.chat_id, live.id, row, column)
            if self._random.random() < self._twice:
                self._telegram.phones.tap(self.chat_id, live.id, row, column)
                self.taps.append("… twice")

        await self._do(f"taps {action}", tap)

    async def waits(self) -> None:
        """Wait until another screen is there. Raises AssertionError when none comes for a long while."""
        before = self._shown()
        try:
            async with asyncio.timeout(_LONG_WHILE):
                await self._watch.sees(self._chat, lambda: self._shown() != before)
        except TimeoutError:
            raise AssertionError(f"there is no way on from {self.text[:200]!r}") from None

    async def _do(self, name: str, deed: Callable[[], object]) -> None:
        before, began = self._shown(), time.perf_counter()
        for _ in range(_MOST_TRIES):
            self.taps.append(name)
            deed()
            if await self._becomes_another(before):
                self.steps += 1
                self.waits_for_screens.append(time.perf_counter() - began)
                return
            self.heals += 1
            self.taps.append("… nothing comes")
        raise AssertionError(f"nothing came of {name}")

    def _shown(self) -> object:
        live = self.live
        return live and (live.id, live.html, live.keyboard)

    async def _becomes_another(self, before: object) -> bool:
        """Whether the screen becomes another before all that was sent has had its effect."""
        gone = asyncio.create_task(self._post.gone(self.chat_id))
        changed = asyncio.create_task(self._watch.sees(self._chat, lambda: self._shown() != before))
        try:
            await asyncio.wait((changed, gone), return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                gone.result()
            return changed.done() or self._shown() != before
        finally:
            changed.cancel()
            gone.cancel()
