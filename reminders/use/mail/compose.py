"""Transaction 2: due reminders become frozen messages, one per recipient and day.

What could not be mailed, as rows of the secretary's digest: refused, not made, a closed channel.

The files of invitations in a mail: the one that makes the mail an invitation, or files beside it.

The calendar files beside the letters of a year: what stands in the unit's feeds, as one file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email.utils import parseaddr
from typing import Final

from structlog import get_logger

from calendars.feed import FeedSpec, of_year, published
from email_templates import dates, words
from email_templates.letters import DigestRow
from email_templates.render import languages, render
from reminders.errors import GuardError
from reminders.letters.compose import LetterContext, letter_of
from reminders.letters.digest import Lists, action_url, last_said
from reminders.letters.itip import calendar_alone, calendar_beside
from reminders.letters.message import Attachment, MessageFacts, message_id, octets
from reminders.planning.due import ReminderKey
from reminders.planning.links import Links
from reminders.planning.mails import Mail, enclose, enclosures_due, mails_again, mails_of_day
from reminders.planning.preferences import NO_WISHES
from reminders.planning.state import ProgrammeState
from reminders.planning.year_list import YearShare, lists_due
from reminders.settings import Settings
from reminders.store import Connection, Database, feeds, outbox, planned
from reminders.store import planned as store
from reminders.store import programmes as repository
from reminders.store.outbox import Frozen
from reminders.store.planned import PlannedReminder
from reminders.use.feeds.published import Source, source_of
from reminders.use.planning.load_state import caught_up, load_state
from reminders.use.programme.explain import finding_text, say
from schedule_rules.derive import derive
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import LANGUAGES, Lang, Text

# -- The files of invitations in a mail: the one that makes the mail an invitation, or files be


def invitation_of(
    draft: Mail, states: Mapping[str, ProgrammeState], sender: str, now: datetime
) -> tuple[Attachment | None, tuple[Attachment, ...]]:
    """Return (the invitation that the mail is, the files beside it); ``sender`` is a bare address."""
    lang = languages(draft.language)[0]
    made = calendar_alone if _is_alone(draft) else calendar_beside
    found = [
        made(
            one,
            states[one.programme].programme,
            (states[one.programme].programme.name.get(lang), sender),
            lang,
            now,
        )
        for one in draft.invitations
    ]
    return (found[0], ()) if _is_alone(draft) else (None, tuple(found))


def _is_alone(draft: Mail) -> bool:
    """Tell whether a mail holds one invitation and nothing else."""
    beside_it = draft.reminders or draft.shares or draft.feeds or draft.board
    return len(draft.invitations) == 1 and not beside_it


# -- What could not be mailed, as rows of the secretary's digest: refused, not made, a closed c


def failure_rows(connection: Connection, since: date | None, settings: Settings) -> tuple[DigestRow, ...]:
    """Return what went wrong from the day ``since`` on, or ever."""
    rows = (
        _refused(connection, since, settings)
        + [
            (address, _failure("failed", ""))
            for address, day in store.failed_digests(connection)
            if _is_new(day, since)
        ]
        + _closed(connection, since, settings)
    )
    return tuple(
        DigestRow(Text(title, title, title), None, f"{settings.base_url}/outbox", note=note)
        for title, note in rows
    )


def _refused(connection: Connection, since: date | None, settings: Settings) -> list[tuple[str, Text]]:
    """Return the messages that failed, and to whom their items went on where the address was dead."""
    rows = [
        row
        for row in outbox.failures_since(connection, None)
        if _is_new(_day(row["next_at"], settings), since)
    ]
    went_on = planned.successors(connection, [row["digest_id"] for row in rows])
    return [
        (row["rcpt"], _failure(row["state"], row["last_text"], went_on.get(row["digest_id"], ())))
        for row in rows
    ]


def _closed(connection: Connection, since: date | None, settings: Settings) -> list[tuple[str, Text]]:
    """Return the days on which the mail server could not be used, each with the first reason."""
    found: dict[date, str] = {}
    for at, reason in store.alarms(connection):
        if _is_new(day := _day(at, settings), since):
            found.setdefault(day, reason)
    name = settings.smtp_url.host if settings.smtp_url else str(settings.mail_folder)
    return [
        (
            name,
            Text(
                **{
                    lang: say(lang, "mail.closed", on=dates.short(day, lang), reason=reason)
                    for lang in LANGUAGES
                }
            ),
        )
        for day, reason in found.items()
    ]


def _failure(state: str, text: str, went_on: tuple[str, ...] = ()) -> Text:
    told = f": {text}" if text else ""
    said = {lang: words.outbox(lang, state) + told for lang in LANGUAGES}
    if went_on:
        said = {
            lang: f"{say(lang, 'mail.went-on', failure=said[lang], addresses=', '.join(went_on))}"
            for lang in LANGUAGES
        }
    return Text(**said)


def _day(instant: datetime, settings: Settings) -> date:
    return instant.astimezone(settings.zone).date()


def _is_new(day: date, since: date | None) -> bool:
    return since is None or day >= since


# -- The calendar files beside the letters of a year: what stands in the unit's feeds, as one f

MEDIA_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
"""RFC 6047 section 2.4: the method stands in the type too."""


def sources_of(connection: Connection, drafts: Iterable[Mail], settings: Settings) -> Mapping[str, Source]:
    """Return the calendar entries of the programmes of whose year any mail holds a list."""
    keys = dict.fromkeys(share.programme for draft in drafts for share in draft.shares)
    return {key: source_of(connection, key, settings) for key in keys}


def files_of(draft: Mail, sources: Mapping[str, Source], base_url: str) -> tuple[Attachment, ...]:
    """Return a file for each list of a mail, in the mail's first language."""
    lang = languages(draft.language)[0]
    return tuple(_file(share, sources[share.programme], lang, base_url) for share in draft.shares)


