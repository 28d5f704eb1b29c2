"""The stand-in, and a browser in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from phone.telegram import Telegram
from tests.phone.browser import CHROMIUM, FLAGS
from tests.phone.echo import echoing
from tests.support.phone import served


@pytest.fixture
def telegram() -> Telegram:
    """A stand-in whose clock stands still."""
    return Telegram(now=lambda: 1_000_000.0)


@pytest_asyncio.fixture(loop_scope="module")
async def address(telegram: Telegram) -> AsyncIterator[str]:
    """Where `telegram` is served."""
    async with served(telegram) as where:
        yield where


@pytest_asyncio.fixture(loop_scope="module")
async def bot(telegram: Telegram, address: str) -> AsyncIterator[None]:
    """The echo bot, polling."""
    async with echoing(telegram.token, address):
        yield


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh profile."""
    context = await chromium.new_context()
    yield context
    await context.close()
