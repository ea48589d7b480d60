"""The letter that a mail is, its variables filled; ``email_templates`` renders it.

Pure. What the mail holds is decided in ``planning.mails``. Here is what each item says: a due reminder as its
reader sees it, with its promise, its links, who else got it; and what stands around and beside the items.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal
from urllib.parse import urlencode

from email_templates import letters
from email_templates.rows import one_row_an_action
from email_templates.words import role
from reminders.letters.digest import Lists, action_url, board_digest, programme_url
from reminders.planning.addresses import folded
from reminders.planning.due import DueReminder, goes, request_of, stages_of_units
from reminders.planning.hand_over import first_asked, move_of
from reminders.planning.invitations import Method, board_of
from reminders.planning.links import Links, Purpose, last_day, series_subject
from reminders.planning.mails import MailSection, as_written, mail_kind, programme_of, state_in
from reminders.planning.policy import ESCALATION, FIRST_START, HANDOVER, answer_date
from reminders.planning.recipients import Contact
from reminders.planning.speakers import units_of
from reminders.planning.stages_ahead import is_listed, next_ahead
from reminders.planning.standing import latest_until, unit_standing, worst
from reminders.planning.state import (
    ProgrammeState,
    answer_by,
    early_reply,
    is_stopped,
    needs_answer,
    reply_of,
    responsible,
    said_on,
)
from reminders.planning.targets import (
    checkpoints,
    due_by,
    is_checkpoint,
    target_of,
    target_standing,
    target_subject,
    targets,
)
from reminders.planning.year_list import list_of
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import LANGUAGES, Lang, Text

# A round goes to every responsible party; naming forty would hide what the mail is about.
_PARTIES: dict[Lang, str] = {
    "fi": "muut vastuutahot ({n})",
    "sv": "övriga ansvarsparter ({n})",
    "en": "other responsible parties ({n})",
}
_NEWS: Final[Mapping[Method, Literal["changed", "cancelled", "withdrawn"]]] = {
    "request": "changed",
    "cancel": "cancelled",
    "withdraw": "withdrawn",
}


@dataclass(frozen=True)
class LetterContext:
    """What a letter says beyond its own items.

    ``copies`` are all reminders of the day (who else got it); ``sent`` counts earlier reminders by
    (occurrence, address); ``lists`` are by programme; ``caught_up`` the civil dates that were planned late,
    with the day that did.
    """

    base_url: str
    links: Links
    copies: tuple[DueReminder, ...] = ()
    sent: Mapping[tuple[str, str], int] = field(default_factory=dict)
    last_digest: Mapping[str, date] = field(default_factory=dict)
    lists: Mapping[str, Lists] = field(default_factory=dict)
    caught_up: Mapping[date, date] = field(default_factory=dict)


def letter_of(
    mail: MailSection, states: Mapping[str, ProgrammeState], around: LetterContext
) -> letters.Letter:
    """Return the letter of a section of a mail, its variables filled."""
    items = one_row_an_action(item_of(one, mail, states, around) for one in mail.reminders)
    if mail.is_digest:
        state, last = states[mail.programme], around.last_digest.get(mail.programme)
        lists = around.lists.get(mail.programme, Lists())
        letter: letters.Letter = board_digest(state, mail.day, last, around.base_url, lists, items)
    else:
        letter = _to_unit(mail, states, items, around)
    privacy = f"{around.base_url.rstrip('/')}/privacy"
    return replace(letter, enclosed=_beside(mail, states, around), privacy_url=privacy)


def _to_unit(
    mail: MailSection,
    states: Mapping[str, ProgrammeState],
    items: tuple[letters.Item, ...],
    around: LetterContext,
) -> letters.Letter:
    calendar = _calendar_url(mail, states, around)
    state = states[mail.programme]
    name, signed = state.programme.name, signatures(state, mail.day)
    if not mail.reminders and not mail.shares:
        if mail.invitations and not mail.feeds:
            reader = board_of(state.programme)
        else:
            keys = units_of(state.people, mail.recipient, mail.day)
            reader = joined(one.name for one in state.programme.organisations if one.key in keys)
        return letters.Notice(name, reader, mail.day, letters.NOTHING_ENCLOSED, calendar, signed)
    unit = _unit_name(mail, states)
    spoken = state.programme.reader_languages
    own = letters.Own(own_url("unit", "", mail, around), spoken)
    years = tuple(list_of(states[share.programme], share) for share in mail.shares)
    if mail.kind == "status-request":
        by = _answer_by(mail, states)
        return letters.StatusRequest(name, unit, mail.day, items, calendar, own, by, years, signatures=signed)
    if not items:
        return letters.UnitYear(name, unit, mail.day, years, calendar, own, signatures=signed)
    kind = letters.Escalation if mail.kind == "escalation" else letters.Nudge
    return kind(name, unit, mail.day, items, calendar, own, years, signatures=signed)


_MOST_CHOSEN: Final = 5
"""So many units' calendars are chosen at once; who speaks for more chooses on the page."""


