"""The page of one action: how it stands, what happens next, words, rules, dates, people, mails.

Messages and recipients are read for the signed-in only. ``action_view`` is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from calendars.event import Entry, entry_path, sort_key
from email_templates import dates, words as shared
from email_templates.plain_text import capital
from reminders.errors import NotFoundError
from reminders.letters.compose import promise_of
from reminders.letters.delivery_events import LogEntry, last_answer
from reminders.planning.due import asked_next, first_start
from reminders.planning.mails import contact_of
from reminders.planning.policy import FIRST_START
from reminders.planning.stages_ahead import StageAhead, stages_ahead
from reminders.planning.standing import overview
from reminders.planning.state import ProgrammeState, needs_answer, unanswered
from reminders.use.answers.status import last_answers
from reminders.use.feeds.source import dates_of_action
from reminders.use.mail.listing import evidence_csv, evidence_rows, read_log
from reminders.use.planning.preview import NextMailing, next_mailing
from reminders.use.programme.explain import finding_text
from reminders.use.programme.queries import FormerHolder, former_holders, renumbered
from reminders.use.watch.audit import record_reading
from reminders.web.answers.target_dates import action_target
from reminders.web.catalogue import say
from reminders.web.mail.outbox import channel_state
from reminders.web.page import Page, Pages
from reminders.web.programme.action_list import bullets, row_of
from reminders.web.programme.correct import LONGEST, CorrectionInput, correction_forms, correction_history
from reminders.web.programme.timeline import Canvas, Mark, mark_status, status_marks
from reminders.web.site import machine_time
from reminders.web.snapshot import CurrentState
from reminders.web.words import overdue_words, rule_rows
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import LANGUAGES, Action, Lang

FEW_PARTIES: Final = 3
"""How many responsible parties are named at once; more are counted, and their names folded."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something that happens on a day if nobody answers."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class DateRow:
    """A dated obligation, or a series of events in one line; ``occurrence``: the secretary may answer it.

    ``stamp`` is its begin for machines.
    """

    due: date
    stamp: str
    what: str
    code: str
    status: str
    answer: str
    occurrence: str = ""


@dataclass(frozen=True, slots=True)
class ActionMail:
    """A message about an action in a line: when, to whom, its subject, its fate.

    To whom tells the ``role``, where several units answer with the ``unit``; the address of somebody who is
    no longer in the list.
    """

    id: int
    day: date
    role: str
    unit: str
    to: str
    subject: str
    language: str
    state: str


