"""Use cases about people: contacts, hand-overs, preferences, retention."""
