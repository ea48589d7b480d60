"""One small file does not take the service down: refused by page and by command, within bounds."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

from reminders.errors import BusyError, InputError
from reminders.intake import reading_process
from reminders.intake.limits import MAX_CELL, MAX_MEMORY, MAX_WAITING
from reminders.intake.read import read_documents
from reminders.intake.reading_process import ReadingQueue, read_contacts_apart, read_programme_apart
from reminders.service import Service
from reminders.store import programmes as repository
from schedule_rules.programme import Organisation, Text
from tests.cli.conftest import Runner, reminders
from tests.cli.test_bad_input import dump
from tests.intake.hostile import (
    COLUMNS,
    HEADER,
    HOSTILE,
    PLAIN,
    ROW,
    TRUNCATED,
    UNITS,
    contacts,
    far_names,
    packed,
    repeated,
    rows,
    sheet,
    workbook,
)
from tests.web.conftest import KEY, Reader, history, secretary, service
from tests.web.forms import hidden, send

__all__ = ["history", "reminders", "secretary", "service"]

SECONDS = 30
"""Of processor time, six times what a quiet machine may take: no test depends on its speed."""
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, *sys.argv[2:]], stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "a") as file:
    file.write(f"{used.ru_maxrss * 1024} {used.ru_utime + used.ru_stime}\\n")
sys.stdout.buffer.write(done.stdout)
"""


@dataclass
class Measured:
    """What the children that read files have used so far."""

    file: Path

    def check(self, what: str) -> None:
        """Print what the last child used, and hold it to the bounds; memory strictly."""
        lines = self.file.read_text().splitlines()
        memory, seconds = lines[-1].split()
        print(f"{what}: {int(memory) / 2**20:.0f} MiB, {float(seconds):.2f} s")
        assert int(memory) <= MAX_MEMORY
        assert float(seconds) < SECONDS
        self.file.write_text("")


@pytest.fixture
def measured(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Measured:
    """Have each child measured by a process around it."""
    file = tmp_path_factory.mktemp("measured") / "used"
    monkeypatch.setattr(reading_process, "CHILD", ("-c", MEASURE, str(file), *reading_process.CHILD))
    return Measured(file)


def stored(service: Service) -> list[str]:
    """The programmes that are stored."""
    with service.database.read() as connection:
        return [row.programme.key for row in repository.all_programmes(connection)]


def left_over(service: Service) -> list[Path]:
    """The uploaded files that are still there."""
    folder = service.settings.uploads_folder
    return [*folder.iterdir()] if folder.is_dir() else []


@pytest.mark.parametrize("what", HOSTILE)
def test_refused_on_the_page(secretary: Reader, service: Service, measured: Measured, what: str) -> None:
    """With a message, nothing stored, nothing kept, and the service goes on."""
    name, make = HOSTILE[what]
    answer = send(secretary, "/import?lang=en", {"version": ""}, [("files", (name, make()))])
    assert answer.status_code == 422
    assert "<title>Error: Import a programme" in answer.text
    assert (stored(service), left_over(service)) == ([KEY], [])
    assert secretary.get("/health").status_code in {200, 503}
    if measured.file.exists():  # a larger file is refused before it is read
        measured.check(what)


def test_refused_by_command(reminders: Runner, tmp_path: Path, measured: Measured) -> None:
    """Each with file and reason in one line, exit 1, and the database as it was."""
    reminders("programmes")
    before = dump(tmp_path / "var/reminders.db")
    for what, (name, make) in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
        ran = reminders("import", name)
        assert (what, ran.code, ran.out) == (what, 1, "")
        assert ran.err.startswith(f"reminders: {name}, "), (what, ran.err)
        assert "expected" in ran.err
        assert "Traceback" not in ran.err
        measured.check(what)
    assert dump(tmp_path / "var/reminders.db") == before


@pytest.mark.parametrize("name", TRUNCATED)
def test_half_a_file_is_refused(tmp_path: Path, name: str) -> None:
    """As broken or without actions, with its name."""
    path, data = tmp_path / name, TRUNCATED[name]()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError) as raised:
        read_programme_apart([path])
    assert str(raised.value).startswith(name)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_cell_of_one_thing_repeated_is_read_or_refused(tmp_path: Path, column: str) -> None:
    """As long as a cell may be: what grew with the square of it would take minutes."""
    for unit in UNITS:
        path = tmp_path / "a.csv"
        path.write_bytes(repeated(column, unit, MAX_CELL - 1))
        began = time.process_time()
        try:
            assert read_documents([path]).programme.actions
        except InputError as refused:
            assert str(refused).startswith("a.csv")  # noqa: PT017 - both are right
        assert time.process_time() - began < SECONDS, unit


def test_a_title_merged_over_the_whole_sheet_is_clipped(tmp_path: Path) -> None:
    """A habit of spreadsheets: it says nothing about columns without cells; links beside it are left out."""
    path = tmp_path / "a.xlsx"
    title = rows(("The programme",), HEADER, ROW)
    merged = '<mergeCells><mergeCell ref="A1:XFD1"/></mergeCells>'
    path.write_bytes(sheet(title, before='<dimension ref="A1:XFD1048576"/>', after=merged + far_names()))
    (action,) = read_programme_apart([path]).programme.actions
    assert action.bullets == {"en": (ROW[0],)}


