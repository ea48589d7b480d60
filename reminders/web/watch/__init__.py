"""What watching programs ask: health, metrics, status."""
