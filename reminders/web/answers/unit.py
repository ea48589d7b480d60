"""The page with all that waits for a reader's units: answer many at once, pause, take back.

The page of a reader's units as values: what waits, what is paused, what was answered. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.errors import UsageError
from reminders.planning.matters import Matter, matters_of
from reminders.planning.replies import LONGEST_PAUSE
from reminders.planning.state import ProgrammeState
from reminders.planning.typed_date import typed_date
from reminders.use.answers.links import ClosedLink, OccurrenceLink, OpenLink, occurrence_link, open_link
from reminders.use.answers.record import (
    PauseRequest,
    pause_reminders,
    record_answer,
    resume_reminders,
    undo_answer,
)
from reminders.web import forms as web_forms
from reminders.web.answers.answer import (
    AnswerReading,
    GivenAnswer,
    Head,
    Limits,
    Question,
    TypedAnswer,
    answer_address,
    checked_answer,
    given,
    head,
    question,
    read_answer,
    said,
)
from reminders.web.answers.target_dates import Field, HeldView, held_of
from reminders.web.catalogue import say
from reminders.web.forms import read_form, text_of
from reminders.web.people.preferences import wishes_address
from reminders.web.series.unit_dates import series_waiting
from reminders.web.site import Site
from schedule_rules.programme import Lang

# -- The page of a reader's units as values: what waits, what is paused, what was answered. Pur

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class PauseForm:
    """The fields of a pause as they were typed, and what is wrong with them."""

    id: str = ""
    until: str = ""
    reason: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Open:
    """A matter that waits: the question, until when its reminders are paused, the form of a pause.

    ``form`` is the address of a round's own form, instead of a question.
    """

    question: Question
    number: int
    paused: str
    form: str
    pause: PauseForm


@dataclass(frozen=True, slots=True)
class Done:
    """A matter with what was answered about it."""

    head: Head
    given: tuple[GivenAnswer, ...]


@dataclass(frozen=True)
class UnitPost:
    """What a post of the page held: fields by occurrence, and a pause."""

    typed: Mapping[str, TypedAnswer] = field(default_factory=dict)
    pause: PauseForm = PauseForm()


def waiting_matters(opened: OpenLink) -> list[tuple[ProgrammeState, Matter]]:
    """Return what waits for the reader's units, over all programmes, by date."""
    found = [pair for pair in _all(opened) if pair[1].waiting]
    return sorted(found, key=lambda pair: (pair[1].occurrence.due, str(pair[1].occurrence.id)))


def _all(opened: OpenLink) -> Iterator[tuple[ProgrammeState, Matter]]:
    for state in opened.states.values():
        yield from ((state, one) for one in matters_of(state, opened.reader, opened.today))


def open_matters(
    opened: OpenLink, sent: UnitPost, forms: Mapping[str, str], reading: AnswerReading
) -> tuple[Open, ...]:
    """Return what waits as questions, numbered; ``forms`` are the addresses of rounds' forms."""
    return tuple(
        _open(state, one, number, opened, sent, forms.get(str(one.occurrence.id), ""), reading)
        for number, (state, one) in enumerate(waiting_matters(opened))
    )


def _open(
    state: ProgrammeState,
    one: Matter,
    number: int,
    opened: OpenLink,
    sent: UnitPost,
    form: str,
    reading: AnswerReading,
) -> Open:
    row = str(one.occurrence.id)
    typed = sent.typed.get(row) or read_answer({})
    seen = opened.seen(row, one.organisations)
    until = max((pause.until for _, pause in one.pauses), default=None)
    return Open(
        question(state, one, typed, seen, reading, prefix=f"m{number}-"),
        number,
        say(reading.lang, "unit.paused", on=dates.short(until, reading.lang)) if until else "",
        form,
        sent.pause if sent.pause.id == row else PauseForm(row),
    )


def done_matters(opened: OpenLink, reading: AnswerReading) -> tuple[Done, ...]:
    """Return what the reader's units answered lately, the newest first."""
    found = [pair for pair in _all(opened) if pair[1].replies]
    newest = sorted(found, key=lambda pair: max(reply.at for _, reply in pair[1].replies), reverse=True)
    return tuple(_done(state, one, opened, reading) for state, one in newest)


