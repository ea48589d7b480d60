"""Every page in three languages with nothing of another; every counted text with 0, 1 and 2."""

from __future__ import annotations

import re

import pytest
from lxml import html

from email_templates.catalogue import Catalogue, catalogue, placeholders
from reminders.service import Service
from reminders.use.answers.record import AnswerGiven, record_answer
from schedule_rules.programme import LANGUAGES, Lang
from tests.web.conftest import KEY, Reader
from tests.web.forms import plain, send
from tests.web.test_answer_pages import POINTS, UNIT, answer_link

CAFE, OPEN = "/actions/social-cultural-cafe", f"{KEY}:social-cultural-cafe:milestone:end"
ROUND = f"{KEY}:follow-up-data-collection:collection:2024"
FORM = "/collection" + answer_link(ROUND, purpose="form")
GETS = (
    *(
        "/",
        "/privacy",
        "/outbox",
        "/outbox/1",
        "/outbox/next",
        "/digest",
        "/decisions",
        "/findings",
        "/import",
    ),
    *("/forecast", "/forecast?by=weeks", "/contacts", "/contacts/edit", "/settings", "/settings/review"),
    *("/hand-over", "/collection/2024", "/collection/2024/report", "/calendars/", "/calendars/private"),
    *("/calendars/all/list", "/calendars/all/month", "/api/docs", "/nowhere", "/answer/x"),
    *(CAFE, f"{CAFE}/series", f"{CAFE}/series/edit", f"{CAFE}/correct?field=schedule"),
    f"{CAFE}/answer?occurrence={KEY}:social-cultural-cafe:milestone:end",
    *(answer_link(), answer_link(OPEN), answer_link("", purpose="unit")),
    *(answer_link("", purpose="preferences"), FORM),
)
POSTS: dict[str, dict[str, str | list[str]]] = {
    f"/settings/review?programme={KEY}": {"value": "11-28", "step": "preview"},
    f"/settings/review?programme={KEY}&wrong": {"value": "soon", "step": "preview"},
    f"/hand-over?programme={KEY}": {"giver": "hr-unit", "taker": "", "on": "", "step": "preview"},
    f"{CAFE}/correct?programme={KEY}": {"field": "schedule", "value": "2023–2026", "note": "x"},
    answer_link(OPEN): {"a": "late", "why": "", "date": "2020-01-01", "seen": "0"},
    answer_link("", purpose="unit"): {},
    answer_link("", purpose="preferences"): {"weekday": "never"},
    FORM: {"step": "send"},
}
SHORTEST = 14
TEXTS = {
    lang: {text for forms in catalogue("reminders.web").entries[lang].values() for text in forms.values()}
    for lang in LANGUAGES
}


def foreign(lang: Lang) -> list[str]:
    """Texts of the other languages that are long enough to be told apart."""
    others = {text for other in LANGUAGES if other != lang for text in TEXTS[other]} - TEXTS[lang]
    return [text for text in others if len(text) >= SHORTEST and "{" not in text]


def seen(page: str) -> str:
    """What a reader sees, in one line, but for what is marked as another language."""
    tree = html.fromstring(page)
    for one in tree.xpath("//script|//style|//iframe|//*[@lang and @lang != $lang]", lang=tree.get("lang")):
        one.drop_tree()
    return re.sub(r"\s+", " ", plain(tree.text_content()).replace("\u00ad", "").replace("\u00a0", " "))


def mixed(page: str, lang: Lang) -> list[str]:
    """The texts of other languages that a page shows."""
    text = f" {seen(page)} "
    return [one for one in foreign(lang) if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_speaks_one_language(secretary: Reader, service: Service, lang: Lang) -> None:
    """Asked for and posted to, it declares its language and holds no text of the others."""
    record_answer(service, AnswerGiven(POINTS, "done", by=UNIT))
    for url in GETS:
        page = secretary.get(f"{url}{'&' if '?' in url else '?'}lang={lang}").text
        assert (html.fromstring(page).get("lang"), mixed(page, lang)) == (lang, []), url
    for url, form in POSTS.items():
        page = send(secretary, f"{url}{'&' if '?' in url else '?'}lang={lang}", form).text
        if page:
            assert (html.fromstring(page).get("lang"), mixed(page, lang)) == (lang, []), url


COUNTED = [
    (room, lang, text_id)
    for room, texts in {"pages": catalogue("reminders.web"), "mails": catalogue("email_templates")}.items()
    for lang in LANGUAGES
    for text_id, forms in sorted(texts.entries[lang].items())
    if len(forms) > 1
]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_every_counted_text_is_said_with_none_one_and_two(count: int) -> None:
    """It says the number, or has words of its own for it; and no variable is left."""
    rooms: dict[str, Catalogue] = {"pages": catalogue("reminders.web"), "mails": catalogue("email_templates")}
    silent = []
    for room, lang, text_id in COUNTED:
        forms = rooms[room].entries[lang][text_id]
        form = "zero" if count == 0 and "zero" in forms else "one" if count == 1 else "other"
        names = frozenset().union(*map(placeholders, forms.values())) - {"n"}
        said = rooms[room].say(lang, text_id, n=count, **dict.fromkeys(names, "x"))
        assert "{" not in said
        if "n" in placeholders(forms[form]) and str(count) not in said:
            silent.append((lang, text_id))
    assert silent == []
