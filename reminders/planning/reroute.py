"""People come and go while reminders wait: which of them have lost their reader, and who gets those now.

Pure; plan, forecast and the question whether a mail is still true ask here alike. An item
that nobody gets any more stays with the address that it was planned for, until somebody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from reminders.planning.due import DueReminder, due_reminders, still_due
from reminders.planning.hand_over import hand_over_news, move_of
from reminders.planning.policy import HANDOVER, Stage, ToRole
from reminders.planning.resume import reached_stages
from reminders.planning.state import ProgrammeState, mailboxes


def lost_readers(
    worlds: Mapping[str, ProgrammeState], waiting: Iterable[DueReminder], today: date
) -> list[DueReminder]:
    """Return the reminders whose address does not get them any more on ``today``, while another does."""
    return [one for one in waiting if _has_strayed(worlds.get(one.occurrence.partition(":")[0]), one, today)]


def _has_strayed(world: ProgrammeState | None, one: DueReminder, today: date) -> bool:
    if world is None or one.occurrence not in world.occurrences:
        return False
    return is_anothers(world, one.recipient, one.organisations, one.role, today)


def is_anothers(
    world: ProgrammeState, address: str, organisations: Iterable[str], role: ToRole, today: date
) -> bool:
    """Tell whether what goes to a role of organisations goes to others than ``address`` on ``today``."""
    now = {contact.email for key in organisations for contact in mailboxes(world, key, role, today)}
    return bool(now) and address not in now


def for_new_reader(
    world: ProgrammeState, one: DueReminder, due_on: date, today: date, history: Mapping[tuple[str, str], int]
) -> tuple[DueReminder, ...]:
    """Return the reminders of the same stage and organisations for whoever gets them on ``today``.

    ``due_on`` is the stage's day that they are given; ``history`` is that of ``due_reminders``.
    None for somebody whom the stage reaches later, or who has switched it off.
    """
    if one.occurrence not in world.occurrences:
        return ()
    if one.stage == HANDOVER:
        found = _news(world, one, today)
    else:
        found = due_reminders(
            [Stage(one.occurrence, one.stage, one.role, due_on, one.order)], today, world, history
        )
    return tuple(new for new in found if set(new.organisations).intersection(one.organisations))


def latest(world: ProgrammeState, one: DueReminder, today: date) -> DueReminder | None:
    """Return what nobody could get, at the latest stage of its role that has come; None: it is overtaken."""
    if one.occurrence not in world.occurrences or one.stage == HANDOVER:
        return one if one.occurrence in world.occurrences else None
    pairs = [(one.occurrence, key) for key in one.organisations]
    found = [stage for stage in reached_stages(world, pairs, today) if stage.role == one.role]
    return replace(one, stage=found[0].name, order=found[0].order) if found else None


def _news(world: ProgrammeState, one: DueReminder, today: date) -> tuple[DueReminder, ...]:
    """Return what tells both sides of a hand-over that is still in the programme."""
    if not still_due(world, one, today):
        return ()
    action = world.programme.action_by_id[one.occurrence.split(":")[1]]
    return hand_over_news(world, [(action, move_of(world, one))], today)
