"""Programmes from files into the database: read, compare with what is stored, store as a whole.

Answers, corrections, holds and history stay: they hang on ids, which a re-import keeps or takes along
(``intake.pairing``). What a new version does not tell by itself is asked; the version before is kept.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from reminders.clock import civil_time
from reminders.errors import DamagedError, GuardError, InputError, NotFoundError, UsageError
from reminders.intake.account import FileAccount
from reminders.intake.choices import NO_CHOICES, DocumentChoices, ReadingChoices
from reminders.intake.document import neutral_document
from reminders.intake.pairing import (
    ENDED,
    Pairing,
    SameAnswers,
    Stored,
    lasting_origins,
    pair_versions,
    with_history,
)
from reminders.intake.read import ProgrammeReading, Progress
from reminders.intake.reading_process import read_programme_apart
from reminders.intake.words import plain_words
from reminders.planning.programme_diff import (
    CORRECTED_WORDING,
    ProgrammeChange,
    changed_under_corrections,
    programme_changes,
    with_left_dates,
)
from reminders.planning.programme_settings import programme_with
from reminders.planning.state import ProgrammeRow
from reminders.programmes import built_in_keys
from reminders.service import Service
from reminders.store import Connection, evidence, people, programmes
from reminders.store.programmes import ProgrammeVersion, programme_document
from reminders.store.renaming import (
    MovedCells,
    cells_naming,
    join_parts,
    moved_cells,
    note_taken_in,
    part_cells,
    rename_keys,
    stored_keys,
)
from reminders.use.programme.reading_choices import forget_choices, remember_choices, remembered_choices
from reminders.use.programme.store_programme import read_built_in, rework, store_programme
from reminders.use.watch.audit import record_act
from schedule_rules.programme import Lang, Programme

_NO_YEAR = 2000
"""The period of a programme without years that is only looked at, without a service and its clock."""
_SLIP = 0.75
"""From this likeness on a key that nothing is stored under may be a slip for one that there is."""
KEPT_ORGANISATION = "organisation-kept"
"""The finding of an organisation that the new version no longer names and that is kept all the same."""

NOBODY_LISTED = "nobody-listed"
"""The note of a party that comes with a new version and has nobody in the contact list."""
ASKED_ANEW = "asked-anew"
"""The note of an answered action that becomes another party's, of which it is asked anew."""

Finding = Mapping[str, str]
_NOWHERE = {"file": "", "place": "", "detail": ""}


@dataclass(frozen=True)
class Import:
    """What files hold and what taking them in would change.

    ``old`` is the stored programme that they are a version of, as printed; ``before`` the same with the keys
    that its actions and organisations would get, as far as that is known; ``is_damaged`` tells that what is
    stored cannot be read, so that nothing is compared; ``notes`` are shown and not kept; ``stamp``
    tells that a second reading would do the same, whatever is answered; ``accounts`` tell what became of each
    file's rows and paragraphs; ``choices`` what each was read with; ``forgets`` that what was remembered for
    such files no longer holds.
    """

    programme: Programme
    document: Mapping[str, Any]
    findings: tuple[Finding, ...]
    changes: tuple[ProgrammeChange, ...]
    is_new: bool
    old: Programme | None = None
    before: Programme | None = None
    pairing: Pairing = field(default_factory=Pairing)
    notes: tuple[Finding, ...] = ()
    is_damaged: bool = False
    parted: MovedCells = field(default_factory=list)
    stamp: str = ""
    accounts: tuple[FileAccount, ...] = ()
    choices: tuple[DocumentChoices, ...] = ()
    forgets: bool = False

    def refusal(self, *, accept_loss: bool) -> Literal["questions", "loss"] | None:
        """Return why it is not stored as it stands: something is asked, or would be lost."""
        if self.pairing.open or self.pairing.clashes:
            return "questions"
        loses = self.pairing.is_large or bool(self.pairing.answered)
        return "loss" if loses and not accept_loss else None


