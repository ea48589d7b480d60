"""The settings: one frozen value, read once at the door from the environment and ``.env``.

``Settings(...)`` itself looks at nothing but its arguments, so a test or a rehearsal is not touched by the
machine it runs on; ``read_settings`` reads the machine. Using the values (opening the database, speaking
SMTP) is left to the rooms behind the door.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time, timedelta
from difflib import get_close_matches
from email.utils import parseaddr
from functools import cached_property
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from reminders.errors import ConfigurationError
from reminders.servers import ImapTarget, Security, SmtpTarget

__all__ = [
    "EXPECTED",
    "LOOPBACK_HOSTS",
    "SECRETS",
    "ImapTarget",
    "MailWindow",
    "Security",
    "Settings",
    "SmtpTarget",
    "UnknownSetting",
    "ensure_secret_key",
    "logs_json",
    "read_settings",
    "unknown_settings",
]

EXPECTED: Mapping[str, str] = {
    "state_directory": "a folder",
    "database_url": "sqlite:///file or postgresql://user:password@host/name",
    "smtp_url": "smtp://, smtps:// or smtp+starttls:// with [user:password@]host[:port]",
    "mail_folder": "a folder",
    "mail_from": "an e-mail address",
    "mail_reply_to": "an e-mail address",
    "mail_per_minute": "a whole number from 1",
    "mail_connections": "a whole number from 1",
    "mail_window": "two times of day such as 07:00-16:00, the first before the second",
    "mail_cap": "a whole number from 0",
    "smtp_client_secret": "the secret of the client that fetches tokens for SMTP_URL with auth=xoauth2",
    "bounce_address": "an e-mail address without a + sign",
    "bounce_imap_url": "imaps://, imap+starttls:// or imap:// with user:password@host[:port][/folder]",
    "host": "an address of this machine such as 127.0.0.1, or 0.0.0.0 for all of them",
    "port": "a whole number from 1 to 65535",
    "base_url": "an address such as https://reminders.example, or below one, https://city.example/reminders; "
    "its path does not begin like an address of the service's own (calendars, actions, sign-in …)",
    "privacy_url": "an address such as https://city.example/privacy",
    "allowed_hosts": "names such as reminders.example, with commas between them, or * for any",
    "forwarded_allow_ips": "addresses or networks such as 10.0.0.7 or 10.0.0.0/24, with commas between them",
    "metrics_token": "at least 16 characters",
    "secret_key": "at least 16 characters",
    "timezone": "a name of the time zone database such as Europe/Helsinki",
    "tick_at": "a time of day such as 09:00, before the end of MAIL_WINDOW",
    "heartbeat_url": "an address such as https://checks.example/ping",
    "alarm_smtp_url": "a mail server as in SMTP_URL, together with ALARM_TO",
    "alarm_to": "an e-mail address, together with ALARM_SMTP_URL",
    "keep_mail_days": "a whole number from 1",
    "keep_addresses_days": "a whole number from 0",
    "session_longest": "a length of time such as 7d or 12h, at most 90d",
    "session_idle": "a length of time such as 24h or 90min, at most 90d",
    "oidc_issuer": "the https address of one organisation's sign-in service such as https://login.example, "
    "no {placeholder} and none of Entra ID's common, organizations, consumers in it, "
    "together with OIDC_CLIENT_ID and OIDC_CLIENT_SECRET",
    "oidc_client_id": "a text, together with OIDC_ISSUER and OIDC_CLIENT_SECRET",
    "oidc_client_secret": "a text, together with OIDC_ISSUER and OIDC_CLIENT_ID",
    "oidc_claim": "the name of a claim such as email",
    "oidc_verified_claim": "the name of a claim such as email_verified",
    "oidc_scopes": "names of scopes such as openid email, openid among them",
    "log_format": "console or json",
}
"""What each setting must look like; the words of the error."""

_ENTRA: Final = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "sts.windows.net"})
_MANY_TENANTS: Final = frozenset({"common", "organizations", "consumers"})
"""Where Entra ID writes the tenant: words by which anybody may sign in who has a tenant anywhere."""
_TOGETHER = (("oidc_issuer", "oidc_client_id", "oidc_client_secret"), ("alarm_smtp_url", "alarm_to"))
"""Settings of which all or none are given."""
_URLS = frozenset({"database_url", "smtp_url", "bounce_imap_url", "alarm_smtp_url"})
SECRETS = _URLS | {
    "smtp_client_secret",
    "secret_key",
    "metrics_token",
    "heartbeat_url",
    "oidc_client_secret",
}
"""Settings that may also be given as NAME_FILE, the name of a file that holds the value."""

_NOT_SETTINGS: Final = frozenset({"reminders_debug"})
"""Names that the commands know and that are no setting."""
_ALIKE: Final = 0.86
"""From which likeness on two names may be one and a slip of the pen."""
_TOO_SHORT: Final = 5
"""Names below so many letters are like too many others."""
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared only  # nosec B104
"""Addresses that stand for all of this machine, and how a program on it reaches what listens there."""
_LISTENER = re.compile(r"[A-Za-z0-9._:%-]+", re.ASCII)
OWN_NAMES: Final = frozenset(
    [
        "actions",
        "answer",
        "api",
        "audit",
        "audit.csv",
        "calendars",
        "collection",
        "contacts",
        "contacts.csv",
        "decisions",
        "digest",
        "digest.html",
        "digest.txt",
        "findings",
        "forecast",
        "forecast.csv",
        "forecast.json",
        "forecast.md",
        "hand-over",
        "health",
        "held",
        "import",
        "mail-channel",
        "metrics",
        "outbox",
        "parties",
        "preferences",
        "privacy",
        "programmes",
        "series",
        "settings",
        "sign-in",
        "sign-ins",
        "sign-out",
        "static",
        "unit",
    ]
)
"""How addresses of the service's own begin.

