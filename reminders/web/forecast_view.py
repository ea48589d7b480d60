"""The forecast as its page shows it: sentence, heat map, days with their mails. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal

from email_templates import dates
from email_templates import words as shared
from reminders.due import World
from reminders.gather import Draft, MailItem, contact_of
from reminders.spreadsheet import Sheet
from reminders.web.forecast_columns import (
    MONTHS,
    WEEKS,
    first_week,
    month_key,
    month_name,
    months,
    shifted,
    week_key,
    weeks,
    window_of,
)
from reminders.web.heat import Column, Heat, heat
from reminders.web.words import say
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Lang
from schedule_rules.workdays import Workdays

_NEAR: Final = 5
KINDS: Final = ("milestone", "review", "collection", "event", "start")

By = Literal["months", "weeks"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader wants to see: one unit or address, one kind of item, one stretch, months or weeks."""

    unit: str = ""
    to: str = ""
    kind: str = ""
    on: str = ""
    by: By = "months"
    first: date | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to be: to whom, in which role, what kind of mail, its items in words."""

    to: str
    who: str
    kind: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day's mails."""

    title: str
    mails: tuple[Mail, ...]


@dataclass(frozen=True, slots=True)
class View:
    """All that the page says."""

    sentence: str
    lede: str
    pattern: str
    heat: Heat
    days: tuple[Day, ...]
    more: int
    units: tuple[tuple[str, str], ...]
    earlier: str
    later: str


def view(drafts: Iterable[Draft], worlds: Mapping[str, World], today: date, wish: Wish, lang: Lang) -> View:
    """Return the page's values; ``worlds`` are of the programmes that are shown."""
    own = [
        draft for draft in drafts if any(_of(item) in worlds for item in draft.items) or draft.board in worlds
    ]
    shown = [draft for draft in own if _wanted(draft, worlds, wish)]
    workdays = next(iter(worlds.values())).workdays
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
        heat=_heat(shown, worlds, columns, wish, lang),
        days=tuple(_day(mails, worlds, lang) for mails in near),
        more=sum(map(len, days)) - sum(map(len, near)),
        units=tuple(_units(own, worlds, lang)),
        earlier=shifted(begin, -WEEKS, window),
        later=shifted(begin, WEEKS, window),
    )


def sheet(drafts: Iterable[Draft], worlds: Mapping[str, World], lang: Lang) -> Sheet:
    """Return the forecast as a table, a row for each item of each mail."""
    names = ("date", "to", "unit", "language", "kind", "action", "item", "due", "stage", "reason")
    rows = [
        (
            draft.day,
            draft.recipient,
            _unit_name(draft, worlds, lang),
            draft.language,
            shared.letter(lang, draft.kind),
            *_item_cells(item, worlds, lang),
        )
        for draft in drafts
        for item in draft.items
        if _of(item) in worlds
    ]
    return Sheet(
        say(lang, "forecast.title"),
        tuple(say(lang, f"forecast.column.{name}") for name in names),
        tuple(rows),
    )


def _of(item: MailItem) -> str:
    return item.occurrence.partition(":")[0]


def _unit(draft: Draft, worlds: Mapping[str, World]) -> str:
    contact = contact_of(worlds, draft.recipient, draft.day)
    return contact.organisation if contact else ""


def _wanted(draft: Draft, worlds: Mapping[str, World], wish: Wish) -> bool:
    kinds = {OccurrenceID.parse(item.occurrence).kind for item in draft.items}
    return (
        wish.unit in {"", _unit(draft, worlds)}
        and wish.to in {"", draft.recipient}
        and (not wish.kind or wish.kind in kinds)
    )


def _at(drafts: Iterable[Draft], wish: Wish) -> list[Draft]:
    """Return the mails of one month or week, where the reader chose one."""
    return [draft for draft in drafts if wish.on in {"", month_key(draft.day), week_key(draft.day)}]


