"""The forecast: every mail of the coming twelve months, before any of it goes (design: pages.md).

Signed in only. The mails are worked out once for each state of the database and day.

The columns of the forecast's map: twelve months, or thirteen weeks of them. Pure.

A heat map as values: who and when, how many, how dark (design: pages.md, "Drawing rules"). Pure.

The forecast as its page shows it: sentence, heat map, days with their mails. Pure.

What a change does to the mails to come, in words, for the page that asks before it saves. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final, Literal

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.collection.spreadsheet import CSV_TYPE, XLSX_TYPE, Sheet, as_csv, as_xlsx
from reminders.planning.forecast import Difference
from reminders.planning.mails import Mail, MailItem, contact_of
from reminders.planning.state import ProgrammeState
from reminders.store import delivery_log
from reminders.use.planning.preview import forecast_window
from reminders.web.caches import CacheKeySite
from reminders.web.catalogue import say
from reminders.web.forms import as_file
from reminders.web.session import refuse_request
from reminders.web.site import Site
from reminders.web.snapshot import CurrentState
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Lang
from schedule_rules.workdays import Workdays

# -- A heat map as values: who and when, how many, how dark (design: pages.md, "Drawing rules")

# The lowest count of each class: 0, 1, 2, 3–4, 5–8, 9 and more.
BOUNDS: Final = (0, 1, 2, 3, 5, 9)


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
    counts: dict[str, dict[str, int]] = {}
    for reader, column in found:
        own = counts.setdefault(reader, {})
        own[column] = own.get(column, 0) + 1
    lines = [_line(key, readers[key], columns, own) for key, own in counts.items()]
    lines.sort(key=lambda line: (-line.total, line.name, line.key))
    totals = tuple(sum(line.cells[n].count for line in lines) for n in range(len(columns)))
    return Heat(columns, tuple(lines), totals, sum(totals))


def _line(key: str, reader: tuple[str, str], columns: tuple[Column, ...], own: Mapping[str, int]) -> HeatLine:
    cells = tuple(
        HeatCell(column, own.get(column.key, 0), grade(own.get(column.key, 0))) for column in columns
    )
    return HeatLine(key, *reader, cells, sum(cell.count for cell in cells))


# -- The columns of the forecast's map: twelve months, or thirteen weeks of them. Pure

MONTHS: Final = 12
WEEKS: Final = 13


def window_of(today: date) -> Span:
    """Return the twelve months that a forecast shows: from today to the end of the eleventh after this."""
    return Span(today, month(today, MONTHS) - timedelta(days=1))


def month(day: date, ahead: int) -> date:
    """Return the first day of the month that is ``ahead`` months after that of ``day``."""
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def month_key(day: date) -> str:
    """Return the month's key: *2025-01*."""
    return f"{day.year}-{day.month:02}"


def week_key(day: date) -> str:
    """Return the week's key (ISO 8601): *2025-W03*."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_name(day: date, lang: Lang, *, short: bool = False) -> str:
    """Return a month's own name: *tammikuu*, *januari*, *January*; short *tammi*, *jan*, *Jan*."""
    name: str = format_date(day, "LLL" if short else "LLLL", locale=dates.LOCALES[lang])
    return name.rstrip(".")


def months(window: Span, workdays: Workdays, lang: Lang) -> tuple[Column, ...]:
    """Return a column for each month of the window."""
    firsts = [month(window.first, ahead) for ahead in range(MONTHS)]
    return tuple(
        Column(
            month_key(first),
            month_name(first, lang, short=True),
            f"{month_name(first, lang)} {first.year}",
            quiet=not workdays.between(Span(first, month(first, 1) - timedelta(days=1))),
        )
        for first in firsts
    )


def first_week(wanted: date | None, window: Span) -> date:
    """Return the Monday that the weeks begin with, never outside the window."""
    begin = min(max(wanted or window.first, window.first), window.last)
    return begin - timedelta(days=begin.weekday())


def weeks(wanted: date | None, window: Span, workdays: Workdays, lang: Lang) -> tuple[Column, ...]:
    """Return a column for each of the weeks from the one of ``wanted`` on."""
    begin = first_week(wanted, window)
    mondays = [begin + timedelta(weeks=n) for n in range(WEEKS)]
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
        for monday in mondays
    )


