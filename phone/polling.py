"""Waiting for changes on the phone: long polling."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from phone.phones import Phones
from phone.refusals import TelegramError
from phone.telegram import Telegram

_LONGEST_POLL = 50.0  # seconds


class Bell:
    """Wakes everyone who waits at every change, and for good when it is closed."""

    def __init__(self, phones: Phones) -> None:
        self.closed = False
        self._event = asyncio.Event()
        phones.on_change.append(self._ring)

    def ticket(self) -> asyncio.Event:
        """An event that the next change sets. Take it before reading the state, so that no change is missed."""
        return self._event

    def close(self) -> None:
        """Wake everyone, and let nobody wait any more."""
        self.closed = True
        self._event.set()

    def _ring(self) -> None:
        if not self.closed:
            rung, self._event = self._event, asyncio.Event()
            rung.set()


async def waited(ticket: asyncio.Event, seconds: float) -> bool:
    """Wait for a change, at most so many seconds. Returns whether one came."""
    try:
        await asyncio.wait_for(ticket.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def get_updates(telegram: Telegram, bell: Bell, params: Mapping[str, object]) -> object:
    """getUpdates as a long poll: the updates as soon as there are any, or none after `timeout` seconds.

    Raises TelegramError, also when a webhook is set meanwhile.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + min(_seconds(params.get("timeout")), _LONGEST_POLL)
    while True:
        ticket = bell.ticket()
        updates = telegram.call("getUpdates", params)
        left = until - loop.time()
        if updates or bell.closed or left <= 0 or not await waited(ticket, left):
            return updates
        if telegram.delivery.webhook:
            raise TelegramError(409, "Conflict: terminated by setWebhook request")


def _seconds(value: object) -> float:
    try:
        return max(float(str(value)), 0.0)
    except ValueError:
        return 0.0
