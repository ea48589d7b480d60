"""Transaction 2: due reminders become frozen messages, one per recipient and day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email.utils import parseaddr

from structlog import get_logger

from email_templates.letters import DigestRow
from email_templates.render import render
from reminders.compose import letter
from reminders.digest import Lists, action_url, said
from reminders.dispatch.downtime import caught_up
from reminders.dispatch.enclosures import invitation_of
from reminders.dispatch.explain import finding_text
from reminders.dispatch.failures import failure_rows
from reminders.dispatch.feeds import Source
from reminders.dispatch.worlds import world_of
from reminders.dispatch.year_files import files_of, sources_of
from reminders.due import ReminderKey, World
from reminders.enclosing import beside, enclose
from reminders.errors import GuardError
from reminders.gather import Draft, gather, gather_again
from reminders.items import Surroundings
from reminders.links import Links
from reminders.message import MessageFacts, message_id, octets
from reminders.preferences import NO_WISHES
from reminders.settings import Settings
from reminders.store import (
    Connection,
    Database,
    feed_requests,
    invitations,
    outbox,
    readdressed,
    year_letters,
)
from reminders.store import programmes as repository
from reminders.store import reminders as store
from reminders.store.outbox import Frozen
from reminders.store.reminders import PlannedReminder
from reminders.yearly import lists_due
from schedule_rules.derive import derive

log = get_logger()
AT_ONCE = 50
"""Mails frozen in one durable transaction."""


@dataclass(frozen=True)
class Post:
    """What every message of the service needs: addresses, the secret of its ids, the clock."""

    settings: Settings
    secret: str
    now: datetime


@dataclass(frozen=True)
class Batch:
    """The mails of one day, with all that their letters say."""

    worlds: Mapping[str, World]
    drafts: tuple[Draft, ...]
    around: Surroundings
    ids: Mapping[ReminderKey, int]
    sources: Mapping[str, Source] = field(default_factory=dict)


def compose(database: Database, post: Post, today: date, *, accept_count: bool) -> int:
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


def read_batch(connection: Connection, post: Post, today: date) -> Batch:
    """Return the drafts of ``today`` over the programmes that are released and have started."""
    rows = [row for row in repository.all_programmes(connection) if row.started_on and not row.held]
    worlds = {row.programme.key: world_of(connection, row) for row in rows}
    waiting = [one for one in store.planned(connection) if one.reminder.occurrence.split(":")[0] in worlds]
    last = store.last_digests(connection, before=today)
    reminders = tuple(one.reminder for one in waiting)
    started = {row.programme.key: row.started_on for row in rows if row.started_on}
    lists = lists_due(worlds, today, started, year_letters.had(connection, today.year))
    busy = store.busy(connection, today)
    drafts = gather(worlds, today, reminders, last, busy, lists)
    told, asked = invitations.told(connection), feed_requests.waiting(connection)
    drafts = enclose(drafts, worlds, today, busy, beside(worlds, today, started, told, asked))
    drafts = _versioned(connection, today, (*drafts, *_second_mails(connection, worlds, today, waiting)))
    # Those of today's mails that are frozen already, by a run that died or runs beside this one, count
    # as if they were composed with these: a letter is the same whoever writes it.
    copies = sorted(
        (*waiting, *store.mailed_on(connection, today)), key=lambda one: (one.reminder.due_on, one.id)
    )
    around = Surroundings(
        base_url=post.settings.base_url,
        links=Links(post.secret),
        copies=tuple(one.reminder for one in copies),
        sent=store.sent_counts(connection, before=today),
        last_digest=last,
        lists={key: lists_of(connection, worlds[key], last.get(key), post) for key in worlds},
        caught_up=caught_up(connection, post.settings, today),
    )
    ids = {one.reminder.key: one.id for one in waiting}
    return Batch(worlds, drafts, around, ids, sources_of(connection, drafts, post.settings))


def _second_mails(
    connection: Connection, worlds: Mapping[str, World], today: date, waiting: Collection[PlannedReminder]
) -> tuple[Draft, ...]:
    """Return the mails of what was re-addressed to somebody who has had the day's mail."""
    again = readdressed.ids_of_readdressed(connection)
    busy = store.busy(connection, today) - store.unmade(connection, today)
    found = (one.reminder for one in waiting if one.id in again and one.reminder.recipient in busy)
    return gather_again(worlds, today, found)