def shifted(begin: date, by: int, window: Span) -> str:
    """Return the first Monday of the weeks before or after; nothing where the forecast ends."""
    day = begin + timedelta(weeks=by)
    outside = day > window.last if by > 0 else begin <= window.first
    return "" if outside else day.isoformat()


# -- The forecast as its page shows it: sentence, heat map, days with their mails. Pure

_NEAR: Final = 5
KINDS: Final = ("milestone", "review", "collection", "event", "start")

By = Literal["months", "weeks"]


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


@dataclass(frozen=True, slots=True)
class ForecastMail:
    """One mail to be: to whom, in which role, what kind of mail, its items in words."""

    to: str
    who: str
    kind: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day's mails."""

    title: str
    mails: tuple[ForecastMail, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All that the page says."""

    sentence: str
    lede: str
    pattern: str
    heat: Heat
    days: tuple[ForecastDay, ...]
    more: int
    units: tuple[tuple[str, str], ...]
    earlier: str
    later: str


def view(
    drafts: Iterable[Mail],
    states: Mapping[str, ProgrammeState],
    today: date,
    wish: ForecastRequest,
    lang: Lang,
) -> View:
    """Return the page's values; ``worlds`` are of the programmes that are shown."""
    own = [
        draft for draft in drafts if any(_of(item) in states for item in draft.items) or draft.board in states
    ]
    shown = [draft for draft in own if _wanted(draft, states, wish)]
    workdays = next(iter(states.values())).workdays
    window = window_of(today)
    columns = (
        weeks(wish.first, window, workdays, lang) if wish.by == "weeks" else months(window, workdays, lang)
    )
    days = [list(mails) for _, mails in groupby(_at(shown, wish), key=lambda draft: draft.day)]
    near = days if wish.whole or wish.on else days[:_NEAR]
    begin = first_week(wish.first, window)
    return View(
        sentence=_sentence(shown, lang),
        lede=_lede(shown, window, lang),
        pattern=_pattern(shown, window, workdays, lang),
        heat=_heat(shown, states, columns, wish, lang),
        days=tuple(_day_forecast_view(mails, states, lang) for mails in near),
        more=sum(map(len, days)) - sum(map(len, near)),
        units=tuple(_units(own, states, lang)),
        earlier=shifted(begin, -WEEKS, window),
        later=shifted(begin, WEEKS, window),
    )


def forecast_sheet(drafts: Iterable[Mail], states: Mapping[str, ProgrammeState], lang: Lang) -> Sheet:
    """Return the forecast as a table, a row for each item of each mail."""
    names = ("date", "to", "unit", "language", "kind", "action", "item", "due", "stage", "reason")
    rows = [
        (
            draft.day,
            draft.recipient,
            _unit_name(draft, states, lang),
            draft.language,
            shared.letter(lang, draft.kind),
            *_item_cells(item, states, lang),
        )
        for draft in drafts
        for item in draft.items
        if _of(item) in states
    ]
    return Sheet(
        say(lang, "forecast.title"),
        tuple(say(lang, f"forecast.column.{name}") for name in names),
        tuple(rows),
    )


def _of(item: MailItem) -> str:
    return OccurrenceID.parse(item.occurrence).programme


def _unit(draft: Mail, states: Mapping[str, ProgrammeState]) -> str:
    contact = contact_of(states, draft.recipient, draft.day)
    return contact.organisation if contact else ""


def _wanted(draft: Mail, states: Mapping[str, ProgrammeState], wish: ForecastRequest) -> bool:
    kinds = {OccurrenceID.parse(item.occurrence).kind for item in draft.items}
    return (
        wish.unit in {"", _unit(draft, states)}
        and wish.to in {"", draft.recipient}
        and (not wish.kind or wish.kind in kinds)
    )


def _at(drafts: Iterable[Mail], wish: ForecastRequest) -> list[Mail]:
    """Return the mails of one month or week, where the reader chose one."""
    return [draft for draft in drafts if wish.on in {"", month_key(draft.day), week_key(draft.day)}]


def _sentence(shown: list[Mail], lang: Lang) -> str:
    if not shown:
        return say(lang, "forecast.none")
    (year, month), _ = Counter((draft.day.year, draft.day.month) for draft in shown).most_common(1)[0]
    busiest = month_name(date(year, month, 1), lang)
    return say(lang, "forecast.sentence", n=len(shown), months=MONTHS, busiest=busiest)


def _lede(shown: list[Mail], window: Span, lang: Lang) -> str:
    people = say(lang, "forecast.readers", n=len({draft.recipient for draft in shown}))
    return say(lang, "forecast.lede", days=dates.span(window.first, window.last, lang), readers=people)


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


def _heat(
    shown: list[Mail],
    states: Mapping[str, ProgrammeState],
    columns: tuple[Column, ...],
    wish: ForecastRequest,
    lang: Lang,
) -> Heat:
    keys = {column.key for column in columns}
    if wish.by == "weeks":
        found = [(draft.recipient, week_key(draft.day)) for draft in shown]
        names = {draft.recipient: (draft.recipient, _who(draft, states, lang)) for draft in shown}
    else:
        found = [(_unit(draft, states), month_key(draft.day)) for draft in shown]
        names = {_unit(draft, states): (_unit_name(draft, states, lang), "") for draft in shown}
    return heat(columns, names, [pair for pair in found if pair[1] in keys])


def _unit_name(draft: Mail, states: Mapping[str, ProgrammeState], lang: Lang) -> str:
    key = _unit(draft, states)
    for state in states.values():
        if key in state.programme.organisation_by_key:
            return state.programme.organisation_by_key[key].name.get(lang)
    return draft.recipient


def _who(draft: Mail, states: Mapping[str, ProgrammeState], lang: Lang) -> str:
    contact = contact_of(states, draft.recipient, draft.day)
    role = shared.role(lang, contact.role) if contact else ""
    return ", ".join(part for part in (_unit_name(draft, states, lang), role) if part)


def _units(drafts: Iterable[Mail], states: Mapping[str, ProgrammeState], lang: Lang) -> list[tuple[str, str]]:
    names = {_unit(draft, states): _unit_name(draft, states, lang) for draft in drafts}
    return sorted(names.items(), key=lambda pair: pair[1].casefold())


def _day_forecast_view(mails: list[Mail], states: Mapping[str, ProgrammeState], lang: Lang) -> ForecastDay:
    on = dates.named_day(mails[0].day, lang)
    title = say(lang, "forecast.day", n=len(mails), on=f"{on[:1].upper()}{on[1:]}")
    return ForecastDay(title, tuple(_mail(draft, states, lang) for draft in mails))


def _mail(draft: Mail, states: Mapping[str, ProgrammeState], lang: Lang) -> ForecastMail:
    items = tuple(_item(item, states, lang) for item in draft.items if _of(item) in states)
    return ForecastMail(draft.recipient, _who(draft, states, lang), shared.letter(lang, draft.kind), items)


def _item(item: MailItem, states: Mapping[str, ProgrammeState], lang: Lang) -> str:
    row = states[_of(item)].occurrences.get(item.occurrence)
    if row is None:
        what = shared.stage(lang, item.stage, 0)
        return f"{what[:1].upper()}{what[1:]} {dates.short(_day_of(item), lang)}"
    what = shared.kind(lang, row.kind)
    return f"{what[:1].upper()}{what[1:]} {dates.short(row.due, lang)}: {row.title.get(lang)}"


def _day_of(item: MailItem) -> date:
    """Return the meeting's day, or that on which a calendar was asked for: they are in the item's name."""
    return date.fromisoformat(item.occurrence[-10:])


def _item_cells(
    item: MailItem, states: Mapping[str, ProgrammeState], lang: Lang
) -> tuple[str, str, date, str, str]:
    row = states[_of(item)].occurrences.get(item.occurrence)
    if row is None:
        return "", shared.stage(lang, item.stage, 0), _day_of(item), item.stage, item.reason
    return row.id.action, row.title.get(lang), row.due, item.stage, item.reason


# -- The forecast: every mail of the coming twelve months, before any of it goes (design: pages


class ForecastPages:
    """The endpoints of the forecast."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/forecast", self.page), Route("/forecast.{form:str}", self.table)]

    def page(self, request: Request) -> Response:
        """Answer for ``/forecast``."""
        if refused := refuse_request(self.site, request):
            return refused
        standing, lang = self._standing(request), self.site.visitor(request).lang
        drafts, wish = self._drafts(), _wish(request)
        first = [draft for draft in drafts if draft.day == drafts[0].day]
        return self.site.page(
            request,
            "forecast.html",
            view=view(drafts, _worlds(standing), self.site.library.today(), wish, lang),
            wish=wish,
            kinds=KINDS,
            held=standing.book.row.held,
            first=(dates.in_sentence(first[0].day, lang), len(first)) if first else None,
            over=self._over(drafts, lang),
        )

    def table(self, request: Request) -> Response:
        """Answer for ``/forecast.csv`` and ``/forecast.xlsx``: all items, whatever the page filters."""
        if refused := refuse_request(self.site, request):
            return refused
        standing, lang = self._standing(request), self.site.visitor(request).lang
        made = forecast_sheet(self._drafts(), _worlds(standing), lang)
        if request.path_params["form"] == "xlsx":
            return as_file(as_xlsx([made], self.site.service.clock()), XLSX_TYPE, "forecast.xlsx")
        return as_file(as_csv(made), CSV_TYPE, "forecast.csv")

    def _standing(self, request: Request) -> CurrentState:
        with self.site.library.read() as connection:
            book = self.site.book(connection, self.site.visitor(request))
            return self.site.library.standing(connection, book)

    def _drafts(self) -> tuple[Mail, ...]:
        with self.site.library.read() as connection:
            state = delivery_log.state(connection)
        return _kept(CacheKeySite(self.site), (state, self.site.library.today()))

    def _over(self, drafts: tuple[Mail, ...], lang: Lang) -> str:
        """Say on which day more would go than one run may send (MAIL_CAP), nothing where none is."""
        settings = self.site.service.settings
        counts: dict[date, int] = {}
        for draft in drafts:
            counts[draft.day] = counts.get(draft.day, 0) + 1
        over = [(day, n) for day, n in counts.items() if n > settings.mail_cap]
        if not over or not settings.smtp_url:
            return ""
        day, n = over[0]
        return say(lang, "forecast.over-text", on=dates.in_sentence(day, lang), n=n, cap=settings.mail_cap)


@lru_cache(maxsize=2)
def _kept(asked: CacheKeySite, state: tuple[object, date]) -> tuple[Mail, ...]:
    with asked.site.library.read() as connection:
        return tuple(forecast_window(connection, window_of(state[1])))


def _worlds(standing: CurrentState) -> dict[str, ProgrammeState]:
    return {standing.book.programme.key: standing.state}


def _wish(request: Request) -> ForecastRequest:
    query = request.query_params
    return ForecastRequest(
        unit=query.get("u", ""),
        to=query.get("to", ""),
        kind=query.get("k", ""),
        on=query.get("on", ""),
        by="weeks" if query.get("by") == "weeks" else "months",
        first=_day(query.get("from", "")),
        whole="all" in query,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# -- What a change does to the mails to come, in words, for the page that asks before it saves.

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class DifferencePart:
    """One way in which mails change: how many, the first few, how many more."""

    title: str
    lines: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """The sentence, then the parts that are not empty."""

    sentence: str
    parts: tuple[DifferencePart, ...]


def difference_view(found: Difference, lang: Lang) -> DifferenceView:
    """Return a difference in words."""
    kinds = (
        ("added", found.added),
        ("removed", found.removed),
        ("changed", tuple(after for _, after in found.changed)),
    )
    sentence = (
        say(lang, "forecast.difference.sentence", n=found.count)
        if found.count
        else say(lang, "forecast.difference.none")
    )
    return DifferenceView(sentence, tuple(_part(name, drafts, lang) for name, drafts in kinds if drafts))


def _part(name: str, drafts: tuple[Mail, ...], lang: Lang) -> DifferencePart:
    left = len(drafts) - MOST
    return DifferencePart(
        say(lang, f"forecast.difference.{name}", n=len(drafts)),
        tuple(_lines(drafts[:MOST], lang)),
        say(lang, "forecast.difference.more", n=left) if left > 0 else "",
    )


def _lines(drafts: Iterable[Mail], lang: Lang) -> Iterable[str]:
    for draft in drafts:
        on = dates.in_table(draft.day, lang)
        yield say(lang, "forecast.difference.line", on=on, to=draft.recipient)
