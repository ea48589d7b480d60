"""Pages on which units answer and enter dates, and the secretary answers for them and decides."""

from reminders.web.answers.answer import AnswerPages, BehalfPages, link_to
from reminders.web.answers.decisions import DecisionPages
from reminders.web.answers.target_dates import TargetDatesPages, action_target
from reminders.web.answers.unit import UnitPages

PAGES = (AnswerPages, BehalfPages, DecisionPages, UnitPages, TargetDatesPages)
__all__ = ["PAGES", "action_target", "link_to"]
