"""kill -9 in the middle of practice: the real process, over HTTP, killed at every step and started again. No question
is lost, and every answer counts once."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from phone.chat import Message
from phone.polls import Poll
from phone.telegram import Telegram
from tests.bot.test_kill import CHAT, killed, live_of, started
from tests.support.phone import served

pytestmark = pytest.mark.slow


class Phone:
    """What the person sees and does, while processes come and go."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.changed = asyncio.Event()
        telegram.phones.on_change.append(self.changed.set)

    async def until(self, seen: Callable[[], bool]) -> None:
        while not seen():
            self.changed.clear()
            with contextlib.suppress(TimeoutError):  # a call that fails changes nothing
                await asyncio.wait_for(self.changed.wait(), 0.2)

    @property
    def live(self) -> Message | None:
        chat = self.telegram.phones.chat(CHAT)
        return chat.find(chat.live)

    def shows(self, words: str) -> bool:
        return self.live is not None and words in self.live.text

    @property
    def polls(self) -> list[Poll]:
        messages = self.telegram.phones.chat(CHAT).messages
        return [self.telegram.phones.polls[message.poll] for message in messages if message.poll]

    def tap(self, caption: str) -> None:
        live = live_of(self.telegram)
        ((row, column),) = [
            (row, column)
            for row, buttons in enumerate(live.keyboard)
            for column, button in enumerate(buttons)
            if str(button["text"]).startswith(caption)
        ]
        self.telegram.phones.tap(CHAT, live.id, row, column)


async def test_killed_behind_every_step_of_practice_each_answer_counts_once(tmp_path: Path) -> None:
    telegram = Telegram()
    phone = Phone(telegram)
    async with served(telegram) as url, asyncio.timeout(150):
        bot = await started(url, tmp_path)
        telegram.phones.say(CHAT, "/start")
        await phone.until(lambda: phone.shows("NEN-LM guide"))
        phone.tap("I am a clinician")
        await phone.until(lambda: phone.shows("grade"))
        telegram.phones.say(CHAT, "/practice")
        await phone.until(lambda: phone.shows("A letter about a made-up case"))

        # Killed while the letter is there and its poll is not.
        telegram.fail("sendPoll", "drop", times=1000)
        phone.tap("Mixed")
        await phone.until(lambda: any(method == "sendPoll" for method, _ in telegram.calls))
        await killed(bot)
        assert phone.polls == []
        telegram._failures.clear()
        bot = await started(url, tmp_path)
        await phone.until(lambda: len(phone.polls) == 1)

        for turn in range(3):
            await phone.until(lambda: not telegram.phones.pending)  # else the poll comes again, and this one is none
            await killed(bot)  # between the question and the answer
            telegram.phones.vote(CHAT, phone.polls[-1].id, phone.polls[-1].right)
            bot = await started(url, tmp_path)
            await phone.until(lambda: phone.shows("Right: "))
            await killed(bot)  # between the answer and the next question
            phone.tap("Next question")
            bot = await started(url, tmp_path)
            await phone.until(_another(phone, turn + 2))

        # Killed while the answer is counted and its screen is not there.
        await phone.until(lambda: not telegram.phones.pending)
        telegram.fail("sendMessage", "drop", times=1000)
        calls = len(telegram.calls)
        telegram.phones.vote(CHAT, phone.polls[-1].id, phone.polls[-1].right)
        await phone.until(lambda: any(method == "sendMessage" for method, _ in telegram.calls[calls:]))
        await killed(bot)
        telegram._failures.clear()
        bot = await started(url, tmp_path)
        await phone.until(lambda: phone.shows("Right: "))
        phone.tap("Topics, score")
        await phone.until(lambda: phone.shows("A letter about a made-up case"))
        await killed(bot)

    scores = [map(int, found) for found in re.findall(r": (\d+) of (\d+) right", live_of(telegram).text)]
    assert [sum(column) for column in zip(*scores, strict=True)] == [4, 4]
    assert len({poll.question + str(poll.options) for poll in phone.polls}) >= 4


def _another(phone: Phone, polls: int) -> Callable[[], bool]:
    """Whether the next question is there, with its poll."""
    return lambda: len(phone.polls) >= polls and phone.shows("no patient")
