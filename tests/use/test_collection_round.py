"""A round over all responsible parties of Vaasa, of which two thirds answer over six weeks.

Who is reminded when, progress day by day, and the report's numbers beside an SQL count of its own.
"""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
from sqlalchemy import text

from reminders.collection.measures import Value
from reminders.collection.round import STATUSES, last_reminded
from reminders.store import Database
from reminders.use.collection.forms import save_value
from reminders.use.collection.reports import Wording, report_pdf, report_xlsx, worded_report
from schedule_rules.programme import LANGUAGES
from tests.use.office import VAASA, Office
from tests.use.rounds import YEAR, fill, the_round

OPENS, LAST = date(2025, 12, 1), date(2026, 2, 16)
OCCURRENCE = f"{VAASA}:follow-up-data-collection:collection:{YEAR}"
FIRST_ANSWER, EVERY = date(2025, 12, 3), 42 / 26


def when(day: date, hour: int = 9) -> str:
    """An hour of a day."""
    return f"{day.isoformat()}T{hour:02}:00"


def asked(office: Office) -> list[str]:
    """All responsible organisations, in the programme's order."""
    return [one.organisation for one in the_round(office, when(OPENS)).progress.units]


def answer_days(office: Office) -> dict[str, date]:
    """The day on which each of two thirds answers, spread over six weeks: every third stays silent."""
    answering = [key for n, key in enumerate(asked(office)) if n % 3 != 2]
    return {key: FIRST_ANSWER + timedelta(days=int(n * EVERY)) for n, key in enumerate(answering)}


def submissions(office: Office, occurrence: str = OCCURRENCE) -> int:
    """Count the forms that were sent, with SQL of the test's own."""
    query = "SELECT count(*) FROM collection_form WHERE occurrence_id = :o AND submitted_at IS NOT NULL"
    with office.database.read() as connection:
        return int(connection.execute(text(query), {"o": occurrence}).scalar_one())


def run_through(office: Office) -> dict[date, tuple[int, int, int]]:
    """Live through the round day by day; return (answered, expected, submissions) of each evening."""
    days = answer_days(office)
    seen = {}
    day = OPENS
    while day <= LAST:
        office.tick(when(day))
        for key in [key for key, on in days.items() if on == day]:
            assert fill(office, when(day, 12), key) == "sent"
        shown = the_round(office, when(day, 18)).progress
        seen[day] = (shown.answered, shown.expected, submissions(office))
        day += timedelta(days=1)
    return seen


@dataclass(frozen=True)
class Lived:
    """The office after the round, and what was seen each evening."""

    office: Office
    seen: Mapping[date, tuple[int, int, int]]


def live(office: Office) -> Lived:
    """Live through the round, with values of two earlier years."""
    for year, number in ((2023, "1 000"), (2024, "2,5")):
        value = Value(VAASA, "work-anonymous-recruitment", "hr-unit", year, number, "kpl")
        save_value(office.service(when(OPENS)), value)
    return Lived(office, run_through(office))


