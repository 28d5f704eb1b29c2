"""The machine as a Mermaid chart, drawn by the machine itself."""

from __future__ import annotations

from transitions.extensions import GraphMachine

from dialogs.machine import EDGES, Walker
from dialogs.questions import Stage


class _Drawn(Walker):
    """A model that the chart can be drawn for; it is not led anywhere."""

    def __init__(self) -> None:
        self.state = Stage.GRADE


def mermaid() -> str:
    """The stages and the ways between them, each with its guard; the first true guard of a stage decides."""
    walker = _Drawn()
    machine = GraphMachine(
        walker,
        states=Stage,
        initial=Stage.GRADE,
        auto_transitions=False,
        graph_engine="mermaid",
        show_conditions=True,
        title="The talk",
    )
    for source, ways in EDGES.items():
        for guard, target in ways:
            machine.add_transition("answered", source, target, conditions=guard)
    return str(machine.get_graph().draw(None)).strip()
