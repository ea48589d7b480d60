"""One action in full sentences: wording, rules with their words, dates, who is told when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from email_templates import dates, words
from email_templates.catalogue import say_from
from reminders.planning.due import FirstStart, asked_next, first_start
from reminders.planning.hand_over import takes_hold
from reminders.planning.policy import FIRST_START, asks_for_dates
from reminders.planning.stages_ahead import StageAhead, stages_ahead
from reminders.planning.state import ProgrammeState, mailboxes, responsible, unanswered
from reminders.planning.targets import is_checkpoint
from schedule_rules.derive import derive
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import LANGUAGES, Action, Lang, Text
from schedule_rules.rule import Finding, Rule, TargetRule

_SHOWN = 4

say = say_from("reminders.use")


def finding_text(finding: Finding) -> Text:
    """Say in every language what needs a decision, with the words in question."""

    def worded(lang: Lang) -> str:
        if finding.code == "no-schedule":
            return say(lang, "finding.no-schedule")
        if finding.code == "languages-disagree":
            quoted = ", ".join(dates.quoted(text, lang) for text in finding.words.as_dict().values())
        else:
            quoted = dates.quoted(finding.words.get(lang), lang)
        return say(lang, f"finding.{finding.code}", wording=quoted)

    return Text(**{lang: worded(lang) for lang in LANGUAGES})


def explain(state: ProgrammeState, action: Action, lang: Lang, day: date, *, started: bool) -> str:
    """Return the explanation of an action as lines of text.

    Who is told when is said from ``day`` on; a programme that has not
    ``started`` begins with the status requests of that day.
    """
    derived = derive(state.programme)
    own = (row for row in state.occurrences.values() if row.id.action == action.id)
    rows = [row for row in own if not is_checkpoint(row.id)]
    unclear = [finding_text(finding).get(lang) for finding in derived.findings_of(action.id)]
    rules = (rule_text(rule, action, lang) for rule in derived.of(action.id))
    printed = {"schedule": action.schedule, "indicator": action.indicator}
    says = [
        say(lang, f"explain.{name}", wording=dates.quoted(text.get(lang), lang))
        for name, text in printed.items()
        if text
    ]
    parts = [
        list(_head(state, action, lang)),
        [say(lang, "explain.says"), *_indented(says)] if says else [],
        [say(lang, "explain.rules"), *_indented(rules)],
        [say(lang, "explain.open"), *_indented(unclear)] if unclear else [],
        [say(lang, "explain.dates"), *_indented(_dates(rows, lang))],
        [say(lang, "explain.told"), *_indented(_told(state, rows, lang, day, started=started))],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _head(state: ProgrammeState, action: Action, lang: Lang) -> Iterator[str]:
    def names(keys: tuple[str, ...]) -> str:
        return words.names(lang, (state.programme.organisation_by_key[key].name for key in keys))

    yield from action.bullets.get(lang, (action.title.get(lang),))
    yield say(lang, "explain.party", names=names(action.leads))
    if action.partners:
        yield say(lang, "explain.partners", names=names(action.partners))
    for move in (one for one in action.handovers if takes_hold(action, one)):
        on, taker = dates.in_sentence(move.effective_from, lang), names((move.taker,))
        if move.by:
            yield say(lang, "explain.moves-by", on=on, taker=taker, by=words.doer(lang, move.by))
        else:
            wording = dates.quoted(move.source.get(lang), lang)
            yield say(lang, "explain.moves", on=on, taker=taker, wording=wording)


def rule_text(rule: Rule, action: Action, lang: Lang) -> str:
    """Say one rule: how the wording was read, on what basis, and which printed words it comes from."""
    read = words.reading(lang, rule.basis.reading)
    if isinstance(rule, TargetRule):
        first, last = dates.short(rule.start, lang), dates.short(rule.end, lang)
        read = say(lang, "explain.target", words=read, first=first, last=last)
    printed = action.printed_words(rule.basis.words)
    to = "" if printed == rule.basis.words else rule.basis.words.get(lang)
    basis = words.basis(lang, rule.basis.provenance, rule.basis.by, rule.basis.on, to)
    wording = printed.get(lang)
    if not wording:  # a frequency that a person gave to an action without an indicator
        return say(lang, "explain.rule-of-no-words", rule=read, basis=basis)
    return say(lang, "explain.rule", rule=read, basis=basis, wording=dates.quoted(wording, lang))


def _dates(rows: list[Occurrence], lang: Lang) -> Iterator[str]:
    """Yield each date; of a long series its first ones and how many there are."""
    by_kind: dict[str, list[Occurrence]] = {}
    for row in rows:
        by_kind.setdefault(row.id.seed if row.kind == "event" else row.kind, []).append(row)
    for found in by_kind.values():
        shown = found if len(found) <= _SHOWN + 1 else found[: _SHOWN - 1]
        for row in shown:
            yield f"{dates.in_table(row.due, lang)}  {_what(row, lang)}"
        if len(shown) < len(found):
            yield say(lang, "explain.all-dates", len(found))


def _what(row: Occurrence, lang: Lang) -> str:
    """Name a date's kind, and of an event its status; say of a date that was moved what it was before."""
    what, basis = words.kind(lang, row.kind), row.basis
    note = words.event_status(lang, row.status) if row.kind == "event" else ""
    if row.kind != "event" and row.status == "cancelled":
        note = words.standing(lang, "ended")
    if basis.provenance == "corrected":
        note = note or words.basis(lang, basis.provenance, basis.by, basis.on)
    stands = f"{what} ({note})" if note else what
    by = f" ({basis.moved_by})" if "@" in basis.moved_by else ""
    return f"{stands}. {words.date_moved(lang, row)}{by}" if basis.was_due else stands


