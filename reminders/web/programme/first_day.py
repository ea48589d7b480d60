"""The first page before anybody was asked: what to do before the start, and what happens after it.

``checklist`` and ``first_weeks`` are pure. Their days and mails are those of the planner: of the forecast,
and of the next sending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from email_templates import dates
from reminders.letters.message import MessageFacts
from reminders.planning.mails import Mail, parts_about
from reminders.planning.policy import OPENING, answer_date
from reminders.planning.standing import Overview, overview
from reminders.planning.state import ProgrammeState
from reminders.programmes import built_in_keys
from reminders.use.mail.compose import name_as_sender
from reminders.use.planning.preview import MailPreview
from reminders.use.programme.explain import finding_text
from reminders.web.catalogue import say
from reminders.web.mail.forecast import window_of
from reminders.web.page import Page
from reminders.web.snapshot import CurrentState
from schedule_rules.programme import Lang

_WEEKS: Final = timedelta(weeks=8)
"""How long after the first mails something is one of the first weeks."""
_NAMED: Final = 3
"""Of those that have nobody, and of unclear wordings, how many are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class StartStep:
    """A step before the start: whether it is done, what and why, and the page where it is done."""

    title: str
    text: str
    path: str
    link: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What the secretary sees before the start; ``released``: mail goes by itself at the next sending."""

    steps: tuple[StartStep, ...]
    weeks: tuple[tuple[date, str], ...]
    next_at: str
    released: bool
    built_in: bool

    @property
    def done(self) -> int:
        """How many of the steps are done."""
        return sum(step.done for step in self.steps) + self.released

    @property
    def total(self) -> int:
        """How many steps there are, the start itself included."""
        return len(self.steps) + 1


def first_day(page: Page, current: CurrentState) -> FirstDay:
    """Return what to do before the start, and what happens after it."""
    view = overview(current.state, page.today)
    preview = page.site.snapshots.next_mails(page.key)
    mails = tuple(parts_about(page.site.snapshots.forecast(window_of(page.today)), page.key))
    return FirstDay(
        steps=tuple(checklist(current.state, view, preview, page.today, page.lang)),
        weeks=first_weeks(current.state, view, mails, page.lang),
        next_at=dates.moment(preview.at, page.lang),
        released=not current.snapshot.row.held,
        built_in=page.key in built_in_keys(),
    )


def checklist(
    state: ProgrammeState, view: Overview, preview: MailPreview, today: date, lang: Lang
) -> Iterator[StartStep]:
    """Yield the steps before the start itself: contacts, wordings, the first mails, the sender."""
    yield _contacts(state, view, today, lang)
    yield _wordings(view, lang)
    n, on = len(preview.mails), dates.in_sentence(preview.at.date(), lang)
    if asking := sum(_is_asking(mail) for mail, _ in preview.mails):
        by = answer_date(preview.at.date(), state.workdays, state.policy)
        text = say(lang, "start.mails-ask", n=asking, on=on, by=dates.in_sentence(by, lang))
        if any(mail.boards for mail, _ in preview.mails):
            text = " ".join((text, say(lang, "start.mails-summary")))
    else:
        text = say(lang, "start.mails-go", n=n, on=on)
    yield StartStep(say(lang, "start.mails"), text, "/outbox/next", say(lang, "start.mails-link", n=n))
    yield _sender(state, [facts for _, facts in preview.mails], today, lang)


def _is_asking(mail: Mail) -> bool:
    """Tell whether a mail asks a unit how things stand: the secretary's summary tells of it."""
    return mail.kind == "status-request" and not mail.boards


def _contacts(state: ProgrammeState, view: Overview, today: date, lang: Lang) -> StartStep:
    addresses = {one.identity for one in state.people.all}
    total, missing = len(state.programme.lead_organisations(today)), view.no_contact
    names = [state.programme.organisation_by_key[key].name.get(lang) for key in missing]
    parts = [say(lang, "start.addresses", n=len(addresses))]
    if missing:
        named = _first_few((dates.quoted(name, lang) for name in names), len(names), lang)
        parts.append(say(lang, "start.nobody", n=len(missing), total=total, names=named))
    else:
        parts.append(say(lang, "start.somebody", n=total))
    link = say(lang, "start.contacts-add", n=len(missing)) if missing else say(lang, "start.contacts-see")
    title = say(lang, "start.contacts")
    path = "/contacts#mend" if missing else "/contacts"
    return StartStep(title, " ".join(parts), path, link, done=not missing)


