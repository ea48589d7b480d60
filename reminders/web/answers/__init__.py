"""Pages on which units answer and enter dates, and the secretary answers for them and decides."""
