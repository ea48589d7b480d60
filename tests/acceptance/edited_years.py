"""A year of what people do to event series, made by a seed: each step through the service, and in the model.

The model (``expected_dates``) is told what was done in the words of whoever did it, and knows nothing of how
the service keeps it. A step is chosen of what can be done on the day; what was done is said for whoever reads
why the test failed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from reminders.planning.links import Links, Purpose, SeriesYear
from reminders.service import Service
from reminders.store import people, programmes, series as stored_series
from reminders.use.answers.record import AnswerGiven, approve_proposal, pending_proposals, record_answer
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.series.action_series import series_of
from reminders.use.series.edits import NEW, Edit
from reminders.use.series.saves import restore_version, save_series
from reminders.use.series.year_dates import YearDates, set_year_dates
from reminders.use.tick import tick
from schedule_rules.edited_series import dates_of
from schedule_rules.programme import DateChange, EditedSeries, Programme, Text
from tests.acceptance import expected_dates as model
from tests.acceptance.expected_dates import Ahead, Obligations, Own, Part, Seen, Series, Usual

KEY: Final = "vaasa-2023-2026"
SECRETARY: Final = "board-secretary@vaasa.example"
UNIT: Final = "welfare-unit-contact@vaasa.example"
CAFE, SCHOOL = "social-cultural-cafe", "children-family-school"
FARM, LETTER, VISITS, DEADLINE = (
    "social-urban-farming", "health-newsletter", "education-workplace-visits", "education-tiitus",
)  # fmt: skip
ACTIONS: Final = (CAFE, SCHOOL, FARM, LETTER, VISITS, DEADLINE, "follow-up-data-collection")
"""What the programme of an edited year consists of."""
STARTS: Final = datetime(2024, 12, 2, 9, tzinfo=ZoneInfo("Europe/Helsinki"))
ENDS: Final = date(2026, 12, 31)
TIMES: Final = (time(9), time(13, 30), time(17), time(18, 15))
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR")


class Clock:
    """The day and hour that the service believes in; it goes a minute on with every look."""

    def __init__(self) -> None:
        """Begin on the first day."""
        self.now = STARTS

    def __call__(self) -> datetime:
        """Tell the time."""
        self.now += timedelta(minutes=1)
        return self.now

    @property
    def today(self) -> date:
        """The day."""
        return self.now.date()

    def next_day(self, days: int) -> None:
        """Go some days on, to nine in the morning."""
        self.now = datetime.combine(self.today + timedelta(days=days), time(9), self.now.tzinfo)


@dataclass
class EditedYear:
    """The service, the model of each action's series, and what was done.

    ``saves`` are, by action, the numbers of saves and what the series was after each.
    """

    service: Service
    clock: Clock
    chance: random.Random
    series: dict[str, Series] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    obligations: Obligations = field(default_factory=lambda: Obligations.of(2023, 2026))
    saves: dict[str, list[tuple[int, Series]]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    @property
    def programme(self) -> Programme:
        """The programme as it is stored."""
        with self.service.database.read() as connection:
            return programmes.stored_programme(connection, KEY).programme

    def begin(self) -> None:
        """Make four series beside the two that the wording gives; the secretary sets them."""
        for action in (CAFE, SCHOOL, FARM, LETTER, VISITS, DEADLINE):
            self.call(action, f"Nimi {action}")
        usual = Usual(time(17), 120, "CONFIRMED")
        first = self.clock.today
        self.new(FARM, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", first, date(2026, 6, 30), usual,
                 model.weekly(first, date(2026, 6, 30), 1, 2))  # fmt: skip
        self.new(VISITS, "FREQ=MONTHLY;BYDAY=-1WE", first, ENDS, usual, model.monthly(first, ENDS, 2, -1))
        days = (date(2025, 1, 15), date(2025, 3, 12), date(2025, 5, 21), date(2025, 9, 10), date(2025, 12, 3))
        self.new(LETTER, "", first, ENDS, Usual(None, 0, "CONFIRMED"), days)
        monthly = model.open_days(model.monthly(date(2023, 1, 1), ENDS, 3, 2))
        self.known(CAFE, Part(monthly, Usual()))
        every_week = model.open_days(model.weekly(date(2023, 1, 1), ENDS, 2))
        self.known(SCHOOL, Part(every_week, Usual(), frequent=True))

    def known(self, action: str, part: Part) -> None:
        """Tell the model of a series that the wording gives: whole days, assumed."""
        self.series[action] = (part,)
        self.saves[action] = []

    def call(self, action: str, name: str) -> None:
        """Give an action a short name."""
        decision = CorrectionDecision(action, "name-fi", name, SECRETARY, programme=KEY)
        correct_action(self.service, decision)
        self.names[action] = name

    def new(
        self, action: str, rule: str, first: date, until: date, usual: Usual, days: tuple[date, ...]
    ) -> None:
        """Add a series of an action."""
        made = EditedSeries(
            action, NEW, first, until, rule, days if not rule else (), usual.at, usual.minutes,
            state="confirmed",
        )  # fmt: skip
        save_series(self.service, Edit(KEY, action, NEW, SECRETARY, series=made))
        part = Part(model.open_days(days) if rule else days, usual, frequent="WEEKLY" in rule)
        self.series[action] = (part,)
        self.saves[action] = []
        self.note(action)

    def note(self, action: str) -> None:
        """Remember the newest save of an action's series, and what it was then."""
        with self.service.database.read() as connection:
            newest = stored_series.series_history(connection, KEY, action)[-1].id
        self.saves[action].append((newest, self.series[action]))

    def step(self) -> str:
        """Do something that can be done, every other time what was not done yet; return what."""
        rare = [name for name in DOINGS if name not in self.done]
        weights = [often for _, often in DOINGS.values()]
        likely = (self.chance.choices(list(DOINGS), weights)[0] for _ in range(1000))
        for doing in chain(rare if self.chance.random() < 0.5 else (), likely):
            if said := DOINGS[doing][0](self):
                self.done.add(doing)
                return f"{self.clock.today} {said}"
        raise AssertionError("nothing can be done any more")

    def expected(self) -> dict[str, list[Seen]]:
        """What subscribers must see, by action."""
        found = {action: sorted(model.seen(one, self.names[action])) for action, one in self.series.items()}
        return found | {DEADLINE: sorted(self.obligations.seen(self.names[DEADLINE]))}

    def unit_link(self, action: str) -> str:
        """Return the address at which the unit that leads an action sees the dates of this year."""
        names = sorted(one.name for one in series_of(self.programme, action))
        subject = f"{KEY}:{self.programme.origin(action)}:event:{names[0]}:{self.clock.today.year}"
        return f"/series/{self._link('series', subject, action)}"

    def waiting_link(self, action: str) -> str:
        """Return the address at which the unit that leads an action sees all that waits for it."""
        return f"/unit/{self._link('unit', '', action)}"

    def _link(self, purpose: Purpose, subject: str, action: str) -> str:
        today = self.clock.today
        with self.service.database.read() as connection:
            contacts = people.contacts_of(connection, KEY)
        leads = self.programme.action_by_id[action].leads_on(today)
        reader = next(one.email for one in contacts if one.organisation in leads and one.role == "contact")
        return Links(self.service.secret).issue(purpose, subject, reader, today + timedelta(days=30))

    # What is needed for the steps.

    def alive(self) -> str:
        """An action whose series go on."""
        return self.chance.choice([one for one in self.series if one not in self.over])

    def ahead(self, action: str) -> tuple[int, date] | None:
        """A date that stands ahead: its part and the day of its rule."""
        today = self.clock.today
        found = [one for one in model.on_dates(self.series[action], today) if one[1] >= today]
        return self.chance.choice(found[:12]) if found else None

    def part(self, action: str, on: date) -> EditedSeries:
        """The service's own part of a series that has the date ``on``."""
        for one in series_of(self.programme, action):
            if any(date_.on == on for date_ in dates_of(one)):
                return one
        raise AssertionError(f"{action} has no date {on} in {series_of(self.programme, action)}")

    def save(self, action: str, name: str, **what: object) -> None:
        """Save an edit."""
        save_series(self.service, Edit(KEY, action, name, SECRETARY, **what))  # type: ignore[arg-type]

    # The steps: each returns what it did, nothing where it could not.

    def move(self) -> str:
        """Move a date to another day, or to another time of its day."""
        action = self.alive()
        if not (found := self.ahead(action)):
            return ""
        number, on = found
        part = self.series[action][number]
        day = part.day_of(on) + timedelta(days=self.chance.choice((-2, -1, 0, 1, 2, 9)))
        taken = {one.day_of(other) for one in self.series[action] for other in one.days if other != on}
        if day < self.clock.today or day in taken:
            return ""
        at = self.chance.choice(TIMES)
        minutes = self.chance.choice((45, 60, 90))
        change = DateChange(on, day, at, minutes)
        self.save(action, self.part(action, on).name, change=change)
        self.series[action] = model.changed(self.series[action], number, on, Own(day, at, minutes))
        self.note(action)
        return f"move {action} {on} to {day} {at:%H:%M}"

    def cancel(self) -> str:
        """Cancel a date, moved or not."""
        action = self.alive()
        if not (found := self.ahead(action)):
            return ""
        number, on = found
        was = self.series[action][number].day_of(on)
        self.save(action, self.part(action, on).name, change=DateChange(on, state="cancelled"))
        self.series[action] = model.cancelled(self.series[action], number, on)
        self.note(action)
        return f"cancel {action} {on}" + (f" which was moved to {was}" if was != on else "")

    def cancel_moved(self) -> str:
        """Cancel a date that was moved."""
        return self._of_moved("cancel")

    def restore(self) -> str:
        """Let a changed date follow its rule again."""
        return self._of_moved("restore")

    def _of_moved(self, doing: str) -> str:
        today, found = self.clock.today, []
        for action in sorted(set(self.series) - self.over):
            for number, part in enumerate(self.series[action]):
                for on, own in part.own.items():
                    wanted = doing == "restore" or (not own.cancelled and own.day not in {None, on})
                    if (
                        wanted
                        and on >= today
                        and part.day_of(on) >= today
                        and part.usual.status != "CANCELLED"
                    ):
                        found.append((action, number, on))
        if not found:
            return ""
        action, number, on = self.chance.choice(found)
        name, was = self.part(action, on).name, self.series[action][number].day_of(on)
        if doing == "cancel":
            self.save(action, name, change=DateChange(on, state="cancelled"))
            self.series[action] = model.cancelled(self.series[action], number, on)
        else:
            taken = [one.day_of(x) for one in self.series[action] for x in one.days if x != on]
            if on in taken:
                return ""
            self.save(action, name, restore=on)
            self.series[action] = model.changed(self.series[action], number, on, None)
        self.note(action)
        return f"{doing} {action} {on}, which stood on {was}"

    def this_and_later(self) -> str:
        """Another time, another rule, or the end of it, from a date on."""
        action = self.alive()
        if not (found := self.ahead(action)):
            return ""
        return self._other_from(action, found[1], found[1])

    def whole(self) -> str:
        """Another time or rule for the whole series: what has been stays as it was."""
        action, today = self.alive(), self.clock.today
        later = [on for part in self.series[action] for on in part.days if on >= today]
        return self._other_from(action, self.chance.choice(later[:12]), None) if later else ""

    def _reach(self, old: EditedSeries, since: date) -> Ahead:
        """What an edit of one of the service's series from a day on reaches."""
        days = frozenset(one.on for one in dates_of(old))
        return Ahead(days, since, self.clock.today)

    def _other_from(self, action: str, on: date, at: date | None) -> str:
        """Change the series that has the date ``on`` from ``at`` on; None: all that has not been."""
        now, old, since = self.series[action], self.part(action, on), at or self.clock.today
        reach = self._reach(old, since)
        touched = [(part, day) for part in now for day in part.days if reach.reaches(part, day)]
        if not any(part.status_of(day) != "CANCELLED" for part, day in touched):
            return ""
        part = touched[0][0]
        what = self.chance.choice(("time", "time", "rule", "cancel"))
        if what == "cancel":
            told = [day for part in now for day in part.told if day in reach.rule_days]
            if at is None or not any(day < at for day in told):
                return ""
            self.save(action, old.name, series=replace(old, state="cancelled"), at=at)
            self.series[action] = model.cancelled_from(now, reach)
            self.note(action)
            return f"cancel {action} from {at} on"
        minutes = self.chance.choice((60, 120))
        usual = replace(part.usual, at=self.chance.choice(TIMES), minutes=minutes, status="CONFIRMED")
        made = replace(old, at=usual.at, minutes=usual.minutes, state="confirmed")
        days: tuple[date, ...] | None = None
        if what == "rule" and old.rrule:
            rule, days = self._rule(old, max(since, old.first))
            stay = {part.day_of(day) for part in now for day in part.days if not reach.reaches(part, day)}
            if not days or stay.intersection(days):
                return ""
            made = replace(made, rrule=rule, first=max(since, old.first), months_off=(7,))
        self.save(action, old.name, series=made, at=at)
        self.series[action] = model.from_day(now, reach, usual, days)
        self.note(action)
        scope = f"from {at}" if at else "whole"
        return f"{scope}: {action} {what} {made.rrule or 'dates'} at {usual.at}"

    def _rule(self, old: EditedSeries, begins: date) -> tuple[str, tuple[date, ...]]:
        """Another rule for a series, not in July, and its days."""
        weekday = self.chance.randrange(5)
        if "MONTHLY" in old.rrule:
            nth = self.chance.choice((1, 2, -1))
            days = model.monthly(begins, old.until, weekday, nth)
            return f"FREQ=MONTHLY;BYDAY={nth}{WEEKDAYS[weekday]}", model.open_days(days)
        days = model.weekly(begins, old.until, weekday)
        return f"FREQ=WEEKLY;BYDAY={WEEKDAYS[weekday]}", model.open_days(days)

    def take_up(self) -> str:
        """Take an earlier version back up, as a whole family."""
        action, today = self.alive(), self.clock.today
        if len(self.saves[action]) < 2:
            return ""
        number, then = self.chance.choice(self.saves[action][:-1])
        restore_version(self.service, KEY, number, SECRETARY)
        self.series[action] = model.taken_up(self.series[action], then, today)
        self.note(action)
        return f"take save {number} of {action} back up"

    def by_unit(self) -> str:
        """The unit confirms the rule, with a time, for the year."""
        return self._unit(named=False)

    def dates_by_unit(self) -> str:
        """The unit names the dates of the year; the years after stay as they were."""
        return self._unit(named=True)

    def _unit(self, *, named: bool) -> str:
        today = self.clock.today
        found = [
            (action, part, on)
            for action in sorted(set(self.series) - self.over)
            for part in self.series[action]
            for on in part.days
            if part.usual.status == "TENTATIVE" and on >= today and on.year == today.year
            if part.status_of(on) != "CANCELLED"
        ]
        if not found:
            return ""
        action, part, on = self.chance.choice(found)
        old, year = self.part(action, on), today.year
        at, minutes = self.chance.choice(TIMES), 90
        usual = replace(part.usual, at=at, minutes=minutes, status="CONFIRMED")
        made = replace(old, at=at, minutes=minutes, state="confirmed")
        days, reach = None, self._reach(old, today)
        if named:
            left = [today + timedelta(days=n) for n in range((date(year, 12, 31) - today).days + 1)]
            days = tuple(sorted(self.chance.sample(left, k=min(3, len(left)))))
            made = replace(made, rrule="", dates=days)
        now, year_of = self.series[action], SeriesYear(action, old.name, year)
        set_year_dates(self.service, YearDates(KEY, year_of, made, today, UNIT))
        after = model.from_day(now, reach, usual, days)
        if named:  # the years after keep the rule, and are asked for in turn
            rest = Part(tuple(on for on in part.days if on.year > year), part.usual, part.own, part.frequent)
            after = (*after, rest.only(rest.days))
        self.series[action] = after
        self.note(action)
        return f"{action} by its unit for {year}: {[str(day) for day in days or ()] or 'rule'} at {at}"

    def rename(self) -> str:
        """Give a series a title of its own, from today on."""
        action, today = self.alive(), self.clock.today
        if not (found := self.ahead(action)):
            return ""
        number, on = found
        part, old = self.series[action][number], self.part(action, on)
        title = self.chance.choice(("Avoin ilta", "Yhteinen iltapäivä", "Tule mukaan; kaikille"))
        self.save(action, old.name, series=replace(old, title=Text(fi=title)))
        usual = replace(part.usual, title=title)
        self.series[action] = model.from_day(self.series[action], self._reach(old, today), usual)
        self.note(action)
        return f"rename {action} {title!r}"

    def name(self) -> str:
        """Give an action another short name, for all its dates."""
        action = self.chance.choice([*self.series])
        name = self.chance.choice(("Ilta, talossa", "Päivä; pihalla", "Lyhyt nimi"))
        self.call(action, name)
        return f"name {action} {name!r}"

    def hand_over(self) -> str:
        """Hand an action over to another unit; no date of it changes."""
        action, today = self.alive(), self.clock.today
        programme = self.programme
        giver = programme.action_by_id[action].leads_on(today)[0]
        taker = self.chance.choice(
            [one for one in ("welfare-unit", "alma", "basic-education") if one != giver]
        )
        if taker in programme.action_by_id[action].leads_on(date(2030, 1, 1)):
            return ""
        hand_over(self.service, HandOver(KEY, giver, taker, today, (action,), SECRETARY))
        return f"hand {action} over from {giver} to {taker}"

    def correct(self) -> str:
        """Correct the schedule of an action with a deadline."""
        first, last = self.chance.choice(((2024, 2026), (2025, 2026), (2023, 2026), (2024, 2025)))
        words, wanted, today = f"{first}–{last}", Obligations.of(first, last), self.clock.today
        correct_action(
            self.service, CorrectionDecision(DEADLINE, "schedule", words, SECRETARY, programme=KEY)
        )
        self.obligations = self.obligations.corrected(wanted, today)
        return f"correct the schedule of {DEADLINE} to {words}"

    def end(self) -> str:
        """End an action: its unit says so, the secretary approves."""
        if VISITS in self.over or self.clock.today < date(2025, 5, 1):
            return ""
        record_answer(self.service, AnswerGiven(f"{KEY}:{VISITS}:review:2024", "done", ended=True))
        with self.service.database.read() as connection:
            (proposal,) = pending_proposals(connection, KEY)
        approve_proposal(self.service, proposal.answer_id, SECRETARY)
        self.over.add(VISITS)
        self.series[VISITS] = model.ended(self.series[VISITS], self.clock.today)
        return f"end {VISITS}"

    def with_time(self, old: EditedSeries, at: time) -> EditedSeries:
        """Return a series at another time of day."""
        return replace(old, at=at, minutes=60)

    def leads(self, organisation: str) -> bool:
        """Tell whether an organisation has anything to do in the programme."""
        return organisation in self.programme.lead_organisations()

    def tick_on(self, days: int) -> None:
        """Let days pass, and the service notice."""
        self.clock.next_day(days)
        tick(self.service, accept_clock=True)

    def tick(self) -> str:
        """Some days pass."""
        self.tick_on(self.chance.randint(6, 24))
        today = self.clock.today
        self.series = {action: model.without_old(one, today) for action, one in self.series.items()}
        self.obligations = self.obligations.without_old(today)
        return "tick"


DOINGS: Final[dict[str, tuple[Callable[[EditedYear], str], int]]] = {
    "unit": (EditedYear.by_unit, 1),
    "unit-dates": (EditedYear.dates_by_unit, 1),
    "move": (EditedYear.move, 4),
    "cancel": (EditedYear.cancel, 3),
    "cancel-moved": (EditedYear.cancel_moved, 2),
    "restore": (EditedYear.restore, 2),
    "later": (EditedYear.this_and_later, 3),
    "whole": (EditedYear.whole, 2),
    "take-up": (EditedYear.take_up, 3),
    "rename": (EditedYear.rename, 1),
    "name": (EditedYear.name, 1),
    "hand-over": (EditedYear.hand_over, 1),
    "correct": (EditedYear.correct, 1),
    "end": (EditedYear.end, 1),
    "tick": (EditedYear.tick, 14),
}
"""What can be done, and how often of all it is."""
