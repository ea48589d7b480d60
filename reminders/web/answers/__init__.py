"""Pages on which units answer and the secretary decides."""
