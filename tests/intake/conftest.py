"""Tables of what was read right, shown at the end of the test run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

_LINES = pytest.StashKey[dict[str, list[str]]]()

Report = Callable[[str, str], None]
"""Takes a heading and a line under it."""


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the lines."""
    config.stash[_LINES] = {}


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Report:
    """Keep a line for the end of the run."""
    lines = pytestconfig.stash.setdefault(_LINES, {})

    def keep(heading: str, line: str) -> None:
        lines.setdefault(heading, []).append(line)

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the tables, captured output or not."""
    for heading, lines in config.stash.get(_LINES, {}).items():
        terminalreporter.write_sep("-", "documents read")
        terminalreporter.write_line(heading)
        for line in lines:
            terminalreporter.write_line(line)
