"""The phone page by keyboard, by screen reader, and with large text; the bot itself answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, expect

from bot.app import build_application
from bot.network import request_without_environment
from bot.running import polling
from bot.settings import Settings
from bot.store import Seal, SessionStore, engine_for
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from phone.page import chat_id_of
from phone.telegram import Telegram
from tests.phone.browser import in_browser, phone, shot
from tests.phone.echo import echoing
from tests.phone.test_page_polls import QUIZ
from tests.support.asked import ASKS_GRADE, ASKS_PATTERN, asks
from tests.support.thresholds import RFA_UNSUITABLE

pytestmark = in_browser

LABELS = Labels()
FOLDED = '<blockquote expandable>{}<a href="https://paper.example/1">the paper</a></blockquote>'.format("A line.\n" * 9)
PATH = (
    ("button.begin", ASKS_GRADE),
    ("option.grade.G2", ASKS_PATTERN),
    ("option.pattern.II", asks("prerequisites")),
    ("sweep.prerequisites.all", "Is there carcinoid syndrome?"),
    ("alone.s-carcinoid.no", "in one operation"),
    ("option.steps.no", "The source suggests: "),
    ("button.why", "What the review says there"),
)
"""Buttons from the gate to a result and behind it, each with words of the screen that it leads to."""


@pytest_asyncio.fixture(loop_scope="module")
async def guide(telegram: Telegram, address: str, tmp_path: Path) -> AsyncIterator[None]:
    """The bot, polling."""
    url = f"sqlite:///{tmp_path / 'cases.sqlite3'}"
    settings = Settings(bot_token=telegram.token, bot_api_url=address, database_url=url)
    store = SessionStore(engine_for(url, settings.retention_hours), Seal(telegram.token))
    async with polling(build_application(settings, Conversation(), store, request_without_environment())):
        yield


@pytest_asyncio.fixture(loop_scope="module")
async def echo(telegram: Telegram, address: str) -> AsyncIterator[None]:
    """A bot that shows what a page must be able to show."""
    async with echoing(telegram.token, address):
        yield


async def faults(page: Page) -> list[str]:
    """What axe finds, each with the first place."""
    found = await Axe().run(page)
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html']}" for v in found.response["violations"]]


async def focused(page: Page) -> str:
    """What has the focus, by its name; empty where nothing has."""
    name = "node => node === document.body ? '' : node.ariaLabel || node.innerText || node.id"
    return str(await page.evaluate(f"({name})(document.activeElement)")).strip()


async def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until what goes by that name has the focus; it has to come within `most` stops."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await focused(page) == name:
            return
    raise AssertionError(f"Tab does not come to {name!r}")


async def larger(page: Page, size: int) -> None:
    """Set the size of the browser's letters, which is 16 by default."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
    await page.wait_for_function("size => getComputedStyle(document.body).fontSize === size", arg=f"{size}px")


@pytest.mark.usefixtures("echo")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_screen_reader_can_use_all_that_the_page_shows(
    browser: BrowserContext, address: str, telegram: Telegram, scheme: str
) -> None:
    page = await phone(browser, address, "anna")
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert await faults(page) == []
    await page.get_by_role("button", name="START").click()
    await page.get_by_role("button", name="Photo").click()
    await page.get_by_role("button", name="Open the photo").click()
    await expect(page.get_by_role("button", name="Larger")).to_be_visible()
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    assert await focused(page) == "Open the photo"
    await page.get_by_role("button", name="Document").click()
    await expect(page.locator(".document")).to_be_visible()
    telegram.call("sendMessage", {"chat_id": chat_id_of("anna"), "text": FOLDED, "parse_mode": "HTML"})
    await expect(page.locator(".fold")).to_have_count(2)
    assert await faults(page) == []
    await page.get_by_role("button", name="Toast").click()
    await expect(page.get_by_role("status")).to_have_text("A toast.")
    await page.get_by_role("button", name="Menu").click()
    assert await faults(page) == []
    await page.get_by_label("Message", exact=True).fill("@nen_lm_guide_bot size")
    await expect(page.get_by_role("button", name="About size")).to_be_visible()
    assert await faults(page) == []
    await page.get_by_role("button", name="Alert").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await faults(page) == []


