"""Correcting how an action is read: forms, a preview of what changes, then one button that stores.

Signed in only. GET changes nothing; a POST says its step: ``preview`` (nothing
is stored), ``edit`` (back to the form, input kept) or ``save``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field as default_of, replace
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
from schedule_rules.corrections import keyed_names, names_in, replaced_party, written_names
from schedule_rules.derive import derive
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import (
    INDICATOR_FIELDS,
    LANGUAGES,
    TITLE_FIELDS,
    Action,
    CorrectedField,
    Correction,
    Lang,
    Programme,
    Text,
)
from schedule_rules.reading import find_frequencies, normalise
from schedule_rules.schedule import Schedule

LONGEST: Final = 300
"""Characters of a wording or a note that a person writes."""
_WORDED: Final = ("schedule", "frequency")
_PARTIES: Final[tuple[CorrectedField, ...]] = ("leads", "partners")
_NAMES: Final[Mapping[Lang, CorrectedField]] = {"fi": "name-fi", "sv": "name-sv", "en": "name-en"}
_NEW_ACTIONS: Final[tuple[CorrectedField, ...]] = ("new-action", "second-action")
_PLACES: Final = frozenset(("goal", "theme", *_NEW_ACTIONS, "no-action", "part-of", "organisation", "party"))
_LIMITS: Final = FormLimits(size=100_000, fields=2000)


@dataclass(frozen=True, slots=True)
class CorrectionInput:
    """What somebody has written into one of the forms, and what is wrong with it."""

    field: CorrectedField | None = None
    value: str | None = None
    note: str = ""
    wrong: str = ""
    wrong_note: str = ""
    new: Text = default_of(default_factory=Text)

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, each with the id of its input."""
        pairs = (("value", self.wrong), ("note", self.wrong_note))
        return tuple((f"{self.field}-{part}", words) for part, words in pairs if words)


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One form: the field, what holds now, what the input shows.

    ``parties`` are (key, name, whether ticked), ``findings`` (code, words, whether chosen), ``choices`` (key,
    name, whether chosen), ``names`` (language, text) of something new; ``lines``: the value has several;
    ``confirms``: there is nothing to choose.
    """

    field: CorrectedField
    now: str
    value: str = ""
    entered: CorrectionInput = CorrectionInput()
    parties: tuple[tuple[str, str, bool], ...] = ()
    findings: tuple[tuple[str, str, bool], ...] = ()
    choices: tuple[tuple[str, str, bool], ...] = ()
    names: tuple[tuple[Lang, str], ...] = ()
    lines: bool = False
    confirms: bool = False

    @property
    def lang(self) -> str:
        """The language that the form's text is written in, where the field says it."""
        return next((lang for lang in LANGUAGES if self.field.endswith(f"-{lang}")), "")


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


def all_correction_forms(
    row: ProgrammeRow, action: Action, lang: Lang, entered: CorrectionInput
) -> tuple[FieldForm, ...]:
    """Return the forms of all that can be corrected of an action, as ``correction_forms`` and more."""
    programme = row.programme
    own = [code for code in LANGUAGES if code in programme.languages]
    texts = [(TITLE_FIELDS[code], "\n".join(action.bullets.get(code, ()))) for code in own]
    texts += [(INDICATOR_FIELDS[code], action.indicator.own(code)) for code in own]
    goal, theme = programme.goal_by_key[action.goal], programme.domain_of(action)
    others = [(one.id, one.title.get(lang)) for one in programme.actions if one.id != action.id]
    goals = [(one.key, one.name.get(lang)) for one in programme.goals]
    themes = [(one.key, one.name.get(lang)) for one in programme.domains]
    return (
        *(_text(name, words, lang, entered) for name, words in texts),
        *correction_forms(row, action, lang, entered),
        _chosen("goal", goals, goal.key, programme, lang, entered),
        _chosen("theme", themes, theme.key, programme, lang, entered),
        _titled("second-action", programme, lang, entered),
        replace(_chosen("part-of", others, "", programme, lang, entered), names=()),
        FieldForm("no-action", say(lang, "correct.no"), "yes", _own("no-action", entered), confirms=True),
        _titled("new-action", programme, lang, entered),
    )


def party_forms(row: ProgrammeRow, lang: Lang, entered: CorrectionInput) -> tuple[FieldForm, ...]:
    """Return the forms of a programme's organisations: their names, and which stands for which."""
    programme = row.programme
    known = sorted(((one.key, one.name.get(lang)) for one in programme.organisations), key=lambda one: one[1])
    own = _own("party", entered)
    ticked = replaced_party(own.value or "")[1]
    renamed = _chosen("organisation", known, "", programme, lang, entered)
    stands = _chosen("party", known, replaced_party(own.value or "")[0], programme, lang, entered)
    parties = tuple((key, name, key in ticked) for key, name in known)
    return (renamed, replace(stands, names=(), parties=parties))


