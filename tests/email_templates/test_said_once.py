"""A mail says each fact once, of all that it is true of and of nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from email_templates import words
from email_templates.letters import BoardDigest, EarlierAnswer, Letter, Promise
from email_templates.plain_text import cut, years_together
from email_templates.render import render
from schedule_rules.programme import Lang, Text
from tests.email_templates.letters_of_size import HEAD, LISTED, digest, nudge, status_request, unit_year

ON_LIST: Final = Promise("listed", date(2026, 1, 12), date(2026, 1, 12))


def plain(letter: Letter, lang: Lang = "fi") -> str:
    """The text part in one line, with ordinary spaces."""
    return " ".join(render(letter, lang).text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("lang", "some", "one", "all_of_them"),
    [
        ("fi", "2 toimenpiteen määräaika on jo mennyt: ne on ehkä jo tehty.", "Se on ehkä", "Osa on ehkä"),
        ("sv", "Tidsfristen för 2 åtgärder har redan gått ut", "Den kan redan", "En del kan redan"),
        ("en", "The deadlines of 2 actions have passed", "It may already", "Some may already"),
    ],
)
def test_a_review_is_not_said_to_be_done(lang: Lang, some: str, one: str, all_of_them: str) -> None:
    """Deadlines that have passed are counted where reviews or coming deadlines stand beside them."""
    mixed = status_request(3)
    milestones = replace(mixed, items=(mixed.items[0], mixed.items[2]))
    reviews = replace(mixed, items=(mixed.items[1], replace(mixed.items[1], occurrence="x:y:review:2")))
    coming = replace(mixed, items=tuple(replace(item, due=date(2026, 2, 2)) for item in milestones.items))
    assert some in plain(mixed, lang)
    assert all_of_them in plain(milestones, lang)
    assert one in plain(replace(mixed, items=mixed.items[:1]), lang)
    for letter in (reviews, coming, replace(mixed, items=mixed.items[1:2])):
        assert not any(claim in plain(letter, lang) for claim in (some, one, all_of_them))


@pytest.mark.parametrize("reason", ["taken", "new", "moved", "untold", "open", "again"])
def test_whatever_the_reason_a_review_has_no_deadline_that_passed(reason: str) -> None:
    """The sentence on what is done already is one for all reasons."""
    asked = status_request(2).items[1]
    letter = replace(status_request(1), items=(replace(asked, request=reason),))  # type: ignore[arg-type]
    assert "ehkä jo tehty" not in plain(letter)
    assert "viimeistään perjantaina 23.1.2026" in plain(letter)


@pytest.mark.parametrize(("lang", "by"), [("fi", "viimeistään"), ("sv", "senast"), ("en", " by ")])
@pytest.mark.parametrize("n", [1, 3, 11])
def test_a_status_request_names_one_day_to_answer_by(n: int, lang: Lang, by: str) -> None:
    """What happens next has its own day, and no second day to answer by."""
    assert plain(status_request(n), lang).count(by) == 1


def test_one_row_that_differs_says_so_itself() -> None:
    """The promise that the others share is said once, with a word on the exceptions."""
    letter = nudge(7)
    items = tuple(replace(item, promise=LISTED if n == 6 else HEAD) for n, item in enumerate(letter.items))
    text = plain(replace(letter, items=items))
    assert text.count("asioista ilmoitetaan yksikön esihenkilölle maanantaina 26.1.2026") == 1
    assert text.count("muuten toimenpide lisätään sihteerin seurantaluetteloon 26.1.2026") == 1
    assert "Poikkeukset on mainittu toimenpiteiden kohdalla." in text


def test_a_promise_is_not_made_of_what_has_none() -> None:
    """Dates that are asked for go no further: the promise says which items it is about."""
    letter = nudge(3)
    event = replace(letter.items[2], kind="event", asks_dates=True, promise=None, answer_url="", year=2026)
    text = plain(replace(letter, items=(*letter.items[:2], event)))
    assert "Tämä koskee toimenpiteitä, joiden tilannetta kysytään." in text
    assert "joiden tilannetta kysytään" not in plain(nudge(2))


@pytest.mark.parametrize(
    ("lang", "one", "several"),
    [
        ("fi", "Toimenpide on sihteerin seurantaluettelossa", "Toimenpiteet ovat sihteerin"),
        ("sv", "Åtgärden står på sekreterarens uppföljningslista", "Åtgärderna står på sekreterarens"),
        ("en", "This action is on the board secretary’s follow-up list", "These actions are on the board"),
    ],
)
def test_what_is_on_the_list_is_said_to_be(lang: Lang, one: str, several: str) -> None:
    """Where nothing more happens the mail says where the item stands."""
    letter = nudge(2)
    listed = tuple(replace(item, promise=ON_LIST) for item in letter.items)
    assert several in plain(replace(letter, items=listed), lang)
    assert one in plain(replace(letter, items=listed[:1]), lang)


def test_an_earlier_answer_is_part_of_its_sentence() -> None:
    """Lower case after the colon; a proposed date that has passed undecided is said to have."""
    said = EarlierAnswer("late", date(2025, 11, 18), date(2025, 12, 28), "over")
    letter = nudge(1)
    item = replace(letter.items[0], promise=replace(HEAD, earlier=said))
    text = plain(replace(letter, items=(item,)))
    assert "18.11.2025: viivästyy, ehdotettu uusi määräaika 28.12.2025 (päivä on mennyt" in text


@pytest.mark.parametrize(("count", "shown"), [(3, "A0, A1, A2"), (4, "A0, A1, A2 ja 1 muu")])
def test_at_most_three_others_are_named(count: int, shown: str) -> None:
    """The rest is a number."""
    assert words.few_names("fi", [Text(*[f"A{n}"] * 3) for n in range(count)]) == shown


@pytest.mark.parametrize(("lang", "never"), [("fi", "Vastausta ei tarvita"), ("en", "No answer is needed")])
def test_the_year_asks_nothing_and_denies_nothing(lang: Lang, never: str) -> None:
    """The list needs no answer; what stands in it does, at its time. No links expire that are not there."""
    text = plain(unit_year(3), lang)
    assert never not in text
    assert {"fi": "Linkit toimivat", "en": "The links work"}[lang] not in text


def test_a_series_whose_dates_are_assumed_is_provisional() -> None:
    """As a single date of it is."""
    letter = unit_year(3)
    series = replace(letter.years[0].rows[2], times=10, provisional=True)
    letter = replace(letter, years=(replace(letter.years[0], rows=(series,)),))
    assert "10 evenemang under året, det första mån 9.3.2026 (preliminärt)" in plain(letter, "sv")


def test_the_lead_of_a_form_and_of_dates_asks_for_no_status() -> None:
    """Nor does a mail of many send its reader to buttons that it has not."""
    letter = nudge(4)
    form = replace(letter.items[3], kind="collection", answer_url="", form_url="https://city.example/form")
    text = plain(replace(letter, items=(*letter.items[:3], form)))
    assert "Nämä asiat odottavat vastausta. Kunkin kohdalla lukee, mitä kysytään." in text
    assert "Mikä niiden tilanne on?" not in text
    assert "Avaa sivu ja valitse toimenpiteen kohdalla ”Ei kuulu meille”." in text
    assert "Väärä vastaanottaja? Valitse ”Ei kuulu meille”." in plain(nudge(1))


def test_the_number_in_a_heading_is_of_its_mail() -> None:
    """The unit's page may hold more."""
    assert "Tässä viestissä 4 asiaa odottaa vastausta" in plain(nudge(4))


