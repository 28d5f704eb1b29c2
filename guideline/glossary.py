"""The glossary: our definitions of terms, and the questions that ask for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guideline.content import DATA, entries, read
from guideline.plain import split

FILE = "glossary.toml"

_AROUND = frozenset({
    "what", "whats", "is", "are", "was", "a", "an", "the", "does", "do", "you", "mean", "meaning", "means", "of", "by",
    "define", "defined", "definition", "explain", "stand", "stands", "for", "term", "word", "abbreviation", "tell",
    "me", "in", "this", "that", "please", "pls", "exactly", "again", "called", "it", "s",
})  # fmt: skip
"""Words around a term in a question for its meaning."""


@dataclass(frozen=True, slots=True)
class Term:
    """names: the term as it is written, then as people type it. text: its definition."""

    id: str
    names: tuple[str, ...]
    text: str


class Glossary:
    """All terms."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = terms
        self._named = {tuple(split(name)): term for term in terms.values() for name in term.names}

    def asked(self, question: str) -> Term | None:
        """The term that the question asks about, by its name alone or as in "what is R0"; None for any other
        question."""
        words = split(question)
        while words and tuple(words) not in self._named and words[0] in _AROUND:
            words = words[1:]
        while words and tuple(words) not in self._named and words[-1] in _AROUND:
            words = words[:-1]
        return self._named.get(tuple(words))


def load(folder: Path = DATA) -> Glossary:
    """The terms of the folder's glossary.toml. Raises ContentError."""
    terms: dict[str, Term] = {}
    named: dict[tuple[str, ...], str] = {}
    for item in entries(FILE, "file", read(folder, FILE)):
        term = Term(item.id, item.texts("names"), item.text("text"))
        item.done()
        if not term.names:
            raise item.error("names has none")
        for name in term.names:
            if named.setdefault(tuple(split(name)), item.id) != item.id or not split(name):
                raise item.error(f"names {name!r}, which is no word or another term's")
        terms[item.id] = term
    return Glossary(terms)


@cache
def glossary() -> Glossary:
    """The terms that come with the program, read once."""
    return load()
