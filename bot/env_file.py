"""The `.env` file, read so that nothing in it that means a setting is passed over in silence."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from dotenv.parser import Binding, parse_stream


def read_env_file(path: Path, settings: Collection[str]) -> dict[str, str]:
    """The variables of the file, none where there is no file.

    settings: the names that mean something to the bot. Raises ValueError, its text one line without any value, for a
    file that cannot be read and for a line that means a setting but does not set it.
    """
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(parse_stream(file))
    except (FileNotFoundError, IsADirectoryError):  # the folder may be an environment of Python's
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: cannot be read ({type(error).__name__}), takes UTF-8 text") from None
    variables: dict[str, str] = {}
    for line in lines:
        name = line.key or ""
        if line.error:
            raise ValueError(f"{path}: line {_number(line)} cannot be read (not shown), takes NAME=value")
        if name not in settings and _meant(name) in settings:
            raise ValueError(
                f"{_meant(name)}: got it as {name!r} in line {_number(line)} of {path}, takes {_meant(name)}="
            )
        if name in settings and name in variables:
            raise ValueError(f"{name}: got it twice, again in line {_number(line)} of {path}, takes one")
        if name:
            variables[name] = line.value or ""
    return variables


def _meant(name: str) -> str:
    """The name as a setting's would be written."""
    return name.strip(":").upper().replace("-", "_")


def _number(line: Binding) -> int:
    """Where the binding begins; what was read includes the empty lines before it."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")