def test_a_plain_workbook_reads_the_same_apart(tmp_path: Path) -> None:
    """The answer of the child is the reading itself, to the last value."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(workbook()))
    steps = list[tuple[int, int, str]]()
    known = read_documents([path])
    apart = read_programme_apart([path], known=known.programme, progress=lambda *step: steps.append(step))
    assert apart == read_documents([path], known=known.programme)
    assert steps[-1] == (100, 100, "")


@pytest.mark.parametrize("kind", ["folder", "pipe", "zero", "link"])
def test_what_is_no_file_is_refused_at_once(reminders: Runner, tmp_path: Path, kind: str) -> None:
    """By both commands that read files: nothing waits for the other end of a pipe, nothing reads for ever."""
    path = tmp_path / "a.csv"
    make: dict[str, Callable[[], object]] = {
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "zero": lambda: path.symlink_to("/dev/zero"),
        "link": lambda: path.symlink_to("a.csv"),
    }
    make[kind]()
    found = {"folder": "a folder", "link": "a failure"}.get(kind, "a device or pipe")
    for command in (("import",), ("contacts", "import")):
        ran = reminders(*command, "a.csv")
        assert (ran.code, ran.out) == (1, "")
        assert "a.csv, the file: expected a file to read; found " + found in ran.err


def test_a_name_is_shown_in_one_line_and_not_whole(reminders: Runner, tmp_path: Path) -> None:
    """A name of five thousand letters, and one with control characters."""
    ran = reminders("import", "x" * 5000 + ".csv")
    assert (ran.code, len(ran.err) < 400) == (1, True)
    (tmp_path / "a\x1b[31m\nb.csv").write_bytes(b"")
    ran = reminders("import", "a\x1b[31m\nb.csv")
    assert ran.err.startswith("reminders: a?[31m?b.csv, the file: expected CSV; found an empty file")


def test_hostile_contact_lists_are_refused(secretary: Reader, measured: Measured) -> None:
    """By page, in the same bounds, with nothing changed."""
    before = secretary.get("/contacts.csv").content
    files = {
        "a far cell": sheet(PLAIN + '<row r="1048576"><c r="XFD1048576"/></row>'),
        "a merged sheet": sheet(PLAIN, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "a long unit": contacts("x " * 200_000),
        "a long address": contacts(f"welfare-unit;contact;x;{'a.' * 60_000}@city.example;en"),
        "a row without end": contacts(";" * 1_000_000),
        "rows without end": contacts("x;\n" * 300_000),
    }
    for what, data in files.items():
        answer = send(secretary, f"/contacts/import?programme={KEY}&lang=en", {}, [("file", ("a.csv", data))])
        assert (what, answer.status_code) == (what, 422)
        measured.check(what)
    assert secretary.get("/contacts.csv").content == before


# -- the bounds of the child ---------------------------------------------------------------


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have another program read."""
    monkeypatch.setattr(reading_process, "CHILD", ("-B", "-c", code))


BOUND = "from reminders.intake.reading_child import set_bounds; "


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (BOUND + "set_bounds(2**26); print('{\"failure\": \"' + str(len(bytes(2**27))) + '\"}')", "exit 1"),
        (BOUND + "set_bounds(seconds=1)\nwhile True: pass", "not read within 60 seconds"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "more than 400 MB of memory"),
        ("print('no JSON')", "cannot be read to its end"),
        ('print(\'{"reading": {"programme": "x"}}\')', "cannot be read to its end"),
        ('print(\'{"failure": "RecursionError"}\')', "RecursionError"),
        ('print(\'{"failure": "memory"}\')', "more than 400 MB of memory"),
        ("import sys\nwhile True: sys.stdout.write('x' * 99_999)", "cannot be read to its end"),
    ],
)
def test_whatever_the_child_does_is_a_problem_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, found: str
) -> None:
    """It grows, loops, crashes, is killed, says nonsense, or never stops talking."""
    child(monkeypatch, code)
    with pytest.raises(InputError) as raised:
        read_programme_apart([tmp_path / "a.csv"])
    assert str(raised.value).startswith("a.csv, the file: expected the table alone, saved in a new file")
    assert found in str(raised.value)


