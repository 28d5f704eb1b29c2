from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.settings import NAMES, SECRETS, Address, Settings, SettingsError, load_settings, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_01234"


def test_nothing_set_is_the_phone_page_with_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_a_blank_value_stands_at_its_default() -> None:
    assert read_settings({"BOT_TOKEN": " ", "LISTEN": "", "RETENTION_HOURS": ""}) == Settings()


def test_every_value_is_read() -> None:
    settings = read_settings(
        {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": "http://localhost:8081/",
            "DATABASE_URL": "sqlite:////var/lib/bot/cases.sqlite3",
            "LISTEN": "[::1]:9000",
            "ALLOWED_USERS": "12, 34,",
            "RETENTION_HOURS": "72",
            "LOG_LEVEL": "warning",
            "OWNER_CONTACT": "Surgery, extension 12",
        }
    )

    assert settings == Settings(
        bot_token=TOKEN,
        bot_api_url="http://localhost:8081",
        database_url="sqlite:////var/lib/bot/cases.sqlite3",
        listen=Address("::1", 9000),
        allowed_users=frozenset({12, 34}),
        retention_hours=72,
        log_level="WARNING",
        owner_contact="Surgery, extension 12",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "hello"),
        ("BOT_TOKEN", f"{TOKEN}\nX"),
        ("BOT_API_URL", "api.telegram.org"),
        ("BOT_API_URL", "ftp://api.telegram.org"),
        ("BOT_API_URL", "https://api.telegram.org/bot"),
        ("BOT_API_URL", f"https://api.telegram.org/bot{TOKEN}"),
        ("BOT_API_URL", "https://me:secret@api.telegram.org"),
        ("BOT_API_URL", "https://api.telegram.org:port"),
        ("BOT_API_URL", "https://[::1"),
        ("DATABASE_URL", "cases.sqlite3"),
        ("DATABASE_URL", "sqlite://cases.sqlite3"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///folder/"),
        ("DATABASE_URL", "mysql://me:secret@host/cases"),
        ("DATABASE_URL", "postgresql://me:secret@host:port:5/%zz?x"),
        ("WEBHOOK_URL", "https://example.org/hook"),  # without a token
        ("WEBHOOK_SECRET", "not allowed"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("OWNER_CHAT", "@someone"),
        ("OWNER_CHAT", "-12"),
        ("LISTEN", "8080"),
        ("LISTEN", ":8080"),
        ("LISTEN", "127.0.0.1"),
        ("LISTEN", "127.0.0.1:65536"),
        ("LISTEN", "127.0.0.1:http"),
        ("LISTEN", "http://127.0.0.1:8080"),
        ("ALLOWED_USERS", "@someone"),
        ("ALLOWED_USERS", "12;34"),
        ("ALLOWED_USERS", "-12"),
        ("ALLOWED_USERS", "0"),
        ("ALLOWED_USERS", ","),
        ("RETENTION_HOURS", "0"),
        ("RETENTION_HOURS", "-1"),
        ("RETENTION_HOURS", "8761"),
        ("RETENTION_HOURS", "1.5"),
        ("RETENTION_HOURS", "²"),
        ("RETENTION_HOURS", "a day"),
        ("LOG_LEVEL", "LOUD"),
        ("OWNER_CONTACT", "x" * 201),
        ("OWNER_CONTACT", "two\nlines"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({name: value})

    line = str(refused.value)
    assert line.startswith(f"{name}: ")
    assert len(line.splitlines()) == 1
    assert "secret" not in line
    assert TOKEN not in line


def test_a_wrong_value_is_shown_with_what_is_taken() -> None:
    with pytest.raises(SettingsError, match=re.escape("LOG_LEVEL: got 'LOUD', takes one of DEBUG, INFO, ")):
        read_settings({"LOG_LEVEL": "LOUD"})


WEBHOOK = {"BOT_TOKEN": TOKEN, "WEBHOOK_URL": "https://ward.example/telegram"}


def test_a_webhook_with_a_database_for_several_workers_is_read() -> None:
    url = "postgresql://ward:secret@db.example:5433/cases?sslmode=require"

    settings = read_settings({**WEBHOOK, "WEBHOOK_SECRET": "abc_-1", "DATABASE_URL": url, "OWNER_CHAT": "12"})

    assert settings.webhook_url == "https://ward.example/telegram"
    assert (settings.webhook_secret, settings.database_url, settings.owner_chat) == ("abc_-1", url, 12)


@pytest.mark.parametrize(
    "url",
    ["ward.example", "ftp://ward.example", "http://ward.example/x", "https://me:pw@ward.example", "https://h?a=1"],
)
def test_a_webhook_that_telegram_cannot_use_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^WEBHOOK_URL: "):
        read_settings({**WEBHOOK, "WEBHOOK_URL": url})


def test_another_bot_api_server_may_bring_updates_without_tls() -> None:
    local = {"BOT_API_URL": "http://127.0.0.1:8081", "WEBHOOK_URL": "http://127.0.0.1:8080/x"}

    assert read_settings(WEBHOOK | local).webhook_url == "http://127.0.0.1:8080/x"


@pytest.mark.parametrize(
    "address",
    [
        "host=db.example password=geheim dbname=cases",
        "mysql://ward:geheim@db.example/cases",
        "postgresql:ward:geheim@db.example/cases",
        "postgres:/ward:geheim@db.example/cases",
        "postgresql//ward:geheim@db.example/cases",
        "ward:geheim@db.example/cases",
        "Postgresql://ward:geheim@db.example/cases",
        "postgresql+psycopg://ward:geheim@db.example/cases",
        "jdbc:postgresql://db.example/cases?user=ward&password=geheim",
        "postgresql://ward:x/geheim@db.example/cases",
        "postgresql://ward:1/geheim@db.example/cases",
        "postgresql://ward:x@geheim@db.example/cases",
        "postgresql://ward:%geheim@db.example/cases",
        "postgresql://db.example/cases?passwort=geheim",
        "sqlite:ward:geheim@db.example",
        "geheim",
    ],
)
def test_the_password_of_a_wrong_database_address_is_not_shown(address: str) -> None:
    with pytest.raises(
        SettingsError, match=r"^DATABASE_URL: got one that cannot be read \(not shown\), takes "
    ) as refused:
        read_settings({"DATABASE_URL": address})

    assert "geheim" not in str(refused.value)
    assert "ward" not in str(refused.value)


def test_a_wrong_address_that_is_sqlites_is_shown() -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: got 'sqlite://cases\.sqlite3', takes "):
        read_settings({"DATABASE_URL": "sqlite://cases.sqlite3"})


@pytest.mark.parametrize("name", ["BOT_API_URL", "WEBHOOK_URL", "LISTEN", "ALLOWED_USERS", "LOG_LEVEL"])
@pytest.mark.parametrize("value", ["https:me:geheim@h", "me:geh/geheim@h:1", "x@geheim@h", TOKEN.replace(":", "%3A")])
def test_what_looks_like_a_password_or_a_token_is_not_shown_in_other_settings(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: ") as refused:
        read_settings({"BOT_TOKEN": TOKEN, name: value})

    assert "geheim" not in str(refused.value)
    assert TOKEN.partition(":")[2] not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ward:gehe%2Fim1@db.example/cases",
        "postgresql://db.example/cases?user=ward&password=gehe%2fim1",
        "postgresql://db.example/cases?sslpassword=gehe%2Fim1",
    ],
)
def test_a_password_is_known_as_a_secret_as_it_is_and_as_it_stands_in_the_address(address: str) -> None:
    secrets = read_settings({"DATABASE_URL": address}).secrets

    assert "gehe/im1" in secrets
    assert re.search("gehe%2.im1", address)[0] in secrets  # type: ignore[index]


@pytest.mark.parametrize("password", ["[geheim]", "Geheim%40nis", "x[abcd]y", "ge%23heim", "1?geheim", "1#geheim"])
def test_whatever_is_in_a_password_it_is_known_as_a_secret(password: str) -> None:
    settings = read_settings({"DATABASE_URL": f"postgresql://ward:{password}@db.example/cases"})

    assert unquote(password) in settings.secrets


@pytest.mark.parametrize("password", ["Geheim@nis", "Geheim/nis"])
def test_what_is_left_of_a_password_is_not_taken_for_a_host_and_told(password: str) -> None:
    with pytest.raises(SettingsError, match="%40 for @") as refused:
        read_settings({"DATABASE_URL": f"postgresql://ward:{password}@db.example/cases"})

    assert "nis" not in str(refused.value)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_can_stand_in_a_file(tmp_path: Path, name: str) -> None:
    value = {"BOT_TOKEN": TOKEN, "DATABASE_URL": "postgresql://h/cases", "WEBHOOK_SECRET": "abc"}[name]
    (tmp_path / "secret").write_text(f"{value}\n")

    settings = read_settings({f"{name}_FILE": str(tmp_path / "secret")})

    assert getattr(settings, name.lower()) == value


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_has_no_secret_is_refused_and_not_taken_for_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").write_text("\n")

    for file in ("empty", "not-there"):
        with pytest.raises(SettingsError, match=f"^{name}_FILE: got "):
            read_settings({f"{name}_FILE": str(tmp_path / file)})


def test_a_secret_stands_in_one_place_only(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)

    with pytest.raises(SettingsError, match="takes one of the two") as refused:
        read_settings({"BOT_TOKEN": TOKEN, "BOT_TOKEN_FILE": str(tmp_path / "token")})

    assert TOKEN not in str(refused.value)


def test_the_token_is_not_in_the_repr() -> None:
    secret = Settings(bot_token=TOKEN, database_url="postgresql://ward:secret@h/cases", webhook_secret="secret")

    assert TOKEN not in repr(secret)
    assert "secret@" not in repr(secret)
    assert "'secret'" not in repr(secret)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("RETENTION_HOURS=48\nOWNER_CONTACT='${HOME}, floor 2'\nLOG_LEVEL\n")
    monkeypatch.setenv("RETENTION_HOURS", "12")
    for name in ("OWNER_CONTACT", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    settings = load_settings(file)

    assert settings.retention_hours == 12
    assert settings.owner_contact == "${HOME}, floor 2"
    assert settings.log_level == "INFO"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"bot_token={TOKEN}", "BOT_TOKEN: got it as 'bot_token' in line 1 of "),
        (f"# mine\n\nBot_Token={TOKEN}", "BOT_TOKEN: got it as 'Bot_Token' in line 3 of "),
        (f"BOT-TOKEN={TOKEN}", "BOT_TOKEN: got it as 'BOT-TOKEN' in line 1 of "),
        (f"bot_token_file={TOKEN}", "BOT_TOKEN_FILE: got it as 'bot_token_file' in line 1 of "),
        (f"BOT_TOKEN: {TOKEN}", "line 1 cannot be read (not shown), takes NAME=value"),
        (f"BOT_TOKEN {TOKEN}", "line 1 cannot be read (not shown), takes NAME=value"),
        (f"BOT_TOKEN:={TOKEN}", "BOT_TOKEN: got it as 'BOT_TOKEN:' in line 1 of "),
        (f"A=1\nBOT_TOKEN='{TOKEN}", "line 2 cannot be read (not shown), takes NAME=value"),
        (f"BOT_TOKEN={TOKEN}\nA=1\nBOT_TOKEN=\n", "BOT_TOKEN: got it twice, again in line 3 of "),
        (f"BOT_TOKEN=\nBOT_TOKEN={TOKEN}\n", "BOT_TOKEN: got it twice, again in line 2 of "),
    ],
)
def test_a_line_that_means_a_setting_and_does_not_set_it_is_told(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / ".env"
    file.write_text(text)

    with pytest.raises(SettingsError, match=re.escape(line)) as refused:
        load_settings(file)

    assert "\n" not in str(refused.value)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["\ufeffBOT_TOKEN={}\n", "export BOT_TOKEN='{}' # mine\r\n", 'X=1\nX=2\nBOT_TOKEN = "{}"']
)
def test_a_line_that_sets_it_in_another_way_counts(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text(text.format(TOKEN), "utf-8")

    assert load_settings(tmp_path / ".env").bot_token == TOKEN


def test_a_folder_of_that_name_is_no_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()

    load_settings(tmp_path / ".env")


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("[::]:8080", Address("::", 8080)),
        ("127.0.0.1:0", Address("127.0.0.1", 0)),
        ("[::]:0", Address("::", 0)),
        ("ward.example:80", Address("ward.example", 80)),
    ],
)
def test_where_to_listen_is_read_and_written_alike(value: str, address: Address) -> None:
    assert read_settings({"LISTEN": value}).listen == address
    assert str(address) == value


def test_a_missing_file_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_HOURS", "12")

    assert load_settings(tmp_path / ".env").retention_hours == 12


def test_a_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"OWNER_CONTACT=\xff\xfe\n")

    with pytest.raises(SettingsError, match="takes UTF-8 text"):
        load_settings(file)


def test_the_example_file_sets_nothing_but_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    for name in named:
        monkeypatch.delenv(name, raising=False)

    assert load_settings(EXAMPLE) == Settings()
    assert {*named, *(f"{name}_FILE" for name in SECRETS)} == set(NAMES)
    assert len(named) == len(Settings.__dataclass_fields__)
