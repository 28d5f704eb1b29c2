from __future__ import annotations

import copy
from pathlib import Path

import pytest

from bot import receipt
from bot.app import build_application
from bot.settings import Settings
from bot.store import SessionStore
from bot.store.clock import running
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import bytes_of, methods, store_at, stored, tap_first
from tests.support.asked import ASKS_MITOSES, ASKS_PATTERN
from tests.support.telegram import FakeTelegram
from tests.support.user import User

OTHER_KINDS = ["photo", "voice", "document", "contact", "location", "sticker"]


async def test_start_sends_a_screen_which_becomes_the_live_message(user: User, store: SessionStore) -> None:
    await user.start()

    assert user.buttons()
    assert (await stored(store, user)).message_id == user.live.id
    assert methods(user.telegram) == ["sendMessage"]


async def test_a_whole_case_is_one_message_edited_in_place(user: User) -> None:
    await user.start()
    message_id = user.live.id

    await user.press("begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")

    user.sees("liver resection in two steps")
    assert user.live.id == message_id
    assert len([message for message in user.telegram.phones.chat(user.chat_id).messages if message.from_bot]) == 1


async def test_who_comes_back_reads_which_case_is_open_and_since_when(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await user.start()
    await user.press("begin", "a.grade.G2", "a.pattern.II")
    later = running() + 20 * 60 + 5
    monkeypatch.setattr("bot.store.clock.running", lambda: later)

    await user.type("/start")

    user.sees("Open case: G2 · Type II", "You were last here 20 minutes ago.")


async def test_typed_text_where_a_button_is_expected_gets_a_notice_and_is_not_stored(
    user: User, store: SessionStore, tmp_path: Path
) -> None:
    await user.start()
    await user.press("begin")
    first, shown = user.live.id, user.live.text

    await user.type("Erika Mustermann")

    assert user.live.id != first
    notice, _, rest = user.live.text.partition("\n\n")
    assert notice
    assert rest == shown
    assert (await stored(store, user)).message_id == user.live.id
    assert b"Mustermann" not in bytes_of(tmp_path / "sessions.sqlite3")


async def test_a_new_card_takes_the_buttons_off_the_one_before(user: User, store: SessionStore) -> None:
    await user.start()
    await user.press("begin")
    first, words = user.live.id, user.live.text
    assert user.live.buttons

    for say in ("some words", "/ask milan criteria", "/start"):
        before = user.live.id
        await user.type(say)
        assert user.live.id != before
        assert user.message(before).buttons == []
    assert user.message(first).text == words


@pytest.mark.slow
@pytest.mark.parametrize("code", [400, 403, 500])
async def test_buttons_that_stay_on_an_old_card_are_no_fault(user: User, store: SessionStore, code: int) -> None:
    await user.start()
    await user.press("begin")
    before = user.live.id
    user.telegram.fail("editMessageReplyMarkup", TelegramError(code, "no"), times=9)

    await user.type("/new")

    assert user.live.id != before
    assert user.message(before).buttons
    assert (await stored(store, user)).message_id == user.live.id
    await tap_first(user)
    user.sees(ASKS_PATTERN)


@pytest.mark.parametrize("kind", OTHER_KINDS)
async def test_what_is_not_text_gets_a_notice_above_the_screen(user: User, kind: str) -> None:
    await user.start()
    shown = user.live.text

    await user.send(kind)

    notice, _, rest = user.live.text.partition("\n\n")
    assert notice
    assert rest == shown


@pytest.mark.parametrize("text", ["/START", "/start@nen_lm_guide_bot", "/start from-a-link", "/start\nnow"])
async def test_a_command_is_known_however_it_is_written(user: User, text: str) -> None:
    await user.start()
    shown = user.live.text

    await user.type(text)

    assert user.live.text.endswith(shown)  # above it, that what follows is no case


@pytest.mark.parametrize("text", ["/ask milan criteria", "/ASK@nen_lm_guide_bot\nmilan   criteria", "milan criteria"])
async def test_a_question_is_answered_by_command_or_just_typed(user: User, text: str) -> None:
    await user.start()

    await user.type(text)

    user.sees("Milan criteria", "§5.4")


async def test_asking_for_nothing_lists_the_topics(user: User) -> None:
    await user.type("/ask")
    topics = user.live.text

    await user.type("/ask milan criteria")

    assert user.live.text != topics


async def test_an_unknown_command_gets_a_notice(user: User) -> None:
    await user.start()
    shown = user.live.text

    await user.type("/frobnicate")

    assert user.live.text != shown
    assert user.live.text.endswith(shown)


async def test_anything_can_come_before_start(user: User, store: SessionStore) -> None:
    await user.type("hello")
    assert user.buttons()

    user.chat_id += 1
    await user.send("sticker")
    assert user.buttons()

    user.chat_id += 1
    await user.forge("1.a.grade.G2", message_id=5)
    assert user.buttons()


async def test_an_edited_message_is_treated_as_nothing(user: User) -> None:
    update = user.telegram.phones.say(user.chat_id, "/start")
    update["edited_message"] = update.pop("message") | {"edit_date": 1}

    await user.deliver(update)

    assert methods(user.telegram) == []


async def test_a_pinned_message_is_treated_as_nothing(user: User) -> None:
    await user.start()
    update = user.telegram.phones.say(user.chat_id, "x")
    message = update["message"]
    del message["text"]
    message["pinned_message"] = copy.deepcopy(message) | {"text": "earlier"}
    methods(user.telegram)

    await user.deliver(update)

    assert methods(user.telegram) == []


async def test_who_blocks_the_bot_is_forgotten(user: User, store: SessionStore) -> None:
    await user.start()

    await user.deliver(user.telegram.phones.block(user.chat_id))
    assert await store.load(user.chat_id) is None

    await user.deliver(user.telegram.phones.unblock(user.chat_id))
    await user.start()
    assert await store.load(user.chat_id) is not None


async def test_a_restart_keeps_the_case_and_its_buttons(
    user: User, settings: Settings, conversation: Conversation, store: SessionStore, telegram: Telegram
) -> None:
    await user.start()
    await tap_first(user)
    message_id, shown = user.live.id, user.live.text
    again_store = store_at(settings)
    again = build_application(settings, conversation, again_store, FakeTelegram(telegram))
    assert again.post_init is not None
    assert again.post_shutdown is not None
    async with again:
        await again.post_init(again)
        user.application = again
        await tap_first(user)
        await again.post_shutdown(again)

    assert user.live.id == message_id
    assert user.live.text != shown
    assert user.toast is not None
    assert not user.toast.text


async def test_a_typed_number_that_is_delivered_again_counts_once(user: User, store: SessionStore) -> None:
    await user.start()
    await user.press("begin")
    await user.press("a.grade.count")
    update = user.telegram.phones.say(user.chat_id, "12")
    await user.deliver(update)
    before = await stored(store, user)
    await user.deliver(update)

    assert (await stored(store, user)).session == before.session
    user.sees(ASKS_MITOSES)


async def test_of_two_updates_that_come_again_after_a_kill_only_the_later_shows_the_screen(
    user: User, store: SessionStore
) -> None:
    """Were the earlier to send it too, both would take the buttons off the message of the other."""
    await user.start()
    await user.press("begin")
    await user.press("a.grade.count")
    await user.press("a.ki67.3-20")
    typed = user.telegram.phones.say(user.chat_id, "1")
    await user.deliver(typed)
    tap = user.telegram.phones.tap(user.chat_id, user.live.id, 0, 0)
    user.telegram.fail("editMessageText", "drop")
    receipt.begin(patience=0)
    await user.deliver(tap)
    assert not (await stored(store, user)).arrived
    before = len(user.telegram.phones.chat(user.chat_id).messages)

    await user.deliver(typed)
    assert not (await stored(store, user)).arrived
    await user.deliver(tap)

    assert (await stored(store, user)).arrived
    assert len(user.telegram.phones.chat(user.chat_id).messages) == before
    assert user.live.keyboard


async def test_a_command_that_is_delivered_again_does_not_end_the_case_that_followed(
    user: User, store: SessionStore
) -> None:
    await user.start()
    await user.press("begin")
    update = user.telegram.phones.say(user.chat_id, "/new")
    await user.deliver(update)
    await user.press("a.grade.G2")
    before = await stored(store, user)
    await user.deliver(update)

    assert (await stored(store, user)).session == before.session


async def test_a_number_typed_again_because_nothing_came_back_counts_once(user: User, store: SessionStore) -> None:
    await user.start()
    await user.press("begin")
    await user.press("a.grade.count")
    user.telegram.fail("sendMessage", "drop")
    receipt.begin(patience=0)
    await user.type("12")
    await user.type("12")

    answers = dict((await stored(store, user)).session.answers)
    assert answers["ki67"] == "=12"
    assert "mitoses" not in answers
    user.sees(ASKS_MITOSES)


async def test_a_number_typed_twice_before_its_answer_came_does_not_answer_the_next_question(
    user: User, store: SessionStore
) -> None:
    await user.start()
    await user.press("begin")
    await user.press("a.grade.count")
    typed = [user.telegram.phones.say(user.chat_id, "12") for _ in range(2)]  # the bot was away meanwhile

    for update in typed:
        await user.deliver(update)

    answers = dict((await stored(store, user)).session.answers)
    assert answers["ki67"] == "=12"
    assert "mitoses" not in answers
    user.sees("typed before this question was there", ASKS_MITOSES)
    await user.type("1")
    assert dict((await stored(store, user)).session.answers)["mitoses"] == "=1"


async def test_two_questions_typed_in_haste_are_both_answered(user: User) -> None:
    await user.start()
    typed = [user.telegram.phones.say(user.chat_id, text) for text in ("milan criteria", "rfa size")]

    for update in typed:
        await user.deliver(update)

    shown = [message.text for message in user.telegram.phones.chat(user.chat_id).messages if message.from_bot]
    assert "Milan criteria" in shown[-2]
    assert "RFA" in shown[-1]


async def test_a_number_typed_to_a_question_whose_screen_did_not_arrive_is_no_answer_to_it(
    user: User, store: SessionStore
) -> None:
    await user.start()
    await user.press("begin")
    await user.press("a.grade.count")
    user.telegram.fail("editMessageText", "drop")
    receipt.begin(patience=0)
    await user.press("a.ki67.3-20")
    user.sees("Ki-67")  # still

    await user.type("15")

    assert "mitoses" not in dict((await stored(store, user)).session.answers)
    user.sees(ASKS_MITOSES)


@pytest.mark.parametrize("command", ["/new", "/cancel", "/start"])
async def test_a_command_that_was_overtaken_undoes_nothing_and_says_so(
    user: User, store: SessionStore, command: str
) -> None:
    await user.start()
    await user.press("begin")
    late = user.telegram.phones.say(user.chat_id, command)
    await user.press("a.grade.G2")
    before = (await stored(store, user)).session

    await user.deliver(late)

    assert (await stored(store, user)).session == before
    user.sees("came late", ASKS_PATTERN)


async def test_forget_is_never_too_late(user: User, store: SessionStore) -> None:
    await user.start()
    await user.press("begin")
    late = user.telegram.phones.say(user.chat_id, "/forget")
    await user.press("a.grade.G2")

    await user.deliver(late)

    assert await store.load(user.chat_id) is None


async def test_who_blocked_the_bot_and_came_back_keeps_the_case_begun_since(user: User, store: SessionStore) -> None:
    await user.start()
    blocked = user.telegram.phones.block(user.chat_id)
    user.telegram.phones.unblock(user.chat_id)
    await user.type("/new")

    await user.deliver(blocked)

    assert await store.load(user.chat_id) is not None


async def test_a_number_typed_to_a_question_that_was_there_counts_though_a_later_answer_did_not_arrive(
    user: User, store: SessionStore
) -> None:
    await user.start()
    await user.press("begin")
    await user.press("a.grade.count")
    user.telegram.fail("sendMessage", TelegramError(400, "Bad Request: something"), times=2)
    await user.type("what does it take?")

    await user.type("12")

    assert dict((await stored(store, user)).session.answers)["ki67"] == "=12"
    user.sees(ASKS_MITOSES)


async def test_the_help_to_classify_shows_its_screen_and_sends_the_drawing_once(user: User) -> None:
    await user.start()
    await user.press("begin", "a.grade.G2", "go.classify")

    (drawing,) = user.files
    assert drawing.kind == "photo"
    user.sees(ASKS_PATTERN)

    await user.press("a.pattern.III")
    user.sees("Symptoms?")


async def test_the_pattern_can_be_answered_below_the_drawing_where_the_person_looks(user: User) -> None:
    await user.start()
    await user.press("begin", "a.grade.G2", "go.classify")
    question = user.live
    drawing = next(message for message in user.telegram.phones.chat(user.chat_id).messages if message.file)
    assert drawing.id > question.id

    await user.tap("Type III", drawing.id)

    user.sees("Symptoms?")
    assert user.live.id > drawing.id
    assert not drawing.keyboard
    assert not user.message(question.id).keyboard
