"""Operation in one line: the log for machines, the health check, the dry run, the example of settings."""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from reminders.cli import health
from reminders.cli.health import RunningHalf, half_of, running_halves
from reminders.settings import read_settings, unknown_settings
from reminders.store import personal_data
from reminders.store.tables import ADDRESS, metadata
from reminders.use.programme.store_programme import make_ready
from tests.cli.conftest import Runner, reminders as reminders  # noqa: PLC0414 - the fixture
from tests.web.conftest import TUESDAY, Reader, open_service

ROOT: Final = Path(__file__).resolve().parents[2]
SENDING, EVENING, CLOSED = "2025-12-01T09:00", "2025-12-01T20:00", "2025-12-06T09:00"

# -- the log for machines

BROKEN: Final = """
import logging, threading, warnings
import reminders.cli.run as commands
import reminders.scheduler as scheduler
from reminders.web.people.privacy import PrivacyPages

def fail(where):
    raise LookupError(f"made up in {where}\\nand a second line")

scheduler.tick = lambda *_, **__: fail("a run")
PrivacyPages.show = lambda *_: fail("a page")
greet = commands._greet

def greet_and_fail(service):
    greet(service)
    threading.Thread(target=fail, args=("a thread",)).start()
    warnings.warn("made up as a warning")
    logging.getLogger("apscheduler").warning("made up by a library")

commands._greet = greet_and_fail
from reminders.cli import main
main()
"""


def test_every_line_of_the_log_for_machines_is_json(tmp_path: Path) -> None:
    """Exceptions in a page, a run and a thread, warnings, what libraries log, a name that is no setting."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LOG_FORMAT": "json",
        "SMTP_URI": "x",
    }
    with (tmp_path / "log").open("wb") as log, (tmp_path / "out").open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", BROKEN, "run", "--port", str(port)],
            cwd=tmp_path,
            env=env,
            stdout=out,
            stderr=log,
        )
        try:
            answer = 0
            while answer != 500 and server.poll() is None:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/privacy", timeout=60).close()
                except urllib.error.HTTPError as error:
                    answer = error.code
                    error.close()
                except OSError:
                    time.sleep(0.1)
            while b"in a run" not in (tmp_path / "log").read_bytes() and server.poll() is None:
                time.sleep(0.1)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    said = [f"{line['event']} {line.get('exception', '')}" for line in lines]
    for words in (
        "made up in a page",
        "made up in a run",
        "made up in a thread",
        "made up as a warning",
        "made up by a library",
        "SMTP_URI in the environment is no setting",
    ):
        assert [line for line in said if words in line], (words, said)
    assert all(line["level"] in {"info", "warning", "error"} and line["timestamp"] for line in lines)


# -- health


@pytest.mark.parametrize(
    ("words", "half"),
    [
        (["python", "/app/venv/bin/reminders", "run", ""], RunningHalf("run")),
        (["/x/reminders", "--debug", "web", "--port", "9000"], RunningHalf("web", port=9000)),
        (["reminders", "web", "--host=::", "--at", "2026-01-08T09:00"], RunningHalf("web", host="::")),
        (["reminders", "worker", "--database", "sqlite:///x"], RunningHalf("worker", database="sqlite:///x")),
        (["reminders", "tick"], None),
        (["reminders", "health"], None),
        (["vim", "run"], None),
        (["reminders"], None),
        ([], None),
    ],
)
def test_what_runs_is_read_from_its_words(words: list[str], half: RunningHalf | None) -> None:
    """The same health check fits all three; options of the command count."""
    assert half_of(words) == half


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing runs yet."""
    folder = tmp_path / "proc"
    folder.mkdir()
    monkeypatch.setattr(health, "PROCESSES", folder)
    return folder


def runs(processes: Path, *words: str) -> None:
    """Let a process run."""
    number = len(list(processes.iterdir())) + 1
    (processes / f"{10_000_000 + number}").mkdir()
    (processes / f"{10_000_000 + number}" / "cmdline").write_bytes("\0".join((*words, "")).encode())


def test_what_runs_on_the_machine_is_found(processes: Path) -> None:
    """A process that ends meanwhile is passed over, and one thing is looked at once."""
    (processes / "7").mkdir()
    (processes / "self").mkdir()
    runs(processes, "python", "/app/venv/bin/reminders", "worker")
    runs(processes, "python", "/app/venv/bin/reminders", "worker")
    runs(processes, "sh")
    assert running_halves(processes) == [RunningHalf("worker")]


