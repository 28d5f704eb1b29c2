"""Which message is to show a screen: one that is there, or a new one. The only place where that is decided."""

from __future__ import annotations

from bot.store import Stored


def target(stored: Stored | None, tapped: int | None = None, *, fresh: bool = False, again: bool = False) -> int | None:
    """The id of the message to edit, or None when the screen goes to a new message.

    stored: what is kept of the chat. tapped: the message whose button was tapped; None for a screen that answers a
    message. fresh: the button belongs to the stored session. again: the update was answered before.

    A button that still counts turns its own message, and so does any button of the live message, or of whatever is
    there while no message is known to be. An update that is delivered again must not send a second message where the
    first is known, or may be. All else gets a new message at the end of the chat, where the person looks.
    """
    live = stored.message_id if stored else None
    if tapped is not None and (fresh or tapped == live or (stored and live is None)):
        return tapped
    if again and stored and (stored.arrived or tapped is not None):
        return live
    return None
