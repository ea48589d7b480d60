"""A unit's form of the annual data collection: behind a mail's link, or filled in by the secretary.

GET changes nothing. What is posted is stored first and checked then, so that a wrong value costs nobody what
was written beside it. A page says what it showed (``seen``), so that what colleagues wrote meanwhile is kept
beside it (``collection.merge``). What can be stored nowhere, because the round has closed or another unit is
responsible by now, is shown to be copied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import DOT, years_together
from reminders.collection import measures
from reminders.collection.draft import field_names, read_value, value_json
from reminders.collection.indicator import Kind, Measure, measures_of
from reminders.collection.measures import ValueRow
from reminders.collection.merge import Writing
from reminders.collection.round import (
    STATUSES,
    FieldName,
    FieldValue,
    TypedForm,
    TypedValue,
)
from reminders.planning.state import is_answered
from reminders.use.answers.links import ByHand, ClosedLink, Door, OpenForm, open_form
from reminders.use.collection import forms
from reminders.use.collection.rounds import Round
from reminders.web.bounds import whole_number
from reminders.web.catalogue import as_language, say
from reminders.web.page import PRIVATE, FormLimits, LostText, Page, Pages, behind_link
from schedule_rules.programme import Action, Lang

_SLASH: Final = re.compile(r"(?<=\w)/ (?=\w)")
"""A slash with a space after it alone, as programmes print it: *krt/ vuodessa*."""
_LIMITS: Final = FormLimits(size=1_000_000, fields=2000)
_MISSING: Final = frozenset({"status", "whose", "clash"})
"""What a form that is not sent may lack yet."""
Seen = Mapping[FieldName, tuple[FieldValue, ...]]
"""What a page showed in its fields."""


@dataclass(frozen=True, slots=True)
class ClashChoice:
    """One of the things that stand in a field at once: its number, its words, whose, by whom."""

    number: int
    words: str
    whose: str
    by: str


@dataclass(frozen=True, slots=True)
class ValueField:
    """The field of one value: what is asked, its kind and unit, what stands there, values of earlier years.

    ``said`` is the whole value in words, for an action that is folded.
    """

    place: int
    kind: Kind
    label: str
    unit: str
    text: str
    not_measured: bool
    said: str
    earlier: str
    prefilled: str
    wrong: str
    clash: tuple[ClashChoice, ...]


@dataclass(frozen=True, slots=True)
class ActionPart:
    """One action's part of the form; ``is_complete``: nothing is missing."""

    id: str
    number: int
    title: str
    indicator: str
    statuses: tuple[tuple[str, str, bool], ...]
    prefilled: str
    status_clash: tuple[ClashChoice, ...]
    values: tuple[ValueField, ...]
    note: str
    note_clash: tuple[ClashChoice, ...]
    wrong_status: str
    wrong_note: str
    is_complete: bool

    @property
    def status(self) -> str:
        """The status in words, nothing when none is chosen."""
        return next((words for _, words, chosen in self.statuses if chosen), "")

    @property
    def said(self) -> str:
        """What is said of the action, in a line."""
        return DOT.join(filter(None, (self.status, *(one.said for one in self.values))))

    @property
    def clash(self) -> str:
        """Why something is to be chosen: colleagues, or one address, wrote different things; else nothing."""
        fields = (self.status_clash, self.note_clash, *(one.clash for one in self.values))
        writers = {one.by for choices in fields for one in choices}
        return "clash" if len(writers) > 1 else "clash-same-address" if writers else ""

    def errors(self) -> Iterator[tuple[str, str]]:
        """Return the id of each field with what is wrong with it, in the form's order; mostly nothing."""
        yield f"status-{self.id}", self.wrong_status
        for value in self.values:
            yield f"value-{self.id}-{value.place}", value.wrong
        yield f"note-{self.id}", self.wrong_note


