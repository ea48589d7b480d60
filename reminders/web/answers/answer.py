"""An answer about one action: its fields, the question, what was answered; by a link or on a unit's behalf.

GET changes nothing. What waits of one action is one question (``planning.matters``). The same fields stand
once on an answer's own page and once a question on the unit's page (``unit``), where a number goes before
each name. The texts of the fields are left to the templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import DOT
from reminders.collection.indicator import Kind, Measure, measures_of
from reminders.collection.measures import NotAValueError, stored_value
from reminders.errors import NotFoundError, UsageError
from reminders.planning.due import asked_again
from reminders.planning.links import Purpose, holds_until, links_of
from reminders.planning.matters import (
    Matter,
    matters_of,
    one_question_each,
    question_of,
    were_together,
)
from reminders.planning.replies import AnswerCode, Reply, says_whose
from reminders.planning.standing import worst
from reminders.planning.state import ProgrammeState, needs_answer, responsible
from reminders.use.answers.links import ClosedLink, OccurrenceLink, OpenLink, open_answer
from reminders.use.answers.record import ANSWERS, AnswerGiven, Measured, record_answer, undo_answer
from reminders.web.catalogue import no_date_words
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.words import CODES, Code, overdue_words
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang, Programme

FIELDS: Final = ("a", "ended", "why", "date", "whose", "other", "value", "note")
WRITTEN: Final = ("why", "date", "other", "value", "note")
"""The fields in which people write."""
LONGEST: Final = {"why": 2000, "note": 2000, "other": 2000}
_LIMITS: Final = FormLimits(size=50_000)
_ICONS: Final = {"done": "done", "on-track": "track", "late": "decide", "not-ours": "decide"}
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
    def is_text(self) -> bool:
        """Whether more was typed than chosen."""
        return any(self.fields[name] for name in WRITTEN)


def read_answer(form: Mapping[str, object], prefix: str = "") -> TypedAnswer:
    """Return the fields of one answer out of a form."""
    texts = ((name, form.get(prefix + name)) for name in FIELDS)
    return TypedAnswer({name: text.strip() if isinstance(text, str) else "" for name, text in texts})


def checked_answer(
    page: Page, typed: TypedAnswer, group: Sequence[Matter], programme: Programme
) -> TypedAnswer:
    """Return what was typed with what is wrong with it: only the fields of the chosen answer count."""
    fields, late = typed.fields, typed.answer == "late"
    wrong = {"a": "" if typed.answer else page.say("answer.choose")}
    if late:
        wrong["why"] = "" if fields["why"] else page.say("answer.no-why")
        wrong["date"] = _wrong_date(page, fields["date"], programme.period.last, date_suffix(group))
    if typed.answer == "not-ours":
        whose = fields["whose"] if fields["whose"] in programme.organisation_by_key else fields["other"]
        wrong["whose"] = "" if says_whose(whose, fields["note"]) else page.say("answer.no-whose")
    if fields["value"] and typed.answer != "not-ours":
        _, measure = measure_asked(programme.action_by_id[group[0].occurrence.id.action])
        try:
            stored_value(fields["value"], measure.kind, page.lang)
        except NotAValueError as error:
            wrong["value"] = page.say(f"answer.not-{error.args[0]}")
    for name, most in LONGEST.items():
        if len(fields[name]) > most and (late or name != "why"):
            wrong[name] = page.say("answer.too-long", most=dates.number(most, page.lang))
    return TypedAnswer(fields, {name: words for name, words in wrong.items() if words})


def _wrong_date(page: Page, text: str, last: date, of: str) -> str:
    """Say what is wrong with a proposed date: it lies after today, and by the programme's last day."""
    day = dates.typed_date(text)
    if not text:
        return ""
    if day is None:
        expected = page.say("answer.no-date", example=dates.short(last, page.lang))
        return no_date_words(text, page.lang, expected)
    if day <= page.today:
        return page.say(f"answer.past{of}", today=dates.short(page.today, page.lang))
    return page.say(f"answer.outside{of}", last=dates.short(last, page.lang)) if day > last else ""


