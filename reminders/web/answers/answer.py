"""The page behind an answer's link in a mail: one question, or what was answered. GET changes nothing.

The fields of an answer as they were typed, what is wrong with them, and the answer that they make. Pure.

The same fields stand once on the answer page and once a matter on the unit's
page, where a number goes before each name.

A matter as its unit sees it: the question, or what was answered, in one language. Pure.

Texts of the fields are left to the templates, checking them to ``answer_form``.

An answer that the secretary records for a unit, from a phone call or a reply by mail. Signed in only.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Final, Literal

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.collection.measures import NotAValueError, likely_kind, stored_value
from reminders.errors import NotFoundError, UsageError
from reminders.planning.links import Links, Purpose
from reminders.planning.matters import Matter, matter, matters_of
from reminders.planning.replies import AnswerCode, Reply
from reminders.planning.state import ProgrammeState, needs_answer, responsible
from reminders.planning.typed_date import typed_date
from reminders.use.answers.links import ClosedLink, OccurrenceLink, OpenLink, open_answer
from reminders.use.answers.record import ANSWERS, AnswerGiven, Measured, record_answer, undo_answer
from reminders.web import forms
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from reminders.web.snapshot import book_of
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang, Programme, Text

# -- The fields of an answer as they were typed, what is wrong with them, and the answer that t

LONGEST: Final = 2000
LONGEST_UNIT: Final = 60
FIELDS: Final = ("a", "why", "date", "whose", "other", "value", "unit", "note")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a proposed date may be: after ``today``, by ``last``, the programme's last day."""

    today: date
    last: date


@dataclass(frozen=True)
class TypedAnswer:
    """What stands in the fields, and by field what is wrong, in the reader's words."""

    fields: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> AnswerCode | None:
        """The chosen answer."""
        return next((code for code in ANSWERS if code == self.fields.get("a")), None)

    def error(self, name: str) -> str:
        """Return what is wrong with a field, nothing where it is right."""
        return self.wrong.get(name, "")

    @property
    def date_text(self) -> str:
        """The proposed date for its field: as a browser's date field takes it, else as it was typed."""
        found = typed_date(self.fields.get("date", ""))
        return found.isoformat() if found else self.fields.get("date", "")

    @property
    def is_date(self) -> bool:
        """Whether a browser's date field can show what was typed."""
        return not self.fields.get("date") or typed_date(self.fields["date"]) is not None


def read_answer(form: Mapping[str, str], prefix: str = "") -> TypedAnswer:
    """Return the fields of one answer out of a form."""
    return TypedAnswer({name: form.get(prefix + name, "").strip() for name in FIELDS})


def checked_answer(typed: TypedAnswer, limits: Limits, indicator: Text, lang: Lang) -> TypedAnswer:
    """Return what was typed with what is wrong with it: only the fields of the chosen answer count."""
    wrong = {
        "a": "" if typed.answer else say(lang, "answer.choose"),
        "why": _why(typed, lang),
        "date": _date(typed, limits, lang),
        "value": _value(typed, indicator, lang),
    }
    for name, most in (("note", LONGEST), ("other", LONGEST), ("unit", LONGEST_UNIT)):
        if len(typed.fields[name]) > most:
            wrong[name] = say(lang, "answer.too-long", most=dates.number(most, lang))
    return TypedAnswer(typed.fields, {name: words for name, words in wrong.items() if words})


def _why(typed: TypedAnswer, lang: Lang) -> str:
    if typed.answer != "late":
        return ""
    if not typed.fields["why"]:
        return say(lang, "answer.no-why")
    too_long = len(typed.fields["why"]) > LONGEST
    return say(lang, "answer.too-long", most=dates.number(LONGEST, lang)) if too_long else ""


def _date(typed: TypedAnswer, limits: Limits, lang: Lang) -> str:
    text = typed.fields["date"]
    if typed.answer != "late" or not text:
        return ""
    day = typed_date(text)
    if day is None:
        return say(lang, "answer.no-date", example=dates.short(limits.last, lang))
    if day <= limits.today:
        return say(lang, "answer.past", today=dates.short(limits.today, lang))
    return say(lang, "answer.outside", last=dates.short(limits.last, lang)) if day > limits.last else ""


def _value(typed: TypedAnswer, indicator: Text, lang: Lang) -> str:
    if typed.answer == "not-ours" or not typed.fields["value"]:
        return ""
    try:
        stored_value(typed.fields["value"], likely_kind(indicator), lang)
    except NotAValueError as error:
        return say(lang, f"answer.not-{error.args[0]}")
    return ""


