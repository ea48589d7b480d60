"""The letters: one frozen dataclass a letter, holding the variables of its template.

Texts that come from the programme are ``Text`` (three languages), so that a bilingual mail can be rendered
from one value. Dates are civil dates in the programme's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Final, Literal

from schedule_rules.programme import LANGUAGES, Lang, Text

NO_TEXT: Final = Text()

MailLang = Literal["fi", "sv", "en", "fi+sv"]
ItemKind = Literal["start", "milestone", "review", "collection", "event", "handover", "pace"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What happens next, ``on`` which date, if nobody in the unit answers by ``answer_by``.

    ``kind``: ``head`` (the head of unit is told), ``list`` (the secretary's
    follow-up list), ``next`` (the next reminder is sent), ``listed`` (nothing more: it has stood on the list
    since ``on``). Not ``is_dated``: the mail names one day for all that it asks, elsewhere. ``earlier`` is
    what the unit said before the date, about which it is asked once more.
    """

    kind: Literal["head", "list", "next", "listed"]
    answer_by: date
    on: date
    earlier: EarlierAnswer | None = None
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What a unit answered ``on`` a day: a code of the four answers, and the date that it proposed.

    ``proposal`` is what became of that date: ``over`` where it has passed undecided; ``kind`` what the answer
    is about.
    """

    answer: str
    on: date
    new_date: date | None = None
    proposal: str = "pending"
    kind: ItemKind = "milestone"


@dataclass(frozen=True, slots=True)
class TargetPace:
    """A target that is behind: ``held`` of at least ``minimum`` times in ``year``; ``next``: or None.

    ``maximum`` is how many times at most; None: open. ``by_now`` is how many the day asks for,
    ``judged_next`` the day of the year on which that is looked at again, if any.
    """

    year: int
    held: int
    minimum: int
    next: date | None = None
    maximum: int | None = None
    by_now: int = 0
    judged_next: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One matter in a mail to a unit, a head of unit or the secretary.

    The news of a hand-over has its date as ``due`` and names who took over (``moved_to``) and, where a person
    entered it, who did. To who takes over it says from whom (``moved_from``) and the day on which something
    of the action is first asked about (``asked_on``; None: nothing is).

    ``reading`` is a code of ``schedule_rules.rule.Basis``. ``answer_url`` opens the page on which the item is
    answered, ``form_url`` the form of a collection round, ``dates_url`` the page on
    which the dates of a series or target are given; one of them, or none where nothing is asked for. A target
    that is behind has its ``pace``. ``gap`` are the first and last day of a time in which the service did not
    run and the unit missed a reminder; the head of unit is told. ``standing`` is how it stands with the
    reader's unit (design: interface.md, "Shapes"). ``also`` are other dates of the same action
    that are asked about with it: one row, one set of buttons, one answer (``rows.one_row_an_action``);
    ``news`` is that its responsibility has moved, in the same row. ``request`` is why a status request comes
    later than the first start: the answer holds no more, the date has moved, its unit took over, is ``new``
    here, or has not heard of it; ``open``: it was asked about before. A round is ``reopened``; one that is
    asked about after its date has the day to ``answer_by``.
    ``wording`` is as printed; ``corrected_to`` are the words that stand instead, by whom and since when.
    ``was_due`` is the date that the wording gave, where the date itself was moved (on ``date_moved_on``).
    ``until`` is the date of an item that stands *late*. ``came`` is why it stands in the secretary's summary;
    ``stands_in`` the role in which its reader gets what is a unit's that has no contact.
    """

    occurrence: str
    kind: ItemKind
    title: Text
    due: date
    wording: Text
    reading: str
    provenance: Literal["printed", "assumed", "corrected"]
    stage: str
    url: str
    reason: Literal["first", "repeated", "escalated", "handed-over"] = "first"
    organisations: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()
    promise: Promise | None = None
    reminders_sent: int = 0
    year: int | None = None
    closes: date | None = None
    asks_dates: bool = False
    moved_to: Text = NO_TEXT
    moved_from: Text = NO_TEXT
    asked_on: date | None = None
    moved_by: str = ""
    form_url: str = ""
    answer_url: str = ""
    dates_url: str = ""
    pace: TargetPace | None = None
    gap: tuple[date, date] | None = None
    standing: str = ""
    until: date | None = None
    also: tuple[Item, ...] = ()
    corrected_to: Text = NO_TEXT
    corrected_by: str = ""
    corrected_on: date | None = None
    was_due: date | None = None
    date_moved_on: date | None = None
    news: Item | None = None
    request: Literal["", "again", "moved", "taken", "new", "untold", "open", "reopened"] = ""
    answer_by: date | None = None
    came: Literal["", "no-contact", "no-head", "head-asked", "listed", "unit"] = ""
    stands_in: Literal["", "head", "secretary"] = ""


