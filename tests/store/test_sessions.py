"""Sign-in links: once, in time, and never stored as they are."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from reminders.store import Database, sessions, tables
from tests.store.builders import NOW, look

VALID = timedelta(hours=24)


def used(database: Database, token: str, after: timedelta = timedelta(0)) -> bool:
    """Use a link in a transaction of its own."""
    with database.write() as connection:
        return sessions.use_sign_in(connection, token, NOW + after)


def added(database: Database, token: str) -> None:
    """Store a link in a transaction of its own."""
    with database.write() as connection:
        sessions.add_sign_in(connection, token, NOW)


def test_a_link_opens_once(database: Database) -> None:
    """The second use is refused; another link is not touched by it."""
    added(database, "one")
    added(database, "two")
    assert [used(database, token) for token in ("one", "one", "two", "three")] == [True, False, True, False]


def test_a_link_is_too_old_at_the_end_of_its_day(database: Database) -> None:
    """A microsecond before it opens, at the instant itself not."""
    added(database, "one")
    added(database, "two")
    assert used(database, "one", VALID) is False
    assert used(database, "two", VALID - timedelta(microseconds=1)) is True


def test_only_the_hash_of_a_token_is_stored(database: Database) -> None:
    """Who reads the database cannot sign in."""
    added(database, "one")
    assert look(database, tables.sign_in, "token_hash", "expires_at", "used_at") == [
        ("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", NOW + VALID, None)
    ]


def test_an_ended_session_is_remembered_until_it_is_too_old_anyway(database: Database) -> None:
    """By the hash of its cookie, for longer than a session holds; links that are too old go with it."""
    added(database, "link")
    with database.write() as connection:
        sessions.end_session(connection, "cookie", NOW)
        sessions.end_session(connection, "cookie", NOW)
        assert (sessions.is_ended(connection, "cookie"), sessions.is_ended(connection, "other")) == (
            True,
            False,
        )
        assert sessions.forget_expired(connection, NOW + VALID - timedelta(microseconds=1)) == 0
        assert sessions.is_ended(connection, "cookie") is True
        assert sessions.forget_expired(connection, NOW + VALID) == 2


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
    assert sorted(answers) == [False] * 7 + [True]