@pytest.fixture(scope="module")
def lived(
    sqlite_templates: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    """The round on SQLite, lived through once; the tests below only look."""
    file = tmp_path_factory.mktemp("round") / "round.db"
    shutil.copyfile(sqlite_templates("started"), file)
    database = Database(f"sqlite:///{file}")
    yield live(Office(database))
    database.close()


@pytest.fixture
def over(lived: Lived) -> Office:
    """The office after the round."""
    return lived.office


def check_progress(lived: Lived) -> None:
    """On each evening the page's numbers are those of the forms that were sent."""
    seen, days = lived.seen, list(answer_days(lived.office).values())
    assert len(seen) == 78
    assert [(answered, expected) for answered, expected, _ in seen.values()] == [
        (sent, 39) for _, _, sent in seen.values()
    ]
    assert [answered for answered, _, _ in seen.values()] == [sum(on <= day for on in days) for day in seen]
    assert seen[LAST] == (26, 39, 26)
    assert (min(days), max(days)) == (date(2025, 12, 3), date(2026, 1, 12))


def test_progress_is_submissions_over_expected_every_day(lived: Lived) -> None:
    """On each of 78 evenings; 26 of 39 in the end."""
    check_progress(lived)


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_the_same_on_postgresql(started: Office) -> None:
    """Progress day by day, and the report beside SQL, on the other database."""
    lived = live(started)
    check_progress(lived)
    check_report(started)


def test_only_those_who_have_not_answered_are_reminded(over: Office) -> None:
    """Each stage goes to exactly the units without an answer on its day, once a unit."""
    days = answer_days(over)
    stages: dict[str, date] = {"opening": OPENS, "-P30D": date(2025, 12, 22), "-P10D": date(2026, 1, 21)}
    stages |= {"P0D": date(2026, 1, 30), "P7D": date(2026, 2, 9)}
    mails = [mail for mail in the_round(over, when(LAST)).mails if mail.stage != "escalation"]
    reminded: dict[tuple[str, date], list[str]] = {}
    for mail in mails:
        reminded.setdefault((mail.stage, mail.day), []).extend(mail.organisations)
    expected = {
        (stage, day): sorted(key for key in asked(over) if days.get(key, date.max) >= day)
        for stage, day in stages.items()
    }
    assert {key: sorted(found) for key, found in reminded.items()} == expected
    assert [len(keys) for keys in expected.values()] == [39, 27, 13, 13, 13]


def test_the_page_says_who_was_reminded_last(over: Office) -> None:
    """A silent unit's last reminder is that of 9 February; one that answered early had the opening only."""
    found = the_round(over, when(LAST))
    days = answer_days(over)
    last = {key: last_reminded(found.mails, key) for key in asked(over)}
    units = {key: mail for key, mail in last.items() if mail and mail.stage != "escalation"}
    first = min(days, key=lambda key: days[key])
    assert (units[first].day, units[first].stage) == (OPENS, "opening")
    silent = [mail for key, mail in units.items() if key not in days]
    assert {(mail.day, mail.stage) for mail in silent} <= {(date(2026, 2, 9), "P7D")}


def counts(office: Office) -> dict[str, int]:
    """Count what the report says, with SQL of the test's own."""
    newest = (
        "SELECT s.status, count(*) FROM collection_status s WHERE s.occurrence_id = :o AND s.id = "
        "(SELECT max(t.id) FROM collection_status t WHERE t.occurrence_id = s.occurrence_id "
        "AND t.organisation = s.organisation AND t.action = s.action) GROUP BY s.status"
    )
    values = (
        "SELECT count(*) FROM indicator_value v WHERE v.year = :y AND v.text <> '' AND v.id = "
        "(SELECT max(w.id) FROM indicator_value w WHERE w.programme = v.programme AND w.action = v.action "
        "AND w.organisation = v.organisation AND w.year = v.year AND w.place = v.place)"
    )
    with office.database.read() as connection:
        found = {row[0]: row[1] for row in connection.execute(text(newest), {"o": OCCURRENCE})}
        found["values"] = connection.execute(text(values), {"y": YEAR}).scalar_one()
    return {one: found.get(one, 0) for one in (*STATUSES, "values")}


def of_report(of: Wording) -> dict[str, int]:
    """What the report says."""
    statuses: dict[str, int] = {one: of.report.statuses.get(one, 0) for one in STATUSES}
    return {**statuses, "values": of.report.values}


def test_the_reports_numbers_are_those_of_sql(over: Office) -> None:
    """Statuses, values and answers equal an SQL count; every part of an action is counted once."""
    check_report(over)


def check_report(over: Office) -> None:
    """The report's numbers are those of SQL."""
    of = worded_report(over.service(when(LAST)), YEAR, "fi")
    found = counts(over)
    assert of_report(of) == found
    assert (of.report.answered, of.report.expected) == (submissions(over), 39)
    parts = sum(one.actions for one in the_round(over, when(LAST)).progress.units)
    assert sum(of.report.statuses.values()) + of.report.silent == parts
    assert found["values"] > 30


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_says_the_same(over: Office, lang: str) -> None:
    """The text of the PDF holds the summary's numbers in order, the title, and earlier years' values."""
    of = worded_report(over.service(when(LAST)), YEAR, next(one for one in LANGUAGES if one == lang))
    octets = report_pdf(of)
    with pdfplumber.open(io.BytesIO(octets)) as document:
        pages = [page.extract_text() for page in document.pages]
    _, _, summary = pages[0].partition("\n")
    numbers = [int(found) for found in re.findall(r"^\D+? ?(?:2025 )?(\d+)$", summary, re.MULTILINE)]
    said = counts(over)
    expected = [39, 26, 62, 87, *(said[one] for one in STATUSES), of.report.silent, said["values"]]
    assert numbers[: len(expected)] == expected
    whole = "\n".join(pages)
    assert of.title in whole
    assert {"fi": "1 000 kpl", "sv": "1 000 kpl", "en": "1,000 kpl"}[lang] in whole.replace("\u00a0", " ")
    assert octets == report_pdf(of)


def test_the_spreadsheet_says_the_same_and_runs_nothing(over: Office) -> None:
    """Read back by openpyxl: the summary's numbers, a row a part, numbers as numbers, no formula."""
    service = over.service(when(LAST))
    book = openpyxl.load_workbook(io.BytesIO(report_xlsx(service, worded_report(service, YEAR, "fi"))))
    assert book.sheetnames == ["Yhteenveto", "2025", "Arvot"]
    said = counts(over)
    summary = [row[1].value for row in book["Yhteenveto"].iter_rows(min_row=2)]
    silent = worded_report(service, YEAR, "fi").report.silent
    assert summary == [39, 26, 62, 87, *(said[one] for one in STATUSES), silent, said["values"], 0]
    parts = list(book["2025"].iter_rows(min_row=2, values_only=True))
    words = {
        "done": "Valmis",
        "on-track": "Etenee suunnitellusti",
        "late": "Viivästyy",
        "not-ours": "Ei kuulu meille",
    }
    assert {one: Counter(row[5] for row in parts)[words[one]] for one in STATUSES} == {
        one: said[one] for one in STATUSES
    }
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert "'=1+1" in {cell.value for cell in cells}
    values = list(book["Arvot"].iter_rows(min_row=2, values_only=True))
    assert sum(row[2] == YEAR for row in values) == said["values"]
    assert {row[4] for row in values if row[2] == 2023} == {1000}
    assert {row[4] for row in values if row[2] == 2024} == {2.5}
