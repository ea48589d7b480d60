"""The board secretary's summary in one language: what the board must know, then the rest, zeros too.

Rows are values, which a mail and a page show alike. In a mail each list has as many rows as there is room
for (``unit_view.Room``), and a link to the rest; without a room all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from email_templates import dates
from email_templates.headlines import heading, own_news
from email_templates.letters import BoardDigest, DigestRow, Item
from email_templates.plain_text import DOT, capital, clean, cut
from email_templates.rows import LONGEST_TITLE, Button, ItemRow, row
from email_templates.unit_view import Foot, MailPart, Room, enclosed_parts, privacy_link
from email_templates.words import say
from schedule_rules.programme import LANGUAGES, Lang, Text

LISTS = (
    "not-answered",
    "behind",
    "rounds",
    "proposals",
    "ended",
    "declined",
    "answered",
    "paused",
    "no-contact",
    "failures",
    "unclear",
)
"""What a summary lists after the deadlines that have passed, in its order; tables list the same."""
_ABOVE = ("overdue", "not-answered", "behind")
"""What the first line counts, zero or not."""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A row of the digest; ``ref`` is its number in the text part's table."""

    ref: str
    title: str
    url: str
    when: str
    mark: str
    note: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows under a heading; those of an organisation under its name. ``more``: how many are left out."""

    heading: str
    rows: tuple[DigestLine, ...]
    more: Button | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPart(MailPart):
    """A whole summary in one language. ``header``: the columns of the overdue table.

    A few items of the secretary's ``own`` are whole, more of them lines.
    """

    stands: str
    since: str
    news: str
    overdue_heading: str
    header: tuple[str, str, str]
    groups: tuple[Listing, ...]
    more: Button | None
    own_heading: str
    own_why: str
    own: tuple[ItemRow, ...]
    own_lines: Listing
    listings: tuple[Listing, ...]
    zeros: str


def digest_part(letter: BoardDigest, lang: Lang, room: Room | None = None) -> DigestPart:
    """Return the summary in ``lang`` (an unchanged one: heading and one line; in the first all is new).

    Without ``room`` all rows are there, uncut, as a page shows them.
    """
    whole = not letter.unchanged
    lists: dict[str, tuple[DigestRow, ...]] = {
        code: getattr(letter, code.replace("-", "_")) for code in LISTS
    }
    counts = {"overdue": letter.passed, "own": len(letter.own)}
    counts |= {code: len(rows) for code, rows in lists.items()}
    since = say(lang, "digest.new")
    if letter.last:
        since = say(lang, "digest.since", last=dates.short(letter.last, lang))
    passed = sum(len(unit.rows) for unit in letter.overdue)
    own_whole = len(letter.own) <= (room or Room()).whole
    lengths = [passed, *map(len, lists.values()), 0 if own_whole else len(letter.own)]
    most = _rows_each(lengths, room) if room else sum(lengths)

    longest = LONGEST_TITLE if room else None

    def listing(heading: str, found: Sequence[DigestRow]) -> Listing:
        lines = tuple(_line(entry, lang, longest=longest) for entry in found[:most])
        return Listing(heading, lines, _more(letter, lang, len(found) - most))

    above = {"overdue": [row for unit in letter.overdue for row in unit.rows]}
    above |= {code: list(lists[code]) for code in _ABOVE if code in lists}
    news = {
        **{
            code: sum(letter.last is None or row.mark == "new" for row in rows)
            for code, rows in above.items()
        },
        "answered": counts["answered"],
        "failures": counts["failures"],
    }
    if fresh := own_news(letter):
        news = {"own": fresh, **news}
    # What has been escalated goes no further.
    own = sorted(
        (item if item.came in {"no-contact", "unit"} else replace(item, promise=None) for item in letter.own),
        key=lambda item: item.due,
    )
    meets = say(lang, "digest.meets", on=dates.in_sentence(letter.meeting, lang)) if letter.meeting else ""
    return DigestPart(
        lang=lang,
        programme=clean(letter.programme.get(lang)),
        heading=heading(letter, lang),
        addressee=capital(dates.named_day(letter.sent_on, lang)),
        hello=say(lang, "mail.hello"),
        lead=" ".join(filter(None, (say(lang, "digest.final") if letter.final else "", meets))),
        stands=DOT.join(
            whole
            * [
                _counted(lang, "overdue", letter.passed),
                _counted(lang, "decide", letter.decisions),
                _counted(lang, "not-answered", counts["not-answered"]),
                _counted(lang, "behind", counts["behind"]),
                *([_counted(lang, "not-known", letter.not_known)] if letter.not_known else []),
            ]
        ),
        since=since if whole else "",
        news=DOT.join(_counted(lang, code, n) for code, n in news.items()) if whole else "",
        overdue_heading=_counted(lang, "overdue", counts["overdue"]),
        header=(say(lang, "digest.action"), say(lang, "digest.deadline"), say(lang, "digest.status")),
        groups=tuple(_groups(letter, lang, most, longest)) if whole else (),
        more=_more(letter, lang, passed - most) if whole else None,
        own_heading=_counted(lang, "own", len(own)),
        own_why=" ".join(
            say(lang, f"digest.own-{came}", count=dates.number(n, lang))
            for came, n in Counter(item.came or "no-contact" for item in own).items()
        ),
        own=tuple(row(item, lang, letter.sent_on, unit=letter.programme) for item in own if own_whole)
        if whole
        else (),
        own_lines=listing("", () if own_whole or not whole else [_own_row(one) for one in own]),
        listings=tuple(
            listing(_counted(lang, code, len(rows)), rows) for code, rows in lists.items() if rows and whole
        ),
        enclosed=enclosed_parts(letter.enclosed, lang),
        zeros=DOT.join(
            _counted(lang, code, n)
            for code, n in (counts | {"not-known": letter.not_known} if letter.unchanged else counts).items()
            if code != "own" and (letter.unchanged or (n == 0 and code not in _ABOVE))
        ),
        regards=say(lang, "mail.regards"),
        service=say(lang, "mail.service"),
        signed=(),
        foot=Foot(
            (say(lang, "mail.why-secretary"), *_evidence(letter, lang)),
            (Button(say(lang, "digest.open"), letter.url), *privacy_link(letter, lang)),
        ),
    )


def _evidence(letter: BoardDigest, lang: Lang) -> tuple[str, ...]:
    found = letter.evidence
    return (say(lang, "digest.evidence", n=found.events, head=found.head),) if found.events else ()


def _counted(lang: Lang, code: str, count: int) -> str:
    return f"{say(lang, f'digest.{code}')}{dates.NBSP}({dates.number(count, lang)})"


def _rows_each(lengths: Iterable[int], room: Room) -> int:
    """Return how many rows each list may have, so that all together there are no more than there is room."""
    found = tuple(lengths)
    fair = range(room.rows, 0, -1)
    return next((most for most in fair if sum(min(n, most) for n in found) <= room.digest), 0)


def _more(letter: BoardDigest, lang: Lang, left: int) -> Button | None:
    """Return the line that leads to the rows that are left out, where any are."""
    return Button(say(lang, "mail.and-more", n=left), letter.url) if left > 0 else None


def _own_row(item: Item) -> DigestRow:
    """Return an item of the secretary's own as a line, which leads to where it is answered."""
    url = item.answer_url or item.form_url or item.dates_url or item.url
    organisations = [one.get for one in item.organisations]
    unit = Text(**{lang: ", ".join(get(lang) for get in organisations) for lang in LANGUAGES})
    return DigestRow(item.title, item.due, url, unit=unit, kind=item.kind)


