from __future__ import annotations

import html
import json
import logging
import re
import sys
from collections.abc import Iterator
from io import StringIO
from urllib.parse import quote, quote_plus

import pytest
from telegram.error import InvalidToken

from bot import logs
from dialogs.conversation import Conversation
from phone.telegram import Telegram, TelegramError
from tests.conftest import TOKEN
from tests.support.logged import logged
from tests.support.user import User

log = logging.getLogger("bot.somewhere")


@pytest.fixture
def stderr() -> Iterator[StringIO]:
    with logged((TOKEN, "a-database-password", "")) as stream:
        yield stream


def test_a_line_says_what_where_and_how_bad(stderr: StringIO) -> None:
    log.warning("chat %s: too fast", "1f")

    line = json.loads(stderr.getvalue())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {"level": "WARNING", "logger": "bot.somewhere", "message": "chat 1f: too fast"}


def test_where_a_person_looks_on_a_line_is_words(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    level, raising = root.level, logging.raiseExceptions
    handler = logs.configure("WARNING", (TOKEN,))

    log.warning("the token is %s", TOKEN)

    root.removeHandler(handler)
    root.setLevel(level)
    logging.raiseExceptions = raising
    assert stream.getvalue().endswith(" WARNING bot.somewhere: the token is <secret>\n")


def test_secrets_are_cut_out_wherever_they_stand(stderr: StringIO) -> None:
    log.info("POST https://api.telegram.org/bot%s/getMe, a-database-password", TOKEN)

    err = stderr.getvalue()
    assert "/bot<secret>/getMe, <secret>" in err
    assert TOKEN not in err


def test_a_task_that_failed_unseen_is_told_without_what_it_had(stderr: StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=ValueError('G2')>")

    assert json.loads(stderr.getvalue())["message"] == "Task exception was never retrieved"


def test_full_errors_have_their_message_and_their_trace() -> None:
    with logged((TOKEN,), full_errors=True) as stream:
        try:
            raise ValueError("ki67 is 12")
        except ValueError as error:
            log.error("error %s", "7F3A", exc_info=error)

    assert "error 7F3A" in stream.getvalue()
    assert "Traceback" in stream.getvalue()
    assert "ValueError: ki67 is 12" in stream.getvalue()


def test_an_exception_is_its_type_and_frames_without_its_words(stderr: StringIO) -> None:
    def inner() -> None:
        raise ValueError("ki67 " + "is 12")

    try:
        try:
            inner()
        except ValueError as error:
            raise LookupError("Mrs " + "Example") from error
    except LookupError:
        log.exception("error 7F3A")

    err = stderr.getvalue()
    assert "error 7F3A" in err
    assert "builtins.LookupError" in err
    assert "builtins.ValueError" in err
    assert "in inner" in err
    assert "ki67 is 12" not in err
    assert "Mrs Example" not in err


def test_a_cause_that_was_cut_off_stays_off(stderr: StringIO) -> None:
    try:
        try:
            raise ValueError
        except ValueError:
            raise LookupError from None
    except LookupError:
        log.exception("error 7F3A")

    assert "builtins.ValueError" not in stderr.getvalue()


@pytest.mark.parametrize("name", ["httpx", "httpcore.connection", "transitions.core"])
def test_chatty_libraries_only_warn(stderr: StringIO, name: str) -> None:
    logging.getLogger(name).info("sent the answer G2")
    logging.getLogger(name).warning("connection lost")

    err = stderr.getvalue()
    assert "G2" not in err
    assert "connection lost" in err


@pytest.mark.parametrize("name", ["telegram", "telegram.ext.Application", "telegram.Bot"])
def test_telegram_does_not_print_updates(stderr: StringIO, name: str) -> None:
    logging.getLogger(name).debug("Processing update %s", "G2")

    assert stderr.getvalue() == ""


@pytest.mark.parametrize("name", ["telegram.Bot", "telegram.ext.ExtBot", "telegram.request.BaseRequest"])
def test_what_came_over_the_wire_is_not_printed_even_when_it_is_broken(stderr: StringIO, name: str) -> None:
    logging.getLogger(name).critical("Received data was %r", "G2")

    assert stderr.getvalue() == ""


def test_a_refused_token_is_left_to_the_line_at_start(stderr: StringIO) -> None:
    refused = InvalidToken(f"The token `{TOKEN}` was rejected by the server.")
    logging.getLogger("telegram.ext").error("Loop (Bootstrap Initialize): Invalid token", exc_info=refused)
    assert stderr.getvalue() == ""

    logging.getLogger("telegram.ext").error("Loop (Polling Updates): Invalid token", exc_info=refused)
    err = stderr.getvalue()
    assert "Polling Updates" in err
    assert TOKEN not in err


async def test_a_whole_talk_leaves_no_answer_no_name_no_id_and_no_token(
    user: User,
    telegram: Telegram,
    conversation: Conversation,
    stderr: StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    user.chat_id = 700123456
    said = ["Erika Mustermann 1961-04-01", "Ki-67 is 12", "/settings Erika", "/ask about Erika"]
    await user.start()
    pressed = []
    for _ in range(4):
        pressed.append(str(user.live.keyboard[0][0]["callback_data"]))
        await user.tap(user.buttons()[0])
    for text in said:
        await user.type(text)
    await user.ask_inline("milan for Mustermann")
    telegram.fail("answerInlineQuery", TelegramError(400, "Bad Request: Mustermann"))
    await user.deliver(telegram.phones.ask_inline(user.chat_id, "Mustermann"))
    await user.send("photo")
    await user.forge("garbage-that-nobody-sends")
    telegram.fail("editMessageText", TelegramError(400, "Bad Request: can't parse Mustermann"))
    await user.tap(user.buttons()[0])
    telegram.fail("sendMessage", "drop")
    await user.type("Mustermann again")
    telegram.fail("sendMessage", TelegramError(403, "Forbidden: bot was blocked by the user"))
    await user.type("Mustermann again")

    err = stderr.getvalue()
    assert "error " in err, "the faults are logged"
    messages = "".join(record.getMessage() for record in caplog.records)
    for private in (*said, *pressed, "Mustermann", "Erika", "Trainee", "700123456", "garbage", TOKEN):
        assert private not in err
        assert private not in messages


def test_a_line_that_cannot_be_formatted_is_dropped_and_not_quoted(
    stderr: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)

    with pytest.MonkeyPatch.context() as without_pytests_own_handlers:
        handlers = [one for one in log.root.handlers if getattr(one, "stream", None) is stderr]
        without_pytests_own_handlers.setattr(log.root, "handlers", handlers)
        log.info("%d", "G2")

    assert stderr.getvalue() == ""


def test_a_chat_has_another_name_after_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    name = logs.chat_name(700123456)

    monkeypatch.setattr(logs, "_KEY", b"another")

    assert logs.chat_name(700123456) != name


def test_a_chat_is_logged_under_a_name_that_does_not_show_its_id() -> None:
    assert logs.chat_name(700123456) == logs.chat_name(700123456)
    assert logs.chat_name(700123456) != logs.chat_name(700123457)
    assert len(logs.chat_name(700123456)) == 8


def test_what_is_too_short_for_a_secret_is_left_alone() -> None:
    with logged(("", "as")) as stream:
        log.warning("as it is")

    assert json.loads(stream.getvalue())["message"] == "as it is"


@pytest.mark.parametrize(
    "form", [TOKEN, TOKEN.replace(":", "%3A"), TOKEN.replace(":", "%3a"), TOKEN.replace(":", "&#58;"), repr(TOKEN)]
)
def test_the_token_is_cut_out_in_whatever_form_it_stands(stderr: StringIO, form: str) -> None:
    log.warning("no answer: <a href='/bot%s/getMe'>", form)

    assert TOKEN.partition(":")[2] not in stderr.getvalue()


def test_a_password_is_cut_out_as_it_stands_in_an_address_a_page_and_a_text_in_quotation_marks() -> None:
    password = 'pass "word" & <more> ü'
    forms = (password, quote(password, safe=""), quote_plus(password), html.escape(password), repr(password))

    with logged((password,)) as stream:
        for form in forms:
            log.warning("%s", form)

    assert [json.loads(line)["message"].strip("'") for line in stream.getvalue().splitlines()] == ["<secret>"] * 5


def test_a_page_in_place_of_an_answer_is_cut_and_a_token_at_the_cut_is_not_left_in_part(stderr: StringIO) -> None:
    page = "x" * (logs.LONGEST - 20) + TOKEN + "<p>The requested URL was not found</p>" * 500

    log.warning("%s", page)

    message = json.loads(stderr.getvalue())["message"]
    assert len(message) < logs.LONGEST + 50
    assert TOKEN[:12] not in message


def test_what_else_a_library_gives_a_record_is_not_printed(stderr: StringIO) -> None:
    log.warning("a line", extra={"answer": "G2"})
    log.warning({"answer": "G3"})

    first, second = (json.loads(line) for line in stderr.getvalue().splitlines())
    assert set(first) == set(second) == {"time", "level", "logger", "message"}
