"""What the board adopted: programme, domains, goals, actions, organisations.

Values only, as worded in the document; what the wording *means* is left to ``normalise`` and ``derive``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from typing import Any, Literal, get_args

from schedule_rules.days import MonthDay, Span
from schedule_rules.workdays import DEFAULT_QUIET, QuietPeriod, Workdays, standard_workdays

Lang = Literal["fi", "sv", "en"]

"""A language in which readers are written to."""

LANGUAGES: tuple[Lang, ...] = get_args(Lang)

TextLang = str
"""The code of a language that a programme's texts may be in: a ``Lang``, or another that has a vocabulary."""


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """One text in Finnish, Swedish and English; an absent language is empty.

    ``others`` are the texts in languages that are read, and in which nobody is written to.
    """

    fi: str = ""
    sv: str = ""
    en: str = ""
    others: Mapping[TextLang, str] = field(default_factory=dict, hash=False)

    def __init__(
        self,
        fi: str = "",
        sv: str = "",
        en: str = "",
        others: Mapping[TextLang, str] | str = "",
        **more: str,
    ) -> None:
        """Take texts by the code of their language; ``others`` is how a copy passes them on."""
        both = {**(others if isinstance(others, Mapping) else {}), **more}
        for name, value in (("fi", fi), ("sv", sv), ("en", en), ("others", both)):
            object.__setattr__(self, name, value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:  # noqa: ANN401
        """Store ``others`` only where there are any: what was stored before is equal to what is now."""

        def without_nothing(text: Text, dump: Callable[[Text], dict[str, Any]]) -> dict[str, Any]:
            return {name: value for name, value in dump(text).items() if value or name != "others"}

        return {**handler(source), "serialization": {"type": "function-wrap", "function": without_nothing}}

    def get(self, lang: TextLang) -> str:
        """Return the text in ``lang``, else in the first language that has it."""
        return self.own(lang) or self.fi or self.sv or self.en or next(iter(self.others.values()), "")

    def own(self, lang: TextLang) -> str:
        """Return the text in ``lang``, or nothing."""
        own: str = getattr(self, lang) if lang in LANGUAGES else self.others.get(lang, "")
        return own

    def as_dict(self) -> dict[TextLang, str]:
        """Return ``{lang: text}`` for the languages that have a text."""
        texts: dict[TextLang, str] = {lang: getattr(self, lang) for lang in LANGUAGES}
        texts |= self.others
        return {lang: text for lang, text in texts.items() if text}

    def __bool__(self) -> bool:
        """Tell whether any language has a text."""
        return bool(self.fi or self.sv or self.en or any(self.others.values()))


@dataclass(frozen=True, slots=True)
class Organisation:
    """Somebody who leads or takes part; ``aliases`` are other printed forms, by language."""

    key: str
    type: str
    name: Text
    aliases: Mapping[TextLang, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Domain:
    """A theme of the programme (fi kokonaisuus, sv helhet)."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal under a domain."""

    key: str
    domain: str
    name: Text


@dataclass(frozen=True, slots=True)
class Handover:
    """Responsibility moves on a date, as printed in ``source`` or as the person ``by`` entered it."""

    giver: str
    taker: str
    effective_from: date
    source: Text = Text()
    by: str = ""


CorrectedField = Literal[
    "schedule", "frequency", "leads", "partners", "measures", "accepted", "name-fi", "name-sv", "name-en",
    "title-fi", "title-sv", "title-en", "indicator-fi", "indicator-sv", "indicator-en", "goal", "theme",
    "new-action", "second-action", "no-action", "part-of", "organisation", "party",
]  # fmt: skip


TITLE_FIELDS: Mapping[Lang, CorrectedField] = {"fi": "title-fi", "sv": "title-sv", "en": "title-en"}
INDICATOR_FIELDS: Mapping[Lang, CorrectedField] = {
    "fi": "indicator-fi", "sv": "indicator-sv", "en": "indicator-en",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided about an action, by whom and when.

    ``value`` is a wording that holds instead of the printed one (``schedule``, ``frequency``; nothing: there
    is none), organisation keys with blanks between (``leads``, ``partners``), what values its indicator asks
    for (``measures``; nothing: as its wording proposes), the code of a finding that is accepted as it is
    (``accepted``), or the short name in a language (``name-fi``; nothing: the proposed one).

    In one language, nothing standing for what is printed: the points of the action, a line each
    (``title-fi``), and its indicator (``indicator-fi``). Under which ``goal`` and ``theme`` it stands: a key,
    or a new one with its names ("library = fi: Kirjasto; sv: Biblioteket"). That it stands behind another
    action in the document (``new-action``), or stood in that one (``second-action``), that it is none
    (``no-action``) or part of another one (``part-of``): the other one's id, nothing to take it back.

    Of the programme: key and names of an ``organisation``; which ``party`` stands for which ("culture =
    culture-and-leisure", several with blanks between).
    """

    field: CorrectedField
    value: str
    by: str
    on: date
    note: str = ""

    @property
    def words(self) -> Text:
        """The corrected wording, the same in every language."""
        return Text(self.value, self.value, self.value)


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table: bullets, schedule, responsible cell and indicator as worded."""

    id: str
    goal: str
    bullets: Mapping[TextLang, tuple[str, ...]] = field(hash=False)
    schedule: Text = Text()
    responsible: Text = Text()
    leads: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    handovers: tuple[Handover, ...] = ()
    indicator: Text = Text()
    corrections: tuple[Correction, ...] = ()

    def correction(self, field: CorrectedField) -> Correction | None:
        """Return the newest correction of ``field``."""
        return next((one for one in reversed(self.corrections) if one.field == field), None)

    def printed_words(self, words: Text) -> Text:
        """Return the printed words behind those of a rule: what a correction stands instead of.

        A corrected frequency stands instead of the indicator's; of words that are printed they are the same.
        """
        printed = {"schedule": self.schedule, "frequency": self.indicator}
        own = (printed[one.field] for one in self.corrections if one.field in printed and one.words == words)
        return next(own, words)

    def corrected(self, corrections: tuple[Correction, ...]) -> Action:
        """Return the action with corrections; those of its texts and parties take their place."""
        own = replace(self, corrections=corrections)
        leads, partners = own.correction("leads"), own.correction("partners")
        points, indicator = own.texts_by_people(TITLE_FIELDS), own.texts_by_people(INDICATOR_FIELDS)
        bullets: dict[TextLang, tuple[str, ...]] = {**self.bullets}
        bullets.update((lang, tuple(words.splitlines())) for lang, words in points.items())
        texts = self.indicator.as_dict()
        texts.update(indicator.items())
        return replace(
            own,
            bullets=bullets,
            indicator=Text(**texts),
            leads=tuple(leads.value.split()) if leads else self.leads,
            partners=tuple(partners.value.split()) if partners else self.partners,
        )

    def texts_by_people(self, fields: Mapping[Lang, CorrectedField]) -> dict[Lang, str]:
        """Return what people wrote instead of a text, by language."""
        made = {lang: self.correction(name) for lang, name in fields.items()}
        return {lang: one.value for lang, one in made.items() if one and one.value}

    def handed_over(self, moves: tuple[Handover, ...]) -> Action:
        """Return the action with hand-overs beside the printed ones, in order of their dates."""
        both = sorted((*self.handovers, *moves), key=lambda move: move.effective_from)
        return replace(self, handovers=tuple(both))

    @property
    def short_name(self) -> Text:
        """The short name that people gave the action, in the languages in which they did."""
        fields: dict[Lang, CorrectedField] = {"fi": "name-fi", "sv": "name-sv", "en": "name-en"}
        made = {lang: self.correction(name) for lang, name in fields.items()}
        return Text(**{lang: one.value for lang, one in made.items() if one})

    @property
    def title(self) -> Text:
        """The first bullet in each language."""
        return Text(**{lang: bullets[0] for lang, bullets in self.bullets.items() if bullets})

    def leads_on(self, day: date) -> tuple[str, ...]:
        """Return the organisation keys that are responsible on ``day``, handovers applied."""
        return tuple(dict.fromkeys(place[-1] for place in self._places(day)))

    def takers_of(self, givers: Collection[str], day: date) -> tuple[str, ...]:
        """Return who is responsible on ``day`` for what some organisations have handed over by then."""
        given = (place for place in self._places(day) if not {*givers}.isdisjoint(place[:-1]))
        return tuple(dict.fromkeys(place[-1] for place in given if place[-1] not in givers))

    def _places(self, day: date) -> list[list[str]]:
        """Return of each lead as printed who has been responsible in its place until ``day``, in order."""
        places = [[key] for key in self.leads]
        for move in self.handovers:
            holder = next((place for place in places if place[-1] == move.giver), None)
            if holder and move.effective_from <= day:
                holder.append(move.taker)
        return places


DateState = Literal["tentative", "confirmed", "cancelled", "gone"]
SeriesState = Literal["tentative", "confirmed", "cancelled", "removed"]


@dataclass(frozen=True, slots=True)
class DateChange:
    """What people changed about one date of a series; None is as in the series.

    ``on`` is the date that the rule gives: it names the instance for ever. ``gone`` is taken out. ``title``
    is given of dates that have been, where the series has got another name since, ``all_day`` where it has
    got a time. ``as_before``: nobody said it of this date; the series was so before an edit of later dates.
    """

    on: date
    day: date | None = None
    at: time | None = None
    minutes: int | None = None
    place: Text | None = None
    video: str | None = None
    state: DateState = "confirmed"
    title: Text | None = None
    all_day: bool = False
    as_before: bool = False


@dataclass(frozen=True, slots=True)
class EndedAction:
    """An action that has ended: the last day ``on`` which its dates stand.

    What is cancelled and was ``gone_before`` a day stands in no calendar any more (None: all still do).
    """

    on: date
    gone_before: date | None = None


@dataclass(frozen=True, slots=True)
class EditedSeries:
    """An event series as people keep it; it stands instead of the derived one of the same name.

    ``rrule`` as RFC 5545 section 3.3.10 writes it, without COUNT and UNTIL; nothing: ``dates``
    one by one. ``at`` is local time, None: all-day. No date in ``months_off`` or ``quiet``
    stands. ``removed`` is no series at all; ``until`` is inclusive; an empty title is the action's.
    INTERVAL counts from the week, month or year of ``anchor`` (None: of ``first``). ``sign_up`` is a link;
    ``part_of`` names the series that this one was cut from, nothing: none.
    """

    action: str
    name: str
    first: date
    until: date
    rrule: str = ""
    dates: tuple[date, ...] = ()
    at: time | None = None
    minutes: int = 0
    title: Text = Text()
    place: Text = Text()
    video: str = ""
    months_off: tuple[int, ...] = ()
    quiet: tuple[Span, ...] = ()
    changes: tuple[DateChange, ...] = ()
    state: SeriesState = "confirmed"
    by: str = ""
    on: date | None = None
    anchor: date | None = None
    description: Text = Text()
    sign_up: str = ""
    part_of: str = ""


_REVIEW, _OPENS, _DUE, _CLOSES = MonthDay(10, 31), MonthDay(12, 1), MonthDay(1, 31), MonthDay(2, 15)


@dataclass(frozen=True, slots=True)
class Defaults:
    """Dates that a programme assumes where its wording names none (design: behaviour.md)."""

    review: MonthDay = _REVIEW
    collection_opens: MonthDay = _OPENS
    collection_due: MonthDay = _DUE
    collection_closes: MonthDay = _CLOSES
    weekly_weekday: int = 2
    monthly_weekday: int = 3
    monthly_nth: int = 2
    yearly_month: int = 11


class _Organisations(dict[str, Organisation]):
    """Organisations by key; one that rows name and no version knows is called by its key."""

    def __missing__(self, key: str) -> Organisation:
        return Organisation(key, "", Text(key, key, key))


@dataclass(frozen=True)
class Programme:
    """An adopted programme, whole. ``stamp`` is the data's own fixed date, never the loading time.

    ``origins`` are the ids by which calendars and links know actions whose id has changed since, by the id of
    today; ``successors`` the keys that organisations of earlier versions have today; ``ended`` the actions
    that people ended, by id; assumed dates are never on one of the ``closed_days`` or in a ``quiet`` period.
    """

    key: str
    name: Text
    period: Span
    timezone: str
    languages: tuple[TextLang, ...]
    domains: tuple[Domain, ...]
    goals: tuple[Goal, ...]
    organisations: tuple[Organisation, ...]
    actions: tuple[Action, ...]
    stamp: date
    monitored_by: str = ""
    web: Text = Text()
    approved_on: date | None = None
    approved_by: str = ""
    meetings: tuple[date, ...] = ()
    short_name: Text = Text()
    defaults: Defaults = Defaults()
    series: tuple[EditedSeries, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict, hash=False)
    successors: Mapping[str, str] = field(default_factory=dict, hash=False)
    ended: Mapping[str, EndedAction] = field(default_factory=dict, hash=False)
    quiet: tuple[QuietPeriod, ...] = DEFAULT_QUIET
    closed_days: tuple[date, ...] = ()

    @property
    def workdays(self) -> Workdays:
        """The days on which its offices are open and nothing is quiet."""
        return standard_workdays(quiet=self.quiet, closed=self.closed_days)

    @property
    def reader_languages(self) -> tuple[Lang, ...]:
        """Its languages in which readers are written to; all of these where it has none."""
        return tuple(lang for lang in LANGUAGES if lang in self.languages) or LANGUAGES

    @cached_property
    def action_by_id(self) -> Mapping[str, Action]:
        """Actions by id."""
        return {action.id: action for action in self.actions}

    @cached_property
    def organisation_by_key(self) -> Mapping[str, Organisation]:
        """Organisations by key; to look up one that is not among them never fails."""
        return _Organisations({organisation.key: organisation for organisation in self.organisations})

    @cached_property
    def goal_by_key(self) -> Mapping[str, Goal]:
        """Goals by key."""
        return {goal.key: goal for goal in self.goals}

    @cached_property
    def domain_by_key(self) -> Mapping[str, Domain]:
        """Domains by key."""
        return {domain.key: domain for domain in self.domains}

    def domain_of(self, action: Action) -> Domain:
        """Return the domain that ``action`` stands under."""
        return self.domain_by_key[self.goal_by_key[action.goal].domain]

    def origin(self, action: str) -> str:
        """Return the id by which calendars and links know an action: the first that it had."""
        return self.origins.get(action, action)

    def rekeyed(self, actions: Mapping[str, str], organisations: Mapping[str, str]) -> Programme:
        """Return the programme with other ids of actions and keys of organisations, where they are given."""

        def keys(old: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(organisations.get(key, key) for key in old))

        def handover(move: Handover) -> Handover:
            giver, taker = (organisations.get(key, key) for key in (move.giver, move.taker))
            return replace(move, giver=giver, taker=taker)

        def named(one: Organisation) -> Organisation:
            return replace(one, key=organisations.get(one.key, one.key))

        return replace(
            self,
            organisations=tuple({one.key: one for one in map(named, self.organisations)}.values()),
            actions=tuple(
                replace(
                    one,
                    id=actions.get(one.id, one.id),
                    leads=keys(one.leads),
                    partners=keys(one.partners),
                    handovers=tuple(map(handover, one.handovers)),
                )
                for one in self.actions
            ),
            monitored_by=organisations.get(self.monitored_by, self.monitored_by),
        )

    def corrected(self, corrections: Mapping[str, tuple[Correction, ...]]) -> Programme:
        """Return the programme with what people decided about its actions, by action id."""
        if not corrections:
            return self
        actions = tuple(action.corrected(corrections.get(action.id, ())) for action in self.actions)
        return replace(self, actions=actions)

    def keeping(self, series: tuple[EditedSeries, ...]) -> Programme:
        """Return the programme with event series as people keep them."""
        return replace(self, series=series) if series else self

    def with_ended(self, ended: Mapping[str, EndedAction]) -> Programme:
        """Return the programme with the actions that people ended."""
        return replace(self, ended=ended) if ended else self

    def handed_over(self, moves: Mapping[str, tuple[Handover, ...]]) -> Programme:
        """Return the programme with the hand-overs that people entered, by action id."""
        if not moves:
            return self
        actions = tuple(
            action.handed_over(moves[action.id]) if action.id in moves else action for action in self.actions
        )
        return replace(self, actions=actions)

    def lead_organisations(self, day: date | None = None) -> tuple[str, ...]:
        """Return all leading organisation keys, on ``day`` or (None) at any time, in programme order."""
        keys: set[str] = set()
        for action in self.actions:
            ever = (*action.leads, *(move.taker for move in action.handovers))
            keys.update(ever if day is None else action.leads_on(day))
        order = {organisation.key: n for n, organisation in enumerate(self.organisations)}
        return tuple(sorted(keys, key=lambda key: (order.get(key, len(order)), key)))
