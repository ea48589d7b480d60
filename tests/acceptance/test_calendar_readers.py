"""A calendar program subscribes over HTTP: vdirsyncer fetches a feed, khal shows it.

What is missing on a machine is named by the test that needs it, and is a failure under CI.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from reminders.service import Service
from reminders.web.app import create_app


@pytest.fixture
def running(edited_service: Service) -> Iterator[str]:
    """A service that runs on a port of this machine with the edited programme; its address."""
    config = uvicorn.Config(create_app(edited_service), port=0, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_khal_subscribes(running: str, khal: str, tmp_path: Path) -> None:
    """Fetched by vdirsyncer over HTTP, khal shows the café at 17 in January and June, and none in July."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "sync").write_text(
        f'[general]\nstatus_path = "{home}/status"\n'
        '[pair cafe]\na = "disk"\nb = "web"\ncollections = null\nconflict_resolution = "b wins"\n'
        f'[storage disk]\ntype = "filesystem"\npath = "{home}/items"\nfileext = ".ics"\n'
        f'[storage web]\ntype = "http"\nurl = "{running}/calendars/alma-fi.ics"\n'
    )
    (home / "khal").write_text(
        f"[calendars]\n[[cafe]]\npath = {home}/items\n"
        "[locale]\nlocal_timezone = Europe/Helsinki\ndefault_timezone = Europe/Helsinki\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {home}/khal.db\n"
    )
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "Europe/Helsinki"}
    for words in (["discover"], ["sync"]):
        command = [f"{khal}/vdirsyncer", "-c", str(home / "sync"), *words]
        subprocess.run(command, env=environment, input=b"y\ny\n", check=True, capture_output=True)

    def listed(first: str, last: str) -> list[str]:
        command = [
            f"{khal}/khal", "-c", str(home / "khal"), "list", "--format", "{start} {title}",
            "--day-format", "", first, last,
        ]  # fmt: skip
        ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return [line for line in ran.stdout.splitlines() if "Kulttuurikahvila" in line and ":" in line[:16]]

    title = "Kulttuurikahvilatoiminta 1 krt/kk"
    assert listed("2025-01-01", "2025-02-01") == [f"2025-01-30 17:00 {title}"]
    assert listed("2025-06-01", "2025-07-01") == [f"2025-06-26 17:00 {title}"]
    assert listed("2025-07-01", "2025-08-01") == []
