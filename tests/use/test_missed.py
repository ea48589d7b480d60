"""After a downtime the head of unit is told on which days the unit was not reminded."""

from __future__ import annotations

import pytest

from tests.use.office import Office, body, parsed

HEAD = "welfare-unit-head@vaasa.example"
SAID = "Palvelu ei ollut käytössä"
STAGES = ("2025-11-24", "2025-12-01", "2025-12-22", "2026-01-07")


def mails_of_head(office: Office) -> list[str]:
    """What the head is told on 20 January, ten sending days after the year's end."""
    office.tick("2026-01-20T09:00")
    mails = [one for one in office.mails_of(HEAD) if "20 Jan 2026" in one["Date"]]
    return [" ".join(body(one).split()) for one in mails]


@pytest.mark.parametrize(
    ("runs", "span"),
    [
        ((*STAGES[:3], "2026-01-19"), "(23.12.2025–18.1.2026)"),
        ((*STAGES[:3], "2026-01-08"), "(23.12.2025–7.1.2026)"),
        ((STAGES[0], *STAGES[2:]), "(25.11.–21.12.2025)"),
    ],
)
def test_the_head_hears_of_the_days_without_reminders(
    office: Office, runs: tuple[str, ...], span: str
) -> None:
    """From the day after the last run to the day before the next, quiet days among them."""
    for day in runs:
        office.tick(f"{day}T09:00")
    (text,) = mails_of_head(office)
    assert text.count(f"{SAID} {span}, eikä yksikköä silloin muistutettu.") == 1


def test_a_long_downtime_is_named_whole(office: Office) -> None:
    """From the day after the last run, however long ago that was."""
    for day in ("2025-05-19", "2025-12-01"):
        office.tick(f"{day}T09:00", accept_clock=True)
    for day in ("2025-12-16", "2026-01-07", "2026-01-13"):
        office.tick(f"{day}T09:00")
    texts = [" ".join(body(parsed(raw)).split()) for raw in office.look("outbox", "raw")]
    spans = {text.split(f"{SAID} (")[1].split(")")[0] for text in texts if SAID in text}
    assert spans == {"20.5.–30.11.2025"}


def test_days_on_which_nothing_was_due_are_not_told(office: Office) -> None:
    """The service stood still, but every reminder of the item went out on its day."""
    for day in STAGES:
        office.tick(f"{day}T09:00")
    (text,) = mails_of_head(office)
    assert SAID not in text
