"""Start and return: what it does in a line, an example case to walk, and an open case by name and age."""

from __future__ import annotations

import re

import pytest

from dialogs.cards import EXAMPLE_TAPS
from dialogs.conversation import COMMANDS, Command, Conversation, Tap, Typed
from dialogs.labels import Labels
from dialogs.session import Session
from dialogs.view import Show
from phone.entities import parse_html
from tests.dialogs.test_every_screen import check_form
from tests.support.walk import Talk, begun, wordless

LABELS = Labels()
OPEN = ("a.grade.G1", "a.pattern.II", "t.p-fit", "t.p-fit", "all.prerequisites.shown")


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation()


def back_after(conversation: Conversation, session: Session, minutes: int, event: Command | Typed | Tap) -> list[str]:
    """The lines that somebody reads who comes back after so many minutes."""
    turn = conversation.respond(session, event, minutes)
    assert isinstance(turn, Show)
    check_form(turn.screen)
    return parse_html(turn.screen.text)[0].splitlines()


def test_the_first_line_says_what_the_bot_does(conversation: Conversation) -> None:
    gate, home = Talk(conversation).says("start"), begun(conversation).says("start")
    first = parse_html(gate.text)[0].splitlines()[0]
    assert "suggests for neuroendocrine liver metastases, step by step" in first
    assert "§ is a section of that review" in first
    assert "about 4 steps" in parse_html(home.text)[0].splitlines()[0]
    for talk in (gate, home):
        assert "Never type patient details" in talk.text
        assert {"look", "example"} <= set(talk.actions)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1 minute ago"), (20, "20 minutes ago"), (59, "59 minutes ago"), (60, "1 hour ago"), (119, "1 hour ago"),
     (1439, "23 hours ago"), (1440, "1 day ago"), (4400, "3 days ago")],
)  # fmt: skip
@pytest.mark.parametrize("event", [Command("start"), Typed("hi")])
def test_who_comes_back_finds_the_open_case_named_with_its_age(
    conversation: Conversation, minutes: int, said: str, event: Command | Typed
) -> None:
    session = begun(conversation).taps(*OPEN[:2]).session
    lines = back_after(conversation, session, minutes, event)
    assert lines[:2] == ["Open case: G1 · Type II", f"You were last here {said}."]


def test_an_open_case_with_a_result_is_named_by_what_decides(conversation: Conversation) -> None:
    talk = begun(conversation).taps(*OPEN[:2])
    while "t.p-fit" in talk.actions and "no" not in next(b.caption for b in talk.buttons if b.action == "t.p-fit"):
        talk.taps("t.p-fit")
    talk.taps("all.prerequisites.shown")
    assert talk.headline == "ablation-embolisation"
    lines = back_after(conversation, talk.session, 20, Command("start"))
    assert lines[:2] == ["Open case: G1 · Type II · not fit for surgery", "You were last here 20 minutes ago."]


@pytest.mark.parametrize(
    ("taps", "said"),
    [
        (("a.grade.G2",), "Open question: Pattern"),
        (("a.grade.G3",), "Open question: Differentiation"),
        (("a.grade.G2", "a.pattern.III", "all.symptoms.no"), "Now: multimodal non-surgical treatment"),
        (("a.grade.unknown", "a.pattern.III", "all.symptoms.no"), "Now: cannot say yet"),
        (
            ("a.grade.G3", "a.differentiation.well"),
            "Now: no route for well-differentiated G3 (for G3 carcinoma: systemic chemotherapy)",
        ),
    ],
)
def test_who_comes_back_reads_what_the_case_comes_to_or_is_asked(
    conversation: Conversation, taps: tuple[str, ...], said: str
) -> None:
    session = begun(conversation).taps(*taps).session
    for minutes, line in ((20, 2), (0, 1)):
        assert back_after(conversation, session, minutes, Command("start"))[line] == said
    again = begun(conversation).taps(*taps, *(["go.change", "e.grade"] if said.startswith("Now") else [])).session
    assert back_after(conversation, again, 0, Command("start"))[1] == said


def test_within_a_minute_and_without_a_case_no_age_is_said(conversation: Conversation) -> None:
    open_, none = begun(conversation).taps("a.grade.unknown"), begun(conversation)
    assert back_after(conversation, open_.session, 0, Command("start"))[0] == "Open case: nothing known yet"
    for session, minutes in ((open_.session, 0), (none.session, 20)):
        assert "ago" not in "\n".join(back_after(conversation, session, minutes, Command("start")))


