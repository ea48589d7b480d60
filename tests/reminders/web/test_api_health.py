"""The open API has the shapes of the interface; the health check notices a service that stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reminders.dispatch.tick import Service
from tests.reminders.web.conftest import TUESDAY, Reader


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
    assert len(feeds) == 3 + 8 + 58
    assert feeds[0]["url"]["sv"] == "http://127.0.0.1:8000/calendars/all-sv.ics"
    assert "@" not in reader.get("/api/v1/feeds").text


def test_openapi(reader: Reader) -> None:
    """The description names the open operations and no page."""
    paths = reader.get("/api/openapi.json").json()["paths"]
    assert set(paths) == {"/api/v1/programmes", "/api/v1/occurrences", "/api/v1/feeds"}


def test_unknown_operations_answer_in_json(reader: Reader) -> None:
    """A program gets no page."""
    response = reader.get("/api/v1/nothing")
    assert (response.status_code, response.json()) == (404, {"detail": "Page not found"})


def test_health(service: Service) -> None:
    """Well after a run, failing half an hour later."""
    well = Reader(service).get("/health")
    assert (well.status_code, well.json()["status"]) == (200, "ok")
    later = replace(service, clock=lambda: TUESDAY + timedelta(minutes=31))
    late = Reader(later).get("/health")
    assert (late.status_code, late.json()["reason"]) == (
        503,
        "the last run finished more than 30 minutes ago",
    )


def test_health_before_any_run(fresh: Service) -> None:
    """Without a finished run the service is not well, and says why."""
    response = Reader(fresh).get("/health")
    assert (response.status_code, response.json()["reason"]) == (503, "no run has finished yet")
