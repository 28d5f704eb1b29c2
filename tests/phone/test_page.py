"""The page in a real browser, in front of a real bot that polls the stand-in over HTTP."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import BrowserContext, expect

from phone.page import chat_id_of
from phone.telegram import Telegram
from tests.phone.browser import in_browser, phone, shot, start
from tests.phone.echo import LONG_LABEL

pytestmark = in_browser


@pytest.mark.usefixtures("bot")
async def test_an_empty_chat_shows_the_description_and_start(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")

    await expect(page.get_by_text("It says what you say.")).to_be_visible()
    await expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    await shot(page, "empty-360")

    await start(page)
    await expect(page.get_by_text("It says what you say.")).to_be_hidden()
    await shot(page, "start-360")


@pytest.mark.usefixtures("bot")
async def test_formatting_is_shown_and_text_is_never_taken_for_html(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna", 412, 915)
    await start(page)

    await expect(page.locator(".words b")).to_have_text("Echo")
    await expect(page.locator(".words").last).to_contain_text("<you>")
    await expect(page.locator(".words a")).to_have_attribute("href", "https://example.org/")
    await page.get_by_label("Message", exact=True).fill("<img src=x onerror=alert(1)> <b>no</b>")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".words").last).to_have_text("You said <img src=x onerror=alert(1)> <b>no</b>")
    assert await page.locator(".words img").count() == 0
    await shot(page, "typed-412")


@pytest.mark.usefixtures("bot")
async def test_a_long_quotation_opens_on_a_tap_and_by_key(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    quote, button = page.locator(".folds"), page.get_by_role("button", name="The whole quotation")
    closed = await quote.evaluate("quote => quote.offsetHeight")

    await quote.click()
    await expect(button).to_have_attribute("aria-expanded", "true")
    opened = await quote.evaluate("quote => quote.offsetHeight")
    await button.press("Enter")

    await expect(button).to_have_attribute("aria-expanded", "false")
    assert await quote.evaluate("quote => quote.offsetHeight") == closed
    assert opened > closed * 1.5


@pytest.mark.usefixtures("bot")
async def test_a_label_that_does_not_fit_is_cut_on_one_line(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)

    label = page.get_by_text(LONG_LABEL)
    assert await label.evaluate("label => label.scrollWidth > label.clientWidth")
    assert await label.evaluate("label => getComputedStyle(label).textOverflow") == "ellipsis"
    keys = await page.locator(".key").evaluate_all("keys => keys.map(key => key.offsetHeight)")
    assert set(keys) == {40}


@pytest.mark.usefixtures("bot")
async def test_an_edit_happens_in_place_and_keeps_the_focus(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    before = await page.locator(".message").count()

    await page.get_by_role("button", name="Edit", exact=True).press("Enter")

    await expect(page.locator(".words").last).to_have_text("Edited in place.")
    await expect(page.locator(".when").last).to_contain_text("edited")
    await expect(page.get_by_role("button", name="Edit", exact=True)).to_be_focused()
    assert await page.locator(".message").count() == before
    await shot(page, "edited-360")


@pytest.mark.usefixtures("bot")
async def test_a_message_taller_than_the_phone_shows_its_top(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)

    await page.get_by_role("button", name="Tall").click()

    await expect(page.locator(".words").last).to_contain_text("Top")
    top = await page.locator(".message").last.evaluate("item => item.getBoundingClientRect().top")
    under = await page.locator("header").evaluate("bar => bar.getBoundingClientRect().bottom")
    assert under <= top <= under + 16
    await shot(page, "tall-360")


@pytest.mark.usefixtures("bot")
async def test_answers_to_taps_are_toasts_or_alerts(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna", 412, 915)
    await start(page)

    await page.get_by_role("button", name="Toast").click()
    await expect(page.get_by_role("status")).to_have_text("A toast.")
    await shot(page, "toast-412")

    await page.get_by_role("button", name="Alert").click()
    await expect(page.get_by_role("dialog")).to_contain_text("An alert.")
    await shot(page, "alert-412")
    await page.get_by_role("button", name="OK").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_tapped_button_spins_until_it_is_answered(
    browser: BrowserContext, address: str, telegram: Telegram
) -> None:
    page = await phone(browser, address, "anna")
    chat = chat_id_of("anna")
    telegram.phones.say(chat, "/start")
    markup = {"inline_keyboard": [[{"text": "Slow", "callback_data": "slow"}]]}
    telegram.call("sendMessage", {"chat_id": chat, "text": "Tap.", "reply_markup": markup})
    slow = page.get_by_role("button", name="Slow")

    await slow.click()
    await expect(slow).to_have_attribute("aria-busy", "true")
    (query,) = telegram.phones.chat(chat).waiting
    telegram.call("answerCallbackQuery", {"callback_query_id": query})

    await expect(slow).to_have_attribute("aria-busy", "false")


@pytest.mark.usefixtures("bot")
async def test_a_copy_button_copies(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await start(page)

    await page.get_by_role("button", name="Copy").click()

    await expect(page.get_by_role("status")).to_have_text("Copied to clipboard.")
    assert await page.evaluate("navigator.clipboard.readText()") == "copied text"


@pytest.mark.usefixtures("bot")
async def test_a_button_with_an_address_opens_it_beside_the_chat(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await page.context.route("https://paper.example/**", lambda route: route.fulfill(body="the paper"))
    await start(page)

    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Paper").click()

    paper = await opened.value
    await expect(paper.locator("body")).to_have_text("the paper")
    assert paper.url == "https://paper.example/1"
    await paper.close()


@pytest.mark.usefixtures("bot")
async def test_the_menu_lists_the_commands_and_sends_them(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)

    await page.get_by_role("button", name="Menu").click()
    await shot(page, "menu-360")
    await page.get_by_role("button", name="/help What works here").click()

    await expect(page.locator(".mine").last).to_contain_text("/help")
    await expect(page.locator("#commands")).to_be_hidden()


@pytest.mark.usefixtures("bot")
async def test_what_is_typed_closes_the_menu_and_has_its_room(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await start(page)
    menu, typed = page.get_by_role("button", name="Menu"), page.get_by_label("Message", exact=True)
    await menu.click()
    await expect(page.locator("#commands")).to_be_visible()

    await typed.fill("rfa")

    await expect(page.locator("#commands")).to_be_hidden()
    await expect(menu).to_be_hidden()
    await typed.fill("")
    await expect(menu).to_be_visible()


@pytest.mark.usefixtures("bot")
async def test_two_chats_at_once_do_not_see_each_other(browser: BrowserContext, address: str) -> None:
    anna, ben = await asyncio.gather(phone(browser, address, "anna"), phone(browser, address, "ben", 1280, 800))
    await asyncio.gather(start(anna), start(ben))

    await anna.get_by_label("Message", exact=True).fill("from anna")
    await anna.get_by_label("Message", exact=True).press("Enter")

    await expect(anna.locator(".words").last).to_have_text("You said from anna")
    assert await ben.locator(".message").count() == 2
    await shot(ben, "desktop-1280")


async def test_a_tab_without_a_name_gets_its_own(browser: BrowserContext, address: str) -> None:
    first, second = await phone(browser, address), await phone(browser, address)

    assert "?chat=" in first.url
    assert first.url != second.url


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("width", [320, 360, 412])
async def test_nothing_is_wider_than_the_phone(browser: BrowserContext, address: str, width: int) -> None:
    page = await phone(browser, address, "anna", width)
    await start(page)

    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await page.locator("#talk").evaluate("talk => talk.scrollWidth <= talk.clientWidth")


@pytest.mark.usefixtures("bot")
async def test_it_has_a_dark_side(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    light = await page.evaluate("getComputedStyle(document.querySelector('.phone')).backgroundColor")

    await page.emulate_media(color_scheme="dark")

    assert await page.evaluate("getComputedStyle(document.querySelector('.phone')).backgroundColor") != light
    await start(page)
    await shot(page, "dark-360")
