"""What a page raises: a refusal is a page that says so; a fault is one traceback, and the service goes on."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from reminders.cli.logs import begin_log
from reminders.errors import (
    BusyError,
    CountError,
    DatabaseFault,
    EditedMeanwhileError,
    GuardError,
    InputError,
    RemindersError,
    UsageError,
)
from reminders.planning.recipients import People
from reminders.service import Service
from reminders.store import programmes
from reminders.web.page import Page
from reminders.web.programme import glance
from reminders.web.programme.glance import GlancePages
from reminders.web.snapshot import Snapshots
from tests.cli.test_connections import serving
from tests.web.conftest import KEY, TUESDAY, Reader, history, service

__all__ = ["history", "service"]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the server log where the service does, whatever another test has set up; put all back."""
    root, known = logging.getLogger(), structlog.get_config()
    handlers = root.handlers
    for name in ("uvicorn", "uvicorn.error"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
    yield
    root.handlers = handlers
    structlog.configure(**known)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("as_json", [False, True])
def test_a_fault_is_one_plain_traceback_and_the_service_goes_on(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, as_json: bool
) -> None:
    """What the frames hold (a programme, a database, every page) is not written out."""

    def fail(pages: GlancePages, page: Page) -> None:
        held = page.current, page.snapshot, pages.site
        raise LookupError(f"unforeseen: {len(held)}")

    monkeypatch.setattr(GlancePages, "choose", fail)
    reader = Reader(service)
    begin_log(logging.INFO, as_json=as_json)
    with serving(reader.app) as served:
        for _ in range(3):
            answer = served.ask(b"GET /programmes HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert answer.startswith("HTTP/1.1 500 "), answer[:300]
            well = served.ask(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert not well.startswith("HTTP/1.1 500 ")
    written = capsys.readouterr().err
    assert written.count("Traceback (most recent call last)") == 3
    assert written.count("LookupError: unforeseen: 3") == 3
    assert "locals" not in written
    assert len(written) < 3 * 20_000


REFUSED = (
    (GuardError("no"), 409),
    (CountError("no", 7), 409),
    (EditedMeanwhileError("a", "b", TUESDAY), 409),
    (BusyError(), 409),
    (UsageError("no"), 422),
    (InputError("a", "b", "c", "d"), 422),
    (DatabaseFault("a", "b", "c"), 500),
    (RemindersError("no"), 500),
)


@pytest.mark.parametrize(("error", "status"), REFUSED, ids=lambda one: type(one).__name__)
def test_a_refusal_is_a_page_and_a_fault_is_not_hidden(
    service: Service, monkeypatch: pytest.MonkeyPatch, error: RemindersError, status: int
) -> None:
    """Whatever page raises it, none has to catch it; what only the log explains stays a 500."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(glance, "hold_programme", fail)
    reader = Reader(service).sign_in()
    answer = reader.post(f"/programmes/{KEY}/hold?lang=en")
    assert answer.status_code == status
    said = "Something is wrong with the service" if status == 500 else "This cannot be done now"
    assert said in answer.text
    assert "Nothing was changed." in answer.text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fi", "Ohjelmalla ei ole sihteeriä"),
        ("sv", "Programmet har ingen sekreterare"),
        ("en", "no secretary"),
    ],
)
def test_a_programme_without_a_secretary_is_not_released(
    service: Service, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    """The page says so, in the reader's language, and the programme stays held."""
    reader = Reader(service).sign_in()
    with service.database.write() as connection:
        programmes.set_held(connection, KEY, held=True)
    monkeypatch.setattr(People, "present_secretary", lambda *_: ())
    monkeypatch.setattr(Snapshots, "managed_by", lambda *_: frozenset({KEY}))
    answer = reader.post(f"/programmes/{KEY}/release?lang={lang}")
    assert answer.status_code == 409
    assert said in answer.text
    with service.database.read() as connection:
        assert programmes.stored_programme(connection, KEY).held