@pytest.mark.usefixtures("guide")
async def test_a_case_is_walked_by_keyboard_alone_and_each_screen_is_announced(
    browser: BrowserContext, address: str
) -> None:
    page = await phone(browser, address, "anna")
    said = page.locator("#said")
    await tab_to(page, "START")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("what a 2012 review suggests")
    for label, words in PATH:
        assert await focused(page), "the focus is lost"
        await tab_to(page, LABELS(label))
        await page.keyboard.press("Enter")
        await expect(said).to_contain_text(words)
        await expect(said).to_contain_text("Buttons: ")
    await tab_to(page, "The whole quotation")
    await page.keyboard.press("Enter")
    await expect(page.locator(".fold")).to_have_attribute("aria-expanded", "true")
    await tab_to(page, "Menu")
    await page.keyboard.press("Enter")
    assert (await focused(page)).startswith("/start")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("Open case: G2 · Type II")
    assert await focused(page) == "Menu"
    await tab_to(page, "Message")
    await page.keyboard.type("rfa size")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text(f"over {RFA_UNSUITABLE:g} cm considered unsuitable")


HANDED_ON = (
    ("button.hand", "Hand on: two-step liver resection"),
    ("button.share", "Share this case"),
    ("button.qr", "A case, to be opened with the camera"),
    ("button.result", "The source suggests: "),
    ("button.hand", "Hand on: two-step liver resection"),
    ("button.senior", "would you do the same"),
    ("button.as-message", "would you do the same"),
)
"""Buttons from a result through what is handed on, each with words of what comes."""


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_handed_on_and_practice_are_used_by_keyboard_and_screen_reader(
    browser: BrowserContext, address: str, scheme: str
) -> None:
    page = await phone(browser, address, "anna")
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    said = page.locator("#said")
    await tab_to(page, "START")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("what a 2012 review suggests")
    for label, words in (*PATH[:-1], *HANDED_ON):
        await tab_to(page, LABELS(label))
        await page.keyboard.press("Enter")
        await expect(said).to_contain_text(words)
        if (label, words) in HANDED_ON:
            assert await faults(page) == [], label
    await tab_to(page, "Message")
    await page.keyboard.type("/practice")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("A letter about a made-up case")
    assert await faults(page) == []
    await tab_to(page, LABELS("practice.topic.grading"))
    await page.keyboard.press("Enter")
    option = page.locator(".poll button").first
    await expect(option).to_be_visible()
    assert await faults(page) == []
    await tab_to(page, await option.inner_text())
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("of 1 right")
    assert await faults(page) == []


@pytest.mark.usefixtures("guide")
async def test_tab_goes_through_a_topic_in_the_order_in_which_it_is_read(browser: BrowserContext, address: str) -> None:
    page = await phone(browser, address, "anna")
    await page.get_by_role("button", name="START").click()
    for label in ("button.look", "topic.grading"):
        await page.get_by_role("button", name=LABELS(label), exact=True).click()
    await page.get_by_role("button", name="Newer: 3").click()
    await expect(page.locator(".fold").first).to_be_visible()
    await page.locator("#talk").focus()
    places = []
    while await focused(page) != "Menu":
        await page.keyboard.press("Tab")
        box = "[node.closest('.keyboard') ? 1 : 0, node.getBoundingClientRect().top + talk.scrollTop, node.offsetLeft]"
        places.append(await page.evaluate(f"(node => {box})(document.activeElement)"))
    buttons = [(top, left) for on_keyboard, top, left in places[:-1] if on_keyboard]
    assert len(buttons) >= 4
    assert buttons == sorted(buttons)
    assert [on_keyboard for on_keyboard, _, _ in places[:-1]] == sorted(
        on_keyboard for on_keyboard, _, _ in places[:-1]
    )


async def test_a_link_in_a_folded_quotation_opens_it_when_it_gets_the_focus(
    browser: BrowserContext, address: str, telegram: Telegram
) -> None:
    page = await phone(browser, address, "anna")
    telegram.phones.say(chat_id_of("anna"), "/start")
    telegram.call("sendMessage", {"chat_id": chat_id_of("anna"), "text": FOLDED, "parse_mode": "HTML"})
    await expect(page.locator(".fold")).to_have_attribute("aria-expanded", "false")

    await tab_to(page, "the paper")

    await expect(page.locator(".fold")).to_have_attribute("aria-expanded", "true")
    await expect(page.locator(".words a")).to_be_in_viewport()


