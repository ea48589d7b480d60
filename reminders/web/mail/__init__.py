"""Pages about mail: the outbox, the forecast, the digest."""