Where BASE_URL's path begins so, nobody could tell whether a proxy has stripped it.
"""
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""The names of this machine for itself."""
_CLAIM = re.compile(r"[!-~]{1,100}", re.ASCII)
_LENGTH = re.compile(r"([1-9]\d{0,4}) ?(min|h|d)", re.ASCII)
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=90)
_PLAIN_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*", re.ASCII)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", re.ASCII)
_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


class MailWindow(NamedTuple):
    """The hours of a working day in which mail may go out: from ``opens`` until before ``closes``."""

    opens: time
    closes: time


def _from_text(read: Callable[[str], object]) -> BeforeValidator:
    """Return what has a text read; anything else is the value already."""
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _only_if(holds: Callable[[Any], bool]) -> AfterValidator:
    def check(value: object) -> object:
        if not holds(value):
            raise ValueError(value)
        return value

    return AfterValidator(check)


def _time_of_day(value: str) -> time:
    if not (match := _TIME_OF_DAY.fullmatch(value.strip())):
        raise ValueError(value)
    return time(int(match[1]), int(match[2]))


def _length_of_time(value: str) -> timedelta:
    if not (match := _LENGTH.fullmatch(value.strip())):
        raise ValueError(value)
    return int(match[1]) * _UNITS[match[2]]


def _length(value: timedelta) -> str:
    """Return a length of time as a setting writes it."""
    minutes = int(value.total_seconds()) // 60
    for unit, size in (("d", 24 * 60), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}min"


def _mail_window(value: str) -> MailWindow:
    opens, closes = map(_time_of_day, value.split("-"))
    return MailWindow(opens, closes)


def _listening_address(host: str, port: int) -> str:
    """Return the address of what listens there, as a program on this machine reaches it."""
    reached = _EVERYWHERE.get(host, host)
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port}"


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(value)
    return value.rstrip("/")


def _page_address(value: str) -> str:
    _web_address(value.partition("#")[0].partition("?")[0])
    return value


def _base_address(value: str) -> str:
    value = _web_address(value)
    # A path goes into cookies and before every address of a page: nothing in it needs quoting.
    path = urlsplit(value).path
    if not _PLAIN_PATH.fullmatch(path) or path.split("/")[1:2] in [[name] for name in OWN_NAMES]:
        raise ValueError(value)
    return value


def is_safe_address(value: str) -> bool:
    """Tell whether what goes to an address is encrypted on its way, or does not leave this machine."""
    parts = urlsplit(value)
    return bool(parts.hostname) and (
        parts.scheme == "https"
        or (parts.scheme == "http" and parts.hostname in {one.strip("[]") for one in LOOPBACK_HOSTS})
    )


