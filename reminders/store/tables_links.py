"""Tables: none. Links are signed, not stored (``reminders.links``); what they do is kept where it belongs."""

from __future__ import annotations
