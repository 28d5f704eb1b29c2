"""The errors of the stand-in, with Telegram's codes and words."""

from __future__ import annotations


class TelegramError(Exception):
    """A refusal, as the Bot API sends it.

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
    """Something between the caller and Telegram, such as a proxy, answers with a page of its own. code: its HTTP
    status.
    """

    def __init__(self, code: int, html: str = "<html><body><h1>Gateway</h1></body></html>") -> None:
        super().__init__(f"{code}, a page")
        self.code = code
        self.html = html


def bad_request(words: str) -> TelegramError:
    """A 400 with `words` after Telegram's prefix."""
    return TelegramError(400, f"Bad Request: {words}")


def envelope(error: TelegramError) -> dict[str, object]:
    """The body of the answer; its status is `error.code`."""
    sent: dict[str, object] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after is not None:
        sent["parameters"] = {"retry_after": error.retry_after}
    return sent
