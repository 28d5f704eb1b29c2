"""A typed text as a case: its facts are offered for use, or taken as the answer to the open question."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs import typed_cards
from dialogs.actions import Action, Found, Use
from dialogs.against import Used, contradicted, kept_by, used
from dialogs.answers import answered, closing
from dialogs.clashes import clashes
from dialogs.lookup import Besides, Lookup
from dialogs.place import Place
from dialogs.questions import UNKNOWN, Facts, Question
from dialogs.spoken import Spoken
from dialogs.steps import Steps
from dialogs.summary import relevant_facts, set_aside, summary, without_effect
from dialogs.typed import (
    asks_for_a_term,
    beginning_of_what_to_do,
    beginnings_of_questions,
    is_item,
    is_list,
    is_question,
    tells_of_treatment,
)
from dialogs.typed_facts import TypedFacts, answers_with
from dialogs.typed_facts import decode as decode_typed
from dialogs.view import Show, Turn, View
from guideline.values import Choice

if TYPE_CHECKING:
    from dialogs.reader import Reading

_ROOM = 150
"""Characters of a notice for what was replaced and what was not used."""

_PARTS = 2
"""Of a notice: what was taken, and what was not understood."""

_CASE_FACTS = 2
"""A text with so many facts is a case."""

_COUNTED = frozenset({"lesion_count", "largest_lesion_cm"})
"""A text with both of these is a case even if neither is clear."""

_KEYWORD_FACTS = 2
"""A text with at most so many facts may be key words of a search."""

_SHORT_TEXT = 3
"""A text of at most so many words is short."""

ByTap = Callable[[Place, Action], Turn | None]
"""Answers a tap."""


class TypedCase:
    """Answers texts that say something about a case."""

    def __init__(self, steps: Steps, lookup: Lookup) -> None:
        self._steps, self._lookup = steps, lookup
        self._said = Spoken(steps.renderer.labels)

    def read(self, place: Place, text: str, reading: Reading, by_tap: ByTap, *, early: bool) -> Turn | None:
        """Take a typed text as the answer to the open question, or offer its facts; None when it says nothing about a
        case. Its facts are stored only as an answer, or when they are used."""
        start = beginning_of_what_to_do(text)
        if start and (before := reading_of(text[:start])).is_case:
            return self._offer(place, TypedFacts.of(before), before, text, asks=True)
        besides = self._besides(reading, text)
        if besides and not _is_a_case(reading, text) and self.asks(text):
            return None
        if question := place.question if place.in_case else None:
            answering = reading if TypedFacts.of(reading).on(question) else self._as_answer(question, text)
            answer = TypedFacts.of(answering)
            own = set() if reading.cut else answer.on(question)  # the part that was not read may contradict it
            if own and (besides or {*answer.facts, *answer.conflict, *answer.unclear} != own):
                # A text with several facts may be about another case, and one that asks something is perhaps no answer:
                # nothing of it is taken before a tap.
                return self._offer(place, answer, answering, text)
            # The words of a button with a number say its whole band, of which the reader may take only a part.
            tap = (
                None if own and not question.takes_number else self._said.answer(question, place.lines(question), text)
            )
            if early and (own or tap):
                return self._steps.show_place(place, "notice.too-early")
            if tap:
                return by_tap(place, tap)
            if own:
                return self._taken(place, answer, answering)
            asked = {line.fact for line in question.lines}
            if asked.intersection(reading.unclear) and not (reading.facts or reading.asks or is_question(text)):
                return self._offer(place, TypedFacts.of(reading), reading, text)
        if not reading.is_case or not (_is_a_case(reading, text) or not self.asks(text)):
            return None
        return self._offer(place, TypedFacts.of(reading), reading, text)

    def _taken(self, place: Place, answer: TypedFacts, reading: Reading) -> Show:
        """Take the facts of the answer, all of which the open question asks for. The notice names them if there are
        several, and the words of the reading that were not understood."""
        settled = self._steps.settle(place, answers_with(place.answers, answer, set(answer.facts)))
        if not answer.missed and len(answer.facts) == 1:
            return settled
        labels, say = self._steps.renderer.labels, self._steps.say
        taken = ", ".join(labels.clause(fact, answer.possible(fact)) for fact in answer.facts)
        said = [say("notice.taken", taken), settled.notice]
        if answer.missed:
            words = ", ".join(f"“{stretch}”" for stretch in reading.not_understood)
            named = say("notice.not-understood", words)
            whole = bool(words) and not reading.left_out and len(named) <= _ROOM // _PARTS
            said.append(named if whole else say("notice.rest-not-understood"))
        return replace(settled, notice=" ".join(filter(None, said)))

    def _as_answer(self, question: Question, text: str) -> Reading:
        """What a bare answer such as `3-5 cm` says, read after words that name the open question; nothing when that
        does not cover the whole text. Words about another fact are no answer: `two steps` says nothing about the
        grade."""
        cued = f"{self._said.cue(question)} {text}".strip(" .")
        reading = reading_of(cued)
        own = TypedFacts.of(reading).on(question)
        answers = [found for found in reading.facts if found.fact in own]
        others = [found for found in reading.facts if found.fact not in own]
        whole = bool(reading.facts) and max(found.end for found in reading.facts) == len(cued)
        shared = any(one.start < other.end and other.start < one.end for one in answers for other in others)
        return reading if whole and not shared else reading_of("")

    def question_of(self, text: str) -> tuple[str, Reading | None]:
        """The part of a text that asks what a term means, behind a part that says something of a case, as in `G2, what
        is R0`; with what that part is read as. All of the text, and None, where there are no such parts: in any other
        question the words of the case say what is asked."""
        for start in beginnings_of_questions(text):
            part = text[start:]
            if asks_for_a_term(part) and (reading := reading_of(text[:start])).facts:
                return part, reading
        return text, None

    def _besides(self, reading: Reading, text: str) -> Besides | None:
        """What a text with a few facts asks about by its other words, such as `everolimus for G1 pancreatic`. None for
        a text that is rather a case: a list, or one that tells how a treatment went."""
        said = len(reading.facts) + len(reading.conflict)
        if not 0 < said <= _KEYWORD_FACTS or is_list(text) or tells_of_treatment(text):
            return None
        return self._lookup.besides(text, reading.not_understood)

    def asks(self, text: str) -> bool:
        """Whether a text asks something: by its words, or because the look-up has an answer."""
        if is_question(text) or text.rstrip().endswith("?"):
            return True
        found = self._lookup.look_up(text)
        return bool(found.answers or found.gap)

    def _offer(self, place: Place, typed: TypedFacts, reading: Reading, text: str, *, asks: bool = False) -> Show:
        """Offer the facts of a typed text, with the text as a question one tap away. When it asks something, also show
        the result and the answers, each in a line: the result of the open case with these facts, where they agree with
        it, else of these facts alone. asks: whether it asks what to do."""
        asked: typed_cards.Asked | None = None
        besides = None if asks else self._besides(reading, text)
        if asks or reading.asks or is_question(text):
            standings = self._steps.standings
            added = bool(place.answers) and not contradicted(place.answers, typed, standings)
            of = used(place.answers if added else (), typed, standings).answers
            question, _ = self.question_of(text)
            lines = self._lookup.lines(text, question)
            asked = typed_cards.Asked(standings.of(of).found, lines, added, first=not asks)
        elif besides:
            asked = typed_cards.Asked(None, besides.lines, first=True, gap=besides.gap)
        elif len(typed.facts) <= _KEYWORD_FACTS and self._lookup.look_up(text).answers:  # perhaps key words
            asked = typed_cards.Asked(None, self._lookup.lines(text))
        found = self._lookup.action(text)
        answered_to = besides.stretches if besides and asked and asked.first else ()
        view = self.offer_view(place, typed, found, reading=reading, asked=asked, answered_to=answered_to)
        return self._steps.show_view(place, view)

    def use(self, place: Place, use: Use) -> Turn | None:
        """Use the facts of a button. The notice begins with what they replaced in the case, and which of them were not
        used. None when the button's code cannot be read."""
        typed = decode_typed(use.code)
        if typed is None:
            return None
        if use.anew:
            place = self._steps.place(place.session.in_case(answers=()))
        taken = used(place.answers, typed, self._steps.standings, keep=use.keep)
        there = self._steps.place(place.session.in_case(answers=taken.answers))
        while use.alone and (question := there.question):
            answers = there.session.answers
            if question.is_checklist:
                answers = closing(answers, question, there.lines(question), UNKNOWN)
            else:
                answers = answered(answers, question.id, UNKNOWN)
            there = self._steps.place(there.session.in_case(answers=self._steps.standings.holding(answers)))
        return self._steps.settle(place, there.session.answers, self._said_of(typed, taken, there), taken.lines)

    def _said_of(self, typed: TypedFacts, taken: Used, there: Place) -> str:
        """The notice of what was replaced, what was not used, and what makes no difference to the result. there: the
        place with it."""
        not_taken = {fact: typed.possible(fact) for fact in taken.not_taken}
        idle = {} if there.question else {fact: typed.possible(fact) for fact in not_shown(there, typed)}
        told = (("replaced", taken.replaced), ("not-taken", not_taken), ("irrelevant", idle))
        parts = [(notice, facts) for notice, facts in told if facts]
        return " ".join(self._steps.say(f"notice.{name}", self._listed(facts, len(parts))) for name, facts in parts)

    def _listed(self, facts: Facts, parts: int) -> str:
        labels = self._steps.renderer.labels
        names = [labels(f"out.{fact}") for fact in facts]
        listed = [", ".join(labels.brief(fact, possible) for fact, possible in facts.items()), ", ".join(names)]
        listed += [
            ", ".join([*names[:shown], labels("copy.more", len(names) - shown)])
            for shown in range(len(names) - 1, 0, -1)
        ]
        return next((text for text in listed if len(text) <= _ROOM // parts), listed[-1])

    def offer_view(
        self,
        place: Place,
        typed: TypedFacts,
        question: Found | None = None,
        *,
        reading: Reading | None = None,
        asked: typed_cards.Asked | None = None,
        answered_to: Collection[str] = (),
    ) -> View:
        """The card that offers the facts. reading: known only right after the text was typed. answered_to: the
        stretches of the text that `asked` answers, though they are no facts."""
        standings = self._steps.standings
        stated: dict[str, list[Choice]] = {}
        for value in reading.stated if reading else ():
            stated.setdefault(value.fact, []).append(value.value)
        taken = used(place.answers, typed, standings)
        return typed_cards.read(
            typed,
            place,
            words=[words for words in reading.not_understood if words not in answered_to] if reading else (),
            left_out=reading.left_out if reading else 0,
            cut=reading.cut if reading else 0,
            clashes=clashes(typed, stated, standings),
            question=question,
            asked=asked,
            against=contradicted(place.answers, typed, standings),
            rest=bool(kept_by(place.answers, typed, standings)),
            more=self._steps.place(place.session.in_case(answers=taken.answers)).question is not None,
        )


def not_shown(place: Place, typed: TypedFacts) -> list[str]:
    """The facts of a typed text that are in the case, do not bear on its result and are not said with it."""
    found = place.found
    said = [*summary(found, place.answers), *set_aside(found)]
    shown = {*relevant_facts(found), *(part.fact for part in (*said, *without_effect(found, said)))}
    return [fact for fact in typed.facts if fact in found.case.known and fact not in shown]


def reading_of(text: str) -> Reading:
    """The facts in a typed text. The reader is imported and loaded with the first text."""
    from dialogs.reader import reader

    return reader().read(text)


def _is_a_case(reading: Reading, text: str) -> bool:
    """Whether a text is taken as a case and not as a question.

    It is with at least _CASE_FACTS facts; with one, if it asks nothing, everything was understood, and it is short or
    another fact is unclear; with one that is an item of a list, if nothing in it asks; or with the number and the size
    of the lesions, even if unclear.
    """
    said = len(reading.facts) + len(reading.conflict)
    asks = reading.asks or is_question(text)
    if not (asks or "?" in text or beginnings_of_questions(text)) and any(
        is_item(text, found.start, found.end) for found in reading.facts
    ):
        return True
    if not asks and _COUNTED.issubset({*reading.unclear, *(found.fact for found in reading.facts)}):
        return True
    whole = not reading.not_understood and (reading.unclear or len(text.split()) <= _SHORT_TEXT)
    return said >= _CASE_FACTS or (said == 1 and bool(whole) and not asks)