def test_a_child_that_only_waits_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock on the wall is watched too."""
    child(monkeypatch, "import time; time.sleep(3600)")
    monkeypatch.setattr(reading_process, "MAX_WAIT", 1)
    with pytest.raises(InputError, match="not read within 1 seconds"):
        read_programme_apart([tmp_path / "a.csv"])


def test_the_child_knows_no_secret_and_writes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No setting of the service, no open file but its pipes, no byte into any file."""
    for name in ("SECRET_KEY", "SMTP_URL", "DATABASE_URL", "HOME"):
        monkeypatch.setenv(name, "s3cret")
    code = (
        f"{BOUND}import json, os; set_bounds(); told = sorted(os.environ)\n"
        "files = len([one for one in os.listdir('/proc/self/fd') if int(one) > 2]) - 1\n"
        f"file = os.open({str(tmp_path / 'b')!r}, os.O_CREAT | os.O_WRONLY)\n"
        "try: os.write(file, b'x'); done = 'written'\n"
        "except OSError: done = 'refused'\n"
        "print(json.dumps({'missing': json.dumps([told, files, done])}))"
    )
    child(monkeypatch, code)
    other = (tmp_path / "open").open("w")
    os.set_inheritable(other.fileno(), True)
    with other, pytest.raises(Exception, match="refused") as raised:
        read_programme_apart([tmp_path / "a.csv"])
    told, files, done = json.loads(str(raised.value))
    assert {*told} <= {"PYTHONPATH", "PYTHONUTF8", "LC_CTYPE"}
    assert (files, done) == (0, "refused")


# -- ten at once ---------------------------------------------------------------------------


@contextmanager
def served(service: Service) -> Iterator[str]:
    """The real server on a port of its own."""
    from reminders.web.app import create_app

    config = uvicorn.Config(create_app(service), port=0, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_ten_imports_at_once_keep_nobody_waiting(
    secretary: Reader, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is read, a few wait, the others hear so at once; meanwhile health and feeds are answered."""
    go = tmp_path / "go"
    hold = f"import os, runpy, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.02)\n"
    child(monkeypatch, hold + "runpy.run_module('reminders.intake.reading_child', run_name='__main__')")
    monkeypatch.setattr(reading_process, "_QUEUE", ReadingQueue(patience=600))
    data = "\n".join(";".join(row) for row in (HEADER, ROW)).encode()
    own = {"origin": service.settings.base_url, "sec-fetch-site": "same-origin"}

    def upload(base: str) -> tuple[int, str]:
        with httpx.Client(base_url=base, cookies=secretary.cookies, headers=own, timeout=600) as client:
            answer = client.post("/import?lang=en", data={"version": ""}, files=[("files", ("a.csv", data))])
            return answer.status_code, answer.text

    with served(service) as base, ThreadPoolExecutor(10) as pool:
        uploads = [pool.submit(upload, base) for _ in range(10)]
        try:
            while sum(one.done() for one in uploads) < 9 - MAX_WAITING:
                time.sleep(0.02)
            with httpx.Client(base_url=base, timeout=600) as client:
                assert client.get("/health").json()
                assert client.get("/calendars/all-fi.ics").status_code == 200
            assert sum(not one.done() for one in uploads) == 1 + MAX_WAITING
        finally:
            go.touch()
        answers = [one.result() for one in uploads]
    assert sorted(status for status, _ in answers) == [200] * (1 + MAX_WAITING) + [503] * (9 - MAX_WAITING)
    assert all(
        "Another file is being read at the moment" in text for status, text in answers if status == 503
    )
    assert "Plant trees in the park" in next(text for status, text in answers if status == 200)


def test_a_place_is_given_back(tmp_path: Path) -> None:
    """After an error as after a reading; who waits too long hears that others are read."""
    queue = ReadingQueue(waiting=1, patience=0.01)
    with pytest.raises(InputError), queue.turn():
        raise InputError("a.csv", "the file", "x", "y")
    with queue.turn():
        with pytest.raises(BusyError), queue.turn():
            pass
        with pytest.raises(BusyError), queue.turn():
            pass
    with queue.turn():
        assert read_contacts_apart(
            contacts("Parks"), "a.csv", {"parks": Organisation("parks", "unit", Text(en="Parks"))}
        ).contacts


def test_the_confirmation_reads_in_the_child_too(secretary: Reader, service: Service) -> None:
    """What was shown is stored: the second reading is the same."""
    data = "\n".join(";".join(row) for row in (HEADER, ROW)).encode()
    page = send(secretary, "/import?lang=en", {"version": ""}, [("files", ("city.csv", data))]).text
    done = send(secretary, "/import/confirm", {**hidden(page), "step": "store"})
    assert done.status_code == 303
    assert len(stored(service)) == 2


@pytest.mark.parametrize("field", ["schedule", "frequency", "leads", "measures", "accepted", "name-fi"])
def test_a_wording_without_end_is_no_correction(reminders: Runner, field: str) -> None:
    """A hundred thousand characters: the length is said, not the text; the same for a note."""
    reminders("programmes")
    action = "work-cv-clinic"
    for words in ((field, "2025 " * 20_000), (field, "2025", "--note", "x " * 50_000)):
        ran = reminders("correct", action, *words)
        assert ran.code == 2
        assert "expected at most 2000 characters; found 100000. Shorten it" in ran.err
        assert len(ran.err) < 200


def test_a_wording_of_a_megabyte_is_too_long(reminders: Runner, tmp_path: Path) -> None:
    """The reading says so, and reads nothing of it."""
    texts = ("1-" * 500_000, "2025 " * 200_000)
    lines = [json.dumps({"id": n, "lang": "en", "text": text}) for n, text in enumerate(texts)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    reminders("normalise", "--jsonl", "in.jsonl", "--output", "out.jsonl")
    rows = [json.loads(line)["pred"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["kind"] for row in rows] == ["none", "none"]
