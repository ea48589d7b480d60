"""Calendar feeds over HTTP, and the pages that lead to them."""

from reminders.web.feeds.feeds import Feeds
from reminders.web.feeds.pages import CalendarPages, PrivateFeedPages, SubscribePages

PAGES = (SubscribePages, PrivateFeedPages, CalendarPages)
__all__ = ["PAGES", "Feeds"]
