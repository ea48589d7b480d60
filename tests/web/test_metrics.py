"""Metrics without personal data, and the banner when a run is missing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from reminders.service import Service
from reminders.store import outbox, people, watch
from reminders.web.app import create_app
from tests.web.conftest import TUESDAY, Reader

LATE = {
    "fi": "Muistutuksia ei ole käsitelty ajallaan",
    "sv": "Påminnelserna har inte behandlats i tid",
    "en": "Reminders have not been processed on time",
}


def measured(service: Service) -> dict[str, float]:
    """Every sample by name and label."""
    response = Reader(service).get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["cache-control"] == "no-store"
    assert "@" not in response.text
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("token", "client", "headers", "status"),
    [
        (None, "127.0.0.1", {}, 200),
        (None, "::1", {"host": "[::1]:8000"}, 200),
        (None, "192.0.2.7", {}, 403),
        (None, "127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, 403),
        (None, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 403),
        (None, "127.0.0.1", {"forwarded": "for=192.0.2.7"}, 403),
        (None, "127.0.0.1", {"via": "1.1 proxy"}, 403),
        (None, "127.0.0.1", {"host": "evil.example"}, 403),
        (None, "192.0.2.7", {"authorization": "Bearer "}, 403),
        ("t" * 16, "127.0.0.1", {}, 401),
        ("t" * 16, "127.0.0.1", {"authorization": "Bearer " + "t" * 15}, 401),
        ("t" * 16, "127.0.0.1", {"authorization": "Basic " + "t" * 16}, 401),
        ("t" * 16, "127.0.0.1", {"authorization": "Bearer ä"}, 401),
        ("t" * 16, "192.0.2.7", {"authorization": "bearer " + "t" * 16, "host": "10.0.0.7:8000"}, 200),
    ],
)
def test_who_may_read_the_metrics(
    service: Service, token: str | None, client: str, headers: dict[str, str], status: int
) -> None:
    """Whoever has the token; without one this machine, but nobody for whom a proxy on it asks."""
    settings = service.settings.model_copy(update={"metrics_token": SecretStr(token) if token else None})
    app = create_app(replace(service, settings=settings))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(client, 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
            sent = [(name.encode(), value.encode()) for name, value in headers.items()]
            return await browser.get("/metrics", headers=sent)

    answer = asyncio.run(ask())
    assert answer.status_code == status
    assert ("reminders_planned" in answer.text) is (status == 200)
    assert answer.headers.get("www-authenticate", "").startswith("Bearer") is (status == 401)


def test_metrics_count_what_the_database_holds(service: Service) -> None:
    """Messages by state, ages, holds, the breaker."""
    with service.database.write() as connection:
        watch.set_breaker(connection, "smtp", 2, TUESDAY + timedelta(minutes=5), "auth 535")
        people.flag_address(connection, "a@x.example", TUESDAY, 550, "gone")
        connection.exec_driver_sql("UPDATE outbox SET state = 'queued' WHERE id = 1")
        counts = outbox.counts(connection)
    found = measured(replace(service, clock=lambda: TUESDAY + timedelta(minutes=2)))
    planned, oldest = found.pop("reminders_planned"), found.pop("reminders_oldest_unsent_seconds")
    assert found == {
        "reminders_messages queued": 1,
        "reminders_messages sending": 0,
        "reminders_messages sent": counts["sent"],
        "reminders_page_cache_hits_total": 0,
        "reminders_page_cache_misses_total": 0,
        "reminders_messages failed": 0,
        "reminders_messages uncertain": 0,
        "reminders_messages expired": 0,
        "reminders_messages cancelled": 0,
        "reminders_programmes_held": 0,
        "reminders_programmes_released": 1,
        "reminders_dead_addresses": 1,
        "reminders_breaker_open smtp": 1,
        "reminders_last_run_age_seconds": 120,
        "reminders_run_missing": 0,
    }
    assert planned >= 0
    assert oldest == timedelta(days=39, minutes=2).total_seconds()


def test_metrics_of_a_service_that_never_ran(fresh: Service) -> None:
    """No age of a run that never was; the programme is held."""
    found = measured(fresh)
    assert "reminders_last_run_age_seconds" not in found
    assert (found["reminders_programmes_held"], found["reminders_run_missing"]) == (1, 1)


@pytest.mark.parametrize("path", ["/", "/outbox", "/digest"])
def test_a_banner_says_that_a_run_is_missing(service: Service, path: str) -> None:
    """An hour after TICK_AT of the next working day, on every page, in three languages, for the signed-in."""
    early = replace(service, clock=lambda: TUESDAY + timedelta(days=1, minutes=59))
    late = replace(service, clock=lambda: TUESDAY + timedelta(days=1, hours=1))
    for lang, words in LATE.items():
        assert words not in Reader(early).sign_in().get(f"{path}?lang={lang}").text
        assert words in Reader(late).sign_in().get(f"{path}?lang={lang}").text
        assert words not in Reader(late).get(f"{path}?lang={lang}").text
