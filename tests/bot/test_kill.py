"""kill -9 at every stage: the real process, over HTTP, killed behind each answer and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.phone.chat import Message
from bot.phone.telegram import Telegram
from tests.support.phone import served

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
    chat = telegram.chat(CHAT)
    message = chat.find(chat.live)
    assert message is not None
    return message


async def killed(bot: asyncio.subprocess.Process) -> None:
    bot.send_signal(signal.SIGKILL)
    await bot.wait()


async def test_after_kill_9_behind_every_answer_the_next_tap_goes_on(tmp_path: Path) -> None:
    telegram = Telegram()
    changed = asyncio.Event()
    telegram.on_change.append(changed.set)

    async def until_answered(before: int) -> None:
        while not any(name in ("sendMessage", "editMessageText") for name, _ in telegram.calls[before:]):
            changed.clear()
            await changed.wait()

    async with served(telegram) as url, asyncio.timeout(120):
        bot = await started(url, tmp_path)
        before = len(telegram.calls)
        telegram.say(CHAT, "/start")
        await until_answered(before)
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
            telegram.tap(CHAT, live.id, *places[0])
            bot = await started(url, tmp_path)
            await until_answered(before)
        await killed(bot)

    assert "two-step liver resection" in live_of(telegram).text
    assert len([message for message in telegram.chat(CHAT).messages if message.from_bot]) == 1
