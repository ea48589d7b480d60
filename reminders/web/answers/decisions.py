"""What units' answers leave to the secretary: proposed dates, and matters that are not the unit's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import UsageError
from reminders.planning.replies import Answer
from reminders.planning.state import ProgrammeState, reply_of, responsible
from reminders.use.answers import record as use
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.web.page import FormLimits, Page, Pages


@dataclass(frozen=True, slots=True)
class ProposedDate:
    """A date that a unit proposes instead of the one that holds."""

    id: int
    action: str
    title: str
    party: str
    due: str
    new_date: str
    by: str
    note: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class ForeignMatter:
    """A matter that a unit says is not its own: whose instead, and to whom it can be handed over."""

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


def proposed_dates(
    page: Page, state: ProgrammeState, proposals: Iterable[use.Proposal]
) -> Iterator[ProposedDate]:
    """Return the proposed dates that wait, oldest first."""
    for proposal in proposals:
        occurrence = state.occurrences.get(proposal.occurrence)
        if occurrence is not None:
            yield ProposedDate(
                proposal.answer_id,
                occurrence.id.action,
                occurrence.title.get(page.lang),
                _name(page, state, proposal.organisation),
                dates.in_table(proposal.due, page.lang),
                dates.in_table(proposal.new_date, page.lang),
                _who_when(page, proposal.by, proposal.at),
                proposal.note,
                proposal.new_date <= page.today,
            )


def foreign_matters(page: Page, state: ProgrammeState, answers: Iterable[Answer]) -> Iterator[ForeignMatter]:
    """Return the *not ours* that hold, of units that are still responsible."""
    newest = {(one.occurrence, one.organisation): one for one in answers}
    for (_, giver), answer in newest.items():
        occurrence = state.occurrences.get(answer.occurrence)
        if occurrence is None or not _waits(page, state, answer):
            continue
        others = [key for key in state.programme.organisation_by_key if key != giver]
        named = ((key, _name(page, state, key), key == answer.whose) for key in others)
        yield ForeignMatter(
            answer.id,
            occurrence.id.action,
            giver,
            occurrence.title.get(page.lang),
            _name(page, state, giver),
            dates.in_table(occurrence.due, page.lang),
            _who_when(page, answer.by, answer.at),
            answer.note,
            _name(page, state, answer.whose),
            tuple(sorted(named, key=lambda party: party[1].casefold())),
        )


def _waits(page: Page, state: ProgrammeState, answer: Answer) -> bool:
    """Tell whether a *not ours* still holds, and no hand-over of the matter is on its way."""
    occurrence, giver = state.occurrences[answer.occurrence], answer.organisation
    if answer.answer != "not-ours" or giver not in responsible(state, occurrence, page.today):
        return False
    moves = state.programme.action_by_id[occurrence.id.action].handovers
    if any(move.giver == giver and move.effective_from > page.today for move in moves):
        return False
    reply = reply_of(state, occurrence, giver)
    return reply is not None and reply.answer == "not-ours"


def _name(page: Page, state: ProgrammeState, key: str) -> str:
    """Return an organisation's name, or the free words that stand instead of its key."""
    known = state.programme.organisation_by_key.get(key)
    return known.name.get(page.lang) if known else key


def _who_when(page: Page, by: str, at: datetime) -> str:
    return f"{by or shared.role(page.lang, 'secretary')}, {dates.moment(at.astimezone(page.zone), page.lang)}"


class DecisionPages(Pages):
    """What waits for the secretary's decision in a programme."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/decisions", self.show, self.decide, FormLimits(size=50_000))

    def show(self, page: Page, wrong: str = "") -> Response:
        """Show the proposed dates, and the matters that are not the unit's."""
        key, name, current = page.key, page.snapshot.programme.name.get(page.lang), page.current
        with page.read() as connection:
            dated = list(proposed_dates(page, current.state, use.pending_proposals(connection, key)))
        foreign = list(foreign_matters(page, current.state, current.answers))
        decisions = [(key, name, dated, foreign)]
        return page.render(
            "decisions.html",
            422 if wrong else 200,
            decisions=decisions,
            count=sum(len(dated) + len(foreign) for _, _, dated, foreign in decisions),
            wrong=wrong,
            today_iso=page.today.isoformat(),
        )

    def decide(self, page: Page) -> Response:
        """Approve or refuse a date, take an answer back, or hand the matter over."""
        service, key, note = page.service, page.text("programme"), page.text("note")
        answer, by = page.text("answer"), page.by_secretary_of(key)
        answer_id = int(answer) if answer.isdecimal() else 0
        try:
            match page.text("step"):
                case "approve":
                    use.approve_proposal(service, answer_id, by)
                case "refuse":
                    use.refuse_proposal(service, answer_id, by, note)
                case "back":
                    use.undo_answer(service, answer_id)
                case "hand":
                    on = dates.typed_date(page.text("on"))
                    giver, taker = page.text("giver"), page.text("taker")
                    if on is None or not taker:
                        return self.show(page, page.say("decisions.not-possible"))
                    hand_over(service, HandOver(key, giver, taker, on, (page.text("action"),), by, note))
        except UsageError:
            return self.show(page, page.say("decisions.not-possible"))
        return page.redirect(page.home("/decisions"))