def _calendar_url(mail: MailSection, states: Mapping[str, ProgrammeState], around: LetterContext) -> str:
    """Return the page on which the calendar of the reader's units is chosen already."""
    page = programme_url(around.base_url, "/calendars/", mail.programme)
    keys = _units_of(mail) or units_of(states[mail.programme].people, mail.recipient, mail.day)
    chosen = [("feed" if number == 0 else "also", key) for number, key in enumerate(keys)]
    return f"{page}&{urlencode(chosen)}" if 0 < len(chosen) <= _MOST_CHOSEN else page


def _units_of(mail: MailSection) -> tuple[str, ...]:
    """Return the organisations that a section is about, each once."""
    about = [one.organisations for one in mail.reminders if programme_of(one) == mail.programme]
    about += [share.organisations for share in mail.shares if share.programme == mail.programme]
    return tuple(dict.fromkeys(key for keys in about for key in keys))


def answerable(state: ProgrammeState, day: date) -> tuple[Contact, ...]:
    """Return who reads the replies: the secretaries, whoever stands in for one, else one of the board."""
    found = state.people.secretary(day)
    return tuple(one for one in found if one.role in {"secretary", "deputy"}) or found[:1]


def signatures(state: ProgrammeState, day: date) -> tuple[letters.Signature, ...]:
    """Return who signs the letters of a day: whoever reads the replies, with the programme's telephone."""
    board, telephone = board_of(state.programme), state.policy.secretary_phone
    people = {one.identity: one for one in answerable(state, day)}
    return tuple(letters.Signature(board, one.email, one.name, telephone) for one in people.values())


def _answer_by(mail: MailSection, states: Mapping[str, ProgrammeState]) -> date:
    """Return the first day by which a status request of a mail is to be answered."""
    days = [
        answer_by(state, state.occurrences[one.occurrence], key)
        for one in mail.reminders
        if mail_kind(one) == "status-request"
        for state in [state_in(states, one)]
        for key in one.organisations
    ]
    state = state_in(states, mail.reminders[0])
    return min((day for day in days if day), default=answer_date(mail.day, state.workdays, state.policy))


def _unit_name(mail: MailSection, states: Mapping[str, ProgrammeState]) -> Text:
    about = [(programme_of(one), one.organisations) for one in mail.reminders]
    about += [(share.programme, share.organisations) for share in mail.shares]
    names = {
        key: states[programme].programme.organisation_by_key[key].name
        for programme, organisations in about
        for key in organisations
    }
    return joined(names.values())


def joined(names: Iterable[Text]) -> Text:
    """Return names as one text, with commas."""
    found = tuple(names)
    texts: dict[Lang, str] = {lang: ", ".join(name.get(lang) for name in found) for lang in LANGUAGES}
    return Text(**texts)


def _beside(
    mail: MailSection, states: Mapping[str, ProgrammeState], around: LetterContext
) -> letters.Enclosed:
    """Return what the letter says of the invitations and private calendars beside its items."""
    meetings = tuple(
        letters.Meeting(
            board_of(states[one.programme].programme),
            one.on,
            _NEWS[one.method] if one.sequence else "invited",
            one.hours,
            one.place,
        )
        for one in mail.invitations
    )
    feeds = []
    for one in mail.feeds:
        path = f"{around.base_url.rstrip('/')}/calendars/private/{one.token(around.links.secret)}/own"
        urls: dict[Lang, str] = {lang: f"{path}-{lang}.ics" for lang in LANGUAGES}
        feeds.append(letters.OwnFeed(states[one.programme].programme.name, Text(**urls), one.on))
    return letters.Enclosed(meetings, tuple(feeds))


