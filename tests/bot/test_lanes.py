from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from random import Random
from typing import Any

import pytest
from telegram import Chat, Update, User
from telegram import Message as TelegramMessage

from bot.lanes import CAP, Lanes

START = TelegramMessage(message_id=1, date=None, chat=Chat(0, "private"))  # type: ignore[arg-type]


def update_of(chat_id: int) -> Update:
    message = TelegramMessage(message_id=1, date=START.date, chat=Chat(chat_id, "private"), text="x")
    return Update(1, message=message)


async def all_done(*work: Coroutine[Any, Any, Any]) -> None:
    """Start the work in this order and wait for it."""
    await asyncio.gather(*(asyncio.create_task(one) for one in work))


async def test_updates_of_one_chat_are_handled_in_order_and_one_at_a_time() -> None:
    lanes, log, random = Lanes(), defaultdict[int, list[str]](list), Random(1)

    async def handle(chat_id: int, number: int, pauses: int) -> None:
        log[chat_id].append(f"begin {number}")
        for _ in range(pauses):
            await asyncio.sleep(0)
        log[chat_id].append(f"end {number}")

    chats = range(300)
    await all_done(
        *(
            lanes.process_update(update_of(chat_id), handle(chat_id, number, random.randrange(5)))
            for number in range(CAP)
            for chat_id in chats
        )
    )

    wanted = [line for number in range(CAP) for line in (f"begin {number}", f"end {number}")]
    assert [log[chat_id] for chat_id in chats] == [wanted] * len(chats)
    assert lanes.refused == 0
    assert len(lanes) == 0


@pytest.mark.slow
async def test_beyond_the_cap_the_newest_are_refused_and_nobody_else_waits() -> None:
    lanes, handled, go = Lanes(), [], asyncio.Event()

    async def slow(number: int) -> None:
        await go.wait()
        handled.append(number)

    flood = [asyncio.create_task(lanes.process_update(update_of(1), slow(number))) for number in range(3_000)]
    await asyncio.sleep(0)
    other = asyncio.Event()

    async def quick() -> None:
        other.set()

    await lanes.process_update(update_of(2), quick())
    assert other.is_set()
    assert not handled

    go.set()
    await asyncio.gather(*flood)
    assert handled == list(range(CAP))
    assert lanes.refused == 3_000 - CAP
    assert len(lanes) == 0


async def test_a_lane_that_was_full_takes_updates_again() -> None:
    lanes, handled = Lanes(), []

    async def note(number: int) -> None:
        await asyncio.sleep(0)
        handled.append(number)

    await all_done(*(lanes.process_update(update_of(1), note(number)) for number in range(CAP + 3)))
    await lanes.process_update(update_of(1), note(99))

    assert handled == [*range(CAP), 99]


async def test_a_failing_handler_does_not_block_its_lane() -> None:
    lanes, handled = Lanes(), asyncio.Event()

    async def fail() -> None:
        raise LookupError

    async def succeed() -> None:
        handled.set()

    with pytest.raises(LookupError):
        await lanes.process_update(update_of(1), fail())
    await lanes.process_update(update_of(1), succeed())

    assert handled.is_set()
    assert len(lanes) == 0


async def test_a_cancelled_update_leaves_no_lane_behind() -> None:
    lanes, started = Lanes(), asyncio.Event()

    async def hang() -> None:
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(lanes.process_update(update_of(1), hang()))
    await started.wait()
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert len(lanes) == 0


@pytest.mark.parametrize("update", [object(), Update(1)])
async def test_what_belongs_to_no_chat_is_handled_without_a_lane(update: object) -> None:
    lanes, seen = Lanes(), []

    async def look() -> None:
        seen.append(len(lanes))

    await lanes.process_update(update, look())

    assert seen == [0]


async def test_a_person_without_a_chat_has_a_lane() -> None:
    lanes, seen = Lanes(), []

    async def look() -> None:
        seen.append(len(lanes))

    query = {"id": "1", "from": User(5, "A", False).to_dict(), "chat_instance": "1", "data": "x"}
    await lanes.process_update(Update.de_json({"update_id": 1, "callback_query": query}, None), look())

    assert seen == [1]
