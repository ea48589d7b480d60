"""Correcting how an action is read: forms, a preview of what changes, then one button that stores.

Signed in only. GET changes nothing; a POST says its step: ``preview`` (nothing
is stored), ``edit`` (back to the form, input kept) or ``save``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from calendars.text import short_names
from email_templates import dates, words as shared
from reminders.errors import NotFoundError, UsageError
from reminders.planning.programme_diff import ProgrammeChange, programme_changes
from reminders.planning.state import ProgrammeRow
from reminders.use.feeds.calendar_preview import CalendarChange
from reminders.use.programme import correct as use
from reminders.web.catalogue import say
from reminders.web.collection.indicators import written_words
from reminders.web.mail.forecast import mails_changed
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.programme.findings import FindingRow, finding_list
from reminders.web.words import (
    ChangeRow,
    ChangeWords,
    RuleRow,
    calendar_change_rows,
    code_words,
    frequency_words,
    rule_rows,
    schedule_words,
)
from schedule_rules.derive import derive
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Action, CorrectedField, Correction, Lang, Programme
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Schedule

LONGEST: Final = 300
"""Characters of a wording or a note that a person writes."""
_WORDED: Final = ("schedule", "frequency")
_PARTIES: Final[tuple[CorrectedField, ...]] = ("leads", "partners")
_NAMES: Final[Mapping[Lang, CorrectedField]] = {"fi": "name-fi", "sv": "name-sv", "en": "name-en"}
_LIMITS: Final = FormLimits(size=100_000, fields=2000)


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
class FieldForm:
    """One form: the field, what holds now, what the input shows.

    ``parties`` are (key, name, whether ticked), ``findings`` (code, words, whether chosen).
    """

    field: CorrectedField
    now: str
    value: str = ""
    entered: CorrectionInput = CorrectionInput()
    parties: tuple[tuple[str, str, bool], ...] = ()
    findings: tuple[tuple[str, str, bool], ...] = ()


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


def correction_forms(
    row: ProgrammeRow, action: Action, lang: Lang, entered: CorrectionInput
) -> tuple[FieldForm, ...]:
    """Return the forms of an action; the one in ``entered`` is open and keeps its input."""
    made = [_worded(action, "schedule", lang, entered), _worded(action, "frequency", lang, entered)]
    made += [_parties(row.programme, action, one, lang, entered) for one in _PARTIES]
    made += [
        _named(action, one, lang, entered)
        for code, one in _NAMES.items()
        if code in row.programme.reader_languages
    ]
    if found := findings_of_action(row, action, lang):
        own = _own("accepted", entered)
        chosen = own.value if any(one.code == own.value for one in found) else found[0].code
        codes = tuple((one.code, one.what, one.code == chosen) for one in found)
        now = say(lang, "correct.open", n=len(found))
        made.append(FieldForm("accepted", now, entered=own, findings=codes))
    return tuple(made)


def findings_of_action(row: ProgrammeRow, action: Action, lang: Lang) -> tuple[FindingRow, ...]:
    """Return what needs a decision about one action, each code once."""
    own = (one for one in finding_list(row, lang) if one.action == action.id)
    return tuple({one.code: one for one in own}.values())


def _worded(action: Action, name: CorrectedField, lang: Lang, entered: CorrectionInput) -> FieldForm:
    words, own = _words_now(action, name, lang), _own(name, entered)
    return FieldForm(name, _quoted(words, lang), words if own.value is None else own.value, own)


def _named(action: Action, name: CorrectedField, lang: Lang, entered: CorrectionInput) -> FieldForm:
    own, now = _own(name, entered), _name_now(action, name)
    return FieldForm(name, _quoted(now, lang), now if own.value is None else own.value, own)


def _name_now(action: Action, name: CorrectedField) -> str:
    """Return the short name that calendars show in the field's language, proposed where nobody chose."""
    code = next(code for code, one in _NAMES.items() if one == name)
    return (short_names(action.title, action.short_name) or action.title).get(code)


