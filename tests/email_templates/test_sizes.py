"""Letters of 1, 3, 11, 40 and 500 items: octets, subject, links, one promise."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pytest

from email_templates.letters import Escalation, Letter, MailLang, Nudge, StatusRequest, UnitYear
from email_templates.render import in_one_mail, languages, render, render_section
from schedule_rules.programme import Text
from tests.email_templates.examples import LANGS
from tests.email_templates.letters_of_size import LETTERS_OF_SIZE, OWN, SIZES, digest, nudge, status_request

LIMIT: Final = 80_000
LINK: Final = re.compile(r"https://[^\s\"<>]+")
ANSWER_ALL: Final = {"fi": "Vastaa kaikkiin", "sv": "Svara på alla", "en": "Answer all"}
PROMISES: Final = {
    "fi": (
        "Jos kukaan yksiköstä ei ole vastannut, toimenpiteet lisätään "
        "sihteerin seurantaluetteloon maanantaina 26.1.2026."
    ),
    "sv": (
        "Om ingen på enheten har svarat förs åtgärderna upp på sekreterarens "
        "uppföljningslista måndag 26.1.2026."
    ),
    "en": (
        "If nobody in your unit has answered, these actions appear on the board "
        "secretary’s follow-up list on Monday 26 January 2026."
    ),
}
HUGE: Final = Text(*["Yhteistyön tiivistäminen huoltajien ja kolmannen sektorin kanssa; " * 40] * 3)


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", LETTERS_OF_SIZE)
def test_a_mail_is_never_cut_by_its_reader(kind: str, n: int, lang: MailLang) -> None:
    """Gmail cuts html from 102 kB on: less than 80 kB, decoded, whatever there is to tell."""
    content = render(LETTERS_OF_SIZE[kind](n), lang)
    assert len(content.html.encode()) < LIMIT
    assert len(content.text.encode()) < LIMIT / 2


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", ["nudge", "status-request", "escalation", "unit-year"])
def test_the_subject_names_the_first_title(kind: str, n: int, lang: MailLang) -> None:
    """At most 70 characters; the title cut between words; how many more there are."""
    letter = LETTERS_OF_SIZE[kind](n)
    subject = render(letter, lang).subject
    language = languages(lang)[0]
    if isinstance(letter, UnitYear):
        titles = [row.title for row in letter.years[0].rows]
    else:
        assert isinstance(letter, Nudge | StatusRequest | Escalation)
        titles = [item.title for item in letter.items]
    more = {"fi": f"ja {n - 1} muuta", "sv": f"och {n - 1} till", "en": f"and {n - 1} more"}[language]
    assert len(subject) <= 70
    assert (more in subject) == (n > 1)
    named = [title.get(language) for title in titles if title.get(language)[:15] in subject]
    assert named
    shown = re.split(r"…|, | ja \d| och \d| and \d| \(due", subject.partition(named[0][:15])[2])[0]
    rest = named[0][15:]
    assert rest.startswith(shown)
    assert rest[len(shown) : len(shown) + 1] in {"", " ", ",", ":", "-", ".", "+"}


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("n", SIZES)
def test_up_to_three_items_are_whole_and_more_a_table_with_one_button(n: int, lang: MailLang) -> None:
    """Four buttons an item, or one for all; at most twenty rows; in the text one link each, or one."""
    content = render(status_request(n), lang)
    answers = [link for link in LINK.findall(content.html) if "/answer/" in link]
    all_of_them = f"{OWN.unit_url}&amp;lang={lang}"
    if n <= 3:
        assert len(answers) == 4 * n
        assert ANSWER_ALL[lang] not in content.html
        in_text = [link for link in LINK.findall(content.text) if "/answer/" in link]
        assert len(in_text) == len(set(in_text)) == n
        return
    assert answers == []
    assert content.html.count('class="button ') == content.html.count(f">{ANSWER_ALL[lang]}<") == 1
    assert content.html.count('<tr class="row"') == min(n, 20)
    left = {"fi": f"ja {n - 20} muuta", "sv": f"och {n - 20} till", "en": f"and {n - 20} more"}[lang]
    assert (f">{left}</a>" in content.html) == (n > 20)
    assert content.html.count(f'"{all_of_them}"') == 1 + (n > 20)
    assert len(
        [link for link in LINK.findall(content.text) if "/unit/" in link and f"lang={lang}" in link]
    ) == 1 + (n > 20)


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("n", SIZES[1:])
def test_a_promise_that_is_the_same_for_all_is_said_once(n: int, lang: MailLang) -> None:
    """After the items, in both parts; no item says it too."""
    content = render(status_request(n), lang)
    assert _plain(content.text).count(PROMISES[lang]) == 1
    assert _plain(content.html).count(PROMISES[lang]) == 1
    day = {"fi": "26.1.2026", "sv": "26.1.2026", "en": "26 January 2026"}[lang]
    assert _plain(content.text).count(day) == 1


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_promises_that_differ_stand_with_each_item(lang: MailLang) -> None:
    """A line each, short in a table; the one that most items have is said once."""
    text = _plain(render(nudge(11), lang).text)
    said = {
        "fi": "Vastaa viimeistään 23.1.2026, muuten ",
        "sv": "Svara senast 23.1.2026, annars ",
        "en": "Answer by 23 Jan 2026; after that ",
    }
    common = {
        "fi": "asioista ilmoitetaan yksikön esihenkilölle maanantaina 26.1.2026.",
        "sv": "meddelas enhetens chef om ärendena måndag 26.1.2026.",
        "en": "the head of unit is told of these actions on Monday 26 January 2026.",
    }
    assert text.count(said[lang]) == 3
    assert text.count(common[lang]) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_longest_titles_and_wordings_leave_a_mail_readable(lang: MailLang) -> None:
    """Titles of two thousand characters: in a table each is cut."""
    many: tuple[Nudge | StatusRequest, ...] = (nudge(500), status_request(40))
    for letter in many:
        items = tuple(replace(item, title=HUGE, wording=HUGE, others=(HUGE,)) for item in letter.items)
        content = render(replace(letter, items=items), lang)
        assert len(content.html.encode()) < LIMIT
        assert len(content.subject) <= 70
    made = digest(500)
    rows = tuple(replace(row, title=HUGE, note=HUGE, unit=HUGE) for row in made.answered)
    huge = replace(
        made, not_answered=rows, behind=rows, proposals=rows, answered=rows, paused=rows, unclear=rows
    )
    assert len(render(huge, lang).html.encode()) < LIMIT


@pytest.mark.parametrize("lang", LANGS)
def test_the_sections_of_a_mail_share_its_room(lang: MailLang) -> None:
    """Four programmes of 500 items each and their summaries are one mail, uncut."""
    letters: list[Letter] = [nudge(500), status_request(500), digest(500), digest(500)]
    content = in_one_mail([render_section(letter, lang, len(letters)) for letter in letters])
    assert len(content.html.encode()) < LIMIT


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("n", SIZES)
def test_a_summary_links_each_row_and_leads_to_the_rest(n: int, lang: MailLang) -> None:
    """At most twenty rows a list; what is left out is a line with a link to the page that has all of it."""
    content = render(digest(n), lang)
    rows = content.html.count('<tr class="row"')
    assert rows == (n if n <= 20 else rows) <= 20
    left = {"fi": f"ja {n - rows} muuta", "sv": f"och {n - rows} till", "en": f"and {n - rows} more"}[lang]
    assert (left in content.html) == (n > rows)
    assert len(LINK.findall(content.text)) == content.html.count('href="https')


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_composing_takes_steps_in_proportion(lang: MailLang) -> None:
    """The text of a mail of 500 items holds no more than that of 40."""
    for make in (nudge, status_request):
        assert len(render(make(500), lang).text) <= len(render(make(40), lang).text) + 20
