"""Which message shows a screen: an existing one, or a new one. Nothing else decides that."""

from __future__ import annotations

from bot.store import Stored


def target(
    stored: Stored | None,
    tapped: int | None = None,
    *,
    fresh: bool = False,
    again: bool = False,
    stays: bool = False,
) -> int | None:
    """The id of the message to edit; None for a new message.

    stored: of the chat. tapped: the message whose button was tapped; None for a screen that answers a message. fresh:
    the button has the revision of the stored session. again: the update was answered before, or the button was tapped
    twice. stays: the tapped message is no screen, and stays as it is.

    A tap edits its own message when the button is fresh, the message is the live one, or no live message is known. An
    update that is delivered again edits the live message where its screen has arrived, or may have: it must not send a
    second one. Below a message that stays, the screen is there already when the live message is below it. Any other
    screen is a new message at the end of the chat, where the person looks.
    """
    live = stored.message_id if stored else None
    if tapped is not None and stays:
        return live if again and live is not None and live > tapped else None
    if tapped is not None and (fresh or (stored and tapped >= (live or 0))):
        return tapped
    if again and stored and (stored.arrived or tapped is not None):
        return live
    return None
