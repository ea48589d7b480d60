"""Feeds with kept series in four readers: icalendar, ical.js, libical and vobject; khal over HTTP.

What is missing on a machine is named by the test that needs it, and is a failure under CI.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import uvicorn

from reminders.web import create_app
from schedule_rules.programme import LANGUAGES
from tests.conftest import ROOT, _tool
from tests.reminders.cli.conftest import Runner
from tests.reminders.web.conftest import TUESDAY, open_service

HELSINKI = ZoneInfo("Europe/Helsinki")
CAFE = "social-cultural-cafe"
FEEDS = ("all", "events", "deadlines", "social-relations", "welfare-unit")
EDITS = (
    (
        "keep", CAFE, "month", "--rule", "FREQ=MONTHLY;BYDAY=-1TH", "--first", "2025-01-01", "--time",
        "17:00",
        "--minutes", "120", "--place", "fi=Kirjasto; Alma, 2. krs", "--not-in", "7",
    ),
    ("move", CAFE, "month", "2025-05-29", "--to", "2025-05-27", "--time", "16:00"),
    ("move", CAFE, "month", "2026-05-28", "--to", "2026-06-26"),
    ("cancel", CAFE, "month", "2025-11-27"),
    (
        "keep", "children-family-school", "week", "--quiet", "2025-06-01..2025-08-10", "--time", "9:30",
        "--minutes", "90",
    ),
    ("keep", "children-family-school", "week", "--from", "2026-01-07", "--time", "10:00"),
    ("keep", "health-dark-season-webinar", "year", "--video", "https://video.example/kaamos?id=1,2"),
    ("keep", CAFE, "new", "--dates", "2025-03-30,2025-10-26", "--time", "02:30", "--minutes", "60"),
)  # fmt: skip


VOBJECT = (
    "import sys, vobject; calendar = vobject.readOne(sys.stdin.buffer.read().decode()); "
    "calendar.validate(); print(len(calendar.vevent_list))"
)


def shown(moment: date | datetime) -> str:
    """A day as it is, a time in UTC."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def edited(reminders: Runner) -> Runner:
    """The built-in programme after what a secretary does in two years, both clock changes included."""
    for words in EDITS:
        done = reminders("series", *words)
        assert done.code == 0, done.err
    return reminders


def octets(reminders: Runner, name: str, lang: str) -> bytes:
    """A feed as the command writes it."""
    reminders("feed", name, "--lang", lang, "--output", "feed.ics")
    return Path("feed.ics").read_bytes()


def expected(reminders: Runner) -> list[str]:
    """The instants of ``reminders occurrences``; start notes are in no feed."""
    rows = reminders("occurrences", "--from", "2023-01-01", "--to", "2027-12-31", "--json").document
    moments = [
        datetime.fromisoformat(row["starts_at"]) if row["starts_at"] else date.fromisoformat(row["due"])
        for row in rows
        if row["kind"] != "start"
    ]
    return sorted(map(shown, moments))


def by_icalendar(body: bytes) -> list[str]:
    """The instants as icalendar and recurring-ical-events read them; no component has an error."""
    calendar = icalendar.Calendar.from_ical(body)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    found = recurring_ical_events.of(calendar).between((2023, 1, 1), (2028, 1, 1))
    return sorted(shown(one["DTSTART"].dt) for one in found)


@pytest.fixture
def libical(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A program that expands with libical, compiled here."""
    compiler = _tool("cc", "gcc")
    program = tmp_path_factory.mktemp("libical") / "expand"
    command = [compiler, "-o", str(program), str(ROOT / "tests/acceptance/libical_expand.c"), "-lical"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    return str(program) if built.returncode == 0 else _tool("libical-dev")


def by_libical(program: str, body: bytes) -> list[str]:
    """The instants as libical reads them; it complains about nothing."""
    ran = subprocess.run([program], input=body, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    return sorted(line.split()[0] for line in ran.stdout.decode().splitlines())


def by_icaljs(node: str, body: bytes) -> list[str]:
    """The instants as ical.js (Thunderbird, Nextcloud) reads them."""
    script = str(ROOT / "tests/acceptance/icaljs_expand.mjs")
    ran = subprocess.run([node, script, "2028-01-01"], input=body, capture_output=True, check=True)
    assert ran.stderr == b""
    return sorted(row["start"] for row in json.loads(ran.stdout))


@pytest.mark.node
def test_all_readers_agree(edited: Runner, node: str, libical: str) -> None:
    """Three expansions of the whole feed equal the occurrences, in every language."""
    want = expected(edited)
    assert "2025-05-27T13:00:00Z" in want
    assert {"2025-03-30T00:30:00Z", "2025-10-25T23:30:00Z"} <= set(want)
    for lang in LANGUAGES:
        body = octets(edited, "all", lang)
        assert by_icalendar(body) == want
        assert by_icaljs(node, body) == want
        assert by_libical(libical, body) == want


@pytest.mark.node
def test_every_feed_parses(edited: Runner, node: str, libical: str) -> None:
    """The readers agree on each kind of feed, and none complains, vobject neither."""
    python = f"{_khal()}/python"
    for name in FEEDS:
        for lang in LANGUAGES:
            body = octets(edited, name, lang)
            assert by_icaljs(node, body) == by_icalendar(body) == by_libical(libical, body)
            ran = subprocess.run([python, "-c", VOBJECT], input=body, capture_output=True, check=False)
            assert (ran.returncode, ran.stderr) == (0, b"")
            assert int(ran.stdout) == body.count(b"BEGIN:VEVENT")


@pytest.fixture
def running(edited: Runner, tmp_path: Path) -> Iterator[str]:
    """A service that runs on a port of this machine with the edited programme; its address."""
    shutil.copyfile(tmp_path / "var" / "reminders.db", tmp_path / "r.db")
    service = open_service(tmp_path, lambda: TUESDAY)
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    service.database.close()


def _khal() -> str:
    """Return where khal, vdirsyncer and vobject are: apart, as they hold other versions of libraries."""
    folder = ROOT / "build" / "khal"
    if not (folder / "bin" / "khal").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False, capture_output=True)
        install = [
            str(folder / "bin" / "pip"),
            "install",
            "-q",
            "khal==0.14.1",
            "vdirsyncer==0.21.0",
            "vobject==0.9.9",
        ]
        if subprocess.run(install, check=False, capture_output=True).returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            return _tool("khal")
    return str(folder / "bin")


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_khal_subscribes(running: str, tmp_path: Path) -> None:
    """Fetched by vdirsyncer over HTTP, khal shows the café at 17 in January and June, and none in July."""
    tools = _khal()
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
        command = [f"{tools}/vdirsyncer", "-c", str(home / "sync"), *words]
        subprocess.run(command, env=environment, input=b"y\ny\n", check=True, capture_output=True)

    def listed(first: str, last: str) -> list[str]:
        command = [
            f"{tools}/khal", "-c", str(home / "khal"), "list", "--format", "{start} {title}",
            "--day-format", "", first, last,
        ]  # fmt: skip
        ran = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return [line for line in ran.stdout.splitlines() if "Kulttuurikahvila" in line and ":" in line[:16]]

    title = "Kulttuurikahvilatoiminta 1 krt/kk"
    assert listed("2025-01-01", "2025-02-01") == [f"2025-01-30 17:00 {title}"]
    assert listed("2025-06-01", "2025-07-01") == [f"2025-06-26 17:00 {title}"]
    assert listed("2025-07-01", "2025-08-01") == []