def answer_to_record(
    typed: TypedAnswer, group: Sequence[Matter], by: str, programme: Programme, lang: Lang
) -> AnswerGiven:
    """Return the answer to a question that checked fields, typed in ``lang``, make."""
    answer, fields = typed.answer or "on-track", typed.fields
    occurrence, *also = (one.occurrence for one in group)
    whose = fields["whose"] if fields["whose"] in programme.organisation_by_key else ""
    late, foreign = answer == "late", answer == "not-ours"
    place, measure = measure_asked(programme.action_by_id[occurrence.id.action])
    unit = measure.unit.get("fi") if measure.kind == "number" else ""
    is_measured = fields["value"] and not foreign
    return AnswerGiven(
        str(occurrence.id),
        answer,
        by=by,
        note="\n\n".join(filter(None, (fields["why"] if late else "", fields["note"]))),
        new_date=dates.typed_date(fields["date"]) if late else None,
        whose=(whose or fields["other"]) if foreign else "",
        measured=Measured(fields["value"], unit, measure.kind, lang, place) if is_measured else None,
        also=tuple(str(row.id) for row in also),
        ended=answer == "done" and fields["ended"] == "yes" and has_review(group),
    )


def measure_asked(action: Action) -> tuple[int, Measure]:
    """Return the value that goes with an answer, and its place: the first number that is asked for."""
    asked = measures_of(action) or (Measure("text"),)
    place = next((number for number, one in enumerate(asked) if one.kind == "number"), 0)
    return place + 1, asked[place]


def has_review(group: Sequence[Matter]) -> bool:
    """Tell whether a question is about a review: *done* then asks whether the action itself has ended."""
    return any(one.occurrence.kind == "review" for one in group)


def date_suffix(group: Iterable[Matter]) -> str:
    """Return how texts about a question's date end: that of reviews alone is no deadline."""
    return "-review" if all(one.occurrence.kind == "review" for one in group) else ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a question: title, whose it is, its dates, its chip."""

    id: str
    title: str
    party: str
    when: str
    code: Code
    chip: str


@dataclass(frozen=True)
class Question:
    """One question with its fields. ``prefix`` goes before their names; ``seen``: the newest answer so far.

    ``about`` are the ids of what it is about, ``codes`` the answers in order; ``asks_end``: *done* asks
    whether the action itself has ended; ``measured`` is the kind and unit of the value that goes with it;
    ``of`` is how texts about its date end (``date_suffix``).
    """

    head: Head
    about: str
    codes: tuple[str, ...]
    asks_end: bool
    typed: TypedAnswer
    seen: int
    indicator: str
    measured: tuple[Kind, str]
    parties: tuple[tuple[str, str], ...]
    last: str
    prefix: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What a unit answered, by whom, when; ``id`` is the answer's, 0 where another unit gave it.

    ``ended``: what became of the proposal that the action has ended; ``decided``: what the secretary wrote.
    """

    party: str
    code: str
    answer: str
    by: str
    at: str
    note: str
    whose: str
    new_date: str
    ended: str
    decided: str
    id: int
    of: str = ""


def due_words(occurrence: Occurrence, lang: Lang) -> str:
    """Say when an occurrence is due, and whether that is a deadline or a review."""
    word = "item.review" if occurrence.kind == "review" else "item.deadline"
    return shared.say(lang, word, date=dates.in_table(occurrence.due, lang))


def dues_words(group: Iterable[Matter], lang: Lang) -> str:
    """Say when each of what a question is about is due, the earliest first."""
    rows = sorted((one.occurrence for one in group), key=lambda row: row.due)
    return DOT.join(due_words(row, lang) for row in rows)


def head(page: Page, programme: Programme, group: Sequence[Matter]) -> Head:
    """Return what stands above a question; its chip is that of its worst date."""
    occurrence, lang = group[0].occurrence, page.lang
    standing = worst(one.standing for one in group)
    shown = next(one for one in group if one.standing == standing)
    return Head(
        str(occurrence.id),
        occurrence.title.get(lang),
        shared.names(lang, (programme.organisation_by_key[key].name for key in group[0].organisations)),
        dues_words(group, lang),
        "soon" if standing == "open" else CODES[standing],
        overdue_words(shown.occurrence.due, page.today, lang)
        if standing == "passed"
        else shared.standing(lang, standing, shown.until),
    )


