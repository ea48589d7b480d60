"""The phrases that mails, pages and ``explain`` share."""

from __future__ import annotations

from datetime import date

import pytest

from email_templates import words
from email_templates.catalogue import CatalogueError
from schedule_rules.programme import LANGUAGES, Lang

READINGS = [
    *("last-day", "phase", "first-day", "within-range", "continuous", "collection", "event", "target"),
    *("deadline", "open-start", "daily", "weekly", "monthly", "yearly"),
]
CODES = {
    words.reading: READINGS,
    words.status: list(words.GLYPHS),
    words.answer: list(words.ANSWERS),
    words.kind: ["start", "milestone", "review", "collection", "event"],
    words.event_status: ["tentative", "confirmed", "cancelled"],
    words.outbox: ["queued", "sending", "sent", "failed", "uncertain", "expired", "cancelled"],
    words.letter: ["nudge", "status-request", "escalation", "digest", "collection"],
    words.role: ["contact", "deputy", "mailbox", "head", "secretary"],
    words.basis: ["printed", "assumed", "corrected"],
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("say", CODES, ids=lambda say: say.__name__)
def test_every_code_has_words(say, lang: Lang) -> None:
    """Different codes say different things."""
    said = [say(lang, code) for code in CODES[say]]
    assert len(set(said)) == len(said)


def test_an_unknown_code_raises() -> None:
    """Nothing is guessed."""
    with pytest.raises(CatalogueError):
        words.reading("fi", "guess")
    with pytest.raises(CatalogueError):
        words.stage("fi", "-P7", 7)


@pytest.mark.parametrize(
    ("code", "days", "expected"),
    [
        (
            "-P7D",
            7,
            [
                "7 päivää ennen määräajan päättymistä",
                "7 dagar innan tidsfristen går ut",
                "7 days before the deadline",
            ],
        ),
        (
            "-P1D",
            1,
            [
                "1 päivä ennen määräajan päättymistä",
                "1 dag innan tidsfristen går ut",
                "1 day before the deadline",
            ],
        ),
        ("P0D", 0, ["määräaika päättyy tänään", "tidsfristen går ut i dag", "deadline today"]),
        (
            "P0D",
            11,
            [
                "11 päivää ennen määräajan päättymistä",
                "11 dagar innan tidsfristen går ut",
                "11 days before the deadline",
            ],
        ),
        (
            "P1D",
            -7,
            [
                "7 päivää määräajan päättymisen jälkeen",
                "7 dagar efter att tidsfristen gick ut",
                "7 days after the deadline",
            ],
        ),
        ("opening", 61, ["tiedonkeruu on avattu", "insamlingen har öppnats", "the data collection is open"]),
    ],
)
def test_a_stage_says_how_many_days_are_left(code: str, days: int, expected: list[str]) -> None:
    """The truth on the sending day, not the nominal offset."""
    assert [words.stage(lang, code, days) for lang in LANGUAGES] == expected


@pytest.mark.parametrize("kind", ["start", "milestone", "review", "collection", "event"])
@pytest.mark.parametrize("days", [-30, -1, 0, 1, 30])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_its_stages(kind: str, days: int, lang: Lang) -> None:
    """Before, on and after the day."""
    said = words.stage(lang, "P0D", days, kind)
    assert (str(abs(days)) in said) is (days != 0)


def test_who_corrected_is_named_without_inflection() -> None:
    """After a colon, with the day."""
    said = [words.basis(lang, "corrected", "Maija Meri", date(2025, 1, 3)) for lang in LANGUAGES]
    assert said == [
        "korjattu: Maija Meri, 3.1.2025",
        "rättad: Maija Meri, 3.1.2025",
        "corrected: Maija Meri, 3\u00a0Jan 2025",
    ]
