"""What an official would not say: the kinds of sentences that were found by reading every catalogue.

Kinds, not sentences: words of those who built the service, letters for days and hours, codes, long sentences,
and one sentence said in two ways.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import fields
from typing import Final

import pytest

from calendars.text import WORDS
from email_templates.catalogue import catalogue
from schedule_rules.programme import LANGUAGES, Lang

ROOMS: Final = ("reminders.web", "reminders.use", "email_templates")
WORDS_OF_BUILDERS: Final[dict[Lang, str]] = {
    "fi": r"\bajo(n|a|ssa|sta|t)?\b|\bajastu|\bjono|ohjelman oletus|^Arvo on\b|\bminäkin\b|lihavoitu saa",
    "sv": r"\bkörning|\bkön?\b|programmets antagande|^Rubriker$",
    "en": r"(?<!-)\bruns?\b|\bassumption|put right|\bwith blanks\b|^Such as\b|\bmails\b|\bgoes on as what\b",
}
SHORT_UNITS: Final[dict[Lang, str]] = {
    "fi": r"\}\s(pv|t|h|vko|min)\b",
    "sv": r"\}\s(d|h|v|mån|min)\b",
    "en": r"\}\s(d|h|w|y|mo|min)\b",
}
CODES_OF_MACHINES: Final = r"\b\d{4}-\d\d-\d\d\b|\bUTC\b|\bRRULE\b|\bFREQ=|\bSMTP_URL\b"
LONGEST: Final[dict[Lang, int]] = {"fi": 15, "sv": 19, "en": 20}
"""Words of a sentence: Finnish says with endings what the others say with words."""


def texts(rooms: tuple[str, ...]) -> list[tuple[Lang, str, str, str]]:
    """Return every text of the catalogues of some rooms: language, id, plural form, words."""
    return [
        (lang, text_id, form, text)
        for room in rooms
        for lang in LANGUAGES
        for text_id, forms in catalogue(room).entries[lang].items()
        for form, text in forms.items()
    ]


def calendar_texts(lang: Lang) -> list[str]:
    """Return what calendars say."""
    words = (getattr(WORDS[lang], field.name) for field in fields(WORDS[lang]))
    return [one for one in words if isinstance(one, str)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_of_those_who_built_it(lang: Lang) -> None:
    """A secretary knows no runs, queues and assumptions of a program."""
    wrong = re.compile(WORDS_OF_BUILDERS[lang], re.IGNORECASE)
    assert [one for one in texts(ROOMS) if one[0] == lang and wrong.search(one[3])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_days_and_hours_are_words(lang: Lang) -> None:
    """*772 dagar*, never *772 d*; Finnish keeps *v* and *kk* for years and months in tables."""
    wrong = re.compile(SHORT_UNITS[lang])
    assert [one for one in texts(ROOMS) if one[0] == lang and wrong.search(one[3])] == []


def test_no_codes_of_machines() -> None:
    """No ISO date, UTC, recurrence rule or name of a variable in any text."""
    wrong = re.compile(CODES_OF_MACHINES)
    assert [one for one in texts(ROOMS) if wrong.search(one[3])] == []
    assert [one for lang in LANGUAGES for one in calendar_texts(lang) if wrong.search(one)] == []


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, and what stands on lines of its own."""
    return re.split(r"(?<=[.?:;])\s+|\n", text)


def test_sentences_are_short() -> None:
    """About 15 words, 20 at most: what follows is a sentence of its own."""
    long = [
        (lang, text_id, one)
        for lang, text_id, _, text in texts(ROOMS)
        for one in sentences(text)
        if len(one.split()) > LONGEST[lang]
    ]
    assert long == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_one_sentence_is_said_in_one_way(lang: Lang) -> None:
    """What is the same sentence in English is the same in Finnish and in Swedish."""
    own = {(text_id, form): text for of, text_id, form, text in texts(ROOMS) if of == lang}
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for of, text_id, form, text in texts(ROOMS):
        if of == "en" and re.search(r"[.?]$", text) and (text_id, form) in own:
            said[text, form].add(own[text_id, form])
    assert {text: ways for text, ways in said.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_calendars_speak_the_language(lang: Lang) -> None:
    """No calendar text is the English one, but for bare placeholders and sv *partner*."""
    alike = set(calendar_texts(lang)) & set(calendar_texts("en"))
    assert {one for one in alike if re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", one))} <= {
        "Partner: {names}"
    }
