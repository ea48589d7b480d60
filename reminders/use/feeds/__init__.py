"""Use cases about calendar feeds: what is published, by which address."""
