import re
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from calendars.text import (
    WORDS,
    day_in_sentence,
    description,
    location,
    one_line,
    short_name,
    short_names,
    summary,
    without_years,
)
from schedule_rules.programme import LANGUAGES, Text

FIELDS = [field.name for field in fields(WORDS["fi"])]
TEXTS = [name for name in FIELDS if name not in {"weekdays", "months"}]
# The last column of language.md section 2, for the words that a calendar could use.
FORBIDDEN = {
    "fi": r"\b(eräpäivä|arvio\w*|erääntynyt|indikaattori|arkipäivä|mennessä|toimi|domän)\b",
    "sv": r"\b(förfallodag|revision|förfallen|indikator|KPI|tidsplan|vardag|ägare|datainsamling\w*|insats)\b",
    "en": r"\b(due date|overdue|theme owner|tentative|KPI|owner|measure)\b",
}


def test_every_language_has_words():
    """Words exist for the three languages and no other."""
    assert tuple(WORDS) == LANGUAGES


@pytest.mark.parametrize("name", FIELDS)
def test_words_are_complete(name):
    """Each text exists in all languages with the same placeholders, and differs from its name."""
    texts = [getattr(WORDS[lang], name) for lang in LANGUAGES]
    assert [text for text in texts if not text or text == name] == []
    assert len({frozenset(re.findall(r"\{\w+\}", str(text))) for text in texts}) == 1
    assert len({len(text) for text in texts if isinstance(text, tuple)}) <= 1


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_words_are_translated(lang, name):
    """No Finnish or Swedish text is the English one (but a bare title, and sv partner)."""
    same = getattr(WORDS[lang], name) == getattr(WORDS["en"], name)
    assert same == (name == "event" or (lang, name) == ("sv", "partner"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_the_language_guide(lang):
    """No word that language.md rules out, no exclamation mark, no straight quote."""
    texts = " | ".join(getattr(WORDS[lang], name) for name in TEXTS)
    assert re.findall(FORBIDDEN[lang], texts, re.IGNORECASE) == []
    assert [c for c in texts if c in "!\"'"] == []


def test_summaries(milestone, review, collection, cafe, webinar, cafe_cancelled):
    """SUMMARY says what an entry is, as language.md section 4 has it."""
    entries = (milestone, review, collection, cafe, webinar, cafe_cancelled)
    assert {lang: [summary(entry, lang) for entry in entries] for lang in LANGUAGES} == {
        "fi": [
            "Määräaika: Osaamisen tunnistamisen malli",
            "Tilannekatsaus: Yhteistyö oppilaitosten kanssa",
            "Tiedonkeruu 2025: viimeinen vastauspäivä",
            "Kulttuurikahvila",
            "Kaamosaika 🌒 -webinaari (alustava aika)",
            "PERUTTU: Kulttuurikahvila",
        ],
        "sv": [
            "Tidsfrist: Modell för kunnande",
            "Lägesöversikt: Samarbete med läroanstalter",
            "Insamling av uppgifter 2025: sista svarsdagen",
            "Kulturkafé",
            "Webbinariet Mörka tiden 🌒 (preliminär tid)",
            "INSTÄLLT: Kulturkafé",
        ],
        "en": [
            "Deadline: Model for recognising skills",
            "Review: Working with schools",
            "Data collection 2025: last day to answer",
            "Cultural café",
            "Dark Season 🌒 webinar (provisional date)",
            "CANCELLED: Cultural café",
        ],
    }


def test_description_a_line_each(milestone):
    """The title where the summary is short, who, with whom, the wording, the indicator, last the link."""
    assert description(milestone, "fi").splitlines() == [
        "Osaamisen tunnistamisen malli, ja sen käyttöönotto",
        "Vastuutaho: Vamia",
        "Kumppanit: Alma, Hyvinvointiyksikkö",
        "Ohjelmassa lukee: 2023–2024",
        "Mittari: Malli on käytössä",
        "https://muistutus.example/actions/skills-model?lang=fi",
    ]


def test_description_of_an_assumed_date(webinar):
    """A date that nobody has set says so, and who sets it."""
    assert description(webinar, "en").splitlines() == [
        "Responsible party: Welfare Unit",
        "The programme says: Annually",
        "The date is assumed. The responsible party confirms it.",
        "https://muistutus.example/actions/dark-season?lang=en",
    ]


def test_description_of_a_collection(collection):
    """A collection says when its form opens and closes, in sentence form."""
    assert [description(collection, lang).splitlines()[0] for lang in LANGUAGES] == [
        "Lomake avataan maanantaina 1.12.2025 ja suljetaan sunnuntaina 15.2.2026.",
        "Formuläret öppnas måndag 1.12.2025 och stängs söndag 15.2.2026.",
        "The form opens on Monday 1\u00a0December 2025 and closes on Sunday 15\u00a0February 2026.",
    ]


def test_nothing_to_say(milestone):
    """Without names, words or link there is no empty line, and no text at all."""
    bare = replace(milestone, organisations=(), partners=(), wording=Text(), indicator=Text(), url="")
    bare = replace(bare, short=Text())
    assert (description(bare, "fi"), location(bare, "fi")) == ("", "")


def test_place_and_link(cafe):
    """The link of a video meeting stands in the place too."""
    both = replace(cafe, conference="https://video.example/1")
    assert location(both, "sv") == "Biblioteket; Alma, vån. 2, https://video.example/1"


def test_one_line():
    """Line breaks and runs of blanks become one blank; no-break spaces stay."""
    assert one_line(" a \r\n\t b\u00a0c\u202fd\n") == "a b\u00a0c\u202fd"


def test_braces_in_a_title_are_text(milestone):
    """A title is never read as a pattern."""
    odd = replace(milestone, short=Text(), title=Text(fi="{0} {title} {x!r}"))
    assert summary(odd, "fi") == "Määräaika: {0} {title} {x!r}"


def test_weekdays_and_months():
    """Seven different weekdays, twelve different months, the right one first."""
    week = [day_in_sentence(date(2025, 1, 13) + timedelta(days=n), "en").split()[0] for n in range(7)]
    assert week == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    months = [day_in_sentence(date(2025, n, 1), "en").split("\u00a0")[1] for n in range(1, 13)]
    assert (months[0], months[11], len(set(months))) == ("January 2025", "December 2025", 12)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Kulttuurikahvila", "Kulttuurikahvila"),
        ("Exactly forty characters in this title..", "Exactly forty characters in this title.."),
        # 39 characters and the mark; the comma goes.
        ("Language cafés in every district, and in the library", "Language cafés in every district…"),
        # Whole words alone, and none that points ahead.
        ("Training for the staff of the city and of partners", "Training for the staff of the city…"),
        ("Työllistymistä edistävien palvelujen kehittäminen", "Työllistymistä edistävien palvelujen…"),
        # One word that is too long itself.
        (
            "Maahanmuuttajataustaisten-opiskelijoiden-ohjauspalvelut",
            "Maahanmuuttajataustaisten-opiskelijoide…",
        ),
        ("  Two\nlines  ", "Two lines"),
    ],
)
def test_short_names_are_cut_between_words(title, expected):
    """A proposed name has forty characters at most and ends with a whole word."""
    assert short_name(title) == expected
    assert len(short_name(title)) <= 40


def test_short_names_in_each_language():
    """A chosen name holds in its language; where nothing is shortened there is none."""
    long = Text("Lyhyt", "Ett namn som är alldeles för långt för en kalender", "Short")
    assert short_names(long, Text(en="Chosen")) == Text(
        "Lyhyt", "Ett namn som är alldeles för långt…", "Chosen"
    )
    assert short_names(Text("Lyhyt", "Kort", "Short"), Text()) == Text()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vaasan kaupungin kotouttamisohjelma 2023–2026", "Vaasan kaupungin kotouttamisohjelma"),
        ("Vasa stads integrationsprogram för åren 2023–2026", "Vasa stads integrationsprogram"),
        ("The City of Vaasa Integration Programme 2023-2026", "City of Vaasa Integration Programme"),
        ("Climate 2035", "Climate 2035"),
    ],
)
def test_names_without_years(name, expected):
    """The years that a programme runs do not belong to its short name."""
    assert without_years(name) == expected
