"""Pages about a programme: at a glance, an action, findings, corrections, imports, settings."""

from reminders.web.programme.action import ActionPages
from reminders.web.programme.correct import CorrectPages
from reminders.web.programme.findings import FindingPages
from reminders.web.programme.glance import GlancePages
from reminders.web.programme.imports import ImportPages
from reminders.web.programme.settings import SettingsPages

PAGES = (GlancePages, ActionPages, CorrectPages, FindingPages, ImportPages, SettingsPages)
__all__ = ["PAGES"]
