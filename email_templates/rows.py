"""An item of a mail as its reader sees it on the day the mail is sent.

First what is true of it: its status, its section, whether it asks. *This week* is the ISO week
of the sending day, or the seven days after it, whichever reaches further. Then a row of strings
in one language; text and html templates show the same row, so they cannot differ in facts. A few items are
shown whole, more of them as lines of a table (``ItemLine``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from email_templates import dates, words
from email_templates.letters import Item, Promise, TargetPace
from email_templates.plain_text import DOT, clean, cut, with_query
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
_IN_HEADING: Final = ("passed", "due-soon", "on-schedule", "coming")
"""What a date says by itself, in the heading of a mail about one item."""
_WORST_FIRST: Final = ("overdue", "soon", "review", "behind", "unknown", "coming")
LONGEST_TITLE: Final = 240
LONGEST_WORDING: Final = 120
"""So many characters of a title and of a wording a line of a table shows."""
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


def has_passed_deadline(item: Item, on: date) -> bool:
    """Tell whether a deadline of an item's action that is asked about lies before a day."""
    return any(one.kind == "milestone" and one.due < on for one in all_of(item))


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


def mail_order(items: Iterable[Item], on: date) -> list[tuple[str, list[Item]]]:
    """Return what a first start asks about (under no heading), then the sections of the other items."""
    found = list(items)
    asked = sorted(filter(is_requested, found), key=lambda item: item.due)
    others = in_sections((item for item in found if not is_requested(item)), on)
    return [("", asked), *others] if asked else others


def weightiest(items: Iterable[Item], on: date) -> Item:
    """Return the item that names a mail: the first that needs an answer, else the first."""
    ordered = [item for _, members in mail_order(items, on) for item in members]
    return next(filter(item_needs_answer, ordered), ordered[0])


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
    """One item, whole. Empty strings and tuples are not shown.

    ``buttons`` are for the html part, ``answer`` is their one link in the text part.
    """

    title: str
    url: str
    tag: Tag | None
    when: str
    party: str
    ask: str
    why: str
    buttons: tuple[Button, ...]
    answer: Button | None
    form: Button | None
    history: str
    promise: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item as a line of a table: its ``number`` in the mail, the title, a note, what is asked or when."""

    number: str
    title: str
    note: str
    when: str


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """What is the same for all items of a mail that have it, and so is said once, after them.

    ``promise`` is what happens next, of ``several`` items, to somebody who ``stands_in``; some may differ
    (``has_exceptions``), and some that need an answer have none (``is_partial``). ``others`` who else got it;
    ``moved``: to whom responsibility moved, from whom and when.
    """

    promise: Promise | None = None
    several: bool = False
    stands_in: str = ""
    others: tuple[Text, ...] = ()
    has_exceptions: bool = False
    is_partial: bool = False
    moved: bool = False


def said_once(items: Iterable[Item]) -> SaidOnce:
    """Return what need not be said of each item: what those that have it share, or what is of a lone one.

    Of promises that differ, the one that more than half of the items have.
    """
    found = tuple(items)
    asking = [item for item in found if item.promise]
    told = [item.others for item in found if item.others and item.reason != "escalated"]
    rest = SaidOnce(
        others=told[0] if len(told) > 1 and len(set(told)) == 1 else (),
        moved=_is_move_said(found),
    )
    if not asking or (len(asking) == 1 and len(found) > 1):
        return rest
    kinds = Counter(_outcome(item.promise, item.stands_in) for item in asking)
    common, count = kinds.most_common(1)[0]
    if 2 * count <= len(asking):
        return rest
    one = next(item for item in asking if _outcome(item.promise, item.stands_in) == common)
    promise = one.promise
    if promise and len(asking) > 1:  # what was answered before stands with each
        promise = replace(promise, earlier=None)
    return replace(
        rest,
        promise=promise,
        several=len(asking) > 1,
        stands_in=one.stands_in,
        has_exceptions=len(kinds) > 1,
        is_partial=any(item_needs_answer(item) and not item.promise for item in found),
    )


def _outcome(promise: Promise | None, stands_in: str) -> tuple[object, ...]:
    """Return what a promise says, and to whom, leaving out what was answered before."""
    return (promise.kind, promise.answer_by, promise.on, stands_in) if promise else ()


def _is_exception(item: Item, once: SaidOnce) -> bool:
    """Tell whether something else happens next with an item than what is said once."""
    return _outcome(item.promise, item.stands_in) != _outcome(once.promise, once.stands_in)


def _is_move_said(items: tuple[Item, ...]) -> bool:
    """Tell whether the first lines of a mail say to whom responsibility moved: to a taker, or as news."""
    alike = moves_alike(items)
    return alike is not None and (bool(alike.moved_from) or not any(map(item_needs_answer, items)))


def news_of(item: Item) -> Item | None:
    """Return the news that responsibility for an item's action has moved, alone or beside what is asked."""
    return item if item.kind == "handover" else item.news


