"""kill -9 at every stage: the real process, over HTTP, killed behind each answer and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from phone.chat import Message
from phone.telegram import Telegram
from tests.support.phone import served

pytestmark = pytest.mark.slow

CHAT = 7
WAY = (
    "I am a clinician",
    "From Ki-67",
    "3–20 %",
    "Under 2",
    "II: ",
    "All met",
    "No carcinoid",
    "No, two",
    "Why",
    "Back to",
)


async def started(url: str, folder: Path) -> asyncio.subprocess.Process:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
        "BOT_TOKEN": "1:phone",
        "BOT_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder / 'cases.sqlite3'}",
    }
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=folder, env=environment, stdout=quiet, stderr=quiet
    )


def live_of(telegram: Telegram) -> Message:
    chat = telegram.phones.chat(CHAT)
    message = chat.find(chat.live)
    assert message is not None
    return message


async def killed(bot: asyncio.subprocess.Process) -> None:
    bot.send_signal(signal.SIGKILL)
    await bot.wait()


def screen_of(telegram: Telegram) -> object:
    """What the chat shows: nothing before the first screen."""
    chat = telegram.phones.chat(CHAT)
    live = chat.find(chat.live)
    return live and (live.text, live.keyboard)


async def test_after_kill_9_behind_every_answer_the_next_tap_goes_on(tmp_path: Path) -> None:
    telegram = Telegram()
    changed = asyncio.Event()
    telegram.phones.on_change.append(changed.set)

    async def until_another(before: object) -> None:
        """Every tap is answered, and the screen has become another. What was killed too early is delivered again, and
        shows again what it showed."""
        while telegram.phones.chat(CHAT).waiting or screen_of(telegram) == before:
            changed.clear()
            await changed.wait()

    async with served(telegram) as url, asyncio.timeout(120):
        bot = await started(url, tmp_path)
        telegram.phones.say(CHAT, "/start")
        await until_another(None)
        shown = [live_of(telegram).text]
        for caption in WAY:
            await killed(bot)
            live = live_of(telegram)
            places = [
                (row, column)
                for row, buttons in enumerate(live.keyboard)
                for column, button in enumerate(buttons)
                if str(button["text"]).startswith(caption)
            ]
            assert places, (caption, live.text)
            before = screen_of(telegram)
            telegram.phones.tap(CHAT, live.id, *places[0])
            bot = await started(url, tmp_path)
            await until_another(before)
            shown.append(live_of(telegram).text)
        await killed(bot)

    *before_it, last = [message for message in telegram.phones.chat(CHAT).messages if message.from_bot]
    assert "liver resection in two steps" in live_of(telegram).text
    # Killed before it knew that its first screen had arrived, the bot sends that one again, and goes on with either:
    # the other keeps the first screen, or the one behind it.
    assert {message.text for message in (*before_it, last)} <= {live_of(telegram).text, *shown[:2]}
    assert len(before_it) <= 1
