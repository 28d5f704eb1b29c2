from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.lanes import PACE, Lanes
from bot.service import App
from bot.store import SessionStore
from phone.telegram import Telegram
from tests.bot.helpers import methods, stored, tap_first
from tests.support.user import User

pytestmark = pytest.mark.slow


async def test_a_flood_from_one_person_is_cut_and_nobody_else_notices(
    application: App, user: User, telegram: Telegram, store: SessionStore
) -> None:
    await user.start()
    message_id = user.live.id
    taps: list[dict[str, Any]] = [telegram.phones.tap(user.chat_id, message_id, 0, 0) for _ in range(300)]
    other = User(application, telegram, chat_id=7002)
    methods(telegram)

    flood = asyncio.gather(*(user.deliver(tap) for tap in taps))
    await other.start()
    assert other.buttons()
    await flood

    assert isinstance(application.update_processor, Lanes)
    taken = 300 - application.update_processor.refused
    assert PACE - 1 <= taken <= PACE  # one was the start
    assert len(application.update_processor) == 0
    assert methods(telegram).count("answerCallbackQuery") == taken
    assert (await stored(store, user)).message_id == message_id


async def test_many_at_once_each_have_their_own_case(application: App, telegram: Telegram, store: SessionStore) -> None:
    people = [User(application, telegram, chat_id=8000 + number) for number in range(20)]

    async def walk(person: User, taps: int) -> None:
        await person.start()
        for _ in range(taps):
            await tap_first(person)

    await asyncio.gather(*(walk(person, number % 2 + 1) for number, person in enumerate(people)))

    for person in people:
        assert (await stored(store, person)).message_id == person.live.id
    assert len({person.live.text for person in people[::2]}) == 1
    assert len({person.live.text for person in people[1::2]}) == 1
    assert people[0].live.text != people[1].live.text
