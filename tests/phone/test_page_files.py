"""Photos and documents on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from tests.phone.browser import in_browser, phone, shot, start
from tests.phone.echo import PDF

pytestmark = [*in_browser, pytest.mark.usefixtures("bot")]


async def test_a_photo_comes_with_its_caption_and_opens_whole(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)

    await page.get_by_role("button", name="Photo").click()

    picture = page.get_by_role("button", name="Open the photo")
    await expect(picture).to_be_visible()
    await page.wait_for_function("document.querySelector('.bubble img').naturalWidth === 1080")
    await expect(page.locator(".words").last).to_have_text("A caption")
    assert await picture.evaluate("picture => picture.offsetWidth") < 360
    await shot(page, "photo-360")

    await picture.click()
    full = page.get_by_role("dialog").get_by_role("img", name="A caption")
    assert await full.evaluate("full => [full.x, full.offsetWidth]") == [0, 360]
    await shot(page, "photo-whole-360")
    larger = page.get_by_role("button", name="Larger")
    await larger.click()
    assert await full.evaluate("full => full.offsetWidth") == 900
    await shot(page, "photo-larger-360")
    await larger.click()
    assert await full.evaluate("full => full.offsetWidth") == 360
    await page.get_by_role("button", name="Close").click()
    await expect(full).to_be_hidden()


async def test_a_photo_grows_where_it_is_tapped(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    await page.get_by_role("button", name="Photo").click()
    await page.get_by_role("button", name="Open the photo").click()
    full = page.get_by_role("dialog").get_by_role("img")
    await expect(page.get_by_role("button", name="Larger")).to_be_visible()
    before = await full.bounding_box()
    assert before
    x, y = before["x"] + 0.7 * before["width"], before["y"] + 0.5 * before["height"]

    await page.mouse.click(x, y)

    after = await full.bounding_box()
    assert after
    assert after["width"] == 900
    assert after["x"] + 0.7 * after["width"] == pytest.approx(x, abs=1)
    assert after["y"] + 0.5 * after["height"] == pytest.approx(y, abs=1)


async def test_a_photo_that_does_not_load_opens_and_cannot_be_made_larger(
    browser: BrowserContext, address: str
) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    await page.get_by_role("button", name="Photo").click()
    await page.get_by_role("button", name="Open the photo").click()
    await expect(page.get_by_role("button", name="Larger")).to_be_visible()
    await page.get_by_role("button", name="Close").click()
    await page.locator(".bubble img").evaluate("image => { image.src = 'files/none'; }")
    await page.get_by_role("button", name="Open the photo").dispatch_event("click")

    await expect(page.get_by_role("button", name="Close")).to_be_visible()
    await expect(page.get_by_role("button", name="Larger")).to_be_hidden()


async def test_a_document_has_name_and_size_and_can_be_saved(
    browser: BrowserContext, address: str, tmp_path: Path
) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    await page.get_by_role("button", name="Document").click()

    document = page.get_by_role("link", name="card é.pdf 2.0 KB")
    await expect(document).to_be_visible()
    await expect(page.locator(".words").last).to_have_text("For the pocket")
    await shot(page, "document-360")
    async with page.expect_download() as saving:
        await document.click()

    saved = await saving.value
    assert saved.suggested_filename == "card é.pdf"
    await saved.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == PDF