def question(
    page: Page, programme: Programme, group: Sequence[Matter], typed: TypedAnswer, seen: int, prefix: str = ""
) -> Question:
    """Return what waits of an action as a question with what was typed so far."""
    lang, names, one = page.lang, programme.organisation_by_key, group[0]
    action = programme.action_by_id[one.occurrence.id.action]
    _, measure = measure_asked(action)
    others = [(key, names[key].name.get(lang)) for key in names if key not in one.organisations]
    return Question(
        head(page, programme, group),
        " ".join(str(one.occurrence.id) for one in group),
        shared.answers_for({one.occurrence.kind for one in group}),
        has_review(group),
        typed,
        seen,
        (measure.label or action.indicator).get(lang),
        (measure.kind, measure.unit.get(lang)),
        tuple(sorted(others, key=lambda pair: pair[1].casefold())),
        dates.short(programme.period.last, lang),
        prefix,
        date_suffix(group),
    )


def shown_answers(
    page: Page, programme: Programme, group: Sequence[Matter], opened: OpenLink
) -> tuple[ShownAnswer, ...]:
    """Return what each of a question's units said, what it proposed, and what became of that."""
    lang, names, first = page.lang, programme.organisation_by_key, group[0]
    shown = []
    for key, reply in first.replies:
        replies = [other for one in group for unit, other in one.replies if unit == key]
        dated = next((other for other in replies if other.new_date and other.at == reply.at), None)
        of_dated = [one for one in group if dated and (key, dated) in one.replies]
        ended = next((other for other in replies if other.ended and other.at == reply.at), None)
        shown.append(
            ShownAnswer(
                party=shared.names(lang, [names[key].name]),
                code=_ICONS[reply.answer],
                answer=shared.answer(lang, reply.answer),
                by=shared.doer(lang, reply.by),
                at=dates.moment(reply.at.astimezone(page.zone), lang),
                note=reply.note,
                whose=names[reply.whose].name.get(lang) if reply.whose in names else reply.whose,
                new_date=f"{dates.short(dated.new_date, lang)} ({_decided(page, dated)})"
                if dated and dated.new_date
                else "",
                ended=_decided(page, ended) if ended else "",
                decided=" ".join(filter(None, (one.decided_note for one in (dated, ended) if one))),
                id=opened.seen(str(first.occurrence.id), [key]),
                of=date_suffix(of_dated) if of_dated else "",
            )
        )
    return tuple(shown)


def after_words(page: Page, state: ProgrammeState, group: Sequence[Matter], today: date) -> tuple[str, str]:
    """Say what follows from an answer for its units, and until when it can be changed by the link."""
    first, rows = group[0], [one.occurrence for one in group]
    until = max(
        (holds_until(state, first.occurrence, key, today) for key, _ in first.replies), default=date.max
    )
    changed = (
        page.say("answer.until-closed")
        if until == date.max
        else page.say("answer.until", on=dates.in_sentence(until, page.lang))
    )
    asked = asked_again(state, rows, first.organisations, today)
    is_open = asked is None and any(one.waiting for one in group)
    if is_open:
        return "", changed
    if asked is None:
        return shared.after_answer(page.lang, None), changed
    words = shared.after_answer(
        page.lang,
        asked.on,
        asked.head_on,
        is_early=asked.is_early,
        reader=asked.reader,
        head_hears=asked.head_hears,
    )
    return words, changed


def _decided(page: Page, reply: Reply) -> str:
    return page.say(f"answer.proposal-{reply.proposal or 'pending'}")


def seen_of(opened: OpenLink, group: Iterable[Matter]) -> int:
    """Return the id of the newest answer to a question of those that its reader speaks for; 0: none yet."""
    return max(opened.seen(str(one.occurrence.id), one.organisations) for one in group)


def posted_part(group: Sequence[Matter], about: str, own: str) -> tuple[Matter, ...]:
    """Return what of a question stood in the form that was sent, and its ``own`` occurrence in any case.

    What came to be asked while the form was open is not answered by it; a form that names nothing is about
    all.
    """
    ids = {own, *about.split()}
    return tuple(one for one in group if not about or str(one.occurrence.id) in ids)


