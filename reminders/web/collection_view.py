"""What the page of a round shows: its progress in words, those missing, those who answered, who was reminded.

Pure: a round as it stands in, rows out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from email_templates import dates
from email_templates import words as shared
from reminders.collecting import Reminded, UnitProgress, last_reminded
from reminders.dispatch.rounds import Round
from reminders.web.words import say
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One responsible party: name, its form in words, who gets its reminders, the last one."""

    key: str
    name: str
    actions: str
    form: str
    contact: str
    has_contact: bool
    reminded: str


@dataclass(frozen=True, slots=True)
class MailDay:
    """The mails about a round of one day and stage."""

    day: str
    stage: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class RoundPage:
    """The page's model; the lists are for the secretary only."""

    programme: str
    year: int
    count: str
    sentence: str
    percent: int
    state: str
    facts: tuple[tuple[str, str], ...]
    missing: tuple[UnitRow, ...]
    done: tuple[UnitRow, ...]
    mails: tuple[MailDay, ...]
    is_open: bool
    has_opened: bool
    nudge: str
    may_nudge: bool


def round_page(found: Round, lang: Lang, zone: tzinfo) -> RoundPage:
    """Return a round's page in a language; ``zone`` is the service's."""
    shown = found.progress
    rows = {one.organisation: _unit(found, one, lang, zone) for one in shown.units}
    return RoundPage(
        programme=found.stored.programme.key,
        year=found.year,
        count=say(
            lang,
            "collection.count",
            answered=dates.number(shown.answered, lang),
            expected=dates.number(shown.expected, lang),
        ),
        sentence=" ".join(
            (
                say(lang, "collection.answered", n=shown.answered),
                say(lang, "collection.waiting", n=shown.expected - shown.answered),
            )
        ),
        percent=round(100 * shown.answered / shown.expected) if shown.expected else 100,
        state=_state(found, lang),
        facts=_facts(found, lang),
        missing=tuple(rows[one.organisation] for one in shown.missing),
        done=tuple(rows[one.organisation] for one in shown.units if not one.is_missing),
        mails=_mail_days(found, lang),
        is_open=found.state == "open",
        has_opened=found.state != "coming",
        nudge=_nudge(found, lang),
        may_nudge=_may_nudge(found),
    )


def _state(found: Round, lang: Lang) -> str:
    if found.state == "coming":
        return say(
            lang, "collection.state-coming", on=dates.in_sentence(found.row.opens or found.row.due, lang)
        )
    return say(lang, "collection.state-open" if found.state == "open" else "collection.state-closed")


def _facts(found: Round, lang: Lang) -> tuple[tuple[str, str], ...]:
    row = found.row
    days = (
        ("collection.opens", row.opens),
        ("collection.due", row.due),
        ("collection.closes", row.closes),
    )
    return tuple((say(lang, name), dates.in_table(day, lang)) for name, day in days if day)


def _unit(found: Round, one: UnitProgress, lang: Lang, zone: tzinfo) -> UnitRow:
    organisation = found.world.programme.organisation_by_key[one.organisation]
    last = last_reminded(found.mails, one.organisation)
    return UnitRow(
        key=one.organisation,
        name=organisation.name.get(lang),
        actions=say(lang, "collection.actions", n=one.actions),
        form=_form(found, one, lang, zone),
        contact=_contact(one, lang),
        has_contact=one.reached not in {None, "secretary"},
        reminded=_reminded(last, found, lang) if last else say(lang, "collection.never"),
    )


def _form(found: Round, one: UnitProgress, lang: Lang, zone: tzinfo) -> str:
    form = found.forms.get(one.organisation)
    if one.state == "sent" and form and form.submitted_at:
        return say(lang, "collection.sent", at=_moment(form.submitted_at, lang, zone))
    if one.state == "answered":
        return say(lang, "collection.other-answer")
    if form is None:
        return say(lang, "collection.form-none")
    return say(lang, "collection.form-draft", at=_moment(form.saved_at, lang, zone))


def _moment(at: datetime, lang: Lang, zone: tzinfo) -> str:
    return dates.moment(at.astimezone(zone), lang)


def _contact(one: UnitProgress, lang: Lang) -> str:
    if one.reached is None:
        return say(lang, "collection.contact-nobody")
    if one.reached == "secretary":
        return say(lang, "collection.contact-secretary")
    return shared.role(lang, one.reached)


def _reminded(mail: Reminded, found: Round, lang: Lang) -> str:
    return f"{dates.in_table(mail.day, lang)}: {_stage(mail, found, lang)}"


def _stage(mail: Reminded, found: Round, lang: Lang) -> str:
    return shared.stage(lang, mail.stage, (found.row.due - mail.day).days, "collection")


def _mail_days(found: Round, lang: Lang) -> tuple[MailDay, ...]:
    """Return who was reminded when, newest first."""
    days: dict[tuple[date, str], list[Reminded]] = {}
    for mail in found.mails:
        days.setdefault((mail.day, mail.stage), []).append(mail)
    names = found.world.programme.organisation_by_key
    return tuple(
        MailDay(
            dates.in_table(day, lang),
            _stage(mails[0], found, lang),
            tuple(
                (
                    ", ".join(names[key].name.get(lang) for key in mail.organisations if key in names),
                    mail.recipient,
                    shared.outbox(lang, mail.state),
                )
                for mail in mails
            ),
        )
        for (day, _), mails in reversed(days.items())
    )


def _may_nudge(found: Round) -> bool:
    sends = not found.stored.held and found.stored.started_on is not None
    return (
        sends and found.state == "open" and bool(found.progress.missing) and found.next_nudge <= found.today
    )


def _nudge(found: Round, lang: Lang) -> str:
    """Say what a reminder by hand would do, or why there is none now; nothing when nobody is missing."""
    if found.state != "open" or not found.progress.missing:
        return ""
    if found.stored.held or found.stored.started_on is None:
        return say(lang, "collection.remind-held")
    if found.next_nudge > found.today:
        last = dates.in_sentence(found.nudges[-1].on, lang)
        return say(lang, "collection.remind-later", last=last, on=dates.in_sentence(found.next_nudge, lang))
    return say(lang, "collection.remind-text", n=len(found.progress.missing))
