"""The seam below PTB's Bot: real request building and response parsing, with the stand-in instead of a network."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from phone.forms import Upload
from phone.polling import Bell, get_updates
from phone.refusals import envelope
from phone.telegram import ConnectionDroppedError, ForeignPageError, Telegram, TelegramError


class FakeTelegram(BaseRequest):
    """Hands every call of a Bot to `telegram`, in process."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self._bell = Bell(telegram.phones)

    @property
    def read_timeout(self) -> float | None:
        """PTB adds it to the time a poll may take."""
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body that Telegram would answer with; NetworkError for a dropped connection."""
        token, name = url.rsplit("/bot", 1)[1].split("/")
        params = _params(request_data)
        await asyncio.sleep(0)  # a network always lets others go first
        try:
            self.telegram.check_token(token)
            name = self.telegram.named(name)
            if name == "getUpdates":
                result: object = await get_updates(self.telegram, self._bell, params)
            else:
                seconds = self.telegram.delay(name, params)
                result = self.telegram.call(name, params)
                await asyncio.sleep(seconds)
        except ForeignPageError as error:
            return error.code, error.html.encode()
        except TelegramError as error:
            return error.code, json.dumps(envelope(error)).encode()
        except ConnectionDroppedError:
            raise NetworkError("the connection was dropped") from None
        return 200, json.dumps({"ok": True, "result": result}).encode()


def _params(request_data: RequestData | None) -> dict[str, object]:
    if request_data is None:
        return {}
    files = request_data.multipart_data.items()
    uploads = {name: Upload(file, content) for name, (file, content, _) in files if isinstance(content, bytes)}
    return {**request_data.json_parameters, **uploads}