def action_view(
    current: CurrentState,
    canvas: Canvas,
    action: Action,
    plan: NextMailing,
    calendar: Sequence[Entry],
    *,
    secretary: bool,
) -> dict[str, object]:
    """Return the page's values; ``calendar`` are the action's dates as feeds show them.

    ``quotes`` are the programme's own words: language, bullets, named facts. ``chains`` are who gets mail:
    the organisation's name, then each step's role, people, and whether it gets the mail now.
    """
    lang, programme = canvas.lang, current.snapshot.programme
    view = overview(current.state, canvas.today)
    found = status_marks(current.state, view, canvas.today, secretary=secretary)
    own = [row for row in current.snapshot.occurrences if row.id.action == action.id]
    row = row_of(current, view, canvas, action, own, found, secretary=secretary)
    focus = focus_of(own, found)
    state, steps = steps_of(current.state, focus, plan, lang)
    printed = current.snapshot.row.printed.action_by_id.get(action.id, action)
    parts = {"schedule": printed.schedule, "responsible": printed.responsible, "indicator": printed.indicator}
    quotes = []
    codes = dict.fromkeys((*LANGUAGES, *printed.bullets))
    for code in sorted(codes, key=lambda code: code != lang):
        if own_bullets := printed.bullets.get(code):
            texts = {name: part.as_dict().get(code, "") for name, part in parts.items()}
            reader = next((one for one in LANGUAGES if one == code), lang)
            named = tuple((say(reader, f"action.{name}"), text) for name, text in texts.items() if text)
            quotes.append((code, own_bullets, named))
    findings = current.snapshot.derived.findings_of(action.id) if secretary else ()
    return {
        "row": row,
        "domain": (programme.domain_of(action).key, programme.domain_of(action).name.get(lang)),
        "goal": programme.goal_by_key[action.goal].name.get(lang),
        "bullets": bullets(action, lang)[1:],
        "chip": overdue_words(focus.due, canvas.today, lang)
        if row.code == "overdue" and focus
        else row.words,
        "facts": tuple(_facts(current, action, focus, canvas)),
        "leads": tuple(
            programme.organisation_by_key[key].name.get(lang) for key in action.leads_on(canvas.today)
        ),
        "steps": steps,
        "promise": next_promise(state, focus, plan, lang),
        "dates": tuple(_dates(current, own, found, canvas, calendar, secretary=secretary)),
        "quotes": tuple(quotes),
        "rules": rule_rows(
            current.snapshot.derived.of(action.id), action, programme, lang, own, named=secretary
        ),
        "findings": tuple(finding_text(finding).get(lang) for finding in findings),
        "chains": tuple(_chain(current, key, canvas) for key in action.leads_on(canvas.today))
        if secretary
        else (),
        "singles": tuple(_singles(calendar, canvas)),
        "feeds": tuple(
            (key, programme.organisation_by_key[key].name.get(lang)) for key in action.leads_on(canvas.today)
        ),
    }


def _facts(current: CurrentState, action: Action, focus: Occurrence | None, canvas: Canvas) -> Iterable[str]:
    lang, names = canvas.lang, current.snapshot.programme.organisation_by_key

    def written(keys: Iterable[str]) -> str:
        return shared.names(lang, (names[key].name for key in keys))

    if focus:
        on = dates.in_table(focus.due, lang)
        yield say(lang, "action.due", what=capital(shared.kind(lang, focus.kind)), on=on)
    leads = action.leads_on(canvas.today)
    if len(leads) > FEW_PARTIES:
        yield say(lang, "action.many", n=len(leads))
    elif leads:
        yield say(lang, "action.party" if len(leads) == 1 else "action.parties", names=written(leads))
    if ended := current.snapshot.programme.ended.get(action.id):
        yield say(lang, "action.ended", on=dates.in_table(ended.on, lang))
    for move in action.handovers:
        if move.effective_from > canvas.today:
            on = dates.short(move.effective_from, lang)
            yield say(lang, "action.moved", on=on, names=written((move.taker,)))
    if action.partners:
        yield say(lang, "action.partners", names=written(action.partners))


