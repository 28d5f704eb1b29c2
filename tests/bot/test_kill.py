"""kill -9 at every stage: the real process, over HTTP, killed behind each answer and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from phone.chat import Message
from phone.params import Params
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


def shown(calls: list[tuple[str, Params]]) -> bool:
    """Whether a screen was shown behind the last answer to a tap."""
    names = [name for name, _ in calls]
    behind = names[::-1].index("answerCallbackQuery") if "answerCallbackQuery" in names else len(names)
    return any(name in ("sendMessage", "editMessageText") for name in names[len(names) - behind :])


async def test_after_kill_9_behind_every_answer_the_next_tap_goes_on(tmp_path: Path) -> None:
    telegram = Telegram()
    changed = asyncio.Event()
    telegram.phones.on_change.append(changed.set)

    async def until_shown(before: int) -> None:
        """The tap is answered and its screen is there. What was killed too early is delivered again and answered too:
        neither its query nor its screen is what is waited for."""
        while telegram.phones.chat(CHAT).waiting or not shown(telegram.calls[before:]):
            changed.clear()
            await changed.wait()

    async with served(telegram) as url, asyncio.timeout(120):
        bot = await started(url, tmp_path)
        before = len(telegram.calls)
        telegram.phones.say(CHAT, "/start")
        await until_shown(before)
        welcome = live_of(telegram).text
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
            before = len(telegram.calls)
            telegram.phones.tap(CHAT, live.id, *places[0])
            bot = await started(url, tmp_path)
            await until_shown(before)
        await killed(bot)

    *before_it, last = [message for message in telegram.phones.chat(CHAT).messages if message.from_bot]
    assert "two-step liver resection" in live_of(telegram).text
    # Killed before it knew that its first screen had arrived, the bot sends that one again.
    assert {message.text for message in (*before_it, last)} <= {live_of(telegram).text, welcome}
    assert len(before_it) <= 1
