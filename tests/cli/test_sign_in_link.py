"""Commands about signing in: a printed link, and an account that is let go of."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from reminders.store import Database
from reminders.store.sign_in_accounts import bind_account
from tests.cli.conftest import Runner

SECRETARY, UNIT = "board-secretary@vaasa.example", "hr-unit-contact@vaasa.example"
AT = ("--at", "2026-01-08T09:00")


def test_a_link_is_printed(reminders: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, for a secretary in any spelling; below BASE_URL."""
    monkeypatch.setenv("BASE_URL", "https://city.example/reminders")
    ran = reminders("sign-in-link", SECRETARY.upper(), *AT)
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"https://city\.example/reminders/sign-in/[\w-]{32,}\n", ran.out)
    assert reminders("sign-in-link", SECRETARY, *AT).out != ran.out


@pytest.mark.parametrize("address", [UNIT, "nobody@elsewhere.example", "nobody"])
def test_who_may_not_sign_in_gets_none(reminders: Runner, address: str) -> None:
    """Exit 1, and what to do."""
    ran = reminders("sign-in-link", address, *AT)
    assert (ran.code, ran.out) == (1, "")
    assert f"{address} may not sign in: no contact list names it as secretary" in ran.err
    assert "reminders contacts import FILE" in ran.err


def test_an_account_is_let_go_of(reminders: Runner) -> None:
    """The command says so; without one it ends with 1. Removing the person does it too."""
    assert reminders("person", SECRETARY, "unbind").code == 1
    for words in (("unbind",), ("remove", "--at", "2026-01-08T09:00")):
        address = SECRETARY if words == ("unbind",) else UNIT
        with Database("sqlite:///var/reminders.db").write() as connection:
            now = datetime(2026, 1, 8, tzinfo=UTC)
            assert bind_account(connection, "https://login.example", address, "1", now)
        document = reminders("person", address, "export").document
        assert [one["subject"] for one in document["sign_in_accounts"]] == ["1"]
        assert reminders("person", address.upper(), *words).code == 0
        assert reminders("person", address, "unbind").code == 1
