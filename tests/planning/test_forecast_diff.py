"""What stands between two forecasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reminders.planning.forecast import Difference, difference
from reminders.planning.mails import Mail, MailItem

ITEM = MailItem("p:a:milestone:end", "-P7D", "first")
MAIL = Mail("unit@x.example", "fi", date(2025, 3, 3), "nudge", (), (ITEM,))


def test_the_same_mails_differ_in_nothing() -> None:
    """The order of a mail's items says nothing."""
    other = MailItem("p:b:review:2025", "P0D", "first")
    two, turned = replace(MAIL, items=(ITEM, other)), replace(MAIL, items=(other, ITEM))
    assert difference([MAIL, two], [MAIL, turned]) == Difference((), (), ())


def test_a_mail_moves_from_one_day_to_another() -> None:
    """It falls away on the one and comes on the other."""
    moved = replace(MAIL, day=date(2025, 3, 4))
    found = difference([MAIL], [moved])
    assert (found, found.count) == (Difference((moved,), (MAIL,), ()), 2)


def test_a_mail_with_other_items_is_changed() -> None:
    """Day and address are the same, what it says is not."""
    later = replace(MAIL, items=(replace(ITEM, stage="P0D"),))
    assert difference([MAIL], [later]) == Difference((), (), ((MAIL, later),))
