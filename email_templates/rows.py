"""An item of a mail as its reader sees it on the day the mail is sent.

First what is true of it: its status, its section, whether it asks. *This week* is the ISO week
of the sending day, or the seven days after it, whichever reaches further. Then a row of strings
in one language; text and html templates show the same row, so they cannot differ in facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from email_templates import dates, words
from email_templates.letters import Item, Promise, TargetPace
from email_templates.plain_text import DOT, clean, with_query
from email_templates.words import say
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Lang, Text

SECTIONS: Final = (
    "escalated",
    "overdue",
    "unknown",
    "week",
    "later",
    "reviews",
    "round",
    "pace",
    "events",
    "handover",
)
STATUS_OF: Final[Mapping[str, str]] = {
    "passed": "overdue",
    "due-soon": "soon",
    "open": "soon",
    "not-answered": "review",
    "not-known": "unknown",
    "behind": "behind",
}
"""The colour and shape of a standing; of all others: coming."""
INFORMING: Final = ("start", "event", "handover", "pace")
ONE_QUESTION: Final = ("milestone", "review")
"""The kinds of an action's items that one answer is about."""
_WORST_FIRST: Final = ("overdue", "soon", "review", "behind", "unknown", "coming")
SOON_DAYS: Final = 30
WEEK_DAYS: Final = 7


