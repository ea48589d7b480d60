"""A round of the annual data collection: its progress, the secretary's acts, the report; GET changes nothing.

In public a round tells only how many have answered; the report holds notes and names: it is signed in only.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.collection.round import (
    Reminded,
    UnitProgress,
    last_reminded,
)
from reminders.collection.spreadsheet import XLSX_TYPE
from reminders.errors import GuardError, NotFoundError, UsageError
from reminders.use.collection import reports, rounds
from reminders.use.watch.audit import record_reading
from reminders.web.bounds import whole_number
from reminders.web.catalogue import no_date_words, say
from reminders.web.collection.form import reopened_words
from reminders.web.page import FormLimits, Page, Pages
from schedule_rules.programme import Lang

NEW_CLOSING: Final = 10
"""Sending days that the page offers when a round is opened again."""
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


def round_page(found: rounds.Round, lang: Lang, zone: tzinfo) -> dict[str, object]:
    """Return a round's page in a language, its lists for the secretary only; ``zone`` is the service's."""
    row, progress = found.row, found.progress
    answered, expected = dates.number(progress.answered, lang), dates.number(progress.expected, lang)
    if found.phase == "coming":
        state = say(lang, "collection.state-coming", on=dates.in_sentence(row.opens or row.due, lang))
    else:
        state = say(lang, "collection.state-open" if found.phase == "open" else "collection.state-closed")
    days = (("collection.opens", row.opens), ("collection.due", row.due), ("collection.closes", row.closes))
    units = [(one.is_missing, unit_row(found, one, lang, zone)) for one in progress.units]
    nudge, may_nudge = _nudge_words(found, lang)
    return {
        "programme": found.stored.programme.key,
        "year": found.year,
        "count": say(lang, "collection.count", answered=answered, expected=expected),
        "sentence": say(lang, "collection.answered", n=progress.answered)
        + " "
        + say(lang, "collection.waiting", n=progress.expected - progress.answered),
        "percent": round(100 * progress.answered / progress.expected) if progress.expected else 100,
        "state": state,
        "facts": tuple((say(lang, name), dates.in_table(day, lang)) for name, day in days if day),
        "reopened": reopened_words(found, lang),
        "missing": tuple(unit for is_missing, unit in units if is_missing),
        "done": tuple(unit for is_missing, unit in units if not is_missing),
        "mails": mail_days(found, lang),
        "is_open": found.phase == "open",
        "has_opened": found.phase != "coming",
        "nudge": nudge,
        "may_nudge": may_nudge,
    }


def unit_row(found: rounds.Round, unit: UnitProgress, lang: Lang, zone: tzinfo) -> UnitRow:
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


def mail_days(
    found: rounds.Round, lang: Lang
) -> tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...]:
    """Return who was reminded when, newest first: day, stage, and of each mail units, address, state."""
    days: dict[tuple[date, str], list[Reminded]] = {}
    for mail in found.mails:
        days.setdefault((mail.day, mail.stage), []).append(mail)
    names = found.state.programme.organisation_by_key
    return tuple(
        (
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


def _stage(mail: Reminded, found: rounds.Round, lang: Lang) -> str:
    return shared.stage(lang, mail.stage, (found.row.due - mail.day).days, "collection")


def _nudge_words(found: rounds.Round, lang: Lang) -> tuple[str, bool]:
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
            *self.public("/collection/{year:year}", self.show),
            *self.secretary("/collection/{year:year}", None, self.act, FormLimits(size=10_000)),
            *self.secretary("/collection/{year:year}/report", self.show_report),
            *self.secretary("/collection/{year:year}/report.pdf", self.report_pdf),
            *self.secretary("/collection/{year:year}/report.xlsx", self.report_xlsx),
        ]

    def show_latest(self, page: Page) -> Response:
        """Show the round that opened last, else the first."""
        try:
            year = rounds.newest_year(page.service, page.key)
        except NotFoundError:
            return page.error(404, page.say("collection.no-round"), page.say("collection.no-round-text"))
        return self.show(page, year)

    def show(self, page: Page, year: int | None = None) -> Response:
        """Show a round; after a reminder by hand how many mails it planned."""
        return self._shown(page, _round(page, year or int(page.path("year"))))

    def _shown(
        self, page: Page, found: rounds.Round, typed: str = "", status: int = HTTPStatus.OK
    ) -> Response:
        """Show a round; ``typed``: what was typed as its new closing date and is none that may be."""
        first = found.today + timedelta(days=1)
        ahead = found.row.closes and found.row.closes > found.today
        until = found.row.closes if ahead else found.state.workdays.after(found.today, NEW_CLOSING)
        planned = whole_number(page.query.get("planned", "")) if page.visitor.signed_in else None
        with page.read() as connection:
            years = rounds.years_of(found.stored, connection)
        expected = page.say("collection.wrong-until", first=dates.in_sentence(first, page.lang))
        return page.render(
            "collection.html",
            status,
            until=typed or (dates.short(until, page.lang) if until else ""),
            wrong_until=no_date_words(typed, page.lang, expected) if status != HTTPStatus.OK else "",
            page=round_page(found, page.lang, page.zone),
            years=years,
            planned="" if planned is None else page.say("collection.remind-done", n=planned),
        )

    def act(self, page: Page) -> Response:
        """Remind those who are missing, close the round, open it again."""
        found, step = _round(page, int(page.path("year"))), page.text("step")
        year, key, by = found.year, found.stored.programme.key, page.by
        query = {"programme": key}
        if step == "remind":
            with suppress(GuardError):  # it may not be now: the page says why
                query["planned"] = str(rounds.nudge_units(page.service, year, by, key))
        elif step == "close":
            rounds.close_round(page.service, year, by, key)
        elif step == "open":
            typed = page.text("until")
            try:
                rounds.reopen_round(page.service, year, dates.typed_date(typed) or date.min, by, key)
            except UsageError:
                return self._shown(page, found, typed, status=422)
        else:
            raise NotFoundError(f"no step {step!r}")
        return page.redirect(f"/collection/{year}?{urlencode(query)}")

    def show_report(self, page: Page) -> Response:
        """Show the board's report of a year."""
        wording = _report(page)
        report = wording.report
        return page.render(
            "collection_report.html", paper=reports.paper(wording), year=report.year, years=len(report.years)
        )

    def report_pdf(self, page: Page) -> Response:
        """Return the report as PDF."""
        wording = _report(page)
        return _handed_out(page, wording, reports.report_pdf(wording), PDF_TYPE, "pdf")

    def report_xlsx(self, page: Page) -> Response:
        """Return the report as a spreadsheet."""
        wording = _report(page)
        return _handed_out(page, wording, reports.report_xlsx(page.service, wording), XLSX_TYPE, "xlsx")


def _round(page: Page, year: int) -> rounds.Round:
    return rounds.read_round(page.service, year, page.key)


def _report(page: Page) -> reports.Wording:
    return reports.worded_report(page.service, int(page.path("year")), page.lang, page.key)


def _handed_out(page: Page, wording: reports.Wording, octets: bytes, kind: str, ending: str) -> Response:
    name = f"{_file_name(wording)}.{ending}"
    record_reading(page.service, "report-export", wording.report.programme.key, name)
    return page.file(octets, kind, name)


def _file_name(wording: reports.Wording) -> str:
    return f"{wording.report.programme.key}-{wording.report.year}-{wording.lang}"
