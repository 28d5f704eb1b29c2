"""Handing a case on: what the link brings, what it never overwrites, and what a senior is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from dialogs import case_code
from dialogs.case_code import FORMAT, CaseCodes, CodedCase
from dialogs.conversation import Command, Conversation
from dialogs.labels import Labels
from dialogs.render import utf16
from dialogs.session import Answers, Session
from dialogs.sharing import coded
from dialogs.view import Attachment, Send
from guideline import UNDETERMINED, guideline
from phone.entities import parse_html
from tests.dialogs.samples import HEADLINES, STANDINGS, of_headline, session_of, telling
from tests.support.walk import Talk, begun

BOT = "nen_lm_test_bot"
LABELS = Labels()
VERSION = guideline().evidence.stamp.version
CODES = CaseCodes(guideline().evidence.stamp.year)
TWO_STEP = ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    conversation = Conversation()
    conversation.named(BOT)
    return conversation


def words(talk: Talk) -> str:
    return parse_html(talk.text)[0].replace("\u00a0", " ")


def link_on(talk: Talk) -> str:
    (link,) = re.findall(r"https://t\.me/\S+", words(talk))
    return str(link)


def code_of(link: str) -> str:
    assert link.startswith(f"https://t.me/{BOT}?start=")
    return link.partition("=")[2]


def opens(talk: Talk, code: str) -> Talk:
    return talk.does(Command("start", code))


def shared(conversation: Conversation, answers: Answers) -> str:
    return code_of(link_on(Talk(conversation, session_of(answers)).forges("go.share")))


@pytest.fixture
def mine(conversation: Conversation) -> Talk:
    """A two-step resection, at its result."""
    return begun(conversation).taps(*TWO_STEP)


# Sharing


def test_a_link_opens_the_same_case_for_a_colleague_who_takes_it_over(conversation: Conversation, mine: Talk) -> None:
    link = link_on(mine.taps("go.hand", "go.share"))
    theirs = opens(begun(conversation).says("cancel"), code_of(link))

    assert words(theirs).startswith("A case shared with you\nG2 · Type II · prerequisites met · no carcinoid syndrome")
    assert "two-step" not in words(theirs), "the answers come first"
    assert theirs.session.answers == ()
    theirs.taps("take")

    assert theirs.headline == "resection-two-step"
    assert theirs.screen == mine.taps("now").screen
    assert theirs.session.shared == ""


@pytest.mark.parametrize("headline", HEADLINES)
def test_every_result_can_be_shared_and_is_the_same_for_the_other(conversation: Conversation, headline: str) -> None:
    for answers, found in telling(headline, 6):
        talk = opens(begun(conversation), shared(conversation, answers)).taps("take")

        assert talk.headline == headline
        assert talk.place.found.case == found.case
        assert talk.text == Talk(conversation, session_of(answers)).text


def test_the_link_works_before_the_gate_and_the_case_comes_behind_it(conversation: Conversation, mine: Talk) -> None:
    code = shared(conversation, mine.session.answers)
    fresh = opens(Talk(conversation), code)

    assert "Type II" not in words(fresh)
    assert "A case was shared with you" in words(fresh)
    assert [button.caption for button in fresh.screen.rows[0]] == [LABELS("button.begin-shared")]
    fresh.taps("about", "home", "look").says("start").says("privacy").taps("home").types("rfa size").taps("home")
    assert fresh.session.shared == code, "what is looked up at the gate does not lose it"
    fresh.taps("begin")

    assert words(fresh).startswith("A case shared with you\nG2 · Type II")
    assert fresh.taps("take").headline == "resection-two-step"


def test_an_open_case_is_not_overwritten_without_the_tap(conversation: Conversation, mine: Talk) -> None:
    code = shared(conversation, mine.session.answers)
    own = begun(conversation).taps("a.grade.G1", "a.pattern.III")
    before, asked = own.session.answers, own.text
    opens(own, code)

    assert "It would replace your open case: G1 · Type III." in words(own)
    assert own.session.answers == before
    assert own.taps("leave").session.answers == before
    assert own.text == asked
    assert own.session.shared == ""
    assert opens(own, code).taps("take").headline == "resection-two-step"


def test_a_question_that_was_opened_out_of_turn_is_open_again_when_the_case_is_left(
    conversation: Conversation, mine: Talk
) -> None:
    code = shared(conversation, (("grade", "G3"), ("differentiation", "poor")))
    mine.taps("go.change", "e.grade")
    asked = mine.text
    opens(mine, code).says("help").taps("now")
    assert words(mine).startswith("A case shared with you"), "Back from the help leads there"

    assert mine.taps("leave").text == asked


def test_who_opens_the_own_case_is_told_so(conversation: Conversation, mine: Talk) -> None:
    opens(mine, shared(conversation, mine.session.answers))

    assert "It says what your open case says." in words(mine)


@pytest.mark.parametrize("command", ["new", "cancel", "start", "forget"])
def test_a_case_that_waits_is_gone_with_what_ends_or_leaves_a_case(
    conversation: Conversation, mine: Talk, command: str
) -> None:
    opens(mine, shared(conversation, mine.session.answers)).says(command)

    assert mine.stored is None or mine.session.shared == ""
    assert "shared with you" not in words(mine)


def test_a_text_typed_while_a_case_waits_answers_no_question(conversation: Conversation, mine: Talk) -> None:
    own = begun(conversation).taps("a.grade.G1")
    opens(own, shared(conversation, mine.session.answers)).types("II")

    assert own.session.answers == (("grade", "G1"),)
    own.forges("a.pattern.II").forges("now")
    assert own.session.answers == (("grade", "G1"),)


@pytest.mark.parametrize(("code", "why"), [("hello", "damaged"), ("A" * 64, "damaged"), ("x" * 4000, "damaged")])
@pytest.mark.parametrize("accepted", [True, False])
def test_another_text_behind_start_gets_one_line_and_no_case(
    conversation: Conversation, code: str, why: str, accepted: bool
) -> None:
    talk = begun(conversation).taps("a.grade.G1") if accepted else Talk(conversation)
    opens(talk, code)

    assert talk.notice == LABELS(f"unreadable.{why}")
    assert talk.session.shared == ""
    assert talk.session.answers == ((("grade", "G1"),) if accepted else ())


@pytest.mark.parametrize(
    "typed", ["https://t.me/{bot}?start={code}", " t.me/{bot}?start={code}\n", "{code}", " {code} "]
)
def test_a_link_or_a_code_that_is_typed_opens_the_case_too(conversation: Conversation, mine: Talk, typed: str) -> None:
    code = shared(conversation, mine.session.answers)
    for talk in (begun(conversation), begun(conversation).says("start"), Talk(conversation).says("start")):
        talk.types(typed.format(bot=BOT, code=code))
        assert talk.session.shared == code


@pytest.mark.parametrize("typed", ["https://t.me/{bot}?start={code}x", "t.me/other_bot?start=ref42"])
def test_a_typed_link_that_is_damaged_or_foreign_gets_the_line(
    conversation: Conversation, mine: Talk, typed: str
) -> None:
    code = shared(conversation, mine.session.answers)

    assert mine.types(typed.format(bot=BOT, code=code)).notice == LABELS("unreadable.damaged")
    assert mine.headline == "resection-two-step"


@pytest.mark.parametrize(("change", "why"), [(-1, "older"), (1, "newer")])
def test_a_code_of_another_format_gets_one_line(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, change: int, why: str
) -> None:
    monkeypatch.setattr(case_code, "FORMAT", FORMAT + change)
    code = CODES.encode(CodedCase(VERSION, {}))
    monkeypatch.undo()

    assert opens(begun(conversation), code).notice == LABELS(f"unreadable.{why}")


def test_a_case_that_waits_under_a_format_that_is_read_no_more_is_dropped(conversation: Conversation) -> None:
    session = replace(begun(conversation).session, shared="A" * 30)

    assert "shared with you" not in words(Talk(conversation, session))
    assert Talk(conversation, session).says("help").session.shared == ""


# What has changed since


def of_version(content: str, answers: Answers, **came_to: frozenset[str]) -> str:
    case = coded(answers, STANDINGS.of(answers).found)
    before = {name: came_to.get(name, getattr(case, name)) for name in ("candidates", "adjuncts", "caveats")}
    return CODES.encode(CodedCase(content, case.facts, case.answers, **before))


TYPE_I = (
    ("grade", "G1"),
    ("pattern", "I"),
    *((line, "met") for line in ("p-primary", "p-r0", "p-outside", "p-fit", "p-heart")),
)


@pytest.mark.parametrize(
    ("content", "came_to", "said"),
    [
        ("2012.1", {}, ("content 2012.1, older than the", "The answer is the same here.")),
        ("2012.9", {}, ("content 2012.9, newer than the", "The answer is the same here.")),
        (
            "2012.1",
            {"candidates": frozenset({"ablation-embolisation"})},
            (
                "The answer is another one here. There: ablation or embolisation (TACE). "
                "Here: liver resection, minor or anatomical.",
            ),
        ),
        (
            "2012.1",
            {"candidates": frozenset({"resection", "debulking"})},
            ("There: liver resection, minor or anatomical, or debulking surgery.",),
        ),
        (
            "2012.1",
            {"adjuncts": frozenset({"cholecystectomy"})},
            (
                "The headline is the same, not all that comes with it.",
                "Here as well: Ultrasound during the operation [§5.1.3]",
                "No longer here: Cholecystectomy",
            ),
        ),
    ],
)
def test_a_case_of_another_content_says_what_is_another_in_the_answer(
    conversation: Conversation, content: str, came_to: dict[str, frozenset[str]], said: tuple[str, ...]
) -> None:
    talk = opens(begun(conversation), of_version(content, TYPE_I, **came_to))

    for line in said:
        assert line in words(talk)


def test_a_caveat_that_is_new_since_is_printed(conversation: Conversation) -> None:
    talk = opens(begun(conversation), of_version("2012.1", (("grade", "G3"),), caveats=frozenset()))

    assert f"Caveat: {LABELS('caveat.differentiation-unknown')}" in words(talk)


def test_of_the_content_that_is_here_nothing_is_said(conversation: Conversation) -> None:
    assert (
        "content 2012" not in words(opens(begun(conversation), of_version(VERSION, TYPE_I))).partition("2012 review")[0]
    )


# The link and its picture


def test_the_screen_says_what_is_in_the_link_and_the_buttons_hand_it_on(conversation: Conversation, mine: Talk) -> None:
    mine.taps("go.hand", "go.share")
    link = link_on(mine)

    assert "It cannot be called back" in words(mine)
    by_caption = {button.caption: button for button in mine.buttons}
    assert by_caption[LABELS("button.copy-link")].copy == link
    forward = urlsplit(by_caption[LABELS("button.forward")].url)
    assert (forward.netloc, forward.path) == ("t.me", "/share/url")
    assert parse_qs(forward.query)["url"] == [link]


def attachment(talk: Talk) -> Attachment:
    assert isinstance(talk.turn, Send)
    (attachment,) = talk.turn.attachments
    return attachment


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_reader_reads_the_link_off_the_picture(
    conversation: Conversation, headline: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    answers, _ = next(of_headline(headline, Random(5)))
    talk = Talk(conversation, session_of(answers)).forges("go.share")
    link = link_on(talk)
    picture = attachment(talk.taps("pic.qr"))
    file = tmp_path_factory.mktemp("qr") / picture.file_name
    file.write_bytes(picture.draw())

    with Image.open(file) as image:
        pixels = np.asarray(image.convert("L"))
    (found,) = zxingcpp.read_barcodes(pixels)
    assert (found.text, found.format) == (link, zxingcpp.BarcodeFormat.QRCode)
    assert min(pixels.shape) >= 300, "large enough to be printed"
    assert pixels[:40].min() == pixels[:, :40].min() == 255, "a quiet zone of four modules"
    small = zxingcpp.read_barcodes(np.asarray(Image.fromarray(pixels).resize((200, 200))))
    assert [one.text for one in small] == [link], "as small as on a shown screen"
    assert link in picture.caption
    assert "not clinically reviewed" in picture.caption
    assert utf16(picture.caption) <= 1024
    assert not set("<>&") & set(picture.caption)


def test_the_picture_of_another_case_has_another_key(conversation: Conversation, mine: Talk) -> None:
    other = begun(conversation).taps(*TWO_STEP[:-1], "a.steps.yes")
    keys = [attachment(talk.taps("go.hand", "go.share", "pic.qr")).key for talk in (mine, other)]

    assert keys[0] != keys[1]
    assert all(len(key) <= 64 for key in keys)


def test_without_the_name_of_the_bot_there_is_a_code_and_no_link(mine: Talk) -> None:
    talk = Talk(Conversation(), mine.session).forges("go.share")

    assert re.search(r"/start [A-Za-z0-9_-]{10,64}$", words(talk), re.MULTILINE)
    assert not any(button.url or button.copy for button in talk.buttons)
    before = talk.session
    assert talk.forges("pic.qr").session == before
    assert talk.notice == LABELS("notice.unknown-tap")


# Asking a senior


def questions(conversation: Conversation) -> Iterator[tuple[str, str, Answers]]:
    for headline in HEADLINES:
        for answers, _ in telling(headline, 6):
            yield headline, words(Talk(conversation, session_of(answers)).forges("go.senior")), answers


def test_a_senior_is_asked_in_two_sentences_and_a_question(conversation: Conversation) -> None:
    for headline, text, answers in questions(conversation):
        suggested, not_known, question, stamp, link = text.split("\n\n")
        found = STANDINGS.of(answers).found
        if headline == UNDETERMINED:
            assert "cannot say yet" in suggested
            assert all(LABELS(f"fact.{fact}") in not_known for fact in found.needed)
        else:
            name, not_covered = LABELS(f"headline.{headline}"), "net-g3-not-covered" in found.caveats
            assert f"has no route for well-differentiated G3; for G3 it suggests {name}, written" in suggested or (
                not not_covered and suggested.partition(" suggests")[2].partition(": ")[2].startswith(name)
            )
            for adjunct in {"consider-debulking", "transplant-for-hormones", "transplant-poor-outlook"} & set(
                found.adjuncts
            ):
                assert LABELS(f"adjunct.{adjunct}") in suggested
            if found.transplant:
                assert LABELS(f"transplant.{found.transplant.status}") in suggested
            weighing = {"fit_for_surgery", "carcinoid_heart_disease"}.intersection(found.could_add)
            assert all(LABELS(f"fact-name.{fact}") in not_known for fact in weighing)
            assert not found.could_add or not_known.startswith("Not known, and may still add: ")
            if found.changes:
                assert any(LABELS.changed(change) in not_known for change in found.changes)
            else:
                assert "No other single answer would change it" in not_known
        for caveat in found.caveats:
            assert LABELS(f"caveat.{caveat}") in suggested
        assert question.startswith("Question: ")
        assert question.count("?") == 1
        assert stamp.endswith(f"content {VERSION} · not clinically reviewed")
        assert link.startswith(f"https://t.me/{BOT}?start=")
        assert "  " not in text


def test_a_senior_is_told_of_a_poor_outlook_for_transplantation(conversation: Conversation) -> None:
    talk = Talk(conversation).says("start").types("G1, type III, fit, pancreatic primary, hepatomegaly, age 62")
    talk.taps(next(action for action in talk.actions if action.startswith("with.")), "all.symptoms.no")
    assert LABELS("adjunct.transplant-poor-outlook") in words(talk.forges("go.senior"))


def test_what_is_asked_is_plain_text_and_the_button_sends_the_same(conversation: Conversation) -> None:
    for _, _, answers in questions(conversation):
        talk = Talk(conversation, session_of(answers)).forges("go.senior")
        plain, entities = parse_html(talk.text)
        (forward,) = (button.url for button in talk.buttons if button.caption == LABELS("button.forward"))
        sent = parse_qs(urlsplit(forward).query)

        assert entities == []
        assert f"{sent['text'][0]}\n\n{sent['url'][0]}" == plain.replace("\u00a0", " ")
        assert len(forward) < 2048
        talk.taps("question")
        assert isinstance(talk.turn, Send)
        assert talk.turn.text.replace("\u00a0", " ") == plain.replace("\u00a0", " ")
        assert talk.turn.session.answers == answers


def test_what_would_change_the_answer_begins_with_the_last_turn_of_the_way(mine: Talk) -> None:
    text = words(mine.taps("go.hand", "go.senior"))

    assert "The answer would be one-step liver resection if clearable in one operation; " in text
    assert (
        text.split("\n\n")[2] == "Question: would you do the same, and is this certain: not clearable in one operation?"
    )


def test_a_session_of_an_older_release_is_read(conversation: Conversation) -> None:
    session = Session.from_json('[5,"2012.1",true,[["grade","G2"]],""]')

    assert (session.shared, session.answers) == ("", (("grade", "G2"),))


@pytest.mark.parametrize("seed", range(3))
def test_in_a_talk_at_random_a_link_changes_nothing_until_its_case_is_used_whole(
    conversation: Conversation, seed: int
) -> None:
    random = Random(seed)
    pool = {
        shared(conversation, answers): found for headline in HEADLINES for answers, found in telling(headline, 6)[:2]
    }
    talk = Talk(conversation).says("start")
    taken = 0
    for _ in range(250):
        before = talk.session
        if random.random() < 0.15:
            opens(talk, random.choice(list(pool)))
            assert talk.session.answers == before.answers
        elif random.random() < 0.1:
            talk.says(random.choice(("help", "start", "ask", "new", "practice")))
        else:
            taps = [a for a in talk.actions if a != "forget" and not a.startswith("report")] or ["now"]
            tap = "take" if "take" in taps and random.random() < 0.5 else random.choice(taps)
            talk.forges(tap)
            if tap == "take":
                taken += 1
                assert talk.place.found.case == pool[before.shared].case
            elif before.shared and talk.session.shared:
                assert talk.session.answers == before.answers
    assert taken > 3