def _dates(
    current: CurrentState,
    own: list[Occurrence],
    found: Mapping[str, Mark],
    canvas: Canvas,
    calendar: Sequence[Entry],
    *,
    secretary: bool,
) -> list[DateRow]:
    """Return the dated rows in order, and what only calendars have; a series of events takes one line."""
    lang, today = canvas.lang, canvas.today
    no_answer = say(lang, "action.no-answer-needed")
    series: dict[str, list[Occurrence]] = {}
    rows: list[DateRow] = []
    shown_as = {one.occurrence: one for one in calendar}
    for row in own:
        if row.kind == "event":
            series.setdefault(row.id.seed, []).append(row)
            continue
        kind, mark, answer = shared.kind(lang, row.kind), found[str(row.id)], no_answer
        what = capital(kind) + (f" {row.year}" if row.year else "")
        if needs_answer(row):
            answer = (_answers(current, row, lang) or _no_answer(row, lang)) if secretary else ""
        answerable = str(row.id) if secretary and needs_answer(row) and row.kind != "collection" else ""
        status = mark_status(mark, lang)
        rows.append(DateRow(row.due, row.due.isoformat(), what, mark.code, status, answer, answerable))
    for instances in series.values():
        standing = [row for row in instances if row.status != "cancelled"] or instances
        ahead = next((row for row in standing if row.due >= today), None)
        shown, n = ahead or standing[-1], len(standing)
        entry = shown_as.get(str(shown.id))
        name = entry_name(entry, lang) if entry else shown.title.get(lang)
        parts = [name, say(lang, "action.series-past", n=n)]
        if ahead and entry:
            parts = [name, say(lang, "action.series", n=n, on=entry_words(entry, lang))]
        elif ahead:
            parts = [name, say(lang, "action.series", n=n, on=dates.in_table(shown.due, lang))]
        what = ": ".join(parts)
        status = capital(shared.event_status(lang, shown.status))
        stamp = machine_time(shown.starts_at or shown.due, current.snapshot.programme.timezone)
        rows.append(DateRow(shown.due, stamp, what, "coming", status, no_answer))
    known = {str(row.id) for row in own}
    for one in calendar:
        if one.occurrence not in known:  # a change took it away; calendars go on showing it
            what = capital(shared.kind(lang, one.kind)) + (f" {one.year}" if one.year else "")
            if one.kind == "event":
                what = f"{entry_name(one, lang)}: {entry_words(one, lang)}"
            is_off = one.state == "cancelled"
            status = (
                capital(shared.event_status(lang, one.status)) if is_off else say(lang, "action.left-over")
            )
            rows.append(
                DateRow(one.day, machine_time(one.start, one.zone), what, "coming", status, no_answer)
            )
    return sorted(rows, key=lambda row: row.due)


def entry_name(entry: Entry, lang: Lang) -> str:
    """Return how calendars call an event: by its own name, else the short one of its action."""
    return (entry.short or entry.title).get(lang)


def entry_words(entry: Entry, lang: Lang) -> str:
    """Return day, time and place of an event as calendars show it: *Wed 29 Apr 2026, 17:00, Library*."""
    parts, end = [dates.in_table(entry.day, lang)], entry.finish
    if isinstance(entry.start, datetime):
        begin = entry.start.time()
        last = end.time() if isinstance(end, datetime) and end > entry.start else None
        parts.append(dates.between(begin, last, lang) if last else dates.at(begin, lang))
    return ", ".join(filter(None, (*parts, entry.location.get(lang))))


def _no_answer(row: Occurrence, lang: Lang) -> str:
    """Say that nobody has answered, or that the answer so far was a date, which was approved."""
    on = row.basis.moved_on
    if on is None or row.kind == "collection":
        return say(lang, "action.no-answer")
    return say(lang, "action.date-approved", answer=shared.answer(lang, "late"), on=dates.short(on, lang))


def _answers(current: CurrentState, row: Occurrence, lang: Lang) -> str:
    """Say who answered what and when, equal answers together."""
    names = current.snapshot.programme.organisation_by_key
    newest = last_answers(current.snapshot.programme, row, current.answers)
    zone = ZoneInfo(current.snapshot.programme.timezone)
    alike: dict[tuple[str, date], list[str]] = {}
    for one in dict.fromkeys(newest.values()):
        reply = current.state.replies.get((one.occurrence, one.organisation))
        said = shared.answer_parts(lang, one.answer, one.new_date, reply.proposal if reply else "", row.kind)
        alike.setdefault((", ".join(said), one.at.astimezone(zone).date()), []).append(
            names[one.organisation].name.get(lang)
        )
    return "; ".join(
        say(
            lang,
            "action.answered",
            answer=answer,
            org=", ".join(orgs),
            on=dates.short(on, lang),
        )
        for (answer, on), orgs in alike.items()
    )


