"""The letter that a mail is, its variables filled; ``email_templates`` renders it.

Pure. What the mail holds is decided in ``gather``, its items are made in ``items``.

The items of a mail: a due reminder as its reader sees it, with its promise, its links, who else got it.

Pure. Who gets which is decided in ``gather``, what stands around the items in ``compose``.

What a letter says of the invitations and calendars beside its items. Pure.

Who gets them, and when, is left to ``enclosing``; their words to ``email_templates``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal

from email_templates.letters import (
    NOTHING_ENCLOSED,
    Enclosed,
    Escalation,
    Item,
    Letter,
    Meeting,
    Notice,
    Nudge,
    Own,
    OwnFeed,
    Promise,
    StatusRequest,
    TargetPace,
    UnitYear,
)
from reminders.letters.digest import Lists, action_url, board_digest
from reminders.planning.due import DueReminder, day_of, goes, stages_of
from reminders.planning.hand_over import move_of
from reminders.planning.invitations import Invitation, Method, board_of
from reminders.planning.links import Links, Purpose, last_day, series_subject
from reminders.planning.mails import FeedRequested, Mail, state_in
from reminders.planning.policy import ESCALATION, FIRST_START, HANDOVER, Stage
from reminders.planning.speakers import units_of
from reminders.planning.state import ProgrammeState, needs_answer, responsible
from reminders.planning.targets import is_checkpoint, target_of, target_standing, target_subject, targets
from reminders.planning.year_list import list_of
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import LANGUAGES, Lang, Text

# -- What a letter says of the invitations and calendars beside its items. Pure

_NEWS: Final[Mapping[Method, Literal["changed", "cancelled", "withdrawn"]]] = {
    "request": "changed",
    "cancel": "cancelled",
    "withdraw": "withdrawn",
}


def enclosed_parts_of(
    invitations: Iterable[Invitation],
    feeds: Iterable[FeedRequested],
    states: Mapping[str, ProgrammeState],
    secret: str,
    base_url: str,
) -> Enclosed:
    """Return it as the letter's variables."""
    return Enclosed(
        tuple(_meeting(one, states[one.programme]) for one in invitations),
        tuple(_feed(one, states[one.programme], secret, base_url) for one in feeds),
    )


def _meeting(one: Invitation, state: ProgrammeState) -> Meeting:
    news = _NEWS[one.method] if one.sequence else "invited"
    return Meeting(board_of(state.programme), one.on, news, one.hours, one.place)


def _feed(one: FeedRequested, state: ProgrammeState, secret: str, base_url: str) -> OwnFeed:
    path = f"{base_url.rstrip('/')}/calendars/private/{one.token(secret)}/own"
    urls: dict[Lang, str] = {lang: f"{path}-{lang}.ics" for lang in LANGUAGES}
    return OwnFeed(state.programme.name, Text(**urls), one.on)


# -- The items of a mail: a due reminder as its reader sees it, with its promise, its links, wh

# A round goes to every responsible party; naming forty would hide what the mail is about.
_PARTIES: dict[Lang, str] = {
    "fi": "muut vastuutahot ({n})",
    "sv": "övriga ansvarsparter ({n})",
    "en": "other responsible parties ({n})",
}


@dataclass(frozen=True)
class LetterContext:
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


def item_of(
    reminder: DueReminder, draft: Mail, states: Mapping[str, ProgrammeState], around: LetterContext
) -> Item:
    """Return a reminder as an item of its mail."""
    state = state_in(states, reminder)
    if reminder.stage == HANDOVER:
        return _news(reminder, state, around)
    row = state.occurrences[reminder.occurrence]
    programme = state.programme
    return Item(
        occurrence=reminder.occurrence,
        kind="pace" if is_checkpoint(row.id) else row.kind,
        title=row.title,
        due=_shown_date(state, row, draft.day),
        wording=row.basis.words,
        reading=row.basis.reading,
        provenance=row.basis.provenance,
        stage=reminder.stage,
        url=action_url(around.base_url, row.id.action),
        reason=reminder.reason,
        organisations=tuple(programme.organisation_by_key[key].name for key in reminder.organisations),
        others=_others(reminder, state, row, draft.day, around),
        promise=_promise(reminder, state, row, draft.day) if needs_answer(row) else None,
        reminders_sent=_sent(reminder, state, draft.day, around),
        gap=_gap(state, row, around.caught_up) if reminder.stage == ESCALATION else None,
        year=row.year,
        closes=row.closes,
        asks_dates=is_checkpoint(row.id) or (row.kind == "event" and row.status == "tentative"),
        pace=_pace(state, row, draft.day) if is_checkpoint(row.id) else None,
        answer_url=own_url("answer", str(row.id), draft, around) if _is_answered_alone(row) else "",
        form_url=own_url("form", str(row.id), draft, around) if row.kind == "collection" else "",
        dates_url=_dates_url(state, row, draft, around),
    )


