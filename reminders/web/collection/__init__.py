"""Pages about the annual data collection."""
