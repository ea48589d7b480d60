"""Mails to a unit and its head, in one language: what the templates show, in order.

What, by when, what to do, what happens next, why. A bilingual mail is two of
these. The secretary's digest is left to ``digest_view``, items to ``rows``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from email_templates import dates, facts, words
from email_templates.enclosed_view import EnclosedPart, enclosed_parts
from email_templates.headlines import heading
from email_templates.letters import Escalation, Item, Nudge, StatusRequest, UnitYear
from email_templates.rows import Button, Row, reminders_so_far, row
from email_templates.text import capital, clean, with_query
from email_templates.words import say
from email_templates.year_view import YearPart, year_part
from schedule_rules.programme import LANGUAGES, Lang

UnitLetter = Nudge | StatusRequest | Escalation | UnitYear


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; a lone item needs no heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Foot:
    """Why the mail came, where a reply goes, the calendar, the same page in other languages."""

    heading: str
    lines: tuple[str, ...]
    links: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class UnitPart:
    """A whole mail to a unit in one language."""

    lang: Lang
    programme: str
    heading: str
    addressee: str
    hello: str
    lead: str
    sections: tuple[Section, ...]
    years: tuple[YearPart, ...]
    enclosed: tuple[EnclosedPart, ...]
    all_items: Button | None
    regards: str
    foot: Foot


def unit_part(letter: UnitLetter, lang: Lang) -> UnitPart:
    """Return the mail in ``lang``."""
    unit = clean(letter.unit.get(lang))
    return UnitPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=capital(", ".join(filter(None, (unit, dates.named(letter.sent_on, lang))))),
        hello=say(lang, "mail.hello"),
        lead=lead(letter, lang),
        sections=tuple(_sections(letter, lang)),
        years=_years(letter, lang),
        enclosed=enclosed_parts(letter.enclosed, lang),
        all_items=Button(say(lang, "mail.all-items"), with_query(letter.own.unit_url, lang=lang)),
        regards=say(lang, "mail.regards"),
        foot=_foot(letter, lang, unit),
    )


def lead(letter: UnitLetter, lang: Lang) -> str:
    """Return the first sentences of a mail."""
    match letter:
        case StatusRequest():
            asked = sum(map(_requested, letter.items))
            answer_by = dates.in_sentence(letter.answer_by, lang)
            return say(lang, "lead.one-request" if asked == 1 else "lead.request", answer_by=answer_by)
        case Escalation():
            return " ".join(_to_head(letter, lang))
        case UnitYear():
            return say(lang, "lead.year", year=letter.years[0].year)
        case Nudge(items=(item,)):
            return _single(item, lang, letter)
        case _:
            asking = any(map(facts.needs_answer, letter.items))
            return say(lang, "lead.several" if asking else "lead.notices")


def _to_head(letter: Escalation, lang: Lang) -> list[str]:
    told = [item for item in letter.items if item.reason == "escalated"]
    history = reminders_so_far(told[0], lang) if len(told) == 1 else []
    return [say(lang, "escalation.as-head"), *history, say(lang, "escalation.you-can")]


def _single(item: Item, lang: Lang, letter: Nudge) -> str:
    past = item.due < letter.sent_on
    if item.kind == "collection" and item.year:
        return _round(item, lang, past=past)
    title = clean(item.title.get(lang))
    if item.kind == "handover":
        org, on = clean(item.moved_to.get(lang)), dates.in_sentence(item.due, lang)
        return say(lang, "lead.handover", title=title, org=org, due_day=on)
    if item.pace:
        entered, minimum = item.pace.held, dates.number(item.pace.minimum, lang)
        return say(lang, "lead.pace", entered, title=title, year=item.pace.year, minimum=minimum)
    if item.asks_dates:
        return say(lang, "lead.ask", title=title, due_named=dates.named(item.due, lang))
    codes = {"review": ("review", "reviewed"), "start": ("start", "started"), "event": ("event", "event")}
    code = codes.get(item.kind, ("deadline", "passed"))[past]
    return say(lang, f"lead.{code}", title=title, due_day=dates.in_sentence(item.due, lang))


def _round(item: Item, lang: Lang, *, past: bool) -> str:
    if facts.opens_collection((item,)) and item.closes:
        return say(lang, "lead.opening", year=item.year, on=dates.in_sentence(item.closes, lang))
    due_day = dates.in_sentence(item.due, lang)
    return say(lang, "lead.round-passed" if past else "lead.round", year=item.year, due_day=due_day)


def _requested(item: Item) -> bool:
    return item.stage == "first-start"


def _sections(letter: UnitLetter, lang: Lang) -> list[Section]:
    items: Sequence[Item] = letter.items
    sections = []
    if isinstance(letter, StatusRequest):
        asked = sorted(filter(_requested, items), key=lambda item: item.due)
        sections.append(Section("", _rows(letter, asked, lang)))
        items = [item for item in items if not _requested(item)]
    for code, members in facts.in_sections(items, letter.sent_on):
        title = "" if len(letter.items) == 1 else say(lang, f"section.{code}")
        sections.append(Section(title, _rows(letter, members, lang)))
    return sections


def _rows(letter: UnitLetter, items: Sequence[Item], lang: Lang) -> tuple[Row, ...]:
    history = isinstance(letter, Escalation) and sum(i.reason == "escalated" for i in letter.items) > 1
    return tuple(
        row(
            item,
            lang,
            letter.sent_on,
            unit=letter.unit,
            history=history and item.reason == "escalated",
        )
        for item in items
    )


def _years(letter: UnitLetter, lang: Lang) -> tuple[YearPart, ...]:
    alone, named = isinstance(letter, UnitYear), len(letter.years) > 1
    return tuple(year_part(one, lang, alone=alone, named=named) for one in letter.years)


def _foot(letter: UnitLetter, lang: Lang, unit: str) -> Foot:
    why = "why-head" if isinstance(letter, Escalation) else "why-unit"
    lines = [say(lang, f"mail.{why}", unit=unit)]
    if any(item.answer_url for item in letter.items):
        lines.append(say(lang, "mail.wrong-reader", answer=words.answer(lang, "not-ours")))
    lines += [say(lang, "mail.reply"), say(lang, "mail.expire", on=dates.short(letter.own.expire, lang))]
    links = (Button(say(lang, "mail.calendar"), letter.calendar_url), *_other_languages(letter, lang))
    return Foot(say(lang, "mail.why"), tuple(lines), links)


def _other_languages(letter: UnitLetter, lang: Lang) -> list[Button]:
    """Return links to the unit's page in the other languages, each named in its own."""
    return [
        Button(say(other, "mail.in-language"), with_query(letter.own.unit_url, lang=other))
        for other in LANGUAGES
        if other != lang
    ]
