"""The methods about the bot itself: its name, its commands, its descriptions."""

from __future__ import annotations

from phone.params import Method, Params, check_command
from phone.phones import Phones
from phone.refusals import bad_request


class Profile:
    """The methods, by name. Each raises TelegramError."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self.commands: list[dict[str, str]] = []
        self.description = ""
        self.short_description = ""
        self.methods: dict[str, Method] = {
            "getMe": self._get_me,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "setMyDescription": self._set_my_description,
            "setMyShortDescription": self._set_my_short_description,
        }

    def _get_me(self, params: Params) -> object:
        return {
            **self._phones.me,
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }

    def _set_my_commands(self, params: Params) -> object:
        commands = params.get("commands")
        if not isinstance(commands, list | tuple):
            raise bad_request("can't parse commands JSON object")
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands = [check_command(command) for command in commands]
        return self._phones.changed(True)

    def _get_my_commands(self, params: Params) -> object:
        return self.commands

    def _set_my_description(self, params: Params) -> object:
        text = str(params.get("description", ""))
        if len(text) > 512:
            raise bad_request("DESCRIPTION_TOO_LONG")
        self.description = text
        return self._phones.changed(True)

    def _set_my_short_description(self, params: Params) -> object:
        text = str(params.get("short_description", ""))
        if len(text) > 120:
            raise bad_request("ABOUT_TOO_LONG")
        self.short_description = text
        return self._phones.changed(True)