def _news(reminder: DueReminder, state: ProgrammeState, around: LetterContext) -> Item:
    """Return what tells one side that responsibility for an action has moved."""
    action = state.programme.action_by_id[OccurrenceID.parse(reminder.occurrence).action]
    names, move = state.programme.organisation_by_key, move_of(state, reminder)
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


def own_url(purpose: Purpose, subject: str, draft: Mail, around: LetterContext) -> str:
    """Return the address at which this reader, and nobody else, acts."""
    token = around.links.issue(purpose, subject, draft.recipient, last_day(draft.day))
    return f"{around.base_url}/{_PATHS[purpose]}/{token}"


def _dates_url(state: ProgrammeState, row: Occurrence, draft: Mail, around: LetterContext) -> str:
    """Return where the reader gives the dates that an event asks for, nothing where it asks for none."""
    if is_checkpoint(row.id):
        return own_url("held", target_subject(state.programme, target_of(row.id)), draft, around)
    if row.kind == "event" and row.status == "tentative":
        return own_url("series", series_subject(row), draft, around)
    return ""


def _pace(state: ProgrammeState, row: Occurrence, day: date) -> TargetPace:
    """Return how often so far in the checkpoint's year, and the next date that is entered."""
    target = target_of(row.id)
    found = target_standing(
        targets(state.programme)[target], state.target_dates.get(target, ()), row.due.year, day
    )
    return TargetPace(found.year, found.entered, found.minimum, next(iter(found.coming), None))


def _shown_date(state: ProgrammeState, row: Occurrence, day: date) -> date:
    """Return the date of a row; of an event that has passed unasked, that of its series' next one."""
    if row.kind != "event" or row.due >= day or is_checkpoint(row.id):
        return row.due
    ahead = (one.due for one in state.occurrences.values() if one.id.seed == row.id.seed and one.due >= day)
    return min(ahead, default=row.due)


def _others(
    reminder: DueReminder, state: ProgrammeState, row: Occurrence, day: date, around: LetterContext
) -> tuple[Text, ...]:
    """Return who else got it: the unit for an escalation, else the day's other recipients."""
    if reminder.stage == ESCALATION:
        return tuple(Text(*[address] * 3) for address in _unit_addresses(reminder, state, day))
    if row.kind == "collection":
        count = len(responsible(state, row, day)) - 1
        return (Text(**{lang: text.format(n=count) for lang, text in _PARTIES.items()}),) if count else ()
    names: dict[str, Text] = {}
    for copy in around.copies:
        # What waits for the secretary's digest, or for its reader's day, has gone to nobody yet.
        other = copy.occurrence == reminder.occurrence and copy.recipient != reminder.recipient
        if other and not copy.waits and goes(state, copy, day):
            names.update(_as_seen(copy, reminder, state))
    return tuple(names.values())


def _as_seen(copy: DueReminder, reminder: DueReminder, state: ProgrammeState) -> dict[str, Text]:
    """Name another recipient: by organisation, or by address within the reader's own unit."""
    foreign = [key for key in copy.organisations if key not in reminder.organisations]
    if not foreign:
        return {copy.recipient: Text(*[copy.recipient] * 3)}
    return {key: state.programme.organisation_by_key[key].name for key in foreign}


def _unit_addresses(reminder: DueReminder, state: ProgrammeState, day: date) -> list[str]:
    found = [contact.email for key in reminder.organisations for contact in state.people.unit(key, day)]
    return [address for address in dict.fromkeys(found) if address != reminder.recipient]


def _gap(state: ProgrammeState, row: Occurrence, caught_up: Mapping[date, date]) -> tuple[date, date] | None:
    """Return the first and last sending day of the latest downtime in which the unit missed a reminder."""
    missed = [stage.send_on for stage in stages_of(state, row) if stage.role == "unit"]
    back = max((caught_up[day] for day in missed if day in caught_up), default=None)
    if back is None:
        return None
    down = [day for day, on in caught_up.items() if on == back and state.workdays.is_sending_day(day)]
    return min(down), max(down)


def _sent(reminder: DueReminder, state: ProgrammeState, day: date, around: LetterContext) -> int:
    sent = around.sent or {}
    addresses = _unit_addresses(reminder, state, day)
    return max((sent.get((reminder.occurrence, address), 0) for address in addresses), default=0)


