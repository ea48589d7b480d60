"""Transaction 2: the mails that the planner decided on become frozen messages, one per recipient and day.

Who gets what is decided in ``planning.planner``, what a letter says in ``letters``. Here the letters are
filled with what the store knows, rendered, and their octets put into the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email.utils import parseaddr
from typing import Final

from structlog import get_logger

from calendars.feed import FeedSpec, of_year, published
from email_templates.plain_text import clean, counted, cut
from email_templates.render import RenderedSection, in_one_mail, languages, render_section
from email_templates.words import say
from reminders.errors import CountError
from reminders.letters.compose import LetterContext, answerable, letter_of, own_url, promised_day
from reminders.letters.digest import programme_url
from reminders.letters.itip import calendar_file
from reminders.letters.message import (
    Attachment,
    MessageFacts,
    message_id,
    octets,
)
from reminders.letters.sections import SectionPlace, section_places
from reminders.planning.addresses import folded
from reminders.planning.due import DueReminder, ReminderKey
from reminders.planning.links import links_of
from reminders.planning.mails import Mail, MailSection
from reminders.planning.planner import Step
from reminders.planning.policy import HANDOVER
from reminders.planning.preferences import NO_WISHES
from reminders.planning.state import ProgrammeState
from reminders.settings import Settings
from reminders.store import Connection, Database, evidence, feeds, outbox, planned
from reminders.store.outbox import Frozen
from reminders.use.feeds.source import Source, source_of
from reminders.use.mail.digests import lists_of
from reminders.use.planning.load_state import caught_up, read_each
from reminders.use.planning.sending_times import SendingTimes, sending_times
from schedule_rules.programme import Lang, Programme

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
    """The mails of one day, with all that their letters say; ``short_for`` whom a whole one was too big."""

    states: Mapping[str, ProgrammeState]
    mails: tuple[Mail, ...]
    around: LetterContext
    sources: Mapping[str, Source] = field(default_factory=dict)
    short_for: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ComposedMail:
    """A mail as it could be made: its message, and the programmes ``left_out``.

    ``places``: where each programme's section stands in the message; nothing of a mail of one programme.
    """

    mail: Mail
    facts: MessageFacts
    places: Mapping[str, SectionPlace] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def frozen(self) -> Frozen:
        """The finished message."""
        return Frozen(self.mail.to, self.facts.message_id, self.facts.subject, octets(self.facts))


def compose_mails(database: Database, post: MailContext, decided: Step, *, accept_count: bool) -> int:
    """Freeze the mails of a step that is written; return how many.

    Raises ``CountError`` when more than MAIL_CAP would go out over SMTP at once.
    A letter that cannot be rendered fails alone.
    """
    mails, cap = decided.mails, post.settings.mail_cap
    if not mails:
        return 0
    if post.settings.smtp_url and len(mails) > cap and not accept_count:
        raise CountError(
            f"this run would send {counted(len(mails), 'mail')}, more than MAIL_CAP ({cap}). "
            "If that is meant, run: reminders tick --accept-count",
            len(mails),
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
    boards = dict.fromkeys(key for mail in decided.mails for key in mail.boards)
    items = {one.occurrence for mail in decided.mails for one in mail.reminders}
    around = LetterContext(
        base_url=settings.base_url,
        links=links_of(post.secret, (state.programme for state in states.values())),
        copies=tuple(copies),
        sent=planned.sent_counts(connection, decided.day, items, without=(HANDOVER,)),
        last_digest=last,
        lists=read_each(
            boards, lambda key: lists_of(connection, states[key], decided.day, last.get(key), settings)
        ),
        caught_up=caught_up(connection, settings, decided.day),
    )
    shared = dict.fromkeys(share.programme for mail in decided.mails for share in mail.shares)
    sources = read_each(shared, lambda key: source_of(connection, key, settings))
    return Batch(states, decided.mails, around, sources, outbox.too_big_for(connection, decided.day))


def _freeze(
    database: Database, post: MailContext, batch: Batch, ids: Mapping[ReminderKey, int], mails: Sequence[Mail]
) -> int:
    """Freeze some mails in one transaction: digests, reminders, octets, outbox; return how many.

    All digests come before all messages, and the evidence's chain is locked last of all: two processes
    that do the same wait for each other in one order.
    """
    with database.read() as connection:
        times = sending_times(connection, post.settings)
    finished = [compose_mail(post, batch, mail, _references(database, mail)) for mail in mails]
    frozen = list[int]()
    with database.write() as connection:
        opened = [
            _open(connection, post, batch, ids, made or mail)
            for mail, made in zip(mails, finished, strict=True)
        ]
        for digest_id, made in zip(opened, finished, strict=True):
            if digest_id is None:
                continue
            if made is None:
                planned.fail_digest(connection, digest_id)
            elif outbox_id := outbox.enqueue(
                connection, digest_id, made.frozen, post.now, _expiry(times, post, made.mail)
            ):
                planned.note_sections(connection, digest_id, made.places, made.left_out)
                frozen.append(outbox_id)
            else:
                planned.fail_digest(connection, digest_id)
        evidence.note_composed(connection, frozen, post.now)
    return len(frozen)


def _expiry(times: SendingTimes, post: MailContext, mail: Mail) -> datetime:
    return times.patience_ends(post.now, [section.programme for section in mail.sections])


def _open(
    connection: Connection,
    post: MailContext,
    batch: Batch,
    ids: Mapping[ReminderKey, int],
    made: ComposedMail | Mail,
) -> int | None:
    """Insert a digest with its reminders; None when the mail, or part of it, is another process's.

    Of a mail that could not be made nothing was promised.
    """
    mail = made.mail if isinstance(made, ComposedMail) else made
    if not all(one.key in ids for one in mail.reminders):
        return None
    promised = {
        ids[one.key]: day
        for section in (mail.sections if isinstance(made, ComposedMail) else ())
        for one in section.reminders
        if (day := promised_day(batch.states, section, one))
    }
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


def compose_mail(
    post: MailContext, batch: Batch, mail: Mail, references: tuple[str, ...] = ()
) -> ComposedMail | None:
    """Word a mail in its reader's languages; None when nothing of it can be made.

    A section that cannot be made is left out: it must not keep the others back, nor other mails.
    """
    made: list[tuple[MailSection, _Written]] = []
    left_out = []
    for section in mail.sections:
        try:
            made.append((section, _written(post, batch, mail, section)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep others back
            reason = type(error).__name__  # a traceback may show a body
            log.error("section not made", programme=section.programme, kind=section.kind, reason=reason)  # noqa: TRY400
            left_out.append(section.programme)
    composed = _composed(post, batch, mail, made, references)
    if composed is None and len(made) > 1:  # what cannot be sent of one section must not keep the others back
        sound = [one for one in made if _composed(post, batch, mail, [one], references)]
        made, left_out = sound, [section.programme for section in mail.sections if section not in _of(sound)]
        composed = _composed(post, batch, mail, made, references)
    return replace(composed, left_out=tuple(left_out)) if composed else None


def _of(made: Iterable[tuple[MailSection, _Written]]) -> list[MailSection]:
    return [section for section, _ in made]


def _composed(
    post: MailContext,
    batch: Batch,
    mail: Mail,
    made: Sequence[tuple[MailSection, _Written]],
    references: tuple[str, ...],
) -> ComposedMail | None:
    """Return the message that some sections of a mail make; None where they make none."""
    if not made:
        return None
    own = mail.with_sections(_of(made))
    try:
        facts = _facts(post, batch, own, made, references)
        raw = octets(facts)
        sections = [written.section for _, written in made]
        found = section_places(raw, sections) if len(mail.sections) > 1 else ()
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep others back
        log.error("letter not made", kind=own.kind, items=len(own.items), reason=type(error).__name__)  # noqa: TRY400
        return None
    return ComposedMail(
        own, facts, {one.programme: place for one, place in zip(own.sections, found, strict=False)}
    )


@dataclass(frozen=True, slots=True)
class _Written:
    """A section in words, with the invitation that it is and the files beside it."""

    section: RenderedSection
    invitation: Attachment | None
    files: tuple[Attachment, ...]


def _written(post: MailContext, batch: Batch, mail: Mail, section: MailSection) -> _Written:
    rendered = render_section(
        letter_of(section, batch.states, batch.around), section.language, len(mail.sections)
    )
    if mail.recipient in batch.short_for:
        return _Written(_shortened(rendered, section, batch.around), None, ())
    invitation, files = _invitation_files(mail, section, batch.states, post)
    year = _year_files(section, batch.sources, post.settings.base_url)
    return _Written(rendered, invitation, (*year, *files))


def _shortened(rendered: RenderedSection, section: MailSection, around: LetterContext) -> RenderedSection:
    """Return a section as a short text, which leads to the pages that hold what it says."""
    urls = []
    if section.reminders or section.shares or section.feeds or section.invitations:
        urls.append(own_url("unit", "", section, around))
    if section.is_digest:
        urls.append(programme_url(around.base_url, "/digest", section.programme))
    lines = [rendered.subject, "", *(say(lang, "mail.too-big") for lang in rendered.languages), *urls]
    return replace(rendered, text="\n".join(lines), html="")


LONGEST_NAME: Final = 60
"""So many characters of a programme's name stand beside the sender's address."""


def name_as_sender(programme: Programme, lang: Lang) -> str:
    """Return what the sender of a programme's mails is called in one language."""
    return cut(clean(programme.short_name.get(lang) or programme.name.get(lang)), LONGEST_NAME)


