"""The outbox: mails by day, one mail with its fate, those of the next sending day, the digest as it is now.

Signed in only. A mail's html stands in a sandboxed frame with a policy of its own: nothing runs in it,
nothing is loaded. The links by which its reader acts are live only where no mail server is set: there these
pages are the mail program of whoever tries the service out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Final

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.digest_view import digest_part
from email_templates.letters import BoardDigest
from email_templates.plain_text import capital
from email_templates.render import framed, render
from reminders.collection.spreadsheet import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from reminders.errors import NotFoundError
from reminders.letters.dead_links import without_live_links, without_tokens
from reminders.letters.delivery_events import DeliveryEvent, LogEntry, MailRow, last_answer, was_written
from reminders.letters.message import MessageFacts
from reminders.letters.sections import SectionPlace, parsed, section_at, text_and_html
from reminders.planning.mails import Mail
from reminders.settings import Settings
from reminders.use.mail.digests import digest_letter, digest_sheet
from reminders.use.mail.listing import SentMail, newest_mails, rule_name, sent_mail
from reminders.use.planning.preview import MailPreview, next_sending
from reminders.use.watch.audit import record_reading
from reminders.web.catalogue import say
from reminders.web.page import Page, Pages
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang

SHOWN: Final = 500
_LANGUAGE: Final = re.compile(r'<div lang="(\w+)"')
"""The language of a section, at its begin."""
FRAME_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail as its page shows it; ``language`` is the one that it begins with."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    language: str
    reply_to: str = ""
    is_dead: bool = False
    """Whether links by which its reader acts were taken out."""


def as_shown(view: MailView, settings: Settings) -> MailView:
    """Return a mail as it is shown to who is not its reader: where it reaches somebody, nobody acts by it."""
    if settings.smtp_url is None:
        return view
    text, html = without_tokens(view.text), without_live_links(view.html)
    return replace(view, text=text, html=html, is_dead=(text, html) != (view.text, view.html))


def mail_frame(html: str) -> Response:
    """Return a mail's html for its frame; its links open outside."""
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    headers = {
        "Content-Security-Policy": FRAME_POLICY,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return HTMLResponse(html, headers=headers)


def sent_mail_view(raw: bytes, lang: Lang) -> MailView:
    """Return what stands in the octets of a mail."""
    message = parsed(raw)
    text, html = text_and_html(message)
    names = {"from": "From", "to": "To", "reply-to": "Reply-To"}
    return MailView(
        subject=str(message["Subject"]),
        headers=tuple(
            (say(lang, f"outbox.{name}"), str(message[header]))
            for name, header in names.items()
            if message[header]
        ),
        html=html,
        text=text,
        language=str(message["Content-Language"] or "")[:2],
        reply_to=str(message["Reply-To"] or ""),
    )


def own_section(view: MailView, place: SectionPlace) -> MailView:
    """Return what a mail says of one programme, where it speaks of several."""
    if not place.text_length:
        return view
    text, html = section_at(place, view.text, view.html)
    named = _LANGUAGE.search(html)
    language = named[1] if named else view.language
    shown = framed(place.subject, "", language, [html]) if html else ""
    headers = tuple((name, value) for name, value in view.headers if value != view.reply_to)
    return replace(view, subject=place.subject, text=text, html=shown, headers=headers, language=language)


def next_mail_view(facts: MessageFacts, lang: Lang) -> MailView:
    """Return what stands in a mail that is not sent yet."""
    values = {
        "from": f"{facts.sender_name} <{facts.sender}>" if facts.sender_name else facts.sender,
        "to": facts.recipient,
        "reply-to": ", ".join(facts.reply_to),
        "date": dates.moment(facts.date, lang),
    }
    headers = tuple((say(lang, f"outbox.{name}"), value) for name, value in values.items() if value)
    return MailView(facts.subject, headers, facts.html, facts.text, facts.content_language[:2])


def channel_state(settings: Settings, state: str, lang: Lang, answer: str = "") -> str:
    """Say a state; what is *sent* was handed to a mail server or written to the folder.

    The answer tells which; where it is not known, whether there is a mail server now.
    """
    if state == "sent" and (was_written(answer) if answer else not settings.smtp_url):
        return say(lang, "event.written")
    return shared.outbox(lang, state)


@dataclass(frozen=True, slots=True)
class MailSubject:
    """What a mail spoke of: the action, which date of it and why that day, how its wording was read."""

    title: str
    action: str
    why: str
    rule: str


def mail_subjects(
    entry: LogEntry, occurrences: Mapping[str, Occurrence], lang: Lang
) -> tuple[MailSubject, ...]:
    """Return what a mail spoke of, each once; of what is no longer in the programme nothing can be said."""
    found = []
    for item in entry.items:
        if row := occurrences.get(item["occurrence"]):
            stage = shared.stage(lang, item["stage"], (row.due - entry.day).days, row.kind)
            what, on = shared.kind(lang, row.kind), dates.short(row.due, lang)
            why = capital(say(lang, "action.reason", what=what, on=on, stage=stage))
            found.append(MailSubject(row.title.get(lang), row.id.action, why, rule_name(row, lang)))
    return tuple(dict.fromkeys(found))


def event_rows(events: Iterable[DeliveryEvent], zone: tzinfo, lang: Lang) -> list[tuple[str, str, str]]:
    """Return each event of a mail: when, what, and the server's words."""

    def what(event: DeliveryEvent) -> str:
        is_file = event.kind == "handed-over" and was_written(event.text)
        return say(lang, "event.written" if is_file else f"event.{event.kind}")

    return [(dates.moment(event.at.astimezone(zone), lang), what(event), event.reply) for event in events]


class OutboxPages(Pages):
    """The mails that went, each with its log, and those of the next sending day."""

    def routes(self) -> list[Route]:
        """Return the routes; the next sending before single mails."""
        return [
            *self.secretary("/outbox", self.show),
            *self.secretary("/outbox/next", self.next),
            *self.secretary("/outbox/next/{n:row}", self.next_mail),
            *self.secretary("/outbox/next/{n:row}/html", self.next_html),
            *self.secretary("/outbox/{id:row}", self.mail),
            *self.secretary("/outbox/{id:row}/html", self.mail_html),
        ]

    def show(self, page: Page) -> Response:
        """Show the newest mails by day."""
        with page.read() as connection:
            found = newest_mails(connection, page.key, SHOWN)
        count = sum(len(mails) for _, mails in found)
        return page.render(
            "outbox.html",
            days=tuple(_day(page, day, mails) for day, mails in found),
            count=count,
            limited=count == SHOWN,
            next_at=next_sending(page.service, page.key),
        )

    def mail(self, page: Page) -> Response:
        """Show one mail as it went, and what became of it."""
        found = _mail(page)
        entry = found.entry
        answered = last_answer(entry.events)
        return page.render(
            "mail.html",
            letter=_sent_view(page, found),
            missing=page.say("outbox.deleted") if found.place else page.say("outbox.of-several"),
            state=channel_state(
                page.service.settings, entry.state, page.lang, answered.text if answered else ""
            ),
            events=event_rows(entry.events, page.zone, page.lang),
            about=mail_subjects(entry, page.current.state.occurrences, page.lang),
            proof=(entry.message_id, entry.sha256),
            subject=entry.subject,
            frame=page.home(f"/outbox/{entry.id}/html"),
            back=(page.home("/outbox"), page.say("outbox.back")),
            pager=(),
        )

    def mail_html(self, page: Page) -> Response:
        """Show the html part of a mail alone, in a closed frame."""
        view = _sent_view(page, _mail(page))
        if view is None:
            raise NotFoundError("no content")
        return mail_frame(view.html)

    def next(self, page: Page) -> Response:
        """Show the mails of the next sending day."""
        preview = page.site.snapshots.next_mails(page.key)
        mails = [(draft, facts, kind_words(draft, {page.key}, page.lang)) for draft, facts in preview.mails]
        return page.render("next.html", at=preview.at, mails=mails)

    def next_mail(self, page: Page) -> Response:
        """Show one mail of the next sending day."""
        n, preview = int(page.path("n")), page.site.snapshots.next_mails(page.key)
        facts = _nth(preview, n)
        pager = []
        if n > 1:
            pager.append((page.home(f"/outbox/next/{n - 1}"), page.say("outbox.previous")))
        if n < len(preview.mails):
            pager.append((page.home(f"/outbox/next/{n + 1}"), page.say("outbox.following")))
        return page.render(
            "mail.html",
            letter=as_shown(next_mail_view(facts, page.lang), page.service.settings),
            missing="",
            state="",
            events=[],
            about=(),
            proof=None,
            subject=facts.subject,
            frame=page.home(f"/outbox/next/{n}/html"),
            back=(page.home("/outbox/next"), page.say("outbox.back-next")),
            pager=tuple(pager),
        )

    def next_html(self, page: Page) -> Response:
        """Show the html part of a mail of the next sending day alone, in a closed frame."""
        facts = _nth(page.site.snapshots.next_mails(page.key), int(page.path("n")))
        return mail_frame(as_shown(next_mail_view(facts, page.lang), page.service.settings).html)


def kind_words(mail: Mail, programmes: Collection[str], lang: Lang) -> str:
    """Say what a mail is to readers of some programmes: a summary, where it holds one, else its kind."""
    return shared.letter(lang, "digest" if set(mail.boards) & set(programmes) else mail.kind)


def _day(
    page: Page, day: date, mails: tuple[MailRow, ...]
) -> tuple[str, list[tuple[MailRow, str, str, str]]]:
    """Return a day's title and its mails, each with its time, its state and its kind in words."""
    settings, lang = page.service.settings, page.lang
    rows = [
        (
            mail,
            dates.at(mail.at.astimezone(page.zone).time(), lang),
            channel_state(settings, mail.state, lang, mail.answer),
            shared.letter(lang, mail.kind),
        )
        for mail in mails
    ]
    return say(lang, "outbox.day", n=len(mails), on=capital(dates.named_day(day, lang))), rows


def _mail(page: Page) -> SentMail:
    with page.read() as connection:
        return sent_mail(connection, int(page.path("id")), page.key)


def _sent_view(page: Page, found: SentMail) -> MailView | None:
    """Return what a mail says of the page's programme; None where that is gone or cannot be told apart."""
    if not found.raw or not found.place:
        return None
    return as_shown(own_section(sent_mail_view(found.raw, page.lang), found.place), page.service.settings)


def _nth(preview: MailPreview, n: int) -> MessageFacts:
    if not 1 <= n <= len(preview.mails):
        raise NotFoundError(f"no mail {n}")
    return preview.mails[n - 1][1]


class DigestPages(Pages):
    """The digest as it would be now: as a page, as the letter alone, and as a table."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/digest", self.show),
            *self.secretary("/digest/html", self.html),
            *self.secretary("/digest.{form:str}", self.table),
        ]

    def show(self, page: Page) -> Response:
        """Show the digest's rows, all of them even where the letter would say that nothing has changed."""
        letter = _digest(page)
        return page.render(
            "digest.html",
            heading=digest_part(letter, page.lang).heading,
            view=digest_part(replace(letter, unchanged=False), page.lang),
            now=dates.moment(page.service.clock().astimezone(page.zone), page.lang),
            frame=f"{page.home('/digest/html')}&lang={page.lang}",
        )

    def html(self, page: Page) -> Response:
        """Show the letter alone."""
        html = render(_digest(page), page.lang).html
        return mail_frame(without_live_links(html) if page.service.settings.smtp_url else html)

    def table(self, page: Page) -> Response:
        """Answer for ``/digest.csv`` and ``/digest.xlsx``: the same rows as a table."""
        record_reading(page.service, "list-export", page.key, f"digest.{page.path('form')}")
        sheet = digest_sheet(_digest(page), page.lang)
        if page.path("form") == "xlsx":
            return page.file(as_xlsx([sheet], page.service.clock()), XLSX_TYPE, "digest.xlsx")
        return page.file(as_csv(sheet), CSV_TYPE, "digest.csv")


def _digest(page: Page) -> BoardDigest:
    state = page.current.state
    with page.read() as connection:
        return digest_letter(connection, state, page.today, page.service.settings)
