"""A person with a phone, who uses the bot through a real Application."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.buttons import decode
from phone.chat import Message, Toast
from phone.files import File
from phone.inline import Result
from phone.polls import Poll
from phone.telegram import Telegram


class User:
    """One person's chat. The application must be initialised; updates go through its update processor."""

    def __init__(self, application: Application[Any, Any, Any, Any, Any, Any], telegram: Telegram, chat_id: int = 1):
        self.application = application
        self.telegram = telegram
        self.chat_id = chat_id

    async def start(self, payload: str = "") -> None:
        """Tap START."""
        await self.type(f"/start {payload}")

    async def type(self, text: str) -> None:
        """Type and send a text or a command."""
        await self.deliver(self.telegram.phones.say(self.chat_id, text))

    async def send(self, kind: str) -> None:
        """Send a photo, voice, document, contact, location or sticker."""
        await self.deliver(self.telegram.phones.send_other(self.chat_id, kind))

    async def tap(self, caption: str, message_id: int | None = None) -> None:
        """Tap the button with that caption, or the only one that begins so, on the live or the named message."""
        message = self.live if message_id is None else self.message(message_id)
        row, column = _find(message, caption)
        await self.deliver(self.telegram.phones.tap(self.chat_id, message.id, row, column))

    async def press(self, *actions: str) -> None:
        """Tap the buttons with these actions (`begin`, `a.grade.G2`) on the live message, whatever they say."""
        for action in actions:
            message = self.live
            there = {
                decode(str(button.get("callback_data"))): (row, column)
                for row, buttons in enumerate(message.keyboard)
                for column, button in enumerate(buttons)
            }
            places = [place for data, place in there.items() if data and data[1] == action]
            assert places, f"{action} is not on the screen:\n{message.text}\n{message.buttons}"
            await self.deliver(self.telegram.phones.tap(self.chat_id, message.id, *places[0]))

    async def ask_inline(self, text: str) -> list[Result]:
        """Type `@bot text` without sending it; what is offered."""
        await self.deliver(self.telegram.phones.ask_inline(self.chat_id, text))
        inline = self.telegram.phones.chat(self.chat_id).inline
        assert inline is not None
        assert inline.answered, "the bot did not answer"
        return inline.results

    async def choose(self, result: Result) -> Message:
        """Send what is offered; the message that the chat now has."""
        await self.deliver(self.telegram.phones.choose(self.chat_id, result.id))
        return next(
            message for message in reversed(self.telegram.phones.chat(self.chat_id).messages) if message.via_bot
        )

    async def forge(self, data: str, message_id: int | None = None) -> None:
        """Send a callback with any data."""
        on = self.live.id if message_id is None else message_id
        await self.deliver(self.telegram.phones.forge(self.chat_id, on, data))

    async def deliver(self, update: dict[str, Any]) -> None:
        """Let the application deal with an update, to the end."""
        parsed = Update.de_json(update, self.application.bot)
        processor = self.application.update_processor
        await processor.process_update(parsed, self.application.process_update(parsed))

    @property
    def live(self) -> Message:
        """The message that the bot last sent or rewrote."""
        return self.message(self.telegram.phones.chat(self.chat_id).live)

    def message(self, message_id: int) -> Message:
        """The message of that id."""
        found = self.telegram.phones.chat(self.chat_id).find(message_id)
        assert found is not None, f"there is no message {message_id}"
        return found

    @property
    def polls(self) -> list[Poll]:
        """The polls that the bot sent, in order."""
        messages = self.telegram.phones.chat(self.chat_id).messages
        return [self.telegram.phones.polls[message.poll] for message in messages if message.poll]

    async def vote(self, option: int, poll: Poll | None = None) -> dict[str, Any]:
        """Choose an option of the last poll, or of the one named; the update."""
        chosen = (poll or self.polls[-1]).id
        update = self.telegram.phones.vote(self.chat_id, chosen, option)
        await self.deliver(update)
        return update

    @property
    def files(self) -> list[File]:
        """The pictures and documents that the bot sent, in order."""
        messages = self.telegram.phones.chat(self.chat_id).messages
        return [self.telegram.phones.files[message.file] for message in messages if message.file]

    def sees(self, *words: str) -> bool:
        """True; an AssertionError that shows the live message where one of `words` is not on it."""
        for word in words:
            assert word in self.live.text, f"{word!r} is not on the screen:\n{self.live.text}"
        return True

    def buttons(self) -> list[str]:
        """The captions on the live message."""
        return [caption for row in self.live.buttons for caption in row]

    @property
    def toast(self) -> Toast | None:
        """The answer to the last tap that was answered."""
        toasts = self.telegram.phones.chat(self.chat_id).toasts
        return toasts[-1] if toasts else None

    @property
    def waits(self) -> bool:
        """Whether a tapped button still spins."""
        return bool(self.telegram.phones.chat(self.chat_id).waiting)


def _find(message: Message, caption: str) -> tuple[int, int]:
    places = [
        (text, row, column) for row, captions in enumerate(message.buttons) for column, text in enumerate(captions)
    ]
    fits = [place for place in places if place[0] == caption]
    fits = fits or [place for place in places if place[0].startswith(caption)]
    assert len(fits) == 1, f"{caption!r} fits {len(fits)} of the buttons {[place[0] for place in places]}"
    return fits[0][1:]
