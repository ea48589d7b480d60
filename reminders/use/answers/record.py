"""What people say about an occurrence: answers, pauses of its reminders, what is proposed and decided on.

An answer stops the unit's reminders for that occurrence and its escalation. What was said stays in
the evidence; an answer that was taken back counts no more. Several open occurrences of one action are
one question: the answer is recorded for each, and taken back for all. A pause needs a reason and never
moves the deadline. A unit that is late proposes a date; when the secretary approves it, the occurrence
stays the same one: its SEQUENCE rises, its stages follow, feeds move, and an import or a correction
keeps the date (``planning.moved_dates``). A unit that is done with a review may propose that the action
itself has ended; when that is approved nothing of the action is asked any more, and what lies ahead of it
is cancelled. What a pause holds is
decided in ``planning.due``, what goes on after it in ``planning.resume``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_args

from reminders.clock import civil_time
from reminders.collection.indicator import Kind
from reminders.collection.measures import Value, checked_value
from reminders.errors import NotFoundError, UsageError
from reminders.letters.acts import ActKind
from reminders.planning.due import AskedAgain, asked_again
from reminders.planning.replies import (
    FOR_GOOD,
    LONGEST_PAUSE,
    MOST_PAUSES,
    Answer,
    AnswerCode,
    MovedDate,
    Pause,
    says_whose,
    with_proposed_date,
)
from reminders.planning.speakers import listed_address, speaks_for, units_of
from reminders.planning.state import ProgrammeRow, needs_answer, responsible_on, unanswered
from reminders.planning.targets import is_checkpoint
from reminders.service import Service
from reminders.store import Connection, answers as stored_answers, collection as stored_values, programmes
from reminders.store.answers import ProposalDecision
from reminders.store.programmes import StoredOccurrence
from reminders.use.planning.load_state import load_question, people_of
from reminders.use.programme.store_programme import rework, rework_ended
from reminders.use.watch.audit import record_act
from schedule_rules.occurrence import Occurrence, OccurrenceID, OccurrenceIDError
from schedule_rules.programme import Lang, Programme

ANSWERS: tuple[AnswerCode, ...] = get_args(AnswerCode)


@dataclass(frozen=True, slots=True)
class Measured:
    """The indicator's value that goes with an answer: ``text`` as it is written in ``lang``, its place."""

    text: str
    unit: str = ""
    kind: Kind = "number"
    lang: Lang = "fi"
    place: int = 1


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What somebody says about an occurrence; ``by`` an address, nothing: the secretary.

    ``on_behalf``: ``by`` manages the programme and answers for its units, as the caller knows.

    ``whose`` goes with *not ours*: the key of an organisation, or free words; without it the note says whose.
    ``organisation`` is one of those that ``by`` speaks for; nothing: all of them.
    ``measured`` is kept for each of them, for the year of the occurrence's date.
    ``also`` are other occurrences of the same action that the answer is about: *done*, *on track* and *not
    ours* are recorded for each, *late* too, and ``new_date`` goes with its milestones.
    ``ended`` goes with *done*, of a review: it proposes that the action itself has ended.
    """

    occurrence: str
    answer: AnswerCode
    by: str = ""
    note: str = ""
    new_date: date | None = None
    whose: str = ""
    organisation: str = ""
    measured: Measured | None = None
    also: tuple[str, ...] = ()
    ended: bool = False
    on_behalf: bool = False

    @property
    def about(self) -> tuple[str, ...]:
        """All occurrences that the answer is about."""
        return tuple(dict.fromkeys((self.occurrence, *self.also)))


def record_answer(service: Service, given: AnswerGiven, seen: int | None = None) -> tuple[Answer, ...]:
    """Record an answer, and the value given with it, for each occurrence and organisation that it speaks for.

    ``seen`` is the id of the newest answer of theirs that whoever answers knew of (0: none; None: whatever
    stands is replaced). Where another stands by now nothing is recorded, and nothing returned.

    Raises ``NotFoundError`` for an unknown occurrence or address, ``UsageError`` for an occurrence that takes
    no answer, *not ours* that says no more, a proposed date that is no future day of the programme, or a
    value that is none of its kind.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        for about in sorted(given.about):
            stored_answers.lock_occurrence(connection, about)
        row, stored = find_question(connection, given.about)
        programme, first = row.programme, stored[0].row
        for one in stored:
            _check(programme, one.row, given, today)
        by, keys = answering(connection, programme, first, given.by, today, on_behalf=given.on_behalf)
        if given.organisation and given.organisation not in keys:
            raise NotFoundError(f"{given.organisation} does not answer for {first.id}")
        keys = (given.organisation,) if given.organisation else keys
        if seen is not None and seen != _newest(connection, first.id, given.about, keys):
            return ()
        answers = tuple(_answers(stored, given, by, keys, now))
        for answer in answers:
            stored_answers.add_answer(connection, answer)
        _bring_back(connection, programme, first.id, now)
        if given.measured:
            value = Value(
                programme.key,
                first.id.action,
                "",
                _measured_year([one.row for one in stored], today),
                given.measured.text,
                unit=given.measured.unit,
                by=by,
                kind=given.measured.kind,
                lang=given.measured.lang,
                place=given.measured.place,
            )
            for key in keys:  # each organisation has its own value in the report
                own = checked_value(programme, replace(value, organisation=key), now)
                stored_values.put_value(connection, own)
        units = units_of(people_of(connection, programme), by, today) if by else frozenset[str]()
        act: ActKind = "answer" if units & set(keys) else "answer-on-behalf"
        about = f"{first.id.action} {', '.join(keys)}: {given.answer}"
        record_act(connection, service, act, programme.key, about, by=by)
    return answers


