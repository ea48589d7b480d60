"""What subscribers must see of a series after edits, worked out here alone: lists of days, plain arithmetic.

Nothing of the product is imported. A series is a row of parts; each has the days that its rule gives, what is
usual for them, and what people changed of single ones. An edit gives a new series; the old one stays as it
was, so that it can be taken back up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

HELSINKI: Final = ZoneInfo("Europe/Helsinki")
SHOWN_FOR: Final = timedelta(days=60)
"""So long a cancelled date stands in calendars after its day."""
WORDS: Final = {"TENTATIVE": "{} (alustava aika)", "CONFIRMED": "{}", "CANCELLED": "PERUTTU: {}"}


class Seen(NamedTuple):
    """A date as a calendar shows it: a day or an instant in UTC, the exclusive end, title, status."""

    start: str
    end: str
    summary: str
    status: str


@dataclass(frozen=True)
class Usual:
    """What holds for every date of a part that nobody changed.

    ``at`` None: the whole day; an empty title: the name that the action has.
    """

    at: time | None = None
    minutes: int = 0
    status: str = "TENTATIVE"
    title: str = ""


@dataclass(frozen=True)
class Own:
    """What people said of one date; None is as usual."""

    day: date | None = None
    at: time | None = None
    minutes: int | None = None
    cancelled: bool = False


@dataclass(frozen=True)
class Part:
    """Days of a rule; ``own`` by the day that the rule gives.

    Of a ``frequent`` one (more than monthly) nobody is told of a date while it is assumed.
    """

    days: tuple[date, ...]
    usual: Usual
    own: Mapping[date, Own] = field(default_factory=dict)
    frequent: bool = False

    @property
    def told(self) -> tuple[date, ...]:
        """The days of the rule that subscribers are told of."""
        if self.frequent and self.usual.status == "TENTATIVE":
            return tuple(on for on in self.days if on in self.own)
        return self.days

    def day_of(self, on: date) -> date:
        """Return the day on which a date stands."""
        own = self.own.get(on)
        return (own.day if own else None) or on

    def status_of(self, on: date) -> str:
        """Return the status of a date; whoever changed one has confirmed it."""
        own = self.own.get(on)
        if self.usual.status == "CANCELLED" or (own and own.cancelled):
            return "CANCELLED"
        return "CONFIRMED" if own else self.usual.status

    def seen(self, on: date, name: str) -> Seen:
        """Return a date as it is shown, of an action with this name."""
        own, day, status = self.own.get(on) or Own(), self.day_of(on), self.status_of(on)
        at = own.at or self.usual.at
        summary = WORDS[status].format(self.usual.title or name)
        if at is None:
            return Seen(day.isoformat(), (day + timedelta(days=1)).isoformat(), summary, status)
        minutes = self.usual.minutes if own.minutes is None else own.minutes
        begins = datetime.combine(day, at, HELSINKI)
        ends = datetime.combine(day, at) + timedelta(minutes=minutes)
        return Seen(instant(begins), instant(ends.replace(tzinfo=HELSINKI)), summary, status)

    def only(self, days: Iterable[date]) -> Part:
        """Return the part with some of its days."""
        kept = tuple(days)
        return replace(self, days=kept, own={on: one for on, one in self.own.items() if on in kept})


Series = tuple[Part, ...]


def instant(moment: datetime) -> str:
    """Return an instant in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def weekly(first: date, until: date, weekday: int, interval: int = 1) -> tuple[date, ...]:
    """Return a weekday of every week, or every so many, from the first on or after ``first``."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    return tuple(
        day + timedelta(weeks=week)
        for week in range(0, (until - day).days // 7 + 1, interval)
        if day <= until
    )


def monthly(first: date, until: date, weekday: int, nth: int) -> tuple[date, ...]:
    """Return the nth weekday (-1: the last) of every month."""
    found = []
    for month in range(first.year * 12 + first.month - 1, until.year * 12 + until.month):
        start = date(month // 12, month % 12 + 1, 1)
        own = [start + timedelta(days=n) for n in range(31)]
        own = [day for day in own if day.month == start.month and day.weekday() == weekday]
        found.append(own[nth - 1 if nth > 0 else nth])
    return tuple(day for day in found if first <= day <= until)


def open_days(days: Iterable[date]) -> tuple[date, ...]:
    """Return the days that a rule may give: none on a feast, in July or about Christmas.

    Of the Wednesdays and second Thursdays of 2023 and 2024 one each is Ascension Day, the sixth of December
    and the first of May; of 2025 and 2026 all feasts that are no weekend and not about Christmas.
    """
    feasts = {date(2024, 5, 9), date(2023, 12, 6), date(2024, 5, 1)}
    feasts |= {date(2025, month, day) for month, day in ((4, 18), (4, 21), (5, 1), (5, 29), (6, 20))}
    feasts |= {date(2026, month, day) for month, day in ((4, 3), (4, 6), (5, 1), (5, 14), (6, 19))}

    def is_quiet(day: date) -> bool:
        return day.month == 7 or (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 6)

    return tuple(day for day in days if not is_quiet(day) and day not in feasts)


def seen(series: Series, name: str) -> Iterator[Seen]:
    """Yield all dates of a series as they are shown, of an action with this name."""
    for part in series:
        yield from (part.seen(on, name) for on in part.told)


def on_dates(series: Series, since: date) -> list[tuple[int, date]]:
    """Return (part, day of the rule) of the dates that stand on or after a day and are not cancelled."""
    return [
        (number, on)
        for number, part in enumerate(series)
        for on in part.told
        if part.day_of(on) >= since and part.status_of(on) != "CANCELLED"
    ]


def changed(series: Series, number: int, on: date, own: Own | None) -> Series:
    """Return the series with one date changed, or (None) as its rule has it."""
    part = series[number]
    others = {day: one for day, one in part.own.items() if day != on}
    made = replace(part, own=others | ({on: own} if own else {}))
    return (*series[:number], made, *series[number + 1 :])


def cancelled(series: Series, number: int, on: date) -> Series:
    """Return the series with a date cancelled where it stands, moved or not (calendar.md, point 17)."""
    own = series[number].own.get(on) or Own()
    return changed(series, number, on, replace(own, cancelled=True))


@dataclass(frozen=True)
class Ahead:
    """What an edit reaches of a series: days of its rule from ``since`` on that have not been yet."""

    rule_days: frozenset[date]
    since: date
    today: date

    def reaches(self, part: Part, on: date) -> bool:
        """Tell whether a date is another one after the edit."""
        return on in self.rule_days and on >= self.since and part.day_of(on) >= self.today


def from_day(series: Series, ahead: Ahead, usual: Usual, days: Iterable[date] | None = None) -> Series:
    """Return the series with another time or rule where an edit reaches; None: on the days that it has.

    What people changed of single dates holds where the rule still has them.
    """
    stays = tuple(part.only(on for on in part.days if not ahead.reaches(part, on)) for part in series)
    taken = {on for part in stays for on in part.days if on in ahead.rule_days}
    touched = [(part, on) for part in series for on in part.days if ahead.reaches(part, on)]
    own = {on: part.own[on] for part, on in touched if on in part.own}
    wanted = [on for _, on in touched] if days is None else [day for day in days if day >= ahead.since]
    frequent = any(part.frequent for part, _ in touched)
    after = Part(tuple(sorted(on for on in wanted if on not in taken)), usual, own, frequent)
    return (*stays, after.only(after.days))


def cancelled_from(series: Series, ahead: Ahead) -> Series:
    """Return the series with all dates cancelled that an edit reaches, each where it stands."""
    found = []
    for part in series:
        reached = [on for on in part.told if ahead.reaches(part, on)]
        own = {on: replace(part.own.get(on) or Own(), cancelled=True) for on in reached}
        found.append(replace(part, own={**part.own, **own}))
    return tuple(found)


def taken_up(now: Series, then: Series, today: date) -> Series:
    """Return the series as it was: what has been stays as it is, from ``today`` on all is as it was.

    A date has been by its rule or where it stands: it is held once, wherever it was moved over ``today``.
    """
    past = tuple(
        part.only(on for on in part.days if on < today or (on in part.told and part.day_of(on) < today))
        for part in now
    )
    been = {on for part in past for on in part.told}
    ahead = tuple(
        part.only(on for on in part.days if on >= today and on not in been and part.day_of(on) >= today)
        for part in then
    )
    return (*past, *ahead)


def ended(series: Series, last: date) -> Series:
    """Return the series of an action that has ended: later dates are cancelled, assumed ones have gone."""
    found = []
    for part in series:
        later = [on for on in part.days if part.day_of(on) > last]
        gone = {on for on in later if part.status_of(on) == "TENTATIVE"}
        own = {on: replace(part.own.get(on) or Own(), cancelled=True) for on in later if on not in gone}
        kept = replace(part, own={**part.own, **own})
        found.append(kept.only(on for on in part.days if on not in gone))
    return tuple(found)


def without_old(series: Series, today: date) -> Series:
    """Return the series without what was cancelled and is over for sixty days (calendar.md, point 10)."""
    before = today - SHOWN_FOR
    return tuple(
        part.only(on for on in part.days if part.status_of(on) != "CANCELLED" or part.day_of(on) >= before)
        for part in series
    )


@dataclass(frozen=True)
class Obligations:
    """The deadline and the reviews of an action: the day and status of each by its name."""

    days: Mapping[str, tuple[date, str]]

    @classmethod
    def of(cls, first: int, last: int) -> Obligations:
        """Return those of a range of years: ready at its end, a review in October of each year before it."""
        reviews = {str(year): (date(year, 10, 31), "CONFIRMED") for year in range(first, last)}
        return cls({"end": (date(last, 12, 31), "CONFIRMED"), **reviews})

    def corrected(self, wanted: Obligations, today: date) -> Obligations:
        """Return them with another range: what has been stays, what is not to be any more is cancelled.

        A review that was cancelled on its day has not been, whatever the new range says of it; the deadline
        is one and moves.
        """
        now = {name: one for name, one in wanted.days.items() if one[0] >= today or name == "end"}
        left = {
            name: (day, status if day < today else "CANCELLED")
            for name, (day, status) in self.days.items()
            if name not in now
        }
        return replace(self, days={**left, **now})

    def without_old(self, today: date) -> Obligations:
        """Return them without what was cancelled and is over for sixty days."""
        before = today - SHOWN_FOR
        kept = {key: one for key, one in self.days.items() if one[1] != "CANCELLED" or one[0] >= before}
        return replace(self, days=kept)

    def seen(self, name: str) -> Iterator[Seen]:
        """Yield them as they are shown, of an action with this name."""
        for key, (day, status) in self.days.items():
            summary = f"{'Määräaika' if key == 'end' else 'Tilannekatsaus'}: {name}"
            ends = day + timedelta(days=1)
            yield Seen(day.isoformat(), ends.isoformat(), WORDS[status].format(summary), status)