@dataclass(frozen=True, slots=True)
class Own:
    """The reader's own page with all open items of the unit, in the languages of the programme."""

    unit_url: str
    languages: tuple[Lang, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class YearRow:
    """A line of the unit's year: the day ``on``, of a series its first and how many ``times``.

    A target has no day, but at least ``minimum`` and at most ``maximum`` times (None: open) in the year.
    """

    kind: Literal["milestone", "review", "collection", "event", "start", "target"]
    title: Text
    on: date | None
    times: int = 1
    minimum: int | None = None
    maximum: int | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class YearList:
    """All that a unit has in a programme in a year: dates in order, then targets."""

    programme: Text
    year: int
    rows: tuple[YearRow, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A board meeting ``on`` a civil date, local ``hours`` or all day; its calendar file is beside the mail.

    ``news``: the reader is invited, something changed, it is cancelled, or the reader is no longer invited.
    """

    board: Text
    on: date
    news: Literal["invited", "changed", "cancelled", "withdrawn"]
    hours: tuple[time, time] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """The reader's own calendar of a programme, asked for ``on`` a date; ``url`` by language."""

    programme: Text
    url: Text
    on: date


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What stands in a mail beside its items."""

    meetings: tuple[Meeting, ...] = ()
    feeds: tuple[OwnFeed, ...] = ()


NOTHING_ENCLOSED: Final = Enclosed()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs a letter: a secretary of the board, by ``name`` and with a ``telephone`` where known."""

    board: Text
    address: str
    name: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class UnitMail:
    """What every mail with items to a unit or its head holds."""

    programme: Text
    unit: Text
    sent_on: date
    items: tuple[Item, ...]
    calendar_url: str
    own: Own
    signatures: tuple[Signature, ...] = field(default=(), kw_only=True)
    privacy_url: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Nudge(UnitMail):
    """Reminders before and after deadlines, reviews, rounds, starts and provisional series."""

    years: tuple[YearList, ...] = ()
    enclosed: Enclosed = NOTHING_ENCLOSED


@dataclass(frozen=True, slots=True)
class StatusRequest(UnitMail):
    """The first start: the state of what is past, once; other items of the day follow."""

    answer_by: date
    years: tuple[YearList, ...] = ()
    enclosed: Enclosed = NOTHING_ENCLOSED


@dataclass(frozen=True, slots=True)
class Escalation(UnitMail):
    """To the head of unit: what the unit has not answered; other items of the day follow."""

    years: tuple[YearList, ...] = ()
    enclosed: Enclosed = NOTHING_ENCLOSED


@dataclass(frozen=True, slots=True)
class UnitYear:
    """In January: the lists of what the unit has that year, a calendar file of the same beside them."""

    programme: Text
    unit: Text
    sent_on: date
    years: tuple[YearList, ...]
    calendar_url: str
    own: Own
    items: tuple[Item, ...] = ()
    enclosed: Enclosed = NOTHING_ENCLOSED
    signatures: tuple[Signature, ...] = ()
    privacy_url: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """An invitation, or the address of a calendar that was asked for, on a day without any other mail.

    ``unit`` is the board or the reader's organisations; the calendar's address comes first.
    """

    programme: Text
    unit: Text
    sent_on: date
    enclosed: Enclosed
    calendar_url: str
    signatures: tuple[Signature, ...] = ()
    privacy_url: str = ""


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A line of the digest. ``mark``: new since the last one, repeated, on the follow-up list, or nothing.

    ``note``: what was answered, why it failed, which words are unclear; ready text per language.
    ``unit`` is whose it is, where no heading says so; ``kind`` what the date ``due`` is of.
    ``technical`` is what else is known, for pages and tables, never for a letter.
    """

    title: Text
    due: date | None
    url: str
    mark: Literal["", "new", "repeated", "listed"] = ""
    note: Text = NO_TEXT
    unit: Text = NO_TEXT
    kind: ItemKind = "milestone"
    technical: str = ""


@dataclass(frozen=True, slots=True)
class DigestUnit:
    """The overdue rows that wait for one organisation, or for the same several; oldest first."""

    name: Text
    rows: tuple[DigestRow, ...]


@dataclass(frozen=True, slots=True)
class EvidenceHead:
    """How many events the record of deliveries has, and the first digits of its head's hash."""

    events: int
    head: str


NO_EVIDENCE: Final = EvidenceHead(0, "")


@dataclass(frozen=True, slots=True)
class BoardDigest:
    """To the board secretary: overdue by unit and all that needs her eye.

    ``passed`` milestones, ``decisions`` that wait for her, actions that are ``not_known`` yet are the numbers
    that pages show too. ``not_answered`` are reviews, ``behind`` targets, ``rounds`` open ones, a line each.
    ``final``: the programme has ended, and this is its last summary.

    ``proposals`` are dates, ``ended`` actions and ``declined`` answers *not ours* that await her decision.

    ``last`` is the date of the previous summary (None: the first); ``meeting``
    the board meeting that this one comes before; ``unchanged`` that nothing
    changed since ``last``; ``own`` the items that fall to the secretary herself. ``evidence`` is the head of
    the record as it stood when the day began.
    """

    programme: Text
    sent_on: date
    url: str
    last: date | None = None
    meeting: date | None = None
    unchanged: bool = False
    final: bool = False
    passed: int = 0
    decisions: int = 0
    not_known: int = 0
    overdue: tuple[DigestUnit, ...] = ()
    not_answered: tuple[DigestRow, ...] = ()
    behind: tuple[DigestRow, ...] = ()
    rounds: tuple[DigestRow, ...] = ()
    own: tuple[Item, ...] = ()
    proposals: tuple[DigestRow, ...] = ()
    ended: tuple[DigestRow, ...] = ()
    declined: tuple[DigestRow, ...] = ()
    answered: tuple[DigestRow, ...] = ()
    paused: tuple[DigestRow, ...] = ()
    no_contact: tuple[DigestRow, ...] = ()
    failures: tuple[DigestRow, ...] = ()
    unclear: tuple[DigestRow, ...] = ()
    enclosed: Enclosed = NOTHING_ENCLOSED
    evidence: EvidenceHead = NO_EVIDENCE
    privacy_url: str = ""


Letter = Nudge | StatusRequest | Escalation | UnitYear | Notice | BoardDigest


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A rendered letter: subject (one line), text and html parts, Content-Language value."""

    subject: str
    text: str
    html: str
    content_language: str