def _text(name: CorrectedField, words: str, lang: Lang, entered: CorrectionInput) -> FieldForm:
    own = _own(name, entered)
    value = words if own.value is None else own.value
    return FieldForm(name, _quoted(words.replace("\n", " / "), lang), value, own, lines=True)


def _chosen(
    name: CorrectedField,
    known: Iterable[tuple[str, str]],
    now: str,
    programme: Programme,
    lang: Lang,
    entered: CorrectionInput,
) -> FieldForm:
    own = _own(name, entered)
    new = own.new or keyed_names(own.value or "")[1] or names_in(own.value or "")
    value = now if own.value is None else keyed_names(own.value)[0]
    choices = tuple((key, words, key == value) for key, words in known)
    words = next((words for key, words, _ in choices if key == now), "")
    return FieldForm(
        name,
        _quoted(words, lang) if now else "",
        entered=own,
        choices=choices,
        names=_names_of(new, programme),
    )


def _titled(name: CorrectedField, programme: Programme, lang: Lang, entered: CorrectionInput) -> FieldForm:
    own = _own(name, entered)
    return FieldForm(
        name, say(lang, "correct.no"), entered=own, names=_names_of(names_in(own.value or ""), programme)
    )


def _names_of(names: Text, programme: Programme) -> tuple[tuple[Lang, str], ...]:
    return tuple((lang, getattr(names, lang)) for lang in LANGUAGES if lang in programme.languages)


def correction_forms(
    row: ProgrammeRow, action: Action, lang: Lang, entered: CorrectionInput
) -> tuple[FieldForm, ...]:
    """Return the forms of an action's dates, parties and short names; that in ``entered`` is open."""
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
    names = _names_of(own.new, programme)
    return FieldForm(name, _names(programme, keys, lang), entered=own, parties=tuple(parties), names=names)


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
    if made.field in {*TITLE_FIELDS.values(), *INDICATOR_FIELDS.values()}:
        words = " / ".join(made.value.splitlines())
        return _quoted(words, lang) if words else say(lang, "correct.printed")
    if made.field in _PLACES:
        return _place_value(programme, made, lang)
    return _names(programme, made.value.split(), lang)


def _place_value(programme: Programme, made: Correction, lang: Lang) -> str:
    """Say where somebody put an action, or how they named and joined organisations."""
    key, names = keyed_names(made.value)
    match made.field:
        case "goal":
            goal = programme.goal_by_key.get(key)
            return _quoted(goal.name.get(lang) if goal else key, lang)
        case "theme":
            theme = programme.domain_by_key.get(key)
            return _quoted(theme.name.get(lang) if theme else key, lang)
        case "party":
            old, new = replaced_party(made.value)
            return f"{programme.organisation_by_key[old].name.get(lang)} → {_names(programme, new, lang)}"
        case "organisation":
            return _quoted(names.get(lang), lang)
        case "no-action":
            return say(lang, "correct.yes") if made.value else say(lang, "correct.no")
        case _:
            other = programme.action_by_id.get(made.value)
            return _quoted(other.title.get(lang), lang) if other else made.value or say(lang, "correct.no")


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
    recorded = use.made_corrections(row, decision, day)
    about = next((key for key, one in recorded if key and one.field == decision.field), decision.action)
    action = new.action_by_id.get(about)
    before, after = changes.events(about)
    printed, old = "", row.programme.action_by_id.get(decision.action)
    if old is None:
        pass
    elif decision.field in _WORDED:
        printed = _quoted(_words_now(old, decision.field, lang), lang)
    elif decision.field in _NAMES.values():
        printed = _quoted(_name_now(old, decision.field), lang)
    elif decision.field in _PARTIES:
        printed = _names(row.programme, old.leads if decision.field == "leads" else old.partners, lang)
    return CorrectionOutcome(
        field=say(lang, f"correct.field.{decision.field}"),
        value=_said(new, recorded, decision, lang),
        printed=printed,
        reading=reading_of(decision.field, decision.value, lang),
        changes=(*changes.rows(_starts(row.programme, new)), *calendar_change_rows(in_calendars, lang)),
        events=(before, after) if before != after else None,
        rules=rule_rows(derive(new).of(about), action, new, lang) if action else (),
    )


