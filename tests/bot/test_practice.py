"""Practice over Telegram: a letter, its poll, the answer, the score; each answer counts once, for its own person."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.app import ALLOWED_UPDATES
from bot.buttons import encode
from bot.service import App
from bot.settings import Settings
from bot.store import SessionStore
from dialogs.conversation import Conversation
from dialogs.practice.deck import DECK
from dialogs.practice.schedule import Record
from dialogs.session import Practice
from phone.telegram import Failure, Telegram, TelegramError
from tests.bot.helpers import methods, stored
from tests.bot.test_kill import CHAT
from tests.bot.test_practice_killed import Phone
from tests.bot.test_several_workers import Worker, two_workers
from tests.support.asked import ASKS_PATTERN
from tests.support.brought import running
from tests.support.user import User


@pytest.fixture
async def learner(user: User) -> User:
    """Somebody who stands at a practice question."""
    return await practising(user)


async def practising(user: User) -> User:
    await user.start()
    await user.press("begin")
    await user.type("/practice")
    await user.press("quiz.any")
    return user


async def score(store: SessionStore, user: User) -> tuple[int, int]:
    return Record.read(await store.record(user.chat_id), datetime.now(UTC).date()).score(DECK)


async def test_from_the_start_screen_to_an_answer_and_the_next_question(
    user: User, store: SessionStore, telegram: Telegram
) -> None:
    await user.start()
    await user.press("begin", "a.grade.G2")
    await user.start()
    await user.tap("Practise on made-up cases")
    assert user.sees("A letter about a made-up case")
    await user.tap("One/two steps")
    assert user.sees("A made-up case, no patient", "neuroendocrine")
    (poll,) = user.polls
    letter = user.live.id

    telegram.calls.clear()
    await user.vote(poll.right)

    assert methods(telegram) == ["sendMessage", "editMessageReplyMarkup"]
    assert user.sees("Right: " + poll.options[poll.right], "Why not", "1 of 1 right")
    assert user.live.id > letter, "the answer stands below the poll"
    assert user.message(letter).buttons == []
    assert await score(store, user) == (1, 1)

    await user.tap("Next question")
    assert len(user.polls) == 2
    await user.vote((user.polls[1].right + 1) % 4)
    assert user.sees("Not right", "The answer: ")
    assert await score(store, user) == (1, 2)

    await user.tap("Stop")
    assert user.sees("Practice is stopped", "Open case: G2")
    await user.tap("Go on")
    assert user.sees(ASKS_PATTERN), "the case is where it was"


async def test_the_poll_is_a_quiz_that_tells_the_bot_who_chose(learner: User, telegram: Telegram) -> None:
    (params,) = [params for method, params in telegram.calls if method == "sendPoll"]

    assert (params["type"], str(params["is_anonymous"]).lower()) == ("quiz", "false")
    assert params["correct_option_ids"] == [learner.polls[0].right]
    assert "poll_answer" in ALLOWED_UPDATES


async def test_an_answer_that_is_delivered_again_counts_once(learner: User, store: SessionStore) -> None:
    update = await learner.vote(learner.polls[0].right)
    shown = [message.text for message in learner.telegram.phones.chat(learner.chat_id).messages]

    for _ in range(3):
        await learner.deliver(update)

    assert await score(store, learner) == (1, 1)
    assert [message.text for message in learner.telegram.phones.chat(learner.chat_id).messages] == shown


async def test_the_same_poll_answered_in_two_updates_counts_once(learner: User, store: SessionStore) -> None:
    poll = learner.polls[0]
    await learner.vote(poll.right)
    poll.votes.clear()

    await learner.vote((poll.right + 1) % 4, poll)

    assert await score(store, learner) == (1, 1)
    assert learner.sees("Right: ")


async def test_somebody_else_who_answers_a_poll_that_was_handed_on_counts_for_nobody(
    learner: User, store: SessionStore, application: App
) -> None:
    stranger = User(application, learner.telegram, chat_id=8008)
    await stranger.vote(learner.polls[0].right, learner.polls[0])
    assert stranger.telegram.phones.chat(8008).messages == []

    other = await practising(User(application, learner.telegram, chat_id=9009))
    await other.vote(learner.polls[0].right, learner.polls[0])

    assert [await score(store, one) for one in (stranger, learner, other)] == [(0, 0)] * 3
    await learner.vote(learner.polls[0].right)
    await other.vote(other.polls[0].right)
    assert [await score(store, one) for one in (learner, other)] == [(1, 1)] * 2


@pytest.mark.parametrize("leaving", ["stop", "/new", "/start", "/cancel", "stop typed"])
async def test_once_practice_is_left_the_poll_counts_not_at_all(
    learner: User, store: SessionStore, leaving: str
) -> None:
    if leaving == "stop":
        await learner.press("stop")
    else:
        await learner.type(leaving.removesuffix(" typed"))
    shown = learner.live.text

    await learner.vote(learner.polls[0].right)

    assert await score(store, learner) == (0, 0)
    assert learner.live.text == shown


async def test_a_problem_with_a_question_is_reported_by_what_makes_it_anew(
    learner: User, caplog: pytest.LogCaptureFixture, store: SessionStore
) -> None:
    await learner.vote(learner.polls[0].right)
    practice = (await stored(store, learner)).session.practice
    assert practice is not None
    node = f"practice.{practice.of}.{practice.kind}.{practice.seed}"

    await learner.tap("Report a problem")
    assert node in caplog.text
    for forged in (f"{node}1234567890", node.replace("practice.", "practice.x"), "practice", "practice.", "practice.1"):
        now = await stored(store, learner)
        caplog.clear()
        await learner.forge(encode(now.session.revision, f"report.{forged}"[:57]))
        assert "reports" not in caplog.text


async def test_looking_something_up_meanwhile_leaves_the_question_open(learner: User, store: SessionStore) -> None:
    await learner.type("/ask milan criteria")
    await learner.vote(learner.polls[0].right)

    assert await score(store, learner) == (1, 1)
    assert learner.sees("Right: ")


async def test_asked_again_only_the_new_poll_counts(learner: User, store: SessionStore) -> None:
    await learner.tap("Ask it again")
    first, second = learner.polls
    assert (first.question, first.options) == (second.question, second.options)

    await learner.vote(first.right, first)
    assert await score(store, learner) == (0, 0)
    await learner.vote(second.right)
    assert await score(store, learner) == (1, 1)


async def test_a_tap_on_an_old_button_sends_no_second_poll(learner: User) -> None:
    await learner.forge("0.now")

    assert len(learner.polls) == 1
    assert learner.sees("A made-up case, no patient")


async def test_before_the_gate_there_is_no_practice(user: User) -> None:
    await user.start()
    await user.type("/practice")
    assert user.sees("this is for clinicians")
    await user.type("quiz me")
    await user.forge("quiz.any")

    assert user.polls == []
    assert "Practise on made-up cases" not in user.buttons()


async def test_forget_and_block_delete_the_score(learner: User, store: SessionStore) -> None:
    await learner.vote(learner.polls[0].right)
    await learner.type("/forget")
    assert await score(store, learner) == (0, 0)

    await practising(learner)
    await learner.vote(learner.polls[-1].right)
    await store._engine.delete(store._seal.name("chat", 1))  # another chat's
    assert await score(store, learner) == (1, 1)
    await learner.deliver(learner.telegram.phones.block(learner.chat_id))
    assert await store.record(learner.chat_id) == ""


async def test_the_score_outlives_the_case(learner: User, store: SessionStore) -> None:
    await learner.vote(learner.polls[0].right)
    name = store._seal.name("chat", learner.chat_id)
    store._engine._run("DELETE FROM sessions WHERE name = ?", name)  # type: ignore[attr-defined] # it has expired

    await practising(learner)
    await learner.vote((learner.polls[-1].right + 1) % 4)

    assert await score(store, learner) == (1, 2)


@pytest.mark.parametrize("failure", [TelegramError(429, "Too Many Requests: retry after 1", 1), "drop"])
async def test_a_poll_that_telegram_does_not_take_at_once_is_sent_again(
    user: User, store: SessionStore, telegram: Telegram, failure: Failure
) -> None:
    await user.start()
    await user.press("begin")
    await user.type("/practice")
    telegram.fail("sendPoll", failure)

    await user.press("quiz.any")

    (poll,) = user.polls
    await user.vote(poll.right)
    assert await score(store, user) == (1, 1)


async def test_an_answer_that_comes_before_the_id_of_its_poll_is_stored_counts_once_it_is(
    learner: User, store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.poll_answers.LOOK_AGAIN", 0.05)
    now = await stored(store, learner)
    without = await store.save(learner.chat_id, replace(now, poll=""), now)
    poll = learner.polls[0]
    update = learner.telegram.phones.vote(learner.chat_id, poll.id, poll.right)
    answering = asyncio.create_task(learner.deliver(update))
    await asyncio.sleep(0.1)
    assert await score(store, learner) == (0, 0)

    assert without is not None
    assert await store.save(learner.chat_id, replace(without, poll=poll.id), without)
    await answering

    assert await score(store, learner) == (1, 1)


async def test_an_answer_to_a_poll_nobody_knows_is_let_go_after_a_while(
    learner: User, store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.poll_answers.LOOK_AGAIN", 0.001)
    now = await stored(store, learner)
    await store.save(learner.chat_id, replace(now, poll=""), now)

    await learner.vote(learner.polls[0].right)

    assert await score(store, learner) == (0, 0)
    assert learner.sees("A made-up case, no patient")
    await learner.tap("Ask it again")
    await learner.vote(learner.polls[-1].right)
    assert await score(store, learner) == (1, 1)


async def test_of_another_release_that_makes_another_question_the_open_one_is_dropped(
    learner: User, store: SessionStore
) -> None:
    now = await stored(store, learner)
    practice = now.session.practice
    assert isinstance(practice, Practice)
    other = replace(now.session, practice=replace(practice, mark=practice.mark ^ 1))
    await store.save(learner.chat_id, replace(now, session=other), now)

    await learner.vote(learner.polls[0].right)

    assert await score(store, learner) == (0, 0)
    assert learner.sees("NEN-LM guide")


async def test_what_is_kept_of_practice_says_nothing_but_counts_and_days(learner: User, store: SessionStore) -> None:
    await learner.vote(learner.polls[0].right)
    kept = await store.record(learner.chat_id)

    assert re.fullmatch(r'\[\["[\w-]+","\w+",1,1,\d{6},\d{6},[\d.]+,[\d.]+\]\]', kept), kept


@pytest.mark.slow
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_as_it_runs_in_production_an_answer_is_asked_for_and_counted(
    telegram: Telegram, settings: Settings, conversation: Conversation, *, webhook: bool
) -> None:
    phone = Phone(telegram)
    async with running(telegram, settings, conversation, webhook=webhook) as store, asyncio.timeout(60):
        telegram.phones.say(CHAT, "/start")
        await phone.until(lambda: phone.shows("NEN-LM guide"))
        phone.tap("I am a clinician")
        await phone.until(lambda: phone.shows("grade of the liver"))
        telegram.phones.say(CHAT, "/practice")
        await phone.until(lambda: phone.shows("A letter about"))
        for caption in ("Mixed", "Next"):
            asked = len(phone.polls)
            phone.tap(caption)
            await phone.until(partial(_is_asked, phone, asked + 1))
            telegram.phones.vote(CHAT, phone.polls[-1].id, phone.polls[-1].right)
            await phone.until(lambda: phone.shows("Right: "))
        await phone.until(lambda: not telegram.phones.pending)
        record = Record.read(await store.record(CHAT), datetime.now(UTC).date())

    assert record.score(DECK) == (2, 2)


def _is_asked(phone: Phone, polls: int) -> bool:
    return len(phone.polls) == polls and phone.shows("no patient")


# Several workers


@pytest.fixture
async def workers(postgres_url: str, conversation: Conversation, telegram: Telegram) -> AsyncIterator[list[Worker]]:
    async with two_workers(postgres_url, conversation, telegram) as workers:
        yield workers


async def test_asked_by_one_worker_and_answered_at_two_it_counts_once(
    workers: list[Worker], telegram: Telegram
) -> None:
    user = await practising(User(workers[0].application, telegram, 7001))
    store = workers[1].store
    for turn in range(6):
        poll = user.polls[-1]
        update = telegram.phones.vote(7001, poll.id, poll.right)
        await asyncio.gather(*(worker.takes(update) for worker in workers))
        assert await score(store, user) == (turn + 1, turn + 1)
        user.application = workers[turn % 2].application
        await user.press("next")
    assert len(user.polls) == 7


async def test_two_answers_to_one_poll_at_two_workers_count_once(workers: list[Worker], telegram: Telegram) -> None:
    user = await practising(User(workers[0].application, telegram, 7001))
    poll = user.polls[-1]
    first = telegram.phones.vote(7001, poll.id, poll.right)
    poll.votes.clear()
    second = telegram.phones.vote(7001, poll.id, (poll.right + 1) % 4)

    await asyncio.gather(workers[0].takes(first), workers[1].takes(second))

    assert (await score(workers[0].store, user))[1] == 1
