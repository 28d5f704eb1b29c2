"""The fixed pages: what they have to say of the bot, within one screen of a phone."""

from __future__ import annotations

import re
from textwrap import wrap

import pytest

from dialogs.conversation import COMMANDS, About, Conversation
from dialogs.labels import Labels
from guideline import evidence
from phone.entities import parse_html
from tests.support.walk import Talk

STAMP = evidence().stamp
LABELS = Labels()


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation(About(retention_hours=7, owner_contact="the ward's pharmacy"))


def page(conversation: Conversation, name: str) -> str:
    return parse_html(Talk(conversation).says(name).text)[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_menu_does_something(conversation: Conversation, name: str) -> None:
    talk = Talk(conversation).says("start").taps("begin").says(name)
    assert talk.notice != LABELS("notice.unknown-command")


@pytest.mark.parametrize("name", ["about", "privacy", "settings"])
def test_a_page_is_one_screen_of_a_phone(conversation: Conversation, name: str) -> None:
    text = re.sub(r"<blockquote expandable>.*</blockquote>", "1\n2\n3", Talk(conversation).says(name).text, flags=re.S)
    lines = [len(wrap(line, 35)) or 1 for line in parse_html(text)[0].splitlines()]  # of a quotation three are shown
    assert sum(lines) <= 33  # a phone of 412 × 915 points, with two rows of buttons


def test_the_start_says_for_whom_it_is_not(conversation: Conversation) -> None:
    for name in ("start", "about"):
        assert "Not for emergencies" in page(conversation, name)
    assert "not for patients, not clinically reviewed" in page(conversation, "start")


@pytest.mark.parametrize(
    "said",
    [
        "Intended use: reference for clinicians in training", "Not for emergencies, patients, children",
        "The MDT and the senior decide", "Limits: ", f"Version: content {STAMP.version}", "Reviewed by: nobody yet",
        "Funding and interests: none", "To report a problem: last on a card, or under More",
        "nothing else",
        "the ward's pharmacy", STAMP.review, STAMP.doi, STAMP.license, "newer sources last checked: 2026-11-26",
    ],
)  # fmt: skip
def test_about_says_what_it_is_for_its_limits_its_version_its_makers_and_where_to_report(
    conversation: Conversation, said: str
) -> None:
    assert said in page(conversation, "about")


def test_about_opens_the_review_and_no_other_page_opens_anything(conversation: Conversation) -> None:
    for name in ("about", "privacy", "settings", "help", "start"):
        opened = [(button.caption, button.url) for button in Talk(conversation).says(name).buttons if button.url]
        assert opened == ([("Open the paper", f"https://doi.org/{STAMP.doi}")] if name == "about" else []), name


@pytest.mark.parametrize(
    "said",
    [
        "your answers are kept, typed figures (a Ki-67, an age) among them. No other text you type is.",
        "No name, no picture", "your last 20 updates",
        "encrypted with a key that is not in the database", "keyed hash of this chat's number",
        "7 hours after the last tap", "/forget", "when you block the bot",
        "A report of a problem holds the card's name and the content version, nothing else",
        "put the decision in the record", "the ward's pharmacy",
    ],
)  # fmt: skip
def test_privacy_says_what_is_kept_how_and_until_when(conversation: Conversation, said: str) -> None:
    assert said in page(conversation, "privacy")


def test_settings_say_that_there_are_none_and_when_a_case_is_deleted(conversation: Conversation) -> None:
    text = page(conversation, "settings")
    assert "nothing to set" in text
    assert "encrypted" in text
    assert "7 hours" in text


def test_a_bot_whose_owner_left_no_address_names_none() -> None:
    for name in ("about", "privacy"):
        assert "Contact" not in page(Conversation(), name)
