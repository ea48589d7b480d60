"""Use cases about the annual data collection: rounds, forms, values, reports."""