PATHS: Final[Mapping[Purpose, str]] = {
    "answer": "/answer/",
    "form": "/collection/form/",
    "unit": "/unit/",
    "preferences": "/preferences/",
    "series": "/series/",
    "held": "/held/",
}


def link_to(page: Page, opened: OpenLink, purpose: Purpose, subject: str = "", programme: str = "") -> str:
    """Return the address of another page of the reader's; it holds as long as the link that was opened.

    Of several programmes it names its ``programme``; without one that of the link, if it is but one.
    """
    links = links_of(page.service.secret, (state.programme for state in opened.states.values()))
    token, key = links.issue(purpose, subject, opened.reader, opened.until), programme or opened.programme_key
    named = f"&programme={key}" if key and page.visitor.programme else ""
    return f"{PATHS[purpose]}{token}?lang={page.lang}{named}"


def answer_address(page: Page, opened: OpenLink, occurrence: Occurrence) -> str:
    """Return where an occurrence is answered, as long as the reader's link holds."""
    purpose: Purpose = "form" if occurrence.kind == "collection" else "answer"
    return link_to(page, opened, purpose, str(occurrence.id), occurrence.id.programme)


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
        group = _question_behind(link)
        one = _own(link, group)
        answered = one.replies and ("done" in page.query or not one.waiting)
        if answered and "change" not in page.query:
            return self._answered(page, link, group)
        return self._question(page, link, group, _first_fields(one, page.query.get("a", ""), page.lang))

    def answer(self, page: Page, link: OccurrenceLink) -> Response:
        """Record an answer once, not where a newer one than the form knew of stands already; or undo it."""
        opened, occurrence, programme = link.opened, link.occurrence, link.state.programme
        if page.text("step") == "undo":
            for key in link.organisations:  # whoever of the unit said it
                if answer_id := opened.seen(str(occurrence.id), [key]):
                    with suppress(UsageError):  # a colleague was quicker
                        undo_answer(page.service, answer_id, opened.reader)
            return page.back()
        group = posted_part(_question_behind(link), page.text("about"), str(occurrence.id))
        seen, read = seen_of(opened, group), read_answer(page.form)
        if page.text("seen") != str(seen):
            return self._overtaken(page, link, group, read)
        typed = checked_answer(page, read, group, programme)
        if typed.wrong:
            return self._question(page, link, group, typed)
        answer = answer_to_record(typed, group, opened.reader, programme, page.lang)
        if not record_answer(page.service, answer, seen):  # a colleague was quicker
            now = open_answer(page.service, page.path("token"))
            if isinstance(now, ClosedLink):
                return page.closed(now)
            return self._overtaken(
                page, now, posted_part(_question_behind(now), "", str(occurrence.id)), read
            )
        return page.back(done="1")

    def _overtaken(
        self, page: Page, link: OccurrenceLink, group: tuple[Matter, ...], typed: TypedAnswer
    ) -> Response:
        """Show what was answered meanwhile; what was typed stays, to be sent upon it or not.

        The very same sent twice shows what was answered.
        """
        reply = next((reply for _, reply in _own(link, group).replies), None)
        if reply is None:  # it was taken back
            words = page.say("answer.taken-back")
            return self._question(page, link, group, replace(typed, wrong={"a": words}))
        written = "\n\n".join(filter(None, (typed.fields["why"], typed.fields["note"])))
        if not typed.is_text or (reply.by == link.opened.reader and written in {"", reply.note}):
            return page.back()
        at = dates.moment(reply.at.astimezone(page.zone), page.lang)
        by = shared.doer(page.lang, reply.by)
        words = page.say("answer.overtaken", answer=shared.answer(page.lang, reply.answer), by=by, at=at)
        return self._question(page, link, group, replace(typed, wrong={"a": words}))

    def _question(
        self, page: Page, link: OccurrenceLink, group: tuple[Matter, ...], typed: TypedAnswer
    ) -> Response:
        opened, programme = link.opened, link.state.programme
        return page.render(
            "answer.html",
            422 if typed.wrong else 200,
            own_name=programme.name.get(page.lang),
            question=question(page, programme, group, typed, seen_of(opened, group)),
            reader=opened.reader,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )

    def _answered(self, page: Page, link: OccurrenceLink, group: tuple[Matter, ...]) -> Response:
        opened, programme, lang, own = link.opened, link.state.programme, page.lang, _own(link, group)
        together = (own, *(one for one in group if one is not own and were_together(own, one)))
        return page.render(
            "answered.html",
            own_name=programme.name.get(lang),
            title=link.occurrence.title.get(lang),
            when=dues_words(together, lang),
            answers=shown_answers(page, programme, together, opened),
            thanks="done" in page.query,
            own=any(reply.by == opened.reader for _, reply in own.replies),
            after=after_words(page, link.state, together, opened.today),
            path=page.request.url.path,
            others=[
                (
                    answer_address(page, opened, others[0].occurrence),
                    others[0].occurrence.title.get(lang),
                    dues_words(others, lang),
                )
                for state in opened.states.values()
                for others in one_question_each(
                    other
                    for other in matters_of(state, opened.reader, opened.today)
                    if other.waiting and other.occurrence.id != link.occurrence.id
                )
            ],
            unit_page=link_to(page, opened, "unit"),
        )


