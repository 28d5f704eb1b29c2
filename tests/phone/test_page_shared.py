"""A case handed from phone to phone on the page: the link, its picture, before and after the gate."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest_asyncio
import zxingcpp
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from bot.app import build_application
from bot.running import polling
from bot.settings import Settings
from bot.store import Seal, SessionStore, engine_for
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from phone.telegram import Telegram
from tests.phone.browser import in_browser, phone, shot
from tests.support.asked import ASKS_PATTERN

pytestmark = in_browser
LABELS = Labels()
TWO_STEP = (
    "option.grade.G2",
    "option.pattern.II",
    "sweep.prerequisites.all",
    "alone.s-carcinoid.no",
    "option.steps.no",
    "button.hand",
    "button.share",
)


@pytest_asyncio.fixture(loop_scope="module")
async def guide(telegram: Telegram, address: str, tmp_path: Path) -> AsyncIterator[None]:
    """The bot, polling the stand-in."""
    settings = Settings(
        bot_token=telegram.token, bot_api_url=address, database_url=f"sqlite:///{tmp_path / 's.sqlite3'}"
    )
    store = SessionStore(engine_for(settings.database_url, settings.retention_hours), Seal(settings.bot_token))
    async with polling(build_application(settings, Conversation(), store)):
        yield


async def tap(page: Page, *labels: str) -> None:
    for label in labels:
        await page.locator(".message").last.get_by_role("button", name=LABELS(label), exact=True).click()


async def begin(page: Page, caption: str) -> None:
    await page.get_by_role("button", name="START").click()
    await tap(page, caption)


async def sees(page: Page, words: str) -> None:
    await expect(page.locator(".words").last).to_contain_text(words)


async def shares(browser: BrowserContext, address: str) -> Page:
    """The phone of who shares a two-step resection, with the link on the screen."""
    page = await phone(browser, address, "anna")
    await begin(page, "button.begin")
    await tap(page, *TWO_STEP)
    await sees(page, "https://t.me/")
    return page


async def test_the_link_leads_from_a_fresh_chat_through_the_gate_to_the_case(
    browser: BrowserContext, address: str, guide: None
) -> None:
    page = await shares(browser, address)
    await shot(page, "share-360")
    async with browser.expect_page() as opening:
        await page.locator(".words a").last.click()
    other = await opening.value
    await other.set_viewport_size({"width": 360, "height": 740})

    await begin(other, "button.begin-shared")
    await sees(other, "A case shared with you")
    await sees(other, "G2 · Type II · prerequisites met")
    await shot(other, "shared-360")
    await tap(other, "button.take")

    await sees(other, "liver resection in two steps")


async def test_the_link_behind_the_gate_leaves_an_open_case_until_it_is_used(
    browser: BrowserContext, address: str, guide: None
) -> None:
    page = await shares(browser, address)
    link = await page.locator(".words a").last.inner_text()
    other = await phone(browser, address, "bert")
    await begin(other, "button.begin")
    await tap(other, "option.grade.G1")

    await other.goto(f"{address}/?chat=bert&start={link.partition('=')[2]}")
    await other.get_by_role("button", name="START").click()
    await sees(other, "It would replace your open case: G1.")
    await shot(other, "shared-open-case-360")
    await expect(other.get_by_label("Message", exact=True)).to_be_visible()
    await tap(other, "button.keep-mine")

    await sees(other, ASKS_PATTERN)


async def test_a_damaged_link_says_so_on_the_phone(browser: BrowserContext, address: str, guide: None) -> None:
    page = await phone(browser, address)
    await page.goto(f"{page.url}&start=G3GyXAAiAAAAYAAJZayrEfR")
    await page.get_by_role("button", name="START").click()

    await sees(page, LABELS("unreadable.damaged"))


async def test_the_picture_is_read_off_the_screen_of_a_phone(
    browser: BrowserContext, address: str, guide: None
) -> None:
    page = await shares(browser, address)
    link = await page.locator(".words a").last.inner_text()
    await tap(page, "button.qr")
    picture = page.locator(".photo img")
    await expect(picture).to_be_visible()
    await shot(page, "qr-360")

    with Image.open(io.BytesIO(await picture.screenshot())) as image:
        found = zxingcpp.read_barcodes(np.asarray(image.convert("L")))

    assert [one.text for one in found] == [link]

    await page.get_by_role("button", name="Open the photo").click()
    opened = page.get_by_role("dialog").get_by_role("img")
    await expect(page.get_by_role("button", name="Larger")).to_be_hidden()
    with Image.open(io.BytesIO(await page.screenshot())) as image:
        found = zxingcpp.read_barcodes(np.asarray(image.convert("L")))

    assert await opened.evaluate("full => full.offsetWidth") == 360
    assert [one.text for one in found] == [link]