def _wordings(view: Overview, lang: Lang) -> StartStep:
    unclear = [one.finding for one in view.decisions if one.finding]
    if not unclear:
        title, text = say(lang, "start.wordings-none"), say(lang, "start.wordings-read")
        return StartStep(title, text, "/findings", say(lang, "start.wordings-see"), done=True)
    words = [finding_text(one).get(lang) for one in unclear[:_NAMED]]
    more = [say(lang, "start.more", n=len(unclear) - _NAMED)] if len(unclear) > _NAMED else []
    return StartStep(
        say(lang, "start.wordings", n=len(unclear)),
        " ".join([*words, *more]),
        "/findings",
        say(lang, "start.wordings-link", n=len(unclear)),
    )


def _sender(state: ProgrammeState, first: list[MessageFacts], today: date, lang: Lang) -> StartStep:
    title, secretaries = say(lang, "start.sender"), state.people.present_secretary(today)
    if not secretaries:
        text, link = say(lang, "start.no-secretary"), say(lang, "start.contacts-see")
        return StartStep(title, text, "/contacts", link)
    name = name_as_sender(state.programme, lang)
    to = ", ".join(first[0].reply_to if first else (one.email for one in secretaries))
    text = say(lang, "start.sender-text", name=dates.quoted(name, lang), to=to)
    return StartStep(title, text, "/settings", say(lang, "start.sender-link"), done=True)


def _first_few(words: Iterable[str], total: int, lang: Lang) -> str:
    shown = list(words)[:_NAMED]
    rest = [say(lang, "start.and-more", n=total - _NAMED)] if total > _NAMED else []
    return " ".join([", ".join(shown), *rest])


def first_weeks(
    state: ProgrammeState, view: Overview, mails: tuple[Mail, ...], lang: Lang
) -> tuple[tuple[date, str], ...]:
    """Return what happens on which day after the start, in order of day: the first of each kind of mail."""
    if not mails:
        return ()
    start = mails[0].day

    def first(is_one: Callable[[Mail], bool]) -> date | None:
        return next((mail.day for mail in mails if is_one(mail)), None)

    def count(day: date, is_one: Callable[[Mail], bool]) -> int:
        return sum(mail.day == day and is_one(mail) for mail in mails)

    def is_of_heads(mail: Mail) -> bool:
        return mail.kind == "escalation"

    asked = first(_is_asking)
    heads = first(is_of_heads)
    opens = first(lambda mail: any(item.stage == OPENING for item in mail.items))
    at_once = any(mail.day == start and mail.boards for mail in mails)
    summary = first(lambda mail: mail.day > start and bool(mail.boards))
    found: list[tuple[date, str]] = []
    if asked:
        found.append((asked, say(lang, "start.week-asked", n=count(asked, _is_asking))))
        by = answer_date(asked, state.workdays, state.policy)
        found.append((by, say(lang, "start.week-answer", n=view.counts.not_known)))
    else:
        found.append((start, say(lang, "start.week-first", n=sum(mail.day == start for mail in mails))))
    if at_once:
        found.append((start, say(lang, "start.week-first-summary")))
    if summary:
        found.append((summary, say(lang, "start.week-next-summary" if at_once else "start.week-summary")))
    if opens:
        found.append((opens, say(lang, "start.week-round")))
    if heads:
        found.append((heads, say(lang, "start.week-heads", n=count(heads, is_of_heads))))
    if meeting := min((day for day in state.programme.meetings if day >= start), default=None):
        found.append((meeting, say(lang, "start.week-meeting")))
    near = (one for one in found if one[0] - start <= _WEEKS)
    return tuple(sorted(near, key=lambda one: one[0]))