def _versioned(connection: Connection, today: date, drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return drafts with the version that follows the latest of the recipient's day."""
    latest = readdressed.versions(connection, today)
    return tuple(replace(draft, version=latest.get(draft.recipient, 0) + 1) for draft in drafts)


def lists_of(connection: Connection, world: World, since: date | None, post: Post) -> Lists:
    """Return the parts of the secretary's digest that the store knows: since the last one."""
    programme, base_url = world.programme, post.settings.base_url
    answers = [
        answer
        for answer in repository.answers_of(connection, programme.key)
        if (since is None or answer.at.astimezone(post.settings.zone).date() >= since)
        and answer.occurrence in world.occurrences
    ]
    answered = tuple(
        DigestRow(
            world.occurrences[answer.occurrence].title,
            world.occurrences[answer.occurrence].due,
            action_url(base_url, answer.occurrence.split(":")[1]),
            note=said(world, world.replies.get((answer.occurrence, answer.organisation))),
            unit=programme.organisation_by_key[answer.organisation].name,
        )
        for answer in answers
    )
    failures = failure_rows(connection, since, post.settings)
    return Lists(answered=answered, failures=failures, unclear=unclear_rows(world, base_url))


def unclear_rows(world: World, base_url: str) -> tuple[DigestRow, ...]:
    """Return what needs a decision, as rows with the words in question."""
    actions = world.programme.action_by_id
    return tuple(
        DigestRow(
            actions[finding.action].title,
            None,
            action_url(base_url, finding.action),
            note=finding_text(finding),
        )
        for finding in derive(world.programme).findings
    )


def _freeze(database: Database, post: Post, batch: Batch, drafts: Sequence[Draft]) -> int:
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


def _open(connection: Connection, post: Post, batch: Batch, draft: Draft) -> int | None:
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


def _claim(connection: Connection, post: Post, digest_id: int, draft: Draft) -> bool:
    """Note what a mail holds beside its reminders; False when another process's mail holds it."""
    return (
        year_letters.claim(connection, digest_id, draft.recipient, draft.shares)
        and invitations.claim(connection, digest_id, draft.invitations)
        and feed_requests.claim(connection, digest_id, draft.feeds, post.secret, post.now)
    )


def _finished(post: Post, batch: Batch, draft: Draft, references: tuple[str, ...]) -> Frozen | None:
    """Return the finished octets; None when the letter cannot be made, which must not keep others back."""
    try:
        facts = facts_of(post, batch, draft, references)
        return Frozen(draft.recipient, facts.message_id, facts.subject, octets(facts))
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep others back
        log.error("letter not made", kind=draft.kind, items=len(draft.items), reason=type(error).__name__)  # noqa: TRY400 - a traceback may show a body
        return None


def _references(database: Database, draft: Draft) -> tuple[str, ...]:
    escalated = [one for one in draft.reminders if one.reason == "escalated"]
    if draft.kind != "escalation" or not escalated:
        return ()
    with database.read() as connection:
        return store.first_message_ids(connection, escalated)


def facts_of(post: Post, batch: Batch, draft: Draft, references: tuple[str, ...] = ()) -> MessageFacts:
    """Return the header and body facts of a draft's message, rendered in the reader's language."""
    content = render(letter(draft, batch.worlds, batch.around), draft.language)
    name, sender = parseaddr(post.settings.mail_from)
    domain = sender.rpartition("@")[2]
    invitation, files = invitation_of(draft, batch.worlds, sender, post.now)
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


def _is_text_only(batch: Batch, draft: Draft) -> bool:
    """Tell whether the reader wishes plain text of a programme that the mail speaks of."""
    keys = {item.occurrence.partition(":")[0] for item in draft.items} | {draft.board} - {""}
    wishes = (batch.worlds[key].preferences.get(draft.recipient, NO_WISHES) for key in keys)
    return any(wish.format == "text" for wish in wishes)


def _secretary(batch: Batch, draft: Draft) -> str:
    """Return the address that answers by mail go to: the secretary of the mail's programme."""
    key = draft.board or draft.items[0].occurrence.split(":")[0]
    found = batch.worlds[key].people.secretary(draft.day)
    return found[0].email if found else ""
