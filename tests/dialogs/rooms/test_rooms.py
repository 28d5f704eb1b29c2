"""The pages behind a result: read on a ward round, so each is one page."""

from __future__ import annotations

import pytest

from tests.dialogs.rooms.pages import cases, has
from tests.support.walk import Talk


@pytest.mark.parametrize("name", ["why", "numbers", "alternatives", "transplant"])
def test_a_room_is_one_page(name: str) -> None:
    for talk, _ in cases():
        if has(talk, name):
            turning = [
                a for a in Talk(talk.conversation, talk.session).forges(f"go.{name}").actions if f"go.{name}" in a
            ]
            assert not turning
