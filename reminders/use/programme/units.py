"""Whether words of a document name one party or two: a person's answer to what the reading was not sure of.

That they are one is worked into every action whose responsible cell has the words, as corrections of its
parties; that they are two is said of the one organisation that they were read as. Organisations that are not
there yet are added. As any correction it holds in the next version too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from reminders.clock import civil_time
from reminders.errors import NotFoundError
from reminders.intake.parties import SAME, NameDirectory
from reminders.intake.reimport import slug, unique
from reminders.intake.words import FEED_NAMES, plain_words, squeeze
from reminders.planning.programme_diff import finding_name
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import programmes
from reminders.use.programme.correct import move_history
from reminders.use.programme.store_programme import rework
from reminders.use.watch.audit import record_act
from schedule_rules.corrections import written_names
from schedule_rules.programme import CorrectedField, Correction, Text

ONE_OR_TWO: Final = "one-or-two-units"
"""The finding of words that were read as one party, and may be two."""
TWO_OR_ONE: Final = "two-or-one-units"
"""The finding of words that were read as two parties, and may be one."""


@dataclass(frozen=True, slots=True)
class DoubtfulUnits:
    """Words that may be one party, ``whole``, or several, ``pieces``."""

    whole: str
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, finding: Mapping[str, str]) -> DoubtfulUnits | None:
        """Return what a finding asks about; None: it is none of these, or its words say too little."""
        pieces = tuple(filter(None, finding["detail"].split("; ")))
        if finding["code"] not in {ONE_OR_TWO, TWO_OR_ONE} or len(pieces) < 2:
            return None
        words = squeeze(finding["words"])
        start = words.find(pieces[0])
        end = words.find(pieces[-1], start + len(pieces[0])) + len(pieces[-1])
        if start < 0 or end < start + len(pieces[0]) + len(pieces[-1]):
            return None
        return cls(words[start:end], pieces)


def answer_units(service: Service, key: str, name: str, by: str, *, is_one: bool) -> None:
    """Record whether a finding's words are one party or several, and rework the programme.

    ``name`` is what ``finding_name`` calls it; ``NotFoundError``: it is not open any more.
    """
    now = service.clock()
    day = civil_time(service.settings, now).day
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, key)
        finding = next((one for one in row.findings if finding_name(one) == name), None)
        doubt = DoubtfulUnits.of(finding) if finding else None
        if doubt is None:
            raise NotFoundError(f"no finding {name!r}")
        recorded = tuple(_corrections(row, doubt, by, day, is_one=is_one))
        for action, made in recorded:
            if made.field == "party":
                move_history(connection, key, made.value, now)
            programmes.add_correction(connection, key, action, made)
        programmes.add_correction(connection, key, "", Correction("accepted", name, by, day))
        programmes.touch_programme(connection, key, now)
        rework(connection, key, now)
        answer = doubt.whole if is_one else "; ".join(doubt.pieces)
        record_act(connection, service, "correct", key, f"parties: {answer}", by=by)


def _corrections(
    row: ProgrammeRow, doubt: DoubtfulUnits, by: str, day: date, *, is_one: bool
) -> Iterator[tuple[str, Correction]]:
    """Yield what is recorded, with its action: new organisations first, then the parties of each action."""
    programme, plain = row.programme, plain_words(doubt.whole)
    found = {
        action.id: lang
        for action in programme.actions
        for lang, words in action.responsible.as_dict().items()
        if f" {plain} " in f" {plain_words(words)} "
    }
    lang = next(iter(found.values()), programme.languages[0])
    names = NameDirectory(programme.organisations)
    taken = {*programme.domain_by_key, *programme.organisation_by_key, *FEED_NAMES}
    taken |= row.printed.organisation_by_key.keys()
    keys: dict[str, str] = {}
    for name in (doubt.whole,) if is_one else doubt.pieces:
        match = names.find(name, lang)
        if match.likeness >= SAME:
            keys[name] = match.key
        else:
            keys[name] = unique(slug(name, lang, 40), taken)
            taken.add(keys[name])
            value = f"{keys[name]} = {written_names(Text(**{lang: name}))}"
            yield "", Correction("organisation", value, by, day)
    whole = names.find(doubt.whole, lang)
    if not is_one:  # whoever names it, in a new row too, means both
        if whole.likeness >= SAME and whole.key not in keys.values():
            yield "", Correction("party", f"{whole.key} = {' '.join(keys.values())}", by, day)
        return
    old = {names.find(name, lang).key for name in doubt.pieces}
    for action_id in found:
        action = programme.action_by_id[action_id]
        sides: tuple[tuple[CorrectedField, tuple[str, ...]], ...] = (
            ("leads", action.leads),
            ("partners", action.partners),
        )
        for field, parties in sides:
            fresh = _replaced(parties, old - {*keys.values()}, tuple(keys.values()))
            if fresh != parties:
                yield action_id, Correction(field, " ".join(fresh), by, day)


def _replaced(parties: tuple[str, ...], old: set[str], new: tuple[str, ...]) -> tuple[str, ...]:
    """Return parties with ``new`` in the place of the first of those that they stand instead of."""
    if old.isdisjoint(parties):
        return parties
    at = next(at for at, one in enumerate(parties) if one in old)
    return tuple(dict.fromkeys(one for one in (*parties[:at], *new, *parties[at:]) if one not in old))
