"""Use cases about planning: load a programme's state, plan days, show what would go out."""
