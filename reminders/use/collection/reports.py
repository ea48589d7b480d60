"""The board's report of a year: read, worded once for page, PDF and spreadsheet, and written as files.

The numbers are those of ``collection.report``; wording them is pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path

from email_templates import dates, words as shared
from email_templates.catalogue import catalogue
from reminders.clock import civil_time
from reminders.collection.indicator import label_of, measures_of, unit_in
from reminders.collection.measures import NOT_MEASURED, shown_value, with_unit
from reminders.collection.paper import Paper, PaperPart, PaperPlot, as_pdf, plot
from reminders.collection.report import (
    ActionReport,
    Report,
    ReportedStatus,
    ReportedValue,
    ReportLine,
    RoundAnswers,
    Trend,
    report_of,
)
from reminders.collection.round import STATUSES, day_asked
from reminders.collection.spreadsheet import Cell, Sheet, as_xlsx
from reminders.errors import UsageError
from reminders.service import Service
from reminders.store import collection as store
from reminders.use.collection.rounds import round_of
from reminders.use.watch.audit import record_reading
from schedule_rules.programme import Action, Lang


def say(lang: Lang, text_id: str, /, **variables: object) -> str:
    """Return a text of the report."""
    return catalogue("reminders.use").say(lang, f"report.{text_id}", None, **variables)


@dataclass(frozen=True, slots=True)
class Wording:
    """A report to be worded: in which language, on which civil day, in which zone its instants are told."""

    report: Report
    lang: Lang
    today: date
    zone: tzinfo

    @property
    def title(self) -> str:
        """The report's title."""
        return say(self.lang, "title", year=self.report.year)

    def name(self, organisation: str) -> str:
        """Return an organisation's name."""
        known = self.report.programme.organisation_by_key
        return known[organisation].name.get(self.lang) if organisation in known else organisation


def report_facts(of: Wording) -> tuple[tuple[str, int], ...]:
    """Return the summary: what is counted, and how many."""
    lang, report = of.lang, of.report
    statuses = tuple((shared.answer(lang, one), report.statuses.get(one, 0)) for one in STATUSES)
    return (
        (say(lang, "expected"), report.expected),
        (say(lang, "answered"), report.answered),
        (say(lang, "actions"), sum(len(actions) for _, actions in report.domains)),
        (say(lang, "parts"), sum(line.is_asked for line in report.lines)),
        *statuses,
        (say(lang, "silent"), report.silent),
        (say(lang, "values", year=report.year), report.values),
        (say(lang, "not-measured", year=report.year), report.not_measured),
    )


def paper(of: Wording) -> Paper:
    """Return the report as a document."""
    lang, report = of.lang, of.report
    name, on = report.programme.name.get(lang), dates.in_sentence(of.today, lang)
    answered, expected = (dates.number(count, lang) for count in (report.answered, report.expected))
    return Paper(
        title=of.title,
        author=name,
        lang=lang,
        lede=say(lang, "lede", answered=answered, expected=expected, on=on),
        facts=tuple((what, dates.number(count, lang)) for what, count in report_facts(of)),
        parts=tuple(_part(of, domain.name.get(lang), actions) for domain, actions in report.domains),
        foot=say(lang, "foot", programme=name, title=of.title),
    )


def _part(of: Wording, title: str, actions: tuple[ActionReport, ...]) -> PaperPart:
    lang, years = of.lang, of.report.years
    first, last = ("action", "party", "status"), ("note", "by")
    header = (*(say(lang, one) for one in first), *map(str, years), *(say(lang, one) for one in last))
    share = 0.30 / len(years)
    return PaperPart(
        title=title,
        header=header,
        rows=tuple(_row(of, one, line) for one in actions for line in one.lines),
        widths=(0.24, 0.13, 0.09, *(share for _ in years), 0.13, 0.11),
        plots=tuple(_plot(of, one, trend) for one in actions for trend in one.trends),
        plots_title=say(lang, "trends"),
    )


def _row(of: Wording, one: ActionReport, line: ReportLine) -> tuple[str, ...]:
    lang, told = of.lang, line.told
    indicator, title = one.action.indicator.get(lang), one.action.title.get(lang)
    on = dates.short(told.at.astimezone(of.zone).date(), lang) if told else ""
    return (
        f"{title}\n{dates.quoted(indicator, lang)}" if indicator else title,
        of.name(line.organisation),
        status_words(line, lang),
        *(_year(line.values.get(year, ()), one.action, lang) for year in of.report.years),
        told.note if told else "",
        say(lang, "by-on", by=told.by, on=on) if told and told.by else on,
    )


def status_words(line: ReportLine, lang: Lang) -> str:
    """Return what a unit said of an action, or that nothing was said."""
    if line.told:
        return shared.answer(lang, line.told.status)
    return say(lang, "silent" if line.is_asked else "not-asked")


