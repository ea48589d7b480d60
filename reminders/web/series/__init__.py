"""Pages about event series."""
