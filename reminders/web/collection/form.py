"""A unit's form of the annual data collection: behind a mail's link, or filled in by the secretary.

GET changes nothing. What is posted is stored first and checked then, so that a wrong
value costs nobody what was written beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

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
from reminders.collection.round import PLACES, STATUSES, TypedForm, TypedValue
from reminders.store.collection import ValueRow
from reminders.use.answers.links import ByHand, ClosedLink, Door, OpenForm, open_form
from reminders.use.collection.forms import (
    FormContents,
    FormInput,
    read_form_contents,
    reopen_form,
    write_form,
)
from reminders.web.catalogue import known, say
from reminders.web.page import PRIVATE, FormLimits, Page, Pages, opened
from schedule_rules.programme import Action, Lang

_LIMITS: Final = FormLimits(size=500_000, fields=2000)


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
    form: OpenForm, unit: str, filled: FormContents, lang: Lang, *, checked: bool
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
        values = [*typed.values, *[TypedValue(likely_kind(action.indicator))] * (PLACES - len(typed.values))]
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
                            (kind, say(lang, f"collection.kind.{kind}"), kind == value.kind) for kind in KINDS
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
        return shown_value(stored_value(value.text, value.kind, typed_in), value.kind, lang)
    except NotAValueError:
        return value.text


def earlier_values(earlier: tuple[ValueRow, ...], action: Action, lang: Lang) -> tuple[tuple[str, str], ...]:
    """Return (year, values) of an action before this year, oldest first."""
    own = sorted((one for one in earlier if one.action == action.id), key=lambda one: (one.year, one.place))
    return tuple(
        (str(year), ", ".join(with_unit(one.text, one.kind, one.unit, lang) for one in values))
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
    kind: Kind = next((one for one in KINDS if one == fields.get(f"kind-{name}")), "text")
    text, unit = fields.get(f"value-{name}", ""), fields.get(f"unit-{name}", "")
    if kind == "number" and text.endswith("%") and not unit:
        return TypedValue(kind, text.removesuffix("%").strip(), "%")
    return TypedValue(kind, text, unit)


class CollectionFormPages(Pages):
    """A unit's form: behind a mail's link, or opened by the secretary for the ``unit`` of the query."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        show, write = opened(_open, self.show), opened(_open, self.write)
        return [
            *self.linked("/collection/form/{token}", _open, self.show, self.write, _LIMITS),
            *self.secretary("/collection/{year:int}/form/{programme}", show, write, _LIMITS),
        ]

    def show(self, page: Page, form: OpenForm) -> Response:
        """Show the form, what was sent, or why there is nothing to fill in."""
        unit = _unit(form, page.query.get("unit", ""))
        return self._form(page, form, unit, read_form_contents(page.service, form, unit, page.lang))

    def write(self, page: Page, form: OpenForm) -> Response:
        """Save, send, or open what was sent."""
        unit = _unit(form, page.text("unit"))
        if page.text("step") == "reopen":
            done = reopen_form(page.service, _door(page), unit)
        else:
            fields = {name: value.strip() for name, value in page.fields.items()}
            version = fields.get("version", "")
            typing = FormInput(
                unit=unit,
                version=int(version) if version.isdecimal() and len(version) < 9 else -1,
                lang=known(fields.get("lang")) or page.lang,
                typed={action.id: typed_form(fields, action.id) for action in form.actions(unit)},
                send=fields.get("step") == "send",
            )
            done = write_form(page.service, _door(page), typing)
            if done == "newer":  # a colleague has saved meanwhile: nothing of either is lost
                now = read_form_contents(page.service, form, unit, typing.lang)
                filled = FormContents(now.row, typing.typed, typing.lang, now.earlier, ())
                return self._form(page, form, unit, filled, overtaken=True)
        if isinstance(done, ClosedLink):
            return _private(page.closed(done))
        return page.back(unit=unit, done=done)

    def _form(
        self, page: Page, form: OpenForm, unit: str, filled: FormContents, *, overtaken: bool = False
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
    """Return how the form is opened: by the link's token, or by hand."""
    return page.path("token") if page.private else ByHand(int(page.path("year")), page.path("programme"))


def _open(page: Page) -> OpenForm | ClosedLink:
    return open_form(page.service, _door(page))


def _unit(form: OpenForm, wanted: str) -> str:
    """Return the unit that is asked for, else the reader's first."""
    return wanted if wanted in form.units else form.units[0]
