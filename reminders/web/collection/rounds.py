"""The annual data collection's pages: a round's progress; for the secretary who is missing, and her acts.

What the page of a round shows: its progress in words, those missing, those who answered, who was reminded.

Pure: a round as it stands in, rows out.

The board's report of a year: a page, PDF, spreadsheet. Signed in only: it holds notes and names.

The JSON shape of a round's progress, for the command and the open API alike: nobody's name or address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.collection.round import Reminded, UnitProgress, last_reminded
from reminders.collection.spreadsheet import XLSX_TYPE
from reminders.errors import GuardError, NotFoundError
from reminders.planning.speakers import acting_as
from reminders.use.collection.reports import Wording, paper, report_pdf, report_xlsx, worded_report
from reminders.use.collection.rounds import (
    Round,
    newest_year,
    nudge_units,
    open_or_close,
    read_round,
    years_of,
)
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.programme import Lang

# -- What the page of a round shows: its progress in words, those missing, those who answered,


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One responsible party: name, its form in words, who gets its reminders, the last one."""

    key: str
    name: str
    actions: str
    form: str
    contact: str
    has_contact: bool
    reminded: str


@dataclass(frozen=True, slots=True)
class MailDay:
    """The mails about a round of one day and stage."""

    day: str
    stage: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class RoundPage:
    """The page's model; the lists are for the secretary only."""

    programme: str
    year: int
    count: str
    sentence: str
    percent: int
    state: str
    facts: tuple[tuple[str, str], ...]
    missing: tuple[UnitRow, ...]
    done: tuple[UnitRow, ...]
    mails: tuple[MailDay, ...]
    is_open: bool
    has_opened: bool
    nudge: str
    may_nudge: bool


def round_page(found: Round, lang: Lang, zone: tzinfo) -> RoundPage:
    """Return a round's page in a language; ``zone`` is the service's."""
    shown = found.progress
    rows = {one.organisation: _unit(found, one, lang, zone) for one in shown.units}
    return RoundPage(
        programme=found.stored.programme.key,
        year=found.year,
        count=say(
            lang,
            "collection.count",
            answered=dates.number(shown.answered, lang),
            expected=dates.number(shown.expected, lang),
        ),
        sentence=" ".join(
            (
                say(lang, "collection.answered", n=shown.answered),
                say(lang, "collection.waiting", n=shown.expected - shown.answered),
            )
        ),
        percent=round(100 * shown.answered / shown.expected) if shown.expected else 100,
        state=_state(found, lang),
        facts=_facts(found, lang),
        missing=tuple(rows[one.organisation] for one in shown.missing),
        done=tuple(rows[one.organisation] for one in shown.units if not one.is_missing),
        mails=_mail_days(found, lang),
        is_open=found.phase == "open",
        has_opened=found.phase != "coming",
        nudge=_nudge(found, lang),
        may_nudge=_may_nudge(found),
    )


def _state(found: Round, lang: Lang) -> str:
    if found.phase == "coming":
        return say(
            lang, "collection.state-coming", on=dates.in_sentence(found.row.opens or found.row.due, lang)
        )
    return say(lang, "collection.state-open" if found.phase == "open" else "collection.state-closed")


def _facts(found: Round, lang: Lang) -> tuple[tuple[str, str], ...]:
    row = found.row
    days = (
        ("collection.opens", row.opens),
        ("collection.due", row.due),
        ("collection.closes", row.closes),
    )
    return tuple((say(lang, name), dates.in_table(day, lang)) for name, day in days if day)


def _unit(found: Round, one: UnitProgress, lang: Lang, zone: tzinfo) -> UnitRow:
    organisation = found.state.programme.organisation_by_key[one.organisation]
    last = last_reminded(found.mails, one.organisation)
    return UnitRow(
        key=one.organisation,
        name=organisation.name.get(lang),
        actions=say(lang, "collection.actions", n=one.actions),
        form=_form(found, one, lang, zone),
        contact=_contact(one, lang),
        has_contact=one.reached not in {None, "secretary"},
        reminded=_reminded(last, found, lang) if last else say(lang, "collection.never"),
    )


