"""Series and private calendars by command."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Runner

CAFE = "social-cultural-cafe"
DAY = ("--at", "2025-01-07T09:00")
KEEP = (
    "series", "keep", CAFE, "month", "--rule", "FREQ=MONTHLY;BYDAY=-1TH", "--first", "2025-01-01", "--until",
    "2025-12-31", "--time", "17:00", "--end", "19:00", "--place", "fi=Kirjasto", "--not-in", "7", *DAY,
)  # fmt: skip


def test_a_rehearsal_then_the_deed(reminders: Runner) -> None:
    """--dry-run shows what subscribers would see and stores nothing; without it the same is stored."""
    rehearsed = reminders(*KEEP, "--dry-run")
    lines = rehearsed.out.splitlines()
    assert "+ 2025-04-24 17:00 confirmed month-2-2025-04-24" in lines
    assert "Left out, closed days: 2025-05-29, 2025-12-25" in lines
    assert [line for line in lines if "-05-29 " in line] == []
    assert rehearsed.out.splitlines()[-1] == "Nothing stored."
    assert [row["state"] for row in reminders("series", "list", CAFE, "--json").document] == ["tentative"]
    assert reminders(*KEEP).out.splitlines()[-1] == f"{CAFE}: month, month-2 kept by secretary."
    _, row = reminders("series", "list", CAFE, "--json").document
    assert (row["rule"], row["time"], row["minutes"], row["place"]) == (
        "FREQ=MONTHLY;BYDAY=-1TH",
        "17:00",
        120,
        {"fi": "Kirjasto"},
    )


def test_one_date(reminders: Runner) -> None:
    """A date is moved, cancelled, restored; the series ends in a removal."""
    reminders(*KEEP)
    one = (CAFE, "month-2", "2025-05-29", *DAY)
    moved = reminders("series", "move", *one, "--to", "2025-05-27", "--time", "16.00")
    assert moved.out.splitlines()[0] == "+ 2025-05-27 16:00 confirmed month-2-2025-05-29"
    later = reminders("series", "move", *one, "--time", "15.00")
    at_three = "2025-05-27 15:00 confirmed"
    assert later.out.splitlines()[0] == f"~ 2025-05-27 16:00 confirmed -> {at_three} month-2-2025-05-29"
    cancelled = reminders("series", "cancel", *one)
    off = "2025-05-27 15:00 cancelled"
    assert cancelled.out.splitlines()[0] == f"~ {at_three} -> {off} month-2-2025-05-29"
    held = reminders("series", "hold", *one).out.splitlines()[0]
    assert held == f"~ {off} -> {at_three} month-2-2025-05-29"
    restored = reminders("series", "restore", *one)
    assert restored.out.splitlines()[0] == (
        f"~ {at_three} -> 2025-05-29 17:00 confirmed month-2-2025-05-29 [holiday]"
    )
    removed = reminders("series", "remove", CAFE, "month-2", *DAY)
    assert removed.out.splitlines()[0].startswith("- 2025-01-30 17:00")
    assert [one["name"] for one in reminders("series", "list", CAFE, "--json").document] == ["month"]


def test_a_moved_date_is_named_by_the_day_on_which_it_stands(reminders: Runner) -> None:
    """By that day, as pages write it too, or by the rule's; --rule-day where a day names two dates."""
    reminders(*KEEP)
    reminders("series", "move", CAFE, "month-2", "2025-06-26", "--to", "2025-06-27", *DAY)
    reminders("series", "move", CAFE, "month-2", "24.4.2025", "--to", "26.6.2025", *DAY)
    listed = reminders("series", "dates", CAFE, "month-2").out.splitlines()
    assert [line.split() for line in listed if "2025-04-24" in line or "2025-06-26" in line] == [
        ["month-2", "2025-06-26", "17:00", "confirmed", "2025-04-24"],
        ["month-2", "2025-06-27", "17:00", "confirmed", "2025-06-26"],
    ]
    both = reminders("series", "cancel", CAFE, "month-2", "2025-06-26", *DAY)
    assert (both.code, both.err) == (
        2,
        (
            "reminders: series: expected one date, but 2025-06-26 names 2: that of 2025-04-24 stands on "
            "2025-06-26; that of 2025-06-26 stands on 2025-06-27. Give --rule-day\n"
        ),
    )
    by_rule = reminders("series", "cancel", CAFE, "month-2", "2025-06-26", "--rule-day", *DAY)
    assert " -> 2025-06-27 17:00 cancelled month-2-2025-06-26" in by_rule.out
    reminders("series", "move", CAFE, "month-2", "2025-04-24", "--to", "2025-06-18", *DAY)
    cancelled = reminders("series", "cancel", CAFE, "month-2", "2025-06-18", *DAY)
    assert " -> 2025-06-18 17:00 cancelled month-2-2025-04-24" in cancelled.out
    assert reminders("series", "hold", CAFE, "month-2", "2025-06-18", *DAY).code == 0
    restored = reminders("series", "restore", CAFE, "month-2", "2025-06-18", *DAY)
    assert " -> 2025-04-24 17:00 confirmed month-2-2025-04-24" in restored.out


