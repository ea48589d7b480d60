"""The page of one action. Messages and recipients are read for the signed-in only.

Everything about one action as values: how it stands, what happens next, words, rules, dates, people.

Pure; messages and addresses are handed in and shown to the signed-in only.

What happens next about an action if nobody answers: the stages to come, and the promise. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from calendars.event import uid
from email_templates import dates
from email_templates import words as shared
from reminders.letters.compose import promise_of as promise_of_compose
from reminders.planning.due import first_start
from reminders.planning.policy import FIRST_START, Stage, stages
from reminders.planning.state import ProgrammeState, needs_answer, unanswered
from reminders.store import Connection, delivery_log, planned
from reminders.store.delivery_log import LogEntry
from reminders.use.answers.status import last_answers
from reminders.use.mail.evidence import evidence_csv, evidence_rows, rule_name
from reminders.use.planning.preview import next_sending
from reminders.use.programme.explain import finding_text
from reminders.web.answers.target_dates import action_held
from reminders.web.catalogue import answer, channel_state, reply, say
from reminders.web.programme.correct import LONGEST, CorrectionInput, correction_history, forms
from reminders.web.programme.glance import GlanceRow, bullets, row_of
from reminders.web.programme.timeline import Canvas, Mark, RuleRow, mark_status, rule_rows, status_marks
from reminders.web.session import refuse_request
from reminders.web.site import OWN_NAMES, Site
from reminders.web.snapshot import CurrentState, ProgrammeSnapshot, book_of
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import LANGUAGES, Action, Lang

# -- What happens next about an action if nobody answers: the stages to come, and the promise.


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens on a day if nobody answers."""

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """When mail goes: the first day not mailed yet; whether the programme has had its first start."""

    first_day: date
    started: bool


def focus_of(own: list[Occurrence], found: Mapping[str, Mark]) -> Occurrence | None:
    """Return what is to be answered first: the newest overdue row, else the next open one."""
    open_rows = [row for row in own if needs_answer(row) and not found[str(row.id)].missing]
    late = [row for row in open_rows if found[str(row.id)].code == "overdue"]
    ahead = [row for row in open_rows if found[str(row.id)].code in {"soon", "coming"}]
    return late[-1] if late else next(iter(ahead), None)


def steps_of(
    state: ProgrammeState, focus: Occurrence | None, plan: Plan, lang: Lang
) -> tuple[ProgrammeState, tuple[Step, ...]]:
    """Return what is sent about ``focus`` from the plan's first day on, and the world as it will be then."""
    if focus is None or not unanswered(state, focus, plan.first_day):
        return state, ()
    found: list[Stage] = []
    if not plan.started:
        start = first_start(state, plan.first_day)
        state = replace(state, anchors=start.anchors)
        found = [stage for stage in start.stages if stage.occurrence == str(focus.id)]
    planned = stages(focus, state.workdays, state.policy, state.anchors.get(str(focus.id)))
    after = (
        plan.first_day if plan.started else max((stage.send_on for stage in found), default=plan.first_day)
    )
    found += [stage for stage in planned if stage.send_on >= after and stage not in found]
    return state, tuple(Step(stage.send_on, _stage_words(focus, stage, lang)) for stage in found)


def _stage_words(row: Occurrence, stage: Stage, lang: Lang) -> str:
    if stage.role == "unit":
        if stage.name == FIRST_START:
            return say(lang, "action.remind", stage=shared.letter(lang, "status-request"))
        days = (row.due - stage.send_on).days
        return say(lang, "action.remind", stage=shared.stage(lang, stage.name, days, row.kind))
    return say(lang, "action.head" if stage.role == "head" else "action.listed")


def next_promise(state: ProgrammeState, focus: Occurrence | None, plan: Plan, lang: Lang) -> str:
    """Say what happens if nobody answers, and by when; nothing when nothing happens."""
    if focus is None:
        return ""
    day = plan.first_day
    asked = unanswered(state, focus, day)
    found = promise_of_compose(state, focus, asked, day) if asked else None
    if found is None:
        return ""
    by, on = dates.in_sentence(found.answer_by, lang), dates.in_sentence(found.on, lang)
    return say(lang, f"action.promise.{found.kind}", by=by, on=on)


# -- Everything about one action as values: how it stands, what happens next, words, rules, dat


