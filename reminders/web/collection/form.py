"""The form of the annual data collection behind a mail's link: no sign-in, no navigation.

GET changes nothing. What is posted is stored first and checked then, so that a wrong
value costs nobody what was written beside it.

What a unit's form of the annual data collection shows, and what a posted one holds. Pure.

A unit's form of the data collection, filled in by the secretary, signed in: the same form, her name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates import words as shared
from reminders.collection.measures import (
    KINDS,
    Kind,
    NotAValueError,
    likely_kind,
    shown_value,
    stored_value,
    with_unit,
)
from reminders.collection.round import PLACES, STATUSES, Fault, TypedForm, TypedValue
from reminders.store.collection import ValueRow
from reminders.use.answers.links import ByHand, ClosedLink, Door, OpenForm, open_form
from reminders.use.collection.forms import (
    FormContents,
    FormInput,
    read_form_contents,
    reopen_form,
    write_form,
)
from reminders.web import forms
from reminders.web.catalogue import known, say
from reminders.web.forms import read_form, text_of
from reminders.web.session import refuse_request
from reminders.web.site import Site
from schedule_rules.programme import Action, Lang

# -- What a unit's form of the annual data collection shows, and what a posted one holds. Pure

_CODES: Final = {
    "status": "collection.wrong-status",
    "number": "collection.wrong-number",
    "thousands": "collection.wrong-thousands",
    "yes-no": "collection.wrong-yes-no",
    "long": "collection.wrong-long",
    "note": "collection.wrong-note",
    "unit": "collection.wrong-unit",
}


@dataclass(frozen=True, slots=True)
class ValueField:
    """The fields of one value: kind, text, unit of measure, and what is wrong with them."""

    place: int
    kinds: tuple[tuple[Kind, str, bool], ...]
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
    def said(self) -> str:
        """The status in words, nothing when none is chosen."""
        return next((words for _, words, chosen in self.statuses if chosen), "")


def form_parts(
    opened: OpenForm, unit: str, filled: FormContents, lang: Lang, *, checked: bool
) -> tuple[ActionPart, ...]:
    """Return the parts of a unit's form; ``checked``: what is wrong is said."""
    wrong = {(one.action, one.field): _words(one, lang) for one in filled.faults} if checked else {}
    return tuple(
        _part(action, number, filled, wrong, lang)
        for number, action in enumerate(opened.actions(unit), start=1)
    )


def _part(
    action: Action, number: int, filled: FormContents, wrong: Mapping[tuple[str, str], str], lang: Lang
) -> ActionPart:
    typed = filled.typed.get(action.id, TypedForm())
    return ActionPart(
        id=action.id,
        number=number,
        title=action.title.get(lang),
        indicator=action.indicator.get(lang),
        earlier=earlier_values(filled.earlier, action, lang),
        statuses=tuple((one, shared.answer(lang, one), typed.status == one) for one in STATUSES),
        values=tuple(_value(action, place, typed, filled, wrong, lang) for place in range(1, PLACES + 1)),
        note=typed.note,
        wrong_status=wrong.get((action.id, "status"), ""),
        wrong_note=wrong.get((action.id, "note"), ""),
    )


def _value(
    action: Action,
    place: int,
    typed: TypedForm,
    filled: FormContents,
    wrong: Mapping[tuple[str, str], str],
    lang: Lang,
) -> ValueField:
    absent = TypedValue(likely_kind(action.indicator))
    one = typed.values[place - 1] if place <= len(typed.values) else absent
    return ValueField(
        place=place,
        kinds=tuple((kind, say(lang, f"collection.kind.{kind}"), kind == one.kind) for kind in KINDS),
        text=_retyped(one, filled.lang, lang),
        unit=one.unit,
        wrong=wrong.get((action.id, f"value-{place}"), ""),
        wrong_unit=wrong.get((action.id, f"unit-{place}"), ""),
    )


def _retyped(value: TypedValue, typed_in: Lang, lang: Lang) -> str:
    """Return a typed value as a reader of ``lang`` writes it: 1,000 is another number in English."""
    if typed_in == lang or not value.text:
        return value.text
    try:
        return shown_value(stored_value(value.text, value.kind, typed_in), value.kind, lang)
    except NotAValueError:
        return value.text