def said(typed: TypedAnswer, row: Occurrence, by: str, programme: Programme, lang: Lang) -> AnswerGiven:
    """Return the answer about ``row`` that checked fields, typed in ``lang``, make."""
    answer, fields = typed.answer or "on-track", typed.fields
    whose = fields["whose"] if fields["whose"] in programme.organisation_by_key else ""
    late, foreign = answer == "late", answer == "not-ours"
    return AnswerGiven(
        str(row.id),
        answer,
        by=by,
        note="\n\n".join(filter(None, (fields["why"] if late else "", fields["note"]))),
        new_date=typed_date(fields["date"]) if late else None,
        whose=(whose or fields["other"]) if foreign else "",
        measured=None
        if foreign
        else _measured(fields, programme.action_by_id[row.id.action].indicator, lang),
    )


def _measured(fields: Mapping[str, str], indicator: Text, lang: Lang) -> Measured | None:
    """Return the indicator's value that was given, None where there is none."""
    kind = likely_kind(indicator)
    return Measured(fields["value"], fields["unit"], kind, lang) if fields["value"] else None


def seen_of(text: str) -> int:
    """Return the id of the newest answer that a form knew of; -1, which is nobody's, for no number."""
    return int(text) if text.isdecimal() and len(text) < 15 else -1


# -- A matter as its unit sees it: the question, or what was answered, in one language. Pure

Code = Literal["overdue", "soon", "coming"]
_SOON_DAYS = 30
CODES = {"done": "done", "on-track": "track", "late": "decide", "not-ours": "decide"}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a question: title, whose it is, its date, its chip."""

    id: str
    title: str
    party: str
    when: str
    code: Code
    chip: str


@dataclass(frozen=True)
class Question:
    """One matter with its fields. ``prefix`` goes before their names; ``seen``: the newest answer so far."""

    head: Head
    typed: TypedAnswer
    seen: int
    indicator: str
    parties: tuple[tuple[str, str], ...]
    last: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a unit answered, by whom, when; ``id`` is the answer's, 0 where another unit gave it."""

    party: str
    code: str
    answer: str
    by: str
    at: str
    note: str
    whose: str
    new_date: str
    id: int


def head(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], today: date, lang: Lang
) -> Head:
    """Return what stands above a question about ``row``."""
    code = _code(row, today)
    passed = (today - row.due).days
    chip = say(lang, "action.overdue", n=passed) if code == "overdue" else shared.status(lang, code)
    word = "item.review" if row.kind == "review" else "item.deadline"
    return Head(
        str(row.id),
        row.title.get(lang),
        _names(state.programme, organisations, lang),
        shared.say(lang, word, date=dates.in_table(row.due, lang)),
        code,
        chip,
    )


def _code(row: Occurrence, today: date) -> Code:
    if row.due < today:
        return "overdue"
    return "soon" if (row.due - today).days <= _SOON_DAYS else "coming"


def _names(programme: Programme, keys: tuple[str, ...], lang: Lang) -> str:
    return shared.names(lang, (programme.organisation_by_key[key].name for key in keys))


@dataclass(frozen=True, slots=True)
class AnswerReading:
    """How a page is read: its day, its language, the zone of its clock."""

    today: date
    lang: Lang
    zone: tzinfo


def question(
    state: ProgrammeState,
    one: Matter,
    typed: TypedAnswer,
    seen: int,
    reading: AnswerReading,
    prefix: str = "",
) -> Question:
    """Return a matter as a question with what was typed so far."""
    programme, lang = state.programme, reading.lang
    action = programme.action_by_id[one.occurrence.id.action]
    others = [key for key in programme.organisation_by_key if key not in one.organisations]
    named = [(key, programme.organisation_by_key[key].name.get(lang)) for key in others]
    return Question(
        head(state, one.occurrence, one.organisations, reading.today, lang),
        typed,
        seen,
        action.indicator.get(lang),
        tuple(sorted(named, key=lambda pair: pair[1].casefold())),
        dates.short(programme.period.last, lang),
        prefix,
    )


def given(
    state: ProgrammeState, one: Matter, ids: dict[str, int], reading: AnswerReading
) -> tuple[GivenAnswer, ...]:
    """Return what each of a matter's units said; ``ids`` of the answers by organisation."""
    return tuple(_given(state, key, reply, ids.get(key, 0), reading) for key, reply in one.replies)


def _given(
    state: ProgrammeState, key: str, reply: Reply, answer_id: int, reading: AnswerReading
) -> GivenAnswer:
    lang = reading.lang
    return GivenAnswer(
        party=_names(state.programme, (key,), lang),
        code=CODES[reply.answer],
        answer=shared.answer(lang, reply.answer),
        by=reply.by or shared.role(lang, "secretary"),
        at=_moment(reply.at, reading),
        note=reply.note,
        whose=_whose(state.programme, reply.whose, lang),
        new_date=_proposed(reply, lang),
        id=answer_id,
    )


