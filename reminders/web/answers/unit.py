"""The page with all that waits for a reader's units: answer many at once, pause, take back.

GET changes nothing. It is one form: whatever button is pressed, what stands in its other fields is kept, and
what can be stored nowhere any more (a colleague has answered, another unit is responsible) is shown to be
copied.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import UsageError
from reminders.letters.answer_dates import day_to_answer
from reminders.planning.due import stages_of
from reminders.planning.links import series_subject
from reminders.planning.matters import Matter, answered_together, matters_of, one_question_each
from reminders.planning.policy import asks_for_dates, asks_for_year
from reminders.planning.replies import LONGEST_PAUSE, MOST_PAUSES
from reminders.planning.speakers import speaks_for, units_of
from reminders.planning.state import ProgrammeState, responsible
from reminders.use.answers import record as use
from reminders.use.answers.links import ClosedLink, OccurrenceLink, OpenLink, occurrence_link, open_link
from reminders.web.answers.answer import (
    WRITTEN,
    Head,
    Question,
    ShownAnswer,
    TypedAnswer,
    after_words,
    answer_address,
    answer_to_record,
    checked_answer,
    head,
    link_to,
    posted_part,
    question,
    read_answer,
    seen_of,
    shown_answers,
)
from reminders.web.answers.target_dates import reader_targets
from reminders.web.bounds import whole_number
from reminders.web.catalogue import no_date_words
from reminders.web.page import FormLimits, LostText, Page, Pages
from reminders.web.site import machine_time
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Lang

_LIMITS: Final = FormLimits(size=500_000, fields=2000)
_MOST: Final = 150
"""So many matters a form may hold."""


@dataclass(frozen=True)
class PauseForm:
    """The fields of a pause as they were typed, and what is wrong with them."""

    id: str = ""
    until: str = ""
    reason: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WaitingMatter:
    """A matter that waits: the question, until when its reminders are paused, the form of a pause.

    ``form`` is the address of a round's own form, instead of a question; ``no_pause`` is why there is no form
    of a pause, ``others`` are the units that are responsible beside the reader's, ``answer_by`` is the day by
    which it is to be answered, where that is not the same for all.
    """

    question: Question
    number: int
    paused: str
    form: str
    pause: PauseForm
    no_pause: str = ""
    others: str = ""
    answer_by: str = ""


@dataclass(frozen=True)
class UnitPost:
    """What a post of the page held: answers and pauses by the occurrence that led their question."""

    typed: Mapping[str, TypedAnswer] = field(default_factory=dict)
    pauses: Mapping[str, PauseForm] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was chosen or written."""
        chosen = any(one.answer or one.is_text for one in self.typed.values())
        return not chosen and not any(one.until or one.reason for one in self.pauses.values())

    def without(self, done: Collection[str]) -> UnitPost:
        """Return what is left once some questions are dealt with."""
        return UnitPost(
            {key: one for key, one in self.typed.items() if key not in done},
            {key: one for key, one in self.pauses.items() if key not in done},
        )


def waiting_questions(opened: OpenLink) -> list[tuple[ProgrammeState, tuple[Matter, ...]]]:
    """Return what waits for the reader's units, by date; what waits of one action is one question."""
    waiting = [
        (state, group)
        for state in opened.states.values()
        for group in one_question_each(
            one for one in matters_of(state, opened.reader, opened.today) if one.waiting
        )
    ]
    return sorted(waiting, key=lambda pair: min(one.occurrence.due for one in pair[1]))


def questions(page: Page, opened: OpenLink, sent: UnitPost) -> list[WaitingMatter]:
    """Return what waits as questions, numbered."""
    made = []
    days = answer_days(opened)
    for number, (state, group) in enumerate(waiting_questions(opened)):
        day = days[number] if len(set(days)) > 1 else None
        first = group[0].occurrence
        ids = [str(one.occurrence.id) for one in group]
        typed = next((sent.typed[one] for one in ids if one in sent.typed), read_answer({}))
        until = max((pause.until for one in group for _, pause in one.pauses), default=None)
        made.append(
            WaitingMatter(
                question(page, state.programme, group, typed, seen_of(opened, group), prefix=f"m{number}-"),
                number,
                page.say("unit.paused", on=dates.short(until, page.lang)) if until else "",
                answer_address(page, opened, first) if first.kind == "collection" else "",
                next((sent.pauses[one] for one in ids if one in sent.pauses), PauseForm(ids[0])),
                "" if may_be_paused(opened, group) else page.say("unit.pause-twice"),
                other_names(page, opened, state, group),
                dates.in_sentence(day, page.lang) if day else "",
            )
        )
    return made


