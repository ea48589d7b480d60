"""Long words of the programmes break where a reader expects it: between the parts of a compound."""

from __future__ import annotations

import pytest

from reminders.web.catalogue import shown_text
from reminders.web.long_words import LONGEST_WHOLE, SOFT_HYPHEN, compound_parts

# As they stand in Vaasa's programme, in those of other cities and on the pages; | is where they break.
WORDS = """
    kotouttamis|ohjelma kotouttamis|palveluiden kotoutumis|päällikkö kehittämis|ohjelma
    toimenpide|ohjelma hyvinvointi|yksikön hyvinvointi|alueen kaupungin|valtuusto kaupunki|ympäristön
    vastaanotto|keskuksen työllisyys|palvelut työelämä|orientaatio|ryhmät turvallisuus|työ|verkosto
    asiantuntija|vierailut maahanmuuttaja|taustaisten moni|kulttuurisuus|neuvostossa
    rinnakkais|yhteisöjen koulutus|ohjelma|tiivistelmä kulttuuri|kahvila|toiminta
    kaupunki|viljely|toiminnan itse|palvelu|kanavien hyväksi|käyttö|tapaukset rekrytointi|tapahtumissa
    osavuosi|katsauksen valtuusto|kaudella kirjautumis|linkki kalenteri|syötteessä
    integrations|programmet integrations|chefen sysselsättnings|servicen befolknings|utvecklingen
    säkerhets|arbets|nätverket samhälls|orienterad invandrar|bakgrund företags|samarbete
    språk|undervisning språk|kunskaps|nivå utbildnings|aktörerna informations|förmedling
    fullmäktige|ledamöterna kris|medvetenheten framgångs|berättelser yrkes|övergripande
    inloggnings|länken uppföljnings|listan
"""
COMPOUNDS = WORDS.split()


@pytest.mark.parametrize("word", COMPOUNDS)
def test_a_compound_breaks_between_its_parts(word: str) -> None:
    """And nowhere else, so that no part is torn ("kotouttamisoh-jelma")."""
    assert shown_text(word.replace("|", "")).replace(SOFT_HYPHEN, "|") == word


@pytest.mark.parametrize("word", ["Kotouttamisohjelma", "INTEGRATIONSPROGRAM", "kotouttamisohjelma,"])
def test_case_and_punctuation_do_not_matter(word: str) -> None:
    """A title begins with a capital."""
    assert shown_text(word).count(SOFT_HYPHEN) == 1


def test_a_part_that_is_too_long_breaks_at_syllables() -> None:
    """A word that no list knows still fits a phone."""
    assert (
        shown_text("asumisoikeusmahdollisuuksista").replace(SOFT_HYPHEN, "|").startswith("asumis|oikeus|mah|")
    )
    assert shown_text("velvollisuuksista").replace(SOFT_HYPHEN, "|") == "vel|vol|li|suuk|sista"


def test_nothing_is_lost_and_short_words_stay() -> None:
    """The text is the same but for the hyphens; 16 letters stay whole."""
    assert [shown_text(one.replace("|", "")).replace(SOFT_HYPHEN, "") for one in COMPOUNDS] == [
        one.replace("|", "") for one in COMPOUNDS
    ]
    assert shown_text("ohjelmakaudelle") == "ohjelmakaudelle"
    assert max(map(len, compound_parts("vastaanottokeskus"))) <= LONGEST_WHOLE
