"""What the board secretary must know: what is overdue, by unit, and on which day she is told.

Pure. What units said, proposed and paused stands in the ``ProgrammeState``; the other lists of
the letter (new answers, failures, unclear wordings) come in as values from the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import quote, urlencode

from email_templates import dates, words
from email_templates.letters import NO_EVIDENCE, BoardDigest, DigestRow, DigestUnit, EvidenceHead, Item
from email_templates.plain_text import DOT
from reminders.planning.mails import end_of_follow_up, meeting_of
from reminders.planning.replies import Pause, Reply
from reminders.planning.stages_ahead import is_listed
from reminders.planning.standing import (
    Decision,
    DecisionKind,
    Open,
    Overview,
    RoundCount,
    Since,
    overview,
    since_summary,
    written_at,
)
from reminders.planning.state import (
    ProgrammeState,
    pause_of,
    reply_of,
)
from reminders.planning.targets import target_of, target_standing, targets
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import LANGUAGES, Lang, Text

Mark = Literal["", "new", "repeated", "listed"]


@dataclass(frozen=True, slots=True)
class Lists:
    """The parts of the digest that the store knows."""

    answered: tuple[DigestRow, ...] = ()
    failures: tuple[DigestRow, ...] = ()
    unclear: tuple[DigestRow, ...] = ()
    evidence: EvidenceHead = NO_EVIDENCE


def board_digest(
    state: ProgrammeState,
    today: date,
    last: date | None,
    base_url: str,
    lists: Lists = Lists(),
    own: tuple[Item, ...] = (),
) -> BoardDigest:
    """Return the secretary's letter of ``today``; ``last`` is the day of the one before."""
    view = overview(state, today)
    since = since_summary(state, view, last) if last else None
    oldest_first = dict.fromkeys(one.waiting for one in view.passed)
    units = tuple(_units(state, keys, view.passed, today, since, base_url) for keys in oldest_first)
    reviews = tuple(_review(state, one, today, since, base_url) for one in view.not_answered)
    paused = any(last is None or one.at >= written_at(state, last) for one in state.pauses.values())
    over = end_of_follow_up(state, today)
    final = over is not None and today > over
    changed = since is None or since.changed
    quiet = not (changed or own or lists.answered or lists.failures or paused or final)
    return BoardDigest(
        programme=state.programme.name,
        sent_on=today,
        url=programme_url(base_url, "/digest", state.programme.key),
        last=last,
        meeting=meeting_of(state, today, last)[1],
        unchanged=last is not None and quiet,
        passed=view.counts.passed,
        decisions=view.counts.decisions,
        not_known=view.counts.not_known,
        final=final,
        overdue=units,
        not_answered=reviews,
        behind=tuple(_behind(state, one, today, since, base_url) for one in view.behind),
        rounds=tuple(_round(one, base_url, state.programme.key) for one in view.rounds),
        own=own,
        proposals=decision_rows(state, view.decisions, "proposal", base_url),
        ended=decision_rows(state, view.decisions, "ended", base_url),
        declined=decision_rows(state, view.decisions, "not-ours", base_url),
        answered=lists.answered,
        paused=paused_items(state, view, today, base_url),
        no_contact=_no_contact(state, view, today, base_url),
        failures=lists.failures,
        unclear=lists.unclear,
        evidence=lists.evidence,
    )


def _review(state: ProgrammeState, one: Open, today: date, since: Since | None, base_url: str) -> DigestRow:
    """Return a review that nobody answered, in one line for all its units."""
    row = one.occurrence
    return DigestRow(
        row.title,
        row.due,
        action_url(base_url, row.id.programme, row.id.action),
        mark=mark_of(state, one, today, since),
        unit=_names(state, one.waiting),
        kind=row.kind,
    )


def _behind(state: ProgrammeState, one: Open, today: date, since: Since | None, base_url: str) -> DigestRow:
    """Return a target that is behind: how many of how many in its year."""
    row, target = one.occurrence, target_of(one.occurrence.id)
    rule = targets(state.programme)[target]
    found = target_standing(rule, state.target_dates.get(target, ()), row.due.year, today)
    so_far = {
        lang: words.times_so_far(lang, found.year, found.entered, found.minimum, found.maximum)
        for lang in LANGUAGES
    }
    return DigestRow(
        row.title,
        None,
        action_url(base_url, row.id.programme, row.id.action),
        mark=mark_of(state, one, today, since),
        note=Text(**so_far),
        unit=_names(state, one.waiting),
    )


def _round(one: RoundCount, base_url: str, programme: str) -> DigestRow:
    """Return a round in one line: how many of how many are missing."""
    row = one.occurrence
    missing = {
        lang: words.say(
            lang,
            "digest.missing",
            missing=dates.number(len(one.missing), lang),
            of=dates.number(len(one.expected), lang),
        )
        for lang in LANGUAGES
    }
    url = f"{base_url}/collection/{row.year or row.due.year}?programme={programme}"
    return DigestRow(row.title, row.due, url, note=Text(**missing))