def read_import(
    service: Service | None,
    files: Sequence[str],
    choices: ReadingChoices | None,
    key: str | None,
    progress: Progress | None = None,
    same: SameAnswers | None = None,
    *,
    is_new: bool = False,
    by_name: bool = False,
    forget: bool = False,
) -> Import:
    """Read files, or a built-in programme by its key; nothing is stored.

    ``choices`` say how they are to be read; else what is remembered of the programme's documents (of all,
    where no key is given) holds for such of the same headings, unless ``forget`` says that it does no more.

    ``key`` names the stored programme that they are a version of: its ids and organisations are kept, and
    ``same`` answers what goes on as what. Without a ``service`` nothing is compared. A key that nothing is
    stored under while the files seem to be of a stored programme is a ``GuardError`` that names both, unless
    ``is_new`` says that they are another programme. Where no key is given, ``by_name`` takes documents for a
    version of the stored programme that has their name.
    """
    stored = printed_programmes(service)
    chosen = choices or NO_CHOICES
    if len(files) == 1 and files[0] in built_in_keys():
        programme, _ = read_built_in(files[0])
        return _import(service, ProgrammeReading(programme, (), ()), key, same, is_new=is_new)
    paths = [Path(file) for file in files]
    known = stored.get(key) if key else None
    year = service.clock().year if service else _NO_YEAR

    def read(key: str | None, known: Programme | None) -> ProgrammeReading:
        remembered = () if forget else remembered_choices(service, key)
        return read_programme_apart(
            paths, choices=chosen, remembered=remembered, known=known, progress=progress, year=year
        )

    reading = read(key, known)
    if not key and paths[0].suffix not in {".yaml", ".yml"}:
        key = _recognised(reading.programme, stored.values(), by_name=by_name)
        if known := stored.get(key or ""):
            reading = read(key, known)
    found = _import(service, reading, key, same, is_new=is_new)
    return replace(found, accounts=reading.accounts, choices=reading.choices, forgets=forget)


def _recognised(programme: Programme, stored: Iterable[Programme], *, by_name: bool) -> str | None:
    """Return the key of the stored programme that a file without a key is a version of.

    It has the key that the file's name and years make, or (``by_name``) the name itself; ``GuardError`` where
    several have that.
    """
    found = [
        one.key for one in stored if one.key == programme.key or (by_name and _is_namesake(programme, one))
    ]
    if len(found) > 1:
        raise GuardError(
            f"several programmes are called {programme.name.get(_first(programme))!r}: {', '.join(found)}; "
            "nothing is stored. Name the one that is meant: --programme KEY"
        )
    return next(iter(found), None)


def _is_namesake(one: Programme, other: Programme) -> bool:
    """Tell whether two programmes have the same name in a language, and years in common."""
    names = [{plain_words(name) for name in each.name.as_dict().values()} for each in (one, other)]
    years = one.period.first <= other.period.last and other.period.first <= one.period.last
    return years and not names[0].isdisjoint(names[1])


def printed_programmes(service: Service | None) -> dict[str, Programme]:
    """Return the stored programmes as they were printed, by key; none without a service."""
    if service is None:
        return {}
    with service.database.read() as connection:
        return {row.programme.key: row.printed for row in programmes.all_programmes(connection)}


def _check_key(service: Service | None, programme: Programme, key: str, *, is_new: bool) -> None:
    """Refuse a key that nothing is stored under where it looks like a slip for a stored programme's.

    That is one of like key whose key or name the file has; ``is_new`` says that none is meant.
    """
    known = printed_programmes(service)
    with service.database.read() if service else nullcontext() as connection:
        keys = programmes.programme_keys(connection) if connection else ()
    if key in keys:
        if is_new:
            raise UsageError(f"--new: expected a key that nothing is stored under yet; found {key!r}")
        return
    digits = re.findall(r"\d+", key)
    for other in () if is_new else keys:
        same_name = other in known and _is_namesake(programme, known[other])
        slip = digits == re.findall(r"\d+", other) and difflib.get_close_matches(key, [other], 1, _SLIP)
        if slip and (same_name or other == programme.key):
            raise GuardError(
                f"there is no programme {key!r}; {other!r} seems to be meant, nothing is stored. "
                f"A version of that one: --programme {other}; one of its own: --programme {key} --new"
            )


