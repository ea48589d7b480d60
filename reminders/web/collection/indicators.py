"""What forms of the data collection ask of each indicator: proposed from its wording, set by the secretary.

Signed in only. GET changes nothing. What is set is a correction of the action, which an import keeps; one
button lets the proposal hold again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from reminders.collection.indicator import (
    KINDS,
    LONGEST_LABEL,
    LONGEST_UNIT,
    PLACES,
    Measure,
    MeasuresError,
    is_set,
    measures_of,
    parsed_measures,
    written_measures,
)
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.web.catalogue import say
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.site import OWN_NAMES
from schedule_rules.programme import LANGUAGES, Action, Lang, Text

_LIMITS: Final = FormLimits(size=50_000)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An action in the list: its indicator, what its form asks, who set that and when (nothing: proposed)."""

    id: str
    title: str
    indicator: str
    asked: tuple[str, ...]
    made: str


@dataclass(frozen=True)
class MeasureFields:
    """The fields of one value as they stand in the form, and what is wrong with them."""

    place: int
    kind: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    unit: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def measure_words(measures: Iterable[Measure], lang: Lang) -> tuple[str, ...]:
    """Return what a form asks, a text a value: *Osallistujien määrä: luku, osallistujaa*."""
    found = []
    for one in measures:
        kind = say(lang, f"collection.kind.{one.kind}")
        words = f"{kind}, {one.unit.get(lang)}" if one.unit else kind
        found.append(f"{one.label.get(lang).rstrip('. ')}: {words}" if one.label else words)
    return tuple(found)


def written_words(value: str, lang: Lang) -> str:
    """Return what a correction of the field *measures* says; that the proposal holds for none."""
    try:
        return "; ".join(measure_words(parsed_measures(value), lang))
    except MeasuresError:
        return say(lang, "indicator.proposed")


def indicator_row(action: Action, lang: Lang) -> IndicatorRow:
    """Return an action as the list shows it."""
    made = action.correction("measures")
    return IndicatorRow(
        action.id,
        action.title.get(lang),
        action.indicator.get(lang),
        measure_words(measures_of(action), lang),
        say(lang, "indicator.set", by=made.by, on=dates.short(made.on, lang))
        if made and is_set(action)
        else "",
    )


def texts_of(text: Text) -> dict[str, str]:
    """Return a text by language, for fields."""
    return {lang: getattr(text, lang) for lang in LANGUAGES}


def fields_now(action: Action) -> tuple[MeasureFields, ...]:
    """Return the form's fields as they begin: what holds, and empty ones for further values."""
    asked = measures_of(action)
    known = (
        MeasureFields(place, one.kind, texts_of(one.label), texts_of(one.unit))
        for place, one in enumerate(asked, start=1)
    )
    return (*known, *(MeasureFields(place) for place in range(len(asked) + 1, PLACES + 1)))


def read_fields(form: Mapping[str, str], asked: int, lang: Lang) -> tuple[MeasureFields, ...]:
    """Return what a posted form holds, with what is wrong with it; ``asked``: so many values were asked for.

    Of these one without a kind is asked no more; in any other it was forgotten.
    """
    made = []
    for place in range(1, PLACES + 1):
        kind = next((one for one in KINDS if one == form.get(f"kind-{place}")), "")
        label: dict[str, str] = {one: form.get(f"label-{place}-{one}", "").strip() for one in LANGUAGES}
        unit: dict[str, str] = {one: form.get(f"unit-{place}-{one}", "").strip() for one in LANGUAGES}
        wrong = {}
        for name, texts, most in (("label", label, LONGEST_LABEL), ("unit", unit, LONGEST_UNIT)):
            for one, text in texts.items():
                if len(text) > most:
                    too_long = say(lang, "answer.too-long", most=dates.number(most, lang))
                    wrong[f"{name}-{place}-{one}"] = too_long
        if not kind and place > asked and any((*label.values(), *unit.values())):
            wrong[f"kind-{place}"] = say(lang, "indicator.no-kind")
        made.append(MeasureFields(place, kind, label, unit, wrong))
    if not any(one.kind or one.wrong for one in made):
        made[0] = MeasureFields(1, wrong={"kind-1": say(lang, "indicator.no-kind")})
    return tuple(made)


def chosen_measures(fields: Iterable[MeasureFields]) -> tuple[Measure, ...]:
    """Return the values that checked fields make."""
    return tuple(
        Measure(kind, Text(**one.label), Text(**one.unit) if kind == "number" else Text())
        for one in fields
        for kind in KINDS
        if kind == one.kind
    )


class IndicatorPages(Pages):
    """The list of indicators, and the form of one."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/collection/indicators", self.show_all),
            *self.secretary("/actions/{action}/indicator", self.show, self.write, _LIMITS),
        ]

    def show_all(self, page: Page) -> Response:
        """Show what is asked of each action."""
        actions = page.snapshot.programme.actions
        rows = [indicator_row(one, page.lang) for one in actions if one.indicator]
        return page.render(
            "indicators.html",
            rows=rows,
            count=sum(bool(one.made) for one in rows),
            saved=next((one.title for one in rows if one.id == page.query.get("saved")), ""),
        )

    def show(self, page: Page) -> Response:
        """Show the form of one indicator."""
        return self._form(page, fields_now(page.action))

    def write(self, page: Page) -> Response:
        """Store what is asked from now on, or let the proposal hold."""
        value = ""
        if page.text("step") != "propose":
            fields = read_fields(page.fields, len(measures_of(page.action)), page.lang)
            if any(one.wrong for one in fields):
                return self._form(page, fields)
            value = written_measures(chosen_measures(fields))
        decision = CorrectionDecision(page.action.id, "measures", value, page.by, "", page.key)
        key = correct_action(page.service, decision)
        return page.redirect(f"/collection/indicators?programme={key}&saved={page.action.id}")

    def _form(self, page: Page, fields: tuple[MeasureFields, ...]) -> Response:
        action = page.action
        errors = [(name, words) for one in fields for name, words in one.wrong.items()]
        return page.render(
            "indicator.html",
            422 if errors else 200,
            action=action.id,
            title=action.title.get(page.lang),
            indicator=action.indicator.get(page.lang),
            fields=fields,
            row=indicator_row(action, page.lang),
            kinds=[(kind, page.say(f"collection.kind.{kind}")) for kind in KINDS],
            names=OWN_NAMES,
            tongues=[code for code in LANGUAGES if action.indicator.own(code)] or list(LANGUAGES),
            errors=errors,
            key=page.key,
        )