def _file(share: YearShare, source: Source, lang: Lang, base_url: str) -> Attachment:
    programme = source.programme
    spec = FeedSpec(
        name="all", programme=programme.name, url=f"{base_url}/calendars/", zone=programme.timezone
    )
    entries = of_year(source.entries, share.organisations, share.year)
    modified = max((one.modified for one in entries), default=source.changed["all"])
    content = published(spec, entries, lang, modified)
    return Attachment(f"{programme.key}-{share.year}-{lang}.ics", MEDIA_TYPE, content)


# -- Transaction 2: due reminders become frozen messages, one per recipient and day

log = get_logger()
AT_ONCE = 50
"""Mails frozen in one durable transaction."""


@dataclass(frozen=True)
class MailContext:
    """What every message of the service needs: addresses, the secret of its ids, the clock."""

    settings: Settings
    secret: str
    now: datetime


@dataclass(frozen=True)
class Batch:
    """The mails of one day, with all that their letters say."""

    states: Mapping[str, ProgrammeState]
    drafts: tuple[Mail, ...]
    around: LetterContext
    ids: Mapping[ReminderKey, int]
    sources: Mapping[str, Source] = field(default_factory=dict)


def compose_mails(database: Database, post: MailContext, today: date, *, accept_count: bool) -> int:
    """Freeze the mails of ``today``; return how many. Only what is released goes.

    Raises ``GuardError`` when more than MAIL_CAP would go out over SMTP at once.
    A letter that cannot be rendered fails alone.
    """
    with database.read() as connection:
        batch = read_batch(connection, post, today)
    cap = post.settings.mail_cap
    if post.settings.smtp_url and len(batch.drafts) > cap and not accept_count:
        raise GuardError(
            f"this run would send {len(batch.drafts)} mails, more than MAIL_CAP ({cap}). "
            "If that is meant, run: reminders tick --accept-count"
        )
    chunks = (batch.drafts[n : n + AT_ONCE] for n in range(0, len(batch.drafts), AT_ONCE))
    return sum(_freeze(database, post, batch, chunk) for chunk in chunks)


