"""Deciding a case given as bits: what follows from what it states, and what is left of the diagram."""

from __future__ import annotations

from collections.abc import Collection

from guideline.classes import Classes
from guideline.diagram import Diagram, Left
from guideline.facts import Bands, Follow
from guideline.tree import Tree


class Decider:
    """Decides cases given as bits. imaging: the facts that imaging settles."""

    def __init__(self, tree: Tree, classes: Classes, bands: Bands, imaging: Collection[str]) -> None:
        self.classes = classes
        self.follow = Follow(classes, bands)
        self.diagram = Diagram(tree, classes)
        self._imaging = sum(1 << place for place, fact in enumerate(tree.facts) if fact in imaging)
        self._settled = ~(classes.whole["headline"] | classes.whole["imaging_to_get"])
        self._headline = classes.first["headline"]
        self._get = {get: classes.bit("imaging_to_get", get) for get in (True, False)}

    def decide(self, stated: int) -> tuple[int, Left]:
        """All that is known of a case, and what is left of the diagram. Raises CaseError for a case that contradicts
        itself."""
        bits = self.follow(stated)
        left = self.diagram.left(bits)
        get = self._get[bool(left.facts & self._imaging)]
        return bits & self._settled | left.headlines << self._headline | get, left