@dataclass(frozen=True, slots=True)
class DateRow:
    """A dated obligation, or a series of events in one line; ``occurrence``: the secretary may answer it."""

    due: date
    what: str
    code: str
    status: str
    answer: str
    occurrence: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The programme's own words in one language."""

    lang: Lang
    bullets: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    """One step of a recipient chain: the role, who stands in it, and whether it gets the mail now."""

    role: str
    people: tuple[str, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The recipient chain of one organisation."""

    name: str
    links: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class ActionView:
    """All that the page of an action says."""

    row: GlanceRow
    domain: tuple[str, str]
    goal: str
    bullets: tuple[str, ...]
    chip: str
    facts: tuple[str, ...]
    steps: tuple[Step, ...]
    promise: str
    dates: tuple[DateRow, ...]
    quotes: tuple[Quote, ...]
    rules: tuple[RuleRow, ...]
    findings: tuple[str, ...]
    chains: tuple[Chain, ...]
    singles: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str], ...]


def action_view(
    standing: CurrentState, canvas: Canvas, action: Action, plan: Plan, *, secretary: bool
) -> ActionView:
    """Return the page's values."""
    lang, programme = canvas.lang, standing.book.programme
    found = status_marks(standing.state, standing.answers, canvas.today, secretary=secretary)
    own = [row for row in standing.book.occurrences if row.id.action == action.id]
    row = row_of(standing, canvas, action, own, found, secretary=secretary)
    focus = focus_of(own, found)
    state, steps = steps_of(standing.state, focus, plan, lang)
    findings = standing.book.derived.findings_of(action.id) if secretary else ()
    return ActionView(
        row=row,
        domain=(programme.domain_of(action).key, programme.domain_of(action).name.get(lang)),
        goal=programme.goal_by_key[action.goal].name.get(lang),
        bullets=bullets(action, lang)[1:],
        chip=_chip(row, focus, canvas),
        facts=tuple(_facts(standing, action, focus, canvas)),
        steps=steps,
        promise=next_promise(state, focus, plan, lang),
        dates=tuple(_dates(standing, own, found, canvas, secretary=secretary)),
        quotes=tuple(_quote(action, lang) for lang in _own_first(action, lang)),
        rules=rule_rows(standing.book.derived.of(action.id), action, programme, lang, named=secretary),
        findings=tuple(finding_text(finding).get(lang) for finding in findings),
        chains=tuple(_chain(standing, key, canvas) for key in action.leads_on(canvas.today))
        if secretary
        else (),
        singles=tuple(_singles(own, canvas)),
        feeds=tuple(
            (key, programme.organisation_by_key[key].name.get(lang)) for key in action.leads_on(canvas.today)
        ),
    )


def _chip(row: GlanceRow, focus: Occurrence | None, canvas: Canvas) -> str:
    if row.code == "overdue" and focus:
        return say(canvas.lang, "action.overdue", n=(canvas.today - focus.due).days)
    return shared.status(canvas.lang, row.code)


def _facts(standing: CurrentState, action: Action, focus: Occurrence | None, canvas: Canvas) -> Iterable[str]:
    lang, names = canvas.lang, standing.book.programme.organisation_by_key

    def written(keys: Iterable[str]) -> str:
        return shared.names(lang, (names[key].name for key in keys))

    if focus:
        kind = shared.kind(lang, focus.kind)
        on = dates.in_table(focus.due, lang)
        yield say(lang, "action.due", what=f"{kind[:1].upper()}{kind[1:]}", on=on)
    leads = action.leads_on(canvas.today)
    if leads:
        yield say(lang, "action.party" if len(leads) == 1 else "action.parties", names=written(leads))
    for move in action.handovers:
        if move.effective_from > canvas.today:
            on = dates.short(move.effective_from, lang)
            yield say(lang, "action.moved", on=on, names=written((move.taker,)))
    if action.partners:
        yield say(lang, "action.partners", names=written(action.partners))


def _dates(
    standing: CurrentState,
    own: list[Occurrence],
    found: Mapping[str, Mark],
    canvas: Canvas,
    *,
    secretary: bool,
) -> Iterable[DateRow]:
    """Yield the dated rows in order; a series of events takes one line."""
    series: dict[str, list[Occurrence]] = {}
    rows: list[DateRow] = []
    for row in own:
        if row.kind == "event":
            series.setdefault(row.id.seed, []).append(row)
        else:
            rows.append(_date_row(standing, row, found[str(row.id)], canvas, secretary=secretary))
    rows += [_series_row(instances, canvas) for instances in series.values()]
    return sorted(rows, key=lambda row: row.due)


def _date_row(
    standing: CurrentState, row: Occurrence, mark: Mark, canvas: Canvas, *, secretary: bool
) -> DateRow:
    lang = canvas.lang
    kind = shared.kind(lang, row.kind)
    what = f"{kind[:1].upper()}{kind[1:]}" + (f" {row.year}" if row.year else "")
    if not needs_answer(row):
        answer = say(lang, "action.no-answer-needed")
    elif not secretary:
        answer = ""
    else:
        answer = _answers(standing, row, lang) or say(lang, "action.no-answer")
    taken = str(row.id) if secretary and needs_answer(row) and row.kind != "collection" else ""
    return DateRow(row.due, what, mark.code, mark_status(mark, lang), answer, taken)


def _answers(standing: CurrentState, row: Occurrence, lang: Lang) -> str:
    """Say who answered what and when, equal answers together."""
    names = standing.book.programme.organisation_by_key
    said = last_answers(standing.book.programme, row, standing.answers)
    alike: dict[tuple[str, date], list[str]] = {}
    for one in dict.fromkeys(said.values()):
        name = names[one.organisation].name.get(lang)
        alike.setdefault((one.answer, one.at.date()), []).append(name)
    return "; ".join(
        say(
            lang,
            "action.answered",
            answer=shared.answer(lang, code),
            org=", ".join(orgs),
            on=dates.short(on, lang),
        )
        for (code, on), orgs in alike.items()
    )


def _series_row(instances: list[Occurrence], canvas: Canvas) -> DateRow:
    lang = canvas.lang
    ahead = [row for row in instances if row.due >= canvas.today]
    shown = ahead[0] if ahead else instances[-1]
    if ahead:
        what = say(lang, "action.series", n=len(instances), on=dates.in_table(shown.due, lang))
    else:
        what = say(lang, "action.series-past", n=len(instances))
    status = shared.event_status(lang, shown.status)
    return DateRow(
        shown.due, what, "coming", f"{status[:1].upper()}{status[1:]}", say(lang, "action.no-answer-needed")
    )


def _own_first(action: Action, lang: Lang) -> list[Lang]:
    known = [code for code in LANGUAGES if action.bullets.get(code)]
    return sorted(known, key=lambda code: code != lang)


def _quote(action: Action, lang: Lang) -> Quote:
    parts = {"schedule": action.schedule, "responsible": action.responsible, "indicator": action.indicator}
    facts = tuple(
        (say(lang, f"action.{name}"), text)
        for name, texts in parts.items()
        if (text := texts.as_dict().get(lang, ""))
    )
    return Quote(lang, action.bullets[lang], facts)


def _chain(standing: CurrentState, key: str, canvas: Canvas) -> Chain:
    people, lang = standing.state.people, canvas.lang
    now = {contact.email for contact in people.unit(key, canvas.today)}
    reached = False
    links = []
    for link in people.chain(key, canvas.today):
        emails = tuple(contact.email for contact in link.contacts)
        current = bool(now.intersection(emails)) and (not reached or link.role == "deputy")
        reached = reached or current
        role = shared.role(lang, link.role)
        links.append(PageLink(f"{role[:1].upper()}{role[1:]}", emails, current))
    return Chain(standing.book.programme.organisation_by_key[key].name.get(lang), tuple(links))


def _singles(own: list[Occurrence], canvas: Canvas) -> Iterable[tuple[str, str]]:
    """Yield what can be put into a calendar alone: each date ahead, a series as one entry."""
    seen: set[str] = set()
    for row in own:
        if row.kind == "start" or row.due < canvas.today or row.id.seed in seen:
            continue
        seen.add(row.id.seed)
        what, on = shared.kind(canvas.lang, row.kind), dates.short(row.due, canvas.lang)
        href = f"/calendars/event/{uid(row.kind, row.id.seed)}-{canvas.lang}.ics"
        yield say(canvas.lang, "action.single", what=what, on=on), href


# -- The page of one action. Messages and recipients are read for the signed-in only


@dataclass(frozen=True, slots=True)
class ActionMail:
    """One message about an action: to whom, why, and what the server said."""

    id: int
    day: date
    to: str
    why: str
    state: str
    message_id: str
    reply: str
    sha256: str
    language: str
    rules: tuple[str, ...]


class ActionPages:
    """The endpoint of an action's page."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/actions/{id}", self.page), Route("/actions/{id}/evidence.csv", self.evidence)]

    def page(self, request: Request) -> Response:
        """Answer for ``/actions/{id}``."""
        site, visitor = self.site, self.site.visitor(request)
        with site.library.read() as connection:
            book = book_of(
                site.library.books(connection), visitor.query.get("programme"), request.path_params["id"]
            )
            standing = site.library.standing(connection, book)
            log = delivery_log.log_entries(connection, request.path_params["id"]) if visitor.signed_in else ()
            plan = self._plan(connection, book)
        canvas = Canvas(book.programme, site.library.today(), visitor.lang)
        action = book.programme.action_by_id[request.path_params["id"]]
        return site.page(
            request,
            "action.html",
            view=action_view(standing, canvas, action, plan, secretary=visitor.signed_in),
            today=canvas.today,
            held=book.row.held,
            counted=action_held(site, standing.state, action.id, visitor.lang),
            forms=forms(book.row, action, visitor.lang, CorrectionInput()) if visitor.signed_in else (),
            past=correction_history(book.programme, action, visitor.lang) if visitor.signed_in else (),
            key=book.programme.key,
            longest=LONGEST,
            sent=tuple(self._sent(standing, entry, action.id, visitor.lang) for entry in log),
        )

    def evidence(self, request: Request) -> Response:
        """Answer for ``/actions/{id}/evidence.csv``, signed in: every item of every mail about it."""
        if refused := refuse_request(self.site, request):
            return refused
        visitor, action = self.site.visitor(request), request.path_params["id"]
        with self.site.library.read() as connection:
            book = book_of(self.site.library.books(connection), visitor.query.get("programme"), action)
            state = self.site.library.standing(connection, book).state
            log = delivery_log.log_entries(connection, action)
        rows = evidence_rows(log, state.occurrences, visitor.lang, action)
        named = {"Content-Disposition": f'attachment; filename="evidence-{_plain(action)}.csv"'}
        headers = named | {"Cache-Control": "no-store"}
        # The mark at the front tells spreadsheets that this is UTF-8.
        content = "\N{ZERO WIDTH NO-BREAK SPACE}" + evidence_csv(rows)
        return Response(content, headers=headers, media_type="text/csv")

    def _plan(self, connection: Connection, book: ProgrammeSnapshot) -> Plan:
        if book.row.started_on is None:
            return Plan(next_sending(self.site.service).date(), started=False)
        today = self.site.library.today()
        mailed = planned.watermark(connection) == today
        return Plan(today + timedelta(days=1) if mailed else today, started=True)

    def _sent(self, standing: CurrentState, entry: LogEntry, action: str, lang: Lang) -> ActionMail:
        own = [item for item in entry.items if OccurrenceID.parse(item["occurrence"]).action == action]
        reasons = [_why(standing, item, entry.day, lang) for item in own]
        return ActionMail(
            id=entry.id,
            day=entry.day,
            to=entry.to,
            why=", ".join(dict.fromkeys(reasons)),
            state=channel_state(self.site.service.settings, entry.state, lang, answer(entry.events)),
            message_id=entry.message_id,
            reply=reply(entry.events),
            sha256=entry.sha256,
            language=", ".join(OWN_NAMES[one] for one in LANGUAGES if one in entry.language.split("+")),
            rules=_rules(standing, own, lang),
        )


def _rules(standing: CurrentState, items: list[dict[str, str]], lang: Lang) -> tuple[str, ...]:
    rows = (standing.state.occurrences.get(item["occurrence"]) for item in items)
    return tuple(dict.fromkeys(rule_name(row, lang) for row in rows if row))


def _plain(name: str) -> str:
    """Return a name fit for a file's."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)


def _why(standing: CurrentState, item: dict[str, str], day: date, lang: Lang) -> str:
    row = standing.state.occurrences.get(item["occurrence"])
    if row is None:
        return dates.short(day, lang)
    stage = shared.stage(lang, item["stage"], (row.due - day).days, row.kind)
    what = shared.kind(lang, row.kind)
    return say(lang, "action.reason", what=what, on=dates.short(row.due, lang), stage=stage)
