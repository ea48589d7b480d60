"""Use cases about event series: edits, previews, saves, and the dates that a unit sets for a year."""