def _year(values: Iterable[ReportedValue], action: Action, lang: Lang) -> str:
    return "\n".join(_value(one, action, lang) for one in values)


def _value(one: ReportedValue, action: Action, lang: Lang) -> str:
    """Return a value with its unit; of several that is not measured says which it is by its label."""
    words = with_unit(one.text, one.kind, unit_in(one.unit, measures_of(action), lang), lang)
    several = len(measures_of(action)) > 1
    return f"{words}: {label_of(action, one.place, lang)}" if several and one.kind == NOT_MEASURED else words


def _plot(of: Wording, one: ActionReport, trend: Trend) -> PaperPlot:
    names = {"title": one.action.title.get(of.lang), "org": of.name(trend.organisation)}
    unit = unit_in(trend.unit, measures_of(one.action), of.lang)
    names |= {"unit": unit} if unit else {}
    caption = say(of.lang, "trend-unit" if unit else "trend", **names)
    labels = tuple(shown_value(f"{number:f}", "number", of.lang) for _, number in trend.points)
    return PaperPlot(caption, plot(trend.points), labels)


def sheets(of: Wording) -> tuple[Sheet, ...]:
    """Return the report as tables: summary, a row for each action and unit, a row for each value."""
    header = (say(of.lang, "what"), say(of.lang, "number"))
    return (Sheet(say(of.lang, "summary"), header, report_facts(of)), _parts(of), _values(of))


def _parts(of: Wording) -> Sheet:
    lang, report = of.lang, of.report
    names = ("domain", "goal", "action", "indicator", "party", "status")
    header = (*(say(lang, name) for name in names), *map(str, report.years))
    header += (say(lang, "note"), say(lang, "by"), say(lang, "on"))
    goals = report.programme.goal_by_key
    rows = tuple(
        (
            domain.name.get(lang),
            goals[one.action.goal].name.get(lang),
            one.action.title.get(lang),
            one.action.indicator.get(lang),
            of.name(line.organisation),
            status_words(line, lang),
            *(_cell(line.values.get(year, ()), one.action, lang) for year in report.years),
            line.told.note if line.told else None,
            line.told.by if line.told else None,
            line.told.at.astimezone(of.zone).date() if line.told else None,
        )
        for domain, actions in report.domains
        for one in actions
        for line in one.lines
    )
    return Sheet(str(report.year), header, rows)


def _cell(values: tuple[ReportedValue, ...], action: Action, lang: Lang) -> Cell:
    """Return a number as a number, so that it can be reckoned with; anything else in words."""
    if len(values) == 1 and values[0].kind == "number":
        return _number(values[0].text)
    return _year(values, action, lang) or None


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _values(of: Wording) -> Sheet:
    lang = of.lang
    names = ("action", "party", "year", "place", "value", "unit")
    rows = tuple(
        (
            one.action.title.get(lang),
            of.name(line.organisation),
            year,
            value.place,
            _number(value.text) if value.kind == "number" else shown_value(value.text, value.kind, lang),
            unit_in(value.unit, measures_of(one.action), lang),
        )
        for _, actions in of.report.domains
        for one in actions
        for line in one.lines
        for year, values in line.values.items()
        for value in values
    )
    return Sheet(say(lang, "sheet-values"), tuple(say(lang, name) for name in names), rows)


ENDINGS = (".pdf", ".xlsx")


def read_board_report(service: Service, year: int, programme: str | None = None) -> Report:
    """Return the report of a year; ``NotFoundError`` when there is no round of it."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        found = round_of(connection, year, today, programme)
        statuses = store.statuses_of(connection, str(found.row.id))
        values = store.value_rows(connection, found.stored.programme.key)
    # What answered units have sent; a form whose answer was taken back counts no more.
    sent = {one.organisation for one in found.progress.units if not one.is_missing}
    told = {
        (row.organisation, row.action): ReportedStatus(row.status, row.note, row.by, row.at)
        for row in statuses
        if row.organisation in sent
    }
    reported = [
        ReportedValue(row.action, row.organisation, row.year, row.kind, row.text, row.unit, row.place)
        for row in values
    ]
    answers = RoundAnswers(told, reported, found.progress.answered)
    day = day_asked(found.row, found.today)
    leads = {action.id: action.leads_on(day) for action in found.state.programme.actions}
    return report_of(found.state.programme, found.year, leads, answers)


def worded_report(service: Service, year: int, lang: Lang, programme: str | None = None) -> Wording:
    """Return the report of a year, ready to be worded in a language."""
    today = civil_time(service.settings, service.clock()).day
    return Wording(read_board_report(service, year, programme), lang, today, service.settings.zone)


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
    of = worded_report(service, year, lang, programme)
    record_reading(service, "report-export", of.report.programme.key, file.name)
    file.write_bytes(report_pdf(of) if file.suffix.casefold() == ".pdf" else report_xlsx(service, of))