def _issuer(value: str) -> str:
    _web_address(value)  # an issuer is compared as it is written, with its last slash
    tenant = urlsplit(value).path.split("/")[1:2]
    is_of_entra = urlsplit(value).hostname in _ENTRA
    if not is_safe_address(value) or "{" in value or (is_of_entra and set(tenant) & _MANY_TENANTS):
        raise ValueError(value)
    return value


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part for one in value.split(",") if (part := one.strip().lower()))


def _network(value: str) -> bool:
    try:
        ip_network(value)
    except ValueError:
        return False
    return True


def _heartbeat(value: str) -> str:
    _web_address(value.partition("?")[0])
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, KeyError) as no_zone:  # ZoneInfoNotFoundError is a KeyError; a folder gives OSError
        raise ValueError(value) from no_zone
    return value


def _database_url(value: str) -> str:
    # One driver for PostgreSQL, however the address is spelt by the host.
    value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)
    scheme, mark, rest = value.partition("://")
    if scheme == "sqlite" and mark and (rest == "" or rest.startswith("/")):
        return value
    if scheme == "postgresql+psycopg" and rest:
        return value
    raise ValueError(value)


_Address = Annotated[
    str, _only_if(lambda value: bool(_ADDRESS.fullmatch(parseaddr(value)[1])) and value.isprintable())
]
_UntaggedAddress = Annotated[
    _Address, _only_if(lambda value: "+" not in value.partition("@")[0] and parseaddr(value)[1] == value)
]
_WebAddress = Annotated[str, AfterValidator(_web_address)]
_Hosts = Annotated[
    tuple[str, ...] | None,
    NoDecode,
    _from_text(_listed),
    _only_if(lambda hosts: all(one == "*" or _HOST.fullmatch(one) for one in hosts or ())),
]
_Networks = Annotated[
    tuple[str, ...], NoDecode, _from_text(_listed), _only_if(lambda networks: all(map(_network, networks)))
]
_Claim = Annotated[str, _only_if(lambda value: bool(_CLAIM.fullmatch(value)))]
_TimeOfDay = Annotated[time, NoDecode, _from_text(_time_of_day)]
_Length = Annotated[
    timedelta,
    NoDecode,
    _from_text(_length_of_time),
    _only_if(lambda length: timedelta() < length <= _LONGEST),
]
_SmtpServer = Annotated[SmtpTarget | None, NoDecode, _from_text(SmtpTarget.of)]