def _form(found: Round, one: UnitProgress, lang: Lang, zone: tzinfo) -> str:
    form = found.forms.get(one.organisation)
    if one.state == "sent" and form and form.submitted_at:
        return say(lang, "collection.sent", at=_moment(form.submitted_at, lang, zone))
    if one.state == "answered":
        return say(lang, "collection.other-answer")
    if form is None:
        return say(lang, "collection.form-none")
    return say(lang, "collection.form-draft", at=_moment(form.saved_at, lang, zone))


def _moment(at: datetime, lang: Lang, zone: tzinfo) -> str:
    return dates.moment(at.astimezone(zone), lang)


def _contact(one: UnitProgress, lang: Lang) -> str:
    if one.reached is None:
        return say(lang, "collection.contact-nobody")
    if one.reached == "secretary":
        return say(lang, "collection.contact-secretary")
    return shared.role(lang, one.reached)


def _reminded(mail: Reminded, found: Round, lang: Lang) -> str:
    return f"{dates.in_table(mail.day, lang)}: {_stage(mail, found, lang)}"


def _stage(mail: Reminded, found: Round, lang: Lang) -> str:
    return shared.stage(lang, mail.stage, (found.row.due - mail.day).days, "collection")


def _mail_days(found: Round, lang: Lang) -> tuple[MailDay, ...]:
    """Return who was reminded when, newest first."""
    days: dict[tuple[date, str], list[Reminded]] = {}
    for mail in found.mails:
        days.setdefault((mail.day, mail.stage), []).append(mail)
    names = found.state.programme.organisation_by_key
    return tuple(
        MailDay(
            dates.in_table(day, lang),
            _stage(mails[0], found, lang),
            tuple(
                (
                    ", ".join(names[key].name.get(lang) for key in mail.organisations if key in names),
                    mail.recipient,
                    shared.outbox(lang, mail.state),
                )
                for mail in mails
            ),
        )
        for (day, _), mails in reversed(days.items())
    )


def _may_nudge(found: Round) -> bool:
    sends = not found.stored.held and found.stored.started_on is not None
    return (
        sends and found.phase == "open" and bool(found.progress.missing) and found.next_nudge <= found.today
    )


def _nudge(found: Round, lang: Lang) -> str:
    """Say what a reminder by hand would do, or why there is none now; nothing when nobody is missing."""
    if found.phase != "open" or not found.progress.missing:
        return ""
    if found.stored.held or found.stored.started_on is None:
        return say(lang, "collection.remind-held")
    if found.next_nudge > found.today:
        last = dates.in_sentence(found.nudges[-1].on, lang)
        return say(lang, "collection.remind-later", last=last, on=dates.in_sentence(found.next_nudge, lang))
    return say(lang, "collection.remind-text", n=len(found.progress.missing))


# -- The annual data collection's pages: a round's progress; for the secretary who is missing,

_LIMIT = 10_000


class CollectionPages:
    """The endpoints of rounds."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/collection", self.latest),
            Route("/collection/{year:int}", self.page),
            Route("/collection/{year:int}", self.post, methods=["POST"]),
        ]

    def latest(self, request: Request) -> Response:
        """Answer for ``/collection``: the round that opened last, else the first."""
        lang, service = self.site.visitor(request).lang, self.site.service
        try:
            year = newest_year(service, self.site.visitor(request).query.get("programme"))
        except NotFoundError:
            text = say(lang, "collection.no-round-text")
            return self.site.error(request, 404, say(lang, "collection.no-round"), text)
        return self._page(request, year)

    def page(self, request: Request) -> Response:
        """Answer for ``/collection/{year}``: in public only how many have answered."""
        return self._page(request, request.path_params["year"])

    def _page(self, request: Request, year: int) -> Response:
        found = self._round(request, year)
        visitor = self.site.visitor(request)
        told = request.query_params.get("planned", "")
        with self.site.library.read() as connection:
            years = years_of(found.stored, connection)
        return self.site.page(
            request,
            "collection.html",
            page=round_page(found, visitor.lang, self.site.service.settings.zone),
            years=years,
            planned=say(visitor.lang, "collection.remind-done", n=int(told))
            if visitor.signed_in and told.isdecimal() and len(told) < 6
            else "",
        )

    async def post(self, request: Request) -> Response:
        """Answer for the secretary's acts: remind, close, open again."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._act, request, text_of(form, "step"))

    def _act(self, request: Request, step: str) -> Response:
        found, service = self._round(request, request.path_params["year"]), self.site.service
        year, key, by = found.year, found.stored.programme.key, acting_as(found.state.people, found.today)
        more = {}
        if step == "remind":
            try:
                more["planned"] = str(nudge_units(service, year, by, key))
            except GuardError:
                return RedirectResponse(f"/collection/{year}{_kept(request)}", 303)
        elif step in {"close", "open"}:
            open_or_close(service, year, is_open=step == "open", by=by, programme=key)
        else:
            raise NotFoundError(f"no step {step!r}")
        return RedirectResponse(f"/collection/{year}{_kept(request, **more)}", 303)

    def _round(self, request: Request, year: int) -> Round:
        return read_round(self.site.service, year, self.site.visitor(request).query.get("programme"))


