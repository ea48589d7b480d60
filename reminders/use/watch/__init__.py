"""Use cases about the service's own health: the alarm, the doctor."""
