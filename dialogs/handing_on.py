"""Handing a case on: its link, the link as a QR code, the question to a senior; and the case that a link brought."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from urllib.parse import quote

from dialogs import report
from dialogs.actions import Copy, Do, Link, Picture, Room
from dialogs.cards import TO_RESULT, is_important, of_result, offers, tests
from dialogs.case_code import CaseCodes, CodedCase, CodeError
from dialogs.place import Place, Standings
from dialogs.render import Renderer
from dialogs.session import Answers
from dialogs.sharing import answers_of, coded
from dialogs.suggested import not_known
from dialogs.summary import summary
from dialogs.view import Attachment, Choice, View
from guideline import UNDETERMINED, Assessment
from guideline.assess import Change
from guideline.rules import Rule

ROOMS = ("share", "senior")

_LINK = re.compile(r"(?:https?://)?t(?:elegram)?\.me/\w+\?start=(\S+)")
_LONG = 100
"""A typed text with more characters is no code."""

_CHANGES = 3
"""Changes that the question to a senior names at most, those to the same headline counted as one."""

_WEIGHING = ("fit_for_surgery", "carcinoid_heart_disease")
"""The facts that the question to a senior names first among those that are not known."""

_LONGEST_ADDRESS = 2048
"""Characters that the address behind a button may have."""

_QR_SCALE = 10
"""Pixels of a module of the QR code."""


class HandingOn:
    """bot_name: the bot's username, set once the bot has started. Without it a case has a code and no link."""

    def __init__(self, standings: Standings, renderer: Renderer) -> None:
        self.bot_name = ""
        self._standings, self._renderer = standings, renderer
        self._evidence = standings.content.evidence
        self.codes = CaseCodes(self._evidence.stamp.year)

    # The case that is handed on

    def behind(self, room: Room, found: Assessment, answers: Answers) -> View | None:
        """The page `share` or `senior` behind a result; None for another."""
        if room.name not in ROOMS:
            return None
        code = self._code(found, answers)
        link = self._link(code)
        rows: list[tuple[Choice, ...]] = [TO_RESULT, report.button(report.of_case(found.headline, room.name))]
        if room.name == "share":
            text = self._renderer.labels("share.forwarded")
            context: dict[str, object] = {"summary": summary(found), "code": code, "link": link}
            if link:
                rows.insert(0, (Choice(Copy(link), "button.copy-link"), Choice(Picture("qr"), "button.qr")))
        else:
            text = self._asked(found)
            context = {"text": self.question(found, answers)}
            rows.insert(0, (Choice(Do.QUESTION, "button.as-message"),))
        address = _forward(link, text)
        if link and len(address) < _LONGEST_ADDRESS:  # else the message to forward is left, which has the whole text
            rows.insert(0, (Choice(Link(address), "button.forward"),))
        return View(room.name, context, tuple(rows))

    def text(self, found: Assessment, answers: Answers) -> str:
        """The whole case as plain text, to be forwarded or pasted."""
        context = of_result(self._evidence, found, answers)
        settling = tests(found) if found.headline == UNDETERMINED else []
        return self._renderer.plain_text("handed", {**context, "tests": settling})

    def question(self, found: Assessment, answers: Answers) -> str:
        """The question to a senior as plain text, with the link to the case where there is one."""
        return "\n\n".join(filter(None, (self._asked(found), self._link(self._code(found, answers)))))

    def qr(self, found: Assessment, answers: Answers) -> Attachment | None:
        """The link as a QR picture; None while there is no link."""
        link = self._link(self._code(found, answers))
        if not link:
            return None
        caption = self._renderer.plain_text("pictures/qr", {"summary": summary(found), "link": link})
        key = f"qr-{sha256(link.encode()).hexdigest()[:32]}"
        return Attachment(key, "case.png", caption, partial(_drawn, link))

    def _asked(self, found: Assessment) -> str:
        """The question to a senior without the link."""
        labels = self._renderer.labels
        if found.headline == UNDETERMINED:
            missing = [labels(f"fact.{fact}") for fact in found.needed]
        else:
            in_order = sorted(offers(found), key=lambda q: (q.id not in _WEIGHING, not is_important(q, found)))
            missing = [not_known(labels, found, q.lines[0].fact) for q in in_order]
        filling = {"a": found, "summary": summary(found), "open": missing, "asked": _decisive(found)}
        return self._renderer.plain_text("senior", {**filling, "changes": _nearest(found)})

    def _code(self, found: Assessment, answers: Answers) -> str:
        return self.codes.encode(coded(answers, found))

    def _link(self, code: str) -> str:
        return f"https://t.me/{self.bot_name}?start={code}" if self.bot_name else ""

    # The case that a link brought

    def reads(self, code: str) -> bool:
        """Whether the code can be read."""
        try:
            self.codes.decode(code)
        except CodeError:
            return False
        return True

    def code_in(self, text: str) -> str:
        """The code in a typed text that is a link to a case, or the text itself when it is a code that can be read;
        empty for any other text."""
        if found := _LINK.fullmatch(text.strip()):
            return found[1]
        return text.strip() if len(text) <= _LONG and self.reads(text.strip()) else ""

    def opened(self, place: Place) -> View:
        """The case of the code in the session: its answers, its result, and how it differs from the open case."""
        case = self.codes.decode(place.session.shared)
        answers = self._standings.holding(answers_of(case))
        found = self._standings.of(answers).found
        lost = case.lost + len(case.facts.keys() - found.case.known.keys())
        context = {
            "a": found,
            "summary": summary(found),
            "since": _since(case, found, self._standings.content.rules.adjuncts),
            "lost": lost,
            "mine": summary(place.found) if place.session.answers else None,
            "alike": place.found.case == found.case,
        }
        leave = "button.keep-mine" if place.session.answers else "button.not-now"
        rows = ((Choice(Do.TAKE, "button.take"),), (Choice(Do.DISMISS, leave),))
        return View("shared", context, rows)

    def taken(self, code: str) -> Answers:
        """The answers of a code. Raises CodeError for one that cannot be read."""
        return self._standings.holding(answers_of(self.codes.decode(code)))


