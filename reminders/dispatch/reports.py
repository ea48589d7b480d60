"""The board's report of a year: read, and written as PDF or spreadsheet."""

from __future__ import annotations

from pathlib import Path

from reminders.collecting import day_asked
from reminders.dispatch.report_words import Wording, paper, sheets
from reminders.dispatch.rounds import Round, round_of
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local
from reminders.errors import UsageError
from reminders.paper import as_pdf
from reminders.reporting import Given, Report, Said, Told, report
from reminders.spreadsheet import as_xlsx
from reminders.store import Connection
from reminders.store import rounds as store
from schedule_rules.programme import Lang

ENDINGS = (".pdf", ".xlsx")


def read_report(service: Service, year: int, programme: str | None = None) -> Report:
    """Return the report of a year; ``NotFoundError`` when there is no round of it."""
    today = local(service.settings, service.clock()).day
    with service.database.read() as connection:
        found = round_of(connection, year, today, programme)
        return _report(connection, found)


def _report(connection: Connection, found: Round) -> Report:
    """Take what answered units have sent; a form whose answer was taken back counts no more."""
    key = found.stored.programme.key
    sent = {one.organisation for one in found.progress.units if not one.is_missing}
    told = {
        (row.organisation, row.action): Told(row.status, row.note, row.by, row.at)
        for row in store.statuses_of(connection, str(found.row.id))
        if row.organisation in sent
    }
    values = [
        Given(row.action, row.organisation, row.year, row.kind, row.text, row.unit, row.place)
        for row in store.values_of(connection, key)
    ]
    day = day_asked(found.row, found.today)
    asked = {action.id: action.leads_on(day) for action in found.world.programme.actions}
    return report(found.world.programme, found.year, asked, Said(told, values, found.progress.answered))


def worded(service: Service, year: int, lang: Lang, programme: str | None = None) -> Wording:
    """Return the report of a year, ready to be worded in a language."""
    today = local(service.settings, service.clock()).day
    return Wording(read_report(service, year, programme), lang, today, service.settings.zone)


def report_pdf(of: Wording) -> bytes:
    """Return a report as PDF."""
    return as_pdf(paper(of))


def report_xlsx(service: Service, of: Wording) -> bytes:
    """Return a report as a workbook."""
    return as_xlsx(sheets(of), service.clock())


def write_report(service: Service, year: int, lang: Lang, file: Path, programme: str | None = None) -> None:
    """Write a report into a file, by its ending; ``UsageError`` for another than .pdf and .xlsx."""
    if file.suffix.casefold() not in ENDINGS:
        raise UsageError(f"--output: expected a name that ends in .pdf or .xlsx; found {str(file)!r}")
    of = worded(service, year, lang, programme)
    is_pdf = file.suffix.casefold() == ".pdf"
    file.write_bytes(report_pdf(of) if is_pdf else report_xlsx(service, of))
