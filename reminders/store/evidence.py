"""The evidence: append-only events, chained under the secret key, and what they say of every row.

It proves that a message was handed over. Who can write the database but has not the key can change no event,
leave none out and add none, without ``changed_rows`` finding it; nor a mail, its items or its reminders. Only
the end of the record, cut off together with an older head in its place, needs a head that was printed.
Acts of the audit trail are sealed in the same chain (``store.audit`` writes them).

The secret is the database's (``Database.use_secret``); each connection brings it along.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, func, insert, select, text, update

from reminders.letters.delivery_events import DeliveryEvent, without_addresses
from reminders.letters.evidence import GENESIS, LEFT, EvidenceKey, changed_cells, plain_link
from reminders.store import installation, tables
from reminders.store.tables import columns_of, from_row, grouped

_CHAIN_LOCK = 0x636861696E
_BATCH: Final = 200
_AT_ONCE: Final = 500
_EVENT, _HEAD = tables.delivery_event, tables.evidence_head
_OPEN: Final = frozenset(("queued", "sending"))
_OF_DIGEST: Final = ("kind", "version", "language")
_OF_REMINDER: Final = (
    *("occurrence_id", "sequence", "stage", "organisations", "role", "due_on", "ordinal", "reason"),
    *("waits", "promised", "without_contact"),
)
_IDENTITY: Final = ("occurrence_id", "sequence", "stage")
_DIGEST_STATES: Final = {
    **dict.fromkeys(_OPEN, "composed"),
    "sent": "sent",
    "uncertain": "uncertain",
    "cancelled": "cancelled",
    **dict.fromkeys(("failed", "expired"), "failed"),
}
_REMINDER_STATES: Final = {"composed": "in_digest", "sent": "sent", "uncertain": "uncertain"}
"""What the reminders of a mail are; those of one that failed or was taken back have gone on."""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How many events there are, and the hash of the last."""

    events: int
    hash: str


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that is not as the record says: which field, and what was expected of it."""

    table: str
    id: int
    field: str
    expected: str

    def __str__(self) -> str:
        """Say it in one line."""
        where = f"{self.table} {self.id}, {self.field}" if self.field else f"{self.table} {self.id}"
        return f"{where}: expected {self.expected}"


def evidence_key(connection: Connection) -> EvidenceKey:
    """Return the key that a connection brings along."""
    key = connection.get_execution_options().get("evidence")
    if not isinstance(key, EvidenceKey):
        raise TypeError("this database was opened without the secret key")
    return key


# -- writing


def append(connection: Connection, *events: DeliveryEvent) -> None:
    """Append events to the chain; the hash of each covers the one before, and none holds an address.

    On PostgreSQL the other workers then wait for the end of this transaction: it comes last in it.
    """
    if not events:
        return
    _lock(connection)
    found = _stored_head(connection)
    head = ChainHead(found["events"], found["hash"]) if found else _begun(connection, events[0].at)
    _write(connection, head, events)


def _write(connection: Connection, head: ChainHead, events: Iterable[DeliveryEvent]) -> None:
    key, rows, previous = evidence_key(connection), list[dict[str, Any]](), head.hash
    for one in events:
        event = replace(one, text=without_addresses(one.text), state=one.state or _state(connection, one))
        own = key.link(previous, event)
        rows.append({**columns_of(event), "prev_hash": previous, "hash": own})
        previous = own
    connection.execute(insert(_EVENT), rows)
    _set_head(connection, ChainHead(head.events + len(rows), previous))


def _state(connection: Connection, event: DeliveryEvent) -> str:
    table = tables.outbox
    if event.outbox_id is None:
        return ""
    query = select(table.c.state).where(table.c.id == event.outbox_id)
    return connection.execute(query).scalar() or ""


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})


def _stored_head(connection: Connection) -> RowMapping | None:
    return connection.execute(select(_HEAD)).mappings().first()


def _set_head(connection: Connection, head: ChainHead) -> None:
    key = evidence_key(connection)
    values = {"events": head.events, "hash": head.hash, "seal": key.seal(head.events, head.hash)}
    if not connection.execute(update(_HEAD).where(_HEAD.c.id == 1).values(values)).rowcount:
        connection.execute(insert(_HEAD).values(id=1, **values))


def has_begun(connection: Connection) -> bool:
    """Tell whether the chain has begun under a key."""
    return _stored_head(connection) is not None


def begin(connection: Connection, now: datetime) -> None:
    """Begin the chain: note whose key it is, and seal what an older release wrote; once."""
    _lock(connection)
    if not has_begun(connection):
        _begun(connection, now)


def _begun(connection: Connection, now: datetime) -> ChainHead:
    known = installation.value_of(connection, "key")
    if not known:
        installation.set_value(connection, "key", evidence_key(connection).check)
    if not installation.epochs(connection):
        installation.begin_epoch(connection)
    if _rows(connection):
        return _seal(connection, now, "lost" if known else "upgrade")
    head = ChainHead(0, GENESIS)
    _set_head(connection, head)
    return head


def accept_key(connection: Connection, now: datetime) -> None:
    """Let the key of today be the database's: the record as it stands is sealed under it, unverified."""
    _lock(connection)
    installation.set_value(connection, "key", evidence_key(connection).check)
    _seal(connection, now, "key")


