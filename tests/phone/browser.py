"""The page in a real browser. Pictures of it go to the folder that PHONE_SHOTS names."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = os.environ.get("PHONE_SHOTS")  # a folder for pictures of the page

expect.set_options(timeout=10_000)  # ms; both cores may be busy with other tests

in_browser = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),  # one browser for all
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium, chromium-browser or google-chrome here"),
]


async def phone(browser: BrowserContext, address: str, name: str = "", width: int = 360, height: int = 740) -> Page:
    """A phone of that many points that shows the chat; it fails on an error of the page."""
    page = await browser.new_page()
    await page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    await page.goto(f"{address}/?chat={name}" if name else address)
    return page


async def shot(page: Page, name: str) -> None:
    """A picture of the page, where they are wanted."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def start(page: Page) -> None:
    """Tap START and wait for the bot."""
    await page.get_by_role("button", name="START").click()
    await expect(page.get_by_role("button", name="Edit", exact=True)).to_be_visible()