def _import(
    service: Service | None,
    reading: ProgrammeReading,
    key: str | None,
    same: SameAnswers | None,
    *,
    is_new: bool,
) -> Import:
    if key:
        _check_key(service, reading.programme, key, is_new=is_new)
    programme = replace(reading.programme, key=key) if key else reading.programme
    alone = len(reading.documents) == 1
    first: Lang = "en" if "en" in programme.languages else programme.languages[0]
    document = reading.documents[0].as_json() if alone else neutral_document(programme, first)
    findings = tuple(
        {"code": one.code, "file": one.file, "place": one.place, "words": one.words, "detail": one.detail}
        for one in reading.findings
    )
    try:
        row, stored = _stored(service, programme.key)
    except DamagedError:
        assert service is not None  # noqa: S101 - without one nothing is stored
        whole = _mended(service, programme)
        return Import(whole, document, findings, (), is_new=False, is_damaged=True)
    return _compared(service, row, stored, programme, document, findings, same or SameAnswers())


def _mended(service: Service, programme: Programme) -> Programme:
    """Return a programme that takes the place of one that cannot be read, with what that had beyond its file.

    It is taken for the same version: what it kept of the one before, where there is one, is worked out anew.
    """
    with service.database.read() as connection:
        keys = stored_keys(connection, programme.key)
        older = programmes.programme_versions(connection, programme.key)[1:]
        try:
            last = programmes.version_before(connection, programme.key)
        except DamagedError:
            last = None
    if last is None:
        return programme
    before, moves = last.programme, last.moves
    went_on = {one.id: moves["actions"].get(one.id, one.id) for one in before.actions}
    same = {old: new for old, new in went_on.items() if new in programme.action_by_id}
    pairing = Pairing(moves["actions"], moves["organisations"], same)
    stored = Stored(keys.actions, keys.organisations, keys.answered)
    day = civil_time(service.settings, last.replaced_at).day
    origins = lasting_origins(before, programme, pairing, [one.programme for one in older], day)
    return with_history(before, programme, pairing, stored, origins)


def _stored(service: Service | None, key: str) -> tuple[ProgrammeRow | None, Stored]:
    if service is None:
        return None, Stored()
    with service.database.read() as connection:
        if key not in programmes.programme_keys(connection):
            return None, Stored()
        keys = stored_keys(connection, key)
        versions = tuple(one.programme for one in programmes.programme_versions(connection, key))
        row = programmes.stored_programme(connection, key)
    return row, Stored(keys.actions, keys.organisations, keys.answered, versions)


def _compared(
    service: Service | None,
    row: ProgrammeRow | None,
    stored: Stored,
    programme: Programme,
    document: Mapping[str, Any],
    findings: tuple[Finding, ...],
    same: SameAnswers,
    taken_back: Mapping[str, str] | None = None,
) -> Import:
    """Return what a programme would change in the stored one; ``taken_back`` are ids of a version before."""
    if row is None or service is None:
        return Import(programme, document, findings, programme_changes(None, programme), is_new=True)
    old, today = row.printed, civil_time(service.settings, service.clock()).day
    pairing = pair_versions(old, programme, stored, same, today, taken_back or {})
    origins = programme.origins
    if taken_back is None:
        origins = lasting_origins(old, programme, pairing, stored.versions, today)
    whole = with_history(old, programme, pairing, stored, origins)
    shown = pairing
    if pairing.open:  # what is the very same elsewhere is shown as what it most likely is
        with suppress(UsageError):
            shown = pair_versions(old, programme, stored, replace(same, titles=True), today)
    before = old.rekeyed(shown.actions, shown.organisations)
    renumbered = (
        ProgrammeChange("changed", new, "id", key, new) for key, new in shown.same.items() if key != new
    )
    corrections = {shown.actions.get(one.id, one.id): one.corrections for one in row.programme.actions}
    kept = tuple(
        dict(_NOWHERE, code=KEPT_ORGANISATION, place=one.key, words=one.name.get(_first(old)))
        for one in whole.organisations
        if one.key not in programme.organisation_by_key and one.key in old.lead_organisations()
    )
    in_force = (
        programme_with(before.corrected(corrections), row.chosen),
        programme_with(whole.corrected(corrections), row.chosen),
    )
    with service.database.read() as connection:
        listed = {one.organisation for one in people.contacts_of(connection, programme.key)}
    changes = programme_changes(before, whole, in_force)
    if not row.is_draft:
        changes = with_left_dates(changes, today)
    texts = (programme.key, str(document), programme_document(programme), programme_document(old))
    return Import(
        programme=whole,
        document=document,
        findings=(*findings, *kept, *changed_under_corrections(before, whole, corrections)),
        changes=(*renumbered, *changes),
        is_new=False,
        old=old,
        before=before,
        pairing=pairing,
        notes=tuple(_notes(before, whole, shown, stored, listed)),
        stamp=hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32],
    )


