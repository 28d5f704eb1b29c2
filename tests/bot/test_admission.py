from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app import build_application
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import methods, stored, tap_first
from tests.support.telegram import FakeTelegram
from tests.support.user import User


class TestInAGroup:
    @pytest.fixture
    def group(self, user: User) -> User:
        user.chat_id = -100
        return user

    @pytest.mark.parametrize("text", ["/start", "/start@nen_lm_guide_bot", "/grade@NEN_LM_guide_bot now"])
    async def test_a_command_gets_one_line(
        self, group: User, store: SessionStore, text: str, conversation: Conversation
    ) -> None:
        await group.type(text)

        assert group.live.text == conversation.private_only
        assert await store.load(group.chat_id) is None

    @pytest.mark.parametrize("text", ["hello all", "/start@another_bot"])
    async def test_anything_else_gets_silence(self, group: User, text: str) -> None:
        await group.type(text)

        assert methods(group.telegram) == []

    async def test_a_photo_gets_silence(self, group: User) -> None:
        await group.send("photo")

        assert methods(group.telegram) == []

    async def test_a_tap_gets_one_line(self, group: User, store: SessionStore, conversation: Conversation) -> None:
        await group.forge("0.a", message_id=1)

        assert group.toast is not None
        assert group.toast.text == conversation.private_only
        assert methods(group.telegram) == ["answerCallbackQuery"]
        assert await store.load(group.chat_id) is None


class TestWithAllowedUsers:
    @pytest.fixture
    async def stranger(
        self, settings: Settings, conversation: Conversation, store: SessionStore, telegram: Telegram
    ) -> AsyncIterator[User]:
        invited = replace(settings, allowed_users=frozenset({7001}))
        async with build_application(invited, conversation, store, FakeTelegram(telegram)) as application:
            telegram.calls.clear()
            yield User(application, telegram, chat_id=7002)

    async def test_the_invited_get_in(self, stranger: User, store: SessionStore, conversation: Conversation) -> None:
        stranger.chat_id = 7001

        await stranger.start()
        await tap_first(stranger)

        assert await store.load(7001) is not None
        assert stranger.live.text != conversation.not_invited

    @pytest.mark.parametrize("text", ["/start", "hello"])
    async def test_a_stranger_gets_one_line(
        self, stranger: User, store: SessionStore, text: str, conversation: Conversation
    ) -> None:
        await stranger.type(text)

        assert stranger.live.text == conversation.not_invited
        assert methods(stranger.telegram) == ["sendMessage"]
        assert await store.load(7002) is None

    async def test_a_strangers_photo_gets_one_line(self, stranger: User, conversation: Conversation) -> None:
        await stranger.send("photo")

        assert methods(stranger.telegram) == ["sendMessage"]
        assert stranger.live.text == conversation.not_invited

    async def test_a_strangers_tap_is_answered(
        self, stranger: User, store: SessionStore, conversation: Conversation
    ) -> None:
        await stranger.forge("0.a", message_id=1)

        assert stranger.toast is not None
        assert stranger.toast.text == conversation.not_invited
        assert methods(stranger.telegram) == ["answerCallbackQuery"]
        assert await store.load(7002) is None

    async def test_a_group_gets_silence(self, stranger: User) -> None:
        stranger.chat_id = -100

        await stranger.type("/start")

        assert methods(stranger.telegram) == []

    async def test_who_is_not_invited_any_more_is_still_forgotten_on_leaving(
        self, stranger: User, store: SessionStore
    ) -> None:
        stranger.chat_id = 7001
        await stranger.start()
        row = await stored(store, stranger)
        await store.save(7002, row, None)

        await stranger.deliver(stranger.telegram.phones.block(7002))

        assert await store.load(7002) is None
        assert await store.load(7001) == row

    async def test_a_strangers_inline_question_offers_nothing_and_is_not_kept_for_others(self, stranger: User) -> None:
        assert await stranger.ask_inline("milan") == []

        ((method, answer),) = stranger.telegram.calls
        assert method == "answerInlineQuery"
        assert (answer["cache_time"], answer["is_personal"]) == ("0", "true")
        assert "button" not in answer

    async def test_what_the_invited_are_offered_is_for_them_alone(self, stranger: User) -> None:
        stranger.chat_id = 7001

        assert await stranger.ask_inline("milan")

        assert stranger.telegram.calls[-1][1]["is_personal"] == "true"

    @pytest.mark.parametrize("fault", ["drop", TelegramError(502, "Bad Gateway"), TelegramError(403, "Forbidden: x")])
    async def test_a_refusal_that_does_not_get_through_lets_nobody_in(
        self, stranger: User, store: SessionStore, fault: TelegramError
    ) -> None:
        stranger.telegram.fail("sendMessage", fault)
        await stranger.type("/start")
        stranger.telegram.fail("answerInlineQuery", fault)
        update = stranger.telegram.phones.ask_inline(stranger.chat_id, "milan")
        await stranger.deliver(update)

        assert [
            message for message in stranger.telegram.phones.chat(stranger.chat_id).messages if message.from_bot
        ] == []
        assert await store.load(stranger.chat_id) is None
        inline = stranger.telegram.phones.chat(stranger.chat_id).inline
        assert inline is not None
        assert inline.results == []
