"""What readers report, to whoever owns the bot: the card and the content version, and nothing of who it was."""

from __future__ import annotations

import logging

from aiolimiter import AsyncLimiter
from telegram import Bot
from telegram.error import TelegramError

from dialogs.conversation import Conversation
from dialogs.view import Tell, Turn

MOST = 10

_log = logging.getLogger(__name__)


class Reports:
    """owner: the Telegram user id that gets them, MOST of them in a minute; 0 means that the log does."""

    def __init__(self, conversation: Conversation, owner: int) -> None:
        self._conversation = conversation
        self._owner = owner
        self._pace = AsyncLimiter(MOST, 60)

    async def notice(self, bot: Bot, turn: Turn) -> str:
        """Hand on what the turn reports, if it does. Returns what the reader is told."""
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
