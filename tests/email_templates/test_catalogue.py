"""The checks of the catalogues (design: language.md, §5), and how strict a catalogue is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from email_templates.catalogue import Catalogue, CatalogueError, catalogue, placeholders
from schedule_rules.programme import LANGUAGES, Lang

MAILS = catalogue("email_templates")

NAMES = {"title", "org", "unit", "others", "by", "programme", "name"}
ALIKE = {"partner", "import", "organisation"}
# Stems of the words that are not used; "toimi" alone is none of "toimii", "toimenpide".
NOT_STEMS: dict[Lang, str] = {
    "fi": r"\btoimi\b|indikaattor|\bkpi\b|sijais|sijaine|esimie|eräpäiv|erääntyn|arvioin|karhu|eskaloin"
    r"|monitoroin|huomaut|torkku|vapaut|toimitet|arkipäiv|virheelli|mennessä"
    r"|koordinaattor|\basti\b|\bsaakka\b|\badmin",
    "sv": r"domän|configuration|\binsats|indikator|\bkpi\b|tidsplan|ägare\b|koordinator|vikarie|förman"
    r"|\badmin|virstanp|milstolp|förfall|revision|datainsamling|karhu|nudge|sammanfattning|digest|eskaler|monitor"
    r"|anmärkning|framskrid|snooz|frisläpp|leverera|bounce|vardag|felaktig|provenans",
    "en": r"\btheme|configuration|\bmeasure(?!d)|\bkpi|\bowner|\btask|due date|overdue|nudge|digest|escalat"
    r"|bounce|\bdeliver|release|tentative|provenance|snooze|\badmin\b|urgent|please|coordinator|milepost",
}
TEXTS = [
    (lang, text_id, form, text)
    for lang in LANGUAGES
    for text_id, forms in sorted(MAILS.entries[lang].items())
    for form, text in forms.items()
]


def _pairs(lang: Lang) -> list[tuple[str, str, str]]:
    entries = MAILS.entries
    return [(i, entries[lang][i]["other"], entries["en"][i]["other"]) for i in sorted(entries["en"])]


def test_every_id_has_a_text_in_all_three() -> None:
    """Check 1: no language lacks an id."""
    assert [set(MAILS.entries[lang]) for lang in LANGUAGES] == [MAILS.ids] * 3


def test_a_text_is_not_its_id() -> None:
    """Check 1: a text says something."""
    assert [text_id for _, text_id, _, text in TEXTS if text.strip() in {"", text_id}] == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_nothing_is_left_in_english(lang: Lang) -> None:
    """Check 1: Finnish and Swedish differ from the English."""
    assert [i for i, own, english in _pairs(lang) if own == english and own not in ALIKE] == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_placeholders_agree(lang: Lang) -> None:
    """Check 2: the same placeholders and plural forms in all languages."""
    own, english = MAILS.entries[lang], MAILS.entries["en"]
    assert [i for i in own if set(own[i]) != set(english[i])] == []
    assert [
        i
        for i in own
        if frozenset().union(*map(placeholders, own[i].values()))
        != frozenset().union(*map(placeholders, english[i].values()))
    ] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_word_of_the_not_column(lang: Lang) -> None:
    """Check 3: one word for one thing."""
    wrong = re.compile(NOT_STEMS[lang], re.IGNORECASE)
    given = {"Viivästyy {date} asti"}  # a chip of language.md, section 2: the day is its last
    assert [
        text for own, _, _, text in TEXTS if own == lang and wrong.search(text) and text not in given
    ] == []


def test_typography() -> None:
    """Check 3: no exclamation mark, no straight quote, no hyphen in a range."""
    assert [text for _, _, _, text in TEXTS if re.search(r"[!\"']|\d-\d|\} ?- ?\{", text)] == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_names_are_not_inflected(lang: Lang) -> None:
    """Check 5: no letter, colon and letter, or s right after a name."""
    after = re.compile(r"\{(" + "|".join(NAMES) + r")\}(?:”)?(?::?\w)")
    assert [text for own, _, _, text in TEXTS if own == lang and after.search(text)] == []


def test_quotes_are_those_of_the_language() -> None:
    """Finnish and Swedish write ”…”, English ‘…’ (and ’ in “secretary’s”)."""
    foreign = {"fi": set("‘’“„"), "sv": set("‘’“„"), "en": set("”“„")}
    assert [text for lang, _, _, text in TEXTS if set(text) & foreign[lang]] == []


@pytest.fixture
def small(tmp_path: Path) -> Catalogue:
    """A catalogue of another room, in its own folder."""
    toml = (
        '[a]\nplain = "Hei"\nnamed = "{x} ja {y}"\n'
        'count = { zero = "ei yhtään", one = "1 asia", other = "{n} asiaa {where}" }\n'
        'number = "yhteensä {n}"\n'
    )
    for lang in LANGUAGES:
        (tmp_path / f"{lang}.toml").write_text(toml, encoding="utf-8")
    return Catalogue.load(tmp_path)


def test_forms_follow_the_number(small: Catalogue) -> None:
    """Zero, one and many, the number written as the language writes it."""
    said = [small.say("fi", "a.count", n=n, where="tänään") for n in (0, 1, 12000)]
    assert said == ["ei yhtään", "1 asia", "12\u00a0000 asiaa tänään"]
    assert small.say("en", "a.number", n=1200) == "yhteensä 1,200"


def test_a_variable_is_data(small: Catalogue) -> None:
    """Braces in a value are not placeholders."""
    assert small.say("sv", "a.named", x="{y}", y="{}") == "{y} ja {}"


@pytest.mark.parametrize(
    ("text_id", "variables"),
    [
        ("a.missing", {}),
        ("a.plain", {"x": 1}),
        ("a.named", {"x": 1}),
        ("a.named", {"x": 1, "y": 2, "z": 3}),
        ("a.plain", {"n": 1}),
        ("a.count", {"where": ""}),
        ("a.number", {}),
    ],
)
def test_a_catalogue_is_strict(small: Catalogue, text_id: str, variables: dict[str, object]) -> None:
    """A missing text, a missing variable and one too many raise."""
    with pytest.raises(CatalogueError):
        small.say("fi", text_id, **variables)  # type: ignore[arg-type]


def test_a_catalogue_holds_texts_only(tmp_path: Path) -> None:
    """A number in the file is a mistake."""
    for lang in LANGUAGES:
        (tmp_path / f"{lang}.toml").write_text("a = 1\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match="'a' is neither a text nor a table"):
        Catalogue.load(tmp_path)


def test_has_and_ids(small: Catalogue) -> None:
    """A catalogue tells what it holds."""
    assert small.ids == {"a.plain", "a.named", "a.count", "a.number"}
    assert small.has("fi", "a.plain")
    assert not small.has("fi", "a")
