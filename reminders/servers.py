"""Servers of mail as one address names them: where, how secured, as whom.

Values only: speaking to them is left to `delivery`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

Security = Literal["plain", "starttls", "implicit"]

_SMTP: Mapping[str, tuple[Security, int]] = {
    "smtp": ("plain", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("implicit", 465),
}
_IMAP: Mapping[str, tuple[Security, int]] = {
    "imap": ("plain", 143),
    "imap+starttls": ("starttls", 143),
    "imaps": ("implicit", 993),
}


@dataclass(frozen=True, slots=True)
class SmtpTarget:
    """A mail server: where, how secured, as whom. ``extras`` are the URL's query, for the transport."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: SecretStr = field(default=SecretStr(""), repr=False)
    extras: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, url: str) -> Self:
        """Read ``smtp[s|+starttls]://[user:password@]host[:port][?extras]``; ValueError if it is none.

        With ``auth=xoauth2`` a user needs no password: a token takes its place.
        """
        parts = urlsplit(url)
        extras = tuple(parse_qsl(parts.query))
        if parts.scheme not in _SMTP or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError(url)
        by_token = ("auth", "xoauth2") in extras
        if bool(parts.username) != (by_token or bool(parts.password)):
            raise ValueError(url)
        security, port = _SMTP[parts.scheme]
        user, password = unquote(parts.username or ""), SecretStr(unquote(parts.password or ""))
        return cls(parts.hostname, parts.port or port, security, user, password, extras)


@dataclass(frozen=True, slots=True)
class ImapTarget:
    """A mailbox on a mail server (RFC 9051): where, how secured, as whom, which folder."""

    host: str
    port: int
    security: Security
    user: str
    password: SecretStr = field(repr=False)
    folder: str = "INBOX"
    extras: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, url: str) -> Self:
        """Read ``imap[s|+starttls]://user:password@host[:port][/folder][?extras]``; else ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in _IMAP or not (parts.hostname and parts.username and parts.password):
            raise ValueError(url)
        security, port = _IMAP[parts.scheme]
        user, password = unquote(parts.username), SecretStr(unquote(parts.password))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        extras = tuple(parse_qsl(parts.query))
        return cls(parts.hostname, parts.port or port, security, user, password, folder, extras)
