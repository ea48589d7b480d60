"""What a re-import would change, value by value; and which of an import's findings are still open.

Pure. What the changes do to dates is asked of ``schedule_rules``; storing is left to ``use``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, get_args

from schedule_rules.corrections import keyed_names
from schedule_rules.occurrence import OccurrenceID, occurrences
from schedule_rules.programme import (
    INDICATOR_FIELDS,
    LANGUAGES,
    TITLE_FIELDS,
    CorrectedField,
    Correction,
    Handover,
    Programme,
    Text,
)

ChangeKind = Literal["added", "removed", "changed", "moved", "stays", "cancelled"]
_TEXTS = ("schedule", "responsible", "indicator")
_KEYS = ("goal", "leads", "partners")


@dataclass(frozen=True, slots=True)
class ProgrammeChange:
    """One difference: ``place`` is an action, or an occurrence when its date moves."""

    kind: ChangeKind
    place: str
    field: str = ""
    before: str = ""
    after: str = ""


def programme_changes(
    old: Programme | None, new: Programme, in_force: tuple[Programme, Programme] | None = None
) -> tuple[ProgrammeChange, ...]:
    """Return what would change if ``new`` took the place of ``old`` (None: there is none yet).

    ``in_force`` are both as they hold, with people's corrections and settings, where the two are as printed:
    actions and dates are compared between these, so that what is corrected is no change.
    """
    if old is None:
        return tuple(ProgrammeChange("added", action.id) for action in new.actions)
    head = _fields(old, new, new.key, ("name", "period", "organisations", "meetings", "defaults"))
    return (*head, *_of_actions(*(in_force or (old, new))), *_of_dates(*(in_force or (old, new))))


_PRINTED_WHERE_EMPTY: Final = frozenset(
    (
        *TITLE_FIELDS.values(),
        *INDICATOR_FIELDS.values(),
        "no-action",
        "part-of",
        "new-action",
        "second-action",
    )
)
"""Fields that an empty correction takes back."""

CORRECTED_WORDING: Final = "corrected-wording"
"""The finding of a correction whose wording has changed underneath."""


def changed_under_corrections(
    old: Programme, new: Programme, corrections: Mapping[str, tuple[Correction, ...]]
) -> tuple[Mapping[str, str], ...]:
    """Return a finding for each correction that holds while the wording it was made of is another now.

    ``words`` are both wordings, ``detail`` is what the correction says; ``made`` counts the corrections of
    this field of the action: one more, and the finding is answered.
    """
    found = [
        _changed_wording(action, made, words)
        for action, own in corrections.items()
        if action in new.action_by_id
        for field in get_args(CorrectedField)
        if (made := [one for one in own if one.field == field])
        if made[-1].value or field not in _PRINTED_WHERE_EMPTY
        if (words := [_corrected_words(one, action, field) for one in (old, new)])[0] != words[1]
    ]
    for key, made in grouped_names(corrections.get("", ())).items():
        if key in old.organisation_by_key and key in new.organisation_by_key:
            names = [_shown(one.organisation_by_key[key].name) for one in (old, new)]
            if names[0] != names[1]:
                found.append({**_changed_wording("", made, names), "place": key})
    return tuple(found)


def grouped_names(made: Iterable[Correction]) -> dict[str, list[Correction]]:
    """Return the corrections of organisations' names by key."""
    found: dict[str, list[Correction]] = {}
    for one in made:
        if one.field == "organisation":
            found.setdefault(keyed_names(one.value)[0], []).append(one)
    return found


def _changed_wording(action: str, made: Sequence[Correction], words: Sequence[str]) -> Mapping[str, str]:
    return {
        "code": CORRECTED_WORDING,
        "file": "",
        "place": action,
        "words": " → ".join(word or "–" for word in words),
        "detail": made[-1].value,
        "action": action,
        "field": made[-1].field,
        "made": str(len(made)),
    }


