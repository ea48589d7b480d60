"""Correcting how an action is read: forms, preview, saving, errors, what the public sees."""

from __future__ import annotations

import re

import pytest

from reminders.service import Service
from reminders.store import programmes
from reminders.use.feeds.source import dates_of_action, source_of
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, hidden, plain, send

CAFE, DIALOGUE = "social-cultural-cafe", "health-regular-dialogue"
URL = f"/actions/{CAFE}/correct?programme={KEY}&lang=en"


def made(service: Service) -> list[tuple[str, str, str, str]]:
    """Return the café's corrections."""
    with service.database.read() as connection:
        rows = programmes.corrections_of(connection, KEY).get(CAFE, ())
    return [(one.field, one.value, one.by, one.note) for one in rows]


def test_only_the_secretary_may(reader: Reader, secretary: Reader, service: Service) -> None:
    """Without a session or from elsewhere nothing is shown, nothing is saved."""
    saving = {"field": "schedule", "value": "2025", "step": "save"}
    assert reader.get(URL).status_code == 403
    assert send(reader, URL, saving).status_code == 403
    assert send(secretary, URL, saving, headers=FOREIGN).status_code == 403
    assert send(secretary, URL, saving, headers={}).status_code == 403
    assert "Correct the reading" not in reader.get(f"/actions/{CAFE}?lang=en").text
    assert made(service) == []


def test_preview_then_save(secretary: Reader, service: Service) -> None:
    """The preview says reading, dates and rules and stores nothing; its button stores what it showed."""
    preview = send(secretary, URL, {"field": "schedule", "value": "2023–2026", "note": "Agreed"})
    assert preview.status_code == 200
    for words in (
        "range, 1 January 2023 –",
        "Deadline: the date moves",
        "Review: new date",
        "Thu 31 Dec 2026",
    ):
        assert words in plain(preview.text), words
    assert made(service) == []
    saved = send(secretary, URL, {**hidden(preview.text), "step": "save"})
    where = f"/actions/{CAFE}?programme={KEY}#corrections"
    assert (saved.status_code, saved.headers["location"]) == (303, where)
    assert made(service) == [("schedule", "2023–2026", "board-secretary@vaasa.example", "Agreed")]


def rows(page: str) -> list[list[str]]:
    """The cells of the table of changes."""
    table = plain(page).partition('<caption class="sr">Dates and other changes')[2].partition("</table>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_the_preview_says_what_becomes_of_dates(secretary: Reader, service: Service) -> None:
    """On 7 January 2025: past reviews stay, coming ones are cancelled for 60 days; so it is after."""
    continuous = "health-regular-dialogue"
    url = URL.replace(CAFE, continuous)
    preview = send(secretary, url, {"field": "schedule", "value": "31.3.2025"})
    assert rows(preview.text) == [
        ["Review: past, stays in calendars", "Tue 31 Oct 2023", "Tue 31 Oct 2023"],
        ["Review: past, stays in calendars", "Thu 31 Oct 2024", "Thu 31 Oct 2024"],
        ["Deadline: new date", "–", "Mon 31 Mar 2025"],
        ["Review: shown as cancelled in calendars", "Fri 31 Oct 2025", "cancelled; shown until 30 Dec 2025"],
        ["Review: shown as cancelled in calendars", "Sat 31 Oct 2026", "cancelled; shown until 30 Dec 2026"],
    ]
    send(secretary, url, {**hidden(preview.text), "step": "save"})
    with service.database.read() as connection:
        dates = dates_of_action(source_of(connection, KEY, service.settings), continuous)
    assert sorted((one.day.isoformat(), one.state) for one in dates) == [
        ("2023-10-31", "stands"),
        ("2024-10-31", "stands"),
        ("2025-03-31", "stands"),
        ("2025-10-31", "cancelled"),
        ("2026-10-31", "cancelled"),
    ]
    again = rows(send(secretary, url, {"field": "schedule", "value": "Jatkuva"}).text)
    assert again == [
        [
            "Deadline: shown as cancelled in calendars",
            "Mon 31 Mar 2025",
            "cancelled; shown until 30 May 2025",
        ],
        ["Review: stands again in calendars", "Fri 31 Oct 2025", "Fri 31 Oct 2025"],
        ["Review: stands again in calendars", "Sat 31 Oct 2026", "Sat 31 Oct 2026"],
    ]


def test_a_date_in_the_past_leaves_without_notice(secretary: Reader) -> None:
    """A deadline that a correction put into the past was never held: taken back, it goes, and is said to."""
    url = URL.replace(CAFE, "health-regular-dialogue")
    send(secretary, url, {"field": "schedule", "value": "2024", "step": "save"})
    back = rows(send(secretary, url, {"field": "schedule", "value": "Jatkuva"}).text)
    assert ["Deadline: removed from calendars without notice", "Tue 31 Dec 2024", "–"] in back


def test_events_are_counted_by_what_becomes_of_them(secretary: Reader) -> None:
    """The café is no longer monthly: its assumed dates that have been stay, the others are cancelled."""
    preview = send(secretary, URL, {"field": "frequency", "value": ""})
    assert [row[0] for row in rows(preview.text)] == [
        "Event: past, stays in calendars",
        "Event: shown as cancelled in calendars",
    ]


def test_the_page_shows_who_and_when_but_not_to_the_public(reader: Reader, secretary: Reader) -> None:
    """History and tag name the secretary for the signed in; others see that it was corrected."""
    send(secretary, URL, {"field": "schedule", "value": "2023–2026", "note": "Agreed", "step": "save"})
    own, public = (plain(one.get(f"/actions/{CAFE}?lang=en").text) for one in (secretary, reader))
    to = '<span class="prov corrected">corrected to ‘2023–2026’'
    assert f"{to}: board-secretary@vaasa.example, 7 Jan 2025</span>" in own
    assert "Agreed" in own
    assert f"{to}</span>" in public
    assert "board-secretary" not in public
    assert "board-secretary" not in reader.get("/api/v1/occurrences").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("schedule", "sometime", "Write the schedule so that it gives a date"),
        ("schedule", "2025" * 100, "Shorten the text: at most 300 characters."),
        ("frequency", "often enough", "Write how often"),
        ("leads", "", "Choose at least one responsible party."),
        ("leads", "nobody-we-know", "Choose at least one responsible party."),
        ("accepted", "vague-frequency", "Choose one of the open findings."),
    ],
)
def test_errors_stand_beside_the_field(
    secretary: Reader, service: Service, field: str, value: str, words: str
) -> None:
    """Summary on top, words at the field, input kept, Error: first in the title; nothing saved."""
    answer = send(secretary, URL, {"field": field, "value": value, "note": "My note", "step": "save"})
    assert answer.status_code == 422
    assert "<title>Error: Correct the reading" in answer.text
    assert f'<a href="#{field}-value">{words}' in answer.text
    assert answer.text.count(words) == 2
    assert "My note</textarea>" in answer.text
    if field in {"schedule", "frequency"}:
        assert f'name="value" value="{value}"' in answer.text
    assert made(service) == []


