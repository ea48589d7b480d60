"""What the start of the service prints: links that sign in go to people, not into a log that is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reminders.cli.run import _greet
from reminders.use.watch.audit import act_documents, chosen_acts
from tests.issues.towns import Towns
from tests.web.conftest import open_service

BY_COMMAND = "reminders sign-in-link ADDRESS prints a link"


@pytest.mark.parametrize(
    ("by_smtp", "on_terminal", "links"),
    [(False, False, 2), (False, True, 2), (True, True, 2), (True, False, 0)],
)
def test_links_are_printed_for_people(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    by_smtp: bool,
    on_terminal: bool,
    links: int,
) -> None:
    """On a terminal, or where no mail can bring one; else none is made, and the command is named."""
    Towns(tmp_path, built_in=False).service.database.close()
    wanted = {"smtp_url": "smtp://mail.example:25"} if by_smtp else {}
    service = open_service(tmp_path, lambda: Towns.now, **wanted)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: on_terminal, raising=False)
    _greet(service)
    printed = capsys.readouterr().out
    made = [one for one in act_documents(service, chosen_acts()) if one["act"] == "sign-in-link"]
    service.database.close()
    assert (printed.count("/sign-in/"), len(made)) == (links, links)
    assert (BY_COMMAND in printed) is (links == 0)