def moves_alike(items: Iterable[Item]) -> Item | None:
    """Return one of several news of hand-overs where all say the same: to whom, from whom and when."""
    news = list(filter(None, map(news_of, items)))
    same = {(one.due, one.moved_to, one.moved_from) for one in news}
    is_shared = len(same) == 1 and (len(news) > 1 or bool(news[0].moved_from))
    return news[0] if is_shared else None


def row(
    item: Item,
    lang: Lang,
    on: date,
    *,
    unit: Text,
    history: bool = False,
    is_alone: bool = False,
    is_named: bool = False,
    is_told: bool = False,
    once: SaidOnce = SaidOnce(),
) -> ItemRow:
    """Return ``item`` in ``lang`` on the day ``on``.

    ``history`` adds how many reminders went to whom. It ``is_alone`` in its mail, which says above that
    nothing is asked (``is_told``) or all of title and date too (``is_named``), and after the items what is
    said ``once``.
    """
    tag: Tag | None = None
    buttons: tuple[Button, ...] = ()
    ask = ""
    if item.kind not in {"start", "handover", "pace"}:
        worst = min(all_of(item), key=lambda one: _WORST_FIRST.index(item_status(one, on)))
        code, standing = item_status(worst, on), item_standing(worst, on)
        # That nobody has asked yet stands above a lone request too.
        is_said = (is_named and standing in _IN_HEADING) or (
            is_alone and is_requested(item) and standing == "not-known"
        )
        if not is_said:
            tag = Tag(code, words.glyph(code), words.standing(lang, standing, worst.until))
    if item.answer_url:  # a button for each answer; the page opens with it chosen, in the mail's language
        buttons = tuple(
            Button(words.answer(lang, code), with_query(item.answer_url, a=code, lang=lang))
            for code in words.answers_for({one.kind for one in all_of(item)})
        )
    if item.asks_dates and not is_named:
        ask = say(lang, "item.give-held" if item.pace else "item.give-dates")
    elif not item_needs_answer(item) and not (is_told or item.asked_on):
        ask = say(lang, "mail.no-answer")
    when = (
        *_moved(item.news, lang, once),
        *dict.fromkeys(_when(one, lang, on, once) for one in all_of(item)),
    )
    # The line that says what the programme says names a milestone's date.
    is_dated = is_named or (is_alone and item.kind == "milestone" and bool(item.wording) and not item.news)
    is_dated = is_dated and not item.also and not item.was_due
    return ItemRow(
        title="" if is_named else clean(item.title.get(lang)),
        url=item.url,
        tag=tag,
        when="" if is_dated else DOT.join(when),
        party=_party(item, lang, unit),
        ask=ask,
        why=" ".join(dict.fromkeys(words for one in all_of(item) for words in _why(one, lang, once.others))),
        buttons=buttons,
        answer=_link("item.answer", item.answer_url, lang),
        form=_link("item.form", item.form_url, lang)
        or _link("item.add-date" if item.pace else "item.set-dates", item.dates_url, lang),
        history=" ".join(reminders_so_far(item, lang)) if history else "",
        promise=_own_promise(item, lang, once),
    )


def line(
    item: Item,
    lang: Lang,
    on: date,
    number: int,
    *,
    unit: Text,
    history: bool = False,
    once: SaidOnce = SaidOnce(),
) -> ItemLine:
    """Return ``item`` as a line of a table (see ``row``): one answer page is for all of them."""
    asked = dict.fromkeys(_when(one, lang, on, once, short=True) for one in all_of(item))
    note = [f"{party}." if (party := _party(item, lang, unit)) else ""]
    note += list(dict.fromkeys(words for one in all_of(item) for words in _short_why(one, lang, once.others)))
    note += reminders_so_far(item, lang) if history else []
    if item.asks_dates:
        note.append(say(lang, "item.give-held" if item.pace else "item.give-dates"))
    note.append(_own_promise(item, lang, once, is_short=True))
    return ItemLine(
        number=f"{dates.number(number, lang)}.",
        title=cut(clean(item.title.get(lang)), LONGEST_TITLE),
        note=" ".join(filter(None, note)),
        when=DOT.join(filter(None, (*_moved(item.news, lang, once), *asked))),
    )


