"""Pages about people: contacts, hand-overs, preferences."""

from reminders.web.people.contacts import ContactPages
from reminders.web.people.hand_over import HandOverPages
from reminders.web.people.preferences import PreferencePages

PAGES = (ContactPages, HandOverPages, PreferencePages)
__all__ = ["PAGES"]