class Settings(BaseSettings):
    """All settings, validated. The names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    state_directory: Path = Path("var")
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=lambda given: f"sqlite:///{given['state_directory'] / 'reminders.db'}", repr=False
    )
    smtp_url: _SmtpServer = None
    mail_folder: Path = Field(default_factory=lambda given: given["state_directory"] / "mail")
    mail_from: _Address = "reminders@vaasa.example"
    mail_reply_to: _Address | None = None
    mail_per_minute: int = Field(default=20, ge=1)
    mail_connections: int = Field(default=1, ge=1)
    mail_window: Annotated[
        MailWindow, NoDecode, _from_text(_mail_window), _only_if(lambda window: window.opens < window.closes)
    ] = MailWindow(time(7), time(16))
    mail_cap: int = Field(default=200, ge=0)
    smtp_client_secret: SecretStr | None = None
    bounce_address: _UntaggedAddress | None = None
    bounce_imap_url: Annotated[ImapTarget | None, NoDecode, _from_text(ImapTarget.of)] = None
    host: Annotated[str, _only_if(lambda value: bool(_LISTENER.fullmatch(value)))] = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: Annotated[str, AfterValidator(_base_address)] = Field(
        default_factory=lambda given: _listening_address(given["host"], given["port"])
    )
    privacy_url: Annotated[str, AfterValidator(_page_address)] | None = None
    allowed_hosts: _Hosts = None
    forwarded_allow_ips: _Networks = ("127.0.0.1", "::1")
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    secret_key: SecretStr | None = Field(default=None, min_length=16)
    timezone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Helsinki"
    tick_at: _TimeOfDay = time(9)
    heartbeat_url: Annotated[str, AfterValidator(_heartbeat)] | None = Field(default=None, repr=False)
    alarm_smtp_url: _SmtpServer = None
    alarm_to: _Address | None = None
    keep_mail_days: int = Field(default=90, ge=1)
    keep_addresses_days: int = Field(default=90, ge=0)
    session_longest: _Length = timedelta(days=7)
    session_idle: _Length = Field(
        default_factory=lambda given: min(timedelta(hours=24), given.get("session_longest", _LONGEST))
    )
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_claim: _Claim = "email"
    oidc_verified_claim: _Claim = "email_verified"
    oidc_scopes: Annotated[str, _only_if(lambda value: "openid" in value.split() and value.isprintable())] = (
        "openid email"
    )
    log_format: Literal["console", "json"] = "console"

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - pydantic validates them
        try:
            super().__init__(**values)
        except ValidationError as invalid:
            # Without the cause: it would show the values of secrets.
            errors = invalid.errors(include_input=False, include_url=False, include_context=False)
            name = str(errors[0]["loc"][0])
            found = _shown(name, str(values.get(name))) or "nothing"
            raise ConfigurationError(name.upper(), EXPECTED.get(name, "no such setting"), found) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings calls with all of them
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the arguments only; the environment is read by ``read_settings``."""
        return (init_settings,)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.tick_at >= self.mail_window.closes:
            raise ConfigurationError("TICK_AT", EXPECTED["tick_at"], f"{self.tick_at:%H:%M}")
        for family in _TOGETHER:
            absent = [name for name in family if getattr(self, name) is None]
            if 0 < len(absent) < len(family):
                raise ConfigurationError(absent[0].upper(), EXPECTED[absent[0]], "nothing")
        if self.session_idle > self.session_longest:
            expected = f"no more than SESSION_LONGEST ({_length(self.session_longest)})"
            raise ConfigurationError("SESSION_IDLE", expected, _length(self.session_idle))
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.timezone)

    @property
    def base_path(self) -> str:
        """The path of BASE_URL, nothing at the root: what stands before every address of a page."""
        return urlsplit(self.base_url).path

    @property
    def is_https(self) -> bool:
        """Tell whether people reach the pages over an encrypted connection."""
        return self.base_url.startswith("https:")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which requests are answered: ALLOWED_HOSTS, else BASE_URL's; loopback always.

        Where the pages listen for everybody and nobody has said what they are called, they answer under any.
        """
        if (
            self.allowed_hosts is None
            and self.host in _EVERYWHERE
            and "base_url" not in self.model_fields_set
        ):
            return frozenset({"*"})
        own = urlsplit(self.base_url).hostname or ""
        return frozenset(self.allowed_hosts or (f"[{own}]" if ":" in own else own,)) | LOOPBACK_HOSTS

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database; None for one in memory and for PostgreSQL."""
        scheme, _, rest = self.database_url.partition("://")
        name = unquote(rest.partition("?")[0]).removeprefix("/")
        return Path(name) if scheme == "sqlite" and name not in {"", ":memory:"} else None

    @property
    def database_setting(self) -> str:
        """The setting that the place of the database follows from."""
        return "DATABASE_URL" if "database_url" in self.model_fields_set else "STATE_DIRECTORY"

    @property
    def mail_folder_setting(self) -> str:
        """The setting that the place of the mail folder follows from."""
        return "MAIL_FOLDER" if "mail_folder" in self.model_fields_set else "STATE_DIRECTORY"

    @property
    def uploads_folder(self) -> Path:
        """The folder that holds uploaded files until their import is confirmed."""
        return self.mail_folder.parent / "imports"

    @property
    def secret_key_file(self) -> Path:
        """The file that the service keeps a secret key of its own making in, where none is set."""
        return (self.database_file.parent if self.database_file else self.state_directory) / "secret_key"

    @property
    def own_address(self) -> str:
        """The address at which a program on this machine reaches the pages, whatever BASE_URL is."""
        return _listening_address(self.host, self.port)


def read_settings(env_file: Path | str = ".env", **overrides: Any) -> Settings:  # noqa: ANN401 - as Settings
    """Read ``env_file``, then the environment, then the ``overrides`` that are not None; the later wins."""
    values: dict[str, Any] = {}
    for variables in (_env_file_values(env_file), EnvSettingsSource(Settings).env_vars):
        values |= _named_values(variables)
    return Settings(**values | {name: value for name, value in overrides.items() if value is not None})


