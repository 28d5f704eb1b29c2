"""The stand-in."""

from __future__ import annotations

import pytest

from bot.phone.telegram import Telegram


@pytest.fixture
def telegram() -> Telegram:
    """A stand-in whose clock stands still."""
    return Telegram(now=lambda: 1_000_000.0)