def test_the_age_is_said_of_nothing_but_the_start_and_changes_nothing_else(conversation: Conversation) -> None:
    session = begun(conversation).taps("a.grade.G1").session
    for event in (Tap("a.pattern.II"), Command("help"), Command("ask"), Typed("5"), Tap("now")):
        assert conversation.respond(session, event, 20) == conversation.respond(session, event)


def test_after_the_age_was_said_the_same_start_without_it_is_shown_anew(conversation: Conversation) -> None:
    session = begun(conversation).taps("a.grade.G1").session
    texts = [back_after(conversation, session, minutes, Command("start")) for minutes in (20, 0, 21, 20)]
    assert texts[0] == texts[3]
    assert len({tuple(text) for text in texts}) == 3


def test_the_example_is_walked_by_the_buttons_it_names_and_ends_where_it_says(conversation: Conversation) -> None:
    talk = begun(conversation).says("start").taps("example")
    check_form(talk.screen)
    text = parse_html(talk.text)[0]
    assert all(f"“{LABELS(path)}”" in text for path in EXAMPLE_TAPS)
    assert LABELS("headline.resection-two-step") in text.splitlines()[0]
    assert "made up" in text.splitlines()[0]

    (answer,) = [action for action in talk.actions if action.startswith("use.")]
    at_once = Talk(conversation, talk.session).forges(answer)
    talk.taps("new")
    for path in EXAMPLE_TAPS:
        (action,) = [button.action for button in talk.buttons if button.caption == LABELS(path)]
        talk.taps(action)
    assert talk.headline == at_once.headline == "resection-two-step"


def test_the_line_of_the_example_can_be_typed_and_is_read_whole(conversation: Conversation) -> None:
    talk = begun(conversation).says("start").types(LABELS("example.line"))
    assert "Not understood" not in talk.text
    assert "not clear" not in talk.text
    (use,) = [action for action in talk.actions if action.startswith("use.")]
    assert talk.taps(use).headline == "resection-two-step"


def test_before_the_gate_the_example_can_be_read_and_not_begun(conversation: Conversation) -> None:
    talk = Talk(conversation).says("start").taps("example")
    assert set(talk.actions) == {"begin", "home"}


def test_the_example_never_takes_the_place_of_an_open_case(conversation: Conversation) -> None:
    talk = begun(conversation).taps("a.grade.G1").says("start")
    assert "example" not in talk.actions
    before = talk.session
    talk.forges("example")
    assert talk.actions == ["now"]
    assert "Your own case is open and stays as it is" in talk.text
    assert talk.taps("now").session == before


@pytest.mark.parametrize("asked", ["/practice", "practice"])
def test_practice_asked_before_the_gate_is_what_lies_behind_it(asked: str) -> None:
    talk = Talk(wordless()).says("start")
    talk = talk.says("practice") if asked.startswith("/") else talk.types(asked)
    assert not talk.session.accepted
    talk.taps("begin-quiz")

    assert talk.session.accepted
    assert talk.text == "practice/menu"
    assert not talk.place.in_case


ANSWERS = {
    "start": "about 4 steps to what a 2012 review suggests",
    "new": "Step 1",
    "ask": "tap a topic, or type a few words",
    "practice": "A letter about a made-up case, and a quiz",
    "help": "walks you through what a 2012 review suggests",
    "about": "educational reading of one 2012 review, not clinically reviewed",
    "privacy": "your answers are kept, typed figures",
    "forget": "Everything kept about this chat is deleted",
    "cancel": "about 4 steps",
    "settings": "There is nothing to set",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_first_line_of_every_command_is_its_answer_and_it_fits_a_screen(
    conversation: Conversation, name: str
) -> None:
    talk = begun(conversation).says("start").says(name)
    lines = parse_html(re.sub(r"<blockquote expandable>.*?</blockquote>", "\n\n", talk.text, flags=re.DOTALL))[0]
    assert ANSWERS[name] in lines.splitlines()[0]
    wrapped = sum(len(line) // 36 + 1 for line in lines.splitlines())
    assert 20 * wrapped + 44 * len(talk.screen.rows) <= 760


def test_no_case_open_is_said_where_one_was_to_be_ended(conversation: Conversation) -> None:
    assert begun(conversation).says("start").says("cancel").notice == LABELS("notice.no-case")