def _done(state: ProgrammeState, one: Matter, opened: OpenLink, reading: AnswerReading) -> Done:
    row = str(one.occurrence.id)
    ids = {key: opened.seen(row, [key]) for key in one.organisations}
    return Done(
        head(state, one.occurrence, one.organisations, opened.today, reading.lang),
        given(state, one, ids, reading),
    )


def last_pause(today: date) -> date:
    """Return the latest day until which reminders may be paused."""
    return today + LONGEST_PAUSE


# -- The page with all that waits for a reader's units: answer many at once, pause, take back

_LIMIT: Final = 500_000
_FIELDS: Final = 2000
_MOST: Final = 150


class UnitPages:
    """The endpoints of ``/unit/{token}``."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/unit/{token}", self.page), Route("/unit/{token}", self.post, methods=["POST"])]

    def page(self, request: Request) -> Response:
        """Answer for a link: all that waits, and what was answered."""
        opened = open_link(self.site.service, request.path_params["token"], "unit")
        if isinstance(opened, ClosedLink):
            return web_forms.closed(self.site, request, opened)
        return self._page(request, opened, UnitPost())

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := web_forms.refuse_foreign(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=_FIELDS)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        opened = open_link(self.site.service, request.path_params["token"], "unit")
        if isinstance(opened, ClosedLink):
            return web_forms.closed_post(self.site, request, opened, form)
        match text_of(form, "step"):
            case "undo":
                return self._undo(request, opened, form)
            case "pause":
                return self._pause(request, opened, form)
            case "resume":
                resume_reminders(self.site.service, self._own(opened, form), opened.reader)
                return web_forms.back(request, self._lang(request))
            case _:
                return self._answers(request, opened, form)

    def _answers(self, request: Request, opened: OpenLink, form: FormData) -> Response:
        """Record every answer that was chosen, or none where one of them is wrong."""
        lang = self._lang(request)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        typed = _typed(opened, fields, lang)
        chosen = {row: one for row, one in typed.items() if one.answer}
        if not chosen or any(one.wrong for one in chosen.values()):
            return self._page(request, opened, UnitPost(typed), nothing=not chosen)
        told = sum(self._record(opened, state, one, chosen, lang) for state, one in waiting_matters(opened))
        return web_forms.back(request, lang, done=str(told))

    def _record(
        self,
        opened: OpenLink,
        state: ProgrammeState,
        one: Matter,
        typed: Mapping[str, TypedAnswer],
        lang: Lang,
    ) -> int:
        """Record one answer; return how many were: none where a colleague was quicker."""
        row = str(one.occurrence.id)
        if row not in typed:
            return 0
        answer = said(typed[row], one.occurrence, opened.reader, state.programme, lang)
        return 1 if record_answer(self.site.service, answer, opened.seen(row, one.organisations)) else 0

    def _undo(self, request: Request, opened: OpenLink, form: FormData) -> Response:
        """Take an answer back that somebody of the reader's units gave."""
        row, wanted = self._own(opened, form), text_of(form, "answer")
        for key, answer_id in opened.answers.items():
            if key[0] == row and str(answer_id) == wanted:
                with suppress(UsageError):  # a colleague was quicker
                    undo_answer(self.site.service, answer_id, opened.reader)
        return web_forms.back(request, self._lang(request))

    def _pause(self, request: Request, opened: OpenLink, form: FormData) -> Response:
        row, lang = self._own(opened, form), self._lang(request)
        typed = PauseForm(row, text_of(form, "until"), text_of(form, "reason"))
        until, last = typed_date(typed.until), last_pause(opened.today)
        wrong = {
            "until": "" if until and opened.today < until <= last else _pause_days(opened, lang),
            "reason": "" if typed.reason else say(lang, "unit.pause-no-why"),
        }
        if until and not any(wrong.values()):
            try:
                pause_reminders(self.site.service, PauseRequest(row, until, typed.reason, opened.reader))
            except UsageError:  # what is left: it was paused twice before
                wrong["until"] = say(lang, "unit.pause-twice")
            else:
                return web_forms.back(request, lang, paused="1")
        found = {name: words for name, words in wrong.items() if words}
        return self._page(request, opened, UnitPost({}, PauseForm(row, typed.until, typed.reason, found)))

    def _own(self, opened: OpenLink, form: FormData) -> str:
        """Return the occurrence that a form is about if it is the reader's; nothing else opens."""
        wanted = text_of(form, "id")
        for state in opened.states.values():
            row = state.occurrences.get(wanted)
            if row and isinstance(occurrence_link(opened, state, row), OccurrenceLink):
                return wanted
        return ""

    def _page(self, request: Request, opened: OpenLink, sent: UnitPost, *, nothing: bool = False) -> Response:
        lang, secret = self._lang(request), self.site.service.secret
        reading = AnswerReading(opened.today, lang, self.site.service.settings.zone)
        forms = {
            str(one.occurrence.id): answer_address(secret, opened, str(one.occurrence.id), "collection")
            for _, one in waiting_matters(opened)
            if one.occurrence.kind == "collection"
        }
        matters = open_matters(opened, sent, forms, reading)
        errors = [
            (f"{one.question.prefix}f-{name}", f"{one.question.head.title}: {words}")
            for one in matters
            for name, words in one.question.typed.wrong.items()
        ]
        errors += [
            (f"pause-{one.number}-{name}", words)
            for one in matters
            for name, words in one.pause.wrong.items()
        ]
        if nothing:
            errors.append(("matters", say(lang, "unit.none")))
        last = last_pause(opened.today)
        return web_forms.page(
            self.site,
            request,
            "unit.html",
            422 if errors else 200,
            own_name=_programmes(opened, lang),
            matters=matters,
            held=self._held(opened, lang),
            no_date=Field(),
            series=series_waiting(secret, opened, lang),
            done=done_matters(opened, reading),
            errors=errors,
            saved=_count(request.query_params.get("done", "")),
            paused="paused" in request.query_params,
            reader=opened.reader,
            wishes=wishes_address(secret, opened),
            pause_last=dates.short(last, lang),
            pause_first_iso=opened.today.isoformat(),
            pause_last_iso=last.isoformat(),
            late_word=dates.quoted(shared.answer(lang, "late"), lang),
            until=dates.in_sentence(opened.until, lang),
        )

    def _held(self, opened: OpenLink, lang: Lang) -> list[HeldView]:
        """Return the targets that the reader's units count towards."""
        return [view for state in opened.states.values() for view in held_of(self.site, opened, state, lang)]

    def _lang(self, request: Request) -> Lang:
        return self.site.visitor(request).lang