def form_parts(
    form: OpenForm, unit: str, filled: forms.FormContents, lang: Lang, zone: tzinfo, outcome: str = ""
) -> tuple[ActionPart, ...]:
    """Return the parts of a unit's form; what is wrong is said after an ``outcome`` that asks for it.

    What was only saved may lack something yet; a value that can't be sent is said at once.
    """
    wrong = {
        (fault.action, fault.field): say(lang, f"collection.wrong-{fault.code}")
        for fault in filled.faults
        if outcome == "faulty"
        or (outcome == "clash" and fault.code == "clash")
        or (outcome in {"saved", "clash"} and fault.code not in _MISSING)
    }
    just_saved = filled.row.saved_at if filled.row and outcome == "clash" else None
    reader = _Reader(form.reader, lang, zone, just_saved)
    return tuple(
        _part(reader, number, action, form.found.year, filled, wrong)
        for number, action in enumerate(form.actions(unit), start=1)
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads the form, in which language and zone; when what was typed right now was saved."""

    address: str
    lang: Lang
    zone: tzinfo
    just_saved: datetime | None = None

    def clash(self, written: tuple[Writing, ...], action: Action, name: str) -> tuple[ClashChoice, ...]:
        """Return what is to be chosen from in a field; nothing where all agree."""
        if len(written) < 2:
            return ()
        own = [one for one in written if one.by == self.address]
        return tuple(
            ClashChoice(number, field_words(one.value, action, name, self.lang), self.whose(one, own), one.by)
            for number, one in enumerate(written)
        )

    def whose(self, one: Writing, own: list[Writing]) -> str:
        """Say who wrote something, and when; of several ``own`` things (a shared mailbox) which came last."""
        at = dates.moment(one.at.astimezone(self.zone), self.lang)
        if one.by != self.address:
            return say(self.lang, "collection.clash-theirs", by=one.by, at=at)
        if len(own) == 1:
            return say(self.lang, "collection.clash-mine", at=at)
        if one is not own[-1]:
            return say(self.lang, "collection.clash-earlier", at=at)
        return say(
            self.lang, "collection.clash-now" if one.at == self.just_saved else "collection.clash-last", at=at
        )


def field_words(value: FieldValue, action: Action, name: str, lang: Lang) -> str:
    """Return what stands in a field in words; that nothing does, too."""
    empty = say(lang, "collection.clash-empty")
    if isinstance(value, TypedValue):
        place = int(name.rpartition("-")[2])
        return value_words(value, measures_of(action)[place - 1], lang) or empty
    status = next((one for one in STATUSES if name == "status" and one == value), None)
    return (shared.answer(lang, status) if status else value) or empty


def _part(
    reader: _Reader,
    number: int,
    action: Action,
    year: int,
    filled: forms.FormContents,
    wrong: Mapping[FieldName, str],
) -> ActionPart:
    lang, typed, written = reader.lang, filled.typed.get(action.id, TypedForm()), filled.draft.fields
    asked = measures_of(action)

    def clash(name: str) -> tuple[ClashChoice, ...]:
        return reader.clash(written.get((action.id, name), ()), action, name)

    return ActionPart(
        id=action.id,
        number=number,
        title=action.title.get(lang),
        indicator=action.indicator.get(lang),
        statuses=tuple((one, shared.answer(lang, one), typed.status == one) for one in STATUSES),
        prefilled=prefilled_words(filled, action.id, lang, reader.zone),
        status_clash=clash("status"),
        values=tuple(
            ValueField(
                place=place,
                kind=measure.kind,
                label=value_label(measure, year, lang),
                unit=measure.unit.get(lang),
                text=typed.value(place).text,
                not_measured=typed.value(place).not_measured,
                said=_said(typed.value(place), measure, lang),
                earlier=earlier_value_words(filled.earlier, action.id, place, asked, lang),
                prefilled=_given_words(filled, (action.id, f"value-{place}"), lang, reader.zone),
                wrong=wrong.get((action.id, f"value-{place}"), ""),
                clash=clash(f"value-{place}"),
            )
            for place, measure in enumerate(asked, start=1)
        ),
        note=typed.note,
        note_clash=clash("note"),
        wrong_status=wrong.get((action.id, "status"), ""),
        wrong_note=wrong.get((action.id, "note"), ""),
        is_complete=action.id in filled.complete,
    )


def value_label(measure: Measure, year: int, lang: Lang) -> str:
    """Return what is asked: the value's own words, else what its kind is called; with the year."""
    if measure.label:
        what = _SLASH.sub("/", measure.label.get(lang)).rstrip(". ")
        return say(lang, "collection.value-of", what=years_together(what), year=year)
    return say(lang, f"collection.value-{measure.kind}", year=year)


def value_words(value: TypedValue, measure: Measure, lang: Lang) -> str:
    """Return a typed value in words, with its unit; nothing for nothing."""
    if value.not_measured:
        return say(lang, "collection.not-measured-short")
    if not value.text:
        return ""
    if measure.kind == "yes-no":
        known = value.text if value.text in {"yes", "no"} else ""
        return measures.shown_value(known, "yes-no", lang) or value.text
    return f"{value.text} {measure.unit.get(lang)}".strip() if measure.kind == "number" else value.text


def _said(value: TypedValue, measure: Measure, lang: Lang) -> str:
    words = value_words(value, measure, lang)
    if words and measure.label and (value.not_measured or measure.kind != "number"):
        return f"{measure.label.get(lang).rstrip('. ')}: {words}"
    return words


def prefilled_words(filled: forms.FormContents, action: str, lang: Lang, zone: tzinfo) -> str:
    """Say what a status was filled in from; nothing once somebody has chosen one."""
    found = filled.prefilled.get(action)
    if found is None or (action, "status") in filled.draft.fields:
        return ""
    on = dates.short(found.at.astimezone(zone).date(), lang)
    source = say(lang, f"collection.from-{found.kind}", on=on)
    if found.new_date:
        new_date = dates.short(found.new_date, lang)
        code = f"from-{'approved' if found.is_approved else 'proposed'}"
        code += "-review" if found.kind == "review" else ""
        source = say(lang, f"collection.{code}", source=source, on=new_date)
    return say(lang, "collection.prefilled", source=source)


def _given_words(filled: forms.FormContents, name: FieldName, lang: Lang, zone: tzinfo) -> str:
    """Say since when a value of this year is known; nothing once somebody has written it here."""
    at = filled.answered.get(name)
    if at is None or name in filled.draft.fields:
        return ""
    on = dates.short(at.astimezone(zone).date(), lang)
    return say(lang, "collection.prefilled", source=say(lang, "collection.from-milestone", on=on))


def earlier_value_words(
    earlier: tuple[ValueRow, ...], action: str, place: int, asked: tuple[Measure, ...], lang: Lang
) -> str:
    """Return the last values of one field, the newest first: *2024: 7, 2023: 4*."""
    own = sorted((one for one in earlier if one.action == action), key=lambda one: -one.year)
    return ", ".join(
        f"{one.year}: {measures.shown_value(one.text, one.kind, lang)}"
        for one in own
        if place_of(one, asked) == place
    )


def place_of(value: ValueRow, asked: tuple[Measure, ...]) -> int:
    """Return the field that an earlier value belongs to: its own, else the first of its kind."""
    kinds = [measure.kind for measure in asked]
    fits = value.place <= len(kinds) and value.kind in {kinds[value.place - 1], measures.NOT_MEASURED}
    if fits or value.kind not in kinds:
        return min(value.place, len(kinds))
    return kinds.index(value.kind) + 1


# -- what a page sends ---------------------------------------------------------------------------


def seen_json(seen: Seen) -> str:
    """Return what a page shows in its fields, for the page to send back."""
    rows = [[*name, [value_json(one) for one in values]] for name, values in seen.items()]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_seen(text: str) -> Seen | None:
    """Return what a page showed; None where it does not say so, or nothing that makes sense."""
    try:
        return {
            (str(action), str(name)): tuple(read_value(str(name), one) for one in values)
            for action, name, values in json.loads(text)
        }
    except (ValueError, TypeError, RecursionError):
        return None


def typed_fields(fields: Mapping[str, str], action: Action, seen: Seen | None) -> dict[FieldName, FieldValue]:
    """Return what a posted form holds about an action; of a clash that was not settled nothing."""
    found: dict[FieldName, FieldValue] = {}
    for name in field_names(action):
        shown = seen.get(name, ()) if seen is not None else ("",)
        if len(shown) > 1:
            chosen = fields.get(f"pick-{name[1]}-{action.id}", "")
            if (place := whole_number(chosen, len(shown) - 1)) is not None:
                found[name] = shown[place]
        elif shown:
            found[name] = _typed(fields, action, name[1])
    return found


def _typed(fields: Mapping[str, str], action: Action, name: str) -> FieldValue:
    if name == "status":
        return next((one for one in STATUSES if one == fields.get(f"status-{action.id}")), None)
    if name == "note":
        return "\n".join(fields.get(f"note-{action.id}", "").splitlines()).strip()
    place = int(name.rpartition("-")[2])
    text = fields.get(f"value-{action.id}-{place}", "")
    return TypedValue(
        bare_number(text, measures_of(action)[place - 1]),
        fields.get(f"none-{action.id}-{place}") == "yes",
    )


def bare_number(text: str, measure: Measure) -> str:
    """Return a number without the unit that stands beside its field anyway: *12 %*, *12 osallistujaa*."""
    plain = " ".join(text.split())
    if measure.kind != "number":
        return plain
    for unit in sorted({"%", *measure.unit.as_dict().values()}, key=len, reverse=True):
        if plain.casefold().endswith(unit.casefold()):
            return plain[: -len(unit)].rstrip()
    return plain


class CollectionFormPages(Pages):
    """A unit's form: behind a mail's link, or opened by the secretary for the ``unit`` of the query."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        show, write = behind_link(_open, self.show), behind_link(_open, self.write)
        return [
            *self.linked("/collection/form/{token}", _open, self.show, self.write, _LIMITS),
            *self.secretary("/collection/{year:year}/form/{programme}", show, write, _LIMITS),
        ]

    def show(self, page: Page, form: OpenForm) -> Response:
        """Show the form, what was sent, or why there is nothing to fill in."""
        return self._form(page, form, _unit(form, page.query.get("unit", "")))

    def write(self, page: Page, form: OpenForm) -> Response:
        """Save, send, or open what was sent."""
        unit = _unit(form, page.text("unit"))
        if page.text("step") == "reopen":
            reopened = forms.reopen_form(page.service, _door(page), unit)
            if isinstance(reopened, ClosedLink):
                return _private(page.closed(reopened))
            return page.back(unit=unit, done=reopened)
        fields = {name: value.strip() for name, value in page.fields.items()}
        seen = read_seen(fields.get("seen", ""))
        typed: dict[FieldName, FieldValue] = {}
        for action in form.actions(unit):
            typed |= typed_fields(fields, action, seen)
        version = whole_number(fields.get("version", ""))
        typing = forms.FormInput(
            unit=unit,
            lang=as_language(fields.get("lang")) or page.lang,
            typed=typed,
            seen=seen,
            send=fields.get("step") == "send",
            version=-1 if version is None else version,
        )
        done = forms.write_form(page.service, _door(page), typing)
        if isinstance(done, ClosedLink):
            return _private(page.closed(done))
        if done.outcome == "closed":
            return self._form(page, form, unit, lost=lost_texts(form, fields, seen, set(), page.lang))
        lost = lost_texts(form, fields, seen, {action.id for action in form.actions(unit)}, page.lang)
        if lost:  # another unit is responsible for what they are about
            return self._form(page, form, unit, done=done, lost=lost)
        return page.back(unit=unit, done=done.outcome, **({"others": "1"} if done.others else {}))

    def _form(
        self,
        page: Page,
        form: OpenForm,
        unit: str,
        *,
        done: forms.FormWritten | None = None,
        lost: tuple[LostText, ...] = (),
    ) -> Response:
        lang, row, programme = page.lang, form.found.row, form.found.stored.programme
        filled = forms.read_form_contents(page.service, form, unit, lang)
        outcome = done.outcome if done else page.query.get("done", "")
        parts = form_parts(form, unit, filled, lang, page.zone, outcome)
        names = programme.organisation_by_key
        saved_at = dates.moment(filled.row.saved_at.astimezone(page.zone), lang) if filled.row else ""
        complete = sum(part.is_complete for part in parts)
        # The secretary has the menu, and chooses units on the round's page.
        round_page = "" if page.private else f"/collection/{form.found.year}?programme={programme.key}"
        shown = page.render(
            "collection_form.html",
            409 if lost else 200,
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
            seen=seen_json(filled.draft.shown(filled.begun, form.actions(unit))),
            waiting=[part for part in parts if not part.is_complete],
            complete=[part for part in parts if part.is_complete],
            parts=parts,
            ready=say(
                lang,
                "collection.ready",
                ready=dates.number(complete, lang),
                all=dates.number(len(parts), lang),
            ),
            percent=round(100 * complete / len(parts)) if parts else 100,
            errors=[
                (field, f"{part.title}: {words}") for part in parts for field, words in part.errors() if words
            ],
            reopened=reopened_words(form.found, lang),
            is_open=form.found.phase == "open",
            is_editing=filled.row is None or filled.row.editing,
            saved_at=saved_at,
            sent_at=_sent_at(form, unit, filled, lang, page.zone),
            done=outcome,
            others=done.others if done else "others" in page.query,
            lost=lost,
            path=page.request.url.path,
            own_name=programme.name.get(lang),
        )
        return _private(shown)


def lost_texts(
    form: OpenForm, fields: Mapping[str, str], seen: Seen | None, stored: set[str], lang: Lang
) -> tuple[LostText, ...]:
    """Return what was typed about other actions than those that were ``stored``, as it was typed."""
    found = []
    for action in form.found.state.programme.actions:
        if action.id in stored:
            continue
        for name, value in typed_fields(fields, action, seen).items():
            shown = seen.get(name, ()) if seen else ()
            if value in shown or value in {None, "", TypedValue()}:
                continue
            where = f"{action.title.get(lang)}, {_field_title(action, name[1], form.found.year, lang)}"
            found.append(LostText(where, field_words(value, action, name[1], lang)))
    return tuple(found)


def _field_title(action: Action, name: str, year: int, lang: Lang) -> str:
    if name.startswith("value-"):
        return value_label(measures_of(action)[int(name.rpartition("-")[2]) - 1], year, lang)
    return say(lang, "collection.status-short" if name == "status" else "collection.note-short")


def _sent_at(form: OpenForm, unit: str, filled: forms.FormContents, lang: Lang, zone: tzinfo) -> str:
    """Say when what holds was sent; nothing where nothing was, or it was taken back."""
    found = form.found
    at = filled.row.submitted_at if filled.row and is_answered(found.state, found.row, unit) else None
    return dates.moment(at.astimezone(zone), lang) if at else ""


def reopened_words(found: Round, lang: Lang) -> str:
    """Say since when a round that had closed takes answers again; nothing of any other."""
    on = found.state.reopened.get(str(found.row.id)) if found.phase == "open" else None
    return say(lang, "collection.reopened", on=dates.in_sentence(on, lang)) if on else ""


def _private(response: Response) -> Response:
    """Keep a form out of caches and searches, the secretary's too."""
    response.headers.update(PRIVATE)
    return response


def _door(page: Page) -> Door:
    if page.private:
        return page.path("token")
    return ByHand(int(page.path("year")), page.path("programme"), page.by)


def _open(page: Page) -> OpenForm | ClosedLink:
    return open_form(page.service, _door(page))


def _unit(form: OpenForm, wanted: str) -> str:
    return wanted if wanted in form.units else form.units[0]
