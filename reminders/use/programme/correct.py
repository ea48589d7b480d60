"""A person's decision about an action: recorded with name and date, worked into rules and dates at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field as default_of, replace
from datetime import date, datetime
from typing import Final, get_args

from calendars.text import SHORT
from reminders.clock import civil_time
from reminders.collection.indicator import MeasuresError, parsed_measures
from reminders.errors import UsageError
from reminders.intake.reimport import slug, unique
from reminders.intake.words import FEED_NAMES, plain_words
from reminders.planning.programme_diff import finding_name
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import Connection, evidence, programmes
from reminders.store.renaming import note_taken_in, rename_keys
from reminders.use.feeds.calendar_preview import CalendarChange, calendar_changes
from reminders.use.programme.store_programme import rework
from reminders.use.watch.audit import record_act
from schedule_rules.corrections import keyed_names, names_in, replaced_party, written_names
from schedule_rules.derive import derive
from schedule_rules.programme import TITLE_FIELDS, CorrectedField, Correction, Programme, Text
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Schedule

FIELDS: tuple[CorrectedField, ...] = get_args(CorrectedField)
OF_PROGRAMME: Final[tuple[CorrectedField, ...]] = ("organisation", "party")
"""Fields that are about no single action: with them a programme's key stands for the action."""
NAMES: Final = "names such as fi: Kirjasto; sv: Biblioteket"
LONGEST_DECISION: Final = 2000
"""Characters of a decision's value and of its note: a printed wording has two hundred."""


@dataclass(frozen=True, slots=True)
class CorrectionDecision:
    """What somebody wants to hold for an action; see ``Correction`` for the fields.

    With a programme's key as ``action``, ``accepted`` takes a finding of its
    import that is about no single action: its code, or ``code: words``; ``organisation`` names one anew, or a
    new one by its names alone, and ``party`` says which stands for which. ``new`` are the names of an
    organisation that leads or takes part and is not there yet. Of ``new-action`` and ``second-action`` the
    value are the titles ("fi: …; sv: …"), and ``action`` is the one that it stands behind or in.
    """

    action: str
    field: CorrectedField
    value: str
    by: str
    note: str = ""
    programme: str | None = None
    new: Text = default_of(default_factory=Text)


def correct_action(service: Service, decision: CorrectionDecision) -> str:
    """Record a decision and rework the programme's dates; return the programme's key.

    Raises ``NotFoundError`` for an unknown action, ``UsageError`` for a value
    that cannot be read. What was mailed stays; a date that moves reminds anew.
    """
    with service.database.write() as connection:
        key = enter_correction(connection, service, decision)
        about = f"{decision.action} {decision.field}: {decision.value.strip()}"
        record_act(connection, service, "correct", key, about, by=decision.by)
    return key


def preview_correction(service: Service, decision: CorrectionDecision) -> tuple[CalendarChange, ...]:
    """Return what a decision would do in calendars; nothing is stored. Errors as ``correct_action``."""
    check_length(decision)
    with service.database.read() as connection:
        if decision.field == "accepted" and decision.action in programmes.programme_keys(connection):
            return ()  # of a finding about no single action no date moves
        row = _row_of(connection, decision)
    check_correction(row, decision)
    return calendar_changes(
        service, row.programme.key, lambda connection: enter_correction(connection, service, decision)
    )


def programme_meant(service: Service, decision: CorrectionDecision) -> str:
    """Return the key of the programme that a decision is about; errors as ``correct_action``."""
    with service.database.read() as connection:
        if decision.field == "accepted" and decision.action in programmes.programme_keys(connection):
            return decision.action
        return _row_of(connection, decision).programme.key


def new_key(service: Service, decision: CorrectionDecision) -> str:
    """Return the key that a decision makes for an action or organisation; nothing: it makes none."""
    with service.database.read() as connection:
        if decision.field == "accepted":
            return ""
        row = _row_of(connection, decision)
    first, made = made_corrections(row, decision, date.min)[0]
    if made.field == "organisation":
        key, _ = keyed_names(made.value)
        return "" if key in row.programme.organisation_by_key else key
    return first if first not in {"", decision.action} else ""


def read_names(text: str) -> Text:
    """Read the names of an organisation in several languages; ``UsageError`` for anything else."""
    names = names_in(text)
    if text and not names:
        raise UsageError(f"--new: expected {NAMES}; found {text!r}")
    return names


