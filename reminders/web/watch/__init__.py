"""What watching programs ask: health, metrics."""

from reminders.web.watch.health import WatchPages

__all__ = ["WatchPages"]
