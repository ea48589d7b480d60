"""Correcting how an action is read: forms, a preview of what changes, then one button that stores.

Signed in only. GET changes nothing; a POST says its step: ``preview`` (nothing
is stored), ``edit`` (back to the form, input kept) or ``save``.

Correcting how an action is read: what its forms show, and what a decision would do. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from email_templates import dates
from reminders.errors import NotFoundError, UsageError
from reminders.planning.forecast import Difference
from reminders.planning.programme_diff import programme_changes
from reminders.planning.speakers import acting_as
from reminders.store.programmes import ProgrammeRow
from reminders.use.planning.preview import what_if
from reminders.use.programme.correct import (
    FIELDS,
    CorrectionDecision,
    check_correction,
    correct_action,
    corrected,
    enter_correction,
)
from reminders.web.catalogue import ChangeRow, Pair, frequency_words, say, schedule_words
from reminders.web.forms import read_form, text_of
from reminders.web.mail.forecast import difference_view, window_of
from reminders.web.programme.findings import FindingRow, code_words, finding_list
from reminders.web.programme.timeline import RuleRow, rule_rows
from reminders.web.session import refuse_request
from reminders.web.site import Site
from reminders.web.snapshot import CurrentState, book_of
from schedule_rules.derive import derive
from schedule_rules.programme import Action, CorrectedField, Correction, Lang, Programme
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Schedule

# -- Correcting how an action is read: what its forms show, and what a decision would do. Pure

LONGEST: Final = 300
"""Characters of a wording or a note that a person writes."""
_WORDED: Final = ("schedule", "frequency")
_PARTIES: Final[tuple[CorrectedField, ...]] = ("leads", "partners")


@dataclass(frozen=True, slots=True)
class CorrectionInput:
    """What somebody has written into one of the forms, and what is wrong with it."""

    field: CorrectedField | None = None
    value: str | None = None
    note: str = ""
    wrong: str = ""
    wrong_note: str = ""

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, each with the id of its input."""
        pairs = (("value", self.wrong), ("note", self.wrong_note))
        return tuple((f"{self.field}-{part}", words) for part, words in pairs if words)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that may be ticked."""

    key: str
    name: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One form: the field, what holds now, what the input shows."""

    field: CorrectedField
    now: str
    value: str = ""
    entered: CorrectionInput = CorrectionInput()
    parties: tuple[Party, ...] = ()
    findings: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class PastCorrection:
    """A correction that was made: what, by whom, when, why."""

    on: str
    by: str
    field: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class CorrectionOutcome:
    """What a decision would do: its reading, the rules that it gives, the dates that change."""

    field: str
    value: str
    printed: str
    reading: str
    changes: tuple[ChangeRow, ...] = ()
    events: tuple[str, str] | None = None
    rules: tuple[RuleRow, ...] = ()


# -- the forms -------------------------------------------------------------------------------


def forms(row: ProgrammeRow, action: Action, lang: Lang, entered: CorrectionInput) -> tuple[FieldForm, ...]:
    """Return the forms of an action; the one in ``entered`` is open and keeps its input."""
    made = [_worded(action, "schedule", lang, entered), _worded(action, "frequency", lang, entered)]
    made += [_parties(row.programme, action, one, lang, entered) for one in _PARTIES]
    open_ones = open_findings(row, action, lang)
    if open_ones:
        made.append(_accepting(open_ones, lang, entered))
    return tuple(made)


def open_findings(row: ProgrammeRow, action: Action, lang: Lang) -> tuple[FindingRow, ...]:
    """Return what needs a decision about one action, each code once."""
    own = (one for one in finding_list(row, lang) if one.action == action.id)
    return tuple({one.code: one for one in own}.values())


def _worded(action: Action, name: CorrectedField, lang: Lang, entered: CorrectionInput) -> FieldForm:
    made = action.correction(name)
    value = made.value if made else _printed(action, name, lang)
    own = _own(name, entered)
    return FieldForm(name, _now(action, name, lang), value if own.value is None else own.value, own)


def _own(name: CorrectedField, entered: CorrectionInput) -> CorrectionInput:
    """Return what was entered into this form, nothing when it was another."""
    return entered if entered.field == name else CorrectionInput()


def _now(action: Action, name: CorrectedField, lang: Lang) -> str:
    made = action.correction(name)
    words = made.value if made else _printed(action, name, lang)
    return dates.quoted(words, lang) if words else say(lang, "correct.nothing")