def _party(item: Item, lang: Lang, unit: Text) -> str:
    """Say whose it is, where that is not the whole reader's; of a hand-over it stands beside the date."""
    names = words.names(lang, item.organisations)
    if item.kind == "handover" or names in {"", unit.get(lang)}:
        return ""
    return say(lang, "item.party", org=clean(names))


def _own_promise(item: Item, lang: Lang, once: SaidOnce, *, is_short: bool = False) -> str:
    """Say what happens next, as far as it is not said once for all: else only what was answered before."""
    if item.promise is None:
        return ""
    if once.promise is None or _is_exception(item, once):
        if is_short:
            return short_promise(item.promise, lang, item.stands_in)
        return promise_words(item.promise, lang, item.stands_in)
    return earlier_words(item.promise, lang) if once.several else ""


def _link(text_id: str, url: str, lang: Lang) -> Button | None:
    return Button(say(lang, text_id), with_query(url, lang=lang)) if url else None


def _unbroken(day: date, lang: Lang, *, short: bool = False) -> str:
    return (dates.short if short else dates.in_table)(day, lang).replace(" ", dates.NBSP)


def _when(item: Item, lang: Lang, on: date, once: SaidOnce, *, short: bool = False) -> str:
    due = _unbroken(item.due, lang, short=short)
    if item.kind == "handover":
        asked = _unbroken(item.asked_on, lang, short=short) if item.asked_on else ""
        first = (say(lang, "item.first-asked", date=asked),) if asked else ()
        return DOT.join((*_moved(item, lang, once), *first))
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
        parts.append(say(lang, f"item.{tense}", date=_unbroken(item.closes, lang, short=short)))
    return DOT.join(parts)


def _moved(news: Item | None, lang: Lang, once: SaidOnce) -> tuple[str, ...]:
    """Say beside an action to whom its responsibility has moved, and since when, where that is not said once.

    To who takes over it says who answered before.
    """
    if news is None or once.moved:
        return ()
    moved = (
        say(lang, "item.new-party", org=clean(news.moved_to.get(lang))),
        say(lang, "item.handover", date=_unbroken(news.due, lang)),
    )
    giver = clean(news.moved_from.get(lang))
    return (*moved, say(lang, "item.giver", org=giver)) if giver else moved


def _pace(pace: TargetPace, lang: Lang) -> str:
    """Say how often so far: *Vuonna 2025: 1 kerta, tavoite 4–5*, and when next, or that no date is known."""
    so_far = words.times_so_far(lang, pace.year, pace.held, pace.minimum, pace.maximum)
    if pace.next is None:
        return DOT.join((so_far, say(lang, "item.no-next")))
    return DOT.join((so_far, say(lang, "item.next", date=_unbroken(pace.next, lang))))


_DATED_BY_WORDING: Final = ("milestone", "review", "start", "collection")
"""The kinds whose date follows from a wording; of the others only what the programme says is told."""


def _why(item: Item, lang: Lang, told: tuple[Text, ...] = ()) -> list[str]:
    """Say what the programme says and what follows from it, in one line; then who else got it."""
    sentences = list(_reading(item, lang))
    if item.kind == "handover":
        by = words.who(lang, item.moved_by)
        return [*sentences, say(lang, "why.handed-by", by=by)] if by else sentences
    return [*sentences, *_others(item, lang, told)]


def _reading(item: Item, lang: Lang) -> Iterable[str]:
    printed, stands = (clean(words.get(lang)) for words in (item.wording, item.corrected_to or item.wording))
    if item.kind == "milestone" and item.was_due and stands:
        yield say(lang, "why.schedule", wording=stands)
    elif item.kind not in _DATED_BY_WORDING or item.was_due:
        if printed:
            yield say(lang, "why.says", wording=printed)
    elif stands:
        code = "phase" if item.reading == "phase" else item.kind
        assumed = code in {"milestone", "phase"} and item.provenance == "assumed"
        if code == "review":
            yield say(lang, "why.review", wording=stands)
        else:
            due = dates.short(item.due, lang)
            yield say(lang, f"why.{code}{'-assumed' if assumed else ''}", wording=stands, due=due)
    if item.provenance == "corrected" and item.corrected_by and item.corrected_on and printed:
        by, when = words.who(lang, item.corrected_by), dates.short(item.corrected_on, lang)
        yield say(lang, "why.corrected", wording=printed, by=by, on=when)
    if item.was_due and item.date_moved_on:
        yield words.moved(lang, item.kind, item.due, item.was_due, item.date_moved_on)