def _newest(
    connection: Connection, about: OccurrenceID, occurrences: Collection[str], keys: Collection[str]
) -> int:
    """Return the id of the newest answer of some units that counts; 0: there is none."""
    known = stored_answers.answers_of(connection, about.programme, about.action)
    own = (one.id for one in known if one.occurrence in occurrences and one.organisation in keys)
    return max(own, default=0)


def _answers(
    stored: Sequence[StoredOccurrence],
    given: AnswerGiven,
    by: str,
    keys: Iterable[str],
    now: datetime,
) -> Iterator[Answer]:
    """Return what is recorded: each occurrence with each organisation; what is proposed, once."""
    rows = [one.row for one in stored]
    dated = with_proposed_date(rows, given.new_date) if given.new_date else ()
    last_review = max((row for row in rows if row.kind == "review"), key=lambda row: row.due, default=None)
    for one in stored:
        row = one.row
        said = Answer(
            str(row.id),
            "",
            given.answer,
            by,
            now,
            given.note,
            given.new_date if row in dated else None,
            given.whose,
            one.sequence,
            ended=given.ended and row is last_review,
        )
        yield from (replace(said, organisation=key) for key in keys)


def _bring_back(connection: Connection, programme: Programme, about: OccurrenceID, now: datetime) -> None:
    """Let an action that was ended go on, where its unit says something else by now, or took that back."""
    if about.action in programme.ended:
        rework_ended(connection, programme.key, now)


def asked_after(service: Service, answers: Sequence[Answer]) -> AskedAgain | None:
    """Return when the units that answered one question are asked again, if they say nothing more."""
    if all(one.answer in FOR_GOOD for one in answers):
        return None
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        row, stored = find_question(connection, [one.occurrence for one in answers])
        state = load_question(connection, row, stored)
        state = replace(state, people=people_of(connection, row.programme))
    return asked_again(state, state.occurrences.values(), {one.organisation for one in answers}, today)


def _measured_year(rows: Sequence[Occurrence], today: date) -> int:
    """Return the year that a value is of: of those asked about the last that has begun, else the first."""
    years = sorted(row.due.year for row in rows)
    return max((year for year in years if year <= today.year), default=years[0])


