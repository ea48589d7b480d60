"""An answer about one matter: its fields, the question, what was answered; by a link or on a unit's behalf.

GET changes nothing. The same fields stand once on an answer's own page and once a matter on the unit's
page (``unit``), where a number goes before each name. The texts of the fields are left to the templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.collection.measures import NotAValueError, likely_kind, stored_value
from reminders.errors import NotFoundError, UsageError
from reminders.planning.links import Links, Purpose
from reminders.planning.matters import Matter, matter, matters_of
from reminders.planning.replies import AnswerCode
from reminders.planning.state import needs_answer, responsible
from reminders.use.answers.links import OccurrenceLink, OpenLink, open_answer
from reminders.use.answers.record import ANSWERS, AnswerGiven, Measured, record_answer, undo_answer
from reminders.web.page import FormLimits, Page, Pages
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang, Programme

FIELDS: Final = ("a", "why", "date", "whose", "other", "value", "unit", "note")
LONGEST: Final = {"why": 2000, "note": 2000, "other": 2000, "unit": 60}
SOON_DAYS: Final = 30
_LIMITS: Final = FormLimits(size=50_000)
CODES: Final = {"done": "done", "on-track": "track", "late": "decide", "not-ours": "decide"}
"""The icon of each answer."""


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
        text = self.fields.get("date", "")
        day = dates.typed_date(text)
        return day.isoformat() if day else text

    @property
    def is_date(self) -> bool:
        """Whether a browser's date field can show what was typed."""
        return not self.fields.get("date") or dates.typed_date(self.fields["date"]) is not None


def read_answer(form: Mapping[str, object], prefix: str = "") -> TypedAnswer:
    """Return the fields of one answer out of a form."""
    texts = ((name, form.get(prefix + name)) for name in FIELDS)
    return TypedAnswer({name: text.strip() if isinstance(text, str) else "" for name, text in texts})


def checked_answer(
    page: Page, typed: TypedAnswer, occurrence: Occurrence, programme: Programme
) -> TypedAnswer:
    """Return what was typed with what is wrong with it: only the fields of the chosen answer count."""
    fields, late = typed.fields, typed.answer == "late"
    wrong = {"a": "" if typed.answer else page.say("answer.choose")}
    if late:
        wrong["why"] = "" if fields["why"] else page.say("answer.no-why")
        wrong["date"] = _wrong_date(page, fields["date"], programme.period.last)
    if fields["value"] and typed.answer != "not-ours":
        kind = likely_kind(programme.action_by_id[occurrence.id.action].indicator)
        try:
            stored_value(fields["value"], kind, page.lang)
        except NotAValueError as error:
            wrong["value"] = page.say(f"answer.not-{error.args[0]}")
    for name, most in LONGEST.items():
        if len(fields[name]) > most and (late or name != "why"):
            wrong[name] = page.say("answer.too-long", most=dates.number(most, page.lang))
    return TypedAnswer(fields, {name: words for name, words in wrong.items() if words})


def _wrong_date(page: Page, text: str, last: date) -> str:
    """Say what is wrong with a proposed date: it lies after today, and by the programme's last day."""
    day = dates.typed_date(text)
    if not text:
        return ""
    if day is None:
        return page.say("answer.no-date", example=dates.short(last, page.lang))
    if day <= page.today:
        return page.say("answer.past", today=dates.short(page.today, page.lang))
    return page.say("answer.outside", last=dates.short(last, page.lang)) if day > last else ""