def has_other_key(connection: Connection) -> bool:
    """Tell whether the secret key is another than the one that the database began with."""
    known = installation.value_of(connection, "key")
    return bool(known) and known != evidence_key(connection).check


def _seal(connection: Connection, now: datetime, why: str) -> ChainHead:
    """Seal all that was written before under today's key, and record every row as it stands now.

    What an older release wrote is verified first; what was not whole is named in the seal.
    """
    rows, key = _rows(connection), evidence_key(connection)
    head = ChainHead(len(rows), rows[-1]["hash"] if rows else GENESIS)
    facts: dict[str, Any] = {"why": why, "events": head.events, "head": head.hash}
    facts["digest"] = _digest_of(key, rows)
    if why == "upgrade":
        facts["broken"] = _plain_breaks(rows)
        facts["altered"] = _altered_before(connection, rows)
    events = [DeliveryEvent(None, 0, now, "sealed", text=json.dumps(facts))]
    states = {row[0]: row[1] for row in connection.execute(select(tables.outbox.c.id, tables.outbox.c.state))}
    for outbox_id, found in mail_facts(connection).items():
        events.append(_about(outbox_id, now, "sealed", json.dumps(found), states[outbox_id]))
    events += [_of_reminder(one, now, "sealed", found) for one, found in planned_facts(connection).items()]
    events += [_of_act(one, now, "acted", found) for one, found in act_facts(connection).items()]
    events += _erased_before(connection, now, states)
    _write(connection, head, events)
    return ChainHead(head.events + len(events), _stored_hash(connection))


def _stored_hash(connection: Connection) -> str:
    return str(connection.execute(select(_HEAD.c.hash)).scalar_one())


def _about(outbox_id: int, now: datetime, kind: str, words: str, state: str = "") -> DeliveryEvent:
    return DeliveryEvent(outbox_id, 0, now, kind, text=words, state=state)


def _of_reminder(reminder_id: int, now: datetime, kind: str, facts: Mapping[str, Any]) -> DeliveryEvent:
    return DeliveryEvent(None, 0, now, kind, text=json.dumps(facts), reminder_id=reminder_id)


def _of_act(act_id: int, now: datetime, kind: str, facts: Mapping[str, Any]) -> DeliveryEvent:
    return DeliveryEvent(None, 0, now, kind, text=json.dumps({"act_id": act_id, **facts}))


