"""Finnish words are declined by rule: the forms are those of a grammar."""

from __future__ import annotations

import pytest

from schedule_rules.reading import normalise
from schedule_rules.reading.languages.finnish import DECLINED, decline
from schedule_rules.reading.lexicon import index
from schedule_rules.reading.vocabulary import VocabularyWord as Word
from schedule_rules.schedule import predict

CASES = "nom gen par ine ela ill ade abl all ess tra"
PARADIGMS = {
    "+kausi": "kausi kauden kautta kaudessa kaudesta kauteen kaudella kaudelta kaudelle kautena kaudeksi",
    "+viikko": (
        "viikko viikon viikkoa viikossa viikosta viikkoon viikolla viikolta viikolle viikkona viikoksi"
    ),
    "+kevät": (
        "kevät kevään kevättä keväässä keväästä kevääseen keväällä keväältä keväälle keväänä kevääksi"
    ),
    "+neljännes": (
        "neljännes neljänneksen neljännestä neljänneksessä neljänneksestä neljännekseen neljänneksellä "
        "neljännekseltä neljännekselle neljänneksenä neljännekseksi"
    ),
    "+puolikas": (
        "puolikas puolikkaan puolikasta puolikkaassa puolikkaasta puolikkaaseen puolikkaalla puolikkaalta "
        "puolikkaalle puolikkaana puolikkaaksi"
    ),
    "+vaihde": (
        "vaihde vaihteen vaihdetta vaihteessa vaihteesta vaihteeseen vaihteella vaihteelta vaihteelle "
        "vaihteena vaihteeksi"
    ),
    "+loppu": "loppu lopun loppua lopussa lopusta loppuun lopulla lopulta lopulle loppuna lopuksi",
    "+kaksi": "kaksi kahden kahta kahdessa kahdesta kahteen kahdella kahdelta kahdelle kahtena kahdeksi",
    "+kolmas": (
        "kolmas kolmannen kolmatta kolmannessa kolmannesta kolmanteen kolmannella kolmannelta kolmannelle "
        "kolmantena kolmanneksi"
    ),
    "ensimmäi+nen": (
        "ensimmäinen ensimmäisen ensimmäistä ensimmäisessä ensimmäisestä ensimmäiseen ensimmäisellä "
        "ensimmäiseltä ensimmäiselle ensimmäisenä ensimmäiseksi"
    ),
    "+jatkuva": (
        "jatkuva jatkuvan jatkuvaa jatkuvassa jatkuvasta jatkuvaan jatkuvalla jatkuvalta jatkuvalle "
        "jatkuvana jatkuvaksi"
    ),
}
PLURALS = {
    "+kausi": "kaudet kausien kausia kausissa kausiin kausina",
    "+kuu": "kuut kuiden kuita kuissa kuihin kuina",
    "+kvartaali": "kvartaalit kvartaalien kvartaaleja kvartaaleissa kvartaaleihin kvartaaleina",
    "+kesä": "kesät kesien kesiä kesissä kesiin kesinä",
    "vuosittai+nen": ("vuosittaiset vuosittaisten vuosittaisia vuosittaisissa vuosittaisiin vuosittaisina"),
}


@pytest.mark.parametrize("word", PARADIGMS)
def test_singular_has_the_forms_of_the_grammar(word: str) -> None:
    """Each case of the singular is as a grammar has it, gradation and harmony included."""
    forms = dict(decline(word))
    assert [forms[case] for case in CASES.split()] == PARADIGMS[word].split()


@pytest.mark.parametrize("word", PLURALS)
def test_plural_has_the_forms_of_the_grammar(word: str) -> None:
    """So is each case of the plural that planners use."""
    forms = dict(decline(word))
    cases = ("nompl", "genpl", "parpl", "inepl", "illpl", "esspl")
    assert [forms[case] for case in cases] == PLURALS[word].split()


def test_vuosi_keeps_its_own_essive() -> None:
    """The essive of the word for year is "vuonna", of its compounds too."""
    assert dict(decline("luku+vuosi"))["ess"] == "lukuvuonna"


def test_no_form_mixes_vowels_of_both_harmonies_in_its_ending() -> None:
    """A form never has an ending with ä after a last part with a, o or u, nor the other way round."""
    for row in DECLINED.splitlines():
        for form in row.partition(": ")[2].split(" | "):
            ending = form[-3:]
            assert not (set(ending) & set("aou") and set(ending) & set("äöy")), form


def test_case_says_begin_and_end() -> None:
    """An elative begins, an illative ends, an inessive counts in each."""
    words = index("fi").words
    assert words["marraskuusta"] == Word("Fm", 11)
    assert words["marraskuuhun"] == Word("Bm", 11)
    assert words["valtuustokaudessa"] == Word("W", ("year", 4))


@pytest.mark.parametrize("clitic", ["kin", "kaan"])
def test_a_clitic_changes_nothing(clitic: str) -> None:
    """The ending for "also" leaves a word what it is."""
    plain, marked = (predict(normalise(f"syksyn{end} 2025 aikana", "fi")) for end in ("", clitic))
    assert plain == marked
