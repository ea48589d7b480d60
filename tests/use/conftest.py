"""A service on each database, quiet, with the built-in programme released and nothing mailed yet."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from reminders.store import Database
from tests.use.office import Office


@pytest.fixture(autouse=True)
def _quiet_log() -> Iterator[None]:
    """No line for each message: formatting them takes longer than sending."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture
def office(loaded_database: Database) -> Office:
    """The service on the built-in programme."""
    return Office(loaded_database)


@pytest.fixture
def started(started_database: Database) -> Office:
    """The same after its first run, on Monday 1 December 2025."""
    return Office(started_database)
