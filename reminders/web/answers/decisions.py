"""What waits for the secretary: proposed dates, matters that are not the unit's, unclear wordings.

Which those are, and how many, is decided in ``planning.standing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates, words as shared
from reminders.errors import UsageError
from reminders.planning.replies import Answer
from reminders.planning.standing import Decision, decisions
from reminders.planning.state import ProgrammeState
from reminders.use.answers import record as use
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.web.page import FormLimits, Page, Pages
from reminders.web.programme.findings import FindingRow, finding_list


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


@dataclass(frozen=True, slots=True)
class DecisionLists:
    """All that waits for the secretary in one programme, and how much that is."""

    key: str
    name: str
    count: int
    dated: tuple[ProposedDate, ...]
    foreign: tuple[ForeignMatter, ...]
    unclear: tuple[FindingRow, ...]


def proposed_dates(
    page: Page, state: ProgrammeState, proposals: Iterable[use.Proposal], waiting: Iterable[Decision]
) -> Iterator[ProposedDate]:
    """Return the proposed dates that wait, oldest first."""
    keys = {(one.occurrence, one.organisation) for one in waiting if one.kind == "proposal"}
    for proposal in proposals:
        occurrence = state.occurrences.get(proposal.occurrence)
        if occurrence is not None and (proposal.occurrence, proposal.organisation) in keys:
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


def foreign_matters(
    page: Page, state: ProgrammeState, answers: Iterable[Answer], waiting: Iterable[Decision]
) -> Iterator[ForeignMatter]:
    """Return the *not ours* that hold, of units that are still responsible."""
    newest = {(one.occurrence, one.organisation): one for one in answers}
    for one in waiting:
        answer, giver = newest.get((one.occurrence, one.organisation)), one.organisation
        if one.kind != "not-ours" or answer is None:
            continue
        occurrence = state.occurrences[one.occurrence]
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


def _name(page: Page, state: ProgrammeState, key: str) -> str:
    """Return an organisation's name, or the free words that stand instead of its key."""
    known = state.programme.organisation_by_key.get(key)
    return known.name.get(page.lang) if known else key


def _who_when(page: Page, by: str, at: datetime) -> str:
    return f"{by or shared.role(page.lang, 'secretary')}, {dates.moment(at.astimezone(page.zone), page.lang)}"


class DecisionPages(Pages):
    """What waits for the secretary's decision: of every programme, or of the one that the address names."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.secretary("/decisions", self.show, self.decide, FormLimits(size=50_000))

    def show(self, page: Page, wrong: str = "") -> Response:
        """Show the proposed dates, the matters that are not the unit's, and the unclear wordings."""
        snapshots, lists = page.site.snapshots, []
        with page.read() as connection:
            for snapshot in snapshots.all(connection):
                key = snapshot.programme.key
                if page.query.get("programme") not in {None, "", key}:
                    continue
                current = snapshots.current(connection, snapshot)
                waiting = decisions(current.state, page.today)
                proposals = use.pending_proposals(connection, key)
                unclear = [row for row in finding_list(snapshot.row, page.lang) if row.is_wording]
                lists.append(
                    DecisionLists(
                        key,
                        snapshot.programme.name.get(page.lang),
                        len(waiting),
                        tuple(proposed_dates(page, current.state, proposals, waiting)),
                        tuple(foreign_matters(page, current.state, current.answers, waiting)),
                        tuple(unclear),
                    )
                )
        return page.render(
            "decisions.html",
            422 if wrong else 200,
            decisions=lists,
            count=sum(one.count for one in lists),
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
        url = page.request.url
        return page.redirect(f"{url.path}?{url.query}".rstrip("?"))
