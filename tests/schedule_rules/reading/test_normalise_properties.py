"""What must hold for any wording: built ones read back, noise never moves a date, cost stays linear."""

from __future__ import annotations

import re
import sys
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings, strategies as st

from schedule_rules.reading import LONGEST, find_frequencies, find_phases, find_vague, normalise
from schedule_rules.schedule import Frequency, Schedule, Unclear, predict

if TYPE_CHECKING:
    from schedule_rules.programme import Lang

# a machine that is busy with other work says nothing about a reading
UNHURRIED = settings()
LANGS: list[Lang] = ["fi", "sv", "en"]
YEARS = st.integers(2000, 2059)
DASHES = st.sampled_from(["-", "–", "—", " - ", " – ", "−", "‑", "--"])
MONTHS = {
    "fi": (
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu "
        "marraskuu joulukuu"
    ),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": ("January February March April May June July August September October November December"),
}
UNTIL = {
    "fi": ["{} mennessä", "viimeistään {}", "{} saakka"],
    "sv": ["senast {}", "t.o.m. {}", "till och med {}"],
    "en": ["by {}", "no later than {}", "until {}"],
}
SINCE = {"fi": ["{} alkaen", "{} lähtien"], "sv": ["fr.o.m. {}", "från och med {}"], "en": ["from {}"]}
BETWEEN = {"fi": "vuosina {}{}{}", "sv": "åren {}{}{}", "en": "in {}{}{}"}
UNITS = {
    "fi": {"year": "{} krt/vuosi", "month": "{} kertaa kuukaudessa", "week": "{} krt viikossa"},
    "sv": {"year": "{} ggr per år", "month": "{} gånger i månaden", "week": "{} ggr/vecka"},
    "en": {"year": "{} times a year", "month": "{} times per month", "week": "{} times a week"},
}
ATLEAST = {"fi": "vähintään", "sv": "minst", "en": "at least"}
QUARTERS = {"fi": "Q{}/{}", "sv": "kvartal {} {}", "en": "Q{} {}"}


def bounds(text: str, lang: Lang | None) -> tuple[str, date | None, date | None]:
    """Return kind, start and end of a wording that must be read."""
    reading = normalise(text, lang)
    assert isinstance(reading, Schedule), text
    return reading.kind, reading.start, reading.end


@UNHURRIED
@given(st.sampled_from(LANGS), YEARS, st.integers(1, 9), DASHES, st.booleans())
def test_range_of_years_reads_back(lang: Lang, first: int, length: int, dash: str, worded: bool) -> None:
    """A range of years, with any dash and with or without words, is that range."""
    last = min(first + length, 2069)
    text = BETWEEN[lang].format(first, dash, last) if worded else f"{first}{dash}{last}"
    assert bounds(text, lang) == ("range", date(first, 1, 1), date(last, 12, 31))


@UNHURRIED
@given(st.sampled_from(LANGS), YEARS, st.integers(1, 12), st.integers(1, 28), st.data())
def test_deadline_and_start_read_back(
    lang: Lang, year: int, month: int, day: int, data: st.DataObject
) -> None:
    """A deadline has only its end, a start only its begin, to the day."""
    written = f"{day}.{month}.{year}"
    at = date(year, month, day)
    until = data.draw(st.sampled_from(UNTIL[lang]))
    since = data.draw(st.sampled_from(SINCE[lang]))
    assert bounds(until.format(written), lang) == ("open_range", None, at)
    assert bounds(since.format(written), lang) == ("open_range", at, None)