def other_names(page: Page, opened: OpenLink, state: ProgrammeState, group: tuple[Matter, ...]) -> str:
    """Return who is responsible for a question's action beside the reader's units; of a round nobody is."""
    if group[0].occurrence.kind == "collection":  # each fills in its own form
        return ""
    names, own = state.programme.organisation_by_key, {key for one in group for key in one.organisations}
    leads = state.programme.action_by_id[group[0].occurrence.id.action].leads_on(opened.today)
    return shared.names(page.lang, (names[key].name for key in leads if key not in own))


def may_be_paused(opened: OpenLink, group: Iterable[Matter]) -> bool:
    """Tell whether a question's reminders may be paused: none of its parts was paused as often as allowed."""
    parts = ((str(one.occurrence.id), key) for one in group for key in one.waiting)
    return all(opened.pauses.get(part, 0) < MOST_PAUSES for part in parts)


def answered_matters(
    page: Page, opened: OpenLink
) -> list[tuple[Head, tuple[ShownAnswer, ...], tuple[str, str]]]:
    """Return what the reader's units answered lately, the newest first; what one act answered together."""
    answered = [
        (state, group)
        for state in opened.states.values()
        for group in answered_together(
            one for one in matters_of(state, opened.reader, opened.today) if one.replies
        )
    ]
    answered.sort(key=lambda pair: max(reply.at for one in pair[1] for _, reply in one.replies), reverse=True)
    return [
        (
            head(page, state.programme, group),
            shown_answers(page, state.programme, group, opened),
            after_words(page, state, group, opened.today),
        )
        for state, group in answered
    ]


@dataclass(frozen=True, slots=True)
class WaitingSeries:
    """A series whose dates its unit was asked for: where it sets them, and the next assumed one.

    ``when`` says that date, or the year where none is assumed; ``stamp`` is its begin for machines.
    """

    url: str
    title: str
    when: str
    stamp: str


def series_waiting(page: Page, opened: OpenLink) -> list[WaitingSeries]:
    """Return the series of whose dates a reader was asked, each with its next assumed date in its year."""
    return [
        WaitingSeries(
            link_to(page, opened, "series", series_subject(row), row.id.programme),
            row.title.get(page.lang),
            *_when(following, state.programme.timezone, page.lang),
        )
        for state in opened.states.values()
        for row, following in _asking(state, opened.reader, opened.today)
    ]


def _when(row: Occurrence, zone: str, lang: Lang) -> tuple[str, str]:
    if asks_for_year(row):
        return str(row.due.year), ""
    day = dates.moment(row.starts_at, lang) if row.starts_at else dates.in_table(row.due, lang)
    return day, machine_time(row.starts_at or row.due, zone)


