"""The settings: defaults, sources, what is refused and what is never shown."""

from __future__ import annotations

import stat
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from reminders.errors import ConfigurationError
from reminders.settings import (
    EXPECTED,
    MailWindow,
    Settings,
    SmtpTarget,
    ensure_secret_key,
    read_settings,
    unknown_settings,
)

OIDC = {
    "oidc_issuer": "https://login.example",
    "oidc_client_id": "reminders",
    "oidc_client_secret": "made-up-secret",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, so that no .env is near."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_are_those_of_the_interface() -> None:
    """Without any setting every value is the documented default."""
    assert Settings().model_dump() == {
        "state_directory": Path("var"),
        "database_url": "sqlite:///var/reminders.db",
        "smtp_url": None,
        "mail_folder": Path("var/mail"),
        "mail_from": "reminders@vaasa.example",
        "mail_reply_to": None,
        "mail_per_minute": 20,
        "mail_connections": 1,
        "mail_window": MailWindow(time(7), time(16)),
        "mail_cap": 200,
        "smtp_client_secret": None,
        "bounce_address": None,
        "bounce_imap_url": None,
        "host": "127.0.0.1",
        "port": 8000,
        "base_url": "http://127.0.0.1:8000",
        "privacy_url": None,
        "allowed_hosts": None,
        "forwarded_allow_ips": ("127.0.0.1", "::1"),
        "metrics_token": None,
        "secret_key": None,
        "timezone": "Europe/Helsinki",
        "tick_at": time(9),
        "heartbeat_url": None,
        "alarm_smtp_url": None,
        "alarm_to": None,
        "keep_mail_days": 90,
        "keep_addresses_days": 90,
        "session_longest": timedelta(days=7),
        "session_idle": timedelta(days=1),
        "oidc_issuer": None,
        "oidc_client_id": None,
        "oidc_client_secret": None,
        "oidc_claim": "email",
        "oidc_verified_claim": "email_verified",
        "oidc_scopes": "openid email",
        "log_format": "console",
    }


def test_every_setting_says_what_it_expects() -> None:
    """No setting can be refused without words."""
    assert list(EXPECTED) == list(Settings.model_fields)


def test_settings_look_at_nothing_but_their_arguments(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor .env reaches a value made by hand."""
    (folder / ".env").write_text("MAIL_CAP=7\n", encoding="utf-8")
    monkeypatch.setenv("MAIL_CAP", "8")
    assert Settings().mail_cap == 200


def test_settings_are_frozen() -> None:
    """A setting never changes after the start."""
    with pytest.raises(ValidationError):
        Settings().mail_cap = 1  # type: ignore[misc]


def test_the_later_source_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An override wins over the environment, the environment over .env; None and empty are no values."""
    (folder / ".env").write_text(
        "MAIL_CAP=1\nMAIL_PER_MINUTE=2\nMAIL_CONNECTIONS=3\nOTHER=x\n", encoding="utf-8"
    )
    monkeypatch.setenv("MAIL_PER_MINUTE", "4")
    monkeypatch.setenv("MAIL_CONNECTIONS", "5")
    monkeypatch.setenv("MAIL_CAP", "")
    settings = read_settings(mail_connections=6, database_url=None)
    assert (settings.mail_cap, settings.mail_per_minute, settings.mail_connections) == (1, 4, 6)
    assert settings.database_url == "sqlite:///var/reminders.db"


def test_texts_of_the_environment_become_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times, windows and mail servers are read from their written form."""
    monkeypatch.setenv("MAIL_WINDOW", "08:30-15:15")
    monkeypatch.setenv("TICK_AT", "08:45")
    monkeypatch.setenv("SMTP_URL", "smtp://relay.example")
    monkeypatch.setenv("BASE_URL", "https://reminders.example/")
    settings = read_settings()
    assert settings.mail_window == MailWindow(time(8, 30), time(15, 15))
    assert settings.tick_at == time(8, 45)
    assert settings.smtp_url == SmtpTarget("relay.example", 25, "plain")
    assert settings.base_url == "https://reminders.example"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("smtp://mail.example", SmtpTarget("mail.example", 25, "plain")),
        ("smtps://mail.example", SmtpTarget("mail.example", 465, "implicit")),
        ("smtp+starttls://mail.example", SmtpTarget("mail.example", 587, "starttls")),
        (
            "smtp+starttls://bo%40x:p%2Fw%40@mail.example:2525?auth=xoauth2",
            SmtpTarget("mail.example", 2525, "starttls", "bo@x", SecretStr("p/w@"), (("auth", "xoauth2"),)),
        ),
    ],
)
def test_smtp_url_is_read(url: str, target: SmtpTarget) -> None:
    """Security and usual port follow from the scheme; user and password are decoded."""
    assert SmtpTarget.of(url) == target


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_always_uses_psycopg(scheme: str) -> None:
    """However the address is spelt by the host, the driver is the one installed."""
    url = Settings(database_url=f"{scheme}://u:p@h/db").database_url
    assert url == "postgresql+psycopg://u:p@h/db"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/x.db", Path("var/x.db")),
        ("sqlite:////srv/x.db?timeout=3", Path("/srv/x.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://h/x", None),
    ],
)
def test_database_file(url: str, file: Path | None) -> None:
    """Only an SQLite database on disk has a file."""
    assert Settings(database_url=url).database_file == file


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"database_url": "mysql://u:p@h/x"}, "DATABASE_URL: expected {}; found mysql://***@h/x"),
    ({"smtp_url": "mail.example"}, "SMTP_URL: expected {}; found mail.example"),
    ({"smtp_url": "u:p@h?password=p"}, "SMTP_URL: expected {}; found ***@h"),
    ({"smtp_url": "smtp://u:a/b@c@h:99999"}, "SMTP_URL: expected {}; found smtp://***@h:99999"),
    ({"smtp_url": "smtp://u@h"}, "SMTP_URL: expected {}; found smtp://***@h"),
    ({"mail_from": "nobody"}, "MAIL_FROM: expected {}; found nobody"),
    ({"mail_reply_to": "a@b.c\nBcc: d@e.f"}, "MAIL_REPLY_TO: expected {}; found a@b.c\nBcc: d@e.f"),
    ({"mail_per_minute": "0"}, "MAIL_PER_MINUTE: expected {}; found 0"),
    ({"mail_connections": "many"}, "MAIL_CONNECTIONS: expected {}; found many"),
    ({"mail_window": "7-16"}, "MAIL_WINDOW: expected {}; found 7-16"),
    ({"mail_window": "16:00-07:00"}, "MAIL_WINDOW: expected {}; found 16:00-07:00"),
    ({"mail_window": "07:00-24:00"}, "MAIL_WINDOW: expected {}; found 07:00-24:00"),
    ({"mail_cap": "-1"}, "MAIL_CAP: expected {}; found -1"),
    ({"bounce_address": "bounces+x@h.example"}, "BOUNCE_ADDRESS: expected {}; found bounces+x@h.example"),
    ({"bounce_imap_url": "imaps://u:p@x@h:a"}, "BOUNCE_IMAP_URL: expected {}; found imaps://***@h:a"),
    ({"bounce_imap_url": "imaps://h/INBOX"}, "BOUNCE_IMAP_URL: expected {}; found imaps://h/INBOX"),
    ({"alarm_smtp_url": "u:p@h"}, "ALARM_SMTP_URL: expected {}; found ***@h"),
    ({"alarm_smtp_url": "smtp://h"}, "ALARM_TO: expected {}; found nothing"),
    ({"keep_mail_days": "0"}, "KEEP_MAIL_DAYS: expected {}; found 0"),
    ({"keep_addresses_days": "-1"}, "KEEP_ADDRESSES_DAYS: expected {}; found -1"),
    ({"host": "http://x"}, "HOST: expected {}; found http://x"),
    ({"port": "80a"}, "PORT: expected {}; found 80a"),
    ({"port": "70000"}, "PORT: expected {}; found 70000"),
    ({"session_idle": "soon"}, "SESSION_IDLE: expected {}; found soon"),
    (
        {"session_longest": "1h", "session_idle": "90min"},
        "SESSION_IDLE: expected no more than SESSION_LONGEST (1h); found 90min",
    ),
    *(
        ({"oidc_issuer": issuer}, f"OIDC_ISSUER: expected {{}}; found {issuer}")
        for issuer in (
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/organizations/v2.0",
            "https://login.microsoftonline.com/consumers/v2.0",
        )
    ),
    ({"session_longest": "0 d"}, "SESSION_LONGEST: expected {}; found 0 d"),
    ({"base_url": "reminders.example"}, "BASE_URL: expected {}; found reminders.example"),
    ({"privacy_url": "city.example/privacy"}, "PRIVACY_URL: expected {}; found city.example/privacy"),
    ({"base_url": "https://h/a b"}, "BASE_URL: expected {}; found https://h/a b"),
    ({"base_url": "https://h/a/../b"}, "BASE_URL: expected {}; found https://h/a/../b"),
    ({"base_url": "https://h//a"}, "BASE_URL: expected {}; found https://h//a"),
    ({"base_url": "https://h/%41"}, "BASE_URL: expected {}; found https://h/%41"),
    ({"allowed_hosts": "https://h.example"}, "ALLOWED_HOSTS: expected {}; found https://h.example"),
    ({"allowed_hosts": "a b"}, "ALLOWED_HOSTS: expected {}; found a b"),
    ({"forwarded_allow_ips": "proxy"}, "FORWARDED_ALLOW_IPS: expected {}; found proxy"),
    ({"forwarded_allow_ips": "10.0.0.0/99"}, "FORWARDED_ALLOW_IPS: expected {}; found 10.0.0.0/99"),
    ({"metrics_token": "short"}, "METRICS_TOKEN: expected {}; found a value that is not shown"),
    ({"secret_key": "short"}, "SECRET_KEY: expected {}; found a value that is not shown"),
    ({"timezone": "Mars/Olympus"}, "TIMEZONE: expected {}; found Mars/Olympus"),
    ({"timezone": "../etc/passwd"}, "TIMEZONE: expected {}; found ../etc/passwd"),
    ({"tick_at": "25:00"}, "TICK_AT: expected {}; found 25:00"),
    ({"tick_at": "16:00"}, "TICK_AT: expected {}; found 16:00"),
    ({"heartbeat_url": "ftp://x"}, "HEARTBEAT_URL: expected {}; found a value that is not shown"),
    ({"oidc_issuer": "https://login.example"}, "OIDC_CLIENT_ID: expected {}; found nothing"),
    ({"oidc_issuer": "http://login.example"}, "OIDC_ISSUER: expected {}; found http://login.example"),
    (
        {"oidc_issuer": "https://a/{tenantid}/v2.0"},
        "OIDC_ISSUER: expected {}; found https://a/{{tenantid}}/v2.0",
    ),
    ({"oidc_claim": "e mail"}, "OIDC_CLAIM: expected {}; found e mail"),
    ({"oidc_verified_claim": "a\n"}, "OIDC_VERIFIED_CLAIM: expected {}; found a\n"),
    ({"oidc_scopes": "email"}, "OIDC_SCOPES: expected {}; found email"),
    ({"log_format": "xml"}, "LOG_FORMAT: expected {}; found xml"),
]


@pytest.mark.parametrize(("values", "message"), WRONG)
def test_a_value_that_does_not_fit_is_named(values: dict[str, Any], message: str) -> None:
    """The error names the variable, what was expected and what was found, without any secret."""
    name = message.partition(":")[0].lower()
    with pytest.raises(ConfigurationError) as raised:
        Settings(**values)
    assert str(raised.value) == message.format(EXPECTED[name])
    assert raised.value.__cause__ is None


def test_every_setting_that_can_be_wrong_is_tried() -> None:
    """Each setting has a refused value above, or takes any text."""
    tried = {message.partition(":")[0].lower() for _, message in WRONG}
    assert set(EXPECTED) - tried == {
        "state_directory",
        "mail_folder",
        "smtp_client_secret",
        "oidc_client_secret",
    }


def test_secrets_are_never_shown() -> None:
    """Neither repr nor str holds a password, key, token or the address of a database."""
    settings = Settings(
        database_url="postgresql://u:hidden-1@h/x",
        smtp_url="smtps://u:hidden-2@h",
        secret_key="hidden-3-hidden-3",
        heartbeat_url="https://checks.example/hidden-4",
        **OIDC | {"oidc_client_secret": "hidden-5"},
    )
    assert "hidden" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///other.db"),
        ("SMTP_URL", "smtps://u:p@h"),
        ("SECRET_KEY", "0123456789abcdef"),
        ("HEARTBEAT_URL", "https://checks.example/x"),
    ],
)
def test_a_secret_may_stand_in_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """NAME_FILE names a file that holds the value; blanks around it do not count."""
    (folder / "secret").write_text(f"{value}\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(folder / "secret"))
    assert read_settings() == Settings(**{name.lower(): value})


def test_name_file_works_from_env_file_and_the_environment_wins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value of the environment replaces a NAME_FILE of .env."""
    (folder / "key").write_text("from-the-file-of-env", encoding="utf-8")
    (folder / ".env").write_text("SECRET_KEY_FILE=key\n", encoding="utf-8")
    assert read_settings().secret_key == SecretStr("from-the-file-of-env")
    monkeypatch.setenv("SECRET_KEY", "from-the-environment")
    assert read_settings().secret_key == SecretStr("from-the-environment")


def test_a_value_and_its_file_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to guess which of the two holds."""
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef")
    monkeypatch.setenv("SECRET_KEY_FILE", "key")
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert str(raised.value) == "SECRET_KEY: expected either SECRET_KEY or SECRET_KEY_FILE; found both"


def test_a_secret_file_that_cannot_be_read_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing, an empty and a broken file each say so."""
    (folder / "empty").touch()
    (folder / "broken").write_bytes(b"\xff\xfe\xff")
    found = []
    for name in ("none", "empty", "broken"):
        monkeypatch.setenv("SECRET_KEY_FILE", name)
        with pytest.raises(ConfigurationError) as raised:
            read_settings()
        found.append(str(raised.value))
    assert found == [
        "SECRET_KEY_FILE: expected the name of a readable file; found none (No such file or directory)",
        "SECRET_KEY_FILE: expected the name of a file that holds the value; found empty (empty)",
        "SECRET_KEY_FILE: expected the name of a readable file; found broken (not a text in UTF-8)",
    ]


def test_an_env_file_in_another_encoding_is_refused(folder: Path) -> None:
    """A .env that is no UTF-8 is named instead of half read."""
    (folder / ".env").write_bytes(b"MAIL_FROM=\xff\xfe@x.example\n")
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert str(raised.value) == ".env: expected a text file in UTF-8 that can be read; found other bytes"


def test_a_line_of_an_env_file_that_is_none_is_named_without_its_content(folder: Path) -> None:
    """The number of the line leads to it; what stands in it may be a secret."""
    (folder / ".env").write_text("# remark\n\nMAIL_CAP=7\n\nSECRET_KEY a-made-up-secret\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert str(raised.value) == (
        ".env, line 5: expected NAME=value, or # before a remark; found neither (not shown)"
    )


def test_an_env_file_that_is_a_folder_is_named(folder: Path) -> None:
    """A container that mounts a file which is not there gets a folder in its place."""
    (folder / ".env").mkdir()
    with pytest.raises(ConfigurationError) as raised:
        read_settings()
    assert str(raised.value) == (".env: expected a text file in UTF-8 that can be read; found Is a directory")


def test_names_that_are_no_setting_are_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any in .env; of the environment, which is full of other programs' names, those that are nearly one."""
    (folder / ".env").write_text(
        "MAIL_CAP=7\nSMTP_URL_FILE=x\nREMINDERS_DEBUG=1\nMAIL_FORM=a@b.c\nCOMPOSE_PROJECT_NAME=x\n",
        encoding="utf-8",
    )
    for name in (
        "SMTP_URI",
        "SMTPURL",
        "MAIL_WINDOWS",
        "DATABSE_URL",
        "smtp_port",
        "HOSTNAME",
        "POST",
        "LANG",
    ):
        monkeypatch.setenv(name, "x")
    found = unknown_settings()
    assert [one for one in found if one.source == ".env"] == [
        ("COMPOSE_PROJECT_NAME", ".env", ""),
        ("MAIL_FORM", ".env", "MAIL_FROM"),
    ]
    assert {name: nearest for name, source, nearest in found if source == "the environment"} == {
        "DATABSE_URL": "DATABASE_URL",
        "MAIL_WINDOWS": "MAIL_WINDOW",
        "SMTPURL": "SMTP_URL",
        "SMTP_URI": "SMTP_URL",
    }
    assert str(found[1]) == "MAIL_FORM in .env is no setting and changes nothing; is MAIL_FROM meant?"


def test_nobody_stays_idle_for_longer_than_signed_in() -> None:
    """Where only the longest time is said, and it is shorter than a day."""
    assert Settings(session_longest="1h").session_idle == timedelta(hours=1)
    assert Settings(session_longest="30d").session_idle == timedelta(hours=24)


def test_what_is_not_said_follows_from_what_is() -> None:
    """Database, mails and key stand in STATE_DIRECTORY; links lead to HOST and PORT; each may differ."""
    kept = Settings(state_directory="/srv/reminders")
    assert kept.database_file == Path("/srv/reminders/reminders.db")
    assert kept.mail_folder == Path("/srv/reminders/mail")
    assert kept.uploads_folder == Path("/srv/reminders/imports")
    assert Settings(state_directory="/srv/x", database_url="postgresql://h/x").secret_key_file == Path(
        "/srv/x/secret_key"
    )
    assert Settings(state_directory="/srv/x", mail_folder="/mail").mail_folder == Path("/mail")
    addresses = [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0", "port": "80"}, "http://127.0.0.1:80"),  # noqa: S104 - nothing listens there
        ({"host": "::"}, "http://[::1]:8000"),
        ({"host": "fd00::7"}, "http://[fd00::7]:8000"),
        ({"host": "reminders.city.example"}, "http://reminders.city.example:8000"),
    ]
    assert [(Settings(**given).base_url, Settings(**given).own_address) for given, _ in addresses] == [
        (address, address) for _, address in addresses
    ]
    assert Settings(host="::").hosts == {"*"}
    assert "*" not in Settings(host="::", base_url="https://reminders.city.example").hosts
    behind = Settings(base_url="https://reminders.city.example", port=8080)
    assert (behind.base_url, behind.own_address) == (
        "https://reminders.city.example",
        "http://127.0.0.1:8080",
    )


def test_the_secret_key_is_made_once_beside_the_database(folder: Path) -> None:
    """The first start writes it with mode 600 and later ones read it."""
    settings = Settings(database_url="sqlite:///data/reminders.db")
    key = ensure_secret_key(settings)
    file = folder / "data" / "secret_key"
    assert file.read_text(encoding="ascii") == f"{key}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) == 64
    assert ensure_secret_key(settings) == key
    assert [entry.name for entry in file.parent.iterdir()] == ["secret_key"]


def test_the_secret_key_of_postgresql_stays_in_var(folder: Path) -> None:
    """A database without a file has its key in var/."""
    key = ensure_secret_key(Settings(database_url="postgresql://h/x"))
    assert (folder / "var" / "secret_key").read_text(encoding="ascii") == f"{key}\n"


def test_a_secret_key_that_is_set_is_used(folder: Path) -> None:
    """Nothing is written then."""
    assert ensure_secret_key(Settings(secret_key="0123456789abcdef")) == "0123456789abcdef"
    assert list(folder.iterdir()) == []


def test_a_database_in_memory_keeps_no_key(folder: Path) -> None:
    """Its key lives no longer than it does."""
    settings = Settings(database_url="sqlite://")
    assert ensure_secret_key(settings) != ensure_secret_key(settings)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    """Without a place for the key the error says which setting helps."""
    (folder / "data").touch()
    with pytest.raises(ConfigurationError) as raised:
        ensure_secret_key(Settings(database_url="sqlite:///data/reminders.db"))
    assert raised.value.setting == "SECRET_KEY"
    assert raised.value.expected == "a value, or a folder to keep one in"
