"""Signing in and out: links that sign a person in, sessions of browsers, how long they hold.

A session belongs to an address. It is open until it is ended, was not used for a while (SESSION_IDLE) or is
too old (SESSION_LONGEST); whether its person may sign in today, and act in which programme, is decided by
``planning.speakers`` at each request. Stored are hashes of tokens only.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from reminders.clock import civil_time
from reminders.planning.addresses import folded
from reminders.planning.speakers import link_holder, managed_by
from reminders.planning.standing import programme_standing, running_first
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Connection, programmes, sessions
from reminders.store.sessions import Session
from reminders.use.people.rights import people_by_programme
from reminders.use.watch.audit import note_refused_sign_in, note_sign_in, note_sign_in_link, note_sign_out

__all__ = ["HowOpened", "Session"]

HowOpened = Literal["link", "mail", "oidc"]
"""By which way a session was opened: a link that was printed, one that was mailed, the city's own service."""
SEEN_NOTED: Final = timedelta(minutes=5)
"""How much later a session is used when that is noted again."""
_AHEAD: Final = timedelta(minutes=5)
"""How far the clocks of two machines may stand apart."""
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A sign-in link: its token, whose it is, and the programmes whose secretary that is."""

    token: str
    address: str
    programmes: tuple[str, ...]


def issue_sign_in(
    service: Service,
    address: str,
    valid_for: timedelta = sessions.VALID_FOR,
    how: HowOpened = "link",
) -> str:
    """Return the token of a new sign-in link for a person; only its hash is stored."""
    token = secrets.token_urlsafe(24)
    with service.database.write() as connection:
        sessions.add_sign_in(connection, token, address, service.clock(), valid_for, how)
        note_sign_in_link(connection, service, address)
    return token


def issue_links(service: Service) -> tuple[SignInLink, ...]:
    """Return a new sign-in link for the secretary of each programme that has not ended, a person once.

    One that is damaged is among them: somebody has to mend it. Where all have ended, for the secretaries of
    those; nothing where nobody may sign in.
    """
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        rows = running_first(programmes.all_programmes(connection), today)
        known = people_by_programme(connection, rows)
    readable = {row.programme.key: programme_standing(row, today) for row in rows}
    keys = [*readable, *(key for key in known if key not in readable)]
    going_on = [key for key in keys if readable.get(key) != "ended"]
    holders = [(link_holder(known[key].people, today), key) for key in going_on or keys]
    found: dict[str, tuple[str, list[str]]] = {}
    for address, key in holders:
        if address:
            found.setdefault(folded(address), (address, []))[1].append(key)
    return tuple(
        SignInLink(issue_sign_in(service, address), address, tuple(keys)) for address, keys in found.values()
    )


def use_link(service: Service, token: str) -> str | None:
    """Use a sign-in link up and return whose it is; None when it is unknown, used, too old or nobody's."""
    with service.database.write() as connection:
        address = sessions.use_sign_in(connection, token, service.clock())
    if address is None:
        note_refused_sign_in(service, "bad-link")
    return address


def start_session(service: Service, address: str, how: HowOpened, browser: str, replaced: str = "") -> str:
    """Open a session for a person and return its token, which is nobody's yet.

    ``replaced`` is the token that the browser had until now: its session ends.
    """
    token, now = secrets.token_urlsafe(_TOKEN_BYTES), service.clock()
    new = Session(0, folded(address), address, how, now, now, None, browser[:200], service.actor.origin[:200])
    with service.database.write() as connection:
        if old := sessions.session_by_token(connection, replaced) if replaced else None:
            sessions.end_sessions(connection, old.address, now, old.id)
        sessions.add_session(connection, token, new)
        note_sign_in(connection, service, address, how)
    return token


def find_session(service: Service, token: str) -> Session | None:
    """Return the open session of a token, and note now and then that it is used; None for none."""
    now = service.clock()
    with service.database.read() as connection:
        found = sessions.session_by_token(connection, token)
    if found is None or not is_session_open(found, service.settings, now):
        return None
    if now - found.seen_at >= SEEN_NOTED:
        with service.database.write() as connection:
            sessions.note_seen(connection, found.id, now)
    return found


def is_session_open(session: Session, settings: Settings, now: datetime) -> bool:
    """Tell whether a session was not ended, and is neither unused for too long nor too old.

    One that was opened in the future is not believed.
    """
    return (
        session.ended_at is None
        and now - session.seen_at < settings.session_idle
        and -_AHEAD <= now - session.opened_at < settings.session_longest
    )


def open_sessions(service: Service, address: str) -> tuple[Session, ...]:
    """Return the open sessions of an address, the newest first."""
    now = service.clock()
    with service.database.read() as connection:
        found = sessions.sessions_of(connection, address)
    return tuple(one for one in found if is_session_open(one, service.settings, now))


def drop_session(service: Service, session: Session) -> None:
    """End the session of a person who may not sign in any more: it is not open again should that change."""
    with service.database.write() as connection:
        sessions.end_sessions(connection, session.address, service.clock(), session.id)


def end_lost_sessions(connection: Connection, service: Service) -> None:
    """End sessions and waiting links of who may sign in no more, where a right is taken away.

    They are not open again with the next list, whether or not anything was asked for meanwhile.
    """
    addresses = sessions.addresses_let_in(connection)
    if not addresses:
        return
    now = service.clock()
    today = civil_time(service.settings, now).day
    known = people_by_programme(connection, programmes.all_programmes(connection))
    for one in sorted(addresses):
        if not managed_by(known, one, today):
            sessions.end_sessions(connection, one, now)


def sign_out(service: Service, address: str, number: int) -> None:
    """End the session of an address that has a number: a copy of its token opens nothing from now on.

    One that is another's, or ended, stays as it is.
    """
    with service.database.write() as connection:
        if sessions.end_sessions(connection, address, service.clock(), number):
            note_sign_out(connection, service)


def sign_out_everywhere(service: Service, address: str) -> int:
    """End all sessions of an address, and the links that wait for it; return how many sessions."""
    with service.database.write() as connection:
        ended = sessions.end_sessions(connection, address, service.clock())
        note_sign_out(connection, service, everywhere=True)
    return ended
