"""Why a run now would not send the mails of its day, or why there are none: for a dry run.

Nothing is decided here; each reason is looked up where runs look.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from email_templates.plain_text import counted
from reminders.clock import civil_time
from reminders.planning.mails import Mail
from reminders.service import Service
from reminders.store import installation, planned, programmes
from reminders.use.planning.clock_doubts import clock_words, open_question
from reminders.use.planning.preview import next_sending
from reminders.use.planning.sending_times import sending_times
from reminders.use.watch.channel import standstill


def held_back(service: Service, mails: Collection[Mail]) -> tuple[str, ...]:
    """Return why a run at this moment would not send these mails, the day's; or why there are none."""
    if mails:
        return tuple(_reasons(service, mails))
    return (_why_none(service), *_of_service(service))


def _why_none(service: Service) -> str:
    here = civil_time(service.settings, service.clock())
    with service.database.read() as connection:
        last = planned.watermark(connection)
        is_open = sending_times(connection, service.settings, held=True).is_sending_day(here.day)
    if not is_open:
        return f"{here.day} is a day without mail"
    if last == here.day:
        return f"the mails of {here.day} are written already"
    return f"nothing is due on {here.day}"


def _reasons(service: Service, mails: Collection[Mail]) -> Iterator[str]:
    now = service.clock()
    with service.database.read() as connection:
        held = {key for key, (_, stopped) in programmes.policies(connection).items() if stopped}
        may_compose = sending_times(connection, service.settings).may_compose(now)
    about = {section.programme for mail in mails for section in mail.sections}
    for key in sorted(held & about):
        yield f"{key} is held: reminders release {key}"
    if not may_compose and not about <= held:
        then = next_sending(service)
        yield f"it is outside the hours in which mail is written; the next are {then:%Y-%m-%d from %H:%M}"
    yield from _of_service(service)
    if service.settings.smtp_url and len(mails) > service.settings.mail_cap:
        cap = counted(service.settings.mail_cap, "mail")
        yield f"a run sends no more than {cap} unasked: reminders tick --accept-count"


def _of_service(service: Service) -> Iterator[str]:
    """Yield what keeps every mail back."""
    with service.database.read() as connection:
        restored = installation.restored_from(connection)
    if question := open_question(service):
        yield f"{clock_words(question)}: reminders tick --accept-clock"
    if restored:
        yield "a backup was restored, and nobody has looked yet: reminders tick --accept-clock"
    if closed := standstill(service).closed:
        yield f"mail cannot be sent: {closed.reason}"
