"""What a clock that was ahead has left, taken back: planned days, mails and moments that lie ahead."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from reminders.store import installation, outbox, tables, watch

_WHY = "written by a clock that was ahead; what it says is mailed on its day"
_LONGEST_TURN = timedelta(hours=25)
_LONGEST_REST = timedelta(hours=1)


def take_back_ahead(connection: Connection, today: date, now: datetime) -> None:
    """Let the days after ``today`` be planned when they come.

    1. Mails of days to come that nobody can have seen are cancelled.
    2. Reminders of days to come that wait are cancelled, until their day; what they overtook waits again.
    3. Days to come, and days that were planned at instants to come, are not planned any more.
    4. What waits for an instant to come, or rests until one, goes on now.

    What was mailed has been mailed: it is not repeated.
    """
    message, digest, reminder = tables.outbox, tables.digest, tables.reminder
    ahead = select(message.c.id).join(digest, digest.c.id == message.c.digest_id)
    ahead = ahead.where(tables.OPEN, digest.c.local_date > today)
    for outbox_id in connection.execute(ahead).scalars().all():
        outbox.take_back(connection, outbox_id, now, _WHY)
    waiting = (reminder.c.state == "planned", reminder.c.due_on > today)
    gone = connection.execute(select(reminder.c.id).where(*waiting)).scalars().all()
    connection.execute(update(reminder).where(reminder.c.id.in_(gone)).values(state="cancelled"))
    overtaken = (reminder.c.state == "superseded", reminder.c.superseded_by.in_(gone))
    connection.execute(update(reminder).where(*overtaken).values(state="planned", superseded_by=None))
    days, programme = tables.planned_day, tables.programme
    connection.execute(delete(days).where((days.c.local_date > today) | (days.c.planned_at > now)))
    connection.execute(update(programme).where(programme.c.started_on > today).values(started_on=today))
    _hurry(connection, now)


def _hurry(connection: Connection, now: datetime) -> None:
    installation.accept_count(connection, now)  # a yes that was to hold until a day to come is over
    message, channel = tables.outbox, tables.channel
    queued = (tables.OPEN, message.c.state == "queued", message.c.next_at > now)
    connection.execute(update(message).where(*queued).values(next_at=now))
    held = (tables.OPEN, message.c.state == "sending", message.c.lease_until > now + outbox.LEASE)
    connection.execute(update(message).where(*held).values(lease_until=now))
    turns = channel.c.name.in_((watch.ALARM, watch.PURGE))
    for mine, longest in ((turns, _LONGEST_TURN), (~turns, _LONGEST_REST)):
        later = channel.c.open_until > now + longest
        connection.execute(update(channel).where(mine, later).values(open_until=now))