def _sentence(shown: list[Draft], lang: Lang) -> str:
    if not shown:
        return say(lang, "forecast.none")
    (year, month), _ = Counter((draft.day.year, draft.day.month) for draft in shown).most_common(1)[0]
    busiest = month_name(date(year, month, 1), lang)
    return say(lang, "forecast.sentence", n=len(shown), months=MONTHS, busiest=busiest)


def _lede(shown: list[Draft], window: Span, lang: Lang) -> str:
    people = say(lang, "forecast.readers", n=len({draft.recipient for draft in shown}))
    return say(lang, "forecast.lede", days=dates.span(window.first, window.last, lang), readers=people)


def _pattern(shown: list[Draft], window: Span, workdays: Workdays, lang: Lang) -> str:
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
    shown: list[Draft], worlds: Mapping[str, World], columns: tuple[Column, ...], wish: Wish, lang: Lang
) -> Heat:
    keys = {column.key for column in columns}
    if wish.by == "weeks":
        found = [(draft.recipient, week_key(draft.day)) for draft in shown]
        names = {draft.recipient: (draft.recipient, _who(draft, worlds, lang)) for draft in shown}
    else:
        found = [(_unit(draft, worlds), month_key(draft.day)) for draft in shown]
        names = {_unit(draft, worlds): (_unit_name(draft, worlds, lang), "") for draft in shown}
    return heat(columns, names, [pair for pair in found if pair[1] in keys])


def _unit_name(draft: Draft, worlds: Mapping[str, World], lang: Lang) -> str:
    key = _unit(draft, worlds)
    for world in worlds.values():
        if key in world.programme.organisation_by_key:
            return world.programme.organisation_by_key[key].name.get(lang)
    return draft.recipient


def _who(draft: Draft, worlds: Mapping[str, World], lang: Lang) -> str:
    contact = contact_of(worlds, draft.recipient, draft.day)
    role = shared.role(lang, contact.role) if contact else ""
    return ", ".join(part for part in (_unit_name(draft, worlds, lang), role) if part)


def _units(drafts: Iterable[Draft], worlds: Mapping[str, World], lang: Lang) -> list[tuple[str, str]]:
    names = {_unit(draft, worlds): _unit_name(draft, worlds, lang) for draft in drafts}
    return sorted(names.items(), key=lambda pair: pair[1].casefold())


def _day(mails: list[Draft], worlds: Mapping[str, World], lang: Lang) -> Day:
    on = dates.named(mails[0].day, lang)
    title = say(lang, "forecast.day", n=len(mails), on=f"{on[:1].upper()}{on[1:]}")
    return Day(title, tuple(_mail(draft, worlds, lang) for draft in mails))


def _mail(draft: Draft, worlds: Mapping[str, World], lang: Lang) -> Mail:
    items = tuple(_item(item, worlds, lang) for item in draft.items if _of(item) in worlds)
    return Mail(draft.recipient, _who(draft, worlds, lang), shared.letter(lang, draft.kind), items)


def _item(item: MailItem, worlds: Mapping[str, World], lang: Lang) -> str:
    row = worlds[_of(item)].occurrences.get(item.occurrence)
    if row is None:
        what = shared.stage(lang, item.stage, 0)
        return f"{what[:1].upper()}{what[1:]} {dates.short(_day_of(item), lang)}"
    what = shared.kind(lang, row.kind)
    return f"{what[:1].upper()}{what[1:]} {dates.short(row.due, lang)}: {row.title.get(lang)}"


def _day_of(item: MailItem) -> date:
    """Return the meeting's day, or that on which a calendar was asked for: they are in the item's name."""
    return date.fromisoformat(item.occurrence[-10:])


def _item_cells(item: MailItem, worlds: Mapping[str, World], lang: Lang) -> tuple[str, str, date, str, str]:
    row = worlds[_of(item)].occurrences.get(item.occurrence)
    if row is None:
        return "", shared.stage(lang, item.stage, 0), _day_of(item), item.stage, item.reason
    return row.id.action, row.title.get(lang), row.due, item.stage, item.reason