def one_row_an_action(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items with those of one action that one answer is about as one; the others as they are.

    It stands where its first stood. What it is called after comes first in this order: what is escalated, a
    first start's question, a milestone, the earlier date. Of the promises the one that comes first holds, of
    those of one day the escalation, and the reminders are counted of the one that had most. The news of a
    hand-over stands in the row of what is asked about its action, where anything is; a start beside it is
    left out: it says nothing more.
    """
    found = tuple(items)
    asked = {_action(item) for item in found if item.kind in ONE_QUESTION}
    groups: dict[tuple[str, str] | int, list[Item]] = {}
    for number, item in enumerate(found):
        if item.kind in ONE_QUESTION:
            groups.setdefault(_action(item), []).append(item)
        elif item.kind != "start" or _action(item) not in asked:
            groups[number] = [item]
    rows = [_together(group) if len(group) > 1 else group[0] for group in groups.values()]
    news = {key: row for row in rows if row.kind == "handover" and (key := _action(row)) in asked}
    return tuple(
        replace(row, news=news.get(_action(row))) if row.kind in ONE_QUESTION else row
        for row in rows
        if row not in news.values()
    )


def _action(item: Item) -> tuple[str, str]:
    row = OccurrenceID.parse(item.occurrence)
    return row.programme, row.action


def _together(items: list[Item]) -> Item:
    first, *others = sorted(items, key=_weight)
    promises = [item.promise for item in (first, *others) if item.promise]
    return replace(
        first,
        also=tuple(others),
        promise=min(promises, key=lambda one: (one.on, one.kind == "next"), default=None),
        organisations=tuple(dict.fromkeys(org for item in items for org in item.organisations)),
        others=tuple(dict.fromkeys(other for item in items for other in item.others)),
        reminders_sent=max(item.reminders_sent for item in items),
        gap=next((item.gap for item in (first, *others) if item.gap), None),
    )


def _weight(item: Item) -> tuple[bool, bool, bool, date]:
    return item.reason != "escalated", not is_requested(item), item.kind != "milestone", item.due


def all_of(item: Item) -> tuple[Item, ...]:
    """Return an item with those that stand in its row, the earliest date first."""
    return tuple(sorted((item, *item.also), key=lambda one: one.due))


def item_needs_answer(item: Item) -> bool:
    """Tell whether the unit is asked for anything; starts, dated events and hand-overs only inform."""
    return item.kind not in INFORMING or item.asks_dates


def is_overdue_item(item: Item, on: date) -> bool:
    """Tell whether a deadline has passed: of a milestone alone, and of none before it was asked about."""
    return item_standing(item, on) == "passed"


def item_standing(item: Item, on: date) -> str:
    """Return how an item stands (design: interface.md, "Shapes"): as it says, else by its date alone."""
    if item.standing:
        return item.standing
    if item.kind in INFORMING:
        return "coming"
    if item.kind == "collection":
        return "open"
    if item.kind == "review":
        return "not-answered" if item.due < on else "coming"
    return "passed" if item.due < on else "due-soon" if (item.due - on).days <= SOON_DAYS else "on-schedule"


def is_pressing(item: Item, on: date) -> bool:
    """Tell whether an item is overdue or due this week: then its mail has a button for each answer."""
    return item.due < on or this_week(item.due, on)


def item_status(item: Item, on: date) -> str:
    """Return the code of the item's status chip."""
    standing = item_standing(item, on)
    if standing == "open" and (item.due - on).days > SOON_DAYS:
        return "coming"
    return STATUS_OF.get(standing, "coming")


def section(item: Item, on: date) -> str:
    """Return the section of a unit's mail that the item stands in."""
    if item.reason == "escalated":
        return "escalated"
    if item.kind == "review":
        return "reviews"
    if item.kind in {"handover", "pace"}:
        return item.kind
    if item.kind in {"event", "start"}:
        return "events"
    if item.due < on and item.kind == "collection":
        return "round"
    if item.due < on:
        return "unknown" if item_standing(item, on) == "not-known" else "overdue"
    return "week" if this_week(item.due, on) else "later"


def this_week(due: date, on: date) -> bool:
    """Tell whether a date lies in this ISO week or within seven days."""
    return due.isocalendar()[:2] == on.isocalendar()[:2] or (due - on).days <= WEEK_DAYS


def in_sections(items: Iterable[Item], on: date) -> list[tuple[str, list[Item]]]:
    """Return the sections that hold something, in order, the earliest date first in each."""
    ordered = sorted(items, key=lambda item: item.due)
    grouped = [(code, [item for item in ordered if section(item, on) == code]) for code in SECTIONS]
    return [(code, members) for code, members in grouped if members]


def is_requested(item: Item) -> bool:
    """Tell whether an item is asked about as at a first start; a round always as a round."""
    return item.stage == "first-start" and item.kind != "collection"


def opens_collection(items: tuple[Item, ...]) -> bool:
    """Tell whether the mail is nothing but the opening of a collection round."""
    return len(items) == 1 and items[0].kind == "collection" and items[0].stage == "opening"


@dataclass(frozen=True, slots=True)
class Tag:
    """A status chip: code (for its colours), shape and word."""

    code: str
    glyph: str
    word: str


@dataclass(frozen=True, slots=True)
class Button:
    """A link that is drawn as a button."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. Empty strings and tuples are not shown."""

    title: str
    url: str
    tag: Tag | None
    when: str
    party: str
    ask: str
    why: str
    buttons: tuple[Button, ...]
    enough: str
    answer: Button | None
    form: Button | None
    history: str
    promise: str


def row(item: Item, lang: Lang, on: date, *, unit: Text, history: bool = False) -> ItemRow:
    """Return ``item`` in ``lang`` on the day ``on``; ``history`` adds how many reminders went to whom."""
    pressing = bool(item.answer_url) and any(is_pressing(one, on) for one in all_of(item))
    tag: Tag | None = None
    buttons: tuple[Button, ...] = ()
    party = ask = ""
    if item.kind not in {"start", "handover", "pace"}:
        worst = min(all_of(item), key=lambda one: _WORST_FIRST.index(item_status(one, on)))
        code = item_status(worst, on)
        tag = Tag(code, words.glyph(code), words.standing(lang, item_standing(worst, on), worst.until))
    if pressing:  # a button for each answer; the page opens with it chosen, in the mail's language
        buttons = tuple(
            Button(words.answer(lang, code), with_query(item.answer_url, a=code, lang=lang))
            for code in words.answers_for({one.kind for one in all_of(item)})
        )
    if item.kind != "handover":  # of a hand-over, whose it is now stands beside the date
        names = words.names(lang, item.organisations)
        party = "" if names in {"", unit.get(lang)} else say(lang, "item.party", org=clean(names))
    if item.asks_dates:
        ask = say(lang, "item.give-held" if item.pace else "item.give-dates")
    elif not item_needs_answer(item):
        ask = say(lang, "mail.no-answer")
    return ItemRow(
        title=clean(item.title.get(lang)),
        url=item.url,
        tag=tag,
        when=DOT.join(
            (*_moved(item.news, lang), *dict.fromkeys(_when(one, lang, on) for one in all_of(item)))
        ),
        party=party,
        ask=ask,
        why=" ".join(dict.fromkeys(words for one in all_of(item) for words in _why(one, lang, on))),
        buttons=buttons,
        enough=say(lang, "mail.one-answer") if pressing else "",
        answer=None if pressing else _link("item.answer", item.answer_url, lang),
        form=_link("item.form", item.form_url, lang)
        or _link("item.add-date" if item.pace else "item.set-dates", item.dates_url, lang),
        history=" ".join(reminders_so_far(item, lang)) if history else "",
        promise=promise_words(item.promise, lang, item.stands_in) if item.promise else "",
    )


def _link(text_id: str, url: str, lang: Lang) -> Button | None:
    return Button(say(lang, text_id), with_query(url, lang=lang)) if url else None


def _unbroken(day: date, lang: Lang) -> str:
    return dates.in_table(day, lang).replace(" ", dates.NBSP)


def _when(item: Item, lang: Lang, on: date) -> str:
    due = _unbroken(item.due, lang)
    if item.kind == "handover":
        asked = _unbroken(item.asked_on, lang) if item.asked_on else ""
        first = (say(lang, "item.first-asked", date=asked),) if asked else ()
        moved_to = say(lang, "item.moved-to", org=clean(item.moved_to.get(lang)))
        return DOT.join((moved_to, *_since(item, lang), *first))
    if item.pace:
        return _pace(item.pace, lang)
    code = "review" if item.kind == "review" else "deadline"
    if item.kind == "review" and item.stage == "first-start":  # its date is ours, and past
        return say(lang, "item.review-of", year=item.year or item.due.year)
    if item.kind == "start":
        code = "started" if item.due < on else "start"
    elif item.kind == "event" and item.asks_dates and item.year:
        return say(lang, "item.ask-year", year=item.year)
    elif item.kind == "event":
        code = "ask" if item.asks_dates else "event"
    parts = [say(lang, f"item.{code}", date=due)]
    if item.kind == "collection" and item.year and str(item.year) not in item.title.get(lang):
        parts.insert(0, say(lang, "item.year", year=item.year))
    if item.request == "reopened":
        parts.append(say(lang, "item.reopened"))
    if item.closes:
        tense = "closed" if item.closes < on else "closes"
        parts.append(say(lang, f"item.{tense}", date=_unbroken(item.closes, lang)))
    return DOT.join(parts)


def _moved(news: Item | None, lang: Lang) -> tuple[str, ...]:
    """Say beside what is asked of an action to whom its responsibility has moved, and when."""
    if news is None:
        return ()
    return say(lang, "item.new-party", org=clean(news.moved_to.get(lang))), *_since(news, lang)


def _since(news: Item, lang: Lang) -> tuple[str, ...]:
    """Say since when another answers and, to who takes over, who did before."""
    moved = say(lang, "item.handover", date=_unbroken(news.due, lang))
    giver = clean(news.moved_from.get(lang))
    return (moved, say(lang, "item.giver", org=giver)) if giver else (moved,)


def _pace(pace: TargetPace, lang: Lang) -> str:
    """Say how often so far: *Toteutunut 1/4 (2025)*, and when next, or that no date is known."""
    held, minimum = dates.number(pace.held, lang), dates.number(pace.minimum, lang)
    so_far = say(lang, "item.pace", held=held, minimum=minimum, year=pace.year)
    if pace.next is None:
        return DOT.join((so_far, say(lang, "item.no-next")))
    return DOT.join((so_far, say(lang, "item.next", date=_unbroken(pace.next, lang))))


def _why(item: Item, lang: Lang, on: date) -> list[str]:
    sentences = []
    if item.wording:
        sentences.append(say(lang, "why.says", wording=clean(item.wording.get(lang))))
    if item.kind == "handover":
        return [*sentences, say(lang, "why.handed-by", by=item.moved_by)] if item.moved_by else sentences
    rule, to = words.reading(lang, item.reading), clean(item.corrected_to.get(lang))
    basis = words.basis(lang, item.provenance, item.corrected_by, item.corrected_on, to)
    sentences.append(say(lang, "why.read", rule=rule, basis=basis))
    if item.was_due and item.date_moved_on:
        sentences.append(words.moved(lang, item.kind, item.due, item.was_due, item.date_moved_on))
    if item.kind != "start":
        sentences.append(say(lang, "why.stage", stage=_stage(item, lang, on)))
    if item.others and item.reason != "escalated":
        sentences.append(say(lang, "why.others", others=clean(words.names(lang, item.others))))
    return sentences


def _stage(item: Item, lang: Lang, on: date) -> str:
    """Say which stage it is; of a round that is asked about after its date, how long its form is open."""
    if item.answer_by and item.closes:
        days = (item.closes - on).days
        return say(lang, "stage.form-closes", n=days) if days else say(lang, "stage.form-closes-today")
    code = "asked-later" if item.request and item.request != "reopened" else item.stage
    return words.stage(lang, code, (item.due - on).days, item.kind)


def reminders_so_far(item: Item, lang: Lang) -> list[str]:
    """Say how many reminders went out, to whom, and when none could."""
    sentences = [say(lang, "escalation.reminders", count=dates.number(item.reminders_sent, lang))]
    if item.others:
        sentences.append(say(lang, "escalation.recipients", others=clean(words.names(lang, item.others))))
    if item.gap:
        sentences.append(say(lang, "escalation.gap", span=dates.span(*item.gap, lang)))
    return sentences


def promise_words(then: Promise, lang: Lang, stands_in: str = "") -> str:
    """Say what happens next, and when, if nobody in the unit answers, or for it where somebody ``stands_in``.

    The follow-up list is the secretary's own.
    """
    by, on = dates.in_sentence(then.answer_by, lang), dates.in_sentence(then.on, lang)
    is_own_list = (stands_in, then.kind) == ("secretary", "list")
    if then.earlier is None:
        code = "your-list" if is_own_list else f"for-{then.kind}" if stands_in else then.kind
        return say(lang, f"promise.{code}", answer_by=by, on=on)
    again = "your-list" if is_own_list else then.kind
    said = then.earlier
    answer = ", ".join(words.answer_parts(lang, said.answer, said.new_date, said.proposal))
    given = say(lang, "promise.given", on=dates.in_sentence(then.earlier.on, lang), answer=answer)
    return f"{given} {say(lang, f'promise.again-{again}', answer_by=by, on=on)}"
