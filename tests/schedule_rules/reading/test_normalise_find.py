"""Frequencies, stages and vague words are found inside titles and indicators, at their place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from schedule_rules.reading import find_frequencies, find_phases, find_vague, normalise
from schedule_rules.schedule import Frequency, Part, Schedule, Unclear

if TYPE_CHECKING:
    from schedule_rules.programme import Lang

FREQUENCIES: list[tuple[Lang, str, str, Frequency]] = [
    ("fi", "Kulttuurikahvilatoiminta 1 krt/kk", "1 krt/kk", Frequency(1, 1, "month")),
    ("sv", "Kulturkaféverksamhet 1 ggr/mån", "1 ggr/mån", Frequency(1, 1, "month")),
    ("en", "Cultural café activities once a month", "once a month", Frequency(1, 1, "month")),
    ("fi", "Webinaari 1 krt vuodessa", "1 krt vuodessa", Frequency(1, 1, "year")),
    ("sv", "Webbinarium 1 gång per år", "1 gång per år", Frequency(1, 1, "year")),
    ("en", "Webinar once per year", "once per year", Frequency(1, 1, "year")),
    ("en", "One fair organised per year", "One fair organised per year", Frequency(1, 1, "year")),
    ("fi", "mini rekrymessut 4-5 krt vuodessa, vuosikalenteri", "4-5 krt vuodessa", Frequency(4, 5, "year")),
    ("en", "fairs 4–5 times a year, annual calendar to help", "4–5 times a year", Frequency(4, 5, "year")),
    ("fi", "1-2 päivän vierailut, vähintään 10 vierailua vuosittain.", "vähintään 10 vierailua vuosittain",
     Frequency(10, None, "year")),
    ("sv", "1-2 dagars studiebesök, Min. 10 besök årligen", "Min. 10 besök årligen",
     Frequency(10, None, "year")),
    ("en", "1—2 days of visits, at least 10 visits per year", "at least 10 visits per year",
     Frequency(10, None, "year")),
    ("fi", "tapahtumat 2-4 krt/ vuo-\ndessa + seuranta", "2-4 krt/ vuo-\ndessa", Frequency(2, 4, "year")),
    ("en", "2–4 Welcome events a year, people", "2–4 Welcome events a year", Frequency(2, 4, "year")),
    ("fi", "Viikoittaiset tapahtumat", "Viikoittaiset", Frequency(1, 1, "week")),
    ("sv", "Evenemang varje vecka för familjen", "varje vecka", Frequency(1, 1, "week")),
    ("en", "Annual data collection", "Annual", Frequency(1, 1, "year")),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "text", "words", "frequency"), FREQUENCIES)
def test_frequency_is_found_at_its_place(lang: Lang, text: str, words: str, frequency: Frequency) -> None:
    """Exactly the one frequency of the text is found, with its words where they stand."""
    found = find_frequencies(text, lang)
    assert [(each.words, each.frequency) for each in found] == [(words, frequency)]
    assert text[found[0].begin : found[0].stop] == words


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fi", "Tehostettu kielenopetus vl 7-9"),
        ("sv", "Intensifierad språkundervisning åk. 7-9"),
        ("en", "Intensified language teaching for grades 7—9"),
        ("sv", "Minirekryteringsmässor, årskalender som stöd"),
        ("en", "Number of visitors, daily life in two languages"),
    ],
)
def test_nothing_is_found_where_nothing_recurs(lang: Lang, text: str) -> None:
    """Grades, calendars and daily life are neither a frequency nor a stage nor vague."""
    assert (find_frequencies(text, lang), find_phases(text, lang), find_vague(text, lang)) == ((), (), ())


@pytest.mark.parametrize(
    ("lang", "text", "stages"),
    [
        ("fi", "Klinikkatoimintaa pilotoitu 2023 ja aktiivisesti käytössä 2024",
         [("2023", "Klinikkatoimintaa pilotoitu"), ("2024", "aktiivisesti käytössä")]),
        ("sv", "Klinikverksamhet som pilotförsök 2023 och i aktivt bruk 2024",
         [("2023", "Klinikverksamhet som pilotförsök"), ("2024", "i aktivt bruk")]),
        ("en", "Pilot on the clinic activities in 2023 and in active use in 2024",
         [("2023", "Pilot on the clinic activities"), ("2024", "in active use")]),
        ("fi", "malli luotu ja otettavissa käyttöön 2025", [("2025", "malli luotu ja otettavissa käyttöön")]),
        ("sv", "modellen skapad och kan införas 2025", [("2025", "modellen skapad och kan införas")]),
        ("en", "Q2 2024: draft", [("2024-Q2", "draft")]),
    ],
)  # fmt: skip
def test_stages_are_found_with_their_words(lang: Lang, text: str, stages: list[tuple[str, str]]) -> None:
    """Each dated stage of an indicator is found, with the words that say what happens then."""
    assert [(phase.written, phase.label) for phase in find_phases(text, lang)] == stages


@pytest.mark.parametrize(
    ("lang", "text", "words"),
    [
        ("fi", "Säännöllinen ja aukoton vuoropuhelu", ("Säännöllinen",)),
        ("sv", "dialogen regelbunden", ("regelbunden",)),
        ("en", "regular dialogue with them happening", ("regular",)),
        ("en", "regular meetings, twice a year", ()),
    ],
)
def test_regular_without_a_period_is_vague(lang: Lang, text: str, words: tuple[str, ...]) -> None:
    """A word for regular is reported, unless a period stands beside it."""
    assert find_vague(text, lang) == words


def test_reading_says_which_words_gave_which_part() -> None:
    """The parts of a reading name the words and what they were taken for."""
    reading = normalise("2 ggr per år fr.o.m. 2025", "sv")
    assert isinstance(reading, Schedule)
    assert reading.parts == (Part("2 ggr per år", "2/year"), Part("2025", "from 2025"))


def test_date_that_reads_two_ways_names_the_other() -> None:
    """A date whose day and month could change places is less certain and names the other reading."""
    reading = normalise("03/04/2027", "en")
    assert isinstance(reading, Schedule)
    assert (reading.start, reading.certainty) == (date(2027, 4, 3), 0.8)
    assert reading.nearest is not None
    assert reading.nearest.start == date(2027, 3, 4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("–", "empty"), ("blue curtains", "not-understood"), ("2026–2023", "contradictory"),
     ("31.2.2025", "contradictory")],
)  # fmt: skip
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    """An empty, unknown, reversed or impossible wording is kept, with its reason."""
    reading = normalise(text, "en")
    assert isinstance(reading, Unclear)
    assert (reading.words, reading.reason) == (text, reason)


def test_impossible_day_names_the_last_day_of_its_month() -> None:
    """A 31 November is not read, but the last day of that month is named as the nearest reading."""
    reading = normalise("senast den 31 november 2025", "sv")
    assert isinstance(reading, Unclear)
    assert reading.nearest is not None
    assert (reading.nearest.kind, reading.nearest.end) == ("open_range", date(2025, 11, 30))


@pytest.mark.parametrize(
    ("lang", "text", "labels"),
    [
        ("fi", "2023 ja 2025", ["", ""]),
        ("sv", "åren 2023 och 2025", ["", ""]),
        ("en", "2023 and 2025", ["", ""]),
        ("fi", "2023 pilotti, 2024 käyttöönotto", ["pilotti", "käyttöönotto"]),
        ("fi", "Selvitys 31.5.2025 mennessä, päätökset syksyllä 2025", ["Selvitys", "päätökset"]),
        ("en", "2025: survey, 2026: training", ["survey", "training"]),
        ("en", "Draft by March 2025, final by September 2025", ["Draft", "final"]),
    ],
)
def test_stages_are_named_by_their_own_words(lang: Lang, text: str, labels: list[str]) -> None:
    """A stage has the words beside it for a name, and none where they only join the years."""
    reading = normalise(text, lang)
    assert isinstance(reading, Schedule)
    assert [phase.label for phase in reading.phases] == labels