def own_url(purpose: Purpose, subject: str, mail: MailSection, around: LetterContext) -> str:
    """Return the address at which this reader, and nobody else, acts."""
    token = around.links.issue(purpose, subject, mail.recipient, last_day(mail.day))
    path = f"/{'collection/form' if purpose == 'form' else purpose}/{token}"
    return programme_url(around.base_url, path, mail.programme)


# -- an item ----------------------------------------------------------------------


def item_of(
    reminder: DueReminder, mail: MailSection, states: Mapping[str, ProgrammeState], around: LetterContext
) -> letters.Item:
    """Return a reminder as an item of its mail."""
    state = state_in(states, reminder)
    if reminder.stage == HANDOVER:
        return _hand_over_item(reminder, state, mail.day, around)
    row, day = state.occurrences[reminder.occurrence], mail.day
    printed = state.programme.action_by_id[row.id.action].printed_words(row.basis.words)
    names = state.programme.organisation_by_key
    promise = promise_of(state, row, reminder.organisations, day, reminder.recipient)
    promise = promise or _on_list(state, row, reminder.organisations, day)
    sent = [around.sent.get((str(row.id), folded(one)), 0) for one in _unit_addresses(reminder, state, day)]
    answer_url = form_url = dates_url = ""
    if row.kind == "collection":  # a round has its form
        form_url = own_url("form", str(row.id), mail, around)
    elif needs_answer(row):
        answer_url = own_url("answer", str(row.id), mail, around)
    elif is_checkpoint(row.id):
        dates_url = own_url("held", target_subject(state.programme, target_of(row.id)), mail, around)
    elif row.kind == "event" and row.status == "tentative":
        dates_url = own_url("series", series_subject(row), mail, around)
    return letters.Item(
        occurrence=reminder.occurrence,
        kind="pace" if is_checkpoint(row.id) else row.kind,
        title=row.title,
        due=_shown_date(state, row, day),
        wording=printed,
        reading=row.basis.reading,
        provenance=row.basis.provenance,
        stage=reminder.stage,
        url=action_url(around.base_url, state.programme.key, row.id.action),
        reason=reminder.reason,
        organisations=tuple(names[key].name for key in reminder.organisations),
        others=_others(reminder, state, row, day, around),
        promise=promise if needs_answer(row) else None,
        reminders_sent=max(sent, default=0),
        gap=_gap(state, row, reminder.organisations, around.caught_up)
        if reminder.stage == ESCALATION
        else None,
        year=row.year,
        closes=row.closes,
        asks_dates=bool(dates_url),
        pace=_pace(state, row, day) if is_checkpoint(row.id) else None,
        answer_url=answer_url,
        form_url=form_url,
        dates_url=dates_url,
        standing=_standing(state, row, reminder, day),
        until=latest_until(state, row, reminder.organisations),
        corrected_to=letters.NO_TEXT if printed == row.basis.words else row.basis.words,
        corrected_by=row.basis.by,
        corrected_on=row.basis.on,
        was_due=row.basis.was_due,
        date_moved_on=row.basis.moved_on,
        request=_request(state, row, reminder),
        answer_by=_round_answered_by(state, row, reminder),
        came=_came(state, reminder, day) if mail.is_digest else "",
        stands_in=_stands_in(state, reminder, day),
    )


def _round_answered_by(state: ProgrammeState, row: Occurrence, reminder: DueReminder) -> date | None:
    """Return the day by which a round that is asked about after its date is to be answered."""
    if row.kind != "collection" or reminder.stage != FIRST_START:
        return None
    return min(filter(None, (answer_by(state, row, key) for key in reminder.organisations)), default=None)


def _request(
    state: ProgrammeState, row: Occurrence, reminder: DueReminder
) -> Literal["", "again", "moved", "taken", "new", "untold", "open", "reopened"]:
    """Return why a status request comes later than the first start, or a round again (``letters.Item``)."""
    if str(row.id) in state.reopened:
        return "reopened"
    if reminder.stage != FIRST_START or request_of(reminder) is None:
        return ""
    about, keys = str(row.id), reminder.organisations
    if any((about, key) in state.replies for key in keys):
        return "again"
    told, to_others = (
        {
            (sequence, key)
            for one, sequence, key in asked
            if one == about and key in keys and sequence != reminder.sequence
        }
        for asked in (state.told or (), state.told_to_others)
    )
    if to_others and not told and not reminder.without_contact:
        return "new"
    told |= to_others
    moves = state.programme.action_by_id[row.id.action].handovers
    if not told and not {move.taker for move in moves}.isdisjoint(keys):
        return "taken"
    now = state.sequences.get(about, 0)
    if any(sequence == now for sequence, _ in told):
        return "open"
    return "moved" if now else "untold"