def _promise(reminder: DueReminder, state: ProgrammeState, row: Occurrence, day: date) -> Promise | None:
    return promise_of(state, row, reminder.organisations, day, reminder.recipient)


def promise_of(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], day: date, reader: str = ""
) -> Promise | None:
    """Return what happens next if nobody answers: the first later stage, and the day before it.

    For a ``reader`` whose wishes move reminders, on the day that is the reader's.
    """
    days = ((day_of(state, stage, reader), stage) for stage in stages_of(state, row))
    later = [(on, stage) for on, stage in days if on is not None and on > day]
    if not later:
        return None
    on, after = min(later, key=lambda one: one[0])
    answer_by = state.workdays.before(on, 1)
    return Promise(_promised(state, after, organisations), answer_by, on)


def _promised(
    state: ProgrammeState, stage: Stage, organisations: tuple[str, ...]
) -> Literal["head", "list", "next"]:
    if stage.role == "unit":
        return "next"
    heads = {contact.role for key in organisations for contact in state.people.head(key, stage.send_on)}
    return "head" if stage.role == "head" and "head" in heads else "list"


# -- The letter that a mail is, its variables filled; ``email_templates`` renders it


def letter_of(draft: Mail, states: Mapping[str, ProgrammeState], around: LetterContext) -> Letter:
    """Return the letter of a draft, its variables filled."""
    items = tuple(item_of(one, draft, states, around) for one in draft.reminders)
    beside = enclosed_parts_of(draft.invitations, draft.feeds, states, around.links.secret, around.base_url)
    if draft.board:
        last = (around.last_digest or {}).get(draft.board)
        lists = (around.lists or {}).get(draft.board, Lists())
        summary = board_digest(states[draft.board], draft.day, last, around.base_url, lists, items)
        return replace(summary, enclosed=beside)
    state = states[OccurrenceID.parse(draft.items[0].occurrence).programme]
    return replace(_to_unit(draft, states, items, state, around), enclosed=beside)


def _to_unit(
    draft: Mail,
    states: Mapping[str, ProgrammeState],
    items: tuple[Item, ...],
    state: ProgrammeState,
    around: LetterContext,
) -> Letter:
    """Return the letter of a mail that is no digest, without what is beside its items."""
    calendar = f"{around.base_url}/calendars/"
    if not draft.reminders and not draft.shares:
        return Notice(state.programme.name, _reader(draft, state), draft.day, NOTHING_ENCLOSED, calendar)
    unit = _unit_name(draft, states)
    unit_url = own_url("unit", "", draft, around)
    own = Own(unit_url, last_day(draft.day) + timedelta(days=1))
    years = tuple(list_of(states[share.programme], share) for share in draft.shares)
    if draft.kind == "status-request":
        answer_by = _requested_by(items, state, draft.day)
        return StatusRequest(state.programme.name, unit, draft.day, items, calendar, own, answer_by, years)
    if not items:
        return UnitYear(state.programme.name, unit, draft.day, years, calendar, own)
    kind = Escalation if draft.kind == "escalation" else Nudge
    return kind(state.programme.name, unit, draft.day, items, calendar, own, years)


def _reader(draft: Mail, state: ProgrammeState) -> Text:
    """Return who a mail without items is for: the board, else the reader's organisations."""
    if draft.invitations and not draft.feeds:
        return board_of(state.programme)
    keys = units_of(state.people, draft.recipient, draft.day)
    return joined(tuple(one.name for one in state.programme.organisations if one.key in keys))


def _requested_by(items: Iterable[Item], state: ProgrammeState, day: date) -> date:
    """Return the last day to answer a status request: after a hand-over earlier than for a new one."""
    promised = [item.promise.answer_by for item in items if item.stage == FIRST_START and item.promise]
    told = state.workdays.after(day, state.policy.head_after)
    return min(promised, default=state.workdays.before(told, 1))


def _unit_name(draft: Mail, states: Mapping[str, ProgrammeState]) -> Text:
    """Return the names of the organisations that the mail is about, joined."""
    names: dict[str, Text] = {}
    for one in draft.reminders:
        programme = state_in(states, one).programme
        names.update({key: programme.organisation_by_key[key].name for key in one.organisations})
    for share in draft.shares:
        organisations = states[share.programme].programme.organisation_by_key
        names.update({key: organisations[key].name for key in share.organisations})
    return joined(tuple(names.values()))


def joined(names: tuple[Text, ...]) -> Text:
    """Return names as one text, with commas."""
    texts: dict[Lang, str] = {lang: ", ".join(name.get(lang) for name in names) for lang in LANGUAGES}
    return Text(**texts)
