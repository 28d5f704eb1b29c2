"""A person whose updates are brought to the webhook."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.user import User


class Webbed(User):
    """Each update has to be answered with `status`. door: to a worker, with the secret in its headers."""

    door: httpx.AsyncClient
    status = 200

    async def deliver(self, update: dict[str, Any]) -> None:
        """Post the update as Telegram does."""
        assert (await self.door.post("/telegram", json=update)).status_code == self.status