def _came(
    state: ProgrammeState, reminder: DueReminder, day: date
) -> Literal["no-contact", "no-head", "head-asked", "listed", "unit"]:
    """Say why an item came to the secretary: in a role of the unit's own, or for want of somebody there."""
    if not all(state.people.has_own_contact(key, day) for key in reminder.organisations):
        return "no-contact"
    heads = {one.identity for key in reminder.organisations for one in state.people.heads(key, day)}
    if reminder.role == "unit" or (reminder.role == "head" and reminder.recipient in heads):
        return "unit"
    if reminder.role == "secretary":
        return "listed"
    return "head-asked" if heads else "no-head"


def _stands_in(state: ProgrammeState, reminder: DueReminder, day: date) -> Literal["", "head", "secretary"]:
    """Say in which role the reader gets what is a unit's, which has nobody of its own."""
    own = {one.identity for key in reminder.organisations for one in state.people.own_unit(key, day)}
    if reminder.role != "unit" or reminder.recipient in own:
        return ""
    heads = {one.identity for key in reminder.organisations for one in state.people.heads(key, day)}
    return "head" if reminder.recipient in heads else "secretary"


def _standing(state: ProgrammeState, row: Occurrence, reminder: DueReminder, day: date) -> str:
    """Return how a milestone, review or round stands with the reader's units, the worst of them."""
    if not needs_answer(row):
        return ""
    return worst(unit_standing(state, row, key, day) for key in reminder.organisations)


def _hand_over_item(
    reminder: DueReminder, state: ProgrammeState, day: date, around: LetterContext
) -> letters.Item:
    action = state.programme.action_by_id[OccurrenceID.parse(reminder.occurrence).action]
    names, move = state.programme.organisation_by_key, move_of(state, reminder)
    stands_in = _stands_in(state, reminder, day)
    takes_over = move.taker in reminder.organisations and move.giver not in reminder.organisations
    takes_over = takes_over and not stands_in  # who stands in takes nothing over
    return letters.Item(
        occurrence=reminder.occurrence,
        kind="handover",
        title=action.title,
        due=move.effective_from,
        wording=move.source,
        reading="",
        provenance="corrected" if move.by else "printed",
        stage=reminder.stage,
        url=action_url(around.base_url, state.programme.key, action.id),
        reason=reminder.reason,
        organisations=tuple(names[key].name for key in reminder.organisations),
        moved_to=names[move.taker].name,
        moved_from=names[move.giver].name if takes_over else letters.NO_TEXT,
        asked_on=first_asked(state, action.id, move.taker, day, reminder.recipient) if takes_over else None,
        moved_by=move.by,
        stands_in=stands_in,
    )


def _pace(state: ProgrammeState, row: Occurrence, day: date) -> letters.TargetPace:
    """Return how often so far in the checkpoint's year, and the next date that is entered."""
    target = target_of(row.id)
    rule, entered = targets(state.programme)[target], state.target_dates.get(target, ())
    found = target_standing(rule, entered, row.due.year, day)
    ahead = next(iter(found.coming), None)
    judged = (one for one in checkpoints(rule) if one > max(row.due, day) and one.year == row.due.year)
    return letters.TargetPace(
        found.year,
        found.entered,
        found.minimum,
        ahead,
        found.maximum,
        by_now=due_by(rule, row.due),
        judged_next=min(judged, default=None),
    )


def _shown_date(state: ProgrammeState, row: Occurrence, day: date) -> date:
    """Return the date of a row; of an event that has passed unasked, that of its series' next one."""
    if row.kind != "event" or row.due >= day or is_checkpoint(row.id):
        return row.due
    ahead = (one.due for one in state.occurrences.values() if one.id.seed == row.id.seed and one.due >= day)
    return min(ahead, default=row.due)


