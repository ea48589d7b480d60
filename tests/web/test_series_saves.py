"""Saves of a series on its page: a second press of Save is no second one, each row says what was done."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.conftest import KEY, Reader
from tests.web.forms import plain, send

CAFE = "social-cultural-cafe"
BASE = f"/actions/{CAFE}/series/edit?programme={KEY}&lang=en"
LISTED = f"/actions/{CAFE}/series?programme={KEY}&lang=en"
WEEKLY = {
    "how": "weekly", "days": "WE", "first": "8.1.2025", "until": "25.6.2025", "at": "17.00",
    "ends": "19.00", "place-en": "Library", "state": "confirmed", "from": "2025-01-08",
}  # fmt: skip
OWN = f"{BASE}&name=own-2"
DATE = f"{OWN}&on=2025-01-22"


def seen(reader: Reader, url: str) -> str:
    """The newest save that a form knows."""
    found = re.search(r'name="seen" value="(\d+)"', reader.get(url).text)
    assert found
    return found[1]


def rows(reader: Reader, url: str = LISTED) -> list[list[str]]:
    """The earlier versions: what was done in each, newest first."""
    part = reader.get(url).text.rpartition("<tbody>")[2].partition("</tbody>")[0]
    cells = re.findall(r"<td data-l=[^>]*>(.*?)</td>", part, re.DOTALL)
    return [re.findall(r"<div>(.*?)</div>", html.unescape(plain(one))) for one in cells]


@pytest.mark.parametrize(
    ("url", "change"),
    [
        (BASE, {}),
        (OWN, {"place-en": "Hall"}),
        (OWN, {"days": "TH", "from": "2025-02-05"}),
        (OWN, {"interval-weekly": "2"}),
        (OWN, {"state": "cancelled", "from": "2025-02-05"}),
        (OWN, {"how": "dates", "list": "4.6.2025", "from": "2025-02-05"}),
        (OWN, {"what": "remove"}),
        (DATE, {"day": "23.1.2025"}),
        (DATE, {"what": "cancel"}),
    ],
)
def test_save_pressed_twice_is_one_save(secretary: Reader, url: str, change: dict[str, str]) -> None:
    """Both answers are 303, the second stores nothing; who then types something else is told of the first."""
    if url != BASE:
        assert send(secretary, BASE, {**WEEKLY, "step": "save"}).status_code == 303
    form = {**WEEKLY, **change, "seen": seen(secretary, url), "step": "save"}
    assert send(secretary, url, form).status_code == 303
    before = rows(secretary)
    again = send(secretary, url, form)
    assert again.status_code == 303
    assert again.headers["location"].startswith(f"/actions/{CAFE}/series?")
    assert rows(secretary) == before
    if url == OWN and "what" not in change:
        other = {**form, "at": "18.00", "ends": "20.00", "state": "confirmed"}
        assert send(secretary, url, other).status_code == 409


def test_a_version_taken_back_up_twice_is_one_save(secretary: Reader) -> None:
    """The take-back stores two parts of a series in one act: one row, whose second press changes nothing."""
    send(secretary, BASE, {**WEEKLY, "step": "save"})
    send(secretary, OWN, {**WEEKLY, "days": "TH", "from": "2025-02-05", "step": "save"})
    page = secretary.get(LISTED).text
    version = re.findall(r'name="version" value="(\d+)"', page)[-1]
    form = {"version": version, "seen": seen(secretary, LISTED), "step": "save"}
    for _ in range(2):
        assert send(secretary, BASE, form).status_code == 303
    assert len(rows(secretary)) == 3


def test_each_row_says_what_was_done(secretary: Reader) -> None:
    """One date moved from and to, cancelled, held after all; the place, the rule: in three languages."""
    send(secretary, BASE, {**WEEKLY, "step": "save"})
    send(
        secretary,
        DATE,
        {"day": "23.1.2025", "at": "17.00", "ends": "19.00", "place-en": "Library", "step": "save"},
    )
    send(secretary, DATE, {"what": "cancel", "step": "save"})
    send(secretary, DATE, {"what": "hold", "step": "save"})
    send(secretary, OWN, {**WEEKLY, "place-en": "Hall", "step": "save"})
    send(secretary, OWN, {**WEEKLY, "place-en": "Hall", "days": "TH", "from": "2025-02-05", "step": "save"})
    assert rows(secretary) == [
        ["From Wed 5 Feb 2025: Recurrence: Weekly, Wednesday → Weekly, Thursday"],
        ["Place: Library → Hall"],
        ["Held after all: Thu 23 Jan 2025"],
        ["Cancelled: Thu 23 Jan 2025"],
        ["Moved: Wed 22 Jan 2025 → Thu 23 Jan 2025"],
        ["New series: Weekly, Wednesday, 17:00–19:00, Library, confirmed"],
    ]
    assert rows(secretary, LISTED.replace("lang=en", "lang=fi"))[2:5] == [
        ["Pidetään sittenkin: to 23.1.2025"],
        ["Peruttu: to 23.1.2025"],
        ["Siirretty: ke 22.1.2025 → to 23.1.2025"],
    ]
    assert rows(secretary, LISTED.replace("lang=en", "lang=sv"))[2:5] == [
        ["Ordnas ändå: tors 23.1.2025"],
        ["Inställt: tors 23.1.2025"],
        ["Flyttat: ons 22.1.2025 → tors 23.1.2025"],
    ]
