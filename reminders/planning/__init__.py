"""Who must hear of what, and when: decisions over values only (pure)."""