def test_an_end_after_midnight(reminders: Runner) -> None:
    """It is on the next day, and said so; an event that ends when it begins is refused."""
    late = tuple({"17:00": "22:00", "19:00": "01:00"}.get(one, one) for one in KEEP)
    rehearsed = reminders(*late, "--dry-run")
    assert "+ 2025-01-30 22:00 (until 2025-01-31 01:00) confirmed month-2-2025-01-30" in rehearsed.out
    assert reminders(*late).code == 0
    assert [row["minutes"] for row in reminders("series", "list", CAFE, "--json").document][1] == 180
    assert reminders(*KEEP, "--end", "17:00").code == 2


def test_an_earlier_save_again(reminders: Runner) -> None:
    """A removal is taken back by the number of the save before it; a newer save than was seen is an error."""
    reminders(*KEEP)
    before = reminders("series", "list", CAFE, "--json").document
    (save,) = reminders("series", "saves", CAFE, "--json").document
    reminders("series", "remove", CAFE, "month-2", *DAY)
    reminders("series", "again", CAFE, str(save["save"]), *DAY)
    assert reminders("series", "list", CAFE, "--json").document == before
    late = reminders("series", "keep", CAFE, "month-2", "--time", "18:00", "--seen", str(save["save"]), *DAY)
    assert late.code == 1
    assert late.err.startswith("reminders: series 'month-2' was changed meanwhile by secretary at ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("keep", CAFE, "month", "--rule", "FREQ=OFTEN"),
            "series: expected a rule such as FREQ=MONTHLY;BYDAY=-1TH",
        ),
        (
            ("keep", CAFE, "month", "--rule", "FREQ=MONTHLY;BYDAY=2TH,4TH"),
            "series: expected a rule that Outlook holds; give the dates one by one with --dates",
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
        (
            ("cancel", CAFE, "month", "2025-01-01"),
            "series: expected one of its dates; found 2025-01-01 (reminders series dates lists them)",
        ),
        (
            ("keep", CAFE, "month", "--rule", "FREQ=WEEKLY;COUNT=3"),
            "series: expected a rule without COUNT and UNTIL; give the last day with --until",
        ),
        (
            ("keep", CAFE, "month", "--until", "31.2.2026"),
            "--until: expected a day such as 2025-12-01; found '31.2.2026', which does not exist",
        ),
        (
            ("keep", CAFE, "month", "--quiet", "2026-08-31..2026-06-01"),
            "--quiet: expected a last day from 2026-08-31 on; found 2026-06-01",
        ),
    ],
)  # fmt: skip
def test_wrong_use(reminders: Runner, words: tuple[str, ...], said: str) -> None:
    """A mistake is one line that says what was expected; exit code 2."""
    ran = reminders("series", *words)
    assert (ran.code, ran.err) == (2, f"reminders: {said}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("move", CAFE, "month", "2025-05-08", "--to", "2025-06-30", "--at", "2025-06-12T10:00"),
            "expected a date that is still to come, past dates stay as they are; 2025-05-08 has been",
        ),
        (
            ("cancel", CAFE, "month", "2025-05-08", "--at", "2025-06-12T10:00"),
            "expected a date that is still to come, past dates stay as they are; 2025-05-08 has been",
        ),
        (
            ("move", CAFE, "month", "2025-08-14", "--to", "2025-06-11", "--at", "2025-06-12T10:00"),
            "expected a day from today on; 2025-06-11 has been",
        ),
        (
            ("move", CAFE, "month", "2025-08-14", "--to", "2025-09-11", "--at", "2025-06-12T10:00"),
            "expected another day or time; the series has a date on 2025-09-11 already",
        ),
    ],
)
def test_past_and_doubled_dates_are_refused(reminders: Runner, words: tuple[str, ...], said: str) -> None:
    """One line, exit code 2; a rehearsal says the same."""
    for more in ((), ("--dry-run",)):
        ran = reminders("series", *words, *more)
        assert (ran.code, ran.err) == (2, f"reminders: series: {said}\n")
    assert reminders("series", "saves", CAFE, "--json").document == []


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