def _printed(action: Action, name: CorrectedField, lang: Lang) -> str:
    """Return the printed words of a field: the schedule, or the frequencies found in the texts."""
    if name == "schedule":
        return action.schedule.get(lang)
    texts = (*action.bullets.get(lang, ()), action.indicator.get(lang), action.schedule.get(lang))
    return ", ".join(dict.fromkeys(hit.words for text in texts for hit in find_frequencies(text, lang)))


def _parties(
    programme: Programme, action: Action, name: CorrectedField, lang: Lang, entered: CorrectionInput
) -> FieldForm:
    keys = action.leads if name == "leads" else action.partners
    own = _own(name, entered)
    ticked = keys if own.value is None else own.value.split()
    parties = [Party(one.key, one.name.get(lang), one.key in ticked) for one in programme.organisations]
    parties.sort(key=lambda one: (not one.ticked, one.name.casefold()))
    now = _names(programme, keys, lang) or say(lang, "correct.nobody")
    return FieldForm(name, now, entered=own, parties=tuple(parties))


def _names(programme: Programme, keys: tuple[str, ...], lang: Lang) -> str:
    known = programme.organisation_by_key
    return ", ".join(known[key].name.get(lang) if key in known else key for key in keys)


def _accepting(found: tuple[FindingRow, ...], lang: Lang, entered: CorrectionInput) -> FieldForm:
    own = _own("accepted", entered)
    chosen = own.value if any(one.code == own.value for one in found) else found[0].code
    codes = tuple((one.code, one.what, one.code == chosen) for one in found)
    return FieldForm("accepted", say(lang, "correct.open", n=len(found)), entered=own, findings=codes)


# -- what was decided, and what would be -----------------------------------------------------


def correction_history(programme: Programme, action: Action, lang: Lang) -> tuple[PastCorrection, ...]:
    """Return the corrections of an action, newest first."""
    return tuple(
        PastCorrection(
            dates.in_table(one.on, lang),
            one.by,
            field_word(one.field, lang),
            _value(programme, one, lang),
            one.note,
        )
        for one in reversed(action.corrections)
    )


def field_word(name: CorrectedField, lang: Lang) -> str:
    """Return the name of a field in words."""
    return say(lang, f"correct.field.{name}")


def _value(programme: Programme, made: Correction, lang: Lang) -> str:
    if made.field == "accepted":
        return code_words(made.value, lang)
    if made.field in _WORDED:
        return dates.quoted(made.value, lang) if made.value else say(lang, "correct.nothing")
    return _names(programme, tuple(made.value.split()), lang) or say(lang, "correct.nobody")


def outcome(row: ProgrammeRow, decision: CorrectionDecision, day: date, lang: Lang) -> CorrectionOutcome:
    """Return what a decision would do to rules and dates."""
    new = corrected(row, decision, day)
    pair = Pair(row.programme, new, lang)
    action = new.action_by_id[decision.action]
    before, after = pair.events(decision.action)
    return CorrectionOutcome(
        field=field_word(decision.field, lang),
        value=_value(new, action.corrections[-1], lang),
        printed=_before(row, decision, lang),
        reading=reading_of(decision.field, decision.value, lang),
        changes=pair.rows(programme_changes(row.programme, new)),
        events=(before, after) if before != after else None,
        rules=rule_rows(derive(new).of(decision.action), action, new, lang),
    )


def _before(row: ProgrammeRow, decision: CorrectionDecision, lang: Lang) -> str:
    action = row.programme.action_by_id[decision.action]
    if decision.field == "accepted":
        return ""
    if decision.field in _WORDED:
        return _now(action, decision.field, lang)
    own = action.leads if decision.field == "leads" else action.partners
    return _names(row.programme, own, lang) or say(lang, "correct.nobody")


def reading_of(name: CorrectedField, value: str, lang: Lang) -> str:
    """Say how the words of a correction are read; nothing for what is no wording."""
    if name == "schedule":
        found = normalise(value)
        return schedule_words(found, lang) if isinstance(found, Schedule) else ""
    if name == "frequency":
        rates = (frequency_words(hit.frequency, lang) for hit in find_frequencies(value))
        return ", ".join(dict.fromkeys(rates))
    return ""


def wrong_words(name: CorrectedField, lang: Lang) -> str:
    """Say what a field takes, for one that was given something else."""
    return say(lang, f"correct.wrong.{name}")


# -- Correcting how an action is read: forms, a preview of what changes, then one button that s

_LIMIT = 100_000


