from __future__ import annotations

from dataclasses import replace

import pytest

from bot import receipt
from bot.store import SessionStore
from tests.bot.helpers import methods, stored, tap_first
from tests.support.asked import ASKS_PATTERN
from tests.support.user import User


async def test_a_tap_is_answered_and_then_turns_its_message_in_place(user: User, store: SessionStore) -> None:
    await user.start()
    message_id, text = user.live.id, user.live.text
    before = await stored(store, user)
    methods(user.telegram)

    await tap_first(user)

    assert methods(user.telegram) == ["answerCallbackQuery", "editMessageText"]
    assert user.live.id == message_id
    assert user.live.text != text
    assert not user.waits
    assert (await stored(store, user)).session != before.session


async def test_the_session_is_saved_before_anything_is_sent(user: User, store: SessionStore) -> None:
    await user.start()
    shown, before = user.live.text, await stored(store, user)
    for method in ("answerCallbackQuery", "editMessageText"):
        user.telegram.fail(method, "drop")
    receipt.begin(patience=0)

    await tap_first(user)

    assert user.live.text == shown
    assert (await stored(store, user)).session.revision != before.session.revision

    await tap_first(user)  # stale by now
    assert user.live.text != shown
    assert user.toast is not None
    assert user.toast.text


async def test_a_double_tap_counts_once(user: User, store: SessionStore) -> None:
    await user.start()
    message = user.live.id
    taps = [user.telegram.phones.tap(user.chat_id, message, 0, 0) for _ in range(2)]

    await user.deliver(taps[0])
    after_one, text = await stored(store, user), user.live.text
    await user.deliver(taps[1])

    assert await stored(store, user) == after_one
    assert (user.live.id, user.live.text) == (message, text)
    assert user.toast is not None
    assert user.toast.text, "the second tap is told that it was stale"
    assert not user.waits


async def test_a_stale_button_on_an_old_message_changes_nothing_and_brings_the_current_screen(
    user: User, store: SessionStore
) -> None:
    await user.start()
    old = user.live.id
    update = user.telegram.phones.tap(user.chat_id, old, 0, 0)
    await user.type("/help")
    await tap_first(user)
    await tap_first(user)
    before, current = await stored(store, user), user.live
    assert current.id != old
    methods(user.telegram)

    await user.deliver(update)

    strips = ["editMessageReplyMarkup"] * 2
    assert methods(user.telegram) == ["answerCallbackQuery", "sendMessage", *strips]
    assert user.message(old).keyboard == user.message(current.id).keyboard == []
    assert user.live.id not in (old, current.id)
    line, _, rest = user.live.text.partition("\n\n")
    assert user.toast is not None
    assert line == user.toast.text
    assert rest == current.text
    assert await stored(store, user) == replace(before, message_id=user.live.id)


async def test_a_tap_on_an_old_message_that_is_delivered_again_sends_nothing_more(user: User) -> None:
    await user.start()
    update = user.telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    await user.type("/help")
    await user.deliver(update)
    current, messages = user.live.id, len(user.telegram.phones.chat(user.chat_id).messages)

    await user.deliver(update)

    assert user.live.id == current
    assert len(user.telegram.phones.chat(user.chat_id).messages) == messages


async def test_a_fresh_button_makes_its_message_the_live_one(user: User, store: SessionStore) -> None:
    await user.start()
    first = user.live.id
    await user.start()
    assert user.live.id != first

    row = await stored(store, user)
    await user.forge(str(user.live.keyboard[0][0]["callback_data"]), first)

    after = await stored(store, user)
    assert after.message_id == user.live.id == first
    assert after.session.revision != row.session.revision


async def test_forget_deletes_the_row_and_the_buttons_before_it_are_stale(user: User, store: SessionStore) -> None:
    await user.start()
    await tap_first(user)
    old = user.live.id

    await user.type("/forget")
    await _confirm_forgetting(user, store)
    assert await store.load(user.chat_id) is None

    await tap_first(user, old)
    assert user.message(old).keyboard == []
    assert user.live.id != old
    assert user.live.buttons
    assert user.toast is not None
    assert user.toast.text
    assert not user.waits


