"""Accounts of the city's sign-in service: the first one that comes with an address keeps it."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from reminders.store import Database
from reminders.store.sign_in_accounts import SignInAccount, accounts_of, bind_account, release_accounts
from tests.store.builders import NOW

ISSUER, OTHER = "https://login.example", "https://other.example"


def bound(database: Database, address: str, subject: str, issuer: str = ISSUER) -> str:
    """Come with an address in a transaction of its own."""
    with database.write() as connection:
        return bind_account(connection, issuer, address, subject, NOW)


def test_the_first_account_keeps_the_address(database: Database) -> None:
    """In any spelling; another one is refused, and that is noted; at another issuer it is another matter."""
    came = [
        ("A@city.example", "1"),
        ("a@CITY.example", "2"),
        ("a@city.example", "1"),
        ("b@city.example", "1"),
    ]
    assert [bound(database, *one) for one in came] == ["new", "other", "known", "new"]
    assert bound(database, "a@city.example", "2", OTHER) == "new"
    with database.read() as connection:
        assert accounts_of(connection) == (
            SignInAccount(ISSUER, "a@city.example", "1", NOW, NOW),
            SignInAccount(ISSUER, "b@city.example", "1", NOW),
            SignInAccount(OTHER, "a@city.example", "2", NOW),
        )
        assert [one.issuer for one in accounts_of(connection, "A@city.example")] == [ISSUER, OTHER]


def test_an_address_is_let_go_of(database: Database) -> None:
    """The next account that comes is bound; no other address is touched."""
    assert bound(database, "a@city.example", "1")
    assert bound(database, "b@city.example", "1")
    with database.write() as connection:
        assert release_accounts(connection, "A@city.example") == 1
        assert release_accounts(connection, "a@city.example") == 0
        assert bind_account(connection, ISSUER, "a@city.example", "2", NOW + timedelta(days=1)) == "new"
        assert [one.subject for one in accounts_of(connection)] == ["2", "1"]


def test_of_two_accounts_that_come_at_once_one_is_bound(database: Database) -> None:
    """One of eight."""
    barrier, answers = Barrier(8), []

    def come(subject: str) -> None:
        barrier.wait()
        answers.append(bound(database, "a@city.example", subject))

    people = [Thread(target=come, args=(str(n),)) for n in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    assert sorted(answers) == ["new"] + ["other"] * 7