def _others(
    reminder: DueReminder, state: ProgrammeState, row: Occurrence, day: date, around: LetterContext
) -> tuple[Text, ...]:
    """Return who else got it: the unit for an escalation, else the day's other recipients.

    Those are named by organisation, or by address within the reader's own unit.
    """
    if reminder.stage == ESCALATION:
        return tuple(Text(*[address] * 3) for address in _unit_addresses(reminder, state, day))
    if row.kind == "collection":
        count = len(responsible(state, row, day)) - 1
        return (Text(**{lang: text.format(n=count) for lang, text in _PARTIES.items()}),) if count else ()
    names: dict[str, Text] = {}
    for copy in around.copies:
        # What waits for the secretary's digest, or for its reader's day, has gone to nobody yet.
        other = copy.occurrence == reminder.occurrence and copy.recipient != reminder.recipient
        if not other or copy.stage == HANDOVER or copy.waits or not goes(state, copy, day):
            continue
        foreign = [key for key in copy.organisations if key not in reminder.organisations]
        if foreign:
            names |= {key: _reached(state, key, copy.recipient, day) for key in foreign}
        else:
            names[copy.recipient] = Text(*[as_written({"": state}, copy.recipient, day)] * 3)
    return tuple(dict.fromkeys(names.values()))


def _reached(state: ProgrammeState, key: str, recipient: str, day: date) -> Text:
    """Return who a copy for an organisation went to: it, or the secretary where it has nobody."""
    own = {one.identity for one in (*state.people.own_unit(key, day), *state.people.heads(key, day))}
    if recipient in own:
        return state.programme.organisation_by_key[key].name
    words: dict[Lang, str] = {lang: role(lang, "secretary") for lang in LANGUAGES}
    return Text(**words)


def _unit_addresses(reminder: DueReminder, state: ProgrammeState, day: date) -> list[str]:
    found = (contact for key in reminder.organisations for contact in state.people.unit(key, day))
    written = {contact.identity: contact.email for contact in found}
    return [address for identity, address in written.items() if identity != reminder.recipient]


def _gap(
    state: ProgrammeState, row: Occurrence, organisations: Iterable[str], caught_up: Mapping[date, date]
) -> tuple[date, date] | None:
    """Return the first and last day of the latest downtime in which the units missed a reminder."""
    own = stages_of_units(state, row, organisations)
    missed = [stage.send_on for stage in own if stage.role == "unit"]
    back = max((caught_up[day] for day in missed if day in caught_up), default=None)
    if back is None:
        return None
    down = [day for day, on in caught_up.items() if on == back]
    return min(down), max(down)


def promise_of(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], day: date, reader: str = ""
) -> letters.Promise | None:
    """Return what happens next if nobody answers: the first later stage, and the day before it.

    For a ``reader`` whose wishes move reminders, on the day that is the reader's.
    """
    found = next_ahead(state, row, organisations, day, reader)
    if found is None:
        return None
    on, after = found
    answered_by, earlier = state.workdays.before(on, 1), _earlier_answer(state, row, organisations, day)
    if after.stage.role == "unit":
        return letters.Promise("next", answered_by, on, earlier)
    return letters.Promise("list" if after.listed else "head", answered_by, on, earlier)


def _on_list(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], day: date
) -> letters.Promise | None:
    """Return that nothing more happens: all of these stand on the follow-up list."""
    if not all(is_listed(state, row, key, day) for key in organisations):
        return None
    return letters.Promise("listed", day, day, _earlier_answer(state, row, organisations, day))


def promised_day(states: Mapping[str, ProgrammeState], mail: MailSection, one: DueReminder) -> date | None:
    """Return the day that a mail's item names for what happens next, where it does."""
    state = state_in(states, one)
    row = state.occurrences.get(one.occurrence)
    if row is None or one.stage == HANDOVER or not needs_answer(row):
        return None
    found = promise_of(state, row, one.organisations, mail.day, one.recipient)
    return found.on if found else None


def _earlier_answer(
    state: ProgrammeState, row: Occurrence, organisations: Iterable[str], day: date
) -> letters.EarlierAnswer | None:
    """Return the newest answer of units that are asked once more: given before the date, or over by now."""
    given = [
        reply
        for key in organisations
        if (reply := reply_of(state, row, key))
        and (early_reply(state, row, key) or not is_stopped(state, row, key, day))
    ]
    if not given:
        return None
    newest = max(given, key=lambda reply: reply.at)
    is_over = newest.proposal == "pending" and newest.new_date is not None and newest.new_date < day
    proposal = "over" if is_over else newest.proposal or "pending"
    return letters.EarlierAnswer(newest.answer, said_on(state, newest), newest.new_date, proposal, row.kind)
