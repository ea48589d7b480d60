"""What an organisation is called, from the ways in which it is printed."""

from __future__ import annotations

import pytest

from reminders.intake.parties import adds_nothing, are_different_bodies, name_of, nominative, split_parties
from reminders.intake.reimport import slug
from schedule_rules.programme import Lang


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("etnisten yhdistysten", "etniset yhdistykset"),
        ("toisen asteen oppilaitosten", "toisen asteen oppilaitokset"),
        ("kaupungin hallintokuntien", "kaupungin hallintokunnat"),
        ("mahdollisten muiden toimijoiden", "mahdolliset muut toimijat"),
        ("urheiluseurojen", "urheiluseurat"),
        ("Pohjanmaan ETNO:n", "Pohjanmaan ETNO"),
        ("hyvinvointiyksikön", "hyvinvointiyksikkö"),
        ("kriisikeskuksen", "kriisikeskus"),
        ("Alman", "Alman"),
    ],
)
def test_a_genitive_becomes_a_nominative(printed: str, listed: str) -> None:
    """By the end of the word; a proper name, whose end says nothing, stays."""
    assert nominative(printed) == listed


def test_a_form_that_stands_as_a_list_names_it_is_preferred() -> None:
    """Another print in the nominative is better than one made from the genitive."""
    assert name_of({"Alman": False, "Alma": True}, "fi") == "Alma"
    assert name_of({"yhdistysten": False}, "fi") == "yhdistykset"
    assert name_of({"the Crisis Centre": True}, "en") == "Crisis Centre"


def test_letters_that_print_lost_come_back_from_other_prints() -> None:
    """Each of two damaged prints has kept what the other lost; é was read as ö, so ä wins a tie."""
    assert name_of({"Välfardsenheten": True, "valfärdsenheten": True}, "sv") == "Välfärdsenheten"
    assert name_of({"Valfördsenheten": True, "Valfärdsenheten": True}, "sv") == "Valfärdsenheten"
    assert name_of({"Rad": True}, "sv") == "Rad"


@pytest.mark.parametrize(
    ("short", "long", "lang", "same"),
    [
        ("TNO", "TNO services", "en", True),
        ("Perhekeskus", "Perhekeskus toiminta", "fi", True),
        ("Familjecentret", "Familjecenterverksamhet", "sv", True),
        ("associations", "ethnic associations", "en", False),
        ("Employment services", "Employment services for migrants", "en", False),
    ],
)
def test_a_word_that_adds_nothing(short: str, long: str, lang: Lang, *, same: bool) -> None:
    """Services, activities and the like do; what narrows a name does not."""
    assert adds_nothing(short, long, lang) is same


def test_the_council_is_not_the_board() -> None:
    """City Council is no translation of Kaupunginhallitus, City Board is."""
    assert are_different_bodies("City Council", "Kaupunginhallitus")
    assert not are_different_bodies("City Board", "Kaupunginhallitus")
    assert not are_different_bodies("Multiculturalism Board", "Monikulttuurisuusneuvosto")


@pytest.mark.parametrize("known", [(), ("higher", "secondary education institutions in the region")])
def test_an_adjective_alone_is_no_party(known: tuple[str, ...]) -> None:
    """The word higher waits for its noun, whatever names are known."""
    names = split_parties(
        "Vamia, higher and secondary education institutions in the region", "en", known
    ).leads
    assert names == ("Vamia", "higher and secondary education institutions in the region")


def test_a_hyphen_inside_a_word_makes_no_small_word() -> None:
    """On-going keeps its on."""
    assert slug("the on-going projects of the city") == "on-going-projects-city"
