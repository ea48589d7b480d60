"""What waits for the secretary: proposed dates and ends, what is not the unit's, unclear wordings.

Which those are, and how many, is decided in ``planning.standing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from email_templates.plain_text import DOT
from reminders.errors import NotFoundError, UsageError
from reminders.planning.replies import Answer
from reminders.planning.standing import Decision, decisions
from reminders.planning.state import ProgrammeState
from reminders.use.answers import record as use
from reminders.use.people.hand_over import HandOver, hand_over, is_handed_over
from reminders.web.answers.answer import due_words
from reminders.web.bounds import whole_number
from reminders.web.catalogue import no_date_words
from reminders.web.page import FormLimits, LostText, Page, Pages
from reminders.web.programme.findings import FindingRow, finding_list
from schedule_rules.occurrence import OccurrenceID


@dataclass(frozen=True, slots=True)
class TypedDecision:
    """What stands in the fields of one decision; ``wrong`` is what is wrong with them, by field."""

    note: str = ""
    on: str = ""
    taker: str = ""
    wrong: tuple[tuple[str, str], ...] = ()

    def error(self, name: str) -> str:
        """Return what is wrong with a field, nothing where it is right."""
        return dict(self.wrong).get(name, "")


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """What a unit proposes: a date instead of the one that holds, or that its action has ended (no date).

    ``of`` is how texts about the date end: a review's is no deadline.
    """

    id: int
    action: str
    title: str
    party: str
    due: str
    new_date: str
    by: str
    note: str
    is_past: bool
    typed: TypedDecision
    of: str = ""


@dataclass(frozen=True, slots=True)
class ForeignMatter:
    """A matter that a unit says is not its own: whose instead, and to whom it can be handed over.

    What it said of several dates of an action at once is one matter.
    """

    id: int
    action: str
    giver: str
    title: str
    party: str
    when: str
    by: str
    note: str
    whose: str
    parties: tuple[tuple[str, str, bool], ...]
    typed: TypedDecision


@dataclass(frozen=True, slots=True)
class DecisionLists:
    """All that waits for the secretary in one programme, and how much that is."""

    key: str
    name: str
    count: int
    dated: tuple[ProposedChange, ...]
    ended: tuple[ProposedChange, ...]
    foreign: tuple[ForeignMatter, ...]
    unclear: tuple[FindingRow, ...]


def proposed_changes(
    page: Page,
    state: ProgrammeState,
    proposals: Iterable[use.Proposal],
    waiting: Iterable[Decision],
    typed: Mapping[int, TypedDecision],
) -> Iterator[ProposedChange]:
    """Return what is proposed and waits, oldest first, with what was typed about it."""
    keys = {(one.occurrence, one.organisation) for one in waiting if one.kind in {"proposal", "ended"}}
    for proposal in proposals:
        occurrence = state.occurrences.get(proposal.occurrence)
        if occurrence is not None and (proposal.occurrence, proposal.organisation) in keys:
            yield ProposedChange(
                proposal.answer_id,
                occurrence.id.action,
                occurrence.title.get(page.lang),
                _name(page, state, proposal.organisation),
                dates.in_table(proposal.due, page.lang)
                if proposal.new_date
                else due_words(occurrence, page.lang),
                dates.in_table(proposal.new_date, page.lang) if proposal.new_date else "",
                _who_when(page, proposal.by, proposal.at),
                proposal.note,
                proposal.new_date is not None and proposal.new_date <= page.today,
                typed.get(proposal.answer_id, TypedDecision()),
                "-review" if occurrence.kind == "review" else "",
            )


def foreign_matters(
    page: Page,
    state: ProgrammeState,
    answers: Iterable[Answer],
    waiting: Iterable[Decision],
    typed: Mapping[int, TypedDecision],
) -> Iterator[ForeignMatter]:
    """Return the *not ours* that hold, of units that are still responsible, and what was typed there."""
    newest = {(one.occurrence, one.organisation): one for one in answers}
    for one in waiting:
        if one.kind != "not-ours":
            continue
        action, giver = one.action, one.organisation
        together = [newest[row, giver] for row in (one.occurrence, *one.beside)]
        rows = sorted((state.occurrences[said.occurrence] for said in together), key=lambda row: row.due)
        answer, fields = (
            together[0],
            typed.get(together[0].id, TypedDecision(on=dates.short(page.today, page.lang))),
        )
        chosen = fields.taker or answer.whose
        others = [key for key in state.programme.organisation_by_key if key != giver]
        named = ((key, _name(page, state, key), key == chosen) for key in others)
        yield ForeignMatter(
            answer.id,
            action,
            giver,
            rows[0].title.get(page.lang),
            _name(page, state, giver),
            DOT.join(due_words(row, page.lang) for row in rows),
            _who_when(page, answer.by, answer.at),
            answer.note,
            _name(page, state, answer.whose),
            tuple(sorted(named, key=lambda party: party[1].casefold())),
            fields,
        )


def _name(page: Page, state: ProgrammeState, key: str) -> str:
    """Return an organisation's name, or the free words that stand instead of its key."""
    known = state.programme.organisation_by_key.get(key)
    return known.name.get(page.lang) if known else key