def undo_answer(service: Service, answer_id: int, by: str = "", *, on_behalf: bool = False) -> Answer:
    """Take an answer back, with the others of its question: they count no more, the evidence stays.

    What it proposed is withdrawn.

    Raises ``NotFoundError`` for an unknown answer, or an address that is neither of
    the answer's unit nor the secretary's; ``UsageError`` where it was taken back before.
    """
    with service.database.write() as connection:
        answer = stored_answers.answer_of(connection, answer_id)
        if answer is None:
            raise NotFoundError(f"no answer {answer_id}")
        row, (one,) = find_question(connection, [answer.occurrence])
        today = civil_time(service.settings, service.clock()).day
        by, keys = answering(connection, row.programme, one.row, by, today, on_behalf=on_behalf)
        if answer.organisation not in keys:
            raise NotFoundError(f"{by} is not of the unit that answered")
        together = stored_answers.given_with(connection, answer)
        if answer_id not in {one.id for one in together}:
            raise UsageError(f"answer {answer_id} was taken back before")
        for given in together:
            stored_answers.undo_answer(connection, given.id, by, service.clock())
        _bring_back(connection, row.programme, OccurrenceID.parse(answer.occurrence), service.clock())
        about = f"{one.row.id.action} {answer.organisation}: {answer.answer}"
        record_act(connection, service, "answer-undone", row.programme.key, about, by=by)
    return answer


def find_question(
    connection: Connection, about: Iterable[str]
) -> tuple[ProgrammeRow, tuple[StoredOccurrence, ...]]:
    """Return some occurrences of one action, in the order given, and their programme.

    Raises ``NotFoundError`` for one that there is not, or that is another action's; ``UsageError`` for a
    target's checkpoint, which nobody answers.
    """
    ids = tuple(dict.fromkeys(about))
    try:
        first = OccurrenceID.parse(ids[0])
    except OccurrenceIDError as error:
        raise NotFoundError(str(error)) from error
    stored = programmes.stored_occurrences(connection, first.programme, ids)
    known = {str(one.row.id): one for one in stored if one.row.id.action == first.action}
    if missing := [one for one in ids if one not in known]:
        if is_checkpoint(first):  # it is worked out, not stored
            raise UsageError(f"{first} is a {first.kind}: it takes no answer")
        raise NotFoundError(f"no occurrence {missing[0]}")
    return programmes.stored_programme(connection, first.programme), tuple(known[one] for one in ids)


def _check(programme: Programme, occurrence: Occurrence, given: AnswerGiven, today: date) -> None:
    if not needs_answer(occurrence):
        raise UsageError(f"{given.occurrence} is a {occurrence.kind}: it takes no answer")
    if given.whose and given.answer != "not-ours":
        raise UsageError("--whose goes with the answer not-ours only")
    if given.answer == "not-ours" and not says_whose(given.whose, given.note):
        expected = "expected whose it is: --whose WHO (an organisation's key, or words), or a word in --note"
        raise UsageError(f"not-ours: {expected}; found neither")
    if given.ended and given.answer != "done":
        raise UsageError("--ended goes with the answer done only")
    if given.ended and "review" not in {OccurrenceID.parse(one).kind for one in given.about}:
        raise UsageError(f"--ended goes with a review only; {given.occurrence} is a {occurrence.kind}")
    if given.new_date is None:
        return
    if given.answer != "late":
        raise UsageError("--new-date goes with the answer late only")
    if occurrence.kind == "collection":
        raise UsageError("--new-date: a collection round closes for all on the same day")
    last = programme.period.last
    if not today < given.new_date <= last:
        expected = f"a day after {today} within the programme (until {last})"
        raise UsageError(f"--new-date: expected {expected}; found {given.new_date}")


def answering(
    connection: Connection,
    programme: Programme,
    occurrence: Occurrence,
    by: str,
    today: date,
    *,
    on_behalf: bool = False,
) -> tuple[str, tuple[str, ...]]:
    """Return an address as the list writes it, and the responsible organisations that it answers for.

    Without an address it is the secretary, for all; so it is ``on_behalf`` of them. Raises
    ``NotFoundError`` for an address that is no contact's today, or answers for none of them.
    """
    keys = responsible_on(programme, occurrence, today)
    if not by or on_behalf:
        return by, keys
    people = people_of(connection, programme)
    listed = listed_address(people, by, today)
    own = speaks_for(people, keys, listed, today)
    if not own:
        raise NotFoundError(f"{by} is not responsible for {occurrence.id}")
    return listed, own


