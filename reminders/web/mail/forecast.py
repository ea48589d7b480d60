"""The forecast: every mail of the coming twelve months, before any of it goes (design: pages.md).

Signed in only. The mails are worked out once for each state of the database and day. A heat map
shows who gets how many and when (pages.md, "Drawing rules"), by month or by week; then come the
days with their mails. Pages that ask before they save show what a change does to these mails.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, Literal

from babel.dates import format_date
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import capital
from reminders.collection.spreadsheet import CSV_TYPE, XLSX_TYPE, Sheet, as_csv, as_xlsx
from reminders.planning.addresses import same_address
from reminders.planning.forecast import Difference
from reminders.planning.mails import Mail, MailItem, contact_of, parts_about
from reminders.planning.state import ProgrammeState
from reminders.use.planning.preview import Change, what_if
from reminders.use.watch.audit import record_reading
from reminders.web.catalogue import say
from reminders.web.mail.outbox import kind_words
from reminders.web.page import Page, Pages
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Lang
from schedule_rules.workdays import Workdays

# The lowest count of each class of the map: 0, 1, 2, 3–4, 5–8, 9 and more.
BOUNDS: Final = (0, 1, 2, 3, 5, 9)
MONTHS: Final = 12
WEEKS: Final = 13
KINDS: Final = ("milestone", "review", "collection", "event", "start")
_NEAR: Final = 5
"""Days whose mails are shown at once."""
_MOST: Final = 5
"""Mails of a difference that are named; the rest is counted."""

By = Literal["months", "weeks"]


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time: its key, its short and its whole name; ``quiet``: no mail can go in it."""

    key: str
    short: str
    name: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How many in one stretch for one reader; ``grade`` is the class, 0 to 5."""

    column: Column
    count: int
    grade: int


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One reader: who, a second line under the name, counts by column, their sum."""

    key: str
    name: str
    hint: str
    cells: tuple[HeatCell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Heat:
    """The whole map; ``totals`` are by column."""

    columns: tuple[Column, ...]
    lines: tuple[HeatLine, ...]
    totals: tuple[int, ...]
    total: int


def grade(count: int) -> int:
    """Return the class of a count: fixed, so that two pictures can be compared."""
    return bisect_right(BOUNDS, count) - 1


def heat(
    columns: tuple[Column, ...], readers: Mapping[str, tuple[str, str]], found: Iterable[tuple[str, str]]
) -> Heat:
    """Return the map of ``found`` (reader, column) pairs, most first, then by name.

    ``readers`` gives each one's name and the line under it; one without any stands in no line.
    """
    counts: dict[str, Counter[str]] = {}
    for reader, column in found:
        counts.setdefault(reader, Counter())[column] += 1
    lines = []
    for key, own in counts.items():
        cells = tuple(HeatCell(column, own[column.key], grade(own[column.key])) for column in columns)
        lines.append(HeatLine(key, *readers[key], cells, sum(cell.count for cell in cells)))
    lines.sort(key=lambda line: (-line.total, line.name, line.key))
    totals = tuple(sum(line.cells[n].count for line in lines) for n in range(len(columns)))
    return Heat(columns, tuple(lines), totals, sum(totals))


def window_of(today: date) -> Span:
    """Return the twelve months that a forecast shows: from today to the end of the eleventh after this."""
    return Span(today, first_of_month(today, MONTHS) - timedelta(days=1))


def first_of_month(day: date, ahead: int) -> date:
    """Return the first day of the month that is ``ahead`` months after that of ``day``."""
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def month_key(day: date) -> str:
    """Return the month's key: *2025-01*."""
    return f"{day:%Y-%m}"


def week_key(day: date) -> str:
    """Return the week's key (ISO 8601): *2025-W03*."""
    return f"{day:%G-W%V}"


def month_name(day: date, lang: Lang, *, short: bool = False) -> str:
    """Return a month's own name: *tammikuu*, *januari*, *January*; short *tammi*, *jan*, *Jan*."""
    name: str = format_date(day, "LLL" if short else "LLLL", locale=dates.LOCALES[lang])
    return name.rstrip(".")


def months(window: Span, workdays: Workdays, lang: Lang) -> tuple[Column, ...]:
    """Return a column for each month of the window."""
    return tuple(
        Column(
            month_key(first),
            month_name(first, lang, short=True),
            f"{month_name(first, lang)} {first.year}",
            quiet=not workdays.between(Span(first, first_of_month(first, 1) - timedelta(days=1))),
        )
        for first in [first_of_month(window.first, ahead) for ahead in range(MONTHS)]
    )


def first_week(wanted: date | None, window: Span) -> date:
    """Return the Monday that the weeks begin with, never outside the window."""
    begin = min(max(wanted or window.first, window.first), window.last)
    return begin - timedelta(days=begin.weekday())


def weeks(wanted: date | None, window: Span, workdays: Workdays, lang: Lang) -> tuple[Column, ...]:
    """Return a column for each of the weeks from the one of ``wanted`` on."""
    begin = first_week(wanted, window)
    return tuple(
        Column(
            week_key(monday),
            str(monday.isocalendar().week),
            say(
                lang,
                "forecast.week",
                week=monday.isocalendar().week,
                days=dates.span(monday, monday + timedelta(days=6), lang),
            ),
            quiet=not workdays.between(Span(monday, monday + timedelta(days=6))),
        )
        for monday in [begin + timedelta(weeks=n) for n in range(WEEKS)]
    )


def shifted(begin: date, by: int, window: Span) -> str:
    """Return the first Monday of the weeks before or after; nothing where the forecast ends."""
    day = begin + timedelta(weeks=by)
    outside = day > window.last if by > 0 else begin <= window.first
    return "" if outside else day.isoformat()


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """What the reader wants to see: one unit or address, one kind of item, one stretch, months or weeks."""

    unit: str = ""
    to: str = ""
    kind: str = ""
    on: str = ""
    by: By = "months"
    first: date | None = None
    whole: bool = False


def forecast_view(
    drafts: Iterable[Mail],
    states: Mapping[str, ProgrammeState],
    today: date,
    wish: ForecastRequest,
    lang: Lang,
) -> dict[str, object]:
    """Return the page's values; ``states`` are of the programmes that are shown.

    Of each of ``days`` the title, and of its mails to whom, in which role, what kind, the items in words.
    """
    own = [
        draft
        for draft in drafts
        if any(_programme(item) in states for item in draft.items)
        or not states.keys().isdisjoint(draft.boards)
    ]
    shown = [
        draft
        for draft in own
        if wish.unit in {"", _unit(draft, states)}
        and (not wish.to or same_address(wish.to, draft.recipient))
        and (not wish.kind or wish.kind in {OccurrenceID.parse(one.occurrence).kind for one in draft.items})
    ]
    workdays = next(iter(states.values())).workdays
    window = window_of(today)
    if wish.by == "weeks":
        columns = weeks(wish.first, window, workdays, lang)
        readers = {draft.recipient: (draft.to, _who(draft, states, lang)) for draft in shown}
        counted = [(draft.recipient, week_key(draft.day)) for draft in shown]
    else:
        columns = months(window, workdays, lang)
        readers = {_unit(draft, states): (_unit_name(draft, states, lang), "") for draft in shown}
        counted = [(_unit(draft, states), month_key(draft.day)) for draft in shown]
    keys = {column.key for column in columns}
    of_stretch = [one for one in shown if wish.on in {"", month_key(one.day), week_key(one.day)}]
    days = [list(mails) for _, mails in groupby(of_stretch, key=lambda draft: draft.day)]
    near = days if wish.whole or wish.on else days[:_NEAR]
    begin = first_week(wish.first, window)
    units = {_unit(draft, states): _unit_name(draft, states, lang) for draft in own}
    sentence = say(lang, "forecast.none")
    if shown:
        (year, month), _ = Counter((draft.day.year, draft.day.month) for draft in shown).most_common(1)[0]
        busiest = month_name(date(year, month, 1), lang)
        sentence = say(lang, "forecast.sentence", n=len(shown), months=MONTHS, busiest=busiest)
    return {
        "sentence": sentence,
        "lede": say(
            lang,
            "forecast.lede",
            days=dates.span(window.first, window.last, lang),
            readers=say(lang, "forecast.readers", n=len({draft.recipient for draft in shown})),
        ),
        "pattern": _pattern(shown, window, workdays, lang),
        "heat": heat(columns, readers, [pair for pair in counted if pair[1] in keys]),
        "days": tuple(_day(mails, states, lang) for mails in near),
        "more": sum(map(len, days)) - sum(map(len, near)),
        "units": tuple(sorted(units.items(), key=lambda pair: pair[1].casefold())),
        "earlier": shifted(begin, -WEEKS, window),
        "later": shifted(begin, WEEKS, window),
    }


def forecast_sheet(drafts: Iterable[Mail], states: Mapping[str, ProgrammeState], lang: Lang) -> Sheet:
    """Return the forecast as a table, a row for each item of each mail."""
    names = ("date", "to", "unit", "language", "kind", "action", "item", "due", "stage", "reason")
    rows = []
    for draft in drafts:
        unit, letter = _unit_name(draft, states, lang), kind_words(draft, states, lang)
        for item in draft.items:
            if _programme(item) not in states:
                continue
            row = states[_programme(item)].occurrences.get(item.occurrence)
            about = (
                (row.id.action, row.title.get(lang), row.due)
                if row
                else ("", shared.stage(lang, item.stage, 0), _day_of(item))
            )
            mail = (draft.day, draft.to, unit, draft.language, letter)
            rows.append((*mail, *about, item.stage, item.reason))
    return Sheet(
        say(lang, "forecast.title"),
        tuple(say(lang, f"forecast.column.{name}") for name in names),
        tuple(rows),
    )


def _programme(item: MailItem) -> str:
    return OccurrenceID.parse(item.occurrence).programme


def _unit(draft: Mail, states: Mapping[str, ProgrammeState]) -> str:
    contact = contact_of(states, draft.recipient, draft.day)
    return contact.organisation if contact else ""


def _pattern(shown: list[Mail], window: Span, workdays: Workdays, lang: Lang) -> str:
    """Say in a sentence what the map shows: the busiest months, and those in which nothing is sent."""
    counts = Counter(month_key(draft.day) for draft in shown)
    columns = {column.key: column for column in months(window, workdays, lang)}
    busy = [
        f"{columns[key].name} ({dates.number(n, lang)})" for key, n in counts.most_common(3) if key in columns
    ]
    quiet = [column.name for column in columns.values() if column.quiet]
    parts = [say(lang, "forecast.busiest", months=", ".join(busy))] if busy else []
    parts += [say(lang, "forecast.quiet", months=", ".join(quiet))] if quiet else []
    return " ".join(parts)


def _unit_name(draft: Mail, states: Mapping[str, ProgrammeState], lang: Lang) -> str:
    key = _unit(draft, states)
    for state in states.values():
        if key in state.programme.organisation_by_key:
            return state.programme.organisation_by_key[key].name.get(lang)
    return draft.to


def _who(draft: Mail, states: Mapping[str, ProgrammeState], lang: Lang) -> str:
    contact = contact_of(states, draft.recipient, draft.day)
    role = shared.role(lang, contact.role) if contact else ""
    return ", ".join(part for part in (_unit_name(draft, states, lang), role) if part)


def _day(
    mails: list[Mail], states: Mapping[str, ProgrammeState], lang: Lang
) -> tuple[str, list[tuple[str, str, str, list[str]]]]:
    title = say(lang, "forecast.day", n=len(mails), on=capital(dates.named_day(mails[0].day, lang)))
    shown = [
        (
            draft.to,
            _who(draft, states, lang),
            kind_words(draft, states, lang),
            [_item(one, states, lang) for one in draft.items if _programme(one) in states],
        )
        for draft in mails
    ]
    return title, shown


def _item(item: MailItem, states: Mapping[str, ProgrammeState], lang: Lang) -> str:
    row = states[_programme(item)].occurrences.get(item.occurrence)
    if row is None:
        return f"{capital(shared.stage(lang, item.stage, 0))} {dates.short(_day_of(item), lang)}"
    return f"{capital(shared.kind(lang, row.kind))} {dates.short(row.due, lang)}: {row.title.get(lang)}"


def _day_of(item: MailItem) -> date:
    """Return the meeting's day, or that on which a calendar was asked for: they are in the item's name."""
    return date.fromisoformat(item.occurrence[-10:])


class ForecastPages(Pages):
    """The forecast as a page and as a table."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [*self.secretary("/forecast", self.show), *self.secretary("/forecast.{form:str}", self.table)]

    def show(self, page: Page) -> Response:
        """Show the map, and the days with their mails."""
        everything, wish = _mails(page), _wish(page)
        mails = tuple(parts_about(everything, page.key))
        first = [mail for mail in mails if mail.day == mails[0].day]
        return page.render(
            "forecast.html",
            view=forecast_view(mails, {page.key: page.current.state}, page.today, wish, page.lang),
            wish=wish,
            kinds=KINDS,
            held=page.snapshot.row.held,
            first=(dates.in_sentence(first[0].day, page.lang), len(first)) if first else None,
            over=_over(page, everything),
        )

    def table(self, page: Page) -> Response:
        """Answer for ``/forecast.csv`` and ``/forecast.xlsx``: all items, whatever the page filters."""
        record_reading(page.service, "list-export", page.key, f"forecast.{page.path('form')}")
        sheet = forecast_sheet(parts_about(_mails(page), page.key), {page.key: page.current.state}, page.lang)
        if page.path("form") == "xlsx":
            return page.file(as_xlsx([sheet], page.service.clock()), XLSX_TYPE, "forecast.xlsx")
        return page.file(as_csv(sheet), CSV_TYPE, "forecast.csv")


def _mails(page: Page) -> tuple[Mail, ...]:
    return page.site.snapshots.forecast(window_of(page.today))


def _wish(page: Page) -> ForecastRequest:
    return ForecastRequest(
        unit=page.query.get("u", ""),
        to=page.query.get("to", ""),
        kind=page.query.get("k", ""),
        on=page.query.get("on", ""),
        by="weeks" if page.query.get("by") == "weeks" else "months",
        first=dates.iso_day(page.query.get("from", "")),
        whole="all" in page.query,
    )


def _over(page: Page, mails: tuple[Mail, ...]) -> str:
    """Say on which day more would go than one run may send (MAIL_CAP), nothing where none is."""
    settings, counts = page.service.settings, Counter(mail.day for mail in mails)
    over = [(day, n) for day, n in counts.items() if n > settings.mail_cap]
    if not over or not settings.smtp_url:
        return ""
    day, n = over[0]
    return page.say("forecast.over-text", on=dates.in_sentence(day, page.lang), n=n, cap=settings.mail_cap)


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """How mails change: a sentence, then of each way in which some do title, the first few, how many more."""

    sentence: str
    parts: tuple[tuple[str, list[str], str], ...]


def mails_changed(page: Page, enter: Change) -> DifferenceView:
    """Return what would change among the mails of the forecast's twelve months if ``enter`` were done."""
    return difference_view(what_if(page.service, enter, window_of(page.today)), page.lang)


def difference_view(found: Difference, lang: Lang) -> DifferenceView:
    """Return a difference in words."""
    kinds = {"added": found.added, "removed": found.removed, "changed": [after for _, after in found.changed]}
    parts = []
    for name, mails in kinds.items():
        lines = [
            say(lang, "forecast.difference.line", on=dates.in_table(one.day, lang), to=one.recipient)
            for one in mails[:_MOST]
        ]
        left = len(mails) - _MOST
        more = say(lang, "forecast.difference.more", n=left) if left > 0 else ""
        parts += [(say(lang, f"forecast.difference.{name}", n=len(mails)), lines, more)] if mails else []
    sentence = (
        say(lang, "forecast.difference.sentence", n=found.count)
        if found.count
        else say(lang, "forecast.difference.none")
    )
    return DifferenceView(sentence, tuple(parts))