def enter_correction(connection: Connection, service: Service, decision: CorrectionDecision) -> str:
    """Do what ``correct_action`` does, inside the caller's transaction."""
    check_length(decision)
    now = service.clock()
    day = civil_time(service.settings, now).day
    if decision.field == "accepted" and decision.action in programmes.programme_keys(connection):
        whole = programmes.stored_programme(connection, decision.action)
        return _accept_finding(connection, whole, decision, day, now)
    row = _row_of(connection, decision)
    check_correction(row, decision)
    key = row.programme.key
    if decision.field == "party":
        move_history(connection, key, decision.value, now)
    for action, made in made_corrections(row, decision, day):
        programmes.add_correction(connection, key, action, made)
    programmes.touch_programme(connection, key, now)
    rework(connection, key, now)
    return key


def _row_of(connection: Connection, decision: CorrectionDecision) -> ProgrammeRow:
    """Return the programme that a decision is about: by its key, else the one that has or had the action."""
    if decision.field in OF_PROGRAMME and decision.action in programmes.programme_keys(connection):
        return programmes.stored_programme(connection, decision.action)
    if decision.field in {"no-action", "part-of", "new-action", "second-action"}:
        for key in [decision.programme] if decision.programme else programmes.programme_keys(connection):
            row = programmes.stored_programme(connection, key)
            if decision.action in row.corrections and decision.action not in row.programme.action_by_id:
                return row
    return programmes.programme_of_action(connection, decision.action, decision.programme)


def move_history(connection: Connection, key: str, value: str, now: datetime) -> None:
    """Let contacts, answers and duties of an organisation that is another go on with that one."""
    old, new = replaced_party(value)
    if not new or old in new:
        return
    moves = {old: new[0]}
    true = evidence.true_facts(connection)
    note_taken_in(connection, key, moves, moves)
    rename_keys(connection, key, {}, moves)
    evidence.note_renamed(connection, true, now)


def _accept_finding(
    connection: Connection, row: ProgrammeRow, decision: CorrectionDecision, day: date, now: datetime
) -> str:
    """Record that what an import found about no single action may stand; no date moves by it."""
    names = {name for one in row.findings for name in (one["code"], finding_name(one))}
    if decision.value not in names:
        known = "; ".join(sorted(finding_name(one) for one in row.findings)) or "no finding"
        expected = f"the code of a finding, or one of: {known}"
        raise UsageError(f"accepted: expected {expected}; found {decision.value!r}")
    programmes.add_correction(connection, row.programme.key, "", _made(decision, day))
    programmes.touch_programme(connection, row.programme.key, now)
    return row.programme.key


def corrected(row: ProgrammeRow, decision: CorrectionDecision, day: date) -> Programme:
    """Return the programme as it would be after a decision; nothing is stored."""
    made = dict(row.corrections)
    for action, one in made_corrections(row, decision, day):
        made[action] = (*made.get(action, ()), one)
    return row.as_corrected(made)


def made_corrections(
    row: ProgrammeRow, decision: CorrectionDecision, day: date
) -> tuple[tuple[str, Correction], ...]:
    """Return what a decision records, each with its action ("": the programme); new keys are made here."""
    one, value = _made(decision, day), decision.value.strip()
    if decision.field == "organisation":
        return (("", replace(one, value=_keyed(value, _feeds(row)))),)
    if decision.field == "party":
        return (("", one),)
    if decision.field in {"goal", "theme"}:
        known = row.programme.goal_by_key.keys() if decision.field == "goal" else _feeds(row)
        return ((decision.action, replace(one, value=_keyed(value, known))),)
    if decision.field in {"new-action", "second-action"} and value:
        names = names_in(value)
        taken = {*row.programme.action_by_id, *row.printed.action_by_id, *row.corrections}
        key = unique(slug(names.get("en")), taken)
        titles = ((name, text) for lang, name in TITLE_FIELDS.items() if (text := names.as_dict().get(lang)))
        return (
            (key, replace(one, value=decision.action)),
            *((key, replace(one, field=name, value=text)) for name, text in titles),
        )
    if decision.field in {"leads", "partners"} and decision.new:
        named = _keyed(written_names(decision.new), _feeds(row))
        party = Correction("organisation", named, one.by, day, one.note)
        return (
            ("", party),
            (decision.action, replace(one, value=f"{value} {keyed_names(named)[0]}".strip())),
        )
    return ((decision.action, one),)


def _made(decision: CorrectionDecision, day: date) -> Correction:
    return Correction(decision.field, decision.value.strip(), decision.by, day, decision.note.strip())


