"""Transaction 2: the mails that the planner decided on become frozen messages, one per recipient and day.

Who gets what is decided in ``planning.planner``, what a letter says in ``letters``. Here the letters are
filled with what the store knows, rendered, and their octets put into the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from structlog import get_logger

from calendars.feed import FeedSpec, of_year, published
from email_templates.render import languages, render
from reminders.errors import GuardError
from reminders.letters.compose import LetterContext, letter_of, promised_day
from reminders.letters.itip import calendar_file
from reminders.letters.message import Attachment, MessageFacts, message_id, octets
from reminders.planning.due import DueReminder, ReminderKey
from reminders.planning.links import links_of
from reminders.planning.mails import Mail
from reminders.planning.planner import Step
from reminders.planning.preferences import NO_WISHES
from reminders.planning.state import ProgrammeState
from reminders.settings import Settings
from reminders.store import Connection, Database, feeds, outbox, planned
from reminders.store.outbox import Frozen
from reminders.use.feeds.published import Source, source_of
from reminders.use.mail.digests import lists_of
from reminders.use.planning.load_state import caught_up
from schedule_rules.occurrence import OccurrenceID

log = get_logger()
AT_ONCE = 50
"""Mails frozen in one durable transaction."""
MEDIA_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
"""RFC 6047 section 2.4: the method stands in the type too."""


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
    mails: tuple[Mail, ...]
    around: LetterContext
    sources: Mapping[str, Source] = field(default_factory=dict)


def compose_mails(database: Database, post: MailContext, decided: Step, *, accept_count: bool) -> int:
    """Freeze the mails of a step that is written; return how many.

    Raises ``GuardError`` when more than MAIL_CAP would go out over SMTP at once.
    A letter that cannot be rendered fails alone.
    """
    mails, cap = decided.mails, post.settings.mail_cap
    if not mails:
        return 0
    if post.settings.smtp_url and len(mails) > cap and not accept_count:
        raise GuardError(
            f"this run would send {len(mails)} mails, more than MAIL_CAP ({cap}). "
            "If that is meant, run: reminders tick --accept-count"
        )
    with database.read() as connection:
        waiting = planned.planned(connection)
        # Those of today's mails that are frozen already, by a run that died or runs beside this one, count
        # as if they were composed with these: a letter is the same whoever writes it.
        copies = [*waiting, *planned.mailed_on(connection, decided.day)]
        copies.sort(key=lambda one: (one.reminder.due_on, one.id))
        batch = batch_of(connection, post, decided, (one.reminder for one in copies))
    ids = {one.reminder.key: one.id for one in waiting}
    chunks = (mails[n : n + AT_ONCE] for n in range(0, len(mails), AT_ONCE))
    return sum(_freeze(database, post, batch, ids, chunk) for chunk in chunks)


def batch_of(
    connection: Connection, post: MailContext, decided: Step, copies: Iterable[DueReminder]
) -> Batch:
    """Return a step's mails with what their letters say; ``copies`` are all reminders of the day."""
    settings, states, last = post.settings, decided.states, decided.last_digest
    boards = dict.fromkeys(mail.board for mail in decided.mails if mail.board)
    items = {one.occurrence for mail in decided.mails for one in mail.reminders}
    around = LetterContext(
        base_url=settings.base_url,
        links=links_of(post.secret, (state.programme for state in states.values())),
        copies=tuple(copies),
        sent=planned.sent_counts(connection, decided.day, items),
        last_digest=last,
        lists={key: lists_of(connection, states[key], last.get(key), settings) for key in boards},
        caught_up=caught_up(connection, settings, decided.day),
    )
    shared = dict.fromkeys(share.programme for mail in decided.mails for share in mail.shares)
    return Batch(states, decided.mails, around, {key: source_of(connection, key, settings) for key in shared})


def _freeze(
    database: Database, post: MailContext, batch: Batch, ids: Mapping[ReminderKey, int], mails: Sequence[Mail]
) -> int:
    """Freeze some mails in one transaction: digests, reminders, octets, outbox; return how many.

    All digests come before all messages: the evidence's chain is then locked last,
    and two processes that do the same wait for each other in one order.
    """
    finished = [_finished(post, batch, mail, _references(database, mail)) for mail in mails]
    with database.write() as connection:
        opened = [_open(connection, post, batch, ids, mail) for mail in mails]
        queued = 0
        for digest_id, message in zip(opened, finished, strict=True):
            if digest_id is None:
                continue
            if message and outbox.enqueue(connection, digest_id, message, post.now):
                queued += 1
            else:
                planned.fail_digest(connection, digest_id)
    return queued


