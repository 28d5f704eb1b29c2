"""On a phone of 360 points: no label of a button is cut with text of 130 %, and common results take one screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playwright.async_api import BrowserContext, Page

from bot.buttons import keyboard
from dialogs.conversation import Conversation
from dialogs.labels import Labels
from dialogs.view import Screen
from guideline.evidence import TOPICS
from phone.page import chat_id_of
from phone.telegram import Telegram
from tests.phone.browser import in_browser, phone
from tests.support.rows import Row, rows_of
from tests.support.walk import Talk, begun

pytestmark = in_browser

LABELS = Labels()

_AT_ONCE = 40
"""Rows in a message: Telegram takes 100 buttons."""

_TALLEST = 700
"""Points of text that a common result may take."""

_TALLEST_TOPIC = 2 * 740
"""Points of what a topic opens with, its buttons included: two screens."""

_CUT = """keys => keys.flatMap(key => {
    key.style.fontSize = 1.3 * parseFloat(getComputedStyle(key).fontSize) + 'px'
    const label = key.querySelector('span')
    return label.scrollWidth > label.clientWidth ? [label.textContent] : []
})"""


async def chat(browser: BrowserContext, telegram: Telegram, address: str) -> tuple[Page, int]:
    """A page that shows a chat, with its letters loaded, and the chat's id."""
    telegram.phones.say(chat_id_of("labels"), "/start")
    page = await phone(browser, address, "labels")
    await page.evaluate("Promise.all([400, 500, 700].map(weight => document.fonts.load(`${weight} 15px Roboto`)))")
    return page, chat_id_of("labels")


async def heights_of(
    page: Page, telegram: Telegram, chat_id: int, screens: Mapping[str, Screen]
) -> dict[str, tuple[int, int]]:
    """The height of each screen in points: of its text, and with its buttons."""
    heights: dict[str, tuple[int, int]] = {}
    for name, screen in screens.items():
        sent = {"chat_id": chat_id, "text": screen.text, "parse_mode": "HTML", "reply_markup": keyboard(screen, 1)}
        telegram.call("sendMessage", sent)
        telegram.call("sendMessage", {"chat_id": chat_id, "text": f"behind {name}"})
        await page.locator(".words").get_by_text(f"behind {name}", exact=True).wait_for()
        message = page.locator(".message").nth(-2)
        text = await message.locator(".words").evaluate("words => words.offsetHeight")
        heights[name] = text, await message.evaluate("message => message.offsetHeight")
    return heights


async def cut(page: Page, telegram: Telegram, chat_id: int, rows: Iterable[Row]) -> list[str]:
    """The labels that do not fit their buttons with text of 130 %."""
    shown = list(rows)
    found: list[str] = []
    for at in range(0, len(shown), _AT_ONCE):
        keys = [[{"text": text, "callback_data": "x"} for text in row] for row in shown[at : at + _AT_ONCE]]
        sent = {"chat_id": chat_id, "text": f"rows {at}", "reply_markup": {"inline_keyboard": keys}}
        telegram.call("sendMessage", sent)
        await page.locator(".words").get_by_text(f"rows {at}", exact=True).wait_for()
        found += await page.locator(".message").last.locator(".key").evaluate_all(_CUT)
    return found


async def test_a_label_that_is_too_long_is_found(browser: BrowserContext, telegram: Telegram, address: str) -> None:
    page, chat_id = await chat(browser, telegram, address)
    rows = [("Why", "Numbers"), ("What would change it", "Why")]
    assert await cut(page, telegram, chat_id, rows) == ["What would change it"]


EVERYWHERE = (
    "begin", "begin-shared", "begin-with", "begin-practice", "forward", "as-message", "copy-link", "qr", "take",
    "keep-mine", "poll-again", "next-question", "use-alone", "use-keep", "start-anew", "as-case", "take-over",
    "see-answer", "next-note",
)  # fmt: skip
"""Buttons of the rooms that are easily left out: the gate, sharing, practice, what is typed, side by side."""


