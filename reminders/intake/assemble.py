"""A programme made of rows: keys, organisations, goals, actions; those of a known programme are kept.

Reading rows is left to ``interpret``, laying languages side by side to
``align``, finding what is known again to ``reimport``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from reminders.intake.interpret import ActionRow, ReadAction, schedule_words
from reminders.intake.languages import FURTHER
from reminders.intake.party_directory import PartyDirectory
from reminders.intake.reimport import known_ids, same_name, slug, unique
from reminders.intake.words import FEED_NAMES, plain_words
from schedule_rules.days import Span
from schedule_rules.programme import Action, Domain, Goal, Handover, Programme, Text, TextLang
from schedule_rules.reading import READ_LANGUAGES

_WITH_PARTNERS: Mapping[TextLang, str] = {
    "fi": "yhteistyössä: ", "sv": "i samarbete: ", "en": "in cooperation: ",
    **{lang: one.with_partners for lang, one in FURTHER.items()},
}  # fmt: skip


def assemble(
    rows: Sequence[ActionRow],
    name: Text,
    stated: Span | None,
    parties: PartyDirectory,
    known: Programme | None,
    *,
    langs: tuple[TextLang, ...],
    assumed: Span,
) -> Programme:
    """Return the programme that ``rows`` make; what ``known`` has beyond them stays.

    ``stated`` are the years that it names, ``assumed`` its period where it names none.
    """
    assembly = _Assembly(name, parties, known)
    ids = known_ids(known.actions if known else (), [row.bullets for row in rows])
    actions: dict[str, Action] = {}
    for row, known_id in zip(rows, ids, strict=True):
        action = assembly.action(row, known_id)
        own_id = unique(action.id, actions)
        actions[own_id] = replace(action, id=own_id)
    period = stated or assumed
    key = slug(name.get("en"), longest=48)
    years = f"{stated.first.year}-{stated.last.year}" if stated else ""
    programme = Programme(
        key=key if years in key else f"{key}-{years}",
        name=name,
        period=period,
        timezone="Europe/Helsinki",
        languages=_ordered(langs),
        domains=tuple(assembly.domains.values()),
        goals=tuple(assembly.goals.values()),
        organisations=parties.organisations(),
        actions=tuple(actions.values()),
        stamp=period.first,
    )
    if known is None:
        return programme
    return replace(
        programme,
        key=known.key,
        name=_over(name, known.name),
        period=known.period,
        languages=_ordered({*langs, *known.languages}),
        stamp=known.stamp,
        monitored_by=known.monitored_by,
        meetings=known.meetings,
        short_name=known.short_name,
        defaults=known.defaults,
    )


class _Assembly:
    """Gathers domains, goals and actions; what was met before has its key already."""

    def __init__(self, name: Text, parties: PartyDirectory, known: Programme | None) -> None:
        self._name = name
        self._parties = parties
        self._known = known
        self.domains: dict[str, Domain] = {}
        self.goals: dict[tuple[str, str], Goal] = {}
        self._domain_by_name: dict[str, str] = {}
        self._goal_by_name: dict[tuple[str, str], tuple[str, str]] = {}

    def _domain(self, row: ActionRow) -> Domain:
        text = _texts(row, lambda action: action.draft.domain) or self._name
        names = _plain_names(text)
        key = next((self._domain_by_name[name] for name in names if name in self._domain_by_name), "")
        if key:
            self.domains[key] = replace(self.domains[key], name=_over(text, self.domains[key].name))
        else:
            known = self._known
            same = (domain for domain in known.domains if same_name(domain.name, text)) if known else iter(())
            wanted = next((domain.key for domain in same), "") or slug(text.get("en"), longest=40)
            key = unique(wanted, {*self.domains, *FEED_NAMES, *self._parties.keys})
            before = known.domain_by_key.get(key) if known else None
            self.domains[key] = Domain(key, _over(before.name, text) if before else text)
        self._domain_by_name.update(dict.fromkeys(names, key))
        return self.domains[key]

    def _goal(self, row: ActionRow) -> Goal:
        domain = self._domain(row)
        text = _texts(row, lambda action: action.draft.goal) or domain.name
        names = [(domain.key, name) for name in _plain_names(text)]
        found = next((self._goal_by_name[name] for name in names if name in self._goal_by_name), None)
        if found:
            self.goals[found] = replace(self.goals[found], name=_over(text, self.goals[found].name))
        else:
            known = self._known
            same = (goal for goal in known.goals if same_name(goal.name, text)) if known else iter(())
            wanted = next((goal.key for goal in same), "") or slug(text.get("en"), longest=40)
            key = unique(wanted, {goal.key for goal in self.goals.values()})
            before = known.goal_by_key.get(key) if known else None
            found = (domain.key, key)
            self.goals[found] = Goal(key, domain.key, _over(before.name, text) if before else text)
        self._goal_by_name.update(dict.fromkeys(names, found))
        return self.goals[found]

    def action(self, row: ActionRow, known_id: str) -> Action:
        """Return the action of a row; a language that is not printed has what the known one had."""
        before = self._known.action_by_id.get(known_id) if self._known else None
        leads, partners = self._parties.parties(row)
        schedule = _texts(row, lambda action: schedule_words(action.draft, action.lang))
        responsible = _texts(row, _responsible)
        indicator = _texts(row, lambda action: action.draft.indicator)
        return Action(
            id=known_id or slug(_texts(row, lambda action: action.title).get("en")),
            goal=self._goal(row).key,
            bullets={**(before.bullets if before else {}), **row.bullets},
            schedule=_over(before.schedule, schedule) if before else schedule,
            responsible=_over(before.responsible, responsible) if before else responsible,
            leads=leads,
            partners=partners,
            handovers=self._handovers(row, leads),
            indicator=_over(before.indicator, indicator) if before else indicator,
        )

    def _handovers(self, row: ActionRow, leads: tuple[str, ...]) -> tuple[Handover, ...]:
        """Return who takes over from the first lead: on the year named, else when the schedule has ended."""
        takers = self._parties.takers(row)
        action = next((action for action in row.versions.values() if action.parties.takers), None)
        if not takers or not leads or action is None:
            return ()
        end = action.schedule.end if action.schedule else None
        year = action.parties.year or (end.year + 1 if end else None)
        words = _texts(row, lambda action: action.parties.when)
        return (Handover(leads[0], takers[0], date(year, 1, 1), words),) if year else ()


def _texts(row: ActionRow, get: Callable[[ReadAction], str]) -> Text:
    return Text(**{lang: text for lang, action in row.versions.items() if (text := get(action))})


def _over(text: Text, newer: Text) -> Text:
    """Return ``newer``; a language that it lacks has what it has in ``text``."""
    return Text(**{**text.as_dict(), **newer.as_dict()})


def _ordered(langs: Collection[TextLang]) -> tuple[TextLang, ...]:
    return tuple(lang for lang in READ_LANGUAGES if lang in langs)


def _plain_names(text: Text) -> list[str]:
    return [f"{lang} {plain_words(words)}" for lang, words in text.as_dict().items()]


def _responsible(action: ReadAction) -> str:
    """Return the responsible cell as worded; a column of partners is put behind it."""
    draft = action.draft
    leads, partners = (" ; ".join(text.split("\n")) for text in (draft.responsible, draft.partners))
    return f"{leads} ({_WITH_PARTNERS[action.lang]}{partners})" if leads and partners else leads or partners


def years_of_actions(rows: Sequence[ActionRow]) -> Span | None:
    """Return the years of all schedules: what a programme that states none covers; None without any."""
    schedules = [action.schedule for row in rows for action in row.versions.values() if action.schedule]
    days = [day for schedule in schedules for day in (schedule.start, schedule.end) if day]
    return Span(date(min(days).year, 1, 1), date(max(days).year, 12, 31)) if days else None