@dataclass(frozen=True, slots=True)
class Since:
    """How the result of a shared case differs between the content under which it was shared and today's.

    version: of the content under which it was shared. newer: whether that is newer than today's. before: the headlines
    that were possible then; empty when they are the same. gone, come: ids of adjuncts that are no longer, or newly,
    there. caveats: ids of those that are newly there.
    """

    version: str
    newer: bool
    before: tuple[str, ...]
    gone: tuple[str, ...]
    come: tuple[str, ...]
    caveats: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.before or self.gone or self.come or self.caveats)


def _since(case: CodedCase, found: Assessment, rules: Iterable[Rule]) -> Since | None:
    """The difference; None when the case was shared under today's content."""
    if case.version == found.version:
        return None
    content = [int(version.partition(".")[2]) for version in (case.version, found.version)]
    now = set(found.adjuncts) - {"mdt"}
    before = tuple(id_ for id_ in found.headlines if id_ in case.candidates)
    return Since(
        case.version,
        content[0] > content[1],
        before if before != found.candidates else (),
        tuple(rule.id for rule in rules if rule.id in case.adjuncts - now),
        tuple(id_ for id_ in found.adjuncts if id_ in now - case.adjuncts),
        tuple(id_ for id_ in found.caveats if id_ not in case.caveats),
    )


def _nearest(found: Assessment) -> list[list[Change]]:
    """The changes that lead to another headline, grouped by the headline, those at the last turns of the way first."""
    way = [step.node.fact for step in found.way if step.edge]
    together: dict[tuple[str, ...], list[Change]] = {}
    for change in sorted(found.changes, key=lambda change: -way.index(change.fact) if change.fact in way else 0):
        together.setdefault(change.candidates, []).append(change)
    return list(together.values())[:_CHANGES]


def _decisive(found: Assessment) -> str:
    """The fact that decided the headline, or the first that is needed."""
    if found.headline == UNDETERMINED:
        return found.needed[0]
    return next(step.node.fact for step in reversed(found.way) if step.edge)


def _forward(link: str, text: str) -> str:
    """The address with which Telegram lets the person choose a chat and sends both there."""
    return f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(text, safe='')}"


def _drawn(link: str) -> bytes:
    """The QR code as a PNG, with the quiet zone that a reader needs."""
    import segno  # imported with the first picture

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=_QR_SCALE)
    return out.getvalue()
