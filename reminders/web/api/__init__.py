"""The read-only JSON API, and its shapes, which commands print too."""

from reminders.web.api.json_shapes import feed_json, finding_rows, occurrence_json, programme_json, round_json

__all__ = ["feed_json", "finding_rows", "occurrence_json", "programme_json", "round_json"]
