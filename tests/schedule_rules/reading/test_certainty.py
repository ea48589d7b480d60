"""Nothing certain that is not: words that no rule used are shown, and certainty tells how much was used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule
from tests.schedule_rules.reading.test_normalise_battery import ROWS
from tests.schedule_rules.reading.test_normalise_unseen import ROWS as UNSEEN

if TYPE_CHECKING:
    from schedule_rules.programme import Lang

PHRASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "phrases.jsonl").read_text("utf-8").splitlines()
]  # fmt: skip
READ = ("single", "range", "open_range", "continuous", "recurring")
_DOUBTFUL = 0.8


@pytest.mark.parametrize(
    ("lang", "words", "unused"),
    [
        ("en", "before Michaelmas 2027", "before Michaelmas"),
        ("en", "by the first council meeting of 2026", "the first council meeting"),
        ("en", "våren 2025", "våren"),
        ("en", "läsåret 2025/26", "läsåret"),
        ("en", "TBC 2026", "TBC"),
        ("en", "5 times during 2024", "5 times"),
        ("fi", "ennen kunnallisvaaleja 2025", "ennen kunnallisvaaleja"),
        ("fi", "viimeistään valtuuston kokouksessa 2026", "viimeistään valtuuston kokouksessa"),
        ("sv", "före kommunalvalet 2025", "före kommunalvalet"),
        ("sv", "vid fullmäktiges första möte 2026", "första möte"),
    ],
)
def test_unused_words(lang: Lang, words: str, unused: str) -> None:
    """The words are named, and the reading is less certain by their share."""
    found = normalise(words, lang)
    assert isinstance(found, Schedule)
    assert unused in ", ".join(found.unused)
    assert found.certainty <= _DOUBTFUL


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "2024–2026"), ("en", "Pilot in 2026, roll-out in 2027"), ("en", "Completed January 2016"),
        ("en", "Webinar once per year"), ("fi", "Jatkuvaa toimintaa"), ("fi", "laaditaan kevään 2024 aikana"),
        ("fi", "luonnos 30.4.2026 mennessä"), ("sv", "Löpande kontroll"), ("sv", "pilot 2026, i bruk 2027"),
        ("sv", "senast den 12 december 2026 kl. 16"),
    ],
)  # fmt: skip
def test_words_that_say_what_is_done_are_no_finding(lang: Lang, words: str) -> None:
    """What is done, and how far it is, moves no date."""
    found = normalise(words, lang)
    assert isinstance(found, Schedule)
    assert (found.unused, found.certainty) == ((), 1.0)


@pytest.mark.parametrize(
    ("lang", "words", "month"),
    [
        ("en", "Febuary 2025", 2), ("en", "by Decemeber 2026", 12), ("en", "3 Ocotber 2026", 10),
        ("en", "Janury–March 2026", 3), ("fi", "syyskussa 2026", 9), ("fi", "jolukuun 2026 loppuun", 12),
        ("en", "Jun 2025 - Aau 2025", 8), ("sv", "febuari 2025", 2), ("sv", "15 sptember 2026", 9),
    ],
)  # fmt: skip
def test_a_month_with_a_slip_is_doubtful(lang: Lang, words: str, month: int) -> None:
    """The nearest month is read, and a person is asked."""
    found = normalise(words, lang)
    assert isinstance(found, Schedule)
    assert found.end is not None
    assert (found.end.month, found.certainty) == (month, _DOUBTFUL)


@pytest.mark.parametrize("word", ["Match", "Marsh", "Juno", "Mary", "Augusta", "Septima", "Octavia"])
def test_other_words_are_no_months(word: str) -> None:
    """A name that only looks a little like a month is none."""
    found = normalise(f"{word} 2026", "en")
    assert isinstance(found, Schedule)
    assert (str(found.start), str(found.end)) == ("2026-01-01", "2026-12-31")


def test_few_right_readings_are_in_question() -> None:
    """At most 6 of 100 wordings of the sample, and of the batteries, have words in question."""
    for wordings in (
        [(item["lang"], item["text"]) for item in PHRASES if item["role"] != "trap"],
        [(lang, text) for lang, text, _ in ROWS],
    ):
        readings = [found for lang, text in wordings if isinstance(found := normalise(text, lang), Schedule)]
        usable = [found for found in readings if found.kind in READ]
        assert len(usable) > 100
        assert sum(bool(found.unused) for found in usable) <= 0.06 * len(usable)


def test_most_lost_words_are_seen() -> None:
    """Of readings that the loss of a word has changed, at least two of three say what is not understood."""
    changed = seen = 0
    for lang, text, _ in UNSEEN[::5]:
        found = normalise(text, lang)
        words = text.split()
        if not isinstance(found, Schedule) or found.kind not in READ or "\n" in text:
            continue
        for at, word in enumerate(words):
            if not word.isalpha() or len(word) < len("vid"):
                continue
            other = normalise(" ".join([*words[:at], "quxelmi", *words[at + 1 :]]), lang)
            same = (found.kind, found.start, found.end, found.frequency)
            if isinstance(other, Schedule) and other.kind in READ:
                is_changed = (other.kind, other.start, other.end, other.frequency) != same
                changed += is_changed
                seen += is_changed and other.certainty <= _DOUBTFUL
    assert changed > 100
    assert seen >= changed * 2 / 3