def _kept(request: Request, **more: str) -> str:
    """Return the query that keeps the programme, with more added."""
    kept = {name: value for name in ("programme",) if (value := request.query_params.get(name))}
    return f"?{urlencode(kept | more)}" if kept | more else ""


# -- The board's report of a year: a page, PDF, spreadsheet. Signed in only: it holds notes and

PDF_TYPE: Final = "application/pdf"


class CollectionReportPages:
    """The endpoints of the report."""

    def __init__(self, site: Site) -> None:
        """Serve the report of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/collection/{year:int}/report", self.page),
            Route("/collection/{year:int}/report.pdf", self.pdf),
            Route("/collection/{year:int}/report.xlsx", self.xlsx),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/collection/{year}/report``."""
        if refused := refuse_request(self.site, request):
            return refused
        of = self._worded(request)
        return self.site.page(
            request,
            "collection_report.html",
            paper=paper(of),
            year=of.report.year,
            years=len(of.report.years),
        )

    def pdf(self, request: Request) -> Response:
        """Answer for ``/collection/{year}/report.pdf``."""
        if refused := refuse_request(self.site, request):
            return refused
        of = self._worded(request)
        return _file(report_pdf(of), PDF_TYPE, f"{_name(of)}.pdf")

    def xlsx(self, request: Request) -> Response:
        """Answer for ``/collection/{year}/report.xlsx``."""
        if refused := refuse_request(self.site, request):
            return refused
        of = self._worded(request)
        return _file(report_xlsx(self.site.service, of), XLSX_TYPE, f"{_name(of)}.xlsx")

    def _worded(self, request: Request) -> Wording:
        visitor = self.site.visitor(request)
        year = request.path_params["year"]
        return worded_report(self.site.service, year, visitor.lang, visitor.query.get("programme"))


def _name(of: Wording) -> str:
    return f"{of.report.programme.key}-{of.report.year}-{of.lang}"


def _file(octets: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(octets, media_type=media_type, headers=headers)


# -- The JSON shape of a round's progress, for the command and the open API alike: nobody's nam


def round_json(found: Round) -> dict[str, Any]:
    """Return how a round stands; ``state`` of a unit: sent, answered (without the form), draft or none."""
    row, names = found.row, found.state.programme.organisation_by_key
    return {
        "programme": found.stored.programme.key,
        "year": found.year,
        "occurrence": str(row.id),
        "state": found.phase,
        "opens": row.opens.isoformat() if row.opens else None,
        "due": row.due.isoformat(),
        "closes": row.closes.isoformat() if row.closes else None,
        "expected": found.progress.expected,
        "answered": found.progress.answered,
        "units": [
            {
                "organisation": one.organisation,
                "name": names[one.organisation].name.as_dict(),
                "state": one.state,
                "actions": one.actions,
                "last_reminder": _last(found, one.organisation),
            }
            for one in found.progress.units
        ],
    }


def _last(found: Round, organisation: str) -> str | None:
    last = last_reminded(found.mails, organisation)
    return last.day.isoformat() if last else None
