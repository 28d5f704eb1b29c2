"""The machine as a Mermaid chart, drawn by the machine itself."""

from __future__ import annotations

from transitions.extensions import GraphMachine

from dialogs.machine import EDGES
from dialogs.questions import Stage


class _Holder:
    """Something for the chart to hang on; the chart is drawn for a model."""

    state: Stage


def mermaid() -> str:
    """The stages and the ways between them."""
    holder = _Holder()
    machine = GraphMachine(
        holder, states=Stage, initial=Stage.GRADE, auto_transitions=False, graph_engine="mermaid", title="The talk"
    )
    for source, targets in EDGES.items():
        for target in targets:
            machine.add_transition("answered", source, target)
    return str(machine.get_graph().draw(None)).strip()