def _corrected_words(programme: Programme, key: str, field: CorrectedField) -> str:
    """Return the words of a programme's action that a correction of ``field`` stands instead of."""
    action = programme.action_by_id.get(key)
    if action is None:  # added by hand, and printed by now
        return ""
    match field:
        case "title-fi" | "title-sv" | "title-en" | "indicator-fi" | "indicator-sv" | "indicator-en":
            lang = next(one for one in LANGUAGES if field in {TITLE_FIELDS[one], INDICATOR_FIELDS[one]})
            if field == TITLE_FIELDS[lang]:
                return " / ".join(action.bullets.get(lang, ()))
            return action.indicator.as_dict().get(lang, "")
        case "goal":
            return _shown(programme.goal_by_key[action.goal].name)
        case "theme":
            return _shown(programme.domain_of(action).name)
        case "no-action" | "part-of" | "new-action" | "second-action":
            return _shown(action.title)
        case "frequency":
            return _shown(action.title) + (f" / {_shown(action.indicator)}" if action.indicator else "")
        case "leads" | "partners":
            return _shown(action.responsible)
        case "measures":
            return _shown(action.indicator)
        case "name-fi" | "name-sv" | "name-en":
            return _shown(action.title)
        case _:
            return _shown(action.schedule)


def _of_actions(old: Programme, new: Programme) -> Iterator[ProgrammeChange]:
    before, after = old.action_by_id, new.action_by_id
    for action_id in dict.fromkeys((*before, *after)):
        if action_id not in after:
            yield ProgrammeChange("removed", action_id)
        elif action_id not in before:
            yield ProgrammeChange("added", action_id)
        else:
            was, will = before[action_id], after[action_id]
            if dict(was.bullets) != dict(will.bullets):
                yield ProgrammeChange("changed", action_id, "title", _shown(was.title), _shown(will.title))
            # The printed schedule and cell of what is corrected hold no more.
            held = {"schedule": will.correction("schedule"), "responsible": will.correction("leads")}
            texts = [name for name in _TEXTS if not held.get(name)]
            yield from _fields(was, will, action_id, (*texts, *_KEYS, "handovers"))


def _fields(old: object, new: object, place: str, names: tuple[str, ...]) -> Iterator[ProgrammeChange]:
    for field in names:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield ProgrammeChange("changed", place, field, _shown(before), _shown(after))


def _of_dates(old: Programme, new: Programme) -> Iterator[ProgrammeChange]:
    """Yield the dates that come, go and move; of a long series only how many."""
    before = {str(row.id): row.due for row in occurrences(old) if row.kind != "event"}
    after = {str(row.id): row.due for row in occurrences(new) if row.kind != "event"}
    for row_id in dict.fromkeys((*before, *after)):
        was, will = before.get(row_id), after.get(row_id)
        if was != will:
            kind: ChangeKind = "added" if was is None else "removed" if will is None else "moved"
            yield ProgrammeChange(kind, row_id, "due", str(was or ""), str(will or ""))


def with_left_dates(changes: Iterable[ProgrammeChange], today: date) -> tuple[ProgrammeChange, ...]:
    """Return changes with what becomes in calendars of the dates that go (calendar.md, point 10).

    Past ones stay, those to come are cancelled; start notes are in no calendar.
    """

    def left(one: ProgrammeChange) -> ProgrammeChange:
        if one.kind != "removed" or one.field != "due" or OccurrenceID.parse(one.place).kind == "start":
            return one
        if date.fromisoformat(one.before) < today:
            return replace(one, kind="stays", after=one.before)
        return replace(one, kind="cancelled")

    return tuple(map(left, changes))


def _shown(value: object) -> str:
    if isinstance(value, Handover):
        return f"{value.giver} to {value.taker} from {value.effective_from}"
    if isinstance(value, Text):
        return " / ".join(dict.fromkeys(value.as_dict().values()))
    if isinstance(value, tuple):
        return ", ".join(getattr(one, "key", None) or _shown(one) for one in value)
    return str(value)


def finding_name(finding: Mapping[str, str]) -> str:
    """Return what a finding is accepted by: its code and words; its place may move with the next import."""
    return f"{finding['code']}: {finding['words']}"


def open_findings(
    findings: Iterable[Mapping[str, str]], corrections: Mapping[str, tuple[Correction, ...]]
) -> tuple[Mapping[str, str], ...]:
    """Return the findings of an import that nobody has decided; "" stands for the programme's own decisions.

    One about a correction is decided by the next correction of that field of the action.
    """
    accepted = {one.value for one in corrections.get("", ()) if one.field == "accepted"}

    def is_open(finding: Mapping[str, str]) -> bool:
        if accepted & {finding["code"], finding_name(finding)}:
            return False
        own = corrections.get(finding.get("action", ""), ())
        if finding.get("field") == "organisation":
            own = tuple(grouped_names(own).get(finding["place"], ()))
        made = sum(one.field == finding.get("field") for one in own)
        return made <= int(finding.get("made", made))

    return tuple(one for one in findings if is_open(one))
