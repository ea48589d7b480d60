"""Invitations on the wire: lines, names, methods; nothing in a name can write a line of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from reminders.letters.itip import calendar, calendar_file
from reminders.planning.invitations import Invitation
from schedule_rules.programme import Text
from tests.use.town import TOWN, programme, same

NOW = datetime(2025, 1, 8, 7, tzinfo=UTC)
SENDER = ("Town", "reminders@town.example")
ONE = Invitation(
    TOWN, date(2025, 3, 27), "chair@town.example", 0, "request", (time(13), time(15)), "Stadshuset", "sv"
)
WICKED = 'Näm"nd\r\nATTENDEE:mailto:evil@evil.example; , \\n' + "å" * 80


def test_lines_are_folded_and_a_name_writes_none_of_its_own() -> None:
    """CRLF, 75 octets, one organiser, one attendee, whatever stands in the names."""
    names = tuple(
        replace(one, name=Text(WICKED, WICKED, WICKED)) if one.key == "board" else one
        for one in programme().organisations
    )
    wicked = replace(programme(), name=same(WICKED), organisations=names)
    octets = calendar(replace(ONE, place=WICKED), wicked, "REQUEST", (WICKED, SENDER[1]), "sv", NOW)
    lines = octets.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in octets.replace(b"\r\n", b"")
    (event,) = Calendar.from_ical(octets).walk("VEVENT")
    assert event["attendee"] == "mailto:chair@town.example"
    assert event["organizer"] == "mailto:reminders@town.example"
    assert "evil" in event["organizer"].params["CN"]


@pytest.mark.parametrize(
    ("method", "wire", "status"),
    [
        ("request", "REQUEST", "CONFIRMED"),
        ("cancel", "CANCEL", "CANCELLED"),
        ("withdraw", "CANCEL", "CANCELLED"),
    ],
)
def test_methods(method: str, wire: str, status: str) -> None:
    """The type says the method of the object; a file beside another mail is published, to nobody."""
    one = replace(ONE, method=method)  # type: ignore[arg-type]
    own, file = (calendar_file(one, programme(), SENDER, "sv", NOW, alone=alone) for alone in (True, False))
    assert own.media_type == f"text/calendar; method={wire}; charset=utf-8"
    assert (own.filename, file.filename) == ("invite.ics", "meeting-2025-03-27.ics")
    found = [Calendar.from_ical(each.content) for each in (own, file)]
    assert [each["method"] for each in found] == [wire, "PUBLISH"]
    events = [each.walk("VEVENT")[0] for each in found]
    assert [str(each["status"]) for each in events] == [status] * 2
    assert ["attendee" in each for each in events] == [True, False]
    assert events[0]["uid"] == events[1]["uid"]


def test_a_programme_without_a_board_meets_in_its_own_name() -> None:
    """An imported programme names nobody who monitors it."""
    alone_ = replace(programme(), monitored_by="")
    (event,) = Calendar.from_ical(calendar(ONE, alone_, "REQUEST", SENDER, "en", NOW)).walk("VEVENT")
    assert str(event["summary"]) == "Meeting: Town"


def test_a_wrong_address_is_refused() -> None:
    """None is ever repaired."""
    with pytest.raises(ValueError, match="expected one bare e-mail address"):
        calendar(replace(ONE, recipient="a@b\r\nX:y"), programme(), "REQUEST", SENDER, "sv", NOW)
