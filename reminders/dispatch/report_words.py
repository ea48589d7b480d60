"""The board's report in words: one document for the page and the PDF, tables for the spreadsheet.

Pure; the numbers are those of ``reporting``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cache
from importlib.resources import files

from email_templates import dates
from email_templates import words as shared
from email_templates.catalogue import Catalogue
from reminders.collecting import STATUSES
from reminders.measures import shown, with_unit
from reminders.paper import Paper, PaperPart, PaperPlot
from reminders.plot import plot
from reminders.reporting import ActionReport, Given, Line, Report, Trend
from reminders.spreadsheet import Cell, Sheet
from schedule_rules.programme import Lang


@cache
def _catalogue() -> Catalogue:
    return Catalogue.load(files("reminders.dispatch") / "locale")


def say(lang: Lang, text_id: str, /, **variables: object) -> str:
    """Return a text of the report."""
    return _catalogue().say(lang, f"report.{text_id}", None, **variables)


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


def facts(of: Wording) -> tuple[tuple[str, int], ...]:
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
    )


# -- the document ----------------------------------------------------------------------------


def paper(of: Wording) -> Paper:
    """Return the report as a document."""
    lang, report = of.lang, of.report
    name = report.programme.name.get(lang)
    on = dates.in_sentence(of.today, lang)
    return Paper(
        title=of.title,
        author=name,
        lang=lang,
        lede=say(
            lang,
            "lede",
            answered=dates.number(report.answered, lang),
            expected=dates.number(report.expected, lang),
            on=on,
        ),
        facts=tuple((what, dates.number(count, lang)) for what, count in facts(of)),
        parts=tuple(_part(of, domain.name.get(lang), actions) for domain, actions in report.domains),
        foot=say(lang, "foot", programme=name, title=of.title),
    )


def _part(of: Wording, title: str, actions: tuple[ActionReport, ...]) -> PaperPart:
    lang, years = of.lang, of.report.years
    header = (
        say(lang, "action"),
        say(lang, "party"),
        say(lang, "status"),
        *map(str, years),
        say(lang, "note"),
        say(lang, "by"),
    )
    share = 0.30 / len(years)
    return PaperPart(
        title=title,
        header=header,
        rows=tuple(_row(of, one, line) for one in actions for line in one.lines),
        widths=(0.24, 0.13, 0.09, *(share for _ in years), 0.13, 0.11),
        plots=tuple(_plot(of, one, trend) for one in actions for trend in one.trends),
        plots_title=say(lang, "trends"),
    )


def _row(of: Wording, one: ActionReport, line: Line) -> tuple[str, ...]:
    lang, told = of.lang, line.told
    indicator = one.action.indicator.get(lang)
    title = one.action.title.get(lang)
    return (
        f"{title}\n{dates.quoted(indicator, lang)}" if indicator else title,
        of.name(line.organisation),
        status_words(line, lang),
        *(_year(line.values.get(year, ()), lang) for year in of.report.years),
        told.note if told else "",
        _by(of, line),
    )


def status_words(line: Line, lang: Lang) -> str:
    """Return what a unit said of an action, or that nothing was said."""
    if line.told:
        return shared.answer(lang, line.told.status)
    return say(lang, "silent" if line.is_asked else "not-asked")


def _year(values: Iterable[Given], lang: Lang) -> str:
    return "\n".join(with_unit(one.text, one.kind, one.unit, lang) for one in values)


def _by(of: Wording, line: Line) -> str:
    if line.told is None:
        return ""
    on = dates.short(line.told.at.astimezone(of.zone).date(), of.lang)
    return say(of.lang, "by-on", by=line.told.by, on=on) if line.told.by else on


def _plot(of: Wording, one: ActionReport, trend: Trend) -> PaperPlot:
    names = {"title": one.action.title.get(of.lang), "org": of.name(trend.organisation)}
    caption = (
        say(of.lang, "trend-unit", **names, unit=trend.unit) if trend.unit else say(of.lang, "trend", **names)
    )
    labels = tuple(shown(f"{number:f}", "number", of.lang) for _, number in trend.points)
    return PaperPlot(caption, plot(trend.points), labels)


# -- the spreadsheet -------------------------------------------------------------------------


def sheets(of: Wording) -> tuple[Sheet, ...]:
    """Return the report as tables: summary, a row for each action and unit, a row for each value."""
    return (_summary(of), _parts(of), _values(of))


def _summary(of: Wording) -> Sheet:
    lang = of.lang
    header = (say(lang, "what"), say(lang, "number"))
    return Sheet(say(lang, "summary"), header, facts(of))


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
            *(_cell(line.values.get(year, ()), lang) for year in report.years),
            line.told.note if line.told else None,
            line.told.by if line.told else None,
            line.told.at.astimezone(of.zone).date() if line.told else None,
        )
        for domain, actions in report.domains
        for one in actions
        for line in one.lines
    )
    return Sheet(str(report.year), header, rows)


def _cell(values: tuple[Given, ...], lang: Lang) -> Cell:
    """Return a number as a number, so that it can be reckoned with; anything else in words."""
    if len(values) == 1 and values[0].kind == "number":
        return _number(values[0].text)
    return _year(values, lang) or None


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
            _number(value.text) if value.kind == "number" else shown(value.text, value.kind, lang),
            value.unit,
        )
        for _, actions in of.report.domains
        for one in actions
        for line in one.lines
        for year, values in line.values.items()
        for value in values
    )
    return Sheet(say(lang, "sheet-values"), tuple(say(lang, name) for name in names), rows)