def test_another_service_on_the_machine_is_none_of_ours(
    processes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One with another database, or in another folder, is not vouched for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///ours.db")
    runs(processes, "reminders", "web", "--port", "9000")
    one = next(processes.iterdir())
    (one / "cwd").symlink_to(tmp_path)
    (one / "environ").write_bytes(b"A=B\0DATABASE_URL=sqlite:///ours.db\0")
    assert running_halves(processes) == [RunningHalf("web", port=9000)]
    (one / "environ").write_bytes(b"A=B\0DATABASE_URL=sqlite:///theirs.db\0")
    assert running_halves(processes) == []
    (one / "environ").write_bytes(b"DATABASE_URL=sqlite:///ours.db\0")
    (one / "cwd").unlink()
    (one / "cwd").symlink_to(processes)
    assert running_halves(processes) == []


@contextmanager
def pages_that_answer(status: int, body: bytes) -> Iterator[int]:
    """Serve one answer; yield the port."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


ILL: Final = b'{"status": "failing", "reason": "no run has finished yet"}'


@pytest.mark.parametrize(
    ("command", "status", "body", "code", "err"),
    [
        ("run", 200, b'{"status": "ok"}', 0, ""),
        ("run", 503, ILL, 1, "reminders: run: not well: no run has finished yet\n"),
        ("web", 200, b'{"status": "ok"}', 0, ""),
        ("web", 503, ILL, 0, ""),  # the runs are the worker's
    ],
)
def test_the_half_with_pages_is_asked_where_it_listens(
    reminders: Runner, processes: Path, command: str, status: int, body: bytes, code: int, err: str
) -> None:
    """At its own port, whatever BASE_URL is; pages alone are well when they say that runs are missing."""
    with pages_that_answer(status, body) as port:
        runs(processes, "python", "/app/venv/bin/reminders", command, "--port", str(port))
        found = reminders("health")
    assert (found.code, found.err) == (code, err)


@pytest.mark.parametrize("body", [b"<html>another program</html>", b"[]"])
def test_another_program_at_the_port_is_not_well(reminders: Runner, processes: Path, body: bytes) -> None:
    """What answers there has to be this service."""
    with pages_that_answer(500, body) as port:
        runs(processes, "reminders", "web", "--port", str(port))
        found = reminders("health")
    assert (found.code, found.err) == (
        1,
        f"reminders: web: not well: http://127.0.0.1:{port}/health answers 500\n",
    )


def test_pages_that_do_not_answer_are_not_well(
    reminders: Runner, processes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is found to run, both halves are expected at PORT."""
    del processes
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PORT", str(free.getsockname()[1]))
        found = reminders("health")
    assert found.code == 1
    assert re.fullmatch(
        r"reminders: run: not well: http://127\.0\.0\.1:\d+/health does not answer \(.*refused\)\n", found.err
    )


def test_the_half_that_reminds_is_judged_by_its_runs(
    reminders: Runner, processes: Path, tmp_path: Path
) -> None:
    """No database, no run yet, a run: by the rule of /health. Looking makes nothing."""
    runs(processes, "python", "/app/venv/bin/reminders", "worker")
    before = reminders("health")
    assert before.code == 1
    assert before.err == (
        "reminders: DATABASE_URL: var/reminders.db: it is not there, or not up to date; "
        "start the service, or reminders db upgrade\n"
    )
    assert not (tmp_path / "var").exists()
    reminders("programmes")
    waits = reminders("health", "--worker")
    assert (waits.code, waits.err) == (1, "reminders: worker: not well: no run has finished yet\n")
    reminders("tick")
    assert reminders("health").out == "worker: well\n"


# -- the dry run


def test_a_dry_run_shows_the_mails_that_are_redirected_and_says_what_holds_them_back(
    reminders: Runner, tmp_path: Path
) -> None:
    """The same mails in each state, and why a run now would not send them, or why there are none."""

    def said(at: str) -> tuple[int, list[str]]:
        """How many mails there are, the same both ways, and what is said on stderr."""
        dry = reminders("tick", "--at", at, "--dry-run")
        redirected = reminders("tick", "--at", at, "--redirect-to", "me@vaasa.example").out
        count = len(dry.document)
        assert redirected.startswith(f"{count} of {count} mail")
        return count, dry.err.splitlines()

    assert said(SENDING) == (38, [])
    outside = "dry run: it is outside the hours in which mail is written; the next are 2025-12-02 from 09:00"
    assert said(EVENING) == (38, [f"reminders: {outside}"])
    assert said(CLOSED) == (0, ["reminders: dry run: 2025-12-06 is a day without mail"])
    reminders("hold", "vaasa-2023-2026")
    held = "dry run: vaasa-2023-2026 is held: reminders release vaasa-2023-2026"
    assert said(SENDING) == (38, [f"reminders: {held}"])
    assert said(EVENING) == (38, [f"reminders: {held}"])
    reminders("release", "vaasa-2023-2026")
    assert reminders("tick", "--at", SENDING).out == "38 composed; 38 sent.\n"
    assert said(SENDING) == (0, ["reminders: dry run: the mails of 2025-12-01 are written already"])
    assert reminders("tick", "--at", "2025-12-02T09:00").out == "1 composed; 1 sent.\n"
    assert said("2025-12-03T09:00") == (0, ["reminders: dry run: nothing is due on 2025-12-03"])


# -- what is written down


def test_the_example_of_settings_can_be_used_as_it_is(tmp_path: Path, root: Path) -> None:
    """Every line uncommented is read, and no name in it is unknown."""
    example = (root / ".env.example").read_text(encoding="utf-8")
    file = tmp_path / ".env"
    file.write_text(re.sub(r"^#([A-Z_]+=)", r"\1", example, flags=re.MULTILINE), encoding="utf-8")
    settings = read_settings(file)
    assert (settings.mail_cap, settings.port) == (200, 8000)
    assert [one for one in unknown_settings(file) if one.source == str(file)] == []


def test_every_column_with_personal_data_is_written_down(root: Path) -> None:
    """What holds an address, what a person typed, the octets of mails; and no column that there is not."""
    document = (root / "docs/data-protection.md").read_text(encoding="utf-8")
    written = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", document))
    columns = {
        f"{table.name}.{column.name}": column for table in metadata.tables.values() for column in table.c
    }
    personal = {name for name, column in columns.items() if column.type is ADDRESS}
    personal |= {f"{one.table.name}.{one.name}" for one in (*personal_data._BY, *personal_data._NOTES)}
    personal |= {"contact.name", "outbox.raw", "collection_form.draft", "collection_form.sent"}
    assert personal - written == set()
    tables = set(metadata.tables)
    assert {one for one in written - columns.keys() if one.partition(".")[0] in tables} == set()


def test_the_record_of_processing_is_whole_in_three_languages(root: Path) -> None:
    """Article 30 asks for the same in each."""
    document = (root / "docs/data-protection.md").read_text(encoding="utf-8")
    records = document.partition("## Draft record of processing")[2].split("\n### ")[1:]
    assert [one.splitlines()[0] for one in records] == [
        "Seloste käsittelytoimista",
        "Register över behandling",
        "Record of processing activities",
    ]
    assert {len(re.findall(r"^\| [A-ZÄÖÅ]", one, re.MULTILINE)) for one in records} == {12}


def test_the_files_that_security_names_are_there(root: Path) -> None:
    """A test that is named keeps what is said of it; every chapter of the ruler has a line."""
    document = (root / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/.]+)`", document)
    assert [one for one in named if not (root / one).exists()] == []
    rows = re.findall(r"^\| (V\d+) [^|]+ \| (\w+) \| (.*) \|$", document, re.MULTILINE)
    assert [chapter for chapter, *_ in rows] == [f"V{n}" for n in range(1, 18)]
    assert {state for _, state, _ in rows} <= {"held", "partly", "operator", "none"}
    # What is promised elsewhere goes stale when it is built: a row says what is, here.
    assert [said for _, _, said in rows if re.search(r"issue \d|planned|to come", said)] == []
    assert [one for one, state, said in rows if state in {"held", "partly"} and "`tests/" not in said] == []