def _own(name: CorrectedField, entered: CorrectionInput) -> CorrectionInput:
    """Return what was entered into this form, nothing when it was another."""
    return entered if entered.field == name else CorrectionInput()


def _words_now(action: Action, name: CorrectedField, lang: Lang) -> str:
    """Return the words that hold: corrected, else the printed schedule or the frequencies in the texts."""
    if made := action.correction(name):
        return made.value
    if name == "schedule":
        return action.schedule.get(lang)
    own = lang if lang in action.bullets else next(iter(action.bullets))
    texts = (*action.bullets[own], action.indicator.get(own), action.schedule.get(own))
    return ", ".join(dict.fromkeys(hit.words for text in texts for hit in find_frequencies(text, own)))


def _quoted(words: str, lang: Lang) -> str:
    return dates.quoted(words, lang) if words else say(lang, "correct.nothing")


def _parties(
    programme: Programme, action: Action, name: CorrectedField, lang: Lang, entered: CorrectionInput
) -> FieldForm:
    keys = action.leads if name == "leads" else action.partners
    own = _own(name, entered)
    ticked = keys if own.value is None else own.value.split()
    parties = [(one.key, one.name.get(lang), one.key in ticked) for one in programme.organisations]
    parties.sort(key=lambda one: (not one[2], one[1].casefold()))
    return FieldForm(name, _names(programme, keys, lang), entered=own, parties=tuple(parties))


def _names(programme: Programme, keys: Iterable[str], lang: Lang) -> str:
    known = programme.organisation_by_key
    names = ", ".join(known[key].name.get(lang) if key in known else key for key in keys)
    return names or say(lang, "correct.nobody")


