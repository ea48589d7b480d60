"""The secretary's sign-in link: made when the service starts, good once and for a day."""

from __future__ import annotations

import secrets

from reminders.service import Service
from reminders.store import sessions


def issue_sign_in(service: Service) -> str:
    """Return the token of a new sign-in link; only its hash is stored."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as connection:
        sessions.add_sign_in(connection, token, service.clock())
    return token