def _moment(at: datetime, reading: AnswerReading) -> str:
    return dates.moment(at.astimezone(reading.zone), reading.lang)


def _whose(programme: Programme, whose: str, lang: Lang) -> str:
    found = programme.organisation_by_key.get(whose)
    return found.name.get(lang) if found else whose


def _proposed(reply: Reply, lang: Lang) -> str:
    if reply.new_date is None:
        return ""
    state = say(lang, f"answer.proposal-{reply.proposal or 'pending'}")
    return f"{dates.short(reply.new_date, lang)} ({state})"


# -- The page behind an answer's link in a mail: one question, or what was answered. GET change

_LIMIT: Final = 50_000


class AnswerPages:
    """The endpoints of ``/answer/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/answer/{token}", self.page),
            Route("/answer/{token}", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for a link: the question with the mail's choice, or what was answered."""
        found = open_answer(self.site.service, request.path_params["token"])
        if isinstance(found, ClosedLink):
            return forms.closed(self.site, request, found)
        one = _matter(found)
        if one.replies and not one.waiting and "change" not in request.query_params:
            return self._answered(request, found, one)
        return self._question(request, found, _start(one, request.query_params.get("a", "")))

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := forms.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        found = open_answer(self.site.service, request.path_params["token"])
        if isinstance(found, ClosedLink):
            return forms.closed_post(self.site, request, found, form)
        if text_of(form, "step") == "undo":
            return self._undo(request, found)
        return self._answer(request, found, form)

    def _answer(self, request: Request, found: OccurrenceLink, form: FormData) -> Response:
        """Record an answer once: not where a newer one than the form knew of stands already."""
        lang, row, seen = self._lang(request), found.occurrence, seen_of(text_of(form, "seen"))
        if seen != _seen(found):
            return forms.back(request, lang)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        programme = found.state.programme
        indicator = programme.action_by_id[row.id.action].indicator
        typed = checked_answer(
            read_answer(fields), Limits(found.opened.today, programme.period.last), indicator, lang
        )
        if typed.wrong:
            return self._question(request, found, typed)
        answer = said(typed, row, found.opened.reader, programme, lang)
        if not record_answer(self.site.service, answer, seen):  # a colleague was quicker
            return forms.back(request, lang)
        return forms.back(request, lang, done="1")

    def _undo(self, request: Request, found: OccurrenceLink) -> Response:
        """Take back what the reader's units said; whoever of the unit said it."""
        row = str(found.occurrence.id)
        for key in found.organisations:
            if answer_id := found.opened.seen(row, [key]):
                with suppress(UsageError):  # a colleague was quicker
                    undo_answer(self.site.service, answer_id, found.opened.reader)
        return forms.back(request, self._lang(request))

    def _question(self, request: Request, found: OccurrenceLink, typed: TypedAnswer) -> Response:
        reading = self._reading(request, found.opened)
        asked = question(found.state, _matter(found), typed, _seen(found), reading)
        return forms.page(
            self.site,
            request,
            "answer.html",
            422 if typed.wrong else 200,
            own_name=found.state.programme.name.get(reading.lang),
            question=asked,
            reader=found.opened.reader,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )

    def _answered(self, request: Request, found: OccurrenceLink, one: Matter) -> Response:
        opened, reading = found.opened, self._reading(request, found.opened)
        row = str(found.occurrence.id)
        ids = {key: opened.seen(row, [key]) for key in found.organisations}
        return forms.page(
            self.site,
            request,
            "answered.html",
            own_name=found.state.programme.name.get(reading.lang),
            head=head(found.state, found.occurrence, found.organisations, opened.today, reading.lang),
            given=given(found.state, one, ids, reading),
            thanks="done" in request.query_params,
            own=any(reply.by == opened.reader for _, reply in one.replies),
            until=dates.in_sentence(opened.until, reading.lang),
            path=request.url.path,
            others=others(self.site.service.secret, opened, row, reading.lang),
            unit_page=unit_page(self.site.service.secret, opened),
        )

    def _reading(self, request: Request, opened: OpenLink) -> AnswerReading:
        return AnswerReading(opened.today, self._lang(request), self.site.service.settings.zone)

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


def _start(one: Matter, chosen: str) -> TypedAnswer:
    """Return the fields as the page opens: with the mail's choice, else with what was answered before."""
    earlier = one.replies[0][1] if one.replies else None
    if chosen or earlier is None:
        return read_answer({"a": chosen})
    new_date = earlier.new_date.isoformat() if earlier.new_date else ""
    why, note = (earlier.note, "") if earlier.answer == "late" else ("", earlier.note)
    return read_answer(
        {"a": earlier.answer, "why": why, "note": note, "date": new_date, "other": earlier.whose}
    )