def _chain(
    current: CurrentState, key: str, canvas: Canvas
) -> tuple[str, list[tuple[str, tuple[str, ...], bool]]]:
    people, lang = current.state.people, canvas.lang
    now = {contact.email for contact in people.unit(key, canvas.today)}
    reached = False
    links = []
    for link in people.chain(key, canvas.today):
        emails = tuple(contact.email for contact in link.contacts)
        mailed_now = bool(now.intersection(emails)) and (not reached or link.role == "deputy")
        reached = reached or mailed_now
        links.append((capital(shared.role(lang, link.role)), emails, mailed_now))
    return current.snapshot.programme.organisation_by_key[key].name.get(lang), links


def _singles(calendar: Iterable[Entry], canvas: Canvas) -> Iterable[tuple[str, str]]:
    """Yield what can be put into a calendar alone: each entry with a date ahead, a series as one."""
    seen: set[str] = set()
    for one in sorted(calendar, key=sort_key):
        if one.day < canvas.today or one.state == "cancelled" or one.uid in seen:
            continue
        seen.add(one.uid)
        what, on = shared.kind(canvas.lang, one.kind), dates.short(one.day, canvas.lang)
        if one.kind == "event":
            what = entry_name(one, canvas.lang)
        yield say(canvas.lang, "action.single", what=what, on=on), entry_path(one.uid, canvas.lang)


def focus_of(own: list[Occurrence], found: Mapping[str, Mark]) -> Occurrence | None:
    """Return what is to be answered first: the newest that has passed, else the next open one."""
    open_rows = [row for row in own if needs_answer(row) and not found[str(row.id)].overtaken]
    late = [
        row for row in open_rows if found[str(row.id)].standing in {"passed", "not-answered", "not-known"}
    ]
    waits = {"due-soon", "on-schedule", "coming", "open", "late"}
    ahead = [row for row in open_rows if found[str(row.id)].standing in waits]
    return late[-1] if late else next(iter(ahead), None)


def steps_of(
    state: ProgrammeState, focus: Occurrence | None, plan: NextMailing, lang: Lang
) -> tuple[ProgrammeState, tuple[NextStep, ...]]:
    """Return what is sent about ``focus`` from the plan's first day on, and the world as it will be then."""
    silent = unanswered(state, focus, plan.first_day) if focus else ()
    if focus is None or not silent:
        return state, ()
    found: list[StageAhead] = []
    if plan.started:
        state = asked_next(state, state.workdays.on_or_after(plan.first_day))
    else:
        start = first_start(state, plan.first_day)
        state = replace(state, anchors=start.anchors)
        found = [StageAhead(stage, silent) for stage in start.stages if stage.occurrence == str(focus.id)]
    after = plan.first_day + timedelta(days=1) if found else plan.first_day
    found += stages_ahead(state, focus, silent, after)
    steps = []
    for one in found:
        stage = one.stage
        if stage.role != "unit":
            words = say(lang, "action.listed" if one.listed else "action.head")
        elif stage.name == FIRST_START:
            words = say(lang, "action.remind", stage=shared.letter(lang, "status-request"))
        else:
            named = shared.stage(lang, stage.name, (focus.due - stage.send_on).days, focus.kind)
            words = say(lang, "action.remind", stage=named)
        steps.append(NextStep(stage.send_on, words))
    return state, tuple(steps)


def next_promise(state: ProgrammeState, focus: Occurrence | None, plan: NextMailing, lang: Lang) -> str:
    """Say what happens if nobody answers, and by when; nothing when nothing happens."""
    if focus is None:
        return ""
    day = plan.first_day
    silent = unanswered(state, focus, day)
    found = promise_of(state, focus, silent, day) if silent else None
    if found is None:
        return ""
    by, on = dates.in_sentence(found.answer_by, lang), dates.in_sentence(found.on, lang)
    if found.kind == "next":
        return say(lang, "action.promise.next", on=on)
    return say(lang, f"action.promise.{found.kind}", by=by, on=on)


