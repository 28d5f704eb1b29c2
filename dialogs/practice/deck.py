"""What can be practised: the topics, and the kinds of question of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

KINDS: Mapping[str, tuple[str, ...]] = {
    "grading": ("grade", "caveat"),
    "patterns": ("pattern", "headline", "adjunct", "caveat"),
    "prerequisites": ("prerequisite", "headline", "adjunct", "caveat"),
    "steps": ("headline", "adjunct"),
    "debulking": ("headline", "adjunct"),
    "transplant": ("criterion", "adjunct"),
    "g3": ("headline", "caveat"),
    "work-up": ("missing", "test", "headline"),
}
"""The kinds of question of each topic, in the order in which they are offered."""


class Key(NamedTuple):
    """A topic and a kind of question. The score is kept, and questions come back, for each key."""

    topic: str
    kind: str


DECK: tuple[Key, ...] = tuple(Key(topic, kind) for topic, kinds in KINDS.items() for kind in kinds)
"""All keys."""


def keys_of(topic: str) -> tuple[Key, ...]:
    """The keys of a topic; of all topics for an empty name."""
    return tuple(key for key in DECK if topic in ("", key.topic))