def _erased_before(connection: Connection, now: datetime, states: Mapping[int, str]) -> list[DeliveryEvent]:
    outbox, reminder = tables.outbox, tables.reminder
    gone = {
        "octets": select(outbox.c.id).where(outbox.c.raw.is_(None)),
        "recipient": select(outbox.c.id).where(outbox.c.rcpt.endswith(LEFT)),
    }
    events = [
        _about(one, now, "erased", what, states[one])
        for what, query in gone.items()
        for one in connection.execute(query.order_by(outbox.c.id)).scalars()
    ]
    left = select(reminder.c.id).where(reminder.c.recipient.endswith(LEFT)).order_by(reminder.c.id)
    reminders = connection.execute(left).scalars()
    events += [DeliveryEvent(None, 0, now, "erased", text="recipient", reminder_id=n) for n in reminders]
    return events + act_erasures(connection, _acts_of_leavers(connection), now)


def note_composed(connection: Connection, outbox_ids: Collection[int], now: datetime) -> None:
    """Record mails as they stand when they are frozen."""
    found = mail_facts(connection, outbox_ids)
    append(connection, *(_about(n, now, "composed", json.dumps(found[n]), "queued") for n in outbox_ids))


def note_planned(connection: Connection, reminder_ids: Collection[int], now: datetime) -> None:
    """Record reminders that were planned, each by itself."""
    found = planned_facts(connection, reminder_ids)
    append(connection, *(_of_reminder(one, now, "planned", facts) for one, facts in found.items()))


def note_acts(connection: Connection, act_ids: Collection[int], now: datetime) -> None:
    """Record acts as they stand."""
    append(
        connection, *(_of_act(n, now, "acted", facts) for n, facts in act_facts(connection, act_ids).items())
    )


