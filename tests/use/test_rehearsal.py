"""Dry runs, redirected mail, forecasts and previews: they say what would go out, and write nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.use.mail.digests import digest_letters
from reminders.use.planning.preview import (
    forecast_window,
    next_sending,
    preview_mails,
    preview_next,
    redirect,
)
from schedule_rules.days import Span
from tests.use.office import FIRST, MAILS, Office, at, body, parsed

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
WINDOW = Span(date(2025, 12, 1), date(2025, 12, 31))


def forecast(service: Service) -> object:
    """The forecast of December."""
    with service.database.read() as connection:
        return list(forecast_window(connection, WINDOW))


REHEARSALS: dict[str, Callable[[Service], object]] = {
    "redirect": lambda service: redirect(service, "me@vaasa.example"),
    "preview": preview_next,
    "dry run": lambda service: preview_mails(service, date(2025, 12, 15), at("2025-12-15T09:00")),
    "forecast": forecast,
    "digest": digest_letters,
}


@pytest.mark.parametrize(("started", "held"), [(False, True), (True, False)])
def test_a_rehearsal_writes_nothing(office: Office, started: bool, held: bool) -> None:
    """Before the first start and after it, held and released: not a row of the database differs."""
    if started:
        office.tick(FIRST)
    office.hold(held=held)
    before = office.dump()
    for rehearse in REHEARSALS.values():
        assert rehearse(office.service("2025-12-15T10:00"))
    assert office.dump() == before


TOKEN = re.compile(r"(?<=/)[a-z0-9]{40,}\b")


def without_tokens(raw: bytes) -> str:
    """A mail's text without what signs its links."""
    return TOKEN.sub("…", body(parsed(raw)))


@SQLITE
def test_redirected_mail_all_goes_to_one_address(office: Office) -> None:
    """As many as would go out, each as it would be but for links that open nothing; the real ones follow."""
    outcomes = redirect(office.service(FIRST), "me@vaasa.example")
    rehearsed = office.envelopes
    office.transport = MemoryTransport()
    office.tick(FIRST)
    assert [outcome.kind for outcome in outcomes] == ["accepted"] * MAILS
    assert {one.recipient for one in rehearsed} == {"me@vaasa.example"}
    told = [(parsed(one.raw)["To"], parsed(one.raw)["Subject"], without_tokens(one.raw)) for one in rehearsed]
    real = [(one.recipient, parsed(one.raw)["Subject"], without_tokens(one.raw)) for one in office.envelopes]
    assert told == real
    tokens = [{*TOKEN.findall(body(parsed(one.raw)))} for one in (*rehearsed, *office.envelopes)]
    assert not set().union(*tokens[:MAILS]) & set().union(*tokens[MAILS:])


@SQLITE
def test_a_redirected_mail_is_no_copy_of_the_real_one(office: Office) -> None:
    """No Message-ID of a rehearsal comes again, or the mail server would drop the mail itself."""
    redirect(office.service(FIRST), "me@vaasa.example")
    redirect(office.service("2025-12-01T09:00:01"), "me@vaasa.example")
    office.tick(FIRST)
    ids = [parsed(one.raw)["Message-ID"] for one in office.envelopes]
    assert (len(ids), len(set(ids))) == (3 * MAILS, 3 * MAILS)
    assert ids == [one.message_id for one in office.envelopes]


@SQLITE
def test_the_preview_shows_what_the_run_sends(office: Office) -> None:
    """Recipients, subjects, texts and Message-IDs are those of the mails that go then."""
    shown = preview_next(office.service("2025-11-29T20:00"))
    assert shown.at == at(FIRST)
    office.tick(FIRST)
    facts = [(one.recipient, one.message_id, one.subject, one.text.rstrip()) for _, one in shown.mails]
    found = [(one, parsed(one.raw)) for one in office.envelopes]
    sent = [(one.recipient, one.message_id, mail["Subject"], body(mail).rstrip()) for one, mail in found]
    assert [row[:3] for row in facts] == [row[:3] for row in sent]
    assert [row[3].split() for row in facts] == [row[3].split() for row in sent]


@SQLITE
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2025-11-28T16:00", FIRST),  # Friday, the window has closed
        ("2025-11-29T12:00", FIRST),  # Saturday
        ("2025-12-01T06:00", FIRST),
        ("2025-12-01T12:00", FIRST),  # it goes with the next run
        ("2025-12-01T16:00", "2025-12-02T09:00"),
        ("2025-12-23T09:00", "2026-01-07T09:00"),  # the quiet period
    ],
)
def test_the_next_mails_are_announced(office: Office, now: str, expected: str) -> None:
    """For the next sending day; for today as long as today's have not gone."""
    assert next_sending(office.service(now)) == at(expected)


@SQLITE
def test_after_todays_mails_the_next_ones_go_tomorrow(started: Office) -> None:
    """What has gone is not announced again."""
    assert next_sending(started.service("2025-12-01T09:05")) == at("2025-12-02T09:00")


@SQLITE
def test_the_forecast_of_december_is_what_december_sends(office: Office) -> None:
    """Mail by mail and item by item, over a month of runs."""
    expected = forecast(office.service(FIRST))
    for day in range(1, 32):
        office.tick(f"2025-12-{day:02}T09:00")
    found = office.look("digest", "local_date", "recipient", "kind", "language", "items")
    assert isinstance(expected, list)
    assert sorted(found, key=str) == sorted(
        (
            (
                draft.day,
                draft.recipient,
                draft.kind,
                draft.language,
                [
                    {"occurrence": item.occurrence, "stage": item.stage, "reason": item.reason}
                    for item in draft.items
                ],
            )
            for draft in expected
        ),
        key=str,
    )