def _asking(state: ProgrammeState, reader: str, today: date) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Yield what asks for dates with the next assumed date in its year; where none lies ahead nothing."""
    for row_id in sorted(asks_for_dates(tuple(state.occurrences.values()))):
        row = state.occurrences[row_id]
        ahead = [
            one
            for one in state.occurrences.values()
            if (one.id.seed, one.due.year, one.status) == (row.id.seed, row.due.year, "tentative")
            and one.due >= today
        ]
        reached = any(stage.send_on <= today for stage in stages_of(state, row))
        if ahead and reached and speaks_for(state.people, responsible(state, row, today), reader, today):
            yield row, min(ahead, key=lambda one: one.due)


class UnitPages(Pages):
    """All that waits for a reader's units, and what was answered, behind a mail's link."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.linked(
            "/unit/{token}",
            _open,
            self.show,
            self.act,
            _LIMITS,
        )

    def act(self, page: Page, opened: OpenLink) -> Response:
        """Do what a button of the page asks for; its value says of which matter."""
        step, _, which = page.text("step").partition(" ")
        match step:
            case "undo":
                return self._undo(page, opened, which)
            case "pause":
                return self._pause(page, opened, which)
            case "resume":
                for row in _own_question(page, opened, which):
                    use.resume_reminders(page.service, row, opened.reader)
                return self._go_on(page)
            case _:
                return self._answer(page, opened)

    def _go_on(
        self,
        page: Page,
        dealt_with: Collection[str] = (),
        lost: tuple[LostText, ...] = (),
        said: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        """Show the page again, with what stands in its other fields; without any of that by GET."""
        left = posted_fields(page).without(dealt_with)
        if left.is_empty and not lost:
            return page.back(**said)
        opened = _open(page)
        if isinstance(opened, ClosedLink):
            return page.closed(opened)
        return self.show(page, opened, left, said=said, lost=lost)

    def _answer(self, page: Page, opened: OpenLink) -> Response:
        """Record every answer that was chosen, or none where one of them is wrong."""
        typed, waiting = _typed_answers(page, opened), posted_questions(page, opened)
        chosen = {prefix: one for prefix, one in typed.items() if one.answer}
        lost = lost_answers(page, opened, {page.text(f"{prefix}id") for prefix, _, _ in waiting})
        if any(one.wrong for one in typed.values()) or not (chosen or lost):
            posted = posted_fields(page)
            by_id = {page.text(f"{prefix}id"): one for prefix, one in typed.items()}
            return self.show(
                page, opened, replace(posted, typed={**posted.typed, **by_id}), nothing=not chosen, lost=lost
            )
        recorded = set()
        for prefix, state, group in waiting:
            if prefix in chosen:
                answer = answer_to_record(chosen[prefix], group, opened.reader, state.programme, page.lang)
                # Nothing is recorded where a colleague was quicker: the page shows it still.
                if use.record_answer(page.service, answer, seen_of(opened, group)):
                    recorded.add(page.text(f"{prefix}id"))
        return self._go_on(page, recorded, lost, {"done": str(len(recorded))})

    def _undo(self, page: Page, opened: OpenLink, which: str) -> Response:
        wanted, _, about = which.partition(" ")
        row, wanted = _own_occurrence(page, opened, about), wanted or page.text("answer")
        for (occurrence, _), answer in opened.answers.items():
            if occurrence == row and str(answer) == wanted:
                with suppress(UsageError):  # a colleague was quicker
                    use.undo_answer(page.service, answer, opened.reader)
        return self._go_on(page)

    def _pause(self, page: Page, opened: OpenLink, which: str) -> Response:
        (row, *also), today = _own_question(page, opened, which), opened.today
        prefix = f"{which}-" if which else ""
        typed = PauseForm(row, page.text(f"{prefix}until"), page.text(f"{prefix}reason"))
        until, last = dates.typed_date(typed.until), today + LONGEST_PAUSE
        wrong = {}
        if not until or not today < until <= last:
            first_words, last_words = dates.short(today, page.lang), dates.short(last, page.lang)
            expected = page.say("unit.pause-wrong", today=first_words, last=last_words)
            wrong["until"] = no_date_words(typed.until, page.lang, expected)
        if not typed.reason:
            wrong["reason"] = page.say("unit.pause-no-why")
        if until and not wrong:
            try:
                wanted = use.PauseRequest(row, until, typed.reason, opened.reader, tuple(also))
                use.pause_reminders(page.service, wanted)
            except UsageError:  # what is left: it was paused twice before
                wrong["until"] = page.say("unit.pause-twice")
            else:
                return self._go_on(page, {row, page.text(f"{prefix}id")}, said={"paused": "1"})
        posted = posted_fields(page)
        return self.show(
            page, opened, replace(posted, pauses={**posted.pauses, row: replace(typed, wrong=wrong)})
        )

    def show(
        self,
        page: Page,
        opened: OpenLink,
        sent: UnitPost = UnitPost(),
        *,
        nothing: bool = False,
        said: Mapping[str, str] | None = None,
        lost: tuple[LostText, ...] = (),
    ) -> Response:
        """Show all that waits, and what was answered; what is wrong with what was sent.

        ``said`` is what became of it, ``lost`` what could be stored nowhere.
        """
        lang = page.lang
        matters = questions(page, opened, sent)
        errors = [
            (f"{one.question.prefix}f-{name}", f"{one.question.head.title}: {words}")
            for one in matters
            for name, words in one.question.typed.wrong.items()
        ]
        errors += [
            (f"m{one.number}-{name}", f"{one.question.head.title}: {words}")
            for one in matters
            for name, words in one.pause.wrong.items()
        ]
        if nothing:
            errors.append(("matters", page.say("unit.none")))
        asking = {state.programme.key: state for state, _ in waiting_questions(opened)} or opened.states
        last = opened.today + LONGEST_PAUSE
        outcome = page.query if said is None else said
        saved = outcome.get("done", "")
        asked = [one for one in matters if not one.form]
        return page.render(
            "unit.html",
            422 if errors else 409 if lost else 200,
            own_name=", ".join(state.programme.name.get(lang) for state in asking.values()),
            matters=matters,
            targets=[
                view
                for state in opened.states.values()
                for view in reader_targets(
                    page, opened, state, units_of(state.people, opened.reader, opened.today)
                )
            ],
            series=series_waiting(page, opened),
            done=answered_matters(page, opened),
            errors=errors,
            saved=whole_number(saved) or 0,
            paused="paused" in outcome,
            lost=lost,
            asked=len(asked),
            party=shared.names(
                lang,
                (
                    state.programme.organisation_by_key[key].name
                    for state in opened.states.values()
                    for key in own_units(state, opened)
                ),
            ),
            answer_by=answer_day(page, opened),
            example=dates.short(last, lang),
            reader=opened.reader,
            preferences=link_to(page, opened, "preferences"),
            pause_last=dates.short(last, lang),
            late_word=dates.quoted(shared.answer(lang, "late"), lang),
        )


def _open(page: Page) -> OpenLink | ClosedLink:
    """Open the link, for the programme that its address names; one of an older mail is for all."""
    return open_link(page.service, page.path("token"), "unit", programme=page.query.get("programme", ""))


def own_units(state: ProgrammeState, opened: OpenLink) -> tuple[str, ...]:
    """Return the reader's units of which something waits."""
    waiting = (one for own, group in waiting_questions(opened) if own is state for one in group)
    return tuple(dict.fromkeys(key for one in waiting for key in one.organisations))


def answer_days(opened: OpenLink) -> list[date | None]:
    """Return of each question the day by which it is to be answered."""
    return [
        min(filter(None, (_day_of(opened, state, one) for one in group)), default=None)
        for state, group in waiting_questions(opened)
    ]


def _day_of(opened: OpenLink, state: ProgrammeState, one: Matter) -> date | None:
    return day_to_answer(state, one.occurrence, one.waiting, opened.today, opened.reader)


def answer_day(page: Page, opened: OpenLink) -> str:
    """Say by which day all is to be answered, or the first of it; nothing where no day is given."""
    days = answer_days(opened)
    first = min(filter(None, days), default=None)
    if first is None:
        return ""
    code = "answer-by" if len({*filter(None, days)}) == 1 else "answer-first"
    return page.say(f"unit.{code}", on=dates.in_sentence(first, page.lang))


def posted_fields(page: Page) -> UnitPost:
    """Return all that stood in the fields of the page that was sent."""
    typed, pauses = {}, {}
    for number in range(_MOST):
        prefix = f"m{number}-"
        if row := page.text(f"{prefix}id"):
            typed[row] = read_answer(page.form, prefix)
            pauses[row] = PauseForm(row, page.text(f"{prefix}until"), page.text(f"{prefix}reason"))
    return UnitPost(typed, pauses)


def lost_answers(page: Page, opened: OpenLink, waiting: Collection[str]) -> tuple[LostText, ...]:
    """Return what was chosen and written about matters that wait no more."""
    titles = {
        str(row.id): row.title.get(page.lang)
        for state in opened.states.values()
        for row in state.occurrences.values()
    }
    found = []
    for row, one in posted_fields(page).typed.items():
        if row not in waiting and (one.answer or one.is_text):
            chosen = shared.answer(page.lang, one.answer) if one.answer else ""
            words = filter(None, (chosen, *(one.fields[name] for name in WRITTEN)))
            found.append(LostText(titles.get(row, ""), "\n".join(words)))
    return tuple(found)


def _own_occurrence(page: Page, opened: OpenLink, about: str) -> str:
    """Return the occurrence that a button is about if it is the reader's; nothing else opens."""
    wanted = about or page.text("id")
    for state in opened.states.values():
        row = state.occurrences.get(wanted)
        if row and isinstance(occurrence_link(opened, state, row), OccurrenceLink):
            return wanted
    return ""


def _own_question(page: Page, opened: OpenLink, which: str) -> tuple[str, ...]:
    """Return the occurrence that a button is about, and what else of its question waits.

    ``which`` is the question's place on the page (*m3*).
    """
    own = _own_occurrence(page, opened, page.text(f"{which}-id") if which else "")
    for _, group in waiting_questions(opened):
        ids = [str(one.occurrence.id) for one in group]
        if own in ids:
            return (own, *(one for one in ids if one != own))
    return (own,)


def posted_questions(page: Page, opened: OpenLink) -> list[tuple[str, ProgrammeState, tuple[Matter, ...]]]:
    """Return what a form that was sent asks and still waits, each with what its fields begin with."""
    prefixes = {page.text(f"m{number}-id"): f"m{number}-" for number in range(_MOST)}
    found = []
    for state, group in waiting_questions(opened):
        ids = (str(one.occurrence.id) for one in group if one.occurrence.kind != "collection")
        if own := next((one for one in ids if one in prefixes), None):
            prefix = prefixes[own]
            found.append((prefix, state, posted_part(group, page.text(f"{prefix}about"), own)))
    return found


def _typed_answers(page: Page, opened: OpenLink) -> dict[str, TypedAnswer]:
    """Return the fields of each question that still waits, checked where an answer was chosen."""
    answers = {}
    for prefix, state, group in posted_questions(page, opened):
        typed = read_answer(page.form, prefix)
        if typed.answer and page.text(f"{prefix}seen") != str(seen_of(opened, group)):
            typed = replace(typed, wrong={"a": page.say("unit.overtaken")})  # a colleague was quicker
        elif typed.answer or typed.is_text:  # what is written without a choice would be lost
            typed = checked_answer(page, typed, group, state.programme)
        answers[prefix] = typed
    return answers
