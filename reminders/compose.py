"""From due reminders to mails: one per recipient and day, and the letter each one is.

Pure. ``gather`` decides who gets what (the forecast uses it alone); ``letter``
fills the variables of a letter, which ``email_templates`` renders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from email_templates.letters import (
    NOTHING_ENCLOSED,
    Escalation,
    Item,
    Letter,
    Notice,
    Nudge,
    Own,
    Pace,
    Promise,
    StatusRequest,
    UnitYear,
)
from reminders.asked import series_subject, units_of
from reminders.digest import Lists, action_url, board_digest, meeting_of, overdue
from reminders.due import DueReminder, World, day_of, needs_answer, responsible, stages_of
from reminders.enclosed import enclosed
from reminders.feed_request import FeedAsked
from reminders.handover import move_of
from reminders.invitations import Invitation, board_of
from reminders.links import Links, Purpose, last_day
from reminders.pace import held_subject, is_pace, standing, target_of, targets
from reminders.policy import DIGEST, ESCALATION, FIRST_START, HANDOVER, YEAR, Stage
from reminders.preferences import gets_digest
from reminders.readers import goes
from reminders.recipients import Contact, MailLanguage
from reminders.yearly import Share, lines_of, list_of
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import LANGUAGES, Lang, Text

MailKind = Literal["escalation", "status-request", "collection", "nudge", "digest"]
_WEIGHT: tuple[MailKind, ...] = ("escalation", "status-request", "collection", "nudge", "digest")

# A round goes to every responsible party; naming forty would hide what the mail is about.
_PARTIES: dict[Lang, str] = {
    "fi": "muut vastuutahot ({n})",
    "sv": "övriga ansvarsparter ({n})",
    "en": "other responsible parties ({n})",
}


@dataclass(frozen=True, slots=True)
class MailItem:
    """One item of a mail, as forecast and log show it."""

    occurrence: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail to be: who gets it, what it weighs, what stands in it.

    ``board`` is the programme whose digest this is, else nothing; ``shares`` the lists
    of the unit's year that it holds, ``invitations`` and ``feeds`` what is told beside. A
    ``version`` above 1 follows a mail of the same day that was taken back, or refused at a dead address.
    """

    recipient: str
    language: MailLanguage
    day: date
    kind: MailKind
    reminders: tuple[DueReminder, ...]
    items: tuple[MailItem, ...]
    board: str = ""
    version: int = 1
    shares: tuple[Share, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    feeds: tuple[FeedAsked, ...] = ()


def gather(
    worlds: Mapping[str, World],
    day: date,
    planned: Iterable[DueReminder],
    last_digest: Mapping[str, date],
    busy: Collection[str] = frozenset(),
    lists: Mapping[str, tuple[Share, ...]] = MappingProxyType({}),
) -> tuple[Draft, ...]:
    """Return the mails of ``day``: one a recipient, in order of address.

    ``last_digest`` gives each started programme's previous digest day (absent:
    none yet); ``busy`` are addresses that have had their mail of the day; ``lists``
    of the unit's year go to whoever has no digest that day.
    """
    boards = _boards(worlds, day, last_digest)
    by_recipient: dict[str, list[DueReminder]] = {address: [] for address in (*boards, *lists)}
    for reminder in planned:
        if (not reminder.waits or reminder.recipient in boards) and goes(
            _world(worlds, reminder), reminder, day
        ):
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _draft(worlds, day, address, reminders, board := boards.get(address, ""), last_digest.get(board))
        if address in boards
        else _with_lists(_draft(worlds, day, address, reminders, "", None), worlds, lists.get(address, ()))
        for address, reminders in sorted(by_recipient.items())
        if address not in busy
    )


def _with_lists(draft: Draft, worlds: Mapping[str, World], shares: tuple[Share, ...]) -> Draft:
    """Return a draft that holds the lists of the unit's year too."""
    rows = (line.row for share in shares for line in lines_of(worlds[share.programme], share))
    items = tuple(MailItem(str(row.id), YEAR, "first") for row in rows)
    return replace(draft, items=draft.items + items, shares=shares)


def gather_again(worlds: Mapping[str, World], day: date, again: Iterable[DueReminder]) -> tuple[Draft, ...]:
    """Return the second mails of ``day``: what was re-addressed to addresses that have had theirs."""
    by_recipient: dict[str, list[DueReminder]] = {}
    for reminder in again:
        if not reminder.waits:
            by_recipient.setdefault(reminder.recipient, []).append(reminder)
    return tuple(
        _draft(worlds, day, address, reminders, "", None)
        for address, reminders in sorted(by_recipient.items())
    )