def _facts(
    post: MailContext,
    batch: Batch,
    mail: Mail,
    made: Sequence[tuple[MailSection, _Written]],
    references: tuple[str, ...],
) -> MessageFacts:
    """Return the header and body facts of a mail's message.

    Reply-To is every secretary concerned. The sender is called as the programme is; a mail of several comes
    from the service, as MAIL_FROM names it.
    """
    content = in_one_mail([written.section for _, written in made])
    name, sender = parseaddr(post.settings.mail_from)
    domain = sender.rpartition("@")[2]
    states = [batch.states[section.programme] for section in mail.sections]
    wishes = [state.preferences.get(mail.recipient, NO_WISHES) for state in states]
    is_text = mail.recipient in batch.short_for or any(wish.format == "text" for wish in wishes)
    secretaries = {folded(one.email): one.email for state in states for one in answerable(state, mail.day)}
    lang = languages(mail.language)[0]
    if len(states) == 1:
        name = name_as_sender(states[0].programme, lang)
    return MessageFacts(
        sender=sender,
        sender_name=name or say(lang, "mail.service"),
        recipient=mail.to,
        reply_to=(post.settings.mail_reply_to,)
        if post.settings.mail_reply_to
        else tuple(secretaries.values()) or (sender,),
        subject=content.subject,
        text=content.text,
        html="" if is_text else content.html,
        content_language=content.content_language,
        message_id=message_id(
            post.secret.encode(),
            digest=" ".join(mail.boards),
            recipient=mail.recipient,
            local_date=mail.day,
            kind=mail.kind,
            version=mail.version,
            domain=domain,
        ),
        date=_dated(mail.day, post.settings),
        list_id=f"reminders.{domain}",
        references=references,
        attachments=tuple(one for _, written in made for one in written.files),
        invitation=next((written.invitation for _, written in made if written.invitation), None),
    )


