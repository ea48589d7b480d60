"""Sign-in links and sessions: once, in time, by person, and no token stored as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

from reminders.planning.addresses import folded
from reminders.store import Database, sessions, tables
from reminders.store.sessions import Session
from tests.store.builders import NOW, look

VALID = timedelta(hours=24)


ANNA = "anna@x.example"


def used(database: Database, token: str, after: timedelta = timedelta(0)) -> str | None:
    """Use a link in a transaction of its own."""
    with database.write() as connection:
        return sessions.use_sign_in(connection, token, NOW + after)


def added(database: Database, token: str) -> None:
    """Store a link in a transaction of its own."""
    with database.write() as connection:
        sessions.add_sign_in(connection, token, ANNA, NOW)


def test_a_link_opens_once(database: Database) -> None:
    """The second use is refused; another link is not touched by it."""
    added(database, "one")
    added(database, "two")
    assert [used(database, token) for token in ("one", "one", "two", "three")] == [ANNA, None, ANNA, None]


def test_a_link_is_too_old_at_the_end_of_its_day(database: Database) -> None:
    """A microsecond before it opens, at the instant itself not."""
    added(database, "one")
    added(database, "two")
    assert used(database, "one", VALID) is None
    assert used(database, "two", VALID - timedelta(microseconds=1)) == ANNA


def test_only_the_hash_of_a_token_is_stored(database: Database) -> None:
    """Who reads the database cannot sign in."""
    added(database, "one")
    assert look(database, tables.sign_in, "token_hash", "address", "expires_at", "used_at") == [
        ("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", ANNA, NOW + VALID, None)
    ]


def test_a_link_of_an_earlier_release_is_nobodys(database: Database) -> None:
    """It is used up, and lets nobody in."""
    with database.write() as connection:
        sessions.add_sign_in(connection, "one", "", NOW)
    assert used(database, "one") is None
    assert look(database, tables.sign_in, "used_at") == [NOW]


def session(address: str) -> Session:
    """A session of an address that was opened now."""
    return Session(0, folded(address), address, "link", NOW, NOW, None, "Firefox, Linux", "127.0.0.1")


def test_a_session_is_known_by_its_token_alone(database: Database) -> None:
    """As it was opened; its hash is what is stored; another token is nobody's."""
    with database.write() as connection:
        sessions.add_session(connection, "token", session("Anna@X.example"))
        found = sessions.session_by_token(connection, "token")
        assert found is not None
        assert found == replace(session("Anna@X.example"), id=found.id)
        assert found.identity == "anna@x.example"
        assert sessions.session_by_token(connection, "other") is None
    assert look(database, tables.session, "token_hash") == [sessions.token_hash("token")]


def test_one_session_ends_or_all_of_an_address(database: Database) -> None:
    """In any spelling, with the links that wait for it; nobody else's."""
    with database.write() as connection:
        for token, address in (("1", "anna@x.example"), ("2", "ANNA@x.example"), ("3", "bo@x.example")):
            sessions.add_session(connection, token, session(address))
            sessions.add_sign_in(connection, f"link {token}", address, NOW)
        first = sessions.session_by_token(connection, "1")
        assert first is not None
        assert sessions.end_sessions(connection, "bo@x.example", NOW, first.id) == 0
        assert sessions.end_sessions(connection, "anna@x.example", NOW, first.id) == 1
        assert sessions.end_sessions(connection, "anna@x.example", NOW, first.id) == 0
        assert [one.address for one in sessions.sessions_of(connection, "anna@x.example")] == [
            "ANNA@x.example"
        ]
        assert sessions.end_sessions(connection, "Anna@X.example", NOW) == 1
        assert sessions.sessions_of(connection, "anna@x.example") == ()
        assert len(sessions.sessions_of(connection, "bo@x.example")) == 1
    assert [used(database, f"link {token}") for token in ("1", "2", "3")] == [None, None, "bo@x.example"]


def test_what_is_over_is_forgotten(database: Database) -> None:
    """Links at the end of their day, sessions that were ended or are as old as they may be."""
    added(database, "link")
    longest = timedelta(days=7)
    with database.write() as connection:
        sessions.add_session(connection, "ended", session("anna@x.example"))
        sessions.end_sessions(connection, "anna@x.example", NOW)
        sessions.add_session(connection, "open", session("anna@x.example"))
        assert sessions.forget_expired(connection, NOW + VALID - timedelta(microseconds=1), longest) == 1
        assert sessions.forget_expired(connection, NOW + VALID, longest) == 1
        assert sessions.session_by_token(connection, "open") is not None
        assert sessions.forget_expired(connection, NOW + longest, longest) == 1


def test_two_who_follow_a_link_at_once_do_not_both_get_in(database: Database) -> None:
    """One of eight is let in."""
    added(database, "one")
    barrier, answers = Barrier(8), []

    def follow() -> None:
        barrier.wait()
        answers.append(used(database, "one"))

    people = [Thread(target=follow) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    assert sorted(answers, key=bool) == [None] * 7 + [ANNA]
