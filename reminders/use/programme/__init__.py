"""Use cases about a programme: read from files, store, correct, set, explain."""
