"""What is wrong around the service is said in one line, with an exit code, and nothing is changed.

Each test starts the real command in a process of its own. Under root it is without root's rights over the
files of others and over low ports: what belongs to somebody else is closed to it, as to any user.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from reminders.folders import own_name
from reminders.store.migrations import HEAD
from tests.conftest import _tool

ROOT: Final = Path(__file__).resolve().parents[2]
COMMAND: Final = Path(sys.executable).parent / "reminders"
IS_ROOT: Final = os.geteuid() == 0
SECRET: Final = "a made-up secret of the tests"
SOMEBODY_ELSE: Final = 65534
ORDINARY: Final = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search,-fowner,-net_bind_service",
)
USER: Final = own_name()
OPEN_PORTS: Final = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


def ran(place: Path, *words: str, code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``reminders WORDS`` in ``place`` as an ordinary user; ``code`` runs before it in its process."""
    start = (
        [sys.executable, "-c", f"{code}\nfrom reminders.cli import main\nmain()"] if code else [str(COMMAND)]
    )
    command = [*(ORDINARY if IS_ROOT else ()), *start, *words]
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(place),
        **env,
    }
    return subprocess.run(
        command,
        cwd=place,
        env=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def closed(path: Path, mode: int = 0o555) -> Path:
    """Take the right to write from the command's user."""
    if IS_ROOT:
        os.chown(path, SOMEBODY_ELSE, SOMEBODY_ELSE)
    path.chmod(mode)
    return path


def content(place: Path) -> dict[str, bytes | None]:
    """Return everything that lies in a folder; None: a folder."""
    return {
        str(one.relative_to(place)): one.read_bytes() if one.is_file() else None
        for one in sorted(place.rglob("*"))
    }


@pytest.fixture(autouse=True, scope="module")
def _ordinary() -> None:
    """Root needs a program that takes its rights away."""
    if IS_ROOT:
        _tool(ORDINARY[0])


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of the command's user, on the way to which nothing is closed."""
    folder = Path(tempfile.mkdtemp(prefix="reminders-"))
    yield folder
    for one in [folder, *folder.rglob("*")]:
        if one.is_dir():
            one.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def filled() -> Iterator[bytes]:
    """The octets of a database that the service began."""
    folder = Path(tempfile.mkdtemp(prefix="reminders-"))
    done = ran(folder, "programmes", SECRET_KEY=SECRET)
    assert (done.returncode, done.stderr) == (0, "")
    with closing(sqlite3.connect(folder / "var/reminders.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield (folder / "var/reminders.db").read_bytes()
    shutil.rmtree(folder)


def refused(place: Path, *words: str, code: str = "", **env: str) -> str:
    """Run a command that cannot be done; return its one line. Nothing in ``place`` may have changed."""
    before = content(place)
    done = ran(place, *words, code=code, **env)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert content(place) == before
    return done.stderr.rstrip("\n")


# -- folders


@pytest.mark.parametrize("setting", ["DATABASE_URL", "MAIL_FOLDER", "STATE_DIRECTORY"])
@pytest.mark.parametrize("how", ["closed", "a file"])
def test_a_folder_that_cannot_be_written_is_named(place: Path, setting: str, how: str) -> None:
    """The setting, the folder and the user are said; no other folder is made meanwhile."""
    folder = place / "there"
    if how == "closed":
        folder.mkdir()
        closed(folder)
    else:
        folder.touch()
    value = f"sqlite:///{folder}/reminders.db" if setting == "DATABASE_URL" else str(folder)
    line = refused(place, "programmes", **{setting: value})
    reason = "no right to" if how == "closed" else f"{folder} is no folder"
    assert line == (
        f"reminders: {setting}: user {USER} cannot write into the folder {folder}: {reason}; "
        "give it to this user, or set another"
    )


def test_the_folder_of_the_secret_key_is_named(place: Path) -> None:
    """With PostgreSQL the key lies in STATE_DIRECTORY; the server is not even asked."""
    closed_folder = place / "state"
    closed_folder.mkdir()
    closed(closed_folder)
    mail = place / "mail"
    line = refused(
        place,
        "programmes",
        DATABASE_URL="postgresql://me:hush@127.0.0.1:1/town",
        STATE_DIRECTORY=str(closed_folder),
        MAIL_FOLDER=str(mail),
    )
    assert line.startswith(
        f"reminders: STATE_DIRECTORY: user {USER} cannot write into the folder {closed_folder}: no right to;"
    )


@pytest.mark.parametrize("command", ["run", "web"])
def test_the_folder_of_uploads_is_looked_at_before_the_start(place: Path, command: str) -> None:
    """Uploads lie beside the mail folder; where that is closed, pages do not start to fail later."""
    around, state = place / "around", place / "state"
    (around / "mail").mkdir(parents=True)
    state.mkdir()
    closed(around)
    line = refused(
        place,
        command,
        "--port",
        str(free_port()),
        MAIL_FOLDER=str(around / "mail"),
        STATE_DIRECTORY=str(state),
    )
    assert f" cannot write into the folder {around / 'imports'}: no right to" in line


# -- SQLite


def sqlite(place: Path) -> tuple[Path, dict[str, str]]:
    """Return the path of a database, and the environment that names it."""
    return place / "town.db", {"DATABASE_URL": f"sqlite:///{place / 'town.db'}"}


def test_a_database_file_that_is_closed_is_named(place: Path, filled: bytes) -> None:
    """It can be read, and not written."""
    file, env = sqlite(place)
    file.write_bytes(filled)
    closed(file, 0o444)
    line = refused(place, "programmes", **env)
    assert line == (
        f"reminders: DATABASE_URL: {file}: user {USER} cannot write it; give file and folder to this user"
    )


def test_a_folder_in_the_place_of_the_database_is_named(place: Path) -> None:
    """As a container has it that mounts a file which is not there."""
    file, env = sqlite(place)
    file.mkdir()
    assert refused(place, "programmes", **env) == (
        f"reminders: DATABASE_URL: {file}: this is a folder; name a file in it"
    )


def test_a_file_that_is_no_database_is_named(place: Path) -> None:
    """Nothing is written into it."""
    file, env = sqlite(place)
    file.write_text("a letter, and no database at all\n" * 40, encoding="utf-8")
    assert refused(place, "tick", **env) == (
        f"reminders: DATABASE_URL: {file}: this is no SQLite database; "
        "name another file, or restore a backup into a new one"
    )


def changed(file: Path, octets: bytes, *statements: str) -> None:
    """Write a database, changed by statements."""
    file.write_bytes(octets)
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_database_of_another_program_is_named(place: Path) -> None:
    """No table of ours comes into it."""
    file, env = sqlite(place)
    changed(file, b"", "CREATE TABLE invoices (id INTEGER)")
    assert refused(place, "run", "--port", str(free_port()), **env) == (
        f"reminders: DATABASE_URL: {file}: it belongs to another program (table invoices); "
        "name another database"
    )


HALF: Final = {
    "a table lacks": (
        ("DROP TABLE dead_address",),
        f"it is half-migrated: it names version {HEAD}, but lacks the table dead_address;",
    ),
    "two versions": (
        ("INSERT INTO alembic_version VALUES ('0001')",),
        f"it is half-migrated: it names version 0001 and {HEAD};",
    ),
    "no version": (
        ("DELETE FROM alembic_version",),
        "it is half-migrated: it names version none;",
    ),
}


@pytest.mark.parametrize("how", HALF)
def test_a_half_migrated_database_is_named(place: Path, filled: bytes, how: str) -> None:
    """The version that it names, the one that this program knows, and what to do."""
    file, env = sqlite(place)
    statements, what = HALF[how]
    changed(file, filled, *statements)
    assert refused(place, "tick", **env) == (
        f"reminders: DATABASE_URL: {file}: {what} this program knows versions up to {HEAD}; "
        "restore a backup into a new database"
    )


@pytest.mark.parametrize("words", [("worker",), ("db", "upgrade"), ("health", "--worker")])
def test_a_database_of_a_newer_program_is_named(place: Path, filled: bytes, words: tuple[str, ...]) -> None:
    """An old program never runs on tables that it does not know."""
    file, env = sqlite(place)
    changed(file, filled, "UPDATE alembic_version SET version_num = '9001'")
    assert refused(place, *words, **env) == (
        f"reminders: DATABASE_URL: {file}: it has version 9001, "
        f"and this program knows versions up to {HEAD}; "
        "update the program, or restore a backup of this version into a new database"
    )


def test_a_database_that_another_program_holds_is_named(place: Path, filled: bytes) -> None:
    """After half a minute, shortened here, the command gives up."""
    file, env = sqlite(place)
    changed(file, filled)
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        done = ran(
            place,
            "hold",
            "vaasa-2023-2026",
            code="from reminders.store import engine\nengine._BUSY_SECONDS = 1",
            SECRET_KEY=SECRET,
            **env,
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"reminders: DATABASE_URL: {file}: another program holds it locked; stop that program, or try again\n"
    )


def test_a_full_disk_is_named_and_what_was_begun_is_completed_later(place: Path) -> None:
    """A first start on a disk without room; with room the next command goes on."""
    disk = place / "disk"
    disk.mkdir()
    mounted = (
        IS_ROOT
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False, capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("only root may mount a small disk")
    try:
        env = {"STATE_DIRECTORY": str(disk)}
        done = ran(place, "programmes", **env)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr in {
            f"reminders: DATABASE_URL: {disk}/reminders.db: {words}\n"
            for words in (
                "the disk is full; make room and try again",
                "the disk cannot be read or written; look at the disk, and whether it is full",
            )
        }
        subprocess.run(["mount", "-o", "remount,size=32m", str(disk)], check=True)
        again = ran(place, "programmes", **env)
        assert (again.returncode, again.stderr) == (0, "")
        assert "vaasa-2023-2026" in again.stdout
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# -- ports


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("command", ["run", "web"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_is_named_before_any_run(place: Path, command: str, host: str) -> None:
    """No database, no mail, no folder: the port is looked at first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with taken:
        port = taken.getsockname()[1]
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        line = refused(place, command, HOST=host, PORT=str(port))
    assert line == (
        f"reminders: HOST, PORT: cannot listen at {where}: another program listens there; "
        "stop it, or set another PORT (--port)"
    )
    assert content(place) == {}


def test_a_port_that_the_user_may_not_have_is_named(place: Path) -> None:
    """Ports below 1024 are the machine's."""
    if int(OPEN_PORTS.read_text(encoding="ascii")) <= 80:
        pytest.skip("on this machine everybody may listen on port 80")
    line = refused(place, "run", "--port", "80")
    assert line == (
        f"reminders: HOST, PORT: cannot listen at 127.0.0.1:80: user {USER} may not listen on port 80; "
        "set PORT (--port) to 1024 or more"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-machine.invalid"])
def test_an_address_of_another_machine_is_named(place: Path, host: str) -> None:
    """Nothing can be served there."""
    port = free_port()
    assert refused(place, "web", "--host", host, "--port", str(port)) == (
        f"reminders: HOST, PORT: cannot listen at {host}:{port}: this machine has no such address; "
        "set HOST (--host) to one of its own, or 0.0.0.0 for all"
    )


# -- PostgreSQL


def postgres_that_says(code: str, words: str) -> tuple[socket.socket, Callable[[], None]]:
    """Return a server that answers each greeting of PostgreSQL's protocol with one error."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                one, _ = server.accept()
            except OSError:
                return
            with one:
                while len(one.recv(4096)) == 8:
                    one.sendall(b"N")
                fields = f"SFATAL\0VFATAL\0C{code}\0M{words}\0\0".encode()
                one.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

    threading.Thread(target=serve, daemon=True).start()
    return server, server.close


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (
            "28P01",
            'password authentication failed for user "me"',
            "user or password is wrong; correct it",
        ),
        (
            "3D000",
            'database "town" does not exist',
            "the server has no such database; create it, or name another",
        ),
        ("53300", "sorry, too many clients already", "it takes no more connections; try again"),
        ("57P03", "the database system is starting up", "the server is starting or stopping; try again"),
    ],
)
def test_a_server_that_refuses_is_named_without_the_password(
    place: Path, code: str, words: str, said: str
) -> None:
    """What PostgreSQL says becomes what to do."""
    server, close = postgres_that_says(code, words)
    address = f"127.0.0.1:{server.getsockname()[1]}/town"
    line = refused(
        place, "tick", DATABASE_URL=f"postgresql://me:hush@{address}", SECRET_KEY="a made-up key of the tests"
    )
    close()
    assert line == f"reminders: DATABASE_URL: postgresql://me:***@{address}: {said}"


def test_a_server_that_is_away_is_named_without_the_password(place: Path) -> None:
    """Nobody listens there."""
    address = f"127.0.0.1:{free_port()}/town"
    assert refused(place, "worker", DATABASE_URL=f"postgresql://me:hush@{address}") == (
        f"reminders: DATABASE_URL: postgresql://me:***@{address}: it cannot be reached (Connection refused); "
        "is it running, and is the address right?"
    )


# -- .env


@pytest.mark.parametrize(
    ("octets", "line"),
    [
        (b"MAIL_FROM=\xff\xfe@x.example\n", ".env: {}; found other bytes"),
        (
            b"MAIL_CAP=7\n\nSECRET_KEY a-made-up-secret\n",
            ".env, line 3: expected NAME=value, or # before a remark; found neither (not shown)",
        ),
        (b"MAIL_CAP=many\n", "MAIL_CAP: expected a whole number from 0; found many"),
        (b"PORT=0\n", "PORT: expected a whole number from 1 to 65535; found 0"),
    ],
)
def test_an_env_file_that_cannot_be_read_is_named(place: Path, octets: bytes, line: str) -> None:
    """File and line; nothing of a line that may hold a secret."""
    (place / ".env").write_bytes(octets)
    expected = line.format("expected a text file in UTF-8 that can be read")
    assert refused(place, "run") == f"reminders: {expected}"


def test_an_env_file_of_somebody_else_is_named(place: Path) -> None:
    """As after `sudo cp`."""
    (place / ".env").write_text("MAIL_CAP=7\n", encoding="utf-8")
    closed(place / ".env", 0o000)
    assert refused(place, "run") == (
        "reminders: .env: expected a text file in UTF-8 that can be read; found Permission denied"
    )


@pytest.mark.parametrize(("word", "said"), [("doctor", "secret key"), ("programmes", "vaasa")])
def test_a_name_that_is_no_setting_is_warned_of(place: Path, word: str, said: str) -> None:
    """Every command says it, a line each, with the setting that is probably meant; it goes on."""
    (place / ".env").write_text("MAIL_FORM=a@b.example\nCOMPOSE_PROJECT_NAME=x\n", encoding="utf-8")
    done = ran(place, word, SMTP_URI="x", DATABSE_URL="x", LANG="C.UTF-8", SMTP_PORT="25")
    assert done.stderr.splitlines() == [
        "reminders: COMPOSE_PROJECT_NAME in .env is no setting and changes nothing",
        "reminders: MAIL_FORM in .env is no setting and changes nothing; is MAIL_FROM meant?",
        "reminders: DATABSE_URL in the environment is no setting and changes nothing; is DATABASE_URL meant?",
        "reminders: SMTP_URI in the environment is no setting and changes nothing; is SMTP_URL meant?",
    ]
    assert said in done.stdout


# -- what nobody foresaw

BROKEN: Final = """
import reminders.cli.open_service as opening
def broken(*_, **__):
    raise LookupError("made up\\nmore")
opening.open_database = broken
"""


def test_what_nobody_foresaw_is_one_line(place: Path) -> None:
    """No traceback falls on a user; --debug or REMINDERS_DEBUG shows it."""
    said = "unforeseen LookupError: made up (more: the same with reminders --debug, or REMINDERS_DEBUG=1)"
    assert refused(place, "programmes", code=BROKEN) == f"reminders: {said}"
    as_json = json.loads(refused(place, "programmes", code=BROKEN, LOG_FORMAT="json"))
    assert as_json["event"] == said
    for words, env in ((("--debug", "programmes"), {}), (("programmes",), {"REMINDERS_DEBUG": "1"})):
        shown = ran(place, *words, code=BROKEN, **env)
        assert shown.returncode == 1
        assert "in broken" in shown.stderr
        assert shown.stderr.splitlines()[-1] == f"reminders: {said}"


# -- a pipe that is closed

PRINTING: Final = (
    ("occurrences", "--from", "2023-01-01", "--to", "2026-12-31"),
    ("occurrences", "--from", "2023-01-01", "--to", "2026-12-31", "--json"),
    ("forecast", "--from", "2026-01-01", "--to", "2026-12-31"),
    ("feed", "all", "--lang", "fi"),
    ("contacts", "export"),
    ("digest",),
    ("doctor",),
    ("--help",),
    ("--version",),
)


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_a_pipe_that_is_closed_is_no_fault(place: Path, filled: bytes, words: tuple[str, ...]) -> None:
    """Whoever reads only the first line has read enough: exit 0, and not a word."""
    file, env = sqlite(place)
    changed(file, filled)
    reading, writing = os.pipe()
    os.close(reading)
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SECRET_KEY": SECRET, **env}
    done = subprocess.run(
        [str(COMMAND), *words], cwd=place, env=given, stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closes", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("programmes", 0),
        ("tick --at 2026-01-08T09:00", 0),
        ("purge", 0),
        ("--version", 0),
        ("hold nothing-of-the-kind", 1),
        ("no-such-command", 2),
    ],
)
def test_a_command_does_its_work_where_the_caller_has_closed_its_output(
    tmp_path: Path, words: str, code: int, closes: str
) -> None:
    """As some schedulers do: what it says goes nowhere, and what it does and its exit code are the same.

    Nothing that is said falls into a file that took the number of the closed output, such as the database.
    """
    done = subprocess.run(
        ["sh", "-c", f"{COMMAND} {words} {closes}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    if words.startswith("tick"):
        with closing(sqlite3.connect(tmp_path / "var/reminders.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM programme").fetchone() != (0,)
