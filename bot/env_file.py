"""Reading the `.env` file. A line that is meant as a setting and cannot be used is refused, not ignored."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from dotenv.parser import Binding, parse_stream


def read_env_file(path: Path, settings: Collection[str]) -> dict[str, str]:
    """The variables of the file, none where there is no file.

    settings: the names of the bot's settings. Raises ValueError for a file or a line that cannot be read, a misspelt
    name and a name given twice; its text is one line without any value.
    """
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(parse_stream(file))
    except (FileNotFoundError, IsADirectoryError):  # `.env` may be a virtual environment
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
    """The setting that a misspelt name stands for."""
    return name.strip(":").upper().replace("-", "_")


def _number(line: Binding) -> int:
    """The line number of the binding, whose text begins with the empty lines before it."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")