def _boards(worlds: Mapping[str, World], day: date, last_digest: Mapping[str, date]) -> dict[str, str]:
    """Return whose mail of ``day`` is the digest of which programme.

    Of several of one secretary the one that has waited longest goes; the others on the next sending day.
    """
    waited = sorted(worlds, key=lambda key: (last_digest.get(key, date.min), key), reverse=True)
    return {
        contact.email: key
        for key in waited
        for contact in worlds[key].people.secretary(day)
        if _board_day(worlds[key], contact, day, last_digest.get(key))
    }


def _board_day(world: World, contact: Contact, day: date, last: date | None) -> bool:
    """Tell whether the summary goes to this secretary on ``day``; the first one goes with the first mails."""
    wish = world.preferences.get(contact.email)
    if wish is None or last is None:
        return meeting_of(world, day, last)[0]
    since = Span(last + timedelta(days=1), day)
    return gets_digest(wish, since, world.programme.meetings, world.workdays, world.policy)


def _draft(
    worlds: Mapping[str, World],
    day: date,
    address: str,
    reminders: list[DueReminder],
    board: str,
    last: date | None,
) -> Draft:
    ordered = tuple(sorted(reminders, key=lambda one: (_due(worlds, one), one.occurrence, one.order)))
    items = [MailItem(one.occurrence, one.stage, one.reason) for one in ordered]
    if board:
        own = {item.occurrence for item in items}
        items += [
            MailItem(
                str(one.occurrence.id),
                DIGEST,
                "first" if last is None or one.occurrence.due >= last else "repeated",
            )
            for one in overdue(worlds[board], day)
            if str(one.occurrence.id) not in own
        ]
    kinds = {mail_kind(one) for one in ordered} | ({"digest"} if board else set())
    kind: MailKind = next((kind for kind in _WEIGHT if kind in kinds), "nudge")
    contact = contact_of(worlds, address, day)
    return Draft(address, contact.language if contact else "fi", day, kind, ordered, tuple(items), board)


def _due(worlds: Mapping[str, World], reminder: DueReminder) -> date:
    return worlds[OccurrenceID.parse(reminder.occurrence).programme].occurrences[reminder.occurrence].due


def mail_kind(reminder: DueReminder) -> MailKind:
    """Return the kind of mail that a reminder alone would make."""
    if reminder.stage == ESCALATION:
        return "escalation"
    if reminder.stage == FIRST_START:
        return "status-request"
    if reminder.stage == HANDOVER:
        return "nudge"
    return "collection" if OccurrenceID.parse(reminder.occurrence).kind == "collection" else "nudge"


def contact_of(worlds: Mapping[str, World], address: str, day: date) -> Contact | None:
    """Return the first valid contact with this address."""
    rows = [contact for world in worlds.values() for contact in world.people.all if contact.email == address]
    return next((contact for contact in rows if contact.is_valid(day)), rows[0] if rows else None)


@dataclass(frozen=True)
class Surroundings:
    """What a letter says beyond its own items.

    ``copies`` are all reminders of the day (who else got it); ``sent`` counts
    earlier reminders by (occurrence, address); ``lists`` are by programme;
    ``caught_up`` the civil dates that were planned late, with the day that did.
    """

    base_url: str
    links: Links
    copies: tuple[DueReminder, ...] = ()
    sent: Mapping[tuple[str, str], int] | None = None
    last_digest: Mapping[str, date] | None = None
    lists: Mapping[str, Lists] | None = None
    caught_up: Mapping[date, date] = field(default_factory=dict)


def letter(draft: Draft, worlds: Mapping[str, World], around: Surroundings) -> Letter:
    """Return the letter of a draft, its variables filled."""
    items = tuple(_item(one, draft, worlds, around) for one in draft.reminders)
    beside = enclosed(draft.invitations, draft.feeds, worlds, around.links.secret, around.base_url)
    if draft.board:
        last = (around.last_digest or {}).get(draft.board)
        lists = (around.lists or {}).get(draft.board, Lists())
        summary = board_digest(worlds[draft.board], draft.day, last, around.base_url, lists, items)
        return replace(summary, enclosed=beside)
    world = worlds[draft.items[0].occurrence.partition(":")[0]]
    return replace(_to_unit(draft, worlds, items, world, around), enclosed=beside)


def _to_unit(
    draft: Draft, worlds: Mapping[str, World], items: tuple[Item, ...], world: World, around: Surroundings
) -> Letter:
    """Return the letter of a mail that is no digest, without what is beside its items."""
    calendar = f"{around.base_url}/calendars/"
    if not draft.reminders and not draft.shares:
        return Notice(world.programme.name, _reader(draft, world), draft.day, NOTHING_ENCLOSED, calendar)
    unit = _unit_name(draft, worlds)
    unit_url = _own_url("unit", "", draft, around)
    own = Own(unit_url, last_day(draft.day) + timedelta(days=1))
    years = tuple(list_of(worlds[share.programme], share) for share in draft.shares)
    if draft.kind == "status-request":
        answer_by = _requested_by(items, world, draft.day)
        return StatusRequest(world.programme.name, unit, draft.day, items, calendar, own, answer_by, years)
    if not items:
        return UnitYear(world.programme.name, unit, draft.day, years, calendar, own)
    kind = Escalation if draft.kind == "escalation" else Nudge
    return kind(world.programme.name, unit, draft.day, items, calendar, own, years)


