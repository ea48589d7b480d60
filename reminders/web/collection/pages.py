"""The annual data collection: a unit's form, and a round with its progress, the secretary's acts, the report.

A form stands behind a mail's link, or is filled in by the secretary. GET changes nothing; what is posted
is stored first and checked then, so that a wrong value costs nobody what was written beside it.

In public a round tells only how many have answered; the report holds notes and names: it is signed in only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from http import HTTPStatus
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.collection import measures
from reminders.collection.measures import PLACES, ValueRow
from reminders.collection.round import (
    STATUSES,
    Reminded,
    TypedForm,
    TypedValue,
    UnitProgress,
    last_reminded,
)
from reminders.collection.spreadsheet import XLSX_TYPE
from reminders.errors import GuardError, NotFoundError, UsageError
from reminders.planning.speakers import acting_as
from reminders.use.answers.links import ByHand, ClosedLink, Door, OpenForm, open_form
from reminders.use.collection import forms, reports, rounds
from reminders.web.catalogue import as_language, say
from reminders.web.page import PRIVATE, FormLimits, Page, Pages, behind_link
from schedule_rules.programme import Action, Lang

NEW_CLOSING: Final = 10
"""Sending days that the page offers when a round is opened again."""
_LIMITS: Final = FormLimits(size=500_000, fields=2000)


@dataclass(frozen=True, slots=True)
class ValueField:
    """The fields of one value: kind, text, unit of measure, and what is wrong with them."""

    place: int
    kinds: tuple[tuple[measures.Kind, str, bool], ...]
    text: str
    unit: str
    wrong: str
    wrong_unit: str

    @property
    def is_used(self) -> bool:
        """Tell whether anything stands in it."""
        return bool(self.text or self.unit or self.wrong)


@dataclass(frozen=True, slots=True)
class ActionPart:
    """One action's part of the form."""

    id: str
    number: int
    title: str
    indicator: str
    earlier: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, str, bool], ...]
    values: tuple[ValueField, ...]
    note: str
    wrong_status: str
    wrong_note: str

    @property
    def status(self) -> str:
        """The status in words, nothing when none is chosen."""
        return next((words for _, words, chosen in self.statuses if chosen), "")

    def errors(self) -> Iterator[tuple[str, str]]:
        """Return the id of each field with what is wrong with it, in the form's order; mostly nothing."""
        yield f"status-{self.id}", self.wrong_status
        for value in self.values:
            yield f"value-{self.id}-{value.place}", value.wrong
            yield f"unit-{self.id}-{value.place}", value.wrong_unit
        yield f"note-{self.id}", self.wrong_note


def form_parts(
    form: OpenForm, unit: str, filled: forms.FormContents, lang: Lang, *, checked: bool
) -> tuple[ActionPart, ...]:
    """Return the parts of a unit's form; ``checked``: what is wrong is said."""
    wrong = {
        (fault.action, fault.field): say(lang, f"collection.wrong-{fault.code}")
        for fault in filled.faults
        if checked
    }
    parts = []
    for number, action in enumerate(form.actions(unit), start=1):
        typed = filled.typed.get(action.id, TypedForm())
        values = [
            *typed.values,
            *[TypedValue(measures.likely_kind(action.indicator))] * (PLACES - len(typed.values)),
        ]
        parts.append(
            ActionPart(
                id=action.id,
                number=number,
                title=action.title.get(lang),
                indicator=action.indicator.get(lang),
                earlier=earlier_values(filled.earlier, action, lang),
                statuses=tuple((one, shared.answer(lang, one), typed.status == one) for one in STATUSES),
                values=tuple(
                    ValueField(
                        place=place,
                        kinds=tuple(
                            (kind, say(lang, f"collection.kind.{kind}"), kind == value.kind)
                            for kind in measures.KINDS
                        ),
                        text=_retyped(value, filled.lang, lang),
                        unit=value.unit,
                        wrong=wrong.get((action.id, f"value-{place}"), ""),
                        wrong_unit=wrong.get((action.id, f"unit-{place}"), ""),
                    )
                    for place, value in enumerate(values[:PLACES], start=1)
                ),
                note=typed.note,
                wrong_status=wrong.get((action.id, "status"), ""),
                wrong_note=wrong.get((action.id, "note"), ""),
            )
        )
    return tuple(parts)


