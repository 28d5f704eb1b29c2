from __future__ import annotations

from typing import Any

import pytest

from bot.commands import Read, read
from bot.store import SessionStore
from dialogs.conversation import COMMANDS
from tests.bot.helpers import methods
from tests.support.user import User


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/start", Read("start", "", "")),
        ("/START", Read("start", "", "")),
        ("/start.", Read("start", "", "")),
        ("/forget!!", Read("forget", "", "")),
        ("/help?", Read("help", "", "")),
        ("/ask@Some_Bot: rfa\nsize ", Read("ask", "some_bot", "rfa\nsize")),
        ("/ask,rfa size", Read("ask", "", "rfa size")),
        ("/ask <5 cm", Read("ask", "", "<5 cm")),
        ("/start ref-42", Read("start", "", "ref-42")),
        ("/", None),
        ("/ start", None),
        ("about /start", None),
        ("//start", None),
        ("", None),
        (None, None),
    ],
)
def test_a_command_is_read_as_people_type_it(text: str | None, wanted: Read | None) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize("text", ["/forget!", "/FORGET.", "/forget please", "/forget@nen_lm_guide_bot!"])
async def test_forget_forgets_however_it_is_typed(user: User, store: SessionStore, text: str) -> None:
    await user.start()

    await user.type(text)

    assert await store.load(user.chat_id) is None


@pytest.mark.parametrize("text", ["/help?", "/Help", "/help me", "/help."])
async def test_help_helps_however_it_is_typed(user: User, text: str) -> None:
    await user.type(text)

    user.sees(*(f"/{name}" for name in COMMANDS))


@pytest.mark.parametrize("text", ["/start.", "/START", "/start from-a-poster", "/start@nen_lm_guide_bot!"])
async def test_start_starts_whatever_follows_it(user: User, text: str) -> None:
    await user.type(text)

    user.sees("NEN-LM guide")


async def test_the_button_of_an_empty_inline_answer_opens_the_look_up(user: User) -> None:
    await user.type("/start ask")

    user.sees("Look something up")


async def test_a_client_that_does_not_mark_commands_is_understood(user: User) -> None:
    update = user.telegram.phones.say(user.chat_id, "/help")
    del update["message"]["entities"]

    await user.deliver(update)

    user.sees("/forget")


@pytest.mark.parametrize(
    "service", [{"some_new_service": {"of": "Telegram"}}, {"pinned_message": {}}, {"new_chat_title": "x"}, {}], ids=str
)
async def test_a_service_message_gets_silence(user: User, service: dict[str, Any]) -> None:
    await user.start()
    update = user.telegram.phones.say(user.chat_id, "x")
    del update["message"]["text"]
    update["message"] |= service
    methods(user.telegram)
    if "pinned_message" in service:
        update["message"]["pinned_message"] = {**update["message"], "text": "earlier"}
        del update["message"]["pinned_message"]["pinned_message"]

    await user.deliver(update)

    assert methods(user.telegram) == []
