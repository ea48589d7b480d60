"""Use cases about the service itself: the alarm, the doctor, a backup."""
