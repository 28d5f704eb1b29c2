"""A quiz poll on the page, answered by tap and by key, in front of the bot itself and of the stand-in alone."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from phone.page import chat_id_of
from phone.telegram import Telegram
from tests.phone.browser import in_browser, phone, shot

pytestmark = in_browser

QUIZ: dict[str, Any] = {
    "question": "Which grade do these counts give?",
    "options": ["G1", "G2", "G3", "Not settled by these counts"],
    "type": "quiz",
    "is_anonymous": False,
    "correct_option_ids": [1],
    "explanation": "The higher of the two counts decides.",
}


async def asked(browser: BrowserContext, address: str, telegram: Telegram, name: str = "anna") -> Page:
    page = await phone(browser, address, name)
    chat = chat_id_of(name)
    telegram.phones.say(chat, "/practice")
    telegram.call("sendMessage", {"chat_id": chat, "text": "A letter. " * 30})
    telegram.call("sendPoll", {"chat_id": chat, **QUIZ})
    await expect(page.get_by_role("group", name=QUIZ["question"])).to_be_visible()
    return page


async def test_a_wrong_answer_is_told_in_words_with_its_explanation_open(
    browser: BrowserContext, address: str, telegram: Telegram
) -> None:
    page = await asked(browser, address, telegram)
    poll = page.get_by_role("group", name=QUIZ["question"])
    await expect(poll.get_by_role("button")).to_have_count(4)
    await expect(poll.get_by_text(QUIZ["explanation"])).to_have_count(0)
    await shot(page, "poll-360")

    await poll.get_by_role("button", name="G3").click()

    await expect(poll.get_by_text("Wrong, your answer")).to_be_visible()
    await expect(poll.get_by_text("The right answer")).to_be_visible()
    await expect(poll.locator(".option.right")).to_contain_text("✓G2")
    await expect(poll.locator(".option.wrong")).to_contain_text("✗G3")
    await expect(poll.get_by_text(QUIZ["explanation"])).to_be_visible()
    await expect(poll.get_by_role("button")).to_have_count(0)
    await expect(page.locator("#said")).to_contain_text("Wrong. The right answer: G2.")
    await shot(page, "poll-wrong-360")
    (update,) = [update for update in telegram.phones.pending if "poll_answer" in update]
    assert update["poll_answer"]["option_ids"] == [2]


async def test_it_is_answered_by_key_alone_and_the_focus_stays(
    browser: BrowserContext, address: str, telegram: Telegram
) -> None:
    page = await asked(browser, address, telegram)
    first = page.get_by_role("button", name="G1")
    await page.get_by_role("region", name="Chat").focus()
    await page.keyboard.press("Tab")
    await expect(first).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    poll = page.get_by_role("group", name=QUIZ["question"])
    await expect(poll.get_by_text("Right, your answer")).to_be_visible()
    await expect(poll.locator(".option.right")).to_be_focused()
    await expect(poll.get_by_text(QUIZ["explanation"])).to_be_hidden()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(poll.get_by_text(QUIZ["explanation"])).to_be_visible()
    await shot(page, "poll-right-360")


async def test_two_taps_are_one_answer(browser: BrowserContext, address: str, telegram: Telegram) -> None:
    page = await asked(browser, address, telegram)

    await page.get_by_role("button", name="G3").dblclick()
    await expect(page.get_by_text("Wrong, your answer")).to_be_visible()
    await asyncio.sleep(0.2)

    assert len([update for update in telegram.phones.pending if "poll_answer" in update]) == 1


async def test_no_option_is_wider_than_the_phone(browser: BrowserContext, address: str, telegram: Telegram) -> None:
    page = await phone(browser, address, "anna", 320)
    chat = chat_id_of("anna")
    telegram.phones.say(chat, "/practice")
    options = ["word " * 19 + str(n) for n in range(4)]
    telegram.call("sendPoll", {"chat_id": chat, **QUIZ, "question": "long " * 59, "options": options})
    await expect(page.get_by_role("button", name="word")).to_have_count(4)

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sides = await page.locator(".option").evaluate_all("rows => rows.map(row => row.scrollWidth > row.clientWidth)")
    assert sides == [False] * 4
    await page.get_by_role("button", name=options[0]).click()
    await expect(page.get_by_text("Wrong, your answer")).to_be_visible()
    await shot(page, "poll-long-320")