def _names(state: ProgrammeState, keys: Iterable[str]) -> Text:
    found = [state.programme.organisation_by_key[key].name for key in keys]
    return Text(**{lang: ", ".join(name.get(lang) for name in found) for lang in LANGUAGES})


def _units(
    state: ProgrammeState,
    keys: tuple[str, ...],
    rows: Iterable[Open],
    today: date,
    since: Since | None,
    base_url: str,
) -> DigestUnit:
    """Return what waits for these organisations, and for no others: so each date stands in one row."""
    own = tuple(
        DigestRow(
            title=one.occurrence.title,
            due=one.occurrence.due,
            url=action_url(base_url, one.occurrence.id.programme, one.occurrence.id.action),
            mark=mark_of(state, one, today, since),
            note=_all_said(state, one),
        )
        for one in rows
        if one.waiting == keys
    )
    return DigestUnit(_names(state, keys), own)


def _all_said(state: ProgrammeState, one: Open) -> Text:
    """Say what each of those that are waited for answered, by name where there are several."""
    given = {
        key: last_said(state, reply_of(state, one.occurrence, key), one.occurrence.kind)
        for key in one.waiting
    }
    if len(given) == 1:
        return next(iter(given.values()))
    names = state.programme.organisation_by_key

    def worded(lang: Lang) -> str:
        return "; ".join(
            f"{names[key].name.get(lang)}: {said.get(lang)}" for key, said in given.items() if said
        )

    return Text(**{lang: worded(lang) for lang in LANGUAGES})


def mark_of(state: ProgrammeState, one: Open, today: date, since: Since | None) -> Mark:
    """Say how a row stands: new since the last summary, followed up, or repeated."""
    row = one.occurrence
    if since and str(row.id) in since.new:
        return "new"
    if any(is_listed(state, row, key, today) for key in one.waiting):
        return "listed"
    return "repeated" if since else ""


def last_said(state: ProgrammeState, reply: Reply | None, kind: str = "milestone") -> Text:
    """Say what a unit answered of a ``kind``: the answer, the date it proposed, whose it is, its note."""
    if reply is None:
        return Text()
    return Text(**{lang: DOT.join(_said(state, reply, lang, kind)) for lang in LANGUAGES})


def _said(state: ProgrammeState, reply: Reply, lang: Lang, kind: str) -> Iterator[str]:
    yield from words.answer_parts(lang, reply.answer, reply.new_date, reply.proposal, kind)
    if reply.ended:
        yield words.say(lang, f"said.ended-{reply.proposal or 'pending'}")
    if reply.whose:
        known = state.programme.organisation_by_key.get(reply.whose)
        yield words.say(lang, "said.whose", org=known.name.get(lang) if known else reply.whose)
    if reply.note:
        yield reply.note


def decision_rows(
    state: ProgrammeState, waiting: Iterable[Decision], kind: DecisionKind, base_url: str
) -> tuple[DigestRow, ...]:
    """Return what waits for the secretary's decision of one kind, each with the page on which she decides."""
    where = programme_url(base_url, "/decisions", state.programme.key)
    return tuple(
        replace(
            _row_of(
                state,
                state.occurrences[one.occurrence],
                one.organisation,
                last_said(state, one.reply, state.occurrences[one.occurrence].kind),
                base_url,
            ),
            url=where,
        )
        for one in waiting
        if one.kind == kind
    )


def paused_items(state: ProgrammeState, view: Overview, today: date, base_url: str) -> tuple[DigestRow, ...]:
    """Return what is paused on ``today``: until when, and why."""
    rows = ((state.occurrences[occurrence], key) for occurrence, key in view.paused)
    return tuple(
        _row_of(state, row, key, _pause_note(pause), base_url)
        for row, key in rows
        if (pause := pause_of(state, row, key, today))
    )


def _pause_note(pause: Pause) -> Text:
    until = {lang: words.say(lang, "said.paused", date=dates.short(pause.until, lang)) for lang in LANGUAGES}
    return Text(**{lang: f"{text}{DOT}{pause.reason}" for lang, text in until.items()})


def _row_of(state: ProgrammeState, row: Occurrence, key: str, note: Text, base_url: str) -> DigestRow:
    unit = state.programme.organisation_by_key[key].name
    url = action_url(base_url, row.id.programme, row.id.action)
    return DigestRow(row.title, row.due, url, note=note, unit=unit, kind=row.kind)


def _no_contact(state: ProgrammeState, view: Overview, today: date, base_url: str) -> tuple[DigestRow, ...]:
    """Return who has no contact of its own, each with the page of the first action that it leads."""
    found = []
    for key in view.no_contact:
        led = next(action.id for action in state.programme.actions if key in action.leads_on(today))
        name = state.programme.organisation_by_key[key].name
        found.append(DigestRow(name, None, action_url(base_url, state.programme.key, led)))
    return tuple(found)


def programme_url(base_url: str, path: str, programme: str) -> str:
    """Return the address of a page about a programme, which it names."""
    return f"{base_url}{path}?{urlencode({'programme': programme})}"


def action_url(base_url: str, programme: str, action: str) -> str:
    """Return the address of an action's page."""
    return programme_url(base_url, f"/actions/{quote(action)}", programme)
