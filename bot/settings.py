"""Settings from the environment, `.env` and files. A wrong value gives one line, without a traceback or a token."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from bot.env_file import read_env_file

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAX_RETENTION_HOURS = 24 * 365
SECRETS = ("BOT_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET")
"""Settings that can also be read from the file that NAME_FILE names."""

NAMES = (
    *("BOT_TOKEN", "BOT_API_URL", "DATABASE_URL", "WEBHOOK_URL", "WEBHOOK_SECRET", "LISTEN", "ALLOWED_USERS"),
    *("RETENTION_HOURS", "LOG_LEVEL", "OWNER_CONTACT", "OWNER_CHAT", *(f"{name}_FILE" for name in SECRETS)),
)

_TELEGRAM = "https://api.telegram.org"
_TELEGRAMS_PORTS = (None, 443, 80, 88, 8443)
_POSTGRES = ("postgresql://", "postgres://")


class SettingsError(ValueError):
    """A wrong setting, which stops the start. Its text is one line that names the variable."""


class Address(NamedTuple):
    """Where to listen. port: 0 means any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


DOOR = Address("127.0.0.1", 8080)
"""Where the phone page and the webhook listen by default."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked.

    bot_token: empty means the phone page instead of Telegram.
    bot_api_url: scheme and host of the Bot API server, without `/bot` and without a slash at the end.
    database_url: `sqlite:///path` or `postgresql://…`.
    webhook_url: where Telegram sends updates; empty means polling.
    webhook_secret: what Telegram sends with them; empty means one derived from the token.
    listen: where the phone page, the webhook, or the health of a polling process is served; None means DOOR for the
    first two, and nowhere for the third.
    allowed_users: Telegram user ids; empty means everyone.
    retention_hours: after how many hours without a message a case is deleted, 1 to 8760.
    log_level: one of LEVELS.
    owner_contact: shown in /privacy and /about, may be empty.
    owner_chat: the Telegram user id that gets the readers' problem reports; 0: they go to the log.
    """

    bot_token: str = field(default="", repr=False)
    bot_api_url: str = _TELEGRAM
    database_url: str = field(default="sqlite:///nen-lm.sqlite3", repr=False)
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    listen: Address | None = None
    allowed_users: frozenset[int] = frozenset()
    retention_hours: int = 24
    log_level: str = "INFO"
    owner_contact: str = ""
    owner_chat: int = 0

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown; some may be empty."""
        return self.bot_token, self.webhook_secret, *_passwords(self.database_url)


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Settings from the environment, and from env_file for what the environment does not name.

    Raises SettingsError.
    """
    try:
        from_file = read_env_file(env_file, NAMES)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    return read_settings(from_file | dict(os.environ))


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Settings from variables; one that is absent or blank has its default. Raises SettingsError."""
    given = {name: value.strip() for name, value in variables.items() if value.strip()}
    given |= {name: _from_file(name, given) for name in SECRETS if f"{name}_FILE" in given}
    default = Settings()
    token, api_url = _token(given.get("BOT_TOKEN", "")), _api_url(given.get("BOT_API_URL", default.bot_api_url))
    return Settings(
        bot_token=token,
        bot_api_url=api_url,
        database_url=_database(given.get("DATABASE_URL", default.database_url)),
        webhook_url=_webhook(given.get("WEBHOOK_URL", ""), token, api_url),
        webhook_secret=_secret(given.get("WEBHOOK_SECRET", "")),
        listen=_listen(given["LISTEN"]) if "LISTEN" in given else None,
        allowed_users=_users(given.get("ALLOWED_USERS", "")),
        retention_hours=_hours(given.get("RETENTION_HOURS", str(default.retention_hours))),
        log_level=_level(given.get("LOG_LEVEL", default.log_level)),
        owner_contact=_contact(given.get("OWNER_CONTACT", "")),
        owner_chat=_owner(given.get("OWNER_CHAT", "")),
    )


def _wrong(name: str, got: str, takes: str) -> SettingsError:
    """The error about a wrong value, without what looks like a password or a token."""
    shown = re.sub(r"(?s)^.+@", "…@", got)
    shown = re.sub(r"(?i)\d+(:|%3a)[\w-]{20,}", "…", shown)
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    return SettingsError(f"{name}: got {shown!r}, takes {takes}")


def _parts(name: str, address: str, takes: str, got: str = "") -> tuple[SplitResult, int | None]:
    """The parts of an address, and its port. got: the value that was set, where it is not the address itself."""
    try:
        url = urlsplit(address)
        return url, url.port
    except ValueError:
        raise _wrong(name, got or address, takes) from None


def _token(value: str) -> str:
    if value and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        raise SettingsError("BOT_TOKEN: got something else (not shown), takes digits:letters as from @BotFather")
    return value


def _api_url(value: str) -> str:
    takes = "scheme and host of a Bot API server, such as https://api.telegram.org"
    url, port = _parts("BOT_API_URL", value, takes)
    wanted = url.scheme in ("http", "https") and url.hostname and port != 0
    if not wanted or url.path not in ("", "/") or url.query or url.fragment or "@" in url.netloc:
        raise _wrong("BOT_API_URL", value, takes)
    return f"{url.scheme}://{url.netloc}"


def _from_file(name: str, given: Mapping[str, str]) -> str:
    path = Path(given[f"{name}_FILE"])
    if name in given:
        raise SettingsError(f"{name}_FILE: got a file although {name} is set, takes one of the two")
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"{name}_FILE", str(path), f"a text file that can be read ({type(error).__name__})") from None
    if not secret:  # it would count as not set
        raise _wrong(f"{name}_FILE", str(path), "a file with something in it")
    return secret


def _database(value: str) -> str:
    takes = "sqlite:///path of a file, or postgresql://user:password@host/database, %40 for @ in a password"
    hidden = SettingsError(f"DATABASE_URL: got one that cannot be read (not shown), takes {takes}")
    if value.startswith(_POSTGRES):
        from psycopg import ProgrammingError  # imported here: SQLite does without
        from psycopg.conninfo import conninfo_to_dict

        try:
            given = conninfo_to_dict(value)
        except ProgrammingError:
            given = {"host": "?"}
        # With an @ in the password, its end would be taken for the host and printed.
        sound = re.fullmatch(r"[\w.:/,-]*", str(given.get("host") or "")) and "@" not in str(given.get("dbname") or "")
        if not sound or not re.fullmatch(r"[0-9,]*", str(given.get("port") or "")):
            raise hidden
        return value
    scheme, _, path = value.partition(":///")
    if scheme != "sqlite" or not path or path.endswith("/") or ":memory:" in path or "\0" in path:
        # Anything else may be the address of another database, with its password in any place.
        raise _wrong("DATABASE_URL", value, takes) if re.fullmatch(r"sqlite:[^@]*", value) else hidden
    return value


def _passwords(database_url: str) -> tuple[str, ...]:
    """The passwords in a PostgreSQL address, decoded and as they are written there."""
    if not database_url.startswith(_POSTGRES):
        return ()
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(database_url)
    in_address = re.findall(r"//[^/@]*?:([^/@]*)@|[?&](?:ssl)?password=([^&]*)", database_url)
    return *(str(given.get(name) or "") for name in ("password", "sslpassword")), *(
        "".join(found) for found in in_address
    )


def _webhook(value: str, token: str, api_url: str) -> str:
    """Telegram itself takes https only; another Bot API server may take http."""
    if not value:
        return ""
    takes = "an address that Telegram can reach, such as https://ward.example/telegram, at port 443, 80, 88 or 8443"
    url, port = _parts("WEBHOOK_URL", value, takes)
    if api_url == _TELEGRAM:
        reached = url.scheme == "https" and port in _TELEGRAMS_PORTS
    else:
        reached = url.scheme in ("https", "http") and port != 0
    odd = url.query or url.fragment or "@" in url.netloc or re.search(r"[{}\s]", value)
    if not reached or not url.hostname or odd:
        raise _wrong("WEBHOOK_URL", value, takes)
    if not token:
        raise SettingsError("WEBHOOK_URL: got an address without BOT_TOKEN, takes both or neither")
    return value


def _secret(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise SettingsError("WEBHOOK_SECRET: got something else (not shown), takes 1 to 256 of A-Z a-z 0-9 _ -")
    return value


def _listen(value: str) -> Address:
    takes = "host:port with a port from 0 (any free one) to 65535, such as 127.0.0.1:8080 or [::]:8080"
    url, port = _parts("LISTEN", f"//{value}", takes, got=value)
    host = url.hostname
    if not host or port is None or "@" in value or url.path or url.query or url.fragment:
        raise _wrong("LISTEN", value, takes)
    return Address(host, port)


def _users(value: str) -> frozenset[int]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not all(re.fullmatch(r"[1-9][0-9]{0,15}", part) for part in parts) or (value and not parts):
        raise _wrong("ALLOWED_USERS", value, "numeric Telegram user ids with commas between them")
    return frozenset(int(part) for part in parts)


def _owner(value: str) -> int:
    if value and not re.fullmatch(r"[1-9][0-9]{0,15}", value):
        raise _wrong("OWNER_CHAT", value, "one numeric Telegram user id")
    return int(value or 0)


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
