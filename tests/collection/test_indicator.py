"""What an indicator asks for: read from its wording, and as a person writes it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from reminders.collection.indicator import (
    KINDS,
    Kind,
    Measure,
    MeasuresError,
    is_set,
    measures_of,
    parsed_measures,
    proposed_measures,
    unit_in,
    written_measures,
)
from reminders.use.programme.store_programme import read_built_in
from schedule_rules.programme import LANGUAGES, Action, Correction, Text
from tests.collection.test_report import AT

VAASA, _ = read_built_in("vaasa-2023-2026")


@pytest.mark.parametrize(
    ("indicator", "kinds", "units"),
    [
        (Text("Osallistujien määrä", "Antal deltagare", "Number of participants"), "n", ["osallistujaa"]),
        (Text(fi="Osallistujien lukumäärä"), "n", ["osallistujaa"]),
        (Text(sv="Antal deltagare"), "n", ["osallistujaa"]),
        (Text(en="Share of right-of-occupancy living"), "n", ["%"]),
        (Text(en="The guide is published"), "y", [""]),
        (Text(fi="Toiminta käynnistynyt"), "y", [""]),
        (Text(sv="Guiden har tagits i bruk"), "y", [""]),
        (Text(en="Mava-reception in operation"), "y", [""]),
        (Text(fi="Kampanjan saavuttama näkyvyys"), "t", [""]),
        (Text(fi="Testien määrä ja taso"), "t", [""]),
        (Text(fi="Asuntorakentamisen seuranta"), "t", [""]),
        (
            Text(
                "Toiminta käynnistynyt ja mukana olevien aktiivisten yhdistysten määrä",
                "Verksamheten inletts och antalet aktiva föreningar som deltar",
                "Activities launched and number of active associations involved",
            ),
            "yn",
            ["", "yhdistystä"],
        ),
        (
            Text(
                "Henkilöstökoulutusten määrä ja niihin osallistuneet",
                "Antal personalutbildningar och deltagare i dem",
                "Number of staff training sessions and participants",
            ),
            "nn",
            ["koulutusta", "osallistujaa"],
        ),
        (
            Text(fi="Toteutuneet retket, tapahtumat, kouluvierailut"),
            "nnn",
            ["retkeä", "tapahtumaa", "vierailua"],
        ),
        # The languages part differently: the cell stays whole.
        (Text("Kävijämäärät, palaute", "Besökarantal", "Visitor numbers"), "n", ["kävijää"]),
        # What is counted in one language and has begun in another is unclear.
        (Text(fi="Osallistujien määrä", en="Activities launched"), "t", [""]),
        (Text(fi="Ohjeet (suomi, ruotsi ja englanti) julkaistu"), "y", [""]),
        (Text(), "", []),
    ],
)
def test_what_an_indicator_asks_for(indicator: Text, kinds: str, units: list[str]) -> None:
    """What is counted is a number with its unit, what has begun yes or no, what is unclear text."""
    found = proposed_measures(indicator)
    assert "".join(one.kind[0] for one in found) == kinds
    assert [one.unit.fi for one in found] == units


def test_each_value_of_a_cell_has_words_of_its_own() -> None:
    """Parts of a sentence begin large; the word that stands once for all is said with each."""
    whole = Text(
        "Toteutuneiden ryhmien ja niihin osallistuneiden määrä",
        "Antalet genomförda grupper och deras deltagare",
        "Number of groups and the number of people attended",
    )
    assert [one.label.as_dict() for one in proposed_measures(whole)] == [
        {
            "fi": "Toteutuneiden ryhmien määrä",
            "sv": "Antalet genomförda grupper",
            "en": "Number of groups",
        },
        {
            "fi": "Niihin osallistuneiden määrä",
            "sv": "Deras deltagare",
            "en": "The number of people attended",
        },
    ]


def test_every_indicator_of_vaasa_asks_for_something() -> None:
    """One to three values; two thirds are more than text; each proposal can be written and read."""
    asked = [proposed_measures(one.indicator) for one in VAASA.actions if one.indicator]
    assert {len(one) for one in asked} == {1, 2, 3}
    clear = [one for one in asked if any(measure.kind != "text" for measure in one)]
    assert len(clear) * 3 > len(asked) * 2
    for one in asked:
        assert parsed_measures(written_measures(one)) == one


def corrected(value: str) -> Action:
    """An action whose indicator counts participants, with a correction."""
    made = Correction("measures", value, "secretary@city.example", AT.date())
    return Action("a", "g", {"fi": ("A",)}, indicator=Text("Osallistujien määrä"), corrections=(made,))


@pytest.mark.parametrize(
    ("value", "asked", "by_person"),
    [
        ("yes-no", (Measure("yes-no"),), True),
        ("number [h]", (Measure("number", unit=Text("h", "h", "h")),), True),
        ("text: Mitä opittiin?", (Measure("text", Text(*["Mitä opittiin?"] * 3)),), True),
        (
            "yes-no: Alkanut | Inlett; number: Ryhmät | Grupper | Groups [ryhmää | grupper | groups]",
            (
                Measure("yes-no", Text("Alkanut", "Inlett")),
                Measure("number", Text("Ryhmät", "Grupper", "Groups"), Text("ryhmää", "grupper", "groups")),
            ),
            True,
        ),
        ("", (Measure("number", unit=Text("osallistujaa", "deltagare", "participants")),), False),
    ],
)
def test_a_person_sets_it_once(value: str, asked: tuple[Measure, ...], *, by_person: bool) -> None:
    """Kind, words and unit; nothing: the proposal holds again."""
    action = corrected(value)
    assert (measures_of(action), is_set(action)) == (asked, by_person)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "much",
        "number; number; number; number",
        f"number [{'x' * 61}]",
        f"text: {'x' * 301}",
        "number: a|b|c|d",
    ],
)
def test_what_says_no_values_is_refused(value: str) -> None:
    """An unknown kind, more than three values, what is too long, a fourth language."""
    with pytest.raises(MeasuresError):
        parsed_measures(value)


letters = st.characters(codec="utf-8", exclude_characters=";|[]", exclude_categories=["C", "Z"])
words = st.text(letters, max_size=20)
texts = st.builds(Text, words, words, words)


@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=3),
    labels=st.lists(texts, min_size=3, max_size=3),
    units=st.lists(texts, min_size=3, max_size=3),
)
def test_what_is_written_is_read_back(kinds: list[Kind], labels: list[Text], units: list[Text]) -> None:
    """Any values, in any words without the marks of the notation."""
    made = tuple(
        Measure(kind, label, unit if kind == "number" else Text())
        for kind, label, unit in zip(kinds, labels, units, strict=False)
    )
    assert parsed_measures(written_measures(made)) == made


def test_a_unit_is_said_in_the_readers_language() -> None:
    """Of the table, of the action's own values; one that nobody knows as it is written."""
    own = (Measure("number", unit=Text("tarinaa", "berättelser", "stories")),)
    assert [unit_in("tarinaa", own, lang) for lang in LANGUAGES] == ["tarinaa", "berättelser", "stories"]
    assert [unit_in("osallistujaa", (), lang) for lang in LANGUAGES] == [
        "osallistujaa",
        "deltagare",
        "participants",
    ]
    assert unit_in("kpl", own, "en") == "kpl"