async def _confirm_forgetting(user: User, store: SessionStore) -> None:
    """Some conversations ask first."""
    if await store.load(user.chat_id) is not None:
        await tap_first(user)


@pytest.mark.parametrize("data", ["x", ".", "0.", "zzzzzzz.a", "💥", "1.a\nb"])
async def test_garbage_in_a_button_is_stale(user: User, store: SessionStore, data: str) -> None:
    await user.start()
    before, shown = await stored(store, user), user.live.text

    await user.forge(data)

    assert await stored(store, user) == before
    assert user.toast is not None
    assert user.toast.text
    assert user.live.text == f"{user.toast.text}\n\n{shown}"
    assert not user.waits


async def test_an_unknown_action_under_the_right_revision_changes_no_answer(user: User, store: SessionStore) -> None:
    await user.start()
    shown = user.live.text
    revision = str(user.live.keyboard[0][0]["callback_data"]).partition(".")[0]

    await user.forge(f"{revision}.no.such.action")

    assert user.toast is not None
    assert user.toast.text
    assert user.live.text == f"{user.toast.text}\n\n{shown}"
    assert not user.waits


async def test_a_live_message_that_was_deleted_is_followed_by_a_new_one(user: User, store: SessionStore) -> None:
    await user.start()
    update = user.telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    user.telegram.phones.chat(user.chat_id).messages.clear()

    await user.deliver(update)

    assert user.buttons()
    assert (await stored(store, user)).message_id == user.live.id


async def test_a_tap_whose_query_is_too_old_still_counts(user: User) -> None:
    await user.start()
    shown = user.live.text
    update = user.telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    await user.application.bot.answer_callback_query(update["callback_query"]["id"])

    await user.deliver(update)

    assert user.live.text != shown


async def test_a_tap_on_a_message_too_old_for_telegram_to_show_counts(user: User) -> None:
    await user.start()
    shown = user.live.text
    update = user.telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    message = update["callback_query"]["message"]
    update["callback_query"]["message"] = {
        "chat": message["chat"],
        "message_id": message["message_id"],
        "date": 0,
    }

    await user.deliver(update)

    assert user.live.text != shown
    assert not user.waits


async def test_a_tap_that_belongs_to_no_message_is_only_answered(user: User) -> None:
    await user.start()
    update = user.telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    del update["callback_query"]["message"]
    update["callback_query"]["inline_message_id"] = "1"
    methods(user.telegram)

    await user.deliver(update)

    assert methods(user.telegram) == ["answerCallbackQuery"]
    assert not user.waits


async def test_what_a_tap_changed_is_the_first_line_of_the_screen_and_the_next_one_has_it_no_more(user: User) -> None:
    await user.start()
    await user.press(
        "begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no", "go.change"
    )
    await user.tap(next(caption for caption in user.buttons() if "rade" in caption))

    await user.press("a.grade.G3")

    assert user.toast is not None
    assert user.toast.text.startswith(("No longer used: ", "Makes no difference now: "))
    line = user.toast.text
    assert user.live.text.startswith(f"{line}\n\n")
    await user.tap(user.buttons()[0])
    assert line not in user.live.text


async def test_an_older_button_of_the_live_message_is_told_on_the_screen(user: User) -> None:
    await user.start()
    await user.press("begin")
    older = [
        user.telegram.phones.tap(user.chat_id, user.live.id, 0, column) for column in (0, 1)
    ]  # two grades in haste

    for update in older:
        await user.deliver(update)

    user.sees("That button was from an earlier step", ASKS_PATTERN)


async def test_an_updated_content_is_told_on_the_screen_of_the_next_tap(user: User, store: SessionStore) -> None:
    await user.start()
    await user.press("begin")
    kept = await stored(store, user)
    older = replace(kept, session=replace(kept.session, version="2011.9"))
    assert await store.save(user.chat_id, older, kept)

    await user.press("a.grade.G2")

    assert user.live.text.startswith("The content was updated since your last answer")