def _typed(opened: OpenLink, fields: Mapping[str, str], lang: Lang) -> dict[str, TypedAnswer]:
    """Return the fields of each matter that nobody answered meanwhile, checked where an answer was chosen."""
    prefixes = {fields.get(f"m{number}-id", ""): f"m{number}-" for number in range(_MOST)}
    found = {}
    for state, one in waiting_matters(opened):
        row = str(one.occurrence.id)
        prefix = prefixes.get(row)
        seen = str(opened.seen(row, one.organisations))
        if prefix is None or one.occurrence.kind == "collection" or fields.get(f"{prefix}seen") != seen:
            continue
        limits = Limits(opened.today, state.programme.period.last)
        indicator = state.programme.action_by_id[one.occurrence.id.action].indicator
        typed = read_answer(fields, prefix)
        found[row] = checked_answer(typed, limits, indicator, lang) if typed.answer else typed
    return found


def _pause_days(opened: OpenLink, lang: Lang) -> str:
    last = last_pause(opened.today)
    return say(lang, "unit.pause-wrong", today=dates.short(opened.today, lang), last=dates.short(last, lang))


def _programmes(opened: OpenLink, lang: Lang) -> str:
    """Return the names of the programmes that ask the reader for something."""
    states = {state.programme.key: state for state, _ in waiting_matters(opened)} or dict(opened.states)
    return ", ".join(state.programme.name.get(lang) for state in states.values())


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0
