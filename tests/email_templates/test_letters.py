"""Rendered letters: golden files, the same facts in both parts, subjects, sections, truth of dates."""

from __future__ import annotations

import html as html_library
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Literal

import pytest

from email_templates import rows, words
from email_templates.letters import BoardDigest, Item, MailLang, Promise
from email_templates.render import FOLDERS, render
from tests.email_templates.examples import (
    CAMPAIGN,
    DAY,
    DIGEST,
    ESCALATED,
    INFO,
    JOINT,
    LANGS,
    LATER,
    LETTERS,
    POINTS,
    REVIEW,
    ROUND,
    VOTING,
    nudge,
)
from tests.golden_files import compare_with_golden

ALL = [(name, lang) for name in LETTERS for lang in LANGS]
DATE = re.compile(r"\b\d{1,2}(?:\.\d{1,2}\.\d{4}| [A-Z][a-z]+ \d{4})")
LINK = re.compile(r"https://[^\s\"<>]+")


class _Shown(HTMLParser):
    """Collects what a reader sees, and where the links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"style", "title"} or "display: none" in (given.get("style") or ""):
            self._hidden += 1
        if tag == "a":
            self.links.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "title"} or (tag == "div" and self._hidden):
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def shown(html: str) -> _Shown:
    """Parse ``html``."""
    parser = _Shown()
    parser.feed(html)
    return parser


def plain(text: str) -> str:
    """One line, ordinary spaces, no word joiners."""
    return " ".join(text.replace("\u2060", "").split())


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_golden(name: str, lang: MailLang) -> None:
    """What leaves the house is what was read and approved."""
    content = render(LETTERS[name], lang)
    compare_with_golden(f"letters/{name}.{lang}.txt", f"Subject: {content.subject}\n\n{content.text}")
    if name in FOLDERS.values():
        compare_with_golden(f"letters/{name}.{lang}.html", content.html)


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_both_parts_carry_the_same_facts(name: str, lang: MailLang) -> None:
    """Words, dates and links of the html are in the text; the four buttons are one link there."""
    content = render(LETTERS[name], lang)
    page = shown(content.html)
    html, text = plain(" ".join(page.words)), plain(content.text)
    assert sorted(DATE.findall(html)) == sorted(DATE.findall(text))
    links = {re.sub(r"a=[a-z-]+&", "", one) for one in page.links if not one.startswith("mailto:")}
    in_text = set(LINK.findall(content.text))
    assert {one for one in links if "/actions/" not in one} == {
        one for one in in_text if "/actions/" not in one
    }
    buttons = {words.answer(one, code) for one in ("fi", "sv", "en") for code in words.ANSWERS}
    answer = {words.say(one, "item.answer") for one in ("fi", "sv", "en")}
    headers = {words.say(one, code) for one in ("fi", "sv", "en") for code in ("digest.action", "mail.asked")}
    said = Counter(_words(" ".join(piece for piece in page.words if piece not in buttons | headers)))
    written = Counter(_words(LINK.sub(" ", content.text)))
    for piece in answer | headers:
        for one in _words(piece):
            said.pop(one, None)
            written.pop(one, None)
    assert said == written


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{3,}", text)


@pytest.mark.parametrize("lang", LANGS)
def test_the_digest_says_the_same_in_both_parts(lang: MailLang) -> None:
    """Every word of the html is in the text, as often."""
    content = render(replace(DIGEST, own=()), lang)
    html = sorted(_words(" ".join(shown(content.html).words)))
    assert html == sorted(_words(LINK.sub(" ", content.text)))


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_no_iso_date_no_leading_zero(name: str, lang: MailLang) -> None:
    """In nothing that a reader sees, whatever the template."""
    content = render(LETTERS[name], lang)
    seen = LINK.sub(" ", f"{content.subject} {content.text} {' '.join(shown(content.html).words)}")
    assert re.findall(r"\d{4}-\d\d-\d\d|\b0\d[.:]| 0\d ", seen) == []


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_the_frame(name: str, lang: MailLang) -> None:
    """Languages are declared, nothing is fetched, nothing is followed."""
    content = render(LETTERS[name], lang)
    langs = ["fi", "sv"] if lang == "fi+sv" else [lang]
    assert content.content_language == ", ".join(langs)
    assert re.findall(r'lang="(\w+)"', content.html) == [langs[0], *langs]
    assert re.findall(r"<(?:img|script|link|iframe|form)\b|url\(|@import|@font-face", content.html) == []
    assert f"<title>{html_library.escape(content.subject)}</title>" in content.html
    assert not re.search("[\ue000\ue001]|\\{[{%]", content.html)


def test_rendering_is_repeatable() -> None:
    """The same letter gives the same octets."""
    assert render(LETTERS["nudge"], "fi+sv") == render(LETTERS["nudge"], "fi+sv")


# -- what stands where -----------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "section"),
    [
        (ESCALATED, "escalated"),
        (POINTS, "overdue"),
        (replace(POINTS, due=DAY), "week"),
        (replace(POINTS, due=DAY + timedelta(days=7)), "week"),
        (replace(POINTS, due=DAY + timedelta(days=8)), "later"),
        (REVIEW, "reviews"),
        (INFO, "events"),
        (VOTING, "events"),
    ],
)
def test_sections(item: Item, section: str) -> None:
    """By kind and date; the due day itself is not late."""
    assert rows.section(item, DAY) == section


def test_the_week_of_a_sunday_reaches_seven_days_on() -> None:
    """The ISO week or seven days, whichever is more."""
    monday = date(2025, 1, 6)
    assert rows.section(replace(POINTS, due=date(2025, 1, 12)), monday) == "week"
    assert rows.section(replace(POINTS, due=date(2025, 1, 13)), monday) == "week"
    assert rows.section(replace(POINTS, due=date(2025, 1, 14)), monday) == "later"


def test_sections_stand_in_order() -> None:
    """Escalated, overdue, this week, later, reviews, events; the oldest first, in a table."""
    items = (INFO, VOTING, REVIEW, LATER, ROUND, CAMPAIGN, POINTS, ESCALATED)
    text = render(nudge(*items), "fi").text
    headings = re.findall(r"^(.+)\n-+$", text, re.MULTILINE)
    assert headings == [
        "Vastaus puuttuu",
        "Määräaika päättynyt",
        "Tällä viikolla",
        "Myöhemmin",
        "Tilannekatsaukset",
        "Tapahtumat",
    ]
    assert text.index(VOTING.title.fi[:20]) < text.index(INFO.title.fi[:20])


@pytest.mark.parametrize("days", [-1, 0, 7, 8, 30])
def test_an_item_that_is_whole_has_four_buttons(days: int) -> None:
    """A button for each answer, the first filled; in the text one link to the same page."""
    content = render(nudge(replace(CAMPAIGN, due=DAY + timedelta(days=days))), "sv")
    assert content.html.count('class="button ') == 4
    assert content.html.count('class="button filled"') == 1
    assert "Det räcker med ett svar från enheten." in plain(content.text)
    links = [f"{CAMPAIGN.answer_url}?a={code}&lang=sv" for code in words.ANSWERS]
    assert [link for link in shown(content.html).links if "/answer/" in link] == links
    in_text = [link for link in LINK.findall(content.text) if "/answer/" in link]
    assert in_text == [f"{CAMPAIGN.answer_url}?lang=sv"]


def test_a_review_is_on_track_first() -> None:
    """In both parts, and that button is filled; of a milestone and a review of one action *done* is."""
    orders = {}
    for name, items in {"review": (REVIEW,), "both": rows.one_row_an_action((JOINT, POINTS))}.items():
        content = render(nudge(*items), "en")
        filled = content.html.split('class="button filled"')[1]
        first = re.search(r"a=([a-z-]+)", filled)
        in_order = re.findall(r"[?&]a=([a-z-]+)", " ".join(shown(content.html).links))
        orders[name] = in_order, first and first[1]
    assert orders == {
        "review": (["on-track", "done", "late", "not-ours"], "on-track"),
        "both": (["done", "on-track", "late", "not-ours"], "done"),
    }


def test_dates_of_one_action_are_one_row() -> None:
    """Both dates, one link, one promise (the earlier), the worst status; another action has its own row."""
    content = render(nudge(*rows.one_row_an_action((JOINT, CAMPAIGN, POINTS))), "fi")
    text = plain(content.text)
    assert "Tilannekatsaus to 31.10.2024 · Määräaika ti 31.12.2024" in text
    assert text.count("Olemassa olevien avointen digipisteiden") == 1
    links = {link.split("?")[0] for link in LINK.findall(content.text) if "/answer/" in link}
    assert links == {POINTS.answer_url, CAMPAIGN.answer_url}
    assert "tiistaina 14.1.2025" in text
    assert "maanantaina 20.1.2025" not in text
    assert content.subject == "Määräaika päättyi 31.12.2024: Olemassa olevien avointen… ja 1 muu"
    assert "2 asiaa odottaa vastausta, määräaika päättynyt: 1" in text


def test_only_milestones_and_reviews_of_one_action_are_one_row() -> None:
    """A round and what is of another action keep a row of their own.

    News of a hand-over does where nothing is asked about its action, else it stands in the question's row.
    """
    moved = replace(POINTS, kind="handover", moved_to=CAMPAIGN.title)
    own = (replace(CAMPAIGN, kind="handover"), ROUND, POINTS)
    assert rows.one_row_an_action(own) == own
    (asked,) = rows.one_row_an_action((moved, POINTS))
    assert asked == replace(POINTS, news=moved)
    shown = rows.row(asked, "fi", date(2025, 1, 7), unit=POINTS.title)
    assert shown.when.startswith(f"Uusi vastuutaho: {CAMPAIGN.title.fi}\xa0· Siirtopäivä")
    both = rows.one_row_an_action((replace(JOINT, reason="escalated"), POINTS))
    assert [(one.kind, [other.kind for other in one.also]) for one in both] == [("review", ["milestone"])]
    requested = rows.one_row_an_action((POINTS, replace(JOINT, stage="first-start")))
    assert [one.stage for one in requested] == ["first-start"]


def test_a_round_has_its_form() -> None:
    """The form is the answer: one button."""
    content = render(nudge(ROUND), "fi")
    assert content.html.count('class="button ') == 1
    assert [link for link in LINK.findall(content.text) if "/form/" in link] == [f"{ROUND.form_url}?lang=fi"]


@pytest.mark.parametrize("lang", LANGS)
def test_links_stand_alone_and_fit(lang: MailLang) -> None:
    """In the text each link has a line of its own, short enough that no mail program breaks it."""
    letters = (
        LETTERS["nudge"],
        LETTERS["status_request"],
        LETTERS["board_digest"],
        LETTERS["nudge_enclosed"],
    )
    texts = "\n".join(render(letter, lang).text for letter in letters)
    lines = [line for line in texts.splitlines() if "https://" in line]
    assert [
        one for one in lines if not re.fullmatch(rf"(\[\d+\] )?{LINK.pattern}", one) or len(one) > 120
    ] == []
    assert len(lines) > 20


def test_each_half_of_a_bilingual_mail_answers_in_its_language() -> None:
    """Finnish links under the Finnish, Swedish under the Swedish."""
    first, _, second = render(nudge(POINTS), "fi+sv").text.partition("=" * 76)
    assert {link[-7:] for link in LINK.findall(first) if "/answer/" in link} == {"lang=fi"}
    assert {link[-7:] for link in LINK.findall(second) if "/answer/" in link} == {"lang=sv"}


PROMISES = {
    "list": (
        (
            "Jos kukaan yksiköstä ei vastaa viimeistään maanantaina 20.1.2025, "
            "toimenpide lisätään sihteerin seurantaluetteloon tiistaina 21.1.2025."
        ),
        (
            "Om ingen på enheten svarar senast måndag 20.1.2025 "
            "förs åtgärden upp på sekreterarens uppföljningslista tisdag 21.1.2025."
        ),
        (
            "If nobody in your unit answers by Monday 20 January 2025, "
            "this action appears on the board secretary’s follow-up list on Tuesday 21 January 2025."
        ),
    ),
    "head": (
        (
            "Jos kukaan yksiköstä ei vastaa viimeistään maanantaina 20.1.2025, "
            "asiasta ilmoitetaan yksikön esihenkilölle tiistaina 21.1.2025."
        ),
        "Om ingen på enheten svarar senast måndag 20.1.2025 meddelas enhetens chef tisdag 21.1.2025.",
        (
            "If nobody in your unit answers by Monday 20 January 2025, "
            "the head of unit is told on Tuesday 21 January 2025."
        ),
    ),
    "next": (
        "Seuraava muistutus lähtee tiistaina 21.1.2025, jos yksikkö ei ole vastannut.",
        "Nästa påminnelse skickas tisdag 21.1.2025 om enheten inte har svarat.",
        "The next reminder goes out on Tuesday 21 January 2025 if your unit has not answered.",
    ),
}


@pytest.mark.parametrize("kind", ["head", "list", "next"])
def test_the_promise(kind: Literal["head", "list", "next"]) -> None:
    """Word for word, in bold in the html."""
    then = Promise(kind, date(2025, 1, 20), date(2025, 1, 21))
    contents = [render(nudge(replace(POINTS, promise=then)), lang) for lang in LANGS[:3]]
    bold = tuple(plain(re.findall(r"<b>(.*?)</b>", content.html)[0]) for content in contents)
    assert bold == PROMISES[kind]
    assert [said in plain(content.text) for said, content in zip(bold, contents, strict=True)] == [True] * 3


def test_the_head_is_told_how_often_and_whom() -> None:
    """In the lead where one item is escalated, at each item where there are several."""
    assert (
        "Saat tämän viestin yksikön esihenkilönä. Muistutuksia: 6. "
        "Vastaanottajat: welfare-unit@vaasa.example. Voit vastata itse, "
        "pyytää jotakuta yksiköstä vastaamaan tai nimetä uuden yhteyshenkilön."
    ) in plain(render(LETTERS["escalation"], "fi").text)
    several = plain(render(LETTERS["escalation_several"], "fi").text)
    assert several.count("Muistutuksia: ") == 2


def test_a_start_is_not_asked_about() -> None:
    """No answer, no promise, no stage."""
    text = plain(render(nudge(VOTING), "en").text)
    assert (
        "Multilingual information on voting rights and democracy’ started on Wednesday 1 January 2025" in text
    )
    assert "No answer is needed." in text
    assert "Reminder:" not in text


def test_zero_is_written_in_the_digest() -> None:
    """Nothing anywhere is said in numbers."""
    text = plain(render(BoardDigest(DIGEST.programme, DAY, "https://x.example/digest"), "sv").text)
    assert (
        "Insamling av uppgifter (0) · Väntar på beslut: föreslaget nytt datum (0) · "
        "Väntar på beslut: åtgärden har avslutats (0) · Väntar på beslut: hör inte till oss (0) · "
        "Besvarade (0) · Uppskjutna (0) · Kontaktperson saknas (0) · "
        "Meddelandet kom inte fram (0) · Väntar på beslut: oklar punkt (0)"
    ) in text
    assert "Ärenden som kommit till sekreteraren" not in text  # those of a day's mail are no list that stands


def test_unchanged_is_a_heading_and_a_line() -> None:
    """No tables."""
    text = plain(render(LETTERS["board_digest_unchanged"], "en").text)
    assert "No changes since the last summary (20 Dec 2024)." in text
    assert "Recording of ethical principles" not in text


def test_in_the_first_digest_everything_is_new() -> None:
    """There is nothing to compare with."""
    text = plain(render(replace(DIGEST, last=None), "fi").text)
    assert (
        "Uutta Määräaika päättynyt (4) · Tilannekatsaus vastaamatta (0) · Tavoitteesta jäljessä (0) · "
        "Vastatut (1) · Viesti ei mennyt perille (0)"
    ) in text
    assert "ennallaan" not in text


def test_a_closed_round_is_said_to_have_closed() -> None:
    """The tense follows the sending day."""
    late = replace(nudge(replace(ROUND, stage="first-start")), sent_on=date(2025, 12, 1))
    assert [plain(render(late, lang).text).count(said) for lang, said in CLOSED.items()] == [1, 1, 1]


CLOSED: dict[MailLang, str] = {
    "fi": "Lomake suljettiin la 15.2.2025",
    "sv": "Formuläret stängdes lör 15.2.2025",
    "en": "The form closed on Sat 15 Feb 2025",
}


def test_a_hand_over_asks_for_nothing() -> None:
    """Its mail names who is responsible now and on which day that began; beside others it has a section."""
    alone = render(LETTERS["nudge_handover"], "sv")
    assert alone.subject == "Ansvaret har överförts 1.1.2025: Projektet Digihyvä juttu"
    text = plain(alone.text)
    assert "Ny ansvarspart: Sysselsättningens ekosystem. Inget svar behövs." in text
    assert "Hur är läget" not in text
    several = render(LETTERS["nudge_handovers"], "en")
    assert several.subject == "Responsibility has moved 1 Jan 2025: ‘Digihyvä juttu’… and 1 more"
    beside = plain(render(LETTERS["nudge_handover_too"], "fi").text)
    assert (
        "Uusi vastuutaho: Työllisyyden ekosysteemi · Siirtopäivä ke 1.1.2025 Vastausta ei tarvita." in beside
    )


def test_what_was_said_stands_under_its_row() -> None:
    """In the summary's table: the answer, the proposed date, that it needs a decision, in both parts."""
    made = render(DIGEST, "fi")
    said = "Viivästyy · Ehdotettu uusi määräaika 30.6.2025 (odottaa päätöstä)"
    assert f"actions/safety-crisis-communication {said} [3]" in plain(made.text)
    assert made.html.count(said) == 3