def _words(fault: Fault, lang: Lang) -> str:
    return say(lang, _CODES[fault.code])


def errors(found: tuple[ActionPart, ...]) -> tuple[tuple[str, str], ...]:
    """Return what is wrong, each with the id of its field, in the form's order."""
    return tuple(
        (field, f"{part.number}. {part.title}: {words}")
        for part in found
        for field, words in _wrong_of(part)
        if words
    )


def _wrong_of(part: ActionPart) -> list[tuple[str, str]]:
    pairs = [(f"status-{part.id}", part.wrong_status)]
    for value in part.values:
        name = f"{part.id}-{value.place}"
        pairs += [(f"value-{name}", value.wrong), (f"unit-{name}", value.wrong_unit)]
    return [*pairs, (f"note-{part.id}", part.wrong_note)]


def earlier_values(earlier: tuple[ValueRow, ...], action: Action, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return (year, values) of an action before this year, oldest first."""
    own = sorted((one for one in earlier if one.action == action.id), key=lambda one: (one.year, one.place))
    years = dict.fromkeys(one.year for one in own)
    return tuple(
        (
            str(year),
            ", ".join(with_unit(one.text, one.kind, one.unit, lang) for one in own if one.year == year),
        )
        for year in years
    )


# -- what was posted -------------------------------------------------------------------------


def typed_of(fields: Mapping[str, str], actions: tuple[Action, ...]) -> dict[str, TypedForm]:
    """Return what a posted form holds about each action."""
    return {action.id: _typed(fields, action.id) for action in actions}


def _typed(fields: Mapping[str, str], action: str) -> TypedForm:
    status = next((one for one in STATUSES if one == fields.get(f"status-{action}")), None)
    values = [_typed_value(fields, f"{action}-{place}") for place in range(1, PLACES + 1)]
    while values and not values[-1].text and not values[-1].unit:
        values.pop()
    return TypedForm(status, tuple(values), fields.get(f"note-{action}", ""))


def _typed_value(fields: Mapping[str, str], name: str) -> TypedValue:
    kind: Kind = next((one for one in KINDS if one == fields.get(f"kind-{name}")), "text")
    text, unit = fields.get(f"value-{name}", ""), fields.get(f"unit-{name}", "")
    if kind == "number" and text.endswith("%") and not unit:
        return TypedValue(kind, text.removesuffix("%").strip(), "%")
    return TypedValue(kind, text, unit)


# -- The form of the annual data collection behind a mail's link: no sign-in, no navigation

_LIMIT: Final = 500_000
_FIELDS: Final = 2000


@dataclass(frozen=True, slots=True)
class FormFrame:
    """What stands around a form: its base template, where it leads back to, the units to choose from."""

    base: str
    back: str
    units: tuple[tuple[str, str], ...]


class CollectionFormPages:
    """The endpoints of the form."""

    def __init__(self, site: Site) -> None:
        """Serve the form of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/collection/form/{token}", self.page),
            Route("/collection/form/{token}", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for a link: the form, what was sent, or why there is nothing to fill in."""
        if refused := self._refused(request):
            return refused
        opened = open_form(self.site.service, self._door(request))
        if isinstance(opened, ClosedLink):
            return forms.closed(self.site, request, opened)
        unit = _unit(opened, request.query_params.get("unit", ""))
        lang = self.site.visitor(request).lang
        filled = read_form_contents(self.site.service, opened, unit, lang)
        return self._form(request, opened, unit, filled)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: save, send, or open what was sent."""
        if refused := self._refused(request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=_FIELDS)
        return await run_in_threadpool(self._step, request, form)

    def _refused(self, request: Request) -> Response | None:
        """Return why a request is not answered, None where it is."""
        return forms.refuse_foreign(self.site, request) if request.method == "POST" else None

    def _door(self, request: Request) -> Door:
        """Return how the form is opened: by the link's token."""
        token: str = request.path_params["token"]
        return token

    def _frame(self, request: Request, opened: OpenForm) -> FormFrame:
        """Return what stands around the form: no menu, the reader's units."""
        names = opened.found.stored.programme.organisation_by_key
        lang = self.site.visitor(request).lang
        return FormFrame("own_base.html", "", tuple((key, names[key].name.get(lang)) for key in opened.units))

    def _step(self, request: Request, form: FormData) -> Response:
        door, service = self._door(request), self.site.service
        opened = open_form(service, door)
        if isinstance(opened, ClosedLink):
            return forms.closed_post(self.site, request, opened, form)
        unit = _unit(opened, text_of(form, "unit"))
        if text_of(form, "step") == "reopen":
            return self._back(request, unit, reopen_form(service, door, unit))
        typing = self._typing(request, form, opened, unit)
        done = write_form(service, door, typing)
        if done == "newer":
            return self._overtaken(request, opened, typing)
        return self._back(request, unit, done)

    def _typing(self, request: Request, form: FormData, opened: OpenForm, unit: str) -> FormInput:
        fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        version = fields.get("version", "")
        return FormInput(
            unit=unit,
            version=int(version) if version.isdecimal() and len(version) < 9 else -1,
            lang=known(fields.get("lang")) or self.site.visitor(request).lang,
            typed=typed_of(fields, opened.actions(unit)),
            send=fields.get("step") == "send",
        )

    def _back(self, request: Request, unit: str, done: str | ClosedLink) -> Response:
        """Return to the form by GET, so that reloading sends nothing twice."""
        if isinstance(done, ClosedLink):
            return forms.closed(self.site, request, done)
        return forms.back(request, self.site.visitor(request).lang, unit=unit, done=done)

    def _overtaken(self, request: Request, opened: OpenForm, typing: FormInput) -> Response:
        """Show what was typed again: a colleague has saved meanwhile, nothing of either is lost."""
        now = read_form_contents(self.site.service, opened, typing.unit, typing.lang)
        filled = FormContents(now.row, typing.typed, typing.lang, now.earlier, ())
        return self._form(request, opened, typing.unit, filled, overtaken=True)

    def _form(
        self, request: Request, opened: OpenForm, unit: str, filled: FormContents, *, overtaken: bool = False
    ) -> Response:
        lang = self.site.visitor(request).lang
        done = request.query_params.get("done", "") if not overtaken else ""
        found = form_parts(opened, unit, filled, lang, checked=done == "faulty")
        names = opened.found.stored.programme.organisation_by_key
        row = opened.found.row
        return forms.page(
            self.site,
            request,
            "collection_form.html",
            409 if overtaken else 200,
            found=opened.found,
            unit=unit,
            unit_name=names[unit].name.get(lang),
            frame=self._frame(request, opened),
            due=dates.in_sentence(row.due, lang),
            opens=dates.in_sentence(row.opens or row.due, lang),
            closes=dates.in_sentence(row.closes or row.due, lang),
            filled=filled,
            parts=found,
            errors=errors(found),
            is_open=opened.found.phase == "open",
            is_editing=filled.row is None or filled.row.editing,
            saved_at=self._moment(filled, lang),
            done=done,
            overtaken=overtaken,
            path=request.url.path,
            own_name=opened.found.stored.programme.name.get(lang),
        )

    def _moment(self, filled: FormContents, lang: Lang) -> str:
        if filled.row is None:
            return ""
        return dates.moment(filled.row.saved_at.astimezone(self.site.service.settings.zone), lang)


def _unit(opened: OpenForm, wanted: str) -> str:
    """Return the unit that is asked for, else the reader's first."""
    return wanted if wanted in opened.units else opened.units[0]


# -- A unit's form of the data collection, filled in by the secretary, signed in: the same form


class CollectionByHandPages(CollectionFormPages):
    """The endpoints of ``/collection/{year}/form/{programme}``; ``unit`` in the query names whose form."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/collection/{year:int}/form/{programme}"
        return [Route(path, self.page), Route(path, self.post, methods=["POST"])]

    def _refused(self, request: Request) -> Response | None:
        return refuse_request(self.site, request)

    def _door(self, request: Request) -> Door:
        return ByHand(request.path_params["year"], request.path_params["programme"])

    def _frame(self, request: Request, opened: OpenForm) -> FormFrame:
        """Return the frame with the menu; units are chosen on the round's page."""
        del request
        key = opened.found.stored.programme.key
        return FormFrame("base.html", f"/collection/{opened.found.year}?programme={key}", ())
