"""Correcting how an action is read: what its forms show, and what a decision would do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from email_templates import dates
from reminders.changes import changes
from reminders.dispatch.correcting import Decision, corrected
from reminders.store.programmes import ProgrammeRow
from reminders.web.change_words import ChangeRow, Pair
from reminders.web.finding_list import FindingRow, code_words, finding_list
from reminders.web.reading_words import frequency_words, schedule_words
from reminders.web.rule_words import RuleRow, rule_rows
from reminders.web.words import say
from schedule_rules.derive import derive
from schedule_rules.programme import Action, CorrectedField, Correction, Lang, Programme
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Schedule

LONGEST: Final = 300
"""Characters of a wording or a note that a person writes."""
_WORDED: Final = ("schedule", "frequency")
_PARTIES: Final[tuple[CorrectedField, ...]] = ("leads", "partners")


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody has written into one of the forms, and what is wrong with it."""

    field: CorrectedField | None = None
    value: str | None = None
    note: str = ""
    wrong: str = ""
    wrong_note: str = ""

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, each with the id of its input."""
        pairs = (("value", self.wrong), ("note", self.wrong_note))
        return tuple((f"{self.field}-{part}", words) for part, words in pairs if words)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that may be ticked."""

    key: str
    name: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One form: the field, what holds now, what the input shows."""

    field: CorrectedField
    now: str
    value: str = ""
    entered: Entered = Entered()
    parties: tuple[Party, ...] = ()
    findings: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class PastCorrection:
    """A correction that was made: what, by whom, when, why."""

    on: str
    by: str
    field: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision would do: its reading, the rules that it gives, the dates that change."""

    field: str
    value: str
    printed: str
    reading: str
    changes: tuple[ChangeRow, ...] = ()
    events: tuple[str, str] | None = None
    rules: tuple[RuleRow, ...] = ()


# -- the forms -------------------------------------------------------------------------------


def forms(row: ProgrammeRow, action: Action, lang: Lang, entered: Entered) -> tuple[FieldForm, ...]:
    """Return the forms of an action; the one in ``entered`` is open and keeps its input."""
    made = [_worded(action, "schedule", lang, entered), _worded(action, "frequency", lang, entered)]
    made += [_parties(row.programme, action, one, lang, entered) for one in _PARTIES]
    open_ones = open_findings(row, action, lang)
    if open_ones:
        made.append(_accepting(open_ones, lang, entered))
    return tuple(made)


def open_findings(row: ProgrammeRow, action: Action, lang: Lang) -> tuple[FindingRow, ...]:
    """Return what needs a decision about one action, each code once."""
    own = (one for one in finding_list(row, lang) if one.action == action.id)
    return tuple({one.code: one for one in own}.values())


def _worded(action: Action, name: CorrectedField, lang: Lang, entered: Entered) -> FieldForm:
    made = action.correction(name)
    value = made.value if made else _printed(action, name, lang)
    own = _own(name, entered)
    return FieldForm(name, _now(action, name, lang), value if own.value is None else own.value, own)


def _own(name: CorrectedField, entered: Entered) -> Entered:
    """Return what was entered into this form, nothing when it was another."""
    return entered if entered.field == name else Entered()


def _now(action: Action, name: CorrectedField, lang: Lang) -> str:
    made = action.correction(name)
    words = made.value if made else _printed(action, name, lang)
    return dates.quoted(words, lang) if words else say(lang, "correct.nothing")


def _printed(action: Action, name: CorrectedField, lang: Lang) -> str:
    """Return the printed words of a field: the schedule, or the frequencies found in the texts."""
    if name == "schedule":
        return action.schedule.get(lang)
    texts = (*action.bullets.get(lang, ()), action.indicator.get(lang), action.schedule.get(lang))
    return ", ".join(dict.fromkeys(hit.words for text in texts for hit in find_frequencies(text, lang)))


def _parties(
    programme: Programme, action: Action, name: CorrectedField, lang: Lang, entered: Entered
) -> FieldForm:
    keys = action.leads if name == "leads" else action.partners
    own = _own(name, entered)
    ticked = keys if own.value is None else own.value.split()
    parties = [Party(one.key, one.name.get(lang), one.key in ticked) for one in programme.organisations]
    parties.sort(key=lambda one: (not one.ticked, one.name.casefold()))
    now = _names(programme, keys, lang) or say(lang, "correct.nobody")
    return FieldForm(name, now, entered=own, parties=tuple(parties))


def _names(programme: Programme, keys: tuple[str, ...], lang: Lang) -> str:
    known = programme.organisation_by_key
    return ", ".join(known[key].name.get(lang) if key in known else key for key in keys)


def _accepting(found: tuple[FindingRow, ...], lang: Lang, entered: Entered) -> FieldForm:
    own = _own("accepted", entered)
    chosen = own.value if any(one.code == own.value for one in found) else found[0].code
    codes = tuple((one.code, one.what, one.code == chosen) for one in found)
    return FieldForm("accepted", say(lang, "correct.open", n=len(found)), entered=own, findings=codes)


# -- what was decided, and what would be -----------------------------------------------------


def history(programme: Programme, action: Action, lang: Lang) -> tuple[PastCorrection, ...]:
    """Return the corrections of an action, newest first."""
    return tuple(
        PastCorrection(
            dates.in_table(one.on, lang),
            one.by,
            field_word(one.field, lang),
            _value(programme, one, lang),
            one.note,
        )
        for one in reversed(action.corrections)
    )


def field_word(name: CorrectedField, lang: Lang) -> str:
    """Return the name of a field in words."""
    return say(lang, f"correct.field.{name}")


def _value(programme: Programme, made: Correction, lang: Lang) -> str:
    if made.field == "accepted":
        return code_words(made.value, lang)
    if made.field in _WORDED:
        return dates.quoted(made.value, lang) if made.value else say(lang, "correct.nothing")
    return _names(programme, tuple(made.value.split()), lang) or say(lang, "correct.nobody")


def outcome(row: ProgrammeRow, decision: Decision, day: date, lang: Lang) -> Outcome:
    """Return what a decision would do to rules and dates."""
    new = corrected(row, decision, day)
    pair = Pair(row.programme, new, lang)
    action = new.action_by_id[decision.action]
    before, after = pair.events(decision.action)
    return Outcome(
        field=field_word(decision.field, lang),
        value=_value(new, action.corrections[-1], lang),
        printed=_before(row, decision, lang),
        reading=reading_of(decision.field, decision.value, lang),
        changes=pair.rows(changes(row.programme, new)),
        events=(before, after) if before != after else None,
        rules=rule_rows(derive(new).of(decision.action), action, new, lang),
    )


def _before(row: ProgrammeRow, decision: Decision, lang: Lang) -> str:
    action = row.programme.action_by_id[decision.action]
    if decision.field == "accepted":
        return ""
    if decision.field in _WORDED:
        return _now(action, decision.field, lang)
    own = action.leads if decision.field == "leads" else action.partners
    return _names(row.programme, own, lang) or say(lang, "correct.nobody")


def reading_of(name: CorrectedField, value: str, lang: Lang) -> str:
    """Say how the words of a correction are read; nothing for what is no wording."""
    if name == "schedule":
        found = normalise(value)
        return schedule_words(found, lang) if isinstance(found, Schedule) else ""
    if name == "frequency":
        rates = (frequency_words(hit.frequency, lang) for hit in find_frequencies(value))
        return ", ".join(dict.fromkeys(rates))
    return ""


def wrong_words(name: CorrectedField, lang: Lang) -> str:
    """Say what a field takes, for one that was given something else."""
    return say(lang, f"correct.wrong.{name}")
