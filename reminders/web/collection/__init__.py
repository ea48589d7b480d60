"""Pages about the annual data collection: a unit's form, a round, the report."""

from reminders.web.collection.pages import CollectionFormPages, CollectionPages

PAGES = (CollectionPages, CollectionFormPages)
__all__ = ["PAGES"]
