"""The use cases, each read, decide, write; decisions are left to the pure rooms, SQL to ``store``."""
