"""What is done beside the talk: a look-up, and the first drawing of a picture."""

from __future__ import annotations

import time

from bench.measure import Row, beside, per_call
from bench.ways import shown
from dialogs.conversation import Command, Conversation, Tap
from dialogs.view import Send

_QUESTIONS = ("milan criteria", "recurrence after r0", "how big a lesion can be ablated", "ki67 18", "chromogranin a")
_WAY = ("begin", "a.grade.G2", "a.pattern.II", "all.prerequisites.met", "all.symptoms.no", "a.steps.no")


def rows() -> list[Row]:
    """The rows of the table."""
    conversation = Conversation()
    turn = shown(conversation, None, Command("start"))
    for action in _WAY:
        turn = shown(conversation, turn.session, Tap(action))
    session = turn.session

    def asked() -> None:
        for question in _QUESTIONS:
            conversation.inline(question)

    _, seconds = beside(lambda: per_call(lambda: None), lambda: per_call(asked))
    began = time.process_time()
    sent = conversation.respond(session, Tap("pic.algorithm"))
    assert isinstance(sent, Send)
    (attachment,) = sent.attachments
    attachment.draw()
    first = time.process_time() - began
    again = min(per_call(attachment.draw) for _ in range(3))
    return [
        Row("looking something up", seconds / len(_QUESTIONS) * 1e3, "ms", must=5),
        Row("the first drawing of the algorithm", first * 1e3, "ms"),
        Row("drawing it again", again * 1e3, "ms"),
    ]
