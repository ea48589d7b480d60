"""Pages about the annual data collection: a unit's form, a round, the report."""