@pytest.mark.parametrize(
    ("lang", "stored", "deleted", "identifier"),
    [
        ("fi", "mistä verkko-osoitteesta", "kulunut 30 päivää", "tilitunniste"),
        ("sv", "från vilken nätverksadress", "30 dagar efter händelsen", "identifierare"),
        ("en", "with the network address", "deleted after 30 days", "identifier"),
    ],
)
def test_the_privacy_page_names_all_that_is_stored_of_an_act(
    tmp_path: Path, lang: str, stored: str, deleted: str, identifier: str
) -> None:
    """Of units too, which answer from a mail: network address, and for how long (KEEP_ADDRESSES_DAYS)."""
    service = open_service(tmp_path, lambda: TUESDAY, keep_addresses_days=30)
    with closing(service.database):
        make_ready(service.database, TUESDAY, held=True)
        page = Reader(service).get(f"/privacy?lang={lang}").text
    assert stored in page
    assert deleted in page
    assert identifier in page


@pytest.mark.parametrize(
    "words",
    [
        ("verkko-osoite, josta", "selain", "verkko-osoite 90 päivää"),
        ("nätverksadress de gjordes från", "webbläsare", "nätverksadressen 90 dagar"),
        ("network address they came from", "browser", "a network address 90 days"),
    ],
)
def test_the_record_of_processing_names_address_and_browser(root: Path, words: tuple[str, ...]) -> None:
    """What the trail and the list of sign-ins keep belongs in the city's own record, in each language."""
    record = (root / "docs/data-protection.md").read_text(encoding="utf-8").partition("## Draft record")[2]
    assert [one for one in words if one not in record] == []
