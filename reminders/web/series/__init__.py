"""Pages about event series: edited by the secretary, dates set by the unit."""
