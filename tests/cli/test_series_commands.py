"""Series and private calendars by command."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Runner

CAFE = "social-cultural-cafe"
KEEP = (
    "series", "keep", CAFE, "month", "--rule", "FREQ=MONTHLY;BYDAY=-1TH", "--first", "2025-01-01", "--until",
    "2025-12-31", "--time", "17:00", "--minutes", "120", "--place", "fi=Kirjasto", "--not-in", "7",
)  # fmt: skip


def test_a_rehearsal_then_the_deed(reminders: Runner) -> None:
    """--dry-run shows what subscribers would see and stores nothing; without it the same is stored."""
    rehearsed = reminders(*KEEP, "--dry-run")
    assert "+ 2025-05-29 17:00 confirmed month-2025-05-29 [holiday]" in rehearsed.out.splitlines()
    assert rehearsed.out.splitlines()[-1] == "Nothing stored."
    assert [row["state"] for row in reminders("series", "list", CAFE, "--json").document] == ["tentative"]
    assert reminders(*KEEP).out.splitlines()[-1] == f"{CAFE}: month kept by secretary."
    (row,) = reminders("series", "list", CAFE, "--json").document
    assert (row["rule"], row["time"], row["minutes"], row["place"]) == (
        "FREQ=MONTHLY;BYDAY=-1TH",
        "17:00",
        120,
        {"fi": "Kirjasto"},
    )


def test_one_date(reminders: Runner) -> None:
    """A date is moved, cancelled, restored; the series ends in a removal."""
    reminders(*KEEP)
    moved = reminders("series", "move", CAFE, "month", "2025-05-29", "--to", "2025-05-27", "--time", "16.00")
    assert moved.out.splitlines()[1] == "+ 2025-05-27 16:00 confirmed month-2025-05-29"
    cancelled = reminders("series", "cancel", CAFE, "month", "2025-05-29")
    assert cancelled.out.splitlines()[1] == "+ 2025-05-29 17:00 cancelled month-2025-05-29"
    assert reminders("series", "restore", CAFE, "month", "2025-05-29").code == 0
    assert reminders("series", "remove", CAFE, "month").out.splitlines()[0].startswith("- 2025-01-30 17:00")
    assert reminders("series", "list", CAFE, "--json").document == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("keep", CAFE, "month", "--rule", "FREQ=HOURLY"),
            "series: expected a rule such as FREQ=MONTHLY;BYDAY=-1TH",
        ),
        (("keep", CAFE, "month", "--time", "25:00"), "--time: expected a time such as 17:00; found '25:00'"),
        (
            ("keep", CAFE, "month", "--quiet", "summer"),
            "--quiet: expected days such as 2025-06-01..2025-08-10; found 'summer'",
        ),
        (
            ("keep", CAFE, "month", "--not-in", "13"),
            "--not-in: expected months 1 to 12 with commas between; found '13'",
        ),
        (
            ("keep", CAFE, "month", "--state", "x"),
            "--state: expected tentative, confirmed or cancelled; found 'x'",
        ),
        (("cancel", CAFE, "month", "2025-01-01"), "series: expected one of its dates; found 2025-01-01"),
    ],
)  # fmt: skip
def test_wrong_use(reminders: Runner, words: tuple[str, ...], said: str) -> None:
    """A mistake is one line that says what was expected; exit code 2."""
    ran = reminders("series", *words)
    assert (ran.code, ran.err) == (2, f"reminders: {said}\n")


def test_what_is_not_there(reminders: Runner) -> None:
    """An unknown series or contact: exit code 1."""
    assert reminders("series", "remove", CAFE, "week").err == (
        f"reminders: {CAFE} has no series 'week'; there are month\n"
    )
    assert reminders("private-feed", "nobody@vaasa.example").code == 1


def test_private_calendars(reminders: Runner) -> None:
    """An address is printed once; the list shows whose it is, and it can be closed."""
    made = reminders("private-feed", "welfare-unit-contact@vaasa.example", "--lang", "sv")
    address = made.out.strip()
    token = address.split("/")[-2]
    assert address == f"http://127.0.0.1:8000/calendars/private/{token}/own-sv.ics"
    assert len(token) == 22
    listed = reminders("private-feeds", "--json")
    assert token not in listed.out
    (row,) = listed.document
    assert (row["number"], row["address"], row["used_at"], row["revoked_at"]) == (
        1,
        "welfare-unit-contact@vaasa.example",
        None,
        None,
    )
    assert reminders("private-feed", "--revoke", "1").out == "Private feed 1 is closed.\n"
    assert reminders("private-feeds", "--json").document[0]["revoked_at"]
    assert reminders("private-feed", "--revoke", "1").code == 1
    assert reminders("private-feed").err == (
        "reminders: private-feed: expected ADDRESS or --revoke NUMBER; found neither\n"
    )