@pytest.mark.usefixtures("echo")
async def test_who_said_what_is_told_in_words_and_own_words_are_not_announced(
    browser: BrowserContext, address: str
) -> None:
    page = await phone(browser, address, "anna")
    await page.get_by_role("button", name="START").click()
    await expect(page.get_by_role("listitem").filter(has_text="The bot:")).to_have_count(1)
    await page.get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")

    await expect(page.locator("#said")).to_have_text("You said hello")
    mine = page.get_by_role("listitem").filter(has_text="You:")
    await expect(mine.last).to_contain_text("hello")
    await expect(mine).to_have_count(2)


@pytest.mark.usefixtures("echo")
async def test_the_results_of_an_inline_question_are_announced_and_reached_by_arrow_keys(
    browser: BrowserContext, address: str, telegram: Telegram
) -> None:
    page = await phone(browser, address, "anna")
    await page.get_by_role("button", name="START").click()
    await page.get_by_label("Message", exact=True).fill("@nen_lm_guide_bot size")
    await expect(page.locator("#said")).to_have_text("Results: 2. The up arrow leads to them.")

    await page.keyboard.press("ArrowUp")
    telegram.call("sendMessage", {"chat_id": chat_id_of("anna"), "text": "meanwhile"})
    await expect(page.locator("#said")).to_have_text("meanwhile")
    assert (await focused(page)).startswith("About size")
    await page.keyboard.press("ArrowDown")
    assert (await focused(page)).startswith("Another")
    await page.keyboard.press("Enter")

    await expect(page.locator(".mine .words").last).to_have_text("Another card")
    assert await focused(page) == "Message"


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("width", [360, 412])
async def test_text_at_twice_its_size_is_twice_as_large_and_nothing_is_cut(
    browser: BrowserContext, address: str, width: int
) -> None:
    page = await phone(browser, address, "anna", width)
    await larger(page, 32)
    await page.get_by_role("button", name="START").click()
    steps = ("button.look", "topic.grading", "button.back", "button.back", *(label for label, _ in PATH[:-1]))
    for label in steps:
        before = await page.locator(".words").last.inner_text()
        await page.get_by_role("button", name=LABELS(label), exact=True).click()
        await expect(page.locator(".words").last).not_to_have_text(before)
        await shot(page, f"twice-{label}-{width}")
        assert await page.locator(".words").last.evaluate("words => getComputedStyle(words).fontSize") == "32px"
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await page.locator("#talk").evaluate("talk => talk.scrollWidth <= talk.clientWidth")
        cut = "labels => labels.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
        assert await page.locator(".key span").evaluate_all(cut) == []


_SIZES = """() => [...document.querySelectorAll('.phone *')]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()))
    .map(node => [node.textContent, parseFloat(getComputedStyle(node).fontSize)])"""
"""What has words of its own, with the size of its letters."""


@pytest.mark.usefixtures("echo")
async def test_everything_that_is_written_grows_with_the_text(
    browser: BrowserContext, address: str, telegram: Telegram
) -> None:
    page = await phone(browser, address, "anna")
    await page.get_by_role("button", name="START").click()
    await page.get_by_role("button", name="Document").click()
    await expect(page.locator(".document")).to_be_visible()
    telegram.call("sendPoll", {"chat_id": chat_id_of("anna"), **QUIZ})
    await page.get_by_role("button", name="G3").click()
    await expect(page.locator(".verdict").first).to_be_visible()
    await page.get_by_label("Message", exact=True).fill("@nen_lm_guide_bot size")
    await expect(page.get_by_role("button", name="About size")).to_be_visible()
    once = await page.evaluate(_SIZES)
    await larger(page, 32)

    assert await page.evaluate(_SIZES) == [[words, 2 * size] for words, size in once]
    await shot(page, "twice-results-360")
    await page.get_by_label("Message", exact=True).fill("")
    await page.get_by_role("button", name="Menu").click()
    await shot(page, "twice-menu-360")
    overlap = """rows => rows.filter(row => {
        const [name, said] = [...row.children].map(part => part.getBoundingClientRect())
        return name.right + 4 > said.left && name.bottom > said.top
    }).map(row => row.textContent)"""
    assert await page.locator("#commands button").evaluate_all(overlap) == []


@pytest.mark.usefixtures("echo")
async def test_a_message_and_a_button_have_an_edge_where_the_system_sets_the_colours(
    browser: BrowserContext, address: str
) -> None:
    page = await phone(browser, address, "anna")
    await page.get_by_role("button", name="START").click()
    await page.emulate_media(forced_colors="active")
    await shot(page, "forced-colours-360")
    for kind in (".bubble", ".key"):
        assert await page.locator(kind).last.evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"
