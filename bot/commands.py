"""Commands as people type them: `/Help?`, `/forget!`, `/ask@this_bot rfa size`."""

from __future__ import annotations

import re
from typing import NamedTuple

from telegram import Message
from telegram.ext.filters import MessageFilter

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@(\w+))?[^\w\s]*\s*(.*)", re.DOTALL)


class Read(NamedTuple):
    """name: in lower case. bot: the username it is addressed to, in lower case, or empty. argument: what follows."""

    name: str
    bot: str
    argument: str


def read(text: str | None) -> Read | None:
    """The command that a text begins with, or None. Punctuation right behind it is ignored."""
    found = _COMMAND.fullmatch(text or "")
    return Read(found[1].lower(), (found[2] or "").lower(), found[3].strip()) if found else None


class IsCommand(MessageFilter):
    """Lets a message through that is a command, whether or not the client has marked it as one."""

    def filter(self, message: Message) -> bool:
        """See MessageFilter."""
        return read(message.text) is not None
