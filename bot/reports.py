"""Problem reports to the bot's owner: the card and the content version, nothing about the reader."""

from __future__ import annotations

import logging

from aiolimiter import AsyncLimiter
from telegram import Bot
from telegram.error import TelegramError

from dialogs.conversation import Conversation
from dialogs.view import Tell, Turn

MOST = 10
"""Reports that the owner gets in a minute; further ones go to the log."""

_log = logging.getLogger(__name__)


class Reports:
    """owner: the Telegram user id that gets them; 0: they go to the log."""

    def __init__(self, conversation: Conversation, owner: int) -> None:
        self._conversation = conversation
        self._owner = owner
        self._pace = AsyncLimiter(MOST, 60)

    async def notice(self, bot: Bot, turn: Turn) -> str:
        """Send the turn's report to the owner, if it has one. Returns the notice for the reader."""
        if not isinstance(turn, Tell):
            return turn.notice
        text = self._conversation.report_text(turn.report)
        if self._owner and self._pace.has_capacity():
            await self._pace.acquire()
            try:
                await bot.send_message(self._owner, text, parse_mode=None)
            except TelegramError as error:  # the owner may not have written to the bot yet
                _log.warning("a report did not reach its owner: %s", type(error).__name__)
            else:
                return turn.notice
        _log.warning(text)
        return self._conversation.report_kept(turn.report)