async def test_no_label_is_cut_with_text_of_130_per_cent(
    browser: BrowserContext, telegram: Telegram, address: str
) -> None:
    page, chat_id = await chat(browser, telegram, address)
    conversation = Conversation()
    conversation.named("nen_lm_guide_bot")
    rows = rows_of(conversation, cases=6, ways=60)
    captions = {label for row in rows for label in row}
    assert {LABELS(f"button.{name}") for name in EVERYWHERE} <= captions
    too_long = set(await cut(page, telegram, chat_id, rows))
    assert {label: where for row, where in rows.items() for label in row if label in too_long} == {}


COMMON = {
    "one step": ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.yes"),
    "two steps": ("a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no"),
    "restricted": ("a.grade.G1", "a.pattern.I", "all.prerequisites.met", "all.symptoms.no"),
    "diffuse": ("a.grade.G2", "a.pattern.III", "all.symptoms.no"),
    "diffuse and refractory": ("a.grade.G2", "a.pattern.III", "t.s-refractory", "all.symptoms.no"),
    "grade not known": ("a.grade.unknown", "a.pattern.III", "t.s-refractory", "all.symptoms.shown"),
    "nothing known": ("a.grade.unknown", "a.pattern.unknown", "all.prerequisites.shown", "all.symptoms.shown"),
    "tumour G3": ("a.grade.G3", "a.differentiation.well"),
    "carcinoma": ("a.grade.G3", "a.differentiation.poor"),
    "not fit": ("a.grade.G2", "a.pattern.II", "t.p-fit", "t.p-fit", "all.prerequisites.shown", "all.symptoms.no"),
    "no cure": (
        "a.grade.G2", "a.pattern.II", "t.p-r0", "t.p-r0", "all.prerequisites.met", "all.symptoms.no",
    ),
    "no cure and refractory": (
        "a.grade.G1", "a.pattern.I", *["t.p-primary"] * 4, "all.prerequisites.met", "t.s-refractory", "all.symptoms.no",
        "a.volume.<70",
    ),
    "debulking": (
        "a.grade.G2", "a.pattern.II", "t.p-r0", "t.p-r0", "all.prerequisites.met", "t.s-refractory", "all.symptoms.no",
        "a.volume.>=90",
    ),
    "heart first": (
        "a.grade.G2", "a.pattern.II", "t.p-heart", "t.p-heart", "all.prerequisites.met", "all.symptoms.yes",
    ),
    "diffuse and obstructing": ("a.grade.G2", "a.pattern.III", "t.s-local", "all.symptoms.no"),
    "none dominant": (
        "a.grade.G2", "go.bilobar", "a.pattern.II-nearest", "all.prerequisites.met", "all.symptoms.no", "a.steps.no",
    ),
    "pattern not known": ("a.grade.G2", "a.pattern.unknown", "all.prerequisites.shown", "all.symptoms.shown"),
    "one prerequisite known": (
        "a.grade.G2", "a.pattern.II", "t.p-primary", "all.prerequisites.shown", "all.symptoms.shown", "a.steps.unknown",
    ),
    "five prerequisites open": ("a.grade.G1", "a.pattern.I", "all.prerequisites.shown", "all.symptoms.shown"),
}  # fmt: skip


async def test_a_common_result_takes_one_screen(
    browser: BrowserContext, telegram: Telegram, address: str, conversation: Conversation
) -> None:
    page, chat_id = await chat(browser, telegram, address)
    screens = {name: begun(conversation).taps(*taps).screen for name, taps in COMMON.items()}
    heights = {name: words for name, (words, _) in (await heights_of(page, telegram, chat_id, screens)).items()}
    assert {name: height for name, height in heights.items() if height > _TALLEST} == {}, heights


async def test_a_topic_opens_within_two_screens(
    browser: BrowserContext, telegram: Telegram, address: str, conversation: Conversation
) -> None:
    page, chat_id = await chat(browser, telegram, address)
    home = begun(conversation).says("start").session
    screens = {topic: Talk(conversation, home).forges(f"look.{topic}").screen for topic in TOPICS}
    heights = {name: whole for name, (_, whole) in (await heights_of(page, telegram, chat_id, screens)).items()}
    assert {topic: height for topic, height in heights.items() if height > _TALLEST_TOPIC} == {}, heights
