"""Settings from the environment and `.env`. A wrong value is one line, never a traceback, never a token."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAX_RETENTION_HOURS = 24 * 365


class SettingsError(ValueError):
    """A setting that stops the start; its text is one line that names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the bot is told from outside.

    bot_token: empty means the phone page instead of Telegram.
    bot_api_url: scheme and host of the Bot API server, without `/bot` and without a slash at the end.
    database: the SQLite file.
    listen_host, listen_port: where the phone page listens.
    allowed_users: Telegram user ids; empty means everyone.
    retention_hours: after how many hours without a message a case is deleted, 1 to 8760.
    log_level: one of LEVELS.
    owner_contact: shown in /privacy and /about, may be empty.
    """

    bot_token: str = field(default="", repr=False)
    bot_api_url: str = "https://api.telegram.org"
    database: Path = Path("nen-lm.sqlite3")
    listen_host: str = "127.0.0.1"
    listen_port: int = 8080
    allowed_users: frozenset[int] = frozenset()
    retention_hours: int = 24
    log_level: str = "INFO"
    owner_contact: str = ""


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Settings from the environment, and from env_file for what the environment does not name.

    Raises SettingsError.
    """
    try:
        from_file = dotenv_values(env_file, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file}: cannot be read ({type(error).__name__}), takes UTF-8 text") from None
    return read_settings({name: value or "" for name, value in from_file.items()} | dict(os.environ))


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Settings from variables; an absent or blank one stands at its default. Raises SettingsError."""
    given = {name: value.strip() for name, value in variables.items() if value.strip()}
    default = Settings()
    if "WEBHOOK_URL" in given:
        raise SettingsError("WEBHOOK_URL: webhooks are not available yet, leave it empty; the bot polls")
    host, port = _listen(given.get("LISTEN", "127.0.0.1:8080"))
    return Settings(
        bot_token=_token(given.get("BOT_TOKEN", "")),
        bot_api_url=_api_url(given.get("BOT_API_URL", default.bot_api_url)),
        database=_database(given.get("DATABASE_URL", f"sqlite:///{default.database}")),
        listen_host=host,
        listen_port=port,
        allowed_users=_users(given.get("ALLOWED_USERS", "")),
        retention_hours=_hours(given.get("RETENTION_HOURS", str(default.retention_hours))),
        log_level=_level(given.get("LOG_LEVEL", default.log_level)),
        owner_contact=_contact(given.get("OWNER_CONTACT", "")),
    )


def _wrong(name: str, got: str, takes: str) -> SettingsError:
    """The line about a wrong value; what looks like a password or a token in it is left out."""
    shown = re.sub(r"//[^/@]*@", "//…@", got)
    shown = re.sub(r"\d+:[\w-]{20,}", "…", shown)
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    return SettingsError(f"{name}: got {shown!r}, takes {takes}")


def _token(value: str) -> str:
    if value and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        raise SettingsError("BOT_TOKEN: got something else (not shown), takes digits:letters as from @BotFather")
    return value


def _api_url(value: str) -> str:
    takes = "scheme and host of a Bot API server, such as https://api.telegram.org"
    try:
        url = urlsplit(value)
        port = url.port
    except ValueError:
        raise _wrong("BOT_API_URL", value, takes) from None
    wanted = url.scheme in ("http", "https") and url.hostname and port != 0
    if not wanted or url.path not in ("", "/") or url.query or url.fragment or "@" in url.netloc:
        raise _wrong("BOT_API_URL", value, takes)
    return f"{url.scheme}://{url.netloc}"


def _database(value: str) -> Path:
    if value.startswith(("postgresql://", "postgres://")):
        raise SettingsError("DATABASE_URL: PostgreSQL is not available yet, takes sqlite:///path")
    scheme, _, path = value.partition(":///")
    if scheme != "sqlite" or not path or path.endswith("/") or ":memory:" in path or "\0" in path:
        raise _wrong("DATABASE_URL", value, "sqlite:///path of a file")
    return Path(path)


def _listen(value: str) -> tuple[str, int]:
    takes = "host:port with a port from 1 to 65535, such as 127.0.0.1:8080"
    try:
        url = urlsplit(f"//{value}")
        host, port = url.hostname, url.port
    except ValueError:
        raise _wrong("LISTEN", value, takes) from None
    if not host or not port or "@" in value or url.path or url.query or url.fragment:
        raise _wrong("LISTEN", value, takes)
    return host, port


def _users(value: str) -> frozenset[int]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(r"[1-9][0-9]{0,15}", part) for part in parts) or (value and not parts):
        raise _wrong("ALLOWED_USERS", value, "numeric Telegram user ids with commas between them")
    return frozenset(int(part) for part in parts)


def _hours(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MAX_RETENTION_HOURS:
        raise _wrong("RETENTION_HOURS", value, f"a whole number of hours from 1 to {MAX_RETENTION_HOURS}")
    return int(value)


def _level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise _wrong("LOG_LEVEL", value, "one of " + ", ".join(LEVELS))
    return value.upper()


def _contact(value: str) -> str:
    if len(value) > 200 or not value.isprintable():
        raise _wrong("OWNER_CONTACT", value, "one line of at most 200 characters")
    return value
