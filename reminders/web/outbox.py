"""The outbox: mails by day, one mail as it stands, and the mails of the next sending day.

Signed in only. A mail's html stands in a sandboxed frame with a policy of its
own: nothing runs in it, nothing is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.dispatch.rehearse import Preview, next_sending, preview_next
from reminders.errors import NotFoundError
from reminders.message import MessageFacts
from reminders.store import delivery_log, views
from reminders.store.views import MailRow
from reminders.web.guard import refuse
from reminders.web.kept import Asked
from reminders.web.letter_view import framed, of_facts, parsed
from reminders.web.mail_words import answer, channel_state, event_rows
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Lang

SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class Day:
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
        if refused := refuse(self.site, request):
            return refused
        lang = self.site.visitor(request).lang
        with self.site.library.read() as connection:
            mails = views.mails(connection, SHOWN)
        return self.site.page(
            request,
            "outbox.html",
            days=tuple(self._days(mails, lang)),
            count=len(mails),
            limited=len(mails) == SHOWN,
            next_at=next_sending(self.site.service),
        )

    def _days(self, mails: tuple[MailRow, ...], lang: Lang) -> list[Day]:
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
            Day(
                say(lang, "outbox.day", n=len(own), on=_capital(dates.named(day, lang))),
                tuple(map(cells, own)),
            )
            for day, own in grouped
        ]

    def mail(self, request: Request) -> Response:
        """Answer for ``/outbox/{id}``."""
        if refused := refuse(self.site, request):
            return refused
        outbox_id, lang = request.path_params["id"], self.site.visitor(request).lang
        settings = self.site.service.settings
        with self.site.library.read() as connection:
            raw, state = self._raw(outbox_id)
            log = next((one for one in delivery_log.entries(connection) if one.id == outbox_id), None)
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
        if refused := refuse(self.site, request):
            return refused
        raw, _ = self._raw(request.path_params["id"])
        if not raw:
            raise NotFoundError("no content")
        return framed(parsed(raw, "en").html)

    def _raw(self, outbox_id: int) -> tuple[bytes | None, str]:
        with self.site.library.read() as connection:
            found = views.mail_raw(connection, outbox_id)
        if found is None:
            raise NotFoundError(f"no mail {outbox_id}")
        return found

    def next(self, request: Request) -> Response:
        """Answer for ``/outbox/next``."""
        if refused := refuse(self.site, request):
            return refused
        preview, lang = upcoming(self.site), self.site.visitor(request).lang
        mails = [(draft, facts, shared.letter(lang, draft.kind)) for draft, facts in preview.mails]
        return self.site.page(request, "next.html", at=preview.at, mails=mails)

    def next_mail(self, request: Request) -> Response:
        """Answer for ``/outbox/next/{n}``."""
        if refused := refuse(self.site, request):
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
        if refused := refuse(self.site, request):
            return refused
        return framed(_nth(upcoming(self.site), request.path_params["n"]).html)


def upcoming(site: Site) -> Preview:
    """Return the mails of the next sending day, rendered once for each state of the database and minute."""
    with site.library.read() as connection:
        state = views.state(connection)
    minute = site.service.clock().replace(second=0, microsecond=0)
    return _upcoming(Asked(site), (state, minute.isoformat()))


@lru_cache(maxsize=2)
def _upcoming(asked: Asked, state: tuple[object, str]) -> Preview:
    del state
    return preview_next(asked.site.service)


def _nth(preview: Preview, n: int) -> MessageFacts:
    if not 1 <= n <= len(preview.mails):
        raise NotFoundError(f"no mail {n}")
    return preview.mails[n - 1][1]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
