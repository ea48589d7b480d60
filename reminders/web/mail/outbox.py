"""The outbox: mails by day, one mail as it stands, and the mails of the next sending day.

Signed in only. A mail's html stands in a sandboxed frame with a policy of its
own: nothing runs in it, nothing is loaded.

A mail as its page shows it, and its html in a closed frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from functools import lru_cache
from itertools import groupby
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.errors import NotFoundError
from reminders.letters.message import MessageFacts
from reminders.store import delivery_log
from reminders.store.delivery_log import MailRow
from reminders.use.planning.preview import MailPreview, next_sending, preview_next
from reminders.web.caches import CacheKeySite
from reminders.web.catalogue import answer, channel_state, event_rows, say
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.programme import Lang

# -- A mail as its page shows it, and its html in a closed frame

FRAME_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its page shows it; ``language`` is the one that it begins with."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    language: str


def framed(html: str) -> Response:
    """Return a mail's html for its frame; its links open outside."""
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    headers = {
        "Content-Security-Policy": FRAME_POLICY,
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    return HTMLResponse(html, headers=headers)


def parsed(raw: bytes, lang: Lang) -> Letter:
    """Return the letter that stands in the octets of a mail."""
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    names = {"from": "From", "to": "To", "reply-to": "Reply-To", "date": "Date", "message-id": "Message-ID"}
    found = [
        (say(lang, f"outbox.{name}"), str(message[header]))
        for name, header in names.items()
        if message[header]
    ]
    return Letter(
        subject=str(message["Subject"]),
        headers=tuple(found),
        html=html.get_content() if html else "",
        text=text.get_content() if text else "",
        language=str(message["Content-Language"] or "")[:2],
    )


def of_facts(facts: MessageFacts, lang: Lang) -> Letter:
    """Return the letter of a mail that is not sent yet."""
    values = {
        "from": f"{facts.sender_name} <{facts.sender}>" if facts.sender_name else facts.sender,
        "to": facts.recipient,
        "reply-to": facts.reply_to,
        "date": dates.moment(facts.date, lang),
    }
    headers = tuple((say(lang, f"outbox.{name}"), value) for name, value in values.items() if value)
    return Letter(facts.subject, headers, facts.html, facts.text, facts.content_language[:2])


# -- The outbox: mails by day, one mail as it stands, and the mails of the next sending day

SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class OutboxDay:
    """The mails of one day."""

    title: str
    mails: tuple[tuple[MailRow, str, str, str], ...]


class OutboxPages:
    """The endpoints of the outbox."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes; the next sending before single mails."""
        return [
            Route("/outbox", self.page),
            Route("/outbox/next", self.next),
            Route("/outbox/next/{n:int}", self.next_mail),
            Route("/outbox/next/{n:int}/html", self.next_html),
            Route("/outbox/{id:int}", self.mail),
            Route("/outbox/{id:int}/html", self.mail_html),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/outbox``."""
        if refused := refuse_request(self.site, request):
            return refused
        lang = self.site.visitor(request).lang
        with self.site.snapshots.read() as connection:
            mails = delivery_log.mail_rows(connection, SHOWN)
        return self.site.page(
            request,
            "outbox.html",
            days=tuple(self._days(mails, lang)),
            count=len(mails),
            limited=len(mails) == SHOWN,
            next_at=next_sending(self.site.service),
        )

    def _days(self, mails: tuple[MailRow, ...], lang: Lang) -> list[OutboxDay]:
        zone, settings = self.site.service.settings.zone, self.site.service.settings

        def cells(mail: MailRow) -> tuple[MailRow, str, str, str]:
            at = dates.at(mail.at.astimezone(zone).time(), lang)
            return (
                mail,
                at,
                channel_state(settings, mail.state, lang, mail.answer),
                shared.letter(lang, mail.kind),
            )

        grouped: list[tuple[date, list[MailRow]]] = [
            (day, list(own)) for day, own in groupby(mails, key=lambda mail: mail.day)
        ]
        return [
            OutboxDay(
                say(lang, "outbox.day", n=len(own), on=_capital(dates.named_day(day, lang))),
                tuple(map(cells, own)),
            )
            for day, own in grouped
        ]

    def mail(self, request: Request) -> Response:
        """Answer for ``/outbox/{id}``."""
        if refused := refuse_request(self.site, request):
            return refused
        outbox_id, lang = request.path_params["id"], self.site.visitor(request).lang
        settings = self.site.service.settings
        with self.site.snapshots.read() as connection:
            raw, state = self._raw(outbox_id)
            log = next((one for one in delivery_log.log_entries(connection) if one.id == outbox_id), None)
        return self.site.page(
            request,
            "mail.html",
            letter=parsed(raw, lang) if raw else None,
            state=channel_state(settings, state, lang, answer(log.events) if log else ""),
            events=event_rows(log.events if log else (), settings.zone, lang),
            subject=log.subject if log else "",
            frame=f"/outbox/{outbox_id}/html",
            back=("/outbox", say(lang, "outbox.back")),
            pager=(),
        )

    def mail_html(self, request: Request) -> Response:
        """Answer for ``/outbox/{id}/html``: the html part alone, in a closed frame."""
        if refused := refuse_request(self.site, request):
            return refused
        raw, _ = self._raw(request.path_params["id"])
        if not raw:
            raise NotFoundError("no content")
        return framed(parsed(raw, "en").html)

    def _raw(self, outbox_id: int) -> tuple[bytes | None, str]:
        with self.site.snapshots.read() as connection:
            found = delivery_log.mail_raw(connection, outbox_id)
        if found is None:
            raise NotFoundError(f"no mail {outbox_id}")
        return found

    def next(self, request: Request) -> Response:
        """Answer for ``/outbox/next``."""
        if refused := refuse_request(self.site, request):
            return refused
        preview, lang = upcoming(self.site), self.site.visitor(request).lang
        mails = [(draft, facts, shared.letter(lang, draft.kind)) for draft, facts in preview.mails]
        return self.site.page(request, "next.html", at=preview.at, mails=mails)

    def next_mail(self, request: Request) -> Response:
        """Answer for ``/outbox/next/{n}``."""
        if refused := refuse_request(self.site, request):
            return refused
        n, lang = request.path_params["n"], self.site.visitor(request).lang
        preview = upcoming(self.site)
        facts = _nth(preview, n)
        pager = []
        if n > 1:
            pager.append((f"/outbox/next/{n - 1}", say(lang, "outbox.previous")))
        if n < len(preview.mails):
            pager.append((f"/outbox/next/{n + 1}", say(lang, "outbox.following")))
        return self.site.page(
            request,
            "mail.html",
            letter=of_facts(facts, lang),
            state="",
            events=[],
            subject=facts.subject,
            frame=f"/outbox/next/{n}/html",
            back=("/outbox/next", say(lang, "outbox.back-next")),
            pager=tuple(pager),
        )

    def next_html(self, request: Request) -> Response:
        """Answer for ``/outbox/next/{n}/html``."""
        if refused := refuse_request(self.site, request):
            return refused
        return framed(_nth(upcoming(self.site), request.path_params["n"]).html)


def upcoming(site: Site) -> MailPreview:
    """Return the mails of the next sending day, rendered once for each state of the database and minute."""
    with site.snapshots.read() as connection:
        state = delivery_log.state(connection)
    minute = site.service.clock().replace(second=0, microsecond=0)
    return _upcoming(CacheKeySite(site), (state, minute.isoformat()))


@lru_cache(maxsize=2)
def _upcoming(asked: CacheKeySite, state: tuple[object, str]) -> MailPreview:
    del state
    return preview_next(asked.site.service)


def _nth(preview: MailPreview, n: int) -> MessageFacts:
    if not 1 <= n <= len(preview.mails):
        raise NotFoundError(f"no mail {n}")
    return preview.mails[n - 1][1]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
