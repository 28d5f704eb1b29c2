"""Somebody with a case in mind, who reads the screen and answers, as people do: with pauses and detours."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random

from dialogs.answers import DONE
from dialogs.labels import Labels
from dialogs.questions import LINES, QUESTIONS, UNKNOWN, Question
from guideline import UNDETERMINED, assess
from tests.support.crowd.hand import Hand
from tests.support.crowd.mind import Mind

LABELS = Labels()
_MOST_STEPS = 150
_DETOURS = (("go.why",), ("go.changes",), ("go.change",), ("go.change", "e."))


@dataclass(frozen=True, slots=True)
class Habits:
    """pause: the longest, in seconds; who taps faster than a person can is cut short by the bot. twice: how often a
    button is tapped twice. detour: how often there is one. Both 0 to 1.
    """

    pause: float = 0.5
    twice: float = 0.2
    detour: float = 0.4


class Person:
    """said: their own record, line → option. stale: how often a screen asked what they had answered already: an older
    one that came late. faults: what must never be.
    """

    def __init__(self, hand: Hand, random: Random, habits: Habits) -> None:
        self.hand = hand
        self.mind = Mind.at_random(random)
        self.said: dict[str, str] = {}
        self.stale = 0
        self.faults: list[str] = []
        self._newest = -1
        self._random = random
        self._habits = habits

    async def walk(self) -> None:
        """From /start to the result, and about it."""
        await self._pause()
        await self.hand.type("/start")
        await self._to_result()
        for _ in range(2):
            if self._random.random() < self._habits.detour:
                await self._detour()
        await self._to_result()

    async def settle(self) -> None:
        """Go back to the result where something delivered late has shown something else."""
        self._habits = Habits(0, 0, 0)
        await self._to_result()

    def judge(self) -> None:
        """Look whether the screen shows what the core gives for the answers; what it does not is a fault."""
        lines = [LINES[id_] for id_, option in self.said.items() if id_ in LINES and option != UNKNOWN]
        found = assess(self.mind.case(lines))
        if found.headline == UNDETERMINED:  # of a grade it names the count that is missing
            wanted = ["Cannot say yet: ", *(LABELS(f"fact.{fact}") for fact in found.needed[:3] if fact != "grade")]
        else:
            shorter = found.headline in ("debulking", "systemic-chemotherapy")  # the card goes on behind it
            name = LABELS(f"headline.{found.headline}") if shorter else LABELS.suggests(found.headline)
            wanted = ["The source ", "suggests", name]
        # Behind the notice of an old button, which stands before it as a paragraph of its own.
        first = next((line for line in self.hand.text.split("\n") if line.startswith(wanted[0])), "")
        if not all(words in first for words in wanted):
            self.faults.append(f"the screen does not show {wanted} but {self.hand.text[:300]!r}")

    async def _pause(self) -> None:
        await asyncio.sleep(self._random.random() * self._habits.pause)

    async def _to_result(self) -> None:
        for _ in range(_MOST_STEPS):
            await self._pause()
            if "go.change" in self.hand.actions:
                return
            await self._next()
        raise AssertionError("no result after so many steps")

    async def _detour(self) -> None:
        for beginning in self._random.choice(_DETOURS):
            await self._pause()
            fits = [action for action in self.hand.actions if action.startswith(beginning)]
            if not fits:
                return
            await self.hand.tap(self._random.choice(fits))
        await self._to_result()

    async def _next(self) -> None:
        """Do what the screen asks for."""
        actions = list(self.hand.actions)
        asked = [action.split(".")[1] for action in actions if action.split(".")[0] in ("a", "all")]
        if asked and not ({"now", "leave"}.intersection(actions) and asked[0] in self.said):
            newest = max(self._newest, self.hand.revision)
            await self._answer(QUESTIONS[asked[0]])
            self._newest = max(newest, self.hand.revision)
            if self._newest > newest + 1:
                self.faults.append(f"one answer led from revision {newest} to {self._newest}")
            return
        leave = next((action for action in ("begin", "now", "leave", "resume") if action in actions), None)
        if leave is None:  # the buttons have gone to a new message that is still to come
            await self.hand.waits()
        else:
            await self.hand.tap(leave)

    async def _answer(self, question: Question) -> None:
        if question.is_checklist:
            await self._answer_list(question)
            return
        (line,) = question.lines
        self.stale += line.id in self.said
        number = self.mind.facts.get(line.fact)
        if question.takes_number and self.mind.types and number is not None:
            self.said[line.id] = f"={number}"
            await self.hand.type(self._written(f"{number}"))
        else:
            self.said[line.id] = self.mind.option(line)
            await self.hand.tap(f"a.{question.id}.{self.said[line.id]}")

    def _written(self, number: str) -> str:
        return self._random.choice((number, number.replace(".", ","), f" {number} "))

    async def _answer_list(self, question: Question) -> None:
        """Turn the next line that has to be turned, or close the list when all of them then stand as they should."""
        shown = [action[2:] for action in self.hand.actions if action.startswith("t.")]
        if not shown:  # alone, a line has buttons of its own
            no = self.hand.actions[f"all.{question.id}.no"][0]
            shown = [line.id for line in question.lines if no == LABELS(f"alone.{line.id}.no")]
        self.stale += question.id in self.said and all(line in self.said for line in shown)
        stands = {line: self._stand(line) or UNKNOWN for line in shown}
        irrelevant = [line for line in shown if self._is_irrelevant(line)]  # whatever they stand at
        wanted = {line: stands[line] if line in irrelevant else self.mind.option(LINES[line]) for line in shown}
        for closing in (f"all.{question.id}.{option}" for option in ("met", "no", "yes", UNKNOWN, "shown")):
            if closing not in self.hand.actions:
                continue
            if self.mind.turns and not closing.endswith("shown") and len(shown) > 1 and wanted != stands:
                continue
            option = closing.rpartition(".")[2]
            stay = [line for line in shown if option == "shown" or stands[line] != UNKNOWN or line in irrelevant]
            if {line: stands[line] if line in stay else option for line in shown} == wanted:
                untouched = {line: option for line in irrelevant if stands[line] == UNKNOWN}
                self.said |= {line: at for line, at in wanted.items() if line not in untouched}
                self.said |= untouched if option != "shown" else {}  # who says "all others" says it of these too
                self.said[question.id] = DONE
                await self.hand.tap(closing)
                return
        line = next(line for line in shown if stands[line] != wanted[line])
        await self.hand.tap(f"t.{line}")

    def _stand(self, line: str) -> str | None:
        """At what a line of a list stands, by the words on its button."""
        if f"t.{line}" not in self.hand.actions:
            return None
        words = self.hand.actions[f"t.{line}"][0].strip("()")
        return next(
            option
            for option in LINES[line].options
            if words == LABELS(f"line.{line}", LABELS(f"stand.{line}.{option}"))
        )

    def _is_irrelevant(self, line: str) -> bool:
        """Whether a line makes no difference as the others stand: its words are in brackets."""
        words = self.hand.actions.get(f"t.{line}", ("",))[0]
        return words == LABELS("button.irrelevant", words.strip("()"))