def _notes(
    before: Programme, whole: Programme, pairing: Pairing, stored: Stored, listed: Collection[str]
) -> Iterator[Finding]:
    """Yield what a new version brings about without changing a word of it.

    A party that has nobody in the contact list, though there is one; an answered action that is another
    party's now, which is asked of that one.
    """
    named = {pairing.organisations.get(key, key) for key in listed}
    led = before.lead_organisations()
    for key in whole.lead_organisations() if listed else ():
        if key not in named and key not in led:
            name = whole.organisation_by_key[key].name.get(_first(whole))
            yield dict(_NOWHERE, code=NOBODY_LISTED, place=key, words=name)
    for old, new in pairing.same.items():
        was, will = before.action_by_id.get(new), whole.action_by_id[new]
        added = set(will.leads) - set(was.leads) if was else set[str]()
        if old in stored.answered and added:
            names = (whole.organisation_by_key[key].name.get(_first(whole)) for key in sorted(added))
            yield dict(_NOWHERE, code=ASKED_ANEW, place=new, words=", ".join(names))


def _first(programme: Programme) -> Lang:
    return programme.languages[0]


def read_version_before(service: Service, key: str, same: SameAnswers | None = None) -> Import:
    """Return what taking back the newest version of a programme would change; nothing is stored.

    Keys that moved with it move back; nothing is asked, for what went on as what is stored with the version.
    ``NotFoundError`` when there is no such programme, or no version before.
    """
    with service.database.read() as connection:
        programmes.check_programme(connection, key)
        version = programmes.version_before(connection, key)
    row, stored = _stored(service, key)
    if row is None or version is None:
        raise NotFoundError(f"{key} has no version before this one")
    actions = {new: old for old, new in version.moves["actions"].items()}
    organisations = _taken_apart(version.programme, version.moves["organisations"])
    goes_back = _going_back(row.printed, version, organisations)
    retired = {new: old for new, old in actions.items() if new not in row.printed.action_by_id}
    answers = same or SameAnswers()
    answers = SameAnswers({**goes_back, **answers.pairs}, answers.titles)
    programme = version.programme
    document = neutral_document(programme, "en" if "en" in programme.languages else _first(programme))
    found = _compared(service, row, stored, programme, document, version.findings, answers, retired)
    return replace(found, parted=version.joined)


def _joined(old: Programme, moves: Mapping[str, str]) -> Mapping[str, str]:
    """Return the organisations that another takes in with a new version, and which.

    Of several that become one the one whose key that is goes on, else the first in the programme's order:
    its successor, with which what is written from then on stays if the version is taken back.
    """
    found: dict[str, str] = {}
    taken = {one.key for one in old.organisations if one.key not in moves}
    for one in old.organisations:
        if (new := moves.get(one.key)) is not None:
            if new in taken:
                found[one.key] = new
            taken.add(new)
    return found


def _taken_apart(old: Programme, moves: Mapping[str, str]) -> dict[str, str]:
    """Return which key each organisation gets back when a version is taken back, by its key of today."""
    joined = _joined(old, moves)
    return {new: key for key, new in moves.items() if key not in joined}


def _going_back(
    now: Programme, version: ProgrammeVersion, organisations: Mapping[str, str]
) -> dict[str, str]:
    """Return as what each action and organisation of today's version goes on in the one before it.

    An action of then that kept its id went on; what ended and left its id to another is under one of its own.
    What came with today's version ends. ``organisations`` are those that had another key, by that of today.
    """
    before, moves = version.programme, version.moves["actions"]
    went_on = {moves.get(one.id, one.id): one.id for one in before.actions}
    units = {
        one.key: organisations.get(one.key, one.key if one.key in before.organisation_by_key else ENDED)
        for one in now.organisations
    }
    return {**units, **{one.id: went_on.get(one.id, ENDED) for one in now.actions}}


def has_version_before(service: Service) -> tuple[str, ...]:
    """Return the keys of the programmes whose newest version can be taken back: both can be read."""
    found = []
    with service.database.read() as connection:
        for row in programmes.all_programmes(connection):
            with suppress(DamagedError):
                if programmes.version_before(connection, row.programme.key):
                    found.append(row.programme.key)
    return tuple(found)