def _open(
    connection: Connection, post: MailContext, batch: Batch, ids: Mapping[ReminderKey, int], mail: Mail
) -> int | None:
    """Insert a digest with its reminders; None when the mail, or part of it, is another process's."""
    if not all(one.key in ids for one in mail.reminders):
        return None
    promised = {ids[one.key]: day for one in mail.reminders if (day := promised_day(batch.states, mail, one))}
    with connection.begin_nested() as attempt:
        digest_id = planned.open_digest(connection, mail)
        if digest_id is None:
            return None
        # What a mail holds beside its reminders is claimed as they are: another's mail may hold it.
        if not (
            planned.attach(connection, digest_id, [ids[one.key] for one in mail.reminders], promised)
            and planned.claim_year_list(connection, digest_id, mail.recipient, mail.shares)
            and planned.claim_invitation(connection, digest_id, mail.invitations)
            and feeds.claim_feed_request(connection, digest_id, mail.feeds, post.secret, post.now)
        ):
            attempt.rollback()
            return None
    return digest_id


def _references(database: Database, mail: Mail) -> tuple[str, ...]:
    escalated = [one for one in mail.reminders if one.reason == "escalated"]
    if mail.kind != "escalation" or not escalated:
        return ()
    with database.read() as connection:
        return planned.first_message_ids(connection, escalated)


def _finished(post: MailContext, batch: Batch, mail: Mail, references: tuple[str, ...]) -> Frozen | None:
    """Return the finished octets; None when the letter cannot be made, which must not keep others back."""
    try:
        facts = facts_of(post, batch, mail, references)
        return Frozen(mail.to, facts.message_id, facts.subject, octets(facts))
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep others back
        log.error("letter not made", kind=mail.kind, items=len(mail.items), reason=type(error).__name__)  # noqa: TRY400 - a traceback may show a body
        return None


def facts_of(post: MailContext, batch: Batch, mail: Mail, references: tuple[str, ...] = ()) -> MessageFacts:
    """Return the header and body facts of a mail's message, rendered in the reader's language."""
    content = render(letter_of(mail, batch.states, batch.around), mail.language)
    name, sender = parseaddr(post.settings.mail_from)
    domain = sender.rpartition("@")[2]
    invitation, files = _invitation_files(mail, batch.states, sender, post.now)
    keys = dict.fromkeys([mail.board] if mail.board else [])
    keys |= dict.fromkeys(OccurrenceID.parse(item.occurrence).programme for item in mail.items)
    wishes = [batch.states[key].preferences.get(mail.recipient, NO_WISHES) for key in keys]
    secretary = batch.states[next(iter(keys))].people.secretary(mail.day)
    return MessageFacts(
        sender=sender,
        sender_name=name,
        recipient=mail.to,
        reply_to=post.settings.mail_reply_to or (secretary[0].email if secretary else "") or sender,
        subject=content.subject,
        text=content.text,
        html="" if any(wish.format == "text" for wish in wishes) else content.html,
        content_language=content.content_language,
        message_id=message_id(
            post.secret.encode(),
            digest=mail.board,
            recipient=mail.recipient,
            local_date=mail.day,
            kind=mail.kind,
            version=mail.version,
            domain=domain,
        ),
        date=post.now.astimezone(post.settings.zone),
        list_id=f"reminders.{domain}",
        references=references,
        attachments=(*_year_files(mail, batch.sources, post.settings.base_url), *files),
        invitation=invitation,
    )


def _invitation_files(
    mail: Mail, states: Mapping[str, ProgrammeState], sender: str, now: datetime
) -> tuple[Attachment | None, tuple[Attachment, ...]]:
    """Return (the invitation that the mail is, the files beside it); ``sender`` is a bare address.

    A mail that holds one invitation and nothing else is that invitation.
    """
    lang = languages(mail.language)[0]
    beside_it = mail.reminders or mail.shares or mail.feeds or mail.board
    is_alone = len(mail.invitations) == 1 and not beside_it
    found = []
    for one in mail.invitations:
        programme = states[one.programme].programme
        person = (programme.name.get(lang), sender)
        found.append(calendar_file(one, programme, person, lang, now, alone=is_alone))
    return (found[0], ()) if is_alone else (None, tuple(found))


def _year_files(mail: Mail, sources: Mapping[str, Source], base_url: str) -> Iterable[Attachment]:
    """Yield a file for each list of a year: what stands in the unit's feeds, in the mail's first language."""
    lang = languages(mail.language)[0]
    for share in mail.shares:
        source = sources[share.programme]
        programme, url = source.programme, f"{base_url}/calendars/"
        spec = FeedSpec(name="all", programme=programme.name, url=url, zone=programme.timezone)
        entries = of_year(source.entries, share.organisations, share.year)
        modified = max((one.modified for one in entries), default=source.changed["all"])
        content = published(spec, entries, lang, modified)
        yield Attachment(f"{programme.key}-{share.year}-{lang}.ics", MEDIA_TYPE, content)