class ActionPages(Pages):
    """The page of an action, and the evidence of its mails."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/actions/{action}", self.show),
            *self.secretary("/actions/{action}/evidence.csv", self.evidence),
        ]

    def show(self, page: Page) -> Response:
        """Show one action; messages and recipients only to the signed-in."""
        try:
            action = page.action
        except NotFoundError:
            return _renumbered(page)
        current, signed_in = page.current, page.visitor.signed_in
        snapshot, lang = current.snapshot, page.lang
        with page.read() as connection:
            log = read_log(connection, action.id, page.key) if signed_in else ()
            former = former_holders(connection, snapshot.programme, action.id)
        plan = next_mailing(
            page.service, started=snapshot.row.started_on is not None, programme=snapshot.programme.key
        )
        canvas = Canvas(snapshot.programme, page.today, lang)
        return page.render(
            "action.html",
            former=[_former(one, page) for one in former],
            view=action_view(
                current,
                canvas,
                action,
                plan,
                dates_of_action(page.site.snapshots.source(page.key), action.id),
                secretary=signed_in,
            ),
            today=canvas.today,
            held=snapshot.row.held,
            counted=action_target(page.site, snapshot.programme, action.id, lang),
            forms=correction_forms(snapshot.row, action, lang, CorrectionInput()) if signed_in else (),
            past=correction_history(snapshot.programme, action, lang) if signed_in else (),
            key=page.key,
            longest=LONGEST,
            few=FEW_PARTIES,
            sent=tuple(_action_mail(page, entry) for entry in reversed(log)),
        )

    def evidence(self, page: Page) -> Response:
        """Answer for ``/actions/{action}/evidence.csv``: every item of every mail about it."""
        action = page.path("action")
        with page.read() as connection:
            log = read_log(connection, action, page.key)
        record_reading(page.service, "record-export", page.key, action)
        rows = evidence_rows(log, page.current.state.occurrences, page.lang, action)
        name = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in action)
        # The mark at the front tells spreadsheets that this is UTF-8.
        return page.file(evidence_csv(rows).encode("utf-8-sig"), "text/csv", f"evidence-{name}.csv")


@dataclass(frozen=True, slots=True)
class FormerAddress:
    """Whose an action's address was before, in words, and where that action is now; nothing: it is gone."""

    words: str
    href: str
    title: str


def _former(one: FormerHolder, page: Page) -> FormerAddress:
    on = dates.short(one.until.astimezone(ZoneInfo(page.snapshot.programme.timezone)).date(), page.lang)
    title = one.title.get(page.lang)
    if not one.now:
        return FormerAddress(page.say("action.former-gone", on=on, title=title), "", "")
    words = page.say("action.former", on=on, title=title, id=one.now)
    return FormerAddress(words, page.home(f"/actions/{quote(one.now)}"), title)


def _renumbered(page: Page) -> Response:
    """Lead on from an id that no action has any more to the action that had it last, else raise."""
    action, key = page.path("action"), page.query.get("programme")
    with page.read() as connection:
        found = renumbered(connection, action, key)
    if found is None:
        raise NotFoundError(f"no action {action!r}")
    query = {"programme": found[0], **({"lang": page.query["lang"]} if "lang" in page.query else {})}
    return page.redirect(f"/actions/{quote(found[1])}?{urlencode(query)}")


def _action_mail(page: Page, entry: LogEntry) -> ActionMail:
    answered, state = last_answer(entry.events), page.current.state
    contact = contact_of({page.key: state}, entry.to, entry.day)
    names, several = state.programme.organisation_by_key, len(page.action.leads_on(page.today)) > 1
    unit = names[contact.organisation].name.get(page.lang) if contact and several else ""
    return ActionMail(
        id=entry.id,
        day=entry.day,
        role=capital(shared.role(page.lang, contact.role)) if contact else "",
        unit=unit if contact and contact.role != "secretary" else "",
        to=entry.to,
        subject=entry.subject,
        language=entry.language[:2],
        state=channel_state(page.service.settings, entry.state, page.lang, answered.text if answered else ""),
    )
