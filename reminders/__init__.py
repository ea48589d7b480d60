"""Who must hear of it, and did they? The service: decisions, store, delivery, doors."""
