"""The secretary's session: the link that signs in, made when the service starts, and the end of a session.

A link is good once and for a day. What a browser keeps of a session is left to ``web.site``; stored are
hashes only.
"""

from __future__ import annotations

import secrets

from reminders.service import Service
from reminders.store import sessions
from reminders.use.watch.audit import note_refused_sign_in, note_sign_in, note_sign_in_link, note_sign_out


def issue_sign_in(service: Service) -> str:
    """Return the token of a new sign-in link; only its hash is stored."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as connection:
        sessions.add_sign_in(connection, token, service.clock())
        note_sign_in_link(connection, service)
    return token


def sign_in(service: Service, token: str) -> bool:
    """Use a sign-in link up; False when it is unknown, used or too old."""
    with service.database.write() as connection:
        is_good = sessions.use_sign_in(connection, token, service.clock())
        if is_good:
            note_sign_in(connection, service, "", "link")
    if not is_good:
        note_refused_sign_in(service, "link")
    return is_good


def record_sign_in(service: Service, address: str, way: str) -> None:
    """Record that somebody signed in by a way that stores nothing itself."""
    with service.database.write() as connection:
        note_sign_in(connection, service, address, way)


def sign_out(service: Service, cookie: str) -> None:
    """End the session of a cookie: a copy of the cookie opens nothing from now on."""
    with service.database.write() as connection:
        sessions.end_session(connection, cookie, service.clock())
        note_sign_out(connection, service)


def is_signed_out(service: Service, cookie: str) -> bool:
    """Tell whether the session of a cookie was ended."""
    with service.database.read() as connection:
        return sessions.is_ended(connection, cookie)