def store_import(service: Service, found: Import, *, accept_loss: bool = False) -> bool:
    """Store what was read, in one transaction; a new programme is held. Return whether anything changed.

    The version before is kept, and rows that named actions and organisations by other keys follow. Raises
    ``GuardError`` while something is asked, a loss is not accepted, or the programme has changed meanwhile.
    """
    if not found.programme.actions:
        raise InputError(found.programme.key, "the programme", "no action", "at least one")
    key, now = found.programme.key, service.clock()
    if refused := found.refusal(accept_loss=accept_loss):
        asked = ", ".join(one.key for one in found.pairing.open)
        lost = ", ".join(found.pairing.lost)
        what = f"it is asked what goes on as what: {asked}" if refused == "questions" else f"it loses {lost}"
        raise GuardError(f"{key}: nothing is stored; {what}")
    with service.database.write() as connection:
        if found.is_damaged and key not in programmes.readable_programmes(connection)[1]:
            raise GuardError(f"{key} has changed since the file was read: import it again")
        if found.is_new or found.is_damaged:
            changed = store_programme(connection, found.programme, now)
            if changed:
                programmes.set_findings(connection, key, found.findings)
        else:
            changed = _store_version(connection, found, service)
        if changed:
            counts = {"actions": len(found.programme.actions)}
            record_act(connection, service, "import", key, counts=counts)
        _keep_choices(connection, service, found)
    return changed


def _keep_choices(connection: Connection, service: Service, found: Import) -> None:
    """Remember what a person chose for the next version of the same documents, or forget it."""
    key = found.programme.key
    if found.forgets and forget_choices(connection, key, found.choices):
        record_act(connection, service, "reading-choices-forgotten", key)
    day = civil_time(service.settings, service.clock()).day
    if remember_choices(connection, key, found.choices, day):
        record_act(connection, service, "reading-choices", key)


def _store_version(connection: Connection, found: Import, service: Service) -> bool:
    """Put a new version in the place of the stored one, inside the caller's transaction."""
    key, now, pairing = found.programme.key, service.clock(), found.pairing
    row = programmes.stored_programme(connection, key)
    if found.old is None or row.printed != found.old:
        raise GuardError(f"{key} has changed since the file was read: import it again")
    if found.programme == row.printed and not (pairing.actions or pairing.organisations):
        return False
    moves = {"actions": dict(pairing.actions), "organisations": dict(pairing.organisations)}
    programmes.keep_version(connection, key, moves, now)
    true = evidence.true_facts(connection)
    part_cells(connection, found.parted)
    joined = _joined(found.old, pairing.organisations)
    cells = cells_naming(connection, key, joined) if joined else []
    marked = note_taken_in(connection, key, joined, pairing.organisations)
    rename_keys(connection, key, pairing.actions, pairing.organisations)
    if cells:
        moved = moved_cells(connection, cells, key, pairing.actions, pairing.organisations)
        programmes.note_joined(connection, key, [*moved, *marked])
    if found.parted:
        join_parts(connection, key)
    named = stored_keys(connection, key).organisations
    left = tuple(
        one
        for one in found.old.organisations
        if one.key in named and one.key not in found.programme.organisation_by_key
    )
    whole = replace(found.programme, organisations=(*found.programme.organisations, *left))
    if not store_programme(connection, whole, now):  # only keys move
        programmes.touch_programme(connection, key, now)
        rework(connection, key, now)
    programmes.set_findings(connection, key, (*found.findings, *_still_open(row, found)))
    evidence.note_renamed(connection, true, now)
    return True


def _still_open(row: ProgrammeRow, found: Import) -> tuple[Finding, ...]:
    """Return the findings about corrections that earlier imports made and nobody has decided yet."""
    again = {(one["action"], one["field"]) for one in found.findings if one["code"] == CORRECTED_WORDING}
    moved = [
        {**one, "action": action, "place": action}
        for one in row.findings
        if one["code"] == CORRECTED_WORDING
        for action in (found.pairing.actions.get(one["action"], one["action"]),)
    ]
    return tuple(
        one
        for one in moved
        if (one["action"], one["field"]) not in again and one["action"] in found.programme.action_by_id
    )
