"""Pages about the annual data collection: a unit's form, a round, the report."""

from reminders.web.collection.form import CollectionFormPages
from reminders.web.collection.rounds import CollectionPages

__all__ = ["CollectionFormPages", "CollectionPages"]