def answer_to_record(
    typed: TypedAnswer, occurrence: Occurrence, by: str, programme: Programme, lang: Lang
) -> AnswerGiven:
    """Return the answer about an occurrence that checked fields, typed in ``lang``, make."""
    answer, fields = typed.answer or "on-track", typed.fields
    whose = fields["whose"] if fields["whose"] in programme.organisation_by_key else ""
    late, foreign = answer == "late", answer == "not-ours"
    kind = likely_kind(programme.action_by_id[occurrence.id.action].indicator)
    is_measured = fields["value"] and not foreign
    return AnswerGiven(
        str(occurrence.id),
        answer,
        by=by,
        note="\n\n".join(filter(None, (fields["why"] if late else "", fields["note"]))),
        new_date=dates.typed_date(fields["date"]) if late else None,
        whose=(whose or fields["other"]) if foreign else "",
        measured=Measured(fields["value"], fields["unit"], kind, lang) if is_measured else None,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a question: title, whose it is, its date, its chip."""

    id: str
    title: str
    party: str
    when: str
    code: Literal["overdue", "soon", "coming"]
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
class ShownAnswer:
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


def due_words(occurrence: Occurrence, lang: Lang) -> str:
    """Say when an occurrence is due, and whether that is a deadline or a review."""
    word = "item.review" if occurrence.kind == "review" else "item.deadline"
    return shared.say(lang, word, date=dates.in_table(occurrence.due, lang))


def head(page: Page, programme: Programme, one: Matter) -> Head:
    """Return what stands above a matter."""
    occurrence, lang = one.occurrence, page.lang
    ahead = (occurrence.due - page.today).days
    code: Literal["overdue", "soon", "coming"]
    code = "overdue" if ahead < 0 else "soon" if ahead <= SOON_DAYS else "coming"
    return Head(
        str(occurrence.id),
        occurrence.title.get(lang),
        shared.names(lang, (programme.organisation_by_key[key].name for key in one.organisations)),
        due_words(occurrence, lang),
        code,
        page.say("action.overdue", n=-ahead) if code == "overdue" else shared.status(lang, code),
    )


def question(
    page: Page, programme: Programme, one: Matter, typed: TypedAnswer, seen: int, prefix: str = ""
) -> Question:
    """Return a matter as a question with what was typed so far."""
    lang, names = page.lang, programme.organisation_by_key
    others = [(key, names[key].name.get(lang)) for key in names if key not in one.organisations]
    return Question(
        head(page, programme, one),
        typed,
        seen,
        programme.action_by_id[one.occurrence.id.action].indicator.get(lang),
        tuple(sorted(others, key=lambda pair: pair[1].casefold())),
        dates.short(programme.period.last, lang),
        prefix,
    )


def shown_answers(page: Page, programme: Programme, one: Matter, opened: OpenLink) -> tuple[ShownAnswer, ...]:
    """Return what each of a matter's units said."""
    lang, names = page.lang, programme.organisation_by_key
    return tuple(
        ShownAnswer(
            party=shared.names(lang, [names[key].name]),
            code=CODES[reply.answer],
            answer=shared.answer(lang, reply.answer),
            by=reply.by or shared.role(lang, "secretary"),
            at=dates.moment(reply.at.astimezone(page.zone), lang),
            note=reply.note,
            whose=names[reply.whose].name.get(lang) if reply.whose in names else reply.whose,
            new_date=dates.short(reply.new_date, lang)
            + f" ({page.say('answer.proposal-' + (reply.proposal or 'pending'))})"
            if reply.new_date
            else "",
            id=opened.seen(str(one.occurrence.id), [key]),
        )
        for key, reply in one.replies
    )


PATHS: Final[Mapping[Purpose, str]] = {
    "answer": "/answer/",
    "form": "/collection/form/",
    "unit": "/unit/",
    "preferences": "/preferences/",
    "series": "/series/",
    "held": "/held/",
}


def link_to(page: Page, opened: OpenLink, purpose: Purpose, subject: str = "") -> str:
    """Return the address of another page of the reader's; it holds as long as the link that was opened."""
    token = Links(page.service.secret).issue(purpose, subject, opened.reader, opened.until)
    key = page.visitor.programme
    return f"{PATHS[purpose]}{token}?lang={page.lang}" + (f"&programme={key}" if key else "")


def answer_address(page: Page, opened: OpenLink, occurrence: Occurrence) -> str:
    """Return where an occurrence is answered, as long as the reader's link holds."""
    purpose: Purpose = "form" if occurrence.kind == "collection" else "answer"
    return link_to(page, opened, purpose, str(occurrence.id))


class AnswerPages(Pages):
    """The question behind a mail's link, with the mail's choice, or what was answered."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.linked(
            "/answer/{token}",
            lambda page: open_answer(page.service, page.path("token")),
            self.show,
            self.answer,
            _LIMITS,
        )

    def show(self, page: Page, link: OccurrenceLink) -> Response:
        """Show the question with the mail's choice, or what was answered."""
        one = matter(link.state, link.occurrence, link.organisations, link.opened.today)
        if one.replies and not one.waiting and "change" not in page.query:
            return self._answered(page, link, one)
        return self._question(page, link, _first_fields(one, page.query.get("a", "")))

    def answer(self, page: Page, link: OccurrenceLink) -> Response:
        """Record an answer once, not where a newer one than the form knew of stands already; or undo it."""
        opened, occurrence, programme = link.opened, link.occurrence, link.state.programme
        if page.text("step") == "undo":
            for key in link.organisations:  # whoever of the unit said it
                if answer_id := opened.seen(str(occurrence.id), [key]):
                    with suppress(UsageError):  # a colleague was quicker
                        undo_answer(page.service, answer_id, opened.reader)
            return page.back()
        seen = opened.seen(str(occurrence.id), link.organisations)
        if page.text("seen") != str(seen):
            return page.back()
        typed = checked_answer(page, read_answer(page.form), occurrence, programme)
        if typed.wrong:
            return self._question(page, link, typed)
        answer = answer_to_record(typed, occurrence, opened.reader, programme, page.lang)
        if not record_answer(page.service, answer, seen):  # a colleague was quicker
            return page.back()
        return page.back(done="1")

    def _question(self, page: Page, link: OccurrenceLink, typed: TypedAnswer) -> Response:
        opened, programme = link.opened, link.state.programme
        one = matter(link.state, link.occurrence, link.organisations, opened.today)
        seen = opened.seen(str(link.occurrence.id), link.organisations)
        return page.render(
            "answer.html",
            422 if typed.wrong else 200,
            own_name=programme.name.get(page.lang),
            question=question(page, programme, one, typed, seen),
            reader=opened.reader,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )

    def _answered(self, page: Page, link: OccurrenceLink, one: Matter) -> Response:
        opened, programme, lang = link.opened, link.state.programme, page.lang
        return page.render(
            "answered.html",
            own_name=programme.name.get(lang),
            title=link.occurrence.title.get(lang),
            when=due_words(link.occurrence, lang),
            answers=shown_answers(page, programme, one, opened),
            thanks="done" in page.query,
            own=any(reply.by == opened.reader for _, reply in one.replies),
            until=dates.in_sentence(opened.until, lang),
            path=page.request.url.path,
            others=[
                (
                    answer_address(page, opened, other.occurrence),
                    other.occurrence.title.get(lang),
                    due_words(other.occurrence, lang),
                )
                for state in opened.states.values()
                for other in matters_of(state, opened.reader, opened.today)
                if other.waiting and other.occurrence.id != link.occurrence.id
            ],
            unit_page=link_to(page, opened, "unit"),
        )


def _first_fields(one: Matter, chosen: str) -> TypedAnswer:
    """Return the fields as the page opens: with the mail's choice, else with what was answered before."""
    earlier = one.replies[0][1] if one.replies else None
    if chosen or earlier is None:
        return read_answer({"a": chosen})
    note = "why" if earlier.answer == "late" else "note"
    new_date = earlier.new_date.isoformat() if earlier.new_date else ""
    return read_answer({"a": earlier.answer, note: earlier.note, "date": new_date, "other": earlier.whose})


class BehalfPages(Pages):
    """An answer by phone or by mail, recorded by the secretary, about the ``occurrence`` of the query."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/actions/{action}/answer", self.show, self.answer, _LIMITS)

    def show(self, page: Page) -> Response:
        """Show the question."""
        return self._question(page, read_answer({}))

    def answer(self, page: Page) -> Response:
        """Record the answer, or say what is wrong with it."""
        occurrence, programme = _occurrence(page), page.current.state.programme
        typed = checked_answer(page, read_answer(page.form), occurrence, programme)
        if typed.wrong:
            return self._question(page, typed)
        answer = answer_to_record(typed, occurrence, "", programme, page.lang)
        record_answer(page.service, replace(answer, organisation=page.text("organisation")))
        return page.redirect(page.home(f"/actions/{occurrence.id.action}") + "#dates")

    def _question(self, page: Page, typed: TypedAnswer) -> Response:
        state, occurrence, lang = page.current.state, _occurrence(page), page.lang
        organisations = responsible(state, occurrence, page.today)
        one = matter(state, occurrence, organisations, page.today)
        names, chosen = state.programme.organisation_by_key, page.text("organisation")
        return page.render(
            "behalf.html",
            422 if typed.wrong else 200,
            question=question(page, state.programme, one, typed, 0),
            units=[(key, shared.names(lang, [names[key].name]), key == chosen) for key in organisations],
            action=occurrence.id.action,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )


def _occurrence(page: Page) -> Occurrence:
    """Return what is answered; ``NotFoundError`` for an occurrence that takes no answer here."""
    row = page.current.state.occurrences.get(page.query.get("occurrence", ""))
    if row is None or row.id.action != page.action.id or not needs_answer(row) or row.kind == "collection":
        raise NotFoundError(f"no occurrence of {page.action.id!r} that is answered here")
    return row
