"""Pages about people: contacts, hand-overs, preferences."""
