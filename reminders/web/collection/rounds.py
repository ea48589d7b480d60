"""Rounds of the annual data collection: progress, the secretary's acts, the board's report.

In public a round tells only how many have answered; the report holds notes and names: it is signed in only.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
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
from reminders.web.page import FormLimits, Page, Pages
from schedule_rules.programme import Lang

PDF_TYPE: Final = "application/pdf"


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
    """What the page of a round shows; the lists are for the secretary only."""

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
    row, progress = found.row, found.progress
    answered, expected = dates.number(progress.answered, lang), dates.number(progress.expected, lang)
    if found.phase == "coming":
        state = say(lang, "collection.state-coming", on=dates.in_sentence(row.opens or row.due, lang))
    else:
        state = say(lang, "collection.state-open" if found.phase == "open" else "collection.state-closed")
    days = (("collection.opens", row.opens), ("collection.due", row.due), ("collection.closes", row.closes))
    units = [(one.is_missing, unit_row(found, one, lang, zone)) for one in progress.units]
    nudge, may_nudge = _nudge_words(found, lang)
    return RoundPage(
        programme=found.stored.programme.key,
        year=found.year,
        count=say(lang, "collection.count", answered=answered, expected=expected),
        sentence=say(lang, "collection.answered", n=progress.answered)
        + " "
        + say(lang, "collection.waiting", n=progress.expected - progress.answered),
        percent=round(100 * progress.answered / progress.expected) if progress.expected else 100,
        state=state,
        facts=tuple((say(lang, name), dates.in_table(day, lang)) for name, day in days if day),
        missing=tuple(unit for is_missing, unit in units if is_missing),
        done=tuple(unit for is_missing, unit in units if not is_missing),
        mails=mail_days(found, lang),
        is_open=found.phase == "open",
        has_opened=found.phase != "coming",
        nudge=nudge,
        may_nudge=may_nudge,
    )


def unit_row(found: Round, unit: UnitProgress, lang: Lang, zone: tzinfo) -> UnitRow:
    """Return how a responsible party stands."""
    form = found.forms.get(unit.organisation)
    if unit.state == "sent" and form and form.submitted_at:
        words = say(lang, "collection.sent", at=dates.moment(form.submitted_at.astimezone(zone), lang))
    elif unit.state == "answered":
        words = say(lang, "collection.other-answer")
    elif form is None:
        words = say(lang, "collection.form-none")
    else:
        words = say(lang, "collection.form-draft", at=dates.moment(form.saved_at.astimezone(zone), lang))
    if unit.reached is None:
        contact = say(lang, "collection.contact-nobody")
    elif unit.reached == "secretary":
        contact = say(lang, "collection.contact-secretary")
    else:
        contact = shared.role(lang, unit.reached)
    last = last_reminded(found.mails, unit.organisation)
    return UnitRow(
        key=unit.organisation,
        name=found.state.programme.organisation_by_key[unit.organisation].name.get(lang),
        actions=say(lang, "collection.actions", n=unit.actions),
        form=words,
        contact=contact,
        has_contact=unit.reached not in {None, "secretary"},
        reminded=f"{dates.in_table(last.day, lang)}: {_stage(last, found, lang)}"
        if last
        else say(lang, "collection.never"),
    )


def mail_days(found: Round, lang: Lang) -> tuple[MailDay, ...]:
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


def _stage(mail: Reminded, found: Round, lang: Lang) -> str:
    return shared.stage(lang, mail.stage, (found.row.due - mail.day).days, "collection")


def _nudge_words(found: Round, lang: Lang) -> tuple[str, bool]:
    """Say what a reminder by hand would do, or why there is none now; and whether there may be one."""
    if found.phase != "open" or not found.progress.missing:
        return "", False
    if found.stored.held or found.stored.started_on is None:
        return say(lang, "collection.remind-held"), False
    if found.next_nudge > found.today:
        last, on = (dates.in_sentence(day, lang) for day in (found.nudges[-1].on, found.next_nudge))
        return say(lang, "collection.remind-later", last=last, on=on), False
    return say(lang, "collection.remind-text", n=len(found.progress.missing)), True


class CollectionPages(Pages):
    """A round: in public how many have answered; for the secretary who is missing, her acts, the report."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/collection", self.show_latest),
            *self.public("/collection/{year:int}", self.show),
            *self.secretary("/collection/{year:int}", None, self.act, FormLimits(size=10_000)),
            *self.secretary("/collection/{year:int}/report", self.show_report),
            *self.secretary("/collection/{year:int}/report.pdf", self.report_pdf),
            *self.secretary("/collection/{year:int}/report.xlsx", self.report_xlsx),
        ]

    def show_latest(self, page: Page) -> Response:
        """Show the round that opened last, else the first."""
        try:
            year = newest_year(page.service, page.query.get("programme"))
        except NotFoundError:
            return page.error(404, page.say("collection.no-round"), page.say("collection.no-round-text"))
        return self.show(page, year)

    def show(self, page: Page, year: int | None = None) -> Response:
        """Show a round; after a reminder by hand how many mails it planned."""
        found = _round(page, year or int(page.path("year")))
        planned = page.query.get("planned", "")
        is_planned = page.visitor.signed_in and planned.isdecimal() and len(planned) < 6
        with page.read() as connection:
            years = years_of(found.stored, connection)
        return page.render(
            "collection.html",
            page=round_page(found, page.lang, page.zone),
            years=years,
            planned=page.say("collection.remind-done", n=int(planned)) if is_planned else "",
        )

    def act(self, page: Page) -> Response:
        """Remind those who are missing, close the round, open it again."""
        found, step = _round(page, int(page.path("year"))), page.text("step")
        year, key, by = found.year, found.stored.programme.key, acting_as(found.state.people, found.today)
        query = {name: value for name in ("programme",) if (value := page.query.get(name))}
        if step == "remind":
            with suppress(GuardError):  # it may not be now: the page says why
                query["planned"] = str(nudge_units(page.service, year, by, key))
        elif step in {"close", "open"}:
            open_or_close(page.service, year, is_open=step == "open", by=by, programme=key)
        else:
            raise NotFoundError(f"no step {step!r}")
        return page.redirect(f"/collection/{year}" + (f"?{urlencode(query)}" if query else ""))

    def show_report(self, page: Page) -> Response:
        """Show the board's report of a year."""
        wording = _report(page)
        report = wording.report
        return page.render(
            "collection_report.html", paper=paper(wording), year=report.year, years=len(report.years)
        )

    def report_pdf(self, page: Page) -> Response:
        """Return the report as PDF."""
        wording = _report(page)
        return page.file(report_pdf(wording), PDF_TYPE, f"{_file_name(wording)}.pdf")

    def report_xlsx(self, page: Page) -> Response:
        """Return the report as a spreadsheet."""
        wording = _report(page)
        return page.file(report_xlsx(page.service, wording), XLSX_TYPE, f"{_file_name(wording)}.xlsx")


def _round(page: Page, year: int) -> Round:
    return read_round(page.service, year, page.query.get("programme"))


def _report(page: Page) -> Wording:
    return worded_report(page.service, int(page.path("year")), page.lang, page.query.get("programme"))


def _file_name(wording: Wording) -> str:
    return f"{wording.report.programme.key}-{wording.report.year}-{wording.lang}"
