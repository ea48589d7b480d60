"""How does a calendar show it? Occurrences and series to iCalendar bytes (RFC 5545, RFC 7986); pure."""
