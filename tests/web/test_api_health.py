"""The open API has the shapes of the interface; the health check notices a service that stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.service import Service
from tests.web.conftest import TUESDAY, Reader


def test_occurrences(reader: Reader) -> None:
    """An occurrence as the interface writes it, status from answers."""
    found = reader.get("/api/v1/occurrences?from=2023-12-31&to=2023-12-31").json()
    ethical = next(one for one in found if one["action"] == "safety-ethical-principles")
    assert ethical == {
        "id": "vaasa-2023-2026:safety-ethical-principles:milestone:end",
        "programme": "vaasa-2023-2026",
        "action": "safety-ethical-principles",
        "kind": "milestone",
        "due": "2023-12-31",
        "starts_at": None,
        "ends_at": None,
        "title": ethical["title"],
        "organisations": ["city-board"],
        "status": "completed",
        "standing": "done",
        "provenance": "printed",
        "because": "The programme says ‘2023’, read as: "
        "the deadline is the last day of the schedule (as printed).",
    }
    assert set(ethical["title"]) == {"fi", "sv", "en"}
    crisis = next(one for one in found if one["action"] == "safety-crisis-communication")
    assert crisis["status"] == "in-process"


def test_bad_days(reader: Reader) -> None:
    """A day that is none, or a span that ends before it begins, is refused."""
    assert reader.get("/api/v1/occurrences?from=2023-13-01").status_code == 422
    assert reader.get("/api/v1/occurrences?from=2024-01-01&to=2023-01-01").status_code == 422


def test_programmes_and_feeds(reader: Reader) -> None:
    """Lists, without personal data."""
    programme = reader.get("/api/v1/programmes").json()[0]
    assert (programme["key"], programme["actions"], programme["started_on"]) == (
        "vaasa-2023-2026",
        62,
        "2024-11-29",
    )
    feeds = reader.get("/api/v1/feeds").json()
    assert len(feeds) == 4 + 8 + 58  # all, deadlines, events, meetings; themes; organisations
    assert feeds[0]["url"]["sv"] == "http://127.0.0.1:8000/calendars/vaasa-2023-2026/all-sv.ics"
    assert "@" not in reader.get("/api/v1/feeds").text


def test_openapi(reader: Reader) -> None:
    """The description names the open operations and no page."""
    paths = reader.get("/api/openapi.json").json()["paths"]
    names = ("programmes", "occurrences", "feeds", "collection")
    assert set(paths) == {f"/api/v1/{name}" for name in names}


def test_unknown_operations_answer_in_json(reader: Reader) -> None:
    """A program gets no page."""
    response = reader.get("/api/v1/nothing")
    assert (response.status_code, response.json()) == (404, {"detail": "Page not found"})


def health(service: Service, after: timedelta) -> tuple[int, str, str | None]:
    """What the check says so long after the run of Tuesday 7 January 2025 at nine."""
    response = Reader(replace(service, clock=lambda: TUESDAY + after)).get("/health")
    return response.status_code, response.json()["status"], response.json().get("reason")


@pytest.mark.parametrize("after", [timedelta(), timedelta(hours=9), timedelta(days=1, minutes=59)])
def test_a_run_a_day_is_well(service: Service, after: timedelta) -> None:
    """Until an hour after TICK_AT of the next working day, as the banner and the alarm have it."""
    assert health(service, after) == (200, "ok", None)


def test_a_missing_run_fails(service: Service) -> None:
    """From an hour after TICK_AT on; the reason names the day."""
    reason = "no run has finished since 09:00 on 2025-01-08"
    assert health(service, timedelta(days=1, hours=1)) == (503, "failing", reason)


def test_mail_that_waits_for_a_run_fails(service: Service) -> None:
    """Half an hour without a run while mail is due, inside the mail window only."""
    with service.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'queued' WHERE id = 1")
    assert health(service, timedelta(minutes=30)) == (200, "ok", None)
    reason = "mail waits, and the last run finished more than 30 minutes ago"
    assert health(service, timedelta(minutes=31)) == (503, "failing", reason)
    assert health(service, timedelta(hours=8)) == (200, "ok", None)


def test_health_before_any_run(fresh: Service) -> None:
    """Without a finished run the service is not well, and says why."""
    response = Reader(fresh).get("/health")
    assert (response.status_code, response.json()["reason"]) == (503, "no run has finished yet")
