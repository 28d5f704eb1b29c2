"""From views to screens: templates and labels rendered as Telegram HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from dialogs.actions import Copy, Link, Paged, encode
from dialogs.codes import name_of
from dialogs.labels import Labels
from dialogs.summary import Said
from dialogs.view import Button, Card, Choice, Screen, View
from dialogs.words import environment
from guideline import Evidence

if TYPE_CHECKING:
    from dialogs.lookup import Offered

LIMIT = 4096
"""UTF-16 units of a message at most."""

_PAGE = 2600
"""UTF-16 units of a page, without tags: about three phone screens."""

_PAGE_WITH_TAGS = 3800
"""UTF-16 units of a page with its tags and addresses: less than Telegram's limit, which does not count them."""

_TAG = re.compile(r"<[^>]*>")

_BREAK = "\f"
"""In a template: it separates blocks that are not split between pages. The first block is the head of every page."""

_FOOT = "\v"
"""In a template: the text after it ends every page."""

_CITED = "\x1f"
"""In a block: the lines after it are citations, which are shown once at the end of the page."""

_QUOTE = "<blockquote expandable>{}</blockquote>"

_COPY_LIMIT = 256

_GAPS = re.compile(r"\n\s*\n")


def utf16(text: str) -> int:
    """The length of the text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


class Renderer:
    """Turns views into screens.

    about: the settings that the fixed pages mention. doubtful: headlines to which the reading of Figure 1 leads without
    certainty. today: the day at which the age of a note is measured; None: the day on which the sources were last
    checked. labels: of this content; by default of the content that comes with the program.
    """

    def __init__(
        self,
        evidence: Evidence,
        about: Mapping[str, object],
        doubtful: Collection[str] = (),
        today: date | None = None,
        labels: Labels | None = None,
    ) -> None:
        self.labels = labels or Labels()
        self._evidence = evidence
        self.env = environment(evidence, self.labels, about=about, doubtful=doubtful, today=today or evidence.checked)

    def screen(self, view: View) -> Screen:
        """The screen of a view. Raises jinja2.TemplateError or KeyError where words are missing."""
        pages = self._pages(view)
        page = min(view.page, len(pages) - 1)
        before = sum(one.blocks for one in pages[:page])
        beside = dict.fromkeys(view.beside[before : before + pages[page].blocks])
        rows: list[tuple[Button, ...]] = [(self._button(choice, view.context),) for choice in beside if choice]
        rows += [tuple(self._button(choice, view.context) for choice in row) for row in view.rows]
        turning = []
        if view.paging and page > 0:
            turning.append(self._turning(view.paging, "button.previous-page", page - 1, len(pages)))
        if view.paging and page < len(pages) - 1:
            turning.append(self._turning(view.paging, "button.next-page", page + 1, len(pages)))
        if turning:
            rows.insert(0, tuple(turning))
        return Screen(pages[page].text, tuple(rows))

    def is_reading(self, note: str) -> bool:
        """Whether the note is about how Figure 1 is read, and not a newer source."""
        return self._evidence.notes[note].reading

    def rows(self, rows: Iterable[tuple[Choice, ...]]) -> tuple[tuple[Button, ...], ...]:
        """Rows of buttons, for a message beside the screen."""
        return tuple(tuple(self._button(choice, {}) for choice in row) for row in rows)

    def pages(self, view: View) -> int:
        """How many pages the view has."""
        return len(self._pages(view))

    def card(self, offered: Offered) -> Card:
        """An answer as a card for inline mode."""
        context = offered._asdict()
        title, description = self.plain("card_title", context), self.plain("card_description", context)
        return Card(name_of(offered.answer), title, description, self.screen(View("card", context)).text)

    def plain(self, template: str, context: Mapping[str, object]) -> str:
        """A template as plain text of at most 256 characters."""
        html = self.env.get_template(f"{template}.j2").render(context)
        text = " ".join(unescape(html).split())
        if len(text) <= _COPY_LIMIT:
            return text
        kept = text[: _COPY_LIMIT - 1]
        return kept[: max(kept.rfind(" "), kept.rfind("·"))].rstrip(" ·") + "…"

    def plain_text(self, template: str, context: Mapping[str, object]) -> str:
        """A template of plain text (`name.txt.j2`), rendered. Its spaces are plain ones: it is pasted elsewhere."""
        return _GAPS.sub("\n\n", self.env.get_template(f"{template}.txt.j2").render(context).strip())

    def _copied(self, context: Mapping[str, Any]) -> str:
        """A result as text to copy. When it is too long, it leaves out the newer sources, then the journal, then the
        last answers, whose number it gives; no answer is cut. What has no effect on the result is not in it."""
        details = [part for part in context["details"] if part not in context["idle"]]
        filling = {**context, "said": [*context["summary"], *details]}
        text = unescape(self.env.get_template("copy.j2").render(filling))
        year, journal, suggests, newer, end, *answers = (" ".join(part.split()) for part in text.split(_BREAK))
        more = self.labels("copy.more")

        def line(journal: str, newer: str, shown: int) -> str:
            left = [more.format(len(answers) - shown)] if shown < len(answers) else []
            said = "; ".join([*answers[:shown], *left])
            return " ".join(filter(None, (year, journal, suggests, f"{said}.", newer, end)))

        whole = len(answers)
        tried = (line(journal, newer, whole), line(journal, "", whole))
        shorter = (line("", "", shown) for shown in range(whole, -1, -1))
        return next((text for text in chain(tried, shorter) if len(text) <= _COPY_LIMIT), line("", "", 0))

    def _pages(self, view: View) -> list[Page]:
        text = self.env.get_template(f"{view.template}.j2").render(view.context).strip(" \n")
        text = _GAPS.sub("\n\n", text).replace(" %", "\u00a0%").replace("Fig. 1", "Fig.\u00a01")
        return paginate(text)

    def _answer(self, said: Said) -> str:
        """An answer, as it follows the name of its question."""
        if said.label:
            return self.labels(f"answer.{said.label}", said.count or "")
        return self.labels.answer(said.fact, said.possible)

    def _turning(self, paging: Paged, caption: str, to: int, pages: int) -> Button:
        return Button(encode(replace(paging, page=to)), self.labels(caption).format(to + 1, pages))

    def _button(self, choice: Choice, context: Mapping[str, object]) -> Button:
        filling = [self.labels(choice.names)] if choice.names else []
        filling += [choice.count] if choice.count else []
        if choice.said:
            filling.append(", ".join(map(self._answer, choice.said)))
        caption = self.labels(choice.caption).format(*filling)
        if choice.ticked:
            caption = self.labels("button.ticked", caption)
        if choice.irrelevant:
            caption = self.labels("button.irrelevant", caption)
        match choice.action:
            case Copy(text):
                return Button("", caption, copy=text or self._copied(context))
            case Link(url):
                return Button("", caption, url=url)
            case action:
                return Button(encode(action), caption)


class Page(NamedTuple):
    """A page, and the number of its blocks."""

    text: str
    blocks: int


_Block = tuple[str, list[str]]
"""The text of a block, and its citations."""


def paginate(text: str) -> list[Page]:
    """The text in pages: each with the head, the foot and the citations of its blocks; no block is split."""
    text, _, foot = text.partition(_FOOT)
    head, *rest = text.split(_BREAK)
    blocks = [_block(block) for block in rest]
    pages = [blocks] if utf16(text) <= _PAGE else _in_pages(head, blocks)
    return [_page(head, page, foot) for page in pages]


def _block(text: str) -> _Block:
    words, _, citations = text.partition(_CITED)
    return words, [line for line in citations.splitlines() if line.strip()]


def _in_pages(head: str, blocks: list[_Block]) -> list[list[_Block]]:
    """The blocks of each page."""
    pages: list[list[_Block]] = [[]]
    cited: set[str] = set()
    length = beginning = _Length.of(head)
    for words, citations in blocks:
        longer = sum((_Length.of(part) for part in (words, *(set(citations) - cited))), length)
        if pages[-1] and longer.is_too_long:
            pages.append([])
            cited = set()
            longer = sum((_Length.of(part) for part in (words, *set(citations))), beginning)
        length = longer
        pages[-1].append((words, citations))
        cited.update(citations)
    return pages


def _page(head: str, blocks: list[_Block], foot: str) -> Page:
    cited = dict.fromkeys([line for _, citations in blocks for line in citations])
    quote = _QUOTE.format("\n".join(cited)) if cited else ""
    parts = [part.strip() for part in (head, *[words for words, _ in blocks], quote, foot)]
    return Page("\n\n".join(filter(None, parts)), len(blocks))


class _Length(NamedTuple):
    """The length of parts of a page in UTF-16 units: without tags, and with them."""

    read: int
    whole: int

    @classmethod
    def of(cls, part: str) -> _Length:
        return cls(utf16(unescape(_TAG.sub("", part))), utf16(part))

    def __add__(self, other: object) -> _Length:
        assert isinstance(other, _Length)
        return _Length(self.read + other.read, self.whole + other.whole)

    @property
    def is_too_long(self) -> bool:
        """Whether they do not fit one page."""
        return self.read > _PAGE or self.whole > _PAGE_WITH_TAGS