def test_a_summary_counts_what_came_to_its_reader() -> None:
    """In its subject and under what is new; what was told before is not new."""
    own = tuple(
        replace(item, reason="repeated" if n < 2 else "first") for n, item in enumerate(nudge(5).items)
    )
    letter: BoardDigest = replace(digest(1), own=own, passed=0)
    content = render(letter, "fi")
    assert content.subject == "Yhteenveto 12.1.2026: sinulle tullut (3), määräaika päättynyt (0)"
    assert "Sihteerille tulleet asiat (3)" in plain(letter)
    both = render(letter, "fi+sv").subject
    assert both == "Yhteenveto / Sammandrag 12.1.2026: sinulle tullut / till dig (3)"


def test_a_subject_in_two_languages_says_that_a_date_has_passed() -> None:
    """The lead of both stands before the date, which goes where there is no room."""
    subject = render(nudge(1), "fi+sv").subject
    assert subject == "Määräaika päättyi / Tidsfristen gick ut: CV klinikka: infot ryhmille…"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Kulturkaféverksamhet 1 ggr/mån", 28, "Kulturkaféverksamhet…"),
        ("Mässor 2-4 gånger per år", 14, "Mässor…"),
        ("Ohjelma 2026", 12, "Ohjelma 2026"),
    ],
)
def test_a_number_is_not_cut_from_what_it_counts(text: str, limit: int, short: str) -> None:
    """A title ends before the number, not after it."""
    assert cut(text, limit) == short


def test_a_hyphen_stays_with_its_word() -> None:
    """A hyphen at the start of a word is joined to it; one inside a word may end a line."""
    assert years_together("ja -velvollisuuksista") == "ja -\N{WORD JOINER}velvollisuuksista"
    assert years_together("linja-auto") == "linja-auto"