def _who_when(page: Page, by: str, at: datetime) -> str:
    return f"{shared.doer(page.lang, by)}, {dates.moment(at.astimezone(page.zone), page.lang)}"


class DecisionPages(Pages):
    """What waits for the secretary's decision in a programme."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/decisions", self.show, self.decide, FormLimits(size=50_000))

    def show(
        self,
        page: Page,
        typed: Mapping[int, TypedDecision] = MappingProxyType({}),
        wrong: str = "",
        lost: tuple[LostText, ...] = (),
    ) -> Response:
        """Show what is proposed, what is not the unit's, unclear wordings; what is wrong with a decision.

        ``typed`` is what stands in a decision's fields, by its answer; ``wrong`` what is in no field;
        ``lost`` what was written about a decision that is waited for no more.
        """
        key, snapshot, current = page.key, page.snapshot, page.current
        waiting = decisions(current.state, page.today)
        with page.read() as connection:
            proposals = use.pending_proposals(connection, key)
        changes = list(proposed_changes(page, current.state, proposals, waiting, typed))
        lists = [
            DecisionLists(
                key,
                snapshot.programme.name.get(page.lang),
                len(waiting),
                tuple(one for one in changes if one.new_date),
                tuple(one for one in changes if not one.new_date),
                tuple(foreign_matters(page, current.state, current.answers, waiting, typed)),
                tuple(row for row in finding_list(snapshot.row, page.lang) if row.is_wording),
            )
        ]
        errors = [(f"{name}-{one}", words) for one, fields in typed.items() for name, words in fields.wrong]
        errors += [("decisions", wrong)] if wrong else []
        return page.render(
            "decisions.html",
            422 if errors else 200,
            decisions=lists,
            count=sum(one.count for one in lists),
            errors=errors,
            lost=lost,
        )

    def decide(self, page: Page) -> Response:
        """Approve or refuse a proposal, take an answer back, or hand the matter over.

        The page is one form: what stands in the fields of other decisions is kept.
        """
        service, key, by = page.service, page.text("programme") or page.key, page.by
        page.check_own(key)
        step, _, which = page.text("step").partition(" ")
        answer_id = number_of(which or page.text("answer"))
        if use.programme_of_answer(service, answer_id) not in {key, ""}:
            raise NotFoundError(f"no answer {answer_id} in {key}")
        posted = posted_decisions(page)
        typed = posted.pop(answer_id, TypedDecision(page.text("note"), page.text("on"), page.text("taker")))
        others = changed_decisions(page, posted)
        lost: tuple[LostText, ...] = ()
        try:
            match step:
                case "approve":
                    use.approve_proposal(service, answer_id, by, typed.note)
                case "refuse":
                    use.refuse_proposal(service, answer_id, by, typed.note)
                case "back":
                    with suppress(UsageError):  # it was taken back before, as by a second press
                        use.undo_answer(service, answer_id, by, on_behalf=True)
                    lost = (LostText("", typed.note),) if typed.note else ()
                case "hand":
                    on, matter = dates.typed_date(typed.on), self._foreign(page, answer_id)
                    if on is None or not typed.taker:
                        return self.show(page, {**others, answer_id: _checked(page, typed, on)})
                    if matter is not None:
                        moved = (key, matter.giver, typed.taker, on, (matter.action,), by, typed.note)
                        hand_over(service, HandOver(*moved))
                    elif not _was_handed(page, answer_id, typed.taker, on):
                        return self._refused(page, answer_id, typed, others)
        except UsageError:
            if step not in {"approve", "refuse"} or not use.is_decided(
                service, answer_id, approved=step == "approve", note=typed.note
            ):
                return self._refused(page, answer_id, typed, others)
        if others or lost:
            return self.show(Page(page.site, page.request, form=page.form), others, lost=lost)
        return page.redirect(page.home("/decisions"))

    def _refused(
        self, page: Page, answer_id: int, typed: TypedDecision, others: Mapping[int, TypedDecision]
    ) -> Response:
        """Say that a decision could not be saved, with what was written about it."""
        is_gone = answer_id not in self._waiting(page)
        lost = (LostText("", typed.note),) if typed.note and is_gone else ()
        return self.show(page, {**others, answer_id: typed}, page.say("decisions.not-possible"), lost)

    def _foreign(self, page: Page, answer_id: int) -> ForeignMatter | None:
        waiting = decisions(page.current.state, page.today)
        found = foreign_matters(page, page.current.state, page.current.answers, waiting, {})
        return next((one for one in found if one.id == answer_id), None)

    def _waiting(self, page: Page) -> set[int]:
        """Return the answers that a decision is waited for about."""
        waiting = decisions(page.current.state, page.today)
        with page.read() as connection:
            proposals = use.pending_proposals(connection, page.key)
        found = {one.id for one in proposed_changes(page, page.current.state, proposals, waiting, {})}
        return found | {
            one.id for one in foreign_matters(page, page.current.state, page.current.answers, waiting, {})
        }


def _was_handed(page: Page, answer_id: int, taker: str, on: date) -> bool:
    """Tell whether a matter was handed over so already: the same form sent twice."""
    return any(
        is_handed_over(
            page.snapshot.programme,
            HandOver(page.key, one.organisation, taker, on, (OccurrenceID.parse(one.occurrence).action,), ""),
        )
        for one in page.current.answers
        if one.id == answer_id
    )


def number_of(text: str) -> int:
    """Return a posted number, 0 for none."""
    return whole_number(text) or 0


def posted_decisions(page: Page) -> dict[int, TypedDecision]:
    """Return what stood in the fields of all decisions, by their answers."""
    ids = filter(None, (number_of(name.partition("note-")[2]) for name in page.fields))
    return {
        one: TypedDecision(page.text(f"note-{one}"), page.text(f"on-{one}"), page.text(f"taker-{one}"))
        for one in ids
    }


def changed_decisions(page: Page, posted: Mapping[int, TypedDecision]) -> dict[int, TypedDecision]:
    """Return those in whose fields something else stands than the page began with."""
    first = dates.short(page.today, page.lang)
    whose = {one.id: one.whose for one in page.current.answers}
    return {
        answer: one
        for answer, one in posted.items()
        if one.note or one.on not in {"", first} or one.taker not in {"", whose.get(answer, "")}
    }


def _checked(page: Page, typed: TypedDecision, on: date | None) -> TypedDecision:
    """Return what was typed about a hand-over with what is wrong with it."""
    wrong = []
    if not typed.taker:
        wrong.append(("taker", page.say("decisions.no-taker")))
    if on is None:
        expected = page.say("answer.no-date", example=dates.short(page.today, page.lang))
        wrong.append(("on", no_date_words(typed.on, page.lang, expected)))
    return replace(typed, wrong=tuple(wrong))
