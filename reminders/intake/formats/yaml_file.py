"""A programme from its YAML file (format ``action-programme/1``), strictly.

Everything wrong is gathered in one pass, each with line and path, and nothing
is taken if anything is wrong. Texts stay as worded: reading their meaning is
left to ``schedule_rules``. Exactly the languages that ``programme.languages``
lists are required of every text (all three where it lists none); a text in
another language may stand beside them. Beyond what the document prints, ``programme`` may
hold ``stamp`` (the data's own date; default: the approval), ``meetings`` (dates
of the board) and ``defaults`` (``review``, ``collection_opens``,
``collection_due``, ``collection_closes`` as MM-DD).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reminders.errors import InputError
from reminders.intake.formats.yaml_shape import Entry, Shape
from reminders.intake.formats.yaml_tree import Mapping, Scalar, Sequence, read_tree
from reminders.intake.messages import ImportMessage, import_message
from schedule_rules.days import MonthDay, Span
from schedule_rules.programme import (
    LANGUAGES,
    Action,
    Defaults,
    Domain,
    Goal,
    Handover,
    Lang,
    Organisation,
    Programme,
    Text,
)

FORMAT = "action-programme/1"
RESERVED = frozenset({"all", "events", "deadlines"})
"""Names of feeds, which a domain or organisation cannot have."""

_OPTIONAL = ("timezone", "languages", "approved", "web", "monitored_by", "stamp", "meetings", "defaults")
_DEFAULTS = ("review", "collection_opens", "collection_due", "collection_closes")


def read_programme(text: str, source: str) -> Programme:
    """Return the programme in ``text``; ``source`` is the file's name in the problems raised."""
    root = read_tree(text, source)
    if not isinstance(root, Mapping):
        raise InputError(
            source, f"line {root.line}", import_message("list-or-text"), import_message("format-key")
        )
    shape = Shape(source)
    programme = _Document(shape).programme(Entry(root, ""))
    if shape.problems:
        raise InputError.of(shape.problems)
    return programme


