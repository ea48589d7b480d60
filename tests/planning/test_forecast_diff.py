"""What stands between two forecasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reminders.planning.forecast import Difference, difference
from reminders.planning.mails import Mail, MailItem, MailSection

ITEM = MailItem("p:a:milestone:end", "-P7D", "first")
DAY = date(2025, 3, 3)
SECTION = MailSection("p", "unit@x.example", DAY, "fi", items=(ITEM,))
MAIL = Mail("unit@x.example", DAY, (SECTION,))


def _with_items(*items: MailItem) -> Mail:
    return replace(MAIL, sections=(replace(SECTION, items=items),))


def test_the_same_mails_differ_in_nothing() -> None:
    """The order of a mail's items says nothing."""
    other = MailItem("p:b:review:2025", "P0D", "first")
    two, turned = _with_items(ITEM, other), _with_items(other, ITEM)
    assert difference([MAIL, two], [MAIL, turned]) == Difference((), (), ())


def test_a_mail_moves_from_one_day_to_another() -> None:
    """It falls away on the one and comes on the other."""
    moved = replace(MAIL, day=date(2025, 3, 4))
    found = difference([MAIL], [moved])
    assert (found, found.count) == (Difference((moved,), (MAIL,), ()), 2)


def test_a_mail_with_other_items_is_changed() -> None:
    """Day and address are the same, what it says is not."""
    later = _with_items(replace(ITEM, stage="P0D"))
    assert difference([MAIL], [later]) == Difference((), (), ((MAIL, later),))
