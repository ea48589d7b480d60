"""Letters as others see them: no link by which the reader acts is live, every other link is."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.letters.dead_links import without_live_links, without_tokens
from reminders.planning.links import PURPOSES, Links

LINKS = Links("a made-up secret of the tests")
TOKEN = LINKS.issue("answer", "city:a:milestone:end", "anna@x.example", date(2026, 1, 31))
OPEN = ("https://r.example/actions/alpha-1?programme=city", "https://r.example/calendars/?programme=city")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_token_of_any_purpose_is_left(purpose: str) -> None:
    """Whatever stands around it, in capitals of a percent sign too; the rest of the address stays."""
    token = LINKS.issue(purpose, "", "anna@x.example", date(2026, 1, 31))  # type: ignore[arg-type]
    assert without_tokens(f"https://r.example/x/{token}?a=done") == "https://r.example/x/…?a=done"
    assert without_tokens(f"({token}).") == "(…)."
    assert token not in without_live_links(f'<a href="https://r.example/{purpose}/{token}">{token}</a>')


@pytest.mark.parametrize(
    "address",
    [
        "https://r.example/calendars/private/Zx3_-abcdefghijklmnopq/own-fi.ics",
        "webcal://r.example/reminders/calendars/private/Zx3_-abcdefghijklmnopq/own-fi.ics",
        "https://calendar.example/r?cid=webcal%3A%2F%2Fr.example%2Fcalendars%2Fprivate%2FZx3_-abcdefghijklmnopq",
        "https://r.example/sign-in/Zx3_-abcdefghijklmnopq",
    ],
)
def test_secret_addresses_are_none(address: str) -> None:
    """A private calendar, also inside another address; a sign-in link."""
    assert "Zx3_-abc" not in without_tokens(f"Subscribe: {address}")
    html = without_live_links(f'<p><a class="b" href="{address}" style="x">{address}</a></p>')
    assert "Zx3_-abc" not in html
    assert "href" not in html
    assert '<a class="b" style="x">' in html


@pytest.mark.parametrize("address", OPEN)
def test_every_other_link_is_live(address: str) -> None:
    """Pages that anybody may open lead there."""
    html = f'<a href="{address}">{address}</a>'
    assert (without_live_links(html), without_tokens(address)) == (html, address)
