"""Pages about mail: forecast, outbox, digest."""
