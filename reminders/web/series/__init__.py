"""Pages about event series: edited by the secretary, dates set by the unit."""

from reminders.web.series.pages import SeriesDatesPages, SeriesPages

PAGES = (SeriesPages, SeriesDatesPages)
__all__ = ["PAGES"]