@dataclass(frozen=True, slots=True)
class PauseRequest:
    """Who wants which occurrence's reminders to wait until the end of which day, and why.

    ``by`` is an address of the unit; nothing: the secretary, for every unit that is asked.
    ``also`` are the other occurrences of the same question.
    """

    occurrence: str
    until: date
    reason: str
    by: str = ""
    also: tuple[str, ...] = ()


def pause_reminders(service: Service, request: PauseRequest) -> tuple[Pause, ...]:
    """Pause the reminders of the units that ``request.by`` speaks for; return the pauses.

    Raises ``NotFoundError`` for an unknown occurrence or address, ``UsageError`` for what
    cannot be paused: no reason, a day that is past or over 30 days away, a third pause.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    reason = request.reason.strip()
    with service.database.write() as connection:
        row, stored = find_question(connection, (request.occurrence, *request.also))
        first = stored[0].row
        last = today + LONGEST_PAUSE
        if not today < request.until <= last:
            expected = f"a day after {today}, {last} at the latest"
            raise UsageError(f"until: expected {expected}; found {request.until}")
        if not reason:
            raise UsageError("reason: expected why the reminders wait; found nothing")
        by, keys = answering(connection, row.programme, first, request.by, today)
        state = load_question(connection, row, stored)
        pauses = tuple(
            Pause(about, key, request.until, reason, by, now, one.due)
            for about, one in state.occurrences.items()
            if needs_answer(one)
            for key in unanswered(state, one, today)
            if key in keys
        )
        if not pauses:
            raise UsageError(f"{first.id}: no answer is awaited, so there is nothing to pause")
        for pause in pauses:
            if stored_answers.count_pauses(connection, pause.occurrence, pause.organisation) >= MOST_PAUSES:
                raise UsageError(f"{pause.occurrence}: paused {MOST_PAUSES} times before, which is the most")
        for pause in pauses:
            stored_answers.add_pause(connection, pause)
        about = f"{first.id.action} {', '.join(dict.fromkeys(one.organisation for one in pauses))}"
        record_act(connection, service, "pause", row.programme.key, f"{about}: {request.until}", by=by)
    return pauses


def resume_reminders(service: Service, occurrence: str, by: str = "") -> int:
    """End the pauses of the units that ``by`` speaks for before their time; return how many.

    The latest stage that was reached meanwhile goes out with the next mail.
    Raises ``NotFoundError`` for an unknown occurrence or address.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        row, (found,) = find_question(connection, [occurrence])
        by, keys = answering(connection, row.programme, found.row, by, today)
        count = sum(stored_answers.end_pauses(connection, occurrence, key, by, now) for key in keys)
        if count:
            about = f"{found.row.id.action} {', '.join(keys)}"
            record_act(connection, service, "pause-ended", row.programme.key, about, by=by)
    return count


@dataclass(frozen=True, slots=True)
class Proposal:
    """What awaits the secretary: whose, of which occurrence, why.

    A ``new_date`` instead of ``due``, or None: that the action itself has ended.
    """

    answer_id: int
    occurrence: str
    organisation: str
    due: date
    new_date: date | None
    by: str
    at: datetime
    note: str


def pending_proposals(connection: Connection, key: str) -> tuple[Proposal, ...]:
    """Return what is proposed and awaits a decision, each its unit's newest answer, oldest first."""
    answers = stored_answers.answers_of(connection, key)
    newest = {(answer.occurrence, answer.organisation): answer for answer in answers}
    decided = stored_answers.decisions_of(connection, key)
    waiting = [one for one in newest.values() if (one.new_date or one.ended) and one.id not in decided]
    stored = programmes.stored_occurrences(connection, key, {answer.occurrence for answer in waiting})
    due = {str(one.row.id): one.row.due for one in stored}
    return tuple(
        Proposal(one.id, row, one.organisation, due[row], one.new_date, one.by, one.at, one.note)
        for one in waiting
        if (row := one.occurrence) in due
    )


