"""The board secretary's summary in one language: what the board must know, then the rest, zeros too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from email_templates import dates
from email_templates.headlines import heading
from email_templates.letters import BoardDigest, DigestRow
from email_templates.plain_text import DOT, capital, clean
from email_templates.rows import Button, ItemRow, row
from email_templates.unit_view import Foot, MailPart, enclosed_parts
from email_templates.words import say
from schedule_rules.programme import Lang

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
    """Rows under a heading; those of an organisation under its name."""

    heading: str
    rows: tuple[DigestLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPart(MailPart):
    """A whole summary in one language. ``header``: the columns of the overdue table."""

    stands: str
    since: str
    news: str
    overdue_heading: str
    header: tuple[str, str, str]
    groups: tuple[Listing, ...]
    own_heading: str
    own_why: str
    own: tuple[ItemRow, ...]
    listings: tuple[Listing, ...]
    zeros: str


def digest_part(letter: BoardDigest, lang: Lang) -> DigestPart:
    """Return the summary in ``lang`` (an unchanged one: heading and one line; in the first all is new)."""
    whole = not letter.unchanged
    lists: dict[str, tuple[DigestRow, ...]] = {
        code: getattr(letter, code.replace("-", "_")) for code in LISTS
    }
    counts = {"overdue": letter.passed, "own": len(letter.own)}
    counts |= {code: len(rows) for code, rows in lists.items()}
    since = say(lang, "digest.new")
    if letter.last:
        since = say(lang, "digest.since", last=dates.short(letter.last, lang))
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
        groups=tuple(_groups(letter, lang)) if whole else (),
        own_heading=_counted(lang, "own", len(own)),
        own_why=" ".join(
            say(lang, f"digest.own-{came}", count=dates.number(n, lang))
            for came, n in Counter(item.came or "no-contact" for item in own).items()
        ),
        own=tuple(row(item, lang, letter.sent_on, unit=letter.programme) for item in own) if whole else (),
        listings=tuple(
            Listing(_counted(lang, code, len(rows)), tuple(_line(entry, lang) for entry in rows))
            for code, rows in lists.items()
            if rows and whole
        ),
        enclosed=enclosed_parts(letter.enclosed, lang),
        zeros=DOT.join(
            _counted(lang, code, n)
            for code, n in counts.items()
            if code != "own" and (letter.unchanged or (n == 0 and code not in _ABOVE))
        ),
        regards=say(lang, "mail.regards"),
        foot=Foot(
            say(lang, "mail.why"),
            (say(lang, "mail.why-secretary"),),
            (Button(say(lang, "digest.open"), letter.url),),
        ),
    )


def _counted(lang: Lang, code: str, count: int) -> str:
    return f"{say(lang, f'digest.{code}')}{dates.NBSP}({dates.number(count, lang)})"


def _groups(letter: BoardDigest, lang: Lang) -> list[Listing]:
    number = 0
    groups = []
    for unit in letter.overdue:
        lines = []
        for entry in unit.rows:
            number += 1
            line = _line(entry, lang, ref=str(number))
            if letter.last is None and not entry.mark:
                line = replace(line, mark=say(lang, "mark.new"))
            lines.append(line)
        groups.append(Listing(clean(unit.name.get(lang)), tuple(lines)))
    return groups


def _line(entry: DigestRow, lang: Lang, ref: str = "") -> DigestLine:
    due = dates.short(entry.due, lang) if entry.due else ""
    mark = say(lang, f"mark.{entry.mark or 'none'}")
    if due and not ref:
        due = say(lang, "item.review" if entry.kind == "review" else "item.deadline", date=due)
    texts = (clean(text.get(lang)) for text in (entry.unit, entry.note) if text)
    return DigestLine(
        ref=ref,
        title=clean(entry.title.get(lang)),
        url=entry.url,
        when=due if ref or not entry.mark else DOT.join(filter(None, (due, mark))),
        mark=mark,
        note=": ".join(texts),
        fresh=entry.mark == "new",
    )