def _keyed(value: str, known: Collection[str]) -> str:
    """Return names with a key of their own, where they have none: "kirjasto = fi: Kirjasto"."""
    names = names_in(value)
    return f"{unique(slug(names.get('en'), longest=40), known)} = {value}" if names else value


def _feeds(row: ProgrammeRow) -> frozenset[str]:
    """Return the keys of what has a feed of its own, and of what had: themes and organisations."""
    both = (row.programme, row.printed)
    keys = (key for one in both for key in (*one.domain_by_key, *one.organisation_by_key))
    return frozenset((*FEED_NAMES, *keys))


def check_length(decision: CorrectionDecision) -> None:
    """Raise ``UsageError`` for texts that are too long to be a wording, before anything reads them."""
    for name, text in ((decision.field, decision.value), ("note", decision.note)):
        if len(text) > LONGEST_DECISION:
            raise UsageError(
                f"{name}: expected at most {LONGEST_DECISION} characters; found {len(text)}. Shorten it"
            )


def check_correction(row: ProgrammeRow, decision: CorrectionDecision) -> None:
    """Raise ``UsageError`` for a value that its field cannot take."""
    value = decision.value.strip()
    match decision.field:
        case "schedule":
            found = normalise(value)
            readable = isinstance(found, Schedule) and found.kind not in {"none", "unspecified", "relative"}
            expected = "a schedule in words, such as 2025–2026"
        case "frequency":
            readable = not value or bool(find_frequencies(value))
            expected = "how often, such as twice a year, or nothing"
        case "leads" | "partners":
            readable = all(key in row.programme.organisation_by_key for key in value.split())
            readable = readable and bool(value or decision.new or decision.field == "partners")
            expected = "keys of organisations with blanks between"
        case "measures":
            readable = not value or _says_measures(value)
            expected = "number, yes-no or text, as in number: Participants [people]; yes-no, or nothing"
        case "name-fi" | "name-sv" | "name-en":
            readable = len(value) <= SHORT and value.isprintable()
            expected = f"a short name of at most {SHORT} characters on one line, or nothing"
        case "accepted":
            # A finding of the import names no action, so any action may accept it.
            codes = {finding.code for finding in derive(row.programme).findings_of(decision.action)}
            codes |= {finding["code"] for finding in row.findings}
            readable = value in codes
            expected = f"the code of a finding ({', '.join(sorted(codes)) or 'there is none'})"
        case _:
            readable, expected = _fits_structure(row, decision.field, decision.action, value)
    if not readable:
        raise UsageError(f"{decision.field}: expected {expected}; found {decision.value!r}")


def _fits_structure(row: ProgrammeRow, field: CorrectedField, action: str, value: str) -> tuple[bool, str]:
    """Tell whether a value fits a field of an action's texts or place, or an organisation; and what would."""
    programme = row.programme
    known = programme.organisation_by_key
    match field:
        case "goal" | "theme":
            keys = programme.goal_by_key if field == "goal" else programme.domain_by_key
            return value in keys or bool(names_in(value)), f"a key ({', '.join(keys)}), or {NAMES}"
        case "new-action" | "second-action":
            made = action in row.corrections and action not in row.printed.action_by_id
            return bool(names_in(value)) or (not value and made), f"titles: {NAMES}; nothing: take it back"
        case "no-action":
            return value in {"", "yes"}, "yes, or nothing: it is an action"
        case "part-of":
            others = set(programme.action_by_id) - {action}
            return not value or value in others, "the id of another action, or nothing: it is one of its own"
        case "organisation":
            key, names = keyed_names(value)
            own = names if key in known else names_in(value)
            taken = {
                plain_words(name)
                for one in known.values()
                if one.key != key
                for name in one.name.as_dict().values()
            }
            is_new = taken.isdisjoint(map(plain_words, own.as_dict().values()))
            return bool(own) and is_new, (
                f"{NAMES}, of one that there is its key before it: KEY = {NAMES}; none that another one has"
            )
        case "party":
            old, new = replaced_party(value)
            printed = {*known, *row.printed.organisation_by_key}
            is_known = old in printed and all(key in known or key == old for key in new)
            return (
                is_known and "=" in value,
                "KEY = KEY, or KEY = KEY KEY for several; KEY = nothing: take it back",
            )
        case _:
            texts = [line for line in value.splitlines() if line.strip()]
            return not value or bool(texts), "a text, or nothing for the printed one"


def _says_measures(value: str) -> bool:
    try:
        return bool(parsed_measures(value))
    except MeasuresError:
        return False
