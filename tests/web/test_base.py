"""The base of the pages: forms within bounds, templates beside their pages, the API made on use."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.web.conftest import Reader
from tests.web.forms import send

WEB = Path("reminders/web")


def test_a_template_is_found_by_its_name_alone() -> None:
    """No name stands in two folders, and those that many pages share stand in ``templates``."""
    names = Counter(path.name for path in WEB.rglob("*.html"))
    assert [name for name, count in names.items() if count > 1] == []
    shared = {
        "base.html",
        "error.html",
        "link_closed.html",
        "lost_parts.html",
        "own_base.html",
        "parts.html",
    }
    assert {path.name for path in (WEB / "templates").iterdir()} == shared


@pytest.mark.parametrize(
    "url", ["/settings/meetings", "/contacts/edit", "/findings", "/calendars/", "/unit/x"]
)
def test_a_form_is_bounded(secretary: Reader, url: str) -> None:
    """More than a page's form can hold is refused before it is read."""
    assert send(secretary, url, {"value": "x" * 1_000_001}).status_code == 413


def test_fastapi_is_imported_at_the_first_request_for_the_api() -> None:
    """Not to make the application: starting must not pay for it."""
    code = "import sys, reminders.web.app; sys.exit('fastapi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_commands_that_say_what_pages_say_import_no_pages() -> None:
    """The words of pages come without the pages and their libraries."""
    code = "import sys, reminders.web.words, reminders.web.api; sys.exit('reminders.web.page' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