def _dated(day: date, settings: Settings) -> datetime:
    """Return the Date of a day's mails: TICK_AT, so that a mail made once more has the same octets."""
    return datetime.combine(day, settings.tick_at, settings.zone)


def _invitation_files(
    mail: Mail, section: MailSection, states: Mapping[str, ProgrammeState], post: MailContext
) -> tuple[Attachment | None, tuple[Attachment, ...]]:
    """Return (the invitation that the mail is, the files beside it).

    A mail that holds one invitation and nothing else is that invitation.
    """
    lang = languages(section.language)[0]
    is_alone = len(mail.items) == len(mail.invitations) == 1 and not mail.boards
    sender, dated = parseaddr(post.settings.mail_from)[1], _dated(mail.day, post.settings)
    found = []
    for one in section.invitations:
        programme = states[one.programme].programme
        person = (programme.name.get(lang), sender)
        found.append(calendar_file(one, programme, person, lang, dated, alone=is_alone))
    return (found[0], ()) if is_alone and found else (None, tuple(found))


def _year_files(section: MailSection, sources: Mapping[str, Source], base_url: str) -> Iterable[Attachment]:
    """Yield a file for each list of a year: what stands in the unit's feeds, in the first language."""
    lang = languages(section.language)[0]
    for share in section.shares:
        source = sources[share.programme]
        programme = source.programme
        url = programme_url(base_url, "/calendars/", programme.key)
        spec = FeedSpec(name="all", programme=programme.name, url=url, zone=programme.timezone)
        entries = of_year(source.entries, source.dates, share.organisations, share.year)
        modified = max((one.modified for one in entries), default=source.changed["all"])
        content = published(spec, entries, lang, modified)
        yield Attachment(f"{programme.key}-{share.year}-{lang}.ics", MEDIA_TYPE, content)
