"""Pages, feeds and API of the service: one file a page family; ``create_app`` puts them together.

Decisions are left to the pure files of ``reminders``, octets of feeds to
``calendars``, sending to ``dispatch``.
"""

from reminders.web.app import create_app

__all__ = ["create_app"]