def _reader(draft: Draft, world: World) -> Text:
    """Return who a mail without items is for: the board, else the reader's organisations."""
    if draft.invitations and not draft.feeds:
        return board_of(world.programme)
    keys = units_of(world, draft.recipient, draft.day)
    return joined(tuple(one.name for one in world.programme.organisations if one.key in keys))


def _requested_by(items: Iterable[Item], world: World, day: date) -> date:
    """Return the last day to answer a status request: after a hand-over earlier than for a new one."""
    promised = [item.promise.answer_by for item in items if item.stage == FIRST_START and item.promise]
    told = world.workdays.after(day, world.policy.head_after)
    return min(promised, default=world.workdays.before(told, 1))


def _world(worlds: Mapping[str, World], reminder: DueReminder) -> World:
    return worlds[OccurrenceID.parse(reminder.occurrence).programme]


def _unit_name(draft: Draft, worlds: Mapping[str, World]) -> Text:
    """Return the names of the organisations that the mail is about, joined."""
    names: dict[str, Text] = {}
    for one in draft.reminders:
        programme = _world(worlds, one).programme
        names.update({key: programme.organisation_by_key[key].name for key in one.organisations})
    for share in draft.shares:
        organisations = worlds[share.programme].programme.organisation_by_key
        names.update({key: organisations[key].name for key in share.organisations})
    return joined(tuple(names.values()))


def joined(names: tuple[Text, ...]) -> Text:
    """Return names as one text, with commas."""
    texts: dict[Lang, str] = {lang: ", ".join(name.get(lang) for name in names) for lang in LANGUAGES}
    return Text(**texts)


def _item(reminder: DueReminder, draft: Draft, worlds: Mapping[str, World], around: Surroundings) -> Item:
    world = _world(worlds, reminder)
    if reminder.stage == HANDOVER:
        return _news(reminder, world, around)
    row = world.occurrences[reminder.occurrence]
    programme = world.programme
    return Item(
        occurrence=reminder.occurrence,
        kind="pace" if is_pace(row.id) else row.kind,
        title=row.title,
        due=_shown_date(world, row, draft.day),
        wording=row.basis.words,
        reading=row.basis.reading,
        provenance=row.basis.provenance,
        stage=reminder.stage,
        url=action_url(around.base_url, row.id.action),
        reason=reminder.reason,
        organisations=tuple(programme.organisation_by_key[key].name for key in reminder.organisations),
        others=_others(reminder, world, row, draft.day, around),
        promise=_promise(reminder, world, row, draft.day) if needs_answer(row) else None,
        reminders_sent=_sent(reminder, world, draft.day, around),
        gap=_gap(world, row, around.caught_up) if reminder.stage == ESCALATION else None,
        year=row.year,
        closes=row.closes,
        asks_dates=is_pace(row.id) or (row.kind == "event" and row.status == "tentative"),
        pace=_pace(world, row, draft.day) if is_pace(row.id) else None,
        answer_url=_own_url("answer", str(row.id), draft, around) if _is_answered_alone(row) else "",
        form_url=_own_url("form", str(row.id), draft, around) if row.kind == "collection" else "",
        dates_url=_dates_url(world, row, draft, around),
    )


def _news(reminder: DueReminder, world: World, around: Surroundings) -> Item:
    """Return what tells one side that responsibility for an action has moved."""
    action = world.programme.action_by_id[reminder.occurrence.split(":")[1]]
    names, move = world.programme.organisation_by_key, move_of(world, reminder)
    return Item(
        occurrence=reminder.occurrence,
        kind="handover",
        title=action.title,
        due=move.effective_from,
        wording=move.source,
        reading="",
        provenance="corrected" if move.by else "printed",
        stage=reminder.stage,
        url=action_url(around.base_url, action.id),
        reason=reminder.reason,
        organisations=tuple(names[key].name for key in reminder.organisations),
        moved_to=names[move.taker].name,
        moved_by=move.by,
    )


def _is_answered_alone(row: Occurrence) -> bool:
    """Tell whether an occurrence is answered on a page of its own; a round has its form."""
    return needs_answer(row) and row.kind != "collection"


_PATHS: dict[Purpose, str] = {
    "answer": "answer",
    "unit": "unit",
    "form": "collection/form",
    "series": "series",
    "held": "held",
}


