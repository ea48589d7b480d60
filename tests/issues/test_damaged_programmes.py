"""A programme whose stored document is broken: named with the way out, mended by its own file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from reminders.errors import DamagedError
from reminders.use.feeds.source import read_source
from reminders.use.programme.read_files import (
    has_version_before,
    read_import,
    read_version_before,
    store_import,
)
from tests.cli.conftest import Runner, reminders
from tests.issues.test_new_versions import ALL, SHIFTED, City, city, led_by, plan, rows_of, with_everything
from tests.web.conftest import Reader
from tests.web.forms import hidden, send

__all__ = ["city", "reminders"]

WAY_OUT = "city is damaged: what is stored of it cannot be read. Import its file again"
YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")


def damage(database: Path) -> None:
    """Cut the stored document of the city."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE programme SET document = substr(document, 1, 500) WHERE key = 'city'")
    connection.close()


def broken_city(folder: Path, reminders: Runner) -> str:
    """Import the city beside Vaasa's programme, and damage it; return its file."""
    file = plan(folder, ALL)
    assert reminders("import", file).code == 0
    damage(folder / "var" / "reminders.db")
    return file


@pytest.mark.parametrize(
    "command",
    [
        ("occurrences", *YEAR),
        ("occurrences", *YEAR, "--json"),
        ("programmes",),
        ("programmes", "--json"),
        ("findings",),
        ("digest",),
        ("forecast", *YEAR),
    ],
    ids=" ".join,
)
def test_what_is_about_all_programmes_names_it_and_goes_on(
    tmp_path: Path, reminders: Runner, command: tuple[str, ...]
) -> None:
    """The others are listed; the damaged one stands on stderr."""
    broken_city(tmp_path, reminders)
    ran = reminders(*command)
    assert (ran.code, WAY_OUT in ran.err, "Traceback" in ran.err) == (0, True, False)
    assert ran.out.strip()


@pytest.mark.parametrize(
    "command",
    [
        ("occurrences", *YEAR, "--programme", "city"),
        ("settings", "--programme", "city"),
        ("explain", "1-1"),
        ("correct", "1-1", "schedule", "2027"),
        ("series", "list", "1-3", "--programme", "city"),
        ("held", "1-4"),
        ("answer", "city:1-1:milestone:end", "done"),
        ("hand-over", "alpha", "beta", "--on", "2027-01-01"),
        ("contacts", "export", "--programme", "city"),
        ("collection", "2026", "--programme", "city"),
        ("feeds", "--programme", "city"),
        ("release", "city"),
        ("close", "city"),
        ("import", "--take-back", "city"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_is_about_it_ends_with_the_way_out(
    tmp_path: Path, reminders: Runner, command: tuple[str, ...]
) -> None:
    """One line on stderr, exit 1."""
    broken_city(tmp_path, reminders)
    ran = reminders(*command)
    assert (ran.code, WAY_OUT in ran.err, "Traceback" in ran.err) == (1, True, False)


def test_a_damaged_version_before_keeps_nothing_from_opening(city: City) -> None:
    """It cannot be taken back, and is not offered; the import page opens."""
    city.bring(SHIFTED, "titles")
    with sqlite3.connect(city.service.settings.database_url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE programme_version SET document = '{'")
    connection.close()
    assert has_version_before(city.service) == ()
    reader = Reader(city.service).sign_in()
    assert [reader.get(url).status_code for url in ("/import?lang=en", "/actions/1-2?programme=city")] == [
        200,
        200,
    ]
    found = city.read(SHIFTED)
    assert (found.is_damaged, found.changes) == (False, ())
    with pytest.raises(DamagedError):
        read_version_before(city.service, "city")


def test_it_is_listed_as_damaged(tmp_path: Path, reminders: Runner) -> None:
    """In the table, in JSON and by the doctor."""
    broken_city(tmp_path, reminders)
    assert [line.split() for line in reminders("programmes").out.splitlines() if "damaged" in line] == [
        ["city", "damaged"]
    ]
    assert {"key": "city", "standing": "damaged"} in reminders("programmes", "--json").document
    doctor = reminders("doctor")
    assert (doctor.code, WAY_OUT in doctor.out) == (1, True)


def test_its_own_file_mends_it(tmp_path: Path, reminders: Runner) -> None:
    """Imported again it is whole, and says what it did; a dry run stores nothing."""
    file = broken_city(tmp_path, reminders)
    dry = reminders("import", file, "--dry-run")
    assert "The stored data of city is damaged and cannot be compared." in dry.out
    assert WAY_OUT in reminders("programmes").err
    assert reminders("import", file).out.strip().splitlines()[-1] == "city: stored, 6 actions."
    assert reminders("programmes").err == ""
    assert reminders("import", file).out.strip().splitlines()[-1] == "city: unchanged, 6 actions."


def test_what_is_mended_keeps_answers_history_and_calendars(city: City) -> None:
    """Also of a programme whose actions and units have other keys than on their first day."""
    with_everything(city)
    units = ("alpha-new", "beta", "board")
    city.bring(led_by("alpha-new", SHIFTED), "titles", "alpha=alpha-new", units=units)
    named = ("answer", "correction", "contact", "target_date", "handover", "calendar_feed")
    before = {table: rows_of(city, table) for table in named}
    feeds = {one.title.get("en"): one.uid for one in read_source(city.service, "city").entries}
    database = city.service.settings.database_url.removeprefix("sqlite:///")
    damage(Path(database))
    reader = Reader(city.service).sign_in()
    assert reader.get("/import?lang=en").status_code == 200
    file = plan(city.folder, led_by("alpha-new", SHIFTED), units)
    shown = send(reader, "/import?lang=en", {"version": ""}, [("files", ("v.yaml", Path(file).read_bytes()))])
    assert "The stored data of city is damaged" in shown.text
    assert hidden(shown.text)["draft"]
    store_import(city.service, read_import(city.service, [file], None, "city"))
    assert {table: rows_of(city, table) for table in named} == before
    assert {one.title.get("en"): one.uid for one in read_source(city.service, "city").entries} == feeds
    assert reader.get("/calendars/city/alpha-en.ics").status_code == 200
