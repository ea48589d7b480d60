"""Pages about a programme: at a glance, an action, findings, corrections, imports, settings."""