def _groups(letter: BoardDigest, lang: Lang, most: int, longest: int | None) -> list[Listing]:
    number = 0
    groups = []
    for unit in letter.overdue:
        lines = []
        for entry in unit.rows[: most - number]:
            number += 1
            line = _line(entry, lang, ref=str(number), longest=longest)
            if letter.last is None and not entry.mark:
                line = replace(line, mark=say(lang, "mark.new"))
            lines.append(line)
        if lines:
            groups.append(Listing(clean(unit.name.get(lang)), tuple(lines)))
    return groups


def _line(entry: DigestRow, lang: Lang, ref: str = "", longest: int | None = None) -> DigestLine:
    due = dates.short(entry.due, lang) if entry.due else ""
    mark = say(lang, f"mark.{entry.mark or 'none'}")
    if due and not ref:
        due = say(lang, "item.review" if entry.kind == "review" else "item.deadline", date=due)
    title = clean(entry.title.get(lang))
    note = ": ".join(clean(text.get(lang)) for text in (entry.unit, entry.note) if text)
    return DigestLine(
        ref=ref,
        title=cut(title, longest) if longest else title,
        url=entry.url,
        when=due if ref or not entry.mark else DOT.join(filter(None, (due, mark))),
        mark=mark,
        note=cut(note, longest) if longest else note,
        fresh=entry.mark == "new",
    )
