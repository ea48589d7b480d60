"""The real server, as the command starts it, writes no token of a link into its output."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TOKEN = "aar5a2ixya4kx3n7tetnq4pcwozatnihvgmroioxpfrbx3is2xc2rrro"


def ask(url: str, body: bytes | None = None) -> int:
    """The status of an answer; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body), timeout=60) as answer:  # noqa: S310 - our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def test_no_token_in_the_servers_output(tmp_path: Path) -> None:
    """Neither a GET nor a POST, of a page or of a form, whether the token is good or not."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from reminders.cli import main; main()", "web", "--port", str(port)]
    output = tmp_path / "output"
    with output.open("wb") as sink:
        server = subprocess.Popen(
            [*command, "--database", f"sqlite:///{tmp_path}/r.db"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
            stdout=sink,
            stderr=sink,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            while not ask(f"{base}/health") and server.poll() is None:
                time.sleep(0.1)
            paths = [f"{path}/{TOKEN}" for path in ("answer", "unit", "collection/form", "sign-in")]
            paths += [f"calendars/private/{TOKEN}/own-fi.ics", f"calendars/private/{TOKEN}/own-fi.ics?a=b"]
            statuses = [ask(f"{base}/{path}", body) for path in paths for body in (None, b"a=done")]
        finally:
            server.terminate()
            server.wait(20)
    assert {status // 100 for status in statuses} == {4}
    assert TOKEN not in output.read_text(encoding="utf-8")