def act_erasures(connection: Connection, act_ids: Collection[int], now: datetime) -> list[DeliveryEvent]:
    """Return the events that say of acts what they are without the personal data that has just gone."""
    return [_of_act(n, now, "erased", facts) for n, facts in act_facts(connection, act_ids).items()]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record holds of mails and of reminders, by id."""

    mails: Mapping[int, Mapping[str, Any]]
    reminders: Mapping[int, Mapping[str, Any]]


def true_facts(connection: Connection) -> Facts:
    """Return the facts of those mails and reminders that are as the record says."""
    told = _told(connection)
    mails, reminders = mail_facts(connection), planned_facts(connection)
    return Facts(
        {one: found for one, found in mails.items() if told.mails.get(one) == found},
        {one: found for one, found in reminders.items() if told.reminders.get(one) == found},
    )


def note_renamed(connection: Connection, before: Facts, now: datetime) -> None:
    """Record anew what of ``before`` was true and has another name since: a new version renamed it."""
    mails, reminders = mail_facts(connection), planned_facts(connection)
    events = [
        _about(one, now, "renamed", json.dumps(mails[one]))
        for one, old in before.mails.items()
        if one in mails and mails[one] != old
    ]
    events += [
        _of_reminder(one, now, "renamed", reminders[one])
        for one, old in before.reminders.items()
        if one in reminders and reminders[one] != old
    ]
    append(connection, *events)


# -- the facts of a row


def _chunks(ids: Collection[int] | None) -> Iterable[list[int] | None]:
    if ids is None:
        return [None]
    wanted = sorted(ids)
    return (wanted[n : n + _AT_ONCE] for n in range(0, len(wanted), _AT_ONCE))


def mail_facts(connection: Connection, ids: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """Return what is recorded of mails, by outbox id; None: of all. Nothing of one without its digest."""
    found: dict[int, dict[str, Any]] = {}
    for chunk in _chunks(ids):
        found |= _mail_facts(connection, chunk)
    return found


def _mail_facts(connection: Connection, ids: list[int] | None) -> dict[int, dict[str, Any]]:
    outbox, digest, section, reminder = tables.outbox, tables.digest, tables.mail_section, tables.reminder
    key = evidence_key(connection)
    own = ("digest_id", "rcpt", "message_id", "subject", "sha256", "created_at")
    query = select(
        outbox.c.id, *(outbox.c[name] for name in own), digest.c.local_date, digest.c["items"]
    ).add_columns(digest.c.recipient, *(digest.c[name] for name in _OF_DIGEST))
    query = query.join(digest, digest.c.id == outbox.c.digest_id).order_by(outbox.c.id)
    if ids is not None:
        query = query.where(outbox.c.id.in_(ids))
    rows = connection.execute(query).mappings().all()
    sections, reminders = select(section), select(reminder).where(reminder.c.digest_id.is_not(None))
    if ids is not None:
        digests = [row["digest_id"] for row in rows]
        sections = sections.where(section.c.digest_id.in_(digests))
        reminders = reminders.where(reminder.c.digest_id.in_(digests))
    parts = _by_digest(connection.execute(sections.order_by(section.c.programme)).mappings())
    links = _by_digest(connection.execute(reminders.order_by(reminder.c.id)).mappings())
    return {
        row["id"]: {
            "digest": row["digest_id"],
            "day": row["local_date"].isoformat(),
            "recipient": key.recipient(row["rcpt"]),
            "reader": key.recipient(row["recipient"]),
            "message": key.digest(("message", row["message_id"])),
            "subject": key.digest(("subject", row["subject"])),
            "items": key.digest(("items", row["items"])),
            **{name: row[name] for name in _OF_DIGEST},
            "sections": key.grid(
                {one["programme"]: _section(one) for one in parts.get(row["digest_id"], ())}
            ),
            "reminders": key.grid(
                {str(one["id"]): _reminder(key, one) for one in links.get(row["digest_id"], ())}
            ),
            "created": row["created_at"].isoformat(),
            "sha256": row["sha256"],
        }
        for row in rows
    }


def _by_digest(rows: Iterable[RowMapping]) -> Mapping[int, tuple[RowMapping, ...]]:
    return grouped((row["digest_id"], row) for row in rows)


def _section(row: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"digest_id", "programme"}}


def _reminder(key: EvidenceKey, row: RowMapping) -> dict[str, Any]:
    return {**{name: row[name] for name in _OF_REMINDER}, "recipient": key.recipient(row["recipient"])}


def planned_facts(connection: Connection, ids: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """Return what is recorded of reminders when they are planned, by id; None: of all."""
    table, key, found = tables.reminder, evidence_key(connection), dict[int, dict[str, Any]]()
    for chunk in _chunks(ids):
        query = select(table.c.id, table.c.recipient, *(table.c[name] for name in _IDENTITY))
        if chunk is not None:
            query = query.where(table.c.id.in_(chunk))
        for row in connection.execute(query.order_by(table.c.id)).mappings():
            own = {name: row[name] for name in _IDENTITY}
            found[row["id"]] = {**own, "recipient": key.recipient(row["recipient"])}
    return found


def act_facts(connection: Connection, ids: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """Return what is recorded of acts, by id; None: of all."""
    table, key, found = tables.audit, evidence_key(connection), dict[int, dict[str, Any]]()
    for chunk in _chunks(ids):
        query = select(table) if chunk is None else select(table).where(table.c.id.in_(chunk))
        for row in connection.execute(query.order_by(table.c.id)).mappings():
            found[row["id"]] = {
                "at": row["at"].isoformat(),
                "address": key.recipient(row["address"]),
                "origin": key.digest(("origin", row["origin"])),
                "act": row["act"],
                "programme": row["programme"],
                "subject": key.digest(("subject", row["subject"])),
                "person": key.recipient(row["person"]),
                "counts": row["counts"],
            }
    return found


def _acts_of_leavers(connection: Connection) -> Sequence[int]:
    table = tables.audit
    # Of a removal the pseudonym is recorded from the first.
    person = table.c.person.endswith(LEFT) & (table.c.act != "person-removed")
    query = select(table.c.id).where(table.c.address.endswith(LEFT) | person)
    return connection.execute(query.order_by(table.c.id)).scalars().all()


# -- verifying


def _rows(connection: Connection) -> Sequence[RowMapping]:
    return connection.execute(select(_EVENT).order_by(_EVENT.c.id)).mappings().all()


def _digest_of(key: EvidenceKey, rows: Iterable[RowMapping]) -> str:
    """Return a keyed hash of events as they stand, whoever chained them."""
    return key.digest([[value for name, value in row.items() if name != "id"] for row in rows])


def _plain_breaks(rows: Iterable[RowMapping]) -> list[int]:
    """Return the ids of events of older releases whose hash does not fit what stands in the table."""
    previous, broken = GENESIS, []
    for row in rows:
        if row["prev_hash"] != previous or row["hash"] != plain_link(previous, from_row(DeliveryEvent, row)):
            broken.append(row["id"])
        previous = row["hash"]
    return broken


def _altered_before(connection: Connection, rows: Iterable[RowMapping]) -> list[int]:
    """Return the ids of mails that are not as the events of older releases say.

    Their octets or hash are others than were composed, or they are over and no event says how.
    """
    outbox = tables.outbox
    composed = {row["outbox_id"]: row["text"] for row in rows if row["kind"] == "composed"}
    over = {row["outbox_id"] for row in rows if row["kind"] != "composed"}
    query = select(outbox.c.id, outbox.c.state, outbox.c.sha256, outbox.c.raw).order_by(outbox.c.id)
    return [
        number
        for number, state, sha256, raw in connection.execute(query.execution_options(yield_per=_BATCH))
        if composed.get(number) != f"sha256 {sha256}"
        or (raw is not None and hashlib.sha256(raw).hexdigest() != sha256)
        or (state not in _OPEN and number not in over)
    ]


def _last_seal(rows: Sequence[RowMapping]) -> int:
    """Return the place of the last seal of the record, where keyed links begin; 0: there is none."""
    seals = (n for n, row in enumerate(rows) if _is_seal(row))
    return max(seals, default=0)


def _is_seal(row: RowMapping) -> bool:
    return row["kind"] == "sealed" and row["outbox_id"] is None and row["reminder_id"] is None


def broken_links(connection: Connection) -> tuple[int, ...]:
    """Return the ids of events whose hash does not fit what stands in the table, the oldest first."""
    rows, key = _rows(connection), evidence_key(connection)
    begins = _last_seal(rows)
    broken, previous = list[int](), GENESIS
    for place, row in enumerate(rows):
        fits = row["prev_hash"] == previous
        if place >= begins:
            fits = fits and row["hash"] == key.link(previous, from_row(DeliveryEvent, row))
        if not fits:
            broken.append(row["id"])
        previous = row["hash"]
    return tuple(broken)


@dataclass
class _Told:
    """What the events since the last seal say, by mail, reminder and act; ``answers`` are of all events."""

    mails: dict[int, dict[str, Any]] = field(default_factory=dict)
    reminders: dict[int, dict[str, Any]] = field(default_factory=dict)
    acts: dict[int, dict[str, Any]] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    answers: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    erased: set[tuple[str, str, int]] = field(default_factory=set)


def _told(connection: Connection, rows: Sequence[RowMapping] | None = None) -> _Told:
    rows = _rows(connection) if rows is None else rows
    told = _Told()
    for row in rows:
        if row["outbox_id"] is not None:
            told.answers.setdefault(row["outbox_id"], []).append((row["code"], row["text"]))
    for row in rows[_last_seal(rows) :]:
        mail, reminder = row["outbox_id"], row["reminder_id"]
        if mail is None and reminder is None:
            facts = {} if _is_seal(row) else _read(row["text"])
            if number := facts.pop("act_id", 0):
                told.acts[number] = facts
                if row["kind"] == "erased":
                    told.erased.add(("audit", "address", number))
        elif row["kind"] == "erased":
            told.erased.add(("outbox", row["text"], mail) if mail else ("reminder", row["text"], reminder))
        elif mail is None and reminder is not None:
            told.reminders[reminder] = _read(row["text"])
        elif mail is not None and row["kind"] in {"composed", "sealed", "renamed"}:
            told.mails[mail] = _read(row["text"])
        if mail is not None:
            told.states[mail] = row["state"]
    return told


def _read(words: str) -> dict[str, Any]:
    try:
        found = json.loads(words)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def changed_rows(connection: Connection) -> tuple[ChangedRow, ...]:
    """Return every row that is not as the record says: events, head, mails, digests, sections, reminders."""
    rows = _rows(connection)
    broken = tuple(
        ChangedRow(
            "delivery_event", one, "hash", "the one that follows from what the event and the one before say"
        )
        for one in broken_links(connection)
    )
    told = _told(connection, rows)
    return (
        *broken,
        *_about_head(connection, rows),
        *_about_seal(evidence_key(connection), rows),
        *_about_mails(connection, told),
        *_about_reminders(connection, told),
        *_about_acts(connection, told),
    )


def _about_head(connection: Connection, rows: Sequence[RowMapping]) -> Iterable[ChangedRow]:
    stored = _stored_head(connection)
    if stored is None:
        if not rows and not installation.value_of(connection, "key"):
            return  # it has not begun
        yield ChangedRow("evidence_head", 1, "", "the head of the record; the row is gone")
        return
    seal = evidence_key(connection).seal(stored["events"], stored["hash"])
    if stored["seal"] != seal:
        yield ChangedRow(
            "evidence_head", stored["id"], "seal", "the one of this count and hash, under the key"
        )
    if stored["id"] != 1:
        yield ChangedRow("evidence_head", 1, "id", f"1; found {stored['id']}")
    if stored["events"] != len(rows):
        words = f"{len(rows)}, as many as there are; or events were removed, or slipped in"
        yield ChangedRow("evidence_head", stored["id"], "events", words)
    if stored["hash"] != (rows[-1]["hash"] if rows else GENESIS):
        words = "that of the last event; or the end of the record was removed"
        yield ChangedRow("evidence_head", stored["id"], "hash", words)


def _about_seal(key: EvidenceKey, rows: Sequence[RowMapping]) -> Iterable[ChangedRow]:
    """Yield what does not fit the last seal: what was written before it is covered by one keyed hash."""
    place = _last_seal(rows)
    if not rows or not _is_seal(rows[place]):
        return
    facts, before = _read(rows[place]["text"]), rows[:place]
    if facts.get("events") != place or facts.get("digest") != _digest_of(key, before):
        first = _plain_breaks(before) if facts.get("why") == "upgrade" else []
        where = next((one for one in first if one not in facts.get("broken", ())), rows[place]["id"])
        words = f"it and all before the seal (event {rows[place]['id']}) as they were when they were sealed"
        yield ChangedRow("delivery_event", where, "", words)
    if facts.get("why") == "lost":
        words = f"the head of the record; it was gone when event {rows[place]['id']} sealed what there was"
        yield ChangedRow("evidence_head", 1, "", words)
    for one in facts.get("broken", ()):
        words = "the chain of the older release to hold: it was broken here before the upgrade"
        yield ChangedRow("delivery_event", one, "hash", words)
    for one in facts.get("altered", ()):
        yield ChangedRow(
            "outbox", one, "", "what the older release recorded: it was changed before the upgrade"
        )


_OF_MAIL: Final = {
    "recipient": ("outbox", "rcpt", "the address that it was composed for"),
    "message": ("outbox", "message_id", "the one that it was composed with"),
    "subject": ("outbox", "subject", "the one that it was composed with"),
    "sha256": ("outbox", "sha256", "{old}"),
    "created": ("outbox", "created_at", "{old}"),
    "digest": ("outbox", "digest_id", "{old}"),
    "reader": ("digest", "recipient", "the address that it was composed for"),
    "day": ("digest", "local_date", "{old}"),
    "items": ("digest", "items", "those that it was composed with"),
    **{name: ("digest", name, "{old}") for name in _OF_DIGEST},
}
"""Where each fact of a mail stands, and what is said of it where it is another."""


def _about_mails(connection: Connection, told: _Told) -> Iterable[ChangedRow]:
    outbox, digest = tables.outbox, tables.digest
    found = mail_facts(connection)
    query = select(outbox, digest.c.state.label("digest_state"), digest.c.recipient.label("reader"))
    query = query.outerjoin(digest, digest.c.id == outbox.c.digest_id).order_by(outbox.c.id)
    known = set[int]()
    for row in connection.execute(query.execution_options(yield_per=_BATCH)).mappings():
        known.add(row["id"])
        old = told.mails.get(row["id"])
        if not old:
            yield ChangedRow("outbox", row["id"], "", "an event that says how it was composed; there is none")
            continue
        new = found.get(row["id"])
        if new is None:
            if old.get("digest") != row["digest_id"]:
                yield ChangedRow("outbox", row["id"], "digest_id", str(old.get("digest")))
            else:
                yield ChangedRow(
                    "digest", row["digest_id"], "", f"the digest of mail {row['id']}; it is gone"
                )
            continue
        yield from _about_facts(row, old, new)
        yield from _about_octets(row, told)
        yield from _about_states(row, told)
    for one in sorted((told.mails.keys() | told.states.keys()) - known):
        yield ChangedRow("outbox", one, "", "a mail that the record speaks of; the row is gone")
    made = select(outbox.c.id).where(outbox.c.digest_id == digest.c.id).exists()
    alone = select(digest.c.id).where(~made, digest.c.state != "failed").order_by(digest.c.id)
    for one in connection.execute(alone).scalars():
        yield ChangedRow("digest", one, "", "its mail; there is none")
    yield from _about_linked(connection)


def _about_facts(row: RowMapping, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[ChangedRow]:
    places = {"outbox": row["id"], "digest": row["digest_id"]}
    for name, (table, column, words) in _OF_MAIL.items():
        if old.get(name) != new[name]:
            yield ChangedRow(table, places[table], column, words.format(old=old.get(name)))
    over = _DIGEST_STATES.get(row["state"]) not in _REMINDER_STATES
    for programme, column in changed_cells(old["sections"], new["sections"]):
        words = f"the section of {programme} as it was composed"
        yield ChangedRow("mail_section", row["digest_id"], column, words)
    for one, column in () if over else changed_cells(old["reminders"], new["reminders"]):
        if column or one in new["reminders"]["rows"]:
            yield ChangedRow("reminder", int(one), column, f"what mail {row['id']} was composed with")
        else:
            yield ChangedRow("reminder", int(one), "digest_id", f"{row['digest_id']}, of mail {row['id']}")


def _about_octets(row: RowMapping, told: _Told) -> Iterable[ChangedRow]:
    number = row["id"]
    if row["raw"] is None:
        if ("outbox", "octets", number) not in told.erased:
            yield ChangedRow("outbox", number, "raw", "its octets; no event says that they were deleted")
    elif hashlib.sha256(row["raw"]).hexdigest() != row["sha256"]:
        yield ChangedRow("outbox", number, "raw", f"octets with the hash {row['sha256']}")
    left = {"outbox": ("rcpt", row["rcpt"], number), "digest": ("recipient", row["reader"], row["digest_id"])}
    for table, (column, address, place) in left.items():
        if str(address).endswith(LEFT) and ("outbox", "recipient", number) not in told.erased:
            yield ChangedRow(table, place, column, "an address; no event says that it was erased")


def _about_states(row: RowMapping, told: _Told) -> Iterable[ChangedRow]:
    number, state = row["id"], row["state"]
    recorded = told.states[number]
    if state != recorded and not (state in _OPEN and recorded in _OPEN):
        yield ChangedRow("outbox", number, "state", f"{recorded}, as the last event says; found {state}")
    if row["digest_state"] != _DIGEST_STATES.get(recorded):
        words = f"{_DIGEST_STATES.get(recorded)}, as its mail is"
        yield ChangedRow("digest", row["digest_id"], "state", words)
    said = told.answers[number]
    if row["last_code"] and row["last_code"] not in {code for code, _ in said}:
        yield ChangedRow("outbox", number, "last_code", "one that an event tells of")
    words = without_addresses(row["last_text"])
    if words and words not in {one for _, one in said}:
        yield ChangedRow("outbox", number, "last_text", "the words of an event")


def _about_linked(connection: Connection) -> Iterable[ChangedRow]:
    """Yield the reminders of mails under way or sent that are in another state than their mail."""
    reminder, digest, outbox = tables.reminder, tables.digest, tables.outbox
    query = select(reminder.c.id, reminder.c.state, outbox.c.id, outbox.c.state)
    query = query.join(digest, digest.c.id == reminder.c.digest_id).join(
        outbox, outbox.c.digest_id == digest.c.id
    )
    for number, state, mail, its_state in connection.execute(query.order_by(reminder.c.id)):
        wanted = _REMINDER_STATES.get(_DIGEST_STATES.get(its_state, ""), state)
        if state != wanted:
            yield ChangedRow("reminder", number, "state", f"{wanted}, as mail {mail} is; found {state}")


def _about_reminders(connection: Connection, told: _Told) -> Iterable[ChangedRow]:
    table = tables.reminder
    found = planned_facts(connection)
    for number, new in found.items():
        old = told.reminders.get(number)
        if not old:
            yield ChangedRow("reminder", number, "", "an event that says that it was planned; there is none")
            continue
        for name, value in new.items():
            if old.get(name) != value:
                words = "the one whom it was planned for" if name == "recipient" else str(old.get(name))
                yield ChangedRow("reminder", number, name, words)
    query = select(table.c.id).where(table.c.recipient.endswith(LEFT)).order_by(table.c.id)
    for number in connection.execute(query).scalars():
        if ("reminder", "recipient", number) not in told.erased:
            words = "an address; no event says that it was erased"
            yield ChangedRow("reminder", number, "recipient", words)
    for number in sorted(told.reminders.keys() - found.keys()):
        yield ChangedRow("reminder", number, "", "a reminder that was planned; the row is gone")


_OF_ACT: Final = {
    "address": "the address whose act it was",
    "origin": "where it was done from",
    "subject": "what it was about",
    "person": "the address of whom it was about",
}
"""What is said of a changed field that is recorded as a keyed hash."""


def _about_acts(connection: Connection, told: _Told) -> Iterable[ChangedRow]:
    found = act_facts(connection)
    for number, new in found.items():
        old = told.acts.get(number)
        if not old:
            yield ChangedRow("audit", number, "", "an event that says that it was done; there is none")
            continue
        for name, value in new.items():
            if old.get(name) != value:
                yield ChangedRow("audit", number, name, _OF_ACT.get(name, str(old.get(name))))
    for number in _acts_of_leavers(connection):
        if ("audit", "address", number) not in told.erased:
            yield ChangedRow("audit", number, "address", "an address; no event says that it was erased")
    for number in sorted(told.acts.keys() - found.keys()):
        yield ChangedRow("audit", number, "", "an act that the record speaks of; the row is gone")


# -- the head, as it is printed


def chain_head(connection: Connection) -> ChainHead:
    """Return the head as it is stored; of a record that has not begun, the beginning."""
    row = _stored_head(connection)
    return ChainHead(row["events"], row["hash"]) if row else ChainHead(0, GENESIS)


def head_before(connection: Connection, instant: datetime) -> ChainHead:
    """Return the head that stood at an instant, the same whenever it is asked."""
    query = select(_EVENT.c.id, _EVENT.c.hash).where(_EVENT.c.at < instant)
    row = connection.execute(query.order_by(_EVENT.c.id.desc()).limit(1)).first()
    if row is None:
        return ChainHead(0, GENESIS)
    count = select(func.count()).select_from(_EVENT).where(_EVENT.c.id <= row[0])
    return ChainHead(connection.execute(count).scalar_one(), row[1])


def had_head(connection: Connection, printed: ChainHead) -> bool:
    """Tell whether the record had a head that was printed, of which the first digits are enough."""
    if printed.events == 0:
        return GENESIS.startswith(printed.hash)
    query = select(_EVENT.c.hash).order_by(_EVENT.c.id).offset(printed.events - 1).limit(1)
    found = connection.execute(query).scalar() or ""
    return bool(printed.hash) and found.startswith(printed.hash)
