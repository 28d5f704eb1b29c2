from __future__ import annotations

import pytest
from telegram import Update

from bot.lanes import Lanes, chat_of
from bot.store import SessionStore
from dialogs.conversation import Conversation
from dialogs.view import Card
from phone.telegram import Telegram, TelegramError
from tests.bot.helpers import methods, stored
from tests.support.user import User


async def test_a_question_in_any_chat_offers_the_cards_on_it(user: User, conversation: Conversation) -> None:
    results = await user.ask_inline("milan criteria")

    cards = conversation.inline("milan criteria")
    assert cards
    assert [(one.id, one.title, one.description, one.html) for one in results] == [
        (card.id, card.title, card.description, card.text) for card in cards
    ]
    assert all(one.entities for one in results), "the cards are read as HTML"
    assert methods(user.telegram) == ["answerInlineQuery"]


async def test_an_answer_may_be_kept_for_everybody_and_brings_no_previews(user: User) -> None:
    await user.ask_inline("milan criteria")

    (_, answer) = user.telegram.calls[-1]
    assert (answer["cache_time"], answer.get("is_personal", "false")) == ("300", "false")
    for result in answer["results"]:
        assert result["input_message_content"]["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("text", ["", "  "])
async def test_before_anything_is_typed_there_are_five_useful_cards(user: User, text: str) -> None:
    assert len(await user.ask_inline(text)) == 5

    inline = user.telegram.phones.chat(user.chat_id).inline
    assert inline is not None
    assert inline.button == {}


async def test_when_nothing_is_found_the_way_to_the_bot_is_shown(user: User, conversation: Conversation) -> None:
    assert await user.ask_inline("zzzqqq") == []

    inline = user.telegram.phones.chat(user.chat_id).inline
    assert inline is not None
    assert inline.button == {"text": conversation.nothing_found, "start_parameter": "ask"}
    assert "open the bot" in inline.button["text"]

    await user.start(inline.button["start_parameter"])
    user.sees("Look something up")


async def test_only_the_first_256_characters_are_looked_at(
    user: User, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nothing(question: str) -> tuple[Card, ...]:
        asked.append(question)
        return ()

    monkeypatch.setattr(conversation, "inline", nothing)
    update = user.telegram.phones.ask_inline(user.chat_id, "x")
    update["inline_query"]["query"] = "x" * 5000

    await user.deliver(update)

    assert asked == ["x" * 256]


async def test_a_card_that_was_chosen_is_not_taken_for_a_question(user: User, store: SessionStore) -> None:
    await user.start()
    before, live = await stored(store, user), user.live
    (card, *_) = await user.ask_inline("milan criteria")
    methods(user.telegram)

    message = await user.choose(card)

    assert message.text == card.text
    assert not message.from_bot
    assert methods(user.telegram) == []
    assert await stored(store, user) == before
    assert user.live == live


async def test_what_was_sent_through_another_bot_is_answered(user: User) -> None:
    await user.start()
    update = user.telegram.phones.say(user.chat_id, "milan criteria")
    update["message"]["via_bot"] = {"id": 99, "is_bot": True, "first_name": "Other", "username": "other_bot"}

    await user.deliver(update)

    user.sees("Milan criteria")


async def test_asking_changes_nothing_that_is_stored(user: User, store: SessionStore) -> None:
    await user.ask_inline("milan criteria")

    assert await store.load(user.chat_id) is None


async def test_an_answer_that_comes_too_late_is_no_fault(
    user: User, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("answerInlineQuery", TelegramError(400, "Bad Request: query is too old and response timeout expired"))

    await user.deliver(telegram.phones.ask_inline(user.chat_id, "milan criteria"))

    assert caplog.records == []


async def test_an_answer_that_telegram_refuses_is_logged_and_bothers_nobody(
    user: User, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("answerInlineQuery", TelegramError(400, "Bad Request: RESULT_ID_INVALID"))

    await user.deliver(telegram.phones.ask_inline(user.chat_id, "milan criteria"))

    assert len(caplog.records) == 1
    assert methods(telegram) == ["answerInlineQuery"]


async def test_questions_wait_in_the_lane_of_the_one_who_asks(user: User) -> None:
    update = Update.de_json(user.telegram.phones.ask_inline(user.chat_id, "milan"), user.application.bot)
    lanes = user.application.update_processor
    seen: list[int] = []
    assert isinstance(lanes, Lanes)

    async def look() -> None:
        seen.append(len(lanes))

    await lanes.process_update(update, look())

    assert chat_of(update) == user.chat_id
    assert seen == [1], "a lane is open while the question is answered"


async def test_in_an_emergency_the_line_alone_is_offered(user: User) -> None:
    (offered,) = await user.ask_inline("help he is crashing")

    assert "senior" in offered.html
    assert offered.html == offered.title


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("milan criteria", "Milan criteria: low grade"),
        ("prerequisites for resection", "Six: primary out or removable"),
        ("recurrence R0 margins", "5-year recurrence: complete 76 %, else 91 % (of 170)"),
        ("octreotide vs lanreotide", "Octreotide or lanreotide: neither the review"),
        ("contraindications to RFA", "RFA: unsuitable over 5"),
        ("what is R0", "R0: Resection with no tumour left behind"),
        ("Søreide", "Søreide et al.: median survival three to four times longer"),
        ("rfa size limit " + "ö" * 241, "RFA: over 3"),
    ],
)
async def test_a_card_says_the_answer_first_in_its_title_and_in_what_is_sent(
    user: User, query: str, first: str
) -> None:
    card = (await user.ask_inline(query))[0]

    message = await user.choose(card)

    assert message.text.replace("\u00a0", " ").startswith(first)
    assert first.startswith(card.title.replace("\u00a0", " ")[: len(first)])


@pytest.mark.parametrize(
    "query", ["3", "42", "%", "?!", "🙂", "Leberresektion Überleben nach größerem Eingriff", "x" * 256]
)
async def test_a_number_junk_or_another_language_gets_no_card_and_the_way_to_the_bot(
    user: User, conversation: Conversation, query: str
) -> None:
    assert await user.ask_inline(query) == []

    inline = user.telegram.phones.chat(user.chat_id).inline
    assert inline is not None
    assert inline.button["text"] == conversation.nothing_found


async def test_what_only_a_case_answers_gets_no_card(user: User) -> None:
    assert await user.ask_inline("should I operate?") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "debulking threshold",
        "transplant age",
        "prrt",
        "rfa",
        "tace",
        "crisis prevention",
        "recurrence",
        "primary",
        "what is TACE",
    ],
)
async def test_no_preview_is_half_a_sentence_or_the_older_limit_alone(user: User, query: str) -> None:
    for card in await user.ask_inline(query):
        assert "…" not in card.title + card.description
        assert len(card.title) <= 110
        if "90 % or more" in card.title.replace("\u00a0", " "):
            assert "70 %" in card.description