def read_batch(connection: Connection, post: MailContext, today: date) -> Batch:
    """Return the drafts of ``today`` over the programmes that are released and have started."""
    rows = [row for row in repository.all_programmes(connection) if row.started_on and not row.held]
    states = {row.programme.key: load_state(connection, row) for row in rows}
    waiting = [
        one
        for one in store.planned(connection)
        if OccurrenceID.parse(one.reminder.occurrence).programme in states
    ]
    last = store.last_digests(connection, before=today)
    reminders = tuple(one.reminder for one in waiting)
    started = {row.programme.key: row.started_on for row in rows if row.started_on}
    lists = lists_due(states, today, started, planned.year_lists_sent(connection, today.year))
    busy = store.mailed_recipients(connection, today)
    drafts = mails_of_day(states, today, reminders, last, busy, lists)
    told, asked = planned.invitations_sent(connection), feeds.waiting_feed_requests(connection)
    drafts = enclose(drafts, states, today, busy, enclosures_due(states, today, started, told, asked))
    drafts = _versioned(connection, today, (*drafts, *_second_mails(connection, states, today, waiting)))
    # Those of today's mails that are frozen already, by a run that died or runs beside this one, count
    # as if they were composed with these: a letter is the same whoever writes it.
    copies = sorted(
        (*waiting, *store.mailed_on(connection, today)), key=lambda one: (one.reminder.due_on, one.id)
    )
    around = LetterContext(
        base_url=post.settings.base_url,
        links=Links(post.secret),
        copies=tuple(one.reminder for one in copies),
        sent=store.sent_counts(connection, before=today),
        last_digest=last,
        lists={key: lists_of(connection, states[key], last.get(key), post) for key in states},
        caught_up=caught_up(connection, post.settings, today),
    )
    ids = {one.reminder.key: one.id for one in waiting}
    return Batch(states, drafts, around, ids, sources_of(connection, drafts, post.settings))


def _second_mails(
    connection: Connection,
    states: Mapping[str, ProgrammeState],
    today: date,
    waiting: Collection[PlannedReminder],
) -> tuple[Mail, ...]:
    """Return the mails of what was re-addressed to somebody who has had the day's mail."""
    again = planned.ids_of_readdressed(connection)
    busy = store.mailed_recipients(connection, today) - store.unmade(connection, today)
    found = (one.reminder for one in waiting if one.id in again and one.reminder.recipient in busy)
    return mails_again(states, today, found)


def _versioned(connection: Connection, today: date, drafts: Iterable[Mail]) -> tuple[Mail, ...]:
    """Return drafts with the version that follows the latest of the recipient's day."""
    latest = planned.versions(connection, today)
    return tuple(replace(draft, version=latest.get(draft.recipient, 0) + 1) for draft in drafts)


def lists_of(connection: Connection, state: ProgrammeState, since: date | None, post: MailContext) -> Lists:
    """Return the parts of the secretary's digest that the store knows: since the last one."""
    programme, base_url = state.programme, post.settings.base_url
    answers = [
        answer
        for answer in repository.answers_of(connection, programme.key)
        if (since is None or answer.at.astimezone(post.settings.zone).date() >= since)
        and answer.occurrence in state.occurrences
    ]
    answered = tuple(
        DigestRow(
            state.occurrences[answer.occurrence].title,
            state.occurrences[answer.occurrence].due,
            action_url(base_url, OccurrenceID.parse(answer.occurrence).action),
            note=last_said(state, state.replies.get((answer.occurrence, answer.organisation))),
            unit=programme.organisation_by_key[answer.organisation].name,
        )
        for answer in answers
    )
    failures = failure_rows(connection, since, post.settings)
    return Lists(answered=answered, failures=failures, unclear=unclear_rows(state, base_url))


def unclear_rows(state: ProgrammeState, base_url: str) -> tuple[DigestRow, ...]:
    """Return what needs a decision, as rows with the words in question."""
    actions = state.programme.action_by_id
    return tuple(
        DigestRow(
            actions[finding.action].title,
            None,
            action_url(base_url, finding.action),
            note=finding_text(finding),
        )
        for finding in derive(state.programme).findings
    )


