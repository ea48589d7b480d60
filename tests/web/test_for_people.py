"""A crawl of all pages in Finnish and Swedish: nothing on them is for machines, or in English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from reminders.service import Service
from reminders.use.answers.record import AnswerGiven, record_answer
from schedule_rules.programme import Lang
from tests.issues.test_programmes_apart import own_links
from tests.web.conftest import Reader
from tests.web.test_answer_pages import POINTS, UNIT, answer_link
from tests.web.test_three_languages import FORM, GETS, OPEN, seen

OF_EACH_SHAPE = 2
NAMES = (
    "How to Manage the Dark Season",  # titles and bodies of Vaasa's programme, which has them in English
    "How to Manage the Dark…",  # as calendars shorten it
    "Welcome to Vaasa",
    "Message-ID",  # the name of the header (RFC 5322)
)
"""What stands on the pages as it is printed or named elsewhere."""
KINDS = {
    "UTC": r"\bUTC\b|[+-]00:00|\d\dZ\b",
    "recurrence rule": r"\bRRULE\b|\b(?:FREQ|BYDAY|UNTIL|DTSTART)\b",
    "duration": r"(?<!\w)[+-]?P\d+D\b",
    "hash": r"\b[0-9a-f]{32,}\b",
    "ISO date": r"\b\d{4}-\d\d-\d\d\b",
    "days as d": r"\b\d+\s?d\b",
    "English": r"(?i)\b(?:the|and|of|is|are|was|were|with|from|not|this|that|these|your|you|has|have|been|"
    r"sent|reminder|reminders|deadline|review|reviews|action|actions|secretary|deputy|mailbox|unit|units|"
    r"answered|opens|closes|kept|event|events|assumed|printed)\b",
}


def shown(page: str) -> str:
    """All that a reader sees or hears of a page but the opened proof, and a mail in the words it has."""
    tree = html.fromstring(page)
    for one in tree.xpath("//details[@id='proof']|//pre|//iframe"):
        one.drop_tree()
    if tree.xpath("//h1[@lang != $lang]", lang=tree.get("lang")):  # the heading is a mail's subject
        tree.xpath("//title")[0].drop_tree()
    said = tree.xpath("//@aria-label|//@title|//@alt|//@placeholder")
    text = f"{seen(html.tostring(tree, encoding='unicode'))} {' '.join(said)}"
    for name in NAMES:
        text = text.replace(name, "")
    return re.sub(r"[\w.+-]+@[\w.-]+|https?://\S+|/\S+", "", text)  # addresses are those of people and files


def faults(page: str) -> list[tuple[str, str]]:
    """What of a page is for machines or in English: its kind and the words around it."""
    text = shown(page)
    found = ((kind, one) for kind, words in KINDS.items() for one in re.finditer(words, text))
    return [(kind, text[max(0, one.start() - 30) : one.end() + 30]) for kind, one in found]


def shape_of(link: str) -> str:
    """A page by its kind: its path with what names one of many left out, and what its query names."""
    parts = urlsplit(link)
    first, *rest = parts.path.strip("/").split("/")
    path = "/".join([first, *("*" if re.search(r"[-\d]|.{20}", one) else one for one in rest)])
    return f"{path} {sorted(parse_qs(parts.query))}"


def crawl(reader: Reader, addresses: Iterable[str], lang: Lang) -> tuple[int, list[tuple[str, str, str]]]:
    """Follow the links from some addresses, two of each shape; return how many shapes, and the faults."""
    reader.cookies["lang"] = lang
    waiting, shapes, found = [*addresses], Counter[str](), []
    for address in waiting:
        response = reader.get(address)
        if "html" not in response.headers.get("content-type", "") or urlsplit(address).path.endswith("/html"):
            continue
        assert html.fromstring(response.text).get("lang") == lang, address
        found += [(address, *one) for one in faults(response.text)]
        for link in own_links(response.text):
            shapes[shape_of(link)] += 1
            if link not in waiting and shapes[shape_of(link)] <= OF_EACH_SHAPE:
                waiting.append(link)
    return len(shapes), found


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_no_page_speaks_to_machines(secretary: Reader, service: Service, lang: Lang) -> None:
    """No UTC, rule of recurrence, hash, ISO date, days as d, or English, on any page or behind any link."""
    record_answer(service, AnswerGiven(POINTS, "done", by=UNIT))
    own = [answer_link(), answer_link(OPEN), answer_link("", purpose="unit"), FORM]
    pages = [one for one in GETS if not one.startswith("/api")]
    shapes, found = crawl(secretary, ["/", *own, *pages], lang)
    assert shapes > 25
    assert found == []


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_nor_on_the_first_day(fresh: Service, lang: Lang) -> None:
    """Before the start, signed in and in public."""
    for reader in (Reader(fresh), Reader(fresh).sign_in()):
        assert crawl(reader, ["/"], lang)[1] == []