def _retyped(value: TypedValue, typed_in: Lang, lang: Lang) -> str:
    """Return a typed value as a reader of ``lang`` writes it: 1,000 is another number in English."""
    if typed_in == lang or not value.text:
        return value.text
    try:
        return measures.shown_value(measures.stored_value(value.text, value.kind, typed_in), value.kind, lang)
    except measures.NotAValueError:
        return value.text


def earlier_values(earlier: tuple[ValueRow, ...], action: Action, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return (year, values) of an action before this year, oldest first."""
    own = sorted((one for one in earlier if one.action == action.id), key=lambda one: (one.year, one.place))
    return tuple(
        (str(year), ", ".join(measures.with_unit(one.text, one.kind, one.unit, lang) for one in values))
        for year, values in groupby(own, key=lambda one: one.year)
    )


def typed_form(fields: Mapping[str, str], action: str) -> TypedForm:
    """Return what a posted form holds about an action."""
    status = next((one for one in STATUSES if one == fields.get(f"status-{action}")), None)
    values = [typed_value(fields, f"{action}-{place}") for place in range(1, PLACES + 1)]
    while values and not values[-1].text and not values[-1].unit:
        values.pop()
    return TypedForm(status, tuple(values), fields.get(f"note-{action}", ""))


def typed_value(fields: Mapping[str, str], name: str) -> TypedValue:
    """Return what a posted form holds at one place for a value; a per cent sign is its unit."""
    kind: measures.Kind = next((one for one in measures.KINDS if one == fields.get(f"kind-{name}")), "text")
    text, unit = fields.get(f"value-{name}", ""), fields.get(f"unit-{name}", "")
    if kind == "number" and text.endswith("%") and not unit:
        return TypedValue(kind, text.removesuffix("%").strip(), "%")
    return TypedValue(kind, text, unit)


class CollectionFormPages(Pages):
    """A unit's form: behind a mail's link, or opened by the secretary for the ``unit`` of the query."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        show, write = behind_link(_open, self.show), behind_link(_open, self.write)
        return [
            *self.linked("/collection/form/{token}", _open, self.show, self.write, _LIMITS),
            *self.secretary("/collection/{year:int}/form/{programme}", show, write, _LIMITS),
        ]

    def show(self, page: Page, form: OpenForm) -> Response:
        """Show the form, what was sent, or why there is nothing to fill in."""
        unit = _unit(form, page.query.get("unit", ""))
        return self._form(page, form, unit, forms.read_form_contents(page.service, form, unit, page.lang))

    def write(self, page: Page, form: OpenForm) -> Response:
        """Save, send, or open what was sent."""
        unit = _unit(form, page.text("unit"))
        if page.text("step") == "reopen":
            done = forms.reopen_form(page.service, _door(page), unit)
        else:
            fields = {name: value.strip() for name, value in page.fields.items()}
            version = fields.get("version", "")
            typing = forms.FormInput(
                unit=unit,
                version=int(version) if version.isdecimal() and len(version) < 9 else -1,
                lang=as_language(fields.get("lang")) or page.lang,
                typed={action.id: typed_form(fields, action.id) for action in form.actions(unit)},
                send=fields.get("step") == "send",
            )
            done = forms.write_form(page.service, _door(page), typing)
            if done == "newer":  # a colleague has saved meanwhile: nothing of either is lost
                now = forms.read_form_contents(page.service, form, unit, typing.lang)
                filled = forms.FormContents(now.row, typing.typed, typing.lang, now.earlier, ())
                return self._form(page, form, unit, filled, overtaken=True)
        if isinstance(done, ClosedLink):
            return _private(page.closed(done))
        return page.back(unit=unit, done=done)

    def _form(
        self, page: Page, form: OpenForm, unit: str, filled: forms.FormContents, *, overtaken: bool = False
    ) -> Response:
        lang, row, programme = page.lang, form.found.row, form.found.stored.programme
        done = page.query.get("done", "") if not overtaken else ""
        parts = form_parts(form, unit, filled, lang, checked=done == "faulty")
        names = programme.organisation_by_key
        saved_at = dates.moment(filled.row.saved_at.astimezone(page.zone), lang) if filled.row else ""
        # The secretary has the menu, and chooses units on the round's page.
        round_page = "" if page.private else f"/collection/{form.found.year}?programme={programme.key}"
        shown = page.render(
            "collection_form.html",
            409 if overtaken else 200,
            base="base.html" if round_page else "own_base.html",
            round_page=round_page,
            units=[] if round_page else [(key, names[key].name.get(lang)) for key in form.units],
            found=form.found,
            unit=unit,
            unit_name=names[unit].name.get(lang),
            due=dates.in_sentence(row.due, lang),
            opens=dates.in_sentence(row.opens or row.due, lang),
            closes=dates.in_sentence(row.closes or row.due, lang),
            filled=filled,
            parts=parts,
            errors=[
                (field, f"{part.number}. {part.title}: {words}")
                for part in parts
                for field, words in part.errors()
                if words
            ],
            reopened=reopened_words(form.found, lang),
            is_open=form.found.phase == "open",
            is_editing=filled.row is None or filled.row.editing,
            saved_at=saved_at,
            done=done,
            overtaken=overtaken,
            path=page.request.url.path,
            own_name=programme.name.get(lang),
        )
        return _private(shown)


def _private(response: Response) -> Response:
    """Keep a form out of caches and searches, the secretary's too."""
    response.headers.update(PRIVATE)
    return response


def _door(page: Page) -> Door:
    return page.path("token") if page.private else ByHand(int(page.path("year")), page.path("programme"))


def _open(page: Page) -> OpenForm | ClosedLink:
    return open_form(page.service, _door(page))


def _unit(form: OpenForm, wanted: str) -> str:
    return wanted if wanted in form.units else form.units[0]


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


def reopened_words(found: rounds.Round, lang: Lang) -> str:
    """Say since when a round that had closed takes answers again; nothing of any other."""
    on = found.state.reopened.get(str(found.row.id)) if found.phase == "open" else None
    return say(lang, "collection.reopened", on=dates.in_sentence(on, lang)) if on else ""


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
            *self.public("/collection/{year:int}", self.show),
            *self.secretary("/collection/{year:int}", None, self.act, FormLimits(size=10_000)),
            *self.secretary("/collection/{year:int}/report", self.show_report),
            *self.secretary("/collection/{year:int}/report.pdf", self.report_pdf),
            *self.secretary("/collection/{year:int}/report.xlsx", self.report_xlsx),
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
        planned = page.query.get("planned", "")
        is_planned = page.visitor.signed_in and planned.isdecimal() and len(planned) < 6
        with page.read() as connection:
            years = rounds.years_of(found.stored, connection)
        return page.render(
            "collection.html",
            status,
            until=typed or (until.isoformat() if until else ""),
            first=first.isoformat(),
            wrong_until=page.say("collection.wrong-until", first=dates.in_sentence(first, page.lang))
            if status != HTTPStatus.OK
            else "",
            page=round_page(found, page.lang, page.zone),
            years=years,
            planned=page.say("collection.remind-done", n=int(planned)) if is_planned else "",
        )

    def act(self, page: Page) -> Response:
        """Remind those who are missing, close the round, open it again."""
        found, step = _round(page, int(page.path("year"))), page.text("step")
        year, key, by = found.year, found.stored.programme.key, acting_as(found.state.people, found.today)
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
        return page.file(reports.report_pdf(wording), PDF_TYPE, f"{_file_name(wording)}.pdf")

    def report_xlsx(self, page: Page) -> Response:
        """Return the report as a spreadsheet."""
        wording = _report(page)
        return page.file(reports.report_xlsx(page.service, wording), XLSX_TYPE, f"{_file_name(wording)}.xlsx")


def _round(page: Page, year: int) -> rounds.Round:
    return rounds.read_round(page.service, year, page.key)


def _report(page: Page) -> reports.Wording:
    return reports.worded_report(page.service, int(page.path("year")), page.lang, page.key)


def _file_name(wording: reports.Wording) -> str:
    return f"{wording.report.programme.key}-{wording.report.year}-{wording.lang}"