@dataclass(frozen=True)
class CorrectionPage:
    """An action whose reading is corrected, and in which language."""

    standing: CurrentState
    action: Action
    lang: Lang

    def decision(self, entered: CorrectionInput, by: str) -> CorrectionDecision:
        """Return what was entered as a decision."""
        field, key = entered.field or "schedule", self.standing.book.programme.key
        return CorrectionDecision(self.action.id, field, entered.value or "", by, entered.note, key)


class CorrectPages:
    """The endpoints of corrections."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/actions/{id}/correct", self.page),
            Route("/actions/{id}/correct", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/correct``: the forms; ``field`` opens one, ``code`` is the finding."""
        if refused := refuse_request(self.site, request):
            return refused
        query = request.query_params
        entered = CorrectionInput(_field(query.get("field", "")), query.get("code") or None)
        return self._forms(request, self._asked(request), entered)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: read the form, then do its step."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=2000)
        return await run_in_threadpool(self._step, request, form)

    def _step(self, request: Request, form: FormData) -> Response:
        asked = self._asked(request)
        entered = _entered(form, asked.action)
        if entered.field is None:
            raise NotFoundError("no such field")
        decision = asked.decision(entered, acting_as(asked.standing.state.people, self.site.library.today()))
        checked = _checked(asked, entered, decision)
        if checked.errors or text_of(form, "step") == "edit":
            return self._forms(request, asked, checked)
        if text_of(form, "step") == "save":
            key = correct_action(self.site.service, decision)
            where = f"/actions/{asked.action.id}?{urlencode({'programme': key})}#corrections"
            return RedirectResponse(where, 303)
        return self._preview(request, asked, decision)

    def _asked(self, request: Request) -> CorrectionPage:
        site, visitor = self.site, self.site.visitor(request)
        action = request.path_params["id"]
        with site.library.read() as connection:
            book = book_of(site.library.books(connection), visitor.query.get("programme"), action)
            standing = site.library.standing(connection, book)
        return CorrectionPage(standing, book.programme.action_by_id[action], visitor.lang)

    def _forms(self, request: Request, asked: CorrectionPage, entered: CorrectionInput) -> Response:
        return self.site.page(
            request,
            "correct.html",
            422 if entered.errors else 200,
            forms=forms(asked.standing.book.row, asked.action, asked.lang, entered),
            errors=entered.errors,
            action=asked.action.id,
            title=asked.action.title.get(asked.lang),
            key=asked.standing.book.programme.key,
            longest=LONGEST,
        )

    def _preview(self, request: Request, asked: CorrectionPage, decision: CorrectionDecision) -> Response:
        today = self.site.library.today()
        return self.site.page(
            request,
            "correct_preview.html",
            outcome=outcome(asked.standing.book.row, decision, today, asked.lang),
            decision=decision,
            title=asked.action.title.get(asked.lang),
            mails=difference_view(self._mails(decision, today), asked.lang),
        )

    def _mails(self, decision: CorrectionDecision, today: date) -> Difference:
        """Return what the decision would do to the mails of the forecast's twelve months."""
        service = self.site.service
        return what_if(
            service, lambda connection: enter_correction(connection, service, decision), window_of(today)
        )


def _field(text: str) -> CorrectedField | None:
    return next((one for one in FIELDS if one == text), None)


def _entered(form: FormData, action: Action) -> CorrectionInput:
    """Return what a form holds; ticked organisations keep the order that they have."""
    field = _field(text_of(form, "field"))
    value = text_of(form, "value")
    if field in {"leads", "partners"} and "value" not in form:
        ticked = [one for one in form.getlist("org") if isinstance(one, str)]
        held = [key for key in (action.leads if field == "leads" else action.partners) if key in ticked]
        value = " ".join(dict.fromkeys((*held, *ticked)))
    return CorrectionInput(field, value, text_of(form, "note"))


def _checked(
    asked: CorrectionPage, entered: CorrectionInput, decision: CorrectionDecision
) -> CorrectionInput:
    """Return what was entered with what is wrong with it."""
    wrong = ""
    try:
        check_correction(asked.standing.book.row, decision)
    except UsageError:
        wrong = wrong_words(decision.field, asked.lang)
    if decision.field in {"schedule", "frequency"} and len(decision.value) > LONGEST:
        wrong = say(asked.lang, "correct.too-long", most=LONGEST)
    too_long = len(entered.note) > LONGEST
    note = say(asked.lang, "correct.too-long", most=LONGEST) if too_long else ""
    return replace(entered, wrong=wrong, wrong_note=note)