def _others(item: Item, lang: Lang, told: tuple[Text, ...]) -> Iterable[str]:
    if item.others and item.reason != "escalated" and item.others != told:
        yield say(lang, "why.others", others=clean(words.few_names(lang, item.others)))


def _short_why(item: Item, lang: Lang, told: tuple[Text, ...]) -> list[str]:
    """Say in a table what the programme says, as it stands now, and who else answers."""
    sentences = []
    if stands := clean((item.corrected_to or item.wording).get(lang)):
        code = "short-corrected" if item.corrected_to else "short"
        sentences.append(say(lang, f"why.{code}", wording=cut(stands, LONGEST_WORDING)))
    if item.was_due and item.date_moved_on:
        sentences.append(words.moved(lang, item.kind, item.due, item.was_due, item.date_moved_on))
    return [*sentences, *_others(item, lang, told)]


def reminders_so_far(item: Item, lang: Lang) -> list[str]:
    """Say how many reminders went out, to whom, and when none could."""
    sentences = [say(lang, "escalation.reminders", count=dates.number(item.reminders_sent, lang))]
    if item.others:
        sentences.append(say(lang, "escalation.recipients", others=clean(words.names(lang, item.others))))
    if item.gap:
        sentences.append(say(lang, "escalation.gap", span=dates.span(*item.gap, lang)))
    return sentences


def promise_words(then: Promise, lang: Lang, stands_in: str = "", *, several: bool = False) -> str:
    """Say what happens next, and when, if nobody in the unit answers, or for it where somebody ``stands_in``.

    The follow-up list is the secretary's own. ``several``: it is said of more than one item.
    """
    code = _next_step(then, stands_in)
    if then.kind == "listed":
        said = say(lang, f"promise.{code}{'-several' if several else ''}")
    elif then.kind == "next":
        which = "again-next" if then.earlier else "for-next" if stands_in else "next"
        said = say(lang, f"promise.{which}", on=dates.in_sentence(then.on, lang))
    else:
        said = say(
            lang,
            f"promise.{code}{'-several' if several else ''}",
            unless=_unless(then, lang, stands_in),
            on=dates.in_sentence(then.on, lang),
        )
    return " ".join(filter(None, (earlier_words(then, lang), said)))


def _unless(then: Promise, lang: Lang, stands_in: str) -> str:
    """Say the condition of a promise: by which day who answers, or that nobody has answered."""
    who = "again" if then.earlier else "for" if stands_in else "unit"
    if not then.is_dated:
        return say(lang, f"unless.{who}-then")
    return say(lang, f"unless.{who}", answer_by=dates.in_sentence(then.answer_by, lang))


def short_promise(then: Promise, lang: Lang, stands_in: str = "") -> str:
    """Say the same in a line of a table, after what was answered before."""
    code, on = f"promise.short-{_next_step(then, stands_in)}", dates.short(then.on, lang)
    if then.kind == "listed":
        said = say(lang, code)
    elif then.kind == "next":
        said = say(lang, code, on=on)
    elif not then.is_dated:
        said = say(lang, f"{code}-then", on=on)
    else:
        said = say(lang, code, answer_by=dates.short(then.answer_by, lang), on=on)
    return " ".join(filter(None, (earlier_words(then, lang), said)))


def earlier_words(then: Promise, lang: Lang) -> str:
    """Say what a unit answered before that is asked once more; nothing where it did not."""
    said = then.earlier
    if said is None:
        return ""
    parts = words.answer_parts(lang, said.answer, said.new_date, said.proposal, said.kind)
    answer = ", ".join(part[:1].lower() + part[1:] for part in parts)
    return say(lang, "promise.given", on=dates.in_sentence(said.on, lang), answer=answer)


def _next_step(then: Promise, stands_in: str) -> str:
    """Return what happens next: the head, the list, the reader's own list, or the next reminder."""
    is_own = stands_in == "secretary" and then.kind in {"list", "listed"}
    return f"your-{then.kind}" if is_own else then.kind