class _Document:
    """Reads the document top to bottom; what is defined first is what may be named later."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._feeds: dict[str, ImportMessage] = dict.fromkeys(RESERVED, import_message("by-feed"))
        self._goals: frozenset[str] = frozenset()
        self._organisations: frozenset[str] = frozenset()

    def programme(self, root: Entry) -> Programme:
        parts = self._shape.mapping(
            root, "format", "programme", "domains", "goals", "organisations", "actions"
        )
        self._shape.choice(parts["format"], [FORMAT], import_message("format-tag", tag=FORMAT))
        self._shape.languages = self._stated_languages(parts["programme"])
        domains = self._domains(parts["domains"])
        goals = self._goal_list(parts["goals"], frozenset(domain.key for domain in domains))
        self._goals = frozenset(goal.key for goal in goals)
        organisations = self._organisation_list(parts["organisations"])
        self._organisations = frozenset(organisation.key for organisation in organisations)
        actions = self._actions(parts["actions"])
        head = self._head(parts["programme"])
        return replace(head, domains=domains, goals=goals, organisations=organisations, actions=actions)

    # -- programme ---------------------------------------------------------------

    def _head(self, entry: Entry) -> Programme:
        shape = self._shape
        parts = shape.mapping(entry, "key", "name", "period", optional=_OPTIONAL)
        period = self._period(parts["period"])
        approved = shape.mapping(parts["approved"], "date", optional=["by"]) if parts["approved"] else {}
        approved_on = shape.date(approved["date"]) if approved else None
        return Programme(
            key=shape.key(parts["key"]),
            name=shape.translated(parts["name"]),
            period=period,
            timezone=shape.timezone(parts["timezone"]) if parts["timezone"] else "Europe/Helsinki",
            languages=self._languages(parts["languages"]),
            domains=(),
            goals=(),
            organisations=(),
            actions=(),
            stamp=shape.date(parts["stamp"]) if parts["stamp"] else approved_on or period.first,
            monitored_by=self._organisation(parts["monitored_by"]) if parts["monitored_by"] else "",
            web=shape.translated(parts["web"], all_languages=False),
            approved_on=approved_on,
            approved_by=shape.text(approved["by"]) if approved and approved["by"] else "",
            meetings=tuple(sorted({shape.date(day) for day in shape.items(parts["meetings"])})),
            defaults=self._defaults(parts["defaults"]),
        )

    def _period(self, entry: Entry) -> Span:
        parts = self._shape.mapping(entry, "start", "end")
        first, last = self._shape.date(parts["start"]), self._shape.date(parts["end"])
        if date.min < last < first:
            self._shape.wrong(parts["end"], f"{last}", import_message("after-start", first=first))
        return Span(first, last)

    def _stated_languages(self, entry: Entry) -> tuple[Lang, ...]:
        """Return the programme's languages before anything else is read; mistakes in them are noted later."""
        head = entry.node.entries.get("languages") if isinstance(entry.node, Mapping) else None
        items = head.items if isinstance(head, Sequence) else ()
        named = {item.value.strip() for item in items if isinstance(item, Scalar)}
        return tuple(lang for lang in LANGUAGES if lang in named) or LANGUAGES

    def _languages(self, entry: Entry) -> tuple[Lang, ...]:
        named = {
            self._shape.choice(item, LANGUAGES, import_message("a-language"))
            for item in self._shape.items(entry)
        }
        return tuple(lang for lang in LANGUAGES if lang in named) or LANGUAGES

    def _defaults(self, entry: Entry) -> Defaults:
        if not entry:
            return Defaults()
        parts = self._shape.mapping(entry, optional=_DEFAULTS)
        days: dict[str, MonthDay] = {
            name: self._shape.month_day(part) for name, part in parts.items() if part
        }
        return replace(Defaults(), **days)  # type: ignore[arg-type]  # the names are those of MonthDays

    # -- domains, goals, organisations ---------------------------------------------

    def _domains(self, entry: Entry) -> tuple[Domain, ...]:
        domains = []
        for item in self._shape.items(entry, least=import_message("a-domain")):
            parts = self._shape.mapping(item, "key", *self._shape.languages, optional=LANGUAGES)
            domains.append(
                Domain(self._feed_key(parts["key"], import_message("by-domain")), self._languages_of(parts))
            )
        return tuple(domains)

    def _goal_list(self, entry: Entry, domains: frozenset[str]) -> tuple[Goal, ...]:
        goals, seen = [], dict[str, ImportMessage]()
        for item in self._shape.items(entry, least=import_message("a-goal")):
            parts = self._shape.mapping(item, "key", "domain", *self._shape.languages, optional=LANGUAGES)
            key = self._shape.new_key(parts["key"], seen, import_message("by-goal"))
            domain = self._shape.choice(parts["domain"], domains, import_message("domain-key"))
            goals.append(Goal(key, domain, self._languages_of(parts)))
        return tuple(goals)

    def _organisation_list(self, entry: Entry) -> tuple[Organisation, ...]:
        organisations = []
        for item in self._shape.items(entry, least=import_message("an-organisation")):
            parts = self._shape.mapping(item, "key", "type", "name", optional=["aliases"])
            key = self._feed_key(parts["key"], import_message("by-organisation"))
            name, kind = self._shape.translated(parts["name"]), self._shape.text(parts["type"])
            organisations.append(Organisation(key, kind, name, self._aliases(parts["aliases"])))
        return tuple(organisations)

    def _feed_key(self, entry: Entry, what: ImportMessage) -> str:
        """Domains and organisations share the names of the calendar feeds."""
        return self._shape.new_key(entry, self._feeds, what)

    def _languages_of(self, parts: dict[str, Entry]) -> Text:
        present = (lang for lang in LANGUAGES if parts[lang] or lang in self._shape.languages)
        return Text(**{lang: self._shape.text(parts[lang]) for lang in present})

    def _aliases(self, entry: Entry) -> dict[Lang, tuple[str, ...]]:
        if not entry:
            return {}
        parts = self._shape.mapping(entry, optional=LANGUAGES)
        return {lang: self._texts(parts[lang]) for lang in LANGUAGES if parts[lang]}

    def _texts(self, entry: Entry, least: ImportMessage | None = None) -> tuple[str, ...]:
        return tuple(self._shape.text(item) for item in self._shape.items(entry, least))

    # -- actions ---------------------------------------------------------------------

    def _actions(self, entry: Entry) -> tuple[Action, ...]:
        seen: dict[str, ImportMessage] = {}
        items = self._shape.items(entry, least=import_message("an-action"), named_by="id")
        return tuple(self._action(item, seen) for item in items)

    def _action(self, entry: Entry, seen: dict[str, ImportMessage]) -> Action:
        shape = self._shape
        optional = ["schedule", "partners", "handover", "indicator"]
        parts = shape.mapping(entry, "id", "goal", "action", "responsible", "leads", optional=optional)
        leads = self._organisations_in(parts["leads"], least=import_message("an-organisation"))
        return Action(
            id=shape.new_key(parts["id"], seen, import_message("by-action")),
            goal=shape.choice(parts["goal"], self._goals, import_message("goal-key")),
            bullets=self._bullets(parts["action"]),
            schedule=shape.translated(parts["schedule"]) if parts["schedule"] else Text(),
            responsible=shape.translated(parts["responsible"]),
            leads=leads,
            partners=self._organisations_in(parts["partners"]),
            handovers=self._handovers(parts["handover"], leads),
            indicator=shape.translated(parts["indicator"]) if parts["indicator"] else Text(),
        )

    def _bullets(self, entry: Entry) -> dict[Lang, tuple[str, ...]]:
        parts = self._shape.mapping(entry, *self._shape.languages, optional=LANGUAGES)
        present = (lang for lang in LANGUAGES if parts[lang] or lang in self._shape.languages)
        return {lang: self._texts(parts[lang], least=import_message("some-text")) for lang in present}

    def _organisations_in(self, entry: Entry, least: ImportMessage | None = None) -> tuple[str, ...]:
        items = self._shape.items(entry, least=least)
        return tuple(dict.fromkeys(self._organisation(item) for item in items))

    def _organisation(self, entry: Entry) -> str:
        return self._shape.choice(entry, self._organisations, import_message("organisation-key"))

    def _handovers(self, entry: Entry, leads: tuple[str, ...]) -> tuple[Handover, ...]:
        givers = set(leads)
        handovers = []
        for item in self._shape.items(entry):
            parts = self._shape.mapping(item, "from", "to", "effective_from", "source", optional=["trigger"])
            giver, taker = self._organisation(parts["from"]), self._organisation(parts["to"])
            if giver and giver not in givers:
                self._shape.wrong(
                    parts["from"], import_message("quoted", value=giver), import_message("a-lead")
                )
            givers.add(taker)
            day, source = self._shape.date(parts["effective_from"]), self._shape.translated(parts["source"])
            handovers.append(Handover(giver, taker, day, source))
        return tuple(handovers)
