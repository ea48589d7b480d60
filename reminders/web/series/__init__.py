"""Pages about event series: edited by the secretary, dates set by the unit."""

from reminders.web.series.edit import SeriesPages
from reminders.web.series.unit_dates import SeriesDatesPages

PAGES = (SeriesPages, SeriesDatesPages)
__all__ = ["PAGES"]