def approve_proposal(service: Service, answer_id: int, by: str, note: str = "") -> MovedDate | None:
    """Move the date as proposed, or let the action end: nothing of it is asked from then on (None).

    The unit sees the note.

    Raises as ``refuse``, and ``UsageError`` for a date that is past by now.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        answer = _pending(connection, answer_id)
        new_date = answer.new_date
        if new_date and new_date <= today:
            raise UsageError(f"the proposed date {new_date} is past: refuse it, or ask for another")
        _decide(connection, ProposalDecision(answer_id, approved=True, by=by, at=now, note=note.strip()))
        if new_date is None:
            _end_for_all(connection, answer, by, now)
            rework_ended(connection, OccurrenceID.parse(answer.occurrence).programme, now)
            _record_decision(connection, service, "date-approved", answer, by)
            return None
        move = MovedDate(new_date, by or "secretary", today)
        stored_answers.add_move(connection, answer.occurrence, move, answer_id)
        key = OccurrenceID.parse(answer.occurrence).programme
        programmes.touch_programme(connection, key, now)
        rework(connection, key, now)
        _record_decision(connection, service, "date-approved", answer, by)
    return move


def _record_decision(connection: Connection, service: Service, act: ActKind, answer: Answer, by: str) -> None:
    row = OccurrenceID.parse(answer.occurrence)
    about = f"{row.action} {answer.organisation}: {answer.new_date or 'ended'}"
    record_act(connection, service, act, row.programme, about, by=by)


def refuse_proposal(service: Service, answer_id: int, by: str, note: str = "") -> None:
    """Leave the date, or the action, as it is; the answer stands, and its unit sees the note.

    Raises ``NotFoundError`` for an unknown answer, ``UsageError`` for one that
    proposes nothing, was taken back or followed by another, or is decided already.
    """
    with service.database.write() as connection:
        answer = _pending(connection, answer_id)
        now, note = service.clock(), note.strip()
        _decide(connection, ProposalDecision(answer_id, approved=False, by=by, at=now, note=note))
        _record_decision(connection, service, "date-refused", answer, by)


def programme_of_answer(service: Service, answer_id: int) -> str:
    """Return the key of the programme that an answer is about; nothing for an unknown answer."""
    with service.database.read() as connection:
        answer = stored_answers.answer_of(connection, answer_id)
    return OccurrenceID.parse(answer.occurrence).programme if answer else ""


def is_decided(service: Service, answer_id: int, *, approved: bool, note: str = "") -> bool:
    """Tell whether a proposal was decided in this way and with this note: the same form sent twice."""
    with service.database.read() as connection:
        answer = stored_answers.answer_of(connection, answer_id)
        if answer is None:
            return False
        row = OccurrenceID.parse(answer.occurrence)
        found = stored_answers.decisions_of(connection, row.programme, row.action).get(answer_id)
    return found is not None and (found.approved, found.note) == (approved, note.strip())


def _end_for_all(connection: Connection, answer: Answer, by: str, now: datetime) -> None:
    """Approve what others propose alike: the action has ended for all of them."""
    row = OccurrenceID.parse(answer.occurrence)
    for one in pending_proposals(connection, row.programme):
        if one.new_date is None and OccurrenceID.parse(one.occurrence).action == row.action:
            _decide(connection, ProposalDecision(one.answer_id, approved=True, by=by, at=now, note=""))


def _pending(connection: Connection, answer_id: int) -> Answer:
    answer = stored_answers.answer_of(connection, answer_id)
    if answer is None:
        raise NotFoundError(f"no answer {answer_id}")
    find_question(connection, [answer.occurrence])
    waiting = pending_proposals(connection, OccurrenceID.parse(answer.occurrence).programme)
    if answer_id not in {one.answer_id for one in waiting}:
        raise UsageError(f"answer {answer_id}: no proposal awaits a decision")
    return answer


def _decide(connection: Connection, decided: ProposalDecision) -> None:
    if not stored_answers.add_proposal_decision(connection, decided):
        raise UsageError(f"answer {decided.answer}: the proposal is decided already")