def _question_behind(link: OccurrenceLink) -> tuple[Matter, ...]:
    return question_of(link.state, link.occurrence, link.organisations, link.opened.today)


def _own(link: OccurrenceLink, group: Iterable[Matter]) -> Matter:
    """Return the matter that a link was made for."""
    return next(one for one in group if one.occurrence.id == link.occurrence.id)


def _first_fields(one: Matter, chosen: str, lang: Lang) -> TypedAnswer:
    """Return the fields as the page opens: with the mail's choice, else with what was answered before."""
    earlier = one.replies[0][1] if one.replies else None
    if chosen or earlier is None:
        return read_answer({"a": chosen})
    note = "why" if earlier.answer == "late" else "note"
    new_date = dates.short(earlier.new_date, lang) if earlier.new_date else ""
    ended = "yes" if earlier.ended else ""
    return read_answer(
        {"a": earlier.answer, note: earlier.note, "date": new_date, "other": earlier.whose, "ended": ended}
    )


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
        group = posted_part(self._group(page), page.text("about"), str(occurrence.id))
        read = read_answer(page.form)
        if page.text("seen") not in {"", str(_newest(page, group))}:
            return self._question(page, replace(read, wrong={"a": page.say("behalf.overtaken")}))
        typed = checked_answer(page, read, group, programme)
        if typed.wrong:
            return self._question(page, typed)
        answer = answer_to_record(typed, group, page.by, programme, page.lang)
        organisation = page.text("organisation")
        record_answer(page.service, replace(answer, organisation=organisation, on_behalf=True))
        return page.redirect(page.home(f"/actions/{occurrence.id.action}") + "#dates")

    def _group(self, page: Page) -> tuple[Matter, ...]:
        state, occurrence = page.current.state, _occurrence(page)
        return question_of(state, occurrence, responsible(state, occurrence, page.today), page.today)

    def _question(self, page: Page, typed: TypedAnswer) -> Response:
        state, occurrence, lang = page.current.state, _occurrence(page), page.lang
        organisations = responsible(state, occurrence, page.today)
        names, chosen = state.programme.organisation_by_key, page.text("organisation")
        return page.render(
            "behalf.html",
            422 if typed.wrong else 200,
            question=question(
                page, state.programme, self._group(page), typed, _newest(page, self._group(page))
            ),
            units=[(key, shared.names(lang, [names[key].name]), key == chosen) for key in organisations],
            action=occurrence.id.action,
            errors=[(f"f-{name}", words) for name, words in typed.wrong.items()],
        )


def _newest(page: Page, group: Iterable[Matter]) -> int:
    """Return the id of the newest answer about a question that counts; 0: there is none."""
    about = {str(one.occurrence.id) for one in group}
    return max((one.id for one in page.current.answers if one.occurrence in about), default=0)


def _occurrence(page: Page) -> Occurrence:
    """Return what is answered; ``NotFoundError`` for an occurrence that takes no answer here."""
    row = page.current.state.occurrences.get(page.query.get("occurrence", ""))
    if row is None or row.id.action != page.action.id or not needs_answer(row) or row.kind == "collection":
        raise NotFoundError(f"no occurrence of {page.action.id!r} that is answered here")
    return row