def test_a_long_note_is_named(secretary: Reader) -> None:
    """The note has its own error."""
    answer = send(secretary, URL, {"field": "schedule", "value": "2025", "note": "n" * 301})
    assert '<a href="#schedule-note">Shorten the text' in answer.text


def test_parties_are_ticked(secretary: Reader, service: Service) -> None:
    """Those that lead stay in their order; partners may be nobody."""
    preview = send(secretary, URL, {"field": "leads", "org": ["alma", "vamia", "welfare-unit"]})
    assert hidden(preview.text)["value"] == "welfare-unit alma vamia"
    send(secretary, URL, {**hidden(preview.text), "step": "save"})
    send(secretary, URL, {"field": "partners", "step": "save"})
    assert [one[:2] for one in made(service)] == [("leads", "welfare-unit alma vamia"), ("partners", "")]
    assert "Vamia" in secretary.get(f"/actions/{CAFE}?lang=en").text


def test_a_frequency_settles_its_finding(secretary: Reader) -> None:
    """Once somebody says how often, nothing is left to ask about it; no frequency is an answer too."""
    url = URL.replace(CAFE, DIALOGUE)
    preview = send(secretary, url, {"field": "frequency", "value": "once a month"})
    assert "Events now: no events. From now on: 42 events" in preview.text
    send(secretary, url, {"field": "frequency", "value": "", "step": "save"})
    assert DIALOGUE not in secretary.get("/findings").text


def test_a_finding_is_accepted(secretary: Reader) -> None:
    """The link of the list chooses it; after saving it is gone."""
    url = f"{URL}&field=accepted&code=series-beyond-schedule"
    assert 'value="series-beyond-schedule" id="accepted-value" checked' in secretary.get(url).text
    preview = send(secretary, URL, {"field": "accepted", "value": "series-beyond-schedule"})
    assert "No dates change." in preview.text
    send(secretary, URL, {**hidden(preview.text), "step": "save"})
    assert CAFE not in secretary.get("/findings").text


def test_edit_keeps_the_input(secretary: Reader) -> None:
    """From the preview back to the form."""
    back = send(secretary, URL, {"field": "schedule", "value": "2025", "note": "Why", "step": "edit"})
    assert back.status_code == 200
    assert 'name="value" value="2025"' in back.text


def test_what_is_written_cannot_leave_its_field(secretary: Reader) -> None:
    """A text with markup stays a text."""
    answer = send(
        secretary, URL, {"field": "schedule", "value": '"><script>x</script>', "note": "</textarea>"}
    )
    assert "<script>x" not in answer.text
    assert "&lt;/textarea&gt;</textarea>" in answer.text


def test_unknown_things(secretary: Reader) -> None:
    """No such action, field or programme: not found; a huge form is refused."""
    assert secretary.get("/actions/nothing/correct").status_code == 404
    assert send(secretary, URL, {"field": "colour", "value": "red"}).status_code == 404
    assert secretary.get(f"/actions/{CAFE}/correct?programme=none").status_code == 404
    assert send(secretary, URL, {"field": "schedule", "note": "n" * 200_000}).status_code == 413


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("field", ["schedule", "frequency", "leads", "partners", "accepted"])
def test_every_form_opens_in_every_language(secretary: Reader, field: str, lang: str) -> None:
    """The named form is open, alone."""
    page = secretary.get(f"/actions/{CAFE}/correct?field={field}&lang={lang}").text
    assert page.count('<details class="fix" open') == 1
    assert f'<details class="fix" open id="fix-{field}">' in page
