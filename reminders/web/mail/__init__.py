"""Pages about mail: the outbox, the forecast, the digest."""

from reminders.web.mail.forecast import ForecastPages, mails_changed
from reminders.web.mail.outbox import DigestPages, OutboxPages, channel_state

PAGES = (ForecastPages, OutboxPages, DigestPages)
__all__ = ["PAGES", "channel_state", "mails_changed"]