def correction_history(
    programme: Programme, action: Action, lang: Lang
) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return the corrections of an action, newest first: day, field, value, note, by whom."""
    return tuple(
        (
            dates.in_table(one.on, lang),
            say(lang, f"correct.field.{one.field}"),
            _value(programme, one, lang),
            one.note,
            shared.doer(lang, one.by),
        )
        for one in reversed(action.corrections)
    )


def _value(programme: Programme, made: Correction, lang: Lang) -> str:
    if made.field == "accepted":
        return code_words(made.value, lang)
    if made.field in _WORDED:
        return _quoted(made.value, lang)
    if made.field == "measures":
        return written_words(made.value, lang)
    if made.field in _NAMES.values():
        return _quoted(made.value, lang) if made.value else say(lang, "correct.proposed")
    return _names(programme, made.value.split(), lang)


def correction_outcome(
    row: ProgrammeRow,
    decision: use.CorrectionDecision,
    day: date,
    lang: Lang,
    in_calendars: Iterable[CalendarChange],
) -> CorrectionOutcome:
    """Return what a decision would do to rules and dates; ``in_calendars`` is what it does to those there."""
    new = use.corrected(row, decision, day)
    changes = ChangeWords(row.programme, new, lang)
    action = new.action_by_id[decision.action]
    before, after = changes.events(decision.action)
    printed, old = "", row.programme.action_by_id[decision.action]
    if decision.field in _WORDED:
        printed = _quoted(_words_now(old, decision.field, lang), lang)
    elif decision.field in _NAMES.values():
        printed = _quoted(_name_now(old, decision.field), lang)
    elif decision.field in _PARTIES:
        printed = _names(row.programme, old.leads if decision.field == "leads" else old.partners, lang)
    return CorrectionOutcome(
        field=say(lang, f"correct.field.{decision.field}"),
        value=_value(new, action.corrections[-1], lang),
        printed=printed,
        reading=reading_of(decision.field, decision.value, lang),
        changes=(*changes.rows(_starts(row.programme, new)), *calendar_change_rows(in_calendars, lang)),
        events=(before, after) if before != after else None,
        rules=rule_rows(derive(new).of(decision.action), action, new, lang),
    )


def _starts(old: Programme, new: Programme) -> Iterable[ProgrammeChange]:
    """Yield what changes but stands in no calendar: who answers for an action, start notes."""
    for one in programme_changes(old, new):
        if one.field != "due" or OccurrenceID.parse(one.place).kind == "start":
            yield one


def reading_of(name: CorrectedField, value: str, lang: Lang) -> str:
    """Say how the words of a correction are read; nothing for what is no wording."""
    if name == "schedule":
        found = normalise(value)
        return schedule_words(found, lang) if isinstance(found, Schedule) else ""
    if name == "frequency":
        rates = (frequency_words(hit.frequency, lang) for hit in find_frequencies(value))
        return ", ".join(dict.fromkeys(rates))
    return ""


class CorrectPages(Pages):
    """The forms that correct how an action is read."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/actions/{action}/correct", self.show, self.correct, _LIMITS)

    def show(self, page: Page) -> Response:
        """Show the forms; ``field`` opens one, ``code`` is the finding."""
        field = _field(page.query.get("field", ""))
        if field == "measures":  # it has a form of its own
            return page.redirect(page.home(f"/actions/{page.action.id}/indicator"))
        return self._forms(page, CorrectionInput(field, page.query.get("code") or None))

    def correct(self, page: Page) -> Response:
        """Do the form's step: *preview*, *edit* or *save*."""
        entered, step = _entered(page), page.text("step")
        if entered.field is None:
            raise NotFoundError("no such field")
        decision = use.CorrectionDecision(
            page.action.id, entered.field, entered.value or "", page.by, entered.note, page.key
        )
        entered = _checked(page, entered, decision)
        if entered.errors or step == "edit":
            return self._forms(page, entered)
        if step == "save":
            key = use.correct_action(page.service, decision)
            return page.redirect(f"/actions/{page.action.id}?{urlencode({'programme': key})}#corrections")
        return page.render(
            "correct_preview.html",
            outcome=correction_outcome(
                page.snapshot.row,
                decision,
                page.today,
                page.lang,
                use.preview_correction(page.service, decision),
            ),
            decision=decision,
            by=shared.doer(page.lang, decision.by),
            title=page.action.title.get(page.lang),
            mails=mails_changed(
                page, lambda connection: use.enter_correction(connection, page.service, decision)
            ),
        )

    def _forms(self, page: Page, entered: CorrectionInput) -> Response:
        return page.render(
            "correct.html",
            422 if entered.errors else 200,
            forms=correction_forms(page.snapshot.row, page.action, page.lang, entered),
            errors=entered.errors,
            action=page.action.id,
            title=page.action.title.get(page.lang),
            key=page.key,
            longest=LONGEST,
        )


def _field(text: str) -> CorrectedField | None:
    return next((one for one in use.FIELDS if one == text), None)


def _entered(page: Page) -> CorrectionInput:
    """Return what a form holds; ticked organisations keep the order that they have."""
    field, value = _field(page.text("field")), page.text("value")
    if field in _PARTIES and "value" not in page.form:
        ticked = page.ticked("org")
        before = [
            key for key in (page.action.leads if field == "leads" else page.action.partners) if key in ticked
        ]
        value = " ".join(dict.fromkeys((*before, *ticked)))
    return CorrectionInput(field, value, page.text("note"))


def _checked(page: Page, entered: CorrectionInput, decision: use.CorrectionDecision) -> CorrectionInput:
    wrong, too_long = "", page.say("correct.too-long", most=LONGEST)
    try:
        use.check_correction(page.snapshot.row, decision)
    except UsageError:
        wrong = page.say(f"correct.wrong.{decision.field}")
    if decision.field in _WORDED and len(decision.value) > LONGEST:
        wrong = too_long
    return replace(entered, wrong=wrong, wrong_note=too_long if len(entered.note) > LONGEST else "")
