"""A programme of aligned rows: keys, organisations, goals, actions; those of a known programme are kept.

Reading rows is left to ``interpret``, laying languages side by side to
``align``, naming what they disagree on to ``disagree``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from reminders.intake.align import Joined
from reminders.intake.interpret import ReadAction as Read
from reminders.intake.naming import slug, unique
from reminders.intake.party_directory import PartyDirectory
from reminders.intake.reimport import KnownProgramme
from reminders.intake.words import plain_words
from schedule_rules.days import Span
from schedule_rules.programme import (
    LANGUAGES,
    Action,
    Domain,
    Goal,
    Handover,
    Lang,
    Programme,
    Text,
)

_RESERVED = ("all", "events", "deadlines")


@dataclass(frozen=True, slots=True)
class ProgrammeFrame:
    """What is known of a programme as a whole: its name, the years it states."""

    name: Text
    period: Span | None
    languages: tuple[Lang, ...]
    assumed: Span
    """The period of a programme that names no year at all."""


def assemble(
    rows: Sequence[Joined], frame: ProgrammeFrame, people: PartyDirectory, known: KnownProgramme
) -> Programme:
    """Return the programme that ``rows`` make."""
    return _Assembly(rows, frame, people, known).programme()


@dataclass
class _Assembly:
    """Gathers the parts; what was met before has its key already."""

    rows: Sequence[Joined]
    frame: ProgrammeFrame
    people: PartyDirectory
    known: KnownProgramme
    domains: dict[str, Domain] = field(default_factory=dict)
    goals: dict[tuple[str, str], Goal] = field(default_factory=dict)
    _domain_of: dict[str, str] = field(default_factory=dict)
    _goal_of: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def programme(self) -> Programme:
        """Return the whole."""
        ids = self.known.ids(
            [{lang: read.draft.bullets for lang, read in row.versions.items()} for row in self.rows]
        )
        actions = [self._action(row, ids[at]) for at, row in enumerate(self.rows)]
        told = self.known.period or self.frame.period or spanned(self.rows)
        period = told or self.frame.assumed
        return Programme(
            key=self.known.key or self._key(told),
            name=self.known.text(self.known.name, self.frame.name),
            period=period,
            timezone="Europe/Helsinki",
            languages=tuple(
                lang for lang in LANGUAGES if lang in {*self.frame.languages, *self.known.languages}
            ),
            domains=tuple(self.domains.values()),
            goals=tuple(self.goals.values()),
            organisations=self.people.organisations(),
            actions=tuple(_with_ids(actions)),
            stamp=self.known.stamp or period.first,
            monitored_by=self.people.kept(self.known.monitored_by),
            meetings=self.known.meetings,
            defaults=self.known.defaults,
        )

    def _key(self, period: Span | None) -> str:
        name = slug(self.frame.name.get("en"), longest=48)
        years = f"{period.first.year}-{period.last.year}" if period else ""
        return name if years in name else f"{name}-{years}"

    # -- domains and goals ---------------------------------------------------------------

    def _domain(self, row: Joined) -> Domain:
        text = _text({lang: read.draft.domain for lang, read in row.versions.items()}) or self.frame.name
        key = next((self._domain_of[name] for name in _names("d", text) if name in self._domain_of), "")
        if not key:
            wanted = self.known.domain_key(text) or slug(text.get("en"), longest=40)
            key = unique(wanted, {*self.domains, *_RESERVED, *self.people.keys})
            self.domains[key] = Domain(key, self.known.domain_name(key, text))
        else:
            self.domains[key] = replace(self.domains[key], name=_filled(self.domains[key].name, text))
        self._domain_of.update(dict.fromkeys(_names("d", text), key))
        return self.domains[key]

    def _goal(self, row: Joined) -> Goal:
        domain = self._domain(row)
        text = _text({lang: read.draft.goal for lang, read in row.versions.items()}) or domain.name
        names = [(domain.key, name) for name in _names("g", text)]
        found = next((self._goal_of[name] for name in names if name in self._goal_of), None)
        if found is None:
            wanted = self.known.goal_key(text) or slug(text.get("en"), longest=40)
            key = unique(wanted, {goal.key for goal in self.goals.values()})
            found = (domain.key, key)
            self.goals[found] = Goal(key, domain.key, self.known.goal_name(key, text))
        else:
            goal = self.goals[found]
            self.goals[found] = replace(goal, name=_filled(goal.name, text))
        self._goal_of.update(dict.fromkeys(names, found))
        return self.goals[found]

    # -- actions -------------------------------------------------------------------------

    def _action(self, row: Joined, known_id: str) -> Action:
        versions = row.versions
        before = self.known.action(known_id)
        leads, partners = self.people.parties(row)
        return Action(
            id=known_id or slug(_text({lang: read.title for lang, read in versions.items()}).get("en")),
            goal=self._goal(row).key,
            bullets={**(before.bullets if before else {}), **_bullets(versions.items())},
            schedule=self.known.text(_text({lang: read.draft.schedule for lang, read in versions.items()}),
                                     before.schedule if before else Text()),
            responsible=self.known.text(_text({lang: _responsible(read) for lang, read in versions.items()}),
                                        before.responsible if before else Text()),
            leads=leads,
            partners=partners,
            handovers=self._handovers(row, leads),
            indicator=self.known.text(_text({lang: read.draft.indicator for lang, read in versions.items()}),
                                      before.indicator if before else Text()),
        )  # fmt: skip

    def _handovers(self, row: Joined, leads: tuple[str, ...]) -> tuple[Handover, ...]:
        """Return who takes over from the first lead: on the year named, else when the schedule has ended."""
        takers = self.people.takers(row)
        read = next((read for read in row.versions.values() if read.parties.takers), None)
        if not takers or not leads or read is None:
            return ()
        source = _text({lang: one.parties.when for lang, one in row.versions.items()})
        end = read.schedule.end if read.schedule else None
        year = read.parties.year or (end.year + 1 if end else None)
        return (
            tuple(Handover(leads[0], taker, date(year, 1, 1), source) for taker in takers[:1]) if year else ()
        )


def _names(kind: str, text: Text) -> list[str]:
    """Return the names by which a domain or goal is met again."""
    return [f"{kind} {lang} {plain_words(words)}" for lang, words in text.as_dict().items()]


def _text(texts: dict[Lang, str]) -> Text:
    return Text(**{lang: text for lang, text in texts.items() if text})


def _filled(text: Text, more: Text) -> Text:
    """Return ``text`` with the languages that it lacks from ``more``."""
    return Text(**{**more.as_dict(), **text.as_dict()})


def _bullets(versions: Iterable[tuple[Lang, Read]]) -> dict[Lang, tuple[str, ...]]:
    return {lang: read.draft.bullets for lang, read in versions}


def _responsible(read: Read) -> str:
    """Return the responsible cell as worded; a column of partners is put behind it."""
    words = {"fi": "yhteistyössä: ", "sv": "i samarbete: ", "en": "in cooperation: "}
    lead, partners = (" ; ".join(text.split("\n")) for text in (read.draft.responsible, read.draft.partners))
    return f"{lead} ({words[read.lang]}{partners})" if lead and partners else lead or partners


def _with_ids(actions: Sequence[Action]) -> Iterable[Action]:
    """Yield the actions, the ids of new ones made unique."""
    taken: set[str] = set()
    for action in actions:
        key = unique(action.id, taken)
        taken.add(key)
        yield replace(action, id=key)


def spanned(rows: Sequence[Joined]) -> Span | None:
    """Return the span of all schedules: what a programme that states no years covers; None without any."""
    found = [read.schedule for row in rows for read in row.versions.values() if read.schedule]
    days = [day for schedule in found for day in (schedule.start, schedule.end) if day]
    return Span(date(min(days).year, 1, 1), date(max(days).year, 12, 31)) if days else None
