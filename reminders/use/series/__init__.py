"""Use cases about event series: edited by people, dates set by the unit."""