def _told(
    state: ProgrammeState, rows: list[Occurrence], lang: Lang, day: date, *, started: bool
) -> Iterator[str]:
    """Yield what is still to be told about each row: nothing where every unit has answered."""
    begin = None if started else first_start(state, day)
    if begin:
        state = replace(state, anchors=begin.anchors)
    else:
        state = asked_next(state, state.workdays.on_or_after(day))
    for row in rows:
        planned = list(_ahead(state, row, day, begin))
        if planned:
            yield f"{dates.in_table(row.due, lang)}  {words.kind(lang, row.kind)}"
            for step in planned:
                then = _with_takers(state, row, step, day)
                yield f"  {dates.in_table(step.stage.send_on, lang)}  {_step(state, row, then, lang)}"


def _ahead(
    state: ProgrammeState, row: Occurrence, day: date, begin: FirstStart | None
) -> Iterator[StageAhead]:
    """Yield what is told about a row from ``day`` on to units that are asked, by a first start too."""
    row_id, asked = str(row.id), unanswered(state, row, day)
    asking = asks_for_dates(tuple(state.occurrences.values())) if row.kind == "event" else ()
    if not asked:
        return
    yield from (
        StageAhead(stage, asked) for stage in (begin.stages if begin else ()) if stage.occurrence == row_id
    )
    overtaken = row.due < day and row_id not in state.anchors and begin is not None
    if overtaken or (row.kind == "event" and row_id not in asking):
        return
    yield from stages_ahead(state, row, asked, day + timedelta(days=1) if begin else day)


def _with_takers(state: ProgrammeState, row: Occurrence, step: StageAhead, day: date) -> StageAhead:
    """Return a step with who has taken over by then in the place of who has handed over."""
    then = step.stage.send_on
    now, later = responsible(state, row, day), responsible(state, row, then)
    takers = (key for key in unanswered(state, row, then) if key not in now)
    own = (key for key in step.organisations if key in later)
    return step if now == later else replace(step, organisations=(*own, *takers))


def _step(state: ProgrammeState, row: Occurrence, step: StageAhead, lang: Lang) -> str:
    if step.listed:
        return say(lang, "explain.listed")
    stage = step.stage
    is_anew = stage.name == FIRST_START and stage.sequence is not None
    days = (row.due - stage.send_on).days
    what = words.letter(lang, "status-request") if is_anew else words.stage(lang, stage.name, days, row.kind)
    return f"{_addressees(state, row, step, lang)} – {what}"


def _addressees(state: ProgrammeState, row: Occurrence, step: StageAhead, lang: Lang) -> str:
    role, day = step.stage.role, step.stage.send_on
    found = dict.fromkeys(one.email for key in step.organisations for one in mailboxes(state, key, role, day))
    addresses = list(found) or [say(lang, "explain.nobody")]
    if row.kind == "collection" and len(addresses) > _SHOWN:
        addresses = [*addresses[:_SHOWN], f"… ({len(addresses)})"]
    return say(lang, "explain.to", role=say(lang, f"explain.{role}"), addresses=", ".join(addresses))