def _own_url(purpose: Purpose, subject: str, draft: Draft, around: Surroundings) -> str:
    """Return the address at which this reader, and nobody else, acts."""
    token = around.links.issue(purpose, subject, draft.recipient, last_day(draft.day))
    return f"{around.base_url}/{_PATHS[purpose]}/{token}"


def _dates_url(world: World, row: Occurrence, draft: Draft, around: Surroundings) -> str:
    """Return where the reader gives the dates that an event asks for, nothing where it asks for none."""
    if is_pace(row.id):
        return _own_url("held", held_subject(world.programme, target_of(row.id)), draft, around)
    if row.kind == "event" and row.status == "tentative":
        return _own_url("series", series_subject(row), draft, around)
    return ""


def _pace(world: World, row: Occurrence, day: date) -> Pace:
    """Return how often so far in the checkpoint's year, and the next date that is entered."""
    target = target_of(row.id)
    found = standing(targets(world.programme)[target], world.held.get(target, ()), row.due.year, day)
    return Pace(found.year, found.held, found.minimum, next(iter(found.coming), None))


def _shown_date(world: World, row: Occurrence, day: date) -> date:
    """Return the date of a row; of an event that has passed unasked, that of its series' next one."""
    if row.kind != "event" or row.due >= day or is_pace(row.id):
        return row.due
    ahead = (one.due for one in world.occurrences.values() if one.id.seed == row.id.seed and one.due >= day)
    return min(ahead, default=row.due)


def _others(
    reminder: DueReminder, world: World, row: Occurrence, day: date, around: Surroundings
) -> tuple[Text, ...]:
    """Return who else got it: the unit for an escalation, else the day's other recipients."""
    if reminder.stage == ESCALATION:
        return tuple(Text(*[address] * 3) for address in _unit_addresses(reminder, world, day))
    if row.kind == "collection":
        count = len(responsible(world, row, day)) - 1
        return (Text(**{lang: text.format(n=count) for lang, text in _PARTIES.items()}),) if count else ()
    names: dict[str, Text] = {}
    for copy in around.copies:
        # What waits for the secretary's digest, or for its reader's day, has gone to nobody yet.
        other = copy.occurrence == reminder.occurrence and copy.recipient != reminder.recipient
        if other and not copy.waits and goes(world, copy, day):
            names.update(_as_seen(copy, reminder, world))
    return tuple(names.values())


def _as_seen(copy: DueReminder, reminder: DueReminder, world: World) -> dict[str, Text]:
    """Name another recipient: by organisation, or by address within the reader's own unit."""
    foreign = [key for key in copy.organisations if key not in reminder.organisations]
    if not foreign:
        return {copy.recipient: Text(*[copy.recipient] * 3)}
    return {key: world.programme.organisation_by_key[key].name for key in foreign}


def _unit_addresses(reminder: DueReminder, world: World, day: date) -> list[str]:
    found = [contact.email for key in reminder.organisations for contact in world.people.unit(key, day)]
    return [address for address in dict.fromkeys(found) if address != reminder.recipient]


def _gap(world: World, row: Occurrence, caught_up: Mapping[date, date]) -> tuple[date, date] | None:
    """Return the first and last sending day of the latest downtime in which the unit missed a reminder."""
    missed = [stage.send_on for stage in stages_of(world, row) if stage.role == "unit"]
    back = max((caught_up[day] for day in missed if day in caught_up), default=None)
    if back is None:
        return None
    down = [day for day, on in caught_up.items() if on == back and world.workdays.is_sending_day(day)]
    return min(down), max(down)


def _sent(reminder: DueReminder, world: World, day: date, around: Surroundings) -> int:
    sent = around.sent or {}
    addresses = _unit_addresses(reminder, world, day)
    return max((sent.get((reminder.occurrence, address), 0) for address in addresses), default=0)


def _promise(reminder: DueReminder, world: World, row: Occurrence, day: date) -> Promise | None:
    return promise(world, row, reminder.organisations, day, reminder.recipient)


def promise(
    world: World, row: Occurrence, organisations: tuple[str, ...], day: date, reader: str = ""
) -> Promise | None:
    """Return what happens next if nobody answers: the first later stage, and the day before it.

    For a ``reader`` whose wishes move reminders, on the day that is the reader's.
    """
    days = ((day_of(world, stage, reader), stage) for stage in stages_of(world, row))
    later = [(on, stage) for on, stage in days if on is not None and on > day]
    if not later:
        return None
    on, after = min(later, key=lambda one: one[0])
    answer_by = world.workdays.before(on, 1)
    return Promise(_promised(world, after, organisations), answer_by, on)


def _promised(world: World, stage: Stage, organisations: tuple[str, ...]) -> Literal["head", "list", "next"]:
    if stage.role == "unit":
        return "next"
    heads = {contact.role for key in organisations for contact in world.people.head(key, stage.send_on)}
    return "head" if stage.role == "head" and "head" in heads else "list"
