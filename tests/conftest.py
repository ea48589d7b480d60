"""What every room's tests share: a pinned clock, a machine that leaves no trace, and tools by name.

Fixtures of one room stand in that room's own conftest.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import HealthCheck, settings

from reminders.cli.logs import StderrHandler
from reminders.settings import EXPECTED, SECRETS

pytest_plugins = ("tests.databases",)

ROOT = Path(__file__).resolve().parent.parent
HELSINKI = ZoneInfo("Europe/Helsinki")

# No test may depend on the speed of the machine: examples have no deadline, and slow ones are no fault.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _no_settings_from_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that the tests run on reaches them."""
    names = {name.upper() for name in EXPECTED} | {f"{name.upper()}_FILE" for name in SECRETS}
    for name in names:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command that a test calls sets up logging; the next test's logs go where they went before."""
    before = structlog.get_config()
    of_threads, of_objects, root = threading.excepthook, sys.unraisablehook, logging.getLogger()
    yield
    structlog.configure(**before)
    threading.excepthook, sys.unraisablehook = of_threads, of_objects
    logging.captureWarnings(capture=False)
    root.handlers = [one for one in root.handlers if not isinstance(one, StderrHandler)]


@pytest.fixture
def now() -> datetime:
    """Monday 12 January 2026, 9:00 in Vaasa: a sending day."""
    return datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI)


@pytest.fixture
def now_utc(now: datetime) -> datetime:
    """The same instant in UTC."""
    return now.astimezone(UTC)


@pytest.fixture
def today(now: datetime) -> date:
    """The civil date of ``now``."""
    return now.date()


@pytest.fixture
def root() -> Path:
    """The folder of the repository."""
    return ROOT


def _tool(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return found
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(f"{names[0]} is missing, and under CI nothing may be left out")
    pytest.skip(f"{names[0]} is missing on this machine")


@pytest.fixture
def chromium() -> str:
    """The browser of the machine; without one the test is skipped, or fails under CI."""
    return _tool("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def node() -> str:
    """Node of the machine with ical.js and node-ical beside the tests; as ``chromium`` if there is none."""
    path = _tool("node")
    for reader in ("ical.js", "node-ical"):
        if not (ROOT / "tests/acceptance/node_modules" / reader).is_dir():
            return _tool(reader)
    return path