def _freeze(database: Database, post: MailContext, batch: Batch, drafts: Sequence[Mail]) -> int:
    """Freeze some mails in one transaction: digests, reminders, octets, outbox; return how many.

    All digests come before all messages: the evidence's chain is then locked last,
    and two processes that do the same wait for each other in one order.
    """
    finished = [_finished(post, batch, draft, _references(database, draft)) for draft in drafts]
    with database.write() as connection:
        opened = [_open(connection, post, batch, draft) for draft in drafts]
        made = [pair for pair in zip(opened, finished, strict=True) if pair[0] is not None]
        queued = 0
        for digest_id, message in made:
            if message and outbox.enqueue(connection, digest_id or 0, message, post.now):
                queued += 1
            else:
                store.fail_digest(connection, digest_id or 0)
    return queued


def _open(connection: Connection, post: MailContext, batch: Batch, draft: Mail) -> int | None:
    """Insert a digest with its reminders; None when the mail, or part of it, is another process's."""
    with connection.begin_nested() as attempt:
        digest_id = store.open_digest(connection, draft)
        if digest_id is None:
            return None
        free = store.attach(connection, digest_id, [batch.ids[one.key] for one in draft.reminders])
        if not (free and _claim(connection, post, digest_id, draft)):
            attempt.rollback()
            return None
    return digest_id


def _claim(connection: Connection, post: MailContext, digest_id: int, draft: Mail) -> bool:
    """Note what a mail holds beside its reminders; False when another process's mail holds it."""
    return (
        planned.claim_year_list(connection, digest_id, draft.recipient, draft.shares)
        and planned.claim_invitation(connection, digest_id, draft.invitations)
        and feeds.claim_feed_request(connection, digest_id, draft.feeds, post.secret, post.now)
    )


def _finished(post: MailContext, batch: Batch, draft: Mail, references: tuple[str, ...]) -> Frozen | None:
    """Return the finished octets; None when the letter cannot be made, which must not keep others back."""
    try:
        facts = facts_of(post, batch, draft, references)
        return Frozen(draft.recipient, facts.message_id, facts.subject, octets(facts))
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep others back
        log.error("letter not made", kind=draft.kind, items=len(draft.items), reason=type(error).__name__)  # noqa: TRY400 - a traceback may show a body
        return None


def _references(database: Database, draft: Mail) -> tuple[str, ...]:
    escalated = [one for one in draft.reminders if one.reason == "escalated"]
    if draft.kind != "escalation" or not escalated:
        return ()
    with database.read() as connection:
        return store.first_message_ids(connection, escalated)


def facts_of(post: MailContext, batch: Batch, draft: Mail, references: tuple[str, ...] = ()) -> MessageFacts:
    """Return the header and body facts of a draft's message, rendered in the reader's language."""
    content = render(letter_of(draft, batch.states, batch.around), draft.language)
    name, sender = parseaddr(post.settings.mail_from)
    domain = sender.rpartition("@")[2]
    invitation, files = invitation_of(draft, batch.states, sender, post.now)
    return MessageFacts(
        sender=sender,
        sender_name=name,
        recipient=draft.recipient,
        reply_to=post.settings.mail_reply_to or _secretary(batch, draft) or sender,
        subject=content.subject,
        text=content.text,
        html="" if _is_text_only(batch, draft) else content.html,
        content_language=content.content_language,
        message_id=message_id(
            post.secret.encode(),
            digest=draft.board,
            recipient=draft.recipient,
            local_date=draft.day,
            kind=draft.kind,
            version=draft.version,
            domain=domain,
        ),
        date=post.now.astimezone(post.settings.zone),
        list_id=f"reminders.{domain}",
        references=references,
        attachments=(*files_of(draft, batch.sources, post.settings.base_url), *files),
        invitation=invitation,
    )


def _is_text_only(batch: Batch, draft: Mail) -> bool:
    """Tell whether the reader wishes plain text of a programme that the mail speaks of."""
    keys = {OccurrenceID.parse(item.occurrence).programme for item in draft.items} | {draft.board} - {""}
    wishes = (batch.states[key].preferences.get(draft.recipient, NO_WISHES) for key in keys)
    return any(wish.format == "text" for wish in wishes)


def _secretary(batch: Batch, draft: Mail) -> str:
    """Return the address that answers by mail go to: the secretary of the mail's programme."""
    key = draft.board or OccurrenceID.parse(draft.items[0].occurrence).programme
    found = batch.states[key].people.secretary(draft.day)
    return found[0].email if found else ""
