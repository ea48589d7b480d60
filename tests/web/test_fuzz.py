"""Hostile requests at every page and form: no answer is 5xx. `make fuzz` sends more, by another seed."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

import pytest

from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database
from reminders.use.tick import tick
from reminders.web.mail import forecast
from schedule_rules.days import Span
from tests.databases import SECRET
from tests.web.conftest import Reader
from tests.web.fuzz import Walk

SEED = int(os.environ.get("FUZZ_SEED", "14"))
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "900"))
"""Requests on each database."""
DAYS = (datetime(2025, 12, 15, 7, tzinfo=UTC), datetime(2026, 1, 8, 7, tzinfo=UTC))


def test_no_request_breaks_a_page(
    new_url: Callable[[str], str],
    backend: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever is sent as anonymous, behind a mail's link or as the secretary, nothing breaks."""
    # Every preview of a change folds the forecast twice: three weeks of it break on the same as a year.
    monkeypatch.setattr(forecast, "window_of", lambda today: Span(today, today + timedelta(weeks=3)))
    clock, transport = [DAYS[0]], MemoryTransport()
    settings = Settings(mail_folder=tmp_path / "mail", database_url=new_url("started"))
    database = Database(settings.database_url, SECRET)
    service = Service(settings, database, cache(lambda: transport), SECRET, lambda: clock[0], lambda _: None)
    for clock[0] in DAYS:
        tick(service)
    walk = Walk(Reader(service).sign_in(), links_of(transport), SEED, REQUESTS)
    asyncio.run(walk.go())
    database.close()
    with capsys.disabled():
        print(f"\n{backend}, seed {SEED}: {walk.count} requests, {dict(walk.answered)}")
    assert walk.failed == [], f"seed {SEED}, {len(walk.failed)} failed:\n" + "\n\n".join(walk.failed[:20])
    assert walk.posts - walk.met <= {"/sign-out"}, "these were never asked"
    assert sum(walk.accepted.values()) > 40, walk.accepted
    assert len(walk.accepted) > 8, walk.accepted


def links_of(transport: MemoryTransport) -> tuple[str, ...]:
    """Return the addresses in the mails, the newest first."""
    mails = [message_from_bytes(one.raw, policy=policy.default) for one in reversed(transport.envelopes)]
    texts = (part.get_content() for one in mails if (part := one.get_body(("plain",))))
    return tuple(dict.fromkeys(link for text in texts for link in re.findall(r"127.0.0.1:8000(/\S+)", text)))
