"""The letter about a made-up case: prose from templates/practice/vignette.j2, the same for the same question."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from jinja2 import Environment

from dialogs.practice.question import Question
from guideline.case import FACTS

_Part = TypeVar("_Part")


def letter(env: Environment, question: Question) -> str:
    """The letter of a question, as a paragraph of HTML, with every fact of its case and nothing else."""
    random = Random(repr(sorted(question.facts.items())) + question.text)  # noqa: S311 - which words say it

    def order(parts: Sequence[_Part]) -> list[_Part]:
        return random.sample(parts, len(parts))

    filling = {
        "f": {fact: question.facts.get(fact) for fact in FACTS},
        "pick": random.choice,
        "order": order,
        "describes_only": question.key.kind == "pattern",
    }
    text = env.get_template("practice/vignette.j2").render(filling)
    return " ".join(text.split())