def _env_file_values(env_file: Path | str) -> Mapping[str, str | None]:
    """Return what stands in ``env_file`` by name in lower case; nothing where there is no such file.

    Raises ``ConfigurationError``, which shows nothing of a line: it may hold a secret.
    """
    expected = "a text file in UTF-8 that can be read"
    try:
        content = Path(env_file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise ConfigurationError(str(env_file), expected, "other bytes") from None
    except OSError as failed:
        raise ConfigurationError(str(env_file), expected, str(failed.strerror)) from None
    for binding in parse_stream(StringIO(content)):
        if binding.error:
            begun = len(binding.original.string) - len(binding.original.string.lstrip())
            line = binding.original.line + binding.original.string[:begun].count("\n")
            where = f"{env_file}, line {line}"
            raise ConfigurationError(where, "NAME=value, or # before a remark", "neither (not shown)")
    return {name.lower(): value for name, value in dotenv_values(stream=StringIO(content)).items()}


class UnknownSetting(NamedTuple):
    """A name that is no setting, where it stands, and the setting that it is most like, if any."""

    name: str
    source: str
    nearest: str

    def __str__(self) -> str:
        """Return it as one line."""
        meant = f"; is {self.nearest} meant?" if self.nearest else ""
        return f"{self.name} in {self.source} is no setting and changes nothing{meant}"


def unknown_settings(env_file: Path | str = ".env") -> tuple[UnknownSetting, ...]:
    """Return the names in ``env_file`` that are no setting, and those around that are nearly one."""
    in_file = _unknown(_env_file_values(env_file), str(env_file))
    around = (one for one in _unknown(os.environ, "the environment") if one.nearest)
    return (*in_file, *around)


def _unknown(names: Iterable[str], source: str) -> Iterator[UnknownSetting]:
    known = {*EXPECTED, *(f"{name}_file" for name in SECRETS)}
    for name in sorted({one.lower() for one in names} - known - _NOT_SETTINGS):
        near = get_close_matches(name, known, 1, _ALIKE) if len(name) >= _TOO_SHORT else []
        yield UnknownSetting(name.upper(), source, near[0].upper() if near else "")


def logs_json(env_file: Path | str = ".env") -> bool:
    """Tell whether the log is to be JSON, also where other settings cannot be read."""
    if wanted := os.environ.get("LOG_FORMAT"):
        return wanted == "json"
    try:
        return _env_file_values(env_file).get("log_format") == "json"
    except ConfigurationError:
        return False


def _named_values(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the settings among ``variables``; an empty one counts as not set."""
    values = {name: value for name in EXPECTED if (value := variables.get(name))}
    for name in sorted(SECRETS):
        if not (file := variables.get(f"{name}_file")):
            continue
        variable = name.upper()
        if name in values:
            raise ConfigurationError(variable, f"either {variable} or {variable}_FILE", "both")
        values[name] = _file_content(f"{variable}_FILE", file)
    return values


def _file_content(variable: str, file: str) -> str:
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "not a text in UTF-8"
        raise ConfigurationError(variable, "the name of a readable file", f"{file} ({reason})") from None
    if not content:
        raise ConfigurationError(variable, "the name of a file that holds the value", f"{file} (empty)")
    return content


def _shown(name: str, value: str) -> str:
    """Return what may be shown of a value: no password of a server, nothing of other secrets."""
    if name not in SECRETS:
        return value
    if name not in _URLS:
        return "a value that is not shown"
    before, at, server = value.partition("?")[0].rpartition("@")
    scheme, mark, _ = before.partition("://")
    return f"{scheme if mark else ''}{mark}***@{server}" if at else server


def ensure_secret_key(settings: Settings) -> str:
    """Return the secret key; without one, make it at the first start beside the database, mode 600.

    It stays in the folder of an SQLite file, else in ``var/``; a database in
    memory lives no longer than its key. Two starts at once agree on one key.
    """
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    key = secrets.token_urlsafe(48)
    if settings.database_url.startswith("sqlite") and not settings.database_file:
        return key
    file = settings.secret_key_file
    try:
        if not file.exists():
            _write_once(file, key)
        return file.read_text(encoding="ascii").strip()
    except OSError as failed:
        raise ConfigurationError("SECRET_KEY", "a value, or a folder to keep one in", str(failed)) from failed


def _write_once(file: Path, text: str) -> None:
    """Write the whole file or nothing; leave one that is there already."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent)  # mkstemp gives mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        file.hardlink_to(unfinished)
    except FileExistsError:
        pass  # another start was quicker: its key holds
    finally:
        Path(unfinished).unlink()