def _matter(found: OccurrenceLink) -> Matter:
    return matter(found.state, found.occurrence, found.organisations, found.opened.today)


def _seen(found: OccurrenceLink) -> int:
    return found.opened.seen(str(found.occurrence.id), found.organisations)


def others(secret: str, opened: OpenLink, but: str, lang: Lang) -> list[tuple[str, str, str]]:
    """Return (address, title, date) of what else waits for the reader; no link outlives the opened one."""
    rows = [
        (head(state, one.occurrence, one.waiting, opened.today, lang), one.occurrence.kind)
        for state in opened.states.values()
        for one in matters_of(state, opened.reader, opened.today)
        if one.waiting and str(one.occurrence.id) != but
    ]
    return [(answer_address(secret, opened, row.id, kind), row.title, row.when) for row, kind in rows]


def answer_address(secret: str, opened: OpenLink, occurrence: str, kind: str) -> str:
    """Return where an occurrence is answered, as long as the reader's link holds."""
    purpose: Purpose
    purpose, path = ("form", "/collection/form/") if kind == "collection" else ("answer", "/answer/")
    return path + Links(secret).issue(purpose, occurrence, opened.reader, opened.until)


def unit_page(secret: str, opened: OpenLink) -> str:
    """Return the address of the page with all that waits for the reader's units."""
    return "/unit/" + Links(secret).issue("unit", "", opened.reader, opened.until)


# -- An answer that the secretary records for a unit, from a phone call or a reply by mail. Sig

_LIMIT_behalf: Final = 50_000


@dataclass(frozen=True)
class OnBehalf:
    """The occurrence that is answered, and its responsible organisations."""

    state: ProgrammeState
    occurrence: Occurrence
    organisations: tuple[str, ...]


class BehalfPages:
    """The endpoints of ``/actions/{id}/answer``; ``occurrence`` in the query names which of its dates."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/actions/{id}/answer"
        return [Route(path, self.page), Route(path, self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for the form."""
        if refused := refuse_request(self.site, request):
            return refused
        return self._form(request, self._asked(request), read_answer({}), "")

    async def post(self, request: Request) -> Response:
        """Answer for a POST: record the answer, or say what is wrong with it."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT_behalf)
        return await run_in_threadpool(self._record, request, form)

    def _record(self, request: Request, form: FormData) -> Response:
        asked, lang = self._asked(request), self.site.visitor(request).lang
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        programme = asked.state.programme
        indicator = programme.action_by_id[asked.occurrence.id.action].indicator
        limits = Limits(self.site.library.today(), programme.period.last)
        typed = checked_answer(read_answer(fields), limits, indicator, lang)
        if typed.wrong:
            return self._form(request, asked, typed, text_of(form, "organisation"))
        answer = said(typed, asked.occurrence, "", programme, lang)
        record_answer(self.site.service, replace(answer, organisation=text_of(form, "organisation")))
        where = f"/actions/{asked.occurrence.id.action}?programme={programme.key}#dates"
        return RedirectResponse(where, 303)

    def _asked(self, request: Request) -> OnBehalf:
        """Return what is answered; ``NotFoundError`` for an occurrence that takes no answer here."""
        visitor, action = self.site.visitor(request), request.path_params["id"]
        with self.site.library.read() as connection:
            book = book_of(self.site.library.books(connection), visitor.query.get("programme"), action)
            state = self.site.library.standing(connection, book).state
        row = state.occurrences.get(visitor.query.get("occurrence", ""))
        if row is None or row.id.action != action or not needs_answer(row) or row.kind == "collection":
            raise NotFoundError(f"no occurrence of {action!r} that is answered here")
        return OnBehalf(state, row, responsible(state, row, self.site.library.today()))

    def _form(self, request: Request, asked: OnBehalf, typed: TypedAnswer, chosen: str) -> Response:
        lang, today = self.site.visitor(request).lang, self.site.library.today()
        reading = AnswerReading(today, lang, self.site.service.settings.zone)
        one = matter(asked.state, asked.occurrence, asked.organisations, today)
        names = asked.state.programme.organisation_by_key
        return self.site.page(
            request,
            "behalf.html",
            422 if typed.wrong else 200,
            question=question(asked.state, one, typed, 0, reading),
            units=[
                (key, shared.names(lang, [names[key].name]), key == chosen) for key in asked.organisations
            ],
            action=asked.occurrence.id.action,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )
