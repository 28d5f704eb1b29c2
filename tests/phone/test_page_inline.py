"""Inline mode on the page: results while the question is typed."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, expect

from tests.phone.browser import in_browser, phone, shot, start

pytestmark = [*in_browser, pytest.mark.usefixtures("bot")]
NAME = "@nen_lm_guide_bot"


async def test_a_result_that_is_tapped_is_sent_to_the_chat(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    typed, results = page.get_by_label("Message", exact=True), page.get_by_role("list", name="Results")

    await typed.press_sequentially(f"{NAME} milan")
    await expect(results.get_by_role("button")).to_have_text(["About milan" + "What it says. " * 20, "Another"])
    await shot(page, "inline-360")
    await results.get_by_role("button", name="About milan").click()

    await expect(page.locator(".mine .words").last).to_have_text("Card on milan")
    await expect(page.locator(".mine .words b").last).to_have_text("Card")
    await expect(page.locator(".mine .via").last).to_have_text(f"via {NAME}")
    await expect(typed).to_have_value("")
    await expect(results).to_be_hidden()
    await shot(page, "inline-sent-360")


async def test_where_nothing_is_found_a_button_leads_to_the_bot(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)

    await page.get_by_label("Message", exact=True).fill(f"{NAME} nothing")
    await page.get_by_role("button", name="Nothing on that").click()

    await expect(page.locator(".mine .words").last).to_have_text("/start ask")


async def test_a_question_behind_the_name_is_not_sent_as_a_message(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    typed = page.get_by_label("Message", exact=True)
    await typed.fill(f"{NAME} milan")
    await expect(page.get_by_role("button", name="Another")).to_be_visible()
    before = await page.locator(".message").count()

    await typed.press("Enter")
    await typed.fill("plain")

    await expect(page.get_by_role("button", name="Another")).to_be_hidden()
    await typed.press("Enter")
    await expect(page.locator(".words").last).to_have_text("You said plain")
    assert await page.locator(".message").count() == before + 2
