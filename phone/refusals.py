"""How the stand-in says no: Telegram's error codes and words."""

from __future__ import annotations


class TelegramError(Exception):
    """A refusal, as the Bot API puts it on the wire.

    code: the HTTP status, 400 to 599. description: Telegram's words. retry_after: seconds, with 429 only.
    """

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


class ConnectionDroppedError(Exception):
    """The connection broke before the caller had an answer."""


class ForeignPageError(Exception):
    """Something between the caller and Telegram answers, with a page of its own. code: its HTTP status."""

    def __init__(self, code: int, html: str = "<html><body><h1>Gateway</h1></body></html>") -> None:
        super().__init__(f"{code}, a page")
        self.code = code
        self.html = html


def bad_request(words: str) -> TelegramError:
    """A 400 with `words` after Telegram's prefix."""
    return TelegramError(400, f"Bad Request: {words}")


def envelope(error: TelegramError) -> dict[str, object]:
    """What goes over the wire, with status `error.code`."""
    sent: dict[str, object] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after is not None:
        sent["parameters"] = {"retry_after": error.retry_after}
    return sent