@UNHURRIED
@given(st.sampled_from(LANGS), YEARS, st.integers(1, 12))
def test_month_reads_back(lang: Lang, year: int, month: int) -> None:
    """A month with its year is that month, by name and by number."""
    whole = ("single", date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    assert bounds(f"{MONTHS[lang].split()[month - 1]} {year}", lang) == whole
    assert bounds(f"{month}/{year}", lang) == whole


@UNHURRIED
@given(st.sampled_from(LANGS), YEARS, st.integers(1, 11), st.data())
def test_months_share_a_year(lang: Lang, year: int, first: int, data: st.DataObject) -> None:
    """Two months with one year are a range inside it."""
    last = data.draw(st.integers(first + 1, 12))
    text = f"{MONTHS[lang].split()[first - 1]}–{MONTHS[lang].split()[last - 1]} {year}"
    assert bounds(text, lang) == ("range", date(year, first, 1), date(year, last, monthrange(year, last)[1]))


@UNHURRIED
@given(st.sampled_from(LANGS), YEARS, st.integers(1, 4))
def test_quarter_reads_back(lang: Lang, year: int, number: int) -> None:
    """A quarter is its three months."""
    end = date(year, 3 * number, monthrange(year, 3 * number)[1])
    text = QUARTERS[lang].format(number, year)
    assert bounds(text, lang) == ("single", date(year, 3 * number - 2, 1), end)


@UNHURRIED
@given(
    st.sampled_from(LANGS), st.sampled_from(["year", "month", "week"]), st.integers(2, 30), st.integers(0, 9)
)
def test_frequency_reads_back(lang: Lang, per: str, low: int, more: int) -> None:
    """So many times a unit, as a number, a range or a least number, is that frequency."""
    high = low + more
    count = f"{low}–{high}" if more else str(low)
    text = UNITS[lang][per].format(count)
    least = f"{ATLEAST[lang]} {UNITS[lang][per].format(low)}"
    expected = Frequency(low, high, per)  # type: ignore[arg-type]
    assert normalise(text, lang).frequency == expected  # type: ignore[union-attr]
    at_least = normalise(least, lang)
    assert isinstance(at_least, Schedule)
    assert at_least.frequency == Frequency(low, None, per)  # type: ignore[arg-type]


@UNHURRIED
@given(st.text(max_size=60), st.sampled_from([*LANGS, None]))
@example("-\n-\n", None)
@example("31.2.2025 – 30.2.2026", "fi")
@example("0000-00-00", "en")
@example("week 53 2025", "en")
def test_any_text_is_answered(text: str, lang: Lang | None) -> None:
    """Any text gets an answer that keeps it as given, and nothing found lies outside it."""
    reading = normalise(text, lang)
    assert reading.words == text
    assert predict(reading)["kind"] in {
        "single", "range", "open_range", "continuous", "recurring", "relative", "unspecified", "none",
    }  # fmt: skip
    for found in find_frequencies(text, lang):
        assert text[found.begin : found.stop] == found.words
    assert isinstance(find_phases(text, lang), tuple)
    assert isinstance(find_vague(text, lang), tuple)


KNOWN = (
    "2024 2025 - – / , . ja och and by senast mennessä from alkaen 1.3. Q3 H2 30/4 maj kesäkuu May 3 12 "
    "every vartannat joka vuosi år year per krt ggr times once jatkuva grades läsåret (2008) end of"
)
WORDS = st.sampled_from(KNOWN.split())


@UNHURRIED
@given(st.lists(WORDS, max_size=12), st.sampled_from(LANGS))
def test_any_mixture_of_known_words_is_answered(words: list[str], lang: Lang) -> None:
    """Known words in any order are answered, and a reading's start never lies after its end."""
    reading = normalise(" ".join(words), lang)
    if isinstance(reading, Schedule) and reading.start and reading.end:
        assert reading.start <= reading.end


CLEAN: list[tuple[Lang, str]] = [
    ("fi", "2024–2026"), ("fi", "vuoden 2025 loppuun mennessä"), ("fi", "31.12.2025 mennessä"),
    ("fi", "kesäkuusta 2024 alkaen"), ("fi", "tammi–kesäkuu 2025"), ("fi", "1.8.2024 – 31.7.2025"),
    ("sv", "senast den 30 april 2028"), ("sv", "fr.o.m. hösten 2025"), ("sv", "första kvartalet 2025"),
    ("sv", "för åren 2023–2026"), ("sv", "läsåret 2024–2025"), ("sv", "1.10.2025–11.11.2026"),
    ("en", "by the end of March 2025"), ("en", "Q1 2025 – Q3 2026"), ("en", "from 1 July 2025 onwards"),
    ("en", "spring 2025"), ("en", "10 October 2025 to 11 November 2026"), ("en", "November 19, 2025"),
]  # fmt: skip
SWAPS = {
    "1": "lI", "0": "O", "ö": "oé", "ä": "a", "å": "a", "m": ["rn"], "–": "-—−‑_·", "-": "–—−‑", " ": "\n",
    **{str(digit): chr(0xFF10 + digit) for digit in range(2, 10)},
}  # fmt: skip


def damage(text: str, data: st.DataObject) -> str:
    """Return ``text`` with a few of its letters, digits, dashes or spaces as print and OCR leave them."""
    chars = list(text)
    places = [at for at, char in enumerate(chars) if char in SWAPS]
    for at in data.draw(st.lists(st.sampled_from(places), max_size=4, unique=True)):
        chars[at] = data.draw(st.sampled_from(list(SWAPS[chars[at]])))
    breaks = [at for at in range(3, len(text) - 2) if text[at - 3 : at + 3].isalpha()]
    broken: bool = data.draw(st.booleans())
    if breaks and broken:
        chars.insert(data.draw(st.sampled_from(breaks)), data.draw(st.sampled_from(["\u00ad", "-\n"])))
    return "".join(chars)


@settings(max_examples=600)
@given(st.sampled_from(CLEAN), st.data())
def test_noise_never_moves_a_date(clean: tuple[Lang, str], data: st.DataObject) -> None:
    """Damage leaves the reading as it was, or takes it away; it never makes another date of it."""
    lang, text = clean
    meant = normalise(text, lang)
    read = normalise(damage(text, data), lang)
    assert isinstance(meant, Schedule)
    if isinstance(read, Schedule) and (read.start or read.end):
        assert (read.start, read.end) == (meant.start, meant.end)


LAYOUT: list[tuple[str, str, str]] = [
    ("a spaced slash", r"(?<=\d)/(?=\d)", "\u00a0/\u00a0"),
    ("a doubled dash", r"(?<=\d)[-–](?=\d)", "--"),
    ("a dash at the end of a line", r"(?<=\d)[-–](?=\d)", " -\n"),
    ("a line for every word", " ", "\n"),
    ("a soft hyphen at the end of a line", r"(?<=[a-zåäö]{3})(?=[a-zåäö]{3})", "\u00ad\n"),
    ("hard blanks", " ", "\u00a0"),
]
PRINTED: list[tuple[Lang, str]] = [
    ("fi", "12/2025 mennessä"), ("fi", "1/2024–12/2025"), ("fi", "1 krt/vuosi"), ("fi", "1.1.–31.3.2025"),
    ("sv", "senast 30/4 2025"), ("sv", "läsåret 24/25"), ("sv", "2–4 gånger per år"), ("sv", "2023-11-27"),
    ("en", "01/07/2022"), ("en", "FY 2024/25"), ("en", "2024-25"), ("en", "Q3/2025"), *CLEAN,
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "printed"), [row[1:] for row in LAYOUT], ids=[row[0] for row in LAYOUT])
@pytest.mark.parametrize(("lang", "text"), PRINTED)
def test_layout_leaves_a_reading_alone(lang: Lang, text: str, pattern: str, printed: str) -> None:
    """Blanks and lines where print leaves them change nothing in what is read."""
    assert predict(normalise(re.sub(pattern, printed, text), lang)) == predict(normalise(text, lang))


def steps(text: str) -> int:
    """Return how many calls of any function a reading takes."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        normalise(text, "en")
        find_phases(text, "en")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    ["2024 and ", "by May ", "- ", "every 2 ", "1.1.", "a-\n", "1O", "grades 7-9, ", "x ", "(A & B 2008) "],
)
def test_cost_grows_with_the_length_only(piece: str) -> None:
    """Ten times the text takes at most about ten times the steps."""
    short, long = piece * 120, piece * 1200
    steps(short)
    assert steps(long + " ") <= 11 * steps(short + " ") + 200


def test_text_that_is_too_long_is_refused() -> None:
    """A text over the limit is refused before it is read, and kept as given."""
    text = "2" * (LONGEST + 1)
    assert normalise(text, "fi") == Unclear(text, "too-long")
    assert (find_frequencies(text), find_phases(text), find_vague(text)) == ((), (), ())