def _said(
    new: Programme,
    recorded: Sequence[tuple[str, Correction]],
    decision: use.CorrectionDecision,
    lang: Lang,
) -> str:
    """Return what a decision says, in words: the titles of a new action, else its value."""
    if decision.field in {"new-action", "second-action"}:
        return _quoted(names_in(decision.value).get(lang), lang)
    return _value(new, next(one for _, one in recorded if one.field == decision.field), lang)


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
        of_action = self.secretary("/actions/{action}/correct", self.show, self.correct, _LIMITS)
        return [*of_action, *self.secretary("/parties", self.show_parties, self.correct_party, _LIMITS)]

    def show(self, page: Page) -> Response:
        """Show the forms; ``field`` opens one, ``code`` is the finding."""
        field = _field(page.query.get("field", ""))
        if field == "measures":  # it has a form of its own
            return page.redirect(page.home(f"/actions/{page.action.id}/indicator"))
        return self._forms(page, CorrectionInput(field, page.query.get("code") or None), page.action.id)

    def show_parties(self, page: Page) -> Response:
        """Show the forms of the programme's organisations."""
        return self._forms(page, CorrectionInput(_field(page.query.get("field", ""))), page.key)

    def correct_party(self, page: Page) -> Response:
        """Do the step of a form about an organisation."""
        return self._step(page, page.key, page.home("/parties"))

    def correct(self, page: Page) -> Response:
        """Do the form's step: *preview*, *edit* or *save*."""
        here = f"/actions/{page.action.id}?{urlencode({'programme': page.key})}#corrections"
        return self._step(page, page.action.id, here)

    def _step(self, page: Page, about: str, afterwards: str) -> Response:
        """Do a form's step about an action, or about the programme, whose page comes ``afterwards``."""
        entered, step = _entered(page), page.text("step")
        if entered.field is None or (entered.field in use.OF_PROGRAMME) != (about == page.key):
            raise NotFoundError("no such field")
        decision = use.CorrectionDecision(
            about, entered.field, entered.value or "", page.by, entered.note, page.key, entered.new
        )
        entered = _checked(page, entered, decision)
        if entered.errors or step == "edit":
            return self._forms(page, entered, about)
        if step == "save":
            made = use.new_key(page.service, decision) if entered.field in _NEW_ACTIONS else ""
            use.correct_action(page.service, decision)
            if made:  # what is missing of it is corrected there
                return page.redirect(page.home(f"/actions/{made}/correct"))
            is_gone = entered.field in {"no-action", "part-of"} and bool(decision.value)
            return page.redirect(page.home("/findings") if is_gone else afterwards)
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
            title=_title(page, about),
            whole=about == page.key or entered.field in {*_NEW_ACTIONS, "no-action", "part-of"},
            names=_names_of(decision.new, page.snapshot.programme),
            where=_where(page, about),
            mails=mails_changed(
                page, lambda connection: use.enter_correction(connection, page.service, decision)
            ),
        )

    def _forms(self, page: Page, entered: CorrectionInput, about: str) -> Response:
        row = page.snapshot.row
        forms = (
            party_forms(row, page.lang, entered)
            if about == page.key
            else all_correction_forms(row, page.action, page.lang, entered)
        )
        return page.render(
            "correct.html",
            422 if entered.errors else 200,
            forms=forms,
            errors=entered.errors,
            where=_where(page, about),
            title=_title(page, about),
            longest=LONGEST,
            most=use.LONGEST_DECISION,
            of_programme=about == page.key,
        )


def _title(page: Page, about: str) -> str:
    programme = page.snapshot.programme
    named = programme.name if about == page.key else page.action.title
    return named.get(page.lang)


def _where(page: Page, about: str) -> str:
    """Return the address that the forms of an action, or of the programme, are sent to."""
    path = "/parties" if about == page.key else f"/actions/{about}/correct"
    return f"{path}?{urlencode({'programme': page.key})}"


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
    names = Text(**{lang: words for lang in LANGUAGES if (words := page.text(f"new-{lang}"))})
    match field:
        case "goal" | "theme" | "new-action" | "second-action":
            value = written_names(names) or value
        case "organisation" if names:
            value = f"{value} = {written_names(names)}" if value else written_names(names)
        case "party" if ticked := page.ticked("org"):
            value = f"{value} = {' '.join(dict.fromkeys(ticked))}"
    return CorrectionInput(field, value, page.text("note"), new=names if field in _PARTIES else Text())


def _checked(page: Page, entered: CorrectionInput, decision: use.CorrectionDecision) -> CorrectionInput:
    wrong, too_long = "", page.say("correct.too-long", most=LONGEST)
    try:
        use.check_correction(page.snapshot.row, decision)
    except UsageError:
        wrong = page.say(f"correct.wrong.{decision.field}")
    if decision.field in _WORDED and len(decision.value) > LONGEST:
        wrong = too_long
    if len(decision.value) > use.LONGEST_DECISION:
        wrong = page.say("correct.too-long", most=use.LONGEST_DECISION)
    return replace(entered, wrong=wrong, wrong_note=too_long if len(entered.note) > LONGEST else "")
